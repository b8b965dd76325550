#include "solvers/response_shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>

#include "core/error.hpp"

namespace photonlink {
namespace {

constexpr double points_per_decade = 200.0;
constexpr double lowest_share = 1e-6;  // of the limit, where the reference is 0 Hz

/// |H| in dB over its value at the reference.
class Level {
 public:
  Level(const ResponseFunction& response, const ResponseSearch& search)
      : response_(response),
        factor_(search.decibel == Decibel::field ? 20.0 : 10.0),
        reference_(magnitude(search.reference_Hz)) {}
  /// There is a response to refer to.
  bool exists() const { return reference_ > 0.0 && std::isfinite(reference_); }
  double dB(double frequency_Hz) const { return relative(magnitude(frequency_Hz)); }
  std::vector<double> dB(std::span<const double> frequency_Hz) const {
    std::vector<double> level;
    for (const Complex& h : response_(frequency_Hz)) level.push_back(relative(std::abs(h)));
    return level;
  }

 private:
  double magnitude(double f) const { return std::abs(response_({&f, 1}).front()); }
  double relative(double magnitude) const { return factor_ * std::log10(magnitude / reference_); }
  const ResponseFunction& response_;
  double factor_, reference_;
};

/// The reference, then a logarithmic grid up to the limit.
std::vector<double> search_grid(const ResponseSearch& s) {
  require(s.reference_Hz >= 0.0 && s.limit_Hz > s.reference_Hz && std::isfinite(s.limit_Hz),
          fmt::format(
              "response search from {} Hz to {} Hz: the reference must be at least 0 Hz and the limit above",
              s.reference_Hz, s.limit_Hz));
  std::vector<double> grid;
  const double low_Hz = std::max(s.reference_Hz, lowest_share * s.limit_Hz);
  if (s.reference_Hz < low_Hz) grid.push_back(s.reference_Hz);
  const double decades = std::log10(s.limit_Hz / low_Hz);
  const int steps = std::max(1, static_cast<int>(std::ceil(points_per_decade * decades)));
  for (int k = 0; k < steps; ++k) grid.push_back(low_Hz * std::pow(10.0, decades * k / steps));
  grid.push_back(s.limit_Hz);
  return grid;
}

}  // namespace

Bandwidth response_bandwidth(const ResponseFunction& response, double drop_dB, const ResponseSearch& search) {
  require(drop_dB > 0.0, fmt::format("drop = {} dB must be above 0 dB; 3 dB is usual", drop_dB));
  const auto grid = search_grid(search);
  const Level level(response, search);
  Bandwidth result{.limit_Hz = search.limit_Hz};
  if (!level.exists()) return result;
  const auto sampled = level.dB(grid);
  const auto fallen = std::find_if(sampled.begin(), sampled.end(), [&](double dB) { return dB <= -drop_dB; });
  if (fallen == sampled.end()) {
    result.beyond_limit = true;
    return result;
  }
  const auto k = static_cast<std::size_t>(fallen - sampled.begin());
  const auto excess = [&](double f) { return std::max(level.dB(f), -1e3) + drop_dB; };  // a zero is -1000 dB
  std::uintmax_t iterations = 100;
  const boost::math::tools::eps_tolerance<double> tolerance(40);
  const auto [a, b] = boost::math::tools::toms748_solve(excess, grid[k - 1], grid[k], tolerance, iterations);
  result.frequency_Hz = 0.5 * (a + b);
  return result;
}

ResponsePeak response_peak(const ResponseFunction& response, const ResponseSearch& search) {
  const auto grid = search_grid(search);
  const Level level(response, search);
  if (!level.exists()) return {};
  const auto sampled = level.dB(grid);
  const auto k = static_cast<std::size_t>(std::max_element(sampled.begin(), sampled.end()) - sampled.begin());
  ResponsePeak peak{sampled[k], grid[k]};
  if (k == 0 || k + 1 == grid.size() || grid[k - 1] == 0.0) return peak;
  const auto depth = [&](double log_ratio) { return -level.dB(grid[k] * std::exp(log_ratio)); };
  constexpr int bits = 26;  // half the digits of a double, all a maximum can give
  const auto [log_ratio, negative] = boost::math::tools::brent_find_minima(
      depth, std::log(grid[k - 1] / grid[k]), std::log(grid[k + 1] / grid[k]), bits);
  if (-negative > peak.height_dB) peak = {-negative, grid[k] * std::exp(log_ratio)};
  return peak;
}

}  // namespace photonlink
