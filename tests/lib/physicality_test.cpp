#include "network/physicality.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "lib/line_networks.hpp"
#include "lib/network_files.hpp"
#include "network/touchstone.hpp"

using namespace photonlink;
using test::abs_error;

namespace {

const std::vector<double> grid = test::grid_Hz(20e6, 2001);  // to 40 GHz
const test::LossyLine causal_line{.delay_s = 3e-9, .skin = 1.2e-5};
const test::LossyLine zero_phase_line{.delay_s = 3e-9, .skin = 1.2e-5, .phase_of_loss = false};

}  // namespace

TEST_CASE("causality: a pure delay has the floor of the measure, a lossy line little more") {
  Context context;
  const SParameters delay = test::LossyLine{.delay_s = 3e-9, .skin = 0.0}.network(grid);
  const CausalityFinding pure = find_causality(delay, 1, 0, context);
  // No loss, no least phase: the slope of up to 750 rad.
  CHECK(abs_error(pure.time_of_flight_s, 3e-9) <= 1e-15);
  // ½ erfc(4) = -81.1 dB; the sum ends at a sample, and one step of 0.26 σ there is a factor of e².
  CHECK(abs_error(pure.early_energy_dB, -81.1) <= 9.0);
  // Interpolation follows the root at DC. Its tail t^(-3/2) outlasts the period of 2 / step and wraps to
  // before t = 0: energy as the square of the step, -61, -67 and -73 dB here. Without the root: -59 dB at 20
  // MHz.
  for (const auto& [step_Hz, most_dB] : {std::pair{40e6, -60.0}, {20e6, -66.0}, {10e6, -72.0}}) {
    const auto points = static_cast<int>(40e9 / step_Hz) + 1;
    const CausalityFinding lossy =
        find_causality(causal_line.network(test::grid_Hz(step_Hz, points)), 1, 0, context);
    CHECK(lossy.early_energy_dB <= most_dB);
    CHECK(lossy.residual <= 5e-3);
  }
}

TEST_CASE("causality: a line whose loss has no phase of its own is found out, and mended by its magnitude" *
          doctest::test_suite("slow")) {
  Context context;
  const SParameters bad = zero_phase_line.network(grid);
  const CausalityFinding found = find_causality(bad, 1, 0, context);
  // Its response is even about the delay: half of what the skin effect spreads arrives too early.
  CHECK(found.early_energy_dB >= -25.0);
  CHECK(found.residual >= 0.05);
  const Enforced mended = enforce(bad, {.most_iterations = 10}, context);
  CHECK_FALSE(mended.converged);
  CHECK(mended.iterations == 10);
  const CausalityFinding after = find_causality(mended.network, 1, 0, context);
  CHECK(after.early_energy_dB <= found.early_energy_dB - 30.0);
  CHECK(mended.residual <= 0.05 * found.residual);
  // Passive already, so magnitudes stay, and the phase moves by that of the loss, up to 2.4 rad.
  CHECK(mended.change >= 0.1);
  CHECK(mended.largest_gain <= 1.0 + 1e-9);
}

TEST_CASE("causality: enforcing it on a causal line changes next to nothing") {
  Context context;
  const SParameters good = causal_line.network(grid);
  const Enforced same = enforce(good, {}, context);
  CHECK(same.converged);
  CHECK(same.change <= 5e-3);
}

TEST_CASE("passivity: the largest gain and its place are those put in, and clipping touches nothing else") {
  SParameters n =
      read_touchstone(test::source_path("tests/data/network/random_e.s4p"));  // gain 0.95 everywhere
  const PassivityFinding before = find_passivity(n);
  // Eigenvalues of S^H S lose half the digits at most.
  CHECK(abs_error(before.largest_gain, 0.95) <= 1e-8);
  CHECK(before.points_above == 0);
  for (std::size_t i = 0; i < 16; ++i) n.s[2 * 16 + i] *= 1.3 / 0.95;
  const PassivityFinding found = find_passivity(n);
  CHECK(abs_error(found.largest_gain, 1.3) <= 1e-8);
  CHECK(found.frequency_Hz == n.frequency_Hz[2]);
  CHECK(found.points_above == 1);
  const SParameters clipped = clip_passivity(n);
  CHECK(find_passivity(clipped).largest_gain <= 1.0 + 1e-8);
  for (std::size_t k = 0; k < 5; ++k) {
    const double change = test::largest_difference(std::span(clipped.s).subspan(16 * k, 16),
                                                   std::span(n.s).subspan(16 * k, 16));
    if (k == 2)
      CHECK(change > 0.01);
    else
      CHECK(change == 0.0);
  }
  // A scaled unitary matrix becomes the unitary one.
  const SParameters swap{2, 50.0, {1e9}, {0.0, 1.2, 1.2, 0.0}};
  CHECK(test::largest_difference(clip_passivity(swap).s, std::vector<Complex>{0.0, 1.0, 1.0, 0.0}) <= 1e-15);
  CHECK_THROWS_AS(clip_passivity(n, 0.0), DomainError);
}

TEST_CASE("causality: a few points very close to each other ask for no memory beyond measure") {
  Context context;
  std::vector<double> f = test::grid_Hz(1.0, 20);
  for (int k = 1; k <= 10; ++k) f.push_back(1e9 * k);
  const SParameters line = test::LossyLine{.delay_s = 0.05e-9, .skin = 0.0}.network(f);
  const CausalityFinding found = find_causality(line, 1, 0, context);
  // Of a pure delay: rounding of phases of 3 rad.
  CHECK(abs_error(found.time_of_flight_s, 0.05e-9) <= 1e-15);
  CHECK(found.residual <= 0.1);
}

TEST_CASE("physicality: passivity alone is one step, and too few points are refused") {
  Context context;
  const SParameters loud{2, 50.0, {1e9, 2e9}, {0.1, 1.2, 1.2, 0.1, 0.1, 0.9, 0.9, 0.1}};
  const Enforced quiet = enforce(loud, {.causal = false}, context);
  CHECK(quiet.converged);
  CHECK(quiet.iterations == 1);
  CHECK(quiet.largest_gain <= 1.0 + 1e-12);
  CHECK_THROWS_WITH_AS(find_causality(loud, 1, 0, context), doctest::Contains("at least 8 points"),
                       DomainError);
  CHECK_THROWS_AS(enforce(loud, {}, context), DomainError);
}
