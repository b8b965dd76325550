#include "network/s_parameters.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace photonlink {
namespace {

using Matrix = Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstView = Eigen::Map<const Matrix>;

std::size_t block_size(const SParameters& network) {
  return static_cast<std::size_t>(network.ports) * static_cast<std::size_t>(network.ports);
}

ConstView matrix(const SParameters& network, std::size_t k) {
  return {network.s.data() + k * block_size(network), network.ports, network.ports};
}

S2 two_port_at(const SParameters& n, std::size_t k) {
  return {n.at(k, 0, 0), n.at(k, 0, 1), n.at(k, 1, 0), n.at(k, 1, 1)};
}

}  // namespace

SParameters renormalise_ports(const SParameters& network, std::span<const double> from_ohm,
                              std::span<const double> to_ohm) {
  const auto ports = static_cast<std::size_t>(network.ports);
  require(from_ohm.size() == ports && to_ohm.size() == ports,
          fmt::format("{} ports need as many reference impedances, not {} and {}", ports, from_ohm.size(),
                      to_ohm.size()));
  for (const std::span<const double> list : {from_ohm, to_ohm})
    for (const double ohm : list)
      require(ohm > 0.0 && std::isfinite(ohm),
              fmt::format("reference impedance = {} ohm must be positive and finite; 50 ohm is usual", ohm));
  SParameters result = network;
  result.reference_ohm = to_ohm.front();
  if (std::equal(from_ohm.begin(), from_ohm.end(), to_ohm.begin())) return result;
  Eigen::VectorXd r(network.ports), p(network.ports);
  for (std::size_t i = 0; i < ports; ++i) {
    const double sum = to_ohm[i] + from_ohm[i];
    r(static_cast<Eigen::Index>(i)) = (to_ohm[i] - from_ohm[i]) / sum;
    p(static_cast<Eigen::Index>(i)) = sum / (2.0 * std::sqrt(to_ohm[i] * from_ohm[i]));
  }
  const Matrix unit = Matrix::Identity(network.ports, network.ports), shift = r.cast<Complex>().asDiagonal();
  for (std::size_t k = 0; k < network.frequency_Hz.size(); ++k) {
    const ConstView s = matrix(network, k);
    // (S - R)(1 - R S)^-1, solved from the transposed side.
    const Matrix right = (unit - shift * s).transpose(), left = (s - shift).transpose();
    const Matrix solved = right.partialPivLu().solve(left).transpose();
    for (Eigen::Index i = 0; i < network.ports; ++i)
      for (Eigen::Index j = 0; j < network.ports; ++j)
        result.s[k * block_size(network) + static_cast<std::size_t>(i * network.ports + j)] =
            solved(i, j) * (p(i) / p(j));
  }
  return result;
}

SParameters renormalise(const SParameters& network, double reference_ohm) {
  const auto ports = static_cast<std::size_t>(network.ports);
  return renormalise_ports(network, std::vector<double>(ports, network.reference_ohm),
                           std::vector<double>(ports, reference_ohm));
}

SParameters select_ports(const SParameters& network, std::span<const int> port_numbers) {
  for (std::size_t i = 0; i < port_numbers.size(); ++i) {
    require(port_numbers[i] >= 1 && port_numbers[i] <= network.ports,
            fmt::format("port {} is outside [1, {}], the ports of the file", port_numbers[i], network.ports));
    require(std::find(port_numbers.begin(), port_numbers.begin() + static_cast<std::ptrdiff_t>(i),
                      port_numbers[i]) == port_numbers.begin() + static_cast<std::ptrdiff_t>(i),
            fmt::format("port {} is named twice; name each port once", port_numbers[i]));
  }
  SParameters result{static_cast<int>(port_numbers.size()), network.reference_ohm, network.frequency_Hz, {}};
  result.s.reserve(network.frequency_Hz.size() * block_size(result));
  for (std::size_t k = 0; k < network.frequency_Hz.size(); ++k)
    for (const int out : port_numbers)
      for (const int in : port_numbers) result.s.push_back(network.at(k, out - 1, in - 1));
  return result;
}

MixedMode mixed_mode(const SParameters& four_port) {
  require(four_port.ports == 4,
          fmt::format("mixed mode needs 4 ports, not {}; select four first", four_port.ports));
  const std::size_t points = four_port.frequency_Hz.size();
  MixedMode modes;
  modes.dd = {2, 2.0 * four_port.reference_ohm, four_port.frequency_Hz, std::vector<Complex>(4 * points)};
  modes.cc = {2, 0.5 * four_port.reference_ohm, four_port.frequency_Hz, std::vector<Complex>(4 * points)};
  modes.dc.resize(4 * points);
  modes.cd.resize(4 * points);
  for (std::size_t k = 0; k < points; ++k) {
    for (int i = 0; i < 2; ++i) {
      for (int j = 0; j < 2; ++j) {
        const Complex pp = four_port.at(k, 2 * i, 2 * j), pn = four_port.at(k, 2 * i, 2 * j + 1);
        const Complex np = four_port.at(k, 2 * i + 1, 2 * j), nn = four_port.at(k, 2 * i + 1, 2 * j + 1);
        const std::size_t at = 4 * k + static_cast<std::size_t>(2 * i + j);
        modes.dd.s[at] = 0.5 * (pp - pn - np + nn);
        modes.dc[at] = 0.5 * (pp + pn - np - nn);
        modes.cd[at] = 0.5 * (pp - pn + np - nn);
        modes.cc.s[at] = 0.5 * (pp + pn + np + nn);
      }
    }
  }
  return modes;
}

std::vector<Abcd> to_abcd(const SParameters& two_port) {
  require(two_port.ports == 2,
          fmt::format("a chain matrix needs 2 ports, not {}; select two", two_port.ports));
  std::vector<Abcd> chain(two_port.frequency_Hz.size());
  for (std::size_t k = 0; k < chain.size(); ++k) {
    S2 s = two_port_at(two_port, k);
    if (std::abs(s.s21) < least_s21) s.s21 = least_s21;
    chain[k] = to_abcd(s, two_port.reference_ohm);
  }
  return chain;
}

// Closedform for one and two ports, where channels live; the eigenvalues of S^H S otherwise.
double largest_singular_value(const SParameters& network, std::size_t k) {
  const ConstView s = matrix(network, k);
  const double power = s.squaredNorm();
  if (network.ports == 1) return std::sqrt(power);
  if (network.ports == 2) {
    const double determinant = std::norm(s(0, 0) * s(1, 1) - s(0, 1) * s(1, 0));
    return std::sqrt(0.5 * (power + std::sqrt(std::max(0.0, power * power - 4.0 * determinant))));
  }
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(s.adjoint() * s, Eigen::EigenvaluesOnly);
  return std::sqrt(std::max(0.0, solver.eigenvalues().maxCoeff()));
}

double passivity(const SParameters& network) {
  double largest = 0.0;
  for (std::size_t k = 0; k < network.frequency_Hz.size(); ++k)
    largest = std::max(largest, largest_singular_value(network, k));
  return largest;
}

double reciprocity_error(const SParameters& network) {
  double largest = 0.0;
  for (std::size_t k = 0; k < network.frequency_Hz.size(); ++k)
    for (int i = 0; i < network.ports; ++i)
      for (int j = 0; j < i; ++j)
        largest = std::max(largest, std::abs(network.at(k, i, j) - network.at(k, j, i)));
  return largest;
}

}  // namespace photonlink
