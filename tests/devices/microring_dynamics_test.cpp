/// Junctions from physics and light round by round, as the microring modulator uses them.
#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "devices/microring_modulator.hpp"
#include "microring_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;
using test::ring_bundle;

namespace {

constexpr double pi = constants::pi;

MicroringModulatorParameters of(const std::string& junction, const std::string& dynamics) {
  MicroringModulatorParameters p;
  p.junction = junction;
  p.dynamics = dynamics;
  p.flat_band_voltage_V = -1.0;
  p.table_voltage_V = {-1.0, 0.0, 1.0, 2.0, 3.0};
  p.table_shift_m = {-35e-12, 0.0, 27e-12, 46e-12, 63e-12};
  p.table_loss_dB_per_m = {1000.0, 900.0, 700.0, 600.0, 550.0};
  p.table_capacitance_F = {25e-15, 21e-15, 18.5e-15, 17e-15, 16e-15};
  return p;
}

const std::vector<std::string>& junctions() {
  static const std::vector<std::string> all{"slope", "depletion", "moscap", "table"};
  return all;
}

}  // namespace

TEST_CASE("microring junctions: settled transient, transmission and slope belong together in both dynamics") {
  for (const std::string& junction : junctions())
    for (const char* dynamics : {"coupled_mode", "round_trip"}) {
      CAPTURE(junction);
      CAPTURE(dynamics);
      const MicroringModulator stage("tx", of(junction, dynamics));
      Bundle at = ring_bundle(2, 16, 16, 32e9, 1.6);
      const std::vector<double> drive{0.5, -0.7};
      for (int i = 0; i < 2; ++i) at.lane[i].assign(at.grid.size(), drive[i]);
      Bundle out = at;
      stage.start(at)->step(out);
      for (int i = 0; i < 2; ++i) {
        const double settled = std::norm(out.port[0].field[i].back()) / std::norm(at.port[0].field[i].back());
        // Starts settled and stays: rounding of 256 steps.
        CHECK(rel_error(stage.transmission(at, at.carrier_Hz[i], drive), settled) <= 1e-9);
      }
      const double f[] = {0.0};
      constexpr double h = 1e-5;
      const std::vector<double> up{h, 0.0}, down{-h, 0.0};
      const double slope =
          (stage.transmission(at, at.carrier_Hz[0], up) - stage.transmission(at, at.carrier_Hz[0], down)) /
          (2.0 * h);
      // The other ring counts at its bias in both. The table has a point at the bias, where its bend jumps: h
      // of a curve that bends within a volt; and 1e-16/h.
      CHECK(rel_error(stage.small_signal(at, 0, f)[0].real(), slope) <= 1e-6);
    }
}

TEST_CASE("microring junctions: a stepped sine on the junction equals the small signal of round trips") {
  const MicroringModulator stage("tx", of("depletion", "round_trip"));
  Bundle at = ring_bundle(1, 64, 64, 50e9, 1.6);
  const int samples = at.grid.size(), cycles = 64;  // 50 GHz
  Bundle input = at;
  for (int n = 0; n < samples; ++n) input.lane[0][n] = 1e-3 * std::sin(2.0 * pi * cycles * n / samples);
  const auto stepper = stage.start(input);
  Bundle out;
  for (int period = 0; period < 2; ++period) {
    out = input;
    stepper->step(out);
  }
  Complex line = 0.0;
  for (int n = 0; n < samples; ++n)
    line += std::norm(out.port[0].field[0][n]) / 1e-3 * Complex(0.0, 2.0 / samples) *
            std::polar(1.0, -2.0 * pi * cycles * n / samples);
  const double f[] = {50e9};
  const Complex closed = stage.small_signal(at, 0, f)[0];
  // Straight pieces of 64 a cycle: (2π/64)²/12 = 0.08 %; second harmonic of 1 mV: 1e-6.
  CHECK(std::abs(line / 1e-3 - closed) <= 1.2e-3 * std::abs(closed));
}

TEST_CASE("microring junctions: load and energy have the capacitance of the junction") {
  const double f[] = {1e9};
  for (const std::string& junction :
       {std::string("depletion"), std::string("moscap"), std::string("table")}) {
    CAPTURE(junction);
    const MicroringModulatorParameters p = of(junction, "coupled_mode");
    const MicroringModulator stage("tx", p);
    const auto end = stage.load_end(f);
    const double capacitance_F = -1.0 / (2.0 * pi * 1e9 * end->impedance_ohm[0].imag());
    const double length_m = constants::speed_of_light_m_per_s / (p.group_index * p.fsr_Hz);
    const double area_m2 = 0.22e-6 * 0.8 * length_m;
    // By hand: ε_r ε₀ A/d with d = w at 1 V of 2e18 1/cm³ on both sides, 50.3 nm; oxide 10 nm.
    const double expected = junction == "depletion" ? 11.9 * 8.8541878e-12 * area_m2 / 51.14e-9
                            : junction == "moscap"  ? 3.9 * 8.8541878e-12 * area_m2 / 10e-9
                                                    : 18.5e-15;
    CHECK(rel_error(capacitance_F, expected) <= 1e-3);  // digits of the width
    Bundle b = ring_bundle(1, 128, 16, 32e9, 1.0);
    Ledger ledger;
    stage.ledger(b, ledger);
    double mean = 0.0;
    for (int k = 0; k < 128; ++k)
      mean += std::pow(0.5 * (b.symbols[0][(k + 1) % 128] - b.symbols[0][k]), 2) / 128.0;
    // ½ C ΔV² of a full swing is exact for a constant capacitance; a bent one within half its change.
    CHECK(rel_error(ledger.energy[0].power_W, 0.5 * capacitance_F * mean * 32e9) <=
          (junction == "moscap" ? 1e-9 : 0.05));
  }
}

TEST_CASE(
    "microring junctions: warnings speak of the junction, the swing of its capacitance and the dynamics") {
  const auto text = [](const MicroringModulatorParameters& p, double rate_Bd, double swing_V) {
    const MicroringModulator stage("tx", p);
    std::vector<Warning> warnings;
    stage.validity(ring_bundle(1, 16, 16, rate_Bd, swing_V), warnings);
    std::string all;
    for (const Warning& each : warnings) all += each.text + "\n";
    return all;
  };
  MicroringModulatorParameters p = of("depletion", "coupled_mode");
  CHECK(text(p, 50e9, 2.0).find("changes the capacitance by") != std::string::npos);
  CHECK(text(p, 50e9, 0.2).find("changes the capacitance by") == std::string::npos);
  CHECK(text(p, 50e9, 4.0).find("injection is not modelled") != std::string::npos);
  CHECK(text(p, 450e9, 0.2).find("approaches the free spectral range") != std::string::npos);
  p.dynamics = "round_trip";
  CHECK(text(p, 450e9, 0.2).find("approaches the free spectral range") == std::string::npos);
  p = of("table", "coupled_mode");
  CHECK(text(p, 50e9, 6.0).find("leaves the table") != std::string::npos);
  p.table_voltage_V.clear();
  CHECK_THROWS_WITH_AS(MicroringModulator("tx", p),
                       doctest::Contains("tx: junction = \"table\" with 0 voltages"), ConfigError);
  p = of("depletion", "coupled_mode");
  p.q_loaded = 8e5;  // loses 5e8 1/s, less than the carriers that a volt drives out took
  p.bias_V = 1.0;
  CHECK(text(p, 50e9, 2.0).find("amplify") != std::string::npos);
}
