/// A modulator whose every answer is a short formula, so that solvers are tested without the real physics.
///
/// Lane i moves a Lorentzian dip that repeats every FSR and lies, at 0 V, `detuning` below carrier i:
///   T_i(f, u) = loss (1 - A / (1 + ((f - f_i(u)) / (w/2))²)),   f_i(u) = carrier_i - detuning - slope u
/// and light passes all of them. Its electrical input is R_s in front of C; its small signal has one pole.
#pragma once

#include <cmath>
#include <memory>
#include <numbers>

#include "signal/stage.hpp"

namespace photonlink::test {

struct FakeModulatorParameters {
  double depth = 0.99;  ///< A
  double width_Hz = 50e9;
  double fsr_Hz = 1.6e12;
  double detuning_Hz = 20e9;
  double slope_Hz_per_V = 5e9;
  double loss = 0.9;  ///< of one lane's passage, power
  double bandwidth_Hz = 40e9;
  double series_resistance_ohm = 10.0, capacitance_F = 30e-15;
};

class FakeModulator final : public Stage, public ModulatorCurves {
 public:
  explicit FakeModulator(FakeModulatorParameters parameters, std::string name = "fake modulator")
      : Stage(std::move(name)), p_(parameters) {}

  double one(double probe_Hz, double carrier_Hz, double drive_V) const {
    const double resonance = carrier_Hz - p_.detuning_Hz - p_.slope_Hz_per_V * drive_V;
    const double x = std::remainder(probe_Hz - resonance, p_.fsr_Hz) / (0.5 * p_.width_Hz);
    return p_.loss * (1.0 - p_.depth / (1.0 + x * x));
  }
  double transmission(const Bundle& at, double probe_Hz, std::span<const double> drive_V) const override {
    double product = 1.0;
    for (std::size_t i = 0; i < drive_V.size(); ++i) product *= one(probe_Hz, at.carrier_Hz[i], drive_V[i]);
    return product;
  }
  std::vector<Complex> small_signal(const Bundle& at, int lane,
                                    std::span<const double> frequency_Hz) const override {
    // d/du of the own dip: with x = (detuning + slope u) / (w/2), dT/du = loss A 2x / (1 + x²)² dx/du.
    const double half = 0.5 * p_.width_Hz, x = p_.detuning_Hz / half;
    const auto l = static_cast<std::size_t>(lane);
    double slope = p_.loss * p_.depth * 2.0 * x / std::pow(1.0 + x * x, 2) * p_.slope_Hz_per_V / half;
    for (std::size_t i = 0; i < at.lane.size(); ++i)
      if (i != l) slope *= one(at.carrier_Hz[l], at.carrier_Hz[i], 0.0);
    std::vector<Complex> response;
    for (const double f : frequency_Hz) response.push_back(slope / Complex(1.0, f / p_.bandwidth_Hz));
    return response;
  }
  const ModulatorCurves* modulator_curves() const override { return this; }

  std::optional<LoadEnd> load_end(std::span<const double> frequency_Hz) const override {
    LoadEnd end;
    for (const double f : frequency_Hz) {
      const Complex junction =
          1.0 / Complex(0.0, 2.0 * std::numbers::pi * std::max(f, 1.0) * p_.capacitance_F);
      end.impedance_ohm.push_back(p_.series_resistance_ohm + junction);
      end.transfer.push_back(junction / end.impedance_ohm.back());
    }
    return end;
  }
  bool has_core() const override { return true; }
  std::unique_ptr<Stepper> start(const Bundle&) const override { return std::make_unique<Core>(*this); }

 private:
  class Core final : public Stepper {
   public:
    explicit Core(const FakeModulator& stage) : stage_(stage) {}
    void step(Bundle& bundle) override {
      for (std::size_t c = 0; c < bundle.carrier_Hz.size(); ++c)
        for (std::size_t u = 0; u < bundle.port.front().field[c].size(); ++u) {
          std::vector<double> drive;
          for (const RealWave& lane : bundle.lane) drive.push_back(lane[u]);
          bundle.port.front().field[c][u] *=
              std::sqrt(stage_.transmission(bundle, bundle.carrier_Hz[c], drive));
        }
      bundle.lane.clear();
    }

   private:
    const FakeModulator& stage_;
  };

  FakeModulatorParameters p_;
};

}  // namespace photonlink::test
