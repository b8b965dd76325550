/// Random totals of multiplied carriers: a Poisson number of primaries, each turned into g electrons by
/// McIntyre's distribution (devices/physics/avalanche.hpp).
///
/// Totals of independent Poisson streams add, so a mean N is cut into its whole part, in powers of two up to
/// 2^10, and the rest. Each power has a table of its compounded distribution, exp(2^j (P(z) - 1)) of the
/// gain's transform P, taken exactly on its lattice by Walker's aliases \cite Walker1977; the rest is a few
/// carriers drawn one by one. Means above 2^14 have a Gaussian for what is beyond: its skewness is below
/// 0.01.
///
/// Verified in tests/solvers/skewed_noise_test.cpp by moments and tails of the exact distribution.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "core/random.hpp"
#include "devices/physics/avalanche.hpp"

namespace photonlink {

class MultipliedDraws {
 public:
  explicit MultipliedDraws(const GainLaw& law);

  /// Electrons of a sample with `primaries` carriers on average, minus their mean.
  /// @param number of the sample in its stream, below 2^27; each has its own random numbers.
  double draw(double primaries, const RandomStream& stream, std::uint64_t number);

 private:
  // Integers 0 ... n - 1 with given probabilities, from one uniform number.
  class Table {
   public:
    explicit Table(std::span<const double> probability);
    double operator()(double uniform) const;

   private:
    std::vector<double> keep_;
    std::vector<int> alias_;
  };
  static constexpr int most_doublings = 10;
  const Table& total_of(int doublings);

  GainLaw law_;
  std::vector<double> gain_;
  std::unique_ptr<Table> single_;
  std::array<std::unique_ptr<Table>, most_doublings + 1> total_;
};

}  // namespace photonlink
