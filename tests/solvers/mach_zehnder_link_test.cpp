#include <doctest/doctest.h>

#include <cmath>

#include "devices/cw_laser.hpp"
#include "devices/driver.hpp"
#include "devices/mach_zehnder_modulator.hpp"
#include "devices/photodiode.hpp"
#include "devices/single_mode_fiber.hpp"
#include "devices/transimpedance_amplifier.hpp"
#include "monte_carlo_links.hpp"
#include "signal/fft.hpp"
#include "small_signal_runs.hpp"
#include "solvers/monte_carlo.hpp"
#include "solvers/small_signal.hpp"
#include "solvers/static_levels.hpp"
#include "swept_chain.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

/// Loss, junction, walk-off and reflections at both ends; bent and absorbing arms.
MachZehnderModulatorParameters busy() {
  MachZehnderModulatorParameters p;
  p.curvature = 0.8;
  p.loss_per_voltage_dB_per_m_V = -150.0;
  p.optical_group_index = 4.2;
  p.line_impedance_ohm = 60.0;
  p.termination_resistance_ohm = 40.0;
  p.junction_capacitance_F = 300e-15;
  p.series_resistance_ohm = 2.0;
  p.conductor_loss_dB_per_m = 500.0;
  p.line_resistance_ohm = 3.0;
  return p;
}

}  // namespace

TEST_CASE("mach-zehnder link: a small pattern through the periodic solver shows the small-signal response") {
  const auto link = test::copper_link(
      2, 40e9, {.rise_time_s = 5e-12},
      {std::make_shared<Driver>("driver", DriverParameters{.swing_Vpp = 1e-4, .bandwidth_Hz = 60e9}),
       std::make_shared<CwLaser>("laser", CwLaserParameters{}),
       std::make_shared<MachZehnderModulator>("mzm", busy()),
       std::make_shared<Photodiode>("pd", PhotodiodeParameters{}),
       std::make_shared<TransimpedanceAmplifier>("tia", TransimpedanceAmplifierParameters{})},
      {});
  // ±0.1 mV on a V_pi of 6 V: second order is 5e-5 of the drive, against a tone of at least 0.03 of it.
  test::check_against_periodic(link, 4, 90e9, 2e-3);
}

TEST_CASE("mach-zehnder link: static levels follow the sine of the transfer curve") {
  MachZehnderModulatorParameters p;
  p.v_pi_V = 7.0;
  p.extinction_dB = 100.0;
  p.insertion_loss_dB = 2.0;
  const test::SweptChain chain({std::make_shared<CwLaser>("laser", CwLaserParameters{}),
                                std::make_shared<MachZehnderModulator>("mzm", p)});
  const StaticLevels levels = static_levels(chain.spectrum, 0, -1.25, 1.25, 4);
  const double outer = std::sin(std::numbers::pi * 1.25 / 7.0),
               inner = std::sin(std::numbers::pi * 1.25 / 21.0);
  // 100 dB of extinction move levels by 1e-10.
  CHECK(rel_error(levels.extinction_ratio_dB, 10.0 * std::log10((1.0 + outer) / (1.0 - outer))) <= 1e-8);
  CHECK(rel_error(levels.level_mismatch_ratio, 3.0 * (outer - inner) / (2.0 * outer)) <= 1e-8);
  CHECK(rel_error(levels.insertion_loss_dB, 2.0 - 10.0 * std::log10(0.5 * (1.0 + outer))) <= 1e-8);
}

TEST_CASE("mach-zehnder link: chirp and dispersion fade a tone as cos(theta) + alpha sin(theta)") {
  // Power 1 + m cos ωt with chirp α is the field 1 + (m/2)(1 + jα) cos ωt; dispersion turns both sidebands by
  // -θ, θ = β₂ω²L/2, so Re (1 + jα) e^{-jθ} is left of the tone. In anomalous dispersion (β₂ < 0) positive
  // chirp fades sooner.
  const double length_m = 10e3, carrier_Hz = 193.4e12, tone_Hz = 12.5e9;
  const SingleModeFiber fiber("fiber", SingleModeFiberParameters{.length_m = length_m});
  const std::vector<double> offset{-tone_Hz, 0.0, tone_Hz};
  std::vector<Complex> along(3, 1.0);
  fiber.multiply_optical(0, carrier_Hz, offset, along);
  // -θ of the fiber as it is: the mean phase of both sidebands against the carrier.
  const double theta = -0.5 * std::arg(along[0] * along[2] / (along[1] * along[1]));
  REQUIRE(theta < -0.3);
  for (const double imbalance : {0.0, 1.0, -1.0, 0.5}) {
    for (const char* slope : {"rising", "falling"}) {
      MachZehnderModulatorParameters p;
      p.imbalance = imbalance;
      p.slope = slope;
      p.extinction_dB = 100.0;
      const MachZehnderModulator stage("mzm", p);
      Bundle b;
      b.grid = {tone_Hz, 64, 1};
      b.full_scale_Vpp = 2e-4;
      b.carrier_Hz = {carrier_Hz};
      b.port.push_back({{ComplexWave(64, 1.0)}});
      b.lane.emplace_back(64);
      for (int n = 0; n < 64; ++n) b.lane[0][n] = 1e-4 * std::cos(2.0 * std::numbers::pi * n / 64);
      stage.start(b)->step(b);
      const auto tone = [](const ComplexWave& field) {
        Complex sum = 0.0;
        for (int n = 0; n < 64; ++n)
          sum += std::norm(field[n]) * std::polar(1.0, -2.0 * std::numbers::pi * n / 64);
        return sum;
      };
      ComplexWave field = b.port[0].field[0];
      const Complex sent = tone(field);
      const Fft fft(64);
      std::vector<Complex> response(64, 1.0);
      fiber.multiply_optical(0, carrier_Hz, complex_frequencies_Hz(64, b.grid.sample_rate_Hz()), response);
      filter_periodic(fft, response, field);
      const double alpha = stage.chirp_parameter();
      const Complex faded = tone(field) / (sent * std::norm(along[1]));
      // Drive of 1e-4 V on 6 V: harmonics of 1e-5; third-order dispersion only delays the tone.
      CHECK(abs_error(std::abs(faded), std::abs(std::cos(theta) + alpha * std::sin(theta))) <= 1e-4);
    }
  }
}

TEST_SUITE("slow") {
  TEST_CASE("monte carlo: the semi-analytic error ratio of a Mach-Zehnder lane is counted") {
    // The DR4 lane of silicon, with so little light that its own noise brings it near 1e-3.
    const Study study = read_study(test::source_path("examples/dr4_mzm/study.toml"), device_types(),
                                   test::source_path("devices/cards"));
    LinkSpec spec = study.links.front();
    test::change(spec, "laser", "power", 1.2e-3);
    test::change(spec, "receiver", "ctle_gain", std::vector<double>{-2.0});
    test::change(spec, "receiver", "ctle_low_gain", std::vector<double>{0.0});
    Context context(2);
    PatternSolution solution = solve_pattern(build_link(spec), context);
    const double scale = noise_scale_for_ber(solution, 1e-3), expected = scaled_ber(solution, scale);
    CHECK(scale < 1.5);
    CHECK(scale > 0.7);
    const MonteCarloResult same =
        run_monte_carlo(solution, {.seed = 22, .target_errors = 1e4, .noise_scale = scale}, context);
    INFO("noise x ", scale, ", semi-analytic ", expected, ", counted ", same.total.ber, " +- ",
         same.total.sigma);
    CHECK(same.total.errors >= 1e4);
    CHECK(same.total.sigma < 0.02 * expected);
    CHECK(std::abs(same.total.ber - expected) <= 5.0 * same.total.sigma);
    const MonteCarloResult more = run_monte_carlo(
        solution, {.seed = 23, .target_errors = 1e4, .noise_scale = scale * std::pow(10.0, 0.1 / 20.0)},
        context);
    // The comparison notices 0.1 dB.
    CHECK(std::abs(more.total.ber - expected) > 5.0 * more.total.sigma);
  }
}
