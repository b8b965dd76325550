#include "solvers/com/tap_sums.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "support.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;
using test::rel_error;

namespace {

std::vector<double> noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> draw;
  std::vector<double> wave(size);
  for (double& each : wave) each = draw(random);
  return wave;
}

}  // namespace

TEST_CASE("com tap sums: the kernels equal plain loops at every size around their blocks") {
  const auto a = noise(200, 1), b = noise(200, 2), c = noise(200, 3);
  const double tap[] = {-0.2, 0.0, 0.7};
  const double* wave[] = {a.data() + 1, b.data(), c.data() + 3};  // not aligned
  for (long size = 0; size < 100; ++size) {
    std::vector<double> out(static_cast<std::size_t>(size) + 1, 42.0);
    weighted_waves(tap, wave, 3, size, out.data());
    double power = 0.0, difference = 0.0;
    for (long i = 0; i < size; ++i) {
      const auto n = static_cast<std::size_t>(i);
      // Fused or not: one rounding.
      CHECK(abs_error(out[n], -0.2 * a[n + 1] + 0.7 * c[n + 3]) <= 1e-15);
      power += a[n] * a[n];
      difference += (b[n] - a[n]) * (b[n] - a[n]);
    }
    CHECK(out.back() == 42.0);  // nothing behind the end
    // Sums of 100 squares in another order.
    CHECK(abs_error(energy(a.data(), size), power) <= 1e-14 * (1.0 + power));
    CHECK(abs_error(difference_energy(a.data(), b.data(), size), difference) <= 1e-14 * (1.0 + difference));
  }
}

TEST_CASE("com tap sums: a wrapped pulse moves in a circle") {
  const int samples = 4, taps = 4, main = 1;
  for (const std::size_t size : {40u, 43u}) {
    const auto pulse = noise(size, 4);
    const ShiftedPulses shifted(pulse, samples, taps, main, ShiftedPulses::Ends::wrap);
    CHECK(shifted.size() == static_cast<long>(size));
    CHECK(shifted.lead() == 0);
    const auto length = static_cast<long>(size);
    for (int k = 0; k < taps; ++k)
      for (long n = 0; n < length; ++n) {
        const long from = ((n - (k - main) * samples) % length + length) % length;
        CHECK(shifted.wave(k)[n] == pulse[static_cast<std::size_t>(from)]);
      }
  }
}

TEST_CASE("com tap sums: an extended pulse loses nothing at its ends") {
  const int samples = 4, taps = 4, main = 1;
  const auto pulse = noise(41, 5);
  const ShiftedPulses shifted(pulse, samples, taps, main, ShiftedPulses::Ends::extend);
  CHECK(shifted.size() == 41 + 3 * samples);
  CHECK(shifted.lead() == main * samples);
  for (int k = 0; k < taps; ++k)
    for (long n = 0; n < shifted.size(); ++n) {
      const long from = n - k * samples;  // lead + (k - main) symbols
      const double expected = from >= 0 && from < 41 ? pulse[static_cast<std::size_t>(from)] : 0.0;
      CHECK(shifted.wave(k)[n] == expected);
    }
}

TEST_CASE("com tap sums: rows hold the waves sorted by phase") {
  for (const auto ends : {ShiftedPulses::Ends::wrap, ShiftedPulses::Ends::extend}) {
    const ShiftedPulses shifted(noise(45, 6), 4, 3, 2, ends);
    long counted = 0;
    for (int phase = 0; phase < 4; ++phase) {
      for (int k = 0; k < 3; ++k)
        for (long n = 0; n < shifted.symbols(phase); ++n)
          CHECK(shifted.row(k, phase)[n] == shifted.wave(k)[4 * n + phase]);
      counted += shifted.symbols(phase);
    }
    CHECK(counted == shifted.size());
  }
}
