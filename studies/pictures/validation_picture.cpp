#include "studies/pictures/validation_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/pictures/forest.hpp"
#include "studies/pictures/validation_panel.hpp"
#include "studies/validation/report_counts.hpp"
#include "studies/validation/report_text.hpp"

namespace photonlink::pictures {
namespace {

using namespace report_text;

constexpr double width = 1080.0, margin = 20.0, gap = 34.0, top = 68.0;
constexpr double forest_row = 22.0, key_row = 18.0, below_forest = 48.0;

/// The panels in rows of two; a last one alone is as wide as both.
struct Grid {
  std::vector<PanelGroup> groups;
  std::size_t hidden = 0;
  double height = 0.0;
  std::vector<Box> cells;
};

Grid grid_of(const CaseResult& result) {
  Grid grid{.groups = panel_groups(result)};
  if (grid.groups.size() > most_panels) {
    grid.hidden = grid.groups.size() - most_panels;
    grid.groups.resize(most_panels);
  }
  const double all = width - 2 * margin, half = (all - gap) / 2;
  for (std::size_t i = 0; i < grid.groups.size(); i += 2) {
    const bool alone = i + 1 == grid.groups.size();
    const std::size_t series = std::max(grid.groups[i].size(), alone ? 0 : grid.groups[i + 1].size());
    const double height = panel_height(alone ? all : half, series);
    grid.cells.push_back({margin, grid.height, alone ? all : half, height});
    if (!alone) grid.cells.push_back({margin + half + gap, grid.height, half, height});
    grid.height += height;
  }
  return grid;
}

/// A quantity, or the heading of those that follow.
struct Row {
  const QuantityResult* quantity = nullptr;
  std::string heading;
};

std::vector<Row> rows_of(const CaseResult& result) {
  std::vector<Row> counted, others;
  for (const QuantityResult& quantity : result.quantities)
    (quantity.role == Role::measurement ? counted : others).push_back({&quantity, ""});
  if (!others.empty()) counted.push_back({nullptr, "Shown, not counted"});
  counted.insert(counted.end(), others.begin(), others.end());
  return counted;
}

struct Column {
  double at;     ///< left edge, or right edge of right-aligned texts
  double width;  ///< texts are cut to it
  Align align;
};
constexpr Column label{margin, 304, Align::left}, published{790, 88, Align::right},
    computed{884, 86, Align::right}, unit{892, 78, Align::left}, tolerance{978, 82, Align::left};
constexpr double plot_left = 334.0, plot_width = 356.0;

void cell(Canvas& canvas, const Column& column, double y, const std::string& text, TextStyle style = {}) {
  style.size = 11, style.align = column.align;
  const std::string shown = text == "-" ? "–" : text;
  canvas.text({column.at, y}, canvas.fitted(shown, column.width, style.size, style.bold), style);
}

void row_texts(Canvas& canvas, const QuantityResult& quantity, double y) {
  const bool counted = quantity.role == Role::measurement;
  const std::string role = counted ? "" : " (" + std::string(role_name(quantity.role)) + ")";
  const double room = label.width - canvas.text_width(role, 11);
  canvas.text({label.at, y}, canvas.fitted(title_of(quantity), room, 11) + role,
              {.size = 11, .color = counted ? ink : grey});
  const PointResult* worst = worst_point(quantity);
  if (worst == nullptr) return;
  if (quantity.points.size() > 1) {
    cell(canvas, published, y, fmt::format("{} points", quantity.points.size()));
    cell(canvas, computed, y, typographic(error_text(quantity)));
  } else {
    cell(canvas, published, y, typographic(published_text(quantity, *worst)));
    cell(canvas, computed, y, typographic(computed_text(*worst)));
  }
  const std::string width_text = tolerance_text(quantity, *worst);
  cell(canvas, tolerance, y, width_text == "-" ? width_text : "± " + typographic(width_text));
  cell(canvas, unit, y, quantity.unit == "1" ? "" : quantity.unit);
}

void paint_forest(Canvas& canvas, const CaseResult& result, double y) {
  const std::vector<Row> rows = rows_of(result);
  std::vector<ForestMark> marks;
  for (const Row& row : rows)
    if (row.quantity != nullptr) marks.push_back(forest_mark(*row.quantity));
  const std::pair<const Column&, const char*> heads[] = {
      {published, "published"}, {computed, "computed"}, {tolerance, "tolerance"}};
  for (const auto& [column, text] : heads) cell(canvas, column, y, text, {.bold = true});
  y += key_row;
  Forest forest(canvas, {plot_left, y, plot_width, forest_row * static_cast<double>(rows.size())},
                forest_reach(marks));
  forest.background();
  std::size_t next = 0;
  y += forest_row / 2;
  for (const Row& row : rows) {
    if (row.quantity == nullptr) {
      canvas.text({label.at, y}, row.heading, {.size = 11, .color = grey, .bold = true});
    } else {
      const ForestMark& mark = marks[next++];
      forest.draw(mark, y, 4.6);
      if (std::isnan(mark.error))
        canvas.text({plot_left + plot_width / 2, y}, "not computed",
                    {.size = 10, .color = grey, .align = Align::center, .plate = true});
      row_texts(canvas, *row.quantity, y);
    }
    y += forest_row;
  }
  forest.axes();
}

std::string facts_of(const CaseResult& result, const Grid& grid) {
  const int all = static_cast<int>(
      std::count_if(result.quantities.begin(), result.quantities.end(),
                    [](const QuantityResult& quantity) { return quantity.role == Role::measurement; }));
  std::string text = result.citation.empty() ? result.name : result.citation;
  text += fmt::format(" · {} within tolerance", share_text(count(result, Verdict::pass), all));
  if (grid.hidden > 0)
    text =
        fmt::format("first {} of {} panels · ", grid.groups.size(), grid.groups.size() + grid.hidden) + text;
  return text;
}

/// Rows of the key over the panels and of the one over the errors.
struct Keys {
  int panels = 0, forest = 0;
};
Keys keys_of(Canvas& canvas, const Grid& grid, double y_panels, double y_forest) {
  Keys keys;
  if (!grid.groups.empty())
    keys.panels = key_rows(canvas, {margin, y_panels}, width - 2 * margin, panel_key(canvas));
  keys.forest = key_rows(canvas, {margin, y_forest}, width - 2 * margin, verdict_key(canvas));
  return keys;
}

double panels_height(const Grid& grid, const Keys& keys) {
  return grid.groups.empty() ? 0.0 : key_row * keys.panels + 8 + grid.height + 10;
}

}  // namespace

Size case_size(const CaseResult& result) {
  Canvas ruler(width, 1);
  const Grid grid = grid_of(result);
  const Keys keys = keys_of(ruler, grid, 0, 0);
  return {width, top + panels_height(grid, keys) + key_row * keys.forest + 8 + key_row +
                     forest_row * static_cast<double>(rows_of(result).size()) + below_forest};
}

void paint_case(Canvas& canvas, const CaseResult& result) {
  const Grid grid = grid_of(result);
  heading(canvas, title_of(result), facts_of(result, grid));
  Canvas ruler(width, 1);
  const double forest_top = top + panels_height(grid, keys_of(ruler, grid, 0, 0));
  const Keys keys = keys_of(canvas, grid, top, forest_top);
  for (std::size_t i = 0; i < grid.groups.size(); ++i) {
    Box box = grid.cells[i];
    box.y += top + key_row * keys.panels + 8 - key_row / 2;
    paint_panel(canvas, box, grid.groups[i], std::string(1, static_cast<char>('a' + i)));
  }
  paint_forest(canvas, result, forest_top + key_row * keys.forest + 8);
}

void draw_case(const CaseResult& result, const std::string& path) {
  const Size size = case_size(result);
  Canvas canvas(size.width, size.height);
  paint_case(canvas, result);
  canvas.save(path);
}

}  // namespace photonlink::pictures
