#include "network/port_map.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "lib/network_files.hpp"
#include "network/touchstone.hpp"

using namespace photonlink;
using Kind = PortMapFinding::Kind;

TEST_CASE("port map: every map of a measured channel is told right, crossed, or from wire end to wire end") {
  // The file numbers its wires 1-2 and 3-4 (port order 1 3 2 4 of the IEEE COM sheets).
  const SParameters n = read_touchstone(test::channel_path("example2_THRU"));
  PortMap map = {1, 2, 3, 4};
  const auto other_end = [](int port) { return port % 2 == 0 ? port - 1 : port + 1; };
  int fits = 0, crossed = 0, one_wire = 0;
  do {
    const PortMapFinding found = check_port_map(n, map);
    const Kind expected = map[2] == other_end(map[0])   ? Kind::fits
                          : map[3] == other_end(map[0]) ? Kind::crossed
                                                        : Kind::one_wire;
    CHECK(found.kind == expected);
    CHECK(found.likely[2] == other_end(found.likely[0]));
    CHECK(found.likely[3] == other_end(found.likely[1]));
    CHECK(found.likely[0] == map[0]);
    CHECK(port_map_problem(found, map).empty() == (expected == Kind::fits));
    CHECK((found.advantage_dB > 0.0) == (expected != Kind::fits));
    // Through against crosstalk between the wires of one pair, over the lowest 4 GHz.
    CHECK(found.clearness_dB > 10.0);
    (expected == Kind::fits ? fits : expected == Kind::crossed ? crossed : one_wire) += 1;
  } while (std::next_permutation(map.begin(), map.end()));
  CHECK(fits == 8);
  CHECK(crossed == 8);
  CHECK(one_wire == 8);
}

TEST_CASE("port map: the problem names the map, what is wrong, and the map that fits") {
  const SParameters n = read_touchstone(test::channel_path("example2_THRU"));
  const auto problem = [&](const PortMap& map) { return port_map_problem(check_port_map(n, map), map); };
  for (const char* part : {"[1, 2, 3, 4]", "two ends of one wire", "port_map [1, 3, 2, 4]", "dB more"})
    CHECK(problem({1, 2, 3, 4}).find(part) != std::string::npos);
  for (const char* part : {"[1, 3, 4, 2]", "crossed", "port_map [1, 3, 2, 4]"})
    CHECK(problem({1, 3, 4, 2}).find(part) != std::string::npos);
  CHECK_THROWS_AS(check_port_map(n, {1, 2, 3, 5}), DomainError);
  CHECK_THROWS_AS(check_port_map(n, {1, 2, 3, 3}), DomainError);
}

TEST_CASE("port map: a silent file and a single point fit any map") {
  const SParameters silent{4, 50.0, {1e9}, std::vector<Complex>(16)};
  const PortMapFinding found = check_port_map(silent, {1, 2, 3, 4});
  CHECK(found.kind == Kind::fits);
  CHECK(found.clearness_dB == 0.0);
}
