#include "studies/channel/channel_input.hpp"

#include <doctest/doctest.h>

#include "channel_files.hpp"
#include "core/error.hpp"

using namespace photonlink;
using test::ScratchFolder;
using test::two_wires;
using test::usual_order;

namespace {

std::string all(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE(
    "channel input: the wires are found whatever their order, and a wrong map is told with the right one") {
  const ScratchFolder scratch;
  Context context;
  const SParameters four = two_wires(1e-9);
  const std::string usual = test::write_channel_file(scratch, "usual.s4p", usual_order(four)),
                    other = test::write_channel_file(scratch, "other.s4p", four);
  for (const auto& [file, map] : {std::pair{usual, PortMap{1, 3, 2, 4}}, {other, PortMap{1, 2, 3, 4}}}) {
    const ChannelInput found = read_channel({.through = file}, context);
    CHECK(found.port_map == map);
    CHECK(found.port_map_origin == "found from the file");
    CHECK(found.through.s == four.s);
    CHECK(found.warnings.empty());
    CHECK(read_channel({.through = file, .port_map = map}, context).port_map_origin == "given");
  }
  const ChannelInput crossed = read_channel({.through = usual, .port_map = PortMap{1, 3, 4, 2}}, context);
  CHECK(contains(all(crossed.warnings), "crossed"));
  CHECK(contains(all(crossed.warnings), "port_map [1, 3, 2, 4]"));
  CHECK(crossed.port_map == PortMap{1, 3, 4, 2});  // told, not changed
  CHECK(contains(all(read_channel({.through = other, .port_map = PortMap{1, 3, 2, 4}}, context).warnings),
                 "two ends of one wire"));
}

TEST_CASE("channel input: a file in which nothing passes asks for its map") {
  const ScratchFolder scratch;
  Context context;
  const std::string silent = test::write_channel_file(scratch, "silent.s4p", two_wires(1e-9, 0.0));
  CHECK(contains(all(read_channel({.through = silent}, context).warnings), "make sure of --port-map"));
}

TEST_CASE(
    "channel input: fixtures come off, on other points too, and other references are brought to 50 ohm") {
  const ScratchFolder scratch;
  Context context;
  const SParameters rest = two_wires(1e-9), fixture = two_wires(0.2e-9);
  const SParameters total = cascade(cascade(fixture, rest), fixture);
  const std::string file =
                        test::write_channel_file(scratch, "total.s4p", usual_order(renormalise(total, 42.5))),
                    ends = test::write_channel_file(scratch, "end.s4p", usual_order(fixture)),
                    fine = test::write_channel_file(scratch, "fine.s4p",
                                                    usual_order(two_wires(0.2e-9, 1.0, 1201)));
  const ChannelInput done =
      read_channel({.through = file, .remove_left = ends, .remove_right = ends}, context);
  // Two renormalisations and two fixtures of 3 dB.
  CHECK(test::largest_difference(done.through.s, rest.s) <= 1e-12);
  CHECK(done.warnings.empty());
  for (const char* part : {"from 42.5 to 50 ohm", "end.s4p removed at the transmitter's", "receiver's end"})
    CHECK(contains(all(done.steps), part));
  const ChannelInput other =
      read_channel({.through = file, .remove_left = fine, .remove_right = ends}, context);
  CHECK(test::largest_difference(other.through.s, rest.s) <= 1e-10);
  CHECK(contains(all(other.warnings), "fine.s4p: has other points"));
}

TEST_CASE("channel input: aggressors on other points are interpolated with a warning") {
  const ScratchFolder scratch;
  Context context;
  const std::string file = test::write_channel_file(scratch, "through.s4p", usual_order(two_wires(1e-9))),
                    same = test::write_channel_file(scratch, "same.s4p", usual_order(two_wires(1e-9, 0.01)));
  SParameters shorter = two_wires(1e-9, 0.01, 1201);
  shorter.frequency_Hz.resize(601);
  shorter.s.resize(16 * 601);
  const std::string half = test::write_channel_file(scratch, "half.s4p", usual_order(shorter));
  const ChannelInput input = read_channel({.through = file, .next = {same}, .fext = {half}}, context);
  REQUIRE(input.near.size() == 1);
  REQUIRE(input.far.size() == 1);
  CHECK(input.far[0].frequency_Hz == input.through.frequency_Hz);
  CHECK(contains(all(input.warnings), "half.s4p: has other points (601 from 0 Hz to 15 GHz)"));
  CHECK(contains(all(input.warnings), "beyond its end extrapolated"));
  CHECK_FALSE(contains(all(input.warnings), "same.s4p"));
  // Within the shorter file's band the points are kept; the delay is taken out and put back.
  for (std::size_t k = 0; k < 300; ++k)
    CHECK(std::abs(input.far[0].at(k, 1, 0) - input.near[0].at(k, 1, 0)) <= 1e-13);
}

TEST_CASE("channel input: skew is added to one wire, and said") {
  const ScratchFolder scratch;
  Context context;
  const std::string file = test::write_channel_file(scratch, "through.s4p", usual_order(two_wires(1e-9)));
  for (const double skew_s : {3e-12, -5e-12}) {
    const ChannelInput input = read_channel({.through = file, .skew_s = skew_s}, context);
    // Phases of up to 190 rad.
    CHECK(test::abs_error(intra_pair_skew_s(input.through, 0.0, 30e9), skew_s) <= 1e-21);
    CHECK(contains(all(input.steps), skew_s > 0.0 ? "3 ps added to the n wire" : "5 ps added to the p wire"));
  }
}

TEST_CASE("channel input: enforcement says what it did") {
  const ScratchFolder scratch;
  Context context;
  const std::string loud = test::write_channel_file(scratch, "loud.s4p", usual_order(two_wires(1e-9, 1.2)));
  const ChannelInput quiet = read_channel({.through = loud, .passive = true}, context);
  CHECK(find_passivity(quiet.through).points_above == 0);
  CHECK(contains(all(quiet.steps), "passivity enforced: largest gain 1.000000"));
  CHECK(contains(all(quiet.steps), "causality slightly disturbed"));
  const ChannelInput both = read_channel({.through = loud, .passive = true, .causal = true}, context);
  CHECK(find_passivity(both.through).points_above == 0);
  CHECK(contains(all(both.steps), "passivity and causality enforced"));
}

TEST_CASE("channel input: files that cannot be meant are refused with their name") {
  const ScratchFolder scratch;
  Context context;
  const std::string file = test::write_channel_file(scratch, "through.s4p", usual_order(two_wires(1e-9)));
  const std::string two = scratch.write("two.s2p", "# GHz S RI R 50\n1 0 0 1 0 1 0 0 0\n");
  CHECK_THROWS_WITH_AS(read_channel({.through = two}, context), doctest::Contains("has 2 ports"),
                       ConfigError);
  CHECK_THROWS_WITH_AS(read_channel({.through = file, .next = {two}}, context), doctest::Contains("two.s2p"),
                       ConfigError);
  CHECK_THROWS_WITH_AS(read_channel({.through = file, .port_map = PortMap{1, 2, 3, 5}}, context),
                       doctest::Contains("port 5"), ConfigError);
  CHECK_THROWS_WITH_AS(read_channel({.through = file, .port_map = PortMap{1, 2, 3, 3}}, context),
                       doctest::Contains("port 3 twice"), ConfigError);
  const std::string few = test::write_channel_file(scratch, "few.s4p", usual_order(two_wires(1e-9, 1.0, 7)));
  CHECK_THROWS_WITH_AS(read_channel({.through = few}, context), doctest::Contains("few.s4p: has 7 points"),
                       ConfigError);
  CHECK_THROWS_WITH_AS(read_channel({.through = file, .next = {few}}, context),
                       doctest::Contains("at least 8 are needed"), ConfigError);
  // Every bad file is named at once.
  for (const char* part : {"absent.s4p", "two.s2p: has 2 ports", "gone.s4p"})
    CHECK_THROWS_WITH_AS(
        read_channel(
            {.through = scratch.path("absent.s4p"), .next = {two, file}, .fext = {scratch.path("gone.s4p")}},
            context),
        doctest::Contains(part), IoError);
  const std::string silent = test::write_channel_file(scratch, "silent.s4p", two_wires(1e-9, 1e-8));
  CHECK_THROWS_WITH_AS(read_channel({.through = file, .remove_left = silent}, context),
                       doctest::Contains("silent.s4p: the fixture transmits"), DomainError);
  CHECK_THROWS_AS(read_channel({.through = scratch.path("absent.s4p")}, context), IoError);
}
