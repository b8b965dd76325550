/// Spectra of optical filters, seen through Stage alone.
#pragma once

#include <cmath>
#include <vector>

#include "devices/physics/optics.hpp"
#include "signal/stage.hpp"

namespace photonlink::test {

/// |H|² from the input to `port` for a carrier at `frequency_Hz`.
inline double filter_power(const Stage& stage, int port, double frequency_Hz) {
  const double offset_Hz = 0.0;
  Complex response = 1.0;
  stage.multiply_optical(port, frequency_Hz, {&offset_Hz, 1}, {&response, 1});
  return std::norm(response);
}

/// Full width in wavelength around `centre_m` where the loss is within `depth_dB` of that at the centre,
/// walked in steps of 10 pm.
inline double filter_width_m(const Stage& stage, int port, double centre_m, double depth_dB) {
  const double least =
      filter_power(stage, port, optical_frequency_Hz(centre_m)) * std::pow(10.0, -0.1 * depth_dB);
  const double step_m = 1e-11;
  double edge[2] = {0.0, 0.0};
  for (int side = 0; side < 2; ++side)
    while (edge[side] < 100e-9 &&
           filter_power(stage, port, optical_frequency_Hz(centre_m + (side ? edge[1] : -edge[0]))) >= least)
      edge[side] += step_m;
  return edge[0] + edge[1];
}

}  // namespace photonlink::test
