#include "solvers/com/parameters.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "core/error.hpp"
#include "solvers/com/mode.hpp"
#include "synthetic.hpp"

using namespace photonlink;
using namespace photonlink::com;

TEST_CASE("com parameters: what contradicts itself is refused with the place and the fix") {
  struct Case {
    const char* message;
    std::function<void(Parameters&)> spoil;
  };
  const Case cases[] = {
      {"symbol_rate is missing", [](Parameters& p) { p.signal.symbol_rate_Bd = 0.0; }},
      {"position = 0 is the main tap", [](Parameters& p) { p.tap[0].position = 0; }},
      {"position = 1 stands twice", [](Parameters& p) { p.tap[0].position = 1; }},
      {"last = -0.2 is below first = -0.12", [](Parameters& p) { p.tap[0].last = -0.2; }},
      {"zero, pole and second_pole must be given", [](Parameters& p) { p.ctle.pole_Hz = 0.0; }},
      {"a grid ends below its start", [](Parameters& p) { p.ctle.last_gain_dB = -9.0; }},
      {"need as many of gain_top", [](Parameters& p) { p.ctle.low_gain_floor_dB = {0.0}; }},
      {"must fall",
       [](Parameters& p) {
         p.ctle.low_gain_floor_dB = p.ctle.gain_top_dB = p.ctle.gain_bottom_dB = {-2.0, 0.0};
       }},
      {"need the lists maximum and minimum", [](Parameters& p) { p.dfe.maximum.clear(); }},
      {"tap 2 has minimum = 0.4 above maximum = 0.3",
       [](Parameters& p) {
         p.dfe.minimum = {0.0, 0.4};
       }},
      {"need span >= 6, not 5",
       [](Parameters& p) {
         p.dfe.floating_groups = 1;
         p.dfe.span = 5;
       }},
      {"beside a receive FFE",
       [](Parameters& p) {
         p.dfe.floating_groups = 1;
         p.dfe.span = 20;
         p.ffe.pre = 2;
       }},
      {"tail_start = 2 without tail_rss", [](Parameters& p) { p.dfe.tail_start = 2; }},
      {"noise_symbols = 64 for 70 taps",
       [](Parameters& p) {
         p.ffe.post = 69;
         p.ffe.noise_symbols = 64;
       }},
      {"last_shift is below first_shift", [](Parameters& p) { p.receiver.last_shift = -1; }},
      {"fixture_delay needs a value per end", [](Parameters& p) { p.return_loss.fixture_delay_s.clear(); }},
      {"receiver with FFE is not modelled",
       [](Parameters& p) {
         p.eye_window.half_width_UI = 0.05;
         p.ffe.post = 3;
       }},
      {"2 values of die_inductance for 1 of die_capacitance",
       [](Parameters& p) {
         p.receiver_package.die_capacitance_F = {1e-13};
         p.receiver_package.die_inductance_H = {1e-10, 1e-10};
       }},
      {"at least one [[case]]", [](Parameters& p) { p.package_case.clear(); }},
      {"next_length has 1 lengths, but the package has 0 line segments",
       [](Parameters& p) { p.package_case[0].next_length_m = {0.01}; }},
  };
  CHECK_NOTHROW(check(test::small_configuration()));
  for (const Case& each : cases) {
    CAPTURE(each.message);
    Parameters p = test::small_configuration();
    each.spoil(p);
    CHECK_THROWS_WITH_AS(check(p), doctest::Contains(each.message), ConfigError);
  }
}

TEST_CASE("com parameters: unknown modes are refused with the list of known ones") {
  for (const std::string& name : mode_names()) CHECK(mode(name).name == name);
  CHECK_FALSE(mode("standard").script);
  CHECK(mode("script-3.70").gaussian_span == 1.0);
  CHECK_THROWS_WITH_AS(mode("annex"), doctest::Contains("standard, script-4.50, script-3.70"), ConfigError);
}

TEST_CASE("com parameters: stepped values are the decimals that were meant, both ends included") {
  CHECK(stepped(-0.3, 0.0, 0.1) == std::vector<double>{-0.3, -0.2, -0.1, 0.0});
  CHECK(stepped(-2.0, -1.4, 0.2) == std::vector<double>{-2.0, -1.8, -1.6, -1.4});
  CHECK(stepped(1.0, 1.0, 0.1) == std::vector<double>{1.0});
}
