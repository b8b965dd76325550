/// The interface every component of a link implements.
///
/// A stage acts in up to three steps, in this order:
///   load   its electrical input ends a segment (source, two-ports, this load), solved as one network;
///   core   a non-linear or signal-making step: a Stepper for the large signal, a Tangent for noise;
///   tail   a linear time-invariant response, fused by the solver with its neighbours.
/// Noise terms enter at the core: behind `load` and before `tail`.
/// A stage is immutable; everything that changes lives in the Stepper.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/ledger.hpp"
#include "network/two_port.hpp"
#include "signal/bundle.hpp"
#include "signal/noise_term.hpp"

namespace photonlink {

/// Large signal, stateful: consumes and produces blocks of samples and keeps its state between them.
class Stepper {
 public:
  virtual ~Stepper() = default;
  /// Replaces the signals of `bundle` by those behind the core and advances the state over the block.
  virtual void step(Bundle& bundle) = 0;
  /// State after the last block; the periodic solution is reached when it repeats. Empty: memoryless.
  virtual std::span<const Complex> state() const { return {}; }
};

/// The core linearised along the noise-free periodic solution (linear, periodically time-varying).
class Tangent {
 public:
  virtual ~Tangent() = default;
  /// Turns sensitivities to the core's output into sensitivities to its input (the transposed tangent).
  virtual void pull_back(Sensitivity& sensitivity) const = 0;
};

/// A statement about where the result is weaker than it looks: a model left its range, an assumption was
/// made.
struct Warning {
  std::string stage, text;
};

/// A crosstalk aggressor: another transmitter like the victim's, on its own clock.
struct Aggressor {
  double amplitude = 1.0;  ///< relative to the victim's transmitter
  bool equalized = true;   ///< sends through the victim's transmit FFE (far end); near-end ones send their
                           ///< full swing, as in IEEE Std 802.3-2022 93A.1.5
};

/// What a modulator answers in closed form beside its large-signal core. Tests hold the three against each
/// other: settled transient = transmission(), small signal at 0 Hz = its slope.
class ModulatorCurves {
 public:
  virtual ~ModulatorCurves() = default;
  /// Settled power out over power in, losses of the passage included, for light at `probe_Hz` while the
  /// modulator stays aligned to the carriers of `at`.
  /// @param at bundle in front of the core; @param drive_V (n_lane), control voltages around the bias.
  virtual double transmission(const Bundle& at, double probe_Hz, std::span<const double> drive_V) const = 0;
  /// d(power out / power in) per volt of drive of `lane`, of that lane's own carrier, around the bias, [1/V],
  /// (n_frequency).
  virtual std::vector<Complex> small_signal(const Bundle& at, int lane,
                                            std::span<const double> frequency_Hz) const = 0;
};

/// Admittance of what drives an electrical input, seen back from its terminals, [S], (n_frequency).
using SourceAdmittance = std::function<std::vector<Complex>(std::span<const double> frequency_Hz)>;

class Stage {
 public:
  explicit Stage(std::string name) : name_(std::move(name)) {}
  virtual ~Stage() = default;
  const std::string& name() const { return name_; }

  // --- load and source: electrical segments -------------------------------------------------------------
  /// Two-port between a source and a load stage, (n_frequency); `aggressor` -1 is the through path.
  virtual std::optional<std::vector<Abcd>> two_port(std::span<const double> /*frequency_Hz*/,
                                                    int /*aggressor*/) const {
    return std::nullopt;
  }
  /// Crosstalk aggressors that enter at this stage.
  virtual std::vector<Aggressor> aggressors() const { return {}; }
  virtual std::optional<LoadEnd> load_end(std::span<const double> /*frequency_Hz*/) const {
    return std::nullopt;
  }
  virtual std::optional<SourceEnd> source_end(std::span<const double> /*frequency_Hz*/) const {
    return std::nullopt;
  }

  // --- core -----------------------------------------------------------------------------------------------
  virtual bool has_core() const { return false; }
  /// @param input bundle at the core, any block length; sets operating points such as carriers present.
  virtual std::unique_ptr<Stepper> start(const Bundle& /*input*/) const { return nullptr; }
  /// @param input settled periodic bundle in front of the core.
  virtual std::unique_ptr<Tangent> tangent(const Bundle& /*input*/) const { return nullptr; }
  /// How long the core remembers its input, [s], beyond a few symbols: what the noise analysis must look
  /// back.
  virtual double core_memory_s() const { return 0.0; }
  /// Noise that enters at the core. @param output bundle behind the core.
  virtual std::vector<NoiseTerm> noise(const Bundle& /*output*/) const { return {}; }
  /// More of it, of a stage whose noise depends on what drives its electrical input: an amplifier's voltage
  /// noise acts through the admittance in front. The terms may keep `driver`, which lives as long as the
  /// link.
  virtual std::vector<NoiseTerm> input_noise(const Bundle& /*output*/,
                                             const SourceAdmittance& /*driver*/) const {
    return {};
  }

  /// The closed forms of a modulator; nullptr: the stage does not modulate light.
  virtual const ModulatorCurves* modulator_curves() const { return nullptr; }

  // --- tail -----------------------------------------------------------------------------------------------
  /// Multiplies the lane response, frequencies >= 0.
  virtual void multiply_electrical(std::span<const double> /*frequency_Hz*/,
                                   std::span<Complex> /*response*/) const {}
  /// Ports behind the stage for one in front; 1 unless it demultiplexes.
  virtual int fan_out() const { return 1; }
  /// Multiplies the field response from the input port to `out_port` around `carrier_Hz`, offsets of either
  /// sign.
  virtual void multiply_optical(int /*out_port*/, double /*carrier_Hz*/,
                                std::span<const double> /*offset_Hz*/,
                                std::span<Complex> /*response*/) const {}

  // --- books ----------------------------------------------------------------------------------------------
  /// Adds this stage's power and delay. @param input settled bundle in front of the core (or of the tail).
  virtual void ledger(const Bundle& /*input*/, Ledger& /*ledger*/) const {}
  /// Statements about range and assumptions at the operating point in `input`.
  virtual void validity(const Bundle& /*input*/, std::vector<Warning>& /*warnings*/) const {}

 private:
  std::string name_;
};

}  // namespace photonlink
