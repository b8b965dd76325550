#include "studies/schema_parts.hpp"

#include <fmt/format.h>

#include <cmath>

#include "studies/link_table.hpp"

namespace photonlink::schema {
namespace {

std::string escape_regex(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("^$\\.*+?()[]{}|/").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

/// Number, optional blanks, one accepted unit; the same language as parse_quantity().
Json quantity_schema(Quantity unit) {
  std::string units;
  for (const std::string& spelling : accepted_units(unit))
    units += (units.empty() ? "" : "|") + escape_regex(spelling);
  const std::string number = "[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?";
  return {{"type", "string"}, {"pattern", fmt::format("^[ \\t]*{}[ \\t]*({})[ \\t]*$", number, units)}};
}

Json number_schema(const FieldInfo& row, const char* type) {
  if (row.unit != Quantity::dimensionless) return quantity_schema(row.unit);
  Json json{{"type", type}};
  if (std::isfinite(row.lower)) json["minimum"] = row.lower;
  if (std::isfinite(row.upper)) json["maximum"] = row.upper;
  return json;
}

Json text_schema(const FieldInfo& row) {
  Json json{{"type", "string"}};
  if (!row.choices.empty()) json["enum"] = row.choices;
  return json;
}

bool has_range(const FieldInfo& row) {
  return !std::holds_alternative<std::string>(row.default_value) &&
         !std::holds_alternative<std::vector<std::string>>(row.default_value);
}

Json stage_schema(const DeviceType& device) {
  Json properties{
      {"device", {{"enum", {device.name}}}}, {"name", nonempty_text()}, {"card", nonempty_text()}};
  Json assumed = Json::object(), vary = Json::object();
  for (const FieldInfo& row : device.fields) {
    properties[row.name] = described(value(row), row);
    if (has_range(row))
      assumed[row.name] = object({{"low", value(row)}, {"high", value(row)}, {"source", nonempty_text()}},
                                 {"low", "high", "source"});
    if (std::holds_alternative<double>(row.default_value))
      vary[row.name] = object({{"low", value(row)}, {"high", value(row)}}, {"low", "high"});
  }
  properties["assumed"] = object(std::move(assumed));
  properties["vary"] = object(std::move(vary));
  Json schema = object(std::move(properties), {"device"});
  schema["description"] = device.summary;
  return schema;
}

}  // namespace

Json text() {
  return {{"type", "string"}};
}

Json nonempty_text() {
  return {{"type", "string"}, {"minLength", 1}};
}

Json name() {
  return {{"type", "string"}, {"pattern", "^[a-z0-9_]+$"}};
}

Json value(const FieldInfo& row) {
  if (std::holds_alternative<double>(row.default_value)) return number_schema(row, "number");
  if (std::holds_alternative<int>(row.default_value)) return number_schema(row, "integer");
  if (std::holds_alternative<std::string>(row.default_value)) return text_schema(row);
  if (std::holds_alternative<std::vector<double>>(row.default_value))
    return list_of(number_schema(row, "number"));
  return list_of(text_schema(row));
}

Json list_of(Json items) {
  return {{"type", "array"}, {"items", std::move(items)}};
}

Json some_of(const std::string& definition) {
  return {{"type", "array"}, {"minItems", 1}, {"items", {{"$ref", "#/definitions/" + definition}}}};
}

Json described(Json schema, const FieldInfo& row) {
  schema["description"] = row.doc;
  return schema;
}

Json object(Json properties, const std::vector<std::string>& required) {
  Json json{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) json["required"] = required;  // draft-04 forbids an empty list
  return json;
}

Json stage_definitions(const std::vector<DeviceType>& devices) {
  Json definitions = Json::object();
  Json any_stage = Json::array();
  for (const DeviceType& device : devices) {
    definitions["device_" + device.name] = stage_schema(device);
    any_stage.push_back({{"$ref", "#/definitions/device_" + device.name}});
  }
  definitions["stage"] = {{"oneOf", std::move(any_stage)}};
  return definitions;
}

Json link_properties() {
  Json properties{{"name", name()}};
  for (const FieldInfo& row : describe<LinkSpec>()) properties[row.name] = described(value(row), row);
  Json point = Json::object();
  for (const FieldInfo& row : describe<OperatingPointGoal>()) point[row.name] = described(value(row), row);
  properties["operating_point"] = object(std::move(point));
  Json locking = Json::object();
  for (const FieldInfo& row : describe<LockingParameters>()) locking[row.name] = described(value(row), row);
  properties["locking"] = object(std::move(locking), {"stage"});
  properties["stage"] = some_of("stage");
  return properties;
}

}  // namespace photonlink::schema
