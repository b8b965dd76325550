#include "studies/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace photonlink::json_text {
namespace {

/// Arrays of plain values on one line: a curve of 500 points is not 500 lines.
void append(std::string& text, const Json& json, int indent) {
  const bool plain =
      std::none_of(json.begin(), json.end(), [](const Json& item) { return item.is_structured(); });
  if (!json.is_structured() || json.empty() || (json.is_array() && plain)) {
    // Invalid UTF-8 in a study text must not lose the results: it is shown as U+FFFD.
    text += json.dump(-1, ' ', false, Json::error_handler_t::replace);
    return;
  }
  const std::string space(static_cast<std::size_t>(indent + 1), ' ');
  text += json.is_array() ? '[' : '{';
  bool first = true;
  for (const auto& [key, value] : json.items()) {
    text += (first ? "\n" : ",\n") + space;
    if (json.is_object()) text += Json(key).dump(-1, ' ', false, Json::error_handler_t::replace) + ": ";
    append(text, value, indent + 1);
    first = false;
  }
  text += "\n" + space.substr(1) + (json.is_array() ? ']' : '}');
}

}  // namespace

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json numbers(const std::vector<double>& values) {
  return list_of(values, number);
}

Json rounded(const std::vector<double>& values) {
  return list_of(values, [](double value) {
    return std::isfinite(value) ? Json(std::stod(fmt::format("{:.5e}", value))) : Json(nullptr);
  });
}

std::string document(const Json& json) {
  std::string text;
  append(text, json, 0);
  return text + "\n";
}

}  // namespace photonlink::json_text
