/// Colours that survive colour-blind eyes and grey printers.
///
/// Sequential map: cividis, optimised for normal vision and colour-vision deficiency, monotonic in lightness
/// \cite Nunez2018; approximated by 9 control points, linear between them. Compared by hand at some points
/// with the table in matplotlib: about 2/255 off at the nodes seen, up to 16/255 in the darkest eighth.
/// Categories: the Okabe-Ito palette \cite Wong2011.
#pragma once

#include <cstddef>

namespace photonlink::pictures {

struct Color {
  double red, green, blue;  ///< [0, 1], sRGB
};

/// cividis at `position`, clamped to [0, 1].
Color cividis(double position);
/// Category colour; repeats after eight.
Color category(std::size_t index);

inline constexpr Color ink{0.12, 0.13, 0.16}, grey{0.45, 0.47, 0.50}, pale{0.88, 0.89, 0.91}, white{1, 1, 1};
inline constexpr Color blue{0.0, 0.447, 0.698}, vermilion{0.835, 0.369, 0.0}, green{0.0, 0.62, 0.451};

}  // namespace photonlink::pictures
