#include "studies/pictures/canvas.hpp"

#include <cairo-svg.h>
#include <cairo.h>

#include <cmath>
#include <cstring>
#include <memory>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "studies/pictures/png_encoder.hpp"

namespace photonlink::pictures {
namespace {

using Surface = std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)>;

cairo_status_t append(void* target, const unsigned char* data, unsigned length) {
  static_cast<std::string*>(target)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

void replay(cairo_surface_t* record, cairo_surface_t* target, double scale) {
  cairo_t* cairo = cairo_create(target);
  cairo_scale(cairo, scale, scale);
  cairo_set_source_surface(cairo, record, 0, 0);
  cairo_paint(cairo);
  const cairo_status_t status = cairo_status(cairo);
  cairo_destroy(cairo);
  if (status != CAIRO_STATUS_SUCCESS)
    throw IoError(std::string("picture: ") + cairo_status_to_string(status));
}

/// The SVG embeds this file instead of compressing the pixels again.
void attach_png(cairo_surface_t* surface, std::string png) {
  auto* kept = new std::string(std::move(png));
  const auto drop = [](void* data) { delete static_cast<std::string*>(data); };
  if (cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_PNG,
                                  reinterpret_cast<unsigned char*>(kept->data()), kept->size(), drop,
                                  kept) != CAIRO_STATUS_SUCCESS)
    delete kept;
}

void set_color(cairo_t* cairo, Color color, double opacity = 1.0) {
  cairo_set_source_rgba(cairo, color.red, color.green, color.blue, opacity);
}

}  // namespace

Canvas::Canvas(double width, double height) : width_(width), height_(height) {
  const cairo_rectangle_t extents{0, 0, width, height};
  record_ = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &extents);
  cairo_ = cairo_create(record_);
  fill({0, 0, width, height}, white);
}

Canvas::~Canvas() {
  cairo_destroy(cairo_);
  // Playing a recording into an SVG ties the two in a circle of references; finishing cuts it.
  cairo_surface_finish(record_);
  cairo_surface_destroy(record_);
}

void Canvas::set_font(double size, bool bold) {
  cairo_select_font_face(cairo_, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cairo_, size);
}

double Canvas::text_width(const std::string& text, double size, bool bold) {
  set_font(size, bold);
  cairo_text_extents_t extents;
  cairo_text_extents(cairo_, text.c_str(), &extents);
  return extents.x_advance;
}

std::string Canvas::fitted(const std::string& text, double width, double size, bool bold) {
  if (text_width(text, size, bold) <= width) return text;
  std::string cut = text;
  while (!cut.empty() && text_width(cut + "…", size, bold) > width) {
    // A UTF-8 character goes with its continuation bytes.
    while (!cut.empty() && (static_cast<unsigned char>(cut.back()) & 0xC0) == 0x80) cut.pop_back();
    if (!cut.empty()) cut.pop_back();
  }
  return cut + "…";
}

void Canvas::text(Point at, const std::string& text, const TextStyle& style) {
  if (text.empty()) return;
  const double length = text_width(text, style.size, style.bold);
  const double shift = style.align == Align::left ? 0.0 : style.align == Align::center ? length / 2 : length;
  // DejaVu Sans: capitals are 0.73 em high, so the baseline lies 0.365 em below the centre.
  const double baseline = 0.365 * style.size, half = 0.5 * style.size;
  const Box box = style.upright ? Box{at.x - shift, at.y - half, length, 2 * half}
                                : Box{at.x - half, at.y - length + shift, 2 * half, length};
  if (style.plate) fill({box.x - 3, box.y - 2, box.width + 6, box.height + 4}, white, 0.85);
  cairo_save(cairo_);
  set_color(cairo_, style.color);
  cairo_translate(cairo_, at.x, at.y);
  if (!style.upright) cairo_rotate(cairo_, -M_PI / 2);
  cairo_move_to(cairo_, -shift, baseline);
  cairo_show_text(cairo_, text.c_str());
  cairo_restore(cairo_);
  texts_.push_back({text, box});
}

void Canvas::two_lines(Point at, const std::string& text, double width, double size, bool bold) {
  const TextStyle style{.size = size, .bold = bold};
  std::size_t split = text_width(text, size, bold) <= width ? std::string::npos : text.rfind(' ');
  while (split != std::string::npos && split > 0 && text_width(text.substr(0, split), size, bold) > width)
    split = text.rfind(' ', split - 1);
  if (split == std::string::npos || split == 0) return this->text(at, fitted(text, width, size, bold), style);
  this->text({at.x, at.y - 0.6 * size}, text.substr(0, split), style);
  this->text({at.x, at.y + 0.6 * size}, fitted(text.substr(split + 1), width, size, bold), style);
}

void Canvas::fill(const Box& box, Color color, double opacity) {
  set_color(cairo_, color, opacity);
  cairo_rectangle(cairo_, box.x, box.y, box.width, box.height);
  cairo_fill(cairo_);
}

void Canvas::outline(const Box& box, Color color, double line_width) {
  set_color(cairo_, color);
  cairo_set_line_width(cairo_, line_width);
  cairo_rectangle(cairo_, box.x, box.y, box.width, box.height);
  cairo_stroke(cairo_);
}

void Canvas::polygon(std::span<const Point> points, Color color, double opacity) {
  set_color(cairo_, color, opacity);
  cairo_new_path(cairo_);
  for (const Point& point : points) cairo_line_to(cairo_, point.x, point.y);
  cairo_close_path(cairo_);
  cairo_fill(cairo_);
}

void Canvas::fill(const Box& box, const Fill& pattern) {
  fill(box, pattern.color);
  if (pattern.hatch == Hatch::none) return;
  constexpr double spacing = 6.0, stripe = 1.6;
  clip(box);
  // The stripes hang on the page, not on the box: legend and bars of one category look alike.
  const double slope = pattern.hatch == Hatch::rising ? -1.0 : 1.0;
  const double first = std::floor((box.x - box.height) / spacing) * spacing;
  for (double x = first; x < box.right() + box.height; x += spacing) {
    const double middle = box.y + box.height / 2;
    line(std::vector<Point>{{x - slope * box.height, middle - box.height},
                            {x + slope * box.height, middle + box.height}},
         {.color = white, .width = stripe});
  }
  unclip();
}

void Canvas::line(std::span<const Point> points, Color color, double line_width, bool dashed) {
  line(points, {.color = color,
                .width = line_width,
                .dashes = dashed ? std::vector<double>{5.0, 3.0} : std::vector<double>{}});
}

void Canvas::line(std::span<const Point> points, const Stroke& stroke) {
  set_color(cairo_, stroke.color);
  cairo_set_line_width(cairo_, stroke.width);
  cairo_set_line_join(cairo_, CAIRO_LINE_JOIN_ROUND);
  cairo_set_dash(cairo_, stroke.dashes.data(), static_cast<int>(stroke.dashes.size()), 0.0);
  bool drawing = false;
  for (const Point& point : points) {
    const bool finite = std::isfinite(point.x) && std::isfinite(point.y);
    if (finite && drawing)
      cairo_line_to(cairo_, point.x, point.y);
    else if (finite)
      cairo_move_to(cairo_, point.x, point.y);
    drawing = finite;
  }
  cairo_stroke(cairo_);
  cairo_set_dash(cairo_, nullptr, 0, 0.0);
}

void Canvas::dot(Point at, double radius, Color color) {
  set_color(cairo_, color);
  cairo_new_sub_path(cairo_);
  cairo_arc(cairo_, at.x, at.y, radius, 0, 2 * M_PI);
  cairo_fill(cairo_);
}

void Canvas::triangle(Point at, double radius, Color color) {
  set_color(cairo_, color);
  cairo_move_to(cairo_, at.x - radius, at.y + 0.85 * radius);
  cairo_line_to(cairo_, at.x, at.y - radius);
  cairo_line_to(cairo_, at.x + radius, at.y + 0.85 * radius);
  cairo_close_path(cairo_);
  cairo_fill(cairo_);
}

void Canvas::double_arrow(Point from, Point to, Color color) {
  line(std::vector<Point>{from, to}, color, 1.5);
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  if (length < 1.0) return;
  const double ux = (to.x - from.x) / length, uy = (to.y - from.y) / length, head = 6.0, spread = 3.0;
  for (const auto& [tip, sign] : {std::pair{from, 1.0}, std::pair{to, -1.0}}) {
    const Point base{tip.x + sign * ux * head, tip.y + sign * uy * head};
    line(
        std::vector<Point>{
            {base.x - uy * spread, base.y + ux * spread}, tip, {base.x + uy * spread, base.y - ux * spread}},
        color, 1.5);
  }
}

void Canvas::image(const Box& box, int columns, int rows, std::span<const std::uint32_t> pixels) {
  const Surface picture(cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows), cairo_surface_destroy);
  unsigned char* data = cairo_image_surface_get_data(picture.get());
  const int stride = cairo_image_surface_get_stride(picture.get());
  const std::size_t row_bytes = static_cast<std::size_t>(columns) * sizeof(std::uint32_t);
  for (int row = 0; row < rows; ++row)
    std::memcpy(data + std::ptrdiff_t(row) * stride, pixels.data() + std::ptrdiff_t(row) * columns,
                row_bytes);
  cairo_surface_mark_dirty(picture.get());
  attach_png(picture.get(), encode_png(columns, rows, pixels, static_cast<std::size_t>(columns)));
  cairo_save(cairo_);
  cairo_rectangle(cairo_, box.x, box.y, box.width, box.height);
  cairo_clip(cairo_);
  cairo_translate(cairo_, box.x, box.y);
  cairo_scale(cairo_, box.width / columns, box.height / rows);
  cairo_set_source_surface(cairo_, picture.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cairo_), CAIRO_FILTER_BILINEAR);
  cairo_pattern_set_extend(cairo_get_source(cairo_), CAIRO_EXTEND_PAD);
  cairo_paint(cairo_);
  cairo_restore(cairo_);
}

void Canvas::clip(const Box& box) {
  cairo_save(cairo_);
  cairo_rectangle(cairo_, box.x, box.y, box.width, box.height);
  cairo_clip(cairo_);
}

void Canvas::unclip() {
  cairo_restore(cairo_);
}

void Canvas::save(const std::string& path) const {
  constexpr double pixels_per_point = 1.5;
  std::string svg;
  const int columns = static_cast<int>(width_ * pixels_per_point);
  const int rows = static_cast<int>(height_ * pixels_per_point);
  std::vector<std::uint32_t> pixels(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  // RGB24 holds one pixel in 32 bits, so rows need no padding.
  const Surface raster(
      cairo_image_surface_create_for_data(reinterpret_cast<unsigned char*>(pixels.data()), CAIRO_FORMAT_RGB24,
                                          columns, rows, columns * static_cast<int>(sizeof(std::uint32_t))),
      cairo_surface_destroy);
  replay(record_, raster.get(), pixels_per_point);
  cairo_surface_flush(raster.get());
  const std::string png = encode_png(columns, rows, pixels, static_cast<std::size_t>(columns));
  const Surface vector(cairo_svg_surface_create_for_stream(append, &svg, width_, height_),
                       cairo_surface_destroy);
  replay(record_, vector.get(), 1.0);
  cairo_surface_finish(vector.get());
  if (cairo_surface_status(vector.get()) != CAIRO_STATUS_SUCCESS)
    throw IoError("'" + path + ".svg': cannot encode the picture; free memory");
  write_file_atomically(path + ".png", png);
  write_file_atomically(path + ".svg", svg);
}

}  // namespace photonlink::pictures
