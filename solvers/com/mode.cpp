#include "solvers/com/mode.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"

namespace photonlink::com {
namespace {

const std::vector<Mode>& modes() {
  static const std::vector<Mode> table{
      {"standard", false, false, 2.0, 1e-6},
      {"script-4.50", true, true, 2.0, 1e-3},
      {"script-3.70", true, true, 1.0, 1e-3},
  };
  return table;
}

}  // namespace

std::vector<std::string> mode_names() {
  std::vector<std::string> names;
  names.reserve(modes().size());
  for (const Mode& each : modes()) names.push_back(each.name);
  return names;
}

Mode mode(std::string_view name) {
  for (const Mode& each : modes())
    if (each.name == name) return each;
  throw ConfigError(fmt::format("'{}' is no mode; there are {}", name, fmt::join(mode_names(), ", ")));
}

}  // namespace photonlink::com
