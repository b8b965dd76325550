#include "devices/microring_modulator.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/delay_bus.hpp"
#include "devices/physics/ring_alignment.hpp"
#include "devices/physics/ring_bus_parameters.hpp"
#include "devices/physics/ring_delay.hpp"
#include "devices/physics/ring_junction_parameters.hpp"
#include "devices/physics/ring_medium_parameters.hpp"
#include "devices/physics/ring_orders.hpp"
#include "devices/physics/ring_round_trip.hpp"
#include "devices/physics/ring_small_signal.hpp"

namespace photonlink {
namespace {

using P = MicroringModulatorParameters;
constexpr double pi = constants::pi, c0 = constants::speed_of_light_m_per_s;
Coupling coupling(const std::string& word) {
  return word == "over" ? Coupling::over : Coupling::under;
}

}  // namespace

MicroringModulator::MicroringModulator(std::string name, const P& parameters)
    : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
  check_tuning(p_, this->name());
  junction_ = make_ring_junction(p_, this->name());
  if (p_.dynamics == "round_trip" && has_medium(p_))
    throw ConfigError(fmt::format(
        "{}: dynamics = \"round_trip\" with light that heats or absorbs, which only coupled modes "
        "have; set dynamics = \"coupled_mode\", or thermal_resistance, two_photon, kerr and "
        "collection_efficiency = 0",
        this->name()));
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
    const Complex junction = 1.0 / (jw * capacitance_F());
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

double MicroringModulator::capacitance_F() const {
  return junction_ ? junction_->capacitance_F(p_.bias_V) : p_.junction_capacitance_F;
}

RingVoltageLaw MicroringModulator::law(double carrier_Hz) const {
  return ring_voltage_law(p_, junction_.get(), carrier_Hz);
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
    const double carrier = b.carrier_Hz[i];
    const double resonance = carrier - own_detuning_Hz(carrier, b.full_scale_Vpp) + p_.tuning_error_Hz;
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

std::vector<RingHeat> MicroringModulator::heat(const Bundle& input) const {
  const std::vector<AlignedRing> aligned = align(input);
  std::vector<HotRing> rings;
  rings.reserve(aligned.size());
  for (std::size_t i = 0; i < aligned.size(); ++i)
    rings.push_back({aligned[i], ring_medium(p_, input.carrier_Hz[i])});
  return ring_heat(std::move(rings), input, heat_limits().reference, heat_limits().history);
}

HeatLimits MicroringModulator::heat_limits() const {
  return {p_.max_sink_current_A, p_.resonance_spread_Hz,
          p_.detuning_reference == "hot" ? DetuningReference::hot : DetuningReference::cold,
          p_.thermal_history == "from_blue" ? ThermalHistory::from_blue : ThermalHistory::from_red};
}

std::unique_ptr<Stepper> MicroringModulator::start(const Bundle& input) const {
  if (p_.dynamics == "round_trip") return start_delay_bus(align(input), p_.fsr_Hz, input);
  if (!has_medium(p_)) return start_bus(align(input), input);
  return start_hot_bus(hot_rings(heat(input)), input);
}

std::unique_ptr<Tangent> MicroringModulator::tangent(const Bundle& input) const {
  if (p_.dynamics == "round_trip") return delay_bus_tangent(align(input), p_.fsr_Hz, input);
  if (!has_medium(p_)) return bus_tangent(align(input), input);
  const std::vector<HotRing> rings = hot_rings(heat(input));
  if (rings[0].medium.fast()) return hot_bus_tangent(rings, input);
  std::vector<AlignedRing> aligned;  // at held temperature nothing else follows the light
  aligned.reserve(rings.size());
  for (const HotRing& ring : rings) aligned.push_back(ring.aligned);
  return bus_tangent(aligned, input);
}

// Five lifetimes: e^-5 of a perturbation is left.
double MicroringModulator::core_memory_s() const {
  return p_.two_photon > 0.0 ? 5.0 * p_.carrier_lifetime_s : 0.0;
}

std::vector<RingDress> MicroringModulator::dress(const Bundle& at, std::span<const double> drive_V) const {
  if (!has_medium(p_)) return std::vector<RingDress>(at.lane.size());
  return settled_dress(heat(at), at, drive_V);
}

double MicroringModulator::settled(const AlignedRing& ring, double extra_loss_per_s, double detuning_Hz,
                                   double u_V) const {
  RingRates rates = ring.rates;
  rates.loss_per_s += extra_loss_per_s;
  if (p_.dynamics == "coupled_mode") return settled_power(rates, ring.law, ring.port, detuning_Hz, u_V);
  const RateChange change = ring.law.change(u_V);
  rates.loss_per_s += change.loss_per_s;
  return delay_power(rates, p_.fsr_Hz, ring.port, detuning_Hz - change.resonance_Hz);
}

double MicroringModulator::transmission(const Bundle& at, double probe_Hz,
                                        std::span<const double> drive_V) const {
  const std::vector<AlignedRing> rings = align(at, {&probe_Hz, 1});
  require(drive_V.size() == rings.size(),
          fmt::format("{}: {} drive voltages for {} lanes", name(), drive_V.size(), rings.size()));
  const std::vector<RingDress> lit = dress(at, drive_V);
  double power = 1.0;
  for (std::size_t i = 0; i < rings.size(); ++i) {
    const AlignedRing& ring = rings[i];
    // The order that is nearest once the voltage has moved them all.
    const double shift_Hz = ring.law.shift_Hz(drive_V[i]);
    const double moved_Hz = ring.detuning_Hz[0] + lit[i].offset_Hz - lit[i].shift_Hz;
    const double detuning_Hz = nearest_detuning_Hz(moved_Hz - shift_Hz, 0.0, p_.fsr_Hz) + shift_Hz;
    power *= ring.passing_field * ring.passing_field *
             settled(ring, lit[i].extra_loss_per_s, detuning_Hz, drive_V[i]);
  }
  return power;
}

std::vector<Complex> MicroringModulator::small_signal(const Bundle& at, int lane,
                                                      std::span<const double> frequency_Hz) const {
  require(lane >= 0 && lane < static_cast<int>(at.lane.size()),
          fmt::format("{}: lane {} is outside [0, {}]", name(), lane, at.lane.size() - 1));
  const auto own = static_cast<std::size_t>(lane);
  const std::vector<AlignedRing> rings = align(at, std::span(at.carrier_Hz).subspan(own, 1));
  const std::vector<RingDress> lit = dress(at, std::vector<double>(rings.size(), 0.0));
  double passing = 1.0, in_front_W = std::norm(at.port[0].field[own].front());
  for (std::size_t i = 0; i < rings.size(); ++i) {
    double through = rings[i].passing_field * rings[i].passing_field;
    if (i != own)
      through *= settled(rings[i], lit[i].extra_loss_per_s,
                         rings[i].detuning_Hz[0] + lit[i].offset_Hz - lit[i].shift_Hz, 0.0);
    passing *= through;
    if (i < own) in_front_W *= through;
  }
  const AlignedRing& ring = rings[own];
  const RateChange per_volt{ring.law.shift_slope_Hz_per_V(0.0), ring.law.loss_slope_at(0.0)};
  const RingMedium medium = ring_medium(p_, at.carrier_Hz[own]);
  const double detuning_Hz = ring.detuning_Hz[0] + lit[own].offset_Hz;
  const auto own_response = [&](double f) {
    if (p_.dynamics == "round_trip")
      return delay_small_signal(ring.rates, p_.fsr_Hz, ring.port, detuning_Hz, per_volt, f);
    if (medium.fast())
      return hot_small_signal_response(ring.rates, medium, in_front_W, detuning_Hz, per_volt, f, ring.port);
    return small_signal_response(ring.rates, detuning_Hz, per_volt, f, ring.port);
  };
  std::vector<Complex> response;
  response.reserve(frequency_Hz.size());
  for (const double f : frequency_Hz) response.push_back(passing * own_response(f));
  return response;
}

void MicroringModulator::ledger(const Bundle& input, Ledger& ledger) const {
  const std::vector<AlignedRing> rings = align(input);
  const std::vector<RingHeat> lit = has_medium(p_) ? heat(input) : std::vector<RingHeat>{};
  double charging_W = 0.0;
  require(input.symbols.size() >= rings.size(), name() + ": the bundle carries no symbols for its lanes");
  for (std::size_t i = 0; i < rings.size(); ++i)
    charging_W += junction_charging_W(p_, junction_.get(), input.symbols[i], input.full_scale_Vpp,
                                      input.grid.symbol_rate_Bd);
  ledger.energy.push_back(
      {name(), "junction charging", Owner::module, charging_W,
       fmt::format("{} symbol rate; C {} at the bias, swing {}", junction_ ? "<V dQ>" : "1/2 C <dV^2>",
                   format_quantity(capacitance_F(), Quantity::capacitance),
                   format_quantity(input.full_scale_Vpp, Quantity::voltage))});
  const RingTuning tuned = tuning(input);
  ledger.energy.push_back(tuning_entry(name(), p_, tuned, rings.size()));
  if (heat_limits().reference == DetuningReference::hot)
    deduct_self_heating(ledger.energy.back(), tuned.mean_shift_Hz, lit);
  if (p_.collection_efficiency > 0.0) ledger.energy.push_back(photocurrent_entry(name(), lit));
  const double bus_s = static_cast<double>(rings.size() - 1) * p_.ring_spacing_m * p_.group_index / c0;
  const double offset_Hz = lit.empty() ? 0.0 : lit[0].offset_Hz;
  const double ring_s = modulation_delay_s(rings[0].rates, rings[0].detuning_Hz[0] + offset_Hz, port());
  ledger.latency.push_back({name(), bus_s + std::max(ring_s, 0.0)});
}

RingTuning MicroringModulator::tuning(const Bundle& b) const {
  return ring_tuning(name(), p_, std::span(b.carrier_Hz).first(b.lane.size()), p_.fsr_Hz, p_.ring_spacing_m);
}

void MicroringModulator::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  const std::vector<AlignedRing> rings = align(input);
  const auto warn = [&](std::string text) { warnings.push_back({name(), std::move(text)}); };
  if (input.carrier_Hz.size() > input.lane.size())
    warn(fmt::format(
        "{} of {} carriers have no lane that modulates them; their laser power counts all the same",
        input.carrier_Hz.size() - input.lane.size(), input.carrier_Hz.size()));
  if (p_.neighbour_modulation != 1.0 && input.lane.size() > 1 &&
      (has_medium(p_) || p_.dynamics == "round_trip"))
    warn("neighbour_modulation acts in coupled modes without heat or absorption only: taken as 1");
  check_orders(name(), std::span(input.carrier_Hz).first(input.lane.size()), p_.fsr_Hz, warnings);
  check_nonlinearity(name(), bus_guide(p_, static_cast<int>(input.lane.size())), input, warnings);
  // Where circuit simulators end the depletion law (FC = 1/2). Injected charge grows by e per 26 mV: half the
  // built-in potential short of full injection, 0.45 V in silicon, it is 3e-8 of it.
  const double forward_V = 0.5 * input.full_scale_Vpp - p_.bias_V;
  if (junction_) {
    for (std::string& text : junction_warnings(p_, *junction_, input.carrier_Hz[0], input.full_scale_Vpp))
      warn(std::move(text));
  } else if (forward_V > 0.5 * p_.built_in_potential_V)
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
    if (power_W * q <= 10.0 || (p_.thermal_resistance_K_per_W > 0.0 && p_.two_photon > 0.0)) continue;
    warn(fmt::format(
        "{} on carrier {} at Q {:.0f}: self-heating or two-photon absorption is switched off; set "
        "thermal_resistance and two_photon",
        format_quantity(power_W, Quantity::power), i, q));
    break;
  }
  if (has_medium(p_)) warn_of_heat(name(), heat(input), heat_limits(), warnings);
  if (p_.dynamics == "coupled_mode" && input.grid.symbol_rate_Bd > 0.25 * p_.fsr_Hz)
    warn(fmt::format(
        "symbol rate {} approaches the free spectral range {}: only one resonance order acts per carrier; "
        "dynamics = \"round_trip\" has them all",
        format_quantity(input.grid.symbol_rate_Bd, Quantity::symbol_rate),
        format_quantity(p_.fsr_Hz, Quantity::frequency)));
  const RingRates& r = rings[0].rates;
  const auto power_coupling = [&](double rate) { return -std::expm1(-2.0 * rate / p_.fsr_Hz); };
  const RoundTripRing same{power_coupling(r.bus_per_s), power_coupling(r.drop_per_s),
                           20.0 / std::log(10.0) * r.loss_per_s / p_.fsr_Hz, 0.0};
  const double phase = std::min(pi, 2.0 * pi * r.linewidth_Hz() / p_.fsr_Hz);
  const double error =
      port() == RingPort::through ? through_error_bound(same, phase) : drop_error_bound(same, phase);
  if (p_.dynamics == "coupled_mode" && error > 0.01)
    warn(fmt::format("finesse {:.1f}: the Lorentzian line may be off by {:.1f} % of the field",
                     finesse(r, p_.fsr_Hz), 100.0 * error));
  tuning_warnings(name(), p_, tuning(input), warnings);
  const double u = 0.5 * input.full_scale_Vpp;
  const double least_loss =
      r.loss_per_s + std::min(rings[0].law.extra_loss_per_s(u), rings[0].law.extra_loss_per_s(-u));
  if (least_loss < 0.0)
    warn(
        "the change of loss with voltage makes the ring amplify within the swing; reduce it or lower "
        "q_loaded");
}

}  // namespace photonlink
