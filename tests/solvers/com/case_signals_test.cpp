#include "solvers/com/case_signals.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "support.hpp"
#include "synthetic.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = std::numbers::pi;

Parameters configuration() {
  Parameters p = test::small_configuration();
  p.transmitter.rise_time_s = 8e-12;
  p.transmitter.amplitude_V = 0.41;
  p.transmitter.fext_amplitude_V = 0.3;
  p.transmitter.next_amplitude_V = 0.6;
  p.ctle.low_corner_Hz = 0.5e9;
  return p;
}

CaseSignals signals_of(const Parameters& p, const std::vector<Path>& paths, const char* name) {
  Context context;
  const Mode kind = mode(name);
  return {p, p.package_case[0], channel_set(p, paths, kind), kind, context};
}

}  // namespace

TEST_CASE("com signals: the pulse is the Fourier integral of A_v T_b sinc H (93A-24), the CTLE in it") {
  const Parameters p = configuration();
  const CtleSetting setting{-3.0, -2.0, 0, 0};
  const double length_m = 0.15, symbol_s = 40e-12;
  const auto integral = [&](double t, bool behind_ctle) {
    const double df = 5e6;
    double sum = 0.0;
    for (int k = 0; k < 12000; ++k) {  // to 60 GHz, where edge and filter leave 1e-4
      const double f = (k + 0.5) * df, x = pi * f * symbol_s;
      Complex h = std::exp(-length_m * ieee_propagation_per_m(line_of(test::board_loss(), 100.0), f)) *
                  receiver_filter(p, f) * transmit_filter(p.transmitter.rise_time_s, f);
      if (behind_ctle) h *= ctle(p.ctle, setting, f);
      // A symbol held from 0 to T_b stands T_b / 2 late.
      sum +=
          2.0 * df * 0.41 * symbol_s * std::sin(x) / x * std::real(h * std::polar(1.0, 2.0 * pi * f * t - x));
    }
    return sum;
  };
  const auto signals = signals_of(p, {test::trace(length_m, Path::Kind::through, 0.0, 0.02e9)}, "standard");
  const auto& plain = signals.paths()[0].plain;
  const auto pulse = signals.pulse(0, setting);
  const double peak = *std::max_element(plain.begin(), plain.end());
  for (std::size_t n = 180; n < 300; n += 7) {
    const double t = static_cast<double>(n) * 5e-12;
    // The band ends at 60 GHz here, the straight line to 0 Hz misses the root of f there: both 1e-4.
    CHECK(abs_error(plain[n], integral(t, false)) <= 3e-4 * peak);
    CHECK(abs_error(pulse[n], integral(t, true)) <= 3e-4 * peak);
  }
  CHECK(peak > 0.2);
}

TEST_CASE("com signals: each kind of path has its own amplitude") {
  const Parameters p = configuration();  // outlives the signals, which refer to it
  for (const char* name : {"standard", "script-4.50"}) {
    const auto signals = signals_of(
        p, {test::trace(0.1), test::trace(0.1, Path::Kind::fext), test::trace(0.1, Path::Kind::next)}, name);
    const auto peak = [&](std::size_t i) {
      const auto pulse = signals.pulse(i, {-3.0, -1.0, 0, 0});
      return *std::max_element(pulse.begin(), pulse.end());
    };
    // Rounding.
    CHECK(rel_error(peak(1) / peak(0), 0.3 / 0.41) <= 1e-12);
    CHECK(rel_error(peak(2) / peak(0), 0.6 / 0.41) <= 1e-12);
  }
}

TEST_CASE(
    "com signals: noise at the FFE has the autocorrelation of its spectrum, at lag 0 the classic power") {
  Parameters p = configuration();
  p.ffe.noise_symbols = 1024;
  p.ffe.pre = 2;
  p.ffe.post = 3;
  p.receiver.bandwidth_ratio = 2.0;  // so that the upper half of the band counts
  const CtleSetting setting{-6.0, -2.0, 0, 0};
  const auto signals = signals_of(p, {test::trace(0.1, Path::Kind::through, 0.0, 0.02e9)}, "standard");
  const auto lags = signals.noise_autocorrelation(setting);
  for (int lag = 0; lag < 6; ++lag) {
    double sum = 0.0;
    const double df = 2e6;
    for (int k = 0; k < 50000; ++k) {  // one-sided to M f_b / 2 = 100 GHz
      const double f = (k + 0.5) * df;
      sum += p.receiver.noise_V2_per_Hz * df * std::norm(receiver_filter(p, f) * ctle(p.ctle, setting, f)) *
             std::cos(2.0 * pi * f * lag * 40e-12);
    }
    // 24 MHz bins across a corner of 0.5 GHz.
    CHECK(abs_error(lags[static_cast<std::size_t>(lag)], sum) <= 1e-3 * lags[0]);
  }
  // 20 MHz bins, counted by their upper ends.
  CHECK(rel_error(signals.noise_V(setting), std::sqrt(lags[0])) <= 1e-3);
}

TEST_CASE("com signals: the script's pulse stands half a sample before the annex's") {
  Parameters p = configuration();
  p.signal.samples_per_symbol = 32;
  const auto path = test::trace(0.1, Path::Kind::through, 0.0, 0.02e9);
  const CtleSetting setting{-3.0, -1.0, 0, 0};
  const auto annex = signals_of(p, {path}, "standard").pulse(0, setting);
  const auto script = signals_of(p, {path}, "script-4.50").pulse(0, setting);
  const double peak = *std::max_element(annex.begin(), annex.end());
  for (std::size_t n = 600; n < 900; n += 11) {
    // A symbol of 32 samples has its middle at 15.5 of them, a held one at 16; the bilinear CTLE compresses
    // by (π f / f_s)² / 3 = 5e-4 at 10 GHz.
    CHECK(abs_error(script[n], 0.5 * (annex[n] + annex[n + 1])) <= 2e-3 * peak);
  }
}
