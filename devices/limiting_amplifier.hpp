/// Limiting amplifier behind a linear transimpedance stage: small signals are amplified, large ones cut.
///
///   load   Z = R_in, takes a voltage
///   core   V_out = ½ S tanh(2 G (V - V_0) / S),  V_0 the mean of the lane: an offset loop far below the data
///   tail   V_EMF = 2 H_n(f) V_out, Butterworth of order n
///   noise  white, S_V at the input, through the gain of its instant
///   source Thevenin, R_out;  power = V_supply I_supply per lane
///
/// G is the gain across a matched load at small signals, S the limited swing there, peak to peak.
///
/// Noise. A limiter keeps the order of its inputs, so a decision between two levels at its centre errs as
/// often behind it as in front. Of binary data noise therefore passes with the secant g = V_out / (V - V_0),
/// which keeps the distance from the threshold over the noise, and with it the error ratio; the slope would
/// make noise of a saturated level vanish. Of more levels, which a limiter must not cut, it passes with the
/// slope g = G (1 - (2 V_out/S)²).
///
/// Validity: memoryless; filters behind must be wide against the symbol rate, since they mix instants of
/// different gain (behind 1.6 times the symbol rate 7 % more errors are counted at 1e-3). `validity()` warns
/// when more than two levels lose over a tenth of the slope, and when the bandwidth is below the symbol rate
/// while the amplifier limits. Loss margins and sensitivities scale what is in front of the limiter, as the
/// secant does.
///
/// Verified in tests/devices/limiting_amplifier_test.cpp and, error by error, in
/// tests/solvers/monte_carlo_test.cpp.
#pragma once

#include "core/parameter_table.hpp"
#include "devices/physics/filters.hpp"
#include "signal/stage.hpp"

namespace photonlink {

struct LimitingAmplifierParameters {
  double input_resistance_ohm = 50.0;
  double gain = 10.0;
  double limited_swing_Vpp = 0.4;
  double noise_V2_per_Hz = 0.0;
  double bandwidth_Hz = 50e9;
  int order = 2;
  double output_resistance_ohm = 50.0;
  double supply_voltage_V = 0.9;
  double supply_current_A = 20e-3;
};
template <>
const ParameterTable<LimitingAmplifierParameters>& parameter_table();

class LimitingAmplifier final : public Stage {
 public:
  /// @throws ConfigError when a parameter is outside its range.
  LimitingAmplifier(std::string name, const LimitingAmplifierParameters& parameters);

  std::optional<LoadEnd> load_end(std::span<const double> frequency_Hz) const override;
  std::optional<SourceEnd> source_end(std::span<const double> frequency_Hz) const override;
  bool has_core() const override { return true; }
  /// V_0 is the mean of the lanes of `input`, which must be a settled bundle.
  std::unique_ptr<Stepper> start(const Bundle& input) const override;
  std::unique_ptr<Tangent> tangent(const Bundle& input) const override;
  std::vector<NoiseTerm> noise(const Bundle& output) const override;
  void multiply_electrical(std::span<const double> frequency_Hz, std::span<Complex> response) const override;
  void ledger(const Bundle& input, Ledger& ledger) const override;
  void validity(const Bundle& input, std::vector<Warning>& warnings) const override;

 private:
  /// g of each sample of a lane at the output.
  RealWave noise_gain(const RealWave& output, bool binary) const;

  LimitingAmplifierParameters parameters_;
};

}  // namespace photonlink
