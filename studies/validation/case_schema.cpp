#include "studies/validation/case_schema.hpp"

#include <fmt/format.h>

#include "studies/schema_parts.hpp"
#include "studies/validation/case_reader.hpp"
#include "studies/validation/observable.hpp"
#include "studies/validation/quantity_words.hpp"

namespace photonlink {
namespace {

using schema::Json;

/// A value whose unit only the chain or the observable tells.
Json any_number() {
  return {{"type", {"number", "string"}}};
}

Json with(Json json, const char* description) {
  json["description"] = description;
  return json;
}

Json two_texts() {
  Json list = schema::list_of(schema::text());
  list["minItems"] = list["maxItems"] = 2;
  return list;
}

/// A table whose keys are "stage.key".
Json by_parameter(Json value) {
  return {{"type", "object"},
          {"patternProperties", {{"^.+\\..+$", std::move(value)}}},
          {"additionalProperties", false}};
}

Json link() {
  const Json range =
      schema::object({{"low", any_number()}, {"high", any_number()}, {"source", schema::nonempty_text()}},
                     {"low", "high", "source"});
  Json properties = schema::link_properties();
  properties["like"] = with(schema::text(), "Start from this link, which stands above.");
  properties["study"] = with(schema::text(), "Start from a link of this study file.");
  properties["study_link"] = with(schema::text(), "Name of the link in the study file.");
  properties["remove"] = with(schema::list_of(schema::text()), "Stages to drop.");
  properties["set"] = with(by_parameter({{"type", {"number", "string", "array"}}}),
                           "Parameters to state, \"stage.key\"; a stated value is no longer assumed.");
  properties["assumptions"] = with({{"type", "boolean"}}, "false: drop every assumption.");
  properties["assume"] = with(by_parameter(range), "Parameters to assume within a range, \"stage.key\".");
  Json json = schema::object(std::move(properties), {"name"});
  json["oneOf"] = {
      {{"required", {"stage"}}}, {{"required", {"like"}}}, {{"required", {"study", "study_link"}}}};
  return json;
}

Json observable_names() {
  Json names = Json::array();
  for (const ObservableType& type : observable_types()) names.push_back(type.name);
  return {{"enum", std::move(names)}};
}

Json quantity() {
  Json published = any_number();
  published["type"].push_back("array");
  Json properties{
      {"name", schema::name()},
      {"link", schema::text()},
      {"observable", observable_names()},
      {"published", with(published, "A value; a list, one for each point of at; or two, an interval.")},
      {"at", with(schema::list_of(any_number()), "Points of the sweep or of the curve.")},
      {"data", with(schema::text(), "CSV file that holds the points instead.")},
      {"columns", with(two_texts(), "Its columns, abscissa and value.")},
      {"units", with(two_texts(), "Their units.")},
      {"sweep", with(schema::text(), "What changes: an argument of the observable, or \"stage.key\".")},
      {"tolerance", with(any_number(), "How near is near enough: a quantity, or \"10 %\" of each value.")},
      {"reading_error", with(any_number(), "Of the published values.")}};
  for (const FieldInfo& row : describe<QuantityWords>())
    properties[row.name] = schema::described(schema::value(row), row);
  for (const FieldInfo& row : describe<ObservableArguments>())
    properties[row.name] = schema::described(schema::value(row), row);
  Json json = schema::object(std::move(properties), {"name", "link", "observable", "tolerance", "reason"});
  json["oneOf"] = {{{"required", {"published"}}}, {{"required", {"data"}}}};
  return json;
}

Json fit() {
  const Json names = schema::list_of(schema::text());
  Json parameter = schema::object({{"stage", schema::text()},
                                   {"key", schema::text()},
                                   {"low", any_number()},
                                   {"high", any_number()},
                                   {"start", any_number()}},
                                  {"stage", "key", "low", "high", "start"});
  return schema::object({{"links", with(names, "Links that take the fitted values.")},
                         {"on", with(names, "Quantities whose points are fitted.")},
                         {"reason", with(schema::text(), "Why the record allows a fit.")},
                         {"parameter", {{"type", "array"}, {"minItems", 1}, {"items", parameter}}}},
                        {"links", "on", "reason", "parameter"});
}

}  // namespace

std::string case_schema(const std::vector<DeviceType>& devices) {
  Json root{{"$schema", schema::dialect},
            {"$id", fmt::format("urn:photonlink:case:{}", case_schema_version)},
            {"title", "photonlink validation case"}};
  root.update(
      schema::object({{"$schema", schema::text()},
                      {"schema", {{"enum", {case_schema_version}}}},
                      {"title", schema::text()},
                      {"family", with(schema::text(), "Groups the summary.")},
                      {"citation", schema::text()},
                      {"doi", schema::text()},
                      {"read", with(schema::text(), "How the values were read, with their error.")},
                      {"note", schema::text()},
                      {"published_inputs", {{"type", "object"}, {"additionalProperties", schema::text()}}},
                      {"link", schema::some_of("link")},
                      {"quantity", schema::some_of("quantity")},
                      {"fit", schema::list_of(fit())}},
                     {"schema", "title", "family", "citation", "read", "link", "quantity"}));
  Json definitions = schema::stage_definitions(devices);
  definitions["link"] = link();
  definitions["quantity"] = quantity();
  root["definitions"] = std::move(definitions);
  return root.dump(2) + "\n";
}

}  // namespace photonlink
