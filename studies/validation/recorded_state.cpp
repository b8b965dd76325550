#include "studies/validation/recorded_state.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/spelling.hpp"
#include "io/atomic_file.hpp"
#include "studies/problem_list.hpp"

namespace photonlink {
namespace {

constexpr std::array all_verdicts{Verdict::pass, Verdict::band, Verdict::miss, Verdict::uncomputed};
constexpr std::array all_roles{Role::measurement, Role::alternative, Role::fit,
                               Role::identity,    Role::arithmetic,  Role::code};

// ---- What is recorded of a quantity

std::string_view bound_text(Bound bound) {
  switch (bound) {
    case Bound::value:
      return "";
    case Bound::at_least:
      return "at least, ";
    case Bound::at_most:
      return "at most, ";
    case Bound::interval:
      return "interval, ";
  }
  return "";
}

/// "0.5 dB", "0.5 dB, rms of 12", "at least, 0.1 to 0.4 (mean 0.2) dB, worst of 3".
std::string tolerance_text(const QuantityResult& quantity) {
  std::vector<double> tolerances;
  for (const PointResult& point : quantity.points)
    if (!std::isnan(point.published)) tolerances.push_back(point.tolerance);
  if (tolerances.empty()) return "none";
  const auto [least, largest] = std::minmax_element(tolerances.begin(), tolerances.end());
  double sum = 0.0;
  for (const double each : tolerances) sum += each;
  std::string text = fmt::format("{}{:.4g}", bound_text(quantity.bound), *least);
  if (*least < *largest)
    text += fmt::format(" to {:.4g} (mean {:.4g})", *largest, sum / static_cast<double>(tolerances.size()));
  const std::string& unit = quantity.tolerance_unit.empty() ? quantity.unit : quantity.tolerance_unit;
  if (!unit.empty()) text += " " + unit;
  if (tolerances.size() > 1)
    text += fmt::format(", {} of {}", quantity.measure == Measure::rms ? "rms" : "worst", tolerances.size());
  return text;
}

/// Checksum of what is compared with what: observable, published points, ranges of the assumed inputs.
std::string question_checksum(const CaseResult& result, const QuantityResult& quantity) {
  std::string text = fmt::format("{} {} {}", quantity.observable, quantity.unit, quantity.x_unit);
  for (const PointResult& point : quantity.points)
    if (!std::isnan(point.published))
      text += fmt::format(" {:.9g} {:.9g} {:.9g}", point.x, point.published, point.published_high);
  for (const AssumedRange& each : result.assumed)
    if (each.link == quantity.link)
      text += fmt::format("\n{}.{} {} {}", each.stage, each.key, each.low, each.high);
  return fmt::format("{:08x}",
                     crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
}

RecordedQuantity recorded(const CaseResult& result, const QuantityResult& quantity) {
  return {quantity.role, quantity.verdict, quantity.error, tolerance_text(quantity),
          question_checksum(result, quantity)};
}

// ---- Reading

template <class Value, std::size_t n>
Value read_name(const Node& table, const std::string& key, const std::array<Value, n>& values,
                std::string_view (*name)(Value), const Reporter& reporter) {
  const std::string text = reporter.text(table, key, Reporter::Need::required);
  std::vector<std::string> known;
  for (const Value each : values) {
    if (name(each) == text) return each;
    known.emplace_back(name(each));
  }
  const Member* member = find_member(*table.table(), key);
  if (!text.empty())
    reporter.report(member->node.place, fmt::format("{} = {} is none of {}{}", key, show(member->node),
                                                    fmt::join(known, ", "), suggestion(text, known)));
  return values.front();
}

double read_error(const Node& table, const Reporter& reporter) {
  const Member* member = find_member(*table.table(), "error");
  if (!member) return std::numeric_limits<double>::quiet_NaN();
  if (const double* number = member->node.number()) return *number;
  if (const std::int64_t* integer = member->node.integer()) return static_cast<double>(*integer);
  const std::string* text = member->node.text();
  if (text && *text == "inf") return std::numeric_limits<double>::infinity();
  if (text && *text == "-inf") return -std::numeric_limits<double>::infinity();
  reporter.report(
      member->node.place,
      fmt::format("error = {} is {}; write a number, \"inf\" or \"-inf\", or leave it out where nothing "
                  "was computed",
                  show(member->node), kind_name(member->node)));
  return std::numeric_limits<double>::quiet_NaN();
}

RecordedQuantity read_quantity(const Node& node, const Reporter& reporter) {
  reporter.report_unknown_keys(*node.table(), {"error", "question", "role", "tolerance", "verdict"});
  RecordedQuantity result;
  result.role = read_name(node, "role", all_roles, role_name, reporter);
  result.verdict = read_name(node, "verdict", all_verdicts, verdict_name, reporter);
  result.error = read_error(node, reporter);
  result.tolerance = reporter.text(node, "tolerance", Reporter::Need::required);
  result.question = reporter.text(node, "question", Reporter::Need::required);
  if (std::isnan(result.error) && result.verdict != Verdict::uncomputed &&
      !find_member(*node.table(), "error"))
    reporter.report(node.place, fmt::format("error is missing; only not_computed has none, this is {}",
                                            verdict_name(result.verdict)));
  return result;
}

// ---- Writing

nlohmann::json to_json(const RecordedQuantity& quantity) {
  nlohmann::json json = {{"question", quantity.question},
                         {"role", role_name(quantity.role)},
                         {"tolerance", quantity.tolerance},
                         {"verdict", verdict_name(quantity.verdict)}};
  if (std::isinf(quantity.error)) json["error"] = quantity.error > 0.0 ? "inf" : "-inf";
  if (std::isfinite(quantity.error)) json["error"] = std::stod(fmt::format("{:.3e}", quantity.error));
  return json;
}

std::string on_one_line(const nlohmann::json& json) {
  std::string text;
  for (const auto& [key, value] : json.items())
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", nlohmann::json(key).dump(),
                        value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  return "{" + text + "}";
}

std::string to_text(const RecordedState& state) {
  std::vector<std::string> cases;
  for (const auto& [name, quantities] : state) {
    std::vector<std::string> lines;
    for (const auto& [quantity, entry] : quantities)
      lines.push_back(fmt::format("   {}: {}", nlohmann::json(quantity).dump(), on_one_line(to_json(entry))));
    if (!lines.empty())
      cases.push_back(
          fmt::format("  {}: {{\n{}\n  }}", nlohmann::json(name).dump(), fmt::join(lines, ",\n")));
  }
  return fmt::format("{{\n \"cases\": {{\n{}\n }},\n \"schema\": {}\n}}\n", fmt::join(cases, ",\n"),
                     recorded_schema_version);
}

// ---- Comparing

std::string error_text(double error) {
  return std::isnan(error) ? "not computed" : fmt::format("{:.4g}", error);
}

std::string state_text(const RecordedQuantity& quantity) {
  return fmt::format("{}, error {}", verdict_name(quantity.verdict), error_text(quantity.error));
}

/// The change from `before` to `now`; its text is empty when there is none.
Change change(const std::string& name, const RecordedQuantity& now, const RecordedQuantity& before) {
  const double growth =
      std::abs(now.error) - std::abs(before.error);  // NaN: one not computed, or both infinite
  const double noticed = std::isinf(before.error) ? 0.0 : 0.01 * (1.0 + std::abs(before.error));
  const bool error_grew = growth > noticed, error_shrank = growth < -noticed;
  const bool loosened =
      now.tolerance != before.tolerance || now.role != before.role || now.question != before.question;
  const bool worse = now.verdict > before.verdict || error_grew || loosened;
  if (!worse && now.verdict == before.verdict && !error_shrank) return {name, Change::Kind::worse, ""};

  std::string text(verdict_name(now.verdict));
  if (now.verdict != before.verdict) text += fmt::format(", was {}", verdict_name(before.verdict));
  if (now.verdict != before.verdict || error_grew || error_shrank)
    text += fmt::format("; error {}, was {}", error_text(now.error), error_text(before.error));
  const auto add = [&](std::string_view what, std::string_view from, std::string_view to) {
    if (from != to)
      text +=
          fmt::format("; {} changed from \"{}\" to \"{}\"; record it in a commit of its own", what, from, to);
  };
  add("tolerance", before.tolerance, now.tolerance);
  add("role", role_name(before.role), role_name(now.role));
  if (now.question != before.question)
    text +=
        "; the observable, the published values or an assumed range changed; record it in a commit of its "
        "own";
  return {name, worse ? Change::Kind::worse : Change::Kind::better, text};
}

Change gone(const std::string& name, const RecordedQuantity& before) {
  return {name, Change::Kind::gone, fmt::format("is gone; was {}", state_text(before))};
}

}  // namespace

RecordedState read_recorded(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  const Node root = parse_document(path);
  ProblemList problems;
  const Reporter top{problems, ""};
  top.report_unknown_keys(*root.table(), {"cases", "schema"});
  top.check_schema(root, recorded_schema_version, fmt::format("\"schema\": {}", recorded_schema_version));
  RecordedState state;
  const Node::Table* cases = top.table(*root.table(), "cases");
  if (!cases && !find_member(*root.table(), "cases"))
    top.report(root.place, "cases is missing; add \"cases\": {}");
  for (const Member& each : cases ? *cases : Node::Table{}) {
    const Reporter in_cases{problems, "cases"}, in_case{problems, each.key};
    const Node::Table* quantities = in_cases.table(*cases, each.key);
    for (const Member& quantity : quantities ? *quantities : Node::Table{})
      if (in_case.table(*quantities, quantity.key))
        state[each.key][quantity.key] =
            read_quantity(quantity.node, {problems, each.key + "/" + quantity.key});
  }
  problems.throw_if_any();
  return state;
}

void write_recorded(const std::string& path, const std::vector<CaseResult>& cases,
                    const RecordedState& previous) {
  RecordedState state = previous;
  for (const CaseResult& each : cases) {
    auto& quantities = state[each.name];
    quantities.clear();
    for (const QuantityResult& quantity : each.quantities)
      quantities[quantity.name] = recorded(each, quantity);
  }
  write_file_atomically(path, to_text(state));
}

std::vector<Change> compare_with_recorded(const std::vector<CaseResult>& cases, const RecordedState& state,
                                          Run run) {
  std::vector<Change> changes;
  RecordedState left = state;
  for (const CaseResult& each : cases) {
    auto& before = left[each.name];
    for (const QuantityResult& quantity : each.quantities) {
      const std::string name = each.name + "/" + quantity.name;
      const RecordedQuantity now = recorded(each, quantity);
      const auto found = before.find(quantity.name);
      if (found == before.end()) {
        changes.push_back({name, Change::Kind::added, "is not recorded yet; " + state_text(now)});
        continue;
      }
      Change found_change = change(name, now, found->second);
      if (!found_change.text.empty()) changes.push_back(std::move(found_change));
      before.erase(found);
    }
    for (const auto& [quantity, entry] : before) changes.push_back(gone(each.name + "/" + quantity, entry));
    left.erase(each.name);
  }
  if (run == Run::all_cases)
    for (const auto& [name, quantities] : left)
      for (const auto& [quantity, entry] : quantities)
        changes.push_back(gone(fmt::format("{}/{}", name, quantity), entry));
  return changes;
}

}  // namespace photonlink
