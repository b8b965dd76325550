#include "devices/physics/ring_states.hpp"

#include <algorithm>
#include <array>
#include <boost/math/tools/roots.hpp>
#include <cmath>

#include "core/constants.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;

double horner(std::span<const double> c, double x) {
  double sum = 0.0;
  for (std::size_t k = c.size(); k-- > 0;) sum = sum * x + c[k];
  return sum;
}

/// Where `f` changes its sign between low and high.
template <class F>
double bracketed_root(F f, double low, double high) {
  const double at_low = f(low), at_high = f(high);
  if (at_low == 0.0) return low;
  if (at_high == 0.0) return high;
  std::uintmax_t most = 200;
  const auto [a, b] = boost::math::tools::toms748_solve(f, low, high, at_low, at_high,
                                                        boost::math::tools::eps_tolerance<double>(52), most);
  return 0.5 * (a + b);
}

using Polynomial = std::vector<double>;

Polynomial product(const Polynomial& a, const Polynomial& b) {
  Polynomial c(a.size() + b.size() - 1, 0.0);
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t k = 0; k < b.size(); ++k) c[i + k] += a[i] * b[k];
  return c;
}

}  // namespace

std::vector<double> real_roots(std::span<const double> coefficient, double low, double high) {
  std::size_t size = coefficient.size();
  while (size > 0 && coefficient[size - 1] == 0.0) --size;
  if (size < 2) return {};
  const std::span<const double> c = coefficient.first(size);
  std::vector<double> derivative;
  derivative.reserve(size - 1);
  for (std::size_t k = 1; k < size; ++k) derivative.push_back(static_cast<double>(k) * c[k]);
  // Between two extrema lies at most one root.
  std::vector<double> ends = real_roots(derivative, low, high), roots;
  ends.insert(ends.begin(), low);
  ends.push_back(high);
  const auto value = [&](double x) { return horner(c, x); };
  roots.reserve(size - 1);
  for (std::size_t k = 1; k < ends.size(); ++k) {
    const double a = value(ends[k - 1]), b = value(ends[k]);
    if ((a < 0.0) == (b < 0.0) && b != 0.0) continue;
    const double root = bracketed_root(value, ends[k - 1], ends[k]);
    if (roots.empty() || root > roots.back()) roots.push_back(root);
  }
  return roots;
}

std::vector<RingState> ring_states(const RingRates& rates, const RingMedium& m, double power_W,
                                   double cold_detuning_Hz, double u_V) {
  if (!(power_W > 0.0)) return {RingState{.detuning_Hz = cold_detuning_Hz}};
  const double total = rates.total_per_s(), peak_J = 2.0 * rates.bus_per_s * power_W / (total * total);
  // In units of the peak energy and of 1/τ.
  const double e1 = peak_J, e2 = e1 * peak_J, e3 = e2 * peak_J, pairs = m.settled_pairs(1.0);
  const Polynomial loss{1.0, m.two_photon_per_s_J * e1 / total, m.carrier_loss_per_s * pairs * e2 / total};
  // Heat per power of U.
  const std::array<double, 3> heat{m.linear_heat_per_s(rates.loss_per_s, u_V), m.square_heat_per_s_J(u_V),
                                   2.0 * m.carrier_loss_per_s * pairs};
  const double turn = 2.0 * pi / total, per_W = m.shift_Hz_per_W();
  const Polynomial detuning{turn * cold_detuning_Hz, turn * (m.kerr_Hz_per_J + per_W * heat[0]) * e1,
                            turn * (per_W * heat[1] - m.carrier_shift_Hz * pairs) * e2,
                            turn * per_W * heat[2] * e3};
  const Polynomial l2 = product(loss, loss), d2 = product(detuning, detuning);
  Polynomial balance(d2.size() + 1, 0.0);  // x (γ²τ² + D²τ²) - 1
  balance[0] = -1.0;
  for (std::size_t k = 0; k < d2.size(); ++k) balance[k + 1] += d2[k];
  for (std::size_t k = 0; k < l2.size(); ++k) balance[k + 1] += l2[k];

  std::vector<RingState> states;
  // On resonance x = 1 is a root; rounding must not lose it.
  const std::vector<double> roots = real_roots(balance, 0.0, 1.0 + 1e-9);
  states.reserve(roots.size());
  for (const double x : roots) {
    RingState& s = states.emplace_back();
    s.energy_J = x * peak_J;
    s.pairs = m.settled_pairs(s.energy_J);
    s.temperature_K = m.thermal_resistance_K_per_W * m.heat_W(rates.loss_per_s, u_V, s.energy_J, s.pairs);
    s.detuning_Hz = horner(detuning, x) / turn;
    s.extra_loss_per_s = m.loss_per_s(s.energy_J, s.pairs);
    s.stable = states.size() % 2 == 1;
  }
  return states;
}

double linear_shift_Hz_per_J(const RingRates& rates, const RingMedium& medium, double u_V) {
  return medium.kerr_Hz_per_J + medium.shift_Hz_per_W() * medium.linear_heat_per_s(rates.loss_per_s, u_V);
}

double DispersiveBistability::normalised_per_W() const {
  const double total = rates.total_per_s();
  return 2.0 * pi * shift_Hz_per_J * 2.0 * rates.bus_per_s / (total * total * total);
}

double DispersiveBistability::least_power_W() const {
  return 8.0 / (3.0 * std::sqrt(3.0)) / normalised_per_W();
}

double DispersiveBistability::least_detuning_Hz() const {
  return -std::sqrt(3.0) * rates.total_per_s() / (2.0 * pi);
}

DispersiveBistability::Pair DispersiveBistability::powers_W(double cold_detuning_Hz) const {
  const double delta = -2.0 * pi * cold_detuning_Hz / rates.total_per_s();
  if (!(delta * delta > 3.0 && delta > 0.0)) return {false, 0.0, 0.0};
  const double root = std::sqrt(delta * delta - 3.0);
  const auto power = [&](double x) { return x * (1.0 + (x - delta) * (x - delta)) / normalised_per_W(); };
  return {true, power((2.0 * delta - root) / 3.0), power((2.0 * delta + root) / 3.0)};
}

DispersiveBistability::Pair DispersiveBistability::detunings_Hz(double power_W) const {
  const double big_x = normalised_per_W() * power_W;
  if (!(big_x > 8.0 / (3.0 * std::sqrt(3.0)))) return {false, 0.0, 0.0};
  const std::array<double, 5> fold{big_x * big_x, 0.0, 0.0, -4.0 * big_x, 4.0};
  // The fold condition squares its sign away: on the arm Δ = x + sqrt(X/x - 1), dΔ/dx = 0 at both roots.
  const std::vector<double> x = real_roots(fold, 0.0, big_x);
  if (x.size() != 2) return {false, 0.0, 0.0};
  const auto detuning_Hz = [&](double each) {
    return -(each + std::sqrt(big_x / each - 1.0)) * rates.total_per_s() / (2.0 * pi);
  };
  return {true, detuning_Hz(x[0]), detuning_Hz(x[1])};
}

}  // namespace photonlink
