#include "studies/pictures/colors.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace photonlink::pictures {

Color cividis(double position) {
  // Nodes of the 256-colour table of \cite Nunez2018: {index, red, green, blue}, 8-bit sRGB, linear between.
  static constexpr std::array<std::array<double, 4>, 16> node = {{{0, 0, 34, 78},
                                                                  {20, 0, 48, 112},
                                                                  {23, 1, 50, 113},
                                                                  {28, 18, 53, 112},
                                                                  {37, 35, 60, 110},
                                                                  {55, 58, 72, 108},
                                                                  {92, 94, 98, 110},
                                                                  {130, 126, 125, 120},
                                                                  {158, 153, 146, 119},
                                                                  {191, 187, 173, 109},
                                                                  {219, 217, 197, 92},
                                                                  {239, 239, 215, 72},
                                                                  {249, 251, 225, 56},
                                                                  {251, 253, 227, 52},
                                                                  {254, 254, 230, 54},
                                                                  {255, 254, 232, 56}}};
  const double index = 255.0 * std::clamp(position, 0.0, 1.0);
  std::size_t high = 1;
  while (high + 1 < node.size() && node[high][0] < index) ++high;
  const auto &a = node[high - 1], &b = node[high];
  const double part = (index - a[0]) / (b[0] - a[0]);
  const auto mix = [&](std::size_t c) { return ((1.0 - part) * a[c] + part * b[c]) / 255.0; };
  return {mix(1), mix(2), mix(3)};
}

Fill category(std::size_t index) {
  // Palette of \cite Wong2011 (grey for black; ordered so that neighbours differ in lightness).
  static constexpr std::array<std::array<int, 3>, 8> palette = {{{0, 114, 178},
                                                                 {230, 159, 0},
                                                                 {0, 158, 115},
                                                                 {204, 121, 167},
                                                                 {86, 180, 233},
                                                                 {213, 94, 0},
                                                                 {240, 228, 66},
                                                                 {90, 90, 90}}};
  const auto& color = palette[index % palette.size()];
  const std::size_t round = index / palette.size();
  const Hatch hatch = round == 0 ? Hatch::none : round % 2 == 1 ? Hatch::rising : Hatch::falling;
  return {{color[0] / 255.0, color[1] / 255.0, color[2] / 255.0}, hatch};
}

double luminance(Color color) {
  const auto linear = [](double part) {
    return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
}

}  // namespace photonlink::pictures
