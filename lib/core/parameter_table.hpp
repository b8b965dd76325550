/// One self-describing table per parameter struct drives file keys, range errors, help, HDF5 attributes and,
/// through `ideal`, the penalty of each effect.
///
///     struct FiberParameters { double length_m = 0.0; ... };
///     template <> ParameterTable<FiberParameters> parameter_table();   // one row per member
///
/// A reader sets members by name through `set()`; nothing else knows the offsets.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.hpp"
#include "core/quantity.hpp"

namespace photonlink {

/// Value of one parameter in SI, independent of the struct that holds it.
using ParameterValue = std::variant<double, int, std::string, std::vector<double>, std::vector<std::string>>;

/// One row of a table. `lower` and `upper` are inclusive and bound each element of a list.
template <class P>
struct Field {
  std::string_view name;  ///< file key, equal to the member name without its unit suffix
  std::string_view doc;   ///< one sentence: meaning, symbol, source of the default
  Quantity unit = Quantity::dimensionless;
  std::variant<double P::*, int P::*, std::string P::*, std::vector<double> P::*,
               std::vector<std::string> P::*>
      member;
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  std::optional<double> ideal = std::nullopt;  ///< value at which the effect vanishes
  std::vector<std::string_view> choices = {};  ///< allowed words of a text field, empty: any
};

/// The same row without its type: what help, schema, lint and writers see.
struct FieldInfo {
  std::string name, doc;
  Quantity unit;
  ParameterValue default_value;
  double lower, upper;
  std::optional<double> ideal;
  std::vector<std::string> choices;
};

template <class P>
using ParameterTable = std::vector<Field<P>>;

/// Specialised next to each parameter struct.
template <class P>
const ParameterTable<P>& parameter_table();

inline std::string format_range(double lower, double upper, Quantity unit) {
  return fmt::format("[{}, {}]", format_quantity(lower, unit), format_quantity(upper, unit));
}

// Not inlined: g++ 12 otherwise warns of uninitialised members that the visited struct does not have.
template <class P>
[[gnu::noinline]] ParameterValue get(const P& parameters, const Field<P>& field) {
  return std::visit([&](auto member) -> ParameterValue { return parameters.*member; }, field.member);
}

template <class P>
std::vector<FieldInfo> describe() {
  std::vector<FieldInfo> rows;
  const P defaults{};
  for (const Field<P>& f : parameter_table<P>()) {
    rows.push_back({std::string(f.name),
                    std::string(f.doc),
                    f.unit,
                    get(defaults, f),
                    f.lower,
                    f.upper,
                    f.ideal,
                    {f.choices.begin(), f.choices.end()}});
  }
  return rows;
}

/// Text of a value as a user would write it in a file.
std::string format_value(const ParameterValue& value, Quantity unit);
/// @throws ConfigError when `value` lies outside the row's range, is not finite, or is no allowed word.
void check_value(const FieldInfo& row, const ParameterValue& value);

/// Sets one member by name. @throws ConfigError on an unknown name, wrong type or value outside its range.
template <class P>
void set(P& parameters, std::string_view name, const ParameterValue& value) {
  const auto rows = describe<P>();
  const auto& table = parameter_table<P>();
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].name != name) continue;
    check_value(rows[i], value);
    std::visit(
        [&](auto member) {
          using T = std::decay_t<decltype(parameters.*member)>;
          if (const T* typed = std::get_if<T>(&value)) {
            parameters.*member = *typed;
          } else {
            throw ConfigError(fmt::format("{}: a value of another type is expected", name));
          }
        },
        table[i].member);
    return;
  }
  throw ConfigError(fmt::format("{}: unknown parameter", name));
}

/// Checks every member of a struct that was filled by code rather than by a reader.
template <class P>
void check(const P& parameters, std::string_view owner) {
  const auto rows = describe<P>();
  const auto& table = parameter_table<P>();
  for (std::size_t i = 0; i < table.size(); ++i) {
    try {
      check_value(rows[i], get(parameters, table[i]));
    } catch (const ConfigError& error) {
      throw ConfigError(fmt::format("{}: {}", owner, error.what()));
    }
  }
}

}  // namespace photonlink
