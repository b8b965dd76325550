/// One [[link]] table of a study or case file into a LinkSpec: keys, stages, cards, assumptions.
///
/// Problems go to the list of the larger reading, each with its place. The rules of cards and assumptions
/// stand in studies/study_reader.hpp.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "studies/card_reader.hpp"

namespace photonlink {

/// What a file kind asks of its links.
struct LinkRules {
  bool needs_symbol_rate = true;
  bool needs_stages = true;
  std::vector<std::string> also_known = {};  ///< further keys of the table, read by the caller
};

class LinkReader {
 public:
  LinkReader(const std::vector<DeviceType>& devices, std::string cards_folder, ProblemList& problems)
      : devices_(devices), cards_folder_(std::move(cards_folder)), problems_(problems) {}

  /// Reads the table at `path` ("link[0]") on top of `base`: keys that are given replace those of the base,
  /// stages replace all of its stages.
  LinkSpec read(const Node& node, const std::string& path, const LinkRules& rules, LinkSpec base = {});

 private:
  void read_stages(const Node& node, const std::string& path, const Reporter& reporter, LinkSpec& link);
  void read_operating_point(const Node& node, const std::string& path, LinkSpec& link);
  void read_locking(const Node& node, const std::string& path, LinkSpec& link);
  StageSpec read_stage(const Node& node, const std::string& path);
  void merge_card(StageSpec& stage, const Place& place, const Reporter& reporter);
  const std::optional<Card>& load_card(const std::string& name, const Place& place, const Reporter& reporter);
  std::string card_path(const std::string& name) const;
  std::vector<std::string> card_names() const;

  const std::vector<DeviceType>& devices_;
  std::string cards_folder_;
  ProblemList& problems_;
  std::map<std::string, std::optional<Card>> cards_;  // each card is read once, so its problems are told once
};

/// Text under `name`, reported unless it is made of a-z, 0-9 and _ as a key in results.
std::string read_key_name(const Node& table, const Reporter& reporter);
/// Reports `text` at the key of `table`, or at the table when the key is absent.
void report_at_key(const Node& table, std::string_view key, const std::string& text,
                   const Reporter& reporter);
/// Calls `visit(table, "link[3]")` for each table of the list `key` of `parent`. What is no list of tables is
/// reported, and an absent or empty one when `header` ("[[link]]") is not empty.
void for_each_table(const Node& parent, const std::string& key, const std::string& path_prefix,
                    const std::string& header, const Reporter& reporter,
                    const std::function<void(const Node&, const std::string&)>& visit);

}  // namespace photonlink
