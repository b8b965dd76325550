#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/pictures/pictures.hpp"
#include "studies/pictures/plot.hpp"

namespace photonlink::pictures {
namespace {

constexpr double decades = 8.0;  // shown below the brightest cell

std::uint32_t packed(Color color) {
  const auto byte = [](double part) { return static_cast<std::uint32_t>(std::lround(255.0 * part)); };
  return byte(color.red) << 16 | byte(color.green) << 8 | byte(color.blue);
}

std::vector<std::uint32_t> pixels_of(const EyeDiagram& eye, double top_log10) {
  std::vector<std::uint32_t> table;
  for (int i = 0; i < 256; ++i) table.push_back(packed(cividis(i / 255.0)));
  std::vector<std::uint32_t> pixels(eye.density.size());
  for (int time = 0; time < eye.time_bins; ++time) {
    for (int level = 0; level < eye.level_bins; ++level) {
      const double density = eye.density[std::size_t(time) * eye.level_bins + level];
      const double shade = density > 0 ? 1.0 + (std::log10(density) - top_log10) / decades : 0.0;
      pixels[std::size_t(eye.level_bins - 1 - level) * eye.time_bins + time] =
          table[static_cast<std::size_t>(255.0 * std::clamp(shade, 0.0, 1.0))];
    }
  }
  return pixels;
}

void color_bar(Canvas& canvas, const Box& box, double top_log10) {
  std::vector<std::uint32_t> ramp;
  for (int i = 0; i < 256; ++i) ramp.push_back(packed(cividis(1.0 - i / 255.0)));
  canvas.image(box, 1, 256, ramp);
  canvas.outline(box, grey);
  for (const double tick : nice_ticks(top_log10 - decades, top_log10, 5)) {
    const double y = box.y + box.height * (top_log10 - tick) / decades;
    canvas.line(std::vector<Point>{{box.right(), y}, {box.right() + 4, y}}, grey, 1);
    canvas.text({box.right() + 8, y}, tick_text(tick, 1.0), {.size = 11});
  }
  canvas.text({box.right() + 42, box.y + box.height / 2}, "log₁₀ probability per cell",
              {.align = Align::center, .upright = false});
}

const Color contour_colors[] = {{1.0, 1.0, 1.0}, {1.0, 0.62, 0.45}, {0.95, 0.35, 0.25}, {0.75, 0.95, 1.0}};

void contours(Canvas& canvas, Plot& plot, const EyeDiagram& eye, double factor, double legend_y) {
  std::vector<double> time, shown;
  for (int i = 0; i < eye.time_bins; ++i)
    time.push_back(eye.time_begin_UI + (eye.time_end_UI - eye.time_begin_UI) * (i + 0.5) / eye.time_bins);
  std::vector<LegendEntry> legend;
  for (const EyeDiagram::Contour& contour : eye.contours) {
    std::size_t index = std::find(shown.begin(), shown.end(), contour.ber) - shown.begin();
    if (index == shown.size()) {
      shown.push_back(contour.ber);
      legend.push_back({"BER " + power_of_ten(contour.ber), contour_colors[index % 4]});
    }
    for (const std::vector<double>* side : {&contour.lower, &contour.upper}) {
      std::vector<double> level;
      for (const double value : *side) level.push_back(value * factor);
      // A dark halo keeps the line visible on the bright end of the colour map.
      plot.curve(time, level, cividis(0.0), 3.4);
      plot.curve(time, level, contour_colors[index % 4], 1.6);
    }
  }
  if (legend.empty()) return;
  // White lines need a dark ground in the legend as well.
  double width = 10;
  for (const LegendEntry& entry : legend) width += 48 + canvas.text_width(entry.text, 11);
  canvas.fill({plot.frame().x, legend_y - 10, width - 10, 20}, cividis(0.0));
  double x = plot.frame().x + 10;
  for (const LegendEntry& entry : legend) {
    canvas.line(std::vector<Point>{{x, legend_y}, {x + 20, legend_y}}, entry.color, 2);
    canvas.text({x + 26, legend_y}, entry.text, {.size = 11, .color = white});
    x += 48 + canvas.text_width(entry.text, 11);
  }
}

}  // namespace

void paint_eye(Canvas& canvas, const LinkResult& result) {
  const EyeDiagram& eye = result.eye;
  const Prefix prefix = engineering_prefix(std::max(std::abs(eye.level_begin), std::abs(eye.level_end)));
  const double picosecond_per_UI = 1e12 / result.symbol_rate_Bd;
  heading(canvas, result.title,
          fmt::format("Eye at the slicer, lane {} · {} at {:.6g} GBd ({:.4g} ps per UI) · BER {} before FEC",
                      result.worst_lane, result.modulation, result.symbol_rate_Bd / 1e9, picosecond_per_UI,
                      power_of_ten(result.ber_before_fec)));
  const Box frame{86, 98, 550, 342};
  Plot plot(canvas, frame, {eye.time_begin_UI, eye.time_end_UI, "Time in UI (lower scale: ps)", 8, {}},
            {eye.level_begin * prefix.factor,
             eye.level_end * prefix.factor,
             fmt::format("Amplitude in {}{}", prefix.symbol, result.amplitude_unit),
             7,
             {}});
  const double peak = eye.density.empty() ? 0.0 : *std::max_element(eye.density.begin(), eye.density.end());
  const double top_log10 = peak > 0 ? std::log10(peak) : 0.0;
  if (peak > 0) canvas.image(frame, eye.time_bins, eye.level_bins, pixels_of(eye, top_log10));
  contours(canvas, plot, eye, prefix.factor, 78);
  plot.curve({eye.sampling_time_UI, eye.sampling_time_UI},
             {eye.level_begin * prefix.factor, eye.level_end * prefix.factor}, white, 1.2, true);
  for (const double threshold : eye.thresholds)
    plot.curve({eye.time_begin_UI, eye.time_end_UI}, {threshold * prefix.factor, threshold * prefix.factor},
               white, 0.9, true);
  canvas.text({frame.right(), 78}, "dashed: sampling instant, thresholds",
              {.size = 11, .color = grey, .align = Align::right});
  plot.axes();
  for (const double tick : nice_ticks(eye.time_begin_UI, eye.time_end_UI, 8)) {
    const Point foot = plot.at(tick, eye.level_begin * prefix.factor);
    canvas.text({foot.x, frame.bottom() + 52}, tick_text(tick * picosecond_per_UI, 0.1),
                {.size = 10, .color = grey, .align = Align::center});
  }
  color_bar(canvas, {frame.right() + 22, frame.y, 16, frame.height}, top_log10);
}

void draw_eye(const LinkResult& result, const std::string& path) {
  Canvas canvas(eye_size.width, eye_size.height);
  paint_eye(canvas, result);
  canvas.save(path);
}

}  // namespace photonlink::pictures
