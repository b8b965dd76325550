#include "devices/physics/modulator_bus.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "devices/physics/ring_tangent.hpp"

namespace photonlink {
namespace {

constexpr int block_samples = 128;  // carriers of one block stay in the first-level cache

RateBlock rates_of(const RingVoltageLaw& law, std::span<const double> voltage) {
  RateBlock block{std::vector<double>(voltage.size()), {}};
  for (std::size_t n = 0; n < voltage.size(); ++n) block.shift_Hz[n] = law.shift_Hz(voltage[n]);
  if (law.loss_slope_per_s_V != 0.0)
    for (double u : voltage) block.extra_loss_per_s.push_back(law.extra_loss_per_s(u));
  return block;
}

/// All rings, all carriers, block by block.
class BusStepper : public TunableStepper {
 public:
  BusStepper(std::vector<AlignedRing> rings, const Bundle& input)
      : rings_(std::move(rings)),
        block_(static_cast<int>(input.carrier_Hz.size()), block_samples),
        mode_(block_) {
    std::vector<Complex> field(input.carrier_Hz.size());
    for (std::size_t c = 0; c < field.size(); ++c) field[c] = input.port[0].field[c].front();
    for (std::size_t i = 0; i < rings_.size(); ++i) {
      const AlignedRing& ring = rings_[i];
      integrators_.emplace_back(ring.rates, ring.detuning_Hz, input.grid.dt_s(), ring.passing_field,
                                block_samples, ring.port);
      const double u = input.lane[i].front();
      integrators_.back().settle(field, ring.law.shift_Hz(u), ring.law.extra_loss_per_s(u));
    }
    rate_.shift_Hz.resize(block_samples);
    if (!rings_.empty() && rings_[0].law.loss_slope_per_s_V != 0.0)
      rate_.extra_loss_per_s.resize(block_samples);
    offset_Hz_.assign(rings_.size(), 0.0);
    state_.resize(rings_.size() * field.size());
    copy_state();
  }

  void step(Bundle& bundle) override {
    advance(bundle, nullptr);
    bundle.lane.clear();
  }
  std::span<const Complex> state() const override { return state_; }
  void set_offsets_Hz(std::span<const double> offset_Hz) override {
    std::copy(offset_Hz.begin(), offset_Hz.end(), offset_Hz_.begin());
  }
  const Monitors& monitors() override {
    watch_ = true;
    return monitors_;
  }

  /// Replaces the fields, keeps the lanes. @param modes (n_ring, n_carrier, n_sample) to be filled, or
  /// nullptr.
  void advance(Bundle& bundle, std::vector<std::vector<ComplexWave>>* modes) {
    const int samples = static_cast<int>(bundle.port[0].field[0].size());
    if (watch_) monitors_.energy_J.assign(rings_.size(), 0.0);
    for (int begin = 0; begin < samples; begin += block_samples)
      advance_block(bundle, begin, std::min(block_samples, samples - begin), modes);
    if (watch_) read_monitors(bundle, samples);
    copy_state();
  }

 private:
  void advance_block(Bundle& bundle, int begin, int count, std::vector<std::vector<ComplexWave>>* modes) {
    block_.set_samples(count);
    mode_.set_samples(count);
    const auto part = [&](ComplexWave& wave) { return std::span(wave).subspan(begin, count); };
    for (int c = 0; c < block_.carriers(); ++c) block_.load(c, part(bundle.port[0].field[c]));
    for (std::size_t i = 0; i < rings_.size(); ++i) {
      const RingVoltageLaw& law = rings_[i].law;
      const double* u = bundle.lane[i].data() + begin;
      const double offset_Hz = offset_Hz_[i];
      for (int n = 0; n < count; ++n) rate_.shift_Hz[n] = law.shift_Hz(u[n]) + offset_Hz;
      if (!rate_.extra_loss_per_s.empty())
        for (int n = 0; n < count; ++n) rate_.extra_loss_per_s[n] = law.extra_loss_per_s(u[n]);
      integrators_[i].step(rate_, block_, modes || watch_ ? &mode_ : nullptr);
      if (watch_) monitors_.energy_J[i] += mode_energy(static_cast<int>(i), count);
      if (modes)
        for (int c = 0; c < mode_.carriers(); ++c) mode_.save(c, part((*modes)[i][c]));
    }
    for (int c = 0; c < block_.carriers(); ++c) block_.save(c, part(bundle.port[0].field[c]));
  }
  /// Sum over the samples of the block of the energy of one carrier.
  double mode_energy(int carrier, int count) {
    const double *re = mode_.re(carrier / mode_.width()), *im = mode_.im(carrier / mode_.width());
    double sum = 0.0;
    for (long n = 0, at = carrier % mode_.width(); n < count; ++n, at += mode_.width())
      sum += re[at] * re[at] + im[at] * im[at];
    return sum;
  }
  void read_monitors(const Bundle& bundle, int samples) {
    monitors_.output_W.assign(rings_.size(), 0.0);
    for (std::size_t i = 0; i < rings_.size(); ++i) {
      monitors_.energy_J[i] /= samples;
      for (const Complex& a : bundle.port[0].field[i]) monitors_.output_W[i] += std::norm(a) / samples;
    }
  }
  void copy_state() {
    std::size_t k = 0;
    for (const RingIntegrator& ring : integrators_)
      for (int c = 0; c < ring.carriers(); ++c) state_[k++] = ring.state(c);
  }

  std::vector<AlignedRing> rings_;
  std::vector<RingIntegrator> integrators_;
  CarrierBlock block_, mode_;
  RateBlock rate_;
  std::vector<double> offset_Hz_;  // (n_ring)
  bool watch_ = false;
  Monitors monitors_;
  std::vector<Complex> state_;
};

double largest_change(std::span<const Complex> now, const std::vector<Complex>& before) {
  double change = 0.0, size = 0.0;
  for (std::size_t k = 0; k < now.size(); ++k) {
    change = std::max(change, std::abs(now[k] - before[k]));
    size = std::max(size, std::abs(now[k]));
  }
  return size > 0.0 ? change / size : 0.0;
}

/// Modes of all rings over one settled period.
std::vector<std::vector<ComplexWave>> settled_modes(BusStepper& stepper, const Bundle& input,
                                                    std::size_t rings) {
  constexpr int most_periods = 200;
  for (int period = 0; period < most_periods; ++period) {
    const std::vector<Complex> before(stepper.state().begin(), stepper.state().end());
    Bundle bundle = input;
    stepper.advance(bundle, nullptr);
    if (period == 0 || largest_change(stepper.state(), before) > 1e-12) continue;
    std::vector<std::vector<ComplexWave>> modes(
        rings, std::vector<ComplexWave>(input.carrier_Hz.size(), ComplexWave(input.port[0].field[0].size())));
    bundle = input;
    stepper.advance(bundle, &modes);
    return modes;
  }
  throw DomainError(fmt::format(
      "rings on a bus: the modes do not settle within {} periods; use a longer pattern", most_periods));
}

class BusTangent : public Tangent {
 public:
  BusTangent(std::vector<RingTangent> rings, std::vector<ComplexWave> input)
      : rings_(std::move(rings)), input_(std::move(input)) {}

  void pull_back(Sensitivity& s) const override {
    s.lane.assign(rings_.size(), RealWave(s.length, 0.0));
    for (std::size_t c = 0; c < s.port[0].size(); ++c)
      if (!s.port[0][c].empty()) pull_back_carrier(static_cast<int>(c), s);
  }

 private:
  void pull_back_carrier(int c, Sensitivity& s) const {
    // Fields in front of each ring, one sample earlier than the window because a step starts there.
    const long period = static_cast<long>(input_[c].size());
    std::vector<ComplexWave> front(rings_.size(), ComplexWave(s.length + 1));
    for (int n = 0; n <= s.length; ++n)
      front[0][n] = input_[c][((s.begin - 1 + n) % period + period) % period];
    for (std::size_t i = 1; i < rings_.size(); ++i) {
      front[i] = front[i - 1];
      rings_[i - 1].pass(c, s.begin - 1, front[i]);
    }
    for (std::size_t i = rings_.size(); i-- > 0;)
      rings_[i].pull_back(c, s.begin, front[i], s.port[0][c], s.lane[i]);
  }

  std::vector<RingTangent> rings_;
  std::vector<ComplexWave> input_;
};

}  // namespace

std::unique_ptr<TunableStepper> start_bus(const std::vector<AlignedRing>& rings, const Bundle& input) {
  return std::make_unique<BusStepper>(rings, input);
}

std::unique_ptr<Tangent> bus_tangent(const std::vector<AlignedRing>& rings, const Bundle& input) {
  BusStepper stepper(rings, input);
  std::vector<std::vector<ComplexWave>> modes = settled_modes(stepper, input, rings.size());
  std::vector<RingTangent> tangents;
  for (std::size_t i = 0; i < rings.size(); ++i) {
    const AlignedRing& ring = rings[i];
    RingTangent::Trajectory path{
        rates_of(ring.law, input.lane[i]), {}, ring.law.loss_slope_per_s_V, std::move(modes[i])};
    for (double u : input.lane[i]) path.shift_slope_Hz_per_V.push_back(ring.law.shift_slope_Hz_per_V(u));
    tangents.emplace_back(ring.rates, ring.detuning_Hz, input.grid.dt_s(), ring.passing_field,
                          std::move(path), ring.port);
  }
  return std::make_unique<BusTangent>(std::move(tangents), input.port[0].field);
}

}  // namespace photonlink
