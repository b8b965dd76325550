#include "solvers/stream/noise_draws.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/random.hpp"
#include "links.hpp"
#include "monte_carlo_links.hpp"
#include "solvers/monte_carlo.hpp"
#include "stream_runs.hpp"

using namespace photonlink;

namespace {

const TimeGrid grid{.symbol_rate_Bd = 10e9, .samples_per_symbol = 16, .symbols = 8};

// Autoregressive noise of first order, |(1 - a) / (1 - a e^{-jω})|²: its covariance is
// (1 - a) / (1 + a) a^|k|, without aliasing.
double autoregressive(double frequency_Hz, double a) {
  return std::norm((1.0 - a) /
                   (1.0 - std::polar(a, 2.0 * std::numbers::pi * frequency_Hz / grid.sample_rate_Hz())));
}
double autoregressive_covariance(int lag, double a) {
  return (1.0 - a) / (1.0 + a) * std::pow(a, lag);
}

NoiseTerm coloured(double a) {
  NoiseTerm term;
  term.label = "coloured";
  term.source = 5;
  term.lane = 0;
  term.sigma = 1.0;
  term.shape = [a](double f) { return autoregressive(f, a); };
  return term;
}

/// Coloured noise on a lane, or relative noise of the light.
class Interferer final : public Stage {
 public:
  Interferer(bool on_light, double sigma, double corner_Hz)
      : Stage("interferer"), on_light_(on_light), sigma_(sigma), corner_Hz_(corner_Hz) {}
  std::vector<NoiseTerm> noise(const Bundle& bundle) const override {
    NoiseTerm term;
    term.label = "interferer";
    term.source = 77;
    term.sigma = sigma_;
    // Rises from 0.1 and falls again: neither white nor low-pass.
    term.shape = [corner = corner_Hz_](double f) {
      const double x = f / corner;
      return (0.1 + x * x) / (1.0 + x * x * x * x);
    };
    if (on_light_) {
      term.port = term.carrier = 0;
      term.scaling = LossScaling::with_signal;
      if (!bundle.port.empty()) {
        term.field_modulation = bundle.port[0].field[0];
        for (Complex& value : term.field_modulation) value *= 0.5;
      }
    } else {
      term.lane = 0;
    }
    return {term};
  }

 private:
  bool on_light_;
  double sigma_, corner_Hz_;
};

}  // namespace

TEST_CASE("coloured noise: drawn numbers have the covariance, in blocks as in one piece") {
  const double a = 0.8;
  const std::vector<NoiseTerm> terms{coloured(a)};
  Context context(1);
  NoiseMemory memory;
  RealWave wave;
  for (long begin = -1600; begin < 200000; begin += 1600) {
    Bundle bundle;
    bundle.grid = grid;
    bundle.lane.assign(1, RealWave(1600, 0.0));
    add_noise(terms, begin, {.seed = 9, .scale = 2.0}, bundle, memory, context);
    wave.insert(wave.end(), bundle.lane[0].begin(), bundle.lane[0].end());
  }
  const double variance = 4.0 * autoregressive_covariance(0, a);
  for (const int lag : {0, 1, 3, 8}) {
    double sum = 0.0;
    const std::size_t count = wave.size() - static_cast<std::size_t>(lag);
    for (std::size_t u = 0; u < count; ++u) sum += wave[u] * wave[u + static_cast<std::size_t>(lag)];
    const double found = sum / static_cast<double>(count);
    // Bartlett: var(R̂) <= 2/n Σ_k R[k]² = 2/n (1 + a²) / (1 - a²) R[0]²; 5 sigma.
    const double sigma =
        variance * std::sqrt(2.0 / static_cast<double>(count) * (1.0 + a * a) / (1.0 - a * a));
    CAPTURE(lag);
    CHECK(std::abs(found - 4.0 * autoregressive_covariance(lag, a)) <= 5.0 * sigma + 2e-3 * variance);
    CHECK(5.0 * sigma < 0.05 * variance);  // sharp enough to mean something
  }
}

TEST_SUITE("slow") {
  TEST_CASE("coloured noise: laser noise with a corner has the variance of the backward sweep") {
    LinkSpec spec = test::small_ring_link(1);
    test::change(spec, "laser", "rin", 0.0);
    test::change(spec, "laser", "linewidth", 0.0);
    test::change(spec, "transmitter", "random_jitter", 0.0);
    test::change(spec, "tia", "input_noise", 0.0);
    test::change(spec, "photodiode", "shot_noise", 0.0);
    test::change(spec, "receiver", "noise", 0.0);
    auto link = std::make_shared<Link>(*build_link(spec));
    const auto laser = std::find_if(link->stages.begin(), link->stages.end(),
                                    [](const auto& stage) { return stage->name() == "laser"; });
    link->stages.insert(laser + 1, std::make_shared<Interferer>(true, 1e-2, 8e9));
    test::check_stream_variance(link, 1);
  }

  TEST_CASE("coloured noise: the semi-analytic error ratio behind an equaliser is counted") {
    // Held noise of 10 GHz corner and no other, equalised by taps that its covariances decide on.
    Context context(2);
    const auto link =
        test::copper_link(2, 20e9, {.rise_time_s = 10e-12}, {std::make_shared<Interferer>(false, 0.2, 10e9)},
                          {.bandwidth_Hz = 12e9, .ffe_pre = 1, .ffe_post = 2});
    link->pattern = "PRBS9";
    PatternSolution solution = solve_pattern(link, context);
    const double scale = noise_scale_for_ber(solution, 1e-3), expected = scaled_ber(solution, scale);
    const auto counted = [&](double factor, std::uint64_t seed) {
      return run_monte_carlo(solution, {.seed = seed, .target_errors = 1e4, .noise_scale = scale * factor},
                             context);
    };
    const MonteCarloResult same = counted(1.0, 20), more = counted(std::pow(10.0, 0.1 / 20.0), 21);
    CAPTURE(expected);
    CAPTURE(same.total.ber);
    CHECK(same.total.errors >= 1e4);
    CHECK(std::abs(same.total.ber - expected) <= 5.0 * same.total.sigma);
    // The comparison notices 0.1 dB.
    CHECK(std::abs(more.total.ber - expected) > 5.0 * more.total.sigma);
  }
}
