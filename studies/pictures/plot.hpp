/// A pair of axes on a canvas: nice ticks, labels with units, grid, legend.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "studies/pictures/canvas.hpp"

namespace photonlink::pictures {

/// Multiples of 1, 2 or 5 times a power of ten inside [low, high], about `count` of them.
std::vector<double> nice_ticks(double low, double high, int count);
/// "−0.25": as many decimals as the tick distance needs.
std::string tick_text(double value, double distance);
/// Factor and prefix that bring `largest` into [1, 1000): {1e3, "m"} for 0.02.
struct Prefix {
  double factor;
  std::string symbol;
};
Prefix engineering_prefix(double largest);
/// "1.23e-13" as people read it: "1.2·10⁻¹³"; "0" and NaN as "–".
std::string power_of_ten(double value);

struct Axis {
  double low = 0.0, high = 1.0;
  std::string label;
  int ticks = 6;
  /// Text of a tick; empty: tick_text.
  std::function<std::string(double)> text = {};
};

class Plot {
 public:
  Plot(Canvas& canvas, Box frame, Axis x, Axis y);
  /// White panel with grid; call before the curves.
  void background(bool grid = true);
  /// Frame, ticks, labels; call after the curves.
  void axes(const std::string& panel_title = "");
  Point at(double x, double y) const;
  void curve(const std::vector<double>& x, const std::vector<double>& y, Color color, double width = 2.0,
             bool dashed = false);
  const Box& frame() const { return frame_; }

 private:
  Canvas& canvas_;
  Box frame_;
  Axis x_, y_;
};

struct LegendEntry {
  std::string text;
  Color color;
  enum class Mark { line, dashed, box, dot } mark = Mark::line;
};
/// One row of marks and texts that starts at `at`; returns its width.
double legend_row(Canvas& canvas, Point at, const std::vector<LegendEntry>& entries);
/// Title in bold and a grey line of facts below, at the top of the canvas.
void heading(Canvas& canvas, const std::string& title, const std::string& facts);

}  // namespace photonlink::pictures
