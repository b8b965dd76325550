#include "studies/study_reader.hpp"

#include <doctest/doctest.h>

#include "fake_devices.hpp"
#include "support.hpp"

using namespace photonlink;
using test::fake_devices;
using test::rel_error;
using test::TemporaryFolder;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  return text.replace(at, from.size(), to);
}

Study read(const TemporaryFolder& folder, const std::string& text, const std::string& name = "study.toml") {
  return read_study(folder.write(name, text), fake_devices(), folder.path("cards"));
}

std::vector<std::string> lint(const TemporaryFolder& folder, const std::string& text) {
  return lint_study(folder.write("study.toml", text), fake_devices(), folder.path("cards"));
}

template <class T>
T value(const StageSpec& stage, const std::string& key) {
  for (const auto& [name, found] : stage.parameters)
    if (name == key) return std::get<T>(found);
  FAIL("no parameter ", key);
  return {};
}

struct BadInput {
  const char *from, *to;
  std::vector<std::string> expected;  // parts of the one message
};

}  // namespace

TEST_CASE("study reader: every kind of value arrives in SI, defaults and cards merged") {
  const TemporaryFolder folder;
  test::write_surroundings(folder);
  const Study study = read(folder, test::valid_study);
  // One rounding of the prefix product or of 10^x: 4 ulp.
  constexpr double tol = 1e-15;
  CHECK(study.name == "fake_study");
  REQUIRE(study.links.size() == 2);
  const LinkSpec& wdm = study.links[0];
  CHECK(rel_error(wdm.symbol_rate_Bd, 32e9) <= tol);
  CHECK(wdm.lanes == 8);
  CHECK(wdm.pattern == "PRBS9");
  CHECK(rel_error(wdm.target_ber, 1e-9) <= tol);
  CHECK(wdm.samples_per_symbol == 16);
  CHECK(wdm.title == "wdm");
  CHECK(study.links[1].fec == "RS(544,514)");
  REQUIRE(wdm.stages.size() == 3);
  // 3 dBm = 10^0.3 mW.
  CHECK(rel_error(value<double>(wdm.stages[0], "power"), 1.9952623149688795e-3) <= tol);
  CHECK(value<int>(wdm.stages[0], "carriers") == 4);
  CHECK(wdm.stages[0].name == "laser");
  CHECK(wdm.stages[0].card == "good_laser");
  CHECK(value<double>(wdm.stages[1], "q_loaded") == 4000.0);
  CHECK(value<std::string>(wdm.stages[1], "side") == "red");
  CHECK(value<std::vector<double>>(wdm.stages[1], "weights") == std::vector<double>{1.0, 0.5});
  CHECK(rel_error(value<std::vector<double>>(wdm.stages[1], "spacing").at(1), 400e9) <= tol);
  CHECK(wdm.stages[2].name == "cable");
  CHECK(value<std::string>(wdm.stages[2], "file") == folder.path("data/cable.s4p"));
  CHECK(value<std::vector<std::string>>(wdm.stages[2], "fext").at(1) == folder.path("data/f2.s4p"));
}

TEST_CASE("study reader: a stated value or assumption replaces the card's assumption") {
  const TemporaryFolder folder;
  test::write_surroundings(folder);
  const std::string power = "power = \"3 dBm\"";
  const auto assumed = [&](const std::string& text) { return read(folder, text).links[0].stages[0].assumed; };
  const auto card_only = assumed(test::valid_study);
  REQUIRE(card_only.size() == 1);
  CHECK(card_only[0].source == "data sheets");
  CHECK(std::get<double>(card_only[0].high) == 0.9);
  CHECK(assumed(replaced(test::valid_study, power, "responsivity = \"1.1 A/W\"")).empty());
  const auto own =
      assumed(replaced(test::valid_study, power,
                       "[link.stage.assumed]\nresponsivity = { low = \"0.2 A/W\", high = \"0.3 A/W\", "
                       "source = \"mine\" }"));
  REQUIRE(own.size() == 1);
  CHECK(own[0].source == "mine");
}

TEST_CASE("study reader: each bad input gives one message with place, value, reason and fix") {
  const TemporaryFolder folder;
  test::write_surroundings(folder);
  folder.write("cards/other.toml",
               replaced(replaced(test::valid_card, "cw_laser", "cable"),
                        test::valid_card.substr(test::valid_card.find("[parameters]")), "[parameters]\n"));
  folder.write("cards/broken.toml", replaced(test::valid_card, "\"20 mW\"", "\"20 V\""));
  const std::vector<BadInput> inputs{
      {"q_loaded = 4000",
       "q_load = 4000",
       {":19:3: link[0].stage[1] 'tx ring' (microring_modulator): q_load = 4000: unknown key; did you mean "
        "'q_loaded'?"}},
      {"power = \"3 dBm\"",
       "power = \"3 V\"",
       {":15:11: link[0].stage[0] 'laser' (cw_laser): power = \"3 V\" is not a power: unknown unit \"V\"",
        "dBm", "allowed: [0 W, 1 W]"}},
      {"power = \"3 dBm\"", "power = 3", {":15:11:", "power = 3 has no unit; write for example \"3 W\""}},
      {"power = \"3 dBm\"", "power = \"3\"", {":15:11:", "the unit is missing"}},
      {"power = \"3 dBm\"", "power = \"40 dBm\"", {":15:11:", "power = 10 W is outside [0 W, 1 W]"}},
      {"power = \"3 dBm\"", "power = \"nan W\"", {":15:11:", "finite"}},
      {"power = \"3 dBm\"", "power = true", {":15:11:", "power = true is true or false; text with a unit"}},
      {"q_loaded = 4000", "q_loaded = nan", {":19:14:", "q_loaded = nan is not finite"}},
      {"q_loaded = 4000", "q_loaded = inf", {":19:14:", "q_loaded = inf is not finite"}},
      {"q_loaded = 4000", "q_loaded = \"4000\"", {":19:14:", "is text; write a bare number"}},
      {"q_loaded = 4000", "q_loaded = 4", {":19:14:", "q_loaded = 4 is outside [100, 1e+06]"}},
      {"weights = [1, 0.5]", "weights = [1, -inf]", {":22:17:", "weights[1] = -inf is not finite"}},
      {"weights = [1, 0.5]",
       "weights = 1",
       {":22:13:", "weights = 1 is a whole number; a list [...] is expected"}},
      {"\"0.4 THz\"", "\"0.4 m\"", {":21:25:", "spacing[1] = \"0.4 m\" is not a frequency"}},
      {"side = \"red\"", "side = \"green\"", {":20:10:", "no known word; allowed: one of blue, red"}},
      {"side = \"red\"", "side = 3", {":20:10:", "side = 3 is a whole number; text in quotes is expected"}},
      {"data/cable.s4p",
       "data/none.s4p",
       {":25:10: link[0].stage[2] 'cable' (cable)", "there is no file", "none.s4p"}},
      {"data/f2.s4p", "data/f3.s4p", {":26:26:", "fext[1] = \"data/f3.s4p\": there is no file"}},
      {"file = \"data/cable.s4p\"", "model = \"data\"", {":25:11:", "there is no file"}},
      {"device = \"cable\"",
       "device = \"cabel\"",
       {":24:12: link[0].stage[2]:", "unknown device; did you mean 'cable'?"}},
      {"device = \"cable\"",
       "device = \"xyz\"",
       {"unknown device; known: cw_laser, microring_modulator, cable"}},
      {"  device = \"cable\"\n", "", {":23:3: link[0].stage[2]:", "device is missing"}},
      {"schema = 1", "schema = 2", {":1:10:", "schema = 2: this program reads schema = 1"}},
      {"schema = 1", "", {"schema is missing"}},
      {"title = \"Fake\"",
       "titel = \"Fake\"",
       {":3:1: titel = \"Fake\": unknown key; did you mean 'title'?"}},
      {"lanes = 8", "lanes = 129", {":8:9: link[0] 'wdm': lanes = 129 is outside [1, 128]"}},
      {"lanes = 8", "lanes = 0", {":8:9:"}},
      {"lanes = 8", "lanes = 8.0", {":8:9:", "lanes = 8 is a number; a whole number is expected"}},
      {"lanes = 8", "lanes = 99999999999", {":8:9:", "out of range"}},
      {"lanes = 8", "samples_per_symbol = 4", {"samples_per_symbol = 4 is outside [8, 64]"}},
      {"target_ber = 1e-9", "target_ber = 0.2", {":10:14:", "target_ber"}},
      {"target_ber = 1e-9", "target_ber = 1e-19", {":10:14:", "target_ber"}},
      {"symbol_rate = \"32 GBd\"", "symbol_rate = \"32 GHz\"", {":7:15:", "symbol rate"}},
      {"symbol_rate = \"32 GBd\"", "symbol_rate = \"32 TBd\"", {":7:15:", "outside"}},
      {"symbol_rate = \"32 GBd\"", "", {":4:1: link[0] 'wdm': symbol_rate is missing"}},
      {"modulation = \"NRZ\"", "modulation = \"PAM8\"", {":6:14:", "one of NRZ, PAM4"}},
      {"\"PRBS9\"", "\"PRBS8\"", {":9:11:", "did you mean 'PRBS"}},
      {"fec = \"RS(544,514)\"", "fec = \"KP4\"", {"one of none, RS(528,514), RS(544,514)"}},
      {"lanes = 8",
       "lanes = 8\nlocking = { stage = \"laser\" }",
       {"stage = \"laser\" is no microring_modulator or microring_filter of the link"}},
      {"lanes = 8",
       "lanes = 8\nlocking = { stage = \"tx ring\", loop_gain = 3 }",
       {"link[0].locking: loop_gain = 3 is outside"}},
      {"lanes = 8",
       "lanes = 8\nlocking = { stage = \"tx ring\", monitors = \"drop\" }",
       {"link[0].locking: monitors = \"drop\": unknown key; did you mean 'monitor'?"}},
      {"name = \"second\"", "name = \"wdm\"", {":28:8: link[1]: name = \"wdm\" is already another link's"}},
      {"name = \"second\"", "name = \"Second link\"", {":28:8:", "use only a-z"}},
      {"name = \"tx ring\"", "name = \"laser\"", {":18:10: link[0].stage[1]:", "already another stage's"}},
      {"card = \"good_laser\"", "card = \"good_lasr\"", {":14:10:", "did you mean 'good_laser'?"}},
      {"card = \"good_laser\"", "card = \"../cards/good_laser\"", {":14:10:", "there is no"}},
      {"card = \"good_laser\"", "card = \"other\"", {":14:10:", "describes a cable, not a cw_laser"}},
      {"card = \"good_laser\"", "card = \"broken\"", {"broken.toml:5:9: card 'broken': power = \"20 V\""}},
      {"responsivity = { low", "responsivty = { low", {":35:3:", "did you mean 'responsivity'?"}},
      {"low = \"0.7 A/W\"", "low = \"1.7 A/W\"", {":35:18:", "lies above high"}},
      {"low = \"0.7 A/W\", ", "", {":35:18:", "responsivity.low is missing"}},
      {", source = \"range of vendors\"", "", {":35:18:", "source is missing"}},
      {"[link.stage.assumed]",
       "responsivity = \"1.1 A/W\"\n[link.stage.assumed]",
       {"lies outside what is assumed"}},
  };
  for (const BadInput& input : inputs) {
    const auto messages = lint(folder, replaced(test::valid_study, input.from, input.to));
    CAPTURE(input.to);
    REQUIRE(messages.size() == 1);
    for (const std::string& part : input.expected) CHECK(messages[0].find(part) != std::string::npos);
    if (messages[0].find(input.expected[0]) == std::string::npos) MESSAGE(messages[0]);
  }
}

TEST_CASE("study reader: bad TOML names its place") {
  const TemporaryFolder folder;
  const auto messages = lint(folder, "schema = 1\nname = \n");
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].find("study.toml:2:") != std::string::npos);
  CHECK_THROWS_AS(read_study(folder.path("absent.toml"), fake_devices(), ""), IoError);
  CHECK_THROWS_AS(read_study(folder.path(""), fake_devices(), ""), IoError);
}

TEST_CASE("study reader: all problems are reported at once, in one error") {
  const TemporaryFolder folder;
  test::write_surroundings(folder);
  std::string text = replaced(test::valid_study, "q_loaded = 4000", "q_loded = 4000");
  text = replaced(text, "lanes = 8", "lanes = 180");
  text = replaced(text, "\"3 dBm\"", "3");
  text = replaced(text, "\"0.7 A/W\"", "\"0.7 V\"");
  const std::string path = folder.write("study.toml", text);
  std::string message;
  try {
    read_study(path, fake_devices(), folder.path("cards"));
  } catch (const ConfigError& error) {
    message = error.what();
  }
  CHECK(std::count(message.begin(), message.end(), '\n') == 3);
  for (const char* place : {":8:9:", ":15:11:", ":19:3:", ":35:26:"})
    CHECK_MESSAGE(message.find(path + place) != std::string::npos, message);
}

TEST_CASE("study reader: a card's problems are reported once however many stages use it") {
  const TemporaryFolder folder;
  test::write_surroundings(folder);
  folder.write("cards/good_laser.toml", replaced(test::valid_card, "carriers = 4", "carriers = 40"));
  const std::string text = replaced(test::valid_study, "  [link.stage.assumed]",
                                    "  card = \"good_laser\"\n  [link.stage.assumed]");
  CHECK(lint(folder, text).size() == 1);
}
