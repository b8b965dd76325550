/// The state of validation as a file under version control: what each quantity came out as, last time
/// somebody looked. Comparing with it shows every change, and the diff of the file is the record of it.
///
/// One line per quantity, keys sorted:
///   "mrm_02": {
///    "eo_s21": {"error": 1.234, "question": "0a1b2c3d", "role": "measurement", "tolerance": "0.5 dB, rms of
///    12", ...},
/// `error` has four significant digits, is "inf" or "-inf" when infinite, and missing when nothing was
/// computed. `tolerance` also names what else decides how hard the comparison is: the kind of limit, the
/// measure and the number of published points, and of tolerances that differ the least, the largest and the
/// mean. `question` is a checksum of what is compared with what.
///
/// A quantity is worse when its verdict falls (pass > band > miss > not_computed), or |error| grows by more
/// than 0.01 (1 + |recorded error|); better when neither and one of them goes the other way. A tolerance, a
/// role or a question that changed is worse whatever the verdict, so that nobody loosens a case silently:
/// whoever means it records it, in a commit of its own. So is a quantity that is recorded and gone
/// (ValidationReport::worse).
///
/// Verified in tests/studies/validation/recorded_state_test.cpp, a test for each transition.
#pragma once

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "studies/validation/case_result.hpp"

namespace photonlink {

inline constexpr int recorded_schema_version = 1;

struct RecordedQuantity {
  Role role = Role::measurement;
  Verdict verdict = Verdict::uncomputed;
  double error = std::numeric_limits<double>::quiet_NaN();  ///< in tolerances; NaN: not computed
  std::string tolerance;
  std::string question;  ///< checksum of observable, published points and assumed ranges, 8 hex digits
};

/// By name of the case (its folder), then by name of the quantity.
using RecordedState = std::map<std::string, std::map<std::string, RecordedQuantity>>;

/// Empty when there is no such file. @throws ConfigError listing every problem with file, quantity and fix.
/// @throws IoError when it cannot be read.
RecordedState read_recorded(const std::string& path);

/// Writes what `cases` came out as, whole or not at all; cases of `previous` that were not run are kept.
/// @throws IoError
void write_recorded(const std::string& path, const std::vector<CaseResult>& cases,
                    const RecordedState& previous);

/// Whether a recorded case that was not run is missing: only when all were.
enum class Run { some_cases, all_cases };

/// What is not as recorded, case by case, in the order of `cases`; then what is gone with its case.
std::vector<Change> compare_with_recorded(const std::vector<CaseResult>& cases, const RecordedState& state,
                                          Run run = Run::some_cases);

}  // namespace photonlink
