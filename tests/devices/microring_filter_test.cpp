#include "devices/microring_filter.hpp"

#include <doctest/doctest.h>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "device_checks.hpp"
#include "devices/physics/ring_integrator.hpp"
#include "microring_support.hpp"
#include "signal/fft.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double c0 = constants::speed_of_light_m_per_s;

Complex response(const MicroringFilter& filter, int port, double carrier_Hz, double offset_Hz = 0.0) {
  std::vector<Complex> h{1.0};
  filter.multiply_optical(port, carrier_Hz, std::vector{offset_Hz}, h);
  return h[0];
}

MicroringFilterParameters ideal_bus() {
  MicroringFilterParameters p;
  p.off_resonance_loss_dB = 0.0;
  p.waveguide_loss_dB_per_m = 0.0;
  return p;
}

}  // namespace

TEST_CASE(
    "microring filter: port i is the product of the through responses before it and its drop response") {
  MicroringFilterParameters p;
  p.coupling = "matched";
  p.tuning_error_Hz = 3e9;
  const MicroringFilter filter("rx", p);
  int checked = 0;
  for (int port = 0; port < 8; ++port)
    for (int c = 0; c < 8; ++c)
      for (const double offset_Hz : {-40e9, 0.0, 25e9}) {
        const double carrier = p.first_frequency_Hz + c * p.spacing_Hz;
        Complex expected = std::pow(filter.passing_field(), port);
        for (int k = 0; k < port; ++k)
          expected *= through_response(
              filter.rates(k), nearest_detuning_Hz(carrier, filter.resonance_Hz(k), p.fsr_Hz) + offset_Hz);
        expected *=
            drop_response(filter.rates(port),
                          nearest_detuning_Hz(carrier, filter.resonance_Hz(port), p.fsr_Hz) + offset_Hz);
        // Rounding of nine factors; detunings of 2e14 Hz keep 0.03 Hz.
        CHECK(std::abs(response(filter, port, carrier, offset_Hz) - expected) <= 1e-11 * std::abs(expected));
        ++checked;
      }
  CHECK(checked == 192);
}

TEST_CASE("microring filter: two neighbours cost what Lorentzian lines say at Q 4200 and 200 GHz") {
  MicroringFilterParameters p = ideal_bus();
  p.drop_loss_dB = 0.0;
  p.rings = 1;  // the last ring of a bus would see neighbours thinned by their own rings: worst case alone
  p.first_frequency_Hz = c0 / 1310e-9;
  const MicroringFilter filter("rx", p);
  const double own = std::norm(response(filter, 0, p.first_frequency_Hz));
  const double neighbours = std::norm(response(filter, 0, p.first_frequency_Hz + 200e9)) +
                            std::norm(response(filter, 0, p.first_frequency_Hz - 200e9));
  // Lorentzian 1/(1 + (2 Δf / FWHM)²), FWHM 54.5 GHz: 1.82 % each; 10 log(1 + 2 · 0.0182) = 0.16 dB.
  const double width = p.first_frequency_Hz / 4200.0;
  CHECK(rel_error(neighbours / own, 2.0 / (1.0 + std::pow(400e9 / width, 2))) <= 1e-10);
  CHECK(abs_error(10.0 * std::log10(1.0 + neighbours / own), 0.16) <= 0.005);
}

TEST_CASE("microring filter: a carrier one FSR away is dropped like the own one") {
  MicroringFilterParameters p = ideal_bus();
  const MicroringFilter filter("rx", p);
  for (const int order : {-2, 1})
    // 2e14 Hz keep 0.03 Hz of a 54 GHz line.
    CHECK(std::abs(response(filter, 0, p.first_frequency_Hz + order * p.fsr_Hz) -
                   response(filter, 0, p.first_frequency_Hz)) <= 1e-10);
  p.fsr_Hz = 1.42e12;  // carriers 0 and 7 are 1.4 THz apart
  CHECK_THROWS_WITH_AS(MicroringFilter("rx", p), doctest::Contains("free spectral range"), ConfigError);
}

TEST_CASE("microring filter: the mode stepped in time gives the same dropped wave as the linear response") {
  MicroringFilterParameters p = ideal_bus();
  p.rings = 2;
  const MicroringFilter filter("rx", p);
  // A smooth periodic field on the carrier of ring 1, offset by 10 GHz.
  const int count = 4096;
  const double dt_s = 0.05e-12, carrier = filter.resonance_Hz(1) + 10e9;
  ComplexWave input(count);
  for (int n = 0; n < count; ++n) {
    const double x = 2.0 * constants::pi * n / count;
    input[n] = 0.02 * Complex(1.0 + 0.5 * std::cos(5.0 * x), 0.3 * std::sin(9.0 * x));
  }
  CarrierBlock block(1, count), mode(1, count);
  ComplexWave stepped(count);
  std::vector<RingIntegrator> rings;
  for (int i = 0; i < 2; ++i)
    rings.emplace_back(filter.rates(i),
                       std::vector{nearest_detuning_Hz(carrier, filter.resonance_Hz(i), p.fsr_Hz)}, dt_s,
                       filter.passing_field(), count);
  for (int period = 0; period < 3; ++period) {
    block.load(0, input);
    for (RingIntegrator& ring : rings) ring.step({std::vector(count, 0.0), {}}, block, &mode);
  }
  mode.save(0, stepped);
  for (Complex& a : stepped) a *= Complex(0.0, std::sqrt(2.0 * filter.rates(1).drop_per_s));

  ComplexWave linear = input;
  const Fft fft(count);
  std::vector<Complex> h(count, 1.0);
  filter.multiply_optical(1, carrier, complex_frequencies_Hz(count, 1.0 / dt_s), h);
  filter_periodic(fft, h, std::span<Complex>(linear));
  double worst = 0.0;
  for (int n = 0; n < count; ++n) worst = std::max(worst, std::abs(stepped[n] - linear[n]));
  // Linear interpolation between samples: (ω dt)²/12 at 44 GHz = 2e-5, on fields of 0.02.
  CHECK(worst <= 2e-5 * 0.02);
  CHECK(worst > 0.0);
}

TEST_CASE("microring filter: without crosstalk each port keeps its own carrier and loses the others") {
  MicroringFilterParameters p, off, half;
  off.crosstalk = 0.0;
  half.crosstalk = 0.5;
  const MicroringFilter filter("rx", p), alone("rx", off), halved("rx", half);
  for (int port = 0; port < 8; ++port)
    for (int c = 0; c < 8; ++c) {
      const double carrier = p.first_frequency_Hz + c * p.spacing_Hz + 3e9;
      const Complex full = response(filter, port, carrier);
      CHECK(response(alone, port, carrier) == (c == port ? full : Complex(0.0)));
      CHECK(response(halved, port, carrier) == (c == port ? full : 0.5 * full));
    }
}

TEST_CASE("microring filter: ledger and warnings follow the inputs") {
  const Bundle b = test::ring_bundle(8, 4, 8, 32e9, 2.0);
  const auto tuning = [&](const MicroringFilterParameters& p) {
    Ledger ledger;
    MicroringFilter("rx", p).ledger(b, ledger);
    CHECK(ledger.latency.size() == 1);
    CHECK(ledger.latency[0].delay_s > 0.0);
    return ledger.energy.at(0).power_W;
  };
  MicroringFilterParameters p, twice;
  twice.resonance_spread_Hz *= 2.0;
  // Rounding.
  CHECK(rel_error(tuning(twice), 2.0 * tuning(p)) <= 1e-14);
  twice.heater_efficiency_m_per_W *= 2.0;
  CHECK(rel_error(tuning(twice), tuning(p)) <= 1e-14);
  std::vector<Warning> warnings;
  MicroringFilter("rx", p).validity(b, warnings);
  CHECK(warnings.empty());
  p.first_frequency_Hz += 100e9;
  MicroringFilter("rx", p).validity(b, warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].text.find("first_frequency") != std::string::npos);
}

TEST_CASE("microring filter: self-heating is computed, with the power above which it is bistable") {
  Bundle b = test::ring_bundle(2, 4, 8, 32e9, 2.0);
  MicroringFilterParameters p;
  p.rings = 2;
  p.thermal_resistance_K_per_W = 2e3;
  const auto warnings = [&] {
    std::vector<Warning> list;
    MicroringFilter("rx", p).validity(b, list);
    return list;
  };
  // On resonance 2α/τ_l U, U = (2/τ_e) P τ²; θ = f (dn/dT)/n_g.
  const RingRates r = MicroringFilter("rx", p).rates(0);
  const double heat_W = 2.0 * 0.63 * r.loss_per_s * 2.0 * r.bus_per_s * 1e-3 / std::pow(r.total_per_s(), 2);
  const double shift_Hz = 228e12 * 1.86e-4 / 3.9 * 2e3 * heat_W;
  REQUIRE(shift_Hz < 0.05 * r.linewidth_Hz());
  CHECK(warnings().empty());
  p.thermal_resistance_K_per_W *= 0.051 * r.linewidth_Hz() / shift_Hz;
  REQUIRE(warnings().size() == 1);
  CHECK(warnings()[0].text.find("0.051 of the linewidth") != std::string::npos);
  CHECK(warnings()[0].text.find("bistable") == std::string::npos);
  // x = 2 shift/linewidth of the peak is X of the cubic, bistable from 8/(3√3) = 1.54 on.
  p.thermal_resistance_K_per_W *= 0.76 / 0.051;
  CHECK(warnings()[0].text.find("bistable") == std::string::npos);
  p.thermal_resistance_K_per_W *= 0.78 / 0.76;
  CHECK(warnings()[0].text.find("bistable above") != std::string::npos);
}

TEST_CASE("microring filter: every parameter refuses values outside its range by name") {
  test::check_range_messages<MicroringFilter, MicroringFilterParameters>();
}
