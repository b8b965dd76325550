#include "studies/validation/link_variant.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/spelling.hpp"
#include "studies/parameter_reader.hpp"

namespace photonlink {
namespace {

void drop_assumption(StageSpec& stage, const std::string& key) {
  std::erase_if(stage.assumed, [&](const Assumption& each) { return each.key == key; });
}

void remove_stages(const Node& list, const Reporter& reporter, LinkSpec& link) {
  if (!list.array()) {
    reporter.report(list.place, fmt::format("remove = {} is {}; a list of stage names is expected",
                                            show(list), kind_name(list)));
    return;
  }
  for (const Node& element : *list.array()) {
    const std::string name = element.text() ? *element.text() : show(element);
    const int stage = find_stage(link, name, element.place, reporter);
    if (stage >= 0) link.stages.erase(link.stages.begin() + stage);
  }
}

void set_parameters(const Node::Table& table, const Reporter& reporter, LinkSpec& link) {
  for (const Member& member : table) {
    const ParameterPath path = find_parameter(link, member.key, member.place, reporter);
    if (path.stage < 0) continue;
    if (const auto value = read_value(member.node, member.key, *path.row, reporter))
      state_parameter(link.stages[static_cast<std::size_t>(path.stage)], path.key, *value);
  }
}

void add_assumptions(const Node::Table& table, const Reporter& reporter, LinkSpec& link) {
  for (const Member& member : table) {
    const ParameterPath path = find_parameter(link, member.key, member.place, reporter);
    if (path.stage < 0) continue;
    StageSpec& stage = link.stages[static_cast<std::size_t>(path.stage)];
    auto assumption = read_assumption(member, *path.row, reporter);
    if (!assumption) continue;
    assumption->key = path.key;
    drop_assumption(stage, path.key);
    stage.assumed.push_back(*assumption);
    check_nominals(stage.parameters, {*assumption}, find_device(stage.device)->fields, member.place,
                   reporter);
  }
}

}  // namespace

const std::vector<std::string>& link_variant_keys() {
  static const std::vector<std::string> keys{"like",   "study",  "study_link", "set",
                                             "remove", "assume", "assumptions"};
  return keys;
}

int find_stage(const LinkSpec& link, const std::string& name, const Place& place, const Reporter& reporter) {
  std::vector<std::string> names;
  for (std::size_t s = 0; s < link.stages.size(); ++s) {
    if (link.stages[s].name == name) return static_cast<int>(s);
    names.push_back(link.stages[s].name);
  }
  reporter.report(place, fmt::format("no stage '{}' in this link{}", name, suggestion(name, names)));
  return -1;
}

ParameterPath find_parameter(const LinkSpec& link, const std::string& path, const Place& place,
                             const Reporter& reporter) {
  ParameterPath found;
  const std::size_t dot = path.rfind('.');
  if (dot == path.npos) {
    reporter.report(place, fmt::format("\"{}\" names no parameter; write \"stage.key\"", path));
    return found;
  }
  found.stage_name = path.substr(0, dot);
  found.key = path.substr(dot + 1);
  const int stage = find_stage(link, found.stage_name, place, reporter);
  if (stage < 0) return found;
  const std::vector<FieldInfo>& rows =
      find_device(link.stages[static_cast<std::size_t>(stage)].device)->fields;
  found.row = find_row(rows, found.key);
  if (found.row) {
    found.stage = stage;
    return found;
  }
  std::vector<std::string> keys;
  keys.reserve(rows.size());
  for (const FieldInfo& row : rows) keys.push_back(row.name);
  reporter.report(place, fmt::format("{}: unknown key{}", path, suggestion(found.key, keys)));
  return found;
}

void state_parameter(StageSpec& stage, const std::string& key, const ParameterValue& value) {
  drop_assumption(stage, key);
  set_value(stage.parameters, key, value);
}

void vary_link(const Node& node, const Reporter& reporter, LinkSpec& link) {
  const Node::Table& table = *node.table();
  if (const Member* remove = find_member(table, "remove")) remove_stages(remove->node, reporter, link);
  if (const auto* set = reporter.table(table, "set")) set_parameters(*set, reporter, link);
  if (const Member* keep = find_member(table, "assumptions")) {
    const bool* value = std::get_if<bool>(&keep->node.value);
    if (!value)
      reporter.report(keep->node.place, fmt::format("assumptions = {} is {}; true or false is expected",
                                                    show(keep->node), kind_name(keep->node)));
    else if (!*value)
      for (StageSpec& stage : link.stages) stage.assumed.clear();
  }
  if (const auto* assume = reporter.table(table, "assume")) add_assumptions(*assume, reporter, link);
}

}  // namespace photonlink
