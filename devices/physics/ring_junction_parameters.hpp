/// The keys of a junction in a ring (ring_junction.hpp), for a device struct P derived from
/// RingJunctionParameters; with "slope" none of them acts.
#pragma once

#include <cmath>
#include <span>

#include "core/constants.hpp"
#include "core/parameter_table.hpp"
#include "devices/physics/charging.hpp"
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
      {"parasitic_capacitance",
       "Constant capacitance across the junction: fringes, parts of a gate without light (depletion, "
       "moscap).",
       Q::capacitance, &P::parasitic_capacitance_F, 0.0, 1e-11, 0.0},
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
                                p.parasitic_capacitance_F,
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

/// What the voltage around the bias does to a ring for light at `carrier_Hz`: by the junction, or for "slope"
/// (nullptr) by shift_per_voltage, curvature and loss_per_voltage.
template <class P>
RingVoltageLaw ring_voltage_law(const P& p, const RingJunction* junction, double carrier_Hz) {
  constexpr double c0 = constants::speed_of_light_m_per_s;
  if (junction) return {.effect = junction->effect(carrier_Hz, p.bias_V)};
  // α [1/m] = α_dB ln(10)/10 attenuates power; 2/τ_l = v_g α.
  const double loss_slope = 0.5 * c0 / p.group_index * p.loss_per_voltage_dB_per_m_V * std::log(10.0) / 10.0;
  return {-carrier_Hz * carrier_Hz / c0 * p.shift_per_voltage_m_per_V, p.curvature,
          p.built_in_potential_V + p.bias_V, loss_slope};
}

/// Power that charging the junction takes, the symbols swinging by `swing_Vpp` around the bias.
template <class P>
double junction_charging_W(const P& p, const RingJunction* junction, std::span<const double> symbols,
                           double swing_Vpp, double symbol_rate_Bd) {
  if (!junction) return charging_power_W(p.junction_capacitance_F, symbols, swing_Vpp, symbol_rate_Bd);
  return nonlinear_charging_power_W([&](double v) { return junction->charge_C(v); }, p.bias_V, symbols,
                                    swing_Vpp, symbol_rate_Bd);
}

/// What the junction has to say about a swing around the bias: its range, its capacitance.
template <class P>
std::vector<std::string> junction_warnings(const P& p, const RingJunction& junction, double carrier_Hz,
                                           double swing_Vpp) {
  auto list = junction.warnings(carrier_Hz, p.bias_V - 0.5 * swing_Vpp, p.bias_V + 0.5 * swing_Vpp);
  const double change = capacitance_change(junction, p.bias_V, swing_Vpp);
  // A tenth of the RC pole is what parameters of published rings are known to.
  if (change > 0.1)
    list.push_back(fmt::format(
        "the swing changes the capacitance by {:.0f} %; the load holds that at the bias, {}", 100.0 * change,
        format_quantity(junction.capacitance_F(p.bias_V), Quantity::capacitance)));
  return list;
}

}  // namespace photonlink
