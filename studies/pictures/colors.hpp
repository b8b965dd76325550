/// Colours that survive colour-blind eyes and grey printers.
///
/// Sequential map: cividis, optimised for normal vision and colour-vision deficiency, monotonic in lightness
/// \cite Nunez2018; 16 nodes, linear between them, within 1/255 of the published 256 colours (tested).
/// Categories: the eight colours of Okabe and Ito \cite Wong2011, then the same colours hatched.
#pragma once

#include <cstddef>

namespace photonlink::pictures {

struct Color {
  double red, green, blue;  ///< [0, 1], sRGB
};

/// cividis at `position`, clamped to [0, 1].
Color cividis(double position);
enum class Hatch { none, rising, falling };  ///< white stripes over the colour
struct Fill {
  Color color;
  Hatch hatch = Hatch::none;
};
/// Fill of a category; the first 24 differ.
Fill category(std::size_t index);
/// Relative luminance [0, 1] of an sRGB colour, IEC 61966-2-1: what a grey printer leaves.
double luminance(Color color);

inline constexpr Color ink{0.12, 0.13, 0.16}, grey{0.45, 0.47, 0.50}, pale{0.88, 0.89, 0.91}, white{1, 1, 1};
inline constexpr Color blue{0.0, 0.447, 0.698}, vermilion{0.835, 0.369, 0.0}, green{0.0, 0.62, 0.451};

}  // namespace photonlink::pictures
