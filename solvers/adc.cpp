#include "solvers/adc.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/special.hpp"
#include "core/units.hpp"

namespace photonlink {

AdcScale scale_adc(const SerdesReceiverParameters& receiver, double peak_V) {
  AdcScale scale;
  if ((!receiver.has_adc() && !receiver.compresses()) || !(peak_V > 0.0)) return scale;
  const double half_V = 0.5 * receiver.adc_full_scale_Vpp, target_V = receiver.vga_target_V();
  const double end_V = receiver.vga_saturation_V();
  const double wanted =
      receiver.compresses() ? end_V * std::atanh(target_V / end_V) / peak_V : target_V / peak_V;
  const double wanted_dB = field_gain_dB(wanted).value;
  scale.gain_dB = std::clamp(wanted_dB, receiver.vga_gain_minimum_dB, receiver.vga_gain_maximum_dB);
  scale.at_end = scale.gain_dB != wanted_dB;
  scale.curve.level = end_V / field_ratio(Gain_dB{scale.gain_dB});
  if (!receiver.has_adc()) return scale;
  scale.limit = half_V / field_ratio(Gain_dB{scale.gain_dB});
  const auto step = [&](double bits) {
    return bits < ideal_adc_bits ? 2.0 * scale.limit / std::exp2(bits) : 0.0;
  };
  scale.step = step(receiver.adc_resolution);
  const double whole = std::max(step(receiver.adc_bits), scale.step);
  scale.sigma = std::sqrt((whole * whole - scale.step * scale.step) / 12.0);
  return scale;
}

double clipping_power(const AdcScale& adc, std::span<const double> samples, double sigma) {
  if (samples.empty()) return 0.0;
  const auto beyond = [&](double distance) {
    if (sigma == 0.0) return distance < 0.0 ? distance * distance : 0.0;
    const double t = distance / sigma;
    const double density = std::exp(-0.5 * t * t) / std::sqrt(2.0 * constants::pi);
    return sigma * sigma * std::max(0.0, (1.0 + t * t) * gaussian_tail(t) - t * density);
  };
  double sum = 0.0;
  for (const double x : samples) sum += beyond(adc.limit - x) + beyond(adc.limit + x);
  return sum / static_cast<double>(samples.size());
}

}  // namespace photonlink
