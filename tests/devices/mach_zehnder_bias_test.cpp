#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "device_checks.hpp"
#include "devices/mach_zehnder_modulator.hpp"
#include "microring_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

using P = MachZehnderModulatorParameters;
constexpr double pi = constants::pi;

P controlled() {
  P p;
  p.v_pi_V = 4.0;
  p.insertion_loss_dB = 3.0;
  p.extinction_dB = 100.0;
  p.bias_control = "dither";
  p.dither = 0.05;
  p.kelvin_time_s = 20.0;
  p.bias_drift_per_K = 0.02;
  return p;
}

/// NRZ of `swing_V` on 1 mW.
Bundle light(double swing_V) {
  Bundle at = test::ring_bundle(1, 4, 4, 50e9, swing_V);
  for (Complex& each : at.port[0].field[0]) each = std::sqrt(1e-3);
  at.symbols = {{-1.0, 1.0, 1.0, -1.0}};
  return at;
}

double power(const P& p, const Bundle& at, double drive_V) {
  return MachZehnderModulator("m", p).transmission(at, at.carrier_Hz[0], {&drive_V, 1});
}

}  // namespace

TEST_CASE("mach-zehnder bias: what the loop leaves follows from light, data and loop by hand") {
  const P p = controlled();
  const Bundle at = light(2.0);
  const BiasResidual residual = MachZehnderModulator("m", p).residual(at, 0);
  // Levels ½ (1 ± sin x), x = π · 1 V / 4 V, of half the light behind 3 dB: mean ½, variance sin² x / 4; the
  // mean over the data leaves cos x of the interference.
  const double x = pi / 4.0, a = 0.05 * pi;
  const double full_A = 0.02 * 1e-3 * std::pow(10.0, -0.3);
  const double density = 2.0 * constants::elementary_charge_C * 0.5 * full_A + 25e-24 +
                         2.0 * full_A * full_A * 0.25 * std::pow(std::sin(x), 2) * at.grid.unit_interval_s() +
                         full_A * full_A * std::pow(2.0, -24) / 6e6;
  const double noise = std::sqrt(pi * 1.0 * density) / (full_A * std::cos(x) * std::cyl_bessel_j(2, a));
  // Extinction of 100 dB.
  CHECK(rel_error(residual.noise_rad, noise) <= 1e-4);
  CHECK(rel_error(residual.lag_rad, pi * 0.02 / 20.0 / (2.0 * pi)) <= 1e-12);
  CHECK(rel_error(residual.dither_rad, a / std::sqrt(2.0)) <= 1e-12);
  CHECK(std::abs(residual.offset_rad) <= 1e-15);
}

TEST_CASE("mach-zehnder bias: transmission, light and slope are those of the error that is left") {
  P p = controlled();
  p.dither_of = "voltage";
  p.bias_error = 0.01;
  const Bundle at = light(2.0);
  const MachZehnderModulator device("m", p);
  P stated = p;
  stated.bias_control = "stated";
  stated.bias_error += device.residual(at, 0).at(3.0) / pi;
  for (const double v : {-1.0, 0.0, 0.7}) CHECK(rel_error(power(p, at, v), power(stated, at, v)) <= 1e-12);
  Bundle waves = at;
  for (std::size_t u = 0; u < waves.lane[0].size(); ++u)
    waves.lane[0][u] = std::cos(0.3 * static_cast<double>(u));
  Bundle same = waves;
  device.start(waves)->step(waves);
  MachZehnderModulator("m", stated).start(same)->step(same);
  for (std::size_t u = 0; u < waves.port[0].field[0].size(); ++u)
    CHECK(std::abs(waves.port[0].field[0][u] - same.port[0].field[0][u]) <= 1e-15);
  const double slow_Hz = 1e6;
  CHECK(rel_error(device.small_signal(at, 0, {&slow_Hz, 1})[0].real(),
                  MachZehnderModulator("m", stated).small_signal(at, 0, {&slow_Hz, 1})[0].real()) <= 1e-12);
  // A wrong bias costs amplitude: cos of the error at quadrature.
  const auto amplitude = [&](const P& q) { return power(q, at, 1.0) - power(q, at, -1.0); };
  P ideal = stated;
  ideal.bias_error = 0.0;
  CHECK(rel_error(amplitude(p) / amplitude(ideal), std::cos(pi * stated.bias_error)) <= 1e-4);
}

TEST_CASE(
    "mach-zehnder bias: a wider loop follows better and is noisier; without one warming moves the bias") {
  P p = controlled();
  const Bundle at = light(2.0);
  const BiasResidual slow = MachZehnderModulator("m", p).residual(at, 0);
  p.loop_bandwidth_Hz *= 4.0;
  const BiasResidual fast = MachZehnderModulator("m", p).residual(at, 0);
  CHECK(rel_error(fast.lag_rad, 0.25 * slow.lag_rad) <= 1e-12);
  CHECK(rel_error(fast.noise_rad, 2.0 * slow.noise_rad) <= 1e-12);
  P stated = controlled();
  stated.bias_control = "stated";
  stated.temperature_change_K = 5.0;
  P moved = controlled();
  moved.bias_control = "stated";
  moved.bias_error = 0.1;
  CHECK(rel_error(power(stated, at, 0.4), power(moved, at, 0.4)) <= 1e-12);
}

TEST_CASE("mach-zehnder bias: warns when the loop wanders") {
  const auto warned = [](const P& p) {
    std::vector<Warning> list;
    MachZehnderModulator("m", p).validity(light(2.0), list);
    return std::any_of(list.begin(), list.end(),
                       [](const Warning& w) { return w.text.find("wanders") != std::string::npos; });
  };
  P p = controlled();
  CHECK_FALSE(warned(p));
  p.dither = 1e-3;
  p.loop_bandwidth_Hz = 1e5;
  CHECK(warned(p));
}
