/// What modulator and filter buses have in common: the bus waveguide between the rings and their heaters.
///
/// Tuning power of one ring, P = R λ² / (c η): as-fabricated resonances spread evenly over ±R and heaters
/// shift to the red only, so the target lies at the red end and the mean shift is R; η is the red shift in
/// wavelength per heater power.
#pragma once

#include "core/constants.hpp"
#include "core/parameter_table.hpp"
#include "core/units.hpp"
#include "devices/physics/waveguide_nonlinearity.hpp"

namespace photonlink {

/// `rows` and behind them the rows of the bus, for a struct P with the five members named here.
template <class P>
ParameterTable<P> with_bus_rows(ParameterTable<P> rows) {
  using Q = Quantity;
  const ParameterTable<P> bus{
      {"off_resonance_loss", "Excess loss of every field that passes a ring.", Q::loss,
       &P::off_resonance_loss_dB, 0.0, 10.0, 0.0},
      {"ring_spacing", "Bus length from ring to ring.", Q::length, &P::ring_spacing_m, 0.0, 0.1},
      {"waveguide_loss", "Loss of the bus waveguide.", Q::loss_per_length, &P::waveguide_loss_dB_per_m, 0.0,
       1e4, 0.0},
      {"heater_efficiency", "Red shift of the resonance wavelength per heater power.",
       Q::wavelength_per_power, &P::heater_efficiency_m_per_W, 1e-10, 1e-4},
      {"resonance_spread",
       "Half range of resonances as fabricated (and of ambient drift) that heaters must cover.", Q::frequency,
       &P::resonance_spread_Hz, 0.0, 1e13, 0.0},
  };
  rows.insert(rows.end(), bus.begin(), bus.end());
  return rows;
}

/// Field factor of passing one ring off resonance and the waveguide to the next.
template <class P>
double passing_field(const P& p) {
  return field_ratio(Gain_dB{-p.off_resonance_loss_dB - p.waveguide_loss_dB_per_m * p.ring_spacing_m});
}

/// The bus of `rings` as a waveguide that bears only so much light.
template <class P>
NonlinearGuide bus_guide(const P& p, int rings) {
  return {.length_m = rings * p.ring_spacing_m, .loss_dB_per_m = p.waveguide_loss_dB_per_m};
}

/// Mean heater power of the ring at `frequency_Hz`, [W].
template <class P>
double tuning_power_W(const P& p, double frequency_Hz) {
  const double wavelength_m = constants::speed_of_light_m_per_s / frequency_Hz;
  return p.resonance_spread_Hz * wavelength_m * wavelength_m /
         (constants::speed_of_light_m_per_s * p.heater_efficiency_m_per_W);
}

}  // namespace photonlink
