/// Counts what this thread takes from the heap, in the whole test program: through malloc and its kin,
/// and so through operator new and Eigen's matrices too.
#pragma once

namespace photonlink::test {

/// Calls by the calling thread so far; always 0 where a sanitizer has the heap.
long allocations();
bool allocations_are_counted();

}  // namespace photonlink::test
