#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/pictures/pictures.hpp"
#include "studies/pictures/plot.hpp"

namespace photonlink::pictures {

namespace {

constexpr Color silver{0.74, 0.76, 0.79};

/// An FFE of one tap changes nothing: the curves cover each other.
bool same_curves(const PulseResponse& pulse) {
  if (pulse.unequalized.empty() || pulse.unequalized.size() != pulse.equalized.size()) return false;
  double peak = 0.0, difference = 0.0;
  for (std::size_t i = 0; i < pulse.equalized.size(); ++i) {
    peak = std::max(peak, std::abs(pulse.equalized[i]));
    difference = std::max(difference, std::abs(pulse.equalized[i] - pulse.unequalized[i]));
  }
  return difference <= 0.005 * peak;
}

}  // namespace

void paint_pulse(Canvas& canvas, const LinkResult& result) {
  const PulseResponse& pulse = result.pulse;
  heading(canvas, result.title,
          fmt::format("Pulse response at the slicer, lane {} · one symbol of unit step · {:.8g} GBd",
                      result.worst_lane, result.symbol_rate_Bd / 1e9));
  double low = 0.0, high = 0.0;
  for (const std::vector<double>* curve : {&pulse.unequalized, &pulse.equalized, &pulse.cursor})
    for (const double value : *curve) low = std::min(low, value), high = std::max(high, value);
  const Prefix prefix = engineering_prefix(std::max(-low, high));
  const auto scaled = [&](std::vector<double> values) {
    for (double& value : values) value *= prefix.factor;
    return values;
  };
  const double room = 0.08 * (high - low) * prefix.factor;
  const double begin = pulse.time_UI.empty() ? -1.0 : pulse.time_UI.front();
  const double end = pulse.time_UI.empty() ? 1.0 : pulse.time_UI.back();
  Plot plot(canvas, {86, 92, 690, 310}, {begin, end, "Time from the main cursor in UI", 10, {}},
            {low * prefix.factor - room,
             high * prefix.factor + room,
             fmt::format("Amplitude in {}{}", prefix.symbol, result.amplitude_unit),
             6,
             {}});
  plot.background();
  plot.curve({begin, end}, {0.0, 0.0}, grey, 1.0);
  // Broad and beneath, so that it shows even where both curves are one.
  plot.curve(pulse.time_UI, scaled(pulse.unequalized), silver, 6.0);
  plot.curve(pulse.time_UI, scaled(pulse.equalized), blue, 2.2);
  for (std::size_t i = 0; i < std::min(pulse.cursor.size(), pulse.cursor_UI.size()); ++i) {
    const bool main = std::abs(pulse.cursor_UI[i]) < 0.5;
    if (pulse.cursor_UI[i] < begin || pulse.cursor_UI[i] > end) continue;
    const Color color = main ? vermilion : green;
    const double level = pulse.cursor[i] * prefix.factor;
    plot.curve({pulse.cursor_UI[i], pulse.cursor_UI[i]}, {0.0, level}, color, 1.6);
    canvas.dot(plot.at(pulse.cursor_UI[i], level), main ? 5.0 : 3.5, color);
    if (main) {
      const Point tip = plot.at(pulse.cursor_UI[i], level);
      canvas.text({tip.x + 16, tip.y},
                  fmt::format("main cursor {:.3g} {}{}", level, prefix.symbol, result.amplitude_unit),
                  {.bold = true, .plate = true});
    }
  }
  plot.axes();
  using Mark = LegendEntry::Mark;
  legend_row(canvas, {86, 70},
             {{same_curves(pulse) ? "before equalisation (the same, beneath)" : "before equalisation", silver,
               Mark::box},
              {"behind the FFE", blue, Mark::line},
              {"cursors behind the DFE", green, Mark::dot}});
}

void draw_pulse(const LinkResult& result, const std::string& path) {
  Canvas canvas(pulse_size.width, pulse_size.height);
  paint_pulse(canvas, result);
  canvas.save(path);
}

}  // namespace photonlink::pictures
