#include "devices/electroabsorption_modulator.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/units.hpp"
#include "device_checks.hpp"
#include "devices/physics/optics.hpp"
#include "microring_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;
using test::ring_bundle;

namespace {

constexpr double pi = constants::pi;

/// Nothing is idle: chirp that changes with voltage, bleaching, heat, losses.
ElectroabsorptionModulatorParameters busy() {
  return {.absorption_dB = 22.0,
          .insertion_loss_dB = 3.0,
          .chirp_voltages_V = {0.5, 2.5},
          .chirp = {1.2, -0.8},
          .bias_V = 1.6,
          .saturation_power_W = 4e-3,
          .collection_efficiency = 0.9,
          .thermal_resistance_K_per_W = 2e3,
          .edge_shift_V_per_K = 0.02};
}

Bundle constant_bundle(int lanes, const std::vector<double>& drive_V) {
  Bundle b = ring_bundle(lanes, 8, 16, 53.125e9, 1.0);
  for (std::size_t i = 0; i < drive_V.size(); ++i) b.lane[i].assign(b.lane[i].size(), drive_V[i]);
  return b;
}

Bundle passed(const Stage& stage, Bundle bundle) {
  stage.start(bundle)->step(bundle);
  return bundle;
}

double entry_W(const Stage& stage, const Bundle& bundle, const std::string& cause) {
  Ledger ledger;
  stage.ledger(bundle, ledger);
  for (const LedgerEntry& entry : ledger.energy)
    if (entry.cause == cause) return entry.power_W;
  return -1.0;
}

std::vector<Warning> warnings_of(const ElectroabsorptionModulatorParameters& p, const Bundle& bundle) {
  std::vector<Warning> list;
  ElectroabsorptionModulator("eam", p).validity(bundle, list);
  return list;
}

double resistance_at(const LoadEnd& end, double source_ohm) {
  return std::abs(end.transfer[0] * end.impedance_ohm[0] / (end.impedance_ohm[0] + source_ohm));
}

}  // namespace

TEST_CASE("electroabsorption modulator: every parameter refuses values outside its range by name") {
  test::check_range_messages<ElectroabsorptionModulator, ElectroabsorptionModulatorParameters>();
}

TEST_CASE("electroabsorption modulator: constant voltages give the static transmission of each carrier") {
  const ElectroabsorptionModulator stage("eam", busy());
  const std::vector<double> drive{-0.4, 0.1, 0.6};
  const Bundle in = constant_bundle(3, drive), out = passed(stage, in);
  for (std::size_t i = 0; i < 3; ++i) {
    const double settled = std::norm(out.port[0].field[i].back()) / std::norm(in.port[0].field[i].back());
    // Sums over 128 equal samples.
    CHECK(rel_error(stage.transmission(in, in.carrier_Hz[i], drive), settled) <= 1e-12);
  }
  CHECK(out.lane.empty());
}

TEST_CASE("electroabsorption modulator: without light and heat T = IL exp(-A (V/V_ref)^m)") {
  const ElectroabsorptionModulator stage(
      "eam", {.absorption_dB = 22.0, .absorption_voltage_V = 3.0, .insertion_loss_dB = 2.5, .bias_V = 1.5});
  const Bundle b = constant_bundle(1, {0.0});
  const auto loss_dB = [&](double u) {
    const std::vector<double> drive{u};
    return -10.0 * std::log10(stage.transmission(b, b.carrier_Hz[0], drive));
  };
  // Logarithm of an exponential.
  CHECK(abs_error(loss_dB(0.0), 2.5 + 22.0 / 4.0) <= 1e-12);
  CHECK(abs_error(loss_dB(1.5) - loss_dB(-1.5), 22.0) <= 1e-12);
}

TEST_CASE("electroabsorption modulator: small signal is the slope of the static curve, at every frequency") {
  const ElectroabsorptionModulator stage("eam", busy());
  const Bundle b = constant_bundle(2, {0.2, -0.3});
  for (int lane = 0; lane < 2; ++lane) {
    constexpr double h = 1e-4;
    std::vector<double> up(2, 0.0), down(2, 0.0);
    up[static_cast<std::size_t>(lane)] = h;
    down[static_cast<std::size_t>(lane)] = -h;
    const double carrier_Hz = b.carrier_Hz[static_cast<std::size_t>(lane)];
    const double slope =
        (stage.transmission(b, carrier_Hz, up) - stage.transmission(b, carrier_Hz, down)) / (2.0 * h);
    for (const Complex& value : stage.small_signal(b, lane, std::vector<double>{0.0, 40e9})) {
      // h² of the third derivative.
      CHECK(rel_error(value.real(), slope) <= 1e-7);
      CHECK(value.imag() == 0.0);
    }
  }
  CHECK_THROWS_WITH_AS(stage.small_signal(b, 2, std::vector<double>{0.0}),
                       doctest::Contains("lane 2 is outside [0, 1]"), DomainError);
}

TEST_CASE("electroabsorption modulator: the tangent is the central difference of the stepper") {
  ElectroabsorptionModulatorParameters p = busy();
  p.thermal_resistance_K_per_W = 0.0;  // heat is slow: the tangent holds it, a difference of runs does not
  p.bias_V = 4.0;
  p.absorption_voltage_V = 5.0;
  const ElectroabsorptionModulator stage("eam", p);
  const Bundle input = test::random_bundle(2, 1, 2, 5);
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  Sensitivity observed{.begin = -7, .length = 20, .lane = {}, .port = {{}}};
  observed.port[0].assign(2, ComplexWave(20));
  for (ComplexWave& field : observed.port[0])
    for (Complex& w : field) w = {normal(random), normal(random)};
  // Step² of third derivatives: fields of 0.03 √W against a saturation of 0.06 √W.
  CHECK(test::tangent_error(stage, input, observed, 1e-6) <= 1e-8);
}

TEST_CASE("electroabsorption modulator: alpha > 0 shifts to the blue on a rising edge") {
  for (const double alpha : {0.8, -1.5}) {
    const ElectroabsorptionModulator stage("eam", {.chirp = {alpha}, .saturation_power_W = 5e-3});
    const Bundle out = passed(stage, ring_bundle(1, 16, 64, 53.125e9, 1.0));
    const ComplexWave& field = out.port[0].field[0];
    int edges = 0;
    for (std::size_t u = 1; u < field.size(); ++u) {
      const double power_step = std::log(std::norm(field[u]) / std::norm(field[u - 1]));
      if (std::abs(power_step) < 1e-3) continue;
      ++edges;
      // dφ = α/2 d ln P holds for finite steps where α is constant; rounding of the argument.
      CHECK(abs_error(std::arg(field[u] * std::conj(field[u - 1])), 0.5 * alpha * power_step) <= 1e-12);
    }
    CHECK(edges > 100);
  }
}

TEST_CASE("electroabsorption modulator: the photocurrent is one electron for each photon absorbed") {
  ElectroabsorptionModulatorParameters p{.absorption_dB = 20.0,
                                         .absorption_voltage_V = 2.0,
                                         .insertion_loss_dB = 0.0,
                                         .bias_V = 2.0,
                                         .collection_efficiency = 0.8};
  const Bundle b = constant_bundle(1, {0.0});  // 1 mW
  const double current_A = 0.8 * 0.99e-3 * constants::elementary_charge_C / photon_energy_J(b.carrier_Hz[0]);
  // A dozen roundings.
  CHECK(rel_error(entry_W(ElectroabsorptionModulator("eam", p), b, "photocurrent"), current_A * 2.0) <=
        1e-13);
  p.bias_V = 4.0;
  p.absorption_voltage_V = 4.0;
  CHECK(rel_error(entry_W(ElectroabsorptionModulator("eam", p), b, "photocurrent"), current_A * 4.0) <=
        1e-13);
  p.insertion_loss_dB = 6.0;  // half in front of the absorber
  CHECK(rel_error(entry_W(ElectroabsorptionModulator("eam", p), b, "photocurrent"),
                  current_A * 4.0 * power_ratio(Gain_dB{-3.0})) <= 1e-12);
}

TEST_CASE("electroabsorption modulator: heat balances its resistance and moves the edge") {
  const ElectroabsorptionModulatorParameters p = busy();
  const ElectroabsorptionModulator stage("eam", p);
  const Bundle b = constant_bundle(1, {0.0});
  const double rise_K = stage.temperature_rise_K(b, 0);
  REQUIRE(rise_K > 0.1);
  // The same absorption at a bias that is higher by the shift.
  ElectroabsorptionModulatorParameters cold = p;
  cold.edge_shift_V_per_K = 0.0;
  cold.bias_V = p.bias_V + p.edge_shift_V_per_K * rise_K;
  const std::vector<double> drive{0.0};
  const double transmission = stage.transmission(b, b.carrier_Hz[0], drive);
  CHECK(rel_error(transmission,
                  ElectroabsorptionModulator("eam", cold).transmission(b, b.carrier_Hz[0], drive)) <= 1e-12);
  // Balance: R (absorbed + I V), absorbed from the transmission behind both halves of the loss.
  const double front = power_ratio(Gain_dB{-1.5}), absorbed_W = 1e-3 * (front - transmission / front);
  const double electrical_W = absorbed_W * 0.9 * quantum_limited_responsivity_A_per_W(b.carrier_Hz[0]) * 1.6;
  // The iteration ends at 1e-12.
  CHECK(rel_error(rise_K, 2e3 * (absorbed_W + electrical_W)) <= 1e-10);
}

TEST_CASE("electroabsorption modulator: heating without balance is refused") {
  ElectroabsorptionModulatorParameters p = busy();
  p.thermal_resistance_K_per_W = 1e6;
  const Bundle b = constant_bundle(1, {0.0});
  CHECK_THROWS_WITH_AS(ElectroabsorptionModulator("eam", p).start(b),
                       doctest::Contains("eam: self-heating has no balance below 500 K"), ConfigError);
}

TEST_CASE("electroabsorption modulator: RC limit with and without termination") {
  const double source_ohm = 50.0, capacitance_F = 60e-15, series_ohm = 10.0;
  for (const double termination_ohm : {0.0, 50.0}) {
    const ElectroabsorptionModulator stage("eam", {.junction_capacitance_F = capacitance_F,
                                                   .series_resistance_ohm = series_ohm,
                                                   .termination_ohm = termination_ohm});
    // Seen by the junction: series resistance and, with termination, both resistors in parallel.
    const double driving_ohm =
        series_ohm +
        (termination_ohm > 0.0 ? source_ohm * termination_ohm / (source_ohm + termination_ohm) : source_ohm);
    const std::vector<double> low{0.0}, edge{1.0 / (2.0 * pi * driving_ohm * capacitance_F)};
    const double dc = resistance_at(*stage.load_end(low), source_ohm);
    // The junction at 1 Hz stands in for 0 Hz: 4e-11 of the voltage.
    CHECK(rel_error(dc, termination_ohm > 0.0 ? 0.5 : 1.0) <= 1e-10);
    CHECK(rel_error(resistance_at(*stage.load_end(edge), source_ohm), dc / std::sqrt(2.0)) <= 1e-10);
  }
}

TEST_CASE("electroabsorption modulator: the photocurrent takes its share of the swing") {
  const ElectroabsorptionModulator stage(
      "eam", {.series_resistance_ohm = 10.0, .termination_ohm = 50.0, .photo_resistance_ohm = 150.0});
  const std::vector<double> low{0.0};
  // 160 ohm across 50 ohm, behind 50 ohm; then 150 of 160. The junction at 1 Hz: 6e-11.
  const double load_ohm = 1.0 / (1.0 / 160.0 + 1.0 / 50.0);
  CHECK(rel_error(resistance_at(*stage.load_end(low), 50.0), load_ohm / (load_ohm + 50.0) * 150.0 / 160.0) <=
        1e-9);
}

TEST_CASE("electroabsorption modulator: charging follows C, swing and symbols") {
  const Bundle b = ring_bundle(1, 16, 16, 53.125e9, 1.0);
  const double steps = [&] {
    double sum = 0.0;
    for (std::size_t k = 0; k < 16; ++k)
      sum += std::pow(b.symbols[0][(k + 1) % 16] - b.symbols[0][k], 2) / 4.0 / 16.0;
    return sum;
  }();
  // Products and a sum of 16.
  CHECK(rel_error(entry_W(ElectroabsorptionModulator("eam", {.junction_capacitance_F = 80e-15}), b,
                          "junction charging"),
                  0.5 * 80e-15 * steps * 53.125e9) <= 1e-13);
}

TEST_CASE("electroabsorption modulator: points that do not fit together are refused") {
  const auto refused = [](const ElectroabsorptionModulatorParameters& p, const char* text) {
    CHECK_THROWS_WITH_AS(ElectroabsorptionModulator("eam", p), doctest::Contains(text), ConfigError);
  };
  refused({.law = "table", .voltages_V = {0, 1, 2}, .losses_dB = {0, 1, 2}}, "3 voltages and 3 losses");
  refused({.law = "table", .voltages_V = {0, 1, 1, 2}, .losses_dB = {0, 1, 2, 3}}, "voltages[2] = 1 V");
  refused({.law = "table", .voltages_V = {0, 1, 2, 3}, .losses_dB = {0, 3, 2, 4}},
          "losses[2] = 2 dB is below");
  refused({.chirp_voltages_V = {0, 1}, .chirp = {1}}, "1 values of chirp for 2 chirp_voltages");
  const Bundle two = ring_bundle(2, 4, 8, 53e9, 1.0);
  Bundle one = two;
  one.lane.resize(1);
  CHECK_THROWS_WITH_AS(ElectroabsorptionModulator("eam", {}).start(one),
                       doctest::Contains("1 lanes drive modulators of 2 carriers"), ConfigError);
}

TEST_CASE("electroabsorption modulator: leaving the model's range warns") {
  Bundle b = ring_bundle(1, 8, 16, 53.125e9, 1.0);
  CHECK(warnings_of({.bias_V = 1.0}, b).empty());
  CHECK(warnings_of({.bias_V = 0.3}, b).size() == 1);
  ElectroabsorptionModulatorParameters table{
      .law = "table", .voltages_V = {0.0, 0.5, 1.0, 1.4}, .losses_dB = {0.0, 1.0, 4.0, 9.0}, .bias_V = 0.8};
  CHECK(warnings_of(table, b).empty());
  table.bias_V = 1.2;
  CHECK(warnings_of(table, b).size() == 1);
  for (Complex& a : b.port[0].field[0]) a *= 4.0;  // 16 mW
  const auto heavy = warnings_of({.bias_V = 1.0}, b);
  REQUIRE(heavy.size() == 1);
  // The warning names the value that silences it.
  const std::size_t at = heavy[0].text.find("photo_resistance = \"");
  REQUIRE(at != std::string::npos);
  const double stated_ohm = std::stod(heavy[0].text.substr(at + std::string("photo_resistance = \"").size()));
  CHECK(warnings_of({.bias_V = 1.0, .photo_resistance_ohm = stated_ohm}, b).empty());
  // dI/dV: R e^-L dL/dV of the power at the absorber, from the current at two biases.
  const auto current_A = [&](double bias_V) {
    Bundle rest = b;
    rest.lane[0].assign(rest.lane[0].size(), 0.0);
    return entry_W(ElectroabsorptionModulator("eam", {.bias_V = bias_V}), rest, "photocurrent") / bias_V;
  };
  // Three printed digits.
  CHECK(rel_error(1.0 / stated_ohm, (current_A(1.001) - current_A(0.999)) / 0.002) <= 6e-3);
}
