/// Distribution of interference plus Gaussian noise, in the exact form and in the script's.
#pragma once

#include <memory>
#include <vector>

#include "solvers/com/mode.hpp"

namespace photonlink::com {

/// Symmetric about 0.
class NoiseDistribution {
 public:
  virtual ~NoiseDistribution() = default;
  virtual double below(double voltage_V) const = 0;  ///< P(y <= voltage)
  /// Smallest amplitude with P(y <= -amplitude) <= probability, to a bin or better.
  virtual double amplitude_at(double probability) const = 0;
  virtual double reach_V() const = 0;  ///< below -reach the probability is below anything that is asked for
};

/// @param cursors of independent symbols; @param gaussian_V standard deviation of the Gaussian part.
std::unique_ptr<NoiseDistribution> noise_distribution(const std::vector<double>& cursors, int levels,
                                                      double bin_V, double gaussian_V, double error_ratio,
                                                      const Mode& mode);

}  // namespace photonlink::com
