#include "solvers/statistical/tail_curve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/simd.hpp"
#include "solvers/statistical/noise_kernel.hpp"

namespace photonlink {
namespace {

constexpr int lanes = 8;

// Values at positions begin ... begin + size - 1, begin not behind the first.
void copy_range(const TailCurve& curve, long begin, std::span<double> out) {
  const auto ahead = std::min(static_cast<std::size_t>(curve.first - begin), out.size()),
             copied = std::min(curve.log_tail.size(), out.size() - ahead);
  std::fill_n(out.begin(), ahead, curve.log_tail.front());
  std::copy_n(curve.log_tail.begin(), copied, out.begin() + static_cast<std::ptrdiff_t>(ahead));
  for (std::size_t i = ahead + copied; i < out.size(); ++i)
    out[i] = curve.at(static_cast<double>(begin) + static_cast<double>(i));
}

// sum[i] += weight exp(min(Σ_k share[k] of[k][i], 0)); size is a multiple of `lanes`.
PHOTONLINK_CLONES void add_interpolated(double* sum, long size, double weight,
                                        const std::array<double, 4>& share,
                                        const std::array<const double*, 4>& of) {
  using L = simd::Lanes<lanes>;
  for (long i = 0; i < size; i += lanes) {
    L::Real log_p = share[0] * L::load(of[0] + i) + share[1] * L::load(of[1] + i) +
                    share[2] * L::load(of[2] + i) + share[3] * L::load(of[3] + i);
    log_p = log_p < 0.0 ? log_p : L::Real{};
    L::store(sum + i, L::load(sum + i) + weight * simd::exp<lanes>(log_p));
  }
}

}  // namespace

std::array<double, 4> cubic_weights(double t) {
  return {-t * (t - 1.0) * (t - 2.0) / 6.0, (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0,
          -(t + 1.0) * t * (t - 2.0) / 2.0, (t + 1.0) * t * (t - 1.0) / 6.0};
}

double TailCurve::at(double position) const {
  const long last = static_cast<long>(log_tail.size()) - 1;
  position -= static_cast<double>(first);
  if (position <= 0.0) return log_tail.front();
  const auto y = [&](long k) { return log_tail[static_cast<std::size_t>(k)]; };
  if (position >= static_cast<double>(last)) {
    const double t = position - static_cast<double>(last),
                 slope = 0.5 * (3.0 * y(last) - 4.0 * y(last - 1) + y(last - 2));
    return y(last) + t * slope + 0.5 * t * t * std::min(y(last) - 2.0 * y(last - 1) + y(last - 2), 0.0);
  }
  const long base = std::clamp(static_cast<long>(position), 1L, last - 2);
  const auto w = cubic_weights(position - static_cast<double>(base));
  return w[0] * y(base - 1) + w[1] * y(base) + w[2] * y(base + 1) + w[3] * y(base + 2);
}

// By the secant method from the interval that holds the value; the curve falls.
double TailCurve::where(double log_p) const {
  const long last = static_cast<long>(log_tail.size()) - 1;
  const auto below =
      std::partition_point(log_tail.begin(), log_tail.end(), [&](double y) { return y > log_p; });
  const long upper = std::clamp(static_cast<long>(below - log_tail.begin()), 1L, last);
  const double y0 = log_tail[static_cast<std::size_t>(upper - 1)],
               y1 = log_tail[static_cast<std::size_t>(upper)];
  if (y0 == y1) return static_cast<double>(first + upper);
  double position = static_cast<double>(first + upper - 1) + (y0 - log_p) / (y0 - y1), slope = y1 - y0;
  for (int k = 0; k < 4; ++k) {
    const double error = at(position) - log_p, move = -error / slope;
    if (std::abs(error) < 1e-9) break;
    const double next = position + move, after = at(next) - log_p;
    if (after != error) slope = (after - error) / move;
    position = next;
  }
  return position;
}

TailCurve mixed_in_time(std::span<const TailCurve> of_phase, double phase, std::span<const JitterNode> nodes,
                        double log_least) {
  const auto around = [&](const JitterNode& node) {  // first of the four phases about a node
    const long base = static_cast<long>(std::floor(phase + node.at));
    return static_cast<std::size_t>(std::clamp(base, 1L, static_cast<long>(of_phase.size()) - 3) - 1);
  };
  if (nodes.size() == 1 && phase + nodes.front().at == std::floor(phase + nodes.front().at))
    return of_phase[around(nodes.front()) + 1];
  std::size_t least = of_phase.size(), most = 0;
  for (const JitterNode& node : nodes) {
    least = std::min(least, around(node));
    most = std::max(most, around(node) + 4);
  }
  long begin = std::numeric_limits<long>::max(), end = std::numeric_limits<long>::min();
  for (const TailCurve& curve : of_phase.subspan(least, most - least)) {
    begin = std::min(begin, curve.first);
    end = std::max(end, curve.first + static_cast<long>(curve.log_tail.size()));
  }
  const long size = (end - begin + lanes - 1) / lanes * lanes;
  std::vector<double> values(static_cast<std::size_t>(size) * (most - least)),
      sum(static_cast<std::size_t>(size), 0.0);
  const auto row = [&](std::size_t of) {
    return values.data() + (of - least) * static_cast<std::size_t>(size);
  };
  for (std::size_t k = least; k < most; ++k)
    copy_range(of_phase[k], begin, std::span(row(k), static_cast<std::size_t>(size)));
  for (const JitterNode& node : nodes) {
    if (node.weight < negligible_tail) continue;
    const std::size_t k = around(node);
    const double t = phase + node.at - static_cast<double>(k) - 1.0;
    add_interpolated(sum.data(), size, node.weight, cubic_weights(t),
                     {row(k), row(k + 1), row(k + 2), row(k + 3)});
  }
  TailCurve result{begin, {}};
  for (const double p : sum) {
    result.log_tail.push_back(std::log(std::max(p, std::numeric_limits<double>::min())));
    if (result.log_tail.back() < log_least && result.log_tail.size() >= 4) break;
  }
  return result;
}

}  // namespace photonlink
