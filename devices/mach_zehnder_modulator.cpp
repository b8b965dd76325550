#include "devices/mach_zehnder_modulator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/charging.hpp"
#include "devices/physics/mach_zehnder_core.hpp"

namespace photonlink {
namespace {

using P = MachZehnderModulatorParameters;
constexpr double pi = constants::pi, c0 = constants::speed_of_light_m_per_s;
/// Nepers of the field per dB.
const double np_per_dB = std::log(10.0) / 20.0;

/// s₁ and s₂ of the header.
std::pair<double, double> shares(const P& p) {
  if (p.drive == "single") return {1.0, 0.0};
  const double each = p.drive == "opposite" ? 1.0 : 0.5;
  return {each * (1.0 + p.imbalance), -each * (1.0 - p.imbalance)};
}

ArmLaw arm_law(const P& p, const std::string& owner) {
  if (p.arm_law == "v_pi") {
    const auto [one, two] = shares(p);
    const double arm_v_pi_V = p.v_pi_of == "arm" ? p.v_pi_V : p.v_pi_V * (one - two);
    return ArmLaw::slope(pi / arm_v_pi_V, p.loss_per_voltage_dB_per_m_V * p.length_m * np_per_dB,
                         {p.curvature, p.built_in_potential_V + p.bias_V});
  }
  const std::size_t size = p.table_voltage_V.size();
  if (size < 4 || p.table_phase.size() != size || p.table_loss_dB.size() != size ||
      std::adjacent_find(p.table_voltage_V.begin(), p.table_voltage_V.end(), std::greater_equal<>()) !=
          p.table_voltage_V.end())
    throw ConfigError(
        fmt::format("{}: arm_law = \"table\" with {} voltages, {} phases and {} losses; give at least 4 of "
                    "each, equally many, and ascending voltages",
                    owner, size, p.table_phase.size(), p.table_loss_dB.size()));
  ArmTable table{p.table_voltage_V, p.table_phase, p.table_loss_dB};
  for (double& phase : table.phase) phase *= pi;
  for (double& loss : table.attenuation) loss *= np_per_dB;
  return ArmLaw::table(table, p.bias_V);
}

/// @param error_rad of the phase at the bias, positive towards the minimum
MachZehnder::Arms arms(const P& p, double error_rad = 0.0) {
  const auto [one, two] = shares(p);
  const double lead = std::pow(10.0, -p.extinction_dB / 20.0) * (p.strong_arm == 1 ? 1.0 : -1.0);
  const double side = p.slope == "rising" ? -1.0 : 1.0;
  return {one,
          two,
          0.5 * (1.0 + lead),
          0.5 * (1.0 - lead),
          side * (pi * (p.bias_point + p.bias_error) + error_rad),
          field_ratio(Gain_dB{-p.insertion_loss_dB})};
}

/// The line without the junction. Given with it, its capacitance n/(Z₀c) holds that of the junction. Loss
/// that grows as √f is that of the metal, α = R/(2 Z₀); as f that of the dielectric, α = ½ ω C tan δ Z₀.
LineParameters line(const P& p, const std::string& owner) {
  const double inductance_H_per_m = p.line_impedance_ohm * p.line_index / c0;
  double capacitance_F_per_m = p.line_index / (p.line_impedance_ohm * c0);
  if (p.line_data == "loaded") capacitance_F_per_m -= p.junction_capacitance_F / p.length_m;
  if (!(capacitance_F_per_m > 0.0))
    throw ConfigError(fmt::format(
        "{}: junction_capacitance = {} is outside [0 F, {}), what a line of this impedance, index and length "
        "has in all; lower it, or give the line without the junction and line_data = \"unloaded\"",
        owner, format_quantity(p.junction_capacitance_F, Quantity::capacitance),
        format_quantity(p.line_index / (p.line_impedance_ohm * c0) * p.length_m, Quantity::capacitance)));
  LineParameters line;
  line.impedance_ohm = std::sqrt(inductance_H_per_m / capacitance_F_per_m);
  line.metal.dc_resistance_ohm_per_m = p.line_resistance_ohm / p.length_m;
  line.metal.skin_resistance_ohm_per_m = 2.0 * p.line_impedance_ohm * p.conductor_loss_dB_per_m * np_per_dB;
  line.metal.skin_frequency_Hz = p.loss_frequency_Hz;
  line.dielectric.permittivity = c0 * c0 * inductance_H_per_m * capacitance_F_per_m;
  line.dielectric.loss_tangent = p.dielectric_loss_dB_per_m * np_per_dB /
                                 (pi * p.loss_frequency_Hz * capacitance_F_per_m * p.line_impedance_ohm);
  line.dielectric.reference_Hz = p.loss_frequency_Hz;
  if (!(permittivity_at_infinity(line.dielectric) > 0.0))
    throw ConfigError(
        fmt::format("{}: dielectric_loss = {} is more than a line of this index can have; put "
                    "the part that grows as the root of the frequency into conductor_loss",
                    owner, format_quantity(p.dielectric_loss_dB_per_m, Quantity::loss_per_length)));
  return line;
}

ModulatorElectrode electrode_of(const P& p, const std::string& owner) {
  return {p.electrode == "travelling",
          p.length_m,
          p.optical_group_index,
          p.junction_capacitance_F,
          p.series_resistance_ohm,
          p.termination == "open" ? INFINITY : p.termination_resistance_ohm,
          p.electrode == "travelling" ? line(p, owner) : LineParameters{},
          p.segments,
          p.driven_segments,
          p.segment_delay_error_s};
}

constexpr double largest_wander_rad = 0.3;

double mean_square(const std::vector<double>& symbols) {
  double sum = 0.0;
  for (const double x : symbols) sum += x * x;
  return symbols.empty() ? 0.0 : sum / static_cast<double>(symbols.size());
}

}  // namespace

template <>
const ParameterTable<P>& parameter_table<P>() {
  using Q = Quantity;
  const auto choice = [](std::string_view name, std::string_view doc, std::string P::*member,
                         std::vector<std::string_view> choices) {
    return Field<P>{name, doc, Q::dimensionless, member, 0.0, 0.0, std::nullopt, std::move(choices)};
  };
  static const ParameterTable<P> table{
      choice("drive",
             "Which share of the lane voltage the arms see: single (1, 0), dual and series (1/2, -1/2), "
             "opposite "
             "(1, -1).",
             &P::drive, {"single", "dual", "series", "opposite"}),
      {"imbalance", "Part of the drive common to both arms, -1 to 1: one arm alone; no effect with single.",
       Q::dimensionless, &P::imbalance, -1.0, 1.0, 0.0},
      choice("arm_law",
             "v_pi: phase by v_pi and curvature, loss by loss_per_voltage; table: both by the table_ keys.",
             &P::arm_law, {"v_pi", "table"}),
      {"v_pi", "Voltage for a phase of pi, by the slope at the bias.", Q::voltage, &P::v_pi_V, 0.01, 1000.0},
      choice("v_pi_of",
             "arm: across one arm for pi in that arm; device: of the lane, from full to no transmission.",
             &P::v_pi_of, {"arm", "device"}),
      {"curvature", "Share of the phase that follows the square root of an abrupt junction, 0: linear.",
       Q::dimensionless, &P::curvature, 0.0, 1.0, 0.0},
      {"built_in_potential", "Built-in potential of the junction.", Q::voltage, &P::built_in_potential_V, 0.1,
       3.0},
      {"bias", "Reverse bias of each arm.", Q::voltage, &P::bias_V, 0.0, 50.0},
      {"loss_per_voltage",
       "Change of the loss of an arm per volt of reverse voltage at the bias; negative for depletion.",
       Q::loss_per_voltage, &P::loss_per_voltage_dB_per_m_V, -1e4, 1e4, 0.0},
      {"table_voltage", "Reverse voltages across an arm, ascending (arm_law table).", Q::voltage,
       &P::table_voltage_V, -50.0, 100.0},
      {"table_phase", "Phase of the arm at these voltages, in units of pi (table).", Q::dimensionless,
       &P::table_phase, -100.0, 100.0},
      {"table_loss", "Loss of the arm at these voltages (table).", Q::loss, &P::table_loss_dB, 0.0, 100.0},
      {"insertion_loss", "Loss at full transmission with both arms at the bias.", Q::loss,
       &P::insertion_loss_dB, 0.0, 60.0, 0.0},
      {"extinction", "Static extinction ratio, from unequal splitting and unequal loss of the arms.", Q::loss,
       &P::extinction_dB, 1.0, 100.0, 100.0},
      {"strong_arm", "Arm that carries more light where extinction is finite, 1 or 2.", Q::dimensionless,
       &P::strong_arm, 1, 2},
      {"bias_point",
       "Phase between the arms at the bias in units of pi: 0 maximum, 0.5 quadrature, 1 minimum.",
       Q::dimensionless, &P::bias_point, 0.0, 1.0},
      {"bias_error", "What the bias control misses, in units of pi; positive towards the minimum.",
       Q::dimensionless, &P::bias_error, -1.0, 1.0, 0.0},
      choice("slope", "Power over lane voltage at the bias: rising or falling.", &P::slope,
             {"rising", "falling"}),
      {"length", "Length of the phase shifters, all segments together.", Q::length, &P::length_m, 1e-6, 0.2},
      {"optical_group_index", "Group index of the light in the arms.", Q::dimensionless,
       &P::optical_group_index, 1.0, 10.0},
      choice("electrode", "lumped: one voltage along a segment; travelling: a transmission line.",
             &P::electrode, {"lumped", "travelling"}),
      {"segments", "Equal pieces of the electrode, each with a driver of its own.", Q::dimensionless,
       &P::segments, 1, 1000},
      {"driven_segments", "How many of them are driven.", Q::dimensionless, &P::driven_segments, 1, 1000},
      {"segment_delay_error", "Delay from driver to driver minus the light's way from piece to piece.",
       Q::time, &P::segment_delay_error_s, -1e-9, 1e-9, 0.0},
      {"junction_capacitance", "Capacitance that the lane sees of the junctions over the whole length.",
       Q::capacitance, &P::junction_capacitance_F, 0.0, 1e-10, 0.0},
      {"series_resistance", "Resistance in series with it, of the whole length.", Q::resistance,
       &P::series_resistance_ohm, 0.0, 1e4, 0.0},
      choice("termination", "End of the line, or beside a lumped junction: resistor or open.",
             &P::termination, {"resistor", "open"}),
      {"termination_resistance", "The resistor of each segment, differential where the lane is.",
       Q::resistance, &P::termination_resistance_ohm, 0.1, 1e6},
      choice("line_data",
             "What line_impedance and line_index describe: loaded by junction_capacitance, or unloaded.",
             &P::line_data, {"loaded", "unloaded"}),
      {"line_impedance", "Characteristic impedance of the line (travelling).", Q::resistance,
       &P::line_impedance_ohm, 1.0, 1e3},
      {"line_index", "Index of the line at loss_frequency (travelling).", Q::dimensionless, &P::line_index,
       1.0, 20.0},
      {"conductor_loss",
       "Part of the line's loss that grows as the root of the frequency, at loss_frequency.",
       Q::loss_per_length, &P::conductor_loss_dB_per_m, 0.0, 1e5, 0.0},
      {"dielectric_loss", "Part of the line's loss that grows as the frequency, at loss_frequency.",
       Q::loss_per_length, &P::dielectric_loss_dB_per_m, 0.0, 1e4, 0.0},
      {"loss_frequency", "Frequency at which both losses are given.", Q::frequency, &P::loss_frequency_Hz,
       1e9, 1e12},
      {"line_resistance", "DC resistance of the line over the whole length.", Q::resistance,
       &P::line_resistance_ohm, 0.0, 1e4, 0.0},
      choice(
          "drive_power",
          "own: the power that flows into the electrode is booked here; driver: the driver's supply has it.",
          &P::drive_power, {"own", "driver"}),
      {"heater_pi_power", "Heater power for a phase of pi between the arms, the mean of a random phase.",
       Q::power, &P::heater_pi_power_W, 0.0, 10.0},
      {"control_power", "Power of the bias control of one modulator.", Q::power, &P::control_power_W, 0.0,
       100.0},
      choice("bias_control",
             "stated: bias_error and the drift of temperature_change; dither: what a loop leaves adds to "
             "bias_error.",
             &P::bias_control, {"stated", "dither"}),
      {"bias_drift", "Phase that one kelvin moves, in units of pi; default assumed.", Q::dimensionless,
       &P::bias_drift_per_K, -10.0, 10.0, 0.0},
      {"temperature_change", "Warming since the bias was set (stated).", Q::temperature,
       &P::temperature_change_K, -200.0, 200.0, 0.0},
      {"kelvin_time", "Time in which the temperature rises by a kelvin; 0: it rests (dither).", Q::time,
       &P::kelvin_time_s, 0.0, 1e9},
      {"dither", "Amplitude by which the loop wags the phase, in units of pi (dither).", Q::dimensionless,
       &P::dither, 1e-4, 0.15},
      choice("dither_of",
             "What of the heater is wagged: power, or voltage, whose square feigns a bias (dither).",
             &P::dither_of, {"power", "voltage"}),
      {"monitor_responsivity", "Photocurrent of the monitor over the modulator's output power, tap included.",
       Q::responsivity, &P::monitor_responsivity_A_per_W, 1e-6, 10.0},
      {"monitor_noise", "Noise current of its amplifier.", Q::current_noise, &P::monitor_noise_A_per_sqrtHz,
       0.0, 1e-6, 0.0},
      {"converter_bits", "Bits of its converter, full scale at full transmission.", Q::dimensionless,
       &P::converter_bits, 1, 32},
      {"converter_rate", "Samples per second of the converter.", Q::frequency, &P::converter_rate_Hz, 1.0,
       1e12},
      {"loop_bandwidth", "Corner of the loop that holds the bias (dither).", Q::frequency,
       &P::loop_bandwidth_Hz, 1e-6, 1e9},
      {"bias_deviations", "Standard deviations of the wandering bias that count as its error (dither).",
       Q::dimensionless, &P::bias_deviations, -20.0, 20.0},
  };
  return table;
}

MachZehnderModulator::MachZehnderModulator(std::string name, const P& parameters)
    : Stage(std::move(name)),
      p_((check(parameters, this->name()), parameters)),
      electrode_(electrode_of(p_, this->name())),
      interferometer_(arms(p_, pi * p_.bias_drift_per_K * p_.temperature_change_K),
                      arm_law(p_, this->name())) {
  if (p_.driven_segments > p_.segments)
    throw ConfigError(fmt::format("{}: driven_segments = {} is outside [1, {}], the segments there are",
                                  this->name(), p_.driven_segments, p_.segments));
}

std::optional<LoadEnd> MachZehnderModulator::load_end(std::span<const double> frequency_Hz) const {
  return electrode_end(electrode_, frequency_Hz);
}

void MachZehnderModulator::check_bundle(const Bundle& b) const {
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

// What the monitor of one modulator sees of light and data, its bias held.
BiasResidual MachZehnderModulator::residual(const Bundle& input, std::size_t lane) const {
  const auto law = arm_law(p_, name());
  const auto at = [&](double phase_rad) {
    MachZehnder::Arms arm = arms(p_);
    arm.bias_phase = phase_rad;
    return MachZehnder(arm, law);
  };
  const double side = p_.slope == "rising" ? -1.0 : 1.0, target_rad = pi * p_.bias_point;
  const MachZehnder held = at(side * target_rad), top = at(0.0), bottom = at(pi);
  const double full = power_ratio(Gain_dB{-p_.insertion_loss_dB});
  const std::vector<double> outer = {-1.0, 1.0};
  const bool silent = lane >= input.symbols.size() || input.symbols[lane].empty();
  double mean = 0.0, square = 0.0, visibility = 0.0;
  const auto& symbols = silent ? outer : input.symbols[lane];
  const double count = static_cast<double>(symbols.size());
  for (const double x : symbols) {
    const double v = 0.5 * input.full_scale_Vpp * x, power = std::norm(held.transmission(v)) / full;
    mean += power / count;
    square += power * power / count;
    visibility += (std::norm(top.transmission(v)) - std::norm(bottom.transmission(v))) / full / count;
  }
  const ComplexWave& field = input.port[0].field[lane];
  double light_W = 0.0;
  for (const Complex& each : field) light_W += std::norm(each) / static_cast<double>(field.size());
  const double full_A = p_.monitor_responsivity_A_per_W * light_W * full;
  const double variance = std::max(square - mean * mean, 0.0);
  return bias_residual(
      {.dither_rad = pi * p_.dither,
       .heater_phase_rad = p_.dither_of == "voltage" ? pi : 0.0,
       .full_current_A = full_A,
       .mean_current_A = full_A * mean,
       .visibility = std::abs(visibility),
       .noise_A_per_sqrtHz = p_.monitor_noise_A_per_sqrtHz,
       .data_A2_per_Hz = 2.0 * full_A * full_A * variance * input.grid.unit_interval_s(),
       .converter_bits = p_.converter_bits,
       .converter_rate_Hz = p_.converter_rate_Hz,
       .loop_bandwidth_Hz = p_.loop_bandwidth_Hz,
       .drift_rad_per_s = p_.kelvin_time_s > 0.0 ? pi * p_.bias_drift_per_K / p_.kelvin_time_s : 0.0},
      target_rad);
}

MachZehnder MachZehnderModulator::held(const Bundle& input, std::size_t lane) const {
  if (p_.bias_control == "stated") return interferometer_;
  return MachZehnder(arms(p_, residual(input, lane).at(p_.bias_deviations)), arm_law(p_, name()));
}

std::vector<MachZehnder> MachZehnderModulator::all_held(const Bundle& input) const {
  std::vector<MachZehnder> all;
  all.reserve(input.lane.size());
  for (std::size_t lane = 0; lane < input.lane.size(); ++lane) all.push_back(held(input, lane));
  return all;
}

std::unique_ptr<Stepper> MachZehnderModulator::start(const Bundle& input) const {
  check_bundle(input);
  return interference_stepper(all_held(input));
}

std::unique_ptr<Tangent> MachZehnderModulator::tangent(const Bundle& input) const {
  check_bundle(input);
  return interference_tangent(all_held(input), input);
}

double MachZehnderModulator::transmission(const Bundle& at, double probe_Hz,
                                          std::span<const double> drive_V) const {
  check_bundle(at);
  require(drive_V.size() == at.lane.size(),
          fmt::format("{}: {} drive voltages for {} lanes", name(), drive_V.size(), at.lane.size()));
  const auto nearest = std::min_element(at.carrier_Hz.begin(), at.carrier_Hz.end(), [&](double a, double b) {
    return std::abs(a - probe_Hz) < std::abs(b - probe_Hz);
  });
  const long lane = nearest - at.carrier_Hz.begin();
  return std::norm(held(at, static_cast<std::size_t>(lane)).transmission(drive_V[lane]));
}

std::vector<Complex> MachZehnderModulator::small_signal(const Bundle& at, int lane,
                                                        std::span<const double> frequency_Hz) const {
  check_bundle(at);
  require(lane >= 0 && lane < static_cast<int>(at.lane.size()),
          fmt::format("{}: lane {} is outside [0, {}]", name(), lane, at.lane.size() - 1));
  const MachZehnder here = held(at, static_cast<std::size_t>(lane));
  const Complex slope = 2.0 * (std::conj(here.transmission(0.0)) * here.derivative(0.0)).real();
  return std::vector<Complex>(frequency_Hz.size(), slope);
}

void MachZehnderModulator::book_drive(const Bundle& input, Ledger& ledger) const {
  const double zero_Hz = 0.0;
  const double terminal_Vpp =
      input.full_scale_Vpp / std::abs(electrode_end(electrode_, {&zero_Hz, 1}).transfer.front());
  const double resistance_ohm = electrode_resistance_ohm(electrode_);
  double power_W = 0.0;
  if (std::isfinite(resistance_ohm)) {
    for (const auto& symbols : input.symbols)
      power_W += mean_square(symbols) * 0.25 * terminal_Vpp * terminal_Vpp / resistance_ohm;
    ledger.energy.push_back({name(), "termination", Owner::module, power_W * p_.driven_segments,
                             fmt::format("{} segments x <V^2> / {}, {} peak to peak", p_.driven_segments,
                                         format_quantity(resistance_ohm, Quantity::resistance),
                                         format_quantity(terminal_Vpp, Quantity::voltage))});
    return;
  }
  const double capacitance_F = electrode_capacitance_F(electrode_);
  for (const auto& symbols : input.symbols)
    power_W += charging_power_W(capacitance_F, symbols, terminal_Vpp, input.grid.symbol_rate_Bd);
  ledger.energy.push_back(
      {name(), "electrode charging", Owner::module, power_W * p_.driven_segments,
       fmt::format("{} segments x 1/2 C <dV^2> symbol rate; C {}, swing {}", p_.driven_segments,
                   format_quantity(capacitance_F, Quantity::capacitance),
                   format_quantity(terminal_Vpp, Quantity::voltage))});
}

void MachZehnderModulator::ledger(const Bundle& input, Ledger& ledger) const {
  if (p_.drive_power == "own") book_drive(input, ledger);
  const auto modulators = static_cast<double>(input.lane.size());
  ledger.energy.push_back({name(), "bias", Owner::module,
                           modulators * (p_.heater_pi_power_W + p_.control_power_W),
                           fmt::format("{} modulators x (heater {} + control {})", modulators,
                                       format_quantity(p_.heater_pi_power_W, Quantity::power),
                                       format_quantity(p_.control_power_W, Quantity::power))});
  ledger.latency.push_back({name(), optical_transit_s(electrode_)});
}

void MachZehnderModulator::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  check_bundle(input);
  const auto warn = [&](std::string text) { warnings.push_back({name(), std::move(text)}); };
  const auto [one, two] = shares(p_);
  const double most_V = 0.5 * input.full_scale_Vpp, arm_V = most_V * std::max(std::abs(one), std::abs(two));
  // Where circuit simulators end the depletion law (FC = 1/2); a linear law makes no statement about a
  // junction.
  const bool junction = p_.arm_law == "v_pi" && p_.curvature > 0.0;
  if (junction && arm_V - p_.bias_V > 0.5 * p_.built_in_potential_V)
    warn(
        fmt::format("the junction is driven forward to {}, beyond half its built-in potential; injection, "
                    "its delay and current are not modelled",
                    format_quantity(arm_V - p_.bias_V, Quantity::voltage)));
  if (p_.arm_law == "table" &&
      (p_.bias_V + arm_V > p_.table_voltage_V.back() || p_.bias_V - arm_V < p_.table_voltage_V.front()))
    warn(fmt::format("an arm sees {} to {}, beyond its table; a straight line continues it",
                     format_quantity(p_.bias_V - arm_V, Quantity::voltage),
                     format_quantity(p_.bias_V + arm_V, Quantity::voltage)));
  if (p_.bias_control == "dither")
    for (std::size_t lane = 0; lane < input.lane.size(); ++lane)
      if (const double rms = residual(input, lane).rms_rad(); rms > largest_wander_rad)
        warn(
            fmt::format("the bias of lane {} wanders by {:.2g} pi rms: the loop is no small error any more; "
                        "lower loop_bandwidth or dither, or give the monitor more light",
                        lane, rms / pi));
  const double up = std::norm(interferometer_.transmission(most_V)),
               down = std::norm(interferometer_.transmission(-most_V));
  for (int k = 1; k < 32; ++k) {
    const double inside = std::norm(interferometer_.transmission(most_V * (k / 16.0 - 1.0)));
    if (inside <= std::max(up, down) * (1.0 + 1e-9) && inside >= std::min(up, down) * (1.0 - 1e-9)) continue;
    warn(fmt::format("a swing of {} peak to peak folds over the maximum or minimum of the transfer curve",
                     format_quantity(input.full_scale_Vpp, Quantity::voltage)));
    break;
  }
}

}  // namespace photonlink
