#include "devices/single_mode_fiber.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "device_checks.hpp"
#include "devices/physics/dispersion.hpp"
#include "devices/physics/optics.hpp"
#include "signal/fft.hpp"
#include "support.hpp"

using namespace photonlink;
using constants::pi;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double c_m_per_s = constants::speed_of_light_m_per_s;

/// β₂ alone, from D [s/m²] at a wavelength.
DispersionTerms flat(double dispersion_s_per_m2, double wavelength) {
  return {dispersion_s_per_m2, -wavelength * wavelength * dispersion_s_per_m2 / (2.0 * pi * c_m_per_s), 0.0};
}

ComplexWave propagated(ComplexWave field, const DispersionTerms& terms, double length_m,
                       double sample_rate_Hz) {
  const int size = static_cast<int>(field.size());
  std::vector<Complex> response;
  for (const double f : complex_frequencies_Hz(size, sample_rate_Hz))
    response.push_back(dispersion_response(terms, length_m, f));
  filter_periodic(Fft(size), response, std::span<Complex>(field));
  return field;
}

Complex stage_response(const SingleModeFiber& fiber, double carrier_Hz, double offset_Hz) {
  std::vector<Complex> response(1, 1.0);
  fiber.multiply_optical(0, carrier_Hz, std::vector<double>{offset_Hz}, response);
  return response[0];
}

}  // namespace

TEST_CASE("single-mode fiber: every parameter refuses values outside its range by name") {
  test::check_range_messages<SingleModeFiber, SingleModeFiberParameters>();
}

TEST_CASE("single-mode fiber: a Gaussian pulse broadens and chirps as in closed form") {
  // A(0,t) = exp(-t²/2T0²) becomes sqrt(T0²/Q) exp(-t²/2Q), Q = T0² + jβ₂L (conjugate of Agrawal,
  // Sec. 3.2.1).
  const double fs = 1.28e12, t0 = 10e-12, length_m = 20e3;
  const DispersionTerms terms = flat(17e-6, 1550e-9);
  const int size = 4096;
  ComplexWave field(size);
  for (int k = 0; k < size; ++k)
    field[static_cast<std::size_t>(k)] = std::exp(-0.5 * std::pow((k - size / 2) / fs / t0, 2));
  const ComplexWave out = propagated(field, terms, length_m, fs);
  const Complex q(t0 * t0, terms.beta2_s2_per_m * length_m);
  double worst = 0.0;
  for (int k = 0; k < size; ++k) {
    const double t = (k - size / 2) / fs;
    const Complex expected = std::sqrt(t0 * t0 / q) * std::exp(-t * t / (2.0 * q));
    worst = std::max(worst, std::abs(out[static_cast<std::size_t>(k)] - expected));
  }
  // Peak is of order 1; FFT rounding of 4096 points and phases of 1e3 rad.
  CHECK(worst <= 1e-12);
}

TEST_CASE("single-mode fiber: equals an independent split-step code, conjugated") {
  const auto rows = test::read_csv("tests/data/gaussian_dispersion_opticommpy.csv");
  REQUIRE(rows.size() == 849);
  ComplexWave in(4096, 0.0), expected(4096, 0.0);
  for (const auto& row : rows) {
    in[static_cast<std::size_t>(row[0])] = row[1];
    expected[static_cast<std::size_t>(row[0])] = std::conj(Complex(row[2], row[3]));
  }
  const ComplexWave out = propagated(in, flat(17e-6, wavelength_m(193.1e12)), 20e3, 1.28e12);
  double worst = 0.0, peak = 0.0;
  for (std::size_t k = 0; k < out.size(); ++k) {
    worst = std::max(worst, std::abs(out[k] - expected[k]));
    peak = std::max(peak, std::abs(expected[k]));
  }
  // 13 printed digits and a cut at 1e-12 of the peak.
  CHECK(worst <= 1e-9 * peak);
}

TEST_CASE("single-mode fiber: dispersion at 1550 nm and at the zero is that of G.652") {
  // S0 = 0.092 ps/(nm² km), λ0 = 1310 nm: D(1550) = 1550 · 0.092/4 · (1 - (1310/1550)^4) = 17.4604 ps/(nm
  // km).
  const DispersionTerms at1550 = dispersion_terms(optical_frequency_Hz(1550e-9), 1310e-9, 92.0);
  CHECK(rel_error(at1550.dispersion_s_per_m2, 1550.0 * 0.023 * (1.0 - std::pow(1310.0 / 1550.0, 4)) * 1e-6) <=
        1e-13);
  const DispersionTerms at1310 = dispersion_terms(optical_frequency_Hz(1310e-9), 1310e-9, 92.0);
  // 1e-6 of the value at 1550 nm: rounding of 1 - 1.
  CHECK(abs_error(at1310.beta2_s2_per_m, 0.0) <= 1e-15 * std::abs(at1550.beta2_s2_per_m) * 10.0);
  // β₃ = (λ²/2πc)² S₀ at λ₀.
  CHECK(rel_error(at1310.beta3_s3_per_m, std::pow(1310e-9 * 1310e-9 / (2.0 * pi * c_m_per_s), 2) * 92.0) <=
        1e-13);
}

TEST_CASE("single-mode fiber: group delay of the response is the integral of D over wavelength") {
  // τ(λ) - τ(λc) = L S0/8 [(λ - λ0²/λ)² - (λc - λ0²/λc)²], the closed integral of D = S0/4 (λ - λ0⁴/λ³).
  const double length_m = 10e3, slope = 92.0, zero_m = 1310e-9;
  const SingleModeFiber fiber(
      "fiber",
      {.length_m = length_m, .zero_dispersion_wavelength_m = zero_m, .dispersion_slope_s_per_m3 = slope});
  const auto delay_s = [&](double f) {
    const double wavelength = wavelength_m(f);
    return length_m * slope / 8.0 * std::pow(wavelength - zero_m * zero_m / wavelength, 2);
  };
  const double offset_Hz = 100e9, step_Hz = 1e8;
  const auto measured_s = [&](double carrier_Hz, double offset) {
    const Complex turn = stage_response(fiber, carrier_Hz, offset + step_Hz) *
                         std::conj(stage_response(fiber, carrier_Hz, offset - step_Hz));
    return -std::arg(turn) / (4.0 * pi * step_Hz);
  };
  int checked = 0;
  for (const double carrier_nm : {1270.0, 1310.0, 1330.0, 1550.0}) {
    CAPTURE(carrier_nm);
    const double carrier_Hz = optical_frequency_Hz(carrier_nm * 1e-9), origin_s = delay_s(carrier_Hz);
    const double up_s = delay_s(carrier_Hz + offset_Hz) - origin_s,
                 down_s = delay_s(carrier_Hz - offset_Hz) - origin_s;
    const double measured_up_s = measured_s(carrier_Hz, offset_Hz),
                 measured_down_s = measured_s(carrier_Hz, -offset_Hz);
    // Even in the offset: β₃Ω²/2; next is β₅Ω⁴/24, smaller by (Ω/ω₀)² ≈ 2e-7 and a factor of order 10.
    CHECK(rel_error(measured_up_s + measured_down_s, up_s + down_s) <= 1e-5);
    if (carrier_nm == 1310.0) continue;  // β₂ vanishes
    // Odd: β₂Ω; next is β₄Ω³/6, smaller by (Ω/ω₀)² times λ/(λ - λ₀) ≈ 66.
    CHECK(rel_error(measured_up_s - measured_down_s, up_s - down_s) <= 1e-4);
    ++checked;
  }
  CHECK(checked == 3);
}

TEST_CASE("single-mode fiber: direct detection fades first at sqrt(c / (2 λ² |D| L))") {
  const double wavelength = 1550e-9, length_m = 20e3;
  const SingleModeFiber fiber("fiber", {.length_m = length_m, .attenuation_dB_per_m = 0.0});
  const double dispersion = 1550.0 * 0.023 * (1.0 - std::pow(1310.0 / 1550.0, 4)) * 1e-6;
  const double expected_Hz = std::sqrt(c_m_per_s / (2.0 * wavelength * wavelength * dispersion * length_m));
  // Small-signal intensity transfer of a double-sideband field: |H(+f) + conj(H(-f))| / 2, which β₃ only
  // turns.
  const double carrier_Hz = optical_frequency_Hz(wavelength);
  const auto transfer = [&](double f) {
    return std::abs(stage_response(fiber, carrier_Hz, f) + std::conj(stage_response(fiber, carrier_Hz, -f))) /
           2.0;
  };
  double null_Hz = 0.0, smallest = 1.0;
  for (double f = 0.9 * expected_Hz; f < 1.1 * expected_Hz; f += 1e-4 * expected_Hz)
    if (transfer(f) < smallest) {
      smallest = transfer(f);
      null_Hz = f;
    }
  // Scan step 1e-4.
  CHECK(rel_error(null_Hz, expected_Hz) <= 1e-3);
  CHECK(smallest < 1e-3);
}

TEST_CASE("single-mode fiber: attenuation acts on the field, ideal values leave light untouched") {
  const double carrier_Hz = optical_frequency_Hz(1310e-9);
  const SingleModeFiber lossy("fiber", {.length_m = 10e3, .attenuation_dB_per_m = 0.35e-3});
  // 3.5 dB of power.
  CHECK(rel_error(std::norm(stage_response(lossy, carrier_Hz, 0.0)), power_ratio(Gain_dB{-3.5})) <= 1e-14);
  const SingleModeFiber ideal(
      "fiber", {.length_m = 10e3, .attenuation_dB_per_m = 0.0, .dispersion_slope_s_per_m3 = 0.0});
  CHECK(std::abs(stage_response(ideal, optical_frequency_Hz(1550e-9), 80e9) - 1.0) <= 0.0);
}

TEST_CASE("single-mode fiber: latency is 4.895 ns/m at 1310 nm") {
  Ledger ledger;
  SingleModeFiber("fiber", {.length_m = 1.0}).ledger({}, ledger);
  // Index of 1.4676 (Corning PI1424) over c, four printed digits.
  CHECK(rel_error(ledger.latency.at(0).delay_s, 4.895e-9) <= 1e-4);
}

TEST_CASE("single-mode fiber: warns of Kerr phase above 0.1 rad and of wavelengths outside 1200-1625 nm") {
  const auto warnings = [](double power_W, double length_m, double carrier_Hz) {
    Bundle bundle;
    bundle.carrier_Hz = {carrier_Hz};
    bundle.port.assign(1, {{ComplexWave(8, std::sqrt(power_W))}});
    std::vector<Warning> list;
    SingleModeFiber("fiber", {.length_m = length_m, .attenuation_dB_per_m = 0.0}).validity(bundle, list);
    return list.size();
  };
  // γ P L = 1.3e-3 · 10 mW · L: 0.1 rad at 7.69 km.
  CHECK(warnings(10e-3, 7.6e3, 228e12) == 0);
  CHECK(warnings(10e-3, 7.8e3, 228e12) == 1);
  CHECK(warnings(1e-3, 100.0, optical_frequency_Hz(850e-9)) == 1);
}

TEST_CASE(
    "dispersion: phase noise turned into intensity vanishes without dispersion and stays below its bound") {
  CHECK(abs_error(phase_to_intensity_noise_per_Hz(1e6, 0.0, 1e4, 10e9), 0.0) <= 0.0);
  const double bound = phase_to_intensity_noise_bound_per_Hz(1e6, 10e9);
  // One-sided phase density Δν/(πf²) of a Lorentzian line, intensity is twice the in-phase part: 4 S_φ.
  CHECK(rel_error(bound, 4.0 * 1e6 / (pi * 1e20)) <= 1e-15);
  // sin² = 1 where β₂ω²L/2 = π/2.
  const double beta2 = -21.7e-27, length_m = pi / (21.7e-27 * std::pow(2.0 * pi * 10e9, 2));
  CHECK(rel_error(phase_to_intensity_noise_per_Hz(1e6, beta2, length_m, 10e9), bound) <= 1e-12);
}
