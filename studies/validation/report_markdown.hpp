/// Results as GitHub Markdown, kept between two marks of a README: what is recorded is what a reader sees.
///
/// The texts hold no time, duration, version or machine, so that the same results give the same bytes.
#pragma once

#include <string>

#include "studies/validation/case_result.hpp"

namespace photonlink {

inline constexpr const char* results_begin = "<!-- results: written by photonlink validate --record -->";
inline constexpr const char* results_end = "<!-- end of results -->";

/// "## Results" of one case: its quantities, fits, and why it misses. Ends with a line break.
std::string case_markdown(const CaseResult& result);
/// "## Results" of all cases: tallies by family, then a row per case that links to its README.
std::string summary_markdown(const ValidationReport& report);

/// `page` with `block` between the marks, in place of what stood there; behind its end when there are none.
/// The rest stays byte for byte, so a second call with the same block changes nothing.
/// @throws ConfigError when a mark lacks its other half, comes twice, or they stand in the wrong order.
std::string replace_marked_block(const std::string& page, const std::string& block);

/// `text` so that Markdown shows it as it is, also in a cell of a table: line breaks become spaces.
std::string markdown_escaped(const std::string& text);

}  // namespace photonlink
