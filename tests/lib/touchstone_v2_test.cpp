// Touchstone 2 and the writer; version 1 is in touchstone_test.cpp.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/error.hpp"
#include "lib/network_files.hpp"
#include "network/touchstone.hpp"
#include "scratch.hpp"

using namespace photonlink;
using test::ScratchFolder;

namespace {

std::string message_of(const std::string& path) {
  try {
    read_touchstone(path);
  } catch (const IoError& error) {
    return error.what();
  }
  return {};
}

std::string data_path(const std::string& name) {
  return test::source_path("tests/data/network/" + name);
}

/// A 2-port with numbers that no decimal holds.
SParameters awkward(int ports) {
  SParameters n{ports, 42.7, {0.0, 1e9 / 3.0, 7.1e10}, {}};
  for (int i = 0; i < 3 * ports * ports; ++i)
    n.s.push_back(0.5 * std::polar(1.0 / (1.0 + i / 7.0), 0.3 + i * i / 3.0));
  return n;
}

const std::string head = "[Version] 2.0\n# GHz S RI R 50\n[Number of Ports] 1\n[Number of Frequencies] 2\n";
const std::string data = "[Network Data]\n1 .5 0\n2 .25 0\n";

}  // namespace

// Oracle: scikit-rf, tests/oracles/scikit_rf_networks.py.
TEST_CASE(
    "touchstone 2: orders, triangles, references per port, noise and mixed modes mean what scikit-rf makes "
    "of "
    "them") {
  struct Row {
    const char *file, *csv;
    int ports;
    double reference_ohm;
  };
  for (const Row& row :
       {Row{"v2_two.s2p", "v2_two", 2, 50.0}, Row{"v2_two_21.ts", "v2_two", 2, 50.0},
        Row{"v2_lower.s4p", "v2_triangle", 4, 40.0}, Row{"v2_upper.s4p", "v2_triangle", 4, 40.0},
        Row{"v2_mixed.s5p", "v2_mixed", 5, 50.0}}) {
    CAPTURE(row.file);
    const SParameters n = read_touchstone(data_path(row.file));
    const auto expected = test::read_csv(std::string("tests/data/network/") + row.csv + ".csv");
    CHECK(n.ports == row.ports);
    CHECK(n.reference_ohm == row.reference_ohm);
    REQUIRE(n.frequency_Hz == std::vector<double>{1e9, 2e9});
    REQUIRE(expected.size() == 2);
    const auto size = static_cast<std::size_t>(row.ports * row.ports);
    // scikit-rf renormalises over Z and adds 1e-12-like offsets to avoid singular matrices.
    for (std::size_t k = 0; k < 2; ++k)
      CHECK(test::largest_difference(std::span(n.s).subspan(k * size, size),
                                     test::complex_cells(expected[k], 0, size)) <= 1e-10);
  }
}

TEST_CASE("touchstone: the option line of version 1.1 gives one reference for each port") {
  const ScratchFolder scratch;
  // A matched 2-port on 50 and 100 ohm: seen from 50 ohm the second port reflects 1/3, and nothing else.
  const SParameters n = read_touchstone(scratch.write("r.s2p", "# GHz S RI R 50 100\n1 0 0 0 0 0 0 0 0\n"));
  CHECK(n.reference_ohm == 50.0);
  // One division.
  CHECK(std::abs(n.at(0, 1, 1) - 1.0 / 3.0) <= 1e-16);
  CHECK(n.at(0, 0, 0) == 0.0);
  CHECK(message_of(scratch.write("r3.s2p", "# GHz S RI R 50 100 75\n1 0 0 0 0 0 0 0 0\n"))
            .find("3 reference impedances for 2 ports") != std::string::npos);
}

TEST_CASE("touchstone 2: information, comments and keywords in any case and order are passed over") {
  const ScratchFolder scratch;
  const SParameters n = read_touchstone(
      scratch.write("a.s1p",
                    "! c\n[version] 2.1\n# GHz S RI R 50\n[Begin Information]\n[Date] x\nfree 1 2\n"
                    "[End Information]\n[NUMBER OF FREQUENCIES] 2\n[number of  ports] 1 ! one\n" +
                        data + "[End]\nanything behind\n"));
  CHECK(n.s == std::vector<Complex>{0.5, 0.25});
}

TEST_CASE("touchstone 2: each kind of bad file ends with one message that names file, line, cause and fix") {
  struct Row {
    std::string name, text, cause, fix;
  };
  const std::string two = "[Version] 2.0\n# GHz S RI R 50\n[Number of Ports] 2\n[Number of Frequencies] 1\n",
                    order = "[Two-Port Data Order] 12_21\n", row = "[Network Data]\n1 1 0 0 0 0 0 1 0\n";
  const Row rows[] = {
      {"v3.s1p", "[Version] 3.0\n", ":1: version 3.0 is not known", "2.0"},
      {"late.s1p", "# GHz S RI R 50\n[Version] 2.0\n", ":2: [Version] must be the first line", "export"},
      {"twice.s1p", "[Version] 2.0\n[Version] 2.0\n", ":2: [Version] must be the first line", "export"},
      {"no_version.s1p", "[Number of Ports] 1\n# GHz S RI R 50\n1 2 3\n", ":1: [NUMBER OF PORTS] belongs",
       "add it"},
      {"no_options.s1p", "[Version] 2.0\n[Number of Ports] 1\n", ":2: the option line must follow", "# GHz"},
      {"no_ports.ts", "[Version] 2.0\n# GHz S RI R 50\n[Number of Frequencies] 1\n[Network Data]\n1 0 0\n",
       ":4: [Number of Ports] is missing", "add it"},
      {"ports.s2p", head + data, ":3: [Number of Ports] 1 contradicts the extension", "rename"},
      {"zero.ts", "[Version] 2.0\n# GHz S RI R 50\n[Number of Ports] 0\n", ":3: [Number of Ports] 0",
       "correct"},
      {"many.ts", "[Version] 2.0\n# GHz S RI R 50\n[Number of Ports] 99999\n", ":3: [Number of Ports]",
       "from 0 to 1000"},
      {"word.s1p", head + "[Number of Frequencies] two\n", ":5: [Number of Frequencies] \"two\"", "correct"},
      {"no_count.s1p", "[Version] 2.0\n# GHz S RI R 50\n[Number of Ports] 1\n[Network Data]\n1 0 0\n",
       ":4: [Number of Frequencies] is missing", "add it"},
      {"no_order.s2p", two + row + "[End]\n", ":5: [Two-Port Data Order] is missing", "12_21"},
      {"order.s2p", two + "[Two-Port Data Order] 11_22\n", ":5: [Two-Port Data Order] \"11_22\"", "12_21"},
      {"matrix.s1p", head + "[Matrix Format] Diagonal\n", ":5: [Matrix Format] \"Diagonal\"", "Lower"},
      {"few_ohm.s2p", two + order + "[Reference] 50\n" + row, ":7: [Reference] lists 1 impedances", "each"},
      {"ohm.s1p", head + "[Reference] -50\n", ":5: reference impedance -50 ohm", "positive"},
      {"keyword.s1p", head + "[Matrix Fromat] Full\n", ":5: \"[Matrix Fromat] Full\" is no keyword",
       "spelling"},
      {"open.s1p", head + "[Matrix Format Full\n", "is no keyword", "spelling"},
      {"early.s1p", head + "1 2 3\n", ":5: data before [Network Data]", "add the keyword"},
      {"cut.s1p", head + data, ":7: the file ends without [End]", "cut off"},
      {"short.s1p", head + "[Network Data]\n1 .5 0\n[End]\n", ":7: [Number of Frequencies] says 2, but 1",
       "cut off"},
      {"long.s1p", head + data + "3 0 0\n[End]\n", ":9: [Number of Frequencies] says 2, but 3", "wrong"},
      {"half.s2p", two + order + "[Network Data]\n1 1 0 0 0 0 0\n[End]\n",
       ":8: the file ends here: it is cut off, or the frequency that starts in line 7 has 7 numbers",
       "(from [Number of Ports])"},
      {"twice_data.s1p", head + data + data, ":8: [NETWORK DATA] stands behind", "export"},
      {"noise.s1p", head + data + "[Noise Data]\n", ":8: [Noise Data] belongs", "remove"},
      {"noise_count.s2p",
       two + order + "[Number of Noise Frequencies] 2\n" + row + "[Noise Data]\n1 2 .3 50 .4\n[End]\n",
       "[Number of Noise Frequencies] says 2, but 1", "cut off"},
      {"noise_numbers.s2p", two + order + row + "[Noise Data]\n1 2 .3\n[End]\n", "has 3 numbers, not 5",
       "block"},
      {"mode_port.s2p", two + order + "[Mixed-Mode Order] D1,3 C1,3\n", "\"D1,3\" must name ports", "D2,3"},
      {"mode_early.ts", "[Version] 2.0\n# GHz S RI R 50\n[Mixed-Mode Order] D1,2 C1,2\n",
       "stands above [Number of Ports]", "put it below"},
      {"mode_word.s2p", two + order + "[Mixed-Mode Order] X1,2 C1,2\n", "\"X1,2\" is neither", "C1,2"},
      {"mode_few.s2p", two + order + "[Mixed-Mode Order] D1,2\n" + row, "lists 1 entries for 2", "each"},
      {"mode_many.s2p", two + order + "[Mixed-Mode Order] S1 S2 S1\n", "more than 2 entries", "correct"},
      {"mode_alone.s2p", two + order + "[Mixed-Mode Order] D1,2 S1\n" + row, "has no partner", "add it"},
      {"mode_twice.s2p", two + order + "[Mixed-Mode Order] S1 S1\n" + row, "names port 1 too", "correct"},
      {"mode_ohm.s2p", two + order + "[Reference] 50 60\n[Mixed-Mode Order] D1,2 C1,2\n" + row,
       "different references, 50 and 60 ohm", "correct [Reference]"},
      {"old.ts", "# GHz S RI R 50\n1 0 0\n", "[Number of Ports] is missing", "add it"},
      {"empty.ts", "", "must start with [Version] 2.0", ".sNp"},
      {"none.s1p", head + "[Network Data]\n[End]\n", "no data follow", "export"},
  };
  const ScratchFolder scratch;
  for (const Row& each : rows) {
    const std::string message = message_of(scratch.write(each.name, each.text));
    CAPTURE(each.name);
    CAPTURE(message);
    for (const std::string& part : {each.name, each.cause, each.fix}) {
      CAPTURE(part);
      CHECK(message.find(part) != std::string::npos);
    }
  }
}

TEST_CASE("touchstone 2: a good file cut at any byte is refused") {
  const ScratchFolder scratch;
  const std::string whole = head + data + "[End]\n";
  CHECK(message_of(scratch.write("cut.s1p", whole)).empty());
  for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
    CAPTURE(length);
    CHECK_FALSE(message_of(scratch.write("cut.s1p", whole.substr(0, length))).empty());
  }
}

TEST_CASE("touchstone writer: what is written is read back bit by bit, for both versions and any ports") {
  const ScratchFolder scratch;
  using Form = TouchstoneForm;
  for (const int ports : {1, 2, 3, 4, 6}) {
    for (const auto version : {Form::Version::v1_1, Form::Version::v2_0}) {
      CAPTURE(ports);
      const SParameters n = awkward(ports);
      const std::string path = scratch.path(fmt::format("w.s{}p", ports));
      write_touchstone(path, n, {.version = version, .comment = "one\ntwo"});
      const SParameters again = read_touchstone(path);
      CHECK(again.s == n.s);
      CHECK(again.frequency_Hz == n.frequency_Hz);
      CHECK(again.reference_ohm == n.reference_ohm);
      CHECK(test::text_of(path).starts_with("! one\n! two\n"));
    }
  }
  const std::string any = scratch.path("any.ts");
  write_touchstone(any, awkward(2), {.version = Form::Version::v2_0});
  CHECK(read_touchstone(any).s == awkward(2).s);
}

TEST_CASE(
    "touchstone writer: other number forms and fewer digits lose what the digits say, references change") {
  const ScratchFolder scratch;
  using Form = TouchstoneForm;
  const SParameters n = awkward(4);
  const std::string path = scratch.path("w.s4p");
  for (const auto numbers : {Form::Numbers::magnitude_angle, Form::Numbers::decibel_angle}) {
    write_touchstone(path, n, {.numbers = numbers});
    // Logarithm and angle, there and back: a few ulp of numbers below 1, angles up to π.
    CHECK(test::largest_difference(read_touchstone(path).s, n.s) <= 2e-15);
  }
  write_touchstone(path, n, {.digits = 6});
  // Half of the sixth digit.
  CHECK(test::largest_difference(read_touchstone(path).s, n.s) <= 1e-6);
  CHECK(test::largest_difference(read_touchstone(path).s, n.s) > 1e-9);
  for (const auto version : {Form::Version::v1_1, Form::Version::v2_0}) {
    write_touchstone(path, n, {.version = version, .references_ohm = {42.7, 50.0, 75.0, 60.0}});
    const SParameters again = read_touchstone(path);
    CHECK(again.reference_ohm == 42.7);
    // Two solves of well-conditioned 4 x 4 systems.
    CHECK(test::largest_difference(again.s, n.s) <= 1e-14);
  }
}

TEST_CASE("touchstone writer: silence in dB, wrong extensions and bad wishes") {
  const ScratchFolder scratch;
  const SParameters silent{1, 50.0, {1e9}, {0.0}};
  write_touchstone(scratch.path("s.s1p"), silent, {.numbers = TouchstoneForm::Numbers::decibel_angle});
  // -6000 dB.
  CHECK(std::abs(read_touchstone(scratch.path("s.s1p")).s[0]) <= 1e-299);
  CHECK_THROWS_WITH_AS(write_touchstone(scratch.path("s.s2p"), silent), doctest::Contains(".s1p"), IoError);
  CHECK_THROWS_WITH_AS(write_touchstone(scratch.path("s.s1p.gz"), silent), doctest::Contains("plain"),
                       IoError);
  CHECK_THROWS_AS(write_touchstone(scratch.path("s.ts"), silent), IoError);
  CHECK_THROWS_AS(write_touchstone(scratch.path("s.s1p"), silent, {.digits = 18}), DomainError);
  CHECK_THROWS_AS(write_touchstone(scratch.path("s.s1p"), silent, {.references_ohm = {-1.0}}), DomainError);
  CHECK_THROWS_AS(write_touchstone(scratch.path("none/s.s1p"), silent), IoError);
}
