#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "core/special.hpp"
#include "monte_carlo_links.hpp"
#include "signal/pam6.hpp"
#include "signal/pattern.hpp"
#include "solvers/ber.hpp"
#include "solvers/evaluate.hpp"
#include "solvers/fec.hpp"
#include "solvers/monte_carlo.hpp"
#include "solvers/statistical_lane.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

LinkSpec pam6_link(const std::string& name) {
  LinkSpec link = test::example_link(name);
  link.modulation = "PAM6";
  link.lanes = 1;
  return link;
}

LinkSpec copper() {
  LinkSpec link = pam6_link("copper_pam4");
  test::change(link, "transmitter", "level_mismatch_ratio", 1.0);
  return link;
}

}  // namespace

TEST_CASE("pam6: error ratio in white noise is that of the re-implementation") {
  for (const auto& row : test::read_csv("tests/data/pam6.csv")) {
    const double ratio = row[0], ber = row[1], ser = row[2];
    INFO("A / sigma = ", ratio);
    // Twelve printed digits.
    CHECK(rel_error(pam6_ber(ratio), ber) <= 1e-10);
    // The slicer's own sum on one pair of each word, errors of both symbols of a pair left out but for their
    // sum: less than the symbol error ratio.
    std::vector<double> sample, sigma, threshold;
    std::vector<int> level;
    for (int word = 0; word < pam6_words; ++word)
      for (const int each : pam6_pair(word)) {
        level.push_back(each);
        sample.push_back(level_amplitudes(6)[static_cast<std::size_t>(each)]);
        sigma.push_back(1.0 / ratio);
      }
    for (int k = 0; k < 5; ++k) threshold.push_back(-0.8 + 0.4 * k);
    const SlicerInput input{.sample = sample, .sigma = sigma, .level = level};
    CHECK(rel_error(bit_error_ratio(input, threshold), ber) <= ser + 1e-4);
    // The bound of what is left out.
    CHECK(rel_error(symbol_error_ratio(input, threshold), ser) <= 1e-4);
  }
}

TEST_CASE("pam6: 2.5 bits per symbol in rate, energy and eye" * doctest::test_suite("slow")) {
  LinkSpec four = test::example_link("copper_pam4"), six = copper();
  four.lanes = 1;
  Context context(1);
  const auto link = build_link(six);
  CHECK(link->bits_per_symbol() == 2.5);
  PatternSolution a = solve_pattern(build_link(four), context), b = solve_pattern(link, context);
  const LinkResult pam4 = summarize(a, {}), pam6 = summarize(b, {});
  CHECK(pam6.modulation == "PAM6");
  // The receiver's bias current is one for both: its energy falls as bits rise.
  const auto receiver = [](const LinkResult& result) {
    for (const LedgerEntry& each : result.ledger.energy)
      if (each.component == "receiver") return each.power_W;
    return 0.0;
  };
  REQUIRE(receiver(pam4) > 0.0);
  // Rounding.
  CHECK(rel_error(receiver(pam6), receiver(pam4)) <= 1e-12);
  CHECK(rel_error(link->bit_rate_b_per_s(), 1.25 * build_link(four)->bit_rate_b_per_s()) <= 1e-12);
  CHECK(pam6.eye.thresholds.size() == 5);
  CHECK(pam6.eye_measures.opening.size() == 5);
}

TEST_CASE("pam6: all sequences and the pattern agree, and both with counted errors" *
          doctest::test_suite("slow")) {
  Context context(2);
  PatternSolution solution = solve_pattern(build_link(copper()), context);
  const double scale = noise_scale_for_ber(solution, 1e-3), expected = scaled_ber(solution, scale);
  const MonteCarloResult same =
      run_monte_carlo(solution, {.seed = 20, .target_errors = 1e4, .noise_scale = scale}, context);
  const MonteCarloResult more = run_monte_carlo(
      solution, {.seed = 21, .target_errors = 1e4, .noise_scale = scale * std::pow(10.0, 0.1 / 20.0)},
      context);
  INFO("semi-analytic ", expected, ", counted ", same.total.ber, " +- ", same.total.sigma,
       ", with 0.1 dB more noise ", more.total.ber);
  CHECK(same.total.errors >= 1e4);
  CHECK(std::abs(same.total.ber - expected) <= 5.0 * same.total.sigma);
  // The comparison notices 0.1 dB.
  CHECK(std::abs(more.total.ber - expected) > 5.0 * more.total.sigma);
}

TEST_CASE("pam6: a ring link counts what it computes" * doctest::test_suite("slow")) {
  LinkSpec spec = test::small_ring_link(1);
  spec.modulation = "PAM6";
  spec.pattern = "auto";
  spec.symbol_rate_Bd = 16e9;
  test::change(spec, "receiver", "ffe_pre", 2);
  test::change(spec, "receiver", "ffe_post", 6);
  Context context(2);
  PatternSolution solution = solve_pattern(build_link(spec), context);
  const double scale = noise_scale_for_ber(solution, 1e-3), expected = scaled_ber(solution, scale);
  const MonteCarloResult counted =
      run_monte_carlo(solution, {.seed = 5, .target_errors = 1e4, .noise_scale = scale}, context);
  INFO("semi-analytic ", expected, ", counted ", counted.total.ber, " +- ", counted.total.sigma);
  CHECK(std::abs(counted.total.ber - expected) <= 5.0 * counted.total.sigma);
}

TEST_CASE("pam6: the statistical eye's error ratio is the pattern's") {
  Context context(1);
  PatternSolution solution = solve_pattern(build_link(copper()), context);
  LaneModel& lane = *solution.lane[0];
  const double pattern = lane.bit_error_ratio(0.0, lane.thresholds());
  const double statistical = statistical_eye(lane).bit_error_ratio(0.0, lane.thresholds());
  INFO(pattern, " by pattern, ", statistical, " by all sequences");
  // Symbols of one pair are taken as independent within the window too: a few percent, a tenth of a decade at
  // most.
  CHECK(std::abs(std::log10(pattern / statistical)) <= 0.1);
}

TEST_CASE("pam6: sequence detection, clock recovery and R_LM below 1 are refused with the way out") {
  Context context(1);
  LinkSpec spec = copper();
  test::change(spec, "receiver", "detector", std::string("mlse"));
  test::change(spec, "receiver", "dfe_taps", 1);
  CHECK_THROWS_WITH(solve_pattern(build_link(spec), context),
                    doctest::Contains("write detector = \"slicer\""));
  spec = copper();
  test::change(spec, "receiver", "clock", std::string("bang_bang"));
  CHECK_THROWS_WITH(solve_pattern(build_link(spec), context),
                    doctest::Contains("write clock = \"optimised\""));
  spec = copper();
  test::change(spec, "transmitter", "level_mismatch_ratio", 0.95);
  CHECK_THROWS_WITH(solve_pattern(build_link(spec), context), doctest::Contains("PAM6 takes 1"));
}
