// Table, JSON, HDF5 and pictures of a judged channel.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "../picture_checks.hpp"
#include "channel_files.hpp"
#include "core/error.hpp"
#include "scratch.hpp"
#include "studies/channel/channel_json.hpp"
#include "studies/channel/channel_table.hpp"
#include "studies/channel/write_channel.hpp"
#include "studies/pictures/channel_pictures.hpp"
#include "support.hpp"

using namespace photonlink;
using test::ScratchFolder;
using test::two_wires;
using test::usual_order;

namespace {

/// A channel with or without aggressors; all that is zero in it stays zero in the results.
ChannelResult judged(const ScratchFolder& scratch, bool aggressors) {
  Context context;
  ChannelRequest request{.through =
                             test::write_channel_file(scratch, "through.s4p", usual_order(two_wires(1e-9)))};
  if (aggressors)
    request.next =
        request.fext = {test::write_channel_file(scratch, "weak.s4p", usual_order(two_wires(0.5e-9, 0.01)))};
  return judge_channel(request, read_channel(request, context), {.symbol_rate_Bd = 25e9}, context);
}

}  // namespace

TEST_CASE("channel table: every measure stands in it, crosstalk only with aggressors") {
  const ScratchFolder scratch;
  const std::string bare = channel_table(judged(scratch, false), TableColor::plain, 0),
                    full = channel_table(judged(scratch, true), TableColor::plain, 0);
  for (const char* part :
       {"through.s4p", "port map [1, 3, 2, 4]", "12.5 GHz (f_b/2)", "FOM_ILD", "skew", "SCD21", "Passivity",
        "Causality", "Trusted up to", "Impedance rx_n", "main cursor"})
    CHECK(full.find(part) != std::string::npos);
  CHECK(full.find("NEXT") != std::string::npos);
  CHECK(bare.find("NEXT") == std::string::npos);
  CHECK(full.find("Integrated crosstalk") != std::string::npos);
  CHECK(bare.find("Integrated crosstalk") == std::string::npos);
  CHECK(full.find("nan") == std::string::npos);
  CHECK(full.find("inf") == std::string::npos);
  CHECK(full.find("-0.00") == std::string::npos);
}

TEST_CASE("channel files: JSON and HDF5 and all pictures are written, and numbers go through unchanged") {
  const ScratchFolder scratch;
  Context context;
  const ChannelResult result = judged(scratch, true);
  const Provenance provenance{"channel", result.title, {}, "1.2.3", "build", "command", {}};
  write_channel(result, provenance, scratch.path("out"), context);
  std::size_t entries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path("out")))
    entries += entry.is_regular_file();
  CHECK(entries == 2 + 2 * pictures::channel_drawings().size());
  const auto json = nlohmann::json::parse(test::text_of(scratch.path("out/channel.json")));
  CHECK(json["schema"] == "photonlink channel");
  CHECK(json["at"][2]["insertion_loss_dB"] == result.report.at[2].insertion_dB);
  CHECK(json["pulse"]["main_V"] == result.report.pulse.main_V());
  CHECK(json["crosstalk"]["near_V"] == result.report.crosstalk.near_V);
  CHECK(json["erl_tx_dB"].is_null());
  CHECK(json["curve"]["frequency_Hz"].size() == 601);
  CHECK(json["impedance"].size() == 6);
  CHECK(json["port_map"] == std::vector<int>{1, 3, 2, 4});
  const std::string manual = test::text_of(test::source_path("docs/channel.md"));
  for (const auto& [key, value] : json.items()) {
    const bool common = key == "schema" || key == "schema_version" || key == "program_version" ||
                        key == "build" || key == "command";  // in docs/results.md
    CHECK_MESSAGE((common || manual.find("`" + key + "`") != std::string::npos), key);
  }
  CHECK(json == nlohmann::json::parse(to_json(result, provenance).dump()));
  CHECK(test::text_of(scratch.path("out/channel.h5")).substr(1, 3) == "HDF");
  CHECK_THROWS_AS(write_channel(result, provenance, scratch.path("weak.s4p"), context), IoError);
}

TEST_CASE("channel pictures: no text leaves the frame or covers another, nothing to show included") {
  const ScratchFolder scratch;
  ChannelResult long_name = judged(scratch, true);
  long_name.title = std::string(300, 'W');
  for (const ChannelResult& result : {judged(scratch, false), judged(scratch, true), long_name}) {
    for (const pictures::ChannelDrawing& drawing : pictures::channel_drawings()) {
      CAPTURE(drawing.name);
      pictures::Canvas canvas(drawing.size.width, drawing.size.height);
      drawing.paint(canvas, result);
      test::check_texts(canvas);
    }
  }
}
