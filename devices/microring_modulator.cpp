#include "devices/microring_modulator.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/charging.hpp"
#include "devices/physics/ring_alignment.hpp"
#include "devices/physics/ring_bus_parameters.hpp"
#include "devices/physics/ring_orders.hpp"
#include "devices/physics/ring_round_trip.hpp"

namespace photonlink {
namespace {

using P = MicroringModulatorParameters;
constexpr double pi = constants::pi, c0 = constants::speed_of_light_m_per_s;
Coupling coupling(const std::string& word) {
  return word == "over" ? Coupling::over : Coupling::under;
}

}  // namespace

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
    };
    return with_bus_rows<P>(std::move(rows));
  }();
  return table;
}

MicroringModulator::MicroringModulator(std::string name, const P& parameters)
    : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
  if (port() == RingPort::through || p_.rates == "quality") return;
  const bool couplings = p_.rates == "couplings";
  if ((couplings ? p_.drop_power_coupling : p_.drop_lifetime_s) > 0.0) return;
  throw ConfigError(fmt::format(
      "{}: {} with output = \"drop\", where no light would leave; set it, or output = \"through\"",
      this->name(),
      couplings ? "drop_power_coupling = 0 is outside (0, 0.999]"
                : "drop_lifetime = 0 s is outside (0 s, 1 us]"));
}

std::optional<LoadEnd> MicroringModulator::load_end(std::span<const double> frequency_Hz) const {
  LoadEnd end;
  for (double f : frequency_Hz) {
    // A capacitor is open at f = 0; its impedance at 1 Hz (8e12 ohm for 20 fF) stands in.
    const Complex jw(0.0, 2.0 * pi * std::max(f, 1.0));
    const Complex junction = 1.0 / (jw * p_.junction_capacitance_F);
    end.impedance_ohm.push_back(p_.series_resistance_ohm + junction);
    end.transfer.push_back(junction / end.impedance_ohm.back());
  }
  return end;
}

RingRates MicroringModulator::rates(double carrier_Hz) const {
  if (p_.rates == "couplings")
    return rates_from_couplings(p_.power_coupling, p_.drop_power_coupling, p_.round_trip_loss_dB, p_.fsr_Hz);
  if (p_.rates == "lifetimes")
    return {1.0 / p_.intrinsic_lifetime_s, 1.0 / p_.external_lifetime_s,
            p_.drop_lifetime_s > 0.0 ? 1.0 / p_.drop_lifetime_s : 0.0};
  if (port() == RingPort::drop)
    return add_drop_rates(carrier_Hz, p_.q_loaded, p_.drop_loss_dB, DropCoupling::symmetric);
  return all_pass_rates(carrier_Hz, p_.q_loaded, p_.extinction_dB, coupling(p_.coupling));
}

RingVoltageLaw MicroringModulator::law(double carrier_Hz) const {
  // α [1/m] = α_dB ln(10)/10 attenuates power; 2/τ_l = v_g α.
  const double loss_slope =
      0.5 * c0 / p_.group_index * p_.loss_per_voltage_dB_per_m_V * std::log(10.0) / 10.0;
  return {-carrier_Hz * carrier_Hz / c0 * p_.shift_per_voltage_m_per_V, p_.curvature,
          p_.built_in_potential_V + p_.bias_V, loss_slope};
}

double MicroringModulator::static_transmission(double carrier_Hz, double detuning_Hz, double u_V) const {
  return settled_power(rates(carrier_Hz), law(carrier_Hz), port(), detuning_Hz, u_V);
}

double MicroringModulator::detuning_of_loss_Hz(const RingRates& ring) const {
  const double centre_dB = loss_at_detuning_dB(ring, port(), 0.0),
               edge_dB = loss_at_detuning_dB(ring, port(), 0.5 * p_.fsr_Hz);
  const double least = std::min(centre_dB, edge_dB), most = std::max(centre_dB, edge_dB);
  if (p_.detuning_loss_dB < least || p_.detuning_loss_dB > most) {
    const char* fix = p_.detuning_loss_dB < least   ? "ask for more"
                      : port() == RingPort::through ? "ask for less, or deepen the dip"
                                                    : "ask for less";
    throw ConfigError(
        fmt::format("{}: detuning_loss = {} is outside [{}, {}], what the ring reaches within half a free "
                    "spectral range; {}",
                    name(), format_quantity(p_.detuning_loss_dB, Quantity::loss),
                    format_quantity(least, Quantity::loss), format_quantity(most, Quantity::loss), fix));
  }
  return detuning_at_loss_Hz(ring, port(), p_.detuning_loss_dB);
}

double MicroringModulator::own_detuning_Hz(double carrier_Hz, double swing_Vpp) const {
  if (p_.detuning_mode == "fixed") return p_.detuning_Hz;
  const double side = p_.detuning_side == "blue" ? 1.0 : -1.0;
  if (p_.detuning_mode == "insertion_loss") return side * detuning_of_loss_Hz(rates(carrier_Hz));
  if (!(swing_Vpp > 0.0))
    throw ConfigError(
        fmt::format("{}: detuning_mode = \"max_oma\" needs a drive swing above 0 V; set detuning_mode = "
                    "\"fixed\" and a detuning",
                    name()));
  return largest_oma_detuning_Hz(rates(carrier_Hz), law(carrier_Hz), port(), side, swing_Vpp);
}

void MicroringModulator::check_bundle(const Bundle& b) const {
  if (b.port.size() != 1 || b.port[0].field.size() != b.carrier_Hz.size())
    throw ConfigError(
        fmt::format("{}: one input port with {} carriers is expected, {} ports arrive; place the "
                    "modulator behind the laser",
                    name(), b.carrier_Hz.size(), b.port.size()));
  if (b.lane.empty() || b.lane.size() > b.carrier_Hz.size())
    throw ConfigError(
        fmt::format("{}: {} lanes drive rings on {} carriers, allowed 1 to {}; give the laser one line "
                    "per lane",
                    name(), b.lane.size(), b.carrier_Hz.size(), b.carrier_Hz.size()));
  require_own_orders(name(), std::span(b.carrier_Hz).first(b.lane.size()), p_.fsr_Hz,
                     rates(b.carrier_Hz.front()).linewidth_Hz());
  if (port() == RingPort::drop && b.lane.size() > 1)
    throw ConfigError(
        fmt::format("{}: {} lanes drive an output = \"drop\", allowed 1: behind the first resonator only "
                    "its own light is left; use one lane or output = \"through\"",
                    name(), b.lane.size()));
}

std::vector<AlignedRing> MicroringModulator::align(const Bundle& b) const {
  return align(b, b.carrier_Hz);
}

std::vector<AlignedRing> MicroringModulator::align(const Bundle& b, std::span<const double> light_Hz) const {
  check_bundle(b);
  std::vector<AlignedRing> rings;
  for (std::size_t i = 0; i < b.lane.size(); ++i) {
    const double carrier = b.carrier_Hz[i], resonance = carrier - own_detuning_Hz(carrier, b.full_scale_Vpp);
    AlignedRing& ring = rings.emplace_back(AlignedRing{rates(carrier),
                                                       law(carrier),
                                                       {},
                                                       passing_field(p_),
                                                       port(),
                                                       static_cast<int>(i),
                                                       p_.neighbour_modulation});
    for (double f : light_Hz) ring.detuning_Hz.push_back(nearest_detuning_Hz(f, resonance, p_.fsr_Hz));
  }
  return rings;
}

std::unique_ptr<Stepper> MicroringModulator::start(const Bundle& input) const {
  return start_bus(align(input), input);
}

std::unique_ptr<Tangent> MicroringModulator::tangent(const Bundle& input) const {
  return bus_tangent(align(input), input);
}

double MicroringModulator::transmission(const Bundle& at, double probe_Hz,
                                        std::span<const double> drive_V) const {
  const std::vector<AlignedRing> rings = align(at, {&probe_Hz, 1});
  require(drive_V.size() == rings.size(),
          fmt::format("{}: {} drive voltages for {} lanes", name(), drive_V.size(), rings.size()));
  double power = 1.0;
  for (std::size_t i = 0; i < rings.size(); ++i) {
    const AlignedRing& ring = rings[i];
    // The order that is nearest once the voltage has moved them all.
    const double shift_Hz = ring.law.shift_Hz(drive_V[i]);
    const double detuning_Hz = nearest_detuning_Hz(ring.detuning_Hz[0] - shift_Hz, 0.0, p_.fsr_Hz) + shift_Hz;
    power *= ring.passing_field * ring.passing_field *
             settled_power(ring.rates, ring.law, ring.port, detuning_Hz, drive_V[i]);
  }
  return power;
}

std::vector<Complex> MicroringModulator::small_signal(const Bundle& at, int lane,
                                                      std::span<const double> frequency_Hz) const {
  require(lane >= 0 && lane < static_cast<int>(at.lane.size()),
          fmt::format("{}: lane {} is outside [0, {}]", name(), lane, at.lane.size() - 1));
  const auto own = static_cast<std::size_t>(lane);
  const std::vector<AlignedRing> rings = align(at, std::span(at.carrier_Hz).subspan(own, 1));
  double passing = 1.0;
  for (std::size_t i = 0; i < rings.size(); ++i) {
    passing *= rings[i].passing_field * rings[i].passing_field;
    if (i != own) passing *= port_power(rings[i].rates, rings[i].port, rings[i].detuning_Hz[0]);
  }
  const AlignedRing& ring = rings[own];
  const RateChange per_volt{ring.law.shift_slope_Hz_per_V(0.0), ring.law.loss_slope_per_s_V};
  std::vector<Complex> response;
  for (const double f : frequency_Hz)
    response.push_back(passing *
                       small_signal_response(ring.rates, ring.detuning_Hz[0], per_volt, f, ring.port));
  return response;
}

void MicroringModulator::ledger(const Bundle& input, Ledger& ledger) const {
  const std::vector<AlignedRing> rings = align(input);
  double charging_W = 0.0, tuning_W = 0.0;
  require(input.symbols.size() >= rings.size(), name() + ": the bundle carries no symbols for its lanes");
  for (std::size_t i = 0; i < rings.size(); ++i) {
    charging_W += charging_power_W(p_.junction_capacitance_F, input.symbols[i], input.full_scale_Vpp,
                                   input.grid.symbol_rate_Bd);
    tuning_W += tuning_power_W(p_, input.carrier_Hz[i]);
  }
  ledger.energy.push_back({name(), "junction charging", Owner::module, charging_W,
                           fmt::format("1/2 C <dV^2> symbol rate; C {}, swing {}",
                                       format_quantity(p_.junction_capacitance_F, Quantity::capacitance),
                                       format_quantity(input.full_scale_Vpp, Quantity::voltage))});
  ledger.energy.push_back(
      {name(), "tuning", Owner::module, tuning_W,
       fmt::format("mean red shift {} over heater efficiency {}, {} rings",
                   format_quantity(p_.resonance_spread_Hz, Quantity::frequency),
                   format_quantity(p_.heater_efficiency_m_per_W, Quantity::wavelength_per_power),
                   rings.size())});
  const double bus_s = static_cast<double>(rings.size() - 1) * p_.ring_spacing_m * p_.group_index / c0;
  const double ring_s = modulation_delay_s(rings[0].rates, rings[0].detuning_Hz[0], port());
  ledger.latency.push_back({name(), bus_s + std::max(ring_s, 0.0)});
}

void MicroringModulator::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  const std::vector<AlignedRing> rings = align(input);
  const auto warn = [&](std::string text) { warnings.push_back({name(), std::move(text)}); };
  if (input.carrier_Hz.size() > input.lane.size())
    warn(fmt::format(
        "{} of {} carriers have no lane that modulates them; their laser power counts all the same",
        input.carrier_Hz.size() - input.lane.size(), input.carrier_Hz.size()));
  check_orders(name(), std::span(input.carrier_Hz).first(input.lane.size()), p_.fsr_Hz, warnings);
  check_nonlinearity(name(), bus_guide(p_, static_cast<int>(input.lane.size())), input, warnings);
  // Where circuit simulators end the depletion law (FC = 1/2). Injected charge grows by e per 26 mV: half the
  // built-in potential short of full injection, 0.45 V in silicon, it is 3e-8 of it.
  const double forward_V = 0.5 * input.full_scale_Vpp - p_.bias_V;
  if (forward_V > 0.5 * p_.built_in_potential_V)
    warn(fmt::format(
        "the junction is driven forward to {}, beyond half its built-in potential; injection, its delay and "
        "current are not modelled",
        format_quantity(forward_V, Quantity::voltage)));
  // Mueller 2014: transfer curve distorted at 10 dBm in the waveguide, not at -6 dBm. The product with Q that
  // separates the two (10 W) is an estimate.
  for (std::size_t i = 0; i < rings.size(); ++i) {
    double power_W = 0.0;
    for (const Complex& a : input.port[0].field[i]) power_W += std::norm(a);
    power_W /= static_cast<double>(input.port[0].field[i].size());
    const double q = rings[i].rates.q_loaded(input.carrier_Hz[i]);
    if (power_W * q <= 10.0) continue;
    warn(fmt::format("{} on carrier {} at Q {:.0f}: self-heating and two-photon absorption are not modelled",
                     format_quantity(power_W, Quantity::power), i, q));
    break;
  }
  if (input.grid.symbol_rate_Bd > 0.25 * p_.fsr_Hz)
    warn(fmt::format(
        "symbol rate {} approaches the free spectral range {}: only one resonance order acts per carrier",
        format_quantity(input.grid.symbol_rate_Bd, Quantity::symbol_rate),
        format_quantity(p_.fsr_Hz, Quantity::frequency)));
  const RingRates& r = rings[0].rates;
  const auto power_coupling = [&](double rate) { return -std::expm1(-2.0 * rate / p_.fsr_Hz); };
  const RoundTripRing same{power_coupling(r.bus_per_s), power_coupling(r.drop_per_s),
                           20.0 / std::log(10.0) * r.loss_per_s / p_.fsr_Hz, 0.0};
  const double phase = std::min(pi, 2.0 * pi * r.linewidth_Hz() / p_.fsr_Hz);
  const double error =
      port() == RingPort::through ? through_error_bound(same, phase) : drop_error_bound(same, phase);
  if (error > 0.01)
    warn(fmt::format("finesse {:.1f}: the Lorentzian line may be off by {:.1f} % of the field",
                     finesse(r, p_.fsr_Hz), 100.0 * error));
  const double least_loss =
      r.loss_per_s - 0.5 * input.full_scale_Vpp * std::abs(rings[0].law.loss_slope_per_s_V);
  if (least_loss < 0.0) warn("loss_per_voltage makes the ring amplify within the swing; reduce it");
}

}  // namespace photonlink
