/// Cards: parameter sets of real, cited parts.
///
///     device = "microring_modulator"
///     title = "..."
///     source = "citation"
///     [parameters]
///     q_loaded = 5000
///     [notes]                       # optional: where one value comes from
///     q_loaded = "Table 1"
///     [assumed]                     # optional: what no publication gives
///     responsivity = { low = "0.7 A/W", high = "1.0 A/W", source = "..." }
#pragma once

#include <optional>

#include "studies/problem_list.hpp"
#include "studies/study.hpp"

namespace photonlink {

struct Card {
  std::string device, title, source;
  ParameterSet parameters;
  std::vector<std::pair<std::string, std::string>> notes;  ///< parameter, where its value comes from
  std::vector<Assumption> assumed;
};

/// @param path card file, .toml or .json.
/// @throws IoError when it cannot be read. @throws ConfigError naming every problem, one per line.
Card read_card(const std::string& path, const std::vector<DeviceType>& devices);

/// The same inside a larger reading: problems go to `problems`; nullopt when there were any.
std::optional<Card> read_card(const std::string& path, const std::vector<DeviceType>& devices,
                              ProblemList& problems);

/// Reports an assumption whose parameter is set outside its range.
void check_nominals(const ParameterSet& parameters, const std::vector<Assumption>& assumed,
                    const std::vector<FieldInfo>& rows, const Place& place, const Reporter& reporter);

/// Device under the key `device` of `table`, nullptr after reporting.
const DeviceType* read_device(const Node& table, const std::vector<DeviceType>& devices,
                              const Reporter& reporter);

}  // namespace photonlink
