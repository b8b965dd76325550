#include "devices/physics/modulator_bus.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "devices/physics/bus_block.hpp"
#include "devices/physics/ring_tangent.hpp"

namespace photonlink {
namespace {

RateBlock rates_of(const RingVoltageLaw& law, std::span<const double> voltage) {
  RateBlock block{std::vector<double>(voltage.size()),
                  std::vector<double>(law.changes_loss() ? voltage.size() : 0)};
  fill_rates(law, voltage, 0.0, block);
  return block;
}

/// Mixes in what a ring at rest does to the carriers that are not its own.
void keep_at_rest(const AlignedRing& ring, CarrierBlock& before, CarrierBlock& after) {
  for (int c = 0; c < after.carriers(); ++c) {
    if (c == ring.own) continue;
    const Complex rest = (1.0 - ring.others_share) * rest_response(ring, c);
    for (int n = 0; n < after.samples(); ++n) {
      const std::size_t k = after.index(c, n);
      const Complex in(before.re(0)[k], before.im(0)[k]);
      after.re(0)[k] = ring.others_share * after.re(0)[k] + rest.real() * in.real() - rest.imag() * in.imag();
      after.im(0)[k] = ring.others_share * after.im(0)[k] + rest.real() * in.imag() + rest.imag() * in.real();
    }
  }
}

/// All rings, all carriers, block by block.
class BusStepper : public TunableStepper {
 public:
  BusStepper(std::vector<AlignedRing> rings, const Bundle& input)
      : rings_(std::move(rings)),
        block_(static_cast<int>(input.carrier_Hz.size()), bus_block_samples),
        mode_(block_),
        before_(block_) {
    std::vector<Complex> field(input.carrier_Hz.size());
    for (std::size_t c = 0; c < field.size(); ++c) field[c] = input.port[0].field[c].front();
    for (std::size_t i = 0; i < rings_.size(); ++i) {
      const AlignedRing& ring = rings_[i];
      integrators_.emplace_back(ring.rates, ring.detuning_Hz, input.grid.dt_s(), ring.passing_field,
                                bus_block_samples, ring.port);
      const double u = input.lane[i].front();
      const std::vector<Complex> front = field;
      integrators_.back().settle(field, ring.law.shift_Hz(u), ring.law.extra_loss_per_s(u));
      for (int c = 0; c < static_cast<int>(field.size()); ++c)
        if (c != ring.own && ring.others_share != 1.0)
          field[c] =
              ring.others_share * field[c] + (1.0 - ring.others_share) * rest_response(ring, c) * front[c];
    }
    rate_.shift_Hz.resize(bus_block_samples);
    if (!rings_.empty() && rings_[0].law.changes_loss()) rate_.extra_loss_per_s.resize(bus_block_samples);
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
    for (int begin = 0; begin < samples; begin += bus_block_samples)
      advance_block(bundle, begin, std::min(bus_block_samples, samples - begin), modes);
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
      fill_rates(rings_[i].law, std::span<const double>(bundle.lane[i]).subspan(begin, count), offset_Hz_[i],
                 rate_);
      if (rings_[i].others_share != 1.0) before_ = block_;
      integrators_[i].step(rate_, block_, modes || watch_ ? &mode_ : nullptr);
      if (rings_[i].others_share != 1.0) keep_at_rest(rings_[i], before_, block_);
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
  CarrierBlock block_, mode_, before_;
  RateBlock rate_;
  std::vector<double> offset_Hz_;  // (n_ring)
  bool watch_ = false;
  Monitors monitors_;
  std::vector<Complex> state_;
};

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
  BusTangent(std::vector<RingTangent> tangents, std::vector<AlignedRing> rings,
             std::vector<ComplexWave> input)
      : rings_(std::move(tangents)), aligned_(std::move(rings)), input_(std::move(input)) {}

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
      if (!mixes(i - 1, c)) continue;
      const double share = aligned_[i - 1].others_share;
      const Complex rest = (1.0 - share) * rest_response(aligned_[i - 1], c);
      for (std::size_t n = 0; n < front[i].size(); ++n)
        front[i][n] = share * front[i][n] + rest * front[i - 1][n];
    }
    for (std::size_t i = rings_.size(); i-- > 0;) {
      if (mixes(i, c))
        pull_back_mixed(i, c, front[i], s);
      else
        rings_[i].pull_back(c, s.begin, front[i], s.port[0][c], s.lane[i]);
    }
  }

  bool mixes(std::size_t ring, int c) const {
    return aligned_[ring].own != c && aligned_[ring].others_share != 1.0;
  }
  void pull_back_mixed(std::size_t i, int c, const ComplexWave& front, Sensitivity& s) const {
    const double share = aligned_[i].others_share;
    const Complex rest = (1.0 - share) * rest_response(aligned_[i], c);
    ComplexWave at_rest = s.port[0][c];
    for (Complex& w : at_rest) w *= rest;
    for (Complex& w : s.port[0][c]) w *= share;
    rings_[i].pull_back(c, s.begin, front, s.port[0][c], s.lane[i]);
    for (std::size_t n = 0; n < at_rest.size(); ++n) s.port[0][c][n] += at_rest[n];
  }

  std::vector<RingTangent> rings_;
  std::vector<AlignedRing> aligned_;
  std::vector<ComplexWave> input_;
};

}  // namespace

Complex rest_response(const AlignedRing& ring, int carrier) {
  return ring.passing_field * port_response(ring.rates, ring.port, ring.detuning_Hz[carrier]);
}

std::unique_ptr<TunableStepper> start_bus(const std::vector<AlignedRing>& rings, const Bundle& input) {
  return std::make_unique<BusStepper>(rings, input);
}

std::unique_ptr<Tangent> bus_tangent(const std::vector<AlignedRing>& rings, const Bundle& input) {
  BusStepper stepper(rings, input);
  std::vector<std::vector<ComplexWave>> modes = settled_modes(stepper, input, rings.size());
  std::vector<RingTangent> tangents;
  for (std::size_t i = 0; i < rings.size(); ++i) {
    const AlignedRing& ring = rings[i];
    RingTangent::Trajectory path{rates_of(ring.law, input.lane[i]), {}, {}, std::move(modes[i])};
    path.shift_slope_Hz_per_V.reserve(input.lane[i].size());
    path.loss_slope_per_s_V.reserve(input.lane[i].size());
    for (double u : input.lane[i]) {
      path.shift_slope_Hz_per_V.push_back(ring.law.shift_slope_Hz_per_V(u));
      path.loss_slope_per_s_V.push_back(ring.law.loss_slope_at(u));
    }
    tangents.emplace_back(ring.rates, ring.detuning_Hz, input.grid.dt_s(), ring.passing_field,
                          std::move(path), ring.port);
  }
  return std::make_unique<BusTangent>(std::move(tangents), rings, input.port[0].field);
}

}  // namespace photonlink
