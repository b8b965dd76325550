#include "studies/com/com_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/quantity.hpp"
#include "studies/com/com_figures.hpp"

namespace photonlink {
namespace {

using com::CaseResult;
using text_table::Row;

/// As COM users read it: dB to 4 decimals, voltages in mV, times in ps, counts and error ratios bare.
std::string figure_text(double value, std::string_view unit) {
  if (!std::isfinite(value)) return "-";
  if (unit == "dB") return fmt::format("{:.4f} dB", value);
  if (unit == "V") return fmt::format("{:.4f} mV", value * 1e3);
  if (unit == "s") return fmt::format("{:.2f} ps", value * 1e12);
  const bool count = value == std::round(value) && (value == 0.0 || value >= 1.0);
  return count ? fmt::format("{:.0f}", value) : fmt::format("{:.2e}", value);
}

std::string tap_text(double tap) {
  std::string text = fmt::format("{:.5f}", tap);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string file_name(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

std::string head(const ComRun& run, std::size_t width) {
  const com::Signal& signal = run.parameters.signal;
  const auto count = [&](com::Path::Kind kind) {
    return std::count_if(run.files.begin(), run.files.end(),
                         [&](const ComFile& f) { return f.kind == kind; });
  };
  const auto line = [&](const std::string& text) { return text_table::wrapped(text, width, 2) + "\n"; };
  std::string text = line(run.parameters.title) + line("Configuration: " + run.parameters.source);
  text += line(fmt::format("{} · {} levels · DER_0 {:.3g} · mode {}",
                           format_quantity(signal.symbol_rate_Bd, Quantity::symbol_rate, 8), signal.levels,
                           signal.detector_error_ratio, run.result.mode));
  std::string channel = fmt::format("{} · {} FEXT, {} NEXT", file_name(run.files.front().path),
                                    count(com::Path::Kind::fext), count(com::Path::Kind::next));
  for (const RunFigure& figure : run_figures())
    if (const double value = figure.value(run); figure.in_head && std::isfinite(value) && value != 0.0)
      channel += fmt::format(" · {} {}", figure.label, figure_text(value, figure.unit));
  return text + line(channel);
}

void add_section(std::vector<Row>& rows, const ComRun& run, ComSectionOf section) {
  const auto& cases = run.result.package_case;
  rows.push_back({std::string(heading_of(section))});
  rows.back().resize(cases.size() + 1);
  for (const CaseFigure& figure : case_figures()) {
    if (figure.section != section) continue;
    Row row{"  " + std::string(figure.label)};
    bool any = false;
    for (const CaseResult& each : cases) {
      const double value = figure.value(each, run.parameters);
      any = any || std::isfinite(value);
      row.push_back(figure_text(value, figure.unit));
    }
    if (any) rows.push_back(row);
  }
}

void add_checks(std::vector<Row>& rows, const ComRun& run) {
  std::vector<Row> added;
  for (const CaseResult& each : run.result.package_case) {
    const auto checks = case_checks(each, run.parameters);
    added.resize(checks.size());
    for (std::size_t i = 0; i < checks.size(); ++i) {
      if (added[i].empty()) added[i].push_back("  " + checks[i].label);
      added[i].push_back(checks[i].passes ? "pass" : "FAIL");
    }
  }
  rows.insert(rows.end(), added.begin(), added.end());
}

void add_transmit_taps(std::vector<Row>& rows, const ComRun& run) {
  const auto& cases = run.result.package_case;
  const CaseResult& first = cases.front();
  for (std::size_t k = 0; k < first.transmit_taps.size(); ++k) {
    Row row{fmt::format("  c({})", static_cast<int>(k) - first.main_tap)};
    for (const CaseResult& each : cases) row.push_back(tap_text(each.transmit_taps[k]));
    rows.push_back(row);
  }
}

std::string figures_table(const ComRun& run, TableColor color) {
  const auto& cases = run.result.package_case;
  std::vector<Row> rows{{"Package case"}};
  for (const CaseResult& each : cases) rows.front().push_back(each.name);
  add_section(rows, run, ComSectionOf::margin);
  add_checks(rows, run);
  add_section(rows, run, ComSectionOf::equalizer);
  add_transmit_taps(rows, run);
  add_section(rows, run, ComSectionOf::noise);
  add_section(rows, run, ComSectionOf::interference);
  return text_table::table(rows, color);
}

bool holds(const std::vector<double>& list, int value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string dfe_lines(const CaseResult& result, const com::Parameters& p, std::size_t width) {
  if (result.dfe_taps.empty()) return "";
  const auto limited = limited_dfe_taps(result, p);
  const auto text_of = [&](int position) {
    return tap_text(result.dfe_taps[static_cast<std::size_t>(position) - 1]) +
           (holds(limited, position) ? "*" : "");
  };
  std::string line = fmt::format("DFE b(1) ... b({}) of {}:", p.dfe.taps, result.name);
  for (int n = 1; n <= p.dfe.taps; ++n) line += " " + text_of(n);
  std::string text = text_table::wrapped(line, width, 2) + "\n";
  if (result.floating_taps.empty()) return text;
  line = fmt::format("Floating taps of {}, position: value:", result.name);
  for (const int position : result.floating_taps) line += fmt::format(" {}:{}", position, text_of(position));
  return text + text_table::wrapped(line, width, 2) + "\n";
}

std::string receive_lines(const CaseResult& result, const com::Parameters& p, std::size_t width) {
  if (result.receive_taps.empty()) return "";
  const auto limited = limited_receive_taps(result, p);
  std::string line = fmt::format("Receive FFE w(-{}) ... w({}) of {}:", p.ffe.pre, p.ffe.post, result.name);
  for (int k = 0; k < static_cast<int>(result.receive_taps.size()); ++k)
    line += " " + tap_text(result.receive_taps[static_cast<std::size_t>(k)]) + (holds(limited, k) ? "*" : "");
  return text_table::wrapped(line, width, 2) + "\n";
}

std::string tap_lines(const ComRun& run, std::size_t width) {
  std::string text;
  for (const CaseResult& each : run.result.package_case)
    text += receive_lines(each, run.parameters, width) + dfe_lines(each, run.parameters, width);
  if (text.find('*') != std::string::npos) text += "  * at its limit\n";
  return text.empty() ? text : "\n" + text;
}

std::string verdict(bool passes, TableColor color) {
  return passes ? text_table::colored("pass", "32", color) : text_table::colored("FAIL", "31", color);
}

std::string verdict_lines(const ComRun& run, TableColor color) {
  const double limit_dB = run.parameters.limits.com_dB;
  const std::size_t cases = run.result.package_case.size();
  std::string text = fmt::format("\nCOM {:.4f} dB, least of {} package case{} ({}); limit {:.3g} dB: {}\n",
                                 run.result.com_dB, cases, cases == 1 ? "" : "s", run.worst_case().name,
                                 limit_dB, verdict(run.result.com_dB >= limit_dB, color));
  for (const LimitCheck& check : channel_checks(run))
    text += fmt::format("ERL {}; {}: {}\n", figure_text(run.result.return_loss.least_dB, "dB"), check.label,
                        verdict(check.passes, color));
  return text + fmt::format("All limits: {}\n", verdict(passes(run), color));
}

}  // namespace

std::string com_table(const ComRun& run, TableColor color, int width) {
  const auto columns = static_cast<std::size_t>(std::max(0, width));
  std::string text = head(run, columns) + "\n" + figures_table(run, color) + tap_lines(run, columns) +
                     verdict_lines(run, color);
  for (const std::string& warning : run.warnings) {
    const std::string paragraph = text_table::wrapped("warning: " + warning, columns, 2);
    text += text_table::colored("warning:", "33", color) +
            paragraph.substr(std::string_view("warning:").size()) + "\n";
  }
  return text;
}

}  // namespace photonlink
