#include "devices/physics/ring_orders.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "../microring_support.hpp"
#include "core/constants.hpp"
#include "core/error.hpp"
#include "devices/microring_filter.hpp"
#include "devices/microring_modulator.hpp"
#include "devices/physics/ring_bus.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = constants::pi;

Complex drop(const MicroringFilter& filter, int port, double carrier_Hz) {
  std::vector<Complex> h{1.0};
  filter.multiply_optical(port, carrier_Hz, std::vector{0.0}, h);
  return h[0];
}

// The ring by round trips that has the rates of a coupled mode.
RoundTripRing round_trip_ring(const RingRates& rates, double fsr_Hz) {
  const auto coupling = [&](double rate) { return -std::expm1(-2.0 * rate / fsr_Hz); };
  return {coupling(rates.bus_per_s), coupling(rates.drop_per_s),
          20.0 / std::log(10.0) * rates.loss_per_s / fsr_Hz, 0.0};
}

// 16 carriers of 200 GHz over 3 THz on rings of 1.7 THz: carriers of the second order fall 100 GHz beside
// those of the first.
MicroringFilterParameters interleaved() {
  MicroringFilterParameters p;
  p.rings = 16;
  p.fsr_Hz = 1.7e12;
  p.q_loaded = 9000.0;
  p.off_resonance_loss_dB = p.waveguide_loss_dB_per_m = 0.0;
  return p;
}

}  // namespace

TEST_CASE("ring orders: distances are modulo the free spectral range") {
  const std::vector<double> carrier_Hz{228.0e12, 228.4e12, 230.1e12, 233.0e12};
  // 228.4 and 230.1 differ by 1.7 THz = 1.6 + 0.1; 228.0 and 233.0 by 5.0 = 3 x 1.6 + 0.2.
  const OrderPair pair = nearest_pair(carrier_Hz, 1.6e12);
  CHECK(pair.first == 1);
  CHECK(pair.second == 2);
  CHECK(rel_error(pair.distance_Hz, 0.1e12) <= 1e-10);  // 2e14 Hz keep 0.03 Hz
  CHECK(std::isinf(nearest_pair(std::vector{228e12}, 1.6e12).distance_Hz));
  require_own_orders("rx", carrier_Hz, 1.6e12, 99e9);
  CHECK_THROWS_WITH_AS(require_own_orders("rx", carrier_Hz, 1.6e12, 101e9),
                       doctest::Contains("rx: carriers 1 and 2, 1.7 THz apart, lie 100 GHz from each other"),
                       ConfigError);
  std::vector<Warning> warnings;
  check_orders("rx", carrier_Hz, 1.6e12, warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].text.find("carriers 1 and 2 are 100 GHz apart") != std::string::npos);
  check_orders("rx", carrier_Hz, 20e12, warnings);  // one order holds them all
  CHECK(warnings.size() == 1);
}

// Oracle: the round-trip solution, all orders at once; the distance of the coupled modes is bounded by
// theory.
TEST_CASE("ring orders: a filter bus over two orders is the product of round-trip responses at every port") {
  const MicroringFilterParameters p = interleaved();
  const MicroringFilter filter("rx", p);
  double largest_neighbour = 0.0;
  int checked = 0;
  for (int port = 0; port < p.rings; ++port)
    for (int c = 0; c < p.rings; ++c) {
      const double carrier = p.first_frequency_Hz + c * p.spacing_Hz;
      double exact = 1.0, bound = 1.0;
      for (int k = 0; k <= port; ++k) {
        const RoundTripRing ring = round_trip_ring(filter.rates(k), p.fsr_Hz);
        const double phase = 2.0 * pi * std::remainder((carrier - filter.resonance_Hz(k)) / p.fsr_Hz, 1.0);
        exact *= std::abs(k == port ? round_trip_drop(ring, phase) : round_trip_through(ring, phase));
        bound *= 1.0 + (k == port ? drop_error_bound(ring, phase) : through_error_bound(ring, phase));
      }
      const double actual = std::abs(drop(filter, port, carrier));
      // |x| of the coupled modes lies within the product of the bounds, 1e-9 for rounding near dark ports.
      CHECK(abs_error(actual, exact) <= (bound - 1.0) * actual + 1e-9);
      if (c != port) largest_neighbour = std::max(largest_neighbour, exact * exact);
      ++checked;
    }
  CHECK(checked == 256);
  // 100 GHz beside a line of 25.4 GHz: 1/(1 + (200/25.4)²) = 1.6 %, four times the 0.4 % of 200 GHz.
  CHECK(abs_error(largest_neighbour, 0.0158 * std::pow(10.0, -0.05)) <= 5e-4);
}

// Oracle: crosstalk of a wavelength-selective ring at distance d, 1 + sin²(π d/FSR) / sin²(π/(2F)) over its
// peak, F the finesse at half power.
TEST_CASE("ring orders: suppression of a carrier follows the periodic closed form over the whole range") {
  const MicroringFilterParameters p = interleaved();
  const RoundTripRing ring = round_trip_ring(MicroringFilter("rx", p).rates(0), p.fsr_Hz);
  const double peak = std::norm(round_trip_drop(ring, 0.0));
  double low = 0.0, high = pi;  // phase of half power
  for (int k = 0; k < 80; ++k)
    (std::norm(round_trip_drop(ring, 0.5 * (low + high))) > 0.5 * peak ? low : high) = 0.5 * (low + high);
  const double finesse_half = pi / low;  // FSR / (2 · half width)
  for (const double share : {0.01, 0.1, 0.25, 0.5}) {
    const double expected =
        1.0 + std::pow(std::sin(pi * share), 2) / std::pow(std::sin(pi / (2.0 * finesse_half)), 2);
    // The same function of the phase: rounding of the bisection.
    CHECK(rel_error(peak / std::norm(round_trip_drop(ring, 2.0 * pi * share)), expected) <= 1e-9);
  }
}

TEST_CASE("ring orders: a filter warns where orders interleave and refuses where two carriers share a ring") {
  MicroringFilterParameters p = interleaved();
  const Bundle b = test::ring_bundle(16, 4, 8, 32e9, 2.0);
  const auto warned = [&](const MicroringFilterParameters& each) {
    std::vector<Warning> warnings;
    MicroringFilter("rx", each).validity(b, warnings);
    std::size_t count = 0;
    for (const Warning& warning : warnings)
      count += warning.text.find("orders interleave") != std::string::npos;
    return count;
  };
  CHECK(warned(p) == 1);
  p.fsr_Hz = 3.2e12;
  CHECK(warned(p) == 0);
  p.fsr_Hz = 1.6e12;
  CHECK_THROWS_WITH_AS(MicroringFilter("rx", p), doctest::Contains("carriers 0 and 8"), ConfigError);
}

// Oracle: the round-trip response of every ring, the same bound.
TEST_CASE("ring orders: a modulator bus over two orders passes each carrier as round trips say") {
  MicroringModulatorParameters p;
  p.fsr_Hz = 1.7e12;
  p.q_loaded = 9000.0;
  p.off_resonance_loss_dB = p.waveguide_loss_dB_per_m = 0.0;
  const MicroringModulator stage("tx", p);
  const Bundle b = test::ring_bundle(16, 4, 8, 32e9, 2.0);
  const auto rings = stage.align(b);
  const double own_Hz = stage.own_detuning_Hz(b.carrier_Hz[0], 2.0);
  int checked = 0;
  for (int c = 0; c < 16; ++c) {
    double exact = 1.0, bound = 1.0, actual = 1.0;
    for (int i = 0; i < 16; ++i) {
      const RoundTripRing ring = round_trip_ring(rings[i].rates, p.fsr_Hz);
      const double own = stage.own_detuning_Hz(b.carrier_Hz[i], 2.0);
      const double phase =
          2.0 * pi * std::remainder((b.carrier_Hz[c] - b.carrier_Hz[i] + own) / p.fsr_Hz, 1.0);
      exact *= std::abs(round_trip_through(ring, phase));
      bound *= 1.0 + through_error_bound(ring, phase);
      actual *= std::abs(rest_response(rings[i], c));
    }
    CHECK(abs_error(actual, exact) <= (bound - 1.0) * actual + 1e-9);
    ++checked;
  }
  CHECK(checked == 16);
  CHECK(own_Hz > 0.0);
  p.fsr_Hz = 1.6e12;
  CHECK_THROWS_WITH_AS(MicroringModulator("tx", p).start(b), doctest::Contains("carriers 0 and 8"),
                       ConfigError);
}

// Oracle: SAX 0.9.2 (tests/data/README.md), eight add-drop rings on one bus, ring i longer by 0.0008 i.
TEST_CASE("ring orders: the filter device follows the bus of another solver over its whole spectrum") {
  constexpr double c0 = constants::speed_of_light_m_per_s;
  constexpr double effective = 2.41756358556589, group = 4.2, reference_m = 1.55e-6;
  const auto rows = test::read_csv("tests/data/microring_bus8_sax.csv");
  REQUIRE(rows.size() == 2001);
  // β L = 2π m with n_eff linear in wavelength: f = c/n_g (m/L + (n_g - n_eff)/λ₀).
  const double length_m = 2.0 * pi * 5e-6;
  const auto resonance_Hz = [&](int ring) {
    const double longer_m = length_m * (1.0 + 0.0008 * ring), offset = (group - effective) / reference_m;
    const double order = std::round(longer_m * (group / reference_m - offset));
    return c0 / group * (order / longer_m + offset);
  };
  MicroringFilterParameters p;
  p.off_resonance_loss_dB = p.waveguide_loss_dB_per_m = 0.0;
  p.fsr_Hz = free_spectral_range_Hz(length_m, group);
  const RingRates rates = rates_from_couplings(0.06, 0.06, 0.2, p.fsr_Hz);
  p.drop_loss_dB = -20.0 * std::log10(std::abs(drop_response(rates, 0.0)));
  p.first_frequency_Hz = resonance_Hz(0);
  p.spacing_Hz = resonance_Hz(1) - resonance_Hz(0);
  for (int i = 0; i < 8; ++i)
    p.frequency_errors_Hz.push_back(resonance_Hz(i) - p.first_frequency_Hz - i * p.spacing_Hz);
  p.q_loaded = rates.q_loaded(p.first_frequency_Hz);
  const MicroringFilter filter("rx", p);
  CHECK(p.spacing_Hz < -80e9);
  int misses = 0;
  for (const auto& row : rows)
    for (int port = 0; port < 8; ++port) {
      double bound = 1.0;
      for (int k = 0; k <= port; ++k) {
        const RoundTripRing ring = round_trip_ring(filter.rates(k), p.fsr_Hz);
        const double phase =
            2.0 * pi * std::remainder((c0 / row[0] - filter.resonance_Hz(k)) / p.fsr_Hz, 1.0);
        bound *= 1.0 + (k == port ? drop_error_bound(ring, phase) : through_error_bound(ring, phase));
      }
      const double actual = std::abs(drop(filter, port, c0 / row[0])), expected = std::sqrt(row[2 + port]);
      // One Q for rings whose free spectral ranges differ by up to 0.56 %, which moves couplings and far
      // orders by as much.
      if (!(abs_error(actual, expected) <= (bound - 1.0 + 0.0056) * actual + 1e-3)) ++misses;
    }
  CHECK(misses == 0);
}
