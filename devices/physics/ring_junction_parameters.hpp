/// The keys of a junction in a ring (ring_junction.hpp), for a device struct P that has these members; with
/// "slope" none of them acts.
#pragma once

#include "core/constants.hpp"
#include "core/parameter_table.hpp"
#include "devices/physics/ring_junction.hpp"

namespace photonlink {

/// `rows` and behind them those of the junction.
template <class P>
ParameterTable<P> with_junction_rows(ParameterTable<P> rows) {
  using Q = Quantity;
  constexpr auto none = std::nullopt;
  const ParameterTable<P> junction{
      {"junction",
       "What shift, loss and capacitance follow from: slope (shift_per_voltage, loss_per_voltage, "
       "junction_capacitance), depletion (densities), moscap (gate), table (measured).",
       Q::dimensionless,
       &P::junction,
       0.0,
       0.0,
       none,
       {"slope", "depletion", "moscap", "table"}},
      {"carrier_fit",
       "Index and absorption of silicon against carrier density (depletion, moscap).",
       Q::dimensionless,
       &P::carrier_fit,
       0.0,
       0.0,
       none,
       {"nedeljkovic2011", "soref1987"}},
      {"acceptor_density", "Acceptors of the p side (depletion).", Q::carrier_density,
       &P::acceptor_density_per_m3, 1e21, 1e27},
      {"donor_density", "Donors of the n side (depletion).", Q::carrier_density, &P::donor_density_per_m3,
       1e21, 1e27},
      {"junction_offset",
       "Junction or oxide from the middle of the mode, towards the n side (depletion, moscap).", Q::length,
       &P::junction_offset_m, -1e-5, 1e-5},
      {"mode_radius", "Half width across the junction where the intensity is 1/e^2 (depletion, moscap).",
       Q::length, &P::mode_radius_m, 1e-8, 1e-5},
      {"confinement", "Change of the effective index per change of that of silicon (depletion, moscap).",
       Q::dimensionless, &P::confinement, 0.01, 2.0},
      {"junction_coverage", "Share of the round trip that has the junction (depletion, moscap).",
       Q::dimensionless, &P::junction_coverage, 1e-3, 1.0},
      {"junction_extent",
       "Width of the junction across the waveguide: height of the rib for a lateral one (depletion, moscap).",
       Q::length, &P::junction_extent_m, 1e-8, 1e-5},
      {"capacitance_ratio", "Charge of the terminals over that of the active part (depletion, moscap).",
       Q::dimensionless, &P::capacitance_ratio, 1.0, 10.0, 1.0},
      {"oxide_thickness", "Gate oxide (moscap).", Q::length, &P::oxide_thickness_m, 1e-9, 1e-7},
      {"oxide_permittivity", "Relative permittivity of the gate oxide (moscap).", Q::dimensionless,
       &P::oxide_permittivity, 1.0, 100.0},
      {"flat_band_voltage", "Voltage above which carriers accumulate (moscap).", Q::voltage,
       &P::flat_band_voltage_V, -5.0, 5.0},
      {"accumulation_thickness", "Depth over which they accumulate (moscap).", Q::length,
       &P::accumulation_thickness_m, 1e-10, 1e-7},
      {"gate",
       "Gate of a moscap: silicon (n type), or a conductor with gate_mass and gate_scattering_time.",
       Q::dimensionless,
       &P::gate,
       0.0,
       0.0,
       none,
       {"silicon", "conductor"}},
      {"gate_mass", "Effective mass of the electrons of a conductor, relative to free ones (moscap).",
       Q::dimensionless, &P::gate_mass, 0.01, 10.0},
      {"gate_scattering_time", "Their scattering time, mobility times mass over charge (moscap).", Q::time,
       &P::gate_scattering_time_s, 1e-16, 1e-12},
      {"table_voltage", "Reverse voltages of the table, ascending, 4 or more (table).", Q::voltage,
       &P::table_voltage_V, -20.0, 50.0},
      {"table_shift", "Resonance wavelength at those voltages, from any reference (table).", Q::length,
       &P::table_shift_m, -1e-7, 1e-7},
      {"table_loss",
       "Loss of the ring waveguide at those voltages, averaged over it, from any reference; empty: constant "
       "(table).",
       Q::loss_per_length, &P::table_loss_dB_per_m, -1e6, 1e6},
      {"table_capacitance", "Capacitance at those voltages (table).", Q::capacitance, &P::table_capacitance_F,
       1e-18, 1e-11},
  };
  rows.insert(rows.end(), junction.begin(), junction.end());
  return rows;
}

/// The junction that `p` describes, nullptr for "slope". @throws ConfigError for a table that is none.
template <class P>
std::shared_ptr<const RingJunction> make_ring_junction(const P& p, const std::string& owner) {
  if (p.junction == "slope") return nullptr;
  const JunctionWaveguide guide{constants::speed_of_light_m_per_s / (p.group_index * p.fsr_Hz),
                                p.group_index,
                                p.junction_coverage,
                                p.confinement,
                                p.mode_radius_m,
                                p.junction_offset_m,
                                p.junction_extent_m,
                                p.capacitance_ratio,
                                p.carrier_fit};
  if (p.junction == "depletion")
    return RingJunction::depletion(guide, {p.acceptor_density_per_m3, p.donor_density_per_m3});
  if (p.junction == "moscap")
    return RingJunction::moscap(
        guide, {p.oxide_thickness_m, p.oxide_permittivity, p.flat_band_voltage_V, p.accumulation_thickness_m,
                p.gate == "silicon", p.gate_mass, p.gate_scattering_time_s});
  return RingJunction::table(
      guide, {p.table_voltage_V, p.table_shift_m, p.table_loss_dB_per_m, p.table_capacitance_F}, owner);
}

}  // namespace photonlink
