#include "solvers/com/interference.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/special.hpp"
#include "support.hpp"
#include "synthetic.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;
using test::rel_error;

namespace {

constexpr int samples = 8;

// Flat around each sampling instant: no jitter, cursors as given, symbols from 10 on; the main one is the
// first.
std::vector<double> stairs(const std::vector<double>& cursors) {
  std::vector<double> pulse(60 * samples, 0.0);
  for (std::size_t k = 0; k < cursors.size(); ++k)
    for (std::size_t i = 0; i < samples; ++i) pulse[(10 + k) * samples + i] = cursors[k];
  return pulse;
}

EqualizedCase example(const std::vector<double>& cursors, double noise_V, int levels) {
  EqualizedCase e;
  e.through = stairs(cursors);
  e.cursor = 10 * samples + samples / 2;
  e.available_V = cursors[0] / (levels - 1);
  e.terms.noise_V = noise_V;
  return e;
}

Parameters parameters(int levels) {
  return test::small_configuration(levels);
}

}  // namespace

TEST_CASE("com interference: with Gaussian noise alone COM is 20 log10(A_s / (sigma Q^-1(DER_0)))") {
  for (const int levels : {2, 4})
    for (const double share : {0.01, 0.1, 0.9}) {  // the last far below 0 dB: no voltage grid confines it
      const double noise_V = share * 0.03 / (levels - 1);
      const auto e = example({0.03}, noise_V, levels);
      const double expected = -20.0 * std::log10(share * inverse_gaussian_tail(1e-4));
      // 30 bits of the root.
      CHECK(abs_error(combine(e, parameters(levels), mode("standard")).com_dB, expected) <= 1e-7);
      // One bin, a thousandth of A_s at most, of an amplitude of share times 3.7.
      CHECK(abs_error(combine(e, parameters(levels), mode("script-4.50")).com_dB, expected) <=
            0.01 / (share * 3.7) + 0.01);
    }
  CHECK(combine(example({0.03}, 0.027, 2), parameters(2), mode("standard")).com_dB < -10.0);
}

TEST_CASE(
    "com interference: transmitter, receiver and random jitter noise add as powers, dual-Dirac jitter does "
    "not") {
  auto e = example({0.03}, 0.4e-3, 2);
  e.terms.transmitter_V = 0.3e-3;
  e.terms.random_jitter_V = 1.2e-3;
  e.terms.jitter_V = 5.0;     // the figure of merit's, not used here
  e.terms.isi_V = 5.0;        // alike
  e.terms.crosstalk_V = 5.0;  // alike
  // 0.3² + 0.4² + 1.2² = 1.3², rounding.
  CHECK(rel_error(combine(e, parameters(2), mode("standard")).gaussian_V, 1.3e-3) <= 1e-14);
}

TEST_CASE("com interference: doubling every voltage changes nothing") {
  for (const char* name : {"standard", "script-4.50"}) {
    // A_s / 1000 is below 10 µV for both, so that the bins double as well.
    auto small = example({0.004, 0.0011, -0.0007}, 0.0003, 2);
    auto large = example({0.008, 0.0022, -0.0014}, 0.0006, 2);
    small.aggressor = {{Path::Kind::fext, stairs({0.0005}), -1},
                       {Path::Kind::next, stairs({0.0003, 0.0002}), -1}};
    large.aggressor = {{Path::Kind::fext, stairs({0.001}), -1},
                       {Path::Kind::next, stairs({0.0006, 0.0004}), -1}};
    // Rounding may move a value that lies between two bins by one bin, a thousandth.
    CHECK(abs_error(combine(small, parameters(2), mode(name)).com_dB,
                    combine(large, parameters(2), mode(name)).com_dB) <= 0.01);
  }
}

TEST_CASE("com interference: COM is the largest eye opening of all sequences where noise is negligible") {
  // 2^-3 · 2^-2 of all sequences are worse than DER_0 = 1e-4 allows: the worst case counts.
  const auto e = [] {
    auto made = example({0.02, 0.003, -0.002, 0.0015}, 1e-6, 2);
    made.aggressor = {{Path::Kind::fext, stairs({0.001}), -1}, {Path::Kind::next, stairs({0.0005}), -1}};
    return made;
  }();
  const auto found = combine(e, parameters(2), mode("standard"));
  // Q^-1(1e-4 · 32) of a noise of 1 µV: 3 µV, and the splits' variance of half a bin.
  CHECK(rel_error(found.amplitude_V, 0.003 + 0.002 + 0.0015 + 0.001 + 0.0005) <= 5e-3);
  // Bins of 10 µV.
  CHECK(abs_error(found.isi_peak_V, 0.0065) <= 1.5e-5);
  CHECK(abs_error(found.fext_peak_V, 0.001) <= 1e-5);
  CHECK(abs_error(found.next_peak_V, 0.0005) <= 1e-5);
  CHECK(abs_error(found.crosstalk_peak_V, 0.0015) <= 1e-5);
  CHECK(abs_error(found.both_peak_V, 0.008) <= 2e-5);
  CHECK(rel_error(found.isi_rms_V, std::sqrt(9.0 + 4.0 + 2.25) * 1e-3) <= 5e-3);
}

TEST_CASE("com interference: script densities leave out the first symbol of a pulse and the last one") {
  auto e = example({0.02}, 1e-4, 2);
  const auto hold = [&](std::size_t symbol, double value) {
    std::fill_n(e.through.begin() + static_cast<long>(symbol * samples), samples, value);
  };
  const auto isi = [&](const char* name) { return combine(e, parameters(2), mode(name)).isi_peak_V; };
  hold(0, 0.002);
  // Bins of 10 µV.
  CHECK(abs_error(isi("standard"), 0.002) <= 1e-5);
  CHECK(isi("script-4.50") == 0.0);
  hold(59, 0.003);
  CHECK(abs_error(isi("standard"), 0.005) <= 2e-5);
  CHECK(isi("script-4.50") == 0.0);
  hold(58, 0.001);
  CHECK(abs_error(isi("script-4.50"), 0.001) <= 1e-5);
}

TEST_CASE("com interference: another aggressor never raises COM") {
  for (const char* name : {"standard", "script-4.50"})
    for (const int levels : {2, 4}) {
      auto e = example({0.03, 0.004, -0.002}, 1e-3, levels);
      double last = combine(e, parameters(levels), mode(name)).com_dB;
      for (const double size : {1e-4, 5e-4, 2e-3, 4e-3}) {
        e.aggressor.push_back(
            {e.aggressor.size() % 2 ? Path::Kind::next : Path::Kind::fext, stairs({size, -0.3 * size}), -1});
        const double com_dB = combine(e, parameters(levels), mode(name)).com_dB;
        CHECK(com_dB < last);
        last = com_dB;
      }
    }
}

TEST_CASE("com interference: an aggressor counts at its strongest phase unless one is given") {
  auto e = example({0.03}, 1e-4, 2);
  std::vector<double> pulse(40 * samples, 0.0);
  pulse[20 * samples + 1] = 0.002;
  pulse[20 * samples + 5] = 0.004;
  const auto peak = [&](int phase) {
    e.aggressor = {{Path::Kind::fext, pulse, phase}};
    return combine(e, parameters(2), mode("standard")).crosstalk_peak_V;
  };
  // Bins of 10 µV.
  CHECK(abs_error(peak(-1), 0.004) <= 1e-5);
  CHECK(abs_error(peak(1), 0.002) <= 1e-5);
  CHECK(peak(2) == 0.0);
}

TEST_CASE(
    "com interference: residual cursors are the pulse without cursor and DFE, taps beyond its end included") {
  EqualizedCase e;
  e.through = stairs({0.4, 0.2, 0.1});
  e.through.resize(13 * samples);  // symbols 0 to 12
  e.cursor = 10 * samples + 3;
  e.dfe.tap = {0.3, 0.25, 0.0, -0.1};
  const auto left = residual_cursors(e, samples);
  REQUIRE(left.size() == 15);
  const std::vector<double> expected = {0.0, 0.2 - 0.12, 0.1 - 0.1, 0.0, 0.04};
  for (std::size_t n = 0; n < 5; ++n) {
    // Rounding.
    CHECK(abs_error(left[10 + n], expected[n]) <= 1e-16);
  }
}

TEST_CASE("com interference: jitter slopes are central differences per UI at every phase (93A-28)") {
  std::vector<double> pulse;
  pulse.reserve(100);
  for (int n = 0; n < 100; ++n) pulse.push_back(std::sin(0.3 * n));
  for (long cursor = 40; cursor < 48; ++cursor) {
    const auto slope = jitter_slopes(pulse, cursor, samples);
    std::vector<double> expected;
    for (long n = cursor % samples; n + 1 < 100; n += samples)
      if (n > 0)
        expected.push_back((pulse[static_cast<std::size_t>(n + 1)] - pulse[static_cast<std::size_t>(n - 1)]) *
                           samples / 2.0);
    REQUIRE(slope.size() == expected.size());
    // Rounding.
    for (std::size_t i = 0; i < slope.size(); ++i) CHECK(abs_error(slope[i], expected[i]) <= 1e-14);
  }
}

TEST_CASE("com interference: the bin is A_s / 1000, 10 µV at most") {
  CHECK(density_bin_V(0.004) == 0.004 / 1000.0);
  CHECK(density_bin_V(0.03) == 10e-6);
}

TEST_CASE("com interference: the error ratio at the limit is that of the Gaussian closed form") {
  auto p = parameters(2);
  p.limits.com_dB = 3.0;
  const auto found = combine(example({0.03}, 0.006, 2), p, mode("standard"));
  // Analytic but for rounding.
  CHECK(rel_error(found.error_ratio_at_limit, gaussian_tail(0.03 / std::pow(10.0, 0.15) / 0.006)) <= 1e-9);
}
