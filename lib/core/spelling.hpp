/// Suggestions for misspelt names in error messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace photonlink {

/// Fewest insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`
/// (optimal string alignment, O(|a| |b|)).
int edit_distance(std::string_view a, std::string_view b);
/// The known name that `name` most likely misspells, "" when none is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);
/// "; did you mean 'q_loaded'?" for the nearest known name, or the list of known names when none is near and
/// the list is short; "" otherwise.
std::string suggestion(std::string_view name, const std::vector<std::string>& known);

}  // namespace photonlink
