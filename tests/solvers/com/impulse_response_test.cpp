#include "solvers/com/impulse_response.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "support.hpp"
#include "synthetic.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;

namespace {

constexpr double pi = std::numbers::pi;
constexpr double rate_Hz = 200e9;

template <class Transfer>
std::vector<Complex> sampled(const std::vector<double>& f, Transfer transfer) {
  std::vector<Complex> h;
  h.reserve(f.size());
  for (const double each : f) h.push_back(transfer(each));
  return h;
}

Complex delay(double f, double seconds) {
  return std::polar(1.0, -2.0 * pi * f * seconds);
}

// |Σ x e^{-jωt}| of a whole period.
double magnitude_at(const std::vector<double>& wave, double f) {
  Complex sum = 0.0;
  for (std::size_t n = 0; n < wave.size(); ++n)
    sum += wave[n] * std::polar(1.0, -2.0 * pi * f / rate_Hz * static_cast<double>(n));
  return std::abs(sum);
}

}  // namespace

TEST_CASE("com impulse response: gain and delay give one sample, also beyond the file's band") {
  Context context;
  for (const double first : {0.0, 0.1e9}) {
    const auto f = test::frequencies(first, 0.1e9, 400);  // to 40 of 100 GHz
    const auto wave = script_impulse(f, sampled(f, [](double x) { return 0.5 * delay(x, 30 / rate_Hz); }),
                                     rate_Hz, 1e-3, context);
    CHECK(wave.size() == 31);  // cut behind its last sample above 0.1 % of the peak
    for (std::size_t n = 0; n < wave.size(); ++n) {
      // Unwrapped phase of 40 turns, times rounding, over 1000 frequencies.
      CHECK(abs_error(wave[n], n == 30 ? 0.5 : 0.0) <= 1e-11);
    }
  }
}

TEST_CASE("com impulse response: four equal poles give a^4 t^3 exp(-a t) / 6") {
  Context context;
  const double pole_Hz = 5e9, a = 2.0 * pi * pole_Hz;
  const auto f = test::frequencies(10e6, 10e6, 10000);
  const auto wave =
      script_impulse(f, sampled(f, [&](double x) { return 1.0 / std::pow(Complex(1.0, x / pole_Hz), 4); }),
                     rate_Hz, 1e-3, context);
  double worst = 0.0, peak = 0.0;
  for (std::size_t n = 0; n < wave.size(); ++n) {
    const double t = static_cast<double>(n) / rate_Hz;
    const double exact = std::pow(a, 4) * t * t * t * std::exp(-a * t) / 6.0 / rate_Hz;
    worst = std::max(worst, std::abs(wave[n] - exact));
    peak = std::max(peak, exact);
  }
  // The spectrum ends at 100 GHz where it is 1/21^4 = 5e-6 of its start, 1e-5 / 3 of the band's mean beyond.
  CHECK(worst <= 2e-4 * peak);
  CHECK(std::abs(wave.back()) > 1e-3 * peak);
}

TEST_CASE("com impulse response: the magnitude goes on along a straight line, not below 2^-52") {
  Context context;
  const auto f = test::frequencies(0.1e9, 0.1e9, 400);
  for (const double slope : {-0.005e-9, -0.02e-9}) {  // reaches 0.5 at 100 GHz; 0 at 50 GHz
    const auto wave =
        script_impulse(f, sampled(f, [&](double x) { return (1.0 + slope * x) * delay(x, 100 / rate_Hz); }),
                       rate_Hz, 0.0, context);
    // Rounding of 2000 sums.
    CHECK(abs_error(magnitude_at(wave, 0.0), 1.0) <= 1e-11);
    CHECK(abs_error(magnitude_at(wave, 20e9), 1.0 + slope * 20e9) <= 1e-11);
    // From the file's last point straight to what the trend says at half the sampling rate.
    const double last = 1.0 + slope * 40e9, end = std::max(0.0, 1.0 + slope * 100e9);
    CHECK(abs_error(magnitude_at(wave, 70e9), 0.5 * (last + end)) <= 1e-11);
  }
}

TEST_CASE("com impulse response: a rising magnitude does not go on rising") {
  Context context;
  const auto f = test::frequencies(0.1e9, 0.1e9, 400);
  const auto wave =
      script_impulse(f, sampled(f, [](double x) { return (0.1 + 0.01e-9 * x) * delay(x, 100 / rate_Hz); }),
                     rate_Hz, 0.0, context);
  // Held at the last point's 0.5; rounding.
  CHECK(abs_error(magnitude_at(wave, 80e9), 0.5) <= 1e-11);
}

TEST_CASE("com impulse response: too few points and a rising phase are refused") {
  Context context;
  const auto few = test::frequencies(0.1e9, 0.1e9, 51);
  CHECK_THROWS_AS(script_impulse(few, sampled(few, [](double) { return 1.0; }), rate_Hz, 1e-3, context),
                  DomainError);
  const auto f = test::frequencies(0.1e9, 0.1e9, 100);
  CHECK_THROWS_AS(
      script_impulse(f, sampled(f, [](double x) { return delay(x, -1e-10); }), rate_Hz, 1e-3, context),
      DomainError);
  // A delay of 6 ns turns by more than half between points of 0.1 GHz and seems to run backwards.
  CHECK_THROWS_AS(
      script_impulse(f, sampled(f, [](double x) { return delay(x, 6e-9); }), rate_Hz, 1e-3, context),
      DomainError);
}

TEST_CASE("com impulse response: the grid keeps the file's spacing and meets half the sampling rate") {
  const auto f = test::frequencies(0.05e9, 0.03e9, 100);
  const SpectrumGrid grid = SpectrumGrid::of(f, rate_Hz);
  CHECK(grid.intervals == 3333);
  // Rounding.
  CHECK(abs_error(grid.frequency_Hz(grid.intervals), 100e9) <= 1e-4);
}

TEST_CASE("com impulse response: the plain transform is the inverse of the discrete Fourier sum") {
  Context context;
  std::vector<Complex> spectrum = {{1.0, 5.0}, {0.5, -0.25}, {-0.125, 0.75}, {2.0, 3.0}};
  const auto wave = transform(spectrum, context);
  REQUIRE(wave.size() == 6);
  for (int k = 0; k < 4; ++k) {
    Complex sum = 0.0;
    for (int n = 0; n < 6; ++n) sum += wave[static_cast<std::size_t>(n)] * std::polar(1.0, -pi * k * n / 3.0);
    const Complex expected = k == 0 || k == 3 ? spectrum[static_cast<std::size_t>(k)].real()
                                              : spectrum[static_cast<std::size_t>(k)];
    // Rounding.
    CHECK(std::abs(sum - expected) <= 1e-14);
  }
}

TEST_CASE("com impulse response: a held symbol sums the last M samples") {
  std::vector<double> impulse;
  impulse.reserve(37);
  for (int n = 0; n < 37; ++n) impulse.push_back(std::sin(1.7 * n));
  const auto pulse = held(impulse, 5);
  for (int n = 0; n < 37; ++n) {
    double sum = 0.0;
    for (int k = 0; k < 5; ++k) sum += n - k >= 0 ? impulse[static_cast<std::size_t>(n - k)] : 0.0;
    // Rounding in another order.
    CHECK(abs_error(pulse[static_cast<std::size_t>(n)], sum) <= 1e-15);
  }
}
