/// The electrical side of a reverse-biased diode that light drives: a current source across its capacitance
/// C, behind the series resistance R_s.
///
///   Norton equivalent   Y = jωC / (1 + jωR_s C),   I_N = I / (1 + jωR_s C)
///
/// Verified in tests/devices/photodiode_test.cpp against the one pole they form with a load.
#pragma once

#include <span>

#include "core/constants.hpp"
#include "network/two_port.hpp"

namespace photonlink {

/// I_N / I.
inline Complex junction_norton(double frequency_Hz, double capacitance_F, double series_resistance_ohm) {
  return 1.0 / Complex(1.0, 2.0 * constants::pi * frequency_Hz * capacitance_F * series_resistance_ohm);
}

/// Y, (n_frequency).
inline SourceEnd junction_source(std::span<const double> frequency_Hz, double capacitance_F,
                                 double series_resistance_ohm) {
  SourceEnd source{SourceEnd::Form::norton, std::vector<Complex>(frequency_Hz.size())};
  for (std::size_t k = 0; k < frequency_Hz.size(); ++k)
    source.immittance[k] = Complex(0.0, 2.0 * constants::pi * frequency_Hz[k] * capacitance_F) *
                           junction_norton(frequency_Hz[k], capacitance_F, series_resistance_ohm);
  return source;
}

}  // namespace photonlink
