/// Intensity and phase noise of a laser.
///
///   RIN(f) = R [ s(f) + f_k/f ],   s(f) = (f_r⁴ + b² f²) / ((f_r² - f²)² + γ² f²),   R = R₀ + R_fb
///   10^(-F/10)
/// |H|² of the laser times a rise with f² that sets the peak: s(0) = 1, s(f_r) = (f_r² + b²)/γ² is the stated
/// peak (\cite Coldren2012, Sec. 5.5). γ is the damping rate over 2π. Without relaxation frequency s = 1. The
/// 1/f part ends at 10 kHz, where a receiver's coupling does.
/// F: returned over emitted power in dB, return loss plus isolation. Weak feedback is an interference whose
/// noise power follows the returned power (\cite Petermann1995); R_fb is what total reflection would add.
///
/// Phase: white frequency noise, one-sided density Δν/π in Hz²/Hz for a Lorentzian line of full width Δν, so
/// that the phase is a random walk of variance 2π Δν t (\cite Coldren2012, Sec. 5.5). What turns phase into
/// intensity (rings, filters, dispersion) is the business of the chain behind.
///
/// Validity: intensity and phase noise are independent (no α factor between them); RIN at constant current.
/// Verified in tests/devices/physics/laser_noise_test.cpp and tests/solvers/light_noise_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct LaserNoise {
  double rin_per_Hz, relaxation_frequency_Hz, relaxation_damping_Hz, relaxation_peak_dB, flicker_corner_Hz;
  double linewidth_Hz;
  double return_loss_dB, isolation_dB, feedback_rin_per_Hz;
};

/// Rows of a struct P with the members of LaserNoise, behind `rows`.
template <class P>
ParameterTable<P> with_laser_noise_rows(ParameterTable<P> rows) {
  using enum Quantity;
  const ParameterTable<P> noise{
      {"rin",
       "relative intensity noise at low frequency, one-sided; default: -144 dB/Hz, limit of the OCI MSA "
       "external "
       "laser source",
       rin, &P::rin_per_Hz, 0.0, 1e-9, 0.0},
      {"relaxation_frequency", "f_r, where that noise has its peak; 0: white", frequency,
       &P::relaxation_frequency_Hz, 0.0, 1e12, 0.0},
      {"relaxation_damping", "damping rate over 2 pi", frequency, &P::relaxation_damping_Hz, 1e6, 1e12},
      {"relaxation_peak", "density at f_r over that at low frequency", gain, &P::relaxation_peak_dB, -30.0,
       60.0},
      {"flicker_corner", "frequency at which the 1/f part has the density of the white part", frequency,
       &P::flicker_corner_Hz, 0.0, 1e9, 0.0},
      {"linewidth", "full width of the Lorentzian line", frequency, &P::linewidth_Hz, 0.0, 1e12, 0.0},
      {"return_loss", "loss of the light that comes back to the laser", loss, &P::return_loss_dB, 0.0, 200.0,
       200.0},
      {"isolation", "loss of an isolator for that light", loss, &P::isolation_dB, 0.0, 200.0},
      {"feedback_rin", "intensity noise that total reflection would add; 0: not known, none", rin,
       &P::feedback_rin_per_Hz, 0.0, 1e-6, 0.0},
  };
  rows.insert(rows.end(), noise.begin(), noise.end());
  return rows;
}

template <class P>
LaserNoise laser_noise_of(const P& p) {
  return {p.rin_per_Hz,
          p.relaxation_frequency_Hz,
          p.relaxation_damping_Hz,
          p.relaxation_peak_dB,
          p.flicker_corner_Hz,
          p.linewidth_Hz,
          p.return_loss_dB,
          p.isolation_dB,
          p.feedback_rin_per_Hz};
}

/// @throws ConfigError when a peak is lower than the resonance alone makes it.
void check_laser_noise(const std::string& owner, const LaserNoise& noise);
/// R, [1/Hz].
double low_frequency_rin_per_Hz(const LaserNoise& noise);
/// s(f), and the mean of s(f) + f_k/f between two frequencies.
double relaxation_shape(const LaserNoise& noise, double frequency_Hz);
double mean_rin_shape(const LaserNoise& noise, double low_Hz, double high_Hz);
/// Intensity and phase noise of every carrier of port 0, independent of each other.
std::vector<NoiseTerm> laser_noise_terms(const std::string& name, const LaserNoise& noise,
                                         const Bundle& output);
/// The same with a noise of its own for each carrier. @param line (n_carrier) or more.
std::vector<NoiseTerm> laser_noise_terms(const std::string& name, const std::vector<LaserNoise>& line,
                                         const Bundle& output);
/// Feedback that a laser does not bear.
void check_feedback(const std::string& name, const LaserNoise& noise, std::vector<Warning>& warnings);

}  // namespace photonlink
