/// Patterns that are filtered in blocks, against transforms of the whole period.
#include <doctest/doctest.h>

#include <cmath>

#include "core/constants.hpp"
#include "core/random.hpp"
#include "devices/registry.hpp"
#include "signal/fft.hpp"
#include "signal/pattern.hpp"
#include "solvers/cut_response.hpp"
#include "solvers/lane_waves.hpp"
#include "solvers/noise_covariance.hpp"
#include "solvers/settled_core.hpp"
#include "studies/link_builder.hpp"
#include "studies/study_reader.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

std::shared_ptr<const Link> silicon_link() {
  const Study study = read_study(test::source_path("examples/dr4_mzm/study.toml"), device_types(),
                                 test::source_path("devices/cards"));
  LinkSpec link = study.links.front();
  for (std::size_t s = 0; s < link.stages.size(); ++s)
    if (link.stages[s].name == "fiber") link = with_parameter(link, s, "length", 2000.0);
  return build_link(link);
}

// Oracle: every block by one transform of the whole period.
PeriodicSolution solve_by_whole_periods(const Chain& chain, const TimeGrid& grid,
                                        const std::vector<std::vector<double>>& symbols, Context& context) {
  const Fft& fft = context.fft(grid.size());
  PeriodicSolution solution;
  solution.response_grid = grid;
  Bundle bundle;
  bundle.grid = grid;
  bundle.symbols = symbols;
  for (int node = 0; node < static_cast<int>(chain.nodes().size()); ++node) {
    const int index = chain.nodes()[static_cast<std::size_t>(node)];
    const Stage& stage = chain.stage(index);
    solution.before_core.push_back(bundle);
    if (stage.has_core()) bundle = settle_core(stage, bundle, 2).output;
    solution.noise.push_back(chain.noise(index, bundle));
    solution.behind_core.push_back(bundle);
    auto& response = solution.lane_response.emplace_back();
    if (!bundle.lane.empty()) {
      response = chain.electrical_response(chain.block(node),
                                           real_frequencies_Hz(grid.size(), grid.sample_rate_Hz()));
      filter_periodic(fft, response, bundle.lane[0]);
      bundle.full_scale_Vpp *= std::abs(response.front());
    }
    if (!bundle.port.empty())
      filter_periodic(fft,
                      chain.optical_response(chain.block(node), 0, bundle.carrier_Hz[0],
                                             complex_frequencies_Hz(grid.size(), grid.sample_rate_Hz())),
                      bundle.port[0].field[0]);
  }
  solution.sampler = bundle;
  return solution;
}

double rms_error(const RealWave& actual, const RealWave& expected) {
  double difference = 0.0, size = 0.0;
  for (std::size_t n = 0; n < actual.size(); ++n) {
    difference += (actual[n] - expected[n]) * (actual[n] - expected[n]);
    size += expected[n] * expected[n];
  }
  return std::sqrt(difference / size);
}

}  // namespace

TEST_SUITE("slow") {
  TEST_CASE("long patterns: waveform and noise in blocks are those of the whole period") {
    const auto link = silicon_link();
    const Chain chain(*link);
    const SymbolPattern pattern = random_pattern(4, 16411, 1, 2);  // prime
    const TimeGrid grid{link->symbol_rate_Bd, 16, static_cast<int>(pattern.index.size())};
    const std::vector<std::vector<double>> symbols{amplitudes(pattern)};
    Context context(2);
    const PeriodicSolution blocks = solve_periodic(chain, grid, symbols, context),
                           whole = solve_by_whole_periods(chain, grid, symbols, context);
    REQUIRE(blocks.response_grid.symbols < grid.symbols);
    // What the slowest response, a line with skin effect, loses: 1e-6 of the rms.
    CHECK(rms_error(blocks.sampler.lane[0], whole.sampler.lane[0]) <= 2e-6);
    const auto flat = [](const PeriodicSolution& s) {
      return std::vector<Complex>(static_cast<std::size_t>(s.response_grid.size()) / 2 + 1, 1.0);
    };
    const auto in_blocks = LaneNoise(chain, blocks, 0, flat(blocks), context).average(40, 3),
               of_whole = LaneNoise(chain, whole, 0, flat(whole), context).average(40, 3);
    REQUIRE(in_blocks.size() == of_whole.size());
    for (std::size_t t = 0; t < in_blocks.size(); ++t) {
      CAPTURE(in_blocks[t].label);
      // Of the noise nothing is cut; bins are wider.
      CHECK(rel_error(in_blocks[t].at(0, 0), of_whole[t].at(0, 0)) <= 1e-6);
      CHECK(abs_error(in_blocks[t].at(0, 1), of_whole[t].at(0, 1)) <= 1e-6 * of_whole[t].at(0, 0));
    }
  }
}

TEST_CASE("cut response: one that lasts longer than the grid does not fit, however it folds") {
  const TimeGrid grid{50e9, 16, 64};
  RealWave signal(static_cast<std::size_t>(2 * grid.size()));
  RandomStream(1, 1).normal(0, signal);
  Context context(1);
  const auto delayed_by = [&](double samples) {
    return [=](const std::vector<double>& frequency_Hz) {
      std::vector<Complex> response;
      for (const double f : frequency_Hz) {
        response.push_back(std::exp(-f * f / 1600e18) *
                           std::polar(1.0, -2.0 * constants::pi * f * samples / 800e9));
      }
      return response;
    };
  };
  const auto fits = [&](double samples) {
    return CutResponse(both_signs(delayed_by(samples)), grid, std::span<const double>(signal), context)
        .fits();
  };
  CHECK(fits(100.0));
  for (const double periods : {1.0, 2.0, 3.0}) CHECK_FALSE(fits(100.0 + periods * grid.size()));
}

TEST_CASE("equalised wave: read directly it is the band-limited wave, as read from more samples") {
  // Two tones below and at 3/5 of the Nyquist frequency, behind two taps.
  const TimeGrid grid{1.0, 16, 40};
  RealWave wave(static_cast<std::size_t>(grid.size()));
  const auto tones = [&](double u) {
    const double x = 2.0 * constants::pi * u / grid.size();
    return std::sin(7.0 * x + 0.3) + 0.5 * std::cos(192.0 * x);
  };
  for (std::size_t n = 0; n < wave.size(); ++n) wave[n] = tones(static_cast<double>(n));
  Equalizer taps;
  taps.ffe = {-0.2, 1.0};
  taps.ffe_pre = 1;
  Context context(1);
  const EqualizedWave direct(wave, taps, grid, EqualizedWave::Reading::direct, context),
      upsampled(wave, taps, grid, EqualizedWave::Reading::upsampled, context);
  for (const double first : {0.0, 5.37, -3.5, 639.9}) {
    const auto value = direct.at_symbols(first), beside = upsampled.at_symbols(first);
    for (int i = 0; i < grid.symbols; ++i) {
      const double u = first + 16.0 * i, exact = tones(u) - 0.2 * tones(u + 16.0);
      // The window leaves 1e-10 of what it passes.
      CHECK(abs_error(value[static_cast<std::size_t>(i)], exact) <= 1e-9);
      // Four points on 6.7 samples per period: (2 pi / 6.7)^4 / 43 of 0.6.
      CHECK(abs_error(beside[static_cast<std::size_t>(i)], exact) <= 2e-2);
    }
  }
}

TEST_CASE("interference: equals the sum for few and many cursors, of the same and of a shorter period") {
  Context context(1);
  for (const std::size_t cursors : {16U, 101U, 500U}) {
    CAPTURE(cursors);
    std::vector<double> q(cursors), d(500);
    RandomStream(2, 1).normal(0, q);
    RandomStream(2, 2).normal(0, d);
    const auto value = interference(q, d, context);
    for (long i = 0; i < 500; i += 7) {
      double sum = 0.0;
      for (long k = 0; k < static_cast<long>(cursors); ++k) {
        const long at = 2 * k < static_cast<long>(cursors) ? k : k - static_cast<long>(cursors);
        sum += q[static_cast<std::size_t>(k)] * d[static_cast<std::size_t>(wrap(i - at, 500))];
      }
      // Rounding of 500 products of order one.
      CHECK(abs_error(value[static_cast<std::size_t>(i)], sum) <= 1e-11);
    }
  }
}
