#include "allocations.hpp"

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HEAP_IS_TAKEN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HEAP_IS_TAKEN 1
#endif
#endif

namespace {
thread_local long count = 0;
}

#ifndef HEAP_IS_TAKEN
// The program's functions come before the C library's, whose own are kept under these names. The compiler
// makes calloc of a malloc that is filled with zeros. NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" void* __libc_malloc(std::size_t size);
extern "C" void* __libc_calloc(std::size_t count, std::size_t size);
extern "C" void* __libc_realloc(void* block, std::size_t size);
// NOLINTEND(bugprone-reserved-identifier)
extern "C" void* malloc(std::size_t size) noexcept {
  ++count;
  return __libc_malloc(size);
}
extern "C" void* calloc(std::size_t elements, std::size_t size) noexcept {
  ++count;
  return __libc_calloc(elements, size);
}
extern "C" void* realloc(void* block, std::size_t size) noexcept {
  ++count;
  return __libc_realloc(block, size);
}
#endif

namespace photonlink::test {
long allocations() {
  return count;
}
bool allocations_are_counted() {
#ifdef HEAP_IS_TAKEN
  return false;
#else
  return true;
#endif
}
}  // namespace photonlink::test
