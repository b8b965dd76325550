/// A ring modulator with its locking loop inside: for streams, where the loop runs beside the live rings.
///
/// All that the modulator answers is passed on. Its stepper cuts each block at the loop's instants: heat and
/// ambient move the rings, the rings run on the light and the drive that arrive, noise included, their
/// monitors are averaged over the averaging time, the loop acts (solvers/locking/lock_loop.hpp).
///
/// Heat of milliseconds does not fit into a stream. The loop depends on T·B, ΔT and T over the ramp time
/// only: a loop and a heater A times faster on a ramp A times steeper move the same way per reading, and only
/// the patterns that a reading averages become shorter.
///
/// Verified in tests/solvers/locked_stage_test.cpp: residual offsets of the stream against lock_ramp.hpp.
#pragma once

#include <memory>

#include "devices/physics/modulator_bus.hpp"
#include "signal/stage.hpp"
#include "solvers/locking/lock_loop.hpp"

namespace photonlink {

/// What the loop did, one entry per reading.
struct LockTrace {
  std::vector<double> time_s;
  std::vector<std::vector<double>> offset_Hz;  ///< (n_reading, n_ring), at its end
  std::vector<std::vector<double>> reading;    ///< (n_reading, n_ring), without noise of the monitor
};

/// What a monitor reads in the unit of the tables, of each ring.
std::vector<double> monitor_reading(const std::string& monitor, const TunableStepper::Monitors& monitors);

class LockedStage final : public Stage {
 public:
  /// @param inner steps as a TunableStepper; `trace` is filled by the steppers that are started, one at a
  /// time. @throws ConfigError as LockLoop when a stepper starts.
  LockedStage(std::shared_ptr<const Stage> inner, LockingParameters parameters, LockPlant plant,
              std::shared_ptr<LockTrace> trace);

  std::optional<std::vector<Abcd>> two_port(std::span<const double> frequency_Hz,
                                            int aggressor) const override {
    return inner_->two_port(frequency_Hz, aggressor);
  }
  std::vector<Aggressor> aggressors() const override { return inner_->aggressors(); }
  std::optional<LoadEnd> load_end(std::span<const double> frequency_Hz) const override {
    return inner_->load_end(frequency_Hz);
  }
  std::optional<SourceEnd> source_end(std::span<const double> frequency_Hz) const override {
    return inner_->source_end(frequency_Hz);
  }
  bool has_core() const override { return inner_->has_core(); }
  /// @throws ConfigError unless the stage's rings can be moved.
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override { return inner_->tangent(input); }
  double core_memory_s() const override { return inner_->core_memory_s(); }
  std::vector<NoiseTerm> noise(const Bundle& output) const override { return inner_->noise(output); }
  std::vector<NoiseTerm> input_noise(const Bundle& output, const SourceAdmittance& driver) const override {
    return inner_->input_noise(output, driver);
  }
  const ModulatorCurves* modulator_curves() const override { return inner_->modulator_curves(); }
  void multiply_electrical(std::span<const double> frequency_Hz, std::span<Complex> response) const override {
    inner_->multiply_electrical(frequency_Hz, response);
  }
  int fan_out() const override { return inner_->fan_out(); }
  void multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                        std::span<Complex> response) const override {
    inner_->multiply_optical(out_port, carrier_Hz, offset_Hz, response);
  }
  void ledger(const Bundle& input, Ledger& ledger) const override { inner_->ledger(input, ledger); }
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override {
    inner_->validity(input, warnings);
  }

 private:
  std::shared_ptr<const Stage> inner_;
  LockingParameters p_;
  LockPlant plant_;
  std::shared_ptr<LockTrace> trace_;
};

}  // namespace photonlink
