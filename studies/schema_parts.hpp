/// Parts of JSON Schemas (draft-04 subset) that study and case files share, generated from the same tables as
/// the readers.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "devices/registry.hpp"

namespace photonlink::schema {

using Json = nlohmann::ordered_json;

inline constexpr const char* dialect = "http://json-schema.org/draft-04/schema#";

Json text();
Json nonempty_text();
/// Key of a link or a quantity: `a-z 0-9 _`.
Json name();
/// The value of a parameter: a number with one of the accepted units, a number within its limits, one of the
/// choices, or a list of them.
Json value(const FieldInfo& row);
Json list_of(Json items);
/// At least one of what `definition` names.
Json some_of(const std::string& definition);
/// `schema` with the row's text as description.
Json described(Json schema, const FieldInfo& row);
/// A table with these keys and no others.
Json object(Json properties, const std::vector<std::string>& required = {});

/// Definitions `stage` and one `device_<name>` each.
Json stage_definitions(const std::vector<DeviceType>& devices);
/// Keys of [[link]] in a study.
Json link_properties();

}  // namespace photonlink::schema
