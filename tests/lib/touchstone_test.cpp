#include "network/touchstone.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "lib/network_files.hpp"

using namespace photonlink;
using test::abs_error;
using test::ScratchFolder;

namespace {

/// Text of the message that reading `path` ends with; empty when it is read.
std::string message_of(const std::string& path, const TouchstoneLimits& limits = {}) {
  try {
    read_touchstone(path, limits);
  } catch (const IoError& error) {
    return error.what();
  }
  return {};
}

const std::string two_port_text =
    "# GHz S RI R 50\n"
    "1 .1 0 .9 0 .8 0 .2 0\n"
    "2 .1 0 .9 0 .8 0 .2 0\n";

}  // namespace

// Oracle: scikit-rf, tests/oracles/scikit_rf_networks.py.
TEST_CASE("touchstone: every format, unit, impedance and port count reads as scikit-rf reads it") {
  struct Row {
    const char* name;
    int ports;
    double reference_ohm;
  };
  int checked = 0;
  for (const Row& row : {Row{"a", 1, 42.7}, Row{"b", 2, 42.7}, Row{"c", 2, 50.0}, Row{"d", 3, 75.0},
                         Row{"e", 4, 42.7}, Row{"f", 6, 33.3}, Row{"g", 2, 50.0}}) {
    const std::string stem = std::string("tests/data/network/random_") + row.name;
    const SParameters n = read_touchstone(test::source_path(stem + ".s" + std::to_string(row.ports) + "p"));
    const auto expected = test::read_csv(stem + ".csv");
    CHECK(n.ports == row.ports);
    CHECK(n.reference_ohm == row.reference_ohm);
    REQUIRE(n.frequency_Hz.size() == expected.size());
    const auto size = static_cast<std::size_t>(row.ports * row.ports);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      // Unit prefix: one rounding. Values: sine and cosine of angles up to π, a few ulp.
      CHECK(abs_error(n.frequency_Hz[k], expected[k][0]) <= 1e-15 * expected[k][0]);
      CHECK(test::largest_difference(std::span(n.s).subspan(k * size, size),
                                     test::complex_cells(expected[k], 0, size)) <= 2e-15);
      ++checked;
    }
  }
  CHECK(checked == 35);
}

TEST_CASE("touchstone: large channel files in gzip read as scikit-rf reads them") {
  for (const std::string stem : {"example2_THRU", "example2_NEXT1", "syn_pcb_714mm_28dB_26p56G"}) {
    const SParameters n = read_touchstone(test::channel_path(stem));
    const auto expected = test::read_csv("tests/data/network/" + stem + ".csv");
    CHECK(n.ports == 4);
    CHECK(expected.size() >= 21);
    CHECK(n.frequency_Hz.size() > 200 * (expected.size() - 1));
    for (std::size_t k = 0; k < expected.size(); ++k) {
      CHECK(abs_error(n.frequency_Hz.at(200 * k), expected[k][0]) <= 1e-15 * expected[k][0]);
      // Angles up to 180 degrees turned to radians: a few ulp.
      CHECK(test::largest_difference(std::span(n.s).subspan(200 * k * 16, 16),
                                     test::complex_cells(expected[k], 0, 16)) <= 2e-15);
    }
  }
}

TEST_CASE(
    "touchstone: options default to GHz S MA R 50, in any case and order, and only the first line counts") {
  const ScratchFolder scratch;
  const std::string data = "1 0.5 90\n";
  const SParameters bare = read_touchstone(scratch.write("bare.s1p", "! c\n#\n" + data));
  const SParameters mixed =
      read_touchstone(scratch.write("mixed.S1P", "# r 5e1 ma ghz s\n# Hz S RI R 3\n" + data));
  for (const SParameters& n : {bare, mixed}) {
    CHECK(n.reference_ohm == 50.0);
    CHECK(n.frequency_Hz == std::vector<double>{1e9});
    // One rounding of the cosine of 90 degrees.
    CHECK(std::abs(n.s[0] - Complex(0.0, 0.5)) <= 1e-16);
  }
}

TEST_CASE(
    "touchstone: 2-ports are column-wise, comments, wrapped lines, byte order mark and line ends do not "
    "matter") {
  const ScratchFolder scratch;
  const SParameters plain = read_touchstone(scratch.write("plain.s2p", two_port_text));
  CHECK(plain.at(0, 1, 0) == Complex(0.9));  // the second pair of a 2-port is S21
  CHECK(plain.at(0, 0, 1) == Complex(0.8));
  const SParameters wrapped = read_touchstone(
      scratch.write("wrapped.s2p",
                    "\xEF\xBB\xBF! head\r\n# GHz S RI R 50 ! options\r\n\r\n1 +.1 0 ! S11\r\n .9 0\r\n"
                    "\t.8 0 .2 0\r\n2 1e-1 0 .9 0\r\n .8 0 .2 1e-400"));
  CHECK(wrapped.s == plain.s);
  CHECK(wrapped.frequency_Hz == plain.frequency_Hz);
}

TEST_CASE("touchstone: the noise block of a 2-port is skipped") {
  const ScratchFolder scratch;
  const SParameters plain = read_touchstone(scratch.write("plain.s2p", two_port_text));
  const SParameters noisy =
      read_touchstone(scratch.write("noisy.s2p", two_port_text + "! noise\n1 2 .3 50 .4\n2 2.5 .3 60 .4\n"));
  CHECK(noisy.s == plain.s);
  CHECK(noisy.frequency_Hz == plain.frequency_Hz);
  CHECK(message_of(scratch.write("bad.s2p", two_port_text + "1 2 .3 50 .4\n2 2 .3\n"))
            .find(":5: a line of the noise") != std::string::npos);
  CHECK(message_of(scratch.write("sort.s2p", two_port_text + "1 2 .3 50 .4\n1 2 .3 50 .4\n"))
            .find("does not rise") != std::string::npos);
}

TEST_CASE("touchstone: each kind of bad file ends with one message that names file, line, cause and fix") {
  struct Row {
    const char *name, *text, *place, *cause, *fix;
  };
  const Row rows[] = {
      {"empty.s2p", "", ":0:", "holds no data", "export"},
      {"comment.s2p", "! only\n", ":1:", "holds no data", "export"},
      {"no_data.s2p", "# GHz S RI R 50\n", ":1:", "no data follow", "export"},
      {"no_option.s1p", "1 2 3\n", ":1:", "before the option line", "# GHz S MA R 50"},
      {"y.s1p", "# GHz Y RI R 50\n1 2 3\n", ":1:", "Y-parameters", "convert"},
      {"z.s1p", "# GHz Z RI R 50\n1 2 3\n", ":1:", "Z-parameters", "convert"},
      {"g.s1p", "# GHz G RI R 50\n1 2 3\n", ":1:", "G-parameters", "convert"},
      {"h.s1p", "# GHz H RI R 50\n1 2 3\n", ":1:", "H-parameters", "convert"},
      {"option.s1p", "# THz S RI R 50\n1 2 3\n", ":1:", "\"THz\" is no option", "# GHz"},
      {"ohm.s1p", "# GHz S RI R\n1 2 3\n", ":1:", "names no reference impedance", "R 50"},
      {"zero_ohm.s1p", "# GHz S RI R 0\n1 2 3\n", ":1:", "must be positive", "R 50"},
      {"word.s1p", "# GHz S RI R 50\n1 2 x3\n", ":2:", "\"x3\" is not a number", "check the line"},
      {"comma.s1p", "# GHz S RI R 50\n1, 2, 3\n", ":2:", "\"1,\" is not a number", "check the line"},
      {"nan.s1p", "# GHz S RI R 50\n1 2 3\n2 nan 0\n", ":3:", "\"nan\" is not a finite", "remove"},
      {"inf.s1p", "# GHz S RI R 50\n1 2 -inf\n", ":2:", "\"-inf\" is not a finite", "remove"},
      {"huge.s1p", "# GHz S RI R 50\n1 2 1e400\n", ":2:", "\"1e400\" is not a finite", "remove"},
      {"far.s1p", "# GHz S RI R 50\n1e10 2 3\n", "far.s1p: ", "is above 1e+18 Hz", "correct the unit"},
      {"infinite.s1p", "# GHz S RI R 50\n1e305 2 3\n", "infinite.s1p: ", "frequency inf Hz",
       "correct the unit"},
      {"decibel.s1p", "# GHz S DB R 50\n1 1e6 0\n", "decibel.s1p: ", "magnitude inf, above", "RI, MA or DB"},
      {"square.s1p", "# GHz S RI R 50\n1 1e200 0\n", "square.s1p: ", "no S-parameter", "export"},
      {"negative.s1p", "# GHz S RI R 50\n-1 2 3\n", ":2:", "frequency -1 is negative", "remove"},
      {"falls.s1p", "# GHz S RI R 50\n2 2 3\n1 2 3\n", ":3:", "frequency 1 follows 2", "sort"},
      {"repeats.s1p", "# GHz S RI R 50\n2 2 3\n2 2 3\n", ":3:", "frequency 2 follows 2", "remove"},
      {"even.s1p", "# GHz S RI R 50\n2 2\n", ":2:", "must start with a frequency", "frequency"},
      {"short.s2p", "# GHz S RI R 50\n1 2 3 4 5 6 7 8 9\n2 2 3 4 5\n", ":3:", "cut off", "export"},
      {"middle.s2p", "# GHz S RI R 50\n1 2 3 4 5 6 7\n2 2 3 4 5 6 7 8 9\n", ":2:", "has 7 numbers", "need 9"},
      {"left.s1p", "# GHz S RI R 50\n1 2 3\n 4 5\n", ":3:", "has 5 numbers", "need 3"},
      {"is_1.s4p", "# GHz S RI R 50\n1 2 3\n2 2 3\n", ":2:", "4 ports (from the extension) need 33", ".s1p"},
      {"is_2.s1p", "# GHz S RI R 50\n1 2 3 4 5 6 7 8 9\n", ":2:", "1 ports (from the extension) need 3",
       ".s2p"},
      {"ports.csv", "1 2 3\n", "ports.csv:", "names no port count", ".s4p"},
      {"zero.s0p", "1 2 3\n", "zero.s0p:", "names no port count", ".s4p"},
  };
  const ScratchFolder scratch;
  for (const Row& row : rows) {
    const std::string message = message_of(scratch.write(row.name, row.text));
    CAPTURE(row.name);
    CAPTURE(message);
    for (const char* part : {row.name, row.place, row.cause, row.fix}) {
      CAPTURE(part);
      CHECK(message.find(part) != std::string::npos);
    }
  }
  CHECK(message_of(scratch.path("absent.s2p")).find("there is no such file") != std::string::npos);
  std::filesystem::create_directory(scratch.path("folder.s2p"));
  CHECK(message_of(scratch.path("folder.s2p")).find("this is a folder") != std::string::npos);
}

TEST_CASE("touchstone: lines may end in line feeds, carriage returns or both") {
  const test::ScratchFolder scratch;
  for (const std::string end : {"\n", "\r", "\r\n"}) {
    const SParameters n = read_touchstone(scratch.write(
        "ends.s1p", "! comment" + end + "# GHz S RI R 75" + end + "1 0.5 0.25" + end + "2 0.5 0"));
    CHECK(n.reference_ohm == 75.0);
    CHECK(n.frequency_Hz == std::vector<double>{1e9, 2e9});
    CHECK(n.s[0] == Complex(0.5, 0.25));
  }
}

TEST_CASE("touchstone: gzip is known by its bytes; cut-off and damaged streams are refused at every length") {
  const ScratchFolder scratch;
  const std::string named_plain = scratch.write_gzip("packed.s2p", two_port_text);
  const std::string named_gz = scratch.write("plain.s2p.gz", two_port_text);
  CHECK(read_touchstone(named_plain).s == read_touchstone(named_gz).s);

  std::ifstream file(named_plain, std::ios::binary);
  const std::string packed((std::istreambuf_iterator<char>(file)), {});
  int refused = 0;
  for (std::size_t length = 0; length < packed.size(); ++length) {
    CAPTURE(length);
    const std::string message = message_of(scratch.write("cut.s2p.gz", packed.substr(0, length)));
    CAPTURE(message);
    // One byte is not yet a gzip mark.
    CHECK(message.find(length == 0   ? "holds no data"
                       : length == 1 ? "option line"
                                     : "cut off") != std::string::npos);
    ++refused;
  }
  CHECK(refused > 40);
  CHECK(message_of(scratch.write("cut.s2p.gz", packed.substr(0, packed.size() - 4))).find("cut off") !=
        std::string::npos);
  std::string damaged = packed;
  damaged[packed.size() - 6] = static_cast<char>(damaged[packed.size() - 6] ^ 0x55);  // checksum
  CHECK(message_of(scratch.write("damaged.s2p.gz", damaged)).find("damaged") != std::string::npos);
}

TEST_CASE("touchstone: a gzip bomb and too many numbers stop at the limit") {
  const ScratchFolder scratch;
  const std::string bomb = scratch.write_gzip("bomb.s1p.gz", "# GHz S RI R 50\n" + std::string(8 << 20, ' '));
  CHECK(std::filesystem::file_size(bomb) < 10000);
  CHECK(message_of(bomb, {.text_bytes = 1 << 20}).find("more than 1048576 bytes") != std::string::npos);
  CHECK(message_of(bomb).find("no data follow") != std::string::npos);
  const std::string small = scratch.write("small.s2p", two_port_text);
  CHECK(message_of(small, {.numbers = 17}).find("more than 17 numbers") != std::string::npos);
  CHECK(message_of(small, {.text_bytes = two_port_text.size(), .numbers = 18}).empty());
}
