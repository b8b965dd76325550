#include "solvers/lane_model.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "core/special.hpp"
#include "links.hpp"
#include "solvers/ber.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

constexpr double rate_Bd = 25e9;

double decades(double a, double b) {
  return std::abs(std::log10(a / b));
}

// Ideal transmitter, echoes, white noise of standard deviation `sigma` at the samples of a 0.5 V level.
std::shared_ptr<Link> echo_link(int levels, const std::vector<double>& tap, double sigma_V,
                                SerdesReceiverParameters receiver = {}) {
  receiver.noise_V2_per_Hz = 2.0 * sigma_V * sigma_V / (16.0 * rate_Bd);
  return test::copper_link(levels, rate_Bd, {.swing_Vpp = 1.0},
                           {std::make_shared<test::SymbolSpacedEcho>(tap, rate_Bd)}, receiver);
}

struct Solved {
  Context context{1};
  PatternSolution solution;
  explicit Solved(const std::shared_ptr<const Link>& link) : solution(solve_pattern(link, context)) {}
  LaneModel& lane() { return *solution.lane[0]; }
};

// Mean bit errors over every sequence of symbols under the given cursors, by enumeration.
double enumerated_ber(const std::vector<double>& cursor, std::size_t main, double sigma, int levels,
                      const std::vector<double>& threshold) {
  const auto amplitude = level_amplitudes(levels);
  long sequences = 1;
  for (std::size_t k = 0; k < cursor.size(); ++k) sequences *= levels;
  double errors = 0.0;
  for (long code = 0; code < sequences; ++code) {
    double value = 0.0;
    int sent = 0;
    long rest = code;
    for (std::size_t k = 0; k < cursor.size(); ++k, rest /= levels) {
      value += cursor[k] * amplitude[static_cast<std::size_t>(rest % levels)];
      if (k == main) sent = static_cast<int>(rest % levels);
    }
    for (int decided = 0; decided < levels; ++decided) {
      if (decided == sent) continue;
      const bool up = decided > sent;
      const auto beyond = [&](int t) {
        const double distance = threshold[static_cast<std::size_t>(t)] - value;
        return gaussian_tail((up ? distance : -distance) / sigma);
      };
      double region = beyond(up ? decided - 1 : decided);
      if (up && decided + 1 < levels) region -= beyond(decided);
      if (!up && decided > 0) region -= beyond(decided - 1);
      errors += region * bit_errors(sent, decided);
    }
  }
  return errors / (static_cast<double>(sequences) * bits_per_symbol(levels));
}

}  // namespace

TEST_CASE("lane: PAM4 and NRZ in white noise over an ideal link are the closed forms from 1e-2 to 1e-18") {
  for (const auto& [levels, a_first, a_last] : {std::tuple{4, 6.2, 26.6}, std::tuple{2, 2.3, 8.8}}) {
    int count = 0;
    double first = 0.0, last = 0.0;
    for (int k = 0; k <= 6; ++k, ++count) {
      const double a = a_first + (a_last - a_first) * k / 6.0;
      Solved solved(echo_link(levels, {1.0}, 0.5 / a));
      const double expected = levels == 4 ? pam4_ber(a) : nrz_ber(a);
      (k == 0 ? first : last) = expected;
      CAPTURE(levels);
      CAPTURE(a);
      // The search for thresholds ends at twelve bits.
      CHECK(rel_error(solved.solution.ber[0], expected) <= 1e-2);
    }
    CHECK(first > 1e-2);
    CHECK(last < 1e-18);
  }
}

TEST_CASE("lane: a link of short memory equals the enumeration of all symbol sequences") {
  // Cursors off every lattice; the patterns' memory of nine and five symbols holds them all.
  const std::vector<double> tap = {0.0731, 1.0, -0.2113, 0.1371};
  for (const auto& [levels, sigma] : {std::tuple{2, 0.2}, std::tuple{2, 0.08}, std::tuple{4, 0.036}}) {
    const std::vector<double> used = levels == 2 ? tap : std::vector<double>{0.0131, 1.0, -0.0413, 0.0271};
    Solved solved(echo_link(levels, used, 0.5 * sigma));
    const double expected = enumerated_ber(used, 1, sigma, levels, solved.lane().thresholds());
    CAPTURE(levels);
    CAPTURE(sigma);
    CAPTURE(expected);
    // Same sum; rounding of the transforms leaves cursors of 1e-16.
    CHECK(rel_error(solved.solution.ber[0], expected) <= 1e-6);
  }
}

TEST_CASE("lane: cursors beyond the pattern's memory come back as a density") {
  const std::vector<double> tap = {0.0531, 1.0, -0.1113, 0.0871, 0.0613, -0.0391, 0.0217};
  for (const auto& [pattern, sigma] : {std::tuple{"deBruijn3", 0.13}, std::tuple{"deBruijn4", 0.09}}) {
    const auto link = echo_link(2, tap, 0.5 * sigma);
    link->pattern = pattern;
    Solved solved(link);
    const double expected = enumerated_ber(tap, 1, sigma, 2, solved.lane().thresholds());
    CAPTURE(pattern);
    CAPTURE(expected);
    // Cursors split over a lattice of 1/200 (its variance is subtracted), tables of the tail to 1e-3.
    CHECK(rel_error(solved.solution.ber[0], expected) <= 1e-2);
  }
}

TEST_CASE("lane: feed-forward and decision-feedback equalisers act as their cursors say") {
  const std::vector<double> tap = {0.11, 1.0, 0.47, 0.0, 0.0};
  const double sigma = 0.12;
  Solved solved(
      echo_link(2, tap, 0.5 * sigma, {.ffe_pre = 1, .ffe_post = 1, .dfe_taps = 1, .dfe_limit = {0.3}}));
  const Equalizer& equalizer = solved.lane().inputs().equalizer;
  // Taps apply to volts of a 0.5 V cursor; white noise behind them has σ² Σ w².
  double noise = 0.0;
  for (double w : equalizer.ffe) noise += 0.25 * w * w;
  std::vector<double> q(tap.size() + 2, 0.0);
  for (std::size_t j = 0; j < 3; ++j)
    for (std::size_t k = 0; k < tap.size(); ++k) q[j + k] += 0.5 * equalizer.ffe[j] * tap[k];
  // y_i = Σ w_j x_{i + 1 - j}: tap j delays by j - 1, and the main cursor of the echoes stands at 1.
  std::size_t main = 0;
  for (std::size_t k = 0; k < q.size(); ++k)
    if (std::abs(q[k] - 1.0) < 1e-3) main = k;
  REQUIRE(main == 2);
  q[main + 1] -= equalizer.dfe[0];
  const double expected = enumerated_ber(q, main, sigma * std::sqrt(noise), 2, solved.lane().thresholds());
  CAPTURE(expected);
  // As in the link without equalisers.
  CHECK(rel_error(solved.solution.ber[0], expected) <= 1e-6);
}

TEST_CASE("lane: the table of tails equals the reference slicer on the same samples") {
  const auto link = echo_link(4, {0.03, 1.0, -0.06, 0.05, 0.03, 0.02, 0.015}, 0.5 * 0.033);
  link->pattern = "deBruijn3";
  Solved solved(link);
  const LaneSamples& samples = solved.lane().samples(0.0);
  std::vector<double> sigma;
  for (std::size_t i = 0; i < samples.value.size(); ++i) sigma.push_back(samples.sigma(i, {}));
  const double reference = bit_error_ratio({.sample = samples.value,
                                            .sigma = sigma,
                                            .level = solved.lane().inputs().index,
                                            .additive = &samples.tail->density()},
                                           solved.lane().thresholds());
  CHECK(samples.tail->density().mass.size() > 5);
  // Tables of the tail: 1e-3.
  CHECK(rel_error(solved.solution.ber[0], reference) <= 1e-3);
}

TEST_CASE("lane: on a linear link the pattern does not matter") {
  const auto link = echo_link(2, {0.06, 1.0, -0.12, 0.09, 0.06, -0.03}, 0.5 * 0.32, {.bandwidth_Hz = 20e9});
  double first = 0.0;
  for (const char* pattern : {"deBruijn9", "deBruijn7", "PRBS9", "PRBS13"}) {
    link->pattern = pattern;
    Solved solved(link);
    if (first == 0.0) first = solved.solution.ber[0];
    CAPTURE(pattern);
    CAPTURE(first);
    // Another window of exact sequences, the rest on the lattice.
    CHECK(decades(solved.solution.ber[0], first) <= 0.02);
  }
}

TEST_CASE("lane: deterministic jitter is the mean of half its peak-to-peak early and late") {
  const auto link = echo_link(2, {0.05, 1.0, 0.1}, 0.5 * 0.35, {.bandwidth_Hz = 15e9});
  Solved solved(link);
  LaneModel::Inputs inputs = solved.lane().inputs();
  inputs.deterministic_jitter_UI = 0.15;
  LaneModel jittered(inputs, *solved.solution.noise[0], solved.context);
  const auto& thresholds = solved.lane().thresholds();
  for (double delta : {-0.3, -0.1, 0.0, 0.2}) {
    const double early = solved.lane().bit_error_ratio(delta - 0.075, thresholds),
                 late = solved.lane().bit_error_ratio(delta + 0.075, thresholds);
    // Same function at the same times.
    CHECK(rel_error(jittered.bit_error_ratio(delta, thresholds), 0.5 * (early + late)) <= 1e-12);
  }
}

TEST_CASE("lane: sampling jitter adds the slope of the waveform at every tap") {
  SerdesReceiverParameters receiver{.bandwidth_Hz = 12e9, .ffe_pre = 1, .ffe_post = 1};
  receiver.sampling_jitter_UI = 0.02;
  Solved solved(echo_link(2, {1.0, 0.2}, 0.01, receiver));
  const auto& in = solved.lane().inputs();
  const auto& noise = solved.lane().samples(0.0).noise;
  const NoiseVariance* jitter = nullptr;
  for (const NoiseVariance& each : noise)
    if (each.label == "sampling jitter") jitter = &each;
  REQUIRE(jitter != nullptr);
  // Oracle: each tap's sample moved by one time step, later minus earlier.
  const long size = in.grid.size(), samples = in.grid.samples_per_symbol;
  for (long i : {0L, 100L, 511L}) {
    double variance = 0.0;
    for (long j = 0; j < 3; ++j) {
      const long u = in.offset + (i + 1 - j) * samples;
      const auto x = [&](long k) { return in.waveform[static_cast<std::size_t>((k % size + size) % size)]; };
      const double per_UI = (x(u + 1) - x(u - 1)) / (2.0 / static_cast<double>(samples));
      variance += std::pow(in.equalizer.ffe[static_cast<std::size_t>(j)] * per_UI * 0.02, 2);
    }
    // Same sum in another order.
    CHECK(rel_error(jitter->value[static_cast<std::size_t>(i)], variance) <= 1e-9);
  }
}

TEST_CASE("lane: a channel that passes nothing is refused") {
  CHECK_THROWS_WITH_AS(Solved(echo_link(2, {0.0}, 0.01, {.ffe_post = 2, .dfe_taps = 1})),
                       doctest::Contains("nothing that was sent arrives"), DomainError);
}

TEST_CASE("lane: more noise always raises the error ratio") {
  const auto link = echo_link(4, {0.02, 1.0, -0.05}, 0.5 * 0.04);
  Solved solved(link);
  double before = 0.0;
  for (double factor = 0.6; factor < 3.0; factor *= 1.07) {
    const double ber = solved.lane().bit_error_ratio(0.0, solved.lane().thresholds(), {1.0, factor});
    CHECK(ber > before);
    before = ber;
  }
}

TEST_CASE("lane: without a scaled signal a loss and a growth of fixed noise are the same") {
  Solved solved(echo_link(2, {0.02, 1.0, -0.05}, 0.5 * 0.1));
  const auto& thresholds = solved.lane().thresholds();
  const double lost = solved.lane().bit_error_ratio(0.0, thresholds, {0.8, 1.0}),
               noisy = solved.lane().bit_error_ratio(0.0, thresholds, {1.0, 1.25});
  // All noise is the receiver's, so only the ratio to the signal counts.
  CHECK(rel_error(lost, noisy) <= 1e-9);
}
