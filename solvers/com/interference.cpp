#include "solvers/com/interference.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/com/lattice_density.hpp"
#include "solvers/com/noise_distribution.hpp"

namespace photonlink::com {
namespace {

constexpr double largest_bin_V = 10e-6;  // 93A.1.7.1: not above A_s / 1000 or 10 µV
constexpr double bins_per_signal = 1000.0;

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

void add_curve(Interference& result, const NoiseDistribution& distribution) {
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

std::vector<double> cursors_of(Path::Kind kind, const EqualizedCase& e, const Parameters& p,
                               const Mode& mode) {
  std::vector<double> cursors;
  for (const auto& aggressor : e.aggressor) {
    if (aggressor.kind != kind) continue;
    const auto row = aggressor_cursors(aggressor, p, mode, density_bin_V(e.available_V));
    cursors.insert(cursors.end(), row.begin(), row.end());
  }
  return cursors;
}

}  // namespace

double density_bin_V(double available_V) {
  return std::min(available_V / bins_per_signal, largest_bin_V);
}

std::vector<double> crosstalk_cursors(const EqualizedCase& e, const Parameters& p, const Mode& mode) {
  const auto fext = cursors_of(Path::Kind::fext, e, p, mode), next = cursors_of(Path::Kind::next, e, p, mode);
  return joined({&fext, &next});
}

std::vector<double> jitter_slopes(const std::vector<double>& pulse, long cursor, int samples) {
  long late = cursor % samples + 1;
  if (late < 2) late += samples;
  std::vector<double> slope;
  slope.reserve(pulse.size() / static_cast<std::size_t>(samples) + 1);
  for (long n = late; n < static_cast<long>(pulse.size()); n += samples)
    slope.push_back((pulse[static_cast<std::size_t>(n)] - pulse[static_cast<std::size_t>(n - 2)]) / 2.0 *
                    samples);
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
  result.bin_V = density_bin_V(e.available_V);
  result.gaussian_V =
      std::sqrt(e.terms.transmitter_V * e.terms.transmitter_V +
                e.terms.random_jitter_V * e.terms.random_jitter_V + e.terms.noise_V * e.terms.noise_V);
  auto isi = residual_cursors(e, samples);
  if (mode.script) keep_script_symbols(isi, e.through.size(), samples);
  const auto fext = cursors_of(Path::Kind::fext, e, p, mode), next = cursors_of(Path::Kind::next, e, p, mode);
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
  const auto distribution =
      noise_distribution(all, levels, result.bin_V, result.gaussian_V, error_ratio, mode);
  result.amplitude_V = distribution->amplitude_at(error_ratio);
  result.error_ratio_at_limit = distribution->below(-limit_V);
  result.com_dB = 20.0 * std::log10(e.available_V / result.amplitude_V);
  add_curve(result, *distribution);
  return result;
}

}  // namespace photonlink::com
