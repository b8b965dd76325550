/// Memory of programs that work on large waves again and again.
#pragma once

namespace photonlink {

/// Lets the process keep what it frees instead of giving large pieces back to the system, which costs a page
/// fault for every 4 kB when they are asked for again. For the beginning of main(); does nothing where the C
/// library is not glibc.
void keep_freed_memory();

}  // namespace photonlink
