#include "devices/physics/laser_noise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/white_noise.hpp"

namespace photonlink {
namespace {

constexpr double lowest_flicker_Hz = 1e4;
// Coherence collapse of DFB lasers without isolator begins at feedback of some -30 dB; an estimate.
constexpr double collapse_feedback_dB = 30.0;

}  // namespace

void check_laser_noise(const std::string& owner, const LaserNoise& n) {
  if (n.relaxation_frequency_Hz == 0.0) return;
  const double bare = n.relaxation_frequency_Hz / n.relaxation_damping_Hz;
  if (power_ratio(Gain_dB{n.relaxation_peak_dB}) >= bare * bare * (1.0 - 1e-12)) return;
  throw ConfigError(
      fmt::format("{}: relaxation_peak = {} dB is below {:.4g} dB, which relaxation_frequency over "
                  "relaxation_damping makes by "
                  "itself; raise the peak or the damping",
                  owner, n.relaxation_peak_dB, 20.0 * std::log10(bare)));
}

double low_frequency_rin_per_Hz(const LaserNoise& n) {
  return n.rin_per_Hz + n.feedback_rin_per_Hz * power_ratio(Gain_dB{-n.return_loss_dB - n.isolation_dB});
}

double relaxation_shape(const LaserNoise& n, double frequency_Hz) {
  if (n.relaxation_frequency_Hz == 0.0) return 1.0;
  // In units of f_r; peak = (1 + b²)/γ².
  const double x2 = std::pow(frequency_Hz / n.relaxation_frequency_Hz, 2);
  const double damping2 = std::pow(n.relaxation_damping_Hz / n.relaxation_frequency_Hz, 2);
  const double rise = std::max(power_ratio(Gain_dB{n.relaxation_peak_dB}) * damping2 - 1.0, 0.0);
  return (1.0 + rise * x2) / ((1.0 - x2) * (1.0 - x2) + damping2 * x2);
}

double mean_rin_shape(const LaserNoise& n, double low_Hz, double high_Hz) {
  // Simpson's rule: bins are narrow beside the peak.
  const double smooth = (relaxation_shape(n, low_Hz) + 4.0 * relaxation_shape(n, 0.5 * (low_Hz + high_Hz)) +
                         relaxation_shape(n, high_Hz)) /
                        6.0;
  const double from_Hz = std::max(low_Hz, lowest_flicker_Hz);
  if (n.flicker_corner_Hz == 0.0 || high_Hz <= from_Hz) return smooth;
  return smooth + n.flicker_corner_Hz * std::log(high_Hz / from_Hz) / (high_Hz - low_Hz);
}

std::vector<NoiseTerm> laser_noise_terms(const std::string& name, const LaserNoise& noise,
                                         const Bundle& output) {
  const std::size_t carriers = output.port.empty() ? 0 : output.port.front().field.size();
  return laser_noise_terms(name, std::vector<LaserNoise>(carriers, noise), output);
}

std::vector<NoiseTerm> laser_noise_terms(const std::string& name, const std::vector<LaserNoise>& line,
                                         const Bundle& output) {
  std::vector<NoiseTerm> terms;
  if (output.port.empty()) return terms;
  const double rate_Hz = output.grid.sample_rate_Hz();
  const auto& fields = output.port.front().field;
  const auto add = [&](std::size_t c, const char* cause, double sigma, Complex factor) -> NoiseTerm& {
    NoiseTerm& term = terms.emplace_back();
    term.label = name + " " + cause;
    term.source = noise_source_id(name, cause, static_cast<int>(c));
    term.port = 0;
    term.carrier = static_cast<int>(c);
    term.sigma = sigma;
    term.field_modulation = fields[c];
    for (Complex& value : term.field_modulation) value *= factor;
    term.scaling = LossScaling::with_signal;
    return term;
  };
  for (std::size_t c = 0; c < fields.size(); ++c) {
    const LaserNoise& n = line[c];
    const double rin_per_Hz = low_frequency_rin_per_Hz(n);
    if (rin_per_Hz > 0.0) {
      // |A (1 + n/2)|² = |A|² (1 + n)
      NoiseTerm& term = add(c, "RIN", white_noise_sigma(rin_per_Hz, rate_Hz), 0.5);
      if (n.relaxation_frequency_Hz > 0.0 || n.flicker_corner_Hz > 0.0)
        term.band_mean = [n](double low_Hz, double high_Hz) { return mean_rin_shape(n, low_Hz, high_Hz); };
    }
    if (n.linewidth_Hz > 0.0)
      add(c, "phase noise", std::sqrt(2.0 * constants::pi * n.linewidth_Hz / rate_Hz), Complex(0.0, 1.0))
          .turns_field = true;
  }
  return terms;
}

void check_feedback(const std::string& name, const LaserNoise& n, std::vector<Warning>& warnings) {
  const double feedback_dB = n.return_loss_dB + n.isolation_dB;
  if (feedback_dB >= collapse_feedback_dB) return;
  warnings.push_back(
      {name, fmt::format("light returns at -{:.4g} dB; above some -{:.0f} dB a laser may lose its coherence "
                         "altogether, which is not modelled; raise return_loss or isolation",
                         feedback_dB, collapse_feedback_dB)});
}

}  // namespace photonlink
