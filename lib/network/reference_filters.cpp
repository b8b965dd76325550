#include "network/reference_filters.hpp"

#include <cmath>

#include "core/constants.hpp"

namespace photonlink {

namespace {

constexpr double sigmas_per_rise = 1.6832;  // 2 Φ⁻¹(0.8), with the digits of the standard

}  // namespace

double gaussian_sigma_s(double rise_time_s) {
  return rise_time_s / sigmas_per_rise;
}

double fastest_rise_time_s(double end_Hz) {
  return sigmas_per_rise * std::sqrt(0.5 * std::log(100.0)) / (constants::pi * end_Hz);
}

double gaussian_edge(double frequency_Hz, double rise_time_s) {
  const double angle = constants::pi * frequency_Hz * gaussian_sigma_s(rise_time_s);
  return std::exp(-2.0 * angle * angle);
}

Complex receiver_butterworth(double frequency_Hz, double bandwidth_Hz) {
  const Complex s(0.0, frequency_Hz / bandwidth_Hz);
  return 1.0 / (1.0 + s * (2.613126 + s * (3.414214 + s * (2.613126 + s))));
}

}  // namespace photonlink
