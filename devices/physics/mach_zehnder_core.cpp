#include "devices/physics/mach_zehnder_core.hpp"

#include <utility>

namespace photonlink {
namespace {

class InterferenceStepper final : public Stepper {
 public:
  explicit InterferenceStepper(std::vector<MachZehnder> interferometer)
      : interferometer_(std::move(interferometer)) {}

  void step(Bundle& bundle) override {
    for (std::size_t i = 0; i < bundle.lane.size(); ++i)
      interferometer_[i].modulate(bundle.lane[i], bundle.port[0].field[i]);
    bundle.lane.clear();
  }

 private:
  std::vector<MachZehnder> interferometer_;
};

// Both factors are kept, since the windows of many symbols overlap.
class InterferenceTangent final : public Tangent {
 public:
  InterferenceTangent(const std::vector<MachZehnder>& interferometer, const Bundle& input) {
    for (std::size_t i = 0; i < input.lane.size(); ++i) {
      const RealWave& lane = input.lane[i];
      ComplexWave& of_field = of_field_.emplace_back(lane.size());
      ComplexWave& of_voltage = of_voltage_.emplace_back(lane.size());
      for (std::size_t u = 0; u < lane.size(); ++u) {
        of_field[u] = interferometer[i].transmission(lane[u]);
        of_voltage[u] = input.port[0].field[i][u] * interferometer[i].derivative(lane[u]);
      }
    }
  }

  void pull_back(Sensitivity& s) const override {
    s.lane.assign(of_field_.size(), {});
    for (std::size_t i = 0; i < of_field_.size(); ++i) {
      ComplexWave& weight = s.port[0][i];
      if (weight.empty()) continue;
      s.lane[i].resize(weight.size());
      const auto period = static_cast<long>(of_field_[i].size());
      auto u = static_cast<std::size_t>(wrap(s.begin, period));
      for (std::size_t n = 0; n < weight.size(); ++n) {
        const Complex w = weight[n];
        s.lane[i][n] = w.real() * of_voltage_[i][u].real() - w.imag() * of_voltage_[i][u].imag();
        weight[n] = w * of_field_[i][u];
        if (++u == of_field_[i].size()) u = 0;
      }
    }
  }

 private:
  std::vector<ComplexWave> of_field_, of_voltage_;
};

}  // namespace

std::unique_ptr<Stepper> interference_stepper(std::vector<MachZehnder> interferometer) {
  return std::make_unique<InterferenceStepper>(std::move(interferometer));
}

std::unique_ptr<Tangent> interference_tangent(const std::vector<MachZehnder>& interferometer,
                                              const Bundle& input) {
  return std::make_unique<InterferenceTangent>(interferometer, input);
}

}  // namespace photonlink
