#include "solvers/com/effective_return_loss.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "support.hpp"
#include "synthetic.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;

namespace {

constexpr double pi = std::numbers::pi, rate_Bd = 25e9;

struct Reflection {
  double size, symbols;
};

// A soft edge in a wide band: the response to a held symbol is a clean plateau of its height.
Parameters parameters() {
  Parameters p = test::small_configuration();
  p.signal.samples_per_symbol = 64;
  p.receiver.bandwidth_ratio = 10.0;
  p.return_loss.rise_time_s = 6e-12;
  p.return_loss.length_UI = 40;
  p.return_loss.gating = "3cd";
  return p;
}

SParameters channel(const std::vector<Reflection>& at_port_1, const std::vector<Reflection>& at_port_2) {
  SParameters s;
  s.ports = 2;
  s.reference_ohm = 100.0;
  s.frequency_Hz = test::frequencies(0.0, 0.25e9, 1200);
  for (const double f : s.frequency_Hz) {
    const auto sum = [&](const std::vector<Reflection>& list) {
      Complex total = 0.0;
      for (const Reflection& r : list) total += r.size * std::polar(1.0, -2.0 * pi * f * r.symbols / rate_Bd);
      return total;
    };
    s.s.insert(s.s.end(), {sum(at_port_1), 1e-6, 1e-6, sum(at_port_2)});
  }
  return s;
}

double in_dB(double amplitude) {
  return -20.0 * std::log10(amplitude);
}

EffectiveReturnLoss evaluated(const Parameters& p, const SParameters& s, const char* name = "standard") {
  Context context;
  return effective_return_loss(p, s, mode(name), context);
}

// Overshoot of the Gaussian edge behind the wide filter stays below 0.2 %, bins of 1e-4 below 0.02 dB.
constexpr double plateau_dB = 0.03;

}  // namespace

TEST_CASE(
    "com effective return loss: a single reflection is its return loss, at either port and in both modes") {
  for (const char* name : {"standard", "script-4.50"}) {
    const auto one = evaluated(parameters(), channel({{0.1, 10.0}}, {{0.05, 12.0}}), name);
    CHECK(abs_error(one.loss_dB[0], in_dB(0.1)) <= plateau_dB);
    CHECK(abs_error(one.loss_dB[1], in_dB(0.05)) <= plateau_dB);
    CHECK(one.least_dB == one.loss_dB[0]);
  }
  const auto other = evaluated(parameters(), channel({{0.05, 10.0}}, {{0.1, 12.0}}));
  CHECK(other.least_dB == other.loss_dB[1]);
}

TEST_CASE("com effective return loss: reflections of different symbols add where chance lets them") {
  // All four sign patterns of two are likelier than 1e-4.
  const auto two = evaluated(parameters(), channel({{0.1, 10.0}, {0.04, 17.0}}, {{0.01, 3.0}}));
  CHECK(abs_error(two.loss_dB[0], in_dB(0.14)) <= plateau_dB);
  // Both patterns of two levels of the one that is left are likelier than one half only.
  Parameters p = parameters();
  p.signal.levels = 4;
  p.signal.detector_error_ratio = 0.09;  // 1/16 is below, 3/16 above: the second largest sum counts
  const auto four = evaluated(p, channel({{0.1, 10.0}, {0.04, 17.0}}, {{0.01, 3.0}}));
  CHECK(abs_error(four.loss_dB[0], in_dB(0.1 + 0.04 / 3.0)) <= plateau_dB + 0.03);
}

TEST_CASE("com effective return loss: the equalised part is weighted by G, what lies behind it is not") {
  Parameters p = parameters();
  p.return_loss.equalized_UI = 20.0;
  p.return_loss.reflected_share = 0.3;
  const auto loss_at = [&](double symbols) {
    return evaluated(p, channel({{0.2, symbols}}, {{1e-3, 5.0}})).loss_dB[0];
  };
  p.return_loss.gating = "3ck";
  CHECK(abs_error(loss_at(10.0), in_dB(0.2 * 0.3)) <= plateau_dB);
  CHECK(abs_error(loss_at(30.0), in_dB(0.2)) <= plateau_dB);
  // The plateau lasts from x to x + 1 and G grows over it by 2 · 10 / 21², 0.4 dB; the strongest phase stands
  // where the falling edge begins, within 0.4 symbols of the end.
  const double share = 0.3 * 1.3, gap = (11.0 - 21.0) / 21.0;
  p.return_loss.gating = "3cd";
  CHECK(abs_error(loss_at(10.0), in_dB(0.2 * share * std::exp(-gap * gap))) <= 0.16);
  CHECK(abs_error(loss_at(30.0), in_dB(0.2)) <= plateau_dB);
  p.return_loss.gating = "3bj";
  CHECK(abs_error(loss_at(10.0), in_dB(0.2 * share * std::exp(-gap * gap))) <= 0.16);
  CHECK(abs_error(loss_at(30.0), in_dB(0.2 * share)) <= plateau_dB);
  // beta_x: 0.1 dB per symbol more for each symbol in front of x = 21.
  p.return_loss.gating = "3ck";
  p.return_loss.loss_dB_per_s = 0.1 * rate_Bd;
  CHECK(abs_error(loss_at(10.0), in_dB(0.2 * 0.3) + 0.1 * 10.0) <= 0.03 + plateau_dB);
  // 2 dB per symbol: the strongest phase is the end of the plateau at x = 11, less the falling edge of 0.35
  // symbols at most, when time counts from the middle of the edge, 3 T_r late.
  p.return_loss.equalized_UI = 12.0;
  p.return_loss.loss_dB_per_s = 2.0 * rate_Bd;
  const double extra_dB = loss_at(10.0) - in_dB(0.2 * 0.3);
  CHECK(extra_dB >= 2.0 * 2.0 - plateau_dB);
  CHECK(extra_dB <= 2.0 * 2.35 + plateau_dB);
}

TEST_CASE("com effective return loss: what lies inside the fixture or beyond N does not count") {
  Parameters p = parameters();
  p.return_loss.fixture_delay_s = {5.0 / rate_Bd, 0.0};
  const auto gated = evaluated(p, channel({{0.3, 2.0}, {0.1, 10.0}}, {{0.01, 3.0}}));
  CHECK(abs_error(gated.loss_dB[0], in_dB(0.1)) <= plateau_dB);
  p.return_loss.fixture_delay_s = {0.0, 0.0};
  p.return_loss.length_UI = 20;
  const auto cut = evaluated(p, channel({{0.1, 10.0}, {0.3, 25.0}}, {{0.01, 3.0}}));
  CHECK(abs_error(cut.loss_dB[0], in_dB(0.1)) <= plateau_dB);
}

TEST_CASE("com effective return loss: another termination is a reflection of its own at the port") {
  Parameters p = parameters();
  p.return_loss.termination_ohm = 45.0;
  p.return_loss.gating = "3ck";
  p.return_loss.reflected_share = 1.0;  // G = 1 in the first symbol, where this reflection lies
  const auto found = evaluated(p, channel({}, {}));
  CHECK(abs_error(found.least_dB, in_dB(10.0 / 190.0)) <= plateau_dB);
}

TEST_CASE("com effective return loss: a matched channel has a large one, no length none") {
  CHECK(evaluated(parameters(), channel({{1e-3, 5.0}}, {{1e-3, 5.0}})).least_dB > 59.0);
  Parameters p = parameters();
  p.return_loss.length_UI = 0;
  const auto none = evaluated(p, channel({{0.1, 5.0}}, {{0.1, 5.0}}));
  CHECK(std::isnan(none.least_dB));
  CHECK(std::isnan(none.loss_dB[0]));
}

TEST_CASE("com effective return loss: through an empty package port 2 alone is seen") {
  Parameters p = parameters();
  p.return_loss.behind_transmitter_package = 1;
  const auto s = channel({{0.2, 5.0}}, {{0.05, 8.0}});
  const auto found = evaluated(p, s);
  CHECK(std::isnan(found.loss_dB[0]));
  CHECK(abs_error(found.least_dB, in_dB(0.05)) <= plateau_dB);
}

TEST_CASE("com effective return loss: a die termination of 30 ohm shows behind a matched line") {
  Parameters p = parameters();
  p.return_loss.behind_transmitter_package = 1;
  p.transmitter_package.termination_ohm = 30.0;
  SParameters line = channel({}, {});
  for (std::size_t k = 0; k < line.frequency_Hz.size(); ++k) {
    const Complex through = 0.7 * std::polar(1.0, -2.0 * pi * line.frequency_Hz[k] * 4.0 / rate_Bd);
    line.s[4 * k + 1] = line.s[4 * k + 2] = through;
  }
  // There and back through 0.7, reflected by (60 - 100) / 160.
  CHECK(abs_error(evaluated(p, line).least_dB, in_dB(0.49 * 40.0 / 160.0)) <= plateau_dB);
}
