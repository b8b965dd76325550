#include "solvers/settled_core.hpp"

#include <cmath>

namespace photonlink {
namespace {

constexpr double tolerance = 1e-10;  // relative change of the state per period

double distance(std::span<const Complex> a, std::span<const Complex> b) {
  double difference = 0.0, size = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    difference += std::norm(a[k] - b[k]);
    size += std::norm(b[k]);
  }
  if (difference == 0.0) return 0.0;
  return size > 0.0 ? std::sqrt(difference / size) : INFINITY;
}

}  // namespace

SettledCore settle_core(const Stage& stage, const Bundle& input, int most_periods) {
  SettledCore result;
  const auto stepper = stage.start(input);
  std::vector<Complex> before;
  while (!result.settled && result.periods < most_periods) {
    result.output = input;
    stepper->step(result.output);
    ++result.periods;
    const auto state = stepper->state();
    result.settled = state.empty() || (!before.empty() && distance(before, state) < tolerance);
    before.assign(state.begin(), state.end());
  }
  return result;
}

}  // namespace photonlink
