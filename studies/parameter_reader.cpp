#include "studies/parameter_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "core/spelling.hpp"

namespace photonlink {
namespace {

std::vector<std::string> names_of(const std::vector<FieldInfo>& rows) {
  std::vector<std::string> names;
  names.reserve(rows.size());
  for (const FieldInfo& row : rows) names.push_back(row.name);
  return names;
}

/// One value under one label, and what to say when it is not what the row wants.
struct Cell {
  const Node& node;
  const std::string& label;
  const FieldInfo& row;
  const Reporter& reporter;

  std::nullopt_t wrong(const std::string& reason, const std::string& hint = "") const {
    const std::string allowed = allowed_values(row);
    reporter.report(node.place, fmt::format("{} = {}{}{}{}{}", label, show(node), reason,
                                            allowed.empty() ? "" : "; allowed: ", allowed, hint));
    return std::nullopt;
  }
  std::nullopt_t wrong_kind(std::string_view wanted) const {
    return wrong(fmt::format(" is {}; {} is expected", kind_name(node), wanted));
  }
};

std::string unit_example(const FieldInfo& row) {
  return accepted_units(row.unit).front();
}

std::optional<double> read_number(const Cell& cell) {
  const Node& node = cell.node;
  if (!node.text() && !node.number() && !node.integer()) {
    if (cell.row.unit == Quantity::dimensionless) return cell.wrong_kind("a number");
    return cell.wrong_kind(fmt::format("text with a unit such as \"1 {}\"", unit_example(cell.row)));
  }
  if (const std::string* text = node.text()) {
    if (cell.row.unit == Quantity::dimensionless)
      return cell.wrong(" is text; write a bare number without quotes");
    try {
      const double value = parse_quantity(*text, cell.row.unit);
      if (!std::isfinite(value)) return cell.wrong(" is too large for a number");
      return value;
    } catch (const ConfigError& error) {
      std::string_view why = error.what();
      const std::string quoted = "\"" + *text + "\"";  // the message starts with it, and so does ours
      if (why.starts_with(quoted)) why.remove_prefix(quoted.size());
      return cell.wrong(std::string(why));
    }
  }
  const double value = node.number() ? *node.number() : static_cast<double>(*node.integer());
  if (!std::isfinite(value)) return cell.wrong(" is not finite; give a number");
  if (cell.row.unit == Quantity::dimensionless) return value;
  return cell.wrong(fmt::format(" has no unit; write for example \"{} {}\"", value, unit_example(cell.row)));
}

std::optional<int> read_integer(const Cell& cell) {
  const std::int64_t* value = cell.node.integer();
  if (!value) return cell.wrong_kind("a whole number");
  if (std::abs(static_cast<double>(*value)) > std::numeric_limits<int>::max())
    return cell.wrong(" is out of range");
  return static_cast<int>(*value);
}

std::optional<std::string> read_text(const Cell& cell) {
  const std::string* text = cell.node.text();
  if (!text) return cell.wrong_kind("text in quotes");
  const auto& choices = cell.row.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), *text) == choices.end()) {
    const std::string nearest = nearest_name(*text, choices);
    return cell.wrong(" is no known word",
                      nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest));
  }
  if (!names_files(cell.row)) return *text;
  const std::string path = resolve_beside(cell.node.place, *text);
  std::error_code ignored;
  if (!text->empty() && std::filesystem::is_regular_file(path, ignored)) return path;
  return cell.wrong(
      fmt::format(": there is no file {}; paths are relative to the file that holds them", path));
}

template <class T>
std::optional<T> read_one(const Cell& cell) {
  if constexpr (std::is_same_v<T, double>) return read_number(cell);
  if constexpr (std::is_same_v<T, int>) return read_integer(cell);
  if constexpr (std::is_same_v<T, std::string>) return read_text(cell);
}

/// Reads one scalar and holds it against the range.
template <class T>
std::optional<T> read_checked(const Cell& cell) {
  std::optional<T> value = read_one<T>(cell);
  if (!value) return std::nullopt;
  try {
    FieldInfo labelled = cell.row;
    labelled.name = cell.label;
    check_value(labelled, *value);
  } catch (const ConfigError& error) {
    cell.reporter.report(cell.node.place, error.what());
    return std::nullopt;
  }
  return value;
}

template <class T>
std::optional<ParameterValue> read_list(const Cell& cell) {
  const Node::Array* elements = cell.node.array();
  if (!elements) return cell.wrong_kind("a list [...]");
  std::vector<T> values;
  bool complete = true;
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const std::string label = fmt::format("{}[{}]", cell.label, i);
    const std::optional<T> value = read_checked<T>({(*elements)[i], label, cell.row, cell.reporter});
    complete = complete && value.has_value();
    if (value) values.push_back(*value);
  }
  return complete ? std::optional<ParameterValue>(values) : std::nullopt;
}

/// low <= high element by element; false for words, which have no order.
bool ordered(const ParameterValue& low, const ParameterValue& high) {
  if (const auto* number = std::get_if<double>(&low)) return *number <= std::get<double>(high);
  if (const auto* integer = std::get_if<int>(&low)) return *integer <= std::get<int>(high);
  const auto* low_list = std::get_if<std::vector<double>>(&low);
  if (!low_list) return false;
  const auto& high_list = std::get<std::vector<double>>(high);
  return std::equal(low_list->begin(), low_list->end(), high_list.begin(), high_list.end(),
                    std::less_equal<>());
}

std::optional<ParameterValue> read_bound(const Node& table, const std::string& key, std::string_view end,
                                         const FieldInfo& row, const Reporter& reporter) {
  const std::string label = fmt::format("{}.{}", key, end);
  if (const Member* member = find_member(*table.table(), end))
    return read_value(member->node, label, row, reporter);
  reporter.report(table.place, fmt::format("{} is missing", label));
  return std::nullopt;
}

std::optional<Variation> read_variation(const Member& member, const FieldInfo& row,
                                        const Reporter& reporter) {
  const Node& node = member.node;
  const bool is_number = std::holds_alternative<double>(row.default_value);
  if (!is_number || !node.table()) {
    reporter.report(node.place, !is_number
                                    ? fmt::format("vary {}: only single numbers with a continuous range are "
                                                  "varied; set it as a parameter",
                                                  member.key)
                                    : fmt::format("vary {} = {} is {}; write {{ low = ..., high = ... }}",
                                                  member.key, show(node), kind_name(node)));
    return std::nullopt;
  }
  const Reporter inside{reporter.problems, fmt::format("{}: vary {}", reporter.where, member.key)};
  inside.report_unknown_keys(*node.table(), {"low", "high"});
  const auto low = read_bound(node, "vary " + member.key, "low", row, reporter);
  const auto high = read_bound(node, "vary " + member.key, "high", row, reporter);
  if (!low || !high) return std::nullopt;
  const Variation found{member.key, std::get<double>(*low), std::get<double>(*high)};
  if (found.low < found.high) return found;
  inside.report(node.place, fmt::format("low = {} must lie below high = {}", format_value(*low, row.unit),
                                        format_value(*high, row.unit)));
  return std::nullopt;
}

}  // namespace

bool names_files(const FieldInfo& row) {
  const bool one = std::holds_alternative<std::string>(row.default_value);
  const bool several = std::holds_alternative<std::vector<std::string>>(row.default_value);
  if (!one && !several) return false;
  return row.name == "file" || (several && (row.name == "fext" || row.name == "next")) ||
         row.doc.starts_with("Path");
}

std::string allowed_values(const FieldInfo& row) {
  if (!row.choices.empty()) return fmt::format("one of {}", fmt::join(row.choices, ", "));
  if (std::isinf(row.lower) && std::isinf(row.upper)) return {};
  if (std::isinf(row.upper)) return "at least " + format_quantity(row.lower, row.unit);
  if (std::isinf(row.lower)) return "at most " + format_quantity(row.upper, row.unit);
  return format_range(row.lower, row.upper, row.unit);
}

const FieldInfo* find_row(const std::vector<FieldInfo>& rows, std::string_view name) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const FieldInfo& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

std::optional<ParameterValue> read_value(const Node& node, const std::string& label, const FieldInfo& row,
                                         const Reporter& reporter) {
  const Cell cell{node, label, row, reporter};
  return std::visit(
      [&](const auto& fallback) -> std::optional<ParameterValue> {
        using T = std::decay_t<decltype(fallback)>;
        if constexpr (std::is_same_v<T, std::vector<double>>)
          return read_list<double>(cell);
        else if constexpr (std::is_same_v<T, std::vector<std::string>>)
          return read_list<std::string>(cell);
        else
          return read_checked<T>(cell);
      },
      row.default_value);
}

ParameterSet read_parameters(const Node::Table& table, const std::vector<FieldInfo>& rows,
                             const std::vector<std::string>& reserved, const Reporter& reporter) {
  std::vector<std::string> known = reserved;
  for (const FieldInfo& row : rows) known.push_back(row.name);
  reporter.report_unknown_keys(table, known);
  ParameterSet parameters;
  for (const Member& member : table) {
    const FieldInfo* row = find_row(rows, member.key);
    if (!row || std::find(reserved.begin(), reserved.end(), member.key) != reserved.end()) continue;
    if (const auto value = read_value(member.node, member.key, *row, reporter))
      parameters.emplace_back(member.key, *value);
  }
  return parameters;
}

std::optional<Assumption> read_assumption(const Member& member, const FieldInfo& row,
                                          const Reporter& reporter) {
  const Node& node = member.node;
  const bool is_word = std::holds_alternative<std::string>(row.default_value) ||
                       std::holds_alternative<std::vector<std::string>>(row.default_value);
  if (is_word || !node.table()) {
    reporter.report(
        node.place,
        is_word ? fmt::format("assumed {}: words have no range; set it as a parameter", member.key)
                : fmt::format("assumed {} = {} is {}; write {{ low = ..., high = ..., source = \"...\" }}",
                              member.key, show(node), kind_name(node)));
    return std::nullopt;
  }
  const Reporter inside{reporter.problems, fmt::format("{}: assumed {}", reporter.where, member.key)};
  inside.report_unknown_keys(*node.table(), {"low", "high", "source"});
  const std::string source = inside.text(node, "source", Reporter::Need::required);
  const auto low = read_bound(node, "assumed " + member.key, "low", row, reporter);
  const auto high = read_bound(node, "assumed " + member.key, "high", row, reporter);
  if (!low || !high) return std::nullopt;
  if (!ordered(*low, *high)) {
    inside.report(node.place, fmt::format("low = {} lies above high = {}; swap them",
                                          format_value(*low, row.unit), format_value(*high, row.unit)));
    return std::nullopt;
  }
  return Assumption{member.key, *low, *high, source};
}

std::vector<Assumption> read_assumptions(const Node::Table& table, const std::vector<FieldInfo>& rows,
                                         const Reporter& reporter) {
  reporter.report_unknown_keys(table, names_of(rows));
  std::vector<Assumption> assumptions;
  for (const Member& member : table) {
    const FieldInfo* row = find_row(rows, member.key);
    if (!row) continue;
    if (const auto assumption = read_assumption(member, *row, reporter)) assumptions.push_back(*assumption);
  }
  return assumptions;
}

std::vector<Variation> read_variations(const Node::Table& table, const std::vector<FieldInfo>& rows,
                                       const Reporter& reporter) {
  reporter.report_unknown_keys(table, names_of(rows));
  std::vector<Variation> variations;
  for (const Member& member : table) {
    const FieldInfo* row = find_row(rows, member.key);
    if (!row) continue;
    if (const auto variation = read_variation(member, *row, reporter)) variations.push_back(*variation);
  }
  return variations;
}

}  // namespace photonlink
