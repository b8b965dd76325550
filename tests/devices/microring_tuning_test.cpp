// Rings off their place, and what their heaters draw, in modulator and filter alike.
#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "devices/microring_filter.hpp"
#include "devices/microring_modulator.hpp"
#include "microring_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;
using test::ring_bundle;

namespace {

double tuning_W(const Stage& stage, const Bundle& bundle) {
  Ledger ledger;
  stage.ledger(bundle, ledger);
  for (const LedgerEntry& entry : ledger.energy)
    if (entry.cause == "tuning") return entry.power_W;
  return NAN;
}

std::string warnings_of(const Stage& stage, const Bundle& bundle) {
  std::vector<Warning> warnings;
  stage.validity(bundle, warnings);
  std::string text;
  for (const Warning& each : warnings) text += each.text + "\n";
  return text;
}

}  // namespace

TEST_CASE("microring tuning: a tuning error is a detuning less of the modulator") {
  const Bundle b = ring_bundle(2, 8, 8, 32e9, 2.0);
  MicroringModulatorParameters p;
  p.detuning_mode = "fixed";
  p.detuning_Hz = 30e9;
  MicroringModulatorParameters moved = p;
  moved.tuning_error_Hz = 12e9;
  p.detuning_Hz -= 12e9;
  const std::vector<double> drive{0.4, -0.7};
  for (const double probe : b.carrier_Hz)
    CHECK(rel_error(MicroringModulator("tx", moved).transmission(b, probe, drive),
                    MicroringModulator("tx", p).transmission(b, probe, drive)) <= 1e-9);
  // The aligned detuning is found without the error: on its blue side a bluer ring comes nearer.
  MicroringModulatorParameters best;
  const double at_best = MicroringModulator("tx", best).align(b)[0].detuning_Hz[0];
  best.tuning_error_Hz = 5e9;
  CHECK(std::abs(MicroringModulator("tx", best).align(b)[0].detuning_Hz[0] - (at_best - 5e9)) <= 1.0);
}

TEST_CASE("microring tuning: modulator and filter draw what their heaters draw") {
  const Bundle b = ring_bundle(4, 8, 8, 32e9, 2.0);
  MicroringModulatorParameters p;
  p.heater_max_voltage_V = 2.0;
  p.heater_resistance_ohm = 500.0;
  p.heater_hot_resistance_ohm = 800.0;
  const double plain = tuning_W(MicroringModulator("tx", p), b);
  p.heater_driver_efficiency = 0.8;
  CHECK(rel_error(tuning_W(MicroringModulator("tx", p), b), plain / 0.8) <= 1e-14);
  p.heater_efficiency_m_per_W *= 2.0;
  CHECK(rel_error(tuning_W(MicroringModulator("tx", p), b), 0.5 * plain / 0.8) <= 1e-14);
  p.heater_driver = "linear_dac";
  const double linear = tuning_W(MicroringModulator("tx", p), b);
  p.heater_supply_V = 4.0;
  // Twice the supply for the same current.
  CHECK(rel_error(tuning_W(MicroringModulator("tx", p), b), 2.0 * linear) <= 1e-12);
  p.channel_assignment = "barrel";
  CHECK_THROWS_WITH_AS(tuning_W(MicroringModulator("tx", p), ring_bundle(17, 8, 8, 32e9, 2.0)),
                       doctest::Contains("free spectral range"), ConfigError);

  MicroringFilterParameters f;
  f.rings = 4;
  f.fsr_Hz = 800e9;
  f.resonance_spread_Hz = 400e9;  // the whole spectral range
  const double fixed = tuning_W(MicroringFilter("rx", f), {});
  f.channel_assignment = "barrel";
  // One channel of four on average a half: a quarter of the power. Strata of 4096 chips.
  CHECK(rel_error(tuning_W(MicroringFilter("rx", f), {}), 0.25 * fixed) <= 3e-3);
  CHECK(warnings_of(MicroringFilter("rx", f), {}).find("re-order the lanes") != std::string::npos);
}

TEST_CASE("microring tuning: a heater that is too weak warns, one that never reaches is refused") {
  const Bundle b = ring_bundle(2, 8, 8, 32e9, 2.0);
  MicroringModulatorParameters p;  // 200 GHz at 1.31 um are 1.15 nm: 11.5 mW, 3.4 V into 1 kohm
  p.heater_max_voltage_V = 3.5;
  CHECK(warnings_of(MicroringModulator("tx", p), b).find("need more than") == std::string::npos);
  p.heater_max_voltage_V = 3.0;
  CHECK(warnings_of(MicroringModulator("tx", p), b).find("need more than") != std::string::npos);
  p.blue_offset_Hz = 700e9;
  CHECK_THROWS_WITH_AS(tuning_W(MicroringModulator("tx", p), b), doctest::Contains("tx: the heaters reach"),
                       ConfigError);
}

TEST_CASE("microring tuning: moved rings settle where the closed forms say, and monitors see it") {
  MicroringModulatorParameters p;
  p.detuning_mode = "fixed";
  p.detuning_Hz = 30e9;
  const MicroringModulator stage("tx", p);
  Bundle b = ring_bundle(2, 64, 16, 32e9, 2.0);
  for (RealWave& lane : b.lane) lane.assign(lane.size(), 0.0);
  const std::vector<AlignedRing> rings = stage.align(b);
  auto stepper = start_bus(rings, b);
  CHECK(stepper->monitors().energy_J.empty());
  const std::vector<double> offset{-25e9, 10e9};
  stepper->set_offsets_Hz(offset);
  for (int k = 0; k < 2; ++k) {
    Bundle block = b;
    stepper->step(block);  // 64 symbols are 400 lifetimes
  }
  // The power of carrier i behind ring i alone, and what both rings make of it.
  for (std::size_t i = 0; i < 2; ++i) {
    double front_W = 1e-3, behind_W = 1e-3;
    for (std::size_t k = 0; k < 2; ++k) {
      const double detuning = rings[k].detuning_Hz[i] - offset[k];
      const double passed = std::norm(port_response(rings[k].rates, RingPort::through, detuning)) *
                            rings[k].passing_field * rings[k].passing_field;
      behind_W *= passed;
      if (k < i) front_W *= passed;
    }
    const double rate = rings[i].rates.total_per_s();
    const double d = 2.0 * constants::pi * (rings[i].detuning_Hz[i] - offset[i]);
    const double energy_J = 2.0 * rings[i].rates.bus_per_s * front_W / (rate * rate + d * d);
    // Exact for constant input; rounding over a thousand steps.
    CHECK(rel_error(stepper->monitors().energy_J[i], energy_J) <= 1e-10);
    CHECK(rel_error(stepper->monitors().output_W[i], behind_W) <= 1e-10);
  }
}
