#include "core/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace photonlink {

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> two_back(b.size() + 1), back(b.size() + 1), row(b.size() + 1);
  std::iota(back.begin(), back.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int replaced = back[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({back[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], two_back[j - 2] + 1);
    }
    std::swap(two_back, back);
    std::swap(back, row);
  }
  return back[b.size()];
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
  constexpr std::size_t longest_name = 64;  // beyond it nobody misspelt a key
  if (name.size() > longest_name) return {};
  // A third of the letters may be wrong, at least two; or one name begins with the other ("power" for
  // "power_out").
  const int tolerated = std::max(2, static_cast<int>(name.size()) / 3);
  int best = tolerated + 1;
  std::string nearest;
  for (const std::string& candidate : known) {
    int distance = edit_distance(name, candidate);
    const bool prefix = name.size() >= 3 && (candidate.starts_with(name) || name.starts_with(candidate));
    if (prefix) distance = std::min(distance, tolerated);
    const bool shares_letters = distance < static_cast<int>(std::max(name.size(), candidate.size()));
    if (distance >= best || !shares_letters) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& known) {
  constexpr std::size_t longest_list = 12;
  const std::string nearest = nearest_name(name, known);
  if (!nearest.empty()) return fmt::format("; did you mean '{}'?", nearest);
  if (known.empty() || known.size() > longest_list) return {};
  return fmt::format("; known: {}", fmt::join(known, ", "));
}

}  // namespace photonlink
