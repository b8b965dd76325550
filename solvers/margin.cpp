#include "solvers/margin.hpp"

#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <limits>

namespace photonlink {
namespace {

constexpr double widest_dB = 40.0;

// Root of log BER(x) - log target, BER rising with x [dB].
template <class Ber>
double solve(Ber ber, double target) {
  const auto f = [&](double x) { return std::log(ber(x) + 1e-300) - std::log(target); };
  const double low = f(-widest_dB), high = f(widest_dB);
  if (low > 0.0) return std::numeric_limits<double>::quiet_NaN();
  if (high < 0.0) return widest_dB;
  std::uintmax_t steps = 40;
  const auto tolerance = [](double a, double b) { return std::abs(a - b) < 1e-3; };  // a thousandth of a dB
  const auto root = boost::math::tools::toms748_solve(f, -widest_dB, widest_dB, low, high, tolerance, steps);
  return 0.5 * (root.first + root.second);
}

}  // namespace

double loss_margin_dB(LaneModel& lane, double target_ber, bool optical) {
  const double decade = optical ? 10.0 : 20.0;
  return solve(
      [&](double x) {
        return lane.bit_error_ratio(0.0, lane.thresholds(), {std::pow(10.0, -x / decade), 1.0});
      },
      target_ber);
}

double noise_margin_dB(LaneModel& lane, double target_ber) {
  return solve(
      [&](double x) {
        return lane.bit_error_ratio(0.0, lane.thresholds(), {1.0, std::pow(10.0, x / 20.0)});
      },
      target_ber);
}

}  // namespace photonlink
