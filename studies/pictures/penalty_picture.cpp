#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/pictures/pictures.hpp"
#include "studies/pictures/plot.hpp"

namespace photonlink::pictures {
namespace {

constexpr double row = 26.0, top = 76.0, label_width = 300.0;
constexpr std::size_t most_rows = 24;

/// The largest effects of either sign, in the order of their penalty; those without a value last.
std::vector<Penalty> shown_penalties(const LinkResult& result) {
  std::vector<Penalty> sorted = result.penalties;
  const auto size = [](const Penalty& penalty) {
    return std::isfinite(penalty.dB) ? std::abs(penalty.dB) : -1.0;
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Penalty& a, const Penalty& b) { return size(a) > size(b); });
  sorted.resize(std::min(sorted.size(), most_rows));
  const auto value = [](const Penalty& penalty) { return std::isfinite(penalty.dB) ? penalty.dB : -1e9; };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Penalty& a, const Penalty& b) { return value(a) > value(b); });
  return sorted;
}

std::string label_of(const Penalty& penalty) {
  std::string effect = penalty.effect;
  std::replace(effect.begin(), effect.end(), '_', ' ');
  return penalty.stage + ": " + effect;
}

}  // namespace

Size penalties_size(const LinkResult& result) {
  return {860, top + row * static_cast<double>(shown_penalties(result).size()) + 54};
}

void paint_penalties(Canvas& canvas, const LinkResult& result) {
  const std::vector<Penalty> penalties = shown_penalties(result);
  const std::size_t hidden = result.penalties.size() - penalties.size();
  heading(canvas, result.title,
          fmt::format("Penalties: gain in noise margin when one effect alone is ideal{}",
                      hidden > 0 ? fmt::format(" · {} smaller not shown", hidden) : ""));
  double low = 0.0, high = 0.0;
  for (const Penalty& penalty : penalties)
    if (std::isfinite(penalty.dB)) low = std::min(low, penalty.dB), high = std::max(high, penalty.dB);
  const double room = std::max(0.05, 0.05 * (high - low));
  const Box frame{20 + label_width, top, 440, row * static_cast<double>(penalties.size())};
  Plot plot(canvas, frame, {low < 0 ? low - room : 0.0, high + room, "Penalty in dB", 6, {}},
            {0, 1, "", 0, {}});
  plot.background();
  double y = top + row / 2;
  for (const Penalty& penalty : penalties) {
    canvas.text({20, y}, canvas.fitted(label_of(penalty), label_width - 12, 12));
    if (std::isfinite(penalty.dB)) {
      const double a = plot.at(0, 0).x, b = plot.at(penalty.dB, 0).x;
      canvas.fill({std::min(a, b), y - 8, std::max(1.0, std::abs(b - a)), 16},
                  penalty.dB < 0 ? green : category(1).color);
    }
    canvas.text({frame.right() + 84, y}, signed_dB(penalty.dB), {.align = Align::right});
    y += row;
  }
  plot.curve({0, 0}, {0, 1}, ink, 1.0);
  plot.axes();
}

void draw_penalties(const LinkResult& result, const std::string& path) {
  const Size size = penalties_size(result);
  Canvas canvas(size.width, size.height);
  paint_penalties(canvas, result);
  canvas.save(path);
}

}  // namespace photonlink::pictures
