#include "devices/physics/mach_zehnder.hpp"

#include <math.h>  // NOLINT: Boost 1.74 calls ::isnan without declaring it

#include <algorithm>
#include <array>
#include <boost/math/interpolators/pchip.hpp>
#include <cmath>

#include "core/simd.hpp"

namespace photonlink {
namespace {

using Curve = boost::math::interpolators::pchip<std::vector<double>>;
constexpr int block_samples = 256;  // six arrays of a block stay in the first-level cache
constexpr int width = 8;

/// The curve between its ends, its tangent beyond them.
double extended(const Curve& curve, double x, double low, double high) {
  const double inside = std::clamp(x, low, high);
  return curve(inside) + (x == inside ? 0.0 : curve.prime(inside) * (x - inside));
}

struct Block {
  alignas(64) std::array<double, block_samples> phase_1{}, phase_2{}, attenuation_1{}, attenuation_2{};
};

/// field *= amplitude_1 e^{-a₁ - jφ₁} + amplitude_2 e^{-a₂ - jφ₂} over whole registers of `width` samples.
PHOTONLINK_CLONES void interfere(const Block& block, bool absorbs, double amplitude_1, double amplitude_2,
                                 double* re, double* im, int count) {
  using L = simd::Lanes<width>;
  for (int n = 0; n < count; n += width) {
    typename L::Real sine_1, cosine_1, sine_2, cosine_2;
    simd::sincos<width>(L::load(block.phase_1.data() + n), sine_1, cosine_1);
    simd::sincos<width>(L::load(block.phase_2.data() + n), sine_2, cosine_2);
    typename L::Real a_1 = L::fill(amplitude_1), a_2 = L::fill(amplitude_2);
    if (absorbs) {
      a_1 *= simd::exp<width>(-L::load(block.attenuation_1.data() + n));
      a_2 *= simd::exp<width>(-L::load(block.attenuation_2.data() + n));
    }
    L::store(re + n, a_1 * cosine_1 + a_2 * cosine_2);
    L::store(im + n, -(a_1 * sine_1 + a_2 * sine_2));
  }
}

/// JunctionBend::effective_V of share · v over whole registers; the root of a number above 1/2 as an
/// exponential.
PHOTONLINK_CLONES void bend(const JunctionBend& law, double share, const double* voltage_V,
                            double* effective_V, int count) {
  using L = simd::Lanes<width>;
  const double potential_V = law.potential_V;
  const typename L::Real lowest = L::fill(-0.5 * potential_V);
  for (int n = 0; n < count; n += width) {
    const typename L::Real u = share * L::load(voltage_V + n);
    const typename L::Real u0 = u < lowest ? lowest : u;
    const typename L::Real root = simd::exp<width>(0.5 * simd::log<width>(1.0 + u0 / potential_V));
    const typename L::Real bent = 2.0 * potential_V * (root - 1.0) + (u - u0) / root;
    L::store(effective_V + n, (1.0 - law.curvature) * u + law.curvature * bent);
  }
}

}  // namespace

struct ArmLaw::Curves {
  Curve phase, attenuation;
  double low_V, high_V, bias_V, bias_phase = 0.0, bias_attenuation = 0.0;

  ArmState at(double reverse_V) const {
    return {extended(phase, reverse_V, low_V, high_V) - bias_phase,
            extended(attenuation, reverse_V, low_V, high_V) - bias_attenuation};
  }
};

ArmLaw ArmLaw::slope(double phase_per_V, double attenuation_per_V, JunctionBend bend) {
  ArmLaw law;
  law.phase_per_V_ = phase_per_V;
  law.attenuation_per_V_ = attenuation_per_V;
  law.absorbs_ = attenuation_per_V != 0.0;
  law.bend_ = bend;
  return law;
}

ArmLaw ArmLaw::table(const ArmTable& table, double bias_V) {
  ArmLaw law;
  auto voltage = [&] { return std::vector<double>(table.reverse_V); };
  auto curves = std::make_shared<Curves>(Curves{Curve(voltage(), std::vector<double>(table.phase)),
                                                Curve(voltage(), std::vector<double>(table.attenuation)),
                                                table.reverse_V.front(), table.reverse_V.back(), bias_V});
  const ArmState rest = curves->at(bias_V);
  curves->bias_phase = rest.phase;
  curves->bias_attenuation = rest.attenuation;
  law.curves_ = std::move(curves);
  law.absorbs_ = std::any_of(table.attenuation.begin(), table.attenuation.end(),
                             [&](double a) { return a != table.attenuation.front(); });
  return law;
}

ArmState ArmLaw::at(double u_V) const {
  if (curves_) return curves_->at(curves_->bias_V + u_V);
  const double effective_V = bend_.effective_V(u_V);
  return {phase_per_V_ * effective_V, attenuation_per_V_ * effective_V};
}

ArmState ArmLaw::derivative(double u_V) const {
  if (curves_) {
    const double inside = std::clamp(curves_->bias_V + u_V, curves_->low_V, curves_->high_V);
    return {curves_->phase.prime(inside), curves_->attenuation.prime(inside)};
  }
  const double slope = bend_.slope(u_V);
  return {phase_per_V_ * slope, attenuation_per_V_ * slope};
}

void ArmLaw::evaluate(std::span<const double> voltage_V, double share, std::span<double> phase,
                      std::span<double> attenuation) const {
  if (curves_) {
    for (std::size_t n = 0; n < voltage_V.size(); ++n) {
      const ArmState state = at(share * voltage_V[n]);
      phase[n] = state.phase;
      attenuation[n] = state.attenuation;
    }
    return;
  }
  if (bend_.curvature == 0.0) {
    for (std::size_t n = 0; n < voltage_V.size(); ++n) phase[n] = share * voltage_V[n];
  } else {
    const std::size_t whole = voltage_V.size() / width * width;
    bend(bend_, share, voltage_V.data(), phase.data(), static_cast<int>(whole));
    for (std::size_t n = whole; n < voltage_V.size(); ++n) phase[n] = bend_.effective_V(share * voltage_V[n]);
  }
  if (absorbs_)
    for (std::size_t n = 0; n < voltage_V.size(); ++n) attenuation[n] = attenuation_per_V_ * phase[n];
  for (std::size_t n = 0; n < voltage_V.size(); ++n) phase[n] *= phase_per_V_;
}

Complex MachZehnder::transmission(double voltage_V) const {
  const ArmState one = law_.at(arms_.share_1 * voltage_V), two = law_.at(arms_.share_2 * voltage_V);
  const double half = 0.5 * arms_.bias_phase;
  return arms_.field * (arms_.weight_1 * std::polar(std::exp(-one.attenuation), -(half + one.phase)) +
                        arms_.weight_2 * std::polar(std::exp(-two.attenuation), half - two.phase));
}

Complex MachZehnder::derivative(double voltage_V) const {
  const double u_1 = arms_.share_1 * voltage_V, u_2 = arms_.share_2 * voltage_V;
  const ArmState one = law_.at(u_1), two = law_.at(u_2);
  const ArmState slope_1 = law_.derivative(u_1), slope_2 = law_.derivative(u_2);
  const double half = 0.5 * arms_.bias_phase;
  const auto arm = [](double amplitude, double phase, const ArmState& slope, double share) {
    return std::polar(amplitude, -phase) * share * Complex(-slope.attenuation, -slope.phase);
  };
  return arms_.field *
         (arm(arms_.weight_1 * std::exp(-one.attenuation), half + one.phase, slope_1, arms_.share_1) +
          arm(arms_.weight_2 * std::exp(-two.attenuation), two.phase - half, slope_2, arms_.share_2));
}

double MachZehnder::chirp(double voltage_V) const {
  const Complex ratio = derivative(voltage_V) / transmission(voltage_V);
  return ratio.imag() / ratio.real();
}

void MachZehnder::modulate(std::span<const double> voltage_V, std::span<Complex> field) const {
  Block block;
  alignas(64) std::array<double, block_samples> re, im;
  const double half = 0.5 * arms_.bias_phase;
  for (std::size_t begin = 0; begin < voltage_V.size(); begin += block_samples) {
    const auto count = std::min<std::size_t>(block_samples, voltage_V.size() - begin);
    const auto voltage = voltage_V.subspan(begin, count);
    law_.evaluate(voltage, arms_.share_1, std::span(block.phase_1).first(count), block.attenuation_1);
    law_.evaluate(voltage, arms_.share_2, std::span(block.phase_2).first(count), block.attenuation_2);
    for (std::size_t n = 0; n < count; ++n) {
      block.phase_1[n] += half;
      block.phase_2[n] -= half;
    }
    interfere(block, law_.absorbs(), arms_.field * arms_.weight_1, arms_.field * arms_.weight_2, re.data(),
              im.data(), static_cast<int>(count));
    // By hand: the product of std::complex tests for NaN at every sample.
    for (std::size_t n = 0; n < count; ++n) {
      const double x = field[begin + n].real(), y = field[begin + n].imag();
      field[begin + n] = {x * re[n] - y * im[n], x * im[n] + y * re[n]};
    }
  }
}

}  // namespace photonlink
