#include "solvers/statistical/statistical_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace photonlink {
namespace {

void require_between(double value, double low, double high, const char* what, const char* fix) {
  require(value >= low && value <= high,
          fmt::format("statistical eye: {} = {} is outside [{}, {}]; {}", what, value, low, high, fix));
}

void require_finite(const std::vector<double>& values, const char* what) {
  require(std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); }),
          fmt::format("statistical eye: {} has a value that is not finite", what));
}

void check_jitter(const StatisticalLink& link) {
  const char* pp = "peak-to-peak values are in unit intervals";
  require_between(link.edges.random_UI, 0.0, 0.1, "random jitter of the edges",
                  "rms values are in unit intervals");
  require_between(link.edges.bounded_UI, 0.0, 0.5, "bounded jitter of the edges", pp);
  require_between(link.edges.duty_cycle_UI, -0.5, 0.5, "duty-cycle distortion", pp);
  require_between(link.edges.even_odd_UI, -0.5, 0.5, "even-odd jitter", pp);
  require_between(link.timing.random_UI, 0.0, 0.05, "random timing jitter",
                  "rms values are in unit intervals");
  require_between(link.timing.dual_dirac_UI, 0.0, 0.5, "dual-Dirac jitter", pp);
  require_between(link.timing.sinusoidal_UI, 0.0, 0.5, "sinusoidal jitter", pp);
}

}  // namespace

void check(const StatisticalLink& link) {
  const auto samples = static_cast<std::size_t>(std::max(link.samples_per_symbol, 0));
  require_between(link.samples_per_symbol, 8, 256, "samples per symbol", "32 suit most links");
  require(
      link.levels() >= 2 && std::is_sorted(link.amplitude.begin(), link.amplitude.end(), std::less_equal<>()),
      "statistical eye: amplitudes must be two or more, ascending");
  require_finite(link.amplitude, "amplitude");
  double certain = 0.0;
  for (std::size_t l = 0; l < link.amplitude.size(); ++l) certain += link.probability_of(l);
  require((link.probability.empty() || link.probability.size() == link.amplitude.size()) &&
              std::abs(certain - 1.0) < 1e-9,
          fmt::format(
              "statistical eye: {} probabilities of sum {} for {} levels; give one each, of sum 1, or none",
              link.probability.size(), certain, link.levels()));
  require(link.pulse.size() >= 2 * samples, "statistical eye: the pulse is shorter than two symbols");
  require_finite(link.pulse, "pulse");
  for (const auto& aggressor : link.aggressors) require_finite(aggressor, "aggressor");
  require_between(static_cast<double>(link.main_sample), 0.0, static_cast<double>(link.pulse.size()) - 1.0,
                  "main sample", "the sampling instant lies within the pulse");
  require(!link.transmit_taps.empty(), "statistical eye: transmit_taps is empty; {1} is no equaliser");
  require_between(link.transmit_main, 0, static_cast<double>(link.transmit_taps.size()) - 1.0,
                  "main transmit tap", "count from 0");
  require(link.sigma.size() == 1 || link.sigma.size() == samples,
          fmt::format("statistical eye: sigma has {} values; give 1, or {}, one per phase", link.sigma.size(),
                      samples));
  for (const double sigma : link.sigma)
    require(std::isfinite(sigma) && sigma > 0.0,
            fmt::format("statistical eye: sigma = {} must be above 0; add the thermal noise of the receiver",
                        sigma));
  require_between(link.window_symbols, 0, 10, "window", "its sequences are enumerated one by one");
  check_jitter(link);
}

}  // namespace photonlink
