#include "network/multiport.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/constants.hpp"
#include "core/error.hpp"

namespace photonlink {
namespace {

using Matrix = Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct Blocks {
  Matrix s11, s12, s21, s22;
};

Blocks blocks_at(const SParameters& n, std::size_t k) {
  const Eigen::Index side = n.ports / 2, ports = n.ports;
  const Eigen::Map<const Matrix> s(n.s.data() + k * static_cast<std::size_t>(ports * ports), ports, ports);
  return {s.topLeftCorner(side, side), s.topRightCorner(side, side), s.bottomLeftCorner(side, side),
          s.bottomRightCorner(side, side)};
}

void store(SParameters& n, std::size_t k, const Blocks& b) {
  const Eigen::Index side = n.ports / 2, ports = n.ports;
  Eigen::Map<Matrix> s(n.s.data() + k * static_cast<std::size_t>(ports * ports), ports, ports);
  s.topLeftCorner(side, side) = b.s11;
  s.topRightCorner(side, side) = b.s12;
  s.bottomLeftCorner(side, side) = b.s21;
  s.bottomRightCorner(side, side) = b.s22;
}

void check_sides(const SParameters& first, const SParameters& second, const char* what) {
  require(first.ports == second.ports && first.ports % 2 == 0 && first.ports > 0,
          fmt::format("{} needs two 2-ports, 4-ports or other networks with two equal sides, not {} and {} "
                      "ports; select ports or modes first",
                      what, first.ports, second.ports));
  require(first.reference_ohm == second.reference_ohm,
          fmt::format("{} needs one reference impedance, not {} ohm and {} ohm; renormalise one of them",
                      what, first.reference_ohm, second.reference_ohm));
  require(first.frequency_Hz == second.frequency_Hz,
          fmt::format("{} needs one frequency grid; interpolate one of them", what));
}

Blocks join(const Blocks& a, const Blocks& b) {
  const Matrix unit = Matrix::Identity(a.s11.rows(), a.s11.rows());
  // Waves that run to and fro at the joint, seen by what comes from either side.
  const auto from_left = (unit - a.s22 * b.s11).partialPivLu(),
             from_right = (unit - b.s11 * a.s22).partialPivLu();
  return {a.s11 + a.s12 * from_right.solve(b.s11 * a.s21), a.s12 * from_right.solve(b.s12),
          b.s21 * from_left.solve(a.s21), b.s22 + b.s21 * from_left.solve(a.s22 * b.s12)};
}

void check_transmission(const Matrix& m, double frequency_Hz) {
  constexpr double least = 1e-6;  // -120 dB: six digits of the fixture are noise below
  const double smallest = m.jacobiSvd().singularValues().minCoeff();
  require(smallest >= least,
          fmt::format("the fixture transmits {:.3g} at {} Hz, less than {}; it cannot be taken off there",
                      smallest, frequency_Hz, least));
}

Blocks take_off(const Blocks& s, const Blocks& a, double frequency_Hz) {
  check_transmission(a.s12, frequency_Hz);
  check_transmission(a.s21, frequency_Hz);
  const Matrix unit = Matrix::Identity(a.s11.rows(), a.s11.rows()), in12 = a.s12.inverse(),
               in21 = a.s21.inverse();
  const Matrix x = in12 * (s.s11 - a.s11) * in21;
  Blocks b;
  b.s11 = x * (unit + a.s22 * x).inverse();
  const Matrix loop = unit - a.s22 * b.s11;
  b.s12 = (unit - b.s11 * a.s22) * in12 * s.s12;
  b.s21 = s.s21 * in21 * loop;
  b.s22 = s.s22 - b.s21 * loop.partialPivLu().solve(a.s22 * b.s12);
  return b;
}

}  // namespace

SParameters cascade(const SParameters& first, const SParameters& second) {
  check_sides(first, second, "a cascade");
  SParameters result{first.ports, first.reference_ohm, first.frequency_Hz,
                     std::vector<Complex>(first.s.size())};
  if (first.ports > 2) {
    for (std::size_t k = 0; k < first.frequency_Hz.size(); ++k)
      store(result, k, join(blocks_at(first, k), blocks_at(second, k)));
    return result;
  }
  for (std::size_t k = 0; k < first.frequency_Hz.size(); ++k) {
    const Complex *a = first.s.data() + 4 * k, *b = second.s.data() + 4 * k;  // 11, 12, 21, 22
    const Complex loop = 1.0 / (1.0 - a[3] * b[0]);
    Complex* s = result.s.data() + 4 * k;
    s[0] = a[0] + a[1] * b[0] * a[2] * loop;
    s[1] = a[1] * b[1] * loop;
    s[2] = a[2] * b[2] * loop;
    s[3] = b[3] + b[2] * a[3] * b[1] * loop;
  }
  return result;
}

SParameters remove_left(const SParameters& total, const SParameters& fixture) {
  check_sides(total, fixture, "taking a fixture off");
  SParameters rest = total;
  for (std::size_t k = 0; k < total.frequency_Hz.size(); ++k)
    store(rest, k, take_off(blocks_at(total, k), blocks_at(fixture, k), total.frequency_Hz[k]));
  return rest;
}

SParameters remove_right(const SParameters& total, const SParameters& fixture) {
  return reversed(remove_left(reversed(total), reversed(fixture)));
}

SParameters reversed(const SParameters& network) {
  require(network.ports % 2 == 0,
          fmt::format("a network of {} ports has no two equal sides; select ports first", network.ports));
  std::vector<int> order(static_cast<std::size_t>(network.ports));
  std::iota(order.begin(), order.end(), 1);
  std::rotate(order.begin(), order.begin() + network.ports / 2, order.end());
  return select_ports(network, order);
}

SParameters delay_port(const SParameters& network, int port, double delay_s) {
  require(port >= 1 && port <= network.ports, fmt::format("port {} is outside [1, {}]", port, network.ports));
  require(std::isfinite(delay_s), fmt::format("delay = {} s must be finite", delay_s));
  SParameters result = network;
  const auto n = static_cast<std::size_t>(network.ports), p = static_cast<std::size_t>(port) - 1;
  for (std::size_t k = 0; k < network.frequency_Hz.size(); ++k) {
    const Complex turn = std::polar(1.0, -2.0 * constants::pi * network.frequency_Hz[k] * delay_s);
    for (std::size_t i = 0; i < n; ++i) {
      result.s[k * n * n + p * n + i] *= turn;
      result.s[k * n * n + i * n + p] *= turn;
    }
  }
  return result;
}

double intra_pair_skew_s(const SParameters& four_port, double low_Hz, double high_Hz) {
  require(four_port.ports == 4,
          fmt::format("intra-pair skew needs 4 ports, not {}; select four first", four_port.ports));
  SParameters ratio{1, four_port.reference_ohm, four_port.frequency_Hz, {}};
  ratio.s.reserve(four_port.frequency_Hz.size());
  for (std::size_t k = 0; k < four_port.frequency_Hz.size(); ++k)
    ratio.s.push_back(four_port.at(k, 3, 1) * std::conj(four_port.at(k, 2, 0)));
  return group_delay_s(ratio, 0, 0, low_Hz, high_Hz);
}

}  // namespace photonlink
