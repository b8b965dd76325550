#include "devices/physics/delay_bus.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/bus_block.hpp"
#include "devices/physics/ring_delay.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;

void fill(const RingVoltageLaw& law, const double* voltage, int count, RateBlock& rate) {
  rate.shift_Hz.resize(count);
  rate.extra_loss_per_s.resize(count);
  fill_rates(law, {voltage, static_cast<std::size_t>(count)}, 0.0, rate);
}

RingDelay delay_of(const AlignedRing& ring, double fsr_Hz, std::span<const double> detuning_Hz, double dt_s) {
  return {ring.rates, fsr_Hz, detuning_Hz, dt_s, ring.passing_field, bus_block_samples, ring.port};
}

class DelayBusStepper final : public Stepper {
 public:
  DelayBusStepper(std::vector<AlignedRing> rings, double fsr_Hz, const Bundle& input)
      : rings_(std::move(rings)), part_(input.carrier_Hz.size()) {
    std::vector<Complex> field(part_.size());
    for (std::size_t c = 0; c < field.size(); ++c) field[c] = input.port[0].field[c].front();
    for (std::size_t i = 0; i < rings_.size(); ++i) {
      const AlignedRing& ring = rings_[i];
      delays_.push_back(delay_of(ring, fsr_Hz, ring.detuning_Hz, input.grid.dt_s()));
      const RateChange rest = ring.law.change(input.lane[i].front());
      delays_.back().settle(field, rest.resonance_Hz, rest.loss_per_s);
    }
    rate_.shift_Hz.reserve(bus_block_samples);
    rate_.extra_loss_per_s.reserve(bus_block_samples);
    state_.resize(rings_.size() * part_.size());
    copy_state();
  }

  void step(Bundle& bundle) override {
    const int samples = static_cast<int>(bundle.port[0].field[0].size());
    for (int begin = 0; begin < samples; begin += bus_block_samples) {
      const int count = std::min(bus_block_samples, samples - begin);
      for (std::size_t c = 0; c < part_.size(); ++c)
        part_[c] = std::span(bundle.port[0].field[c]).subspan(begin, count);
      for (std::size_t i = 0; i < rings_.size(); ++i) {
        fill(rings_[i].law, bundle.lane[i].data() + begin, count, rate_);
        delays_[i].step(rate_, part_);
      }
    }
    bundle.lane.clear();
    copy_state();
  }
  std::span<const Complex> state() const override { return state_; }

 private:
  void copy_state() {
    std::size_t k = 0;
    for (const RingDelay& ring : delays_)
      for (int c = 0; c < ring.carriers(); ++c) state_[k++] = ring.state(c);
  }

  std::vector<AlignedRing> rings_;
  std::vector<RingDelay> delays_;
  std::vector<std::span<Complex>> part_;
  RateBlock rate_;
  std::vector<Complex> state_;
};

/// Samples after which a ring has forgotten how it began, to 1e-12 of the field.
int forgetting_samples(const AlignedRing& ring, double dt_s) {
  return static_cast<int>(std::ceil(-std::log(1e-12) / (ring.rates.total_per_s() * dt_s))) + 8;
}

/// Weights of a reading, transposed: `value` flows to the points it was read from.
void scatter(const GridDelay& delay, Complex value, long point, std::vector<Complex>& into) {
  for (int i = 0; i < 6; ++i) {
    const long at = point - delay.first - i;
    if (at < 0) return;
    if (delay.weight[i] != 0.0) into[at] += delay.weight[i] * value;
  }
}

/// Sweep of one ring; all vectors per point of the window.
class Sweep {
 public:
  Sweep(const DelayRing& ring, int samples)
      : ring_(ring),
        mode_(static_cast<std::size_t>(samples) * ring.refinement),
        integral_(mode_.size()),
        rate_(mode_.size()) {}

  void run(const RingDelay::Record& record, double direct, std::span<Complex> sensitivity,
           std::span<const Complex> slope_per_s_V, std::span<double> voltage) {
    const int m = ring_.refinement;
    std::vector<Complex> input(sensitivity.size() + 1);
    for (long p = static_cast<long>(mode_.size()) - 1; p >= 0; --p) {
      const long n = p / m;
      const double share = static_cast<double>(p % m + 1) / m;  // of the later sample
      if (p % m == m - 1) {
        const Complex weight = sensitivity[n], out = weight * record.output_factor[n];
        scatter(ring_.output, out, p, mode_);
        add_integral(out * record.output_delayed[n], p, ring_.output.points);
        input[n + 1] += direct * weight;
      }
      const Complex mode = mode_[p], fed = mode * record.factor[p];
      scatter(ring_.trip, fed, p, mode_);
      add_integral(fed * record.delayed[p], p, ring_.trip.points);
      const Complex drive = Complex(0.0, ring_.k1) * mode;
      input[n + 1] += share * drive;
      input[n] += (1.0 - share) * drive;
    }
    std::copy(input.begin() + 1, input.end(), sensitivity.begin());
    collect_rate();
    for (long p = 0; p < static_cast<long>(rate_.size()); ++p) {
      const long n = p / m;
      const double share = static_cast<double>(p % m + 1) / m;
      voltage[n] += share * (slope_per_s_V[n] * rate_[p]).real();
      if (n > 0) voltage[n - 1] += (1.0 - share) * (slope_per_s_V[n - 1] * rate_[p]).real();
    }
  }

 private:
  void add_integral(Complex value, long p, double delay) {
    value *= ring_.step_s;
    integral_[p] += value;
    const double at = static_cast<double>(p) - delay;
    if (at <= -1.0) return;
    const long k = static_cast<long>(std::floor(at));
    const double r = at - static_cast<double>(k);
    if (k >= 0) {
      integral_[k] -= value;
      rate_[k] -= value * (r - 0.5 * r * r);
    }
    rate_[k + 1] -= value * (0.5 * r * r);
  }
  void collect_rate() {
    Complex later = 0.0;
    for (std::size_t p = integral_.size(); p-- > 0;) {
      later += integral_[p];
      rate_[p] += 0.5 * later;
      if (p > 0) rate_[p - 1] += 0.5 * later;
    }
  }

  const DelayRing& ring_;
  std::vector<Complex> mode_, integral_, rate_;
};

class DelayBusTangent final : public Tangent {
 public:
  DelayBusTangent(std::vector<AlignedRing> rings, double fsr_Hz, const Bundle& input)
      : rings_(std::move(rings)),
        fsr_Hz_(fsr_Hz),
        dt_s_(input.grid.dt_s()),
        lane_(input.lane),
        field_(input.port[0].field) {
    for (const AlignedRing& ring : rings_) warm_up_ += forgetting_samples(ring, dt_s_);
  }

  void pull_back(Sensitivity& s) const override {
    s.lane.assign(rings_.size(), RealWave(s.length, 0.0));
    for (std::size_t c = 0; c < s.port[0].size(); ++c)
      if (!s.port[0][c].empty()) pull_back_carrier(c, s);
  }

 private:
  template <class Wave>
  static std::vector<typename Wave::value_type> periodic(const Wave& wave, long begin, long count) {
    const long period = static_cast<long>(wave.size());
    std::vector<typename Wave::value_type> part(static_cast<std::size_t>(count));
    for (long n = 0; n < count; ++n) part[n] = wave[((begin + n) % period + period) % period];
    return part;
  }

  /// Runs the field of one carrier through ring i, sample by sample from `warm_up_` in front of the window;
  /// the window is recorded.
  RingDelay run(std::size_t i, std::size_t c, std::span<const double> voltage, std::vector<Complex>& field,
                RingDelay::Record& record) const {
    RingDelay ring = delay_of(rings_[i], fsr_Hz_, std::span(rings_[i].detuning_Hz).subspan(c, 1), dt_s_);
    const RateChange rest = rings_[i].law.change(voltage[0]);
    ring.settle({field.data(), 1}, rest.resonance_Hz, rest.loss_per_s);
    RateBlock rate;
    const int count = static_cast<int>(field.size());
    for (int begin = 1; begin < count;) {
      // Blocks end where the window begins.
      const int limit = begin < warm_up_ ? warm_up_ : count,
                size = std::min(bus_block_samples, limit - begin);
      fill(rings_[i].law, voltage.data() + begin, size, rate);
      const std::span<Complex> part(field.data() + begin, static_cast<std::size_t>(size));
      ring.step(rate, {&part, 1}, begin < warm_up_ ? nullptr : &record);
      begin += size;
    }
    return ring;
  }

  void pull_back_carrier(std::size_t c, Sensitivity& s) const {
    const long begin = s.begin - warm_up_, count = warm_up_ + s.length;
    std::vector<Complex> field = periodic(field_[c], begin, count);
    std::vector<RingDelay::Record> record(rings_.size());
    std::vector<RingDelay> ring;
    ring.reserve(rings_.size());
    for (std::size_t i = 0; i < rings_.size(); ++i)
      ring.push_back(run(i, c, periodic(lane_[i], begin, count), field, record[i]));
    for (std::size_t i = rings_.size(); i-- > 0;) {
      std::vector<Complex> slope;
      slope.reserve(static_cast<std::size_t>(s.length));
      for (const double u : periodic(lane_[i], s.begin, s.length))
        slope.emplace_back(-rings_[i].law.loss_slope_at(u), 2.0 * pi * rings_[i].law.shift_slope_Hz_per_V(u));
      const DelayRing& shape = ring[i].ring();
      Sweep(shape, static_cast<int>(s.length))
          .run(record[i], rings_[i].passing_field * shape.direct, s.port[0][c], slope, s.lane[i]);
    }
  }

  std::vector<AlignedRing> rings_;
  double fsr_Hz_, dt_s_;
  std::vector<RealWave> lane_;
  std::vector<ComplexWave> field_;
  int warm_up_ = 1;
};

}  // namespace

std::unique_ptr<Stepper> start_delay_bus(const std::vector<AlignedRing>& rings, double fsr_Hz,
                                         const Bundle& input) {
  return std::make_unique<DelayBusStepper>(rings, fsr_Hz, input);
}

std::unique_ptr<Tangent> delay_bus_tangent(const std::vector<AlignedRing>& rings, double fsr_Hz,
                                           const Bundle& input) {
  return std::make_unique<DelayBusTangent>(rings, fsr_Hz, input);
}

}  // namespace photonlink
