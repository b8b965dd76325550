/// Wavelength locking of rings: monitors, an integrating controller, the DACs of the heaters, heat, ambient.
///
/// Offset of ring i, its resonance minus the wanted one (positive: too blue, heat is missing):
///   o_i(t) = s_0 - Σ_j M_ij h_j(t) - (f_i²/c) (dλ/dT) ΔT(t),      dh_j/dt = 2πB (η P(code_j) f_j²/c - h_j),
/// s_0 the red shift wanted at the start, M the heat of neighbours, P(code) of devices/physics/heater.hpp, ΔT
/// a ramp. At the start the loop has acquired: h = M⁻¹ s_0, not yet rounded to codes.
///
/// Each averaging time T gives one reading y_i per ring, relative to the largest that its monitor sees, with
/// normal noise and the steps of an ADC. The controller keeps a command u_i in units of shift, which the DAC
/// rounds to the nearest code, and acts
///   set_point   after every reading:   u += g (y - y(0)) / y'(0)
///   dither      after every second:    u += g ((y₊ - y₋) - G(0)) / G'(0),   G(o) = y(o - d) - y(o + d)
/// with y(o) the reading against the offset, and y± with the heater at u ± dither. What of the dither reaches
/// the ring on average over a half period T, d = dither · (1 - (2/ωT) tanh(ωT/2)), ω = 2πB, follows from the
/// pole. At a maximum of y the first has no slope, at an inflection the second none: refused.
///
/// With a = 1 - exp(-ωT) and b = 1 - a/ωT the set-point loop has the matrix [1-a, a; -g(1-b), 1-gb] per
/// reading: stable for g < 2 at any bandwidth.
/// Between two codes the integrator hunts: offsets a·step and (a - 1)·step in shares that average to zero,
/// rms step/√6 over a drift.
///
/// Validity: acquisition and loss of lock to another resonance order are not modelled; neighbours' heat acts
/// with the same pole as the own. Verified in tests/solvers/lock_loop_test.cpp (closed forms of the loop's
/// step, ramp and noise) and tests/solvers/locked_stage_test.cpp (live rings).
#pragma once

#include <span>
#include <vector>

#include "core/random.hpp"
#include "devices/physics/heater.hpp"
#include "devices/physics/thermal_crosstalk.hpp"
#include "solvers/locking/locking_parameters.hpp"
#include "solvers/locking/offset_curve.hpp"

namespace photonlink {

/// What the loop stands on.
struct LockPlant {
  Heater heater;
  Eigen::MatrixXd crosstalk;         ///< M (n_ring, n_ring)
  double bandwidth_Hz = 0.0;         ///< B
  std::vector<double> carrier_Hz;    ///< (n_ring)
  double thermal_shift_m_per_K = 0;  ///< dλ/dT
  double start_shift_Hz = 0.0;       ///< s_0
  double linewidth_Hz = 0.0;         ///< of the resonance: what slopes are compared with
  std::vector<OffsetCurve> reading;  ///< (n_ring), y against o
};

class LockLoop {
 public:
  /// @throws ConfigError when the monitor has no slope for the method at the wanted wavelength, or the
  /// heaters do not reach the start.
  LockLoop(const LockingParameters& parameters, LockPlant plant);

  int rings() const { return static_cast<int>(plant_.carrier_Hz.size()); }
  const LockPlant& plant() const { return plant_; }
  double time_s() const { return time_s_; }
  double temperature_K() const;  ///< ΔT
  std::span<const double> offset_Hz() const { return offset_Hz_; }
  double heater_W() const;  ///< drawn by the drivers of all rings
  /// Rings whose command stands at an end of the heater's range.
  int at_limit() const;

  /// Heat and ambient go on, codes stay.
  void advance(double duration_s);
  /// One reading of each ring without noise, mean over the averaging time; then the loop acts.
  void act(std::span<const double> reading);

 private:
  void find_set_points();
  void set_codes();
  void find_offsets();
  double range_Hz(std::size_t ring) const;
  double converted(std::size_t ring, double reading) const;

  LockingParameters p_;
  LockPlant plant_;
  std::vector<double> set_point_, slope_per_Hz_;  // (n_ring): y(0) and y'(0), or G(0) and G'(0)
  std::vector<double> per_kelvin_Hz_;             // (n_ring)
  Eigen::VectorXd command_Hz_, target_Hz_, heat_Hz_;
  std::vector<double> power_W_;                           // (n_ring), of the codes
  std::vector<double> offset_Hz_, last_reading_, draws_;  // (n_ring)
  double time_s_ = 0.0;
  long readings_ = 0;
  RandomStream noise_;
};

/// Share of a square dither's amplitude that one half period sees on average behind a pole.
double dither_share(double bandwidth_Hz, double half_period_s);

}  // namespace photonlink
