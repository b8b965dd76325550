#include "solvers/tail_table.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "core/special.hpp"

namespace photonlink {
namespace {

constexpr double ladder = 0.04;           // log step of σ
constexpr double points_per_sigma = 8.0;  // of the table
constexpr double reach_sigma = 36.0;      // Q(36) = 4e-284
constexpr double least_sigma = 0.125;     // of the density's step; a table of narrower noise would not end
constexpr double lift = 1e150;            // keeps products of tiny factors clear of slow subnormal numbers
const double log_lift = std::log(lift);

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

// Through a, b, c at t = -1, 0, 1.
double quadratic(double a, double b, double c, double t) {
  return b + 0.5 * t * (c - a) + 0.5 * t * t * (a - 2.0 * b + c);
}

}  // namespace

TailTable::TailTable(Density density) : density_(std::move(density)), trivial_(density_.mass.size() <= 1) {
  if (density_.mass.empty()) return;
  trim(density_);
  low_ = density_.value(0);
  high_ = density_.value(density_.mass.size() - 1);
}

bool TailTable::direct(double sigma) const {
  return trivial_ || sigma < least_sigma * density_.step;
}

double TailTable::exceeds(double distance, double sigma) {
  if (trivial_) return gaussian_tail((distance - low_) / sigma);
  if (direct(sigma)) return upper_tail_with_noise(density_, sigma, distance);
  // At a fixed number of σ from the density's edge the tail varies slowly with σ, so interpolate there.
  const double position = std::log(sigma) / ladder, edges = (distance - high_) / sigma;
  const auto centre = static_cast<int>(std::lround(position));
  for (int index = centre - 1; index <= centre + 1; ++index) tabulate(index);
  const Rung* near = rungs_.data() + (centre - first_rung_);
  const auto at = [&](int step) { return log_tail(near[step], high_ + edges * near[step].sigma); };
  const double a = at(-1), b = at(0), c = at(1);
  if (std::isinf(a) || std::isinf(b) || std::isinf(c)) return 0.0;  // beyond the table: below 1e-250
  return std::exp(quadratic(a, b, c, position - static_cast<double>(centre)));
}

void TailTable::prepare(double smallest_sigma, double largest_sigma) {
  if (direct(largest_sigma)) return;
  smallest_sigma = std::max(smallest_sigma, least_sigma * density_.step);
  const auto first = static_cast<int>(std::lround(std::log(smallest_sigma) / ladder)) - 1;
  const auto last = static_cast<int>(std::lround(std::log(largest_sigma) / ladder)) + 1;
  for (int index = first; index <= last; ++index) tabulate(index);
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
  return quadratic(a, b, c, t);
}

// Table and density share one lattice, so that every Q is needed at few places: the table's step is a
// multiple of the density's, or a whole part of it with one phase after the other.
void TailTable::tabulate(int index) {
  if (rungs_.empty()) first_rung_ = index;
  if (index < first_rung_) {
    rungs_.insert(rungs_.begin(), static_cast<std::size_t>(first_rung_ - index), Rung{});
    first_rung_ = index;
  }
  const auto place = static_cast<std::size_t>(index - first_rung_);
  if (place >= rungs_.size()) rungs_.resize(place + 1);
  Rung& rung = rungs_[place];
  if (!rung.log_tail.empty()) return;
  const double sigma = rung.sigma = std::exp(ladder * index), wanted = sigma / points_per_sigma,
               step = density_.step;
  const auto hop = static_cast<std::size_t>(std::max(1.0, std::floor(wanted / step)));
  const auto phases = static_cast<std::size_t>(std::max(1.0, std::ceil(step / wanted)));
  rung.step = step * static_cast<double>(hop) / static_cast<double>(phases);
  rung.begin = low_ - 8.0 * sigma;
  const auto points = static_cast<std::size_t>((high_ + reach_sigma * sigma - rung.begin) /
                                               (rung.step * static_cast<double>(phases))) +
                      1;
  rung.log_tail.resize(points * phases);
  if (hop > density_.mass.size()) {  // wide noise on a narrow density: few bins, many lattice points
    for (std::size_t k = 0; k < points; ++k)
      rung.log_tail[k] = std::log(gaussian_tail_sum(
          density_.mass, (rung.begin - low_ + rung.step * static_cast<double>(k)) / sigma, -step / sigma));
    return;
  }
  const std::vector<double> reversed(density_.mass.rbegin(), density_.mass.rend());
  const auto bins = static_cast<long>(reversed.size());
  std::vector<double> q((points - 1) * hop + reversed.size());
  for (std::size_t phase = 0; phase < phases; ++phase) {
    const double first = rung.begin + rung.step * static_cast<double>(phase) - high_;
    for (std::size_t n = 0; n < q.size(); ++n)
      q[n] = lift * gaussian_tail((first + step * static_cast<double>(n)) / sigma);
    for (std::size_t k = 0; k < points; ++k) {
      const double sum = Eigen::Map<const Eigen::VectorXd>(reversed.data(), bins)
                             .dot(Eigen::Map<const Eigen::VectorXd>(q.data() + k * hop, bins));
      rung.log_tail[k * phases + phase] = std::log(sum) - log_lift;
    }
  }
}

}  // namespace photonlink
