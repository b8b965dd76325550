#include "studies/result_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace photonlink {
namespace {

using Row = std::vector<std::string>;

/// Code points: the tables use no wide or combining characters.
std::size_t shown_width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width, bool left) {
  const std::string space(width - std::min(width, shown_width(text)), ' ');
  return left ? text + space : space + text;
}

std::string colored(const std::string& text, const char* code, TableColor color) {
  return color == TableColor::ansi ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

/// First row: headings. The first column is left-aligned, the others right-aligned.
std::string table(const std::vector<Row>& rows, TableColor color) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], shown_width(row[i]));
  std::string text, rule;
  for (const std::size_t width : widths) {
    if (!rule.empty()) rule += "  ";
    for (std::size_t i = 0; i < width; ++i) rule += "─";
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      std::string cell = padded(rows[r][i], widths[i], i == 0);
      if (rows[r][i] == "yes") cell = colored(cell, "32", color);
      if (rows[r][i] == "no") cell = colored(cell, "31", color);
      line += (i == 0 ? "" : "  ") + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += (r == 0 ? colored(line, "1", color) : line) + "\n";
    if (r == 0) text += rule + "\n";
  }
  return text;
}

std::string fixed(double value, int decimals) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : "-";
}

std::string energy_text(double energy_J) {
  return fixed(energy_J * 1e12, energy_J < 0.9995e-12 ? 3 : 2);
}

std::string latency_text(double latency_s) {
  if (!std::isfinite(latency_s)) return "-";
  return latency_s < 1e-6 ? fmt::format("{:.1f} ns", latency_s * 1e9)
                          : fmt::format("{:.2f} µs", latency_s * 1e6);
}

std::string margin_text(const LinkResult& result) {
  const double margin = result.optical ? result.loss_margin_dB : result.noise_margin_dB;
  if (!std::isfinite(margin)) return "-";
  return fmt::format("{:.1f} dB {}", margin, result.optical ? "loss" : "noise");
}

Row summary_row(const LinkResult& result) {
  return {result.title.empty() ? result.name : result.title,
          result.closes ? "yes" : "no",
          ber_text(result.ber_before_fec, result.ber_floor),
          ber_text(result.ber_after_fec, result.ber_floor),
          margin_text(result),
          energy_text(result.energy.module_J_per_bit),
          energy_text(result.energy.with_host_J_per_bit),
          energy_text(result.energy.link_J_per_bit),
          latency_text(result.latency_s)};
}

/// Parts of the energy of one end with its host: the ledger's powers over the bit rate.
std::string energy_parts(const std::vector<LinkResult>& results, TableColor color) {
  std::vector<std::string> names;
  for (const LinkResult& result : results)
    for (const LedgerEntry& entry : result.ledger.energy)
      if (std::find(names.begin(), names.end(), entry.component) == names.end())
        names.push_back(entry.component);
  if (names.empty()) return "";
  std::vector<Row> rows = {{"Energy in pJ/bit"}};
  for (const LinkResult& result : results) rows.front().push_back(result.name);
  for (const std::string& name : names) {
    Row row = {name};
    for (const LinkResult& result : results) {
      double part_W = 0.0, total_W = 0.0;
      for (const LedgerEntry& entry : result.ledger.energy) {
        total_W += entry.power_W;
        if (entry.component == name) part_W += entry.power_W;
      }
      row.push_back(part_W > 0.0 ? energy_text(result.energy.with_host_J_per_bit * part_W / total_W) : "-");
    }
    rows.push_back(row);
  }
  Row total = {"with host"};
  for (const LinkResult& result : results) total.push_back(energy_text(result.energy.with_host_J_per_bit));
  rows.push_back(total);
  return "\n" + table(rows, color);
}

std::string noise_shares(const LinkResult& result, TableColor color) {
  if (result.noise.empty()) return "";
  std::vector<NoiseShare> sorted = result.noise;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.share > b.share; });
  std::vector<Row> rows = {{"Noise of " + result.name, "rms in " + result.amplitude_unit, "share"}};
  for (const NoiseShare& noise : sorted)
    rows.push_back({noise.source, std::isfinite(noise.rms) ? fmt::format("{:.2e}", noise.rms) : "-",
                    std::isfinite(noise.share) ? fmt::format("{:.1f} %", 100.0 * noise.share) : "-"});
  return "\n" + table(rows, color);
}

std::string warning_lines(const LinkResult& result, TableColor color) {
  std::string text;
  for (const Warning& warning : result.warnings)
    text += fmt::format("{} {} / {}: {}\n", colored("warning:", "33", color), result.name, warning.stage,
                        warning.text);
  return text;
}

}  // namespace

std::string ber_text(double ber, double floor) {
  if (std::isnan(ber)) return "-";
  if (std::isfinite(floor) && ber <= floor) return fmt::format("<{:.0e}", floor);
  if (ber < 1e-40) return "<1e-40";
  return fmt::format("{:.1e}", ber);
}

std::string comparison_table(const std::vector<LinkResult>& results, TableColor color) {
  std::vector<Row> rows = {{"Option", "closes", "BER", "BER after FEC", "margin", "module pJ/b",
                            "with host pJ/b", "link pJ/b", "latency"}};
  for (const LinkResult& result : results) rows.push_back(summary_row(result));
  std::string text = table(rows, color) + energy_parts(results, color);
  for (const LinkResult& result : results) text += noise_shares(result, color);
  std::string warnings;
  for (const LinkResult& result : results) warnings += warning_lines(result, color);
  return warnings.empty() ? text : text + "\n" + warnings;
}

}  // namespace photonlink
