#include <doctest/doctest.h>

#include <filesystem>

#include "devices/registry.hpp"
#include "studies/card_reader.hpp"
#include "support.hpp"

using namespace photonlink;

TEST_CASE("cards: every card of the repository reads and makes its device") {
  int cards = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::source_path("devices/cards"))) {
    if (entry.path().extension() != ".toml") continue;
    CAPTURE(entry.path().string());
    const Card card = read_card(entry.path().string(), device_types());
    const DeviceType* type = find_device(card.device);
    REQUIRE(type != nullptr);
    CHECK(type->make("part", card.parameters) != nullptr);
    ++cards;
  }
  CHECK(cards >= 14);
}
