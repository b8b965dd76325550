/// Rings in series on one bus that light changes (ring_medium.hpp), stepped for all carriers at once, and
/// their transposed tangent.
///
/// As modulator_bus.hpp, with the stepper of hot_ring_integrator.hpp. The detunings are those at the mean
/// temperature (ring_heat.hpp), where mean_heat_W holds the ring; heat is held there until it is released
/// (SlowState), carriers and mode are always live.
///
/// Tangent: along the periodic solution at held temperature, so for noise above the thermal bandwidth
/// 1/(2πτ_th). Beside what ring_tangent.hpp carries, with q_n = Re Σ_c G_n λ_{n+1} (complex sum Q_n),
///   dy/dU*_n = Re[h (-k - j2πκ) Q_n],   ξ_n = dy/dN_{n+1/2} = Re[h (-ν + j2πφ) Q_n] + e^{-h/τ_c} ξ_{n+1}
///   dy/dU_n  = 3/2 dy/dU*_n - 1/2 dy/dU*_{n+1} + 2 g τ_c (1 - e^{-h/τ_c}) U_n ξ_n
///   λ_n     += 2 a_n* dy/dU_n                              for every carrier.
/// That is for rings whose line the fast effects move or widen by more than 1e-3 of its width; below they are
/// part of the trajectory but not of its derivative, and carriers that nobody observes cost nothing.
/// Verified in tests/devices/hot_ring_tangent_test.cpp against differences of the stepped solution.
#pragma once

#include <memory>
#include <vector>

#include "devices/physics/hot_ring_integrator.hpp"
#include "devices/physics/modulator_bus.hpp"
#include "signal/slow_state.hpp"

namespace photonlink {

struct HotRing {
  AlignedRing aligned;  ///< detuning_Hz at the mean temperature
  RingMedium medium;
  double mean_heat_W = 0.0;  ///< P₀
};

/// One ring over one period.
struct HotTrajectory {
  std::vector<ComplexWave> mode;  ///< (n_carrier, n_sample); empty when not asked for
  HotTrace trace;                 ///< (n_sample)
};

class HotBus {
 public:
  /// Settled on the first sample of `input`.
  HotBus(const std::vector<HotRing>& rings, const Bundle& input);
  /// Replaces the fields, keeps the lanes. @param record (n_ring) with waves of the bundle's length, or
  /// nullptr.
  void advance(Bundle& bundle, std::vector<HotTrajectory>* record = nullptr);
  /// Modes [sqrt(J)] and, of each ring, the root of the energy that made its pairs: not the temperature.
  std::span<const Complex> state() const { return state_; }
  void set_live();
  double temperature_K(int ring) const {
    return integrators_[static_cast<std::size_t>(ring)].temperature_K();
  }

 private:
  void advance_block(Bundle& bundle, int begin, int count, std::vector<HotTrajectory>* record);
  void copy_state();

  std::vector<HotRing> rings_;
  std::vector<HotRingIntegrator> integrators_;
  CarrierBlock block_, mode_;
  RateBlock rate_;
  std::vector<Complex> state_;
};

/// One settled period. @param output when not null: the bundle behind the bus. @throws DomainError when the
/// rings do not settle.
std::vector<HotTrajectory> settled_period(const std::vector<HotRing>& rings, const Bundle& input, bool modes,
                                          Bundle* output = nullptr);

/// As start_bus and bus_tangent.
std::unique_ptr<Stepper> start_hot_bus(const std::vector<HotRing>& rings, const Bundle& input);
std::unique_ptr<Tangent> hot_bus_tangent(const std::vector<HotRing>& rings, const Bundle& input);

}  // namespace photonlink
