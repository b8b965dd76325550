#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/hot_bus.hpp"
#include "devices/physics/ring_linearised.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;
/// Of the linewidth; below, the derivative of the fast effects is left out of the tangent, which is then that
/// of a linear ring along the bent trajectory.
constexpr double negligible = 1e-3;

/// One ring along its periodic trajectory.
class HotRingTangent {
 public:
  HotRingTangent(const HotRing& ring, const RealWave& lane, double dt_s, HotTrajectory path)
      : ring_(ring),
        dt_s_(dt_s),
        direct_(ring.aligned.passing_field * port_coupling(ring.aligned.rates, ring.aligned.port).direct),
        mode_gain_(ring.aligned.passing_field *
                   port_coupling(ring.aligned.rates, ring.aligned.port).mode_per_sqrt_s),
        lane_(lane),
        path_(std::move(path)) {
    const RingRates& rates = ring.aligned.rates;
    double shift_Hz = 0.0, loss_per_s = 0.0;
    for (const double each : path_.trace.shift_Hz) shift_Hz = std::max(shift_Hz, std::abs(each));
    for (const double each : path_.trace.extra_loss_per_s) loss_per_s = std::max(loss_per_s, each);
    coupled_ = shift_Hz > negligible * rates.linewidth_Hz() || loss_per_s > negligible * rates.total_per_s();
  }
  /// A change of the energy changes the rate noticeably, and so every carrier by any other.
  bool coupled() const { return coupled_; }

  /// Replaces a window of the input field of `carrier` by that behind the ring.
  void pass(std::size_t carrier, long begin, ComplexWave& field) const {
    for (std::size_t n = 0; n < field.size(); ++n) {
      const Complex a = path_.mode[carrier][at(begin + static_cast<long>(n))];
      field[n] = direct_ * field[n] + Complex(-mode_gain_ * a.imag(), mode_gain_ * a.real());
    }
  }

  /// @param carrier whose weights are not empty, (n_active). @param front (n_active, length + 1) from sample
  /// begin - 1 on. @param weight (n_carrier, length): those behind the ring on entry, in front of it on
  /// return.
  /// @param voltage (length): added to.
  void pull_back(long begin, const std::vector<std::size_t>& carrier, const std::vector<ComplexWave>& front,
                 std::vector<ComplexWave>& weight, RealWave& voltage) const {
    const int length = static_cast<int>(voltage.size());
    const std::size_t carriers = carrier.size();
    std::vector<LinearSteps> steps;
    steps.reserve(carriers);
    for (std::size_t c = 0; c < carriers; ++c) steps.push_back(linearised(carrier[c], begin, front[c]));
    const RingMedium& m = ring_.medium;
    const Complex by_energy(-m.two_photon_per_s_J * dt_s_, -2.0 * pi * m.kerr_Hz_per_J * dt_s_);
    const Complex by_pairs(-m.carrier_loss_per_s * dt_s_, 2.0 * pi * m.carrier_shift_Hz * dt_s_);
    const double x = m.carrier_lifetime_s > 0.0 ? -dt_s_ / m.carrier_lifetime_s : 0.0;
    const double decay = std::exp(x), gain = -m.pairs_per_s_J2 * m.carrier_lifetime_s * std::expm1(x);

    // Of the step behind (i + 1) and the one behind that.
    std::vector<Complex> decayed(carriers, 0.0), driven(carriers, 0.0);
    Complex rate_later = 0.0;
    double energy_1 = 0.0, energy_2 = 0.0, pairs_1 = 0.0;  // dy/dU*_{i+1}, dy/dU*_{i+2}, ξ_{i+1}
    for (int i = length - 1; i >= 0; --i) {
      const std::size_t n = at(begin + i), w = static_cast<std::size_t>(i);
      const double by_sample =
          coupled_ ? 1.5 * energy_1 - 0.5 * energy_2 + 2.0 * gain * path_.trace.energy_J[n] * pairs_1 : 0.0;
      Complex rate = 0.0;
      for (std::size_t c = 0; c < carriers; ++c) {
        const Complex out = weight[carrier[c]][w];
        const Complex later = Complex(-mode_gain_ * out.imag(), mode_gain_ * out.real()) + decayed[c] +
                              2.0 * by_sample * std::conj(path_.mode[carrier[c]][n]);
        rate += plain_product(steps[c].from_rate[i], later);
        weight[carrier[c]][w] = direct_ * out + driven[c] + plain_product(steps[c].from_next[i], later);
        driven[c] = plain_product(steps[c].from_now[i], later);
        decayed[c] = plain_product(steps[c].decay[i], later);
      }
      const RingVoltageLaw& law = ring_.aligned.law;
      const Complex slope(-law.loss_slope_at(lane_[n]), 2.0 * pi * law.shift_slope_Hz_per_V(lane_[n]));
      voltage[w] += 0.5 * dt_s_ * plain_product(slope, rate + rate_later).real();
      rate_later = rate;
      energy_2 = energy_1;
      energy_1 = plain_product(by_energy, rate).real();
      pairs_1 = plain_product(by_pairs, rate).real() + decay * pairs_1;
    }
  }

 private:
  std::size_t at(long sample) const {
    return static_cast<std::size_t>(photonlink::wrap(sample, static_cast<long>(lane_.size())));
  }

  LinearSteps linearised(std::size_t carrier, long begin, const ComplexWave& front) const {
    const int length = static_cast<int>(front.size()) - 1;
    const RingVoltageLaw& law = ring_.aligned.law;
    PackedWave z(length), mode(length), field(length + 1);
    for (int i = 0; i < length; ++i) {  // step i ends at sample begin + i
      const std::size_t from = at(begin + i - 1), to = at(begin + i);
      const double u = lane_[from], v = lane_[to];
      const double shift = 0.5 * (law.shift_Hz(u) + law.shift_Hz(v)) + path_.trace.shift_Hz[to];
      const double loss = ring_.aligned.rates.total_per_s() +
                          0.5 * (law.extra_loss_per_s(u) + law.extra_loss_per_s(v)) +
                          path_.trace.extra_loss_per_s[to];
      z.set(i, {-dt_s_ * loss, 2.0 * pi * dt_s_ * (shift - ring_.aligned.detuning_Hz[carrier])});
      mode.set(i, path_.mode[carrier][from]);
    }
    for (int i = 0; i <= length; ++i) field.set(i, front[static_cast<std::size_t>(i)]);
    return linearise_steps(z, mode, field, dt_s_ * std::sqrt(2.0 * ring_.aligned.rates.bus_per_s), length);
  }

  HotRing ring_;
  double dt_s_, direct_, mode_gain_;  // h, ρd, ρ|χ|
  bool coupled_ = false;
  RealWave lane_;
  HotTrajectory path_;
};

class HotBusTangent final : public Tangent {
 public:
  HotBusTangent(std::vector<HotRingTangent> rings, std::vector<ComplexWave> input)
      : rings_(std::move(rings)), input_(std::move(input)) {}

  void pull_back(Sensitivity& s) const override {
    const auto length = static_cast<std::size_t>(s.length);
    s.lane.assign(rings_.size(), RealWave(length, 0.0));
    auto& weight = s.port[0];
    weight.resize(input_.size());
    if (std::any_of(rings_.begin(), rings_.end(), [](const HotRingTangent& ring) { return ring.coupled(); }))
      for (ComplexWave& each : weight)  // what others do to the energy comes from every carrier
        if (each.empty()) each.assign(length, 0.0);
    std::vector<std::size_t> carrier;
    for (std::size_t c = 0; c < weight.size(); ++c)
      if (!weight[c].empty()) carrier.push_back(c);
    std::vector<std::vector<ComplexWave>> front(rings_.size());
    for (const std::size_t c : carrier) front[0].push_back(window(c, s.begin - 1, length + 1));
    for (std::size_t i = 1; i < rings_.size(); ++i) {
      front[i] = front[i - 1];
      for (std::size_t k = 0; k < carrier.size(); ++k)
        rings_[i - 1].pass(carrier[k], s.begin - 1, front[i][k]);
    }
    for (std::size_t i = rings_.size(); i-- > 0;)
      rings_[i].pull_back(s.begin, carrier, front[i], weight, s.lane[i]);
  }

 private:
  ComplexWave window(std::size_t carrier, long begin, std::size_t length) const {
    const ComplexWave& input = input_[carrier];
    ComplexWave result(length);
    for (std::size_t n = 0; n < length; ++n)
      result[n] = input[static_cast<std::size_t>(
          photonlink::wrap(begin + static_cast<long>(n), static_cast<long>(input.size())))];
    return result;
  }

  std::vector<HotRingTangent> rings_;
  std::vector<ComplexWave> input_;
};

}  // namespace

std::unique_ptr<Tangent> hot_bus_tangent(const std::vector<HotRing>& rings, const Bundle& input) {
  std::vector<HotTrajectory> paths = settled_period(rings, input, true);
  std::vector<HotRingTangent> tangents;
  tangents.reserve(rings.size());
  for (std::size_t i = 0; i < rings.size(); ++i)
    tangents.emplace_back(rings[i], input.lane[i], input.grid.dt_s(), std::move(paths[i]));
  return std::make_unique<HotBusTangent>(std::move(tangents), input.port[0].field);
}

}  // namespace photonlink
