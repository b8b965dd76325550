#include "solvers/resonance.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double c0 = 299792458.0, pi = std::numbers::pi;
constexpr double f0_Hz = 228.9e12, fsr_Hz = 1.6e12;

/// 1 - A/(1 + x²) around the nearest order.
double lorentzian(double f, double width_Hz, double depth) {
  const double x = std::remainder(f - f0_Hz, fsr_Hz) / (0.5 * width_Hz);
  return 0.8 * (1.0 - depth / (1.0 + x * x));
}

}  // namespace

TEST_CASE("resonance: a Lorentzian dip of any width has its own place, depth and width") {
  for (const double width_Hz : {20e6, 1e9, 5e9, 60e9}) {
    CAPTURE(width_Hz);
    const double depth = 0.95;
    const Resonance r = find_resonance([&](double f) { return lorentzian(f, width_Hz, depth); },
                                       {.near_m = c0 / (f0_Hz + 0.3e12)});
    CHECK_FALSE(r.peak);
    // A minimum is found to the square root of the digits, 1e-8 of the half width; 0.1 Hz is a few ulp of f.
    CHECK(abs_error(r.frequency_Hz, f0_Hz) <= 3e-8 * width_Hz + 0.1);
    CHECK(rel_error(r.transmission, 0.8 * (1.0 - depth)) <= 1e-12);
    const double edge = fsr_Hz / width_Hz;  // half an FSR in half widths
    const double reference = 0.8 * (1.0 - depth / (1.0 + edge * edge));
    CHECK(rel_error(r.reference, reference) <= 1e-12);
    CHECK(rel_error(r.depth_dB, 10.0 * std::log10(reference / (0.8 * (1.0 - depth)))) <= 1e-12);
    // T = (reference + minimum)/2 solved for x: 1/(1 + x²) = (1 + 1/(1 + edge²))/2.
    const double x = std::sqrt(2.0 / (1.0 + 1.0 / (1.0 + edge * edge)) - 1.0);
    // 0.03 Hz, one ulp of f, against the width.
    CHECK(rel_error(r.width_Hz, x * width_Hz) <= 1e-9 + 0.1 / width_Hz);
    CHECK(rel_error(r.quality_factor, f0_Hz / (x * width_Hz)) <= 1e-9 + 0.1 / width_Hz);
    CHECK(rel_error(r.width_m, x * width_Hz * c0 / (f0_Hz * f0_Hz)) <= 1e-7);
    CHECK(rel_error(r.fsr_Hz, fsr_Hz) <= 1e-7 * width_Hz / fsr_Hz + 1e-12);
    CHECK(rel_error(r.fsr_m, c0 / (f0_Hz - fsr_Hz) - c0 / f0_Hz) <= 1e-8);
  }
}

TEST_CASE("resonance: an Airy transmission peak is chosen by itself") {
  const double reflectivity = 0.9;
  const auto airy = [&](double f) {
    const double s = std::sin(pi * (f - f0_Hz) / fsr_Hz);
    return std::pow(1.0 - reflectivity, 2) / (std::pow(1.0 - reflectivity, 2) + 4.0 * reflectivity * s * s);
  };
  const Resonance r = find_resonance(airy, {.near_m = c0 / (f0_Hz - 0.2e12)});
  CHECK(r.peak);
  CHECK(abs_error(r.frequency_Hz, f0_Hz) <= 3e-8 * 60e9);
  CHECK(rel_error(r.transmission, 1.0) <= 1e-12);
  const double least = std::pow((1.0 - reflectivity) / (1.0 + reflectivity), 2);
  CHECK(rel_error(r.reference, least) <= 1e-9);
  // Half of (1 + least): sin² = (1-R)²/(4R) (2/(1 + least) - 1).
  const double sine =
      (1.0 - reflectivity) / (2.0 * std::sqrt(reflectivity)) * std::sqrt(2.0 / (1.0 + least) - 1.0);
  CHECK(rel_error(r.width_Hz, 2.0 * fsr_Hz / pi * std::asin(sine)) <= 1e-9);
  CHECK(rel_error(r.fsr_Hz, fsr_Hz) <= 1e-8);
  // Asked for a dip, the same curve gives its flat minimum half an FSR away.
  const Resonance dip = find_resonance(airy, {.near_m = c0 / (f0_Hz + 0.6e12), .kind = ResonanceKind::dip});
  CHECK_FALSE(dip.peak);
  // The minimum is flat over the whole FSR: 1e-7 of it.
  CHECK(abs_error(dip.frequency_Hz, f0_Hz + 0.5 * fsr_Hz) <= 1e-7 * fsr_Hz);
}

TEST_CASE("resonance: an interferometer's cosine has dips half a period wide") {
  const auto cosine = [](double f) { return 0.5 - 0.45 * std::cos(2.0 * pi * (f - f0_Hz) / fsr_Hz); };
  const Resonance r = find_resonance(cosine, {.near_m = c0 / (f0_Hz + 0.1e12)});
  CHECK_FALSE(r.peak);
  CHECK(rel_error(r.width_Hz, 0.5 * fsr_Hz) <= 1e-9);
  CHECK(rel_error(r.depth_dB, 10.0 * std::log10(0.95 / 0.05)) <= 1e-12);
}

TEST_CASE(
    "resonance: a narrow line on the slope of a wide one is found, a shallow neighbour is not counted") {
  const auto curve = [](double f) {
    const auto line = [f](double centre_Hz, double width_Hz, double depth) {
      const double x = (f - centre_Hz) / (0.5 * width_Hz);
      return 1.0 - depth / (1.0 + x * x);
    };
    return line(f0_Hz, 100e9, 0.9) * line(f0_Hz + 402.3e9, 0.2e9, 0.8) * line(f0_Hz + 700e9, 5e9, 0.2);
  };
  const Resonance narrow = find_resonance(curve, {.near_m = c0 / (f0_Hz + 420e9)});
  // The slope of the wide line, 1e-13 per Hz, moves the minimum by 1e-6 of the narrow width.
  CHECK(abs_error(narrow.frequency_Hz, f0_Hz + 402.3e9) <= 1e-4 * 0.2e9);
  // The line of depth 0.2 is less than half as deep: the wide one is the only neighbour, the other reference
  // point is the end of the span. On the background b of the wide line the level is reached where
  // b (1 - 0.8 / (1 + x²)) = level.
  const double reference = 0.5 * (curve(f0_Hz + 201.15e9) + curve(f0_Hz + 420e9 + 10e12));
  CHECK(rel_error(narrow.reference, reference) <= 1e-6);
  const double b = 1.0 - 0.9 / (1.0 + std::pow(402.3 / 50.0, 2)),
               shallow_b = 1.0 - 0.2 / (1.0 + std::pow(297.7 / 2.5, 2));
  const double level = 0.5 * (reference + 0.2 * b * shallow_b);
  const double x = std::sqrt(0.8 / (1.0 - level / (b * shallow_b)) - 1.0);
  // The background changes by 2e-5 over the line.
  CHECK(rel_error(narrow.width_Hz, x * 0.2e9) <= 1e-4);
  CHECK(rel_error(narrow.fsr_Hz, 402.3e9) <= 1e-5);
  const Resonance shallow = find_resonance(curve, {.near_m = c0 / (f0_Hz + 650e9)});
  CHECK(abs_error(shallow.frequency_Hz, f0_Hz + 700e9) <= 1e-3 * 5e9);
}

TEST_CASE("resonance: what does not exist is not a number") {
  const Resonance flat = find_resonance([](double) { return 0.7; }, {});
  CHECK(std::isnan(flat.frequency_Hz));
  CHECK(std::isnan(flat.quality_factor));
  const Resonance slope = find_resonance([](double f) { return f / 1e15; }, {});
  CHECK(std::isnan(slope.frequency_Hz));
  // One line without neighbours has no free spectral range; its depth refers to the end of the span.
  const Resonance lone = find_resonance(
      [](double f) {
        const double x = (f - f0_Hz) / 25e9;
        return 1.0 - 0.9 / (1.0 + x * x);
      },
      {.near_m = c0 / f0_Hz, .span_Hz = 2.5e12});
  CHECK(std::isnan(lone.fsr_Hz));
  CHECK(std::isnan(lone.fsr_m));
  CHECK(rel_error(lone.reference, 1.0 - 0.9 / (1.0 + 1e4)) <= 1e-12);
  CHECK(rel_error(lone.width_Hz, 50e9) <= 1e-4);
  CHECK_THROWS_AS(find_resonance([](double) { return 1.0; }, {.step_Hz = 0.0}), DomainError);
}
