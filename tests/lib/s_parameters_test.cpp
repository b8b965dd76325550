#include "network/s_parameters.hpp"

#include <doctest/doctest.h>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "lib/network_files.hpp"
#include "network/touchstone.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double two_pi = 2.0 * constants::pi;

SParameters random_network(const std::string& name, int ports) {
  return read_touchstone(
      test::source_path("tests/data/network/random_" + name + ".s" + std::to_string(ports) + "p"));
}

std::vector<double> steps_Hz(double first, double step, int count) {
  std::vector<double> list;
  for (int i = 0; i < count; ++i) list.push_back(first + step * i);
  return list;
}

/// Line with skin-effect and dielectric loss and a mismatch of 95 on 100 ohm: closed form at every frequency.
SParameters lossy_line(const std::vector<double>& frequency_Hz, double delay_s) {
  SParameters line{2, 100.0, frequency_Hz, {}};
  for (const double f : frequency_Hz) {
    // The imaginary part of sqrt(j f) belongs to the skin effect of a real, causal line.
    const Complex gamma = 2e-6 * std::sqrt(Complex(0.0, f)) + 2e-11 * f + Complex(0.0, two_pi * f * delay_s);
    const Abcd m{std::cosh(gamma), 95.0 * std::sinh(gamma), std::sinh(gamma) / 95.0, std::cosh(gamma)};
    const S2 s = to_s(m, 100.0);
    line.s.insert(line.s.end(), {s.s11, s.s12, s.s21, s.s22});
  }
  return line;
}

}  // namespace

// Oracle of the next two: scikit-rf, tests/oracles/scikit_rf_networks.py.
TEST_CASE("s-parameters: renormalisation agrees with scikit-rf for 1 to 6 ports") {
  int checked = 0;
  for (const auto& [name, ports] : std::vector<std::pair<std::string, int>>{
           {"a", 1}, {"b", 2}, {"c", 2}, {"d", 3}, {"e", 4}, {"f", 6}, {"g", 2}}) {
    const SParameters n = renormalise(random_network(name, ports), 61.3);
    const auto expected = test::read_csv("tests/data/network/random_" + name + "_61p3ohm.csv");
    const auto size = static_cast<std::size_t>(ports * ports);
    CHECK(n.reference_ohm == 61.3);
    for (std::size_t k = 0; k < expected.size(); ++k, ++checked) {
      // scikit-rf goes over Z and adds 1e-12-like offsets to avoid singular matrices.
      CHECK(test::largest_difference(std::span(n.s).subspan(k * size, size),
                                     test::complex_cells(expected[k], 0, size)) <= 1e-10);
    }
  }
  CHECK(checked == 35);
}

TEST_CASE("s-parameters: mixed mode agrees with scikit-rf on random and channel files") {
  struct Row {
    std::string csv;
    SParameters network;
    std::size_t step;
  };
  const std::vector<int> order = {1, 3, 2, 4};
  std::vector<Row> rows = {{"random_e", random_network("e", 4), 1}};
  for (const std::string stem : {"example2_THRU", "example2_NEXT1", "syn_pcb_714mm_28dB_26p56G"})
    rows.push_back({stem, select_ports(read_touchstone(test::channel_path(stem)), order), 200});
  for (const Row& row : rows) {
    const MixedMode m = mixed_mode(row.network);
    CHECK(m.dd.reference_ohm == 2.0 * row.network.reference_ohm);
    CHECK(m.cc.reference_ohm == 0.5 * row.network.reference_ohm);
    const auto expected = test::read_csv("tests/data/network/" + row.csv + "_mixed.csv");
    CHECK(expected.size() >= 5);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      const std::size_t at = 4 * row.step * k;
      const std::span<const Complex> blocks[] = {m.dd.s, m.dc, m.cd, m.cc.s};
      // Sums of four numbers below 1; scikit-rf multiplies 4 x 4 matrices.
      for (std::size_t b = 0; b < 4; ++b)
        CHECK(test::largest_difference(blocks[b].subspan(at, 4),
                                       test::complex_cells(expected[k], 4 * b, 4)) <= 1e-14);
    }
  }
}

TEST_CASE("s-parameters: the oracle's random networks have the passivity they were made with") {
  // Largest singular value 0.95 by construction, for every port count, so both formulas are held.
  for (const auto& [name, ports] :
       std::vector<std::pair<std::string, int>>{{"a", 1}, {"b", 2}, {"d", 3}, {"e", 4}, {"f", 6}}) {
    // Eigenvalues of S^H S lose half the digits at most.
    CHECK(abs_error(passivity(random_network(name, ports)), 0.95) <= 1e-8);
  }
  CHECK(reciprocity_error(random_network("b", 2)) > 0.1);
  CHECK(reciprocity_error(lossy_line(steps_Hz(0.0, 1e9, 5), 1e-9)) <= 1e-14);
  CHECK(reciprocity_error({2, 50.0, {1.0}, {0.1, 0.5, 0.75, 0.2}}) == 0.25);
}

TEST_CASE(
    "s-parameters: renormalising there and back is the identity, and a matched load reflects as its "
    "impedance") {
  const SParameters e = random_network("e", 4);
  // Two solves of well-conditioned 4 x 4 systems.
  CHECK(test::largest_difference(renormalise(renormalise(e, 100.0), 42.7).s, e.s) <= 1e-14);
  const SParameters load{1, 50.0, {1e9}, {0.0}};
  // A 50 ohm load on 75 ohm: (50 - 75) / (50 + 75); one rounding.
  CHECK(std::abs(renormalise(load, 75.0).s[0] + 0.2) <= 1e-16);
  for (const double ohm : {0.0, -50.0, double(INFINITY), double(NAN)})
    CHECK_THROWS_AS(renormalise(load, ohm), DomainError);
}

TEST_CASE("s-parameters: a port seen from another reference reflects as its impedance, port by port") {
  // A matched through line between 50 and 75 ohm, seen from 60 and 75: a step of (50 - 60) / (50 + 60).
  const SParameters through{2, 50.0, {1e9}, {0.0, 1.0, 1.0, 0.0}};
  const std::vector<double> from = {50.0, 75.0}, to = {60.0, 75.0};
  const SParameters seen = renormalise_ports(through, from, to);
  const double r = (50.0 - 60.0) / (50.0 + 60.0);
  // One solve of a 2 x 2 system.
  CHECK(std::abs(seen.at(0, 0, 0) - r) <= 1e-15);
  CHECK(std::abs(seen.at(0, 1, 1) + r) <= 1e-15);
  CHECK(std::abs(seen.at(0, 1, 0) - std::sqrt(1.0 - r * r)) <= 1e-15);
  CHECK_THROWS_AS(renormalise_ports(through, from, std::vector<double>{50.0}), DomainError);
}

TEST_CASE("s-parameters: selecting ports permutes rows and columns together") {
  const SParameters e = random_network("e", 4);
  const std::vector<int> map = {4, 1, 3};
  const SParameters s = select_ports(e, map);
  CHECK(s.ports == 3);
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      CHECK(s.at(2, i, j) == e.at(2, map[std::size_t(i)] - 1, map[std::size_t(j)] - 1));
  CHECK_THROWS_WITH_AS(select_ports(e, std::vector<int>{1, 5}), doctest::Contains("[1, 4]"), DomainError);
  CHECK_THROWS_WITH_AS(select_ports(e, std::vector<int>{2, 2}), doctest::Contains("twice"), DomainError);
}

TEST_CASE("interpolation: points of the file are kept") {
  const SParameters n = read_touchstone(test::channel_path("example2_THRU"));
  std::vector<double> same(n.frequency_Hz.rbegin(), n.frequency_Hz.rend());  // in falling order on purpose
  same.resize(200);
  const SParameters again = interpolate(n, same);
  for (std::size_t i = 0; i < same.size(); ++i) {
    const std::size_t k = n.frequency_Hz.size() - 1 - i;
    // The delay is taken out and put back: phases of 1e4 rad at 1e-16 each.
    CHECK(test::largest_difference(std::span(again.s).subspan(16 * i, 16),
                                   std::span(n.s).subspan(16 * k, 16)) <= 1e-11);
  }
}

TEST_CASE(
    "interpolation: a lossy mismatched line is met between its points, without dips, for coarse steps too") {
  constexpr double delay_s = 5e-9;
  const auto wanted = steps_Hz(0.3e9, 7.3e6, 4000);
  const SParameters exact = lossy_line(wanted, delay_s);
  struct Row {
    double step_Hz, transmission, reflection;
  };
  // Half of a reflection (0.026) comes back after 2T, so its phase turns by up to x = 2π step 2T per step
  // against the mean delay: the curve misses it by 0.016 x^3 + 0.023 x^4, 2e-4 at 10 MHz (x = 0.63). At
  // 40 MHz (x = 2.5) the file itself is too coarse for the echo, and the miss is only as small as the echo.
  // Transmission keeps the dispersion of its loss, and echoes of 0.026².
  for (const Row& row : {Row{10e6, 1e-5, 2e-4}, Row{40e6, 5e-4, 2e-2}}) {
    const SParameters got = interpolate(lossy_line(steps_Hz(0.0, row.step_Hz, 4000), delay_s), wanted);
    double transmission = 0.0, reflection = 0.0;
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      transmission = std::max(transmission, std::abs(got.at(k, 1, 0) / exact.at(k, 1, 0) - 1.0));
      reflection = std::max(reflection, std::abs(got.at(k, 0, 0) - exact.at(k, 0, 0)));
    }
    CAPTURE(row.step_Hz);
    CHECK(transmission <= row.transmission);
    CHECK(reflection <= row.reflection);
  }
}

TEST_CASE("interpolation: the error of a pair of echoes falls with the third power of the step") {
  // Unequal echoes: once their mean delay is out, the imaginary part still has a slope at DC.
  const auto trace = [](const std::vector<double>& f) {
    SParameters n{1, 50.0, f, {}};
    for (const double x : f) n.s.push_back(0.7 + std::polar(0.3, -two_pi * x * 2e-9));
    return n;
  };
  const auto wanted = steps_Hz(1e6, 3.7e6, 1000);
  const auto error = [&](double step_Hz) {
    return test::largest_difference(interpolate(trace(steps_Hz(0.0, step_Hz, int(10e9 / step_Hz))), wanted).s,
                                    trace(wanted).s);
  };
  const double order = std::log2(error(20e6) / error(10e6));
  // The slope of three points misses h^2/6 times the third derivative, which the Hermite curve weighs with
  // t(1-t)(1-2t) h <= 0.096 h: 0.016 x^3 to leading order, so the third power, within ± 0.4.
  CHECK(order >= 2.6);
  CHECK(order <= 3.4);
}

TEST_CASE("interpolation: a parabola is met exactly on unequal steps, but for the last interval") {
  SParameters n{1, 50.0, {0.0, 1e9, 3e9, 4e9, 7e9, 12e9, 13e9}, {}};
  const auto parabola = [](double f) { return 0.9 - 2e-21 * f * f; };
  for (const double f : n.frequency_Hz) n.s.emplace_back(parabola(f));
  const auto wanted = steps_Hz(0.0, 0.25e9, 48);
  const SParameters got = interpolate(n, wanted);
  // Three-point slopes are exact for parabolas, and a real trace has no delay: roundings only.
  for (std::size_t k = 0; k < wanted.size(); ++k) CHECK(std::abs(got.s[k] - parabola(wanted[k])) <= 1e-15);
}

TEST_CASE("interpolation: a file without a DC point gets a real one that a line has") {
  for (const double delay_s : {0.2e-9, 5e-9}) {
    const SParameters low =
        interpolate(lossy_line(steps_Hz(20e6, 10e6, 500), delay_s), std::vector<double>{0.0});
    CHECK(low.at(0, 1, 0).imag() == 0.0);
    // Magnitude between 20 and 30 MHz runs as 1 - c sqrt(f), so the straight line misses 1 by c sqrt(20 MHz)
    // / 2 = 0.4 %.
    CHECK(abs_error(low.at(0, 1, 0).real(), 1.0) <= 0.01);
  }
  SParameters inverting = lossy_line(steps_Hz(20e6, 10e6, 500), 1e-9);
  for (Complex& s : inverting.s) s = -s;
  CHECK(interpolate(inverting, std::vector<double>{0.0}).at(0, 1, 0).real() < -0.98);
}

TEST_CASE("interpolation: above the file the level falls on its slope, the delay stays, nothing grows") {
  constexpr double delay_s = 3e-9;
  const SParameters file = lossy_line(steps_Hz(0.0, 10e6, 3001), delay_s);
  const auto wanted = steps_Hz(30e9, 10e6, 3001);
  const SParameters beyond = interpolate(file, wanted);
  const SParameters exact = lossy_line(wanted, delay_s);
  for (std::size_t k = 1; k < wanted.size(); ++k)
    for (std::size_t e = 0; e < 4; ++e)
      CHECK(std::abs(beyond.s[4 * k + e]) <= std::abs(beyond.s[4 * (k - 1) + e]) * (1 + 1e-12));
  // The level of the true line is dominated by its linear part 2e-11 f neper; the rest, the skin effect,
  // bends by less than 1 dB from 30 to 60 GHz.
  const auto dB = [](Complex s) { return 20.0 * std::log10(std::abs(s)); };
  CHECK(abs_error(dB(beyond.at(3000, 1, 0)), dB(exact.at(3000, 1, 0))) <= 1.0);
  // Skin effect adds 1e-6 / sqrt(2 f) / 2π s of delay, below 1 ps above 20 GHz.
  CHECK(abs_error(group_delay_s(beyond, 1, 0, 40e9, 50e9), delay_s) <= 2e-12);
  CHECK(passivity(beyond) <= passivity(file) + 1e-12);

  SParameters growing{1, 50.0, {1e9, 2e9, 3e9, 4e9}, {0.1, 0.2, 0.3, 0.4}};
  CHECK(abs_error(std::abs(interpolate(growing, std::vector<double>{9e9}).s[0]), 0.4) <= 1e-15);
}

TEST_CASE("interpolation: single points, silent entries and bad frequencies are handled") {
  const SParameters one{1, 50.0, {1e9}, {Complex(0.1, 0.2)}};
  const SParameters spread = interpolate(one, std::vector<double>{0.0, 1e9, 5e9});
  CHECK(abs_error(spread.s[0].real(), std::abs(one.s[0])) <= 1e-15);
  CHECK(spread.s[1] == one.s[0]);
  CHECK(spread.s[2] == one.s[0]);
  const SParameters silent{1, 50.0, {1e9, 2e9, 3e9}, {0.0, 0.0, 0.0}};
  for (const Complex s : interpolate(silent, std::vector<double>{0.0, 1.5e9, 9e9}).s) CHECK(s == 0.0);
  for (const double f : {-1.0, double(NAN), double(INFINITY)})
    CHECK_THROWS_AS(interpolate(one, std::vector<double>{f}), DomainError);
  CHECK_THROWS_AS(interpolate({1, 50.0, {}, {}}, std::vector<double>{1.0}), DomainError);
}

TEST_CASE(
    "group delay: a pure delay is found whatever the step, also when the phase turns by more than half a "
    "circle") {
  for (const double step_Hz : {1e6, 10e6, 60e6, 90e6}) {
    SParameters line{1, 50.0, steps_Hz(0.0, step_Hz, 300), {}};
    for (const double f : line.frequency_Hz) line.s.push_back(std::polar(0.5, -two_pi * f * 5e-9));
    // Phases of up to 1e3 rad at 1e-16, over a band of 1e9 Hz.
    CHECK(rel_error(group_delay_s(line, 0, 0, 0.0, 1e9), 5e-9) <= 1e-10);
  }
}
