#include "solvers/com/com.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "support.hpp"
#include "synthetic.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;
using test::rel_error;

namespace {

Result evaluated(const Parameters& p, const std::vector<Path>& paths, const char* name = "standard",
                 int threads = 1) {
  Context context(threads);
  return channel_operating_margin(p, paths, mode(name), context);
}

Parameters with_ffe() {
  Parameters p = test::small_configuration(4);
  p.tap.clear();
  p.ctle.first_gain_dB = -3.0;
  p.ffe = {.pre = 3, .post = 6, .noise_symbols = 256};
  p.receiver.sampling = "peak";
  p.receiver.first_shift = -2;
  p.receiver.last_shift = 2;
  p.dfe.taps = 1;
  p.dfe.maximum = {0.5};
  return p;
}

}  // namespace

TEST_CASE("com: doubling all amplitudes and noise voltages leaves COM as it is") {
  for (const char* name : {"standard", "script-4.50"}) {
    Parameters p = test::small_configuration(4);
    const auto paths = test::trace_with_neighbours(0.25);
    // Small enough that the bins are A_s / 1000 for both.
    p.transmitter.amplitude_V = p.transmitter.fext_amplitude_V = p.transmitter.next_amplitude_V = 0.03;
    p.receiver.noise_V2_per_Hz = 1e-18;
    const double once = evaluated(p, paths, name).com_dB;
    p.transmitter.amplitude_V = p.transmitter.fext_amplitude_V = p.transmitter.next_amplitude_V = 0.06;
    p.receiver.noise_V2_per_Hz = 4e-18;
    // Powers of two scale without rounding, square roots included.
    CHECK(abs_error(evaluated(p, paths, name).com_dB, once) <= 1e-9);
  }
}

TEST_CASE("com: the margin is A_s over A_ni, the least of the cases, and held against the limit") {
  Parameters p = test::small_configuration();
  p.package_loss = {
      .gamma0_per_m = 0.0, .a1_sqrt_s_per_m = 5.5e-5, .a2_s_per_m = 1.5e-10, .tau_s_per_m = 6.1e-9};
  p.transmitter_package.line_impedance_ohm = p.receiver_package.line_impedance_ohm = {80.0};
  p.transmitter_package.die_capacitance_F = p.receiver_package.die_capacitance_F = {2e-13};
  p.package_case = {{"short", {0.005}, {0.005}, {0.005}, {0.005}}, {"long", {0.03}, {0.012}, {0.03}, {0.03}}};
  const auto paths = test::trace_with_neighbours(0.2);
  const Result both = evaluated(p, paths);
  REQUIRE(both.package_case.size() == 2);
  for (const CaseResult& each : both.package_case) {
    // The definition; rounding.
    CHECK(abs_error(each.com_dB, 20.0 * std::log10(each.available_V / each.interference_V)) <= 1e-12);
    // VEO = 2 (A_s - A_ni).
    CHECK(rel_error(each.eye.height_V, 2.0 * (each.available_V - each.interference_V)) <= 1e-12);
  }
  CHECK(both.com_dB == std::min(both.package_case[0].com_dB, both.package_case[1].com_dB));
}

TEST_CASE("com: annex and script agree on a fine file, and the annex does not depend on its step") {
  // Two chains of methods, the same physics: interpolation against extrapolation from the file, exact against
  // bilinear CTLE, exact against binned densities.
  for (const double length_m : {0.1, 0.25}) {
    Parameters p = test::small_configuration();
    const auto fine = test::trace(length_m, Path::Kind::through, 0.0, 0.02e9);
    const double annex_dB = evaluated(p, {fine}).com_dB;
    // The script extrapolates the root of f to 0 Hz by a straight line, cuts at 1e-3, and samples half a
    // sample earlier; it loses 1.3 dB at steps of 0.1 GHz and comes this near at 0.02 GHz.
    p.signal.samples_per_symbol = 32;
    CHECK(abs_error(evaluated(p, {fine}).com_dB, evaluated(p, {fine}, "script-4.50").com_dB) <= 0.2);
    p.signal.samples_per_symbol = 8;
    // What a straight line from two points to 0 Hz is off by, in one bin of 1000.
    CHECK(abs_error(evaluated(p, {test::trace(length_m)}).com_dB, annex_dB) <= 0.03);
  }
}

TEST_CASE("com: more noise lowers COM, below -0.83 dB too") {
  Parameters p = test::small_configuration(4);
  const std::vector<Path> paths = {test::trace(0.3)};
  double last = HUGE_VAL;
  for (const double noise : {1e-17, 1e-16, 1e-15, 1e-14, 1e-13}) {
    p.receiver.noise_V2_per_Hz = noise;
    const double com_dB = evaluated(p, paths).com_dB;
    CHECK(com_dB < last);
    last = com_dB;
  }
  CHECK(last < -3.0);
}

TEST_CASE("com: the figures of a case are those of its chosen equaliser") {
  const Result result = evaluated(test::small_configuration(), test::trace_with_neighbours(0.25));
  const CaseResult& c = result.package_case[0];
  const NoiseTerms& t = c.terms;
  // (93A-36) from the reported terms; rounding.
  CHECK(abs_error(c.merit_dB, 20.0 * std::log10(c.available_V / t.total_V())) <= 1e-9);
  double sum = 0.0;
  for (const double tap : c.transmit_taps) sum += std::abs(tap);
  CHECK(abs_error(sum, 1.0) <= 1e-12);
  // t_s stands at 0 UI of the reported pulses, where the equalised one is L - 1 times A_s over R_LM.
  const auto middle = static_cast<std::size_t>(
      std::find(c.pulse_time_UI.begin(), c.pulse_time_UI.end(), 0.0) - c.pulse_time_UI.begin());
  REQUIRE(middle < c.pulse_time_UI.size());
  CHECK(rel_error(c.equalized_V[middle], c.available_V) <= 1e-12);
  // 1.548 ns of trace, 22 ps of receiver filter (2.613 / 2π f_r f_b), up to a symbol until the pulse is full;
  // one more would show a shift by the precursor tap.
  CHECK(c.sampling_time_s > 0.25 * 6.191e-9 + 22e-12);
  CHECK(c.sampling_time_s < 0.25 * 6.191e-9 + 22e-12 + 40e-12);
  CHECK(c.unequalized_V[middle] > 0.8 * c.unequalized_peak_V);
}

TEST_CASE("com: the densities hold the crosstalk that the figure of merit counted, near end and far end") {
  for (const Path::Kind kind : {Path::Kind::next, Path::Kind::fext}) {
    Parameters p = test::small_configuration();
    p.tap[0].last = -0.08;  // so that the transmit taps matter
    const Result result = evaluated(p, {test::trace(0.2), test::trace(0.15, kind, 0.1)});
    const CaseResult& c = result.package_case[0];
    CHECK(c.terms.crosstalk_V > 1e-3);
    // Binned at 10 µV against unbinned.
    CHECK(rel_error(c.interference.crosstalk_rms_V, c.terms.crosstalk_V) <= 5e-3);
  }
}

TEST_CASE("com: a receive FFE of least mean square error beats none, and two threads choose the same") {
  Parameters p = with_ffe();
  const auto paths = test::trace_with_neighbours(0.25);
  for (const char* name : {"standard", "script-4.50"}) {
    const Result with = evaluated(p, paths, name), again = evaluated(p, paths, name, 2);
    CHECK(with.com_dB == again.com_dB);
    Parameters plain = p;
    plain.ffe.pre = plain.ffe.post = 0;
    CHECK(with.com_dB > evaluated(plain, paths, name).com_dB + 1.0);
    const CaseResult& c = with.package_case[0];
    REQUIRE(c.receive_taps.size() == 10);
    CHECK(c.receive_taps[3] == 1.0);
    // What the densities are made of is what the figure of merit counted: residual, noise, crosstalk and
    // jitter as powers. The solver's error is relative to a cursor of 1 and counts the rest of the cursor's
    // bias, which its constraint sets to 0; a residual cut off by noise_symbols is far below 0.1 dB.
    const double merit = 20.0 * std::log10(c.available_V / c.terms.total_V());
    CHECK(abs_error(merit, c.merit_dB) <= 0.1);
  }
}

TEST_CASE("com: aggressors on another grid, a second through path and a missing one are refused") {
  const Parameters p = test::small_configuration();
  auto paths = test::trace_with_neighbours(0.2);
  paths[1].differential.frequency_Hz.back() += 1e6;
  CHECK_THROWS_WITH_AS(evaluated(p, paths), doctest::Contains("other frequency points"), DomainError);
  CHECK_THROWS_WITH_AS(evaluated(p, {test::trace(0.1), test::trace(0.1)}),
                       doctest::Contains("second through path"), DomainError);
  CHECK_THROWS_AS(evaluated(p, {test::trace(0.1, Path::Kind::fext)}), DomainError);
  CHECK_THROWS_AS(evaluated(p, {}), DomainError);
}
