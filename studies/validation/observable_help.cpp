#include "studies/validation/observable_help.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "studies/parameter_reader.hpp"
#include "studies/text_table.hpp"
#include "studies/validation/observable.hpp"

namespace photonlink {
namespace {

std::string unit_text(Quantity unit) {
  return unit == Quantity::dimensionless ? "number" : accepted_units(unit).front();
}

std::string kind_of(const FieldInfo& row) {
  if (std::holds_alternative<std::vector<std::string>>(row.default_value)) return "list of texts";
  if (!row.choices.empty()) return fmt::format("{}", fmt::join(row.choices, ", "));
  return std::string(quantity_name(row.unit));
}

std::string kind_text(const ObservableType& type) {
  return type.x_unit
             ? fmt::format("{} over {} [{}]", unit_text(type.unit), type.x_label, unit_text(*type.x_unit))
             : unit_text(type.unit);
}

}  // namespace

std::string observable_list_text(int width) {
  std::string text;
  for (const ObservableType& type : observable_types()) {
    text += fmt::format("{}  [{}]\n", type.name, kind_text(type));
    const auto columns = static_cast<std::size_t>(std::max(width, 0));
    text += "  " + text_table::wrapped(type.doc, columns > 4 ? columns - 2 : 0, 2) + "\n";
    if (!type.arguments.empty()) text += fmt::format("  arguments: {}\n", fmt::join(type.arguments, ", "));
  }
  text += "\nArguments\n";
  for (const FieldInfo& row : describe<ObservableArguments>())
    text += fmt::format("  {:<16} {} [{}], default {}\n", row.name, row.doc, kind_of(row),
                        format_value(row.default_value, row.unit));
  return text;
}

std::string observable_list_markdown() {
  std::string text = "| observable | unit | arguments | meaning |\n|---|---|---|---|\n";
  for (const ObservableType& type : observable_types())
    text += fmt::format("| `{}` | {} | {} | {} |\n", type.name, kind_text(type),
                        type.arguments.empty() ? "" : fmt::format("`{}`", fmt::join(type.arguments, "` `")),
                        type.doc);
  text += "\n| argument | kind | default | meaning |\n|---|---|---|---|\n";
  for (const FieldInfo& row : describe<ObservableArguments>())
    text += fmt::format("| `{}` | {} | {} | {} |\n", row.name, kind_of(row),
                        format_value(row.default_value, row.unit), row.doc);
  return text;
}

}  // namespace photonlink
