#include "core/memory.hpp"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace photonlink {

void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int largest_piece = 1 << 30, kept = 2'000'000'000;
  mallopt(M_MMAP_THRESHOLD, largest_piece);
  mallopt(M_TRIM_THRESHOLD, kept);
#endif
}

}  // namespace photonlink
