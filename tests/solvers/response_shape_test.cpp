#include "solvers/response_shape.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

/// H of one frequency to H of many.
template <class F>
ResponseFunction each(F one) {
  return [one](std::span<const double> frequency_Hz) {
    std::vector<Complex> response;
    for (const double f : frequency_Hz) response.push_back(one(f));
    return response;
  };
}

const ResponseFunction pole = each([](double f) { return 3.0 / Complex(1.0, f / 20e9); });

}  // namespace

TEST_CASE("response shape: a pole falls by x dB at sqrt(10^(x/10) - 1) of its corner") {
  // The root is bracketed to 40 bits, 1e-12; the logarithm of a small drop loses two digits more.
  constexpr double tol = 1e-9;
  for (const double drop_dB : {0.1, 1.0, 3.0, 6.0, 15.0}) {
    CAPTURE(drop_dB);
    const double corner = std::sqrt(std::pow(10.0, drop_dB / 10.0) - 1.0);
    CHECK(rel_error(response_bandwidth(pole, drop_dB, {}).frequency_Hz, 20e9 * corner) <= tol);
    // The same pole of a power falls half as many decibels.
    const double of_power = std::sqrt(std::pow(10.0, drop_dB / 5.0) - 1.0);
    const Bandwidth optical =
        response_bandwidth(pole, drop_dB, {.limit_Hz = 1e12, .decibel = Decibel::power});
    CHECK(rel_error(optical.frequency_Hz, 20e9 * of_power) <= tol);
    // Referred to 10 GHz: 1 + x² grows from 1.25.
    const double later = std::sqrt(1.25 * std::pow(10.0, drop_dB / 10.0) - 1.0);
    CHECK(rel_error(response_bandwidth(pole, drop_dB, {.reference_Hz = 10e9}).frequency_Hz, 20e9 * later) <=
          tol);
  }
}

TEST_CASE("response shape: a response that does not fall is beyond the limit, none at all is not a number") {
  const Bandwidth wide = response_bandwidth(pole, 3.0, {.limit_Hz = 10e9});
  CHECK(std::isnan(wide.frequency_Hz));
  CHECK(wide.beyond_limit);
  CHECK(wide.limit_Hz == 10e9);
  const ResponseFunction nothing = each([](double) { return Complex(0.0); });
  CHECK(std::isnan(response_bandwidth(nothing, 3.0, {}).frequency_Hz));
  CHECK_FALSE(response_bandwidth(nothing, 3.0, {}).beyond_limit);
  CHECK(std::isnan(response_peak(nothing, {}).height_dB));
  CHECK_THROWS_AS(response_bandwidth(pole, 0.0, {}), DomainError);
  CHECK_THROWS_AS(response_bandwidth(pole, 3.0, {.reference_Hz = 1e9, .limit_Hz = 1e9}), DomainError);
}

TEST_CASE("response shape: the lowest crossing counts, a response that falls to zero has one") {
  // A comb falls to zero at 10 GHz and comes back; |cos| = 10^(-3/20) first.
  const ResponseFunction comb =
      each([](double f) { return Complex(std::cos(0.5 * std::acos(-1.0) * f / 10e9)); });
  const double first = 10e9 * std::acos(std::pow(10.0, -0.15)) / (0.5 * std::acos(-1.0));
  CHECK(rel_error(response_bandwidth(comb, 3.0, {}).frequency_Hz, first) <= 1e-9);
  const ResponseFunction wall = each([](double f) { return Complex(f < 5e9 ? 1.0 : 0.0); });
  CHECK(rel_error(response_bandwidth(wall, 3.0, {}).frequency_Hz, 5e9) <= 1e-9);
}

TEST_CASE("response shape: a resonant second order peaks where its polynomial says") {
  // H = 1/(1 - x² + 2jζx): peak 1/(2ζ sqrt(1 - ζ²)) at x² = 1 - 2ζ².
  const double damping = 0.2;
  const ResponseFunction resonant =
      each([=](double f) { return 1.0 / Complex(1.0 - std::pow(f / 30e9, 2), 2.0 * damping * f / 30e9); });
  const ResponsePeak peak = response_peak(resonant, {});
  const double height = 1.0 / (2.0 * damping * std::sqrt(1.0 - damping * damping));
  CHECK(rel_error(peak.height_dB, 20.0 * std::log10(height)) <= 1e-12);
  // A maximum is found to half the digits.
  CHECK(rel_error(peak.frequency_Hz, 30e9 * std::sqrt(1.0 - 2.0 * damping * damping)) <= 1e-7);
  CHECK(rel_error(response_peak(resonant, {.decibel = Decibel::power}).height_dB,
                  10.0 * std::log10(height)) <= 1e-12);
  const ResponsePeak none = response_peak(pole, {});
  CHECK(none.height_dB == 0.0);
  CHECK(none.frequency_Hz == 0.0);
}
