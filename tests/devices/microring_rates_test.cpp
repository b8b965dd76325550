#include <doctest/doctest.h>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "devices/microring_modulator.hpp"
#include "devices/physics/ring_round_trip.hpp"
#include "microring_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;
using test::ring_bundle;

namespace {

constexpr double carrier_Hz = 228e12;

double power_ratio_of_loss(double loss_dB) {
  return std::pow(10.0, -loss_dB / 10.0);
}

RingRates rates_of(const MicroringModulatorParameters& p) {
  return MicroringModulator("tx", p).align(ring_bundle(1, 8, 8, 32e9, 2.0))[0].rates;
}

/// The same ring in every way that can state it.
std::vector<MicroringModulatorParameters> three_ways(const std::string& output) {
  MicroringModulatorParameters quality, couplings, lifetimes;
  quality.output = couplings.output = lifetimes.output = output;
  const RingRates r = rates_of(quality);
  couplings.rates = "couplings";
  couplings.power_coupling = 1.0 - std::exp(-2.0 * r.bus_per_s / couplings.fsr_Hz);
  couplings.drop_power_coupling = 1.0 - std::exp(-2.0 * r.drop_per_s / couplings.fsr_Hz);
  couplings.round_trip_loss_dB = 20.0 * std::log10(std::exp(r.loss_per_s / couplings.fsr_Hz));
  lifetimes.rates = "lifetimes";
  lifetimes.intrinsic_lifetime_s = 1.0 / r.loss_per_s;
  lifetimes.external_lifetime_s = 1.0 / r.bus_per_s;
  lifetimes.drop_lifetime_s = r.drop_per_s > 0.0 ? 1.0 / r.drop_per_s : 0.0;
  return {quality, couplings, lifetimes};
}

}  // namespace

TEST_CASE("microring modulator: quality, couplings and lifetimes state the same ring") {
  for (const char* output : {"through", "drop"}) {
    const auto ways = three_ways(output);
    const MicroringModulator stated("tx", ways[0]);
    for (const auto& way : ways)
      for (const double detuning_Hz : {-90e9, 0.0, 17e9})
        // Couplings of 0.1 as 1 - e^-x keep 1e-15; the dip of 1 % amplifies by 10.
        CHECK(rel_error(MicroringModulator("tx", way).static_transmission(carrier_Hz, detuning_Hz, 0.4),
                        stated.static_transmission(carrier_Hz, detuning_Hz, 0.4)) <= 1e-13);
  }
}

TEST_CASE("microring modulator: couplings give the depth and width of the round trip") {
  // Oracle: round trip solution of the all-pass ring, (t - a e^{-jφ}) / (1 - t a e^{-jφ}) (Bogaerts 2012).
  MicroringModulatorParameters p;
  p.rates = "couplings";
  p.power_coupling = 0.04;
  p.round_trip_loss_dB = 0.1;
  const MicroringModulator stage("tx", p);
  const double t = std::sqrt(0.96), a = std::pow(10.0, -0.1 / 20.0);
  for (const double detuning_Hz : {0.0, 2e9, 10e9}) {
    const Complex z = std::polar(a, -2.0 * constants::pi * detuning_Hz / p.fsr_Hz);
    // Coupled mode and round trip differ by 2 |w| x / π² of the field, at most 2e-4 here.
    CHECK(rel_error(stage.static_transmission(carrier_Hz, detuning_Hz, 0.0),
                    std::norm((t - z) / (1.0 - t * z))) <= 5e-4);
  }
  // A drop coupler is loss to the through port: κ² = 0.04 takes 10 log10(1/0.96) dB per round trip.
  MicroringModulatorParameters dropping = p, lossier = p;
  dropping.drop_power_coupling = 0.04;
  lossier.round_trip_loss_dB -= 10.0 * std::log10(0.96);
  // Rounding.
  CHECK(rel_error(MicroringModulator("tx", dropping).static_transmission(carrier_Hz, 5e9, 0.0),
                  MicroringModulator("tx", lossier).static_transmission(carrier_Hz, 5e9, 0.0)) <= 1e-13);
}

TEST_CASE("microring modulator: published lifetimes give the published dip, width and loss at the detuning") {
  // Lin et al., OFC 2026, Th2A.14: tau_l 8.7 ps, tau_e 9.01 ps; Q 2679 and FWHM 71.9 GHz follow, dip 36.4 dB
  // measured.
  MicroringModulatorParameters p;
  p.rates = "lifetimes";
  p.intrinsic_lifetime_s = 8.7e-12;
  p.external_lifetime_s = 9.01e-12;
  const MicroringModulator stage("tx", p);
  const double dip = stage.static_transmission(carrier_Hz, 0.0, 0.0);
  // A dip of 35 dB moves by dB for 1 % of a lifetime: the difference of the two has two digits.
  CHECK(abs_error(-10.0 * std::log10(dip), 35.1) <= 0.2);
  // Half of what the dip lacks is back at half the width; four printed digits of the lifetimes.
  CHECK(abs_error(stage.static_transmission(carrier_Hz, 0.5 * 71.9e9, 0.0), 0.5 * (1.0 + dip)) <= 1e-3);
}

TEST_CASE("microring modulator: keys of the ways not chosen have no effect") {
  const auto disturbed = [](MicroringModulatorParameters p) {
    if (p.rates != "quality") {
      p.q_loaded = 20000.0;
      p.extinction_dB = 3.0;
      p.coupling = "over";
      p.drop_loss_dB = 9.0;
    }
    if (p.rates != "couplings") {
      p.power_coupling = 0.5;
      p.drop_power_coupling = 0.7;
      p.round_trip_loss_dB = 3.0;
    }
    if (p.rates != "lifetimes") {
      p.intrinsic_lifetime_s = 1e-9;
      p.external_lifetime_s = 2e-9;
      p.drop_lifetime_s = 3e-9;
    }
    return p;
  };
  for (const char* output : {"through", "drop"})
    for (const auto& way : three_ways(output))
      CHECK(MicroringModulator("tx", disturbed(way)).static_transmission(carrier_Hz, 12e9, 0.0) ==
            MicroringModulator("tx", way).static_transmission(carrier_Hz, 12e9, 0.0));
}

TEST_CASE("microring modulator: the stated insertion loss is met on the stated side") {
  int checked = 0;
  for (const char* output : {"through", "drop"})
    for (MicroringModulatorParameters p : three_ways(output))
      for (const char* side : {"blue", "red"})
        for (const double loss_dB : {0.2, 3.0, 6.0, 19.99}) {
          p.detuning_mode = "insertion_loss";
          p.detuning_side = side;
          p.detuning_loss_dB = loss_dB;
          const MicroringModulator stage("tx", p);
          const double detuning_Hz = stage.own_detuning_Hz(carrier_Hz, 0.0);
          CHECK((detuning_Hz > 0.0) == (p.detuning_side == "blue"));
          const double reference = p.output == "drop" ? stage.static_transmission(carrier_Hz, 0.0, 0.0) : 1.0;
          // Rounding; close to the bottom of the 20 dB dip the root loses half of three digits.
          CHECK(rel_error(stage.static_transmission(carrier_Hz, detuning_Hz, 0.0),
                          reference * power_ratio_of_loss(loss_dB)) <= 1e-11);
          ++checked;
        }
  CHECK(checked == 48);
}

TEST_CASE("microring modulator: an insertion loss that the ring does not reach is refused with the range") {
  const auto detune = [](const MicroringModulatorParameters& p) {
    return MicroringModulator("tx", p).own_detuning_Hz(carrier_Hz, 2.0);
  };
  MicroringModulatorParameters p;
  p.detuning_mode = "insertion_loss";
  p.detuning_loss_dB = 25.0;  // default dip: 20 dB
  CHECK_THROWS_WITH_AS(detune(p), doctest::Contains("tx: detuning_loss = 25 dB is outside [0."), ConfigError);
  CHECK_THROWS_WITH_AS(detune(p), doctest::Contains("20 dB]"), ConfigError);
  CHECK_THROWS_WITH_AS(detune(p), doctest::Contains("deepen the dip"), ConfigError);
  p.detuning_loss_dB = 0.002;  // beyond half of 1.6 THz
  CHECK_THROWS_WITH_AS(detune(p), doctest::Contains("ask for more"), ConfigError);
  p.output = "drop";
  p.detuning_loss_dB = 60.0;
  CHECK_THROWS_WITH_AS(detune(p), doctest::Contains("detuning_loss = 60 dB is outside [0 dB"), ConfigError);
  for (const double loss_dB : {0.0, -3.0}) {
    p.detuning_loss_dB = loss_dB;
    CHECK_THROWS_WITH_AS(detune(p), doctest::Contains("detuning_loss"), ConfigError);
  }
}

TEST_CASE("microring modulator: drop output has the stated peak, width and side of largest OMA") {
  MicroringModulatorParameters p;
  p.output = "drop";
  p.drop_loss_dB = 1.7;
  const MicroringModulator stage("tx", p);
  const double peak = stage.static_transmission(carrier_Hz, 0.0, 0.0);
  // Rounding.
  CHECK(rel_error(peak, power_ratio_of_loss(1.7)) <= 1e-13);
  // Half the peak at half of f/Q.
  CHECK(rel_error(stage.static_transmission(carrier_Hz, 0.5 * carrier_Hz / p.q_loaded, 0.0), 0.5 * peak) <=
        1e-12);
  for (const char* side : {"blue", "red"})
    for (const double swing : {0.2, 2.0, 6.0}) {
      p.detuning_side = side;
      const MicroringModulator tuned("tx", p);
      const double chosen = tuned.own_detuning_Hz(carrier_Hz, swing);
      CHECK((chosen > 0.0) == (p.detuning_side == "blue"));
      const auto oma = [&](double d) {
        return std::abs(tuned.static_transmission(carrier_Hz, d, 0.5 * swing) -
                        tuned.static_transmission(carrier_Hz, d, -0.5 * swing));
      };
      for (double d = 0.25e9; d < 400e9; d += 0.25e9)
        // Brent stops at half the digits: the OMA there is good to all.
        CHECK(oma(std::copysign(d, chosen)) <= oma(chosen) * (1.0 + 1e-12));
    }
}

TEST_CASE("microring modulator: a drop output without drop waveguide or with two lanes is refused") {
  MicroringModulatorParameters p;
  p.output = "drop";
  CHECK_THROWS_WITH_AS(MicroringModulator("tx", p).start(ring_bundle(2, 8, 8, 32e9, 2.0)),
                       doctest::Contains("tx: 2 lanes drive an output = \"drop\", allowed 1"), ConfigError);
  p.rates = "couplings";
  CHECK_THROWS_WITH_AS(MicroringModulator("tx", p),
                       doctest::Contains("drop_power_coupling = 0 is outside (0, 0.999]"), ConfigError);
  p.rates = "lifetimes";
  CHECK_THROWS_WITH_AS(MicroringModulator("tx", p), doctest::Contains("drop_lifetime = 0 s is outside (0 s"),
                       ConfigError);
}

TEST_CASE("microring modulator: warnings follow the ring as stated, not the keys of another way") {
  const auto warnings_of = [](const MicroringModulatorParameters& p) {
    std::vector<Warning> warnings;
    MicroringModulator("tx", p).validity(ring_bundle(1, 8, 8, 32e9, 1.8), warnings);
    return warnings;
  };
  // 1 mW against 10 W over Q: Q 3900 is below it, Q 20000 of 2 · 28 ps for each of two equal lifetimes above.
  MicroringModulatorParameters p;
  p.rates = "lifetimes";
  CHECK(warnings_of(p).empty());
  p.intrinsic_lifetime_s = p.external_lifetime_s = 2.0 * 2.0 * 20000.0 / (2.0 * constants::pi * carrier_Hz);
  REQUIRE(warnings_of(p).size() == 1);
  CHECK(warnings_of(p)[0].text.find("Q 20000") != std::string::npos);
  // Drop port, finesse 4: its own bound of the Lorentzian error is the one that is printed.
  MicroringModulatorParameters wide;
  wide.output = "drop";
  wide.q_loaded = 570.0;
  REQUIRE(warnings_of(wide).size() == 1);
  CHECK(warnings_of(wide)[0].text.find("finesse 4.0") != std::string::npos);
  const RingRates r = rates_of(wide);
  const auto coupling = [&](double rate) { return 1.0 - std::exp(-2.0 * rate / wide.fsr_Hz); };
  const RoundTripRing same{coupling(r.bus_per_s), coupling(r.drop_per_s),
                           20.0 / std::log(10.0) * r.loss_per_s / wide.fsr_Hz, 0.0};
  const double bound = drop_error_bound(same, 2.0 * constants::pi / finesse(r, wide.fsr_Hz));
  CHECK(warnings_of(wide)[0].text.find(fmt::format("by {:.1f} %", 100.0 * bound)) != std::string::npos);
}

TEST_CASE("microring modulator: latency of a drop output is the delay of its slow modulation") {
  MicroringModulatorParameters p;
  p.output = "drop";
  p.detuning_mode = "fixed";
  p.detuning_Hz = 20e9;
  const MicroringModulator stage("tx", p);
  const Bundle b = ring_bundle(1, 8, 8, 32e9, 2.0);
  Ledger ledger;
  stage.ledger(b, ledger);
  const std::vector<double> f{1e6};
  const Complex slow = stage.small_signal(b, 0, f)[0];
  REQUIRE(ledger.latency.size() == 1);
  // Phase of 1e-5 rad at 1 MHz: next order its cube; red shift and flank make the response positive or
  // negative.
  const double delay_s = -std::arg(slow.real() > 0.0 ? slow : -slow) / (2.0 * constants::pi * f[0]);
  CHECK(rel_error(ledger.latency[0].delay_s, delay_s) <= 1e-7);
}

TEST_CASE("microring modulator: every effect can take its ideal value in every way to state the ring") {
  // Penalties evaluate the link with one or all parameters at their ideal value.
  int checked = 0;
  const Bundle b = ring_bundle(1, 8, 8, 32e9, 2.0);
  for (const char* output : {"through", "drop"})
    for (MicroringModulatorParameters p : three_ways(output))
      for (const char* mode : {"max_oma", "fixed", "insertion_loss"}) {
        p.detuning_mode = mode;
        MicroringModulatorParameters all = p;
        for (const FieldInfo& row : describe<MicroringModulatorParameters>()) {
          if (!row.ideal) continue;
          MicroringModulatorParameters one = p;
          set(one, row.name, *row.ideal);
          set(all, row.name, *row.ideal);
          for (const auto& parameters : {one, all}) {
            const MicroringModulator stage("tx", parameters);
            const std::vector<double> up{1.0}, down{-1.0};
            // It still modulates.
            CHECK(std::abs(stage.transmission(b, carrier_Hz, up) - stage.transmission(b, carrier_Hz, down)) >
                  0.05);
            ++checked;
          }
        }
      }
  CHECK(checked > 200);
}
