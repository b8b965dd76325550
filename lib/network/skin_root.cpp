#include "network/skin_root.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace photonlink {
namespace {

constexpr std::size_t most = 16, least = 6,
                      behind = 3;  // differences that are used, and where r has died out
using Differences = std::array<Complex, most>;

Complex bend(double corner, double steps) {
  return std::sqrt(Complex(corner, steps)) - std::sqrt(corner);
}

/// Fourth differences about points 0 to count - 1 of a function whose value at -k is conj(at(k)).
template <class Function>
Differences fourth_differences(std::size_t count, const Function& at) {
  const auto value = [&](std::ptrdiff_t k) {
    return k < 0 ? std::conj(at(static_cast<std::size_t>(-k))) : at(static_cast<std::size_t>(k));
  };
  Differences d{};
  for (std::size_t i = 0; i < count; ++i) {
    const auto k = static_cast<std::ptrdiff_t>(i);
    d[i] = value(k - 2) - 4.0 * value(k - 1) + 6.0 * value(k) - 4.0 * value(k + 1) + value(k + 2);
  }
  return d;
}

double product(const Differences& a, const Differences& b, std::size_t begin, std::size_t end) {
  double sum = 0.0;
  for (std::size_t i = begin; i < end; ++i) sum += (std::conj(a[i]) * b[i]).real();
  return sum;
}

struct Fit {
  double corner = 0.0, amplitude = 0.0, dc = 0.0;
  double error = std::numeric_limits<double>::infinity();  // sum of squares
  double explained = 0.0, noise = 0.0;  // by the bend, over all points; mean square behind it
};

/// Of the differences `d` of a trace, which holds 0 in place of the DC value when that is `fitted`.
Fit fit_bend(double corner, const Differences& d, std::size_t count, bool fitted) {
  const Differences r =
      fourth_differences(count, [&](std::size_t k) { return bend(corner, static_cast<double>(k)); });
  const Differences point =
      fourth_differences(count, [](std::size_t k) { return Complex(k == 0 ? 1.0 : 0.0); });
  const double rr = product(r, r, 0, count), rd = product(r, d, 0, count);
  Fit fit{corner, rd / rr};
  if (fitted) {
    // d = a r - dc · point, normal equations.
    const double pp = product(point, point, 0, count), pr = product(point, r, 0, count),
                 pd = product(point, d, 0, count), determinant = rr * pp - pr * pr;
    fit.amplitude = (rd * pp - pd * pr) / determinant;
    fit.dc = (rd * pr - pd * rr) / determinant;
  }
  Differences rest{};
  for (std::size_t i = 0; i < count; ++i) rest[i] = d[i] - fit.amplitude * r[i] + fit.dc * point[i];
  fit.error = product(rest, rest, 0, count);
  fit.explained = fit.amplitude * fit.amplitude * rr;
  fit.noise = product(rest, rest, behind, count) / static_cast<double>(count - behind);
  return fit;
}

bool is_even(std::span<const double> f, std::size_t points) {
  constexpr double rounding = 1e-3;
  for (std::size_t k = 1; k < points; ++k)
    if (std::abs(f[k] - static_cast<double>(k) * f[1]) > rounding * f[1]) return false;
  return true;
}

}  // namespace

Complex SkinRoot::at(double frequency_Hz) const {
  return amplitude == 0.0 ? Complex(0.0) : amplitude * bend(corner, frequency_Hz / step_Hz);
}

SkinRoot find_skin_root(std::span<const double> f, std::span<const Complex> s, DcValue dc) {
  SkinRoot root{.value_at_dc = s.front()};
  const std::size_t count = std::min(most, f.size() - std::min<std::size_t>(f.size(), 2));
  if (count < least || !is_even(f, count + 2)) return root;
  const bool fitted = dc == DcValue::guessed;
  const Differences d =
      fourth_differences(count, [&](std::size_t k) { return k == 0 && fitted ? Complex(0.0) : s[k]; });
  Fit best;
  for (const double corner : {0.0, 1.0 / 64, 1.0 / 32, 1.0 / 16, 0.125, 0.25, 0.5, 1.0, 2.0})
    if (const Fit fit = fit_bend(corner, d, count, fitted); fit.error < best.error) best = fit;
  if (!(best.explained > 0.0)) return root;
  const double trust = std::max(0.0, 1.0 - (fitted ? 32.0 : 4.0) * best.noise / best.explained);
  root.step_Hz = f[1];
  root.corner = best.corner;
  root.amplitude = trust * best.amplitude;
  if (fitted) root.value_at_dc = trust * best.dc + (1.0 - trust) * s.front();
  return root;
}

}  // namespace photonlink
