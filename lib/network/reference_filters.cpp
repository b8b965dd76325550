#include "network/reference_filters.hpp"

#include <cmath>

#include "core/constants.hpp"

namespace photonlink {

double gaussian_sigma_s(double rise_time_s) {
  return rise_time_s / 1.6832;
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
