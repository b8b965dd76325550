/// Demultiplexer: a bus of add-drop microrings, one per lane; ring i is aligned to carrier i and drops it to
/// port i.
///
/// Tail (linear): from the bus to port i the field of a carrier is multiplied by
///   ρ^i · Π_{k<i} through_k · drop_i,      ρ the loss of passing one ring and the bus to the next,
/// with the coupled-mode responses of devices/physics/ring.hpp at the resonance order nearest to the carrier;
/// offsets within the signal band move along that line. Every port carries every carrier: crosstalk is part
/// of the signal. Ring i stands at carrier i of the grid + tuning_error (positive: blue of the carrier). The
/// grid is first_frequency + i · spacing or a named one (devices/physics/wdm_grid.hpp), with
/// `frequency_errors`. It may be wider than the FSR while no ring meets two carriers
/// (devices/physics/ring_orders.hpp).
///
/// `crosstalk` < 1 scales the fields of carriers that stand nearer to another ring's place: 0 shows what the
/// neighbours cost.
///
/// Tuning: heaters, spread and assignment of devices/physics/ring_tuning.hpp. Latency: τ of the dropped
/// signal on resonance and the bus to the middle ring.
///
/// Self-heating is not in the response: the carrier's detuning is that of the hot ring (tuning makes up for
/// the heat). With thermal_resistance set, validity() computes the shift (devices/physics/ring_medium.hpp)
/// and the power of bistability (ring_states.hpp).
///
/// Validity: no reflection, one waveguide mode; band much narrower than the FSR.
/// Equations \cite Little1997. Verified in tests/devices/microring_filter_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/ring.hpp"
#include "devices/physics/ring_tuning.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// Defaults: Q and grid of \cite Mehta2026 (eight lanes, 200 GHz); the others are estimates.
struct MicroringFilterParameters : RingTuningParameters {
  std::string grid = "explicit";
  int rings = 8;
  double first_frequency_Hz = 228.0e12;
  double spacing_Hz = 200e9;
  std::vector<double> frequency_errors_Hz;
  double q_loaded = 4200.0;
  double drop_loss_dB = 0.5;
  std::string coupling = "symmetric";
  double fsr_Hz = 2.4e12;
  double group_index = 3.9;
  double tuning_error_Hz = 0.0;
  double crosstalk = 1.0;
  double off_resonance_loss_dB = 0.05;
  double ring_spacing_m = 50e-6;
  double waveguide_loss_dB_per_m = 200.0;
  double thermal_resistance_K_per_W = 0.0;
  double absorbed_fraction = 0.63;  // \cite deCea2019: 19 of 30 GHz
  double core_overlap = 1.0;
};
template <>
const ParameterTable<MicroringFilterParameters>& parameter_table();

class MicroringFilter : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range, the grid is not known, or a ring meets two
  /// carriers.
  MicroringFilter(std::string name, const MicroringFilterParameters& parameters);

  int fan_out() const override { return static_cast<int>(place_Hz_.size()); }
  void multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                        std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

  /// Where the rings are to stand, (n_ring), tuning_error left out.
  const std::vector<double>& places_Hz() const { return place_Hz_; }
  double resonance_Hz(int ring) const;
  RingRates rates(int ring) const;
  double passing_field() const;  ///< ρ
  const MicroringFilterParameters& parameters() const { return p_; }

 private:
  /// Self-heating of the first ring whose line moves by more than a twentieth of its width.
  void warn_of_heat(const Bundle& input, std::vector<Warning>& warnings) const;
  RingTuning tuning() const;
  std::vector<double> grid_Hz() const;
  bool is_own(int ring, double carrier_Hz) const;

  MicroringFilterParameters p_;
  std::vector<double> place_Hz_;
};

}  // namespace photonlink
