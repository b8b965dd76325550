#include "studies/channel/channel_table.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/quantity.hpp"

namespace photonlink {
namespace {

using text_table::Row;

std::string decimals(double value, int digits) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
  // A dash is no minus, and "-0.00" is no number.
  std::string text = fmt::format("{:.{}f}", std::abs(value), digits);
  const bool zero = text.find_first_not_of("0.") == std::string::npos;
  return value < 0.0 && !zero ? "−" + text : text;
}

std::string dB(double value, int digits = 2) {
  return std::isfinite(value) ? decimals(value, digits) + " dB" : decimals(value, digits);
}

std::string GHz(double f) {
  return std::isfinite(f) ? fmt::format("{:.5g} GHz", f / 1e9) : "–";
}

std::string mV(double value) {
  return fmt::format("{:.3g} mV", value * 1e3);
}

std::string facts(const ChannelResult& result) {
  const ChannelReport& r = result.report;
  const ChannelSettings& s = r.settings;
  std::string text = fmt::format("{} points from {} to {}, steps of {} MHz · port map {}, {}\n", r.points,
                                 GHz(r.first_Hz), GHz(r.last_Hz), fmt::format("{:.4g}", r.step_Hz / 1e6),
                                 port_map_text(result.port_map), result.port_map_origin);
  text += fmt::format("{} · edges of {:.3g} ps · receiver {} · TDR edge {:.3g} ps · 100 ohm differential\n",
                      format_quantity(s.symbol_rate_Bd, Quantity::symbol_rate, 7), s.rise_time_s * 1e12,
                      GHz(s.receiver_bandwidth_Hz), s.tdr_rise_time_s * 1e12);
  for (const std::string& step : result.steps) text += step + "\n";
  return text;
}

std::string loss_table(const ChannelReport& r, TableColor color) {
  std::vector<Row> rows = {
      {"Levels in dB", "insertion", "fit", "ILD", "return tx", "return rx", "SCD21", "SDC21"}};
  if (r.near > 0) rows.front().push_back("NEXT");
  if (r.far > 0) rows.front().push_back("FEXT");
  for (const ChannelLevels& level : r.at) {
    Row row = {GHz(level.frequency_Hz)};
    if (level.frequency_Hz == 0.5 * r.settings.symbol_rate_Bd) row.front() += " (f_b/2)";
    for (const double value : {level.insertion_dB, level.fit_dB, level.deviation_dB, level.return_tx_dB,
                               level.return_rx_dB, level.scd21_dB, level.sdc21_dB})
      row.push_back(decimals(value, 2));
    if (r.near > 0) row.push_back(decimals(level.next_dB, 2));
    if (r.far > 0) row.push_back(decimals(level.fext_dB, 2));
    rows.push_back(row);
  }
  return text_table::table(rows, color);
}

Row conversion_row(const std::string& name, const ModeConversion& conversion) {
  return {name, std::isfinite(conversion.level_dB)
                    ? fmt::format("{} at {}", dB(conversion.level_dB, 1), GHz(conversion.frequency_Hz))
                    : "none"};
}

Row impedance_row(const NamedProfile& each) {
  return {"Impedance " + each.name, fmt::format("{} to {} ohm", decimals(each.profile.least_ohm, 1),
                                                decimals(each.profile.largest_ohm, 1))};
}

void add_crosstalk(const ChannelReport& r, std::vector<Row>& rows) {
  if (r.near + r.far == 0) return;
  rows.push_back({fmt::format("Integrated crosstalk, {:.3g} V peak", r.settings.amplitude_V),
                  fmt::format("{} (near {}, {}; far {}, {})", mV(r.crosstalk.total_V), r.near,
                              mV(r.crosstalk.near_V), r.far, mV(r.crosstalk.far_V))});
}

std::string measure_table(const ChannelReport& r, TableColor color) {
  std::vector<Row> rows = {{"Measure", "value"}};
  const auto& a = r.fit.coefficient;
  rows.push_back(
      {"Fitted loss, f in GHz",
       fmt::format("{:.4g} + {:.4g} √f + {:.4g} f + {:.4g} f² dB, {} to {}", a[0], a[1] * std::sqrt(1e9),
                   a[2] * 1e9, a[3] * 1e18, GHz(r.fit.low_Hz), GHz(r.fit.high_Hz))});
  rows.push_back({"Insertion loss deviation", fmt::format("{} at {}, FOM_ILD {}", dB(r.largest_deviation_dB),
                                                          GHz(r.largest_deviation_Hz), dB(r.ild_fom_dB, 3))});
  rows.push_back({"Delay around f_b/2", fmt::format("{:.5g} ns", r.mean_delay_s * 1e9)});
  rows.push_back({"Intra-pair skew, n after p", decimals(r.skew_s * 1e12, 2) + " ps"});
  rows.push_back(conversion_row("Conversion SCD21, largest to f_b/2", r.scd21));
  rows.push_back(conversion_row("Conversion SDC21", r.sdc21));
  rows.push_back(conversion_row("Conversion SCD11", r.scd11));
  rows.push_back(conversion_row("Conversion SCD22", r.scd22));
  add_crosstalk(r, rows);
  rows.push_back(
      {"Passivity", fmt::format("largest gain {:.6f} at {}, {} points above 1", r.passivity.largest_gain,
                                GHz(r.passivity.frequency_Hz), r.passivity.points_above)});
  rows.push_back(
      {"Causality", fmt::format("{} of the energy before {:.5g} ns, Kramers-Kronig residual {:.2g}",
                                dB(r.causality.early_energy_dB, 1), r.causality.time_of_flight_s * 1e9,
                                r.causality.residual)});
  rows.push_back({"Reciprocity error", fmt::format("{:.2g}", r.reciprocity_error)});
  rows.push_back({"Trusted up to", GHz(r.trusted_Hz)});
  for (const NamedProfile& each : r.impedance) rows.push_back(impedance_row(each));
  if (std::isfinite(r.erl_tx_dB) || std::isfinite(r.erl_rx_dB))
    rows.push_back({"Effective return loss", fmt::format("tx {}, rx {}", dB(r.erl_tx_dB), dB(r.erl_rx_dB))});
  return text_table::table(rows, color, {0, 1});
}

/// Cursors as shares of the main one.
std::string pulse_table(const ChannelPulse& pulse, TableColor color) {
  std::vector<Row> rows = {{"Pulse of 1 V"}, {"% of main"}};
  constexpr int shown_before = 3, shown_after = 8;
  for (int i = 0; i < static_cast<int>(pulse.cursor_V.size()); ++i) {
    const int n = i - pulse.before;
    if (n < -shown_before || n > shown_after) continue;
    rows[0].push_back(n == 0 ? "main" : fmt::format("{}{}", n < 0 ? "−" : "+", std::abs(n)));
    rows[1].push_back(decimals(100.0 * pulse.cursor_V[static_cast<std::size_t>(i)] / pulse.main_V(), 2));
  }
  return text_table::table(rows, color) +
         fmt::format("main cursor {} at {:.5g} ns, {} of ISI: {} % of it\n", mV(pulse.main_V()),
                     pulse.main_time_s * 1e9, mV(pulse.isi_V),
                     decimals(100.0 * pulse.isi_V / std::abs(pulse.main_V()), 1));
}

}  // namespace

std::string channel_table(const ChannelResult& result, TableColor color, int width) {
  std::string text = text_table::colored(result.title, "1", color) + "\n" + facts(result) + "\n";
  text += loss_table(result.report, color) + "\n" + measure_table(result.report, color) + "\n" +
          pulse_table(result.report.pulse, color);
  if (!result.warnings.empty()) text += "\n";
  for (const std::string& warning : result.warnings)
    text += text_table::wrapped(text_table::colored("warning:", "33", color) + " " + warning,
                                static_cast<std::size_t>(width), 2) +
            "\n";
  return text;
}

}  // namespace photonlink
