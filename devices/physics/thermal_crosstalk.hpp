/// Heat of one ring's heater at the other rings of a bus.
///
/// The resonance of ring i moves to the red by
///   s_i = Σ_j M_ij h_j,      M_ii = 1,
/// h_j >= 0 the shift that heater j alone gives its own ring, M_ij the share of it that reaches ring i.
///
/// Decay with distance: M_ij = x exp(-(d_ij - d)/ℓ), d the distance of neighbours, d_ij = |i - j| d, x the
/// share at the neighbour, ℓ the decay length. An explicit matrix replaces it.
///
/// Wanted shifts: h = M⁻¹ s when no element of it is negative. Otherwise the grid cannot be reached with
/// heat alone, some rings are too red already; the h >= 0 nearest to it is then min |M h - s|₂, found by the
/// active-set method of \cite LawsonHanson1974 (chapter 23).
///
/// Validity: stationary heat, superposition (conductivities that do not depend on temperature). Verified in
/// tests/devices/physics/thermal_crosstalk_test.cpp.
#pragma once

#include <Eigen/Dense>
#include <span>

namespace photonlink {

/// @param share x in [0, 1); @param spacing_m d; @param decay_length_m ℓ > 0. @returns (n_ring, n_ring).
Eigen::MatrixXd thermal_crosstalk(int rings, double share, double spacing_m, double decay_length_m);
/// @param row_major (n_ring²). @throws ConfigError when the size does not fit, a diagonal element is not 1,
/// an element is outside [0, 1], or the matrix cannot be inverted.
Eigen::MatrixXd thermal_crosstalk(int rings, std::span<const double> row_major);

/// What heaters alone do to their rings when all rings shift as wanted.
struct HeaterShifts {
  Eigen::VectorXd own;    ///< h (n_ring)
  double residual = 0.0;  ///< largest |M h - s|, 0 where the wanted shifts are reached
  bool reached = true;
};

class HeaterSolver {
 public:
  explicit HeaterSolver(Eigen::MatrixXd crosstalk);
  const Eigen::MatrixXd& crosstalk() const { return crosstalk_; }
  /// M⁻¹ s, negative elements included.
  Eigen::VectorXd unlimited(const Eigen::VectorXd& wanted) const { return lu_.solve(wanted); }
  HeaterShifts solve(const Eigen::VectorXd& wanted) const;

 private:
  Eigen::MatrixXd crosstalk_;
  Eigen::PartialPivLU<Eigen::MatrixXd> lu_;
};

}  // namespace photonlink
