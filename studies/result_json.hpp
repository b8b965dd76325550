/// Results as JSON with stable keys, in the order of docs/results.md. No physics is computed here.
///
/// Keys end in their SI unit (`latency_s`); amplitudes carry the unit named in `amplitude_unit`. NaN and
/// infinity become null: not computed, or below what the method resolves. Figures round-trip exactly; the
/// points of curves (eye, bathtub, pulse) are rounded to 6 significant digits. The density of the eye, a
/// hundred times the size of all else, is left out unless asked for: result.h5 holds it in full.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "solvers/result.hpp"
#include "solvers/retimed_path.hpp"
#include "studies/provenance.hpp"

namespace photonlink {

inline constexpr int result_schema_version = 1;

enum class EyeDensity { left_out, included };

/// One link, the record described under `links[]` in docs/results.md.
nlohmann::ordered_json to_json(const LinkResult& result, EyeDensity density = EyeDensity::left_out);
/// One retimed path, `paths[]` in docs/results.md.
nlohmann::ordered_json to_json(const PathResult& path);
/// The whole document.
nlohmann::ordered_json to_json(const std::vector<LinkResult>& results, const Provenance& provenance,
                               EyeDensity density = EyeDensity::left_out,
                               const std::vector<PathResult>& paths = {});
/// Writes the document atomically. @throws IoError naming path, cause and fix.
void write_result_json(const std::vector<LinkResult>& results, const Provenance& provenance,
                       const std::string& path, const std::vector<PathResult>& paths = {});

}  // namespace photonlink
