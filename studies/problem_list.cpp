#include "studies/problem_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/spelling.hpp"

namespace photonlink {

void ProblemList::add(const Place& place, const std::string& where, const std::string& text) {
  messages_.push_back(fmt::format("{}: {}{}{}", format_place(place), where, where.empty() ? "" : ": ", text));
}

void ProblemList::throw_if_any() const {
  if (!messages_.empty()) throw ConfigError(fmt::format("{}", fmt::join(messages_, "\n")));
}

void Reporter::report_unknown_keys(const Node::Table& table, const std::vector<std::string>& known) const {
  for (const Member& member : table) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    report(member.place, fmt::format("{} = {}: unknown key{}", member.key.substr(0, 64), show(member.node),
                                     suggestion(member.key, known)));
  }
}

std::string Reporter::text(const Node& table, std::string_view key, Need need) const {
  const Member* member = find_member(*table.table(), key);
  if (!member) {
    if (need == Need::required) report(table.place, fmt::format("{} is missing; add {} = \"...\"", key, key));
    return {};
  }
  const std::string* value = member->node.text();
  if (!value) {
    report(member->node.place, fmt::format("{} = {} is {}; write text in quotes", key, show(member->node),
                                           kind_name(member->node)));
    return {};
  }
  if (need == Need::required && value->empty()) report(member->node.place, fmt::format("{} is empty", key));
  return *value;
}

const Node::Table* Reporter::table(const Node::Table& parent, std::string_view key) const {
  const Member* member = find_member(parent, key);
  if (!member) return nullptr;
  if (!member->node.table())
    report(member->node.place, fmt::format("{} = {} is {}; a table is expected", key, show(member->node),
                                           kind_name(member->node)));
  return member->node.table();
}

void Reporter::check_schema(const Node& root, int version, std::string_view spelled) const {
  const Member* member = find_member(*root.table(), "schema");
  const std::int64_t* found = member ? member->node.integer() : nullptr;
  if (found && *found == version) return;
  report(member ? member->node.place : root.place,
         fmt::format("schema {}; this program reads {}", member ? "= " + show(member->node) : "is missing",
                     spelled));
}

}  // namespace photonlink
