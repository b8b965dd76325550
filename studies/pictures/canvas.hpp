/// One drawing, two files: records on a cairo recording surface, replays to PNG and SVG.
///
/// Coordinates are points from the upper left corner. Every text is logged with its extents, so that a test
/// can prove that none leaves the frame and none covers another.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "studies/pictures/colors.hpp"

// cairo's own names, so that drawing code need not include its header.
typedef struct _cairo cairo_t;                  // NOLINT(bugprone-reserved-identifier)
typedef struct _cairo_surface cairo_surface_t;  // NOLINT(bugprone-reserved-identifier)

namespace photonlink::pictures {

struct Point {
  double x, y;
};
struct Size {
  double width, height;  ///< [points]
};
struct Box {
  double x, y, width, height;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
};
struct TextBox {
  std::string text;
  Box box;
};
enum class Align { left, center, right };

/// Dashes are lengths drawn and skipped in turn [points]; none: solid.
struct Stroke {
  Color color;
  double width = 1.5;
  std::vector<double> dashes = {};
};

struct TextStyle {
  double size = 12.0;
  Color color = ink;
  Align align = Align::left;
  bool bold = false;
  bool upright = true;  ///< false: rotated by 90 degrees, reads upwards
  bool plate = false;   ///< white plate behind, for text over pictures
};

class Canvas {
 public:
  Canvas(double width, double height);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  double width() const { return width_; }
  double height() const { return height_; }
  /// Text vertically centred on `at` (rotated: horizontally centred).
  void text(Point at, const std::string& text, const TextStyle& style = {});
  double text_width(const std::string& text, double size, bool bold = false);
  /// `text` cut to `width` with an ellipsis.
  std::string fitted(const std::string& text, double width, double size, bool bold = false);
  /// Left-aligned around `at`, broken at a space into at most two lines of `width`.
  void two_lines(Point at, const std::string& text, double width, double size, bool bold = false);
  void fill(const Box& box, Color color, double opacity = 1.0);
  void fill(const Box& box, const Fill& pattern);
  void outline(const Box& box, Color color, double line_width = 1.0);
  /// Filled, closed by itself; all points finite.
  void polygon(std::span<const Point> points, Color color, double opacity = 1.0);
  /// Poly-line; NaN breaks it.
  void line(std::span<const Point> points, Color color, double line_width = 1.5, bool dashed = false);
  void line(std::span<const Point> points, const Stroke& stroke);
  void dot(Point at, double radius, Color color);
  /// Filled, point up, centred on `at`.
  void triangle(Point at, double radius, Color color);
  /// Line with a head at both ends.
  void double_arrow(Point from, Point to, Color color);
  /// RGB image (0xRRGGBB), row 0 on top, scaled into `box`.
  void image(const Box& box, int columns, int rows, std::span<const std::uint32_t> pixels);
  void clip(const Box& box);
  void unclip();
  const std::vector<TextBox>& texts() const { return texts_; }
  /// Writes path_without_extension .png (1.5 pixels per point) and .svg atomically. @throws IoError
  void save(const std::string& path_without_extension) const;

 private:
  void set_font(double size, bool bold);
  double width_, height_;
  cairo_surface_t* record_;
  cairo_t* cairo_;
  std::vector<TextBox> texts_;
};

}  // namespace photonlink::pictures
