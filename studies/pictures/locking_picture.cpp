#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/pictures/pictures.hpp"
#include "studies/pictures/plot.hpp"

namespace photonlink::pictures {
namespace {

struct Panel {
  std::string title, label;
  std::vector<double> y;
  double limit = not_computed;  ///< dashed line
  std::function<std::string(double)> text = {};
};

void draw_panel(Canvas& canvas, const Box& frame, const std::vector<double>& time_s, const Panel& panel) {
  double low = INFINITY, high = -INFINITY;
  for (const double y : panel.y) low = std::min(low, y), high = std::max(high, y);
  if (std::isfinite(panel.limit)) low = std::min(low, panel.limit), high = std::max(high, panel.limit);
  const double room = std::max(0.08 * (high - low), 1e-3 * std::max(std::abs(high), std::abs(low)) + 1e-12);
  Plot plot(canvas, frame, {0.0, time_s.back(), "Time in s", 5, {}},
            {low - room, high + room, panel.label, 6, panel.text});
  plot.background();
  if (std::isfinite(panel.limit))
    plot.curve({0.0, time_s.back()}, {panel.limit, panel.limit}, vermilion, 1.4, true);
  plot.curve(time_s, panel.y, blue, 1.8);
  plot.axes(panel.title);
}

std::vector<double> scaled(std::vector<double> values, double factor) {
  for (double& value : values) value *= factor;
  return values;
}

}  // namespace

void paint_locking(Canvas& canvas, const LinkResult& result) {
  const LockingResult& locking = result.locking;
  heading(canvas, result.title,
          fmt::format("Locking by {} on {} over {:+.3g} K · {} · bit error ratio up to {}", locking.method,
                      locking.monitor, locking.temperature_K.empty() ? 0.0 : locking.temperature_K.back(),
                      locking.holds ? "held" : "not held", ber_phrase(locking.worst_ber, result.ber_floor)));
  if (locking.time_s.empty()) {
    canvas.text({0.5 * locking_size.width, 0.5 * locking_size.height}, "not computed",
                {.color = grey, .align = Align::center});
    return;
  }
  const auto largest = [](const std::vector<double>& values) {
    double most = 0.0;
    for (const double value : values) most = std::max(most, std::abs(value));
    return most;
  };
  std::vector<double> log10_ber;
  log10_ber.reserve(locking.ber.size());
  for (const double ber : locking.ber) log10_ber.push_back(std::log10(ber));
  const auto power = [](double value) {
    return value == 0.0 ? std::string("1") : power_of_ten(std::pow(10.0, value));
  };
  const Prefix watts = engineering_prefix(largest(locking.heater_power_W));
  draw_panel(
      canvas, {86, 92, 280, 280}, locking.time_s,
      {"Largest offset of an interval", "Resonance minus wanted in GHz", scaled(locking.offset_Hz, 1e-9)});
  draw_panel(canvas, {480, 92, 280, 280}, locking.time_s,
             {"Worst ring", "Bit error ratio", log10_ber, std::log10(result.required_ber_before_fec), power});
  draw_panel(canvas, {874, 92, 280, 280}, locking.time_s,
             {"All heaters", fmt::format("Power drawn in {}W", watts.symbol),
              scaled(locking.heater_power_W, watts.factor)});
  legend_row(canvas, {480, 428},
             {{"mean of an interval", blue}, {"required", vermilion, LegendEntry::Mark::dashed}});
}

void draw_locking(const LinkResult& result, const std::string& path) {
  Canvas canvas(locking_size.width, locking_size.height);
  paint_locking(canvas, result);
  canvas.save(path);
}

}  // namespace photonlink::pictures
