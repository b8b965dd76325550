#include "solvers/channel_measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"

namespace photonlink {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double loss_dB(const Complex& transfer) {
  return -20.0 * std::log10(std::abs(transfer));
}

bool holds(const SParameters& network, double low_Hz, double high_Hz) {
  // Half an ulp of the file's own rounding is still inside.
  const double slack = 1e-12 * network.frequency_Hz.back();
  return low_Hz >= network.frequency_Hz.front() - slack && high_Hz <= network.frequency_Hz.back() + slack;
}

void require_two_ports(const SParameters& network) {
  require(network.ports == 2 && !network.frequency_Hz.empty(),
          fmt::format("a channel needs 2 differential ports and points, not {} ports with {} points",
                      network.ports, network.frequency_Hz.size()));
}

std::vector<double> losses_dB(const SParameters& network, std::span<const double> frequency_Hz, int out,
                              int in) {
  require_two_ports(network);
  const SParameters at = interpolate(network, frequency_Hz);
  std::vector<double> loss;
  for (std::size_t k = 0; k < frequency_Hz.size(); ++k)
    loss.push_back(holds(network, frequency_Hz[k], frequency_Hz[k]) ? loss_dB(at.at(k, out, in)) : nan);
  return loss;
}

/// Σ_i |S21,i|² at the points, (n_frequency).
std::vector<double> power_sum(std::span<const SParameters> disturbers) {
  std::vector<double> sum;
  for (const SParameters& each : disturbers) {
    require_two_ports(each);
    require(each.frequency_Hz == disturbers.front().frequency_Hz,
            "crosstalk files have different frequencies; export all on one grid");
    sum.resize(each.frequency_Hz.size());
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += std::norm(each.at(k, 1, 0));
  }
  return sum;
}

double sinc(double x) {
  const double angle = constants::pi * x;
  return x == 0.0 ? 1.0 : std::sin(angle) / angle;
}

/// W(f) [V²/Hz], two-sided.
double weight(double f, double amplitude_V, double rise_time_s, const CrosstalkSettings& s) {
  return amplitude_V * amplitude_V / s.symbol_rate_Bd *
         data_spectrum_weight(f, s.symbol_rate_Bd, rise_time_s, s.receiver_bandwidth_Hz);
}

/// Spacing of the points. @throws DomainError when it varies by more than a millionth.
double even_step_Hz(const std::vector<double>& f) {
  require(f.size() >= 2, "integrated crosstalk needs at least two points in the file");
  const double step = (f.back() - f.front()) / static_cast<double>(f.size() - 1);
  for (std::size_t k = 1; k < f.size(); ++k)
    if (!(std::abs(f[k] - f[k - 1] - step) <= 1e-6 * step))
      throw DomainError(
          fmt::format("points {} Hz and {} Hz are not {} Hz apart as the others are; export the crosstalk on "
                      "evenly spaced points",
                      f[k - 1], f[k], step));
  return step;
}

double noise_V(std::span<const SParameters> disturbers, double amplitude_V, double rise_time_s,
               const CrosstalkSettings& s) {
  if (disturbers.empty()) return 0.0;
  const std::vector<double> coupling = power_sum(disturbers);
  const std::vector<double>& f = disturbers.front().frequency_Hz;
  const double step_Hz = even_step_Hz(f);
  double sum = 0.0;
  int count = 0;
  for (std::size_t k = 0; k < f.size(); ++k) {
    if (f[k] < s.low_Hz || f[k] > s.high_Hz) continue;
    sum += weight(f[k], amplitude_V, rise_time_s, s) * coupling[k];
    ++count;
  }
  require(count >= 2,
          fmt::format("the band from {} Hz to {} Hz holds {} points of the file, at least 2 are needed",
                      s.low_Hz, s.high_Hz, count));
  return std::sqrt(2.0 * step_Hz * sum);
}

void check_settings(const CrosstalkSettings& s) {
  require(
      s.symbol_rate_Bd > 0.0 && s.near_amplitude_V >= 0.0 && s.far_amplitude_V >= 0.0 &&
          s.near_rise_time_s >= 0.0 && s.far_rise_time_s >= 0.0 && s.receiver_bandwidth_Hz > 0.0,
      fmt::format("integrated crosstalk at {} Bd with amplitudes {} V and {} V, rise times {} s and {} s, "
                  "receiver bandwidth {} Hz: rate and bandwidth must be above 0, the others at least 0",
                  s.symbol_rate_Bd, s.near_amplitude_V, s.far_amplitude_V, s.near_rise_time_s,
                  s.far_rise_time_s, s.receiver_bandwidth_Hz));
}

}  // namespace

std::vector<double> insertion_loss_dB(const SParameters& two_port, std::span<const double> frequency_Hz) {
  return losses_dB(two_port, frequency_Hz, 1, 0);
}

std::vector<double> return_loss_dB(const SParameters& two_port, std::span<const double> frequency_Hz,
                                   int port) {
  require(port == 0 || port == 1,
          fmt::format("port {} is neither 0, the transmitter's, nor 1, the receiver's", port));
  return losses_dB(two_port, frequency_Hz, port, port);
}

std::vector<double> through_delay_s(const SParameters& two_port, std::span<const double> frequency_Hz,
                                    double band_Hz) {
  require_two_ports(two_port);
  require(band_Hz > 0.0, fmt::format("band = {} Hz must be above 0 Hz", band_Hz));
  std::vector<double> delay;
  for (const double f : frequency_Hz) {
    const double low_Hz = f - 0.5 * band_Hz, high_Hz = f + 0.5 * band_Hz;
    delay.push_back(holds(two_port, low_Hz, high_Hz) ? group_delay_s(two_port, 1, 0, low_Hz, high_Hz) : nan);
  }
  return delay;
}

double data_spectrum_weight(double f, double symbol_rate_Bd, double rise_time_s,
                            double receiver_bandwidth_Hz) {
  const double symbol = sinc(f / symbol_rate_Bd), edge = f * rise_time_s / 0.2365;
  return symbol * symbol / (1.0 + std::pow(edge, 4)) / (1.0 + std::pow(f / receiver_bandwidth_Hz, 8));
}

std::vector<double> multidisturber_loss_dB(std::span<const SParameters> disturbers) {
  std::vector<double> loss = power_sum(disturbers);
  for (double& value : loss) value = -10.0 * std::log10(value);
  return loss;
}

IntegratedCrosstalk integrated_crosstalk(std::span<const SParameters> near, std::span<const SParameters> far,
                                         const CrosstalkSettings& settings) {
  check_settings(settings);
  IntegratedCrosstalk noise;
  noise.near_V = noise_V(near, settings.near_amplitude_V, settings.near_rise_time_s, settings);
  noise.far_V = noise_V(far, settings.far_amplitude_V, settings.far_rise_time_s, settings);
  noise.total_V = std::hypot(noise.near_V, noise.far_V);
  return noise;
}

IntegratedCrosstalk integrated_crosstalk(const TouchstoneChannel& channel,
                                         const CrosstalkSettings& settings) {
  std::vector<SParameters> near, far;
  const auto aggressors = channel.aggressors();
  for (std::size_t i = 0; i < aggressors.size(); ++i)
    (aggressors[i].equalized ? far : near).push_back(channel.differential(static_cast<int>(i)));
  return integrated_crosstalk(near, far, settings);
}

}  // namespace photonlink
