#include "devices/bragg_filter.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/numeric/odeint.hpp>
#include <cmath>
#include <numbers>

#include "device_checks.hpp"
#include "devices/physics/optics.hpp"
#include "filter_support.hpp"
#include "signal/grid.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = std::numbers::pi;

/// The coupled-mode equations from z = L back to 0 by Boost.Odeint, tolerance 1e-11.
BraggFields integrated(const BraggGrating& grating, double detuning_per_m) {
  using State = std::array<double, 4>;  // Re A, Im A, Re B, Im B
  State state{1.0, 0.0, 0.0, 0.0};
  const auto slope = [&](const State& x, State& dx, double z) {
    const double place = 2.0 * z / grating.length_m - 1.0;
    const double kappa = grating.coupling_per_m * std::exp(-grating.apodisation * place * place);
    const Complex a(x[0], x[1]), b(x[2], x[3]), j(0.0, 1.0);
    const Complex da = -j * detuning_per_m * a - j * kappa * b, db = j * detuning_per_m * b + j * kappa * a;
    dx = {da.real(), da.imag(), db.real(), db.imag()};
  };
  using namespace boost::numeric::odeint;
  integrate_adaptive(make_controlled<runge_kutta_dopri5<State>>(1e-11, 1e-11), slope, state, grating.length_m,
                     0.0, -1e-3 * grating.length_m);
  const Complex a(state[0], state[1]), b(state[2], state[3]);
  return {b / a, 1.0 / a};
}

}  // namespace

TEST_CASE("bragg filter: every parameter refuses values outside its range by name") {
  test::check_range_messages<BraggFilter, BraggFilterParameters>();
}

TEST_CASE("bragg grating: a uniform one reflects tanh² κL at its centre and nothing at its zeros") {
  const BraggGrating grating{.coupling_per_m = 1e4, .length_m = 200e-6};
  // Rounding.
  CHECK(rel_error(std::norm(bragg_fields(grating, 0.0).reflected), std::pow(std::tanh(2.0), 2)) <= 1e-14);
  for (const int order : {1, 2}) {
    const double zero_per_m = std::hypot(order * pi, 2.0) / grating.length_m;
    CHECK(std::abs(bragg_fields(grating, zero_per_m).reflected) <= 1e-14);
    CHECK(std::abs(bragg_fields(grating, -zero_per_m).reflected) <= 1e-14);
  }
  // At the edge δ = κ, sinh(sL)/s → L: |r|² = (κL)² / (1 + (κL)²).
  CHECK(rel_error(std::norm(bragg_fields(grating, 1e4).reflected), 4.0 / 5.0) <= 1e-9);
}

TEST_CASE(
    "bragg grating: reflection and transmission follow the coupled-mode equations, uniform or apodised") {
  for (const double apodisation : {0.0, 2.0, 4.0})
    for (const double detuning : {0.0, 0.4, 0.98, 1.3, 3.0}) {
      const BraggGrating grating{1e4, 400e-6, apodisation};
      const BraggFields closed = bragg_fields(grating, detuning * 1e4),
                        exact = integrated(grating, detuning * 1e4);
      CAPTURE(apodisation);
      CAPTURE(detuning);
      // Sections of constant κ are second order: (2/64)² a/… = 4e-4; uniform ones are exact but for Odeint's
      // 1e-9.
      const double tolerance = apodisation == 0.0 ? 1e-8 : 4e-4;
      CHECK(std::abs(closed.reflected - exact.reflected) <= tolerance);
      CHECK(std::abs(closed.transmitted - exact.transmitted) <= tolerance);
      CHECK(abs_error(std::norm(closed.reflected) + std::norm(closed.transmitted), 1.0) <= 1e-12);
    }
}

TEST_CASE("bragg grating: apodisation takes the side lobes down") {
  // κL = 5 in the middle. Beyond twice the stop band a uniform grating has lobes of (κ/δ)² = -6 dB and below.
  double uniform = 0.0, apodised = 0.0;
  for (double detuning = 2.0e4; detuning < 1e5; detuning += 100.0) {
    uniform = std::max(uniform, std::norm(bragg_fields({1e4, 500e-6, 0.0}, detuning).reflected));
    apodised = std::max(apodised, std::norm(bragg_fields({1e4, 500e-6, 4.0}, detuning).reflected));
  }
  CHECK(10.0 * std::log10(uniform) > -8.0);
  CHECK(10.0 * std::log10(apodised) < -25.0);
}

TEST_CASE("bragg filter: passband i is dropped by grating i behind the transmission of those in front") {
  BraggFilterParameters p;
  p.passing_loss_dB = 0.1;
  p.insertion_loss_dB = 0.7;
  const BraggFilter filter("demux", p);
  int checked = 0;
  for (int port = 0; port < 4; ++port)
    for (const double f : {228.0e12, 228.13e12, 228.8e12, 229.7e12, 230.4e12}) {
      double expected = std::pow(10.0, -0.07 - 0.01 * port);
      for (int k = 0; k <= port; ++k) {
        const double delta = 2.0 * pi * p.group_index * (f - 228e12 - 800e9 * k) / 299792458.0;
        const BraggFields fields = bragg_fields({p.coupling_per_m, p.length_m, p.apodisation}, delta);
        expected *= std::norm(k == port ? fields.reflected : fields.transmitted);
      }
      // 0.03 Hz of rounding at 228 THz on a slope of 1e-11 per Hz.
      CHECK(abs_error(test::filter_power(filter, port, f), expected) <= 1e-11);
      ++checked;
    }
  CHECK(checked == 20);
}

TEST_CASE("bragg filter: the spline over the sidebands of a signal is the passband itself") {
  for (const double apodisation : {0.0, 0.5, 3.0})
    for (const int port : {0, 2}) {
      BraggFilterParameters p;
      p.apodisation = apodisation;
      const BraggFilter filter("demux", p);
      const double carrier_Hz =
          p.first_frequency_Hz + port * p.spacing_Hz + 90e9;  // near the edge of the band
      const auto offset_Hz = complex_frequencies_Hz(4096, 16 * 53e9);
      std::vector<Complex> response(offset_Hz.size(), Complex(0.0, 1.0));
      filter.multiply_optical(port, carrier_Hz, offset_Hz, response);
      double worst = 0.0;
      for (std::size_t k = 0; k < response.size(); k += 13)
        worst = std::max(worst, std::abs(response[k] - Complex(0.0, 1.0) *
                                                           filter.passband(port, carrier_Hz + offset_Hz[k])));
      CAPTURE(apodisation);
      CHECK(worst <= 1e-6);
    }
}

TEST_CASE("bragg filter: what leaves at all ports never exceeds the input") {
  BraggFilterParameters p;
  p.passing_loss_dB = p.insertion_loss_dB = 0.0;
  const BraggFilter filter("demux", p);
  for (int i = 0; i < 60; ++i) {
    double sum = 0.0;
    for (int port = 0; port < 4; ++port) sum += test::filter_power(filter, port, 227.5e12 + 60e9 * i);
    CHECK(sum <= 1.0 + 1e-12);
  }
}

TEST_CASE(
    "bragg filter: a coupling that fits the CWDM grid has the flat width and crosstalk that Yu 2026 "
    "publish") {
  // From the width alone: 2κ of wave numbers are 18 nm at 1301 nm with n_g = 4.2, κ = π n_g Δλ / λ².
  const double kappa = pi * 4.2 * 18e-9 / (1301e-9 * 1301e-9);
  BraggFilterParameters p{.coupling_per_m = kappa, .length_m = 60e-6 * 4.0, .apodisation = 4.0};
  const std::vector<double> cwdm_m{1271e-9, 1291e-9, 1311e-9, 1331e-9};
  p.wavelengths_m = cwdm_m;
  const BraggFilter filter("mux", p);
  for (std::size_t c = 0; c < 4; ++c) {
    const double width_nm = 1e9 * test::filter_width_m(filter, static_cast<int>(c), cwdm_m[c], 1.0);
    CAPTURE(width_nm);
    // Published: flat over 16 to 20 nm.
    CHECK(width_nm >= 15.0);
    CHECK(width_nm <= 20.0);
    const double own = test::filter_power(filter, static_cast<int>(c), optical_frequency_Hz(cwdm_m[c]));
    for (std::size_t other = 0; other < 4; ++other)
      if (other != c) {
        // Published crosstalk -25 dB; the ideal grating may only be better.
        CHECK(10.0 * std::log10(test::filter_power(filter, static_cast<int>(c),
                                                   optical_frequency_Hz(cwdm_m[other])) /
                                own) <
              -25.0);
      }
  }
}

TEST_CASE("bragg filter: overlapping stop bands and strong coupling warn") {
  const auto warnings = [](const BraggFilterParameters& p) {
    std::vector<Warning> list;
    BraggFilter("mux", p).validity({}, list);
    return list;
  };
  CHECK(warnings({}).empty());
  // 2 · 8e4 · c / (2π 4.2) = 1.8 THz.
  CHECK(warnings({.coupling_per_m = 8e4}).at(0).text.find("overlap") != std::string::npos);
  CHECK(warnings({.coupling_per_m = 2e5, .channels = 1}).at(0).text.find("wave number") != std::string::npos);
  Ledger ledger;
  BraggFilter("mux", {}).ledger({}, ledger);
  // Half of four gratings.
  CHECK(rel_error(ledger.latency.at(0).delay_s, 2.0 * 300e-6 * 4.2 / 299792458.0) <= 1e-14);
  CHECK(ledger.energy.empty());
}
