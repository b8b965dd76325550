#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/pictures/pictures.hpp"
#include "studies/pictures/plot.hpp"

namespace photonlink::pictures {
namespace {

constexpr double row = 46.0, top = 110.0;

/// Component names in the order of first appearance, over all links.
std::vector<std::string> components_of(const std::vector<LinkResult>& results) {
  std::vector<std::string> names;
  for (const LinkResult& result : results)
    for (const LedgerEntry& entry : result.ledger.energy)
      if (std::find(names.begin(), names.end(), entry.component) == names.end())
        names.push_back(entry.component);
  return names;
}

double component_power_W(const LinkResult& result, const std::string& name) {
  double power_W = 0.0;
  for (const LedgerEntry& entry : result.ledger.energy)
    if (entry.component == name) power_W += entry.power_W;
  return power_W;
}

/// Rows of legend that fit the width, returns the rows used.
int component_legend(Canvas& canvas, const std::vector<std::string>& names, double y) {
  double x = 20;
  int rows = 1;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double width = 28 + canvas.text_width(names[i], 11) + 20;
    if (x + width > canvas.width() - 10) x = 20, y += 20, ++rows;
    x += legend_row(canvas, {x, y}, {{names[i], category(i), LegendEntry::Mark::box}});
  }
  return rows;
}

}  // namespace

Size comparison_size(const std::vector<LinkResult>& results) {
  // Eleven characters of legend need about 120 points.
  const double legend_rows = std::ceil(static_cast<double>(components_of(results).size()) / 5.0);
  return {960, top + row * static_cast<double>(results.size()) + 64 + 20 * legend_rows};
}

void paint_comparison(Canvas& canvas, const std::vector<LinkResult>& results) {
  heading(
      canvas, "Energy per bit and margin",
      "Stacked bars: one end with its host, by component · marks: module alone (▲), with host (■), both ends "
      "(●)");
  const std::vector<std::string> names = components_of(results);
  double energy_high = 0.0, margin_low = 0.0, margin_high = 1.0;
  for (const LinkResult& result : results) {
    energy_high = std::max({energy_high, result.energy.link_J_per_bit, result.energy.with_host_J_per_bit});
    const double margin = result.optical ? result.loss_margin_dB : result.noise_margin_dB;
    if (std::isfinite(margin))
      margin_low = std::min(margin_low, margin), margin_high = std::max(margin_high, margin);
  }
  const double height = row * static_cast<double>(results.size());
  const Box energy_frame{210, top, 420, height}, margin_frame{680, top, 190, height};
  Plot energy(canvas, energy_frame, {0, std::max(1.0, energy_high * 1e12 * 1.08), "Energy in pJ/bit", 6, {}},
              {0, 1, "", 0, {}});
  Plot margin(canvas, margin_frame,
              {margin_low * 1.15, margin_high * 1.15, "Margin in dB (optical: loss, copper: noise)", 4, {}},
              {0, 1, "", 0, {}});
  energy.background();
  margin.background();
  double y = top + row / 2;
  for (const LinkResult& result : results) {
    canvas.two_lines({20, y}, result.title, 180, 12);
    double total_W = 0.0, sum = 0.0;
    for (const std::string& name : names) total_W += component_power_W(result, name);
    const double pJ_per_W = total_W > 0 ? result.energy.with_host_J_per_bit * 1e12 / total_W : 0.0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const double part = component_power_W(result, names[i]) * pJ_per_W;
      if (!(part > 0)) continue;
      const double a = energy.at(sum, 0).x, b = energy.at(sum + part, 0).x;
      canvas.fill({a, y - 12, b - a, 24}, category(i));
      canvas.fill({b - 0.8, y - 12, 0.8, 24}, white);
      sum += part;
    }
    const std::pair<double, const char*> marks[] = {{result.energy.module_J_per_bit, "▲"},
                                                    {result.energy.with_host_J_per_bit, "■"},
                                                    {result.energy.link_J_per_bit, "●"}};
    for (const auto& [value_J, mark] : marks) {
      if (!std::isfinite(value_J)) continue;
      const double x = energy.at(value_J * 1e12, 0).x;
      const int kind = mark[2] == "▲"[2] ? 0 : mark[2] == "■"[2] ? 1 : 2;
      const Point at{x, y + 17};
      if (kind == 1)
        canvas.fill({at.x - 3.5, at.y - 3.5, 7, 7}, ink);
      else if (kind == 2)
        canvas.dot(at, 3.8, ink);
      else
        canvas.line(
            std::vector<Point>{
                {at.x - 3, at.y + 3}, {at.x, at.y - 3}, {at.x + 3, at.y + 3}, {at.x - 3, at.y + 3}},
            ink, 2.0);
    }
    const double value = result.optical ? result.loss_margin_dB : result.noise_margin_dB;
    if (std::isfinite(value)) {
      const double a = margin.at(0, 0).x, b = margin.at(value, 0).x;
      canvas.fill({std::min(a, b), y - 12, std::abs(b - a), 24}, value < 0 ? vermilion : green);
    }
    canvas.text(
        {margin_frame.right() + 76, y},
        std::isfinite(value) ? fmt::format("{}{:.1f} dB", value < 0 ? "−" : "", std::abs(value)) : "–",
        {.align = Align::right, .bold = true});
    y += row;
  }
  margin.curve({0, 0}, {0, 1}, ink, 1.0);
  energy.axes("Energy per bit");
  margin.axes("Margin");
  component_legend(canvas, names, top + height + 64);
}

void draw_comparison(const std::vector<LinkResult>& results, const std::string& path) {
  const Size size = comparison_size(results);
  Canvas canvas(size.width, size.height);
  paint_comparison(canvas, results);
  canvas.save(path);
}

}  // namespace photonlink::pictures
