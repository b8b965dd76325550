#include "devices/touchstone_channel.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "lib/network_files.hpp"

using namespace photonlink;
using test::abs_error;
using test::channel_path;
using test::ScratchFolder;

namespace {

double level_dB(Complex s) {
  return 20.0 * std::log10(std::abs(s));
}

Bundle bundle_at(double symbol_rate_Bd) {
  Bundle bundle;
  bundle.grid.symbol_rate_Bd = symbol_rate_Bd;
  return bundle;
}

std::string warnings_of(const TouchstoneChannel& channel, double symbol_rate_Bd) {
  std::vector<Warning> warnings;
  channel.validity(bundle_at(symbol_rate_Bd), warnings);
  std::string text;
  for (const Warning& w : warnings) text += w.text + "\n";
  return text;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Two uncoupled wires 1-2 and 3-4 of gain `gain`, given at some frequencies in GHz.
std::string wires(double gain, const std::vector<double>& frequency_GHz) {
  std::string text = "# GHz S RI R 50\n";
  for (const double f : frequency_GHz) {
    const std::string g = std::to_string(gain);
    text += std::to_string(f) + " 0 0 " + g + " 0 0 0 0 0\n" + g + " 0 0 0 0 0 0 0\n0 0 0 0 0 0 " + g +
            " 0\n0 0 0 0 " + g + " 0 0 0\n";
  }
  return text;
}

}  // namespace

TEST_CASE("touchstone channel: Sdd21 of the example channels is the published loss") {
  const TouchstoneChannel backplane("channel", {.file = channel_path("example2_THRU")});
  const TouchstoneChannel board("channel", {.file = channel_path("syn_pcb_714mm_28dB_26p56G")});
  // COM sheets of these channels state 23.45 dB at 12.89 GHz and 28.07 dB at 26.56 GHz, to two decimals.
  struct Row {
    const TouchstoneChannel* channel;
    double frequency_Hz, level_dB;
  };
  for (const Row& row : {Row{&backplane, 12.89e9, -23.45}, Row{&board, 26.56e9, -28.07}}) {
    const auto m = row.channel->two_port(std::vector<double>{row.frequency_Hz}, -1);
    REQUIRE(m);
    CHECK(abs_error(level_dB(to_s(m->at(0), 100.0).s21), row.level_dB) <= 0.006);
  }
}

// Oracle: scikit-rf, tests/oracles/scikit_rf_networks.py.
TEST_CASE("touchstone channel: the two-ports of through and aggressor agree with scikit-rf") {
  const TouchstoneChannel channel("channel",
                                  {.file = channel_path("example2_THRU"),
                                   .fext = {channel_path("example2_FEXT1"), channel_path("example2_FEXT2")},
                                   .next = {channel_path("example2_NEXT1")},
                                   .next_amplitude = 0.6});
  const auto aggressors = channel.aggressors();
  REQUIRE(aggressors.size() == 3);
  CHECK(aggressors[1].amplitude == 1.0);
  CHECK(aggressors[1].equalized);
  CHECK(aggressors[2].amplitude == 0.6);
  CHECK_FALSE(aggressors[2].equalized);
  for (const auto& [stem, aggressor] :
       std::vector<std::pair<std::string, int>>{{"example2_THRU", -1}, {"example2_NEXT1", 2}}) {
    const auto expected = test::read_csv("tests/data/network/" + stem + "_mixed.csv");
    std::vector<double> frequency_Hz;
    for (const auto& row : expected) frequency_Hz.push_back(row[0]);
    const auto chain = channel.two_port(frequency_Hz, aggressor);
    REQUIRE(chain);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      const S2 s = to_s((*chain)[k], 100.0);
      const auto want = test::complex_cells(expected[k], 0, 4);
      // Taking the delay out and in costs 1e-11; S12 cancels products of size 1/|S21|² and is checked apart.
      CHECK(test::largest_difference(std::vector<Complex>{s.s11, s.s21, s.s22},
                                     std::vector<Complex>{want[0], want[2], want[3]}) <= 1e-10);
      CHECK(std::abs(s.s12 - want[1]) <= 1e-10 + 1e-14 / std::abs(want[2]));
    }
  }
  CHECK_THROWS_WITH_AS(channel.two_port(std::vector<double>{1e9}, 3), doctest::Contains("[-1, 2]"),
                       DomainError);
}

TEST_CASE("touchstone channel: a file that transmits nothing still has a finite chain matrix") {
  const ScratchFolder scratch;
  const TouchstoneChannel channel("channel",
                                  {.file = scratch.write("through.s4p", wires(0.9, {0, 10, 20, 30})),
                                   .fext = {scratch.write("silent.s4p", wires(0.0, {0, 10, 20, 30}))}});
  const auto chain = channel.two_port(std::vector<double>{0.0, 5e9, 90e9}, 0);
  for (const Abcd& m : *chain) {
    CHECK(std::isfinite(std::abs(m.a) + std::abs(m.b) + std::abs(m.c) + std::abs(m.d)));
    CHECK(std::abs(to_s(m, 100.0).s21) <= 2e-15);
  }
}

TEST_CASE("touchstone channel: any reference impedance ends as the same chain matrix") {
  const ScratchFolder scratch;
  // A shunt-free series resistor of 20 ohm per wire on 50 and on 42.7 ohm: S11 = R/(R + 2 Z0), S21 = 2 Z0/(R
  // + 2 Z0).
  for (const double z0 : {50.0, 42.7}) {
    const double r = 20.0 / (20.0 + 2.0 * z0), t = 2.0 * z0 / (20.0 + 2.0 * z0);
    const std::string text = fmt::format(
        "# GHz S RI R {0}\n1 {1:.17g} 0 {2:.17g} 0 0 0 0 0\n {2:.17g} 0 {1:.17g} 0 0 0 0 0\n"
        " 0 0 0 0 {1:.17g} 0 {2:.17g} 0\n 0 0 0 0 {2:.17g} 0 {1:.17g} 0\n",
        z0, r, t);
    const TouchstoneChannel channel("channel", {.file = scratch.write("r.s4p", text)});
    const Abcd m = channel.two_port(std::vector<double>{1e9}, -1)->at(0);
    // 40 ohm between 100 ohm ends: S21 = 200 / 240; a few roundings.
    CHECK(channel.differential().reference_ohm == 100.0);
    CHECK(std::abs(channel.differential().at(0, 1, 0) - 200.0 / 240.0) <= 1e-15);
    // Two wires in series: 40 ohm differential; roundings of numbers of size 100.
    CHECK(std::abs(m.b - 40.0) <= 1e-12);
    CHECK(std::abs(m.a - 1.0) + std::abs(m.d - 1.0) + std::abs(m.c) <= 1e-13);
  }
}

TEST_CASE("touchstone channel: latency is the delay of the line at half the symbol rate") {
  const TouchstoneChannel channel("board", {.file = channel_path("syn_pcb_714mm_28dB_26p56G")});
  Ledger ledger;
  channel.ledger(bundle_at(53.125e9), ledger);
  REQUIRE(ledger.latency.size() == 1);
  CHECK(ledger.latency[0].component == "board");
  // The line is that of IEEE 802.3 Eq. (93A-10) to (93A-13) with the board of the 802.3ck COM sheets:
  // τ = 5.790e-3 ns/mm, a1 = 3.8206e-4, a2 = 9.5909e-5. With f in GHz the phase per mm is
  // a1 sqrt(f) - a2 f (2/π) ln f + 2π τ f, and its slope at 26.5625 GHz is the delay.
  const double f = 26.5625, pi = 3.141592653589793;
  const double slope = 3.8206e-4 / (2.0 * std::sqrt(f)) - 9.5909e-5 * (2.0 / pi) * (std::log(f) + 1.0);
  const double delay_s = 714.0 * (5.790e-3 + slope / (2.0 * pi)) * 1e-9;
  // End capacitors of 20 and 15 fF per leg add about 1 ps of 4.1 ns.
  CHECK(test::rel_error(ledger.latency[0].delay_s, delay_s) <= 5e-4);
}

TEST_CASE("touchstone channel: a good file gives no warning at its rate") {
  const TouchstoneChannel channel(
      "channel", {.file = channel_path("example2_THRU"), .next = {channel_path("example2_NEXT2")}});
  CHECK(warnings_of(channel, 25.78125e9) == "");
}

TEST_CASE("touchstone channel: each weakness of a file is said") {
  const ScratchFolder scratch;
  const std::vector<double> grid = {0, 10, 20, 30, 40};
  const std::string good = scratch.write("good.s4p", wires(0.9, grid));
  CHECK(warnings_of({"c", {.file = good}}, 50e9) == "");
  CHECK(contains(warnings_of({"c", {.file = good}}, 60e9), "good.s4p ends at 40 GHz, below 0.75 times"));
  CHECK(contains(warnings_of({"c", {.file = scratch.write("gain.s4p", wires(1.01, grid))}}, 50e9),
                 "not passive"));
  CHECK(contains(warnings_of({"c", {.file = scratch.write("nodc.s4p", wires(0.9, {1, 20, 40}))}}, 50e9),
                 "no DC point"));
  const std::string other = scratch.write("other.s4p", wires(0.01, {0, 20, 40}));
  CHECK(
      contains(warnings_of({"c", {.file = good, .fext = {other}}}, 50e9), "other.s4p has other frequencies"));
}

TEST_CASE("touchstone channel: a wrong port map is found and the likely one is named") {
  const std::string file = channel_path("example2_THRU");
  struct Row {
    std::vector<double> map;
    std::string likely;
  };
  // The wires of the file run from 1 to 2 and from 3 to 4.
  for (const Row& row : {Row{{1, 2, 3, 4}, "[1, 3, 2, 4]"}, Row{{1, 3, 4, 2}, "[1, 3, 2, 4]"},
                         Row{{3, 4, 1, 2}, "[3, 1, 4, 2]"}})
    CHECK(contains(warnings_of({"c", {.file = file, .port_map = row.map}}, 25e9),
                   "with port_map " + row.likely));
  for (const std::vector<double>& map : {std::vector<double>{1, 3, 2, 4}, {3, 1, 4, 2}, {2, 4, 1, 3}})
    CHECK(warnings_of({"c", {.file = file, .port_map = map}}, 25e9) == "");
}

TEST_CASE("touchstone channel: bad parameters and files are refused by name") {
  const ScratchFolder scratch;
  const std::string good = scratch.write("good.s4p", wires(0.9, {0, 10}));
  const auto refused = [&](const TouchstoneChannelParameters& parameters, const char* part) {
    CHECK_THROWS_WITH_AS(TouchstoneChannel("c", parameters), doctest::Contains(part), ConfigError);
  };
  refused({}, "c: file is empty");
  refused({.file = good, .port_map = {1, 2, 3}}, "port_map has 3 ports");
  refused({.file = good, .port_map = {1, 2, 3, 5}}, "names port 5, but");
  refused({.file = good, .port_map = {1, 2, 3, 3}}, "names port 3 twice");
  refused({.file = good, .port_map = {1, 2, 3, 2.5}}, "names port 2.5");
  refused({.file = good, .port_map = {0, 1, 2, 3}}, "port_map = 0 is outside");
  refused({.file = good, .next_amplitude = -1.0}, "next_amplitude = -1 is outside");
  CHECK_THROWS_AS(TouchstoneChannel("c", {.file = good, .fext = {scratch.path("absent.s4p")}}), IoError);
  CHECK_THROWS_WITH_AS(TouchstoneChannel("c", {.file = test::source_path("tests/data/network/random_b.s2p")}),
                       doctest::Contains("has ports [1, 2]"), ConfigError);
}

TEST_CASE("touchstone channel: its parameters are set by name, with lists of files as texts") {
  TouchstoneChannelParameters parameters;
  set(parameters, "fext", std::vector<std::string>{"a.s4p", "b.s4p"});
  CHECK(parameters.fext.size() == 2);
  CHECK(format_value(parameters.fext, Quantity::dimensionless) == "[\"a.s4p\", \"b.s4p\"]");
  CHECK_THROWS_AS(set(parameters, "fext", std::string("a.s4p")), ConfigError);
  CHECK(describe<TouchstoneChannelParameters>().size() == 5);
}
