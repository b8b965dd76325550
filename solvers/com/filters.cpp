#include "solvers/com/filters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "network/reference_filters.hpp"

namespace photonlink::com {
namespace {

constexpr double pi = std::numbers::pi;

Complex bessel_thomson(Complex s) {
  constexpr double inverse_3dB = 0.473037;  // 1 / 2.114, of 105 / (s^4 + 10 s^3 + 45 s^2 + 105 s + 105)
  const Complex x = s / inverse_3dB;
  return 105.0 / (105.0 + x * (105.0 + x * (45.0 + x * (10.0 + x))));
}

double direct_gain(double gain_dB) {
  return std::pow(10.0, gain_dB / 20.0);
}

/// G_Qual: g_DC lies in the window of the band of g_DC2 that holds it.
bool qualified(const Ctle& c, double gain_dB, double low_gain_dB) {
  if (c.low_gain_floor_dB.empty()) return true;
  // Bands are listed from the top; each reaches up to the floor of the one before, the first just holds its
  // own.
  for (std::size_t band = 0; band < c.low_gain_floor_dB.size(); ++band) {
    const double floor = c.low_gain_floor_dB[band];
    const bool in_band = band == 0 ? low_gain_dB == floor
                                   : low_gain_dB >= floor && low_gain_dB < c.low_gain_floor_dB[band - 1];
    if (in_band && gain_dB >= c.gain_bottom_dB[band] && gain_dB < c.gain_top_dB[band]) return true;
  }
  return false;
}

/// One first-order section (g + s / zero) / (1 + s / pole) after the bilinear transform, as its two parts:
/// output = g · part0 + part1.
struct Section {
  double b0_direct, b1_direct, b0_ramp, b1_ramp, a1;
  Section(double zero_Hz, double pole_Hz, double sample_rate_Hz) {
    const double c = 2.0 * sample_rate_Hz, pole = 2.0 * pi * pole_Hz, norm = c + pole;
    b0_direct = b1_direct = pole / norm;
    b0_ramp = pole * c / (2.0 * pi * zero_Hz) / norm;
    b1_ramp = -b0_ramp;
    a1 = (pole - c) / norm;
  }
};

std::vector<double> filtered(const std::vector<double>& x, double b0, double b1, double a1) {
  std::vector<double> y(x.size());
  double last_x = 0.0, last_y = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    last_y = b0 * x[i] + b1 * last_x - a1 * last_y;
    last_x = x[i];
    y[i] = last_y;
  }
  return y;
}

}  // namespace

double cosine_window(double f, double begin_Hz, double end_Hz) {
  if (f <= begin_Hz) return 1.0;  // also where both ends are one frequency
  if (f > end_Hz) return 0.0;
  return 0.5 * std::cos(pi * (f - end_Hz) / (end_Hz - begin_Hz) - pi) + 0.5;
}

Complex butterworth_filter(const Parameters& p, double f) {
  return receiver_butterworth(f, p.receiver.bandwidth_ratio * p.signal.symbol_rate_Bd);
}

namespace {

/// Where the sheet gives no frequencies: from half the symbol rate to f_r times the symbol rate.
double raised_cosine(const Parameters& p, double f) {
  const Receiver& r = p.receiver;
  const double rate = p.signal.symbol_rate_Bd;
  return cosine_window(f, r.cosine_begin_Hz > 0.0 ? r.cosine_begin_Hz : 0.5 * rate,
                       r.cosine_end_Hz > 0.0 ? r.cosine_end_Hz : r.bandwidth_ratio * rate);
}

}  // namespace

Complex receiver_filter(const Parameters& p, double f) {
  Complex h = 1.0;
  const Complex s(0.0, f / (p.receiver.bandwidth_ratio * p.signal.symbol_rate_Bd));
  for (const std::string& name : p.receiver.filters) {
    if (name == "butterworth") h *= butterworth_filter(p, f);
    if (name == "bessel_thomson") h *= bessel_thomson(s);
    if (name == "raised_cosine") h *= raised_cosine(p, f);
  }
  return h;
}

Complex transmit_filter(double rise_time_s, double f) {
  if (rise_time_s <= 0.0) return 1.0;
  return std::polar(gaussian_edge(f, rise_time_s), -2.0 * pi * f * 3.0 * rise_time_s);
}

std::vector<CtleSetting> ctle_settings(const Parameters& p) {
  const Ctle& c = p.ctle;
  const auto gains = stepped(c.first_gain_dB, c.last_gain_dB, c.gain_step_dB);
  const auto low_gains = c.low_corner_Hz > 0.0
                             ? stepped(c.first_low_gain_dB, c.last_low_gain_dB, c.low_gain_step_dB)
                             : std::vector<double>{0.0};
  constexpr std::size_t most_settings = 100000;  // each one is searched in full
  if (gains.size() * low_gains.size() > most_settings)
    throw ConfigError(
        fmt::format("ctle: {} settings of g_DC and {} of g_DC2, at most {} together are searched; widen "
                    "gain_step or low_gain_step",
                    gains.size(), low_gains.size(), most_settings));
  std::vector<CtleSetting> settings;
  settings.reserve(gains.size() * low_gains.size());
  for (std::size_t i = 0; i < gains.size(); ++i)
    for (std::size_t j = 0; j < low_gains.size(); ++j) {
      if (!qualified(c, gains[i], low_gains[j])) continue;
      if (c.largest_gain_sum_dB != 0.0 && gains[i] + low_gains[j] > c.largest_gain_sum_dB) continue;
      settings.push_back({gains[i], low_gains[j], static_cast<int>(i), static_cast<int>(j)});
    }
  return settings;
}

std::array<Complex, ctle_parts> ctle_basis(const Ctle& c, double f) {
  const Complex first = 1.0 / (Complex(1.0, f / c.pole_Hz) * Complex(1.0, f / c.second_pole_Hz));
  const Complex ramp(0.0, f / c.zero_Hz);
  if (c.low_corner_Hz <= 0.0) return {0.0, first, 0.0, first * ramp};
  const Complex low = 1.0 / Complex(1.0, f / c.low_corner_Hz);
  const Complex low_ramp = low * Complex(0.0, f / c.low_corner_Hz);
  return {first * low, first * low_ramp, first * ramp * low, first * ramp * low_ramp};
}

std::array<double, ctle_parts> ctle_weights(const Ctle& c, const CtleSetting& setting) {
  const double g = direct_gain(setting.gain_dB);
  if (c.low_corner_Hz <= 0.0) return {0.0, g, 0.0, 1.0};
  const double g2 = direct_gain(setting.low_gain_dB);
  return {g * g2, g, g2, 1.0};
}

Complex ctle(const Ctle& c, const CtleSetting& setting, double f) {
  const auto basis = ctle_basis(c, f);
  const auto weight = ctle_weights(c, setting);
  Complex h = 0.0;
  for (int i = 0; i < ctle_parts; ++i) h += weight[i] * basis[i];
  return h;
}

void add_to_gram(CtleGram& gram, double weight, const std::array<Complex, ctle_parts>& basis) {
  for (std::size_t i = 0; i < basis.size(); ++i)
    for (std::size_t j = 0; j < basis.size(); ++j)
      gram[i][j] += weight * (basis[i].real() * basis[j].real() + basis[i].imag() * basis[j].imag());
}

double quadratic(const CtleGram& gram, const std::array<double, ctle_parts>& weights) {
  double sum = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i)
    for (std::size_t j = 0; j < weights.size(); ++j) sum += weights[i] * weights[j] * gram[i][j];
  return sum;
}

std::array<std::vector<double>, ctle_parts> bilinear_ctle_basis(const Ctle& c, double sample_rate_Hz,
                                                                const std::vector<double>& impulse) {
  const Section pole(c.zero_Hz, c.second_pole_Hz, sample_rate_Hz), zero(c.zero_Hz, c.pole_Hz, sample_rate_Hz);
  const auto slow = filtered(impulse, pole.b0_direct, pole.b1_direct, pole.a1);
  auto direct = filtered(slow, zero.b0_direct, zero.b1_direct, zero.a1);
  auto ramp = filtered(slow, zero.b0_ramp, zero.b1_ramp, zero.a1);
  if (c.low_corner_Hz <= 0.0) return {std::vector<double>{}, std::move(direct), {}, std::move(ramp)};
  const Section low(c.low_corner_Hz, c.low_corner_Hz, sample_rate_Hz);
  const auto low_part = [&](const std::vector<double>& x) {
    return filtered(x, low.b0_direct, low.b1_direct, low.a1);
  };
  const auto high_part = [&](const std::vector<double>& x) {
    return filtered(x, low.b0_ramp, low.b1_ramp, low.a1);
  };
  return {low_part(direct), high_part(direct), low_part(ramp), high_part(ramp)};
}

}  // namespace photonlink::com
