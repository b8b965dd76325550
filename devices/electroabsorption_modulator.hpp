/// Electro-absorption modulators, one per carrier: modulator i is driven by lane i and acts on carrier i
/// alone, as in an array of transmitters in front of a multiplexer. Behind a laser it is an EML.
///
/// Load: termination (if any) in parallel to series resistance and junction; the junction is its capacitance
/// and photo_resistance dV/dI, by which the photocurrent loads the driver (I(V) below, linearised). Without
/// termination the modulator sees up to twice the swing of a matched source. The lane behind the load is the
/// junction voltage u around the reverse bias, V = V_b + u: a rising lane absorbs more.
///
/// Core: A_out = A √(ρ) exp(-L/2 + jφ) with L(V, P) and φ(V, P) of devices/physics/electroabsorption.hpp
/// (power law or table, chirp α(V), bleaching with saturation_power) and the insertion loss ρ, half of it in
/// front of the absorption.
///
///   photocurrent  I(t) = η q/(hν) P_absorbed(t)
///   its power     <I V>, what bias supply and driver must sink
///   heating       ΔT = R_th <P_absorbed + I V>: moves the edge as a voltage κ ΔT would, V → V + κ ΔT
///   charging      ½ C <ΔV²> f_Bd (devices/physics/charging.hpp)
/// Heat is slow: ΔT is the mean over the bundle that the core starts with, solved from below, so that of
/// several solutions it is the one reached from cold. Curves and tangent hold that ΔT.
///
/// Validity: absorption follows the voltage at once (no transit, no pile-up of holes); one wavelength; the
/// load of the photocurrent is linear and as stated (warns where it differs by a tenth of the load); power in
/// the termination is the driver's.
/// Equations: \cite Koyama1988, \cite Siegman1986.
/// Verified in tests/devices/electroabsorption_modulator_test.cpp and
/// tests/devices/physics/electroabsorption_test.cpp.
#pragma once

#include <optional>

#include "core/parameter_table.hpp"
#include "devices/physics/electroabsorption.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// A power above which nothing would bleach: no saturation.
inline constexpr double unlimited_power_W = 1e12;

/// Defaults: an estimate of a 1.3 µm quantum-well modulator of 100 µm; cards name parts.
struct ElectroabsorptionModulatorParameters {
  std::string law = "power";
  double absorption_dB = 20.0;
  double absorption_voltage_V = 3.0;
  double exponent = 2.0;
  std::vector<double> voltages_V;
  std::vector<double> losses_dB;
  double insertion_loss_dB = 2.0;
  std::vector<double> chirp_voltages_V{0.0};
  std::vector<double> chirp{0.0};
  double bias_V = 1.7;
  double saturation_power_W = unlimited_power_W;
  double collection_efficiency = 1.0;
  double thermal_resistance_K_per_W = 0.0;
  double edge_shift_V_per_K = 0.0;
  double junction_capacitance_F = 60e-15;
  double series_resistance_ohm = 10.0;
  double termination_ohm = 50.0;
  double photo_resistance_ohm = 0.0;
  double length_m = 100e-6;
  double group_index = 3.7;
};
template <>
const ParameterTable<ElectroabsorptionModulatorParameters>& parameter_table();

class ElectroabsorptionModulator final : public Stage, public ModulatorCurves {
 public:
  /// @throws ConfigError when a parameter is outside its range or the points of a table do not fit together.
  ElectroabsorptionModulator(std::string name, const ElectroabsorptionModulatorParameters& parameters);

  std::optional<LoadEnd> load_end(std::span<const double> frequency_Hz) const override;
  bool has_core() const override { return true; }
  /// @throws ConfigError when lanes and carriers do not match, or heat has no balance.
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override;
  const ModulatorCurves* modulator_curves() const override { return this; }
  /// Of the carrier nearest to `probe_Hz`, at its power and temperature in `at`.
  double transmission(const Bundle& at, double probe_Hz, std::span<const double> drive_V) const override;
  std::vector<Complex> small_signal(const Bundle& at, int lane,
                                    std::span<const double> frequency_Hz) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

  /// Mean rise of temperature of one modulator over the bundle, [K]. @throws ConfigError when heating and
  /// absorption drive each other without end.
  double temperature_rise_K(const Bundle& input, int lane) const;

 private:
  struct Means {
    double absorbed_W, photocurrent_A, electrical_W, peak_current_A;
  };
  Means means(const Bundle& input, int lane, double rise_K) const;
  double current_per_power_A_per_W(double carrier_Hz) const;
  void check_bundle(const Bundle& bundle) const;
  void check_range(const Bundle& input, int lane, std::vector<Warning>& warnings) const;

  ElectroabsorptionModulatorParameters p_;
  ChirpedAbsorption absorption_;
  double front_power_;  // half of the insertion loss, power ratio
};

}  // namespace photonlink
