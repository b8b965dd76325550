#include "studies/validation/report_markdown.hpp"

#include <fmt/format.h>

#include <cctype>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "studies/validation/report_counts.hpp"
#include "studies/validation/report_text.hpp"

namespace photonlink {
namespace {

using namespace report_text;

using Row = std::vector<std::string>;

/// @param alignment one letter per column: l or r
std::string table(const std::vector<Row>& rows, const std::string& alignment) {
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += "|";
    for (const std::string& cell : rows[i]) text += cell.empty() ? " |" : " " + cell + " |";
    text += "\n";
    if (i > 0) continue;
    text += "|";
    for (const char side : alignment) text += side == 'r' ? "---:|" : "---|";
    text += "\n";
  }
  return text;
}

std::string cell(const std::string& plain) {
  return markdown_escaped(plain == "-" ? "–" : typographic(plain));
}

/// What a reader must not overlook is bold.
std::string verdict_cell(Verdict verdict) {
  const std::string name = verdict_text(verdict);
  return verdict == Verdict::pass || verdict == Verdict::band ? name : "**" + name + "**";
}

Row quantity_row(const QuantityResult& quantity) {
  static const PointResult none;
  const PointResult* worst = worst_point(quantity);
  const PointResult& point = worst == nullptr ? none : *worst;
  const std::string points = points_text(quantity), band = band_text(point);
  return {markdown_escaped(title_of(quantity)) + (points.empty() ? "" : "<br>" + cell(points)),
          cell(with_unit(published_text(quantity, point), quantity.unit)),
          cell(computed_text(point)) + (band.empty() ? "" : " (" + cell(band) + ")"),
          cell(error_text(quantity)),
          cell(tolerance_text(quantity, point)),
          verdict_cell(quantity.verdict),
          role_mark(quantity)};
}

std::string fit_markdown(const FitResult& fit) {
  std::string text = "\n" + markdown_escaped(fit_heading(fit));
  if (!fit.reason.empty())
    text += " Reason: " + markdown_escaped(fit.reason) + (fit.reason.back() == '.' ? "" : ".");
  std::vector<Row> rows = {{"fitted", "value, 95 % interval", "unit", "start", "between"}};
  for (const FittedParameter& parameter : fit.parameters)
    rows.push_back({markdown_escaped(parameter.stage + "." + parameter.key), cell(fitted_text(parameter)),
                    markdown_escaped(parameter.unit == "1" ? "" : parameter.unit),
                    cell(as_published(parameter.start, 0.0)),
                    cell(as_published(parameter.lower, 0.0) + " … " + as_published(parameter.upper, 0.0))});
  return text + "\n" + (fit.parameters.empty() ? "" : "\n" + table(rows, "lrlrr"));
}

std::string explanations(const CaseResult& result) {
  std::string text;
  for (const QuantityResult& quantity : result.quantities)
    if (const std::string why = explanation(quantity); !why.empty())
      text += fmt::format("- {} {}: {}\n", verdict_cell(quantity.verdict),
                          markdown_escaped(title_of(quantity)), markdown_escaped(why));
  return text.empty() ? text : "\n" + text;
}

std::string tally_rows(const std::vector<Tally>& tallies, const std::string& heading) {
  std::vector<Row> rows = {{heading, "quantities", "within tolerance", "band only", "misses", "not computed",
                            "median \\|error\\|", "worst \\|error\\|", "worst quantity"}};
  for (const Tally& tally : tallies)
    rows.push_back({markdown_escaped(tally.family), std::to_string(tally.quantities),
                    cell(share_text(tally.pass, tally.quantities)), std::to_string(tally.band),
                    std::to_string(tally.miss), std::to_string(tally.not_computed),
                    cell(error_size(tally.median_error)), cell(error_size(tally.worst_error)),
                    markdown_escaped(tally.worst)});
  return table(rows, "lrrrrrrrl");
}

/// Where `mark` stands, npos if it does not. @throws ConfigError when it comes twice.
std::size_t place_of(const std::string& page, std::string_view mark) {
  const std::size_t place = page.find(mark);
  if (place != std::string::npos && page.find(mark, place + 1) != std::string::npos)
    throw ConfigError(fmt::format("the page has the mark '{}' twice; keep one block of results", mark));
  return place;
}

}  // namespace

std::string markdown_escaped(const std::string& text) {
  constexpr std::string_view escaped = "\\`*[]|$~";
  const auto word_at = [&](std::size_t i) {
    const auto c = i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(' ');
    return std::isalnum(c) || c >= 0x80;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '\n' || c == '\r') {
      out += ' ';
    } else if (escaped.find(c) != std::string_view::npos) {
      out += '\\', out += c;
    } else if (c == '_' && !(i > 0 && word_at(i - 1) && word_at(i + 1))) {
      // Inside a word an underscore is only itself.
      out += "\\_";
    } else {
      out += c;
    }
  }
  return out;
}

std::string case_markdown(const CaseResult& result) {
  std::vector<Row> rows = {{"quantity", "published", "computed", "error", "tolerance", "verdict", "role"}};
  for (const QuantityResult& quantity : result.quantities) rows.push_back(quantity_row(quantity));
  std::string text = "## Results\n\n" + cell(counts_text(result)) +
                     ". Errors are in tolerances; in brackets: the range with assumed inputs.\n\n" +
                     table(rows, "lrrrrll");
  text += explanations(result);
  for (const FitResult& fit : result.fits) text += fit_markdown(fit);
  return text;
}

std::string summary_markdown(const ValidationReport& report) {
  std::string text = "## Results\n\n" + tally_rows(report.measured, "measurements") + "\n" +
                     tally_rows(report.predictions, "predictions, nothing fitted") +
                     "\nErrors are in tolerances. Band only: somewhere in the ranges of the assumed inputs.";
  if (const std::string others = not_counted_text(report); !others.empty())
    text += " Shown in the cases and not counted: " + others + ".";
  std::vector<Row> rows = {{"case", "family", "publication", "quantities", "within tolerance", "band only",
                            "misses", "not computed"}};
  for (const CaseResult& result : report.cases) {
    const int pass = count(result, Verdict::pass), band = count(result, Verdict::band),
              miss = count(result, Verdict::miss), none = count(result, Verdict::uncomputed);
    rows.push_back({fmt::format("[{}]({}/README.md)", markdown_escaped(title_of(result)), result.name),
                    markdown_escaped(result.family), markdown_escaped(result.citation),
                    std::to_string(pass + band + miss + none), std::to_string(pass), std::to_string(band),
                    std::to_string(miss), std::to_string(none)});
  }
  return text + "\n\n" + table(rows, "lllrrrrr");
}

std::string replace_marked_block(const std::string& page, const std::string& block) {
  const std::size_t begin = place_of(page, results_begin), end = place_of(page, results_end);
  const std::string marked = std::string(results_begin) + "\n" + block +
                             (block.empty() || block.back() == '\n' ? "" : "\n") + results_end;
  if (begin == std::string::npos && end == std::string::npos) {
    const std::string gap = page.empty() ? "" : page.back() == '\n' ? "\n" : "\n\n";
    return page + gap + marked + "\n";
  }
  if (begin == std::string::npos || end == std::string::npos)
    throw ConfigError(fmt::format("the page has the mark '{}' but not '{}'; restore it or remove both",
                                  begin == std::string::npos ? results_end : results_begin,
                                  begin == std::string::npos ? results_begin : results_end));
  if (end < begin)
    throw ConfigError(
        fmt::format("the page has '{}' before '{}'; put them in order", results_end, results_begin));
  return page.substr(0, begin) + marked + page.substr(end + std::string_view(results_end).size());
}

}  // namespace photonlink
