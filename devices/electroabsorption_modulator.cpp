#include "devices/electroabsorption_modulator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/charging.hpp"
#include "devices/physics/optics.hpp"

namespace photonlink {
namespace {

using P = ElectroabsorptionModulatorParameters;
constexpr double pi = constants::pi;

void require_rising(const std::string& owner, std::string_view key, const std::vector<double>& voltage_V) {
  for (std::size_t k = 1; k < voltage_V.size(); ++k)
    if (voltage_V[k] <= voltage_V[k - 1])
      throw ConfigError(
          fmt::format("{}: {}[{}] = {} V does not lie above {} V in front of it; sort the points", owner, key,
                      k, voltage_V[k], voltage_V[k - 1]));
}

AbsorptionLaw make_law(const std::string& owner, const P& p) {
  const double neper_per_dB = std::log(10.0) / 10.0;
  if (p.law == "power")
    return AbsorptionLaw::power(p.absorption_dB * neper_per_dB, p.absorption_voltage_V, p.exponent);
  if (p.voltages_V.size() < 4 || p.voltages_V.size() != p.losses_dB.size())
    throw ConfigError(fmt::format(
        "{}: {} voltages and {} losses with law = \"table\"; give 4 or more of each, one loss for "
        "each voltage",
        owner, p.voltages_V.size(), p.losses_dB.size()));
  require_rising(owner, "voltages", p.voltages_V);
  std::vector<double> absorption_Np;
  for (std::size_t k = 0; k < p.losses_dB.size(); ++k) {
    if (k > 0 && p.losses_dB[k] < p.losses_dB[k - 1])
      throw ConfigError(fmt::format(
          "{}: losses[{}] = {} dB is below {} dB in front of it; absorption rises with the reverse "
          "voltage, leave out what lies beyond the maximum",
          owner, k, p.losses_dB[k], p.losses_dB[k - 1]));
    absorption_Np.push_back(p.losses_dB[k] * neper_per_dB);
  }
  return AbsorptionLaw::table(p.voltages_V, absorption_Np);
}

ChirpedAbsorption make_absorption(const std::string& owner, const P& p) {
  check(p, owner);
  if (p.chirp.empty() || p.chirp.size() != p.chirp_voltages_V.size())
    throw ConfigError(
        fmt::format("{}: {} values of chirp for {} chirp_voltages; give one for each, 1 or more", owner,
                    p.chirp.size(), p.chirp_voltages_V.size()));
  require_rising(owner, "chirp_voltages", p.chirp_voltages_V);
  return {make_law(owner, p), p.chirp_voltages_V, p.chirp};
}

// One modulator at its temperature.
struct Section {
  const ChirpedAbsorption* absorption;
  double offset_V;        // bias and edge shift
  double front_power;     // half of the insertion loss
  double per_saturation;  // 1 / P_s

  LitAbsorption lit(double drive_V, double power_W) const {
    return bleached(absorption->at(offset_V + drive_V), front_power * power_W * per_saturation);
  }
  Complex passed(Complex field, double drive_V) const {
    const LitAbsorption l = lit(drive_V, std::norm(field));
    return field * (front_power * std::exp(-0.5 * l.absorption_Np)) *
           Complex(std::cos(l.phase_rad), std::sin(l.phase_rad));
  }
};

class Absorber final : public Stepper {
 public:
  explicit Absorber(std::vector<Section> sections) : sections_(std::move(sections)) {}
  void step(Bundle& bundle) override {
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      ComplexWave& field = bundle.port[0].field[i];
      const RealWave& drive = bundle.lane[i];
      for (std::size_t u = 0; u < field.size(); ++u) field[u] = sections_[i].passed(field[u], drive[u]);
    }
    bundle.lane.clear();
  }

 private:
  std::vector<Section> sections_;
};

/// With t = A_out/A: δA_out = t δA + A_out (-L'/2 + jφ') (δu or δP), δP = 2 Re(A* δA).
class AbsorberTangent final : public Tangent {
 public:
  AbsorberTangent(std::vector<Section> sections, const Bundle& input)
      : sections_(std::move(sections)), lane_(input.lane), field_(input.port[0].field) {}

  void pull_back(Sensitivity& s) const override {
    s.lane.assign(sections_.size(), {});
    for (std::size_t i = 0; i < sections_.size(); ++i)
      if (!s.port[0][i].empty()) pull_back(i, s.begin, s.port[0][i], s.lane[i]);
  }

 private:
  void pull_back(std::size_t i, long begin, ComplexWave& weight, RealWave& drive) const {
    const long period = static_cast<long>(field_[i].size());
    drive.resize(weight.size());
    for (std::size_t u = 0; u < weight.size(); ++u) {
      const auto at = static_cast<std::size_t>(wrap(begin + static_cast<long>(u), period));
      const Section& section = sections_[i];
      const Complex in = field_[i][at];
      const LitAbsorption l = section.lit(lane_[i][at], std::norm(in));
      const Complex t = std::polar(section.front_power * std::exp(-0.5 * l.absorption_Np), l.phase_rad);
      const Complex w = weight[u], out = w * t * in;
      drive[u] = (out * Complex(-0.5 * l.absorption_per_V, l.phase_per_V)).real();
      const double per_W = (out * Complex(-0.5 * l.absorption_per_x, l.phase_per_x)).real() *
                           section.front_power * section.per_saturation;
      weight[u] = w * t + 2.0 * per_W * std::conj(in);
    }
  }

  std::vector<Section> sections_;
  std::vector<RealWave> lane_;
  std::vector<ComplexWave> field_;
};

double mean_power_W(const ComplexWave& field) {
  double sum = 0.0;
  for (const Complex& a : field) sum += std::norm(a);
  return sum / static_cast<double>(field.size());
}

}  // namespace

template <>
const ParameterTable<P>& parameter_table<P>() {
  using enum Quantity;
  static const ParameterTable<P> table{
      {"law",
       "power: absorption (V / absorption_voltage)^exponent; table: voltages and losses",
       dimensionless,
       &P::law,
       0.0,
       0.0,
       std::nullopt,
       {"power", "table"}},
      {"absorption", "absorption at absorption_voltage over that at 0 V; default assumed", loss,
       &P::absorption_dB, 0.0, 200.0},
      {"absorption_voltage", "reverse voltage of that absorption", voltage, &P::absorption_voltage_V, 0.01,
       100.0},
      {"exponent", "m of the power law; 1 to 4 describe quantum wells, default assumed", dimensionless,
       &P::exponent, 1.0, 10.0},
      {"voltages", "reverse voltages of the table, rising", voltage, &P::voltages_V, -5.0, 100.0},
      {"losses", "absorption at these voltages, insertion_loss excluded", loss, &P::losses_dB, 0.0, 200.0},
      {"insertion_loss",
       "passive loss of the modulator: waveguide, facets, absorption that yields no current", loss,
       &P::insertion_loss_dB, 0.0, 60.0, 0.0},
      {"chirp_voltages", "reverse voltages of the chirp values, rising", voltage, &P::chirp_voltages_V, -5.0,
       100.0},
      {"chirp", "chirp parameter alpha there, linear in between", dimensionless, &P::chirp, -50.0, 50.0, 0.0},
      {"bias", "reverse bias", voltage, &P::bias_V, 0.0, 100.0},
      {"saturation_power", "P_s in the absorber, at which the local absorption has halved", power,
       &P::saturation_power_W, 1e-6, unlimited_power_W, unlimited_power_W},
      {"collection_efficiency", "electrons in the photocurrent per absorbed photon", dimensionless,
       &P::collection_efficiency, 0.0, 1.0},
      {"thermal_resistance", "R_th between absorber and heat sink", thermal_resistance,
       &P::thermal_resistance_K_per_W, 0.0, 1e6, 0.0},
      {"edge_shift", "reverse voltage that moves the band edge as one kelvin does", voltage_per_temperature,
       &P::edge_shift_V_per_K, 0.0, 1.0, 0.0},
      {"junction_capacitance", "capacitance of the junction", capacitance, &P::junction_capacitance_F, 1e-18,
       1e-9, 1e-18},
      {"series_resistance", "resistance between the terminals and the junction", resistance,
       &P::series_resistance_ohm, 0.0, 1e4, 0.0},
      {"termination", "resistor across the terminals; 0: none", resistance, &P::termination_ohm, 0.0, 1e6},
      {"photo_resistance",
       "dV/dI of the photocurrent at the operating point, across the junction; 0: does not load", resistance,
       &P::photo_resistance_ohm, 0.0, 1e9, 0.0},
      {"length", "length of the modulator, for the latency", length, &P::length_m, 0.0, 0.1},
      {"group_index", "its group index; 3.7 is usual in InP", dimensionless, &P::group_index, 1.0, 10.0},
  };
  return table;
}

ElectroabsorptionModulator::ElectroabsorptionModulator(std::string name, const P& parameters)
    : Stage(std::move(name)),
      p_(parameters),
      absorption_(make_absorption(this->name(), p_)),
      front_power_(field_ratio(Gain_dB{-p_.insertion_loss_dB})) {}

std::optional<LoadEnd> ElectroabsorptionModulator::load_end(std::span<const double> frequency_Hz) const {
  LoadEnd end;
  for (const double f : frequency_Hz) {
    // A capacitor is open at f = 0; its impedance at 1 Hz stands in.
    const Complex admittance_S(p_.photo_resistance_ohm > 0.0 ? 1.0 / p_.photo_resistance_ohm : 0.0,
                               2.0 * pi * std::max(f, 1.0) * p_.junction_capacitance_F);
    const Complex junction = 1.0 / admittance_S;
    const Complex branch = p_.series_resistance_ohm + junction;
    end.impedance_ohm.push_back(
        p_.termination_ohm > 0.0 ? branch * p_.termination_ohm / (branch + p_.termination_ohm) : branch);
    end.transfer.push_back(junction / branch);
  }
  return end;
}

void ElectroabsorptionModulator::check_bundle(const Bundle& b) const {
  if (b.port.size() != 1 || b.port[0].field.size() != b.carrier_Hz.size())
    throw ConfigError(
        fmt::format("{}: one input port with {} carriers is expected, {} ports arrive; place the modulator "
                    "behind the laser",
                    name(), b.carrier_Hz.size(), b.port.size()));
  if (b.lane.size() != b.carrier_Hz.size())
    throw ConfigError(
        fmt::format("{}: {} lanes drive modulators of {} carriers; give the laser one line per lane", name(),
                    b.lane.size(), b.carrier_Hz.size()));
}

double ElectroabsorptionModulator::current_per_power_A_per_W(double carrier_Hz) const {
  return p_.collection_efficiency * quantum_limited_responsivity_A_per_W(carrier_Hz);
}

ElectroabsorptionModulator::Means ElectroabsorptionModulator::means(const Bundle& input, int lane,
                                                                    double rise_K) const {
  const auto i = static_cast<std::size_t>(lane);
  const ComplexWave& field = input.port[0].field[i];
  const RealWave& drive = input.lane[i];
  const double offset_V = p_.bias_V + p_.edge_shift_V_per_K * rise_K;
  const double current_per_W = current_per_power_A_per_W(input.carrier_Hz[i]);
  Means sum{};
  for (std::size_t u = 0; u < field.size(); ++u) {
    const double power_W = front_power_ * std::norm(field[u]);
    const double loss = bleached_absorption_Np(absorption_.law().absorption_Np(offset_V + drive[u]),
                                               power_W / p_.saturation_power_W);
    const double absorbed_W = -power_W * std::expm1(-loss), current_A = current_per_W * absorbed_W;
    sum.absorbed_W += absorbed_W;
    sum.photocurrent_A += current_A;
    sum.electrical_W += current_A * (p_.bias_V + drive[u]);
    sum.peak_current_A = std::max(sum.peak_current_A, current_A);
  }
  const double share = 1.0 / static_cast<double>(field.size());
  return {sum.absorbed_W * share, sum.photocurrent_A * share, sum.electrical_W * share, sum.peak_current_A};
}

double ElectroabsorptionModulator::temperature_rise_K(const Bundle& input, int lane) const {
  if (p_.thermal_resistance_K_per_W == 0.0) return 0.0;
  constexpr double hottest_K = 500.0;  // no such device lives
  double rise_K = 0.0;
  for (int iteration = 0; iteration < 500; ++iteration) {
    const Means mean = means(input, lane, rise_K);
    const double next_K = p_.thermal_resistance_K_per_W * (mean.absorbed_W + mean.electrical_W);
    if (next_K > hottest_K) break;
    if (std::abs(next_K - rise_K) <= 1e-12 * next_K) return next_K;
    rise_K = next_K;
  }
  throw ConfigError(fmt::format(
      "{}: self-heating has no balance below {} K at thermal_resistance = {}; lower it, the optical "
      "power or the bias",
      name(), hottest_K, format_quantity(p_.thermal_resistance_K_per_W, Quantity::thermal_resistance)));
}

namespace {

template <class Rise>
std::vector<Section> sections_of(const P& p, const ChirpedAbsorption& absorption, double front_power,
                                 std::size_t count, Rise rise_K) {
  std::vector<Section> sections;
  sections.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    sections.push_back({&absorption, p.bias_V + p.edge_shift_V_per_K * rise_K(static_cast<int>(i)),
                        front_power, 1.0 / p.saturation_power_W});
  return sections;
}

}  // namespace

std::unique_ptr<Stepper> ElectroabsorptionModulator::start(const Bundle& input) const {
  check_bundle(input);
  return std::make_unique<Absorber>(sections_of(p_, absorption_, front_power_, input.lane.size(),
                                                [&](int i) { return temperature_rise_K(input, i); }));
}

std::unique_ptr<Tangent> ElectroabsorptionModulator::tangent(const Bundle& input) const {
  check_bundle(input);
  return std::make_unique<AbsorberTangent>(sections_of(p_, absorption_, front_power_, input.lane.size(),
                                                       [&](int i) { return temperature_rise_K(input, i); }),
                                           input);
}

double ElectroabsorptionModulator::transmission(const Bundle& at, double probe_Hz,
                                                std::span<const double> drive_V) const {
  check_bundle(at);
  require(drive_V.size() == at.lane.size(),
          fmt::format("{}: {} drive voltages for {} lanes", name(), drive_V.size(), at.lane.size()));
  std::size_t near = 0;
  for (std::size_t i = 1; i < at.carrier_Hz.size(); ++i)
    if (std::abs(at.carrier_Hz[i] - probe_Hz) < std::abs(at.carrier_Hz[near] - probe_Hz)) near = i;
  const double offset_V = p_.bias_V + p_.edge_shift_V_per_K * temperature_rise_K(at, static_cast<int>(near));
  const double power_W = front_power_ * mean_power_W(at.port[0].field[near]);
  return front_power_ * front_power_ *
         std::exp(-bleached_absorption_Np(absorption_.law().absorption_Np(offset_V + drive_V[near]),
                                          power_W / p_.saturation_power_W));
}

std::vector<Complex> ElectroabsorptionModulator::small_signal(const Bundle& at, int lane,
                                                              std::span<const double> frequency_Hz) const {
  check_bundle(at);
  require(lane >= 0 && lane < static_cast<int>(at.lane.size()),
          fmt::format("{}: lane {} is outside [0, {}]", name(), lane, at.lane.size() - 1));
  const auto i = static_cast<std::size_t>(lane);
  const double offset_V = p_.bias_V + p_.edge_shift_V_per_K * temperature_rise_K(at, lane);
  const LitAbsorption lit = bleached(
      absorption_.at(offset_V), front_power_ * mean_power_W(at.port[0].field[i]) / p_.saturation_power_W);
  const double slope = -front_power_ * front_power_ * std::exp(-lit.absorption_Np) * lit.absorption_per_V;
  return std::vector<Complex>(frequency_Hz.size(), slope);
}

void ElectroabsorptionModulator::ledger(const Bundle& input, Ledger& ledger) const {
  check_bundle(input);
  require(input.symbols.size() >= input.lane.size(),
          name() + ": the bundle carries no symbols for its lanes");
  double charging_W = 0.0, current_A = 0.0, electrical_W = 0.0, peak_A = 0.0;
  for (std::size_t i = 0; i < input.lane.size(); ++i) {
    charging_W += charging_power_W(p_.junction_capacitance_F, input.symbols[i], input.full_scale_Vpp,
                                   input.grid.symbol_rate_Bd);
    const Means mean = means(input, static_cast<int>(i), temperature_rise_K(input, static_cast<int>(i)));
    current_A += mean.photocurrent_A;
    electrical_W += mean.electrical_W;
    peak_A = std::max(peak_A, mean.peak_current_A);
  }
  ledger.energy.push_back({name(), "junction charging", Owner::module, charging_W,
                           fmt::format("1/2 C <dV^2> symbol rate; C {}, swing {}",
                                       format_quantity(p_.junction_capacitance_F, Quantity::capacitance),
                                       format_quantity(input.full_scale_Vpp, Quantity::voltage))});
  ledger.energy.push_back(
      {name(), "photocurrent", Owner::module, electrical_W,
       fmt::format("mean of current x reverse voltage; {} in {} modulators at bias {}, at most {} to sink",
                   format_quantity(current_A, Quantity::current), input.lane.size(),
                   format_quantity(p_.bias_V, Quantity::voltage),
                   format_quantity(peak_A, Quantity::current))});
  ledger.latency.push_back({name(), p_.length_m * p_.group_index / constants::speed_of_light_m_per_s});
}

void ElectroabsorptionModulator::check_range(const Bundle& input, int lane,
                                             std::vector<Warning>& warnings) const {
  const auto i = static_cast<std::size_t>(lane);
  const double rise_K = temperature_rise_K(input, lane), shift_V = p_.edge_shift_V_per_K * rise_K;
  const auto [low, high] = std::minmax_element(input.lane[i].begin(), input.lane[i].end());
  const auto warn = [&](std::string text) { warnings.push_back({name(), std::move(text)}); };
  const double least_V = p_.bias_V + *low, most_V = p_.bias_V + *high;
  if (least_V < 0.0)
    warn(fmt::format(
        "the junction is driven forward to {}; injection is not modelled, raise the bias or lower "
        "the swing",
        format_quantity(-least_V, Quantity::voltage)));
  if (p_.law == "table" &&
      (least_V + shift_V < p_.voltages_V.front() || most_V + shift_V > p_.voltages_V.back()))
    warn(fmt::format(
        "reverse voltages of {} to {}{} leave the table of {} to {}; the absorption beyond is a guess",
        format_quantity(least_V, Quantity::voltage), format_quantity(most_V, Quantity::voltage),
        shift_V > 0.0 ? fmt::format(" (+{} by heating)", format_quantity(shift_V, Quantity::voltage)) : "",
        format_quantity(p_.voltages_V.front(), Quantity::voltage),
        format_quantity(p_.voltages_V.back(), Quantity::voltage)));
  const double power_W = mean_power_W(input.port[0].field[i]);
  const LitAbsorption lit =
      bleached(absorption_.at(p_.bias_V + shift_V), front_power_ * power_W / p_.saturation_power_W);
  const double conductance_S = current_per_power_A_per_W(input.carrier_Hz[i]) * front_power_ * power_W *
                               std::exp(-lit.absorption_Np) * lit.absorption_per_V;
  const double load_S = p_.termination_ohm > 0.0 ? 1.0 / p_.termination_ohm : 1.0 / 50.0;
  const double stated_S = p_.photo_resistance_ohm > 0.0 ? 1.0 / p_.photo_resistance_ohm : 0.0;
  if (std::abs(conductance_S - stated_S) > 0.1 * load_S)
    warn(fmt::format(
        "the photocurrent grows by {:.3g} mA per volt, photo_resistance says {:.3g}: it loads the driver by "
        "more than a tenth otherwise than computed; set photo_resistance = \"{:.3g} ohm\"",
        1e3 * conductance_S, 1e3 * stated_S, 1.0 / conductance_S));
}

void ElectroabsorptionModulator::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  check_bundle(input);
  for (std::size_t i = 0; i < input.lane.size(); ++i) {
    const std::size_t before = warnings.size();
    check_range(input, static_cast<int>(i), warnings);
    if (warnings.size() > before) break;  // the lanes are alike
  }
}

}  // namespace photonlink
