#include "core/parameter_table.hpp"

#include <algorithm>

namespace photonlink {
namespace {

void check_number(const FieldInfo& row, double value) {
  if (std::isnan(value)) throw ConfigError(fmt::format("{} = NaN is not a value; give a number", row.name));
  if (value >= row.lower && value <= row.upper) return;
  throw ConfigError(fmt::format("{} = {} is outside {}", row.name, format_quantity(value, row.unit, 6),
                                format_range(row.lower, row.upper, row.unit)));
}

}  // namespace

std::string format_value(const ParameterValue& value, Quantity unit) {
  if (const auto* number = std::get_if<double>(&value)) return format_quantity(*number, unit, 6);
  if (const auto* integer = std::get_if<int>(&value)) return fmt::format("{}", *integer);
  if (const auto* text = std::get_if<std::string>(&value)) return fmt::format("\"{}\"", *text);
  std::string list;
  if (const auto* words = std::get_if<std::vector<std::string>>(&value)) {
    for (const std::string& word : *words) list += (list.empty() ? "\"" : ", \"") + word + "\"";
    return "[" + list + "]";
  }
  for (double element : std::get<std::vector<double>>(value))
    list += (list.empty() ? "" : ", ") + format_quantity(element, unit, 6);
  return "[" + list + "]";
}

void check_value(const FieldInfo& row, const ParameterValue& value) {
  if (const auto* number = std::get_if<double>(&value)) check_number(row, *number);
  if (const auto* integer = std::get_if<int>(&value)) check_number(row, *integer);
  if (const auto* list = std::get_if<std::vector<double>>(&value))
    for (double element : *list) check_number(row, element);
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (row.choices.empty() || std::find(row.choices.begin(), row.choices.end(), *text) != row.choices.end())
      return;
    throw ConfigError(
        fmt::format("{} = \"{}\" is not one of: {}", row.name, *text, fmt::join(row.choices, ", ")));
  }
}

}  // namespace photonlink
