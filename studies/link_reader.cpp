#include "studies/link_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/spelling.hpp"
#include "studies/link_table.hpp"
#include "studies/parameter_reader.hpp"

namespace photonlink {
namespace {

using Need = Reporter::Need;

/// Names that become keys in results.
bool is_key_name(std::string_view name) {
  return !name.empty() &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

}  // namespace

std::string read_key_name(const Node& table, const Reporter& reporter) {
  std::string name = reporter.text(table, "name", Need::required);
  if (!name.empty() && !is_key_name(name))
    reporter.report(find_member(*table.table(), "name")->node.place,
                    fmt::format("name = \"{}\" is no key; use only a-z, 0-9 and _", name.substr(0, 64)));
  return name;
}

void report_at_key(const Node& table, std::string_view key, const std::string& text,
                   const Reporter& reporter) {
  const Member* member = find_member(*table.table(), key);
  reporter.report(member ? member->node.place : table.place, text);
}

void for_each_table(const Node& parent, const std::string& key, const std::string& path_prefix,
                    const std::string& header, const Reporter& reporter,
                    const std::function<void(const Node&, const std::string&)>& visit) {
  const Member* member = find_member(*parent.table(), key);
  const std::string prefix = path_prefix.empty() ? key : path_prefix + "." + key;
  if (!member || (member->node.array() && member->node.array()->empty())) {
    if (!header.empty())
      reporter.report(member ? member->place : parent.place,
                      fmt::format("there is no {}; at least one {} is needed", key, header));
    return;
  }
  if (!member->node.array())
    return reporter.report(
        member->place, fmt::format("{} is {}; a list of tables is expected, write {}", key,
                                   kind_name(member->node), header.empty() ? "[[" + prefix + "]]" : header));
  for (std::size_t i = 0; i < member->node.array()->size(); ++i) {
    const Node& element = (*member->node.array())[i];
    const std::string where = fmt::format("{}[{}]", prefix, i);
    if (element.table()) {
      visit(element, where);
    } else {
      reporter.problems.add(element.place, where,
                            fmt::format("{} is {}; a table is expected", show(element), kind_name(element)));
    }
  }
}

LinkSpec LinkReader::read(const Node& node, const std::string& path, const LinkRules& rules, LinkSpec base) {
  LinkSpec link = std::move(base);
  const Member* name = find_member(*node.table(), "name");
  const bool named = name && name->node.text();
  const Reporter reporter{problems_,
                          named ? fmt::format("{} '{}'", path, name->node.text()->substr(0, 64)) : path};
  link.name = read_key_name(node, reporter);
  link.title.clear();
  static const std::vector<FieldInfo> rows = describe<LinkSpec>();
  std::vector<std::string> reserved{"name", "locking", "operating_point", "stage"};
  reserved.insert(reserved.end(), rules.also_known.begin(), rules.also_known.end());
  for (const auto& [key, value] : read_parameters(*node.table(), rows, reserved, reporter))
    set(link, key, value);
  if (rules.needs_symbol_rate && !find_member(*node.table(), "symbol_rate"))
    reporter.report(node.place, "symbol_rate is missing; write for example symbol_rate = \"32 GBd\"");
  if (link.title.empty()) link.title = link.name;
  if (rules.needs_stages || find_member(*node.table(), "stage")) read_stages(node, path, reporter, link);
  read_operating_point(node, path, link);
  read_locking(node, path, link);
  return link;
}

void LinkReader::read_operating_point(const Node& node, const std::string& path, LinkSpec& link) {
  const Reporter reporter{problems_, path + ".operating_point"};
  const Reporter outside{problems_, path};
  const Node::Table* table = outside.table(*node.table(), "operating_point");
  static const std::vector<FieldInfo> rows = describe<OperatingPointGoal>();
  if (table)
    for (const auto& [key, value] : read_parameters(*table, rows, {}, reporter))
      set(link.operating_point, key, value);
  const bool varies = std::any_of(link.stages.begin(), link.stages.end(),
                                  [](const StageSpec& stage) { return !stage.vary.empty(); });
  const bool asked = link.operating_point.goal != "none";
  if (varies == asked) return;
  const Place& place = table ? find_member(*node.table(), "operating_point")->place : node.place;
  reporter.report(place, asked ? "goal is set but no stage has a [link.stage.vary]; name what may be chosen"
                               : "a stage has a [link.stage.vary] but no goal says what for; write "
                                 "operating_point = { goal = \"largest_margin\" }");
}

void LinkReader::read_locking(const Node& node, const std::string& path, LinkSpec& link) {
  const Reporter reporter{problems_, path + ".locking"};
  const Node::Table* table = Reporter{problems_, path}.table(*node.table(), "locking");
  if (!table) return;
  static const std::vector<FieldInfo> rows = describe<LockingParameters>();
  for (const auto& [key, value] : read_parameters(*table, rows, {}, reporter)) set(link.locking, key, value);
  const bool known = std::any_of(link.stages.begin(), link.stages.end(), [&](const StageSpec& stage) {
    return stage.name == link.locking.stage &&
           (stage.device == "microring_modulator" || stage.device == "microring_filter");
  });
  if (!known)
    reporter.report(
        find_member(*node.table(), "locking")->place,
        fmt::format("stage = \"{}\" is no microring_modulator or microring_filter of the link; name "
                    "the one whose rings are locked",
                    link.locking.stage.substr(0, 64)));
}

void LinkReader::read_stages(const Node& node, const std::string& path, const Reporter& reporter,
                             LinkSpec& link) {
  link.stages.clear();
  std::set<std::string> names;
  for_each_table(node, "stage", path, "[[link.stage]]", reporter,
                 [&](const Node& stage, const std::string& where) {
                   link.stages.push_back(read_stage(stage, where));
                   const std::string& name = link.stages.back().name;
                   if (!name.empty() && !names.insert(name).second)
                     report_at_key(stage, "name",
                                   fmt::format("the name '{}' is already another stage's; give each its own "
                                               "name = \"...\"",
                                               name),
                                   {problems_, where});
                 });
}

StageSpec LinkReader::read_stage(const Node& node, const std::string& path) {
  StageSpec stage;
  const Node::Table& table = *node.table();
  const Reporter unnamed{problems_, path};
  const DeviceType* device = read_device(node, devices_, unnamed);
  stage.name = unnamed.text(node, "name", find_member(table, "name") ? Need::required : Need::optional);
  stage.card = unnamed.text(node, "card");
  if (!device) return stage;
  stage.device = device->name;
  if (stage.name.empty()) stage.name = device->name;
  const Reporter reporter{problems_,
                          fmt::format("{} '{}' ({})", path, stage.name.substr(0, 64), device->name)};
  stage.parameters =
      read_parameters(table, device->fields, {"device", "name", "card", "assumed", "vary"}, reporter);
  if (const auto* assumed = reporter.table(table, "assumed"))
    stage.assumed = read_assumptions(*assumed, device->fields, reporter);
  if (const auto* vary = reporter.table(table, "vary"))
    stage.vary = read_variations(*vary, device->fields, reporter);
  if (!stage.card.empty()) merge_card(stage, find_member(table, "card")->node.place, reporter);
  check_nominals(stage.parameters, stage.assumed, device->fields, node.place, reporter);
  return stage;
}

void LinkReader::merge_card(StageSpec& stage, const Place& place, const Reporter& reporter) {
  const std::optional<Card>& card = load_card(stage.card, place, reporter);
  if (!card) return;
  if (card->device != stage.device)
    return reporter.report(
        place, fmt::format("card = \"{}\" describes a {}, not a {}", stage.card, card->device, stage.device));
  const auto stated = [](const auto& list, const std::string& key, auto key_of) {
    return std::any_of(list.begin(), list.end(), [&](const auto& entry) { return key_of(entry) == key; });
  };
  const auto name_of = [](const auto& entry) { return entry.first; };
  const auto assumed_key = [](const Assumption& entry) { return entry.key; };
  std::vector<Assumption> assumed;
  for (const Assumption& entry : card->assumed)
    if (!stated(stage.parameters, entry.key, name_of) && !stated(stage.assumed, entry.key, assumed_key))
      assumed.push_back(entry);
  assumed.insert(assumed.end(), stage.assumed.begin(), stage.assumed.end());
  ParameterSet merged;
  for (const auto& entry : card->parameters)
    if (!stated(stage.parameters, entry.first, name_of)) merged.push_back(entry);
  merged.insert(merged.end(), stage.parameters.begin(), stage.parameters.end());
  stage.assumed = std::move(assumed);
  stage.parameters = std::move(merged);
}

const std::optional<Card>& LinkReader::load_card(const std::string& name, const Place& place,
                                                 const Reporter& reporter) {
  const auto known = cards_.find(name);
  if (known != cards_.end()) return known->second;
  std::optional<Card>& card = cards_[name];
  const std::string path = card_path(name);
  if (path.empty()) {
    reporter.report(place, fmt::format("card = \"{}\": there is no {}/{}.toml{}", name.substr(0, 64),
                                       cards_folder_, name.substr(0, 64), suggestion(name, card_names())));
    return card;
  }
  try {
    card = read_card(path, devices_, problems_);
  } catch (const Error& error) {
    reporter.report(place, fmt::format("card = \"{}\": {}", name, error.what()));
  }
  return card;
}

/// A card's file, "" when there is none. Names are file stems, never paths out of the folder.
std::string LinkReader::card_path(const std::string& name) const {
  if (name.size() > 128 || name.find_first_of(std::string("/\\\0", 3)) != std::string::npos) return {};
  for (const char* ending : {".toml", ".json"}) {
    const std::filesystem::path path = std::filesystem::path(cards_folder_) / (name + ending);
    std::error_code ignored;
    if (std::filesystem::is_regular_file(path, ignored)) return path.string();
  }
  return {};
}

std::vector<std::string> LinkReader::card_names() const {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(cards_folder_, ignored))
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace photonlink
