/// Time stepper of one ring that light changes (ring_medium.hpp), seen by many carriers at once.
///
/// The scheme of ring_integrator.hpp; the part of the rate that follows the light is frozen at the middle of
/// the step as the rest is. With U_n at the samples, pairs N and temperature T half a step in between,
///   N_{n+1/2} = e^{-h/τ_c} N_{n-1/2} + g τ_c (1 - e^{-h/τ_c}) U_n²
///   T_{n+1/2} = e^{-h/τ_th} T_{n-1/2} + R_th (1 - e^{-h/τ_th}) (P_heat,n - P₀)
///   w_n = h [ j2π(-κ U* + φ N - θ T) - (k U* + ν N) ],   U* = (3 U_n - U_{n-1})/2
/// is added to z_n. Every part is of second order and explicit; what is stiff (the mode, the carriers) decays
/// exactly, so the step is stable while the light bends the resonance by less than 1/h.
///
/// T is the difference to the temperature at which the ring's detuning holds, which P₀ keeps up; unless the
/// heat is live it stays 0.
///
/// Per sample and ring one complex exponential more than a linear ring: by its series to sixth order where
/// |w| < 0.016 (next term 5e-17), else by the library. step() allocates nothing.
/// Verified in tests/devices/physics/hot_ring_integrator_test.cpp: Odeint, order of convergence, closed
/// forms.
#pragma once

#include <span>
#include <vector>

#include "devices/physics/carrier_block.hpp"
#include "devices/physics/ring.hpp"
#include "devices/physics/ring_integrator.hpp"
#include "devices/physics/ring_medium.hpp"

namespace photonlink {

/// What the last block went through, one value per sample n of the block (behind step n).
struct HotTrace {
  std::vector<double> energy_J;          ///< U_n
  std::vector<double> pairs;             ///< N at n, mean of both sides
  std::vector<double> shift_Hz;          ///< middle of the step that ends at n: -κU* + φN - θT
  std::vector<double> extra_loss_per_s;  ///< the same: kU* + νN
};

class HotRingIntegrator {
 public:
  /// Arguments as RingIntegrator's; `detuning_Hz` are those at T = 0. @param mean_heat_W P₀
  HotRingIntegrator(const RingRates& rates, const RingMedium& medium, std::span<const double> detuning_Hz,
                    double dt_s, double passing_field, int capacity, RingPort port, double mean_heat_W);

  /// Settles the fast states on constant input, voltage u and T = 0. On return `field` holds the fields
  /// behind the ring.
  void settle(std::span<Complex> field, double shift_Hz, double extra_loss_per_s, double u_V);
  /// As RingIntegrator::step. @param voltage_V around the bias, one per sample (for the heat).
  void step(const RateBlock& rate, std::span<const double> voltage_V, CarrierBlock& block,
            CarrierBlock* mode = nullptr);
  void set_live(bool live) { live_ = live; }

  Complex state(int carrier) const { return {a_re_[carrier], a_im_[carrier]}; }
  double pairs() const { return pairs_; }
  double temperature_K() const { return temperature_K_; }
  int carriers() const { return carriers_; }
  const HotTrace& trace() const { return trace_; }

 private:
  void prepare_heat(const RateBlock& rate, std::span<const double> voltage_V, int samples);
  double mode_energy_J() const;

  RingRates rates_;
  RingMedium medium_;
  int carriers_;
  double dt_s_, passing_field_;
  RingPort port_;
  std::vector<double> detuning_Hz_;
  // Padded to whole groups, lane by lane, as in RingIntegrator.
  std::vector<double> z_re_, z_im_, e_re_, e_im_, a_re_, a_im_, s_re_, s_im_;
  double energy_J_ = 0.0, before_J_ = 0.0;  // U_n, U_{n-1}
  double pairs_ = 0.0, temperature_K_ = 0.0;
  double mean_heat_W_;
  bool live_ = false;
  SteppedRates voltage_;
  // Heat of U and of U² where step n begins.
  std::vector<double> linear_heat_per_s_, square_heat_per_s_J_;
  double last_linear_per_s_ = 0.0, last_square_per_s_J_ = 0.0;
  HotTrace trace_;
};

/// U at constant powers of all carriers: the least solution of U = Σ (2/τ_e) P_c / (γ(U)² + D_c(U)²), which
/// is the only one unless the fast effects alone are bistable.
/// @param rates, detuning_Hz with everything but what U does.
double settled_energy_J(const RingRates& rates, const RingMedium& medium, std::span<const double> power_W,
                        std::span<const double> detuning_Hz);

}  // namespace photonlink
