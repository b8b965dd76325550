#include "devices/physics/filters.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "core/constants.hpp"
#include "devices/physics/optics.hpp"
#include "devices/physics/white_noise.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

struct Filter {
  std::string name;
  std::function<Complex(double, double)> response;
  std::function<double(double)> noise_bandwidth_Hz;
};

std::vector<Filter> all_filters() {
  std::vector<Filter> filters{
      {"single pole", single_pole, single_pole_noise_bandwidth_Hz},
      {"Bessel-Thomson", bessel_thomson4, bessel_thomson4_noise_bandwidth_Hz},
      {"Gaussian", [](double f, double b) { return Complex(gaussian_low_pass(f, b)); },
       gaussian_noise_bandwidth_Hz}};
  for (int order = 1; order <= 4; ++order)
    filters.push_back({"Butterworth " + std::to_string(order),
                       [order](double f, double b) { return butterworth(f, b, order); },
                       [order](double b) { return butterworth_noise_bandwidth_Hz(b, order); }});
  return filters;
}

/// ∫₀^∞ |H|² df by the midpoint rule in x with f = b tan x, which maps the infinite axis to [0, π/2].
double integrated_noise_bandwidth_Hz(const Filter& filter, double bandwidth_Hz) {
  constexpr int points = 2000;
  double sum = 0.0;
  for (int i = 0; i < points; ++i) {
    const double x = (i + 0.5) * constants::pi / (2.0 * points);
    const double jacobian = bandwidth_Hz / (std::cos(x) * std::cos(x));
    sum += std::norm(filter.response(bandwidth_Hz * std::tan(x), bandwidth_Hz)) * jacobian;
  }
  return sum * constants::pi / (2.0 * points);
}

}  // namespace

TEST_CASE("filters: unit gain at dc, half power at the 3 dB frequency, Hermitian") {
  for (const Filter& filter : all_filters()) {
    CAPTURE(filter.name);
    // A handful of roundings.
    CHECK(rel_error(filter.response(0.0, 40e9).real(), 1.0) <= 1e-15);
    CHECK(rel_error(std::norm(filter.response(40e9, 40e9)), 0.5) <= 1e-14);
    CHECK(std::abs(filter.response(-13e9, 40e9) - std::conj(filter.response(13e9, 40e9))) <= 1e-15);
  }
}

TEST_CASE("filters: the closed noise bandwidths equal the integral of |H|²") {
  for (const Filter& filter : all_filters()) {
    CAPTURE(filter.name);
    // Periodic smooth integrands converge exponentially; what is left is rounding near x = π/2.
    CHECK(rel_error(filter.noise_bandwidth_Hz(33e9), integrated_noise_bandwidth_Hz(filter, 33e9)) <= 1e-10);
  }
}

TEST_CASE("filters: Butterworth power is 1 / (1 + (f/f_3dB)^2n), and order 1 is the single pole") {
  for (int order = 1; order <= 4; ++order)
    for (const double x : {0.1, 0.7, 1.3, 4.0}) {
      // Four complex products.
      CHECK(rel_error(std::norm(butterworth(x * 1e9, 1e9, order)), 1.0 / (1.0 + std::pow(x, 2 * order))) <=
            1e-13);
      CHECK(std::abs(butterworth(x, 1.0, 1) - single_pole(x, 1.0)) <= 1e-15);
    }
}

TEST_CASE("filters: low-pass responses lag, so they are causal in e^{+jωt}") {
  for (const Filter& filter : all_filters())
    if (filter.name != "Gaussian") CHECK_MESSAGE(std::arg(filter.response(5e9, 40e9)) < 0.0, filter.name);
}

TEST_CASE("filters: Bessel-Thomson 4 has the published delay and corner") {
  // Delay normalised to 1 at dc (Zverev 1967): group delay 2.11392 / (2π f_3dB); central difference over 1e-6
  // f_3dB.
  const double step_Hz = 1e3, bandwidth_Hz = 1e9;
  const double delay_s = -std::arg(bessel_thomson4(step_Hz, bandwidth_Hz)) / (2.0 * constants::pi * step_Hz);
  // Six printed digits.
  CHECK(rel_error(delay_s * 2.0 * constants::pi * bandwidth_Hz, 2.11392) <= 2e-6);
}

TEST_CASE("filters: thermal noise of a resistor on a capacitor integrates to kT/C") {
  const double resistance_ohm = 50.0, capacitance_F = 25e-15, temperature_K = constants::room_temperature_K;
  const double corner_Hz = 1.0 / (2.0 * constants::pi * resistance_ohm * capacitance_F);
  const double density =
      4.0 * constants::boltzmann_J_per_K * temperature_K * resistance_ohm;  // one-sided, Johnson
  const double variance_V2 = density * single_pole_noise_bandwidth_Hz(corner_Hz);
  // Products of exact numbers.
  CHECK(rel_error(variance_V2, constants::boltzmann_J_per_K * temperature_K / capacitance_F) <= 1e-14);
}

TEST_CASE("optics: wavelength and frequency are inverse, quantum limit is λ / 1.2398 µm") {
  // Two divisions.
  CHECK(rel_error(wavelength_m(optical_frequency_Hz(1310e-9)), 1310e-9) <= 1e-15);
  // 1.239841984 µm eV is the CODATA value of hc/q with 10 digits.
  CHECK(rel_error(quantum_limited_responsivity_A_per_W(optical_frequency_Hz(1550e-9)), 1.55 / 1.239841984) <=
        1e-9);
  // So a photon of that wavelength carries 1 eV.
  CHECK(rel_error(photon_energy_J(optical_frequency_Hz(1.239841984e-6)), constants::elementary_charge_C) <=
        1e-9);
}

TEST_CASE("white noise: sources differ by stage, cause and index, and repeat") {
  CHECK(noise_source_id("laser", "RIN", 0) == noise_source_id("laser", "RIN", 0));
  CHECK(noise_source_id("laser", "RIN", 0) != noise_source_id("laser", "RIN", 1));
  CHECK(noise_source_id("laser", "RIN", 0) != noise_source_id("laser2", "RIN", 0));
  CHECK(noise_source_id("pd", "shot", 0) != noise_source_id("pd", "dark", 0));
  // σ² = S₁ f_s / 2, one square root.
  CHECK(rel_error(white_noise_sigma(2e-22, 1e12), 1e-5) <= 1e-15);
}
