#include "network/photonic_network.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "core/error.hpp"
#include "network_files.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = std::numbers::pi, c0 = 299792458.0;

/// A two-port: S11 = 0.1j, S21 = S12 = 0.8 e^{j2πfτ}, in the convention of the tools.
Complex two_port(bool through, double f) {
  return through ? std::polar(0.8, 2.0 * pi * (f - 228e12) * 0.3e-12) : Complex(0.0, 0.1);
}

std::string block(const std::string& header, bool through, int points) {
  std::string text = fmt::format("{}\n({},3)\n", header, points);
  for (int k = 0; k < points; ++k) {
    const double f = 227e12 + 2e12 * k / (points - 1);
    const Complex s = two_port(through, f);
    text += fmt::format("{:.16e} {:.16e} {:.16e}\n", f, std::abs(s), std::arg(s));
  }
  return text;
}

std::string whole_file() {
  return "[\"west\",\"LEFT\"]\n[\"east\",\"RIGHT\"]\n" +
         block("(\"west\",\"mode 1\",1,\"west\",1,\"transmission\")", false, 21) +
         block("('east','mode 1',1,'west',1,'transmission')", true, 21) +
         block("[\"west\",\"mode 1\",1,\"east\",1,\"transmission\"]", true, 21) +
         block("(\"east\",\"mode 1\",1,\"east\",1,\"transmission\")", false, 21);
}

}  // namespace

TEST_CASE("photonic network: a text of Lumerical's is read with its ports, modes and phases") {
  const test::ScratchFolder folder;
  const PhotonicNetwork network = read_photonic_network(folder.write("dut.sparam", whole_file()));
  CHECK(network.ports() == std::vector<std::string>{"west", "east"});
  REQUIRE(network.traces.size() == 4);
  const PhotonicTrace* through = network.find("east", "west", 1);
  REQUIRE(through != nullptr);
  CHECK(network.find("east", "west", 2) == nullptr);
  REQUIRE(through->s.size() == 21);
  for (std::size_t k = 0; k < 21; ++k)
    // 17 digits of 2e14 Hz; arg and polar round once each.
    CHECK(std::abs(through->s[k] - two_port(true, through->frequency_Hz[k])) <= 1e-12);
  CHECK(read_photonic_network(folder.write_gzip("dut.sparam.gz", whole_file())).traces.size() == 4);
}

TEST_CASE("photonic network: a component of a public design kit reads as its text says") {
  const auto network =
      read_photonic_network(test::source_path("tests/data/network/siepic_bdc_te1550.sparam"));
  CHECK(network.ports() == std::vector<std::string>{"port 1", "port 2", "port 3", "port 4"});
  REQUIRE(network.traces.size() == 16);
  // Lines of the file at 193.366 THz: 0.708199 35.665 and 0.700316 34.2792, copied by eye.
  for (const auto& [port, magnitude, angle] :
       {std::tuple{"port 3", 0.708199, 35.665}, std::tuple{"port 4", 0.700316, 34.2792}}) {
    const PhotonicTrace& trace = *network.find(port, "port 1", 1);
    REQUIRE(trace.s.size() == 51);
    const auto at =
        static_cast<std::size_t>(std::find(trace.frequency_Hz.begin(), trace.frequency_Hz.end(), 1.93366e14) -
                                 trace.frequency_Hz.begin());
    REQUIRE(at < 51);
    CHECK(std::abs(trace.s[at] - std::polar(magnitude, angle)) <= 1e-12);
    // Light is delayed in the convention of the tools, where the phase rises.
    CHECK(PhotonicCurve(conjugated(network).traces[2]).delay_s() > 0.5e-12);
  }
  // Rounded to six digits by a simulation: 0.5 % above passive.
  CHECK(abs_error(find_passivity(network).largest_gain, 1.0) <= 0.01);
}

TEST_CASE("photonic network: points in falling order are turned round, a group delay is put back") {
  const test::ScratchFolder folder;
  const auto network =
      read_photonic_network(folder.write("dut.dat",
                                         "(\"b\",\"TE\",1,\"a\",1,\"transmission\",2e-12)\n(3,3)\n229e12 0.5 "
                                         "0.1\n228e12 0.6 0.2\n226e12 0.7 0.3\n"));
  const PhotonicTrace& trace = network.traces.at(0);
  CHECK(trace.frequency_Hz == std::vector<double>{226e12, 228e12, 229e12});
  // Middle of the ends: 227.5 THz; 2π · 2 ps · (-1.5, 0.5, 1.5) THz are whole turns of -3, 1, 3.
  for (std::size_t k = 0; k < 3; ++k)
    CHECK(std::abs(trace.s[k] - std::polar(0.7 - 0.1 * static_cast<double>(k),
                                           0.3 - 0.1 * static_cast<double>(k))) <= 1e-12);
  const auto other = read_photonic_network(folder.write(
      "dut2.dat", "(\"b\",\"TE\",1,\"a\",1,\"transmission\",0.25e-12)\n(2,3)\n227e12 1 0\n229e12 1 0\n"));
  // ∓ 2π · 0.25 ps · 1 THz: a quarter turn.
  CHECK(std::abs(other.traces.at(0).s[0] - Complex(0.0, -1.0)) <= 1e-12);
  CHECK(std::abs(other.traces.at(0).s[1] - Complex(0.0, 1.0)) <= 1e-12);
}

TEST_CASE("photonic network: tables of wavelengths, by magnitude and angle or by real and imaginary part") {
  const test::ScratchFolder folder;
  const auto polar = read_photonic_network(folder.write(
      "gf.csv",
      "# made by hand\nwavelengths,S11m,S11a,S21a,S21m\n1.30,0.1,0.0,0.5,0.9\n1.31,0.2,0.1,0.6,0.8\n"));
  const PhotonicTrace* through = polar.find("o2", "o1", 1);
  REQUIRE(through != nullptr);
  CHECK(rel_error(through->frequency_Hz.front(), c0 / 1.31e-6) <= 1e-15);
  CHECK(std::abs(through->s.front() - std::polar(0.8, 0.6)) <= 1e-15);
  const auto plain = read_photonic_network(folder.write(
      "sax.csv", "wavelength_nm, S_out0_in0_re, S_out0_in0_im\n1300, 0.1, -0.2\n1310, 0.3, 0.4\n"));
  CHECK(std::abs(plain.find("out0", "in0", 1)->s.back() - Complex(0.1, -0.2)) <= 1e-15);
  const auto by_frequency = read_photonic_network(
      folder.write("f.csv", "frequency_THz,s_b_a_mag,s_b_a_phase\n228,1,0\n229,0.5,1\n"));
  CHECK(rel_error(by_frequency.traces.at(0).frequency_Hz[1], 229e12) <= 1e-15);
}

TEST_CASE("photonic network: damaged and foreign files are refused with place and cause") {
  const test::ScratchFolder folder;
  const std::string head = "(\"b\",\"TE\",1,\"a\",1,\"transmission\")\n";
  const std::pair<std::string, const char*> bad[] = {
      {"", ":0: the file holds no header"},
      {"[1,1]\n", ":1: the file holds no block"},
      {head + "(3,3)\n1e14 1 0\n2e14 1 0\n", "has 2 points, its shape says 3"},
      {head + "(1,3)\n1e14 1 0\n", ":1: fewer than two frequencies"},
      {head + "(2,3)\n1e14 1 0\n2e14 1 0\n3e14 1 0\n", ":5: more points than the 2"},
      {head + "(2,3)\n1e14 1\n", ":3: fewer than three numbers"},
      {head + "(2,3)\n1e14 1 0 4\n", ":3: more than three numbers"},
      {head + "(2,3)\n1e14 1 x\n", ":3: \"x\" is not a number"},
      {head + "(2,3)\n1e14 nan 0\n", "not a finite number"},
      {head + "(3,3)\n1e14 1 0\n3e14 1 0\n2e14 1 0\n", "do not rise or fall steadily"},
      {head + "(2,3)\n-1e14 1 0\n2e14 1 0\n", "not above 0 Hz"},
      {head + "1e14 1 0\n", ":2: numbers before a header and its shape"},
      {head + "(2,5)\n", ":2: 5 columns"},
      {head + "(99999999999,3)\n", "must be a whole number from 0 to 16777216"},
      {"(\"b\",\"TE\",1,\"a\",1,\"modulation\")\n", ":1: type \"modulation\""},
      {"(\"b\",\"TE\",1,\"a\",1,\"transmission\",0,\"length\")\n", ":1: a sweep over a parameter"},
      {"(\"b\",\"TE\",x,\"a\",1,\"transmission\")\n", "mode \"x\" must be a whole number"},
      {"(\"b\",\"TE\",1\n", ":1: the list does not end"},
      {"(\"b,1)\n", "a quote is not closed"},
      {head + "(2,3)\n1e14 1 0\n2e14 1 0\n" + head + "(2,3)\n1e14 1 0\n2e14 1 0\n",
       ":5: S[b, a] of these modes stands twice"},
      {"hello\n", "first column \"hello\""},
      {"wavelength_m,S21m\n", "2 columns"},
      {"wavelength_m,S21m,S21m\n", "has 0 partners"},
      {"wavelength_m,S21m,S21a,S21a\n", "has 2 partners"},
      {"wavelength_m,S21m,S21x\n", "column \"S21x\""},
      {"wavelength_m,S21m,S21a\n1e-6,1\n", ":2: 2 cells, the header has 3"},
      {"wavelength_m,S21m,S21a\n0,1,0\n", ":2: the first column is not above 0"},
      {"wavelength_m,S21m,S21a\n1e-6,1,0\n", "fewer than two frequencies"}};
  int checked = 0;
  for (const auto& [text, message] : bad) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(read_photonic_network(folder.write("bad.dat", text)), doctest::Contains(message),
                         IoError);
    ++checked;
  }
  CHECK(checked == 28);
  const std::string good = folder.write("good.dat", whole_file());
  CHECK_THROWS_WITH_AS(read_photonic_network(good, {.text_bytes = 1000}),
                       doctest::Contains("more than 1000 bytes"), IoError);
  CHECK_THROWS_WITH_AS(read_photonic_network(good, {.numbers = 100}), doctest::Contains("more numbers"),
                       IoError);
}

TEST_CASE("photonic network: any cut of a file is refused or read, never worse") {
  const test::ScratchFolder folder;
  const std::string whole = whole_file();
  int refused = 0, read = 0;
  for (std::size_t size = 0; size < whole.size(); size += 17) try {
      read_photonic_network(folder.write("cut.dat", whole.substr(0, size)));
      ++read;
    } catch (const IoError&) {
      ++refused;
    }
  CHECK(refused > 100);
  CHECK(read < refused / 10);
}

TEST_CASE("photonic network: passivity is the largest singular value of the whole matrix") {
  const test::ScratchFolder folder;
  const auto network = read_photonic_network(folder.write("dut.dat", whole_file()));
  // [0.1j, 0.8e^{jφ}; 0.8e^{jφ}, 0.1j]: eigenvectors (1, ±1) with 0.1j ± 0.8e^{jφ}; where φ = π/2 the largest
  // is 0.9, and between the 21 points at most cos(0.1) away from it.
  const double gain = find_passivity(network).largest_gain;
  CHECK(gain <= 0.9 + 1e-12);
  CHECK(gain >= 0.895);
  PhotonicNetwork active = network;
  for (PhotonicTrace& trace : active.traces)
    for (Complex& value : trace.s) value *= 1.2;
  CHECK(find_passivity(active).largest_gain > 1.07);
  CHECK(find_passivity(active).points_above > 0);
}

TEST_CASE("photonic curve: between points a delayed Lorentzian is met with second order and never exceeded") {
  // 40 GHz half width, 3 ps of delay, convention e^{+jωt}.
  const auto exact = [](double f) {
    return 1.0 / Complex(1.0, (f - 228e12) / 40e9) * std::polar(1.0, -2.0 * pi * std::fmod(f * 3e-12, 1.0));
  };
  double error[2] = {0.0, 0.0}, largest = 0.0;
  for (int fine = 0; fine < 2; ++fine) {
    PhotonicTrace trace{"b", "a", 1, 1, {}, {}};
    const double step = fine == 1 ? 5e9 : 10e9;
    for (double f = 227.5e12; f <= 228.5e12; f += step) {
      trace.frequency_Hz.push_back(f);
      trace.s.push_back(exact(f));
    }
    const PhotonicCurve curve(trace);
    for (double f = 227.6e12; f < 228.4e12; f += 1.3e9) {
      error[fine] = std::max(error[fine], std::abs(curve(f) - exact(f)));
      largest = std::max(largest, std::abs(curve(f)));
    }
    // The resonance adds less than its own 1/(π 80 GHz) = 4 ps.
    CHECK(curve.delay_s() > 3e-12);
    CHECK(curve.delay_s() < 7e-12);
  }
  // Halving the step quarters the error, within the curvature's change over a step.
  CHECK(abs_error(std::log2(error[0] / error[1]), 2.0) <= 0.2);
  CHECK(largest <= 1.0);
}

TEST_CASE("photonic curve: beyond the ends the value of the end is kept") {
  const PhotonicTrace trace{"b", "a", 1, 1, {227e12, 228e12, 229e12}, {0.5, 0.6, 0.7}};
  const PhotonicCurve curve(trace);
  CHECK(std::abs(curve.envelope(230e12) - 0.7) <= 1e-15);
  CHECK(std::abs(curve.envelope(220e12) - 0.5) <= 1e-15);
  CHECK(std::abs(curve.envelope(227.25e12) - 0.525) <= 1e-12);
}
