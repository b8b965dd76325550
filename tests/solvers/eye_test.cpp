#include "solvers/eye.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "links.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double rate_Bd = 25e9;

std::shared_ptr<Link> noisy_link(int levels, double sigma) {
  // The 13 GHz receiver passes a fifteenth of the grid's noise band.
  SerdesReceiverParameters receiver{.bandwidth_Hz = 13e9};
  receiver.noise_V2_per_Hz = 2.0 * 0.25 * sigma * sigma / (16.0 * rate_Bd);
  return test::copper_link(
      levels, rate_Bd, {.swing_Vpp = 1.0, .rise_time_s = 15e-12, .random_jitter_UI = 0.01},
      {std::make_shared<test::SymbolSpacedEcho>(std::vector<double>{0.02, 1.0, -0.05}, rate_Bd)}, receiver);
}

struct Solved {
  Context context{1};
  PatternSolution solution;
  Solved(int levels, double sigma) : solution(solve_pattern(noisy_link(levels, sigma), context)) {}
  LaneModel& lane() { return *solution.lane[0]; }
};

}  // namespace

TEST_CASE("eye: every column of the density is a probability and lies where the samples are") {
  Solved solved(4, 0.1);
  const EyeDiagram eye = eye_diagram(solved.lane(), 0.5);
  REQUIRE(static_cast<int>(eye.density.size()) == eye.time_bins * eye.level_bins);
  for (int t = 0; t < eye.time_bins; ++t) {
    double sum = 0.0, mean = 0.0;
    for (int b = 0; b < eye.level_bins; ++b) {
      const double mass = eye.density[static_cast<std::size_t>(t * eye.level_bins + b)];
      CHECK(mass >= 0.0);
      sum += mass;
      mean += mass * (eye.level_begin + (eye.level_end - eye.level_begin) * (b + 0.5) / eye.level_bins);
    }
    // Noise beyond the picture's rim, four σ outside the largest sample.
    CHECK(abs_error(sum, 1.0) <= 1e-4);
    const auto samples = solved.lane().eye_samples(((t + 24) % 48 + 0.5) / 48.0 - 0.5);
    const double expected =
        0.5 * std::accumulate(samples.begin(), samples.end(), 0.0) / static_cast<double>(samples.size());
    // The samples are split over two bins about their value, which keeps the mean.
    CHECK(abs_error(mean, expected) <= 1e-4);
  }
}

TEST_CASE("eye: on a contour the level beside the opening is exceeded with the contour's probability") {
  Solved solved(2, 0.3);
  const EyeDiagram eye = eye_diagram(solved.lane(), 1.0);
  int checked = 0;
  for (const auto& contour : eye.contours) {
    for (int t : {40, 44, 48, 52, 56}) {
      const double lower = contour.lower[static_cast<std::size_t>(t)];
      if (std::isnan(lower)) continue;
      const LaneSamples& s = solved.lane().samples((t + 0.5) / 48.0 - 1.0);
      double exceeded = 0.0;
      for (std::size_t i = 0; i < s.value.size(); ++i)
        if (solved.lane().inputs().index[i] == 0)
          exceeded += upper_tail_with_noise(s.tail->density(), s.sigma(i, {}), lower - s.value[i]);
      exceeded /= static_cast<double>(s.value.size());
      CAPTURE(contour.ber);
      CAPTURE(t);
      // A curve of 33 points, linear in the logarithm between them.
      CHECK(abs_error(std::log10(exceeded), std::log10(contour.ber)) <= 0.05);
      ++checked;
    }
  }
  CHECK(checked > 10);
}

TEST_CASE("eye: contours of smaller error ratio lie inside, and close around the thresholds") {
  Solved solved(4, 0.14);
  const EyeDiagram eye = eye_diagram(solved.lane(), 1.0);
  const std::size_t centre = 48;
  for (std::size_t k = 0; k < 3 && k + 3 < eye.contours.size(); ++k) {
    const auto &outer = eye.contours[0], &inner = eye.contours[1];
    if (std::isnan(inner.lower[centre])) continue;
    CHECK(outer.opening == inner.opening);
    CHECK(outer.lower[centre] < inner.lower[centre]);
    CHECK(outer.upper[centre] > inner.upper[centre]);
    CHECK(inner.lower[centre] < solved.lane().thresholds()[0]);
    CHECK(inner.upper[centre] > solved.lane().thresholds()[0]);
  }
}

TEST_CASE("bathtub: width and height are where the error ratio itself meets the target") {
  for (int levels : {2, 4}) {
    Solved solved(levels, levels == 2 ? 0.2 : 0.07);
    LaneModel& lane = solved.lane();
    const double target = 1e-6;
    const Bathtub tub = bathtub(lane, 0.5, target);
    CAPTURE(lane.bit_error_ratio(0.0, lane.thresholds()));
    CAPTURE(tub.log10_ber_time.front());
    CAPTURE(tub.log10_ber_time.back());
    REQUIRE(tub.width_UI > 0.1);
    REQUIRE(tub.height > 0.01);
    // Oracle: bisection of the error ratio outwards from the sampling instant and the thresholds.
    const auto edge = [](auto ber, double reach) {
      double in = 0.0, out = reach;
      for (int k = 0; k < 40; ++k) {
        const double middle = 0.5 * (in + out);
        (ber(middle) < 1e-6 ? in : out) = middle;
      }
      return in;
    };
    const auto in_time = [&](double t) { return lane.bit_error_ratio(t, lane.thresholds()); };
    const auto in_level = [&](double shift) {
      auto moved = lane.thresholds();
      for (double& each : moved) each += shift;
      return lane.bit_error_ratio(0.0, moved);
    };
    const double reach = 1.0 / (levels - 1);
    CAPTURE(levels);
    // 49 points a unit interval, linear in the logarithm between them.
    CHECK(abs_error(tub.width_UI, edge(in_time, 0.5) - edge(in_time, -0.5)) <= 5e-3);
    // 61 points over two half steps; 0.5 V of a unit cursor.
    CHECK(rel_error(tub.height, 0.5 * (edge(in_level, reach) - edge(in_level, -reach))) <= 1e-2);
  }
}

TEST_CASE("bathtub: deterministic jitter takes its peak-to-peak off the width") {
  Solved solved(2, 0.2);
  LaneModel::Inputs inputs = solved.lane().inputs();
  inputs.deterministic_jitter_UI = 0.12;
  LaneModel jittered(inputs, *solved.solution.noise[0], solved.context);
  const double clean = bathtub(solved.lane(), 1.0, 1e-9).width_UI,
               narrow = bathtub(jittered, 1.0, 1e-9).width_UI;
  // At the edges one of the two Diracs rules, at half the error ratio: 0.3 decades of a steep wall.
  CHECK(abs_error(clean - narrow, 0.12) <= 0.012);
}

TEST_CASE("pulse response: main cursor of one, the feedback's cursors removed") {
  SerdesReceiverParameters receiver{.ffe_pre = 1, .ffe_post = 1, .dfe_taps = 1};
  receiver.noise_V2_per_Hz = 1e-16;
  const auto link = test::copper_link(
      2, rate_Bd, {.swing_Vpp = 1.0},
      {std::make_shared<test::SymbolSpacedEcho>(std::vector<double>{0.1, 1.0, 0.3}, rate_Bd)}, receiver);
  Context context(1);
  PatternSolution solution = solve_pattern(link, context);
  const PulseResponse pulse = pulse_response(*solution.lane[0], 0.5);
  for (std::size_t k = 0; k < pulse.cursor.size(); ++k) {
    // Rounding: by definition of the scale, and of a DFE tap inside its limit.
    if (pulse.cursor_UI[k] == 0.0) CHECK(abs_error(pulse.cursor[k], 0.5) <= 1e-9);
    if (pulse.cursor_UI[k] == 1.0) CHECK(abs_error(pulse.cursor[k], 0.0) <= 1e-9);
  }
  for (std::size_t u = 0; u < pulse.time_UI.size(); ++u)
    // The second echo falls one symbol behind the main one, 0.3 of half a volt.
    if (pulse.time_UI[u] == 1.0) CHECK(abs_error(pulse.unequalized[u], 0.15) <= 1e-9);
}
