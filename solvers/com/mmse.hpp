/// Receive FFE and DFE of least mean square error with limits (Annex 178A).
///
/// With h the symbol-spaced pulse, H its convolution matrix, R = H'H + R_n / σ_X², h_0 the row of H at the
/// cursor and H_b the rows of the DFE taps, minimise the error subject to h_0 w = 1:
///   [ R  -H_b'  -h_0' ; -H_b  I  0 ; h_0  0  0 ] [w; b; λ] = [h_0'; 0; 1].
/// Taps b outside their limits are clipped and w solved again with them; then w is clipped to multiples of
/// its main tap, scaled to h_0 w = 1, and b follows from H_b w. With w and b as used
///   σ_e² = σ_X² (w'Rw + 1 + b'b - 2 w'h_0' - 2 w'H_b'b),  FOM = 20 log10( R_LM / ((L - 1) σ_e) ).
/// Eliminating b leaves a positive definite system of the size of w, solved by Cholesky factors.
/// Verified in tests/solvers/com/mmse_test.cpp against the full system above.
#pragma once

#include <Eigen/Dense>
#include <span>
#include <vector>

#include "solvers/com/parameters.hpp"

namespace photonlink::com {

struct MmseSolution {
  std::vector<double> ffe;  ///< (pre + 1 + post), relative to the main tap
  std::vector<double> dfe;  ///< (taps), relative to the cursor
  double merit_dB = 0.0;
};

/// One set of limits; allocates on construction only.
class MmseSolver {
 public:
  MmseSolver(const Ffe& ffe, const Dfe& dfe, double level_mismatch_ratio, int levels);
  int lags() const { return taps_; }
  /// @param h (n) symbol-spaced pulse; @param cursor its main cursor's index; @param noise R_n at lags 0 ...
  /// lags() - 1 [V²]. The result stays valid until the next call.
  const MmseSolution& solve(std::span<const double> h, long cursor, std::span<const double> noise);

 private:
  void clip_ffe();

  Ffe ffe_;
  int taps_, dfe_taps_;
  double power_, level_mismatch_ratio_;
  int levels_;
  Eigen::VectorXd lower_, upper_, w_, b_, blimited_, right_, u_, v_, h0_, wmin_, wmax_;
  Eigen::MatrixXd r_, reduced_, hb_;
  Eigen::LLT<Eigen::MatrixXd> factor_;
  MmseSolution solution_;
};

}  // namespace photonlink::com
