#include "devices/microring_modulator.hpp"

#include <doctest/doctest.h>

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

constexpr double c0 = constants::speed_of_light_m_per_s;

MicroringModulatorParameters lossless_bus() {
  MicroringModulatorParameters p;
  p.off_resonance_loss_dB = 0.0;
  p.waveguide_loss_dB_per_m = 0.0;
  return p;
}

double ledger_W(const Stage& stage, const Bundle& bundle, const std::string& cause) {
  Ledger ledger;
  stage.ledger(bundle, ledger);
  for (const LedgerEntry& entry : ledger.energy)
    if (entry.cause == cause) return entry.power_W;
  return -1.0;
}

}  // namespace

TEST_CASE(
    "microring modulator: constant voltages give the static transmission of every carrier through every "
    "ring") {
  MicroringModulatorParameters p;
  p.curvature = 0.7;
  p.loss_per_voltage_dB_per_m_V = -200.0;
  const MicroringModulator stage("tx", p);
  Bundle b = ring_bundle(3, 16, 16, 32e9, 2.0);
  for (int i = 0; i < 3; ++i) b.lane[i].assign(b.grid.size(), 0.3 * i - 0.5);
  const auto rings = stage.align(b);
  std::vector<Complex> expected(3, b.port[0].field[0][0]);
  for (int i = 0; i < 3; ++i)
    for (int c = 0; c < 3; ++c) {
      RingRates r = rings[i].rates;
      r.loss_per_s += rings[i].law.extra_loss_per_s(b.lane[i][0]);
      expected[c] *= rings[i].passing_field *
                     through_response(r, rings[i].detuning_Hz[c] - rings[i].law.shift_Hz(b.lane[i][0]));
    }
  const auto stepper = stage.start(b);
  stepper->step(b);
  CHECK(b.lane.empty());
  for (int c = 0; c < 3; ++c)
    for (const int n : {0, 100, 255})
      // Rounding of 256 steps.
      CHECK(std::abs(b.port[0].field[c][n] - expected[c]) <= 1e-11 * std::abs(expected[c]));
}

TEST_CASE("microring modulator: state and output repeat from the second period on") {
  const MicroringModulator stage("tx", {});
  const Bundle input = ring_bundle(2, 64, 16, 32e9, 2.0);
  const auto stepper = stage.start(input);
  std::vector<ComplexWave> period;
  std::vector<Complex> state;
  for (int k = 0; k < 2; ++k) {
    Bundle b = input;
    stepper->step(b);
    if (k == 1) {
      double worst = 0.0;
      for (std::size_t s = 0; s < state.size(); ++s)
        worst = std::max(worst, std::abs(stepper->state()[s] - state[s]));
      // 2 ns over a lifetime of 5.4 ps: nothing is left but rounding.
      CHECK(worst <= 1e-12 * std::abs(state[0]));
    }
    state.assign(stepper->state().begin(), stepper->state().end());
    CHECK(state.size() == 4);
  }
}

TEST_CASE("microring modulator: published swing, Q and depth give the published ER, insertion loss and OMA") {
  // Rakowski et al., OFC 2026, M2A.3 (curated extraction): 80 pm shift, Q 3900, 1 % dip; at ER 3.5 dB: IL 3.0
  // dB, OMA relative to the input -5.5 dB. One free number, the mean detuning, is set by the ER.
  MicroringModulatorParameters p = lossless_bus();
  const double carrier_Hz = c0 / 1314.385e-9;
  const MicroringModulator stage("tx", p);
  const auto levels = [&](double detuning_Hz) {
    return std::pair(stage.static_transmission(carrier_Hz, detuning_Hz, 1.0),
                     stage.static_transmission(carrier_Hz, detuning_Hz, -1.0));
  };
  double low = 15e9, high = 60e9;  // ER falls with detuning
  for (int k = 0; k < 60; ++k) {
    const double middle = 0.5 * (low + high);
    const auto [one, zero] = levels(middle);
    (10.0 * std::log10(one / zero) > 3.5 ? low : high) = middle;
  }
  const auto [one, zero] = levels(low);
  // Printed to 0.1 dB (insertion loss) and 0.1 dB (OMA).
  CHECK(abs_error(-10.0 * std::log10(one), 3.0) <= 0.1);
  CHECK(abs_error(10.0 * std::log10(one - zero), -5.5) <= 0.1);
  CHECK(low > 0.0);
}

TEST_CASE("microring modulator: automatic detuning has the largest static OMA of its side") {
  for (const char* side : {"blue", "red"})
    for (const double swing : {0.2, 2.0, 6.0}) {
      MicroringModulatorParameters p;
      p.detuning_side = side;
      const MicroringModulator stage("tx", p);
      const double chosen = stage.own_detuning_Hz(228e12, swing);
      CHECK((chosen > 0.0) == (p.detuning_side == "blue"));
      const auto oma = [&](double d) {
        return std::abs(stage.static_transmission(228e12, d, 0.5 * swing) -
                        stage.static_transmission(228e12, d, -0.5 * swing));
      };
      for (double d = 0.25e9; d < 400e9; d += 0.25e9)
        // Brent stops at half the digits: the OMA there is good to all.
        CHECK(oma(std::copysign(d, chosen)) <= oma(chosen) * (1.0 + 1e-12));
    }
  // Small swing on the deepest line: slope maximum at D = 1/(√3 τ).
  MicroringModulatorParameters p;
  p.extinction_dB = 70.0;
  const MicroringModulator stage("tx", p);
  // Shift over linewidth 5e-6 squared, and half the digits of Brent's method.
  CHECK(rel_error(stage.own_detuning_Hz(228e12, 1e-4), 228e12 / 3900.0 / 2.0 / std::sqrt(3.0)) <= 1e-4);
}

TEST_CASE(
    "microring modulator: reverse voltage moves the ring red by the stated wavelength, curvature bends it") {
  MicroringModulatorParameters p = lossless_bus();
  p.detuning_mode = "fixed";
  p.detuning_Hz = 0.0;
  Bundle b = ring_bundle(1, 16, 8, 32e9, 2.0);
  const RingVoltageLaw linear = MicroringModulator("tx", p).align(b)[0].law;
  // 40 pm/V at 228 THz: -f²/c · 40 pm.
  CHECK(rel_error(linear.shift_Hz(1.0), -228e12 * 228e12 / c0 * 40e-12) <= 1e-14);
  p.curvature = 1.0;
  const RingVoltageLaw bent = MicroringModulator("tx", p).align(b)[0].law;
  CHECK(rel_error(bent.shift_slope_Hz_per_V(0.0), linear.slope_Hz_per_V) <= 1e-14);
  CHECK(std::abs(bent.shift_Hz(2.0)) < std::abs(linear.shift_Hz(2.0)));
  for (const double u : {-1.8, -0.951, -0.949, 0.0, 0.7, 3.0})
    // Central difference of 1e-6 V; at the tangent continuation the curve is smooth to first order.
    CHECK(rel_error(bent.shift_slope_Hz_per_V(u),
                    (bent.shift_Hz(u + 1e-6) - bent.shift_Hz(u - 1e-6)) / 2e-6) <= 1e-6);
}

TEST_CASE("microring modulator: losses of the waveguide in the ring and along the bus have the stated size") {
  MicroringModulatorParameters p;
  p.loss_per_voltage_dB_per_m_V = -200.0;
  const AlignedRing ring = MicroringModulator("tx", p).align(ring_bundle(1, 16, 8, 32e9, 2.0))[0];
  // One round trip of 1/FSR at half a volt: 10 log10 exp(-2 δγ / FSR) = 200 dB/m · 0.5 V · c/(n_g FSR).
  // Rounding.
  const double change_dB = 10.0 / std::log(10.0) * 2.0 * ring.law.extra_loss_per_s(0.5) / p.fsr_Hz;
  CHECK(rel_error(change_dB, -200.0 * 0.5 * c0 / (p.group_index * p.fsr_Hz)) <= 1e-13);
  // 0.05 dB per ring and 200 dB/m over 50 µm.
  CHECK(rel_error(-20.0 * std::log10(ring.passing_field), 0.06) <= 1e-12);
}

TEST_CASE("microring modulator: load is the published series RC and passes charge to the junction") {
  const MicroringModulator stage("tx", {});
  const std::vector<double> f{0.0, 1e9, 212.2e9};
  const LoadEnd end = *stage.load_end(f);
  // 1/(2π · 15 ohm · 50 fF) = 212.2 GHz: half the power.
  CHECK(rel_error(std::norm(end.transfer[2]), 0.5) <= 1e-4);
  // 1 Hz stands in for 0: 2π · 15 ohm · 50 fF = 4.7e-12.
  CHECK(std::abs(end.transfer[0] - 1.0) <= 1e-11);
  const Complex jw(0.0, 2.0 * constants::pi * 1e9);
  const Complex expected = 15.0 + 1.0 / (jw * 50e-15);
  // Rounding.
  CHECK(std::abs(end.impedance_ohm[1] - expected) <= 1e-12 * std::abs(expected));
  CHECK(std::isfinite(std::abs(end.impedance_ohm[0])));
}

TEST_CASE("microring modulator: ledger follows the physics when an input doubles") {
  Bundle b = ring_bundle(1, 4, 8, 25e9, 0.8);
  b.symbols[0] = {1.0, 1.0, -1.0, -1.0};  // every transition once
  MicroringModulatorParameters p;
  p.junction_capacitance_F = 333e-15;
  const double charging = ledger_W(MicroringModulator("tx", p), b, "junction charging");
  // C V²/4 = 53.28 fJ per bit (Hsu 2024 print 53).
  CHECK(rel_error(charging / 25e9, 53.28e-15) <= 1e-12);
  const double tuning = ledger_W(MicroringModulator("tx", p), b, "tuning");
  const double wavelength_m = c0 / 228e12;
  CHECK(rel_error(tuning, 100e9 * wavelength_m * wavelength_m / c0 / 1e-7) <= 1e-12);
  p.junction_capacitance_F *= 2.0;
  p.resonance_spread_Hz *= 2.0;
  CHECK(rel_error(ledger_W(MicroringModulator("tx", p), b, "junction charging"), 2.0 * charging) <= 1e-12);
  CHECK(rel_error(ledger_W(MicroringModulator("tx", p), b, "tuning"), 2.0 * tuning) <= 1e-12);
  b.symbols[0] = {1,       1, 1.0 / 3,  1.0 / 3, -1.0 / 3, -1.0 / 3, -1, -1,
                  1.0 / 3, 1, -1.0 / 3, 1.0 / 3, -1,       -1.0 / 3, 1,  -1};
  // All sixteen PAM4 transitions once: 5/36 C V² per symbol.
  CHECK(rel_error(ledger_W(MicroringModulator("tx", p), b, "junction charging") / 25e9,
                  5.0 / 36.0 * 666e-15 * 0.64) <= 1e-12);
}

// Oracle: each ring alone on its own carrier, and what the others pass at rest, in closed form.
TEST_CASE("microring modulator: without neighbour modulation a ring leaves the other carriers at rest") {
  MicroringModulatorParameters p;
  p.neighbour_modulation = 0.0;
  p.q_loaded = 2500.0;
  const MicroringModulator stage("tx", p);
  const Bundle b = ring_bundle(4, 16, 16, 32e9, 2.0);
  const auto stepped = [](const MicroringModulator& ring, Bundle bundle) {
    const auto stepper = ring.start(bundle);
    for (int period = 0; period < 2; ++period) {
      Bundle again = bundle;
      stepper->step(again);
      if (period == 1) return again;
    }
    return bundle;
  };
  const Bundle together = stepped(stage, b);
  const auto rings = stage.align(b);
  double dependence = 0.0;
  for (int lane = 0; lane < 4; ++lane) {
    Bundle one = b;
    one.carrier_Hz = {b.carrier_Hz[lane]};
    one.lane = {b.lane[lane]};
    one.symbols = {b.symbols[lane]};
    one.port[0].field = {b.port[0].field[lane]};
    const Bundle alone = stepped(stage, one);
    Complex rest = 1.0;
    for (int i = 0; i < 4; ++i)
      if (i != lane) rest *= rest_response(rings[i], lane);
    for (int n = 0; n < b.grid.size(); ++n)
      // Linear in the field: rounding of a few products.
      CHECK(std::abs(together.port[0].field[lane][n] - rest * alone.port[0].field[0][n]) <= 1e-14);
    dependence += std::abs(rest);
  }
  CHECK(dependence < 4.0);
  // As it is, the neighbours do modulate.
  p.neighbour_modulation = 1.0;
  const Bundle as_is = stepped(MicroringModulator("tx", p), b);
  double change = 0.0;
  for (int n = 0; n < b.grid.size(); ++n)
    change = std::max(change, std::abs(as_is.port[0].field[0][n] - together.port[0].field[0][n]));
  CHECK(change > 1e-4);
}

TEST_CASE("microring modulator: warnings appear where the model ends and not before") {
  const auto count = [](const MicroringModulatorParameters& p, const Bundle& b) {
    std::vector<Warning> warnings;
    MicroringModulator("tx", p).validity(b, warnings);
    return warnings.size();
  };
  const Bundle b = ring_bundle(2, 16, 8, 32e9, 1.8);
  CHECK(count({}, b) == 0);
  // Half the built-in potential is 0.45 V: forward by 0.44 V and by 0.46 V.
  MicroringModulatorParameters forward, wide;
  forward.bias_V = 0.46;
  CHECK(count(forward, b) == 0);
  forward.bias_V = 0.44;
  CHECK(count(forward, b) == 1);
  wide.fsr_Hz = 100e9;
  wide.q_loaded = 500.0;
  CHECK(count(wide, ring_bundle(1, 16, 8, 32e9, 1.8)) == 2);
  Bundle strong = b;
  for (ComplexWave& wave : strong.port[0].field)
    for (Complex& a : wave) a *= std::sqrt(10.0);
  CHECK(count({}, strong) == 1);
}

TEST_CASE("microring modulator: wrong bundles and parameters are refused with the range") {
  const MicroringModulator stage("tx", {});
  Bundle b = ring_bundle(2, 16, 8, 32e9, 2.0);
  b.lane.push_back(b.lane[0]);
  CHECK_THROWS_WITH_AS(stage.start(b), doctest::Contains("allowed 1 to 2"), ConfigError);
  b = ring_bundle(1, 16, 8, 32e9, 0.0);
  CHECK_THROWS_WITH_AS(stage.start(b), doctest::Contains("swing"), ConfigError);
  b.port.clear();
  CHECK_THROWS_WITH_AS(stage.start(b), doctest::Contains("laser"), ConfigError);
  test::check_range_messages<MicroringModulator, MicroringModulatorParameters>();
}
