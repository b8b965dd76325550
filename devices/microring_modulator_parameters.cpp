// The parameter table of the microring modulator.
#include "devices/microring_modulator.hpp"
#include "devices/physics/ring_bus_parameters.hpp"
#include "devices/physics/ring_junction_parameters.hpp"
#include "devices/physics/ring_medium_parameters.hpp"

namespace photonlink {

using P = MicroringModulatorParameters;

template <>
const ParameterTable<P>& parameter_table<P>() {
  using Q = Quantity;
  static const ParameterTable<P> table = [] {
    ParameterTable<P> rows{
        {"rates",
         "What states the decay rates: quality, couplings or lifetimes; the keys of the others have no "
         "effect.",
         Q::dimensionless,
         &P::rates,
         0.0,
         0.0,
         std::nullopt,
         {"quality", "couplings", "lifetimes"}},
        {"q_loaded", "Loaded quality factor at the bias (rates = quality).", Q::dimensionless, &P::q_loaded,
         100.0, 1e6},
        {"extinction",
         "Depth of the static resonance dip (minimum transmission), positive (quality, output through).",
         Q::loss, &P::extinction_dB, 1.0, 80.0},
        {"coupling",
         "Coupling regime; over-coupled rings turn the phase on resonance (quality, output through).",
         Q::dimensionless,
         &P::coupling,
         0.0,
         0.0,
         std::nullopt,
         {"under", "over"}},
        {"drop_loss", "Loss from bus to drop on resonance, equal couplers (quality, output drop).", Q::loss,
         &P::drop_loss_dB, 0.0, 30.0, 0.0},
        {"power_coupling", "Power coupling of bus and ring (rates = couplings).", Q::dimensionless,
         &P::power_coupling, 1e-6, 0.999},
        {"drop_power_coupling", "Power coupling of ring and drop waveguide, 0: none (couplings).",
         Q::dimensionless, &P::drop_power_coupling, 0.0, 0.999},
        {"round_trip_loss", "Loss of one round trip at the bias (couplings).", Q::loss,
         &P::round_trip_loss_dB, 0.0, 30.0},
        {"intrinsic_lifetime", "Amplitude lifetime by loss in the ring at the bias (rates = lifetimes).",
         Q::time, &P::intrinsic_lifetime_s, 1e-14, 1e-6},
        {"external_lifetime", "Amplitude lifetime by coupling to the bus (lifetimes).", Q::time,
         &P::external_lifetime_s, 1e-14, 1e-6},
        {"drop_lifetime", "Amplitude lifetime by coupling to the drop waveguide, 0: none (lifetimes).",
         Q::time, &P::drop_lifetime_s, 0.0, 1e-6},
        {"output",
         "Waveguide that goes on: through, the bus; drop, the other side of a resonator in transmission.",
         Q::dimensionless,
         &P::output,
         0.0,
         0.0,
         std::nullopt,
         {"through", "drop"}},
        {"fsr", "Free spectral range.", Q::frequency, &P::fsr_Hz, 1e10, 2e13},
        {"group_index", "Group index of the ring and bus waveguides.", Q::dimensionless, &P::group_index, 1.0,
         10.0},
        {"shift_per_voltage",
         "Red shift of the resonance wavelength per volt of reverse voltage, at the bias.",
         Q::wavelength_per_voltage, &P::shift_per_voltage_m_per_V, -1e-8, 1e-8},
        {"curvature", "Share of the shift that follows the square root of an abrupt junction, 0: linear.",
         Q::dimensionless, &P::curvature, 0.0, 1.0, 0.0},
        {"built_in_potential", "Built-in potential of the junction.", Q::voltage, &P::built_in_potential_V,
         0.1, 3.0},
        {"loss_per_voltage",
         "Change of the ring waveguide loss per volt of reverse voltage; negative for depletion.",
         Q::loss_per_voltage, &P::loss_per_voltage_dB_per_m_V, -1e5, 1e5, 0.0},
        {"bias", "Reverse bias of the junction.", Q::voltage, &P::bias_V, 0.0, 20.0},
        {"detuning_mode",
         "max_oma: largest static OMA over the swing; fixed: the value of detuning; insertion_loss: where "
         "the ring loses detuning_loss.",
         Q::dimensionless,
         &P::detuning_mode,
         0.0,
         0.0,
         std::nullopt,
         {"max_oma", "fixed", "insertion_loss"}},
        {"detuning_side",
         "Side of the resonance on which max_oma and insertion_loss put the carrier.",
         Q::dimensionless,
         &P::detuning_side,
         0.0,
         0.0,
         std::nullopt,
         {"blue", "red"}},
        {"detuning", "Carrier minus resonance frequency at the bias, used when fixed.", Q::frequency,
         &P::detuning_Hz, -1e12, 1e12},
        {"detuning_loss",
         "Loss at the bias, used when insertion_loss: below full transmission (through) or below the peak "
         "(drop), passing losses apart.",
         Q::loss, &P::detuning_loss_dB, 1e-3, 80.0},
        {"neighbour_modulation",
         "Share of what a ring does to the other carriers in time: 1 as it is, 0 their passage at the bias "
         "only.",
         Q::dimensionless, &P::neighbour_modulation, 0.0, 1.0, 0.0},
        {"junction_capacitance", "Capacitance of the junction at the bias.", Q::capacitance,
         &P::junction_capacitance_F, 1e-18, 1e-11, 1e-18},
        {"series_resistance", "Resistance between the terminals and the junction.", Q::resistance,
         &P::series_resistance_ohm, 0.0, 1e4, 0.0},
        {"dynamics",
         "coupled_mode: one resonance by its rates; round_trip: the light round by round, all resonances.",
         Q::dimensionless,
         &P::dynamics,
         0.0,
         0.0,
         std::nullopt,
         {"coupled_mode", "round_trip"}},
        {"tuning_error",
         "Resonance minus where detuning_mode puts it, of every ring, left by the locking loop.",
         Q::frequency, &P::tuning_error_Hz, -1e12, 1e12, 0.0},
    };
    return with_medium_rows<P>(with_bus_rows<P>(with_junction_rows<P>(std::move(rows))));
  }();
  return table;
}

}  // namespace photonlink
