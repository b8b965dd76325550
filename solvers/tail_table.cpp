#include "solvers/tail_table.hpp"

#include <algorithm>
#include <cmath>

#include "core/special.hpp"

namespace photonlink {
namespace {

constexpr double ladder = 0.04;           // log step of σ
constexpr double points_per_sigma = 8.0;  // of the table
constexpr double reach_sigma = 36.0;      // Q(36) = 4e-284

// Bins at the rim whose total probability cannot matter to any result that is reported.
void trim(Density& density) {
  constexpr double negligible = 1e-100;
  std::size_t first = 0, last = density.mass.size();
  while (first + 1 < last && density.mass[first] < negligible) ++first;
  while (last - 1 > first && density.mass[last - 1] < negligible) --last;
  density.mass = {density.mass.begin() + static_cast<long>(first),
                  density.mass.begin() + static_cast<long>(last)};
  density.first += static_cast<long>(first);
}

}  // namespace

TailTable::TailTable(Density density) : density_(std::move(density)), trivial_(density_.mass.size() <= 1) {
  if (density_.mass.empty()) return;
  trim(density_);
  low_ = density_.value(0);
  high_ = density_.value(density_.mass.size() - 1);
}

double TailTable::exceeds(double distance, double sigma) {
  if (trivial_) return gaussian_tail((distance - low_) / sigma);
  const double position = std::log(sigma) / ladder;
  const int below = static_cast<int>(std::floor(position));
  const double share = position - below;
  // At a fixed number of σ from the density's edge the tail varies slowly with σ, so interpolate there.
  const double edges = (distance - high_) / sigma;
  const double y0 = log_tail(rung(below), high_ + edges * std::exp(ladder * below));
  const double y1 = log_tail(rung(below + 1), high_ + edges * std::exp(ladder * (below + 1)));
  if (std::isinf(y0) || std::isinf(y1)) return 0.0;  // beyond the table: below 1e-250
  return std::exp(y0 + share * (y1 - y0));
}

double TailTable::log_tail(const Rung& rung, double distance) const {
  const double position = (distance - rung.begin) / rung.step;
  const long last = static_cast<long>(rung.log_tail.size()) - 1;
  if (position <= 1.0) return rung.log_tail.front();
  if (position >= static_cast<double>(last - 1)) return -std::numeric_limits<double>::infinity();
  // Quadratic through the nearest three points: log Q is a smooth, nearly quadratic function.
  const long centre = std::lround(position);
  const double t = position - static_cast<double>(centre);
  const double a = rung.log_tail[static_cast<std::size_t>(centre - 1)],
               b = rung.log_tail[static_cast<std::size_t>(centre)],
               c = rung.log_tail[static_cast<std::size_t>(centre + 1)];
  if (std::isinf(c)) return c;  // an underflow behind the last tail that a double holds
  return b + 0.5 * t * (c - a) + 0.5 * t * t * (a - 2.0 * b + c);
}

const TailTable::Rung& TailTable::rung(int index) {
  const auto [entry, fresh] = rungs_.try_emplace(index);
  Rung& rung = entry->second;
  if (!fresh) return rung;
  const double sigma = std::exp(ladder * index);
  rung.step = sigma / points_per_sigma;
  rung.begin = low_ - 8.0 * sigma;
  const auto count = static_cast<std::size_t>((high_ + reach_sigma * sigma - rung.begin) / rung.step) + 1;
  rung.log_tail.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double distance = rung.begin + rung.step * static_cast<double>(i);
    // Q((x - d_j)/σ): first argument at bin 0, falling by step/σ a bin.
    rung.log_tail[i] =
        std::log(gaussian_tail_sum(density_.mass, (distance - low_) / sigma, -density_.step / sigma));
  }
  return rung;
}

}  // namespace photonlink
