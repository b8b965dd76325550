#include "devices/mach_zehnder_modulator.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "device_checks.hpp"
#include "microring_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;
using test::ring_bundle;

namespace {

using P = MachZehnderModulatorParameters;
constexpr double pi = constants::pi;

/// Lossless, infinite extinction within rounding, V_pi of 4 V.
P clean(const std::string& drive = "dual") {
  P p;
  p.drive = drive;
  p.v_pi_V = 4.0;
  p.v_pi_of = "arm";
  p.insertion_loss_dB = 0.0;
  p.extinction_dB = 100.0;
  return p;
}
/// Bent, absorbing, out of balance: nothing is idle.
P busy() {
  P p = clean();
  p.curvature = 0.8;
  p.loss_per_voltage_dB_per_m_V = -150.0;
  p.imbalance = 0.3;
  p.insertion_loss_dB = 3.0;
  p.extinction_dB = 20.0;
  p.bias_error = 0.07;
  return p;
}

double power(const P& p, double drive_V) {
  const Bundle at = ring_bundle(1, 1, 4, 50e9, 1.0);
  return MachZehnderModulator("m", p).transmission(at, at.carrier_Hz[0], {&drive_V, 1});
}

}  // namespace

TEST_CASE("mach-zehnder: every range error names the parameter") {
  test::check_range_messages<MachZehnderModulator, P>();
  P p;
  p.driven_segments = 2;
  CHECK_THROWS_WITH_AS(MachZehnderModulator("m", p),
                       doctest::Contains("driven_segments = 2 is outside [1, 1]"), ConfigError);
  p = {};
  p.arm_law = "table";
  p.table_voltage_V = {0.0, 1.0, 1.0, 2.0};
  p.table_phase = p.table_loss_dB = {0.0, 0.0, 0.0, 0.0};
  CHECK_THROWS_WITH_AS(MachZehnderModulator("m", p), doctest::Contains("ascending voltages"), ConfigError);
  p = {};
  p.dielectric_loss_dB_per_m = 1e4;
  CHECK_THROWS_WITH_AS(MachZehnderModulator("m", p), doctest::Contains("dielectric_loss"), ConfigError);
}

TEST_CASE("mach-zehnder: the drive says what V_pi and the swing mean") {
  // ½ (1 + sin(π k v / V_pi)) with k of the header's table, V_pi across one arm.
  const std::vector<std::pair<std::string, double>> phase_per_lane{
      {"single", 1.0}, {"dual", 1.0}, {"series", 1.0}, {"opposite", 2.0}};
  for (const auto& [drive, k] : phase_per_lane) {
    P p = clean(drive);
    for (const double v : {-0.9, 0.0, 0.3, 1.0}) {
      // 100 dB of extinction move the level by 1e-10.
      CHECK(abs_error(power(p, v), 0.5 * (1.0 + std::sin(pi * k * v / 4.0))) <= 1e-9);
      p.slope = "falling";
      CHECK(abs_error(power(p, v), 0.5 * (1.0 - std::sin(pi * k * v / 4.0))) <= 1e-9);
      p.slope = "rising";
    }
    p.v_pi_of = "device";
    CHECK(abs_error(power(p, 2.0), 1.0) <= 1e-9);
    CHECK(power(p, -2.0) <= 1e-9);
  }
}

TEST_CASE("mach-zehnder: insertion loss, extinction and bias are what their names say") {
  P p = clean();
  p.insertion_loss_dB = 4.0;
  p.extinction_dB = 18.0;
  for (const int arm : {1, 2}) {
    p.strong_arm = arm;
    p.bias_point = 0.0;
    CHECK(rel_error(power(p, 0.0), std::pow(10.0, -0.4)) <= 1e-12);
    CHECK(rel_error(power(p, 4.0), std::pow(10.0, -2.2)) <= 1e-12);
    p.bias_point = 1.0;
    CHECK(rel_error(power(p, 0.0), std::pow(10.0, -2.2)) <= 1e-12);
    p.bias_point = 0.9;
    p.bias_error = 0.1;
    CHECK(rel_error(power(p, 0.0), std::pow(10.0, -2.2)) <= 1e-12);
    p.bias_error = 0.0;
  }
  // Quadrature with a swing of 2.5 V and 7 V for π: the static bound (1 + sin φ)/(1 - sin φ), φ = π 2.5/14.
  P q = clean();
  q.v_pi_V = 7.0;
  const double sine = std::sin(pi * 2.5 / 14.0);
  CHECK(rel_error(power(q, 1.25) / power(q, -1.25), (1.0 + sine) / (1.0 - sine)) <= 1e-8);
}

TEST_CASE("mach-zehnder: a line given with its junction is that line") {
  P p;
  p.line_impedance_ohm = p.termination_resistance_ohm = 45.0;
  p.line_index = 4.2;
  p.junction_capacitance_F = 400e-15;  // of the 778 fF that 2.5 mm of this line have
  for (const double f : {10e9, 70e9}) {
    const LoadEnd end = *MachZehnderModulator("m", p).load_end({&f, 1});
    const double x = pi * f * (4.2 - 3.9) * 2.5e-3 / constants::speed_of_light_m_per_s;
    // Without resistances the two capacitances are one: closed form to rounding.
    CHECK(rel_error(std::abs(end.transfer[0]), std::sin(x) / x) <= 1e-11);
    CHECK(std::abs(end.impedance_ohm[0] - 45.0) <= 1e-9);
  }
  // Weak loss adds up: conductor, dielectric, and ½ Z (ωC)² R of the junction, 20 log over the length.
  p.conductor_loss_dB_per_m = 300.0;
  p.dielectric_loss_dB_per_m = 100.0;
  p.series_resistance_ohm = 0.4;
  const ModulatorElectrode e = MachZehnderModulator("m", p).electrode();
  const double f = 50e9, omega = 2.0 * pi * f;
  LineImmittance per_m = line_immittance(e.line, f);
  per_m.shunt_S_per_m += 1.0 / (0.4 * 2.5e-3 + 2.5e-3 / Complex(0.0, omega * 400e-15));
  const double loss_dB_per_m =
      20.0 / std::log(10.0) * (std::sqrt(per_m.series_ohm_per_m) * std::sqrt(per_m.shunt_S_per_m)).real();
  const double junction_Np_per_m = 0.5 * 45.0 * std::pow(omega * 400e-15, 2) * 0.4 / 2.5e-3;
  // First order: the squares of losses over phase, (0.1)² at most.
  CHECK(rel_error(loss_dB_per_m, 400.0 + 20.0 / std::log(10.0) * junction_Np_per_m) <= 0.02);
  p.junction_capacitance_F = 800e-15;
  CHECK_THROWS_WITH_AS(MachZehnderModulator("m", p), doctest::Contains("junction_capacitance = 800 fF"),
                       ConfigError);
}

TEST_CASE("mach-zehnder: chirp is nil in push-pull and one with a single arm") {
  // 1e-5 of field in the weaker arm leaves 1e-5 of chirp.
  CHECK(std::abs(MachZehnderModulator("m", clean("dual")).chirp_parameter()) <= 3e-5);
  CHECK(std::abs(MachZehnderModulator("m", clean("opposite")).chirp_parameter(0.4)) <= 3e-5);
  CHECK(abs_error(std::abs(MachZehnderModulator("m", clean("single")).chirp_parameter()), 1.0) <= 3e-5);
  P p = clean("single");
  p.slope = "falling";
  CHECK(abs_error(MachZehnderModulator("m", clean("single")).chirp_parameter(),
                  -MachZehnderModulator("m", p).chirp_parameter()) <= 1e-4);
  p = clean("dual");
  for (const double balance : {-1.0, -0.4, 0.25, 1.0}) {
    p.imbalance = balance;
    CHECK(abs_error(std::abs(MachZehnderModulator("m", p).chirp_parameter()), std::abs(balance)) <= 3e-5);
  }
}

TEST_CASE("mach-zehnder: the chirp parameter is that of the stepped field") {
  // α = 2 (dψ/dt) P / (dP/dt) on a slow ramp through every operating point.
  for (const P& p : {busy(), clean("single")}) {
    const MachZehnderModulator stage("m", p);
    Bundle b = ring_bundle(1, 4, 64, 50e9, 1.0);
    for (std::size_t n = 0; n < b.lane[0].size(); ++n) b.lane[0][n] = 1e-3 * static_cast<double>(n) - 0.1;
    const RealWave drive = b.lane[0];
    stage.start(b)->step(b);
    const ComplexWave& a = b.port[0].field[0];
    for (std::size_t n = 1; n + 1 < a.size(); n += 20) {
      const double turn = std::arg(a[n + 1] / a[n - 1]), rise = std::norm(a[n + 1]) - std::norm(a[n - 1]);
      // Central differences of 1 mV steps: (1e-3 π/4)² relative.
      CHECK(abs_error(2.0 * std::norm(a[n]) * turn / rise, stage.chirp_parameter(drive[n])) <= 1e-5);
    }
  }
}

TEST_CASE("mach-zehnder: stepping, tangent and small signal follow the static curve") {
  const MachZehnderModulator stage("m", busy());
  Bundle input = test::random_bundle(3, 1, 3, 5);
  // Far below the bias the bend goes on straight; 29 samples are no whole number of registers.
  input.lane[1][3] = -9.0;
  input.lane[0].resize(29);
  input.port[0].field[0].resize(29);
  Bundle out = input;
  stage.start(input)->step(out);
  CHECK(out.lane.empty());
  for (int i = 0; i < 3; ++i)
    for (std::size_t n = 0; n < input.lane[i].size(); ++n) {
      std::vector<double> drive(3, 0.0);
      drive[i] = input.lane[i][n];
      const double ratio = std::norm(out.port[0].field[i][n]) / std::norm(input.port[0].field[i][n]);
      // Register kernel against std::polar: rounding.
      CHECK(rel_error(ratio, stage.transmission(input, input.carrier_Hz[i] + 1e9, drive)) <= 1e-13);
    }
  input = test::random_bundle(3, 1, 3, 5);
  Sensitivity w{.begin = -7, .length = 20, .lane = {}, .port = {}};
  w.port.assign(1, {ComplexWave(20, {0.3, -0.2}), {}, ComplexWave(20, {-0.5, 0.7})});
  // Central difference of steps of 1e-5 V: 1e-10 of truncation and of rounding.
  CHECK(test::tangent_error(stage, input, w, 1e-5) <= 1e-8);

  const double step = 1e-5;
  std::vector<double> up(3, 0.0), down(3, 0.0);
  up[1] = step;
  down[1] = -step;
  const std::vector<double> f{0.0, 1e9, 60e9};
  const auto response = stage.small_signal(input, 1, f);
  CHECK(response.size() == 3);
  const double slope = (stage.transmission(input, input.carrier_Hz[1], up) -
                        stage.transmission(input, input.carrier_Hz[1], down)) /
                       (2.0 * step);
  for (const Complex& m : response) CHECK(std::abs(m - slope) <= 1e-8 * std::abs(slope));
}

TEST_CASE("mach-zehnder: a table of a junction gives what the junction gives") {
  P law = busy(), table = busy();
  table.arm_law = "table";
  // An arm in V_pi "arm": π/4 per volt at 3 V of reverse bias, Φ = 3.9 V; loss -150 dB/m over 2.5 mm.
  const auto bent = [](double u) { return 0.2 * u + 0.8 * 2.0 * 3.9 * (std::sqrt(1.0 + u / 3.9) - 1.0); };
  for (int k = 0; k <= 60; ++k) {
    const double u = 0.1 * k - 3.0;
    table.table_voltage_V.push_back(3.0 + u);
    table.table_phase.push_back(bent(u) / 4.0 + 2.0);
    table.table_loss_dB.push_back(5.0 - 0.375 * bent(u));
  }
  // pchip on 0.1 V steps of a curve with a radius of volts: step³ of a third derivative of 1e-2 at worst.
  for (const double v : {-2.1, -0.7, 0.0, 0.4, 1.9}) CHECK(rel_error(power(table, v), power(law, v)) <= 1e-4);
  // Beyond its end the table goes on straight, and says so.
  Bundle at = ring_bundle(1, 1, 4, 50e9, 1.0);
  at.full_scale_Vpp = 20.0;
  std::vector<Warning> warnings;
  MachZehnderModulator("m", table).validity(at, warnings);
  CHECK(warnings.front().text.find("beyond its table") != std::string::npos);
}

TEST_CASE("mach-zehnder: the ledger follows voltage, resistance, symbols and segments") {
  Bundle b = ring_bundle(1, 4, 4, 50e9, 2.0);
  b.symbols = {{-1.0, 1.0, 1.0, -1.0}};
  const auto booked = [&](const P& p, const std::string& cause) {
    Ledger ledger;
    MachZehnderModulator("m", p).ledger(b, ledger);
    for (const LedgerEntry& entry : ledger.energy)
      if (entry.cause == cause) return entry.power_W;
    return -1.0;
  };
  P p = clean();
  // NRZ of 2 V peak to peak: 1 V² over 50 ohm; at 1 Hz a lossless line is transparent to 1e-9.
  CHECK(rel_error(booked(p, "termination"), 0.02) <= 1e-8);
  CHECK(rel_error(booked(p, "bias"), p.heater_pi_power_W) <= 1e-12);
  p.termination_resistance_ohm = 100.0;
  CHECK(rel_error(booked(p, "termination"), 0.01) <= 1e-8);
  b.symbols = {{-1.0, -1.0 / 3.0, 1.0 / 3.0, 1.0}};
  CHECK(rel_error(booked(p, "termination"), 5.0 / 9.0 * 0.01) <= 1e-8);
  p.segments = p.driven_segments = 3;
  CHECK(rel_error(booked(p, "termination"), 3.0 * 5.0 / 9.0 * 0.01) <= 1e-8);
  // One of three driven: the average is a third of the 6 V at its terminals.
  p.driven_segments = 1;
  CHECK(rel_error(booked(p, "termination"), 9.0 * 5.0 / 9.0 * 0.01) <= 1e-8);
  p.drive_power = "driver";
  CHECK(booked(p, "termination") == -1.0);
  p = clean();
  p.electrode = "lumped";
  p.termination = "open";
  p.junction_capacitance_F = 100e-15;
  // <dV²> of -1, -1/3, 1/3, 1: (3 · (2/3)² + 2²)/4 V².
  CHECK(rel_error(booked(p, "electrode charging"), 0.5 * 100e-15 * 4.0 / 3.0 * 50e9) <= 1e-8);
}

TEST_CASE("mach-zehnder: leaving the range of the model warns") {
  Bundle at = ring_bundle(1, 1, 4, 50e9, 1.0);
  const auto warned = [&](const P& p, double swing_Vpp, const char* word) {
    at.full_scale_Vpp = swing_Vpp;
    std::vector<Warning> warnings;
    MachZehnderModulator("m", p).validity(at, warnings);
    return warnings.size() == 1 && warnings[0].text.find(word) != std::string::npos;
  };
  P p = clean();
  std::vector<Warning> none;
  at.full_scale_Vpp = 4.0;
  MachZehnderModulator("m", p).validity(at, none);
  CHECK(none.empty());
  CHECK(warned(p, 4.8, "folds over"));
  p.curvature = 1.0;
  p.bias_V = 0.2;
  CHECK(warned(p, 3.0, "driven forward to 550 mV"));
}

TEST_CASE("mach-zehnder: lanes, carriers and ports must match") {
  const MachZehnderModulator stage("m", {});
  Bundle b = ring_bundle(2, 4, 4, 50e9, 2.0);
  b.lane.pop_back();
  CHECK_THROWS_WITH_AS(stage.start(b), doctest::Contains("1 lanes drive modulators on 2 carriers"),
                       ConfigError);
  b.port.clear();
  CHECK_THROWS_WITH_AS(stage.start(b), doctest::Contains("place the modulator behind the laser"),
                       ConfigError);
  b = ring_bundle(2, 4, 4, 50e9, 2.0);
  const std::vector<double> one{0.0};
  CHECK_THROWS_WITH_AS(stage.transmission(b, 228e12, one), doctest::Contains("1 drive voltages for 2 lanes"),
                       DomainError);
  CHECK_THROWS_WITH_AS(stage.small_signal(b, 2, one), doctest::Contains("lane 2 is outside [0, 1]"),
                       DomainError);
}
