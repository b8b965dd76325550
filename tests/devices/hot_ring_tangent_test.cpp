#include <doctest/doctest.h>

#include "devices/physics/hot_bus.hpp"
#include "microring_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;
using test::ring_bundle;

namespace {

/// A fixed generator for directions: uniform in [-1, 1], seed 7.
struct Random {
  unsigned state = 7;
  double operator()() {
    state = state * 1664525u + 1013904223u;
    return static_cast<double>(state) / 2147483648.0 - 1.0;
  }
};

std::vector<HotRing> rings(int count, const RingMedium& medium, RingPort port) {
  const RingRates rates = port == RingPort::through
                              ? all_pass_rates(228e12, 4500.0, 15.0, Coupling::under)
                              : add_drop_rates(228e12, 4500.0, 1.0, DropCoupling::symmetric);
  std::vector<HotRing> all;
  for (int i = 0; i < count; ++i) {
    HotRing ring{{rates, {-7e9, 0.8, 1.9, 4e9}, {}, 0.98, port}, medium};
    for (int c = 0; c < count; ++c) ring.aligned.detuning_Hz.push_back(14e9 + 200e9 * (c - i));
    all.push_back(ring);
  }
  return all;
}

RingMedium medium(double lifetime_s) {
  return make_ring_medium({.frequency_Hz = 228e12,
                           .group_index = 4.0,
                           .ring_length_m = 40e-6,
                           .mode_area_m2 = 0.1e-12,
                           .overlap = 1.0,
                           .two_photon = 1.0,
                           .kerr = 1.0,
                           .absorbed_share = 0.6,
                           .carrier_lifetime_s = lifetime_s,
                           .thermal_resistance_K_per_W = 0.0,
                           .thermal_time_s = 1e-6,
                           .collection_efficiency = 0.0,
                           .bias_V = 1.0});
}

/// y = Re Σ w t over the window of the settled period.
double observe(const std::vector<HotRing>& bus, const Bundle& input, const Sensitivity& w) {
  Bundle b;
  settled_period(bus, input, false, &b);
  const long period = b.grid.size();
  double y = 0.0;
  for (std::size_t c = 0; c < w.port[0].size(); ++c)
    for (std::size_t n = 0; n < w.port[0][c].size(); ++n)
      y += (w.port[0][c][n] *
            b.port[0].field[c][static_cast<std::size_t>(wrap(w.begin + static_cast<long>(n), period))])
               .real();
  return y;
}

void compare(const std::vector<HotRing>& bus, double power_W, long begin, int length, double tolerance) {
  const int lanes = static_cast<int>(bus.size());
  Bundle input = ring_bundle(lanes, 64, 16, 32e9, 2.0);
  for (ComplexWave& field : input.port[0].field)
    for (Complex& a : field) a *= std::sqrt(power_W / 1e-3);
  const long period = input.grid.size();
  Random random;
  Sensitivity w;
  w.begin = begin;
  w.length = length;
  // Observed late in the window, disturbed over all of it: what happened before it is not asked for.
  w.port.assign(1, std::vector<ComplexWave>(static_cast<std::size_t>(lanes)));
  for (int n = 0; n < length; ++n) w.port[0][0].push_back(Complex(random(), random()));
  Sensitivity pulled = w;
  hot_bus_tangent(bus, input)->pull_back(pulled);

  std::vector<RealWave> du(static_cast<std::size_t>(lanes));
  std::vector<ComplexWave> ds(static_cast<std::size_t>(lanes));
  double transposed = 0.0;
  for (std::size_t i = 0; i < du.size(); ++i)
    for (int n = 0; n < length; ++n) {
      const auto at = static_cast<std::size_t>(n);
      du[i].push_back(random());
      ds[i].push_back(Complex(random(), random()) * std::sqrt(power_W));
      transposed += pulled.lane[i][at] * du[i][at];
      if (!pulled.port[0][i].empty()) transposed += (pulled.port[0][i][at] * ds[i][at]).real();
    }
  const auto moved = [&](double step) {
    Bundle b = input;
    for (std::size_t i = 0; i < du.size(); ++i)
      for (int n = 0; n < length; ++n) {
        const auto u = static_cast<std::size_t>(wrap(begin + n, period)), at = static_cast<std::size_t>(n);
        b.lane[i][u] += step * du[i][at];
        b.port[0].field[i][u] += step * ds[i][at];
      }
    return observe(bus, b, w);
  };
  // Sixth-order central difference: (45 Δ₁ - 9 Δ₂ + Δ₃) / 60.
  const double h = 2e-3;
  const auto difference = [&](int k) { return moved(k * h) - moved(-k * h); };
  const double forward = (45.0 * difference(1) - 9.0 * difference(2) + difference(3)) / (60.0 * h);
  CHECK(rel_error(transposed, forward) <= tolerance);
}

}  // namespace

TEST_CASE("hot ring: transposed tangent equals the derivative of the stepped solution") {
  // 100 mW: the pairs shift the line by its width. The period of 2 ns begins settled after 40 lifetimes of
  // carriers. h^6 of the direction 6e-17, rounding of the settled period 1e-12 over h.
  SUBCASE("one ring with carriers") {
    compare(rings(1, medium(50e-12), RingPort::through), 0.1, 100, 400, 1e-8);
  }
  SUBCASE("two rings, window across the end of the period") {
    compare(rings(2, medium(50e-12), RingPort::through), 0.1, 900, 300, 1e-8);
  }
  SUBCASE("pairs that leave at once") {
    compare(rings(1, medium(0.0), RingPort::through), 0.1, -37, 300, 1e-8);
  }
  SUBCASE("drop output") {
    compare(rings(1, medium(50e-12), RingPort::drop), 0.1, 100, 400, 1e-8);
  }
  SUBCASE("little light: the derivative of effects below 1e-3 of the linewidth is left out") {
    compare(rings(2, medium(50e-12), RingPort::through), 1e-3, 100, 200, 1e-3);
  }
}

TEST_CASE("hot ring: without effects the tangent is that of the linear bus") {
  const auto hot = rings(2, {}, RingPort::through);
  const Bundle input = ring_bundle(2, 48, 16, 32e9, 2.0);
  Random random;
  Sensitivity w{.begin = 50, .length = 200, .lane = {}, .port = {}};
  w.port.assign(1, std::vector<ComplexWave>(2));
  for (int n = 0; n < 200; ++n) w.port[0][1].push_back(Complex(random(), random()));
  Sensitivity a = w, b = w;
  hot_bus_tangent(hot, input)->pull_back(a);
  bus_tangent({hot[0].aligned, hot[1].aligned}, input)->pull_back(b);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t n = 0; n < 200; ++n) {
      // Rounding of sums of a few terms of size one.
      CHECK(std::abs(a.lane[i][n] - b.lane[i][n]) <= 1e-13);
      if (i == 1) CHECK(std::abs(a.port[0][1][n] - b.port[0][1][n]) <= 1e-12);
    }
}
