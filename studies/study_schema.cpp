#include "studies/study_schema.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "studies/link_table.hpp"

namespace photonlink {
namespace {

using Json = nlohmann::ordered_json;

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

Json list_of(Json items) {
  return {{"type", "array"}, {"items", std::move(items)}};
}

Json value_schema(const FieldInfo& row) {
  if (std::holds_alternative<double>(row.default_value)) return number_schema(row, "number");
  if (std::holds_alternative<int>(row.default_value)) return number_schema(row, "integer");
  if (std::holds_alternative<std::string>(row.default_value)) return text_schema(row);
  if (std::holds_alternative<std::vector<double>>(row.default_value))
    return list_of(number_schema(row, "number"));
  return list_of(text_schema(row));
}

Json described(Json schema, const FieldInfo& row) {
  schema["description"] = row.doc;
  return schema;
}

Json object_schema(Json properties, const std::vector<std::string>& required) {
  Json json{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) json["required"] = required;  // draft-04 forbids an empty list
  return json;
}

bool has_range(const FieldInfo& row) {
  return !std::holds_alternative<std::string>(row.default_value) &&
         !std::holds_alternative<std::vector<std::string>>(row.default_value);
}

Json stage_schema(const DeviceType& device) {
  const Json nonempty{{"type", "string"}, {"minLength", 1}};
  Json properties{{"device", {{"enum", {device.name}}}}, {"name", nonempty}, {"card", nonempty}};
  Json assumed = Json::object();
  for (const FieldInfo& row : device.fields) {
    properties[row.name] = described(value_schema(row), row);
    if (has_range(row))
      assumed[row.name] =
          object_schema({{"low", value_schema(row)}, {"high", value_schema(row)}, {"source", nonempty}},
                        {"low", "high", "source"});
  }
  properties["assumed"] = object_schema(std::move(assumed), {});
  Json schema = object_schema(std::move(properties), {"device"});
  schema["description"] = device.summary;
  return schema;
}

Json link_schema() {
  Json properties{{"name", {{"type", "string"}, {"pattern", "^[a-z0-9_]+$"}}}};
  for (const FieldInfo& row : describe<LinkSpec>()) properties[row.name] = described(value_schema(row), row);
  properties["stage"] = {{"type", "array"}, {"minItems", 1}, {"items", {{"$ref", "#/definitions/stage"}}}};
  return object_schema(std::move(properties), {"name", "symbol_rate", "stage"});
}

}  // namespace

std::string study_schema(const std::vector<DeviceType>& devices) {
  Json definitions = Json::object();
  Json any_stage = Json::array();
  for (const DeviceType& device : devices) {
    definitions["device_" + device.name] = stage_schema(device);
    any_stage.push_back({{"$ref", "#/definitions/device_" + device.name}});
  }
  definitions["stage"] = {{"oneOf", std::move(any_stage)}};
  definitions["link"] = link_schema();
  const Json text{{"type", "string"}};
  Json schema{{"$schema", "http://json-schema.org/draft-04/schema#"},
              {"$id", fmt::format("urn:photonlink:study:{}", study_schema_version)},
              {"title", "photonlink study"}};
  schema.update(object_schema(
      {{"$schema", text},
       {"schema", {{"enum", {study_schema_version}}}},
       {"name", {{"type", "string"}, {"pattern", "^[a-z0-9_]+$"}}},
       {"title", text},
       {"description", text},
       {"link", {{"type", "array"}, {"minItems", 1}, {"items", {{"$ref", "#/definitions/link"}}}}}},
      {"schema", "name", "link"}));
  schema["definitions"] = std::move(definitions);
  return schema.dump(2) + "\n";
}

}  // namespace photonlink
