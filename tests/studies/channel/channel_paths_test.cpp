#include "studies/channel/channel_paths.hpp"

#include <doctest/doctest.h>

#include "channel_files.hpp"

using namespace photonlink;
using test::ScratchFolder;
using test::two_wires;
using test::usual_order;

TEST_CASE("channel paths: problems of several files are told at once, unreadable ones as such") {
  FileProblems none;
  none.attempt([] {});
  CHECK_NOTHROW(none.raise());
  FileProblems mixed;
  mixed.attempt([] { throw ConfigError("a"); });
  CHECK_THROWS_WITH_AS(mixed.raise(), "a", ConfigError);
  mixed.attempt([] { throw IoError("b"); });
  mixed.attempt([] { throw DomainError("c"); });
  CHECK_THROWS_WITH_AS(mixed.raise(), "a\nb\nc", IoError);
}

TEST_CASE("channel paths: a path is on 100 ohm differential whatever the reference and ports of its file") {
  const SParameters four = two_wires(1e-9), exact = mixed_mode(four).dd;
  const SParameters file = usual_order(renormalise(four, 42.5));
  const SParameters path = differential_path(file, "f", {1, 3, 2, 4});
  CHECK(path.reference_ohm == 100.0);
  // Two renormalisations.
  CHECK(test::largest_difference(path.s, exact.s) <= 1e-14);
  CHECK(mapped_ports(usual_order(four), "f", {1, 3, 2, 4}).s == four.s);
  CHECK_THROWS_WITH_AS(
      mapped_ports(four, "f.s4p", {1, 2, 3, 7}),
      doctest::Contains("f.s4p: port map [1, 2, 3, 7] names port 7, but the file has ports [1, 4]"),
      ConfigError);
  CHECK_THROWS_WITH_AS(mapped_ports(four, "f.s4p", {1, 2, 2, 4}), doctest::Contains("names port 2 twice"),
                       ConfigError);
}

TEST_CASE(
    "channel paths: other points and louder aggressors are told, the same points and weaker ones are not") {
  const SParameters through = mixed_mode(two_wires(1e-9)).dd;
  std::vector<std::string> warnings;
  SParameters same = mixed_mode(two_wires(1e-9, 0.01)).dd, other = mixed_mode(two_wires(1e-9, 0.01, 1201)).dd;
  const SParameters before = same;
  CHECK_FALSE(bring_to_points(same, "same.s4p", through.frequency_Hz, warnings));
  warn_if_exchanged(same, "same.s4p", through, "through.s4p", warnings);
  CHECK(warnings.empty());
  CHECK(bring_to_points(other, "other.s4p", through.frequency_Hz, warnings));
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0] ==
        "other.s4p: has other points (1201 from 0 Hz to 30 GHz) than the through file and is interpolated");
  // Its points hold all of the other grid, and points are kept.
  CHECK(test::largest_difference(other.s, before.s) <= 1e-13);
  warn_if_exchanged(through, "loud.s4p", same, "through.s4p", warnings);
  CHECK(
      warnings.back() ==
      "loud.s4p: passes more at its first point than through.s4p; are through file and aggressor exchanged?");
}
