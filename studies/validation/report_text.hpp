/// Words and numbers of a validation report, the same in terminal, page and README.
///
/// The tolerance of a number decides how many of its digits are shown: the last one is worth at most a fifth
/// of it. Texts are UTF-8 with ASCII minus signs and without escapes: `typographic` is for pages and
/// pictures.
#pragma once

#include <string>
#include <vector>

#include "studies/validation/case_result.hpp"

namespace photonlink::report_text {

/// "81.2" for 81.23 and a tolerance of 3, "7.1e-14", "-" for NaN, "∞". Zero tolerance: 4 significant digits.
std::string number(double value, double tolerance);
/// The same without zeros that the publication does not print: "83".
std::string as_published(double value, double tolerance);
/// "+0.36", "-12", "0", "-" for NaN.
std::string signed_error(double error);
/// "0.36", without sign.
std::string error_size(double error);
/// "83 GHz"; nothing behind pure numbers (unit "" or "1").
std::string with_unit(const std::string& text, const std::string& unit);
/// True minus signs and powers of ten: "−1.2·10⁻¹³" for "-1.2e-13". Hyphens inside words stay.
std::string typographic(const std::string& text);
/// "3 misses", "1 miss".
std::string counted(int count, const std::string& one, const std::string& many);

/// The point that the quantity's row shows: of the largest |error|, the first where none is computed; null
/// without points.
const PointResult* worst_point(const QuantityResult& quantity);

/// "≥ 67", "0.4 … 0.6".
std::string published_text(const QuantityResult& quantity, const PointResult& point);
std::string computed_text(const PointResult& point);  ///< "81.2"
std::string band_text(const PointResult& point);      ///< "78.0 … 86.1", "" without assumptions
std::string tolerance_text(const QuantityResult& quantity, const PointResult& point);  ///< "3", "0.5 dB"
/// "+0.36" of a single number, "rms 0.83", "worst 1.30" of several.
std::string error_text(const QuantityResult& quantity);
/// "5 points, 0.2 … 3.1 GHz, shown: the worst, at 2.4 GHz"; "" for a single number.
std::string points_text(const QuantityResult& quantity);
/// "not computed", "1 of 7 not computed", "" when nothing is missing.
std::string missing_text(const QuantityResult& quantity);
/// The name of the verdict in words.
std::string verdict_text(Verdict verdict);
/// "prediction", "after a fit"; else the name of the role.
std::string role_mark(const QuantityResult& quantity);
/// Title, or the name where there is none.
std::string title_of(const QuantityResult& quantity);
std::string title_of(const CaseResult& result);

}  // namespace photonlink::report_text
