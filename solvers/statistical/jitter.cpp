#include "solvers/statistical/jitter.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace photonlink {
namespace {

constexpr int sinusoid_nodes = 16;
constexpr double gaussian_reach = 9.5;        // Q(9.5) = 1e-21
constexpr double negligible_density = 1e-30;  // between bounded nodes that lie many sigma apart
constexpr double truncated_at_sigma = 3.0;    // of the truncated Gaussian

double normal_density(double x) {
  return std::exp(-0.5 * x * x) / std::sqrt(2.0 * std::numbers::pi);
}

// Moments of order 2, 4, 6, 8 of a standard normal variable kept within ±a, by integration by parts.
std::array<double, 4> truncated_moments(double a) {
  const double inside = std::erf(a / std::numbers::sqrt2);
  std::array<double, 4> moment = {};
  double before = 1.0;
  for (int i = 0; i < 4; ++i) {
    const int order = 2 * i + 2;
    before = (order - 1) * before - 2.0 * std::pow(a, order - 1) * normal_density(a) / inside;
    moment[static_cast<std::size_t>(i)] = before;
  }
  return moment;
}

EvenCumulants cumulants_of(const std::array<double, 4>& m) {
  const double a = m[0], b = m[1], c = m[2], d = m[3];
  return {{a, b - 3.0 * a * a, c - 15.0 * b * a + 30.0 * a * a * a,
           d - 28.0 * c * a - 35.0 * b * b + 420.0 * b * a * a - 630.0 * a * a * a * a}};
}

std::array<double, 4> moments_of(const EvenCumulants& cumulants) {
  const auto& k = cumulants.value;
  const double a = k[0];
  return {a, k[1] + 3.0 * a * a, k[2] + 15.0 * k[1] * a + 15.0 * a * a * a,
          k[3] + 28.0 * k[2] * a + 35.0 * k[1] * k[1] + 210.0 * k[1] * a * a + 105.0 * a * a * a * a};
}

}  // namespace

std::vector<JitterNode> timing_nodes(const TimingJitter& jitter) {
  std::vector<JitterNode> bounded;
  const int diracs = jitter.dual_dirac_UI > 0.0 ? 2 : 1,
            phases = jitter.sinusoidal_UI > 0.0 ? sinusoid_nodes : 1;
  for (int d = 0; d < diracs; ++d)
    for (int k = 0; k < phases; ++k)
      bounded.push_back({(d - 0.5) * jitter.dual_dirac_UI +
                             0.5 * jitter.sinusoidal_UI * std::cos((k + 0.5) * std::numbers::pi / phases),
                         1.0 / (diracs * phases)});
  const double sigma = jitter.random_UI;
  if (sigma == 0.0) return bounded;
  const double half = 0.5 * (jitter.dual_dirac_UI + jitter.sinusoidal_UI);
  const long steps = static_cast<long>(std::ceil(half / sigma + gaussian_reach));
  std::vector<JitterNode> nodes;
  double sum = 0.0;
  for (long n = -steps; n <= steps; ++n) {
    double density = 0.0;
    for (const JitterNode& each : bounded)
      density += each.weight * normal_density(static_cast<double>(n) - each.at / sigma);
    if (density < negligible_density) continue;
    nodes.push_back({static_cast<double>(n) * sigma, density});
    sum += density;
  }
  for (JitterNode& node : nodes) node.weight /= sum;
  return nodes;
}

void EvenCumulants::add(const EvenCumulants& other, double scale) {
  double power = 1.0;
  for (std::size_t i = 0; i < value.size(); ++i) value[i] += other.value[i] * (power *= scale * scale);
}

EvenCumulants bounded_cumulants(BoundedShape shape, double peak_to_peak) {
  const double half = 0.5 * peak_to_peak;
  EvenCumulants result;
  if (shape == BoundedShape::uniform) {
    result.add({{1.0 / 3.0, -2.0 / 15.0, 16.0 / 63.0, -16.0 / 15.0}}, half);
  } else {
    result.add(cumulants_of(truncated_moments(truncated_at_sigma)), half / truncated_at_sigma);
  }
  return result;
}

std::vector<JitterNode> symmetric_nodes(const EvenCumulants& cumulants) {
  if (cumulants.value[0] <= 0.0) return {{0.0, 1.0}};
  // Orthogonal polynomials of the variable scaled to unit variance: p_n = x p_{n-1} - β_{n-1} p_{n-2}, β₁
  // = 1.
  const double scale = std::sqrt(cumulants.value[0]);
  EvenCumulants unit;
  unit.add(cumulants, 1.0 / scale);
  const auto [m2, m4, m6, m8] = moments_of(unit);
  const double norm2 = m4 - m2 * m2, beta2 = norm2 / m2, s = m2 + beta2;
  const double norm3 = m6 - 2.0 * s * m4 + s * s * m2, beta3 = norm3 / norm2;
  const double a = s + beta3, b = m2 * beta3;
  const double norm4 = m8 - 2.0 * a * m6 + (a * a + 2.0 * b) * m4 - 2.0 * a * b * m2 + b * b;
  const double beta4 = norm4 / norm3;
  // p₅ = x (x⁴ - p x² + q)
  const double p = a + beta4, q = b + beta4 * s, root = std::sqrt(p * p - 4.0 * q);
  const double outer = 0.5 * (p + root), inner = 0.5 * (p - root);
  const double outer_weight = (m4 - inner * m2) / (outer * (outer - inner)),
               inner_weight = (outer * m2 - m4) / (inner * (outer - inner));
  const double x1 = scale * std::sqrt(outer), x2 = scale * std::sqrt(inner);
  return {{-x1, 0.5 * outer_weight},
          {-x2, 0.5 * inner_weight},
          {0.0, 1.0 - outer_weight - inner_weight},
          {x2, 0.5 * inner_weight},
          {x1, 0.5 * outer_weight}};
}

}  // namespace photonlink
