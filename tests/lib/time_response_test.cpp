#include "network/time_response.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "lib/line_networks.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

double normal_integral(double x) {
  return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

/// One port of frequency response `response`.
template <class Response>
SParameters one_port(const std::vector<double>& frequency_Hz, Response response) {
  SParameters n{1, 50.0, frequency_Hz, {}};
  for (const double f : frequency_Hz) n.s.push_back(response(f));
  return n;
}

const ResponseFilter edge{.rise_time_s = 20e-12};

}  // namespace

TEST_CASE("time response: a through line answers with the Gaussian edge itself, impulse, step and pulse") {
  Context context;
  const SParameters through = one_port(test::grid_Hz(50e6, 801), [](double) { return Complex(0.8); });
  const double sigma_s = gaussian_sigma_s(edge.rise_time_s), step_s = 1e-12, width_s = 100e-12;
  const TimeResponse h = impulse_response(through, 0, 0, edge, step_s, context);
  const TimeResponse a = step_response(through, 0, 0, edge, step_s, context);
  const TimeResponse p = pulse_response(through, 0, 0, edge, width_s, step_s, context);
  double impulse_error = 0.0, step_error = 0.0, pulse_error = 0.0;
  for (std::size_t i = 0; i < h.value.size(); ++i) {
    const double t = h.time_s(i), z = t / sigma_s;
    impulse_error = std::max(
        impulse_error,
        abs_error(h.value[i] * sigma_s, 0.8 * std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi)));
    step_error = std::max(step_error, abs_error(a.value[i], 0.8 * normal_integral(z)));
    pulse_error = std::max(
        pulse_error,
        abs_error(p.value[i], 0.8 * (normal_integral(z) - normal_integral((t - width_s) / sigma_s))));
  }
  // A constant is interpolated exactly, the filter is below 1e-300 at the end of the band: roundings.
  CHECK(impulse_error <= 1e-12);
  CHECK(pulse_error <= 1e-12);
  // The step falls back to 0 at the end of the period only.
  CHECK(step_error <= 1e-12);
  // 2 x 0.8416 = 1.6832 standard deviations lie between 20 and 80 %: four digits in the standard.
  CHECK(abs_error(a.value[a.index_of(10e-12)] / 0.8, 0.8) <= 1e-4);
}

TEST_CASE("time response: a low pass answers with its exponential, folded with the edge") {
  Context context;
  const double tau_s = 200e-12;
  const SParameters low_pass = one_port(test::grid_Hz(10e6, 6001), [&](double f) {
    return 1.0 / Complex(1.0, 2.0 * std::numbers::pi * f * tau_s);
  });
  const TimeResponse a = step_response(low_pass, 0, 0, edge, 1e-12, context);
  const double sigma_s = gaussian_sigma_s(edge.rise_time_s), r = sigma_s / tau_s;
  double error = 0.0;
  for (std::size_t i = 0; i < a.value.size(); ++i) {
    const double t = a.time_s(i), z = t / sigma_s;
    if (t > 3e-9) break;
    const double folded = std::exp(0.5 * r * r - t / tau_s) * normal_integral(z - r);
    error = std::max(error, abs_error(a.value[i], normal_integral(z) - folded));
  }
  // Interpolation misses x³/60 of the bend of the curve, x = 2π 10 MHz 200 ps = 0.013.
  CHECK(error <= 2e-6);
  CHECK(a.extrapolated_share <= 1e-6);
}

TEST_CASE("time response: nothing wraps around and nothing rings ahead of a line, whatever its delay") {
  Context context;
  for (const double delay_s : {0.0, 1e-9, 9e-9, 45e-9}) {
    CAPTURE(delay_s);
    const SParameters line = test::LossyLine{.delay_s = delay_s}.network(test::grid_Hz(10e6, 4001));
    const TimeResponse h = impulse_response(line, 1, 0, edge, 2e-12, context);
    const double sigma_s = gaussian_sigma_s(edge.rise_time_s);
    // Demanded: -60 dB. A Gaussian has 7.7e-9 of its energy beyond 4 σ; the kink at the end of the band and
    // the root at DC add the rest.
    CHECK(energy_share_before(h, delay_s - 4.0 * sigma_s) <= 1e-6);
    // The tail of the skin effect, skin² 2 / π t behind the edge, has left 99 % of the energy within 1 ns.
    CHECK(energy_share_before(h, delay_s + 1e-9) >= 0.99);
    // The logarithm of the skin effect goes on falling beyond its continuation: 0.1 / f_end.
    CHECK(abs_error(time_of_flight_s(line, 1, 0, context), delay_s) <= 2.5e-12);
  }
}

TEST_CASE("time response: the step settles on the DC value and the pulse is the difference of two steps") {
  Context context;
  const SParameters line =
      test::LossyLine{.delay_s = 2e-9, .skin = 0.0, .line_ohm = 80.0}.network(test::grid_Hz(10e6, 4001));
  const double width_s = 40e-12, step_s = 2e-12;
  const TimeResponse a = step_response(line, 1, 0, edge, step_s, context);
  const TimeResponse p = pulse_response(line, 1, 0, edge, width_s, step_s, context);
  double error = 0.0;
  for (std::size_t i = 20; i < a.value.size(); ++i)
    error = std::max(error, abs_error(p.value[i], a.value[i] - a.value[i - 20]));
  // Two ways through one transform.
  CHECK(error <= 1e-12);
  // Echoes of 0.0123 every 4 ns have died; interpolation misses 0.016 x³ of them, x = 2π 10 MHz 4 ns.
  CHECK(abs_error(a.value[a.index_of(50e-9)], 1.0) <= 5e-6);
}

TEST_CASE("time response: filters are those of the standard") {
  // -40 dB is a factor of 100; roundings.
  CHECK(abs_error(gaussian_edge(40e9, fastest_rise_time_s(40e9)), 0.01) <= 1e-15);
  const ResponseFilter receiver{.receiver_bandwidth_Hz = 20e9};
  // A Butterworth response of order four is at half power at its bandwidth; its coefficients have 7 digits.
  CHECK(rel_error(std::norm(filter_response(receiver, 20e9)), 0.5) <= 1e-6);
  CHECK(rel_error(std::norm(filter_response(receiver, 40e9)), 1.0 / (1.0 + 256.0)) <= 1e-5);
  CHECK(filter_response({}, 1e12) == Complex(1.0));
}

TEST_CASE("time response: requests that cannot be meant are refused, and extrapolation is told") {
  Context context;
  const SParameters line = test::LossyLine{}.network(test::grid_Hz(10e6, 1001));  // 10 GHz
  CHECK(impulse_response(line, 1, 0, {.rise_time_s = 5e-12}, 1e-12, context).extrapolated_share > 0.1);
  CHECK(impulse_response(line, 1, 0, {.rise_time_s = 200e-12}, 1e-12, context).extrapolated_share < 1e-6);
  CHECK_THROWS_AS(impulse_response(line, 2, 0, edge, 1e-12, context), DomainError);
  CHECK_THROWS_AS(impulse_response(line, 1, 0, edge, 0.0, context), DomainError);
  CHECK_THROWS_WITH_AS(impulse_response(line, 1, 0, edge, 1e-18, context), doctest::Contains("longer step"),
                       DomainError);
  CHECK_THROWS_AS(impulse_response(line, 1, 0, {.rise_time_s = -1.0}, 1e-12, context), DomainError);
  CHECK_THROWS_AS(pulse_response(line, 1, 0, edge, 0.0, 1e-12, context), DomainError);
  const SParameters point{1, 50.0, {1e9}, {0.5}};
  CHECK_THROWS_WITH_AS(impulse_response(point, 0, 0, edge, 1e-12, context), doctest::Contains("at least 2"),
                       DomainError);
}
