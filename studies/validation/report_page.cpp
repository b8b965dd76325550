#include "studies/validation/report_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/validation/html.hpp"
#include "studies/validation/page_style.hpp"
#include "studies/validation/report_counts.hpp"
#include "studies/validation/report_text.hpp"

namespace photonlink {
namespace {

using namespace html;
using namespace report_text;

std::string text(const std::string& plain) {
  return escaped(plain);
}
/// Numbers and units with true minus signs.
std::string figure_text(const std::string& plain) {
  return escaped(plain == "-" ? "–" : typographic(plain));
}
Cell number_cell(const std::string& plain) {
  return {figure_text(plain), "class=\"number\""};
}
std::string small(const std::string& plain) {
  return plain.empty() ? "" : element("small", figure_text(plain));
}

const char* verdict_class(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::band:
      return "band";
    case Verdict::miss:
      return "miss";
    case Verdict::uncomputed:
      return "none";
  }
  return "none";
}

/// The same shapes as in the pictures, so that colour is not needed.
std::string verdict_html(Verdict verdict) {
  static const char* const shapes[] = {"●", "◆", "✖", "□"};
  return element("span", std::string(shapes[static_cast<int>(verdict)]) + " " + text(verdict_text(verdict)),
                 fmt::format("class=\"{}\"", verdict_class(verdict)));
}

std::vector<Cell> quantity_cells(const QuantityResult& quantity) {
  static const PointResult none;
  const PointResult* worst = worst_point(quantity);
  const PointResult& point = worst == nullptr ? none : *worst;
  const std::string band = band_text(point);
  const std::string reason = quantity.reason.empty() ? "" : "Tolerance: " + quantity.reason;
  return {{text(title_of(quantity)) + small(points_text(quantity)) + small(reason), ""},
          number_cell(published_text(quantity, point)),
          {figure_text(computed_text(point)) + small(band), "class=\"number\""},
          {text(quantity.unit == "1" ? "" : quantity.unit), "class=\"word\""},
          number_cell(error_text(quantity)),
          number_cell(tolerance_text(quantity, point)),
          {verdict_html(quantity.verdict), ""},
          {text(role_mark(quantity)), "class=\"word\""}};
}

std::string quantities_html(const CaseResult& result) {
  std::vector<std::vector<Cell>> rows = {{{"quantity", ""},
                                          {"published", "class=\"number\""},
                                          {"computed<small>with assumed inputs</small>", "class=\"number\""},
                                          {"unit", ""},
                                          {"error<small>in tolerances</small>", "class=\"number\""},
                                          {"tolerance", "class=\"number\""},
                                          {"verdict", ""},
                                          {"role", ""}}};
  for (const QuantityResult& quantity : result.quantities) rows.push_back(quantity_cells(quantity));
  return table(rows, "");
}

std::string heading_before(const std::string& title, const std::string& content) {
  return content.empty() ? "" : element("h3", text(title)) + "\n" + content;
}

std::string list(const std::vector<std::string>& items) {
  std::string content;
  for (const std::string& item : items) content += element("li", item) + "\n";
  return items.empty() ? "" : element("ul", "\n" + content) + "\n";
}

std::string explanations_html(const CaseResult& result) {
  std::vector<std::string> items;
  for (const QuantityResult& quantity : result.quantities)
    if (const std::string why = explanation(quantity); !why.empty())
      items.push_back(verdict_html(quantity.verdict) + " " + element("strong", text(title_of(quantity))) +
                      ": " + text(why));
  return list(items);
}

std::string fits_html(const CaseResult& result) {
  std::string content;
  for (const FitResult& fit : result.fits) {
    content +=
        element("p", text(fit_heading(fit) + (fit.reason.empty() ? "" : " Reason: " + fit.reason))) + "\n";
    std::vector<std::vector<Cell>> rows = {{{"parameter", ""},
                                            {"fitted, 95 % interval", "class=\"number\""},
                                            {"unit", ""},
                                            {"start", "class=\"number\""},
                                            {"between", "class=\"number\""}}};
    for (const FittedParameter& parameter : fit.parameters)
      rows.push_back(
          {{text(parameter.stage + "." + parameter.key), ""},
           number_cell(fitted_text(parameter)),
           {text(parameter.unit == "1" ? "" : parameter.unit), ""},
           number_cell(as_published(parameter.start, 0.0)),
           number_cell(as_published(parameter.lower, 0.0) + " … " + as_published(parameter.upper, 0.0))});
    content += table(rows, "");
  }
  return content;
}

std::string inputs_html(const CaseResult& result) {
  std::vector<std::vector<Cell>> rows = {{{"input", ""}, {"as published", ""}}};
  for (const auto& [name, value] : result.inputs) rows.push_back({{text(name), ""}, {text(value), ""}});
  return table(rows, "");
}

std::string assumed_html(const CaseResult& result) {
  std::vector<std::vector<Cell>> rows = {
      {{"input", ""}, {"value", ""}, {"low", ""}, {"high", ""}, {"source", ""}}};
  for (const AssumedRange& range : result.assumed)
    rows.push_back({{text(range.link + " / " + range.stage + "." + range.key), ""},
                    {text(range.value), ""},
                    {text(range.low), ""},
                    {text(range.high), ""},
                    {text(range.source), ""}});
  return table(rows, "");
}

std::string publication_html(const CaseResult& result) {
  std::string line = text(result.citation);
  if (!result.doi.empty())
    line +=
        (line.empty() ? "" : ", ") + element("a", "doi:" + text(result.doi),
                                             "href=\"https://doi.org/" + percent_encoded(result.doi) + "\"");
  std::string html = line.empty() ? "" : element("p", line) + "\n";
  if (!result.read.empty()) html += element("p", "Read: " + text(result.read), "class=\"soft\"") + "\n";
  if (!result.note.empty()) html += element("p", text(result.note)) + "\n";
  return html;
}

/// What a picture says, for those who do not see it.
std::string alternative_text(const CaseResult& result) {
  std::string line =
      "Published and computed values of " + title_of(result) + ": " + counts_text(result) + ".";
  for (const QuantityResult& quantity : result.quantities)
    if (quantity.role == Role::measurement && quantity.verdict == Verdict::miss)
      line +=
          " Miss: " + title_of(quantity) + ", error " + typographic(error_text(quantity)) + " tolerances.";
  return line;
}

/// Behind the picture is the file itself, for small screens.
std::string picture(const std::string& stem, const std::string& alternative) {
  const std::string file = percent_encoded(stem) + ".svg";
  const std::string image = fmt::format("<img src=\"{}\" alt=\"{}\"/>", file, escaped(alternative));
  return element("figure", element("a", image, fmt::format("href=\"{}\"", file))) + "\n";
}

std::string tallies_html(const std::string& title, const std::vector<Tally>& tallies) {
  const std::string number = "class=\"number\"";
  std::vector<std::vector<Cell>> rows = {{{"family", ""},
                                          {"quantities", number},
                                          {"within tolerance", number},
                                          {"band only", number},
                                          {"misses", number},
                                          {"not computed", number},
                                          {"median |error|", number},
                                          {"worst |error|", number},
                                          {"worst quantity", ""}}};
  for (const Tally& tally : tallies)
    rows.push_back({{text(tally.family), ""},
                    number_cell(std::to_string(tally.quantities)),
                    number_cell(share_text(tally.pass, tally.quantities)),
                    number_cell(std::to_string(tally.band)),
                    number_cell(std::to_string(tally.miss)),
                    number_cell(std::to_string(tally.not_computed)),
                    number_cell(error_size(tally.median_error)),
                    number_cell(error_size(tally.worst_error)),
                    {element("code", text(tally.worst)), ""}});
  return table(rows, title);
}

std::string changes_html(const ValidationReport& report) {
  std::vector<std::string> items;
  for (const Change& change : sorted_changes(report)) {
    const bool bad = change.kind == Change::Kind::worse || change.kind == Change::Kind::gone;
    items.push_back(
        element("span", text(change_kind(change.kind)), bad ? "class=\"miss\"" : "class=\"pass\"") + " " +
        element("code", text(change.quantity)) + ": " + text(change.text));
  }
  return heading_before("Changes against the recorded state", list(items));
}

std::string summary_html(const ValidationReport& report) {
  const std::string others = not_counted_text(report);
  std::string html = tallies_html("Measurements", report.measured) +
                     tallies_html("Predictions: measurements without any fitted parameter in their chain",
                                  report.predictions);
  html += element("p",
                  "Errors are in tolerances. Within tolerance: at most 1 with every assumed input at its "
                  "stated value. "
                  "Band only: somewhere in the ranges of the assumed inputs.",
                  "class=\"soft\"") +
          "\n";
  if (!others.empty()) html += element("p", "Shown and not counted: " + text(others) + ".") + "\n";
  const std::string alternative =
      report.measured.empty()
          ? "Errors of all quantities in tolerances."
          : "Errors of all quantities in tolerances, by family: " +
                share_text(report.measured.back().pass, report.measured.back().quantities) +
                " within tolerance.";
  return element("section",
                 "\n" + element("h2", "Summary") + "\n" + html + picture("overview", alternative) +
                     changes_html(report),
                 "id=\"summary\"") +
         "\n";
}

std::string contents_html(const ValidationReport& report) {
  std::vector<std::string> families;
  for (const CaseResult& result : report.cases)
    if (std::find(families.begin(), families.end(), result.family) == families.end())
      families.push_back(result.family);
  std::string html;
  for (const std::string& family : families) {
    std::vector<std::string> items;
    for (const CaseResult& result : report.cases)
      if (result.family == family)
        items.push_back(
            element("a", text(title_of(result)), "href=\"#case-" + percent_encoded(result.name) + "\"") +
            small(counts_text(result)));
    html += heading_before(family.empty() ? "other" : family, list(items));
  }
  return element("section",
                 "\n" + element("h2", "Cases") + "\n" + element("nav", "\n" + html, "aria-label=\"Cases\""),
                 "id=\"cases\"") +
         "\n";
}

}  // namespace

std::string case_article(const CaseResult& result) {
  std::vector<std::string> warnings;
  warnings.reserve(result.warnings.size());
  for (const std::string& warning : result.warnings) warnings.push_back(text(warning));
  return element("article",
                 "\n" + element("h2", text(title_of(result))) + "\n" +
                     element("p", element("code", text(result.name)) + " · " + text(counts_text(result)),
                             "class=\"soft\"") +
                     "\n" + publication_html(result) + picture(result.name, alternative_text(result)) +
                     quantities_html(result) +
                     heading_before("What lies outside of its tolerance", explanations_html(result)) +
                     heading_before("Fits", fits_html(result)) +
                     heading_before("Inputs as published", inputs_html(result)) +
                     heading_before("Assumed inputs and their ranges", assumed_html(result)) +
                     heading_before("Warnings", list(warnings)),
                 "id=\"case-" + percent_encoded(result.name) + "\"") +
         "\n";
}

std::string report_page(const ValidationReport& report, const Provenance& provenance) {
  std::string facts = "photonlink " + text(provenance.program_version);
  if (!provenance.build.empty()) facts += ", " + text(provenance.build);
  std::string body = element("header", "\n" + element("h1", "Validation against published measurements") +
                                           "\n" + element("p", facts, "class=\"soft\"") + "\n" +
                                           (provenance.command.empty()
                                                ? ""
                                                : element("p", element("code", text(provenance.command)))) +
                                           "\n") +
                     "\n";
  std::string articles;
  for (const CaseResult& result : report.cases) articles += case_article(result);
  body += element("main", "\n" + summary_html(report) + contents_html(report) + articles) + "\n";
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n" +
         element("title", "photonlink: validation") + "\n" + element("style", page_style) +
         "\n</head>\n<body>\n" + body + "</body>\n</html>\n";
}

}  // namespace photonlink
