#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/pictures/forest.hpp"
#include "studies/pictures/validation_picture.hpp"
#include "studies/validation/report_counts.hpp"
#include "studies/validation/report_text.hpp"

namespace photonlink::pictures {
namespace {

using namespace report_text;

constexpr double margin = 20.0, row_height = 17.0, key_row = 18.0, text_size = 10.0, below = 48.0;
constexpr double case_width = 84.0, title_width = 250.0, gap = 40.0;
constexpr std::size_t most_rows_of_one_column = 45;

struct Row {
  const CaseResult* result = nullptr;
  const QuantityResult* quantity = nullptr;
  std::string heading, facts;  ///< of a family
  bool first = false;          ///< of its case: shows its name
};

std::string capitalized(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::vector<std::string> families_of(const ValidationReport& report) {
  std::vector<std::string> families;
  for (const CaseResult& result : report.cases)
    if (std::find(families.begin(), families.end(), result.family) == families.end())
      families.push_back(result.family);
  return families;
}

std::string family_facts(const ValidationReport& report, const std::string& family) {
  for (const Tally& tally : report.measured)
    if (tally.family == family) return share_text(tally.pass, tally.quantities) + " within tolerance";
  return "";
}

std::vector<Row> rows_of(const ValidationReport& report) {
  std::vector<Row> rows;
  for (const std::string& family : families_of(report)) {
    std::vector<Row> members;
    for (const CaseResult& result : report.cases) {
      bool first = true;
      if (result.family != family) continue;
      for (const QuantityResult& quantity : result.quantities) {
        if (quantity.role != Role::measurement) continue;
        members.push_back({.result = &result, .quantity = &quantity, .first = first});
        first = false;
      }
    }
    if (members.empty()) continue;
    rows.push_back(
        {.heading = family.empty() ? "Other" : capitalized(family), .facts = family_facts(report, family)});
    rows.insert(rows.end(), members.begin(), members.end());
  }
  return rows;
}

/// One column, or two of about the same length, cut between cases; a cut family has its heading again.
std::vector<std::vector<Row>> columns_of(const ValidationReport& report) {
  const std::vector<Row> rows = rows_of(report);
  if (rows.size() <= most_rows_of_one_column) return {rows};
  const auto begins_case = [&](std::size_t i) {
    return rows[i].quantity == nullptr || (rows[i].first && rows[i - 1].quantity != nullptr);
  };
  std::size_t cut = rows.size() / 2, back = cut;
  while (cut < rows.size() && !begins_case(cut)) ++cut;
  while (back > 0 && !begins_case(back)) --back;
  if (back > 0 && rows.size() / 2 - back < cut - rows.size() / 2) cut = back;
  const auto begin = rows.begin();
  std::vector<Row> second(begin + static_cast<std::ptrdiff_t>(cut), rows.end());
  std::vector<Row> first(begin, begin + static_cast<std::ptrdiff_t>(cut));
  if (second.empty()) return {first};
  if (second.front().quantity != nullptr)
    for (std::size_t i = cut; i-- > 0;)
      if (rows[i].quantity == nullptr) {
        second.insert(second.begin(), {.heading = rows[i].heading + " (continued)"});
        break;
      }
  return {first, second};
}

std::string tally_line(const std::vector<Tally>& tallies, const std::string& what) {
  if (tallies.empty()) return "";
  const Tally& all = tallies.back();
  return fmt::format(
      "{}: {} within tolerance, {} in the band only, {}, {} not computed · median "
      "|error| {}",
      what, share_text(all.pass, all.quantities), all.band, counted(all.miss, "miss", "misses"),
      all.not_computed, error_size(all.median_error));
}

/// One column may be wider than each of two.
double plot_width(std::size_t columns) {
  return columns == 1 ? 450.0 : 290.0;
}
double column_width(std::size_t columns) {
  return case_width + title_width + plot_width(columns);
}
double width_of(std::size_t columns) {
  return 2 * margin + static_cast<double>(columns) * (column_width(columns) + gap) - gap;
}

void paint_row(Canvas& canvas, Forest& forest, const Row& row, double left, const Box& plot, double y) {
  if (row.first)
    canvas.text({left, y}, canvas.fitted(row.result->name, case_width - 10, text_size),
                {.size = text_size, .color = grey});
  canvas.text({left + case_width, y}, canvas.fitted(title_of(*row.quantity), title_width - 12, text_size),
              {.size = text_size});
  const ForestMark mark = forest_mark(*row.quantity);
  forest.draw(mark, y, 3.9);
  if (std::isnan(mark.error))
    canvas.text({plot.x + plot.width / 2, y}, "not computed",
                {.size = text_size, .color = grey, .align = Align::center, .plate = true});
}

/// Each family has a panel of its own; the last one carries the ticks.
void paint_column(Canvas& canvas, const std::vector<Row>& rows, double left, double top, double width,
                  double reach) {
  const double plot_left = left + case_width + title_width;
  for (std::size_t i = 0; i < rows.size();) {
    const double head = top + row_height * (static_cast<double>(i) + 0.5);
    const double facts_width = canvas.text_width(rows[i].facts, text_size);
    canvas.text({left, head}, canvas.fitted(rows[i].heading, width - facts_width - 20, 11, true),
                {.size = 11, .bold = true});
    canvas.text({left + width, head}, rows[i].facts,
                {.size = text_size, .color = grey, .align = Align::right});
    std::size_t end = i + 1;
    while (end < rows.size() && rows[end].quantity != nullptr) ++end;
    const Box plot{plot_left, head + row_height / 2, left + width - plot_left,
                   row_height * static_cast<double>(end - i - 1)};
    Forest forest(canvas, plot, reach);
    forest.background();
    for (std::size_t k = i + 1; k < end; ++k) {
      const double y = top + row_height * static_cast<double>(k);
      if (rows[k].first && k > i + 1)
        canvas.line(std::vector<Point>{{left, y}, {left + width, y}}, pale, 0.8);
      paint_row(canvas, forest, rows[k], left, plot, y + row_height / 2);
    }
    forest.axes(end == rows.size() ? Forest::Ticks::below : Forest::Ticks::none);
    i = end;
  }
}

constexpr double key_top = 86.0;

}  // namespace

Size overview_size(const ValidationReport& report) {
  const auto columns = columns_of(report);
  const double width = width_of(columns.size());
  Canvas ruler(width, 1);
  const int key = key_rows(ruler, {margin, 0}, width - 2 * margin, verdict_key(ruler));
  std::size_t longest = 0;
  for (const auto& column : columns) longest = std::max(longest, column.size());
  return {width, key_top + key_row * key + row_height * static_cast<double>(longest) + below};
}

void paint_overview(Canvas& canvas, const ValidationReport& report) {
  const auto columns = columns_of(report);
  const double width = canvas.width() - 2 * margin;
  heading(canvas, "Published measurements and what the model computes",
          tally_line(report.measured,
                     "Measurements, " + counted(static_cast<int>(report.cases.size()), "case", "cases")));
  canvas.text({margin, 60},
              canvas.fitted(tally_line(report.predictions, "Predictions, nothing fitted"), width, 11),
              {.size = 11, .color = grey});
  const int key = key_rows(canvas, {margin, key_top}, width, verdict_key(canvas));
  std::vector<ForestMark> marks;
  for (const auto& column : columns)
    for (const Row& row : column)
      if (row.quantity != nullptr) marks.push_back(forest_mark(*row.quantity));
  double left = margin;
  for (const auto& column : columns) {
    paint_column(canvas, column, left, key_top + key_row * key, column_width(columns.size()),
                 forest_reach(marks));
    left += column_width(columns.size()) + gap;
  }
}

void draw_overview(const ValidationReport& report, const std::string& path) {
  const Size size = overview_size(report);
  Canvas canvas(size.width, size.height);
  paint_overview(canvas, report);
  canvas.save(path);
}

}  // namespace photonlink::pictures
