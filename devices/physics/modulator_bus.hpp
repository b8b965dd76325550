/// Rings in series on one bus, stepped for all carriers at once, and their transposed tangent.
///
/// Light passes ring 0 first; ring i follows the voltage of lane i. Between rings nothing is delayed: the
/// passage of tens of micrometres (0.6 ps) is a constant that the pattern does not see.
#pragma once

#include <memory>
#include <vector>

#include "devices/physics/ring.hpp"
#include "devices/physics/ring_voltage.hpp"
#include "signal/stage.hpp"

namespace photonlink {

/// One ring of the bus at the operating point of a bundle.
struct AlignedRing {
  RingRates rates;                    ///< at the bias
  RingVoltageLaw law;                 ///< around the bias
  std::vector<double> detuning_Hz;    ///< (n_carrier), carrier minus nearest resonance at the bias
  double passing_field = 1.0;         ///< factor on every field that passes
  RingPort port = RingPort::through;  ///< whose field goes on
  int own = 0;                        ///< carrier that the ring is there for
  /// Share x of its modulation of the other carriers: they leave as x · (as stepped) + (1 - x) · (through the
  /// ring at rest at the bias).
  double others_share = 1.0;
};
/// Field factor of carrier c with the ring at rest at the bias, passage included.
Complex rest_response(const AlignedRing& ring, int carrier);

/// A bus whose rings heaters move while light passes, with the monitors of a locking loop.
class TunableStepper : public Stepper {
 public:
  /// Resonance of each ring minus where it was aligned, from the next block on: (n_ring).
  virtual void set_offsets_Hz(std::span<const double> offset_Hz) = 0;
  /// What the monitors of ring i see of the carrier of its lane, means over the last block.
  struct Monitors {
    std::vector<double> energy_J;  ///< (n_ring), in the ring: absorbed and dropped light are in proportion
    std::vector<double> output_W;  ///< (n_ring), behind the last ring
  };
  /// Empty until the first block. From the first call on every block is monitored.
  virtual const Monitors& monitors() = 0;
};

/// Starts settled on the first sample of `input` (lanes: junction voltages around the bias; port 0: fields).
/// Each step replaces the fields of port 0 and clears the lanes; blocks allocate nothing.
std::unique_ptr<TunableStepper> start_bus(const std::vector<AlignedRing>& rings, const Bundle& input);

/// Transposed tangent along the periodic solution for `input`, one whole period. Lane sensitivities are set,
/// those of port 0 replaced; carriers with an empty sensitivity are skipped.
/// @throws DomainError when the rings do not settle.
std::unique_ptr<Tangent> bus_tangent(const std::vector<AlignedRing>& rings, const Bundle& input);

}  // namespace photonlink
