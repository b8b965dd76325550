#include "devices/physics/ring_heat.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>

#include "core/error.hpp"

namespace photonlink {
namespace {

double mean_power_W(const ComplexWave& field) {
  double sum = 0.0;
  for (const Complex& a : field) sum += std::norm(a);
  return sum / static_cast<double>(field.size());
}

/// Mean heat of one ring whose voltage dwells on levels, against the detuning.
class QuasiStatic {
 public:
  QuasiStatic(const HotRing& ring, const std::vector<ComplexWave>& front, const RealWave& lane)
      : ring_(ring) {
    for (const ComplexWave& field : front) power_W_.push_back(mean_power_W(field));
    const auto [low, high] = std::minmax_element(lane.begin(), lane.end());
    constexpr int levels = 33;
    const int count = *high > *low ? levels : 1;
    const double step = count > 1 ? (*high - *low) / (count - 1) : 0.0;
    level_.resize(static_cast<std::size_t>(count));
    for (int k = 0; k < count; ++k) {
      const double u = *low + step * k;
      Level& l = level_[static_cast<std::size_t>(k)];
      l = {u, 0.0, ring.aligned.rates, ring.aligned.law.shift_Hz(u)};
      l.rates.loss_per_s += ring.aligned.law.extra_loss_per_s(u);
    }
    for (const double u : lane)
      level_[count > 1 ? static_cast<std::size_t>(std::lround((u - *low) / step)) : 0].weight +=
          1.0 / static_cast<double>(lane.size());
    detuning_Hz_.resize(power_W_.size());
    most_W_ = 0.0;
    for (const double p : power_W_) most_W_ += p;
    most_W_ *= 1.0 + std::max(ring.medium.bias_V + *high, 0.0) * ring.medium.current_A_per_W;
  }
  /// What no heat exceeds.
  double most_W() const { return most_W_; }
  /// Mean heat with all detunings moved by `offset_Hz`.
  double operator()(double offset_Hz) const {
    double sum = 0.0;
    for (const Level& l : level_) {
      if (l.weight == 0.0) continue;
      for (std::size_t c = 0; c < detuning_Hz_.size(); ++c)
        detuning_Hz_[c] = ring_.aligned.detuning_Hz[c] + offset_Hz - l.shift_Hz;
      const double energy_J = settled_energy_J(l.rates, ring_.medium, power_W_, detuning_Hz_);
      sum += l.weight *
             ring_.medium.heat_W(l.rates.loss_per_s, l.u_V, energy_J, ring_.medium.settled_pairs(energy_J));
    }
    return sum;
  }
  /// 1 - θ R_th dP/dD.
  double restoring(double offset_Hz) const {
    const double step = 1e-4 * ring_.aligned.rates.linewidth_Hz();
    return 1.0 - ring_.medium.shift_Hz_per_W() * ((*this)(offset_Hz + step) - (*this)(offset_Hz - step)) /
                     (2.0 * step);
  }
  /// All offsets o with o - θ R_th P(from + o) = 0, rising.
  std::vector<double> states(double from_Hz) const {
    const double per_W = ring_.medium.shift_Hz_per_W(), range = per_W * most_W_;
    const double fine = ring_.aligned.rates.linewidth_Hz() / 40.0;
    const int steps = static_cast<int>(std::clamp(std::ceil(range / fine), 8.0, 4000.0));
    const auto surplus = [&](double o) { return o - per_W * (*this)(from_Hz + o); };
    std::vector<double> roots;
    double low = 0.0, at_low = surplus(0.0);
    for (int k = 1; k <= steps; ++k) {
      const double high = range * k / steps, at_high = surplus(high);
      if ((at_low < 0.0) != (at_high < 0.0)) {
        std::uintmax_t most = 100;
        const auto [a, b] = boost::math::tools::toms748_solve(
            surplus, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(46), most);
        roots.push_back(0.5 * (a + b));
      }
      low = high;
      at_low = at_high;
    }
    return roots;
  }

 private:
  struct Level {
    double u_V, weight;
    RingRates rates;
    double shift_Hz;
  };
  const HotRing& ring_;
  std::vector<double> power_W_;
  std::vector<Level> level_;
  double most_W_;
  mutable std::vector<double> detuning_Hz_;
};

/// One ring alone with the light that reaches it.
struct Passage {
  RealWave heat_W;
  double mean_heat_W = 0.0;
  HotTrajectory path;
  std::vector<ComplexWave> behind;
};

template <class Wave>
bool is_constant(const Wave& wave) {
  return std::all_of(wave.begin(), wave.end(), [&](const auto& value) { return value == wave.front(); });
}

/// What the stepper would settle on, in closed form.
void pass_at_rest(const HotRing& ring, const Bundle& front, Passage& result) {
  const auto& [aligned, medium, mean_heat_W] = ring;
  const double u = front.lane.front().front();
  const std::vector<ComplexWave>& fields = front.port[0].field;
  RingRates rates = aligned.rates;
  rates.loss_per_s += aligned.law.extra_loss_per_s(u);
  std::vector<double> power_W, detuning_Hz = aligned.detuning_Hz;
  power_W.reserve(fields.size());
  for (const ComplexWave& field : fields) power_W.push_back(std::norm(field.front()));
  for (double& d : detuning_Hz) d -= aligned.law.shift_Hz(u);
  const double energy_J = settled_energy_J(rates, medium, power_W, detuning_Hz),
               pairs = medium.settled_pairs(energy_J);
  const std::size_t samples = front.lane.front().size();
  result.path.trace = {RealWave(samples, energy_J), RealWave(samples, pairs),
                       RealWave(samples, medium.shift_Hz(energy_J, pairs)),
                       RealWave(samples, medium.loss_per_s(energy_J, pairs))};
  rates.loss_per_s += medium.loss_per_s(energy_J, pairs);
  result.behind = fields;
  for (std::size_t c = 0; c < fields.size(); ++c) {
    const Complex response =
        aligned.passing_field *
        port_response(rates, aligned.port, detuning_Hz[c] - medium.shift_Hz(energy_J, pairs));
    for (Complex& a : result.behind[c]) a *= response;
  }
}

Passage pass(const HotRing& ring, const Bundle& front) {
  Passage result;
  if (is_constant(front.lane.front()) &&
      std::all_of(front.port[0].field.begin(), front.port[0].field.end(), is_constant<ComplexWave>)) {
    pass_at_rest(ring, front, result);
  } else {
    Bundle behind;
    result.path = std::move(settled_period({ring}, front, false, &behind).front());
    result.behind = std::move(behind.port[0].field);
  }
  const RingVoltageLaw& law = ring.aligned.law;
  const RealWave& lane = front.lane.front();
  result.heat_W.reserve(lane.size());
  for (std::size_t n = 0; n < lane.size(); ++n) {
    const double u = lane[n];
    result.heat_W.push_back(ring.medium.heat_W(ring.aligned.rates.loss_per_s + law.extra_loss_per_s(u), u,
                                               result.path.trace.energy_J[n], result.path.trace.pairs[n]));
    result.mean_heat_W += result.heat_W.back();
  }
  result.mean_heat_W /= static_cast<double>(lane.size());
  return result;
}

void move(HotRing& ring, double offset_Hz) {
  for (double& d : ring.aligned.detuning_Hz) d += offset_Hz;
}

/// Newton's method for the offset of the stepped pattern, from that of the quasi-static mean.
Passage refine(HotRing& ring, const Bundle& front, const QuasiStatic& mean, double offset_Hz) {
  constexpr int most = 60;
  const double linewidth_Hz = ring.aligned.rates.linewidth_Hz(), per_W = ring.medium.shift_Hz_per_W();
  const HotRing cold = ring;
  double last_Hz = 0.0, last_residual_Hz = 0.0;
  for (int k = 0; k < most; ++k) {
    ring = cold;
    move(ring, offset_Hz);
    Passage passage = pass(ring, front);
    const double residual_Hz = offset_Hz - per_W * passage.mean_heat_W;
    if (std::abs(residual_Hz) <= 1e-7 * linewidth_Hz) return passage;
    double slope = mean.restoring(offset_Hz);
    if (k > 0 && std::abs(offset_Hz - last_Hz) > 1e-6 * linewidth_Hz)
      slope = (residual_Hz - last_residual_Hz) / (offset_Hz - last_Hz);
    last_Hz = offset_Hz;
    last_residual_Hz = residual_Hz;
    // Where nothing restores, heat drifts on to the next state.
    const double step_Hz = std::clamp(residual_Hz / std::max(slope, 0.3), -linewidth_Hz, linewidth_Hz);
    offset_Hz = std::max(offset_Hz - step_Hz, 0.0);
  }
  throw DomainError(fmt::format(
      "ring: its mean temperature does not come to rest within {} trials (last change {:.3g} of "
      "the linewidth); it stands where a thermal state ends, move the detuning or lower the power",
      most, last_residual_Hz / linewidth_Hz));
}

double ripple_Hz(const RingMedium& m, const Passage& p, double dt_s) {
  if (!m.heats()) return 0.0;
  const double decay = std::exp(-dt_s / m.thermal_time_s),
               gain = -m.thermal_resistance_K_per_W * std::expm1(-dt_s / m.thermal_time_s);
  const double over_period = -std::expm1(-dt_s / m.thermal_time_s * static_cast<double>(p.heat_W.size()));
  double temperature = 0.0, largest = 0.0;
  for (int passage = 0; passage < 2; ++passage) {
    for (const double heat : p.heat_W) {
      temperature = decay * temperature + gain * (heat - p.mean_heat_W);
      if (passage == 1) largest = std::max(largest, std::abs(temperature));
    }
    if (passage == 0) temperature /= over_period;  // where the periodic solution begins
  }
  return largest * m.thermal_shift_Hz_per_K;
}

void describe_period(const Bundle& front, const Passage& p, RingHeat& heat) {
  const RingMedium& m = heat.ring.medium;
  const AlignedRing& ring = heat.ring.aligned;
  const RealWave& lane = front.lane.front();
  for (std::size_t n = 0; n < lane.size(); ++n) {
    const double u = lane[n], energy_J = p.path.trace.energy_J[n], pairs = p.path.trace.pairs[n];
    const double current_A = m.photocurrent_A(ring.rates.loss_per_s + ring.law.extra_loss_per_s(u), energy_J);
    heat.current_A += current_A;
    heat.electrical_W += current_A * (m.bias_V + u);
    heat.peak_current_A = std::max(heat.peak_current_A, current_A);
    heat.peak_fast_shift_Hz = std::max(heat.peak_fast_shift_Hz, std::abs(m.shift_Hz(energy_J, pairs)));
    heat.peak_extra_loss_per_s = std::max(heat.peak_extra_loss_per_s, m.loss_per_s(energy_J, pairs));
  }
  heat.current_A /= static_cast<double>(lane.size());
  heat.electrical_W /= static_cast<double>(lane.size());
  heat.ripple_Hz = ripple_Hz(m, p, front.grid.dt_s());
}

}  // namespace

std::vector<RingHeat> ring_heat(std::vector<HotRing> rings, const Bundle& input, DetuningReference reference,
                                ThermalHistory history) {
  std::vector<RingHeat> result;
  result.reserve(rings.size());
  Bundle front = input;
  for (std::size_t i = 0; i < rings.size(); ++i) {
    front.lane = {input.lane[i]};
    HotRing& ring = rings[i];
    const HotRing given = ring;
    const QuasiStatic mean(given, front.port[0].field, front.lane[0]);
    RingHeat heat;
    Passage passage;
    if (!ring.medium.heats()) {
      passage = pass(ring, front);
    } else if (reference == DetuningReference::hot) {
      passage = pass(ring, front);
      const double shift_Hz = ring.medium.shift_Hz_per_W() * mean(0.0);
      heat.states = static_cast<int>(mean.states(-shift_Hz).size());
      heat.restoring = mean.restoring(0.0);
    } else {
      const std::vector<double> states = mean.states(0.0);
      if (states.empty()) throw DomainError("ring: no thermal state found");  // g spans the range
      passage =
          refine(ring, front, mean, history == ThermalHistory::from_blue ? states.back() : states.front());
      heat.offset_Hz = ring.aligned.detuning_Hz[i] - given.aligned.detuning_Hz[i];
      heat.states = static_cast<int>(states.size());
      heat.restoring = mean.restoring(heat.offset_Hz);
    }
    ring.mean_heat_W = passage.mean_heat_W;
    heat.ring = ring;
    heat.temperature_K = ring.medium.thermal_resistance_K_per_W * passage.mean_heat_W;
    heat.thermal_shift_Hz = ring.medium.thermal_shift_Hz_per_K * heat.temperature_K;
    describe_period(front, passage, heat);
    front.port[0].field = std::move(passage.behind);
    result.push_back(std::move(heat));
  }
  return result;
}

std::vector<HotRing> hot_rings(const std::vector<RingHeat>& heat) {
  std::vector<HotRing> rings;
  rings.reserve(heat.size());
  for (const RingHeat& each : heat) rings.push_back(each.ring);
  return rings;
}

}  // namespace photonlink
