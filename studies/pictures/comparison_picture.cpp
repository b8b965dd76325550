#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/pictures/pictures.hpp"
#include "studies/pictures/plot.hpp"

namespace photonlink::pictures {
namespace {

constexpr double row = 46.0, top = 110.0;

double component_power_W(const LinkResult& result, const std::string& name) {
  double power_W = 0.0;
  for (const LedgerEntry& entry : result.ledger.energy)
    if (entry.component == name) power_W += entry.power_W;
  return power_W;
}

/// Energy of one component at one end [pJ/bit]: its part of the power, times the energy of the end.
double component_energy_pJ(const LinkResult& result, const std::string& name) {
  double total_W = 0.0;
  for (const LedgerEntry& entry : result.ledger.energy) total_W += entry.power_W;
  if (!(total_W > 0.0)) return 0.0;
  return component_power_W(result, name) / total_W * result.energy.with_host_J_per_bit * 1e12;
}

/// Component names over all links, the largest sum of energies first: what matters gets the plain colours.
std::vector<std::string> components_of(const std::vector<LinkResult>& results) {
  std::vector<std::string> names;
  std::vector<std::pair<double, std::string>> sums;
  for (const LinkResult& result : results)
    for (const LedgerEntry& entry : result.ledger.energy)
      if (std::find(names.begin(), names.end(), entry.component) == names.end())
        names.push_back(entry.component);
  for (const std::string& name : names) {
    double sum = 0.0;
    for (const LinkResult& result : results) sum += component_energy_pJ(result, name);
    if (sum > 0.0) sums.emplace_back(sum, name);
  }
  std::stable_sort(sums.begin(), sums.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  names.clear();
  for (const auto& [sum, name] : sums) names.push_back(name);
  return names;
}

LegendEntry component_entry(const std::vector<std::string>& names, std::size_t i) {
  return {names[i], category(i).color, LegendEntry::Mark::box, category(i).hatch};
}

/// Entries in rows that fit the width; returns the rows used.
int component_legend(Canvas& canvas, const std::vector<std::string>& names, double y) {
  double x = 20;
  int rows = 1;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const LegendEntry entry = component_entry(names, i);
    if (x > 20 && x + legend_width(canvas, entry) > canvas.width()) x = 20, y += 20, ++rows;
    x += legend_row(canvas, {x, y}, {entry});
  }
  return rows;
}

double margin_dB(const LinkResult& result) {
  return result.optical ? result.loss_margin_dB : result.noise_margin_dB;
}

std::string margin_text(const LinkResult& result) {
  const double value = margin_dB(result);
  if (!std::isfinite(value)) return "–";
  return fmt::format("{}{:.1f} dB {}", value < 0 ? "−" : "", std::abs(value),
                     result.optical ? "loss" : "noise");
}

void energy_bar(Canvas& canvas, const Plot& plot, const LinkResult& result,
                const std::vector<std::string>& names, double y) {
  double sum = 0.0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double part = component_energy_pJ(result, names[i]);
    if (!(part > 0)) continue;
    const double a = plot.at(sum, 0).x, b = plot.at(sum + part, 0).x;
    canvas.fill({a, y - 13, b - a, 22}, category(i));
    canvas.fill({b - 0.8, y - 13, 0.8, 22}, white);
    sum += part;
  }
  if (std::isfinite(result.energy.with_host_J_per_bit))
    canvas.text({plot.at(sum, 0).x + 6, y - 2},
                fmt::format("{:.2f}", result.energy.with_host_J_per_bit * 1e12), {.size = 11, .bold = true});
  const auto mark_at = [&](double energy_J) { return Point{plot.at(energy_J * 1e12, 0).x, y + 15}; };
  const Point module = mark_at(result.energy.module_J_per_bit),
              host = mark_at(result.energy.with_host_J_per_bit), link = mark_at(result.energy.link_J_per_bit);
  if (result.energy.module_J_per_bit > 0.0) canvas.triangle(module, 4.2, ink);
  if (std::isfinite(host.x)) canvas.fill({host.x - 3.5, host.y - 3.5, 7, 7}, ink);
  if (std::isfinite(link.x)) canvas.dot(link, 4.0, ink);
}

void margin_bar(Canvas& canvas, const Plot& plot, const LinkResult& result, double y) {
  const double value = margin_dB(result);
  if (std::isfinite(value)) {
    const double a = plot.at(0, 0).x, b = plot.at(value, 0).x;
    canvas.fill({std::min(a, b), y - 13, std::abs(b - a), 22}, value < 0 ? vermilion : green);
  }
  canvas.text({canvas.width() - 16, y - 2}, margin_text(result), {.align = Align::right, .bold = true});
}

}  // namespace

Size comparison_size(const std::vector<LinkResult>& results) {
  Canvas ruler(960, 1);
  const int legend_rows = component_legend(ruler, components_of(results), 0.0);
  return {960, top + row * static_cast<double>(results.size()) + 62 + 20.0 * legend_rows};
}

void paint_comparison(Canvas& canvas, const std::vector<LinkResult>& results) {
  heading(canvas, "Energy per bit and margin",
          "Bars: energy of one end with its host, by component · margin: extra loss that optical links bear, "
          "growth "
          "of noise that copper links bear");
  const std::vector<std::string> names = components_of(results);
  double energy_high = 0.0, margin_low = 0.0, margin_high = 1.0;
  for (const LinkResult& result : results) {
    energy_high = std::max({energy_high, result.energy.link_J_per_bit, result.energy.with_host_J_per_bit});
    if (!std::isfinite(margin_dB(result))) continue;
    margin_low = std::min(margin_low, margin_dB(result)),
    margin_high = std::max(margin_high, margin_dB(result));
  }
  const double height = row * static_cast<double>(results.size());
  const double energy_end = energy_high > 0.0 ? energy_high * 1e12 * 1.06 : 1.0;
  Plot energy(canvas, {210, top, 430, height}, {0, energy_end, "Energy in pJ/bit", 6, {}}, {0, 1, "", 0, {}});
  Plot margin(canvas, {678, top, 164, height}, {margin_low * 1.15, margin_high * 1.15, "Margin in dB", 4, {}},
              {0, 1, "", 0, {}});
  energy.background();
  margin.background();
  using Mark = LegendEntry::Mark;
  legend_row(canvas, {210, 70},
             {{"module alone", ink, Mark::triangle},
              {"one end with host", ink, Mark::square},
              {"both ends", ink, Mark::dot}});
  double y = top + row / 2;
  for (const LinkResult& result : results) {
    canvas.two_lines({20, y - 2}, result.title, 180, 12);
    energy_bar(canvas, energy, result, names, y);
    margin_bar(canvas, margin, result, y);
    y += row;
  }
  margin.curve({0, 0}, {0, 1}, ink, 1.0);
  energy.axes("Energy per bit");
  margin.axes("Margin");
  component_legend(canvas, names, top + height + 60);
}

void draw_comparison(const std::vector<LinkResult>& results, const std::string& path) {
  const Size size = comparison_size(results);
  Canvas canvas(size.width, size.height);
  paint_comparison(canvas, results);
  canvas.save(path);
}

}  // namespace photonlink::pictures
