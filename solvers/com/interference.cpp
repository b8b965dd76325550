#include "solvers/com/interference.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <functional>
#include <numeric>

#include "core/special.hpp"

namespace photonlink::com {
namespace {

constexpr double largest_bin_V = 10e-6;  // 93A.1.7.1: not above A_s / 1000 or 10 µV
constexpr double bins_per_signal = 1000.0;

std::vector<double> at_phase(const std::vector<double>& pulse, int phase, int samples) {
  std::vector<double> row;
  row.reserve(pulse.size() / static_cast<std::size_t>(samples) + 1);
  for (std::size_t n = static_cast<std::size_t>(phase); n < pulse.size(); n += static_cast<std::size_t>(samples))
    row.push_back(pulse[n]);
  return row;
}

/// The script's densities leave out the first and the last one or two symbols of a pulse.
void keep_script_symbols(std::vector<double>& row, std::size_t pulse_size, int samples) {
  const auto symbols = std::lround(static_cast<double>(pulse_size) / samples);
  row.resize(std::min(row.size(), static_cast<std::size_t>(std::max(1L, symbols - 1))));
  row.front() = 0.0;
}

double variance_of(const std::vector<double>& row, const Parameters& p, const Mode& mode, double bin) {
  double sum = 0.0;
  for (const double h : row)
    sum += mode.script ? rounded_variance(h, p.signal.levels, bin) : symbol_power(p.signal.levels) * h * h;
  return sum;
}

std::vector<double> aggressor_cursors(const EqualizedCase::Aggressor& aggressor, const Parameters& p,
                                      const Mode& mode, double bin) {
  const int samples = p.signal.samples_per_symbol;
  const auto row_at = [&](int phase) {
    auto row = at_phase(aggressor.pulse, phase, samples);
    if (mode.script) keep_script_symbols(row, aggressor.pulse.size(), samples);
    return row;
  };
  if (aggressor.phase >= 0) return row_at(aggressor.phase);
  std::vector<double> strongest;
  double most = -1.0;
  for (int phase = 0; phase < samples; ++phase) {
    auto row = row_at(phase);
    const double variance = variance_of(row, p, mode, bin);
    if (variance <= most) continue;
    most = variance;
    strongest = std::move(row);
  }
  return strongest;
}

/// Discrete part (ISI, crosstalk, dual-Dirac jitter) and Gaussian part of the sum.
class Distribution {
 public:
  virtual ~Distribution() = default;
  virtual double below(double voltage_V) const = 0;       ///< P(y <= voltage)
  virtual double amplitude_at(double probability) const = 0;  ///< -y at P(y) = probability
};

class ScriptDistribution final : public Distribution {
 public:
  ScriptDistribution(const LatticeDensity& discrete, double sigma, double span)
      : discrete_(discrete), cumulated_(gaussian_masses(sigma, span, discrete.step())) {
    std::partial_sum(cumulated_.begin(), cumulated_.end(), cumulated_.begin());
  }
  double below(double voltage_V) const override { return up_to(static_cast<long>(std::floor(voltage_V / discrete_.step())) + 1); }
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

 private:
  long gaussian_half() const { return static_cast<long>(cumulated_.size() / 2); }
  /// Σ_j p_j C(bin - j)
  double up_to(long bin) const {
    double sum = 0.0;
    const auto& mass = discrete_.mass();
    for (long j = -discrete_.half(); j <= discrete_.half(); ++j) {
      const long k = bin - j + gaussian_half();
      if (k < 0) break;
      sum += mass[static_cast<std::size_t>(j + discrete_.half())] *
             (k < static_cast<long>(cumulated_.size()) ? cumulated_[static_cast<std::size_t>(k)] : 1.0);
    }
    return sum;
  }

  const LatticeDensity& discrete_;
  std::vector<double> cumulated_;
};

class ExactDistribution final : public Distribution {
 public:
  ExactDistribution(const InterferenceDensity& discrete, double sigma)
      : density_(discrete.density),
        sigma_(std::sqrt(std::max(0.0, sigma * sigma + discrete.merged_variance - discrete.excess_variance))) {}
  double below(double voltage_V) const override {
    return upper_tail_with_noise(density_, sigma_, -voltage_V);  // symmetric
  }
  double amplitude_at(double probability) const override {
    double high = std::max(std::abs(density_.value(0)), std::abs(density_.value(density_.mass.size() - 1))) +
                  10.0 * sigma_ + density_.step;
    const auto miss = [&](double y) { return std::log(std::max(below(-y), 1e-300)) - std::log(probability); };
    std::uintmax_t steps = 100;
    const auto [low, up] = boost::math::tools::toms748_solve(miss, 0.0, high, boost::math::tools::eps_tolerance<double>(30), steps);
    return 0.5 * (low + up);
  }

 private:
  const Density& density_;
  double sigma_;
};

void add_curve(Interference& result, const Distribution& distribution) {
  constexpr int points = 161;
  const double reach = 2.0 * result.amplitude_V;
  for (int i = 0; i < points; ++i) {
    const double y = -reach * (1.0 - static_cast<double>(i) / (points - 1));
    const double p = distribution.below(y);
    result.voltage_V.push_back(y);
    result.log10_probability.push_back(p > 1e-30 ? std::log10(p) : std::nan(""));
  }
}

std::vector<double> joined(std::initializer_list<const std::vector<double>*> lists) {
  std::vector<double> all;
  for (const auto* list : lists) all.insert(all.end(), list->begin(), list->end());
  return all;
}

}  // namespace

std::vector<double> jitter_slopes(const std::vector<double>& pulse, long cursor, int samples) {
  long late = cursor % samples + 1;
  if (late < 2) late += samples;
  std::vector<double> slope;
  slope.reserve(pulse.size() / static_cast<std::size_t>(samples) + 1);
  for (long n = late; n < static_cast<long>(pulse.size()); n += samples)
    slope.push_back((pulse[static_cast<std::size_t>(n)] - pulse[static_cast<std::size_t>(n - 2)]) / 2.0 * samples);
  return slope;
}

std::vector<double> residual_cursors(const EqualizedCase& equalized, int samples) {
  auto row = at_phase(equalized.through, static_cast<int>(equalized.cursor % samples), samples);
  const auto place = static_cast<std::size_t>(equalized.cursor / samples);
  const double cursor = row[place];
  const auto& tap = equalized.dfe.tap;
  row.resize(std::max(row.size(), place + tap.size() + 1), 0.0);
  row[place] = 0.0;
  for (std::size_t n = 0; n < tap.size(); ++n) row[place + 1 + n] -= tap[n] * cursor;
  return row;
}

Interference combine(const EqualizedCase& e, const Parameters& p, const Mode& mode) {
  const int samples = p.signal.samples_per_symbol, levels = p.signal.levels;
  const double error_ratio = p.signal.detector_error_ratio;
  Interference result;
  result.bin_V = std::min(e.available_V / bins_per_signal, largest_bin_V);
  result.gaussian_V = std::sqrt(e.terms.transmitter_V * e.terms.transmitter_V +
                                e.terms.random_jitter_V * e.terms.random_jitter_V +
                                e.terms.noise_V * e.terms.noise_V);
  auto isi = residual_cursors(e, samples);
  if (mode.script) keep_script_symbols(isi, e.through.size(), samples);
  std::vector<double> fext, next;
  for (const auto& aggressor : e.aggressor) {
    const auto row = aggressor_cursors(aggressor, p, mode, result.bin_V);
    auto& list = aggressor.kind == Path::Kind::fext ? fext : next;
    list.insert(list.end(), row.begin(), row.end());
  }
  auto jitter = jitter_slopes(e.through, e.cursor, samples);
  for (double& slope : jitter) slope *= p.transmitter.dual_dirac_jitter_UI;

  const auto peak_of = [&](const std::vector<double>& cursors, double* rms) {
    LatticeDensity density(result.bin_V, levels);
    density.add_all(cursors);
    if (rms) *rms = density.rms();
    return density.peak_at(error_ratio);
  };
  result.isi_peak_V = peak_of(isi, &result.isi_rms_V);
  const auto crosstalk = joined({&fext, &next});
  result.crosstalk_peak_V = peak_of(crosstalk, &result.crosstalk_rms_V);
  result.fext_peak_V = next.empty() ? result.crosstalk_peak_V : peak_of(fext, nullptr);
  result.next_peak_V = fext.empty() ? result.crosstalk_peak_V : peak_of(next, nullptr);
  result.both_peak_V = peak_of(joined({&isi, &crosstalk}), nullptr);

  const auto all = joined({&isi, &crosstalk, &jitter});
  const double limit_V = e.available_V / std::pow(10.0, p.limits.com_dB / 20.0);
  const auto finish = [&](const Distribution& distribution) {
    result.amplitude_V = distribution.amplitude_at(error_ratio);
    result.error_ratio_at_limit = distribution.below(-limit_V);
    result.com_dB = 20.0 * std::log10(e.available_V / result.amplitude_V);
    add_curve(result, distribution);
  };
  if (mode.script) {
    LatticeDensity discrete(result.bin_V, levels);
    discrete.add_all(all);
    const double span = mode.gaussian_span * inverse_gaussian_tail(error_ratio);
    finish(ScriptDistribution(discrete, result.gaussian_V, span));
  } else {
    const auto discrete = interference_density(all, levels, result.bin_V, result.bin_V);
    finish(ExactDistribution(discrete, result.gaussian_V));
  }
  return result;
}

}  // namespace photonlink::com
