/// A quantity against the offset of a ring's resonance, between the points of a table.
///
/// Piecewise cubic without overshoot (Fritsch and Carlson, Boost.Math pchip); beyond the table the value of
/// its end. Verified in tests/solvers/lock_loop_test.cpp.
#pragma once

#include <memory>
#include <vector>

namespace photonlink {

class OffsetCurve {
 public:
  /// @param offset_Hz ascending, at least 4. @throws DomainError otherwise, or when the sizes differ.
  OffsetCurve(std::vector<double> offset_Hz, std::vector<double> value);

  double operator()(double offset_Hz) const;
  double slope_per_Hz(double offset_Hz) const;
  double largest() const { return largest_; }
  double begin_Hz() const { return begin_Hz_; }
  double end_Hz() const { return end_Hz_; }

 private:
  double begin_Hz_ = 0.0, end_Hz_ = 0.0, largest_ = 0.0;
  struct Cubic;
  std::shared_ptr<const Cubic> cubic_;
};

}  // namespace photonlink
