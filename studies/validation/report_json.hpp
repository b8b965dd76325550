/// A validation report as JSON with stable keys, in the order of docs/results.md.
///
/// Values are in the unit that the case file writes, named beside them; errors are in tolerances. NaN becomes
/// null. Numbers round-trip exactly but the model's fine curve, which has 6 significant digits.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "studies/provenance.hpp"
#include "studies/validation/case_result.hpp"

namespace photonlink {

inline constexpr int validation_schema_version = 1;

/// Words of the file format: `at_least`, `rms`.
std::string bound_key(Bound bound);
std::string measure_key(Measure measure);

nlohmann::ordered_json to_json(const CaseResult& result);
/// The whole document; of `provenance` the program version, build and command.
nlohmann::ordered_json to_json(const ValidationReport& report, const Provenance& provenance);
/// Writes the document atomically. @throws IoError naming path, cause and fix.
void write_report_json(const ValidationReport& report, const Provenance& provenance, const std::string& path);

}  // namespace photonlink
