#include "studies/result_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/quantity.hpp"

namespace photonlink {
namespace {

using namespace text_table;

std::string fixed(double value, int decimals) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : "-";
}

std::string energy_text(double energy_J) {
  return fixed(energy_J * 1e12, energy_J < 0.9995e-12 ? 3 : 2);
}

std::string latency_text(double latency_s) {
  if (!std::isfinite(latency_s)) return "-";
  if (latency_s > 0.0 && latency_s < 0.9995e-9) return fmt::format("{:.1f} ps", latency_s * 1e12);
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

/// Names in the order of first appearance over all links.
template <class Entry>
std::vector<std::string> components_of(const std::vector<LinkResult>& results,
                                       std::vector<Entry> Ledger::*entries) {
  std::vector<std::string> names;
  for (const LinkResult& result : results)
    for (const Entry& entry : result.ledger.*entries)
      if (std::find(names.begin(), names.end(), entry.component) == names.end())
        names.push_back(entry.component);
  return names;
}

/// One row per component, one column per link, a total below.
std::string by_component(const std::string& heading, const std::vector<std::string>& names,
                         const std::vector<LinkResult>& results, TableColor color,
                         const std::function<std::string(const LinkResult&, const std::string&)>& cell,
                         const std::string& total_name,
                         const std::function<std::string(const LinkResult&)>& total) {
  if (names.empty()) return "";
  std::vector<Row> rows = {{heading}};
  for (const LinkResult& result : results) rows.front().push_back(result.name);
  for (const std::string& name : names) {
    rows.push_back({name});
    for (const LinkResult& result : results) rows.back().push_back(cell(result, name));
  }
  rows.push_back({total_name});
  for (const LinkResult& result : results) rows.back().push_back(total(result));
  return "\n" + table(rows, color);
}

/// Parts of the energy of one end with its host: the ledger's powers over the bit rate.
std::string energy_parts(const std::vector<LinkResult>& results, TableColor color) {
  const auto part = [](const LinkResult& result, const std::string& name) {
    double part_W = 0.0, total_W = 0.0;
    for (const LedgerEntry& entry : result.ledger.energy) {
      total_W += entry.power_W;
      if (entry.component == name) part_W += entry.power_W;
    }
    return part_W > 0.0 ? energy_text(result.energy.with_host_J_per_bit * part_W / total_W)
                        : std::string("-");
  };
  return by_component("Energy in pJ/bit, one end", components_of(results, &Ledger::energy), results, color,
                      part, "one end with host", [](const LinkResult& result) {
                        return energy_text(result.energy.with_host_J_per_bit);
                      });
}

std::string latency_parts(const std::vector<LinkResult>& results, TableColor color) {
  const auto part = [](const LinkResult& result, const std::string& name) {
    double delay_s = 0.0;
    for (const LatencyEntry& entry : result.ledger.latency)
      if (entry.component == name) delay_s += entry.delay_s;
    return delay_s > 0.0 ? latency_text(delay_s) : std::string("-");
  };
  return by_component("Latency, one way", components_of(results, &Ledger::latency), results, color, part,
                      "total", [](const LinkResult& result) { return latency_text(result.latency_s); });
}

/// Three digits with the prefix that brings the value into [1, 1000): "6.20 mV".
std::string engineering_text(double value, const std::string& unit) {
  if (!std::isfinite(value)) return "-";
  static const std::pair<double, const char*> prefixes[] = {
      {1.0, ""}, {1e3, "m"}, {1e6, "µ"}, {1e9, "n"}, {1e12, "p"}};
  if (value == 0.0) return "0 " + unit;
  for (const auto& [factor, prefix] : prefixes) {
    const double scaled = std::abs(value) * factor;
    // 0.9995 of a unit is rounded up to it.
    if (scaled < 0.9995 && factor < 1e12) continue;
    const int decimals = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
    return fmt::format("{:.{}f} {}{}", value * factor, decimals, prefix, unit);
  }
  return "-";
}

std::string noise_shares(const LinkResult& result, TableColor color) {
  if (result.noise.empty()) return "";
  std::vector<NoiseShare> sorted = result.noise;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.share > b.share; });
  std::vector<Row> rows = {{"Noise of " + result.name, "rms", "share"}};
  for (const NoiseShare& noise : sorted)
    rows.push_back({noise.source, engineering_text(noise.rms, result.amplitude_unit),
                    std::isfinite(noise.share) ? fmt::format("{:.1f} %", 100.0 * noise.share) : "-"});
  return "\n" + table(rows, color);
}

/// What channels do to each other, each on the lane that suffers most, and by how much that closes its eye.
std::string crosstalk_rows(const LinkResult& result, TableColor color) {
  const struct {
    const char* name;
    double LaneResult::*member;
    bool closure;  // the member is the closure itself
  } causes[] = {{"modulators of other lanes", &LaneResult::modulation_crosstalk_dB, false},
                {"demultiplexer", &LaneResult::demultiplexer_crosstalk_dB, false},
                {"in-band, worst phase", &LaneResult::in_band_closure_dB, true}};
  std::vector<Row> rows = {{"Crosstalk of " + result.name, "lane", "of own OMA", "closes the eye by"}};
  for (const auto& cause : causes) {
    const LaneResult* worst = nullptr;
    for (const LaneResult& lane : result.lane)
      if (!std::isnan(lane.*cause.member) && (!worst || lane.*cause.member > worst->*cause.member))
        worst = &lane;
    if (!worst) continue;
    const double value = worst->*cause.member;
    const double share = std::pow(10.0, value / 10.0) * (result.modulation == "PAM4" ? 3.0 : 1.0);
    const double closure_dB = cause.closure ? value : -10.0 * std::log10(1.0 - share);
    rows.push_back({cause.name, fmt::format("{}", worst->lane),
                    cause.closure ? "-" : fmt::format("{:.1f} dB", value),
                    std::isfinite(closure_dB) ? fmt::format("up to {:.2f} dB", closure_dB) : "all of it"});
  }
  return rows.size() == 1 ? std::string() : "\n" + table(rows, color);
}

std::string UI_text(double value) {
  return std::isfinite(value) ? fmt::format("{:.3f} UI", value) : "-";
}

/// Openings of the statistical eye at the BER required before FEC, lowest first.
std::string eye_rows(const LinkResult& result, TableColor color) {
  const EyeMeasures& m = result.eye_measures;
  if (m.opening.empty()) return "";
  std::vector<Row> rows = {{fmt::format("Eye of {} at {:.1e}", result.name, m.ber), "height", "width"}};
  for (std::size_t k = 0; k < m.opening.size(); ++k)
    rows.push_back({m.opening.size() == 1 ? std::string("opening") : fmt::format("opening {}", k + 1),
                    engineering_text(m.opening[k].height, result.amplitude_unit),
                    UI_text(m.opening[k].width_UI)});
  const std::string closure = fixed(m.vertical_closure_dB, 2);
  return "\n" + table(rows, color) +
         fmt::format("linearity {}, VEO {}, VEC {}\n", fixed(m.linearity, 3),
                     engineering_text(m.vertical_opening, result.amplitude_unit),
                     closure == "-" ? closure : closure + " dB");
}

/// What feedback of wrong decisions and the recovered clock do; nothing for links that have neither.
std::string receiver_rows(const LinkResult& result, TableColor color) {
  std::vector<Row> rows = {{"Receiver of " + result.name, ""}};
  const ErrorPropagation& errors = result.propagation;
  if (std::isfinite(errors.ber)) {
    rows.push_back({"BER with decisions fed back", ber_text(errors.ber, result.ber_floor)});
    rows.push_back({"the same with precoding", ber_text(errors.precoded_ber, result.ber_floor)});
    rows.push_back({"symbol errors multiplied by", fixed(errors.multiplication, 2)});
  }
  const ClockResult& clock = result.clock;
  if (std::isfinite(clock.phase_margin_deg)) {
    rows.push_back({"clock recovery, phase margin", fmt::format("{:.0f} deg", clock.phase_margin_deg)});
    rows.push_back(
        {"jitter of the recovered clock", fmt::format("{:.4f} UI rms", clock.generated_jitter_UI)});
    if (std::isfinite(clock.mask_ratio))
      rows.push_back({"jitter tolerance over mask", fmt::format("{:.2f}", clock.mask_ratio)});
  }
  return rows.size() == 1 ? std::string() : "\n" + table(rows, color);
}

std::string operating_point_rows(const LinkResult& result, TableColor color) {
  const OperatingPoint& point = result.operating_point;
  if (point.goal.empty()) return "";
  const bool energy = point.goal == "least_energy";
  std::vector<Row> rows = {
      {fmt::format("Chosen for {}", result.name), energy ? "least energy" : "largest margin"}};
  for (const OperatingPoint::Value& each : point.value)
    rows.push_back({each.stage + ": " + each.key, each.text + (each.at_bound ? " (end of its range)" : "")});
  std::string text = "\n" + table(rows, color) + fmt::format("{} evaluations", point.evaluations);
  if (energy)
    text +=
        fmt::format(", {} a margin of {:.1f} dB", point.keeps_margin ? "holds" : "misses", point.margin_dB);
  return text + "\n";
}

std::string locking_rows(const LinkResult& result, TableColor color) {
  const LockingResult& locking = result.locking;
  if (locking.stage.empty()) return "";
  std::vector<Row> rows = {{fmt::format("Locking of {}: {}", result.name, locking.stage),
                            fmt::format("{}, {}", locking.method, locking.monitor)},
                           {"holds over the ramp", locking.holds ? "yes" : "no"},
                           {"largest BER", ber_text(locking.worst_ber, result.ber_floor)},
                           {"largest offset", format_quantity(locking.worst_offset_Hz, Quantity::frequency)},
                           {"offset rms", format_quantity(locking.offset_rms_Hz, Quantity::frequency)},
                           {"heaters, mean", engineering_text(locking.mean_heater_power_W, "W")},
                           {"heaters, most", engineering_text(locking.largest_heater_power_W, "W")}};
  return "\n" + table(rows, color);
}

std::string penalty_rows(const LinkResult& result, TableColor color) {
  if (result.penalties.empty()) return "";
  std::vector<Row> rows = {{"Penalties of " + result.name, "noise margin"}};
  for (const Penalty& penalty : result.penalties)
    rows.push_back({penalty.stage + ": " + penalty.effect,
                    std::isfinite(penalty.dB) ? fmt::format("{:+.2f} dB", penalty.dB) : "-"});
  return "\n" + table(rows, color);
}

/// One paragraph for each text, naming all links and stages it holds for.
std::string assumption_lines(const std::vector<LinkResult>& results, std::size_t width) {
  std::string lines;
  for (const LinkResult& result : results)
    if (!result.assumed.empty())
      lines += wrapped(fmt::format("assumed: {} inputs of {} are known within a range only; `run --band` "
                                   "shows what that leaves open",
                                   result.assumed.size(), result.name),
                       width, 2) +
               "\n";
  return lines;
}

std::string warning_lines(const std::vector<LinkResult>& results, TableColor color, std::size_t width) {
  std::vector<std::pair<std::string, std::string>> grouped;  // text, where
  for (const LinkResult& result : results) {
    for (const Warning& warning : result.warnings) {
      const std::string where = result.name + " / " + warning.stage;
      const auto same = std::find_if(grouped.begin(), grouped.end(),
                                     [&](const auto& entry) { return entry.first == warning.text; });
      if (same == grouped.end())
        grouped.emplace_back(warning.text, where);
      else if (same->second != where)
        same->second += ", " + where;
    }
  }
  std::string lines;
  for (const auto& [text, where] : grouped) {
    const std::string paragraph = wrapped(fmt::format("warning: {}: {}", where, text), width, 2);
    lines += colored("warning:", "33", color);
    lines += paragraph.substr(std::string_view("warning:").size());
    lines += "\n";
  }
  return lines;
}

}  // namespace

std::string ber_text(double ber, double floor) {
  if (std::isnan(ber)) return "-";
  if (std::isfinite(floor) && ber <= floor) return fmt::format("<{:.0e}", floor);
  if (ber < 1e-40) return "<1e-40";
  return fmt::format("{:.1e}", ber);
}

std::string comparison_table(const std::vector<LinkResult>& results, TableColor color, int width) {
  std::vector<Row> rows = {
      {"Option", "closes", "BER", "after FEC", "margin", "module", "+ host", "both ends", "latency"}};
  for (const LinkResult& result : results) rows.push_back(summary_row(result));
  const auto columns = static_cast<std::size_t>(std::max(0, width));
  if (columns > 0) {
    std::size_t others = 0;
    for (std::size_t i = 1; i < rows.front().size(); ++i) {
      std::size_t widest = 0;
      for (const Row& row : rows) widest = std::max(widest, shown_width(row[i]));
      others += widest + 2;
    }
    constexpr std::size_t shortest_title = 16;
    for (Row& row : rows)
      row[0] = shortened(row[0], std::max(shortest_title, columns - std::min(columns, others)));
  }
  std::string text = table(rows, color) +
                     "Energies in pJ/bit: module of one end, the same with its host, both ends\n" +
                     energy_parts(results, color) + latency_parts(results, color);
  for (const LinkResult& result : results) text += noise_shares(result, color);
  for (const LinkResult& result : results) text += crosstalk_rows(result, color);
  for (const LinkResult& result : results) text += eye_rows(result, color) + receiver_rows(result, color);
  for (const LinkResult& result : results) text += operating_point_rows(result, color);
  for (const LinkResult& result : results) text += locking_rows(result, color);
  for (const LinkResult& result : results) text += penalty_rows(result, color);
  const std::string notes = assumption_lines(results, columns) + warning_lines(results, color, columns);
  return notes.empty() ? text : text + "\n" + notes;
}

std::string path_table(const std::vector<PathResult>& paths, TableColor color) {
  if (paths.empty()) return "";
  std::vector<Row> rows = {
      {"Path, retimed between its links", "closes", "BER", "after FEC", "one way", "both ways", "latency"}};
  for (const PathResult& path : paths) {
    std::string title = path.title + ":";
    for (const std::string& hop : path.hops) title += " " + hop;
    rows.push_back({title, path.closes ? "yes" : "no", ber_text(path.ber_before_fec, path.ber_floor),
                    ber_text(path.ber_after_fec, path.ber_floor), energy_text(path.one_way_J_per_bit),
                    energy_text(path.both_ways_J_per_bit), latency_text(path.latency_s)});
  }
  return "\n" + table(rows, color) +
         "Energies in pJ/bit: all hops in one direction with their SerDes, and both\n";
}

}  // namespace photonlink
