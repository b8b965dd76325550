#include "solvers/com/noise_distribution.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <numeric>

#include "core/special.hpp"
#include "signal/density.hpp"
#include "solvers/com/lattice_density.hpp"

namespace photonlink::com {
namespace {

/// Rounded to bins, Gaussian cut off.
class ScriptDistribution final : public NoiseDistribution {
 public:
  ScriptDistribution(LatticeDensity discrete, double sigma, double span)
      : discrete_(std::move(discrete)), cumulated_(gaussian_masses(sigma, span, discrete_.step())) {
    std::partial_sum(cumulated_.begin(), cumulated_.end(), cumulated_.begin());
  }
  double below(double voltage_V) const override {
    return up_to(static_cast<long>(std::floor(voltage_V / discrete_.step())) + 1);
  }
  double amplitude_at(double probability) const override {
    long low = -discrete_.half() - gaussian_half(), high = -low;
    while (low < high) {  // first bin whose distribution is above
      const long middle = low + (high - low) / 2;
      if (up_to(middle) > probability) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return std::abs(static_cast<double>(low) * discrete_.step());
  }
  double reach_V() const override {
    return static_cast<double>(discrete_.half() + gaussian_half() + 1) * discrete_.step();
  }

 private:
  long gaussian_half() const { return static_cast<long>(cumulated_.size() / 2); }
  /// Σ_j p_j C(bin - j)
  double up_to(long bin) const {
    const auto& mass = discrete_.mass();
    const long half = discrete_.half(), wide = gaussian_half(), last = std::min(half, bin + wide);
    double sum = 0.0;
    for (long j = -half; j <= last; ++j) {
      const long k = bin - j + wide;
      sum += mass[static_cast<std::size_t>(j + half)] *
             (k < static_cast<long>(cumulated_.size()) ? cumulated_[static_cast<std::size_t>(k)] : 1.0);
    }
    return sum;
  }

  LatticeDensity discrete_;
  std::vector<double> cumulated_;
};

/// Cursors split over neighbouring bins, small ones and the Gaussian in closed form.
class ExactDistribution final : public NoiseDistribution {
 public:
  ExactDistribution(InterferenceDensity discrete, double sigma)
      : density_(std::move(discrete.density)),
        sigma_(
            std::sqrt(std::max(0.0, sigma * sigma + discrete.merged_variance - discrete.excess_variance))) {}
  double below(double voltage_V) const override {
    return upper_tail_with_noise(density_, sigma_, -voltage_V);  // symmetric
  }
  double amplitude_at(double probability) const override {
    const auto miss = [&](double y) { return std::log(std::max(below(-y), 1e-300)) - std::log(probability); };
    std::uintmax_t steps = 100;
    const boost::math::tools::eps_tolerance<double> tolerance(30);
    const auto [low, high] = boost::math::tools::toms748_solve(miss, 0.0, reach_V(), tolerance, steps);
    return 0.5 * (low + high);
  }
  double reach_V() const override {
    constexpr double sigmas = 10.0;  // Q(10) = 8e-24
    return std::abs(density_.value(0)) + sigmas * sigma_ + density_.step;
  }

 private:
  Density density_;
  double sigma_;
};

}  // namespace

std::unique_ptr<NoiseDistribution> noise_distribution(const std::vector<double>& cursors, int levels,
                                                      double bin_V, double gaussian_V, double error_ratio,
                                                      const Mode& mode) {
  if (!mode.script)
    return std::make_unique<ExactDistribution>(interference_density(cursors, levels, bin_V, bin_V),
                                               gaussian_V);
  LatticeDensity discrete(bin_V, levels);
  discrete.add_all(cursors);
  const double span = mode.gaussian_span * inverse_gaussian_tail(error_ratio);
  return std::make_unique<ScriptDistribution>(std::move(discrete), gaussian_V, span);
}

}  // namespace photonlink::com
