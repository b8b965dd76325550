#include "studies/validation/report_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "studies/validation/report_counts.hpp"
#include "studies/validation/report_text.hpp"

namespace photonlink {
namespace {

using namespace text_table;
using namespace report_text;

constexpr std::size_t shortest_title = 20;

/// Width of all columns but the first.
std::size_t width_of_others(const std::vector<Row>& rows) {
  std::size_t others = 0;
  for (std::size_t i = 1; i < rows.front().size(); ++i) {
    std::size_t widest = 0;
    for (const Row& row : rows) widest = std::max(widest, shown_width(row[i]));
    others += widest + 2;
  }
  return others;
}

/// Cuts the first column so that the table fits, but never below `shortest_title`.
void fit_first_column(std::vector<Row>& rows, std::size_t width) {
  if (width == 0) return;
  const std::size_t others = width_of_others(rows);
  for (Row& row : rows) row[0] = shortened(row[0], std::max(shortest_title, width - std::min(width, others)));
}

const PointResult& shown_point(const QuantityResult& quantity) {
  static const PointResult none;
  const PointResult* worst = worst_point(quantity);
  return worst == nullptr ? none : *worst;
}

/// Where the range that assumed inputs leave open stands: behind the value, or on narrow terminals below.
enum class BandPlace { behind, below };

Row quantity_row(const QuantityResult& quantity, BandPlace place) {
  const PointResult& point = shown_point(quantity);
  const std::string band = place == BandPlace::behind ? band_text(point) : "";
  const bool pure = quantity.unit == "1";
  return {title_of(quantity),
          published_text(quantity, point),
          computed_text(point) + (band.empty() ? "" : " (" + band + ")"),
          pure ? "" : quantity.unit,
          error_text(quantity),
          tolerance_text(quantity, point),
          verdict_text(quantity.verdict),
          role_mark(quantity)};
}

/// `lines` of a table with a remark under the rows that have one.
std::string with_remarks(const std::string& lines, const std::vector<std::string>& remarks,
                         TableColor color) {
  std::istringstream input(lines);
  std::string text, line;
  // Two lines head the table: the titles of the columns and the rule.
  for (std::size_t i = 0; std::getline(input, line); ++i) {
    text += line + "\n";
    if (i >= 2 && i - 2 < remarks.size() && !remarks[i - 2].empty())
      text += colored(remarks[i - 2], "2", color) + "\n";
  }
  return text;
}

std::string remark(const QuantityResult& quantity, BandPlace place) {
  std::string points = points_text(quantity);
  const std::string band = place == BandPlace::below ? band_text(shown_point(quantity)) : "";
  if (band.empty()) return points;
  return points + (points.empty() ? "" : "; ") + "with assumed inputs " + band;
}

std::vector<Row> quantity_rows(const CaseResult& result, BandPlace place) {
  std::vector<Row> rows = {
      {"quantity", "published", "computed", "unit", "error", "tolerance", "verdict", "role"}};
  for (const QuantityResult& quantity : result.quantities) rows.push_back(quantity_row(quantity, place));
  return rows;
}

std::string quantities_table(const CaseResult& result, TableColor color, std::size_t width) {
  BandPlace place = BandPlace::behind;
  std::vector<Row> rows = quantity_rows(result, place);
  if (width > 0 && width_of_others(rows) + shortest_title > width) {
    place = BandPlace::below;
    rows = quantity_rows(result, place);
  }
  fit_first_column(rows, width);
  std::vector<std::string> remarks;
  for (const QuantityResult& quantity : result.quantities) {
    const std::string text = remark(quantity, place);
    remarks.push_back(text.empty() ? "" : "  " + wrapped(text, width > 2 ? width - 2 : 0, 2));
  }
  return with_remarks(table(rows, color, {0, 3, 6, 7}), remarks, color);
}

std::string fit_table(const FitResult& fit, TableColor color, std::size_t width) {
  std::vector<Row> rows = {{"fitted", "value [95 %]", "unit", "start", "between"}};
  for (const FittedParameter& parameter : fit.parameters)
    rows.push_back({parameter.stage + "." + parameter.key, fitted_text(parameter),
                    parameter.unit == "1" ? "" : parameter.unit, as_published(parameter.start, 0.0),
                    as_published(parameter.lower, 0.0) + " … " + as_published(parameter.upper, 0.0)});
  fit_first_column(rows, width);
  std::string text = "\n" + wrapped(fit_heading(fit), width, 2) + "\n";
  if (!fit.reason.empty()) text += wrapped("Reason: " + fit.reason, width, 2) + "\n";
  return fit.parameters.empty() ? text : text + table(rows, color, {0, 2});
}

/// A paragraph whose first word is in colour.
std::string marked_paragraph(const std::string& word, const char* code, const std::string& text,
                             TableColor color, std::size_t width) {
  const std::string paragraph = wrapped(word + ": " + text, width, 2);
  return colored(word + ":", code, color) + paragraph.substr(word.size() + 1) + "\n";
}

std::string explanations(const CaseResult& result, TableColor color, std::size_t width) {
  std::string text;
  for (const QuantityResult& quantity : result.quantities)
    if (const std::string why = explanation(quantity); !why.empty())
      text +=
          marked_paragraph(verdict_text(quantity.verdict), quantity.verdict == Verdict::miss ? "31" : "35",
                           title_of(quantity) + ": " + why, color, width);
  for (const std::string& warning : result.warnings)
    text += marked_paragraph("warning", "33", warning, color, width);
  return text.empty() ? text : "\n" + text;
}

std::string tally_table(const std::string& heading, const std::vector<Tally>& tallies, TableColor color,
                        std::size_t width) {
  std::vector<Row> rows = {
      {heading, "count", "within", "band only", "misses", "uncomputed", "median", "worst", "which"}};
  for (const Tally& tally : tallies) {
    const std::string share =
        tally.quantities > 0 ? fmt::format("{} ({:.0f} %)", tally.pass, 100.0 * tally.pass / tally.quantities)
                             : "-";
    rows.push_back({tally.family, std::to_string(tally.quantities), share, std::to_string(tally.band),
                    std::to_string(tally.miss), std::to_string(tally.not_computed),
                    error_size(tally.median_error), error_size(tally.worst_error), tally.worst});
  }
  fit_first_column(rows, width);
  return table(rows, color, {0, 8});
}

std::string change_lines(const ValidationReport& report, TableColor color, std::size_t width) {
  if (report.changes.empty()) return "";
  std::string text = "\nChanges against the recorded state\n";
  for (const Change& change : sorted_changes(report)) {
    const bool bad = change.kind == Change::Kind::worse || change.kind == Change::Kind::gone;
    text += marked_paragraph(change_kind(change.kind), bad ? "31" : "32",
                             change.quantity + ": " + change.text, color, width);
  }
  return text;
}

}  // namespace

std::string case_table(const CaseResult& result, TableColor color, int width) {
  const auto columns = static_cast<std::size_t>(std::max(0, width));
  const auto line = [&](const std::string& text) { return columns > 0 ? shortened(text, columns) : text; };
  std::string text = colored(line(result.name + "  " + title_of(result)), "1", color) + "\n";
  if (!result.citation.empty()) text += line(result.citation) + "\n";
  text += "\n" + quantities_table(result, color, columns);
  for (const FitResult& fit : result.fits) text += fit_table(fit, color, columns);
  return text + explanations(result, color, columns);
}

std::string summary_table(const ValidationReport& report, TableColor color, int width) {
  const auto columns = static_cast<std::size_t>(std::max(0, width));
  std::string text = tally_table("Measurements", report.measured, color, columns) + "\n" +
                     tally_table("Predictions only", report.predictions, color, columns) +
                     wrapped(
                         "Predictions: no parameter of their chain was fitted. Errors are in tolerances; "
                         "within: at most 1 with every assumed input at its stated "
                         "value; band only: somewhere in the ranges of the assumed inputs.",
                         columns, 0) +
                     "\n";
  if (const std::string others = not_counted_text(report); !others.empty())
    text += wrapped("Shown and not counted: " + others + ".", columns, 0) + "\n";
  return text + change_lines(report, color, columns);
}

std::string report_table(const ValidationReport& report, TableColor color, int width) {
  std::string text;
  for (const CaseResult& result : report.cases) text += case_table(result, color, width) + "\n\n";
  return text + summary_table(report, color, width);
}

}  // namespace photonlink
