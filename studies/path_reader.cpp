#include "studies/path_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "signal/pattern.hpp"
#include "studies/link_reader.hpp"
#include "studies/parameter_reader.hpp"

namespace photonlink {
namespace {

constexpr double same_rate = 1e-4;  // 100 ppm, the clock tolerance of Ethernet

const std::vector<FieldInfo>& rows() {
  static const std::vector<FieldInfo> described = describe<RetimedPath>();
  return described;
}

double bit_rate_b_per_s(const LinkSpec& link) {
  return link.symbol_rate_Bd * bits_per_symbol(levels_of(link.modulation)) * link.lanes;
}

// Names of links of one bit rate.
std::vector<std::string> read_links(const Node& node, const Study& study, const Reporter& reporter) {
  std::vector<std::string> names;
  double rate = 0.0;
  const Member* member = find_member(*node.table(), "links");
  const Node::Array* list = member ? member->node.array() : nullptr;
  if (!list || list->empty()) {
    reporter.report(member ? member->node.place : node.place,
                    "links is missing or no list; write for example links = [\"host_out\", \"optics\"]");
    return names;
  }
  for (const Node& each : *list) {
    const std::string* name = each.text();
    const auto link = std::find_if(study.links.begin(), study.links.end(),
                                   [&](const LinkSpec& other) { return name && other.name == *name; });
    if (link == study.links.end()) {
      reporter.report(each.place, fmt::format("{} is no [[link]] of this study", show(each)));
      continue;
    }
    const double own = bit_rate_b_per_s(*link);
    if (rate == 0.0) rate = own;
    if (std::abs(own - rate) > same_rate * rate)
      reporter.report(each.place,
                      fmt::format("link {} carries {:.6g} Gb/s, the first one {:.6g} Gb/s; a retimer "
                                  "passes on what arrives, give all links of a path one bit rate",
                                  show(each), own / 1e9, rate / 1e9));
    names.push_back(*name);
  }
  return names;
}

}  // namespace

template <>
const ParameterTable<RetimedPath>& parameter_table<RetimedPath>() {
  using R = RetimedPath;
  static const ParameterTable<R> table{
      {.name = "title", .doc = "Name of the path shown to people.", .member = &R::title},
      {.name = "fec",
       .doc = "Forward error correction from end to end.",
       .member = &R::fec,
       .choices = {"none", "RS(528,514)", "RS(544,514)"}},
      {.name = "target_ber",
       .doc = "Bit error ratio to reach at the end, behind the FEC if there is one.",
       .member = &R::target_ber,
       .lower = 1e-18,
       .upper = 0.1},
  };
  return table;
}

std::vector<PathSpec> read_paths(const Node& root, const Study& study, ProblemList& problems) {
  std::vector<PathSpec> paths;
  std::set<std::string> names;
  for (const LinkSpec& link : study.links) names.insert(link.name);
  for_each_table(root, "path", "", "", {problems, ""}, [&](const Node& node, const std::string& where) {
    const Reporter reporter{problems, where};
    PathSpec spec;
    spec.path.name = read_key_name(node, reporter);
    if (!spec.path.name.empty() && !names.insert(spec.path.name).second)
      report_at_key(node, "name",
                    fmt::format("name = \"{}\" is already that of another link or path", spec.path.name),
                    reporter);
    for (const auto& [key, value] : read_parameters(*node.table(), rows(), {"name", "links"}, reporter))
      set(spec.path, key, value);
    if (spec.path.title.empty()) spec.path.title = spec.path.name;
    spec.links = read_links(node, study, reporter);
    paths.push_back(std::move(spec));
  });
  return paths;
}

schema::Json path_schema() {
  using namespace schema;
  Json properties{{"name", name()}, {"links", list_of(name())}};
  for (const FieldInfo& row : rows()) properties[row.name] = described(value(row), row);
  return object(std::move(properties), {"name", "links"});
}

std::vector<PathResult> evaluate_paths(const Study& study, const std::vector<LinkResult>& results) {
  std::vector<PathResult> paths;
  for (const PathSpec& spec : study.paths) {
    std::vector<const LinkResult*> hops;
    for (const std::string& name : spec.links)
      for (const LinkResult& result : results)
        if (result.name == name) hops.push_back(&result);
    paths.push_back(evaluate_path(spec.path, hops));
  }
  return paths;
}

}  // namespace photonlink
