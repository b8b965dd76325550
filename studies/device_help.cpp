#include "studies/device_help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "studies/parameter_reader.hpp"

namespace photonlink {
namespace {

using Json = nlohmann::ordered_json;

constexpr int narrowest_width = 40;

/// Columns of UTF-8 text without combining letters: bytes that start a letter.
int columns(std::string_view text) {
  return static_cast<int>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Words of `text` in lines of `width` columns, every line but the first indented. A longer word stays whole.
std::string wrap(std::string_view text, int first_column, int indent, int width) {
  std::string out;
  int column = first_column;
  bool line_is_empty = true;
  while (!text.empty()) {
    const auto space = text.find_first_of(" \n");
    const std::string_view word = text.substr(0, space);
    text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
    if (word.empty()) continue;
    if (!line_is_empty && column + 1 + columns(word) > width) {
      out += "\n" + std::string(static_cast<std::size_t>(indent), ' ');
      column = indent;
      line_is_empty = true;
    }
    if (!line_is_empty) {
      out += ' ';
      ++column;
    }
    out += word;
    column += columns(word);
    line_is_empty = false;
  }
  return out;
}

std::string indented(std::string_view text, int indent, int width) {
  return std::string(static_cast<std::size_t>(indent), ' ') + wrap(text, indent, indent, width) + "\n";
}

std::string type_name(const FieldInfo& row) {
  std::string number = row.unit == Quantity::dimensionless ? "number" : std::string(quantity_name(row.unit));
  if (std::holds_alternative<double>(row.default_value)) return number;
  if (std::holds_alternative<int>(row.default_value)) return "whole number";
  if (std::holds_alternative<std::vector<double>>(row.default_value)) return "list of: " + number;
  const std::string text = names_files(row) ? "path" : "text";
  return std::holds_alternative<std::string>(row.default_value) ? text : "list of: " + text;
}

/// The facts of one row in the order a reader asks for them.
std::string facts(const FieldInfo& row) {
  std::string line = type_name(row);
  const auto units = accepted_units(row.unit);
  if (!units.empty()) line += fmt::format(" [{}]", stored_unit(row.unit));
  line += ", default " + format_value(row.default_value, row.unit);
  const std::string allowed = allowed_values(row);
  if (!allowed.empty()) line += ", allowed " + allowed;
  if (row.ideal) line += ", ideal " + format_quantity(*row.ideal, row.unit);
  return line;
}

Json to_json(const ParameterValue& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

Json to_json(const FieldInfo& row) {
  Json json{{"name", row.name}, {"type", type_name(row)}};
  if (row.unit != Quantity::dimensionless) {
    json["quantity"] = quantity_name(row.unit);
    json["unit"] = stored_unit(row.unit);
    json["accepted_units"] = accepted_units(row.unit);
  }
  json["default"] = to_json(row.default_value);
  if (std::isfinite(row.lower)) json["minimum"] = row.lower;
  if (std::isfinite(row.upper)) json["maximum"] = row.upper;
  if (row.ideal)
    json["ideal"] = std::isfinite(*row.ideal) ? Json(*row.ideal) : Json(fmt::format("{}", *row.ideal));
  if (!row.choices.empty()) json["choices"] = row.choices;
  json["doc"] = row.doc;
  return json;
}

Json to_json(const DeviceType& device) {
  Json parameters = Json::array();
  for (const FieldInfo& row : device.fields) parameters.push_back(to_json(row));
  return {{"name", device.name},
          {"summary", device.summary},
          {"validity", device.validity},
          {"parameters", std::move(parameters)}};
}

}  // namespace

std::string device_list_text(const std::vector<DeviceType>& devices, int width) {
  width = std::max(width, narrowest_width);
  int longest = 0;
  for (const DeviceType& device : devices) longest = std::max(longest, columns(device.name));
  const int indent = std::min(longest + 2, width / 2);
  std::string out;
  for (const DeviceType& device : devices) {
    out += device.name;
    const int used = columns(device.name);
    // A name too long for its column takes a line of its own.
    if (used + 2 > indent) out += "\n" + std::string(static_cast<std::size_t>(indent), ' ');
    if (used + 2 <= indent) out += std::string(static_cast<std::size_t>(indent - used), ' ');
    out += wrap(device.summary, indent, indent, width) + "\n";
  }
  return out;
}

std::string device_text(const DeviceType& device, int width) {
  width = std::max(width, narrowest_width);
  std::string out = device.name + "\n" + indented(device.summary, 2, width);
  if (!device.validity.empty()) out += indented("Validity: " + device.validity, 2, width);
  out += "\nParameters\n";
  for (const FieldInfo& row : device.fields)
    out += "  " + row.name + "\n" + indented(row.doc, 6, width) + indented(facts(row), 6, width);
  return out;
}

std::string device_list_json(const std::vector<DeviceType>& devices) {
  Json list = Json::array();
  for (const DeviceType& device : devices) list.push_back(to_json(device));
  return list.dump(2) + "\n";
}

std::string device_json(const DeviceType& device) {
  return to_json(device).dump(2) + "\n";
}

}  // namespace photonlink
