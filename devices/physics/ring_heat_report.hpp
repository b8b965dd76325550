/// What a device made of rings says about heat, carriers and photocurrent: static dressing, books, warnings.
#pragma once

#include <string>

#include "devices/physics/ring_heat.hpp"

namespace photonlink {

/// How light has changed a ring at constant drive, against the ring as it was aligned.
struct RingDress {
  double offset_Hz = 0.0;         ///< carrier moves by this to the blue of the resonance (slow heat)
  double shift_Hz = 0.0;          ///< -κU + φN
  double extra_loss_per_s = 0.0;  ///< kU + νN
};
/// Fast effects settled at the drive voltages around the bias, temperature held at that of `heat`.
/// @param at bundle in front of the bus (mean powers count). @param drive_V (n_ring).
std::vector<RingDress> settled_dress(const std::vector<RingHeat>& heat, const Bundle& at,
                                     std::span<const double> drive_V);

/// Power of all photocurrents, with its sum and the largest one to sink.
LedgerEntry photocurrent_entry(const std::string& name, const std::vector<RingHeat>& heat);

/// Takes from the heaters' entry what self-heating does for them: of each ring the share that its thermal
/// shift is of the mean shift of all chips, at most all, of the mean power of a ring; exact for power linear
/// in the shift and chips whose shift exceeds the thermal one. @param heat empty: nothing.
void deduct_self_heating(LedgerEntry& tuning, double mean_shift_Hz, const std::vector<RingHeat>& heat);

struct HeatLimits {
  double max_sink_current_A;
  double heater_range_Hz;  ///< mean red shift that heaters supply; self-heating beyond it cannot be given up
  DetuningReference reference;
  ThermalHistory history;
};
/// Several thermal states, a state only a lock holds, a heater without range, heat that follows the pattern,
/// fast effects beyond a tenth of the linewidth, a photocurrent beyond what the driver sinks: one warning
/// each, of the first ring that has it.
void warn_of_heat(const std::string& name, const std::vector<RingHeat>& heat, const HeatLimits& limits,
                  std::vector<Warning>& warnings);

}  // namespace photonlink
