#include "studies/pictures/channel_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/pictures/plot.hpp"

namespace photonlink::pictures {
namespace {

constexpr Color orange{0.902, 0.624, 0.0}, sky{0.337, 0.706, 0.914}, purple{0.8, 0.475, 0.655};
constexpr double left = 86.0, wide = 690.0;
using Mark = LegendEntry::Mark;

/// Column of the curve; infinite levels (nothing passes) leave a gap.
std::vector<double> curve_of(const ChannelResult& result, double ChannelLevels::*member) {
  std::vector<double> values;
  values.reserve(result.report.curve.size());
  for (const ChannelLevels& level : result.report.curve)
    values.push_back(std::isfinite(level.*member) ? level.*member : std::numeric_limits<double>::quiet_NaN());
  return values;
}

std::vector<double> scaled(std::vector<double> values, double factor) {
  for (double& value : values) value *= factor;
  return values;
}

std::vector<double> frequencies_GHz(const ChannelResult& result) {
  return scaled(curve_of(result, &ChannelLevels::frequency_Hz), 1e-9);
}

struct Range {
  double low = 0.0, high = 1.0;
};

/// Of finite values, at least `least` wide, with a margin of `part` on both sides.
Range range_of(const std::vector<std::vector<double>>& curves, double part, double least) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto& curve : curves)
    for (const double value : curve)
      if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
  if (!std::isfinite(low)) return {};
  if (high - low < least) {
    const double middle = 0.5 * (low + high);
    low = middle - 0.5 * least;
    high = middle + 0.5 * least;
  }
  return {low - part * (high - low), high + part * (high - low)};
}

Axis frequency_axis(double last_Hz) {
  return {0.0, last_Hz / 1e9, "Frequency in GHz", 8, {}};
}

std::string facts(const ChannelResult& result, const std::string& what) {
  return fmt::format("{} · {:.8g} GBd · {} points to {:.4g} GHz · port map {}", what,
                     result.report.settings.symbol_rate_Bd / 1e9, result.report.points,
                     result.report.last_Hz / 1e9, port_map_text(result.port_map));
}

/// Half the symbol rate, dashed, when the file reaches it.
void mark_half_rate(const Plot& plot, Canvas& canvas, const ChannelResult& result, const Range& y) {
  const double half_GHz = 0.5 * result.report.settings.symbol_rate_Bd / 1e9;
  if (half_GHz >= result.report.last_Hz / 1e9) return;
  const std::vector<Point> line = {plot.at(half_GHz, y.low), plot.at(half_GHz, y.high)};
  canvas.line(line, {.color = grey, .width = 1.2, .dashes = {2.0, 3.0}});
}

const LegendEntry half_rate_entry{.text = "half the symbol rate", .color = grey, .dashes = {2.0, 3.0}};

}  // namespace

void paint_channel_losses(Canvas& canvas, const ChannelResult& result) {
  heading(canvas, result.title, facts(result, "Levels of the differential channel"));
  const auto level = [&](double ChannelLevels::*member) { return scaled(curve_of(result, member), -1.0); };
  const auto x = frequencies_GHz(result);
  const auto insertion = level(&ChannelLevels::insertion_dB), fit = level(&ChannelLevels::fit_dB),
             tx = level(&ChannelLevels::return_tx_dB), rx = level(&ChannelLevels::return_rx_dB),
             next = level(&ChannelLevels::next_dB), fext = level(&ChannelLevels::fext_dB);
  Range y = range_of({insertion, tx, rx, next, fext}, 0.0, 1.0);
  // Nulls of reflections reach deep; what matters lies above.
  y = {std::max(y.low, range_of({insertion}, 0.0, 1.0).low - 40.0) - 2.0, 2.0};
  y.low = std::max(y.low, -120.0);
  Plot plot(canvas, {left, 92, wide, 330}, frequency_axis(result.report.last_Hz),
            {y.low, y.high, "Level in dB", 8, {}});
  plot.background();
  if (result.report.near > 0) plot.curve(x, next, orange, 1.0);
  if (result.report.far > 0) plot.curve(x, fext, purple, 1.0);
  plot.curve(x, tx, sky, 1.0);
  plot.curve(x, rx, green, 1.0);
  mark_half_rate(plot, canvas, result, y);
  plot.curve(x, insertion, blue, 2.4);
  plot.curve(x, fit, vermilion, 1.4, true);
  plot.axes();
  std::vector<LegendEntry> entries = {
      {"insertion SDD21", blue}, {"fit", vermilion, Mark::dashed}, {"return tx", sky}, {"return rx", green}};
  if (result.report.near > 0) entries.push_back({"NEXT", orange});
  if (result.report.far > 0) entries.push_back({"FEXT", purple});
  entries.push_back(half_rate_entry);
  legend_row(canvas, {left, 70}, entries);
}

void paint_channel_deviation(Canvas& canvas, const ChannelResult& result) {
  const ChannelReport& r = result.report;
  heading(canvas, result.title,
          facts(result, fmt::format("Insertion loss deviation, FOM_ILD {:.3f} dB, and delay", r.ild_fom_dB)));
  const auto deviation = curve_of(result, &ChannelLevels::deviation_dB);
  Range y = range_of({deviation}, 0.08, 0.1);
  Plot top(canvas, {left, 92, wide, 220}, frequency_axis(r.fit.high_Hz),
           {y.low, y.high, "Deviation in dB", 5, {}});
  top.background();
  top.curve({0.0, r.fit.high_Hz / 1e9}, {0.0, 0.0}, grey, 1.0);
  mark_half_rate(top, canvas, result, y);
  top.curve(frequencies_GHz(result), deviation, blue, 1.6);
  top.axes();
  const auto delay_ns = scaled(r.delay_s, 1e9);
  std::vector<double> shown;
  for (std::size_t i = 0; i < delay_ns.size(); ++i)
    if (r.delay_frequency_Hz[i] <= r.fit.high_Hz) shown.push_back(delay_ns[i]);
  y = range_of({shown}, 0.3, 1e-3);
  Plot bottom(canvas, {left, 388, wide, 150}, frequency_axis(r.fit.high_Hz),
              {y.low, y.high, "Delay in ns", 4, {}});
  bottom.background();
  mark_half_rate(bottom, canvas, result, y);
  bottom.curve(scaled(r.delay_frequency_Hz, 1e-9), delay_ns, green, 1.8);
  bottom.axes();
  legend_row(canvas, {left, 70},
             {{"deviation from the fit", blue},
              {"delay of SDD21 over bands of 2 % of the file", green},
              half_rate_entry});
}

void paint_channel_conversion(Canvas& canvas, const ChannelResult& result) {
  heading(canvas, result.title,
          facts(result, fmt::format("Mode conversion, intra-pair skew {} ps",
                                    tick_text(result.report.skew_s * 1e12, 0.01))));
  const auto x = frequencies_GHz(result);
  const auto cd = curve_of(result, &ChannelLevels::scd21_dB), dc = curve_of(result, &ChannelLevels::sdc21_dB);
  const auto through = scaled(curve_of(result, &ChannelLevels::insertion_dB), -1.0);
  const bool none = std::none_of(cd.begin(), cd.end(), [](double v) { return std::isfinite(v); });
  Range y = none ? range_of({through}, 0.0, 1.0) : range_of({cd, dc}, 0.0, 1.0);
  y = {std::max(y.low, y.high - 80.0), 2.0};
  Plot plot(canvas, {left, 92, wide, 330}, frequency_axis(result.report.last_Hz),
            {y.low, y.high, "Level in dB", 8, {}});
  plot.background();
  mark_half_rate(plot, canvas, result, y);
  plot.curve(x, through, pale, 4.0);
  plot.curve(x, dc, vermilion, 1.2);
  plot.curve(x, cd, blue, 1.6);
  plot.axes();
  if (none)
    canvas.text({left + 0.5 * wide, 240}, "nothing is converted: both wires are equal",
                {.color = grey, .align = Align::center, .plate = true});
  legend_row(canvas, {left, 70},
             {{"SCD21: common from differential", blue},
              {"SDC21: differential from common", vermilion},
              {"SDD21", pale, Mark::box},
              half_rate_entry});
}

void paint_channel_impedance(Canvas& canvas, const ChannelResult& result) {
  const auto& all = result.report.impedance;
  heading(canvas, result.title,
          fmt::format(
              "Impedance seen by a step, 20 to 80 % in {:.3g} ps · the second half of a line is seen through "
              "the first",
              result.report.settings.tdr_rise_time_s * 1e12));
  const Color colors[] = {blue, vermilion, blue, sky, vermilion, orange};
  const std::vector<double> dashes[] = {{}, {}, {}, {5.0, 3.0}, {}, {5.0, 3.0}};
  struct Panel {
    Box frame;
    std::size_t begin, end;
    const char* title;
  };
  for (const Panel& panel : {Panel{{left, 112, 330, 300}, 0, 2, "Differential"},
                             Panel{{520, 112, 330, 300}, 2, 6, "Single wires, the others matched"}}) {
    std::vector<std::vector<double>> curves;
    for (std::size_t i = panel.begin; i < panel.end; ++i) {
      // A short or an open would flatten everything else.
      const double reference = all[i].reference_ohm;
      curves.push_back(all[i].profile.impedance_ohm);
      for (double& z : curves.back()) z = std::clamp(z, 0.3 * reference, 3.0 * reference);
    }
    const Range y = range_of(curves, 0.08, 1.0);
    const auto& time = all[panel.begin].profile.time_s;
    Plot plot(canvas, panel.frame, {-0.03e9 * time.back(), time.back() * 1e9, "Round trip in ns", 6, {}},
              {y.low, y.high, "Impedance in ohm", 6, {}});
    plot.background();
    for (std::size_t i = panel.begin; i < panel.end; ++i)
      plot.curve(scaled(all[i].profile.time_s, 1e9), all[i].profile.impedance_ohm,
                 {.color = colors[i], .width = 1.4, .dashes = dashes[i]});
    plot.axes(panel.title);
  }
  legend_row(canvas, {left, 70}, {{"transmitter's end", blue}, {"receiver's end", vermilion}});
  legend_row(canvas, {520, 70},
             {{"tx p", blue},
              {.text = "tx n", .color = sky, .dashes = {5.0, 3.0}},
              {"rx p", vermilion},
              {.text = "rx n", .color = orange, .dashes = {5.0, 3.0}}});
}

void paint_channel_pulse(Canvas& canvas, const ChannelResult& result) {
  const ChannelPulse& pulse = result.report.pulse;
  const ChannelSettings& s = result.report.settings;
  heading(
      canvas, result.title,
      fmt::format(
          "Response to one symbol of 1 V · {:.8g} GBd · edge {:.3g} ps, receiver {:.4g} GHz · no equaliser",
          s.symbol_rate_Bd / 1e9, s.rise_time_s * 1e12, s.receiver_bandwidth_Hz / 1e9));
  const Range y = range_of({pulse.value_V, {0.0}}, 0.08, 1e-6);
  Plot plot(canvas, {left, 92, wide, 310},
            {pulse.time_UI.front(), pulse.time_UI.back(), "Time from the peak in UI", 10, {}},
            {y.low * 1e3, y.high * 1e3, "Amplitude in mV", 6, {}});
  plot.background();
  plot.curve({pulse.time_UI.front(), pulse.time_UI.back()}, {0.0, 0.0}, grey, 1.0);
  plot.curve(pulse.time_UI, scaled(pulse.value_V, 1e3), blue, 2.2);
  for (std::size_t i = 0; i < pulse.cursor_V.size(); ++i) {
    const int n = static_cast<int>(i) - pulse.before;
    canvas.dot(plot.at(n, pulse.cursor_V[i] * 1e3), n == 0 ? 5.0 : 3.5, n == 0 ? vermilion : green);
  }
  const Point tip = plot.at(0.0, pulse.main_V() * 1e3);
  canvas.text({tip.x + 16, tip.y},
              fmt::format("main cursor {:.4g} mV, ISI {:.4g} mV", pulse.main_V() * 1e3, pulse.isi_V * 1e3),
              {.bold = true, .plate = true});
  plot.axes();
  legend_row(canvas, {left, 70},
             {{"pulse", blue},
              {"main cursor, at the peak", vermilion, Mark::dot},
              {"other cursors", green, Mark::dot}});
}

const std::vector<ChannelDrawing>& channel_drawings() {
  static const std::vector<ChannelDrawing> drawings = {{"losses", {800, 490}, paint_channel_losses},
                                                       {"deviation", {800, 600}, paint_channel_deviation},
                                                       {"conversion", {800, 490}, paint_channel_conversion},
                                                       {"impedance", {880, 480}, paint_channel_impedance},
                                                       {"pulse", {800, 470}, paint_channel_pulse}};
  return drawings;
}

}  // namespace photonlink::pictures
