#include "devices/physics/ring.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "devices/physics/ring_bus.hpp"
#include "devices/physics/ring_round_trip.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = constants::pi;
constexpr double circumference_m = 2.0 * pi * 5e-6;
// The ring of both reference spectra: Photontorch (commit 57296d4) and SAX 0.9.2.
constexpr WaveguideIndex index{.effective = 2.41756358556589, .group = 4.2, .reference_m = 1.55e-6};
constexpr double resonance_Hz = 228e12;

}  // namespace

TEST_CASE("ring: round-trip all-pass field equals the Photontorch spectrum (its e^{-jωt} conjugated)") {
  const RoundTripRing ring{
      .bus_power_coupling = 0.06, .round_trip_loss_dB = 0.2, .length_m = circumference_m};
  double worst_power = 0.0, worst_field = 0.0;
  int rows = 0;
  for (const auto& row : test::read_csv("tests/data/microring_allpass_photontorch.csv")) {
    const Complex field = round_trip_through(ring, index.propagation_per_m(row[0]) * circumference_m);
    worst_power = std::max(worst_power, abs_error(std::norm(field), row[3]));
    worst_field = std::max(worst_field, std::abs(field - Complex(row[1], -row[2])));
    ++rows;
  }
  CHECK(rows == 4001);
  // Phases of 310 rad carry 6e-14, times dP/dφ of at most 13.
  CHECK(worst_power <= 1e-12);
  // The same times |dH/dφ| of at most 37 on resonance.
  CHECK(worst_field <= 3e-12);
}

TEST_CASE("ring: bus of eight add-drop rings equals the SAX spectrum") {
  std::vector<RoundTripRing> rings;
  for (int i = 0; i < 8; ++i) {
    const double longer = 1.0 + 0.0008 * i;
    rings.push_back({0.06, 0.06, 0.2 * longer, circumference_m * longer});
  }
  const auto rows = test::read_csv("tests/data/microring_bus8_sax.csv");
  std::vector<double> beta;
  for (const auto& row : rows) beta.push_back(index.propagation_per_m(row[0]));
  const BusSpectrum bus = bus_spectrum(rings, beta);
  double worst = 0.0, worst_field = 0.0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    double left = 1.0;
    for (int i = 0; i < 8; ++i) {
      worst = std::max(worst, abs_error(bus.drop[i][k], rows[k][2 + i]));
      const double phase = beta[k] * rings[i].length_m;
      worst_field = std::max(worst_field,
                             abs_error(bus.drop[i][k], left * std::norm(round_trip_drop(rings[i], phase))));
      left *= std::norm(round_trip_through(rings[i], phase));
    }
    worst = std::max(worst, abs_error(bus.through[k], rows[k][1]));
  }
  CHECK(rows.size() == 2001);
  // SAX and a second solver agree to 6.6e-13; 15 digits in the file.
  CHECK(worst <= 1e-9);
  // The power form against the field form of the same formula: rounding times finesse.
  CHECK(worst_field <= 1e-12);
}

TEST_CASE("ring: the Lorentzian stays within its stated distance of the round-trip response at every phase") {
  int checked = 0;
  double tightest = 1.0;
  for (const double bus : {0.01, 0.06, 0.2})
    for (const double drop : {0.0, 0.06, 0.2})
      for (const double loss_dB : {0.02, 0.2, 1.0}) {
        const RoundTripRing ring{bus, drop, loss_dB, circumference_m};
        const RingRates rates = rates_from_couplings(bus, drop, loss_dB, 1.6e12);
        for (double phase = -pi; phase <= pi; phase += 0.05) {
          const double detuning_Hz = phase / (2.0 * pi) * 1.6e12;
          const Complex coupled = through_response(rates, detuning_Hz);
          const double error = std::abs(round_trip_through(ring, phase) - coupled);
          const double bound = std::abs(coupled) * through_error_bound(ring, phase);
          // Rounding of the difference.
          CHECK(error <= bound + 1e-15);
          tightest = std::min(tightest, 1.0 - error / (bound + 1e-15));
          if (drop == 0.0) continue;
          const Complex dropped = drop_response(rates, detuning_Hz);
          // The drop field changes sign from order to order; order 0 has the sign of the coupled mode.
          CHECK(std::abs(round_trip_drop(ring, phase) - dropped) <=
                std::abs(dropped) * drop_error_bound(ring, phase) + 1e-15);
          ++checked;
        }
      }
  CHECK(checked > 1000);
  // 2/π² stands for a sum that is at least 1/6: somewhere the bound is used to more than three quarters.
  CHECK(tightest < 0.25);
}

TEST_CASE("ring: lifetimes from Q and depth, from couplings, and back") {
  // Algebra of a few operations.
  constexpr double tol = 1e-13;
  for (const Coupling side : {Coupling::under, Coupling::over}) {
    const RingRates r = all_pass_rates(resonance_Hz, 4500.0, 15.0, side);
    CHECK(rel_error(r.q_loaded(resonance_Hz), 4500.0) <= tol);
    CHECK(rel_error(through_power(r, 0.0), std::pow(10.0, -1.5)) <= tol);
    CHECK((r.bus_per_s < r.loss_per_s) == (side == Coupling::under));
    CHECK(rel_error(r.linewidth_Hz(), resonance_Hz / 4500.0) <= tol);
  }
  for (const DropCoupling kind : {DropCoupling::symmetric, DropCoupling::matched}) {
    const RingRates r = add_drop_rates(resonance_Hz, 4200.0, 1.0, kind);
    CHECK(rel_error(std::norm(drop_response(r, 0.0)), std::pow(10.0, -0.1)) <= tol);
    CHECK(rel_error(r.q_loaded(resonance_Hz), 4200.0) <= tol);
    if (kind == DropCoupling::matched) CHECK(std::abs(through_response(r, 0.0)) <= tol);
    if (kind == DropCoupling::symmetric) CHECK(rel_error(r.bus_per_s, r.drop_per_s) <= tol);
  }
  const RingRates lossless = add_drop_rates(resonance_Hz, 4200.0, 0.0, DropCoupling::symmetric);
  for (const double detuning_Hz : {0.0, 10e9, -70e9, 800e9})
    CHECK(abs_error(through_power(lossless, detuning_Hz) + std::norm(drop_response(lossless, detuning_Hz)),
                    1.0) <= tol);
  CHECK_THROWS_AS(all_pass_rates(resonance_Hz, -1.0, 15.0, Coupling::under), DomainError);
  CHECK_THROWS_AS(rates_from_couplings(1.0, 0.0, 0.2, 1e12), DomainError);
}

TEST_CASE("ring: published lifetimes 8.7 and 9.01 ps give the published Q, width and dip") {
  // Lin et al., OFC 2026, Th2A.14: tau_l, tau_e printed; dip -36.4 dB measured, linewidth of Q 2679 follows.
  const RingRates r{1.0 / 8.7e-12, 1.0 / 9.01e-12, 0.0};
  // Four printed digits of the lifetimes.
  CHECK(rel_error(r.linewidth_Hz(), 71.9e9) <= 1e-3);
  CHECK(rel_error(r.q_loaded(constants::speed_of_light_m_per_s / 1556.335e-9), 2679.0) <= 1e-3);
  // A dip of 35 dB moves by dB for 1 % of a lifetime: the difference of the two has two digits.
  CHECK(abs_error(-10.0 * std::log10(through_power(r, 0.0)), 35.1) <= 0.2);
}

TEST_CASE("ring: carriers see the nearest order, half an FSR at most") {
  constexpr double fsr = 1.6e12;
  CHECK(nearest_detuning_Hz(resonance_Hz + 10e9, resonance_Hz, fsr) == 10e9);
  // Differences of 2e14 Hz keep 0.03 Hz.
  CHECK(abs_error(nearest_detuning_Hz(resonance_Hz + 3.0 * fsr - 20e9, resonance_Hz, fsr), -20e9) <= 0.1);
  CHECK(abs_error(nearest_detuning_Hz(resonance_Hz - 0.6 * fsr, resonance_Hz, fsr), 0.4 * fsr) <= 0.1);
  CHECK(rel_error(free_spectral_range_Hz(circumference_m, 4.2), 1.0 / 0.44013e-12) <= 1e-5);
}

TEST_CASE("ring: light dropped at any speed is energy that the through port lacks") {
  // Oracle: conservation of energy, |s_in|² = |s_thru|² + d|a|²/dt + (2/τ_l + 2/τ_d)|a|², for a shift of the
  // resonance: δP_thru = -(s + 2/τ_l + 2/τ_d) δ|a|² with δP_drop = (2/τ_d) δ|a|².
  const RingRates r{0.4e11, 0.7e11, 0.5e11};
  for (const double detuning_Hz : {-60e9, -15e9, 5e9, 25e9, 90e9})
    for (const double f : {0.0, 1e9, 20e9, 60e9, 200e9}) {
      const RateChange shift{.resonance_Hz = 1e9};
      const Complex through = small_signal_response(r, detuning_Hz, shift, f),
                    drop = small_signal_response(r, detuning_Hz, shift, f, RingPort::drop);
      const Complex s(0.0, 2.0 * pi * f);
      const Complex lacking = -(s + 2.0 * (r.loss_per_s + r.drop_per_s)) * drop / (2.0 * r.drop_per_s);
      // Rounding of a few operations.
      CHECK(std::abs(through - lacking) <= 1e-13 * std::abs(through));
      // A change of 1/τ_l takes 2 δ(1/τ_l) |a|² beside: |a|² = drop power τ_d/2.
      const RateChange loss{.loss_per_s = 1e9};
      const Complex through_loss = small_signal_response(r, detuning_Hz, loss, f),
                    drop_loss = small_signal_response(r, detuning_Hz, loss, f, RingPort::drop);
      const Complex taken = -(s + 2.0 * (r.loss_per_s + r.drop_per_s)) * drop_loss / (2.0 * r.drop_per_s) -
                            2.0 * 1e9 * port_power(r, RingPort::drop, detuning_Hz) / (2.0 * r.drop_per_s);
      // Rounding; the two terms nearly cancel where the through power does not depend on the loss.
      CHECK(std::abs(through_loss - taken) <= 1e-13 * (std::abs(through_loss) + std::abs(drop_loss)));
    }
}

TEST_CASE("ring: drop port: small signal at f = 0 equals central differences of the static curve") {
  const RingRates r = add_drop_rates(resonance_Hz, 4500.0, 1.5, DropCoupling::symmetric);
  for (const double detuning_Hz : {-60e9, -15e9, 5e9, 25e9, 90e9}) {
    const double h = 1e4, g = 1e-7 * r.loss_per_s;
    RingRates up = r, down = r;
    up.loss_per_s += g;
    down.loss_per_s -= g;
    const auto power = [](const RingRates& rates, double d) { return port_power(rates, RingPort::drop, d); };
    const double slope = (power(r, detuning_Hz + h) - power(r, detuning_Hz - h)) / (2.0 * h);
    const double loss_slope = (power(up, detuning_Hz) - power(down, detuning_Hz)) / (2.0 * g);
    const Complex shift = small_signal_response(r, detuning_Hz, {.resonance_Hz = 1.0}, 0.0, RingPort::drop);
    const Complex loss = small_signal_response(r, detuning_Hz, {.loss_per_s = 1.0}, 0.0, RingPort::drop);
    // Rounding of the differences, 1e-16 over a change of 1e-7 of the curve or less.
    CHECK(rel_error(-shift.real(), slope) <= 1e-6);
    CHECK(rel_error(loss.real(), loss_slope) <= 1e-6);
    CHECK(shift.imag() == 0.0);
    const double f = 1e5;
    const Complex near =
        small_signal_response(r, detuning_Hz, {.resonance_Hz = 1.0}, f, RingPort::drop) / shift;
    // First order in f τ = 1e-6; the next term is its square.
    CHECK(abs_error(-std::arg(near) / (2.0 * pi * f), modulation_delay_s(r, detuning_Hz, RingPort::drop)) <=
          1e-16);
  }
  // Both output forms are the two responses: s_out = direct s_in + j mode a.
  for (const RingPort port : {RingPort::through, RingPort::drop}) {
    const PortCoupling out = port_coupling(r, port);
    const Complex field = out.direct + Complex(0.0, out.mode_per_sqrt_s) * mode_response(r, 13e9);
    CHECK(std::abs(field - port_response(r, port, 13e9)) <= 1e-14);
  }
}

TEST_CASE(
    "ring: slopes equal central differences of the static curve, small signal at f = 0 equals the slopes") {
  for (const Coupling side : {Coupling::under, Coupling::over}) {
    const RingRates r = all_pass_rates(resonance_Hz, 4500.0, 12.0, side);
    for (const double detuning_Hz : {-60e9, -15e9, 5e9, 25e9, 90e9}) {
      const double h = 1e4, g = 1e-7 * r.loss_per_s;
      RingRates up = r, down = r;
      up.loss_per_s += g;
      down.loss_per_s -= g;
      const double slope =
          (through_power(r, detuning_Hz + h) - through_power(r, detuning_Hz - h)) / (2.0 * h);
      const double loss_slope =
          (through_power(up, detuning_Hz) - through_power(down, detuning_Hz)) / (2.0 * g);
      // Rounding of the differences, 1e-16 over a change of 1e-7 of the curve or less.
      CHECK(rel_error(through_power_slope_per_Hz(r, detuning_Hz), slope) <= 1e-6);
      CHECK(rel_error(through_power_slope_per_loss_s(r, detuning_Hz), loss_slope) <= 1e-6);
      const Complex shift = small_signal_response(r, detuning_Hz, {.resonance_Hz = 1.0}, 0.0);
      const Complex loss = small_signal_response(r, detuning_Hz, {.loss_per_s = 1.0}, 0.0);
      // Same algebra, rounding only. A red-moving resonance is a blue-moving carrier.
      CHECK(rel_error(shift.real(), -through_power_slope_per_Hz(r, detuning_Hz)) <= 1e-12);
      CHECK(rel_error(loss.real(), through_power_slope_per_loss_s(r, detuning_Hz)) <= 1e-12);
      const double f = 1e5;
      const Complex near = small_signal_response(r, detuning_Hz, {.resonance_Hz = 1.0}, f) / shift;
      // First order in f τ = 1e-6; the next term is its square.
      CHECK(abs_error(-std::arg(near) / (2.0 * pi * f), modulation_delay_s(r, detuning_Hz)) <= 1e-16);
    }
  }
}
