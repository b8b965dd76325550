/// The transposed tangent of the scheme in ring_integrator.hpp, for one ring along a periodic trajectory.
///
/// With E, φ₁, φ₂ at z_n, κ = j sqrt(2/τ_e) and the output's d and χ = j sqrt(2/τ_out) (PortCoupling in
/// ring.hpp: d = 1, χ = κ at the through port, d = 0 at the drop port), one step and the output read
///   a_{n+1} = E a_n + hκ[(φ₁ - φ₂) s_n + φ₂ s_{n+1}],      t_n = ρ (d s_n + χ a_n).
/// A change of voltage moves z_n by h (d'_n δu_n + d'_{n+1} δu_{n+1})/2, d' = j2π df/du - dγ/du, hence
/// a_{n+1} by G_n δz_n with
///   G_n = E a_n + hκ[(φ₁' - φ₂') s_n + φ₂' s_{n+1}],   φ₁' = φ₂ + zφ₂',   φ₂' = Σ k z^{k-1}/(k+2)!.
/// For a number y with δy = Re Σ w_n δt_n the backward sweep carries λ_n = dy/da_n:
///   λ_n = ρχ w_n + E_n λ_{n+1},
///   dy/ds_n = ρd w_n + hκ[(φ₁ - φ₂)_n λ_{n+1} + (φ₂)_{n-1} λ_n],
///   dy/du_n = Re[ ½h d'_n (G_n λ_{n+1} + G_{n-1} λ_n) ].
/// λ is zero beyond the end of the window: the result is exact for inputs inside the window.
#pragma once

#include <span>
#include <vector>

#include "devices/physics/ring_integrator.hpp"

namespace photonlink {

class RingTangent {
 public:
  /// Settled periodic solution; all waves have one period.
  struct Trajectory {
    RateBlock rate;                            ///< (n_sample)
    std::vector<double> shift_slope_Hz_per_V;  ///< (n_sample), df/du
    std::vector<double> loss_slope_per_s_V;    ///< (n_sample), dγ/du
    std::vector<ComplexWave> mode;             ///< (n_carrier, n_sample), a_n
  };
  RingTangent(const RingRates& rates, std::span<const double> detuning_Hz, double dt_s, double passing_field,
              Trajectory trajectory, RingPort port = RingPort::through);

  /// Replaces a window of the input field of `carrier`, starting at sample `begin`, by that behind the ring.
  void pass(int carrier, long begin, std::span<Complex> field) const;
  /// @param input (length + 1), s_in from sample begin - 1 on; @param sensitivity (length), w on entry,
  /// dy/ds_in on return; @param voltage (length), dy/du is added.
  void pull_back(int carrier, long begin, std::span<const Complex> input, std::span<Complex> sensitivity,
                 std::span<double> voltage) const;

 private:
  std::size_t wrap(long sample) const;

  RingRates rates_;
  std::vector<double> detuning_Hz_;
  double dt_s_;
  double direct_, mode_gain_;  // ρd, ρ|χ|
  Trajectory trajectory_;
};

}  // namespace photonlink
