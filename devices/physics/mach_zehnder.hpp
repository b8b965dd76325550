/// Interference of two phase-modulated arms, without memory: what a voltage does to the field.
///
///   A_out / A_in = t(v) = g [w₁ a₁ e^{-jφ₁} + w₂ a₂ e^{-jφ₂}],     w₁ + w₂ = 1
///   φ_k = ± Δ₀/2 + Φ(s_k v),    a_k = exp(-A(s_k v))
/// v voltage of the lane around the bias, s_k the share of it that arm k sees (signed), Φ [rad] and A [Np] of
/// the field from the law of one arm (ArmLaw), both 0 at the bias; Δ₀ = φ₁ - φ₂ at v = 0; g field at full
/// constructive interference. w₁ - w₂ = ±10^(-ER/20): unequal splitting or unequal arm loss, ER the
/// extinction of the device with unmodulated arms. A rising index is a rising φ (propagation e^{-jβz}).
///
/// Chirp parameter (\cite Koyama1988), with the sign of conventions.hpp:
///   α = 2P (dψ/dt)/(dP/dt) = Im(t'/t) / Re(t'/t),    ψ = arg t, P = |t|²
/// Equal lossless arms at quadrature give α = ± (s₁ + s₂)/(s₁ - s₂): 0 in push-pull, ±1 with one arm driven.
///
/// Law of an arm for u = s_k v:
///   slope   Φ = Φ' s(u), A = A' s(u) with the bend s of a depletion junction (junction_bend.hpp): phase and
///           absorption both follow the charge that leaves the waveguide
///   table   Φ and A at reverse voltages, shape-preserving cubic (pchip, \cite FritschCarlson1980) between
///   them,
///           straight beyond the ends; 0 at the bias
///
/// Validity: the voltage has been averaged along the arms before (modulator_electrode.hpp), exact for a
/// linear law. A bent one of curvature c sees the average and not each piece's own voltage: to second order,
/// for an amplitude U on an arm that falls to qU along the line, its effective voltage is too large by c U
/// (1-q)² / (24 Φ (1+q)), 0.4 % for U = 2.5 V, Φ = 4 V, q = 1/2. Verified in
/// tests/devices/mach_zehnder_modulator_test.cpp.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/conventions.hpp"
#include "devices/physics/junction_bend.hpp"

namespace photonlink {

/// Phase [rad] and field attenuation [Np] of an arm.
struct ArmState {
  double phase = 0.0, attenuation = 0.0;
};

struct ArmTable {
  std::vector<double> reverse_V;    ///< ascending, at least 4
  std::vector<double> phase;        ///< [rad]
  std::vector<double> attenuation;  ///< [Np] of the field
};

class ArmLaw {
 public:
  static ArmLaw slope(double phase_per_V, double attenuation_per_V, JunctionBend bend);
  static ArmLaw table(const ArmTable& table, double bias_V);

  ArmState at(double u_V) const;
  ArmState derivative(double u_V) const;  ///< per volt
  bool absorbs() const { return absorbs_; }
  /// Both for share · v, all of one size.
  void evaluate(std::span<const double> voltage_V, double share, std::span<double> phase,
                std::span<double> attenuation) const;

 private:
  struct Curves;
  double phase_per_V_ = 0.0, attenuation_per_V_ = 0.0;
  bool absorbs_ = false;
  JunctionBend bend_;
  std::shared_ptr<const Curves> curves_;  // of a table
};

class MachZehnder {
 public:
  struct Arms {
    double share_1 = 0.5, share_2 = -0.5;   ///< s₁, s₂
    double weight_1 = 0.5, weight_2 = 0.5;  ///< w₁, w₂
    double bias_phase = 0.0;                ///< Δ₀ [rad]
    double field = 1.0;                     ///< g
  };
  MachZehnder(Arms arms, ArmLaw law) : arms_(arms), law_(std::move(law)) {}

  Complex transmission(double voltage_V) const;  ///< t(v)
  Complex derivative(double voltage_V) const;    ///< dt/dv [1/V]
  double chirp(double voltage_V) const;          ///< α; infinite where the power is stationary
  /// field *= t(v), sample by sample.
  void modulate(std::span<const double> voltage_V, std::span<Complex> field) const;

 private:
  Arms arms_;
  ArmLaw law_;
};

}  // namespace photonlink
