#include "devices/physics/saturation.hpp"

#include <boost/math/tools/toms748_solve.hpp>
#include <cstdint>

#include "core/constants.hpp"
#include "core/units.hpp"

namespace photonlink {
namespace {

// Fundamental b(a) of tanh(a sin θ): equal steps over the period converge faster than any power.
double fundamental(double amplitude) {
  constexpr int steps = 64;
  double sum = 0.0;
  for (int k = 0; k < steps; ++k) {
    const double sine = std::sin(2.0 * constants::pi * (k + 0.5) / steps);
    sum += std::tanh(amplitude * sine) * sine;
  }
  return 2.0 * sum / steps;
}

double solve_one_dB() {
  const double wanted = field_ratio(Gain_dB{-1.0});
  const auto excess = [&](double a) { return fundamental(a) / a - wanted; };
  std::uintmax_t steps = 60;
  const auto root = boost::math::tools::toms748_solve(excess, 0.1, 2.0,
                                                      boost::math::tools::eps_tolerance<double>(50), steps);
  return fundamental(0.5 * (root.first + root.second));
}

}  // namespace

double one_dB_fundamental() {
  static const double value = solve_one_dB();
  return value;
}

}  // namespace photonlink
