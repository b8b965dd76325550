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

/// Samples up to the last one above a share of the peak.
std::size_t cut_length(const std::vector<double>& wave, double truncation) {
  double peak = 0.0;
  for (const double value : wave) peak = std::max(peak, std::abs(value));
  std::size_t length = wave.size();
  while (length > 1 && !(std::abs(wave[length - 1]) > peak * truncation)) --length;
  return length;
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

/// Half of the one-sided density on a grid over ± M f_b / 2, folded to ± f_b / 2 as in Annex 178A.
std::vector<CtleGram> noise_lags(const Parameters& p, const Mode& mode) {
  const long symbols = p.ffe.noise_symbols, last = symbols * p.signal.samples_per_symbol / 2;
  const double step_Hz = p.signal.symbol_rate_Bd / static_cast<double>(symbols);
  std::vector<CtleGram> folded(static_cast<std::size_t>(symbols));
  for (long k = 0; k <= last; ++k) {
    const double f = static_cast<double>(k) * step_Hz;
    const double ends = k == 0 || k == last ? 0.5 : 1.0;  // both stand once in the two-sided sum
    const double filter = std::norm((mode.script ? butterworth_filter : receiver_filter)(p, f));
    add_to_gram(folded[static_cast<std::size_t>(k % symbols)],
                ends * p.receiver.noise_V2_per_Hz * step_Hz * filter, ctle_basis(p.ctle, f));
  }
  std::vector<CtleGram> lags(static_cast<std::size_t>(p.ffe.pre + 1 + p.ffe.post), CtleGram{});
  for (std::size_t lag = 0; lag < lags.size(); ++lag)
    for (long bin = 0; bin < symbols; ++bin) {
      const double turn =
          std::cos(2.0 * std::numbers::pi * static_cast<double>(bin * static_cast<long>(lag) % symbols) /
                   static_cast<double>(symbols));
      for (std::size_t i = 0; i < ctle_parts; ++i)
        for (std::size_t j = 0; j < ctle_parts; ++j)
          lags[lag][i][j] += turn * folded[static_cast<std::size_t>(bin)][i][j];
    }
  return lags;
}

std::shared_ptr<const ReceiverTables> receiver_tables(const Parameters& p, const std::vector<double>& f,
                                                      const Mode& mode) {
  auto tables = std::make_shared<ReceiverTables>();
  tables->frequency_Hz = f;
  tables->ctle.resize(f.size());
  tables->filter.resize(f.size());
  tables->symbol.resize(f.size());
  for (std::size_t k = 0; k < f.size(); ++k) {
    tables->ctle[k] = ctle_basis(p.ctle, f[k]);
    tables->symbol[k] = held_spectrum(f[k] / p.signal.symbol_rate_Bd, p.signal.samples_per_symbol);
    const Complex receiver = receiver_filter(p, f[k]);
    tables->filter[k] = receiver * transmit_filter(p.transmitter.rise_time_s, f[k]);
    if (k > 0)
      add_to_gram(tables->noise, p.receiver.noise_V2_per_Hz * std::norm(receiver) * (f[k] - f[k - 1]),
                  tables->ctle[k]);
  }
  if (p.ffe.pre + p.ffe.post > 0) tables->noise_lags = noise_lags(p, mode);
  return tables;
}

}  // namespace

ChannelSet channel_set(const Parameters& parameters, const std::vector<Path>& paths, const Mode& mode) {
  require(!paths.empty() && paths.front().kind == Path::Kind::through,
          "the first path must be the through path");
  ChannelSet set;
  const auto& own = paths.front().differential.frequency_Hz;
  set.grid = SpectrumGrid::of(own, sample_rate_Hz(parameters));
  set.frequency_Hz = mode.script ? own : set.grid.frequencies_Hz();
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
  set.receiver = receiver_tables(parameters, set.frequency_Hz, mode);
  return set;
}

CaseSignals::CaseSignals(const Parameters& parameters, const PackageCase& lengths, const ChannelSet& channels,
                         const Mode& mode, Context& context)
    : parameters_(parameters), receiver_(channels.receiver), mode_(mode) {
  const auto& frequency_Hz = channels.frequency_Hz;
  const std::size_t points = frequency_Hz.size();
  const CaseNetwork network(parameters, lengths, frequency_Hz);
  paths_.resize(channels.kind.size());
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    paths_[i].kind = channels.kind[i];
    paths_[i].amplitude_V = amplitude_V(parameters.transmitter, channels.kind[i]);
    auto transfer = network.transfer(channels.kind[i], channels.chain[i]);
    for (std::size_t k = 0; k < points; ++k) transfer[k] *= receiver_->filter[k];
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
  auto impulse = script_impulse(receiver_->frequency_Hz, filtered, sample_rate_Hz(parameters_),
                                mode_.truncation, context);
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
  std::vector<Complex> spectrum(filtered.size());
  for (std::size_t k = 0; k < spectrum.size(); ++k)
    spectrum[k] = p.amplitude_V * filtered[k] * receiver_->symbol[k];
  p.plain = transform(spectrum, context);
  p.plain.resize(cut_length(p.plain, mode_.truncation));
  const bool two_stages = parameters_.ctle.low_corner_Hz > 0.0;
  std::size_t longest = p.plain.size();
  for (std::size_t i = 0; i < ctle_parts; ++i) {
    if (!two_stages && i % 2 == 0) continue;
    std::vector<Complex> part(spectrum.size());
    for (std::size_t k = 0; k < part.size(); ++k) part[k] = spectrum[k] * receiver_->ctle[k][i];
    p.basis[i] = transform(std::move(part), context);
    longest = std::max(longest, cut_length(p.basis[i], mode_.truncation));
  }
  for (auto& wave : p.basis)
    if (!wave.empty()) wave.resize(longest);
}

std::vector<double> CaseSignals::pulse(std::size_t path, const CtleSetting& setting) const {
  return weighted_sum(paths_[path].basis, ctle_weights(parameters_.ctle, setting));
}

double CaseSignals::noise_V(const CtleSetting& setting) const {
  return std::sqrt(quadratic(receiver_->noise, ctle_weights(parameters_.ctle, setting)));
}

std::vector<double> CaseSignals::noise_autocorrelation(const CtleSetting& setting) const {
  const auto weights = ctle_weights(parameters_.ctle, setting);
  std::vector<double> lags;
  lags.reserve(receiver_->noise_lags.size());
  for (const CtleGram& gram : receiver_->noise_lags) lags.push_back(quadratic(gram, weights));
  return lags;
}

std::vector<double> CaseSignals::ctle_power(const CtleSetting& setting) const {
  const auto weights = ctle_weights(parameters_.ctle, setting);
  std::vector<double> power(receiver_->ctle.size());
  for (std::size_t k = 0; k < power.size(); ++k) {
    Complex h = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) h += weights[i] * receiver_->ctle[k][i];
    power[k] = std::norm(h);
  }
  return power;
}

}  // namespace photonlink::com
