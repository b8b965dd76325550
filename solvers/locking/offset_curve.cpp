#include "solvers/locking/offset_curve.hpp"

#include <math.h>  // Boost 1.74 calls isnan of the global namespace

#include <algorithm>
#include <boost/math/interpolators/pchip.hpp>
#include <functional>

#include "core/error.hpp"

namespace photonlink {

struct OffsetCurve::Cubic {
  boost::math::interpolators::pchip<std::vector<double>> curve;
};

OffsetCurve::OffsetCurve(std::vector<double> offset_Hz, std::vector<double> value) {
  if (offset_Hz.size() < 4 || offset_Hz.size() != value.size() ||
      !std::is_sorted(offset_Hz.begin(), offset_Hz.end(), std::less_equal<>()))
    throw DomainError("offset curve: at least 4 ascending offsets with one value each are needed");
  begin_Hz_ = offset_Hz.front();
  end_Hz_ = offset_Hz.back();
  largest_ = *std::max_element(value.begin(), value.end());
  cubic_ = std::make_shared<const Cubic>(
      Cubic{boost::math::interpolators::pchip<std::vector<double>>(std::move(offset_Hz), std::move(value))});
}

double OffsetCurve::operator()(double offset_Hz) const {
  return cubic_->curve(std::clamp(offset_Hz, begin_Hz_, end_Hz_));
}

double OffsetCurve::slope_per_Hz(double offset_Hz) const {
  return offset_Hz < begin_Hz_ || offset_Hz > end_Hz_ ? 0.0 : cubic_->curve.prime(offset_Hz);
}

}  // namespace photonlink
