#include "studies/validation/report_counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/validation/report_text.hpp"

namespace photonlink::report_text {
namespace {

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i)
    text += (i == 0 ? "" : i + 1 == items.size() ? " and " : ", ") + items[i];
  return text;
}

}  // namespace

std::string fitted_text(const FittedParameter& parameter) {
  const bool interval = std::isfinite(parameter.low_95) && std::isfinite(parameter.high_95);
  // Half of the interval is about two standard deviations: its fifth is a digit that still means something.
  std::string value = interval ? number(parameter.value, (parameter.high_95 - parameter.low_95) / 2)
                               : as_published(parameter.value, 0.0);
  if (parameter.at_bound) return value + ", at its bound";
  if (!interval) return value;
  const double half = (parameter.high_95 - parameter.low_95) / 2;
  return fmt::format("{} [{}, {}]", value, number(parameter.low_95, half), number(parameter.high_95, half));
}

std::string fit_heading(const FitResult& fit) {
  return fmt::format("Fit of {}{}: {}, rms error {} tolerances{}.",
                     fit.link.empty() ? std::string("the model") : "link " + fit.link,
                     fit.on.empty() ? std::string() : " to " + joined(fit.on),
                     counted(fit.points, "point", "points"), error_size(fit.rms_error),
                     fit.converged ? "" : ", did not converge");
}

std::string explanation(const QuantityResult& quantity) {
  if (quantity.verdict == Verdict::uncomputed) {
    if (!quantity.failure.empty()) return quantity.failure;
    const std::string missing = missing_text(quantity);
    return missing == "not computed" ? "the model gives no number here" : missing;
  }
  if (quantity.verdict == Verdict::band) return quantity.diagnosis;  // outside of the tolerance as it stands
  if (quantity.verdict != Verdict::miss) return "";
  return quantity.diagnosis.empty() ? "no diagnosis yet" : quantity.diagnosis;
}

std::string share_text(int part, int whole) {
  if (whole == 0) return "-";
  return fmt::format("{} of {} ({:.0f} %)", part, whole, 100.0 * part / whole);
}

std::string tally_text(const Tally& tally) {
  if (std::isnan(tally.median_error)) return "-";
  return fmt::format("{}, worst {} in {}", error_size(tally.median_error), error_size(tally.worst_error),
                     tally.worst);
}

std::string not_counted_text(const ValidationReport& report) {
  static const struct {
    Role role;
    const char *one, *many;
  } kinds[] = {{Role::identity, "identity", "identities"},
               {Role::arithmetic, "arithmetic check", "arithmetic checks"},
               {Role::code, "comparison with another program", "comparisons with other programs"},
               {Role::fit, "fit", "fits"},
               {Role::alternative, "alternative reading", "alternative readings"}};
  std::vector<std::string> items;
  for (const auto& kind : kinds) {
    int all = 0, agree = 0;
    for (const CaseResult& result : report.cases)
      for (const QuantityResult& quantity : result.quantities)
        if (quantity.role == kind.role) ++all, agree += quantity.verdict == Verdict::pass;
    if (all == 0) continue;
    const std::string verdict = all == 1       ? agree == 1 ? "agrees" : "does not agree"
                                : agree == all ? std::string(all == 2 ? "both agree" : "all agree")
                                : agree == 0   ? std::string("none agrees")
                                               : fmt::format("{} of {} agree", agree, all);
    items.push_back(fmt::format("{} ({})", counted(all, kind.one, kind.many), verdict));
  }
  return joined(items);
}

std::vector<Change> sorted_changes(const ValidationReport& report) {
  const auto rank = [](const Change& change) {
    switch (change.kind) {
      case Change::Kind::worse:
        return 0;
      case Change::Kind::gone:
        return 1;
      case Change::Kind::better:
        return 2;
      case Change::Kind::added:
        return 3;
    }
    return 4;
  };
  std::vector<Change> sorted = report.changes;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Change& a, const Change& b) { return rank(a) < rank(b); });
  return sorted;
}

std::string change_kind(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::worse:
      return "worse";
    case Change::Kind::better:
      return "better";
    case Change::Kind::added:
      return "added";
    case Change::Kind::gone:
      return "gone";
  }
  return "worse";
}

int count(const CaseResult& result, Verdict verdict) {
  return static_cast<int>(
      std::count_if(result.quantities.begin(), result.quantities.end(), [&](const QuantityResult& quantity) {
        return quantity.role == Role::measurement && quantity.verdict == verdict;
      }));
}

std::string counts_text(const CaseResult& result) {
  const int pass = count(result, Verdict::pass), band = count(result, Verdict::band);
  const int miss = count(result, Verdict::miss), none = count(result, Verdict::uncomputed);
  std::string line = share_text(pass, pass + band + miss + none) + " within tolerance";
  if (pass + band + miss + none == 0) line = "nothing counted";
  if (band > 0) line += fmt::format(", {} in the band only", band);
  if (miss > 0) line += ", " + counted(miss, "miss", "misses");
  if (none > 0) line += fmt::format(", {} not computed", none);
  return line;
}

}  // namespace photonlink::report_text
