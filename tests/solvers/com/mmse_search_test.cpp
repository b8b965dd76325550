#include "solvers/com/mmse_search.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "support.hpp"
#include "synthetic.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;
using test::rel_error;

namespace {

constexpr int samples = 8;
constexpr double power = 5.0 / 9.0;  // of four levels

Parameters configuration() {
  Parameters p = test::small_configuration(4);
  p.tap = {{.position = -1, .first = -0.1, .step = 0.1, .last = 0.0}};
  p.ctle.last_gain_dB = -3.0;
  p.ffe = {.pre = 2, .post = 5, .noise_symbols = 512};
  p.receiver.sampling = "peak";
  p.receiver.first_shift = -3;
  p.receiver.last_shift = 3;
  p.dfe.taps = 1;
  return p;
}

std::vector<double> row(const std::vector<double>& pulse, long phase) {
  std::vector<double> values;
  for (auto n = static_cast<std::size_t>(phase); n < pulse.size(); n += samples) values.push_back(pulse[n]);
  return values;
}

double correlation(const std::vector<double>& h, int lag) {
  double sum = 0.0;
  for (std::size_t n = static_cast<std::size_t>(lag); n < h.size(); ++n)
    sum += h[n] * h[n - static_cast<std::size_t>(lag)];
  return sum;
}

// One precursor tap c in front of 1 - |c|, one symbol earlier: the pulse grows by a symbol at its front.
std::vector<double> with_precursor(const std::vector<double>& pulse, double c) {
  std::vector<double> out(pulse.size() + samples, 0.0);
  for (std::size_t n = 0; n < pulse.size(); ++n) {
    out[n] += c * pulse[n];
    out[n + samples] += (1.0 - std::abs(c)) * pulse[n];
  }
  return out;
}

}  // namespace

TEST_CASE("com mmse search: takes the best of all settings and phases, with the noise of Annex 178A") {
  const Parameters p = configuration();
  const Mode annex = mode("standard");
  Context context;
  const auto paths = test::trace_with_neighbours(0.25);
  const auto channels = channel_set(p, paths, annex);
  const CaseSignals signals(p, p.package_case[0], channels, annex, context);
  const TransmitTaps taps = transmit_taps(p);
  const ChosenMmse found = search_mmse(signals, taps, annex, context);

  MmseSolver solver(p.ffe, p.dfe, 1.0, 4);
  double best_dB = -std::numeric_limits<double>::infinity();
  double jitter_V = 0.0, transmitter_V = 0.0, crosstalk_V = 0.0, noise_V = 0.0;
  int best_shift = 0;
  std::size_t best_taps = 0;
  std::vector<double> best_ffe;
  for (const CtleSetting& setting : ctle_settings(p))
    for (std::size_t i = 0; i < taps.settings(); ++i) {
      const double c = taps.setting(i)[0];
      const auto plain = with_precursor(signals.pulse(0, setting), 0.0);
      const auto pulse = with_precursor(signals.pulse(0, setting), c);
      std::vector<std::vector<double>> strongest;
      for (const auto& aggressor :
           {with_precursor(signals.pulse(1, setting), c), signals.pulse(2, setting)}) {  // NEXT: no taps
        std::vector<double> most;
        for (int phase = 0; phase < samples; ++phase)
          if (most.empty() || correlation(row(aggressor, phase), 0) > correlation(most, 0))
            most = row(aggressor, phase);
        strongest.push_back(most);
      }
      const auto receiver = signals.noise_autocorrelation(setting);
      const long peak = std::max_element(pulse.begin(), pulse.end()) - pulse.begin();
      for (int shift = -3; shift <= 3; ++shift) {
        const long t = peak + shift;
        std::vector<double> slopes;
        for (long n = t % samples; n + 1 < static_cast<long>(pulse.size()); n += samples)
          if (n > 0)
            slopes.push_back(
                (pulse[static_cast<std::size_t>(n + 1)] - pulse[static_cast<std::size_t>(n - 1)]) * samples /
                2.0);
        std::vector<double> r_x, r_t, r_j, total;
        for (int lag = 0; lag < solver.lags(); ++lag) {
          r_x.push_back(power * (correlation(strongest[0], lag) + correlation(strongest[1], lag)));
          r_t.push_back(power * std::pow(10.0, -3.0) * correlation(row(plain, t % samples), lag));  // 30 dB
          r_j.push_back(power * (0.02 * 0.02 + 0.01 * 0.01) * correlation(slopes, lag));
          total.push_back(receiver[static_cast<std::size_t>(lag)] + r_x.back() + r_t.back() + r_j.back());
        }
        const MmseSolution& solved = solver.solve(row(pulse, t % samples), t / samples, total);
        if (solved.merit_dB <= best_dB) continue;
        best_dB = solved.merit_dB;
        best_shift = shift;
        best_taps = i;
        best_ffe = solved.ffe;
        const auto rms = [&](const std::vector<double>& r) {
          double sum = 0.0;
          for (int a = 0; a < solver.lags(); ++a)
            for (int b = 0; b < solver.lags(); ++b)
              sum += best_ffe[static_cast<std::size_t>(a)] * best_ffe[static_cast<std::size_t>(b)] *
                     r[static_cast<std::size_t>(std::abs(a - b))];
          return std::sqrt(sum);
        };
        noise_V = rms(receiver);
        crosstalk_V = rms(r_x);
        transmitter_V = rms(r_t);
        jitter_V = rms(r_j);
      }
    }
  // Sums in another order behind condition numbers of 1e4.
  CHECK(abs_error(found.equalizer.merit.dB, best_dB) <= 1e-8);
  CHECK(found.shift == best_shift);
  CHECK(found.equalizer.taps == best_taps);
  for (std::size_t n = 0; n < best_ffe.size(); ++n) CHECK(abs_error(found.ffe[n], best_ffe[n]) <= 1e-8);
  CHECK(rel_error(found.equalizer.merit.terms.noise_V, noise_V) <= 1e-7);
  CHECK(rel_error(found.equalizer.merit.terms.crosstalk_V, crosstalk_V) <= 1e-7);
  CHECK(rel_error(found.equalizer.merit.terms.transmitter_V, transmitter_V) <= 1e-7);
  CHECK(rel_error(found.equalizer.merit.terms.jitter_V, jitter_V) <= 1e-7);
  // σ_RJ is 1 of sqrt(1 + 2²).
  CHECK(rel_error(found.equalizer.merit.terms.random_jitter_V, jitter_V / std::sqrt(5.0)) <= 1e-7);
  CHECK(found.equalizer.grid == 2 * taps.settings() * 7);
  CHECK(found.equalizer.evaluated == found.equalizer.grid);
  CHECK(found.aggressor_phase.size() == 2);
}

TEST_CASE("com mmse search: one and two threads choose the same") {
  const Parameters p = configuration();
  const Mode annex = mode("standard");
  const auto paths = test::trace_with_neighbours(0.2);
  std::vector<ChosenMmse> found;
  for (const int threads : {1, 2}) {
    Context context(threads);
    const auto channels = channel_set(p, paths, annex);
    const CaseSignals signals(p, p.package_case[0], channels, annex, context);
    found.push_back(search_mmse(signals, transmit_taps(p), annex, context));
  }
  CHECK(found[0].equalizer.merit.dB == found[1].equalizer.merit.dB);
  CHECK(found[0].equalizer.evaluated == found[1].equalizer.evaluated);
  CHECK(found[0].ffe == found[1].ffe);
  CHECK(found[0].shift == found[1].shift);
}

TEST_CASE("com mmse search: a delay of more symbols than the noise spectra have loses nothing") {
  Parameters p = configuration();
  const Mode annex = mode("standard");
  double merit_dB[2];
  for (const int longer : {0, 1}) {
    p.ffe.noise_symbols = longer ? 512 : 64;  // 0.45 m are 70 symbols
    Context context;
    const auto channels = channel_set(p, {test::trace(0.45)}, annex);
    const CaseSignals signals(p, p.package_case[0], channels, annex, context);
    merit_dB[longer] = search_mmse(signals, transmit_taps(p), annex, context).equalizer.merit.dB;
  }
  // Noise bins of 0.4 GHz against 0.05 GHz, across a filter that bends at 6 GHz.
  CHECK(abs_error(merit_dB[0], merit_dB[1]) <= 0.02);
}
