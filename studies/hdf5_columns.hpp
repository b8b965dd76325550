/// Records to the arrays that HDF5 holds.
#pragma once

#include <type_traits>
#include <vector>

namespace photonlink {

/// `get` of every item.
template <class Item, class Get>
auto column(const std::vector<Item>& items, Get get) {
  std::vector<std::decay_t<decltype(get(items.front()))>> values;
  values.reserve(items.size());
  for (const Item& item : items) values.push_back(get(item));
  return values;
}

/// 0, 1, ... count - 1: a dimension without a coordinate of its own.
inline std::vector<double> indices(std::size_t count) {
  std::vector<double> values;
  values.reserve(count);
  for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<double>(i));
  return values;
}

}  // namespace photonlink
