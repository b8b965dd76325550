#include "solvers/channel_measures.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

constexpr double pi = std::numbers::pi;

std::string example(const std::string& name) {
  return test::source_path("examples/microring_vs_copper/channels/example2_" + name + ".s4p.gz");
}

/// Flat coupling without reflections.
SParameters flat(double coupling, double step_Hz, int points) {
  SParameters network{2, 100.0, {}, {}};
  for (int k = 0; k < points; ++k) {
    network.frequency_Hz.push_back(step_Hz * k);
    network.s.insert(network.s.end(), {0.0, coupling, coupling, 0.0});
  }
  return network;
}

}  // namespace

TEST_CASE("channel measures: losses of the example channel are those of scikit-rf") {
  const TouchstoneChannel channel("channel", {.file = example("THRU")});
  const auto rows = test::read_csv("tests/data/network/example2_THRU_mixed.csv");
  std::vector<double> frequency;
  for (const auto& row : rows) frequency.push_back(row[0]);
  const auto insertion = insertion_loss_dB(channel.differential(), frequency),
             near_end = return_loss_dB(channel.differential(), frequency, 0),
             far_end = return_loss_dB(channel.differential(), frequency, 1);
  REQUIRE(rows.size() > 10);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const auto dB = [&](std::size_t element) {  // row-major S[out, in]: 11, 12, 21, 22
      return -20.0 * std::log10(std::hypot(rows[k][1 + 2 * element], rows[k][2 + 2 * element]));
    };
    CAPTURE(frequency[k]);
    // Sixteen digits in the file through one logarithm; reflections of -60 dB are differences of larger
    // numbers.
    CHECK(test::abs_error(insertion[k], dB(2)) <= 1e-9);
    CHECK(test::abs_error(near_end[k], dB(0)) <= 1e-9);
    CHECK(test::abs_error(far_end[k], dB(3)) <= 1e-9);
  }
  // The published loss of the file at 12.89 GHz, channels/NOTICE.md, two digits behind the point.
  const double nyquist_Hz = 12.89e9;
  CHECK(test::abs_error(insertion_loss_dB(channel.differential(), {&nyquist_Hz, 1}).front(), 23.45) <= 0.005);
  const double beyond_Hz = 40.1e9;
  CHECK(std::isnan(insertion_loss_dB(channel.differential(), {&beyond_Hz, 1}).front()));
  CHECK_THROWS_AS(return_loss_dB(channel.differential(), frequency, 2), DomainError);
}

TEST_CASE("channel measures: delay of a line is its delay, and unknown where the band leaves the file") {
  const double delay_s = 3.7e-9;
  SParameters line{2, 100.0, {}, {}};
  for (int k = 0; k <= 4000; ++k) {
    const double f = 10e6 * k;
    const Complex through = std::exp(-f / 20e9) * std::polar(1.0, -2.0 * pi * f * delay_s);
    line.frequency_Hz.push_back(f);
    line.s.insert(line.s.end(), {0.0, through, through, 0.0});
  }
  const std::vector<double> frequency = {0.1e9, 13e9, 39.95e9};
  const auto delay = through_delay_s(line, frequency, 0.5e9);
  CHECK(std::isnan(delay[0]));
  // Phase steps of 0.23 rad between points, rounding.
  CHECK(rel_error(delay[1], delay_s) <= 1e-12);
  CHECK(std::isnan(delay[2]));
  CHECK_THROWS_AS(through_delay_s(line, frequency, 0.0), DomainError);
}

TEST_CASE("channel measures: crosstalk noise of the example channel is that of an independent NumPy script") {
  const TouchstoneChannel channel("channel",
                                  {.file = example("THRU"),
                                   .fext = {example("FEXT1"), example("FEXT2")},
                                   .next = {example("NEXT1"), example("NEXT2"), example("NEXT3")}});
  int checked = 0;
  for (const auto& row : test::read_csv("tests/data/channel_measures.csv")) {
    const IntegratedCrosstalk noise = integrated_crosstalk(channel, {.symbol_rate_Bd = row[0],
                                                                     .near_amplitude_V = row[1],
                                                                     .far_amplitude_V = row[2],
                                                                     .near_rise_time_s = row[3],
                                                                     .far_rise_time_s = row[4],
                                                                     .receiver_bandwidth_Hz = row[5],
                                                                     .low_Hz = row[6],
                                                                     .high_Hz = row[7]});
    CAPTURE(row[0]);
    // Sums of four thousand terms, magnitude and angle to real and imaginary part: 1e-13 each.
    CHECK(rel_error(noise.near_V, row[8]) <= 1e-12);
    CHECK(rel_error(noise.far_V, row[9]) <= 1e-12);
    CHECK(rel_error(noise.total_V, row[10]) <= 1e-12);
    ++checked;
  }
  CHECK(checked == 5);
}

TEST_CASE("channel measures: flat crosstalk without filters is its share of the disturber's power") {
  const double rate_Bd = 25e9, amplitude_V = 0.5, coupling = std::pow(10.0, -30.0 / 20.0);
  const std::vector<SParameters> one = {flat(coupling, 10e6, 2501)};
  const IntegratedCrosstalk noise =
      integrated_crosstalk({}, one, {.symbol_rate_Bd = rate_Bd, .far_amplitude_V = amplitude_V});
  // Up to the symbol rate lies ∫₀¹ sinc² = Si(2π)/π = 0.4514116667901 of one half of the power; the sum has
  // half of its first term more than the trapezoids, which end with a zero. Their own error is (Δf/f_b)² / 6.
  const double share = 2.0 * 0.4514116667901403 + 10e6 / rate_Bd;
  CHECK(rel_error(noise.far_V, amplitude_V * coupling * std::sqrt(share)) <= 3e-8);
  CHECK(noise.near_V == 0.0);
  CHECK(noise.total_V == noise.far_V);
  // Over forty symbol rates all but 1/(40π²) of the power is there: the rms voltage of ±A through the
  // coupling.
  const std::vector<SParameters> wide = {flat(coupling, 50e6, 20001)};
  const double all =
      integrated_crosstalk(wide, {}, {.symbol_rate_Bd = rate_Bd, .near_amplitude_V = 0.5}).near_V;
  CHECK(rel_error(all, amplitude_V * coupling) <= 0.5 / (40.0 * pi * pi) + 50e6 / rate_Bd);
  // Three equal disturbers add in power, near and far ends too.
  const std::vector<SParameters> three(3, one.front());
  const IntegratedCrosstalk both = integrated_crosstalk(
      three, one,
      {.symbol_rate_Bd = rate_Bd, .near_amplitude_V = amplitude_V, .far_amplitude_V = amplitude_V});
  CHECK(rel_error(both.near_V, std::sqrt(3.0) * noise.far_V) <= 1e-14);
  CHECK(rel_error(both.total_V, 2.0 * noise.far_V) <= 1e-14);
  CHECK(rel_error(multidisturber_loss_dB(three).front(), 30.0 - 10.0 * std::log10(3.0)) <= 1e-14);
  CHECK(multidisturber_loss_dB({}).empty());
}

TEST_CASE("channel measures: transmitter and receiver filters halve the power at their own bandwidth") {
  // A narrow band around 10 GHz shows the weight at one frequency.
  const std::vector<SParameters> one = {flat(0.1, 1e6, 12001)};
  CrosstalkSettings settings{
      .symbol_rate_Bd = 25e9, .near_amplitude_V = 1.0, .low_Hz = 9.9985e9, .high_Hz = 10.0015e9};
  const double open = integrated_crosstalk(one, {}, settings).near_V;
  settings.receiver_bandwidth_Hz = 10e9;
  // Eighth powers over ±1.5e-4 of the frequency, three points that lie evenly around 10 GHz.
  CHECK(rel_error(integrated_crosstalk(one, {}, settings).near_V, open * std::sqrt(0.5)) <= 1e-6);
  settings.receiver_bandwidth_Hz = INFINITY;
  // Butterworth of second order, bandwidth 1: step 1 - e^{-at}(cos at + sin at), a = 2π/sqrt(2). Its 20 % and
  // 80 % points are found here by bisection.
  const auto crossing = [](double level) {
    double low = 0.0, high = 0.4;
    for (int i = 0; i < 60; ++i) {
      const double t = 0.5 * (low + high), at = std::sqrt(2.0) * pi * t;
      (1.0 - std::exp(-at) * (std::cos(at) + std::sin(at)) < level ? low : high) = t;
    }
    return low;
  };
  settings.near_rise_time_s = (crossing(0.8) - crossing(0.2)) / 10e9;
  // The standard gives the product as 0.2365, it is 0.23653.
  CHECK(rel_error(integrated_crosstalk(one, {}, settings).near_V, open * std::sqrt(0.5)) <= 2e-4);
}

TEST_CASE("channel measures: requests that cannot be meant are refused") {
  const std::vector<SParameters> one = {flat(0.1, 1e9, 11)};
  const CrosstalkSettings settings{.symbol_rate_Bd = 10e9, .near_amplitude_V = 1.0};
  CHECK_THROWS_AS(integrated_crosstalk(one, {}, {.near_amplitude_V = 1.0}), DomainError);
  std::vector<SParameters> uneven = one;
  uneven[0].frequency_Hz[4] += 0.1e9;
  CHECK_THROWS_WITH_AS(integrated_crosstalk(uneven, {}, settings), doctest::Contains("evenly spaced"),
                       DomainError);
  const std::vector<SParameters> two = {one[0], uneven[0]};
  CHECK_THROWS_WITH_AS(integrated_crosstalk(two, {}, settings), doctest::Contains("different frequencies"),
                       DomainError);
  CrosstalkSettings narrow = settings;
  narrow.low_Hz = 9.5e9;
  CHECK_THROWS_AS(integrated_crosstalk(one, {}, narrow), DomainError);
  const SParameters four{4, 50.0, {1e9}, std::vector<Complex>(16)};
  const double f = 1e9;
  CHECK_THROWS_AS(insertion_loss_dB(four, {&f, 1}), DomainError);
}
