#include <doctest/doctest.h>

#include <random>

#include "fake_devices.hpp"
#include "io/document.hpp"
#include "studies/card_reader.hpp"
#include "studies/study_reader.hpp"

using namespace photonlink;
using test::fake_devices;
using test::TemporaryFolder;

namespace {

const std::string json_study = R"json({
  "$schema": "study.schema.json",
  "schema": 1, "name": "fake_study", "title": "Fake",
  "link": [
    {"name": "wdm", "modulation": "NRZ", "symbol_rate": "32 GBd", "lanes": 8, "pattern": "PRBS9",
     "target_ber": 1e-9,
     "stage": [
       {"device": "cw_laser", "name": "laser", "card": "good_laser", "power": "3 dBm"},
       {"device": "microring_modulator", "name": "tx ring", "q_loaded": 4000, "side": "red",
        "spacing": ["200 GHz", "0.4 THz"], "weights": [1, 0.5]},
       {"device": "cable", "file": "data/cable.s4p", "fext": ["data/f1.s4p", "data/f2.s4p"]}]},
    {"name": "second", "symbol_rate": "53.125 GBd", "modulation": "PAM4", "fec": "RS(544,514)",
     "stage": [
       {"device": "cw_laser",
        "assumed": {"responsivity": {"low": "0.7 A/W", "high": "1.0 A/W", "source": "range of vendors"}}}]}
  ]
})json";

bool same(const StageSpec& a, const StageSpec& b) {
  if (a.device != b.device || a.name != b.name || a.card != b.card || a.parameters != b.parameters)
    return false;
  return std::equal(a.assumed.begin(), a.assumed.end(), b.assumed.begin(), b.assumed.end(),
                    [](const Assumption& x, const Assumption& y) {
                      return x.key == y.key && x.low == y.low && x.high == y.high && x.source == y.source;
                    });
}

bool same(const LinkSpec& a, const LinkSpec& b) {
  return a.name == b.name && a.title == b.title && a.modulation == b.modulation && a.lanes == b.lanes &&
         a.symbol_rate_Bd == b.symbol_rate_Bd && a.pattern == b.pattern && a.fec == b.fec &&
         a.target_ber == b.target_ber && a.samples_per_symbol == b.samples_per_symbol &&
         std::equal(a.stages.begin(), a.stages.end(), b.stages.begin(), b.stages.end(),
                    [](const StageSpec& x, const StageSpec& y) { return same(x, y); });
}

std::string message_of(const std::string& text, const std::string& file) {
  try {
    parse_document_text(text, file);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return {};
}

struct Outcomes {
  int studies = 0, errors = 0;
};

/// One random edit: a byte, a deletion, a piece of syntax, a copied piece, or another digit.
void mutate(std::string& text, std::mt19937& random) {
  static const std::vector<std::string> splices{
      "[",    "]",    "{",    "}",          "\"",
      "=",    "\n",   ".",    "[[link]]\n", "nan",
      "-inf", "1e9",  "\"\"", "{}",         "[[]]",
      "\xff", "\\",   "true", "#",          "'",
      ",",    "name", "null", "\"3 W\"",    "999999999999999999999"};
  // Own reduction: std::uniform_int_distribution differs between standard libraries.
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  const std::size_t at = below(text.size());
  switch (below(5)) {
    case 0:
      text[at] = static_cast<char>(below(256));
      break;
    case 1:
      text.erase(at, 1 + below(20));
      break;
    case 2:
      text.insert(at, splices[below(splices.size())]);
      break;
    case 3:
      text.insert(at, text.substr(below(text.size()), 1 + below(40)));
      break;
    default: {
      const auto digit = text.find_first_of("0123456789", at);
      if (digit != std::string::npos) text[digit] = static_cast<char>('0' + below(10));
    }
  }
}

Outcomes read_mutations(unsigned seed, int trials) {
  const TemporaryFolder folder;
  test::write_surroundings(folder);
  std::mt19937 random(seed);
  Outcomes outcomes;
  for (const bool json : {false, true}) {
    for (int trial = 0; trial < trials; ++trial) {
      std::string text = json ? json_study : test::valid_study;
      for (auto edits = 1 + random() % 3; edits > 0; --edits) mutate(text, random);
      const std::string path = folder.write(json ? "m.json" : "m.toml", text);
      INFO("seed ", seed, " trial ", trial, "\n", text);
      try {
        read_study(path, fake_devices(), folder.path("cards"));
        ++outcomes.studies;
      } catch (const ConfigError& error) {
        CHECK(std::string(error.what()).size() > path.size());
        ++outcomes.errors;
      } catch (const IoError&) {
        ++outcomes.errors;
      }
    }
  }
  return outcomes;
}

}  // namespace

TEST_CASE("study reader: the same study as TOML and as JSON is the same Study") {
  const TemporaryFolder folder;
  test::write_surroundings(folder);
  const std::string cards = folder.path("cards");
  const Study toml = read_study(folder.write("a.toml", test::valid_study), fake_devices(), cards);
  const Study json = read_study(folder.write("a.json", json_study), fake_devices(), cards);
  CHECK(toml.name == json.name);
  CHECK(toml.title == json.title);
  REQUIRE(toml.links.size() == json.links.size());
  for (std::size_t i = 0; i < toml.links.size(); ++i) CHECK(same(toml.links[i], json.links[i]));
}

TEST_CASE("study reader: JSON problems name file and key path") {
  const TemporaryFolder folder;
  test::write_surroundings(folder);
  std::string text = json_study;
  text.replace(text.find("\"3 dBm\""), 7, "3");
  const std::string path = folder.write("a.json", text);
  const auto messages = lint_study(path, fake_devices(), folder.path("cards"));
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].starts_with(path + ": link[0].stage[0] 'laser' (cw_laser): power = 3 has no unit"));
}

TEST_CASE("document: order, places and kinds of a TOML file are kept") {
  const Node root =
      parse_document_text("zeta = 1\nalpha = [true, 2.5]\n[mid]\nkey = \"x\"\n", "folder/a.toml");
  const auto& table = *root.table();
  REQUIRE(table.size() == 3);
  CHECK(table[0].key == "zeta");
  REQUIRE(table[1].key == "alpha");
  CHECK(table[2].key == "mid");
  const Node::Array& list = *table[1].node.array();
  CHECK(kind_name(list[0]) == "true or false");
  CHECK(format_place(list[1].place) == "folder/a.toml:2:16");
  CHECK(format_place(table[2].node.table()->front().place) == "folder/a.toml:4:1");
  CHECK(resolve_beside(root.place, "x.s4p") == "folder/x.s4p");
  CHECK(resolve_beside(root.place, "/x.s4p") == "/x.s4p");
}

TEST_CASE(
    "document: syntax errors, nulls, dates, repeated keys and foreign endings are refused with their place") {
  CHECK(message_of("a = 1\nb = [1, \n", "a.toml").starts_with("a.toml:"));
  CHECK(message_of("a = 1\na = 2\n", "a.toml").starts_with("a.toml:2:5: not valid TOML"));
  CHECK(message_of("a = 2020-01-01\n", "a.toml").starts_with("a.toml:1:5: a date"));
  CHECK(message_of("{\"a\": 1,\n \"b\": }", "a.json").starts_with("a.json:2:7: not valid JSON"));
  CHECK(message_of("{\"a\": {\"b\": [1, null]}}", "a.json") ==
        "a.json: a.b[1]: null has no meaning here; leave the key out");
  CHECK(message_of("{\"a\": 1, \"a\": 2}", "a.json").find("key 'a' is written twice") != std::string::npos);
  CHECK(message_of("[1]", "a.json").find("an object") != std::string::npos);
  CHECK_THROWS_AS(parse_document_text("", "a.yaml"), IoError);
}

TEST_CASE("document: deep nesting and huge files are refused, not crashed on") {
  std::string chain = "a", nested_keys = "x";
  for (int i = 0; i < 1000000; ++i) chain += ".a";
  CHECK(message_of(chain + " = 1\n", "a.toml").find("nests too deeply") != std::string::npos);
  CHECK(message_of("[" + chain + "]\n", "a.toml").find("nests too deeply") != std::string::npos);
  // The worst that passes the check of chains: each inline level is 32 keys deep.
  for (int i = 0; i < 31; ++i) nested_keys += ".x";
  std::string worst;
  for (int i = 0; i < 250; ++i) worst += (i ? "{ " : "") + nested_keys + " = ";
  CHECK(message_of(worst + "1" + std::string(249, '}'), "a.toml").find("deeper than") != std::string::npos);
  CHECK(message_of("a = " + std::string(100000, '['), "a.toml").starts_with("a.toml:"));
  const std::string open(100000, '[');
  CHECK(message_of("{\"a\": " + open, "a.json").find("nest deeper") != std::string::npos);
  std::string toml_keys, json_keys = "{\"a\": 1";
  for (int i = 0; i < 5000; ++i) {
    toml_keys += "k" + std::to_string(i) + " = 1\n";
    json_keys += ", \"k" + std::to_string(i) + "\": 1";
  }
  CHECK(message_of(toml_keys, "a.toml").find("more than 4096 keys") != std::string::npos);
  CHECK(message_of(json_keys + "}", "a.json").find("more than 4096 keys") != std::string::npos);
  const TemporaryFolder folder;
  const std::string big = folder.write("big.toml", "");
  std::filesystem::resize_file(big, largest_document_bytes + 1);
  CHECK_THROWS_AS(parse_document(big), IoError);
}

TEST_CASE("card reader: a card keeps its notes, and its problems name the card") {
  const TemporaryFolder folder;
  test::write_surroundings(folder);
  const Card card = read_card(folder.path("cards/good_laser.toml"), fake_devices());
  CHECK(card.device == "cw_laser");
  CHECK(card.source == "Nobody, Journal of Fakes, 2020");
  REQUIRE(card.notes.size() == 1);
  CHECK(card.notes[0].second == "Table 1");
  const std::string bad =
      folder.write("bad.toml", "device = \"cw_laser\"\ntitle = \"t\"\n[parameters]\n[notes]\nx = 1\n");
  std::string message;
  try {
    read_card(bad, fake_devices());
  } catch (const ConfigError& error) {
    message = error.what();
  }
  CHECK(message.find("bad.toml:1:1: card 'bad': source is missing") != std::string::npos);
  CHECK(message.find("bad.toml:5:1: card 'bad': notes: x = 1: unknown key") != std::string::npos);
}

TEST_CASE("study reader: mutated files give a Study or an error of ours, never anything else") {
  // Both outcomes must be reached, or the loop mutates the wrong things.
  const Outcomes outcomes = read_mutations(20240611, 150);
  CHECK(outcomes.studies >= 10);
  CHECK(outcomes.errors >= 100);
}

TEST_SUITE("slow") {
  TEST_CASE("study reader: thousands of mutated files give a Study or an error of ours") {
    const Outcomes outcomes = read_mutations(7, 3000);
    CHECK(outcomes.studies >= 200);
    CHECK(outcomes.errors >= 2000);
  }
}
