#include "solvers/com/case_signals.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"

namespace photonlink::com {
namespace {

double amplitude_V(const Transmitter& transmitter, Path::Kind kind) {
  if (kind == Path::Kind::next) return transmitter.next_amplitude_V;
  return kind == Path::Kind::fext ? transmitter.fext_amplitude_V : transmitter.amplitude_V;
}

double sample_rate_Hz(const Parameters& p) {
  return p.signal.symbol_rate_Bd * p.signal.samples_per_symbol;
}

/// Spectrum of a symbol held for T_b, in samples: M sinc(f T_b) exp(-jπ f T_b).
Complex held_spectrum(double cycles, int samples) {
  const double x = std::numbers::pi * cycles;
  return samples * (x == 0.0 ? 1.0 : std::sin(x) / x) * Complex(std::cos(x), -std::sin(x));
}

void cut(std::vector<double>& wave, double truncation) {
  double peak = 0.0;
  for (const double value : wave) peak = std::max(peak, std::abs(value));
  while (wave.size() > 1 && !(std::abs(wave.back()) > peak * truncation)) wave.pop_back();
}

std::vector<double> weighted_sum(const std::array<std::vector<double>, ctle_parts>& parts,
                                 const std::array<double, ctle_parts>& weight) {
  std::vector<double> sum(parts.back().size(), 0.0);
  for (int part = 0; part < ctle_parts; ++part) {
    const auto i = static_cast<std::size_t>(part);
    for (std::size_t n = 0; n < parts[i].size(); ++n) sum[n] += weight[i] * parts[i][n];
  }
  return sum;
}

}  // namespace

ChannelSet channel_set(const Parameters& parameters, const std::vector<Path>& paths, const Mode& mode) {
  require(!paths.empty() && paths.front().kind == Path::Kind::through,
          "the first path must be the through path");
  ChannelSet set;
  const auto& own = paths.front().differential.frequency_Hz;
  set.grid = SpectrumGrid::of(own, sample_rate_Hz(parameters));
  set.frequency_Hz = own;
  if (!mode.script) {
    set.frequency_Hz.resize(static_cast<std::size_t>(set.grid.intervals) + 1);
    for (int k = 0; k <= set.grid.intervals; ++k)
      set.frequency_Hz[static_cast<std::size_t>(k)] = set.grid.frequency_Hz(k);
  }
  for (const Path& path : paths) {
    set.kind.push_back(path.kind);
    require(path.kind != Path::Kind::through || set.kind.size() == 1,
            fmt::format("'{}' is a second through path", path.name));
    require(path.differential.frequency_Hz == own,
            fmt::format("'{}' has other frequency points than the through path; interpolate it first",
                        path.name));
    set.chain.push_back(
        channel_chain(mode.script ? path.differential : interpolate(path.differential, set.frequency_Hz)));
  }
  return set;
}

CaseSignals::CaseSignals(const Parameters& parameters, const PackageCase& lengths, const ChannelSet& channels,
                         const Mode& mode, Context& context)
    : parameters_(parameters), mode_(mode), frequency_Hz_(channels.frequency_Hz) {
  const std::size_t points = frequency_Hz_.size();
  const CaseNetwork network(parameters, lengths, frequency_Hz_);
  std::vector<Complex> filter(points);
  filter_power_.resize(points);
  for (std::size_t k = 0; k < points; ++k) {
    const Complex receive = receiver_filter(parameters, frequency_Hz_[k]);
    filter_power_[k] = std::norm(receive);
    filter[k] = receive * transmit_filter(parameters.transmitter.rise_time_s, frequency_Hz_[k]);
  }
  paths_.resize(channels.kind.size());
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    paths_[i].kind = channels.kind[i];
    paths_[i].amplitude_V = amplitude_V(parameters.transmitter, channels.kind[i]);
    auto transfer = network.transfer(channels.kind[i], channels.chain[i]);
    for (std::size_t k = 0; k < points; ++k) transfer[k] *= filter[k];
    if (mode.script) {
      add_script_path(i, transfer, context);
    } else {
      add_exact_path(i, transfer, context);
    }
  }
}

void CaseSignals::add_script_path(std::size_t path, std::span<const Complex> filtered, Context& context) {
  PathSignals& p = paths_[path];
  const int samples = parameters_.signal.samples_per_symbol;
  auto impulse =
      script_impulse(frequency_Hz_, filtered, sample_rate_Hz(parameters_), mode_.truncation, context);
  for (double& value : impulse) value *= p.amplitude_V;
  p.plain = held(impulse, samples);
  auto parts = bilinear_ctle_basis(parameters_.ctle, sample_rate_Hz(parameters_), impulse);
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (!parts[i].empty()) p.basis[i] = held(parts[i], samples);
  p.power.resize(filtered.size());
  for (std::size_t k = 0; k < filtered.size(); ++k) p.power[k] = std::norm(filtered[k]);
}

void CaseSignals::add_exact_path(std::size_t path, std::span<const Complex> filtered, Context& context) {
  PathSignals& p = paths_[path];
  const double rate = parameters_.signal.symbol_rate_Bd;
  const int samples = parameters_.signal.samples_per_symbol;
  std::vector<Complex> spectrum(filtered.size());
  for (std::size_t k = 0; k < spectrum.size(); ++k)
    spectrum[k] = p.amplitude_V * filtered[k] * held_spectrum(frequency_Hz_[k] / rate, samples);
  p.plain = transform(spectrum, context);
  cut(p.plain, mode_.truncation);
  const bool two_stages = parameters_.ctle.low_corner_Hz > 0.0;
  std::vector<std::vector<Complex>> part(ctle_parts, std::vector<Complex>(spectrum.size()));
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    const auto basis = ctle_basis(parameters_.ctle, frequency_Hz_[k]);
    for (std::size_t i = 0; i < part.size(); ++i) part[i][k] = spectrum[k] * basis[i];
  }
  std::size_t longest = p.plain.size();
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (!two_stages && i % 2 == 0) continue;
    p.basis[i] = transform(std::move(part[i]), context);
    auto shortened = p.basis[i];
    cut(shortened, mode_.truncation);
    longest = std::max(longest, shortened.size());
  }
  for (auto& wave : p.basis)
    if (!wave.empty()) wave.resize(longest);
}

std::vector<double> CaseSignals::pulse(std::size_t path, const CtleSetting& setting) const {
  return weighted_sum(paths_[path].basis, ctle_weights(parameters_.ctle, setting));
}

double CaseSignals::noise_V(const CtleSetting& setting) const {
  double sum = 0.0;
  for (std::size_t k = 1; k < frequency_Hz_.size(); ++k)
    sum += filter_power_[k] * std::norm(ctle(parameters_.ctle, setting, frequency_Hz_[k])) *
           (frequency_Hz_[k] - frequency_Hz_[k - 1]);
  return std::sqrt(parameters_.receiver.noise_V2_per_Hz * sum);
}

std::vector<double> CaseSignals::noise_autocorrelation(const CtleSetting& setting, int lags) const {
  // Half of the one-sided density on a grid over ± M f_b / 2, as Annex 178A folds it.
  const double rate = parameters_.signal.symbol_rate_Bd;
  const int symbols = parameters_.ffe.noise_symbols;
  const long last = static_cast<long>(symbols) * parameters_.signal.samples_per_symbol / 2;
  const double step_Hz = rate / symbols;
  std::vector<double> folded(static_cast<std::size_t>(symbols), 0.0);
  for (long k = 0; k <= last; ++k) {
    const double f = static_cast<double>(k) * step_Hz;
    const double ends = k == 0 || k == last ? 0.5 : 1.0;  // both stand once in the two-sided sum
    folded[static_cast<std::size_t>(k % symbols)] +=
        ends * parameters_.receiver.noise_V2_per_Hz * step_Hz *
        std::norm((mode_.script ? butterworth_filter : receiver_filter)(parameters_, f) *
                  ctle(parameters_.ctle, setting, f));
  }
  std::vector<double> result(static_cast<std::size_t>(lags), 0.0);
  for (int lag = 0; lag < lags; ++lag)
    for (long bin = 0; bin < symbols; ++bin)
      result[static_cast<std::size_t>(lag)] +=
          folded[static_cast<std::size_t>(bin)] *
          std::cos(2.0 * std::numbers::pi * static_cast<double>(bin * lag % symbols) / symbols);
  return result;
}

}  // namespace photonlink::com
