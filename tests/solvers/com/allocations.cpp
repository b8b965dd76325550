#include "allocations.hpp"

#include <cstdlib>
#include <new>

namespace {
thread_local long count = 0;
}

namespace photonlink::test {
long allocations() {
  return count;
}
}  // namespace photonlink::test

// The other forms of new and delete call these.
void* operator new(std::size_t size) {
  ++count;
  if (void* block = std::malloc(size > 0 ? size : 1)) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept {
  std::free(block);
}
void operator delete(void* block, std::size_t) noexcept {
  std::free(block);
}
