#include "solvers/com/figure_of_merit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "allocations.hpp"
#include "signals_bench.hpp"
#include "support.hpp"
#include "synthetic.hpp"

using namespace photonlink;
using namespace photonlink::com;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = std::numbers::pi, nothing = -std::numeric_limits<double>::infinity();

// The FFE's output by its sum over taps. Script: the pulse is a circle; annex: it grows at both ends.
std::vector<double> filtered(const std::vector<double>& pulse, const double* c, const TransmitTaps& taps,
                             int samples, bool circle) {
  const long size = static_cast<long>(pulse.size()), lead = circle ? 0 : taps.main * samples;
  std::vector<double> out(pulse.size() + (circle ? 0 : static_cast<std::size_t>((taps.count - 1) * samples)));
  for (long n = 0; n < static_cast<long>(out.size()); ++n)
    for (int k = 0; k < taps.count; ++k) {
      long from = n - lead - (k - taps.main) * samples;
      if (circle) from = (from + size) % size;
      if (from >= 0 && from < size)
        out[static_cast<std::size_t>(n)] += c[k] * pulse[static_cast<std::size_t>(from)];
    }
  return out;
}

double strongest_phase(const std::vector<double>& pulse, int samples) {
  double most = 0.0;
  for (int phase = 0; phase < samples; ++phase) {
    double sum = 0.0;
    for (std::size_t n = static_cast<std::size_t>(phase); n < pulse.size();
         n += static_cast<std::size_t>(samples))
      sum += pulse[n] * pulse[n];
    most = std::max(most, sum);
  }
  return most;
}

double squared(double x) {
  return x * x;
}

// Everything straight from the equalised pulse and the formulas of the annex.
Merit direct(const test::SignalsBench& b, const CtleSetting& setting, const double* c) {
  const Parameters& p = b.p;
  const int samples = p.signal.samples_per_symbol, levels = p.signal.levels;
  const double power = (levels * levels - 1.0) / (3.0 * squared(levels - 1.0));
  const auto pulse = filtered(b.signals.pulse(0, setting), c, b.taps, samples, b.mode.script);
  const auto& plain = b.signals.paths()[0].plain;
  const long lead = b.mode.script ? 0 : b.taps.main * samples;
  const long middle = std::max_element(plain.begin(), plain.end()) - plain.begin() + lead;
  const long low = std::max(0L, middle - 20 * samples),
             high = std::min(static_cast<long>(pulse.size()), middle + 20 * samples + 1);
  const long peak = std::max_element(pulse.begin() + low, pulse.begin() + high) - pulse.begin();
  Merit m;
  m.cursor = p.receiver.sampling == "peak"
                 ? peak
                 : sampling_instant({pulse, 0}, peak, samples, p.dfe.minimum[0], p.dfe.maximum[0],
                                    b.mode.script ? MuellerMuller::script : MuellerMuller::annex);
  if (m.cursor < 0) return m;
  const double cursor = pulse[static_cast<std::size_t>(m.cursor)];
  m.available_V = p.transmitter.level_mismatch_ratio * cursor / (levels - 1);
  m.terms.transmitter_V = cursor * std::pow(10.0, -p.transmitter.snr_dB / 20.0);
  double isi = 0.0, slopes = 0.0;
  for (long n = m.cursor % samples; n < static_cast<long>(pulse.size()); n += samples) {
    const auto i = static_cast<std::size_t>(n);
    const long place = (n - m.cursor) / samples;
    double h = pulse[i];
    if (place >= 1 && place <= p.dfe.taps) {
      const auto t = static_cast<std::size_t>(place - 1);
      h -= cursor * std::clamp(h / cursor, p.dfe.minimum[std::min(t, p.dfe.minimum.size() - 1)],
                               p.dfe.maximum[std::min(t, p.dfe.maximum.size() - 1)]);
    }
    if (place != 0) isi += h * h;
    if (n >= 1 && i + 1 < pulse.size()) slopes += squared((pulse[i + 1] - pulse[i - 1]) * samples / 2.0);
  }
  m.terms.isi_V = std::sqrt(power * isi);
  const double jitter = squared(p.transmitter.dual_dirac_jitter_UI) + squared(p.transmitter.random_jitter_UI);
  m.terms.jitter_V = std::sqrt(jitter * power * slopes);
  double noise = 0.0, crosstalk = 0.0;
  const auto f = b.signals.frequency_Hz();
  for (std::size_t k = 1; k < f.size(); ++k)
    noise += std::norm(receiver_filter(p, f[k]) * ctle(p.ctle, setting, f[k])) * (f[k] - f[k - 1]);
  m.terms.noise_V = std::sqrt(p.receiver.noise_V2_per_Hz * noise);
  for (std::size_t i = 1; i < b.signals.paths().size(); ++i) {
    const bool fext = b.signals.paths()[i].kind == Path::Kind::fext;
    if (!b.mode.script) {
      auto aggressor = b.signals.pulse(i, setting);
      if (fext) aggressor = filtered(aggressor, c, b.taps, samples, false);
      crosstalk += power * strongest_phase(aggressor, samples);
      continue;
    }
    const double rate = p.signal.symbol_rate_Bd;
    for (std::size_t k = 0; k < f.size(); ++k) {
      if (k > 0 && f[k - 1] > rate) break;
      Complex ffe = 0.0;
      for (int t = 0; t < b.taps.count; ++t) ffe += c[t] * std::polar(1.0, -2.0 * pi * f[k] / rate * t);
      const double x = pi * f[k] / rate;
      crosstalk += power * 2.0 * (f[1] - f[0]) / p.receiver.crosstalk_band_Hz *
                   squared(b.signals.paths()[i].amplitude_V * std::sin(x) / x) *
                   b.signals.paths()[i].power[k] * std::norm(ctle(p.ctle, setting, f[k])) *
                   (fext ? std::abs(ffe) : 1.0);
    }
  }
  m.terms.crosstalk_V = std::sqrt(crosstalk);
  const NoiseTerms& t = m.terms;
  m.dB = 10.0 *
         std::log10(squared(m.available_V) / (squared(t.isi_V) + squared(t.jitter_V) + squared(t.noise_V) +
                                              squared(t.crosstalk_V) + squared(t.transmitter_V)));
  return m;
}

Parameters configuration(int levels) {
  Parameters p = test::small_configuration(levels);
  p.transmitter.level_mismatch_ratio = 0.95;
  p.receiver.crosstalk_band_Hz = 20e9;
  p.ctle.low_corner_Hz = 0.5e9;
  p.ctle.first_low_gain_dB = -2.0;
  p.ctle.low_gain_step_dB = 2.0;
  return p;
}

}  // namespace

TEST_CASE("com figure of merit: equals the annex's sums over the equalised pulse, in both modes") {
  for (const char* name : {"standard", "script-4.50"})
    for (const int levels : {2, 4})
      for (const char* sampling : {"mueller_muller", "peak"}) {
        Parameters p = configuration(levels);
        p.receiver.sampling = sampling;
        test::SignalsBench b(p, test::trace_with_neighbours(0.25), name);
        MeritEvaluator evaluator(b.signals, b.taps, b.mode);
        for (const CtleSetting& setting : ctle_settings(b.p)) {
          evaluator.set_ctle(setting);
          for (std::size_t i = 0; i < b.taps.settings(); i += 3) {
            CAPTURE(name);
            CAPTURE(i);
            const Merit actual = evaluator.evaluate(b.taps.setting(i), nothing);
            const Merit expected = direct(b, setting, b.taps.setting(i));
            REQUIRE(actual.valid);
            CHECK(actual.cursor == expected.cursor);
            // Sums of some hundred terms in another order.
            CHECK(abs_error(actual.dB, expected.dB) <= 1e-9);
            CHECK(rel_error(actual.available_V, expected.available_V) <= 1e-12);
            CHECK(rel_error(actual.terms.isi_V, expected.terms.isi_V) <= 1e-9);
            CHECK(rel_error(actual.terms.jitter_V, expected.terms.jitter_V) <= 1e-9);
            CHECK(rel_error(actual.terms.crosstalk_V, expected.terms.crosstalk_V) <= 1e-9);
            CHECK(rel_error(actual.terms.noise_V, expected.terms.noise_V) <= 1e-12);
          }
        }
      }
}

TEST_CASE("com figure of merit: no bound rejects a setting above the floor, all below it are rejected") {
  std::mt19937 random(23);
  std::normal_distribution<double> offset(0.0, 1.0);
  for (const char* name : {"standard", "script-4.50"}) {
    test::SignalsBench b(configuration(4), test::trace_with_neighbours(0.3), name);
    MeritEvaluator evaluator(b.signals, b.taps, b.mode);
    int above = 0, below = 0;
    for (const CtleSetting& setting : ctle_settings(b.p)) {
      evaluator.set_ctle(setting);
      for (std::size_t i = 0; i < b.taps.settings(); ++i) {
        const Merit free = evaluator.evaluate(b.taps.setting(i), nothing);
        for (int draw = 0; draw < 5; ++draw) {
          const double floor_dB = free.dB + (draw == 0 ? -1e-9 : offset(random));
          const Merit bounded = evaluator.evaluate(b.taps.setting(i), floor_dB);
          CHECK(bounded.valid == (free.dB >= floor_dB));
          if (bounded.valid) CHECK(bounded.dB == free.dB);
          ++(bounded.valid ? above : below);
        }
      }
    }
    CHECK(above > 50);
    CHECK(below > 50);
  }
}

TEST_CASE("com figure of merit: a near-end aggressor does not see the victim's transmit taps") {
  for (const char* name : {"standard", "script-4.50"})
    for (const Path::Kind kind : {Path::Kind::next, Path::Kind::fext}) {
      test::SignalsBench b(configuration(2), {test::trace(0.25), test::trace(0.1, kind, 0.05)}, name);
      MeritEvaluator evaluator(b.signals, b.taps, b.mode);
      evaluator.set_ctle(ctle_settings(b.p)[0]);
      const auto crosstalk = [&](std::size_t i) {
        return evaluator.evaluate(b.taps.setting(i), nothing).terms.crosstalk_V;
      };
      CHECK((crosstalk(0) == crosstalk(b.taps.settings() - 1)) == (kind == Path::Kind::next));
    }
}

TEST_CASE("com figure of merit: a pulse whose peak leaves the inner window is still found") {
  // Two pulses 15 symbols apart: the slow one is larger until CTLE and transmit taps take its low
  // frequencies.
  for (const bool slow_is_late : {true, false}) {
    auto path = test::trace(0.05);
    for (std::size_t k = 0; k < path.differential.frequency_Hz.size(); ++k) {
      const double f = path.differential.frequency_Hz[k];
      const Complex slow = 1.5 / Complex(1.0, f / 6e9), late = std::polar(1.0, -2.0 * pi * f * 15.25 / 25e9);
      const Complex both = 0.4 * (slow_is_late ? 1.0 + slow * late : slow + late);
      path.differential.s[4 * k + 1] *= both;
      path.differential.s[4 * k + 2] *= both;
    }
    for (const char* name : {"standard", "script-4.50"}) {
      test::SignalsBench b(configuration(2), {path}, name);
      const auto& plain = b.signals.paths()[0].plain;
      const long peak = std::max_element(plain.begin(), plain.end()) - plain.begin();
      MeritEvaluator evaluator(b.signals, b.taps, b.mode);
      int moved = 0, kept = 0;
      for (const CtleSetting& setting : ctle_settings(b.p)) {
        evaluator.set_ctle(setting);
        for (std::size_t i = 0; i < b.taps.settings(); ++i) {
          const long cursor = evaluator.evaluate(b.taps.setting(i), nothing).cursor;
          CHECK(cursor == direct(b, setting, b.taps.setting(i)).cursor);
          ++(std::abs(cursor - peak) > 10 * b.p.signal.samples_per_symbol ? moved : kept);
        }
      }
      CHECK(moved > 0);
      CHECK(kept > 0);
    }
  }
}

TEST_CASE("com figure of merit: jitter is right wherever in the symbol the sampling instant falls") {
  const Parameters p = configuration(2);
  std::vector<int> seen(8, 0);
  for (int step = 0; step < 16; ++step) {  // 5 ps is a sample, 0.81 mm of trace
    test::SignalsBench b(p, {test::trace(0.2 + 0.81e-3 * step)}, "standard");
    MeritEvaluator evaluator(b.signals, b.taps, b.mode);
    const CtleSetting setting = ctle_settings(b.p)[0];
    evaluator.set_ctle(setting);
    const Merit actual = evaluator.evaluate(b.taps.setting(3), nothing);
    // Sums in another order.
    CHECK(rel_error(actual.terms.jitter_V, direct(b, setting, b.taps.setting(3)).terms.jitter_V) <= 1e-9);
    ++seen[static_cast<std::size_t>(actual.cursor % 8)];
  }
  for (const int count : seen) CHECK(count > 0);
}

TEST_CASE("com figure of merit: the power of a symbol is 1 for two levels and 5/9 for four") {
  CHECK(symbol_power(2) == 1.0);
  // Rounding.
  CHECK(rel_error(symbol_power(4), 5.0 / 9.0) <= 1e-15);
}

TEST_CASE("com figure of merit: evaluating takes nothing from the heap") {
  Parameters p = configuration(2);
  p.dfe.floating_groups = 2;
  p.dfe.span = 20;
  for (const char* name : {"standard", "script-4.50"}) {
    test::SignalsBench b(p, test::trace_with_neighbours(0.25), name);
    MeritEvaluator evaluator(b.signals, b.taps, b.mode);
    evaluator.set_ctle(ctle_settings(b.p)[0]);
    const long before = test::allocations();
    for (std::size_t i = 0; i < b.taps.settings(); ++i) evaluator.evaluate(b.taps.setting(i), nothing);
    CHECK(test::allocations() == before);
  }
}
