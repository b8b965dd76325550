#include "solvers/com/effective_return_loss.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "core/error.hpp"
#include "solvers/com/filters.hpp"
#include "solvers/com/impulse_response.hpp"
#include "solvers/com/lattice_density.hpp"
#include "solvers/com/tap_sums.hpp"

namespace photonlink::com {
namespace {

constexpr double pre_delay_s = 500e-12;  // keeps the edge's precursor in front of the reflection
constexpr double script_truncation = 1e-5;
constexpr double bin = 1e-4;  // of the incident amplitude

struct Wave {
  std::vector<double> value;
  double first_s = 0.0;  ///< time of value[0]
};

double dt_s(const Parameters& p) {
  return 1.0 / (p.signal.symbol_rate_Bd * p.signal.samples_per_symbol);
}

/// Reflection at the channel's points on 2 Z_t, seen by both ends.
class Reflection {
 public:
  /// @param channel at the points that are transformed
  Reflection(const Parameters& p, SParameters channel) : p_(p), channel_(std::move(channel)) {
    if (p.return_loss.behind_transmitter_package) return;
    channel_ = renormalise(channel_, reference_ohm());
  }
  std::span<const double> frequency_Hz() const { return channel_.frequency_Hz; }
  std::vector<Complex> at_port(int port) const {
    if (p_.return_loss.behind_transmitter_package) return behind_package();
    std::vector<Complex> gamma(channel_.frequency_Hz.size());
    for (std::size_t k = 0; k < gamma.size(); ++k) gamma[k] = channel_.at(k, port, port);
    return gamma;
  }

 private:
  double reference_ohm() const { return 2.0 * p_.return_loss.termination_ohm; }
  std::vector<Complex> behind_package() const {
    const auto package = package_chain(p_.transmitter_package, p_.package_loss,
                                       p_.package_case.front().transmit_length_m, channel_.frequency_Hz);
    const auto chain = channel_chain(channel_);
    const double die_ohm = 2.0 * p_.transmitter_package.termination_ohm;
    std::vector<Complex> gamma(chain.size());
    for (std::size_t k = 0; k < gamma.size(); ++k) {
      const Abcd m = package[k] * chain[k];
      const Complex out = (m.d * die_ohm + m.b) / (m.c * die_ohm + m.a);
      gamma[k] = (out - reference_ohm()) / (out + reference_ohm());
    }
    return gamma;
  }

  const Parameters& p_;
  SParameters channel_;
};

Complex test_filter(const Parameters& p, double f) {
  const double rate = p.signal.symbol_rate_Bd;
  const Complex delay = std::polar(1.0, -2.0 * std::numbers::pi * f * pre_delay_s);
  const double window =
      p.return_loss.window == "tukey" ? cosine_window(f, p.receiver.bandwidth_ratio * rate, rate) : 1.0;
  return window * delay * transmit_filter(p.return_loss.rise_time_s, f) * butterworth_filter(p, f);
}

Wave impulse(const Parameters& p, const Reflection& reflection, int port, const Mode& mode,
             Context& context) {
  const auto f = reflection.frequency_Hz();
  auto gamma = reflection.at_port(port);
  for (std::size_t k = 0; k < gamma.size(); ++k) gamma[k] *= test_filter(p, f[k]);
  if (mode.script) return {script_impulse(f, gamma, 1.0 / dt_s(p), script_truncation, context), -pre_delay_s};
  return {transform(std::move(gamma), context), -pre_delay_s};
}

/// From the edge on, for N symbols behind the fixture, as response to a held symbol.
Wave pulse_response(const Parameters& p, Wave wave, double fixture_s) {
  const ReturnLoss& r = p.return_loss;
  const double dt = dt_s(p);
  const auto index_at = [&](double t) {
    return static_cast<std::size_t>(std::max(0.0, std::ceil((t - wave.first_s) / dt - 1e-9)));
  };
  const std::size_t begin = std::min(index_at(r.rise_time_s), wave.value.size());
  const std::size_t end =
      std::min(index_at(r.length_UI / p.signal.symbol_rate_Bd + fixture_s) + 1, wave.value.size());
  require(begin < end,
          "the reflection ends before the test edge does; give a channel with a finer frequency step");
  const std::vector<double> part(wave.value.begin() + static_cast<long>(begin),
                                 wave.value.begin() + static_cast<long>(end));
  return {held(part, p.signal.samples_per_symbol), wave.first_s + static_cast<double>(begin) * dt};
}

/// G of the header at `x` symbols behind the fixture.
double weight(const ReturnLoss& r, double x, double symbol_s) {
  const double share = (1.0 + r.reflected_share) * r.reflected_share, ends = r.equalized_UI + 1.0;
  if (x > ends) return r.gating == "3bj" ? share : 1.0;
  const double loss =
      r.equalized_UI > 0.0 ? std::pow(10.0, r.loss_dB_per_s * (x - ends) * symbol_s / 20.0) : 1.0;
  const double gap = (x - ends) / ends;
  return loss * (r.gating == "3ck" ? r.reflected_share : share * std::exp(-gap * gap));
}

void weigh(const Parameters& p, Wave& wave, double fixture_s) {
  const double symbol_s = 1.0 / p.signal.symbol_rate_Bd, dt = dt_s(p);
  const double start_s = fixture_s + 3.0 * p.return_loss.rise_time_s;  // the edge's own delay
  for (std::size_t n = 0; n < wave.value.size(); ++n) {
    const double t = wave.first_s + static_cast<double>(n) * dt - start_s;
    wave.value[n] *= t < -1e-6 * dt ? 0.0 : weight(p.return_loss, t / symbol_s, symbol_s);
  }
}

double loss_of(const Parameters& p, const Wave& wave) {
  const int samples = p.signal.samples_per_symbol;
  std::vector<double> strongest;
  double most = -1.0;
  for (int phase = 0; phase < samples; ++phase) {
    auto row = at_phase(wave.value, phase, samples);
    const double here = energy(row.data(), static_cast<long>(row.size()));
    if (here <= most) continue;
    most = here;
    strongest = std::move(row);
  }
  LatticeDensity density(bin, p.signal.levels);
  density.add_all(strongest);
  return -20.0 * std::log10(density.peak_at(p.signal.detector_error_ratio));
}

}  // namespace

EffectiveReturnLoss effective_return_loss(const Parameters& p, const SParameters& channel, const Mode& mode,
                                          Context& context) {
  constexpr double absent = std::numeric_limits<double>::quiet_NaN();
  EffectiveReturnLoss result{{absent, absent}, absent, {}, {}};
  if (p.return_loss.length_UI == 0) return result;
  const Reflection reflection(
      p, mode.script
             ? channel
             : interpolate(channel, SpectrumGrid::of(channel.frequency_Hz, 1.0 / dt_s(p)).frequencies_Hz()));
  for (int port = p.return_loss.behind_transmitter_package ? 1 : 0; port < 2; ++port) {
    const auto& fixtures = p.return_loss.fixture_delay_s;
    const double fixture_s =
        fixtures[std::min<std::size_t>(static_cast<std::size_t>(port), fixtures.size() - 1)];
    Wave wave = pulse_response(p, impulse(p, reflection, port, mode, context), fixture_s);
    weigh(p, wave, fixture_s);
    const double loss = result.loss_dB[port] = loss_of(p, wave);
    if (!std::isnan(result.least_dB) && loss >= result.least_dB) continue;
    result.least_dB = loss;
    result.time_UI.clear();
    for (std::size_t n = 0; n < wave.value.size(); ++n)
      result.time_UI.push_back((wave.first_s + static_cast<double>(n) * dt_s(p) - fixture_s) *
                               p.signal.symbol_rate_Bd);
    result.reflection = wave.value;
  }
  return result;
}

}  // namespace photonlink::com
