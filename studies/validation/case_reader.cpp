#include "studies/validation/case_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/spelling.hpp"
#include "studies/parameter_reader.hpp"
#include "studies/study_reader.hpp"
#include "studies/validation/link_variant.hpp"
#include "studies/validation/quantity_reader.hpp"

namespace photonlink {

std::vector<std::string> link_names(const std::vector<LinkSpec>& links) {
  std::vector<std::string> names;
  names.reserve(links.size());
  for (const LinkSpec& link : links) names.push_back(link.name);
  return names;
}

const LinkSpec* find_link(const CaseSpec& spec, const std::string& name) {
  const auto found = std::find_if(spec.links.begin(), spec.links.end(),
                                  [&](const LinkSpec& link) { return link.name == name; });
  return found == spec.links.end() ? nullptr : &*found;
}

namespace {

namespace fs = std::filesystem;
using Need = Reporter::Need;

class CaseReader {
 public:
  CaseReader(const std::vector<DeviceType>& devices, const std::string& cards_folder, ProblemList& problems)
      : devices_(devices),
        cards_folder_(cards_folder),
        problems_(problems),
        links_(devices, cards_folder, problems) {}

  CaseSpec read(const std::string& path) {
    const Node root = parse_document(path);
    const Reporter top{problems_, ""};
    top.report_unknown_keys(*root.table(), {"schema", "title", "family", "citation", "doi", "read", "note",
                                            "published_inputs", "link", "fit", "quantity", "$schema"});
    top.check_schema(root, case_schema_version, fmt::format("schema = {}", case_schema_version));
    case_.path = path;
    const fs::path folder = fs::absolute(path).parent_path();
    case_.folder = folder.string();
    case_.name = folder.filename().string();
    case_.title = top.text(root, "title", Need::required);
    case_.family = top.text(root, "family", Need::required);
    case_.citation = top.text(root, "citation", Need::required);
    case_.doi = top.text(root, "doi");
    case_.read = top.text(root, "read", Need::required);
    case_.note = top.text(root, "note");
    read_inputs(root, top);
    for_each_table(root, "link", "", "[[link]]", top,
                   [&](const Node& node, const std::string& where) { read_link(node, where); });
    for_each_table(root, "quantity", "", "[[quantity]]", top,
                   [&](const Node& node, const std::string& where) { read_quantity_of(node, where); });
    for_each_table(root, "fit", "", "", top,
                   [&](const Node& node, const std::string& where) { read_fit(node, where); });
    check_fits(root, top);
    return case_;
  }

 private:
  void read_inputs(const Node& root, const Reporter& top) {
    const auto* inputs = top.table(*root.table(), "published_inputs");
    if (!inputs) return;
    for (const Member& member : *inputs) {
      if (const std::string* text = member.node.text())
        case_.inputs.emplace_back(member.key, *text);
      else
        top.report(member.node.place,
                   fmt::format("published_inputs.{} is {}; write what was printed, in quotes", member.key,
                               kind_name(member.node)));
    }
  }

  void read_link(const Node& node, const std::string& where) {
    const Reporter reporter{problems_, where};
    LinkRules rules{.needs_symbol_rate = false, .needs_stages = true, .also_known = link_variant_keys()};
    LinkSpec base;
    const bool like = find_member(*node.table(), "like"), study = find_member(*node.table(), "study");
    if (like && study)
      report_at_key(node, "study", "a link starts from like or from study, not from both", reporter);
    if (like || study) {
      rules.needs_stages = false;
      if (find_member(*node.table(), "stage"))
        report_at_key(
            node, "stage",
            "stages beside like or study would replace the whole chain; change it with set, remove and "
            "assume, or write the chain out",
            reporter);
      const std::optional<LinkSpec> found = like ? linked(node, reporter) : from_study(node, reporter);
      if (!found) return;
      base = *found;
    }
    if (!study && find_member(*node.table(), "study_link"))
      report_at_key(node, "study_link", "study_link needs study = \"file\"", reporter);
    LinkSpec link = links_.read(node, where, rules, std::move(base));
    vary_link(node, reporter, link);
    if (!link.name.empty() && find_link(case_, link.name))
      report_at_key(node, "name", fmt::format("name = \"{}\" is already another link's", link.name),
                    reporter);
    case_.links.push_back(std::move(link));
  }

  std::optional<LinkSpec> linked(const Node& node, const Reporter& reporter) const {
    const std::string name = reporter.text(node, "like", Need::required);
    if (const LinkSpec* link = find_link(case_, name)) return *link;
    report_at_key(node, "like",
                  fmt::format("like = \"{}\": no link of that name stands above{}", name,
                              suggestion(name, link_names(case_.links))),
                  reporter);
    return std::nullopt;
  }

  std::optional<LinkSpec> from_study(const Node& node, const Reporter& reporter) {
    const Member* member = find_member(*node.table(), "study");
    const std::string file = reporter.text(node, "study", Need::required);
    const std::string name = reporter.text(node, "study_link", Need::required);
    if (file.empty() || name.empty()) return std::nullopt;
    try {
      const Study study = read_study(resolve_beside(member->node.place, file), devices_, cards_folder_);
      for (const LinkSpec& link : study.links)
        if (link.name == name) return link;
      report_at_key(node, "study_link",
                    fmt::format("study_link = \"{}\": {} has no such link{}", name, file,
                                suggestion(name, link_names(study.links))),
                    reporter);
    } catch (const Error& error) {
      report_at_key(node, "study", fmt::format("study = \"{}\": {}", file, error.what()), reporter);
    }
    return std::nullopt;
  }

  void read_quantity_of(const Node& node, const std::string& where) {
    std::optional<QuantitySpec> quantity = read_quantity(node, where, case_, problems_);
    if (!quantity) return;
    for (const QuantitySpec& other : case_.quantities)
      if (other.name == quantity->name)
        report_at_key(node, "name", fmt::format("name = \"{}\" is already another quantity's", other.name),
                      {problems_, where});
    case_.quantities.push_back(std::move(*quantity));
  }

  std::vector<std::string> read_names(const Node& node, const std::string& key,
                                      const Reporter& reporter) const {
    const Member* member = find_member(*node.table(), key);
    if (!member) {
      report_at_key(node, key, key + " is missing; write a list of names", reporter);
      return {};
    }
    const FieldInfo row{key, "", Quantity::dimensionless, std::vector<std::string>{}, 0, 0, std::nullopt, {}};
    const auto value = read_value(member->node, key, row, reporter);
    return value ? std::get<std::vector<std::string>>(*value) : std::vector<std::string>{};
  }

  void read_fit(const Node& node, const std::string& where) {
    const Reporter reporter{problems_, where};
    reporter.report_unknown_keys(*node.table(), {"links", "on", "reason", "parameter"});
    FitSpec fit;
    fit.reason = reporter.text(node, "reason", Need::required);
    fit.links = read_names(node, "links", reporter);
    fit.on = read_names(node, "on", reporter);
    for (const std::string& name : fit.links)
      if (!find_link(case_, name))
        report_at_key(node, "links", fmt::format("links: there is no link \"{}\"", name), reporter);
    check_fit_points(node, fit, reporter);
    for_each_table(
        node, "parameter", where, "[[fit.parameter]]", reporter,
        [&](const Node& parameter, const std::string& path) { read_fit_parameter(parameter, path, fit); });
    state_fitted(fit);
    case_.fits.push_back(std::move(fit));
  }

  void check_fit_points(const Node& node, const FitSpec& fit, const Reporter& reporter) const {
    if (fit.on.empty() && find_member(*node.table(), "on"))
      report_at_key(node, "on", "on is empty; name the quantities whose points are fitted", reporter);
    for (const std::string& name : fit.on) {
      const auto found = std::find_if(case_.quantities.begin(), case_.quantities.end(),
                                      [&](const QuantitySpec& q) { return q.name == name; });
      if (found == case_.quantities.end()) {
        report_at_key(node, "on", fmt::format("on: there is no quantity \"{}\"", name), reporter);
      } else if (found->role != Role::fit) {
        report_at_key(
            node, "on",
            fmt::format("on: quantity \"{}\" must have role = \"fit\", or it would count as a prediction",
                        name),
            reporter);
      } else if (found->bound != Bound::value) {
        report_at_key(
            node, "on",
            fmt::format("on: quantity \"{}\" is a limit or an interval; only values can be fitted to", name),
            reporter);
      } else if (std::find(fit.links.begin(), fit.links.end(), found->link) == fit.links.end()) {
        report_at_key(
            node, "on",
            fmt::format("on: link \"{}\" of quantity \"{}\" does not take the fitted values; add it to links",
                        found->link, name),
            reporter);
      }
    }
  }

  void read_fit_parameter(const Node& node, const std::string& where, FitSpec& fit) {
    const Reporter reporter{problems_, where};
    reporter.report_unknown_keys(*node.table(), {"stage", "key", "low", "high", "start"});
    const std::string stage = reporter.text(node, "stage", Need::required),
                      key = reporter.text(node, "key", Need::required);
    if (stage.empty() || key.empty()) return;
    for (const FitParameterSpec& other : fit.parameters)
      if (other.stage == stage && other.key == key)
        return report_at_key(node, "key", fmt::format("{}.{} is fitted already", stage, key), reporter);
    FitParameterSpec parameter{stage, key, Quantity::dimensionless, "", 0.0, 0.0, 0.0};
    const FieldInfo* row = nullptr;
    for (const std::string& name : fit.links) {
      const LinkSpec* link = find_link(case_, name);
      if (!link) continue;
      const ParameterPath path =
          find_parameter(*link, fmt::format("{}.{}", stage, key), node.place, reporter);
      if (path.stage < 0) return;
      row = path.row;
    }
    if (!row) return;
    if (!std::holds_alternative<double>(row->default_value))
      return report_at_key(node, "key", fmt::format("key = \"{}\": only numbers can be fitted", key),
                           reporter);
    parameter.quantity = row->unit;
    bool complete = true;
    for (const auto& [end, target] : {std::pair<const char*, double*>{"low", &parameter.lower},
                                      {"high", &parameter.upper},
                                      {"start", &parameter.start}}) {
      const Member* member = find_member(*node.table(), end);
      if (!member) {
        reporter.report(node.place, fmt::format("{} is missing", end));
        complete = false;
        continue;
      }
      const auto value = read_value(member->node, end, *row, reporter);
      if (value) *target = std::get<double>(*value);
      complete = complete && value.has_value();
      parameter.unit = unit_of(member->node);
    }
    if (!complete) return;
    if (!(parameter.lower < parameter.upper && parameter.lower <= parameter.start &&
          parameter.start <= parameter.upper))
      return reporter.report(node.place, "low, start and high must rise, low below high");
    fit.parameters.push_back(parameter);
  }

  /// Who fits a value does not assume it.
  void state_fitted(const FitSpec& fit) {
    for (LinkSpec& link : case_.links) {
      if (std::find(fit.links.begin(), fit.links.end(), link.name) == fit.links.end()) continue;
      for (const FitParameterSpec& parameter : fit.parameters)
        for (StageSpec& stage : link.stages)
          if (stage.name == parameter.stage) state_parameter(stage, parameter.key, parameter.start);
    }
  }

  void check_fits(const Node& root, const Reporter& top) const {
    std::set<std::string> fitted;
    for (const FitSpec& fit : case_.fits)
      for (const std::string& name : fit.links)
        if (!fitted.insert(name).second)
          top.report(root.place,
                     fmt::format("link \"{}\" takes the values of two fits; make them one", name));
    for (const FitSpec& fit : case_.fits)
      for (const QuantitySpec& q : case_.quantities)
        for (const FitParameterSpec& parameter : fit.parameters)
          if (q.sweep.kind == SweepSpec::Kind::parameter && q.sweep.stage == parameter.stage &&
              q.sweep.key == parameter.key &&
              std::find(fit.links.begin(), fit.links.end(), q.link) != fit.links.end())
            top.report(root.place, fmt::format("quantity \"{}\" sweeps {}.{}, which is fitted", q.name,
                                               parameter.stage, parameter.key));
    std::set<std::string> fitted_to;
    for (const FitSpec& fit : case_.fits) fitted_to.insert(fit.on.begin(), fit.on.end());
    for (const QuantitySpec& q : case_.quantities) {
      if (q.role != Role::fit || fitted_to.contains(q.name)) continue;
      top.report(
          root.place,
          fitted.contains(q.link)
              ? fmt::format("quantity \"{}\" has role = \"fit\", but no fit is on it; what follows from "
                            "a fit is a measurement",
                            q.name)
              : fmt::format("quantity \"{}\" has role = \"fit\", but nothing of link \"{}\" is fitted",
                            q.name, q.link));
    }
  }

  const std::vector<DeviceType>& devices_;
  std::string cards_folder_;
  ProblemList& problems_;
  LinkReader links_;
  CaseSpec case_;
};

}  // namespace

CaseSpec read_case(const std::string& path, const std::vector<DeviceType>& devices,
                   const std::string& cards_folder) {
  ProblemList problems;
  CaseSpec spec = CaseReader(devices, cards_folder, problems).read(path);
  problems.throw_if_any();
  return spec;
}

std::vector<std::string> lint_case(const std::string& path, const std::vector<DeviceType>& devices,
                                   const std::string& cards_folder) {
  ProblemList problems;
  try {
    CaseReader(devices, cards_folder, problems).read(path);
  } catch (const Error& error) {
    return {error.what()};
  }
  return problems.messages();
}

std::vector<std::string> list_cases(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  fs::directory_iterator entries(folder, error);
  if (error)
    throw IoError(
        fmt::format("'{}': {}; give the folder of the cases with --cases", folder, error.message()));
  for (const auto& entry : entries)
    if (fs::exists(entry.path() / "case.toml") || fs::exists(entry.path() / "case.json"))
      names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string case_path(const std::string& folder, const std::string& name) {
  if (name == "overview" || name == "tables")
    throw ConfigError(
        fmt::format("{}/{}: the report uses this name itself; rename the folder of the case", folder, name));
  for (const char* file : {"case.toml", "case.json"}) {
    const fs::path path = fs::path(folder) / name / file;
    if (name.find('/') == name.npos && !name.starts_with('.') && fs::exists(path)) return path.string();
  }
  throw ConfigError(fmt::format("no case '{}' in {}{}", name, folder, suggestion(name, list_cases(folder))));
}

}  // namespace photonlink
