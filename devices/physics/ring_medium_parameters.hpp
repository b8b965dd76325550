/// Parameters of what light does to a ring (ring_medium.hpp), for devices made of rings.
///
/// Everything is switched off by default, so that a card decides: thermal_resistance, two_photon, kerr and
/// collection_efficiency are 0, which are their `ideal` values. Typical of silicon rings: R_th 4e3 to 1e4 K/W
/// without undercut, τ_th 0.1 to 10 µs (0.42 µs in \cite deCea2019, 100 to 200 kHz in \cite Zheng2012).
#pragma once

#include "core/constants.hpp"
#include "core/parameter_table.hpp"
#include "devices/physics/ring_medium.hpp"

namespace photonlink {

/// `rows` and behind them those of slow heat, for a struct P with the members named here.
template <class P>
ParameterTable<P> with_heat_rows(ParameterTable<P> rows) {
  using Q = Quantity;
  const ParameterTable<P> heat{
      {"thermal_resistance", "Temperature of the ring per power it absorbs, R_th; 0: no self-heating.",
       Q::thermal_resistance, &P::thermal_resistance_K_per_W, 0.0, 1e7, 0.0},
      {"absorbed_fraction", "Share of the intrinsic loss that is absorbed; the rest is scattered.",
       Q::dimensionless, &P::absorbed_fraction, 0.0, 1.0},
      {"core_overlap", "Change of the effective index per change of the core's index.", Q::dimensionless,
       &P::core_overlap, 0.01, 2.0},
  };
  rows.insert(rows.end(), heat.begin(), heat.end());
  return rows;
}

/// The same and those of the fast effects, of photocurrent and of history.
template <class P>
ParameterTable<P> with_medium_rows(ParameterTable<P> rows) {
  using Q = Quantity;
  rows = with_heat_rows<P>(std::move(rows));
  const ParameterTable<P> medium{
      {"thermal_time", "Time constant of that temperature, tau_th.", Q::time, &P::thermal_time_s, 1e-9, 1.0},
      {"detuning_reference",
       "hot: the detuning holds with the mean self-heating, which tuning makes up for; cold: it is that of "
       "the ring without light.",
       Q::dimensionless,
       &P::detuning_reference,
       0.0,
       0.0,
       std::nullopt,
       {"hot", "cold"}},
      {"thermal_history",
       "Side from which the carrier came to its place beside the ring, which decides between two thermal "
       "states (detuning_reference cold).",
       Q::dimensionless,
       &P::thermal_history,
       0.0,
       0.0,
       std::nullopt,
       {"from_blue", "from_red"}},
      {"two_photon", "Two-photon absorption over that of silicon (0.84 cm/GW); 0: none.", Q::dimensionless,
       &P::two_photon, 0.0, 100.0, 0.0},
      {"kerr", "Kerr index over that of silicon (4.5e-18 m^2/W); 0: none.", Q::dimensionless, &P::kerr, 0.0,
       100.0, 0.0},
      {"mode_area", "Effective area of the guide for both.", Q::area, &P::mode_area_m2, 1e-15, 1e-10},
      {"carrier_lifetime",
       "How long pairs made by two photons stay in the ring; 0: the junction sweeps them out at once.",
       Q::time, &P::carrier_lifetime_s, 0.0, 1e-6, 0.0},
      {"collection_efficiency", "Electrons in the photocurrent per absorbed photon; 0: no photocurrent.",
       Q::dimensionless, &P::collection_efficiency, 0.0, 1.0, 0.0},
      {"max_sink_current", "Photocurrent that the driver of one ring can sink; more draws a warning.",
       Q::current, &P::max_sink_current_A, 0.0, 1.0},
  };
  rows.insert(rows.end(), medium.begin(), medium.end());
  return rows;
}

template <class P>
RingMedium ring_medium(const P& p, double frequency_Hz) {
  return make_ring_medium({.frequency_Hz = frequency_Hz,
                           .group_index = p.group_index,
                           .ring_length_m = constants::speed_of_light_m_per_s / (p.group_index * p.fsr_Hz),
                           .mode_area_m2 = p.mode_area_m2,
                           .overlap = p.core_overlap,
                           .two_photon = p.two_photon,
                           .kerr = p.kerr,
                           .absorbed_share = p.absorbed_fraction,
                           .carrier_lifetime_s = p.carrier_lifetime_s,
                           .thermal_resistance_K_per_W = p.thermal_resistance_K_per_W,
                           .thermal_time_s = p.thermal_time_s,
                           .collection_efficiency = p.collection_efficiency,
                           .bias_V = p.bias_V});
}

/// Some effect is switched on.
template <class P>
bool has_medium(const P& p) {
  return p.thermal_resistance_K_per_W > 0.0 || p.two_photon > 0.0 || p.kerr > 0.0 ||
         p.collection_efficiency > 0.0;
}

}  // namespace photonlink
