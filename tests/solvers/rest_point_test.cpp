#include "solvers/rest_point.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/error.hpp"
#include "devices/cw_laser.hpp"
#include "devices/driver.hpp"
#include "devices/microring_filter.hpp"
#include "devices/microring_modulator.hpp"
#include "devices/optical_loss.hpp"
#include "devices/photodiode.hpp"
#include "devices/transimpedance_amplifier.hpp"
#include "fake_modulator.hpp"
#include "support.hpp"
#include "swept_chain.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

const auto part = [](test::Stages stages, int lanes = 1) {
  return test::SweptChain::make(std::move(stages), lanes);
};

/// A core whose lane follows its input by a share per period, or never rests.
class Follower final : public Stage {
 public:
  explicit Follower(double share) : Stage("follower"), share_(share) {}
  bool has_core() const override { return true; }
  std::unique_ptr<Stepper> start(const Bundle&) const override {
    struct Core final : Stepper {
      explicit Core(double per_period) : share(per_period) {}
      void step(Bundle& bundle) override {
        const double target = 3.0;  // what the constant input would make of it
        state_[0] += share * (target - state_[0]);
        bundle.lane[0].assign(bundle.lane[0].size(), state_[0].real());
      }
      std::span<const Complex> state() const override { return state_; }
      double share;
      std::vector<Complex> state_{0.0};
    };
    return std::make_unique<Core>(share_);
  }

 private:
  double share_;
};

}  // namespace

TEST_CASE("rest point: every stage of a microring link sees the settled light, voltage and current") {
  const CwLaserParameters laser{.carriers = 1, .power_W = 2e-3};
  const test::FakeModulatorParameters ring;
  const Link link = part(
      {std::make_shared<SerdesTransmitter>("tx", SerdesTransmitterParameters{.swing_Vpp = 0.8}),
       std::make_shared<Driver>("driver", DriverParameters{.swing_Vpp = 1.5, .swing_at = "open"}),
       std::make_shared<CwLaser>("laser", laser),
       std::make_shared<OpticalLoss>("coupler", OpticalLossParameters{.loss_dB = 3.0}),
       std::make_shared<test::FakeModulator>(ring),
       std::make_shared<Photodiode>(
           "pd", PhotodiodeParameters{.responsivity_A_per_W = 0.9, .dark_current_A = 1e-6}),
       std::make_shared<TransimpedanceAmplifier>("tia", TransimpedanceAmplifierParameters{.gain_ohm = 400.0}),
       std::make_shared<SerdesReceiver>("rx", SerdesReceiverParameters{})});
  const Chain chain(link);
  const RestPoint rest(chain);
  CHECK(rest.settled());
  // Rounding of a dozen products, and 1 Hz for 0 Hz in a load of 25 fF.
  constexpr double tol = 1e-11;
  // EMF 2 x 0.8 V, halved by 100 ohm onto the driver's 50 ohm: 50 / (50 + 100).
  CHECK(rel_error(rest.in_front_of(1).full_scale_Vpp, 1.6 / 3.0) <= tol);
  CHECK(rel_error(rest.in_front_of(4).full_scale_Vpp, 1.5) <= tol);
  CHECK(rest.in_front_of(4).lane[0].front() == 0.0);
  const double coupled_W = 2e-3 * std::pow(10.0, -0.3);
  CHECK(rel_error(rest_power_W(rest.in_front_of(4).port[0].field[0]), coupled_W) <= tol);
  // 20 GHz off a 50 GHz line: x = 0.8.
  const double passed_W = coupled_W * 0.9 * (1.0 - 0.99 / (1.0 + 0.64));
  CHECK(rel_error(rest_power_W(rest.behind(4).port[0].field[0]), passed_W) <= tol);
  const double current_A = 0.9 * passed_W + 1e-6;
  CHECK(rel_error(rest.behind(5).lane[0].back(), current_A) <= tol);
  CHECK(rel_error(rest.in_front_of(6).lane[0].back(), current_A) <= tol);
  // EMF 2 Z_T I behind 50 ohm onto 100 ohm.
  CHECK(rel_error(rest.in_front_of(7).lane[0].back(), 2.0 * 400.0 * current_A * 100.0 / 150.0) <= tol);
}

TEST_CASE("rest point: a real ring rests on its static curve") {
  const MicroringModulatorParameters ring{.q_loaded = 4000.0, .extinction_dB = 18.0};
  const auto stage = std::make_shared<MicroringModulator>("ring", ring);
  const Link link = part({std::make_shared<CwLaser>("laser", CwLaserParameters{}), stage});
  const Chain chain(link);
  const RestPoint rest(chain);
  const Bundle& in = rest.in_front_of(1);
  const double detuning_Hz = stage->own_detuning_Hz(in.carrier_Hz[0], in.full_scale_Vpp);
  const double passing = std::pow(
      10.0, -(ring.off_resonance_loss_dB + ring.ring_spacing_m * ring.waveguide_loss_dB_per_m) / 10.0);
  // Lorentzian through port: (x² + T0) / (x² + 1), x in half widths, T0 the depth.
  const double x = detuning_Hz / (0.5 * in.carrier_Hz[0] / ring.q_loaded);
  const double expected = passing * (x * x + std::pow(10.0, -1.8)) / (x * x + 1.0);
  const double ratio = rest_power_W(rest.behind(1).port[0].field[0]) / rest_power_W(in.port[0].field[0]);
  // The core's periods repeat to 1e-10.
  CHECK(rel_error(ratio, expected) <= 1e-9);
}

TEST_CASE("rest point: a demultiplexer sends every carrier to every port") {
  const CwLaserParameters laser{.first_frequency_Hz = 228e12, .carriers = 2, .power_W = 1e-3};
  const auto filter = std::make_shared<MicroringFilter>("demux", MicroringFilterParameters{.rings = 2});
  const Link link = part({std::make_shared<CwLaser>("laser", laser), filter,
                          std::make_shared<OpticalLoss>("loss", OpticalLossParameters{.loss_dB = 1.0}),
                          std::make_shared<Photodiode>("pd", PhotodiodeParameters{.dark_current_A = 0.0})},
                         2);
  const Chain chain(link);
  const RestPoint rest(chain);
  REQUIRE(rest.behind(1).port.size() == 2);
  REQUIRE(rest.behind(3).lane.size() == 2);
  double current_A = 0.0;
  for (int port = 0; port < 2; ++port)
    for (int carrier = 0; carrier < 2; ++carrier) {
      const double zero_Hz = 0.0;
      Complex response = 1.0;
      filter->multiply_optical(port, 228e12 + carrier * 200e9, {&zero_Hz, 1}, {&response, 1});
      const auto& field = rest.behind(1).port[static_cast<std::size_t>(port)].field;
      // The same products in the same order.
      CHECK(rel_error(rest_power_W(field[static_cast<std::size_t>(carrier)]), 1e-3 * std::norm(response)) <=
            1e-14);
      if (port == 1) current_A += 0.87 * 1e-3 * std::norm(response) * std::pow(10.0, -0.1);
    }
  CHECK(rel_error(rest.behind(3).lane[1].front(), current_A) <= 1e-14);
}

TEST_CASE("rest point: a core with memory is run until it rests, one that never does is reported") {
  const Link slow = part({std::make_shared<Follower>(0.05)});
  const Chain slow_chain(slow);
  const RestPoint rest(slow_chain);
  CHECK(rest.settled());
  // The last step is below 1e-10 of 3 V; what remains is that over the share of 0.05.
  CHECK(rel_error(rest.behind(0).lane[0].back(), 3.0) <= 1e-10 / 0.05);
  const Link restless = part({std::make_shared<Follower>(2.0)});  // swings between 0 and 6 for ever
  const Chain restless_chain(restless);
  const RestPoint never(restless_chain);
  CHECK_FALSE(never.settled());
  REQUIRE(never.warnings().size() == 1);
  CHECK(never.warnings()[0].text.find("is not at rest after 10000 symbol periods") != std::string::npos);
}

TEST_CASE("rest point: electrical chains need no light, and what is missing is said") {
  const Link copper = part({std::make_shared<Driver>("driver", DriverParameters{})});
  const Chain copper_chain(copper);
  const RestPoint electrical(copper_chain);
  // Full scale 1 V at the terminals of the ideal source; the driver's EMF is 2 x 2 V into a matched load.
  CHECK(rel_error(electrical.in_front_of(0).full_scale_Vpp, 1.0) <= 1e-15);
  CHECK(rel_error(electrical.behind(0).full_scale_Vpp, 4.0) <= 1e-15);
  CHECK(electrical.warnings().empty());
  const Link undriven = part({std::make_shared<CwLaser>("laser", CwLaserParameters{.linewidth_Hz = 0.0}),
                              std::make_shared<test::FakeModulator>(test::FakeModulatorParameters{})});
  const Chain undriven_chain(undriven);
  const RestPoint ideal(undriven_chain);
  REQUIRE(ideal.warnings().size() == 1);
  CHECK(ideal.warnings()[0].stage == "fake modulator");
  CHECK(ideal.warnings()[0].text.find("ideal source of 1 V") != std::string::npos);

  const Link dark = part({std::make_shared<Photodiode>("pd", PhotodiodeParameters{})});
  CHECK_THROWS_AS(RestPoint(Chain(dark)), ConfigError);
  const auto demux = std::make_shared<MicroringFilter>("demux", MicroringFilterParameters{.rings = 2});
  const Link twice = part({std::make_shared<CwLaser>("laser", CwLaserParameters{}), demux, demux});
  CHECK_THROWS_WITH_AS(RestPoint(Chain(twice)), doctest::Contains("splits again"), ConfigError);
  CHECK_THROWS_AS(electrical.behind(1), std::out_of_range);
}

TEST_CASE("rest point: a chain without a symbol rate rests too, and warns of nothing that needs one") {
  Link link = part({std::make_shared<CwLaser>(
                        "laser", CwLaserParameters{.spacing_Hz = 20e9, .carriers = 2, .linewidth_Hz = 0.0}),
                    std::make_shared<Photodiode>("pd", PhotodiodeParameters{})});
  const Chain fast(link);
  REQUIRE(RestPoint(fast).warnings().size() == 1);  // 20 GHz below twice 25 GBd
  link.symbol_rate_Bd = 0.0;
  const Chain still(link);
  CHECK(RestPoint(still).warnings().empty());
}
