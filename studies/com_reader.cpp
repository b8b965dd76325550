#include "studies/com_reader.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "solvers/com/filters.hpp"
#include "solvers/com/transmit_taps.hpp"
#include "studies/link_reader.hpp"
#include "studies/parameter_reader.hpp"
#include "studies/schema_parts.hpp"

namespace photonlink {
namespace {

constexpr int com_schema_version = 1;

/// Calls visit(name, section) for each section that stands once; `all` may be const.
template <class All, class Visit>
void for_each_section(All& all, Visit visit) {
  visit("signal", all.signal);
  visit("transmitter", all.transmitter);
  visit("ctle", all.ctle);
  visit("receiver", all.receiver);
  visit("ffe", all.ffe);
  visit("dfe", all.dfe);
  visit("eye_window", all.eye_window);
  visit("return_loss", all.return_loss);
  visit("package_loss", all.package_loss);
  visit("board_loss", all.board_loss);
  visit("transmitter_package", all.transmitter_package);
  visit("receiver_package", all.receiver_package);
  visit("board", all.board);
  visit("search", all.search);
  visit("limits", all.limits);
}

template <class P>
void fill(P& section, const Node::Table& table, const Reporter& reporter) {
  for (const auto& [name, value] : read_parameters(table, describe<P>(), {}, reporter))
    set(section, name, value);
}

template <class P>
std::vector<P> read_list(const Node& root, const std::string& key, const Reporter& top) {
  std::vector<P> list;
  for_each_table(root, key, "", "", top, [&](const Node& node, const std::string& where) {
    fill(list.emplace_back(), *node.table(), {top.problems, where});
  });
  return list;
}

com::Parameters read(const Node& root, ProblemList& problems) {
  const Reporter top{problems, ""};
  com::Parameters p;
  std::vector<std::string> known = {"schema", "title", "source", "tap", "case", "$schema"};
  for_each_section(p, [&](const char* name, auto&) { known.emplace_back(name); });
  top.report_unknown_keys(*root.table(), known);
  top.check_schema(root, com_schema_version, fmt::format("schema = {}", com_schema_version));
  p.title = top.text(root, "title", Reporter::Need::required);
  p.source = top.text(root, "source", Reporter::Need::required);
  for_each_section(p, [&](const char* name, auto& section) {
    if (const auto* table = top.table(*root.table(), name)) fill(section, *table, {problems, name});
  });
  p.tap = read_list<com::TapRange>(root, "tap", top);
  p.package_case = read_list<com::PackageCase>(root, "case", top);
  return p;
}

/// What sections say together: they fit each other and leave equalisers to choose from.
void check_together(const com::Parameters& p) {
  com::check(p);
  com::transmit_taps(p);
  if (com::ctle_settings(p).empty())
    throw ConfigError("ctle: its limits leave no setting; widen the ranges of gain and low_gain");
}

template <class P>
ComSection section_of(const std::string& name, bool repeated) {
  return {name, repeated, describe<P>()};
}

}  // namespace

com::Parameters read_com(const std::string& path) {
  const Node root = parse_document(path);
  ProblemList problems;
  com::Parameters p = read(root, problems);
  problems.throw_if_any();
  try {
    check_together(p);
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("{}: {}", path, error.what()));
  }
  return p;
}

std::vector<std::string> lint_com(const std::string& path) {
  ProblemList problems;
  try {
    const com::Parameters p = read(parse_document(path), problems);
    if (problems.messages().empty()) check_together(p);
  } catch (const ConfigError& error) {
    // What sections say together carries no place of its own.
    const std::string text = error.what();
    return {text.starts_with(path) ? text : fmt::format("{}: {}", path, text)};
  }
  return problems.messages();
}

bool is_com_configuration(const std::string& path) {
  try {
    const Node root = parse_document(path);
    const Node::Table& table = *root.table();
    return !find_member(table, "link") && (find_member(table, "signal") || find_member(table, "case"));
  } catch (const Error&) {
    return false;
  }
}

std::vector<ComSection> com_sections() {
  std::vector<ComSection> sections;
  const com::Parameters defaults;
  for_each_section(defaults, [&](const char* name, const auto& section) {
    sections.push_back(section_of<std::decay_t<decltype(section)>>(name, false));
  });
  sections.push_back(section_of<com::TapRange>("tap", true));
  sections.push_back(section_of<com::PackageCase>("case", true));
  return sections;
}

std::string com_schema() {
  using namespace schema;
  Json properties{{"$schema", text()},
                  {"schema", {{"enum", {com_schema_version}}}},
                  {"title", nonempty_text()},
                  {"source", nonempty_text()}};
  for (const ComSection& section : com_sections()) {
    Json keys = Json::object();
    for (const FieldInfo& row : section.rows) keys[row.name] = described(value(row), row);
    Json table = object(std::move(keys));
    properties[section.name] = section.repeated ? list_of(std::move(table)) : std::move(table);
  }
  Json root{{"$schema", dialect},
            {"$id", fmt::format("urn:photonlink:com:{}", com_schema_version)},
            {"title", "photonlink channel operating margin"}};
  root.update(object(std::move(properties), {"schema", "title", "source", "signal", "case"}));
  return root.dump(2) + "\n";
}

}  // namespace photonlink
