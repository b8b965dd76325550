#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "studies/link_builder.hpp"
#include "studies/validation/observable.hpp"
#include "studies/validation/probe.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

StageSpec stage(const std::string& device, const ParameterSet& parameters) {
  StageSpec spec;
  spec.device = device;
  spec.name = device;
  spec.parameters = parameters;
  return spec;
}

std::vector<double> observed(const LinkSpec& link, const std::string& name, const std::vector<double>& x) {
  Context context(1);
  Probe probe(link, context);
  const ObservableType* type = find_observable(name);
  REQUIRE(type != nullptr);
  return type->compute(probe, {}, x);
}

}  // namespace

TEST_CASE("path observables: a lossless line of another impedance ripples as the closed form says") {
  LinkSpec link;
  link.name = "line";
  link.stages = {stage("copper_line", {{"length", 0.1}, {"impedance", 80.0}, {"permittivity", 4.0}})};
  const std::vector<double> f{1e9, 1.3e9, 7.77e9, 2e10};
  const auto loss = observed(link, "path_insertion_loss", f), back = observed(link, "path_return_loss", f);
  for (std::size_t i = 0; i < f.size(); ++i) {
    // 1/|S21|² = 1 + ¼ (Z/Z_0 - Z_0/Z)² sin² βl and |S11|² = 1 - |S21|² (\cite Pozar2012, Sec. 5.3);
    // rounding.
    const double sine = std::sin(2.0 * constants::pi * f[i] * 0.1 * 2.0 / constants::speed_of_light_m_per_s);
    const double inverse = 1.0 + 0.25 * std::pow(0.8 - 1.25, 2) * sine * sine;
    CHECK(std::abs(loss[i] - 10.0 * std::log10(inverse)) <= 1e-10);
    CHECK(std::abs(back[i] + 10.0 * std::log10(1.0 - 1.0 / inverse)) <= 1e-8);
  }
}

TEST_CASE("path observables: stages add up, the load and what lies behind it do not count") {
  LinkSpec link;
  link.name = "line";
  const ParameterSet line{{"length", 0.1}, {"permittivity", 2.25}};
  link.stages = {stage("serdes_transmitter", {}), stage("copper_line", line),
                 stage("connector", {{"delay", 50e-12}, {"loss", 1.0}, {"loss_frequency", 1e10}}),
                 stage("serdes_receiver", {})};
  link.symbol_rate_Bd = 1e10;
  // Low-loss formula; the next order is a share α/β = 0.037 of it.
  CHECK(std::abs(observed(link, "path_insertion_loss", {1e10})[0] - 1.0) <= 0.037);
  // The skin effect delays by 1/(4π f) per neper: 1 dB at 10 GHz is 0.9 ps.
  CHECK(rel_error(observed(link, "path_delay", {1e10})[0],
                  0.15 / constants::speed_of_light_m_per_s + 50.9e-12) <= 1e-3);
}

TEST_CASE("path observables: a chain without copper says what is missing") {
  LinkSpec link;
  link.name = "direct";
  link.stages = {stage("serdes_transmitter", {}), stage("serdes_receiver", {})};
  link.symbol_rate_Bd = 1e10;
  CHECK_THROWS_WITH_AS(observed(link, "path_insertion_loss", {1e10}), doctest::Contains("add a copper_line"),
                       ConfigError);
}
