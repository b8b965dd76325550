#include "devices/ring_assisted_mach_zehnder.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/delay_bus.hpp"
#include "devices/physics/ring_bus_parameters.hpp"
#include "devices/physics/ring_delay.hpp"
#include "devices/physics/ring_junction_parameters.hpp"

namespace photonlink {
namespace {

using P = RingAssistedMachZehnderParameters;
constexpr double pi = constants::pi;

std::pair<double, double> shares(const P& p) {
  return p.drive == "dual" ? std::pair{0.5, -0.5} : std::pair{1.0, 0.0};
}

/// What one arm sees of the bundle: its share of the lane, the light of one carrier.
Bundle arm_bundle(const Bundle& input, std::size_t lane, double share) {
  Bundle part;
  part.grid = input.grid;
  part.full_scale_Vpp = input.full_scale_Vpp;
  part.lane = {input.lane[lane]};
  for (double& v : part.lane[0]) v *= share;
  part.carrier_Hz = {input.carrier_Hz[lane]};
  part.port.resize(1);
  part.port[0].field = {input.port[0].field[lane]};
  return part;
}

struct ArmCore {
  std::unique_ptr<Stepper> ring;
  std::size_t lane;
  Complex factor;
  double share;
};

class ArmsStepper final : public Stepper {
 public:
  explicit ArmsStepper(std::vector<ArmCore> arms) : arms_(std::move(arms)) { copy_state(); }

  void step(Bundle& bundle) override {
    for (std::size_t k = 0; k < arms_.size(); k += 2) {
      ComplexWave& field = bundle.port[0].field[arms_[k].lane];
      Bundle one = arm_bundle(bundle, arms_[k].lane, arms_[k].share),
             two = arm_bundle(bundle, arms_[k].lane, arms_[k + 1].share);
      arms_[k].ring->step(one);
      arms_[k + 1].ring->step(two);
      const ComplexWave &first = one.port[0].field[0], &second = two.port[0].field[0];
      for (std::size_t n = 0; n < field.size(); ++n)
        field[n] = arms_[k].factor * first[n] + arms_[k + 1].factor * second[n];
    }
    bundle.lane.clear();
    copy_state();
  }
  std::span<const Complex> state() const override { return state_; }

 private:
  void copy_state() {
    state_.clear();
    for (const ArmCore& arm : arms_)
      state_.insert(state_.end(), arm.ring->state().begin(), arm.ring->state().end());
  }

  std::vector<ArmCore> arms_;
  std::vector<Complex> state_;
};

struct ArmSlope {
  std::unique_ptr<Tangent> ring;
  std::size_t lane;
  Complex factor;
  double share;
};

class ArmsTangent final : public Tangent {
 public:
  explicit ArmsTangent(std::vector<ArmSlope> arms) : arms_(std::move(arms)) {}

  void pull_back(Sensitivity& s) const override {
    const std::size_t lanes = arms_.size() / 2;
    std::vector<ComplexWave> weight = std::move(s.port[0]);
    s.lane.assign(lanes, {});
    s.port[0].assign(lanes, {});
    for (const ArmSlope& arm : arms_) {
      if (weight[arm.lane].empty()) continue;
      Sensitivity part{s.begin, s.length, {}, {{weight[arm.lane]}}};
      for (Complex& w : part.port[0][0]) w *= arm.factor;
      arm.ring->pull_back(part);
      add(part.port[0][0], 1.0, s.port[0][arm.lane]);
      add(part.lane[0], arm.share, s.lane[arm.lane]);
    }
  }

 private:
  template <class Wave>
  static void add(const Wave& from, double gain, Wave& to) {
    to.resize(from.size());
    for (std::size_t n = 0; n < from.size(); ++n) to[n] += gain * from[n];
  }

  std::vector<ArmSlope> arms_;
};

/// K of a coupled mode, see the header.
Complex mode_kernel(const RingRates& rates, double detuning_Hz, double modulation_Hz) {
  const Complex still(rates.total_per_s(), 2.0 * pi * detuning_Hz);
  return -2.0 * rates.bus_per_s / (still * (still + Complex(0.0, 2.0 * pi * modulation_Hz)));
}

}  // namespace

template <>
const ParameterTable<P>& parameter_table<P>() {
  using Q = Quantity;
  static const ParameterTable<P> table = [] {
    constexpr auto none = std::nullopt;
    // Named first: g++ 12 fails on the list as an argument.
    ParameterTable<P> rows{
        {"drive",
         "Share of the lane voltage that the rings see: dual (1/2, -1/2), single (1, 0).",
         Q::dimensionless,
         &P::drive,
         0.0,
         0.0,
         none,
         {"dual", "single"}},
        {"q_loaded", "Loaded quality factor of each ring at the bias.", Q::dimensionless, &P::q_loaded, 100.0,
         1e6},
        {"extinction", "Depth of the resonance dip of each ring alone, positive.", Q::loss, &P::extinction_dB,
         0.1, 80.0},
        {"coupling",
         "Coupling regime; only over-coupled rings turn the phase all the way.",
         Q::dimensionless,
         &P::coupling,
         0.0,
         0.0,
         none,
         {"under", "over"}},
        {"fsr", "Free spectral range of the rings.", Q::frequency, &P::fsr_Hz, 1e10, 2e13},
        {"group_index", "Group index of the ring waveguide.", Q::dimensionless, &P::group_index, 1.0, 10.0},
        {"detuning", "Carrier minus resonance frequency at the bias, mean of both rings.", Q::frequency,
         &P::detuning_Hz, -1e12, 1e12},
        {"detuning_difference", "That of ring 1 minus that of ring 2.", Q::frequency,
         &P::detuning_difference_Hz, -1e12, 1e12, 0.0},
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
        {"bias", "Reverse bias of each junction.", Q::voltage, &P::bias_V, 0.0, 20.0},
        {"junction_capacitance", "Capacitance of one junction at the bias.", Q::capacitance,
         &P::junction_capacitance_F, 1e-18, 1e-11, 1e-18},
        {"series_resistance", "Resistance between the terminals and one junction.", Q::resistance,
         &P::series_resistance_ohm, 0.0, 1e4, 0.0},
        {"dynamics",
         "coupled_mode: one resonance by its rates; round_trip: the light round by round, all resonances.",
         Q::dimensionless,
         &P::dynamics,
         0.0,
         0.0,
         none,
         {"coupled_mode", "round_trip"}},
        {"insertion_loss", "Loss at full constructive interference, that of the rings apart.", Q::loss,
         &P::insertion_loss_dB, 0.0, 60.0, 0.0},
        {"interferometer_extinction", "Extinction ratio of the interferometer without rings.", Q::gain,
         &P::interferometer_extinction_dB, 3.0, 100.0, 100.0},
        {"bias_point",
         "Phase difference of the arms over pi: 0 full transmission, 0.5 quadrature, 1 minimum.",
         Q::dimensionless, &P::bias_point, 0.0, 1.0},
        {"bias_error", "Its error over pi.", Q::dimensionless, &P::bias_error, -0.5, 0.5, 0.0},
        {"slope",
         "Whether light rises or falls with the lane voltage about quadrature.",
         Q::dimensionless,
         &P::slope,
         0.0,
         0.0,
         none,
         {"rising", "falling"}},
        {"heater_efficiency", "Red shift of the resonance wavelength per heater power.",
         Q::wavelength_per_power, &P::heater_efficiency_m_per_W, 1e-10, 1e-4},
        {"resonance_spread",
         "Half range of resonances as fabricated that the heaters of the rings must cover.", Q::frequency,
         &P::resonance_spread_Hz, 0.0, 1e13, 0.0},
        {"heater_pi_power", "Power of the heater that turns the interferometer by pi, its mean use.",
         Q::power, &P::heater_pi_power_W, 0.0, 10.0, 0.0},
        {"control_power", "Power of bias control and ring locking of one modulator.", Q::power,
         &P::control_power_W, 0.0, 10.0, 0.0},
    };
    return with_junction_rows<P>(std::move(rows));
  }();
  return table;
}

RingAssistedMachZehnder::RingAssistedMachZehnder(std::string name, const P& parameters)
    : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
  junction_ = make_ring_junction(p_, this->name());
}

double RingAssistedMachZehnder::capacitance_F() const {
  return junction_ ? junction_->capacitance_F(p_.bias_V) : p_.junction_capacitance_F;
}

std::optional<LoadEnd> RingAssistedMachZehnder::load_end(std::span<const double> frequency_Hz) const {
  const double in_series = p_.drive == "dual" ? 2.0 : 1.0;
  LoadEnd end;
  for (const double f : frequency_Hz) {
    // A capacitor is open at f = 0; its impedance at 1 Hz (9e12 ohm for 18 fF) stands in.
    const Complex junction = 1.0 / Complex(0.0, 2.0 * pi * std::max(f, 1.0) * capacitance_F());
    const Complex whole = p_.series_resistance_ohm + junction;
    end.impedance_ohm.push_back(in_series * whole);
    end.transfer.push_back(junction / whole);
  }
  return end;
}

void RingAssistedMachZehnder::check_bundle(const Bundle& b) const {
  if (b.port.size() != 1 || b.port[0].field.size() != b.carrier_Hz.size())
    throw ConfigError(
        fmt::format("{}: one input port with {} carriers is expected, {} ports arrive; place the modulator "
                    "behind the laser",
                    name(), b.carrier_Hz.size(), b.port.size()));
  if (b.lane.empty() || b.lane.size() != b.carrier_Hz.size())
    throw ConfigError(
        fmt::format("{}: {} lanes drive modulators on {} carriers, one each is needed; give the laser one "
                    "line per lane",
                    name(), b.lane.size(), b.carrier_Hz.size()));
}

std::vector<RingAssistedMachZehnder::Arm> RingAssistedMachZehnder::arms(double carrier_Hz) const {
  const RingRates rates = all_pass_rates(carrier_Hz, p_.q_loaded, p_.extinction_dB,
                                         p_.coupling == "over" ? Coupling::over : Coupling::under);
  const RingVoltageLaw law = ring_voltage_law(p_, junction_.get(), carrier_Hz);
  const auto [one, two] = shares(p_);
  const double lead = std::pow(10.0, -p_.interferometer_extinction_dB / 20.0);
  const double phase = (p_.slope == "rising" ? -0.5 : 0.5) * pi * (p_.bias_point + p_.bias_error);
  const double field = field_ratio(Gain_dB{-p_.insertion_loss_dB});
  const auto arm = [&](double side, double share) {
    return Arm{
        {rates, law, {p_.detuning_Hz + side * 0.5 * p_.detuning_difference_Hz}, 1.0, RingPort::through},
        std::polar(0.5 * field * (1.0 + side * lead), -side * phase),
        share};
  };
  return {arm(1.0, one), arm(-1.0, two)};
}

std::unique_ptr<Stepper> RingAssistedMachZehnder::start(const Bundle& input) const {
  check_bundle(input);
  std::vector<ArmCore> cores;
  for (std::size_t i = 0; i < input.lane.size(); ++i)
    for (const Arm& arm : arms(input.carrier_Hz[i])) {
      const Bundle part = arm_bundle(input, i, arm.share);
      cores.push_back(
          {round_trip() ? start_delay_bus({arm.ring}, p_.fsr_Hz, part) : start_bus({arm.ring}, part), i,
           arm.factor, arm.share});
    }
  return std::make_unique<ArmsStepper>(std::move(cores));
}

std::unique_ptr<Tangent> RingAssistedMachZehnder::tangent(const Bundle& input) const {
  check_bundle(input);
  std::vector<ArmSlope> slopes;
  for (std::size_t i = 0; i < input.lane.size(); ++i)
    for (const Arm& arm : arms(input.carrier_Hz[i])) {
      const Bundle part = arm_bundle(input, i, arm.share);
      slopes.push_back(
          {round_trip() ? delay_bus_tangent({arm.ring}, p_.fsr_Hz, part) : bus_tangent({arm.ring}, part), i,
           arm.factor, arm.share});
    }
  return std::make_unique<ArmsTangent>(std::move(slopes));
}

Complex RingAssistedMachZehnder::settled_field(double carrier_Hz, double probe_Hz, double drive_V) const {
  Complex sum = 0.0;
  for (const Arm& arm : arms(carrier_Hz)) {
    const RateChange change = arm.ring.law.change(arm.share * drive_V);
    RingRates rates = arm.ring.rates;
    rates.loss_per_s += change.loss_per_s;
    const double detuning_Hz = nearest_detuning_Hz(
        arm.ring.detuning_Hz[0] + probe_Hz - carrier_Hz - change.resonance_Hz, 0.0, p_.fsr_Hz);
    sum += arm.factor * (round_trip() ? delay_response(rates, p_.fsr_Hz, RingPort::through, detuning_Hz)
                                      : through_response(rates, detuning_Hz));
  }
  return sum;
}

double RingAssistedMachZehnder::transmission(const Bundle& at, double probe_Hz,
                                             std::span<const double> drive_V) const {
  check_bundle(at);
  require(drive_V.size() == at.lane.size(),
          fmt::format("{}: {} drive voltages for {} lanes", name(), drive_V.size(), at.lane.size()));
  const auto nearest = std::min_element(at.carrier_Hz.begin(), at.carrier_Hz.end(), [&](double a, double b) {
    return std::abs(a - probe_Hz) < std::abs(b - probe_Hz);
  });
  return std::norm(settled_field(*nearest, probe_Hz, drive_V[nearest - at.carrier_Hz.begin()]));
}

std::vector<Complex> RingAssistedMachZehnder::small_signal(const Bundle& at, int lane,
                                                           std::span<const double> frequency_Hz) const {
  check_bundle(at);
  require(lane >= 0 && lane < static_cast<int>(at.lane.size()),
          fmt::format("{}: lane {} is outside [0, {}]", name(), lane, at.lane.size() - 1));
  const double carrier_Hz = at.carrier_Hz[static_cast<std::size_t>(lane)];
  const std::vector<Arm> both = arms(carrier_Hz);
  const Complex output = settled_field(carrier_Hz, carrier_Hz, 0.0);
  const auto field = [&](double f) {
    Complex sum = 0.0;
    for (const Arm& arm : both) {
      const Complex drive = arm.share * Complex(-arm.ring.law.loss_slope_at(0.0),
                                                2.0 * pi * arm.ring.law.shift_slope_Hz_per_V(0.0));
      const double detuning_Hz = arm.ring.detuning_Hz[0];
      sum += arm.factor * drive *
             (round_trip() ? delay_kernel(arm.ring.rates, p_.fsr_Hz, RingPort::through, detuning_Hz, f)
                           : mode_kernel(arm.ring.rates, detuning_Hz, f));
    }
    return sum;
  };
  std::vector<Complex> response;
  response.reserve(frequency_Hz.size());
  for (const double f : frequency_Hz)
    response.push_back(std::conj(output) * field(f) + output * std::conj(field(-f)));
  return response;
}

void RingAssistedMachZehnder::ledger(const Bundle& input, Ledger& ledger) const {
  check_bundle(input);
  require(input.symbols.size() >= input.lane.size(),
          name() + ": the bundle carries no symbols for its lanes");
  double charging_W = 0.0, tuning_W = 0.0;
  for (std::size_t i = 0; i < input.lane.size(); ++i) {
    tuning_W +=
        2.0 * wavelength_shift_m(p_.resonance_spread_Hz, input.carrier_Hz[i]) / p_.heater_efficiency_m_per_W;
    for (const Arm& arm : arms(input.carrier_Hz[i]))
      charging_W += junction_charging_W(p_, junction_.get(), input.symbols[i],
                                        arm.share * input.full_scale_Vpp, input.grid.symbol_rate_Bd);
  }
  const auto modulators = static_cast<double>(input.lane.size());
  ledger.energy.push_back({name(), "junction charging", Owner::module, charging_W,
                           fmt::format("{} symbol rate per driven ring; C {} at the bias, lane swing {}",
                                       junction_ ? "<V dQ>" : "1/2 C <dV^2>",
                                       format_quantity(capacitance_F(), Quantity::capacitance),
                                       format_quantity(input.full_scale_Vpp, Quantity::voltage))});
  ledger.energy.push_back(
      {name(), "tuning", Owner::module, tuning_W,
       fmt::format("mean red shift {} over heater efficiency {}, two rings in each of {} modulators",
                   format_quantity(p_.resonance_spread_Hz, Quantity::frequency),
                   format_quantity(p_.heater_efficiency_m_per_W, Quantity::wavelength_per_power),
                   modulators)});
  ledger.energy.push_back({name(), "bias", Owner::module,
                           modulators * (p_.heater_pi_power_W + p_.control_power_W),
                           fmt::format("{} modulators x (heater {} + control {})", modulators,
                                       format_quantity(p_.heater_pi_power_W, Quantity::power),
                                       format_quantity(p_.control_power_W, Quantity::power))});
  // Delay of slow modulation: the slope of the phase of the response between 0 and a ten-thousandth of a
  // linewidth.
  const double f[] = {0.0, 1e-4 * arms(input.carrier_Hz[0])[0].ring.rates.linewidth_Hz()};
  const auto response = small_signal(input, 0, f);
  ledger.latency.push_back(
      {name(),
       response[0] == 0.0 ? 0.0 : std::max(0.0, -std::arg(response[1] / response[0]) / (2.0 * pi * f[1]))});
}

void RingAssistedMachZehnder::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  check_bundle(input);
  const auto warn = [&](std::string text) { warnings.push_back({name(), std::move(text)}); };
  const double swing_Vpp = std::abs(shares(p_).first) * input.full_scale_Vpp;
  const double forward_V = 0.5 * swing_Vpp - p_.bias_V;
  if (junction_) {
    for (std::string& text : junction_warnings(p_, *junction_, input.carrier_Hz[0], swing_Vpp))
      warn(std::move(text));
  } else if (forward_V > 0.5 * p_.built_in_potential_V) {
    warn(fmt::format(
        "a junction is driven forward to {}, beyond half its built-in potential; injection, its delay and "
        "current are not modelled",
        format_quantity(forward_V, Quantity::voltage)));
  }
  const std::vector<Arm> both = arms(input.carrier_Hz[0]);
  const RingRates& rates = both[0].ring.rates;
  if (p_.dynamics == "coupled_mode" && input.grid.symbol_rate_Bd > 0.25 * p_.fsr_Hz)
    warn(fmt::format(
        "symbol rate {} approaches the free spectral range {}: only one resonance order acts per carrier; "
        "dynamics = \"round_trip\" has them all",
        format_quantity(input.grid.symbol_rate_Bd, Quantity::symbol_rate),
        format_quantity(p_.fsr_Hz, Quantity::frequency)));
  if (p_.coupling == "under")
    warn("under-coupled rings turn the phase by less than half a turn; most of their effect is loss");
  // Half of the light meets each ring; the product with Q is the estimate of microring_modulator.
  double power_W = 0.0;
  for (const Complex& a : input.port[0].field[0]) power_W += std::norm(a);
  power_W *= 0.5 / static_cast<double>(input.port[0].field[0].size());
  const double q = rates.q_loaded(input.carrier_Hz[0]);
  if (power_W * q > 10.0)
    warn(fmt::format("{} in each arm at Q {:.0f}: self-heating and two-photon absorption are not modelled",
                     format_quantity(power_W, Quantity::power), q));
  const double u = 0.5 * swing_Vpp;
  if (rates.loss_per_s +
          std::min(both[0].ring.law.extra_loss_per_s(u), both[0].ring.law.extra_loss_per_s(-u)) <
      0.0)
    warn(
        "the change of loss with voltage makes a ring amplify within the swing; reduce it or lower q_loaded");
}

}  // namespace photonlink
