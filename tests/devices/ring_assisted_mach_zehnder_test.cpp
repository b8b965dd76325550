#include "devices/ring_assisted_mach_zehnder.hpp"

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

using P = RingAssistedMachZehnderParameters;
constexpr double pi = constants::pi, c0 = constants::speed_of_light_m_per_s;

/// Detuned unequally, bent, absorbing, out of balance: nothing is idle.
P busy(const std::string& dynamics, const std::string& drive = "dual") {
  P p;
  p.drive = drive;
  p.dynamics = dynamics;
  p.detuning_Hz = 8e9;
  p.detuning_difference_Hz = 5e9;
  p.curvature = 0.6;
  p.loss_per_voltage_dB_per_m_V = -400.0;
  p.interferometer_extinction_dB = 18.0;
  p.bias_error = 0.06;
  return p;
}
/// Equal lossless arms.
P clean() {
  P p;
  p.insertion_loss_dB = 0.0;
  p.interferometer_extinction_dB = 100.0;
  return p;
}

double power(const RingAssistedMachZehnder& stage, const Bundle& at, double drive_V) {
  const std::vector<double> drive(at.lane.size(), drive_V);
  return stage.transmission(at, at.carrier_Hz[0], drive);
}

Bundle stepped(const RingAssistedMachZehnder& stage, const Bundle& reference, const Bundle& input) {
  const auto stepper = stage.start(reference);
  Bundle out;
  for (int period = 0; period < 3; ++period) {
    out = input;
    stepper->step(out);
  }
  return out;
}

}  // namespace

TEST_CASE("ring-assisted mach-zehnder: every range error names the parameter") {
  test::check_range_messages<RingAssistedMachZehnder, P>();
  const RingAssistedMachZehnder stage("m", {});
  Bundle b = ring_bundle(2, 8, 8, 32e9, 1.0);
  b.lane.pop_back();
  CHECK_THROWS_WITH_AS(stage.start(b), doctest::Contains("1 lanes drive modulators on 2 carriers"),
                       ConfigError);
  b.port.clear();
  CHECK_THROWS_WITH_AS(stage.start(b), doctest::Contains("behind the laser"), ConfigError);
}

TEST_CASE("ring-assisted mach-zehnder: static field is two Lorentzians that interfere") {
  const P p = busy("coupled_mode");
  const Bundle at = ring_bundle(1, 8, 8, 32e9, 1.0);
  const double f = at.carrier_Hz[0], v = 0.9;
  // Rates by hand: 1/τ = πf/Q, over-coupled with a dip of 10 dB, 1/τ_l = (1 - 10^(-1/2))/2 of it.
  const double total = pi * f / 3200.0, dip = std::pow(10.0, -0.5), loss = 0.5 * (1.0 - dip) * total,
               bus = total - loss;
  const double potential = 2.9, lead = std::pow(10.0, -18.0 / 20.0);
  Complex sum = 0.0;
  for (const double side : {1.0, -1.0}) {
    const double u = 0.5 * side * v;
    const double bent = 0.4 * u + 0.6 * 2.0 * potential * (std::sqrt(1.0 + u / potential) - 1.0);
    const double shift = -f * f / c0 * 32e-12 * bent;
    const double extra = 0.5 * c0 / 3.9 * (-400.0 * u) * std::log(10.0) / 10.0;
    const Complex jd(0.0, 2.0 * pi * (8e9 + side * 2.5e9 - shift));
    const Complex ring = (jd + loss + extra - bus) / (jd + loss + extra + bus);
    sum += std::sqrt(std::pow(10.0, -0.1)) * 0.5 * (1.0 + side * lead) *
           std::polar(1.0, side * 0.5 * pi * 0.56) * ring;
  }
  // A few roundings.
  CHECK(rel_error(power(RingAssistedMachZehnder("m", p), at, v), std::norm(sum)) <= 1e-10);
}

TEST_CASE("ring-assisted mach-zehnder: settled transient, transmission and small signal belong together") {
  for (const char* dynamics : {"coupled_mode", "round_trip"})
    for (const char* drive : {"dual", "single"}) {
      CAPTURE(dynamics);
      CAPTURE(drive);
      const RingAssistedMachZehnder stage("m", busy(dynamics, drive));
      Bundle at = ring_bundle(2, 16, 16, 32e9, 1.6);
      for (RealWave& lane : at.lane) lane.assign(at.grid.size(), 0.7);
      Bundle out = at;
      stage.start(at)->step(out);
      // Starts settled and stays: rounding of 256 steps.
      CHECK(rel_error(power(stage, at, 0.7), std::norm(out.port[0].field[0].back()) /
                                                 std::norm(at.port[0].field[0].back())) <= 1e-9);
      const double f[] = {0.0, 32e9};
      constexpr double h = 1e-4;
      const auto response = stage.small_signal(at, 0, f);
      // h² of a line that bends within a volt, 1e-16/h.
      CHECK(rel_error(response[0].real(), (power(stage, at, h) - power(stage, at, -h)) / (2.0 * h)) <= 1e-7);
      CHECK(std::abs(response[0].imag()) <= 1e-12 * std::abs(response[0].real()));
      // A sine of 1 mV at the symbol rate, 64 samples a cycle.
      Bundle input = ring_bundle(2, 64, 64, 32e9, 1.6);
      for (RealWave& lane : input.lane)
        for (std::size_t n = 0; n < lane.size(); ++n)
          lane[n] = 1e-3 * std::sin(2.0 * pi * static_cast<double>(n % 64) / 64.0);
      const Bundle modulated = stepped(stage, input, input);
      Complex line = 0.0;
      const int samples = input.grid.size();
      for (int n = 0; n < samples; ++n)
        line += std::norm(modulated.port[0].field[0][n]) / 1e-3 * Complex(0.0, 2.0 / samples) *
                std::polar(1.0, -2.0 * pi * n / 64.0);
      // Straight pieces of 64 a cycle lose 0.08 %, the frozen rate of a coupled mode as much again.
      CHECK(std::abs(line / 1e-3 - response[1]) <= 3e-3 * std::abs(response[1]));
    }
}

TEST_CASE("ring-assisted mach-zehnder: on resonance in push-pull it has one pole and no chirp") {
  const RingAssistedMachZehnder stage("m", clean());
  const Bundle at = ring_bundle(1, 8, 8, 32e9, 1.0);
  const double pole_Hz = at.carrier_Hz[0] / (2.0 * 3200.0);  // half the linewidth
  const double f[] = {0.0, 0.3 * pole_Hz, pole_Hz, 3.0 * pole_Hz};
  const auto response = stage.small_signal(at, 0, f);
  for (int k = 1; k < 4; ++k) {
    const Complex expected = response[0] / Complex(1.0, f[k] / pole_Hz);
    CHECK(std::abs(response[k] - expected) <= 1e-4 * std::abs(expected));  // 100 dB of extinction
  }
  CHECK(response[0].real() > 0.0);  // rising
  P falling = clean();
  falling.slope = "falling";
  CHECK(rel_error(RingAssistedMachZehnder("m", falling).small_signal(at, 0, f)[0].real(),
                  -response[0].real()) <= 1e-4);
  // Phase of the field is the same at both ends of the swing: amplitude alone is modulated.
  const Complex up = stage.settled_field(at.carrier_Hz[0], at.carrier_Hz[0], 1.0),
                down = stage.settled_field(at.carrier_Hz[0], at.carrier_Hz[0], -1.0);
  CHECK(abs_error(std::arg(up / down), 0.0) <= 2e-5);  // 100 dB of extinction
  // The phase of one ring: 4τ²/(τ_e (2τ/τ_e - 1)) per unit of frequency, half of it in each arm turns the
  // power P = ½ (1 + sin 2θ) r² about quadrature, r² = 0.1 the dip.
  const double tau = 1.0 / (pi * at.carrier_Hz[0] / 3200.0), over = 1.0 + std::pow(10.0, -0.5);  // 2τ/τ_e
  const double phase_per_Hz = 2.0 * pi * over * tau / (over - 1.0);
  const double shift_Hz = at.carrier_Hz[0] * at.carrier_Hz[0] / c0 * 32e-12 * 0.5;
  CHECK(rel_error(response[0].real(), 0.1 * phase_per_Hz * shift_Hz) <= 1e-4);
}

TEST_CASE("ring-assisted mach-zehnder: transposed tangent equals the derivative of the stepped solution") {
  for (const char* dynamics : {"coupled_mode", "round_trip"}) {
    CAPTURE(dynamics);
    const RingAssistedMachZehnder stage("m", busy(dynamics));
    const Bundle input = ring_bundle(2, 24, 16, 32e9, 2.0);
    Sensitivity w{100, 120, {}, {std::vector<ComplexWave>(2)}};
    unsigned random = 11;
    const auto next = [&] {
      random = random * 1664525u + 1013904223u;
      return static_cast<double>(random) / 2147483648.0 - 1.0;
    };
    for (int n = 0; n < w.length; ++n) w.port[0][1].emplace_back(next(), next());  // carrier 0 unobserved
    Sensitivity pulled = w;
    stage.tangent(input)->pull_back(pulled);
    CHECK(pulled.lane[0].empty());
    RealWave du;
    ComplexWave ds;
    double transposed = 0.0;
    for (int n = 0; n < w.length; ++n) {
      du.push_back(next());
      ds.push_back(Complex(next(), next()) * 0.03);
      transposed += pulled.lane[1][n] * du[n] + (pulled.port[0][1][n] * ds[n]).real();
    }
    const auto moved = [&](double step) {
      Bundle b = input;
      for (int n = 0; n < w.length; ++n) {
        b.lane[1][100 + n] += step * du[n];
        b.port[0].field[1][100 + n] += step * ds[n];
      }
      const Bundle out = stepped(stage, input, b);
      double y = 0.0;
      for (int n = 0; n < w.length; ++n) y += (w.port[0][1][n] * out.port[0].field[1][100 + n]).real();
      return y;
    };
    constexpr double h = 4e-3;
    const auto difference = [&](int k) { return moved(k * h) - moved(-k * h); };
    const double forward = (45.0 * difference(1) - 9.0 * difference(2) + difference(3)) / (60.0 * h);
    // h^6 of a direction of a volt is 4e-15, rounding over h.
    CHECK(rel_error(transposed, forward) <= 1e-9);
  }
}

TEST_CASE("ring-assisted mach-zehnder: load, power and warnings follow the inputs") {
  const double f[] = {20e9};
  for (const char* drive : {"dual", "single"}) {
    P p;
    p.drive = drive;
    const auto end = RingAssistedMachZehnder("m", p).load_end(f);
    const double count = p.drive == "dual" ? 2.0 : 1.0;
    const Complex junction = 1.0 / Complex(0.0, 2.0 * pi * 20e9 * 18e-15);
    CHECK(std::abs(end->impedance_ohm[0] - count * (40.0 + junction)) <= 1e-9);  // rounding of 1e3 ohm
    CHECK(std::abs(end->transfer[0] - junction / (40.0 + junction)) <= 1e-14);
  }
  const Bundle b = ring_bundle(1, 64, 8, 32e9, 2.0);
  double mean = 0.0;
  for (int k = 0; k < 64; ++k)
    mean += std::pow(0.5 * (b.symbols[0][(k + 1) % 64] - b.symbols[0][k]), 2) / 64.0;
  Ledger ledger;
  RingAssistedMachZehnder("m", {}).ledger(b, ledger);
  REQUIRE(ledger.energy.size() == 3);
  // Two junctions of half the swing: rounding.
  CHECK(rel_error(ledger.energy[0].power_W, 2.0 * 0.5 * 18e-15 * mean * 32e9) <= 1e-12);
  // 200 GHz of red shift at 1e-7 m/W, twice.
  CHECK(rel_error(ledger.energy[1].power_W, 2.0 * 200e9 * c0 / (b.carrier_Hz[0] * b.carrier_Hz[0] * 1e-7)) <=
        1e-12);
  CHECK(ledger.energy[2].power_W == 20e-3);
  // One pole of half the linewidth delays by τ.
  CHECK(rel_error(ledger.latency[0].delay_s, 3200.0 / (pi * b.carrier_Hz[0])) <=
        1e-2);  // 1 dB, 30 dB: not clean
  const auto text = [](const P& p, double rate_Bd, double swing_V) {
    std::vector<Warning> warnings;
    RingAssistedMachZehnder("m", p).validity(ring_bundle(1, 8, 8, rate_Bd, swing_V), warnings);
    std::string all;
    for (const Warning& each : warnings) all += each.text + "\n";
    return all;
  };
  CHECK(text({}, 50e9, 2.0).empty());
  CHECK(text({}, 50e9, 12.0).find("driven forward") != std::string::npos);
  CHECK(text({}, 400e9, 2.0).find("round_trip") != std::string::npos);
  P p;
  p.coupling = "under";
  CHECK(text(p, 50e9, 2.0).find("under-coupled") != std::string::npos);
  p = {};
  p.q_loaded = 1e5;
  CHECK(text(p, 50e9, 2.0).find("self-heating") != std::string::npos);
  p = {};
  p.junction = "depletion";
  p.bias_V = 0.2;
  CHECK(text(p, 50e9, 2.0).find("changes the capacitance by") != std::string::npos);
}
