/// What modulator and filter buses have in common: the bus waveguide between the rings, and behind its rows
/// those of the heaters (devices/physics/ring_tuning.hpp).
#pragma once

#include "core/parameter_table.hpp"
#include "core/units.hpp"
#include "devices/physics/ring_tuning.hpp"
#include "devices/physics/waveguide_nonlinearity.hpp"

namespace photonlink {

/// `rows` and behind them the rows of the bus, for a struct P with the three members named here and derived
/// from RingTuningParameters.
template <class P>
ParameterTable<P> with_bus_rows(ParameterTable<P> rows) {
  using Q = Quantity;
  const ParameterTable<P> bus{
      {"off_resonance_loss", "Excess loss of every field that passes a ring.", Q::loss,
       &P::off_resonance_loss_dB, 0.0, 10.0, 0.0},
      {"ring_spacing", "Bus length from ring to ring.", Q::length, &P::ring_spacing_m, 0.0, 0.1},
      {"waveguide_loss", "Loss of the bus waveguide.", Q::loss_per_length, &P::waveguide_loss_dB_per_m, 0.0,
       1e4, 0.0},
  };
  rows.insert(rows.end(), bus.begin(), bus.end());
  return with_tuning_rows<P>(std::move(rows));
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

}  // namespace photonlink
