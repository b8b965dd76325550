#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/pictures/contour_outline.hpp"
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
  table.reserve(256);
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
  ramp.reserve(256);
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

// Light strokes for the dark ground of an opening; hue and dash both tell them apart.
Stroke contour_stroke(std::size_t index) {
  static const Stroke strokes[] = {{{1.0, 1.0, 1.0}, 1.5, {}},
                                   {{0.50, 0.83, 1.0}, 1.5, {7.0, 2.0}},
                                   {{1.0, 0.70, 0.28}, 1.5, {}},
                                   {{1.0, 0.55, 0.75}, 1.5, {4.0, 2.0}},
                                   {{0.50, 0.95, 0.75}, 1.5, {1.6, 1.6}}};
  return strokes[index % std::size(strokes)];
}
const Stroke guide{white, 1.0, {1.0, 3.0}};

void contours(Canvas& canvas, const Plot& plot, const EyeDiagram& eye, double factor, const Point& legend) {
  std::vector<double> shown;
  std::vector<LegendEntry> entries;
  canvas.clip(plot.frame());
  for (const EyeDiagram::Contour& contour : eye.contours) {
    const auto index =
        static_cast<std::size_t>(std::find(shown.begin(), shown.end(), contour.ber) - shown.begin());
    const Stroke stroke = contour_stroke(index);
    if (index == shown.size()) {
      shown.push_back(contour.ber);
      entries.push_back(
          {power_of_ten(contour.ber), stroke.color, LegendEntry::Mark::line, Hatch::none, stroke.dashes});
    }
    for (std::vector<Point> outline : contour_outlines(eye, contour)) {
      for (Point& point : outline) point = plot.at(point.x, point.y * factor);
      // A dark halo keeps the line visible on the bright end of the colour map.
      canvas.line(outline, {.color = cividis(0.0), .width = stroke.width + 1.6});
      canvas.line(outline, stroke);
    }
  }
  canvas.unclip();
  // Light lines need a dark ground in the legend as well.
  entries.push_back({"sampling, thresholds", white, LegendEntry::Mark::line, Hatch::none, guide.dashes});
  const std::string lead = shown.empty() ? "" : "BER";
  double width = 20 + canvas.text_width(lead, 11);
  for (const LegendEntry& entry : entries) width += legend_width(canvas, entry);
  canvas.fill({legend.x, legend.y - 11, std::max(plot.frame().width, width - 10), 22}, cividis(0.0));
  canvas.text({legend.x + 10, legend.y}, lead, {.size = 11, .color = white});
  legend_row(canvas, {legend.x + 20 + canvas.text_width(lead, 11), legend.y}, entries, white);
}

}  // namespace

void paint_eye(Canvas& canvas, const LinkResult& result) {
  const EyeDiagram& eye = result.eye;
  const Prefix prefix = engineering_prefix(std::max(std::abs(eye.level_begin), std::abs(eye.level_end)));
  const double picosecond_per_UI = 1e12 / result.symbol_rate_Bd;
  heading(
      canvas, result.title,
      fmt::format("Eye at the slicer, lane {} · {} at {:.8g} GBd ({:.4g} ps per UI) · BER {} before FEC{}",
                  result.worst_lane, result.modulation, result.symbol_rate_Bd / 1e9, picosecond_per_UI,
                  ber_phrase(result.ber_before_fec, result.ber_floor),
                  result.dfe_taps.empty() ? "" : " · the DFE switches at ±0.5 UI"));
  const Box frame{86, 98, 550, 342};
  Plot plot(canvas, frame, {eye.time_begin_UI, eye.time_end_UI, "Time in UI (lower scale: ps)", 8, {}},
            {eye.level_begin * prefix.factor,
             eye.level_end * prefix.factor,
             fmt::format("Amplitude in {}{}", prefix.symbol, result.amplitude_unit),
             9,
             {}});
  const double peak = eye.density.empty() ? 0.0 : *std::max_element(eye.density.begin(), eye.density.end());
  const double top_log10 = peak > 0 ? std::log10(peak) : 0.0;
  if (peak > 0) canvas.image(frame, eye.time_bins, eye.level_bins, pixels_of(eye, top_log10));
  plot.curve({eye.sampling_time_UI, eye.sampling_time_UI},
             {eye.level_begin * prefix.factor, eye.level_end * prefix.factor}, guide);
  for (const double threshold : eye.thresholds)
    plot.curve({eye.time_begin_UI, eye.time_end_UI}, {threshold * prefix.factor, threshold * prefix.factor},
               guide);
  contours(canvas, plot, eye, prefix.factor, {frame.x, 76});
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
