#include "studies/study_schema.hpp"

#include <fmt/format.h>

#include "studies/link_table.hpp"
#include "studies/path_reader.hpp"
#include "studies/schema_parts.hpp"

namespace photonlink {

std::string study_schema(const std::vector<DeviceType>& devices) {
  using namespace schema;
  Json definitions = stage_definitions(devices);
  definitions["link"] = object(link_properties(), {"name", "symbol_rate", "stage"});
  Json root{{"$schema", dialect},
            {"$id", fmt::format("urn:photonlink:study:{}", study_schema_version)},
            {"title", "photonlink study"}};
  root.update(object({{"$schema", text()},
                      {"schema", {{"enum", {study_schema_version}}}},
                      {"name", name()},
                      {"title", text()},
                      {"description", text()},
                      {"link", some_of("link")},
                      {"path", list_of(path_schema())}},
                     {"schema", "name", "link"}));
  root["definitions"] = std::move(definitions);
  return root.dump(2) + "\n";
}

}  // namespace photonlink
