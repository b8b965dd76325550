/// Counts what this thread takes from the heap through operator new, in the whole test program.
#pragma once

namespace photonlink::test {

/// Calls of operator new by the calling thread so far.
long allocations();

}  // namespace photonlink::test
