#include "studies/device_help.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "core/spelling.hpp"
#include "fake_devices.hpp"

using namespace photonlink;
using test::fake_devices;

TEST_CASE("device help: the list holds every device and no line is wider than the terminal") {
  for (const int width : {40, 60, 80}) {
    std::string text = device_list_text(fake_devices(), width);
    for (const DeviceType& device : fake_devices()) {
      CHECK(text.find(device.name) != std::string::npos);
      text += device_text(device, width);
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      CHECK_MESSAGE(static_cast<int>(line.size()) <= width, line);
  }
}

TEST_CASE(
    "device help: name, type, unit, default, range, ideal, choices and doc of each parameter are shown") {
  const std::string laser = device_text(fake_devices()[0], 100);
  CHECK(laser.find("responsivity [A/W], default 0.8 A/W, allowed [0 A/W, 2 A/W], ideal 1.25 A/W") !=
        std::string::npos);
  CHECK(laser.find("Validity: Far above threshold.") != std::string::npos);
  CHECK(laser.find("whole number, default 1, allowed [1, 16]") != std::string::npos);
  const std::string ring = device_text(fake_devices()[1], 100);
  CHECK(ring.find("text, default \"blue\", allowed one of blue, red") != std::string::npos);
  CHECK(ring.find("list of: frequency [Hz], default [200 GHz], allowed at least 0 Hz") != std::string::npos);
  CHECK(device_text(fake_devices()[2], 100).find("list of: path, default []") != std::string::npos);
}

TEST_CASE("device help: JSON carries every row of every table") {
  const auto list = nlohmann::json::parse(device_list_json(fake_devices()));
  REQUIRE(list.size() == fake_devices().size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const DeviceType& device = fake_devices()[i];
    CHECK(list[i]["name"] == device.name);
    REQUIRE(list[i]["parameters"].size() == device.fields.size());
    CHECK(nlohmann::json::parse(device_json(device)) == list[i]);
  }
  const auto& power = list[0]["parameters"][0];
  CHECK(power["unit"] == "W");
  CHECK(power["minimum"] == 0.0);
  CHECK(power["maximum"] == 1.0);
  CHECK_FALSE(list[1]["parameters"][2].contains("maximum"));
}

TEST_CASE("spelling: distances of textbook pairs") {
  // Levenshtein's classic pairs; the last one is one swap of neighbours.
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("saturday", "sunday") == 3);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("cabel", "cable") == 1);
  CHECK(suggestion("qloaded", {"q_loaded", "radius"}) == "; did you mean 'q_loaded'?");
  CHECK(suggestion("zzz", {"radius"}) == "; known: radius");
}

TEST_CASE("parameter table: lists of words are written as in a file") {
  CHECK(format_value(std::vector<std::string>{"a", "b"}, Quantity::dimensionless) == "[\"a\", \"b\"]");
  CHECK(format_value(std::vector<std::string>{}, Quantity::dimensionless) == "[]");
}
