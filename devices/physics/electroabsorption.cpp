#include "devices/physics/electroabsorption.hpp"

#include <math.h>  // NOLINT: pchip.hpp of Boost 1.74 calls isnan without a namespace

#include <algorithm>
#include <boost/math/interpolators/pchip.hpp>
#include <boost/math/special_functions/lambert_w.hpp>
#include <cmath>
#include <utility>

#include "core/error.hpp"

namespace photonlink {

AbsorptionLaw AbsorptionLaw::power(double absorption_Np, double reference_V, double exponent) {
  AbsorptionLaw law;
  law.scale_Np_ = absorption_Np;
  law.reference_V_ = reference_V;
  law.exponent_ = exponent;
  return law;
}

AbsorptionLaw AbsorptionLaw::table(const std::vector<double>& voltage_V,
                                   const std::vector<double>& absorption_Np) {
  require(voltage_V.size() == absorption_Np.size() && voltage_V.size() >= 4,
          "an absorption table needs as many voltages as losses, 4 or more");
  const boost::math::interpolators::pchip<std::vector<double>> curve(std::vector<double>{voltage_V},
                                                                     std::vector<double>{absorption_Np});
  AbsorptionLaw law;
  const std::size_t last = voltage_V.size() - 1;
  law.segments_.push_back({voltage_V.front(), absorption_Np.front(), 0.0, 0.0, 0.0, 0.0});  // below
  double area = 0.0;
  for (std::size_t k = 0; k < last; ++k) {
    const double width = voltage_V[k + 1] - voltage_V[k];
    const double chord = (absorption_Np[k + 1] - absorption_Np[k]) / width;
    const double left = curve.prime(voltage_V[k]), right = curve.prime(voltage_V[k + 1]);
    const Segment s{voltage_V[k],
                    absorption_Np[k],
                    left,
                    (3.0 * chord - 2.0 * left - right) / width,
                    (left + right - 2.0 * chord) / (width * width),
                    area};
    law.segments_.push_back(s);
    area += width * (s.value + width * (s.first / 2.0 + width * (s.second / 3.0 + width * s.third / 4.0)));
  }
  law.segments_.push_back(
      {voltage_V.back(), absorption_Np.back(), curve.prime(voltage_V.back()), 0.0, 0.0, area});
  return law;
}

const AbsorptionLaw::Segment& AbsorptionLaw::segment(double voltage_V) const {
  const auto above = std::upper_bound(segments_.begin() + 1, segments_.end(), voltage_V,
                                      [](double v, const Segment& s) { return v < s.from_V; });
  return *(above - 1);
}

double AbsorptionLaw::absorption_Np(double voltage_V) const {
  if (segments_.empty())
    return voltage_V > 0.0 ? scale_Np_ * std::pow(voltage_V / reference_V_, exponent_) : 0.0;
  const Segment& s = segment(voltage_V);
  const double t = voltage_V - s.from_V;
  return s.value + t * (s.first + t * (s.second + t * s.third));
}

double AbsorptionLaw::slope_Np_per_V(double voltage_V) const {
  if (segments_.empty())
    return voltage_V > 0.0
               ? scale_Np_ * exponent_ / reference_V_ * std::pow(voltage_V / reference_V_, exponent_ - 1.0)
               : 0.0;
  const Segment& s = segment(voltage_V);
  const double t = voltage_V - s.from_V;
  return s.first + t * (2.0 * s.second + t * 3.0 * s.third);
}

double AbsorptionLaw::area_Np_V(double voltage_V) const {
  if (segments_.empty()) return absorption_Np(voltage_V) * voltage_V / (exponent_ + 1.0);
  const Segment& s = segment(voltage_V);
  const double t = voltage_V - s.from_V;
  return s.area + t * (s.value + t * (s.first / 2.0 + t * (s.second / 3.0 + t * s.third / 4.0)));
}

ChirpedAbsorption::ChirpedAbsorption(AbsorptionLaw law, std::vector<double> voltage_V,
                                     std::vector<double> chirp)
    : law_(std::move(law)) {
  require(voltage_V.size() == chirp.size() && !chirp.empty(),
          "chirp needs as many voltages as values, one or more");
  const auto push = [&](std::size_t k, double slope) {
    const double v = voltage_V[k];
    knots_.push_back({v, chirp[k], slope, law_.absorption_Np(v), law_.area_Np_V(v), 0.0});
  };
  push(0, 0.0);  // below the first point
  knots_.front().phase_rad = -0.5 * chirp.front() * knots_.front().absorption_Np;
  for (std::size_t k = 0; k < chirp.size(); ++k) {
    const bool last = k + 1 == chirp.size();
    push(k, last ? 0.0 : (chirp[k + 1] - chirp[k]) / (voltage_V[k + 1] - voltage_V[k]));
    Knot& now = knots_.back();
    const Knot& before = knots_[knots_.size() - 2];
    now.phase_rad =
        before.phase_rad - 0.5 * (now.chirp * now.absorption_Np - before.chirp * before.absorption_Np -
                                  before.chirp_per_V * (now.area_Np_V - before.area_Np_V));
  }
}

const ChirpedAbsorption::Knot& ChirpedAbsorption::knot(double voltage_V) const {
  const auto above = std::upper_bound(knots_.begin() + 1, knots_.end(), voltage_V,
                                      [](double v, const Knot& k) { return v < k.voltage_V; });
  return *(above - 1);
}

double ChirpedAbsorption::chirp(double voltage_V) const {
  const Knot& k = knot(voltage_V);
  return k.chirp + k.chirp_per_V * (voltage_V - k.voltage_V);
}

DarkAbsorption ChirpedAbsorption::at(double voltage_V) const {
  const Knot& k = knot(voltage_V);
  const double alpha = k.chirp + k.chirp_per_V * (voltage_V - k.voltage_V);
  DarkAbsorption result{law_.absorption_Np(voltage_V), law_.slope_Np_per_V(voltage_V), 0.0, 0.0};
  double integral = alpha * result.absorption_Np - k.chirp * k.absorption_Np;
  if (k.chirp_per_V != 0.0) integral -= k.chirp_per_V * (law_.area_Np_V(voltage_V) - k.area_Np_V);
  result.phase_rad = k.phase_rad - 0.5 * integral;
  result.phase_per_V = -0.5 * alpha * result.absorption_per_V;
  return result;
}

double bleached_absorption_Np(double dark_absorption_Np, double relative_power) {
  using namespace boost::math::policies;
  // Below 1e-12 bleaching is less than one part in 1e12.
  if (relative_power < 1e-12) return dark_absorption_Np;
  const double x = relative_power, a = dark_absorption_Np;
  // ln of the argument of W; beyond 600 e^{...} would overflow: W(e^u) = u - ln u to 1e-2, one Newton step
  // per digit pair.
  const double u = std::log(x) + x - a;
  if (u < 600.0) {
    const double y = boost::math::lambert_w0(std::exp(u), policy<promote_double<false>>());
    return std::max(0.0, y > 0.0 ? std::log(x / y) : a - x);  // -0 by rounding where nothing absorbs
  }
  double y = u - std::log(u);
  for (int i = 0; i < 4; ++i) y -= (y + std::log(y) - u) / (1.0 + 1.0 / y);
  return std::max(0.0, std::log(x / y));
}

LitAbsorption bleached(const DarkAbsorption& dark, double relative_power) {
  const double a = dark.absorption_Np, x = relative_power;
  const double loss = bleached_absorption_Np(a, x);
  const double pass = std::exp(-loss), y = x * pass;  // y = P_out / P_s
  const double by_a = 1.0 / (1.0 + y), by_x = (pass - 1.0) / (1.0 + y);
  // L/a and its slopes; their limits where a vanishes.
  const bool clear = std::abs(a) < 1e-6;
  const double share = clear ? 1.0 / (1.0 + x) : loss / a;
  const double share_by_a = clear ? 0.5 * y * by_a * by_a * by_a : (by_a - share) / a;
  const double share_by_x = clear ? -1.0 / ((1.0 + x) * (1.0 + x)) : by_x / a;
  return {loss,
          dark.phase_rad * share,
          by_a * dark.absorption_per_V,
          dark.phase_per_V * share + dark.phase_rad * share_by_a * dark.absorption_per_V,
          by_x,
          dark.phase_rad * share_by_x};
}

}  // namespace photonlink
