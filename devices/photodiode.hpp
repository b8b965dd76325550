/// p-i-n photodiode: light of one port into the current of one lane.
///
///   I_lin(t) = Σ_c R(λ_c) w |A_c(t)|²                                   core, square law
///   I(t) = I_lin / (1 + I_lin/I_sat) + I_dark                           devices/physics/square_law.hpp
///   I_dark(V, T) = I_ref 2^((T - T_ref)/T_2) e^((V - V_ref)/V_d)
///   H(f) = H_pol / (1 + jf/f_tr) / (1 + jωR_s C)                        tail: skew, transit time, Norton
///   current Y(f) = jωC / (1 + jωR_s C)                                          source admittance: C behind
///   R_s shot noise, one-sided: 2q (I - I_dark) of the signal and 2q I_dark  \cite SalehTeich2007, Sec. 18.6
///   bias power = mean(I) · V_bias
///
/// Polarisation-diverse reception: a splitter sends a share s of the light into the first input of the diode
/// (or of a second diode in parallel) and 1 - s into the other one, which loses PDL and comes τ later.
/// Orthogonal polarisations add as powers (devices/physics/polarization.hpp):
///   w = s' + (1 - s') g,  H_pol(f) = (s' + (1 - s') g e^{-jωτ}) / w,  g = 10^(-PDL/10)
/// s' is s behind the splitter's crosstalk, which depends on the phase φ between the polarisations. The state
/// (s, φ) drifts: evaluate a link at s = 0, ½ and 1. `validity()` tells what the skew costs at the Nyquist
/// frequency when that exceeds 0.1 dB; the waveform has it.
///
/// The capacitance is part of the electrical segment that follows, so the amplifier's input impedance decides
/// on the RC bandwidth. Carriers beat with each other at their spacing; that beat lies outside the receiver
/// and is neglected, `validity()` warns when the spacing is below twice the symbol rate.
///
/// Validity: no avalanche gain; transit time as a single pole. With transit_current I_b the pole falls to
/// f_tr / (1 + I/I_b) with the current of the moment (devices/physics/slowing_transit.hpp) and belongs to the
/// core; without, `validity()` warns when the mean current exceeds a fifth of I_sat, where carriers slow
/// down. Both laws are hyperbolic by assumption, one published point fixes each. The skew acts behind them.
/// Doubling and exponent of the dark current are fits over the range their source measured.
///
/// Behind the core: lanes (n_port) in [A], no ports, no carriers, full_scale_Vpp = 0 (volts have no meaning
/// here).
///
/// Verified in tests/devices/photodiode_test.cpp: 2qI, finite differences of the tangent, RC against the
/// segment, published dark currents.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/filters.hpp"
#include "devices/physics/square_law.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct PhotodiodeParameters {
  double responsivity_A_per_W = 0.87;
  std::vector<double> spectrum_wavelength_m = {}, spectrum = {};
  double dark_current_A = 71e-9;
  double dark_doubling_K = 1e4;
  double dark_exponent_V = 1e4;
  double dark_reference_K = 300.0;
  double dark_reference_V = 1.0;
  double temperature_K = 300.0;
  double bandwidth_Hz = unlimited_bandwidth_Hz;
  double saturation_current_A = unlimited_current_A;
  double transit_current_A = unlimited_current_A;
  double first_input_share = 1.0;
  double polarization_dependent_loss_dB = 0.0;
  double polarization_skew_s = 0.0;
  double polarization_crosstalk_dB = 100.0;
  double polarization_phase_rad = 0.0;
  double capacitance_F = 25e-15;
  double series_resistance_ohm = 30.0;
  double bias_voltage_V = 1.0;
  double shot_noise = 1.0;
};
template <>
const ParameterTable<PhotodiodeParameters>& parameter_table();

class Photodiode final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range, or the spectrum's lists do not fit.
  Photodiode(std::string name, const PhotodiodeParameters& parameters);

  /// R(λ), linear between the points of the spectrum and constant beyond them.
  double responsivity_A_per_W(double carrier_Hz) const;
  double dark_current_A() const;

  std::optional<SourceEnd> source_end(std::span<const double> frequency_Hz) const override;
  bool has_core() const override { return true; }
  /// @throws ConfigError when no light arrives.
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override;
  std::vector<NoiseTerm> noise(const Bundle& output) const override;
  void multiply_electrical(std::span<const double> frequency_Hz, std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  bool transit_in_core() const { return slows({parameters_.bandwidth_Hz, parameters_.transit_current_A}); }
  double first_share() const;     // s'
  double received_share() const;  // w
  SquareLaw law(const Bundle& input) const;

  PhotodiodeParameters parameters_;
};

}  // namespace photonlink
