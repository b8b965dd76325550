#include "network/time_response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "signal/fft.hpp"

namespace photonlink {
namespace {

constexpr double two_pi = 2.0 * constants::pi;

SParameters element(const SParameters& network, int out, int in) {
  require(out >= 0 && out < network.ports && in >= 0 && in < network.ports,
          fmt::format("S[{}, {}] is outside the {} ports of the network", out, in, network.ports));
  require(network.frequency_Hz.size() >= 2,
          fmt::format("a time response needs at least 2 points, the file has {}; export it with more",
                      network.frequency_Hz.size()));
  SParameters one{1, network.reference_ohm, network.frequency_Hz, {}};
  one.s.reserve(network.frequency_Hz.size());
  for (std::size_t k = 0; k < network.frequency_Hz.size(); ++k) one.s.push_back(network.at(k, out, in));
  return one;
}

double widest_step_Hz(const std::vector<double>& f) {
  double widest = 0.0;
  for (std::size_t k = 1; k < f.size(); ++k) widest = std::max(widest, f[k] - f[k - 1]);
  return widest;
}

/// Samples of one period, a power of two.
int period_samples(const SParameters& one, double step_s) {
  require(step_s > 0.0 && std::isfinite(step_s),
          fmt::format("time step = {} s must be positive and finite", step_s));
  const double delay_s = std::abs(group_delay_s(one, 0, 0, 0.0, one.frequency_Hz.back()));
  const double period_s = std::max(2.0 / widest_step_Hz(one.frequency_Hz), 4.0 * delay_s);
  constexpr double most = 1 << 24;
  require(
      period_s <= most * step_s,
      fmt::format("a response of {} s in steps of {} s has more than 2^24 samples; take a longer step or a "
                  "file with fewer points",
                  period_s, step_s));
  int samples = 64;
  while (samples * step_s < period_s) samples *= 2;
  return samples;
}

enum class Shape { impulse, step, pulse };

/// exp(-jωt) integrated from 0 to `width`, divided by nothing: the transform of a rectangle.
Complex rectangle(double f, double width_s) {
  if (f == 0.0) return width_s;
  const Complex jw(0.0, two_pi * f);
  return (1.0 - std::exp(-jw * width_s)) / jw;
}

TimeResponse respond(const SParameters& network, int out, int in, const ResponseFilter& filter, Shape shape,
                     double width_s, double step_s, Context& context) {
  require(
      filter.rise_time_s >= 0.0 && std::isfinite(filter.rise_time_s) && filter.receiver_bandwidth_Hz > 0.0,
      fmt::format("rise time = {} s must be at least 0, receiver bandwidth = {} Hz above 0",
                  filter.rise_time_s, filter.receiver_bandwidth_Hz));
  const SParameters one = element(network, out, in);
  const int n = period_samples(one, step_s);
  const double period_s = n * step_s;
  std::vector<double> frequency(static_cast<std::size_t>(n / 2) + 1);
  for (std::size_t k = 0; k < frequency.size(); ++k) frequency[k] = static_cast<double>(k) / period_s;
  std::vector<Complex> spectrum = interpolate(one, frequency).s;
  TimeResponse response{-0.25 * period_s, step_s, std::vector<double>(static_cast<std::size_t>(n))};
  double energy = 0.0, beyond = 0.0;
  for (std::size_t k = 0; k < frequency.size(); ++k) {
    spectrum[k] *= filter_response(filter, frequency[k]);
    energy += std::norm(spectrum[k]);
    if (frequency[k] > one.frequency_Hz.back()) beyond += std::norm(spectrum[k]);
    // The first sample stands a quarter of the period before t = 0: a turn of k/4.
    constexpr Complex turns[] = {{1, 0}, {0, -1}, {-1, 0}, {0, 1}};
    spectrum[k] *= turns[k % 4];
    if (shape == Shape::pulse) spectrum[k] *= rectangle(frequency[k], width_s);
    if (shape == Shape::step)
      spectrum[k] = k == 0 ? spectrum[k] : spectrum[k] / Complex(0.0, two_pi * frequency[k]);
  }
  response.extrapolated_share = energy > 0.0 ? beyond / energy : 0.0;
  const double mean = spectrum.front().real();
  if (shape == Shape::step) spectrum.front() = 0.0;
  spectrum.back() = spectrum.back().real();
  context.fft(n).inverse(spectrum, response.value);
  for (double& value : response.value) value /= step_s;
  if (shape != Shape::step) return response;
  const double first = response.value.front();
  for (std::size_t i = 0; i < response.value.size(); ++i)
    response.value[i] += mean * static_cast<double>(i) / n - first;
  return response;
}

/// Real spectrum L to L + jφ, whose transform is zero before t = 0: the Hilbert relation of log magnitude and
/// least phase (Oppenheim and Schafer).
std::vector<Complex> causal_part(std::vector<Complex> spectrum, const Fft& fft) {
  std::vector<double> wave(static_cast<std::size_t>(fft.size()));
  fft.inverse(spectrum, wave);
  const std::size_t half = wave.size() / 2;
  for (std::size_t i = 1; i < half; ++i) wave[i] *= 2.0;
  std::fill(wave.begin() + static_cast<std::ptrdiff_t>(half) + 1, wave.end(), 0.0);
  fft.forward(wave, spectrum);
  return spectrum;
}

}  // namespace

Complex filter_response(const ResponseFilter& filter, double frequency_Hz) {
  return gaussian_edge(frequency_Hz, filter.rise_time_s) *
         receiver_butterworth(frequency_Hz, filter.receiver_bandwidth_Hz);
}

std::size_t TimeResponse::index_of(double at_s) const {
  const double index = std::round((at_s - begin_s) / step_s);
  return static_cast<std::size_t>(std::clamp(index, 0.0, static_cast<double>(value.size()) - 1.0));
}

TimeResponse impulse_response(const SParameters& network, int out, int in, const ResponseFilter& filter,
                              double step_s, Context& context) {
  return respond(network, out, in, filter, Shape::impulse, 0.0, step_s, context);
}

TimeResponse step_response(const SParameters& network, int out, int in, const ResponseFilter& filter,
                           double step_s, Context& context) {
  return respond(network, out, in, filter, Shape::step, 0.0, step_s, context);
}

TimeResponse pulse_response(const SParameters& network, int out, int in, const ResponseFilter& filter,
                            double width_s, double step_s, Context& context) {
  require(width_s > 0.0 && std::isfinite(width_s),
          fmt::format("pulse width = {} s must be positive and finite", width_s));
  return respond(network, out, in, filter, Shape::pulse, width_s, step_s, context);
}

double energy_share_before(const TimeResponse& impulse, double time_s) {
  double early = 0.0, all = 0.0;
  for (std::size_t i = 0; i < impulse.value.size(); ++i) {
    const double energy = impulse.value[i] * impulse.value[i];
    all += energy;
    if (impulse.time_s(i) < time_s) early += energy;
  }
  return all > 0.0 ? early / all : 0.0;
}

double time_of_flight_s(const SParameters& network, int out, int in, Context& context) {
  if (out == in) return 0.0;
  const SParameters one = element(network, out, in);
  constexpr int reach = 4;  // of the logarithm, in ends of the file: what lies beyond adds delay only
  int inside = 64;
  while (inside < 8192 && static_cast<std::size_t>(inside) < one.s.size()) inside *= 2;
  const Fft& fft = context.fft(2 * reach * inside);
  std::vector<double> frequency(static_cast<std::size_t>(reach * inside) + 1);
  for (std::size_t k = 0; k < frequency.size(); ++k)
    frequency[k] = one.frequency_Hz.back() * static_cast<double>(k) / inside;
  const std::vector<Complex> s = interpolate(one, frequency).s;
  double largest = 0.0;
  for (const Complex& value : s) largest = std::max(largest, std::abs(value));
  if (largest == 0.0) return 0.0;
  constexpr double floor = 1e-9;  // -180 dB: nulls have no logarithm
  std::vector<Complex> logarithm(s.size());
  for (std::size_t k = 0; k < s.size(); ++k)
    logarithm[k] = std::log(std::max(std::abs(s[k]) / largest, floor));
  const std::vector<Complex> least_phase = causal_part(std::move(logarithm), fft);
  SParameters excess{1, one.reference_ohm, {}, {}};
  for (std::size_t k = 0; k <= static_cast<std::size_t>(inside); ++k) {
    excess.frequency_Hz.push_back(frequency[k]);
    excess.s.push_back(s[k] * std::polar(1.0, -least_phase[k].imag()));
  }
  return std::max(0.0, group_delay_s(excess, 0, 0, 0.0, one.frequency_Hz.back()));
}

}  // namespace photonlink
