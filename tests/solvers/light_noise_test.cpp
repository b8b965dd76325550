/// Noise of lasers and optical amplifiers through a chain, and drawn in a stream, against closed forms.
#include <doctest/doctest.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "devices/cw_laser.hpp"
#include "devices/microring_modulator.hpp"
#include "devices/photodiode.hpp"
#include "devices/physics/dispersion.hpp"
#include "devices/physics/filters.hpp"
#include "devices/physics/laser_noise.hpp"
#include "devices/physics/optics.hpp"
#include "devices/semiconductor_optical_amplifier.hpp"
#include "devices/single_mode_fiber.hpp"
#include "links.hpp"
#include "signal/fft.hpp"
#include "solvers/noise_covariance.hpp"
#include "solvers/stream/noise_draws.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

constexpr double rate_Bd = 25e9, pi = std::numbers::pi, band_Hz = 18e9;

// ∫ density(f) df from 0 to half the sample rate.
template <class Integrand>
double integral(Integrand density) {
  double sum = 0.0;
  constexpr int pieces = 80;
  const double top_Hz = 8.0 * rate_Bd;
  for (int k = 0; k < pieces; ++k)
    sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(density, top_Hz * k / pieces,
                                                                         top_Hz * (k + 1) / pieces, 6, 1e-9);
  return sum;
}

double passed(double f) {
  return std::norm(butterworth(f, band_Hz, 4));
}

const NoiseCovariance& named(const std::vector<NoiseCovariance>& all, const std::string& label) {
  for (const NoiseCovariance& each : all)
    if (each.label == label) return each;
  FAIL("no noise called " << label);
  return all.front();
}

/// Variance at the sampler over the square of the mean current, of the noise called `label`.
double relative_variance(const CwLaserParameters& laser, const std::shared_ptr<const Stage>& between,
                         const std::string& label) {
  const test::Stages optics = {
      std::make_shared<CwLaser>("laser", laser), between,
      std::make_shared<Photodiode>("photodiode",
                                   PhotodiodeParameters{.dark_current_A = 0.0, .capacitance_F = 0.0}),
      std::make_shared<test::CurrentSense>()};
  const auto link = test::copper_link(2, rate_Bd, {}, optics, {.bandwidth_Hz = band_Hz});
  test::Run run(link, "PRBS7");
  const std::vector<Complex> flat(static_cast<std::size_t>(run.grid.size()) / 2 + 1, 1.0);
  const LaneNoise noise(run.chain, run.solution, 0, flat, run.context);
  const double mean_A = run.solution.sampler.lane[0][0];
  return named(noise.per_symbol(11, 0), label).at(3, 0) / (mean_A * mean_A);
}

MicroringModulatorParameters resting_ring(double detuning_Hz) {
  return {.q_loaded = 4500.0,
          .shift_per_voltage_m_per_V = 0.0,
          .detuning_mode = "fixed",
          .detuning_Hz = detuning_Hz,
          .off_resonance_loss_dB = 0.0,
          .ring_spacing_m = 0.0};
}

}  // namespace

TEST_CASE(
    "laser noise: phase noise behind the flank of a ring is the slope squared times the frequency noise") {
  for (const double detuning_Hz : {35e9, -20e9}) {
    const CwLaserParameters laser{.rin_per_Hz = 0.0, .linewidth_Hz = 2e6};
    const double carrier_Hz = CwLaser("laser", laser).carrier_frequencies_Hz().front();
    // 1/τ = π f₀ / Q; under-coupled, 20 dB deep.
    const double total = pi * carrier_Hz / 4500.0, bus = 0.5 * (1.0 - 0.1) * total;
    const auto response = [&](double f) {
      return 1.0 - 2.0 * bus / Complex(total, 2.0 * pi * (detuning_Hz + f));
    };
    const Complex rest = response(0.0);
    // δI/I = j [H(f)/H₀ - conj(H(-f)/H₀)] φ, S_φ = Δν/(π f²).
    const auto density = [&](double f) {
      return std::norm(response(f) / rest - std::conj(response(-f) / rest)) * 2e6 / (pi * f * f);
    };
    // Near 0 Hz it is (d ln T/df)² Δν/π; h² of the third derivative and f² of the response.
    constexpr double h = 1e6;
    const double slope = std::log(std::norm(response(h)) / std::norm(response(-h))) / (2.0 * h);
    CHECK(rel_error(density(1e6), slope * slope * 2e6 / pi) <= 1e-6);
    const double expected = integral([&](double f) { return density(std::max(f, 1e4)) * passed(f); });
    const double found = relative_variance(
        laser, std::make_shared<MicroringModulator>("ring", resting_ring(detuning_Hz)), "laser phase noise");
    CAPTURE(detuning_Hz);
    // The ring's steps take the field as linear between samples 2.5 ps apart: (f/f_s)² of the noise band; the
    // random walk in steps: the same order.
    CHECK(rel_error(found, expected) <= 1e-2);
  }
}

TEST_CASE("laser noise: dispersion turns phase noise into intensity noise as Wang and Petermann say") {
  const CwLaserParameters laser{.centre_wavelength_m = 1550e-9, .rin_per_Hz = 0.0, .linewidth_Hz = 5e6};
  const SingleModeFiberParameters fiber{.length_m = 10e3};
  const double carrier_Hz = CwLaser("laser", laser).carrier_frequencies_Hz().front();
  const DispersionTerms terms =
      dispersion_terms(carrier_Hz, fiber.zero_dispersion_wavelength_m, fiber.dispersion_slope_s_per_m3);
  const double expected = integral([&](double f) {
    return f == 0.0 ? 0.0 : phase_to_intensity_noise_per_Hz(5e6, terms.beta2_s2_per_m, 10e3, f) * passed(f);
  });
  const double found =
      relative_variance(laser, std::make_shared<SingleModeFiber>("fiber", fiber), "laser phase noise");
  // Steps of the random walk, sin(x)/x of f/f_s at 18 GHz of 400 GHz: 0.3 %; third-order dispersion.
  CHECK(rel_error(found, expected) <= 1e-2);
}

TEST_CASE("laser noise: a line of any width does nothing without discriminator") {
  const double found = relative_variance(
      {.rin_per_Hz = 0.0, .linewidth_Hz = 1e9},
      std::make_shared<SingleModeFiber>("fiber", SingleModeFiberParameters{.length_m = 0.0}),
      "laser phase noise");
  // Rounding: j A* A has no real part.
  CHECK(found <= 1e-25);
}

TEST_CASE("laser noise: RIN with relaxation peak and 1/f has the variance of its spectrum") {
  const CwLaserParameters laser{.rin_per_Hz = 1e-14,
                                .relaxation_frequency_Hz = 9e9,
                                .relaxation_damping_Hz = 6e9,
                                .relaxation_peak_dB = 8.0,
                                .flicker_corner_Hz = 2e8,
                                .linewidth_Hz = 0.0};
  const double smooth =
      integral([&](double f) { return 1e-14 * relaxation_shape(laser_noise_of(laser), f) * passed(f); });
  // ∫ f_k/f from 10 kHz: the filter's edge replaces the upper end, ln(18 GHz) by 1/8 of ln 2 order; 1 %.
  const double flicker = 1e-14 * 2e8 * std::log(band_Hz / 1e4);
  const double found = relative_variance(
      laser, std::make_shared<MicroringModulator>("ring", resting_ring(900e9)), "laser RIN");
  REQUIRE(flicker > 0.05 * smooth);
  // The filter's edge instead of its 3 dB frequency in the logarithm: 1 % of 1/f; bins of 0.8 GHz on a peak
  // of 6 GHz.
  CHECK(rel_error(found, smooth + flicker) <= 4e-3);
}

TEST_CASE("laser noise: drawn in a stream it has the same spectrum, in blocks of any size") {
  const LaserNoise colour{1e-14, 9e9, 6e9, 8.0, 0.0, 0.0, 60.0, 0.0, 0.0};
  Bundle light;
  light.grid = {rate_Bd, 16, 4096};
  light.carrier_Hz = {230e12};
  light.port.resize(1);
  const auto samples = static_cast<std::size_t>(light.grid.size());
  const auto drawn = [&](long begin, std::size_t count) {
    Bundle block = light;
    block.port[0].field.assign(1, ComplexWave(count, 1.0));
    Context context(1);
    NoiseMemory memory;
    add_noise(laser_noise_terms("laser", colour, block), begin, {.seed = 3}, block, memory, context);
    return block.port[0].field[0];
  };
  const ComplexWave whole = drawn(0, samples), part = drawn(1000, 500);
  for (std::size_t u = 0; u < part.size(); ++u)
    // Transforms of different size.
    CHECK(std::abs(part[u] - whole[u + 1000]) <= 1e-12);
  RealWave intensity(samples);
  for (std::size_t u = 0; u < samples; ++u) intensity[u] = 2.0 * (whole[u].real() - 1.0);
  const Fft fft(static_cast<int>(samples));
  std::vector<Complex> spectrum(samples / 2 + 1);
  fft.forward(intensity, spectrum);
  const double bin_Hz = light.grid.sample_rate_Hz() / static_cast<double>(samples);
  for (const double centre_Hz : {1e9, 9e9, 15e9}) {
    // One-sided density: 2 |X|² / (n f_s), mean over 1 GHz = 163 bins.
    double sum = 0.0, wanted = 0.0;
    int bins = 0;
    for (std::size_t k = 0; k < spectrum.size(); ++k) {
      const double f = bin_Hz * static_cast<double>(k);
      if (std::abs(f - centre_Hz) > 0.5e9) continue;
      sum += 2.0 * std::norm(spectrum[k]) / (static_cast<double>(samples) * light.grid.sample_rate_Hz());
      wanted += 1e-14 * relaxation_shape(colour, f);
      ++bins;
    }
    REQUIRE(bins > 100);
    // 5 σ of the mean of exponential variables.
    CHECK(rel_error(sum, wanted) <= 5.0 / std::sqrt(bins));
  }
}

TEST_CASE("laser noise: a drawn phase walks by 2 pi linewidth in unit time and keeps the power") {
  const LaserNoise line{0.0, 0.0, 1e9, 10.0, 0.0, 50e6, 60.0, 0.0, 0.0};
  Bundle block;
  block.grid = {rate_Bd, 16, 2048};
  block.carrier_Hz = {230e12};
  block.port.resize(1);
  Context context(1);
  NoiseMemory memory;
  std::vector<Complex> field;
  for (long b = 0; b < 4; ++b) {  // the walk goes on from block to block
    block.port[0].field.assign(1, ComplexWave(static_cast<std::size_t>(block.grid.size()), 2.0));
    add_noise(laser_noise_terms("laser", line, block), b * block.grid.size(), {.seed = 4}, block, memory,
              context);
    field.insert(field.end(), block.port[0].field[0].begin(), block.port[0].field[0].end());
  }
  constexpr std::size_t lag = 64;
  double square = 0.0;
  std::size_t count = 0;
  for (std::size_t u = 0; u + lag < field.size(); u += lag, ++count)
    square += std::pow(std::arg(field[u + lag] * std::conj(field[u])), 2);
  const double expected = 2.0 * pi * 50e6 * lag * block.grid.dt_s();
  // Independent squares of Gaussian numbers: 5 σ.
  CHECK(rel_error(square / static_cast<double>(count), expected) <= 5.0 * std::sqrt(2.0 / count));
  for (const Complex& a : field) CHECK_MESSAGE(std::abs(std::abs(a) - 2.0) <= 1e-12, "rounding of a product");
}

namespace {

struct Measured {
  double mean_A;
  std::vector<NoiseCovariance> noise;
};

Measured measure(const CwLaserParameters& laser, const SemiconductorOpticalAmplifierParameters& amplifier,
                 const char* pattern = "PRBS7", double receiver_Hz = band_Hz) {
  const test::Stages optics = {
      std::make_shared<CwLaser>("laser", laser),
      std::make_shared<SemiconductorOpticalAmplifier>("soa", amplifier),
      std::make_shared<Photodiode>(
          "photodiode",
          PhotodiodeParameters{.responsivity_A_per_W = 0.9, .dark_current_A = 0.0, .capacitance_F = 0.0}),
      std::make_shared<test::CurrentSense>()};
  const auto link = test::copper_link(2, rate_Bd, {}, optics, {.bandwidth_Hz = receiver_Hz});
  test::Run run(link, pattern);
  const std::vector<Complex> flat(static_cast<std::size_t>(run.grid.size()) / 2 + 1, 1.0);
  const LaneNoise noise(run.chain, run.solution, 0, flat, run.context);
  return {run.solution.sampler.lane[0][0], noise.per_symbol(11, 0)};
}

double variance(const Measured& measured, const std::string& label) {
  double sum = 0.0;  // both quadratures have one label
  for (const NoiseCovariance& each : measured.noise)
    if (each.label == label) sum += each.at(3, 0);
  return sum;
}

}  // namespace

TEST_CASE("optical amplifier: at the photodiode the emission beats with the signal as 4 R^2 P S") {
  const CwLaserParameters laser{.power_W = 20e-6, .rin_per_Hz = 0.0, .linewidth_Hz = 0.0};
  const SemiconductorOpticalAmplifierParameters p{.gain_dB = 20.0, .saturation_output_power_W = 10.0};
  const Measured found = measure(laser, p);
  const SemiconductorOpticalAmplifier soa("soa", p);
  const double gain = soa.gain(20e-6), carrier_Hz = CwLaser("laser", laser).carrier_frequencies_Hz().front();
  const double density = soa.inversion() * photon_energy_J(carrier_Hz) * (gain - 1.0);
  double bandwidth_Hz = 0.0;  // ∫ |H|² df
  for (double f = 5e6; f < 200e9; f += 10e6) bandwidth_Hz += 10e6 * std::norm(butterworth(f, band_Hz, 4));
  // A window that leaves 1e-6 of the filter's energy, bins instead of the integral; gain found from the
  // output.
  CHECK(rel_error(variance(found, "soa spontaneous emission"),
                  4.0 * 0.81 * 20e-6 * gain * density * bandwidth_Hz) <= 1e-3);
}

TEST_CASE("optical amplifier: saturation takes slow intensity noise away as its closed form says") {
  const CwLaserParameters laser{.power_W = 3e-3, .rin_per_Hz = 1e-14, .linewidth_Hz = 0.0};
  struct Case {
    double lifetime_s, band_Hz, left, tolerance;
    const char* pattern;
  };
  // The second remembers longer than the symbols that its receiver alone makes the analysis look back.
  // Steps of 2.5 ps: (dt/τ)² = 0.4 % at 40 ps; e^-5 of the memory.
  for (const Case& each : {Case{40e-12, band_Hz, 0.8, 1e-2, "PRBS7"}, {2e-9, 5e9, 0.98, 1e-4, "PRBS9"}}) {
    const SemiconductorOpticalAmplifierParameters p{.lifetime_s = each.lifetime_s};
    const Measured found = measure(laser, p, each.pattern, each.band_Hz);
    const SemiconductorOpticalAmplifier soa("soa", p);
    double expected = 0.0, plain = 0.0;
    for (double f = 1e6; f < 200e9; f += 2e6) {
      const double passed = 1e-14 * 2e6 * std::norm(butterworth(f, each.band_Hz, 4));
      plain += passed;
      expected += passed * std::norm(soa.modulation_response(3e-3, f));
    }
    CHECK(expected < each.left * plain);  // the case does suppress
    CAPTURE(each.lifetime_s);
    CHECK(rel_error(variance(found, "laser RIN") / (found.mean_A * found.mean_A), expected) <=
          each.tolerance);
  }
}
