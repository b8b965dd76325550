#include "solvers/predistortion.hpp"

#include <fmt/format.h>

#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/quantity.hpp"
#include "solvers/small_signal.hpp"
#include "solvers/static_levels.hpp"

namespace photonlink {
namespace {

constexpr int scan_points = 65;

// T over the swing, and that it goes one way.
class SwingCurve {
 public:
  SwingCurve(const OpticalSpectrum& spectrum, double half_swing_V) : spectrum_(spectrum), u_V_(half_swing_V) {
    std::vector<double> t;
    t.reserve(scan_points);
    for (int k = 0; k < scan_points; ++k) t.push_back((*this)(2.0 * k / (scan_points - 1) - 1.0));
    for (int k = 2; k < scan_points; ++k)
      if (!((t[k] - t[k - 1]) * (t[1] - t[0]) > 0.0))
        throw ConfigError(
            fmt::format("{}: its transmission turns at {} around the bias, within the swing of {}, so no "
                        "drive levels give "
                        "even light; reduce the swing or move the operating point",
                        spectrum.rest().chain().stage(modulator_of(spectrum)).name(),
                        format_quantity(u_V_ * (2.0 * (k - 1) / (scan_points - 1) - 1.0), Quantity::voltage),
                        format_quantity(2.0 * u_V_, Quantity::voltage)));
  }
  double operator()(double level) const { return static_transmission(spectrum_, 0, level * u_V_); }

 private:
  const OpticalSpectrum& spectrum_;
  double u_V_;
};

}  // namespace

std::vector<double> even_light_levels(const Link& link) {
  if (link.levels != 4)
    throw ConfigError(fmt::format(
        "link '{}': predistortion = \"static\" moves the inner levels of PAM4, which {} levels do not have; "
        "set modulation = \"PAM4\" or predistortion = \"none\"",
        link.name, link.levels));
  const SerdesTransmitterParameters& transmitter = link.transmitter().parameters();
  if (!transmitter.drive_levels.empty())
    throw ConfigError(
        fmt::format("link '{}': predistortion = \"static\" beside drive_levels of '{}'; give one of them",
                    link.name, link.transmitter().name()));
  const Chain chain(link);
  const RestPoint rest(chain);
  const OpticalSpectrum spectrum(rest);
  const auto& taps = link.transmitter().ffe_taps();
  const double half_swing_V = 0.5 * rest.in_front_of(modulator_of(spectrum)).full_scale_Vpp *
                              std::abs(std::accumulate(taps.begin(), taps.end(), 0.0));
  const SwingCurve curve(spectrum, half_swing_V);
  const double low = curve(-1.0), high = curve(1.0);
  std::vector<double> levels{-1.0};
  for (const int i : {1, 2}) {
    const double target = low + (high - low) * i / 3.0;
    const auto miss = [&](double level) { return curve(level) - target; };
    std::uintmax_t iterations = 100;
    const auto [from, to] =
        boost::math::tools::toms748_solve(miss, -1.0, 1.0, low - target, high - target,
                                          boost::math::tools::eps_tolerance<double>(48), iterations);
    levels.push_back(0.5 * (from + to));
  }
  levels.push_back(1.0);
  return levels;
}

}  // namespace photonlink
