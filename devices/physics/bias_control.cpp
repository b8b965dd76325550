#include "devices/physics/bias_control.hpp"

#include <boost/math/special_functions/bessel.hpp>
#include <cmath>

#include "core/constants.hpp"

namespace photonlink {

double BiasResidual::rms_rad() const {
  return std::hypot(noise_rad, dither_rad);
}

double monitor_noise_A2_per_Hz(const BiasControl& c) {
  const double step_A = c.full_current_A * std::exp2(-c.converter_bits);
  return 2.0 * constants::elementary_charge_C * c.mean_current_A +
         c.noise_A_per_sqrtHz * c.noise_A_per_sqrtHz + c.rin_per_Hz * c.mean_current_A * c.mean_current_A +
         c.data_A2_per_Hz + step_A * step_A / (6.0 * c.converter_rate_Hz);
}

BiasResidual bias_residual(const BiasControl& c, double target_rad) {
  const double j1 = boost::math::cyl_bessel_j(1, c.dither_rad),
               j2 = boost::math::cyl_bessel_j(2, c.dither_rad);
  const double sine = std::sin(target_rad), cosine = std::cos(target_rad);
  const double counterfeit =
      c.heater_phase_rad > 0.0 ? c.dither_rad * c.dither_rad / (16.0 * c.heater_phase_rad * j2) : 0.0;
  const double signal_A = c.full_current_A * c.visibility;
  BiasResidual residual;
  residual.offset_rad = std::atan2(sine, cosine - counterfeit * sine) - target_rad;
  residual.lag_rad = c.drift_rad_per_s / (2.0 * constants::pi * c.loop_bandwidth_Hz);
  residual.noise_rad = std::sqrt(constants::pi * c.loop_bandwidth_Hz * monitor_noise_A2_per_Hz(c)) *
                       std::hypot(cosine / j1, sine / j2) / signal_A;
  residual.dither_rad = c.dither_rad / std::sqrt(2.0);
  return residual;
}

}  // namespace photonlink
