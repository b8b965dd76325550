#include "solvers/locking/locked_stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace photonlink {
namespace {

constexpr int moves_per_reading = 16;  // heat moves by exponentials in between

class LockedStepper final : public Stepper {
 public:
  LockedStepper(std::unique_ptr<TunableStepper> rings, const LockingParameters& parameters,
                const LockPlant& plant, double dt_s, std::shared_ptr<LockTrace> trace)
      : rings_(std::move(rings)),
        monitor_(parameters.monitor),
        loop_(parameters, plant),
        dt_s_(dt_s),
        samples_per_move_(std::max(1L, std::lround(parameters.averaging_time_s / dt_s / moves_per_reading))),
        sum_(static_cast<std::size_t>(loop_.rings()), 0.0),
        trace_(std::move(trace)) {
    rings_->monitors();
  }

  void step(Bundle& bundle) override {
    const long samples = static_cast<long>(bundle.port[0].field[0].size());
    for (long begin = 0; begin < samples;) {
      const long count = std::min(samples - begin, samples_per_move_ - in_move_);
      run(bundle, begin, count);
      begin += count;
    }
    bundle.lane.clear();
  }
  std::span<const Complex> state() const override { return rings_->state(); }

 private:
  // The part of the block up to the loop's next instant.
  void run(Bundle& bundle, long begin, long count) {
    if (in_move_ == 0) {
      loop_.advance(0.5 * dt_s_ * static_cast<double>(samples_per_move_));
      rings_->set_offsets_Hz(loop_.offset_Hz());
    }
    cut(bundle, begin, count);
    rings_->step(part_);
    for (std::size_t c = 0; c < bundle.carrier_Hz.size(); ++c)
      std::copy(part_.port[0].field[c].begin(), part_.port[0].field[c].end(),
                bundle.port[0].field[c].begin() + begin);
    const std::vector<double> reading = monitor_reading(monitor_, rings_->monitors());
    for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += reading[i] * static_cast<double>(count);
    in_move_ += count;
    if (in_move_ < samples_per_move_) return;
    loop_.advance(0.5 * dt_s_ * static_cast<double>(samples_per_move_));
    in_move_ = 0;
    if (++moves_ % moves_per_reading == 0) act();
  }

  void cut(const Bundle& bundle, long begin, long count) {
    part_.grid = bundle.grid;
    part_.full_scale_Vpp = bundle.full_scale_Vpp;
    part_.carrier_Hz = bundle.carrier_Hz;
    part_.port.resize(1);
    part_.port[0].field.resize(bundle.carrier_Hz.size());
    part_.lane.resize(bundle.lane.size());
    for (std::size_t c = 0; c < bundle.carrier_Hz.size(); ++c) {
      const auto first = bundle.port[0].field[c].begin() + begin;
      part_.port[0].field[c].assign(first, first + count);
    }
    for (std::size_t l = 0; l < bundle.lane.size(); ++l)
      part_.lane[l].assign(bundle.lane[l].begin() + begin, bundle.lane[l].begin() + begin + count);
  }

  void act() {
    const double samples = static_cast<double>(samples_per_move_) * moves_per_reading;
    for (double& each : sum_) each /= samples;
    trace_->time_s.push_back(loop_.time_s());
    trace_->offset_Hz.emplace_back(loop_.offset_Hz().begin(), loop_.offset_Hz().end());
    trace_->reading.push_back(sum_);
    loop_.act(sum_);
    std::fill(sum_.begin(), sum_.end(), 0.0);
  }

  std::unique_ptr<TunableStepper> rings_;
  std::string monitor_;
  LockLoop loop_;
  double dt_s_;
  long samples_per_move_, in_move_ = 0, moves_ = 0;
  std::vector<double> sum_;
  Bundle part_;
  std::shared_ptr<LockTrace> trace_;
};

}  // namespace

std::vector<double> monitor_reading(const std::string& monitor, const TunableStepper::Monitors& monitors) {
  return monitor == "output" ? monitors.output_W : monitors.energy_J;
}

LockedStage::LockedStage(std::shared_ptr<const Stage> inner, LockingParameters parameters, LockPlant plant,
                         std::shared_ptr<LockTrace> trace)
    : Stage(inner->name()),
      inner_(std::move(inner)),
      p_(std::move(parameters)),
      plant_(std::move(plant)),
      trace_(std::move(trace)) {}

std::unique_ptr<Stepper> LockedStage::start(const Bundle& input) const {
  std::unique_ptr<Stepper> stepper = inner_->start(input);
  auto* rings = dynamic_cast<TunableStepper*>(stepper.get());
  if (rings == nullptr)
    throw ConfigError(fmt::format("{}: a stream locks rings of a microring_modulator only", name()));
  std::unique_ptr<TunableStepper> same(rings);
  static_cast<void>(stepper.release());  // `same` owns it now
  return std::make_unique<LockedStepper>(std::move(same), p_, plant_, input.grid.dt_s(), trace_);
}

}  // namespace photonlink
