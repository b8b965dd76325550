#include "solvers/static_levels.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "devices/cw_laser.hpp"
#include "devices/driver.hpp"
#include "fake_modulator.hpp"
#include "support.hpp"
#include "swept_chain.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

std::shared_ptr<Stage> laser(int carriers = 1) {
  return std::make_shared<CwLaser>("laser",
                                   CwLaserParameters{.first_frequency_Hz = 229e12, .carriers = carriers});
}

/// Transmission 0.5 + 0.1/V of the voltage.
class LinearModulator final : public Stage, public ModulatorCurves {
 public:
  LinearModulator() : Stage("linear") {}
  double transmission(const Bundle&, double, std::span<const double> drive_V) const override {
    return 0.5 + 0.1 * drive_V[0];
  }
  std::vector<Complex> small_signal(const Bundle&, int, std::span<const double> frequency_Hz) const override {
    return std::vector<Complex>(frequency_Hz.size(), 0.1);
  }
  const ModulatorCurves* modulator_curves() const override { return this; }
};

}  // namespace

TEST_CASE("static levels: a linear modulator has even levels that follow from the swing alone") {
  const test::SweptChain c({laser(), std::make_shared<LinearModulator>()});
  const StaticLevels nrz = static_levels(c.spectrum, 0, -2.0, 2.0);
  // Rounding of one logarithm.
  constexpr double tol = 1e-13;
  REQUIRE(nrz.transmission.size() == 2);
  CHECK(rel_error(nrz.low, 0.3) <= tol);
  CHECK(rel_error(nrz.high, 0.7) <= tol);
  CHECK(rel_error(nrz.extinction_ratio_dB, 10.0 * std::log10(7.0 / 3.0)) <= tol);
  CHECK(rel_error(nrz.insertion_loss_dB, -10.0 * std::log10(0.7)) <= tol);
  CHECK(rel_error(nrz.relative_oma_dB, 10.0 * std::log10(0.4)) <= tol);
  CHECK(rel_error(nrz.modulation_loss_dB, -10.0 * std::log10(0.5)) <= tol);
  CHECK(nrz.level_mismatch_ratio == 1.0);
  const StaticLevels pam4 = static_levels(c.spectrum, 0, -2.0, 2.0, 4);
  REQUIRE(pam4.transmission.size() == 4);
  for (int i = 0; i < 4; ++i)
    CHECK(rel_error(pam4.transmission[static_cast<std::size_t>(i)], 0.3 + 0.4 * i / 3.0) <= tol);
  CHECK(rel_error(pam4.level_mismatch_ratio, 1.0) <= tol);
  CHECK(rel_error(pam4.extinction_ratio_dB, nrz.extinction_ratio_dB) <= tol);
}

TEST_CASE("static levels: one lane of a bus moves, the others rest, and rising voltage may darken") {
  const test::FakeModulatorParameters ring{.detuning_Hz = -20e9};
  const test::SweptChain c({std::make_shared<Driver>("driver", DriverParameters{}), laser(2),
                            std::make_shared<test::FakeModulator>(ring)},
                           2);
  // The carrier lies 20 GHz red of the resonance, which moves red with the voltage.
  const auto line = [](double offset_Hz) {
    return 0.9 * (1.0 - 0.99 / (1.0 + std::pow(offset_Hz / 25e9, 2)));
  };
  const StaticLevels levels = static_levels(c.spectrum, 1, -1.5, 1.5, 4);
  const double other = line(200e9 - 20e9);
  std::vector<double> expected;
  for (int i = 0; i < 4; ++i) expected.push_back(other * line(-20e9 + 5e9 * 3.0 * (i / 3.0 - 0.5)));
  double mean = 0.0, least = 1.0;
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(rel_error(levels.transmission[i], expected[i]) <= 1e-12);
    mean += expected[i] / 4.0;
    if (i > 0) least = std::min(least, expected[i - 1] - expected[i]);
  }
  CHECK(rel_error(levels.high, expected[0]) <= 1e-12);
  CHECK(rel_error(levels.low, expected[3]) <= 1e-12);
  CHECK(rel_error(levels.modulation_loss_dB, -10.0 * std::log10(mean)) <= 1e-12);
  CHECK(rel_error(levels.level_mismatch_ratio, 3.0 * least / (expected[0] - expected[3])) <= 1e-10);
}

TEST_CASE("static levels: without swing there is no modulation, and bad requests are refused") {
  const test::SweptChain c({laser(), std::make_shared<LinearModulator>()});
  const StaticLevels still = static_levels(c.spectrum, 0, 0.0, 0.0);
  CHECK(still.extinction_ratio_dB == 0.0);
  CHECK(still.relative_oma_dB == -INFINITY);
  CHECK(std::isnan(still.level_mismatch_ratio));
  CHECK_THROWS_AS(static_levels(c.spectrum, 1, -0.5, 0.5), DomainError);
  CHECK_THROWS_AS(static_levels(c.spectrum, 0, -0.5, 0.5, 1), DomainError);
  const test::SweptChain dark({laser()});
  CHECK_THROWS_AS(static_levels(dark.spectrum, 0, -0.5, 0.5), ConfigError);
}
