#include "solvers/optical_spectrum.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "devices/cw_laser.hpp"
#include "devices/driver.hpp"
#include "devices/microring_filter.hpp"
#include "devices/optical_loss.hpp"
#include "devices/photodiode.hpp"
#include "devices/single_mode_fiber.hpp"
#include "fake_modulator.hpp"
#include "support.hpp"
#include "swept_chain.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double c0 = 299792458.0, carrier_Hz = 229e12;

using Swept = test::SweptChain;

std::shared_ptr<Stage> laser(int carriers = 1) {
  return std::make_shared<CwLaser>("laser",
                                   CwLaserParameters{.first_frequency_Hz = carrier_Hz, .carriers = carriers});
}
std::shared_ptr<Stage> loss(double dB) {
  return std::make_shared<OpticalLoss>("loss", OpticalLossParameters{.loss_dB = dB});
}

}  // namespace

TEST_CASE("optical spectrum: product of losses and modulator between laser and photodiode") {
  const test::FakeModulatorParameters ring;
  const Swept s({std::make_shared<Driver>("driver", DriverParameters{}), laser(), loss(2.0),
                 std::make_shared<test::FakeModulator>(ring),
                 std::make_shared<SingleModeFiber>("fiber", SingleModeFiberParameters{.length_m = 2000.0}),
                 std::make_shared<Photodiode>("pd", PhotodiodeParameters{}), loss(50.0)});
  CHECK(s.spectrum.part().first == 2);
  CHECK(s.spectrum.part().last == 5);
  CHECK(s.spectrum.ports() == 1);
  const std::vector<double> probe = {carrier_Hz - 300e9, carrier_Hz - 30e9, carrier_Hz, carrier_Hz + 1.55e12};
  const double drive_V = 1.5;
  const auto power = s.spectrum.transmission(probe, drive_V);
  for (std::size_t k = 0; k < probe.size(); ++k) {
    const double x = std::remainder(probe[k] - (carrier_Hz - 20e9 - 1.5 * 5e9), 1.6e12) / 25e9;
    // 2 dB and 0.7 dB of fiber in front of and behind the line; rounding.
    CHECK(rel_error(power[k], std::pow(10.0, -0.27) * 0.9 * (1.0 - 0.99 / (1.0 + x * x))) <= 1e-12);
  }
  // At the carrier and without drive it is what the light at rest loses.
  const double rest_ratio =
      rest_power_W(s.rest.behind(4).port[0].field[0]) / rest_power_W(s.rest.in_front_of(2).port[0].field[0]);
  CHECK(rel_error(s.spectrum.transmission(s.spectrum.part(), carrier_Hz), rest_ratio) <= 1e-12);
}

TEST_CASE("optical spectrum: dip, width and shift of a modulator are those of its line") {
  const test::FakeModulatorParameters ring{.width_Hz = 40e9, .slope_Hz_per_V = 4e9};
  const Swept s({laser(), std::make_shared<test::FakeModulator>(ring)});
  const ResonanceSearch near{.near_m = c0 / carrier_Hz};
  const Resonance r = s.spectrum.resonance(near, -0.5);
  // The minimum is found to 1e-8 of the width, see resonance_test.cpp.
  CHECK(abs_error(r.frequency_Hz, carrier_Hz - 20e9 + 2e9) <= 3e-8 * 40e9);
  // The reference half an FSR away is 1 - 0.99/(1 + 40²): the width grows by a share of 6e-4 of it.
  CHECK(rel_error(r.width_Hz, 40e9) <= 7e-4);
  CHECK(rel_error(r.fsr_Hz, 1.6e12) <= 1e-8);
  const ResonanceShift shift = s.spectrum.resonance_shift(near, 0.0, 2.0);
  CHECK(rel_error(shift.frequency_Hz, -8e9) <= 3e-7);
  CHECK(rel_error(shift.wavelength_m, c0 / (carrier_Hz - 28e9) - c0 / (carrier_Hz - 20e9)) <= 3e-7);
}

TEST_CASE("optical spectrum: the drop ports of a filter are peaks, without any laser") {
  const MicroringFilterParameters parameters{
      .rings = 4, .first_frequency_Hz = carrier_Hz, .q_loaded = 5000.0};
  const auto filter = std::make_shared<MicroringFilter>("demux", parameters);
  const Swept s({loss(1.0), filter});
  CHECK(s.spectrum.ports() == 4);
  for (int port = 0; port < 4; ++port) {
    CAPTURE(port);
    const double own_Hz = carrier_Hz + port * 200e9;
    const Resonance r = s.spectrum.resonance({.near_m = c0 / (own_Hz + 10e9)}, 0.0, port);
    CHECK(r.peak);
    // The skirts of the rings in front pull the peak by less than a thousandth of the 46 GHz line.
    CHECK(abs_error(r.frequency_Hz, own_Hz) <= 1e-3 * own_Hz / 5000.0);
    // Loss of 1 dB, 0.06 dB per ring passed, 0.5 dB dropped, and what rings 200 GHz and more away take on
    // their skirts, (half width / 200 GHz)² = 1.3 % of the power at most.
    const double expected = std::pow(10.0, -0.1 * (1.0 + 0.06 * port + 0.5));
    CHECK(rel_error(r.transmission, expected) <= 0.02);
    CHECK(rel_error(r.quality_factor, 5000.0) <= 0.03);
  }
  CHECK(rel_error(s.spectrum.resonance({.near_m = c0 / carrier_Hz}).fsr_Hz, parameters.fsr_Hz) <= 1e-6);
  const double probe = carrier_Hz;
  CHECK_THROWS_AS(s.spectrum.transmission({&probe, 1}, 0.0, 4), DomainError);
}

TEST_CASE("optical spectrum: every lane of a bus takes the drive") {
  const test::FakeModulatorParameters ring;
  const Swept s({laser(3), std::make_shared<test::FakeModulator>(ring)}, 3);
  for (int lane = 0; lane < 3; ++lane) {
    const double own_Hz = carrier_Hz + lane * 200e9 - 20e9;
    const ResonanceShift shift =
        s.spectrum.resonance_shift({.near_m = c0 / own_Hz, .kind = ResonanceKind::dip}, 0.0, 1.0);
    // The skirts of the other lines, 200 GHz away, move along: no change of their pull.
    CHECK(rel_error(shift.frequency_Hz, -5e9) <= 1e-6);
    const Resonance r = s.spectrum.resonance({.near_m = c0 / own_Hz, .kind = ResonanceKind::dip});
    CHECK(rel_error(r.fsr_Hz, lane == 0 ? 1.6e12 - 400e9 : 200e9) <= 0.01);
  }
}

TEST_CASE("optical spectrum: chains that cannot be swept are refused") {
  CHECK_THROWS_WITH_AS(Swept({std::make_shared<Driver>("driver", DriverParameters{})}),
                       doctest::Contains("no stage acts on light"), ConfigError);
  class Amplifier final : public Stage {
   public:
    Amplifier() : Stage("amplifier") {}
    bool has_core() const override { return true; }
    std::unique_ptr<Stepper> start(const Bundle&) const override {
      struct Core final : Stepper {
        void step(Bundle& bundle) override {
          for (ComplexWave& field : bundle.port.front().field)
            for (Complex& value : field) value *= 3.0;
        }
      };
      return std::make_unique<Core>();
    }
  };
  CHECK_THROWS_WITH_AS(Swept({laser(), std::make_shared<Amplifier>()}), doctest::Contains("cannot be swept"),
                       ConfigError);
  // A laser alone passes everything.
  const double probe = carrier_Hz;
  CHECK(Swept({laser()}).spectrum.transmission({&probe, 1}).front() == 1.0);
}
