#include "studies/pictures/colors.hpp"

#include <algorithm>
#include <array>

namespace photonlink::pictures {

Color cividis(double position) {
  // Approximates the map of \cite Nunez2018 at 0, 1/8 ... 1, 8-bit sRGB.
  static constexpr std::array<std::array<double, 3>, 9> table = {{{0, 34, 78},
                                                                  {26, 56, 111},
                                                                  {65, 77, 107},
                                                                  {97, 99, 110},
                                                                  {124, 123, 120},
                                                                  {155, 147, 119},
                                                                  {188, 174, 108},
                                                                  {222, 203, 89},
                                                                  {254, 232, 56}}};
  const double scaled = std::clamp(position, 0.0, 1.0) * (table.size() - 1);
  const std::size_t low = std::min<std::size_t>(static_cast<std::size_t>(scaled), table.size() - 2);
  const double part = scaled - static_cast<double>(low);
  const auto mix = [&](int c) { return ((1.0 - part) * table[low][c] + part * table[low + 1][c]) / 255.0; };
  return {mix(0), mix(1), mix(2)};
}

Color category(std::size_t index) {
  // Palette of \cite Wong2011 (grey for black, last, yellow replaced in order so that neighbours differ in
  // lightness).
  static constexpr std::array<std::array<int, 3>, 8> palette = {{{0, 114, 178},
                                                                 {230, 159, 0},
                                                                 {0, 158, 115},
                                                                 {204, 121, 167},
                                                                 {86, 180, 233},
                                                                 {213, 94, 0},
                                                                 {240, 228, 66},
                                                                 {90, 90, 90}}};
  const auto& color = palette[index % palette.size()];
  return {color[0] / 255.0, color[1] / 255.0, color[2] / 255.0};
}

}  // namespace photonlink::pictures
