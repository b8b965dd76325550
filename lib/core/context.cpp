#include "core/context.hpp"

#include "signal/fft.hpp"

namespace photonlink {

Context::Context(int threads) : threads_(threads) {}
Context::~Context() = default;

const Fft& Context::fft(int size) {
  const std::lock_guard lock(mutex_);
  auto& plan = plans_[size];
  if (!plan) plan = std::make_unique<Fft>(size);
  return *plan;
}

}  // namespace photonlink
