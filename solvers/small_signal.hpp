/// Small-signal responses of a chain around its rest point, in closed form.
///
///   drive            H_d(f) = control voltage at the modulator / EMF of the nearest source in front of it
///   electro-optic    H_eo(f) = P_in · m(f) · H_d(f) · T_rest     [W/V]
///   opto-electric    H_oe(f) = current at the first electrical load behind the photodiode / photocurrent
///
/// H_d is the tail of the source and the electrical segment solved as one network (chain.hpp); m(f) is
/// ModulatorCurves::small_signal [1/V] of a lane's own carrier, P_in its power in front of the modulator at
/// rest, T_rest the transmission at that carrier from the modulator to the end of the optical part, further
/// modulators at rest.
///
/// Without a source in front of the modulator H_d is its own load alone, driven at the terminals by 0 ohm:
/// the series resistance and the capacitance still count, and ideal_source() says so.
///
/// Validity: small drive; the optical path behind the modulator is taken at the carrier, so filters and
/// dispersion that tell the sidebands apart are not in it.
/// Verified in tests/solvers/small_signal_test.cpp: networks solved by hand, finite differences of the static
/// curve, a small pattern through the periodic solver.
#pragma once

#include "solvers/optical_spectrum.hpp"
#include "solvers/response_shape.hpp"

namespace photonlink {

class SmallSignal {
 public:
  /// `spectrum` must outlive this. @param lane whose carrier is modulated, counted from 0.
  /// @throws ConfigError when no stage of the optical part is a modulator, DomainError on a lane without
  /// carrier or port.
  explicit SmallSignal(const OpticalSpectrum& spectrum, int lane = 0);

  /// Stage index of the first modulator of the optical part, the one that is driven.
  int modulator() const { return modulator_; }
  /// No stage drives the modulator: an ideal source at its terminals does.
  bool ideal_source() const { return source_ < 0; }

  /// H_d [V/V], (n_frequency), frequencies >= 0 [Hz].
  std::vector<Complex> drive_response(std::span<const double> frequency_Hz) const;
  /// H_eo [W/V] at the end of the optical part (in front of the photodiode), on the lane's own port.
  std::vector<Complex> electro_optic_response(std::span<const double> frequency_Hz) const;

 private:
  const OpticalSpectrum& spectrum_;
  int lane_, modulator_, source_;
  double slope_W_ = 0.0;  // P_in · T_rest
};

/// H_oe [A/A], (n_frequency): transit time and capacitance of the first photodiode of the chain and the
/// segment up to its load. Needs no light. @param load_ohm ends the segment where no load follows the
/// photodiode, >= 0.
/// @throws ConfigError without photodiode or when it drives an input that takes a voltage.
std::vector<Complex> opto_electric_response(const Chain& chain, std::span<const double> frequency_Hz,
                                            double load_ohm = 50.0);

/// Index of the first modulator of the optical part. @throws ConfigError when there is none.
int modulator_of(const OpticalSpectrum& spectrum);

}  // namespace photonlink
