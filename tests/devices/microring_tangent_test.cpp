#include <doctest/doctest.h>

#include "core/error.hpp"
#include "devices/microring_modulator.hpp"
#include "microring_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;
using test::ring_bundle;

namespace {

/// A fixed generator for directions: uniform in [-1, 1], seed 7.
struct Random {
  unsigned state = 7;
  double operator()() {
    state = state * 1664525u + 1013904223u;
    return static_cast<double>(state) / 2147483648.0 - 1.0;
  }
};

Bundle settled(const MicroringModulator& stage, const Bundle& reference, const Bundle& input) {
  // Alignment comes from `reference`, so that a step in voltage does not move the detuning.
  const auto stepper = stage.start(reference);
  Bundle b;
  for (int k = 0; k < 3; ++k) {
    b = input;
    stepper->step(b);
  }
  return b;
}

/// y = Re Σ w t over the window.
double observe(const Bundle& b, const Sensitivity& w) {
  const long period = b.grid.size();
  double y = 0.0;
  for (std::size_t c = 0; c < w.port[0].size(); ++c)
    for (std::size_t n = 0; n < w.port[0][c].size(); ++n)
      y += (w.port[0][c][n] *
            b.port[0].field[c][((w.begin + static_cast<long>(n)) % period + period) % period])
               .real();
  return y;
}

void compare(const MicroringModulatorParameters& p, int lanes, int samples_per_symbol, long begin, int length,
             bool skip_a_carrier) {
  const MicroringModulator stage("tx", p);
  const Bundle input = ring_bundle(lanes, 48, samples_per_symbol, 32e9, 2.0);
  const long period = input.grid.size();
  Random random;
  Sensitivity w;
  w.begin = begin;
  w.length = length;
  w.port.assign(1, std::vector<ComplexWave>(lanes));
  for (int c = 0; c < lanes; ++c)
    if (!(skip_a_carrier && c == 1))
      for (int n = 0; n < length; ++n) w.port[0][c].push_back(Complex(random(), random()));
  Sensitivity pulled = w;
  stage.tangent(input)->pull_back(pulled);
  CHECK(pulled.lane.size() == static_cast<std::size_t>(lanes));

  std::vector<std::vector<double>> du(lanes);
  std::vector<ComplexWave> ds(lanes);
  double transposed = 0.0;
  for (int i = 0; i < lanes; ++i)
    for (int n = 0; n < length; ++n) {
      du[i].push_back(random());
      ds[i].push_back(Complex(random(), random()) * 0.03);
      transposed += pulled.lane[i][n] * du[i][n];
      if (!pulled.port[0][i].empty()) transposed += (pulled.port[0][i][n] * ds[i][n]).real();
    }
  const auto moved = [&](double step) {
    Bundle b = input;
    for (int i = 0; i < lanes; ++i)
      for (int n = 0; n < length; ++n) {
        const long u = ((begin + n) % period + period) % period;
        b.lane[i][u] += step * du[i][n];
        b.port[0].field[i][u] += step * ds[i][n];
      }
    return observe(settled(stage, input, b), w);
  };
  // Sixth-order central difference: (45 Δ₁ - 9 Δ₂ + Δ₃) / 60.
  const double h = 4e-3;
  const auto difference = [&](int k) { return moved(k * h) - moved(-k * h); };
  const double forward = (45.0 * difference(1) - 9.0 * difference(2) + difference(3)) / (60.0 * h);
  // h^6 of a direction of a volt is 4e-15; rounding 1e-15 over h is 1e-12 or so of sums of a few hundred
  // terms, and with the six-point readings of round trips 1e-10, more or less by compiler.
  CHECK(rel_error(transposed, forward) <= 5e-10);
}

}  // namespace

TEST_CASE("microring modulator: transposed tangent equals the derivative of the stepped solution") {
  MicroringModulatorParameters p;
  SUBCASE("one ring") {
    compare(p, 1, 16, 100, 200, false);
  }
  SUBCASE("three rings, window across the end of the period, one carrier unobserved") {
    compare(p, 3, 16, 700, 150, true);
  }
  SUBCASE("negative begin, bent shift and voltage-dependent loss") {
    p.curvature = 1.0;
    p.bias_V = 2.0;
    p.loss_per_voltage_dB_per_m_V = -500.0;
    compare(p, 2, 16, -37, 180, false);
  }
  SUBCASE("steps so small that the series is used") {
    p.q_loaded = 30000.0;
    p.detuning_mode = "fixed";
    p.detuning_Hz = 2e9;
    compare(p, 1, 64, 400, 300, false);
  }
  SUBCASE("a third of the neighbours' modulation") {
    p.neighbour_modulation = 1.0 / 3.0;
    p.q_loaded = 2500.0;
    compare(p, 3, 16, 100, 200, false);
  }
  SUBCASE("drop output: the direct path vanishes") {
    p.output = "drop";
    p.curvature = 1.0;
    p.bias_V = 2.0;
    p.loss_per_voltage_dB_per_m_V = -500.0;
    compare(p, 1, 16, -37, 180, false);
  }
  SUBCASE("drop output with unequal couplers and small steps") {
    p.output = "drop";
    p.rates = "lifetimes";
    p.intrinsic_lifetime_s = 300e-12;
    p.external_lifetime_s = 80e-12;
    p.drop_lifetime_s = 50e-12;
    compare(p, 1, 64, 400, 300, false);
  }
  SUBCASE("depletion from densities") {
    p.junction = "depletion";
    compare(p, 2, 16, -37, 180, false);
  }
  SUBCASE("round trips") {
    p.dynamics = "round_trip";
    compare(p, 1, 16, 100, 120, false);
  }
  SUBCASE("round trips of two rings, bent shift and loss, window across the end of the period") {
    p.dynamics = "round_trip";
    p.junction = "depletion";
    compare(p, 2, 16, 700, 150, false);
  }
  SUBCASE("round trips to the drop output, several samples each") {
    p.dynamics = "round_trip";
    p.output = "drop";
    p.loss_per_voltage_dB_per_m_V = -500.0;
    compare(p, 1, 256, -37, 180, false);
  }
  SUBCASE("through output beside a drop waveguide") {
    p.rates = "couplings";
    p.drop_power_coupling = 0.03;
    compare(p, 2, 16, 700, 150, false);
  }
}

TEST_CASE(
    "microring modulator: an interior window's sensitivity to a constant input field is the field gain") {
  // With constant voltage the core is linear and time-invariant: y = Re t at one sample late in a long window
  // has Σ dy/ds = through response.
  MicroringModulatorParameters p;
  p.off_resonance_loss_dB = 0.0;
  p.waveguide_loss_dB_per_m = 0.0;
  const MicroringModulator stage("tx", p);
  Bundle b = ring_bundle(1, 64, 16, 32e9, 2.0);
  b.lane[0].assign(b.grid.size(), 0.25);
  Sensitivity w;
  w.length = 400;
  w.port = {{ComplexWave(400, 0.0)}};
  w.port[0][0].back() = 1.0;
  const auto ring = stage.align(b)[0];
  stage.tangent(b)->pull_back(w);
  Complex sum = 0.0;
  double voltage = 0.0;
  for (int n = 0; n < 400; ++n) {
    sum += w.port[0][0][n];
    voltage += w.lane[0][n];
  }
  const auto static_field = [&](double u) {
    return through_response(ring.rates, ring.detuning_Hz[0] - ring.law.shift_Hz(u));
  };
  // 780 ps over a lifetime of 5.4 ps.
  CHECK(std::abs(sum - static_field(0.25)) <= 1e-10);
  const double slope =
      std::sqrt(1e-3) * (static_field(0.25 + 1e-5) - static_field(0.25 - 1e-5)).real() / 2e-5;
  // Central difference of 1e-5 V: rounding 1e-11.
  CHECK(rel_error(voltage, slope) <= 1e-8);
}
