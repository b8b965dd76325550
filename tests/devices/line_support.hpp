/// What the tests of lines and of packages share: distances to tables of S-parameters, passivity of one
/// matrix.
#pragma once

#include <Eigen/Dense>
#include <algorithm>
#include <string>

#include "core/constants.hpp"
#include "network/two_port.hpp"
#include "signal/stage.hpp"
#include "support.hpp"

namespace photonlink::test {

/// Largest distance of any S-parameter on 100 ohm from a table of tests/oracles/lines.py.
/// @param chain function of the frequency [Hz] that returns an Abcd
template <class F>
double worst_distance(const std::string& csv, F chain) {
  double worst = 0.0;
  const auto rows = read_csv("tests/data/network/" + csv);
  if (rows.size() < 5) throw std::runtime_error(csv + " has too few rows");
  for (const auto& row : rows) {
    const S2 s = to_s(chain(row[0]), 100.0);
    const Complex ours[] = {s.s11, s.s12, s.s21, s.s22};
    for (std::size_t i = 0; i < 4; ++i)
      worst = std::max(worst, std::abs(ours[i] - Complex(row[1 + 2 * i], row[2 + 2 * i])));
  }
  return worst;
}

/// Largest and smallest singular value of S on 100 ohm: at most 1 when passive, both 1 when lossless.
inline Eigen::Vector2d gains(const Abcd& chain) {
  const S2 s = to_s(chain, 100.0);
  Eigen::Matrix2cd scattering;
  scattering << s.s11, s.s12, s.s21, s.s22;
  return Eigen::JacobiSVD<Eigen::Matrix2cd>(scattering).singularValues();
}

/// Distance from a reciprocal chain, |AD - BC - 1| relative to |AD|.
inline double reciprocity_gap(const Abcd& m) {
  return std::abs(m.a * m.d - m.b * m.c - 1.0) / (1.0 + std::abs(m.a * m.d));
}

/// Chain matrix of a stage at one frequency.
inline Abcd chain_of(const Stage& stage, double frequency_Hz, int aggressor = -1) {
  const double f[] = {frequency_Hz};
  if (const auto chain = stage.two_port(f, aggressor)) return chain->at(0);
  throw std::runtime_error("the stage is no two-port");
}

/// Delay that a stage books at a symbol rate [s]; throws unless it books one.
inline double booked_delay_s(const Stage& stage, double symbol_rate_Bd) {
  Bundle bundle;
  bundle.grid.symbol_rate_Bd = symbol_rate_Bd;
  Ledger ledger;
  stage.ledger(bundle, ledger);
  if (ledger.latency.size() != 1 || !ledger.energy.empty()) throw std::runtime_error("not one delay");
  return ledger.latency.front().delay_s;
}

/// -dφ/dω of S21 on 100 ohm by a central difference [s].
inline double phase_delay_slope_s(const Stage& stage, double frequency_Hz, double reference_ohm = 100.0) {
  const double step_Hz = 1e6;
  const Complex ratio = to_s(chain_of(stage, frequency_Hz + step_Hz), reference_ohm).s21 /
                        to_s(chain_of(stage, frequency_Hz - step_Hz), reference_ohm).s21;
  return -std::arg(ratio) / (4.0 * constants::pi * step_Hz);
}

inline std::size_t warning_count(const Stage& stage, double symbol_rate_Bd) {
  Bundle bundle;
  bundle.grid.symbol_rate_Bd = symbol_rate_Bd;
  std::vector<Warning> warnings;
  stage.validity(bundle, warnings);
  return warnings.size();
}

}  // namespace photonlink::test
