#include "devices/physics/hot_bus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "devices/physics/bus_block.hpp"

namespace photonlink {
namespace {

class HotBusStepper final : public Stepper, public SlowState {
 public:
  HotBusStepper(const std::vector<HotRing>& rings, const Bundle& input)
      : begin_(rings, input), bus_(begin_) {}
  void step(Bundle& bundle) override {
    bus_.advance(bundle);
    bundle.lane.clear();
  }
  std::span<const Complex> state() const override { return bus_.state(); }
  void release() override {
    live_ = true;
    bus_.set_live();
  }
  void rewind() override {
    bus_ = begin_;
    if (live_) bus_.set_live();
  }

 private:
  HotBus begin_, bus_;
  bool live_ = false;
};

}  // namespace

HotBus::HotBus(const std::vector<HotRing>& rings, const Bundle& input)
    : rings_(rings), block_(static_cast<int>(input.carrier_Hz.size()), bus_block_samples), mode_(block_) {
  std::vector<Complex> field(input.carrier_Hz.size());
  for (std::size_t c = 0; c < field.size(); ++c) field[c] = input.port[0].field[c].front();
  bool lossy = false;
  integrators_.reserve(rings_.size());
  for (std::size_t i = 0; i < rings_.size(); ++i) {
    const AlignedRing& ring = rings_[i].aligned;
    integrators_.emplace_back(ring.rates, rings_[i].medium, ring.detuning_Hz, input.grid.dt_s(),
                              ring.passing_field, bus_block_samples, ring.port, rings_[i].mean_heat_W);
    const double u = input.lane[i].front();
    integrators_.back().settle(field, ring.law.shift_Hz(u), ring.law.extra_loss_per_s(u), u);
    lossy = lossy || ring.law.changes_loss();
  }
  rate_.shift_Hz.resize(bus_block_samples);
  if (lossy) rate_.extra_loss_per_s.resize(bus_block_samples);
  state_.resize(rings_.size() * (field.size() + 1));
  copy_state();
}

void HotBus::set_live() {
  for (std::size_t i = 0; i < rings_.size(); ++i) integrators_[i].set_live(rings_[i].medium.heats());
}

void HotBus::advance(Bundle& bundle, std::vector<HotTrajectory>* record) {
  const int samples = static_cast<int>(bundle.port[0].field[0].size());
  for (int begin = 0; begin < samples; begin += bus_block_samples)
    advance_block(bundle, begin, std::min(bus_block_samples, samples - begin), record);
  copy_state();
}

void HotBus::advance_block(Bundle& bundle, int begin, int count, std::vector<HotTrajectory>* record) {
  block_.set_samples(count);
  mode_.set_samples(count);
  const auto first = static_cast<std::size_t>(begin), size = static_cast<std::size_t>(count);
  for (int c = 0; c < block_.carriers(); ++c)
    block_.load(c, std::span(bundle.port[0].field[static_cast<std::size_t>(c)]).subspan(first, size));
  for (std::size_t i = 0; i < rings_.size(); ++i) {
    const std::span<const double> u = std::span<const double>(bundle.lane[i]).subspan(first, size);
    fill_rates(rings_[i].aligned.law, u, 0.0, rate_);
    HotTrajectory* path = record ? &(*record)[i] : nullptr;
    const bool modes = path && !path->mode.empty();
    integrators_[i].step(rate_, u, block_, modes ? &mode_ : nullptr);
    if (!path) continue;
    if (modes)
      for (int c = 0; c < mode_.carriers(); ++c)
        mode_.save(c, std::span(path->mode[static_cast<std::size_t>(c)]).subspan(first, size));
    const HotTrace& from = integrators_[i].trace();
    const auto copy = [&](const std::vector<double>& a, std::vector<double>& b) {
      std::copy_n(a.begin(), count, b.begin() + begin);
    };
    copy(from.energy_J, path->trace.energy_J);
    copy(from.pairs, path->trace.pairs);
    copy(from.shift_Hz, path->trace.shift_Hz);
    copy(from.extra_loss_per_s, path->trace.extra_loss_per_s);
  }
  for (int c = 0; c < block_.carriers(); ++c)
    block_.save(c, std::span(bundle.port[0].field[static_cast<std::size_t>(c)]).subspan(first, size));
}

void HotBus::copy_state() {
  std::size_t k = 0;
  for (std::size_t i = 0; i < integrators_.size(); ++i) {
    const HotRingIntegrator& ring = integrators_[i];
    for (int c = 0; c < ring.carriers(); ++c) state_[k++] = ring.state(c);
    const RingMedium& m = rings_[i].medium;
    const double pair_J = m.pairs_per_s_J2 > 0.0 ? 2.0 * m.two_photon_per_s_J / m.pairs_per_s_J2 : 0.0;
    state_[k++] = std::sqrt(ring.pairs() * pair_J);
  }
}

std::vector<HotTrajectory> settled_period(const std::vector<HotRing>& rings, const Bundle& input, bool modes,
                                          Bundle* output) {
  constexpr int most_periods = 1000;
  const std::size_t samples = input.port[0].field[0].size();
  const HotTrace empty{RealWave(samples), RealWave(samples), RealWave(samples), RealWave(samples)};
  std::vector<HotTrajectory> paths(
      rings.size(),
      HotTrajectory{modes ? std::vector<ComplexWave>(input.carrier_Hz.size(), ComplexWave(samples))
                          : std::vector<ComplexWave>{},
                    empty});
  HotBus bus(rings, input);
  for (int period = 0; period < most_periods; ++period) {
    const std::vector<Complex> before(bus.state().begin(), bus.state().end());
    Bundle bundle = input;
    bus.advance(bundle, &paths);
    // Each period begins with the state before: once it repeats, this one was the settled one.
    if (period == 0 || largest_change(bus.state(), before) > 1e-12) continue;
    if (output) *output = std::move(bundle);
    return paths;
  }
  throw DomainError(fmt::format(
      "rings on a bus: light, carriers and modes do not settle within {} periods; they pulsate, or a "
      "longer pattern is needed",
      most_periods));
}

std::unique_ptr<Stepper> start_hot_bus(const std::vector<HotRing>& rings, const Bundle& input) {
  return std::make_unique<HotBusStepper>(rings, input);
}

}  // namespace photonlink
