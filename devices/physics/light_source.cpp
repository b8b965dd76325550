#include "devices/physics/light_source.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/error.hpp"

namespace photonlink {
namespace {

class LightSource final : public Stepper {
 public:
  LightSource(std::vector<double> carrier_Hz, std::vector<double> power_W)
      : carrier_Hz_(std::move(carrier_Hz)), power_W_(std::move(power_W)) {}

  void step(Bundle& bundle) override {
    const std::size_t samples =
        bundle.lane.empty() ? static_cast<std::size_t>(bundle.grid.size()) : bundle.lane.front().size();
    bundle.carrier_Hz = carrier_Hz_;
    bundle.port.resize(1);
    bundle.port.front().field.resize(carrier_Hz_.size());
    for (std::size_t c = 0; c < carrier_Hz_.size(); ++c)
      bundle.port.front().field[c].assign(samples, std::sqrt(power_W_[c]));
  }

 private:
  std::vector<double> carrier_Hz_, power_W_;
};

class LightSourceTangent final : public Tangent {
 public:
  void pull_back(Sensitivity& sensitivity) const override { sensitivity.port.clear(); }
};

}  // namespace

std::unique_ptr<Stepper> start_light(const std::string& name, const Bundle& input,
                                     std::vector<double> carrier_Hz, std::vector<double> power_W) {
  if (!input.port.empty()) {
    throw ConfigError(
        fmt::format("{}: the chain already carries light in {} ports; put one laser per chain and give it "
                    "all carriers",
                    name, input.port.size()));
  }
  return std::make_unique<LightSource>(std::move(carrier_Hz), std::move(power_W));
}

std::unique_ptr<Tangent> light_tangent() {
  return std::make_unique<LightSourceTangent>();
}

bool pays_for_light(const LedgerEntry& entry) {
  return entry.cause == wall_plug_cause || entry.cause == temperature_control_cause ||
         entry.cause == amplifier_current_cause;
}

}  // namespace photonlink
