/// Work that splits into independent parts, on the threads that a context allows.
#pragma once

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <cstddef>

#include "core/context.hpp"

namespace photonlink {

/// Calls body(i) for i = first ... last - 1, on at most context.threads() threads, in any order: each call
/// may write only what no other one reads or writes, so that the result does not depend on their number.
/// Calls may nest. The first exception of a body ends the loop and is thrown here.
template <class Body>
void parallel_for(std::size_t first, std::size_t last, const Context& context, const Body& body) {
  tbb::task_arena arena(context.threads());
  arena.execute([&] { tbb::parallel_for(first, last, body); });
}

template <class Body>
void parallel_for(std::size_t count, const Context& context, const Body& body) {
  parallel_for(0, count, context, body);
}

}  // namespace photonlink
