/// Noise of an avalanche photodiode at the slicer, with the tails of McIntyre's distribution.
///
/// Primary carriers arrive as a Poisson process of mean N(u) in sample u; each becomes g electrons, and each
/// electron of sample u moves the decision of symbol i by c_i(u), the response of everything behind the
/// diode, FFE included. By Campbell's theorem the noise of the decision has the cumulant function
///   K_i(s) = Σ_u N(u) φ(s c_i(u)),   φ(x) = m(x) - 1 - M x,   m(s) = E[e^{sg}]
///   (devices/physics/avalanche.hpp)
/// next to the Gaussian rest, σ² s²/2. Its tail at distance x, from the saddle point K'(s) = x
/// \cite LugannaniRice1980:
///   P(y > x) = Q(w) + q(w) (1/u - 1/w),  w = sign(s) sqrt(2 (s x - K(s))),  u = s sqrt(K''(s)),
/// q the normal density. ratio() is this over the same formula of a Gaussian of equal variance, which is
/// Q(x / σ): it multiplies the error probability that was computed with Gaussian noise, and is 1 in the limit
/// of many carriers.
///
/// The responses c are sorted into bins of a factor `bin_width` of either sign, whose representatives keep
/// the second cumulant of every symbol and the third of an even stream of carriers.
///
/// What stays approximate: bounded interference that is not part of the symbol's own sample counts as
/// Gaussian within the ratio. The avalanche's build-up is its mean pulse.
///
/// Verified in tests/solvers/skewed_noise_test.cpp: the exact compounded distribution, cumulants, the
/// Gaussian limit, and counted errors of a link.
#pragma once

#include <span>
#include <vector>

#include "core/conventions.hpp"
#include "devices/physics/avalanche.hpp"
#include "signal/fft.hpp"
#include "signal/grid.hpp"
#include "signal/noise_term.hpp"

namespace photonlink {

/// One source as the sampler of a lane sees it.
struct AvalancheSource {
  GainLaw law;
  LossScaling scaling = LossScaling::fixed;
  RealWave primaries;  ///< (n_sample) mean number in each sample, or (1): the same in all
  RealWave response;   ///< (n_sample) of the decision to one electron, periodic
};

class SkewedNoise {
 public:
  /// @param offset sampling instant of symbol 0 [samples]
  SkewedNoise(const std::vector<AvalancheSource>& sources, const TimeGrid& grid, long offset, const Fft& fft);

  /// P(side · noise > distance) over that of a Gaussian of the same `sigma`.
  /// @param signal, noise amplitude factors as of Scaling (lane_model.hpp)
  double ratio(std::size_t symbol, double distance, double side, double sigma, double signal = 1.0,
               double noise = 1.0) const;
  /// Second and third cumulant.
  double variance(std::size_t symbol, double signal = 1.0, double noise = 1.0) const;
  double third_cumulant(std::size_t symbol, double signal = 1.0, double noise = 1.0) const;

 private:
  struct Bin {
    std::size_t source = 0;
    double electron = 0.0;       // c of the bin
    std::vector<double> weight;  // (n_symbol) carriers
    double weight_of(std::size_t symbol) const { return weight[weight.size() == 1 ? 0 : symbol]; }
  };
  // φ(s c_b) with its derivatives by t along s = reach (2t - t²), t = 0 ... 1; [point][bin].
  struct Side {
    double reach = 0.0;
    std::vector<double> value, slope, curvature;
  };
  struct Point {
    double value = 0.0, slope = 0.0, curvature = 0.0;
  };
  struct Saddle {
    double s = 0.0, value = 0.0, curvature = 0.0;
  };
  double rate(std::size_t bin, double signal) const;
  void add_bins(const AvalancheSource& source, std::size_t index, const TimeGrid& grid, long offset,
                const Fft& fft);
  double farthest(double sign) const;
  Side make_side(double sign) const;
  Point at(const Side& side, std::size_t point, std::span<const double> rates) const;
  Saddle saddle(const Side& side, std::span<const double> rates, double x, double rest) const;
  double outside(std::size_t symbol, double deviation, double sign, double sigma, double signal,
                 double noise) const;

  std::vector<GainLaw> law_;
  std::vector<GainMoments> moment_;
  std::vector<LossScaling> scaling_;
  std::vector<Bin> bin_;
  Side positive_, negative_;
};

}  // namespace photonlink
