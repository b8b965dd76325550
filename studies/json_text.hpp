/// What all JSON writers share: NaN as null, rounded curves, text that a person can still read.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace photonlink::json_text {

using Json = nlohmann::ordered_json;

/// Null for NaN and infinity: not computed, or below what a method resolves.
Json number(double value);
Json numbers(const std::vector<double>& values);
/// Points of a curve to 6 significant digits: more than any picture or fit needs is noise in the file.
Json rounded(const std::vector<double>& values);

template <class Item, class Convert>
Json list_of(const std::vector<Item>& items, Convert convert) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(convert(item));
  return list;
}

/// One line per entry, arrays of plain values on one line, a line break at the end.
std::string document(const Json& json);

}  // namespace photonlink::json_text
