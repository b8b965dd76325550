#include "solvers/monte_carlo.hpp"

#include <fmt/format.h>
#include <tbb/enumerable_thread_specific.h>

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <chrono>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "signal/averages.hpp"
#include "signal/pam6.hpp"
#include "signal/pattern.hpp"
#include "solvers/stream/stream_chain.hpp"

namespace photonlink {
namespace {

constexpr int start_up_shares = 16;  // a segment is this many times longer than its start-up
constexpr long round_segments = 32;  // between two looks at the target

// Numbered pieces of work on one link.
class Referee {
 public:
  Referee(const PatternSolution& solution, const MonteCarloOptions& options, Context& context)
      : solution_(solution),
        options_(options),
        link_(*solution.link),
        plan_(*solution.chain, solution.periodic,
              {.block_symbols = options.block_symbols, .ctle = solution.lane_ctle}, context),
        amplitude_(link_.transmitter().level_amplitudes(link_.levels)) {
    const long samples = link_.samples_per_symbol;
    for (const auto& lane : solution.lane)
      taps_ = std::max<long>(taps_, static_cast<long>(lane->inputs().equalizer.ffe.size() +
                                                      lane->inputs().equalizer.dfe.size()));
    start_up_ = plan_.memory_samples() / samples + 2 * taps_ + 32;
    blocks_ =
        std::max<long>(4, (start_up_shares * start_up_ + plan_.block_symbols() - 1) / plan_.block_symbols());
    find_means();
    find_lags();
    // Symbols whose samples a segment no longer reaches.
    long behind = 0;
    for (const long lag : lag_) behind = std::max(behind, lag / samples + 1);
    last_ = blocks_ * plan_.block_symbols() - behind - taps_ - 16;
    if (link_.receiver().parameters().detector == "mlse") {
      last_ -= sequence_guard;
      start_up_ += sequence_guard;
    }
    if (link_.levels != 6) return;
    // Symbols are counted in pairs, which begin with the stream, `guard` symbols in front.
    start_up_ += (start_up_ + plan_.guard_symbols()) % 2;
    last_ -= (last_ + plan_.guard_symbols()) % 2;
  }

  long symbols_per_segment() const { return last_ - start_up_; }
  const StreamChain& plan() const { return plan_; }

  /// What one thread works in.
  struct Worker {
    explicit Worker(const Referee& referee) : Worker(referee, referee.lag_) {}
    Worker(const Referee& referee, const std::vector<long>& lag) : stream(referee.plan_) {
      for (std::size_t l = 0; l < lag.size(); ++l) slicer.push_back(referee.slicer(l, lag[l]));
    }
    ChainStream stream;
    std::vector<LaneSlicer> slicer;
    std::vector<std::vector<int>> sent;
    std::vector<std::vector<double>> symbols;
  };

  /// Bit errors of each lane in one segment.
  std::vector<long> count(Worker& worker, std::uint64_t segment) const {
    run(worker, {options_.seed, segment, options_.noise_scale, options_.crosstalk}, blocks_);
    std::vector<long> errors;
    for (std::size_t l = 0; l < worker.slicer.size(); ++l)
      errors.push_back(
          worker.slicer[l].count_errors(worker.sent[l], plan_.guard_symbols(), start_up_, last_));
    return errors;
  }

 private:
  LaneSlicer slicer(std::size_t lane, long lag) const {
    return LaneSlicer(*solution_.lane[lane], amplitude_, lag, mean_[lane], options_.feedback);
  }

  void run(Worker& worker, const StreamNoise& noise, long blocks) const {
    const long guard = plan_.guard_symbols(), block = plan_.block_symbols();
    const auto lanes = static_cast<std::size_t>(link_.lanes);
    worker.sent.resize(lanes);
    worker.symbols.resize(lanes);
    worker.stream.restart(noise);
    for (std::size_t l = 0; l < lanes; ++l) {
      worker.sent[l].resize(static_cast<std::size_t>(blocks * block + 2 * guard));
      worker.symbols[l].resize(static_cast<std::size_t>(block + 2 * guard));
      random_levels(RandomStream(noise.seed, source_number("monte carlo symbols") + l, noise.segment), 0,
                    link_.levels, worker.sent[l]);
      worker.slicer[l].restart(noise.seed, source_number("monte carlo sampling") + 2 * l, noise.segment,
                               noise.scale);
    }
    for (long b = 0; b < blocks; ++b) {
      for (std::size_t l = 0; l < lanes; ++l)
        for (long i = 0; i < block + 2 * guard; ++i)
          worker.symbols[l][static_cast<std::size_t>(i)] =
              amplitude_[static_cast<std::size_t>(worker.sent[l][static_cast<std::size_t>(b * block + i)])];
      const auto& waves = worker.stream.advance(worker.symbols);
      for (std::size_t l = 0; l < lanes; ++l) worker.slicer[l].push(waves[l]);
    }
  }

  // Mean of the noise-free waveform behind the CTLE, which the pattern solver removes.
  void find_means() {
    for (std::size_t l = 0; l < static_cast<std::size_t>(link_.lanes); ++l) {
      const RealWave& wave = solution_.periodic.sampler.lane[l];
      std::vector<Complex> gain(1, 1.0);
      const double zero_Hz = 0.0;
      link_.receiver().multiply_ctle(solution_.lane_ctle[l], {&zero_Hz, 1}, gain);
      mean_.push_back(mean(wave) * gain.front().real());
    }
  }

  // The pattern solver knows the sampling instant up to whole periods of its pattern: the right one leaves
  // the least error in a noise-free stream of random symbols.
  void find_lags() {
    const long samples = link_.samples_per_symbol, memory = plan_.memory_samples();
    const long most_symbols = memory / samples + 1;
    const long blocks = (start_up_ + 2 * most_symbols + 512 + 4 * taps_) / plan_.block_symbols() + 2;
    const auto lanes = static_cast<std::size_t>(link_.lanes);
    std::vector<double> least(lanes, INFINITY);
    lag_.assign(lanes, 0);
    const long period = solution_.lane.front()->inputs().grid.size();
    for (long shift = 0; shift * period <= memory + samples; ++shift) {
      std::vector<long> trial(lanes);
      for (std::size_t l = 0; l < lanes; ++l) {
        const long offset = solution_.lane[l]->inputs().offset - plan_.advance();
        trial[l] = ((offset % period) + period) % period + shift * period;
      }
      Worker worker(*this, trial);
      run(worker, {options_.seed, 0, 0.0, false}, blocks);
      for (std::size_t l = 0; l < lanes; ++l) {
        if (trial[l] > memory + samples) continue;
        const double error = worker.slicer[l].mean_square_error(worker.sent[l], plan_.guard_symbols(),
                                                                start_up_, start_up_ + 512);
        if (error >= least[l]) continue;
        least[l] = error;
        lag_[l] = trial[l];
      }
    }
  }

  const PatternSolution& solution_;
  const MonteCarloOptions& options_;
  const Link& link_;
  StreamChain plan_;
  std::vector<double> amplitude_, mean_;
  std::vector<long> lag_;  // (n_lane) stream sample at which symbol 0 is sampled
  long taps_ = 0, start_up_ = 0, blocks_ = 0, last_ = 0;
};

ErrorCount summarise(const std::vector<double>& errors, double bits_per_segment) {
  ErrorCount count;
  const double n = static_cast<double>(errors.size());
  count.errors = std::accumulate(errors.begin(), errors.end(), 0.0);
  count.bits = n * bits_per_segment;
  count.ber = count.errors / count.bits;
  double square = 0.0;
  for (const double each : errors) square += (each - count.errors / n) * (each - count.errors / n);
  count.sigma = n > 1.0 ? std::sqrt(square * n / (n - 1.0)) / count.bits : not_computed;
  if (count.errors > 0.0) count.burst = std::max(1.0, count.sigma * count.sigma * count.bits / count.ber);
  const double events = count.errors / count.burst;
  count.ber_low = events > 0.0 ? boost::math::gamma_p_inv(events, 0.025) * count.burst / count.bits : 0.0;
  count.ber_high = boost::math::gamma_p_inv(events + 1.0, 0.975) * count.burst / count.bits;
  return count;
}

void check(const MonteCarloOptions& options) {
  if (!(options.noise_scale > 0.0))
    throw ConfigError(fmt::format("monte carlo: noise_scale = {} must be above 0", options.noise_scale));
  if (!(options.max_symbols >= 1.0) || !(options.target_errors > 0.0) || options.block_symbols < 0)
    throw ConfigError(
        fmt::format("monte carlo: max_symbols = {}, target_errors = {}, block_symbols = {}; give "
                    "at least one symbol, a target above 0 and blocks of 0 (automatic) or more",
                    options.max_symbols, options.target_errors, options.block_symbols));
}

}  // namespace

MonteCarloResult run_monte_carlo(const PatternSolution& solution, const MonteCarloOptions& options,
                                 Context& context) {
  check(options);
  const auto begin = std::chrono::steady_clock::now();
  const Referee referee(solution, options, context);
  const auto lanes = static_cast<std::size_t>(solution.link->lanes);
  tbb::enumerable_thread_specific<std::unique_ptr<Referee::Worker>> workers;
  std::vector<std::vector<long>> errors;  // (n_segment, n_lane)
  double found = 0.0, symbols = 0.0;
  while (found < options.target_errors && symbols < options.max_symbols) {
    const std::size_t first = errors.size();
    errors.resize(first + round_segments);
    parallel_for(first, errors.size(), context, [&](std::size_t s) {
      auto& worker = workers.local();
      if (!worker) worker = std::make_unique<Referee::Worker>(referee);
      errors[s] = referee.count(*worker, s);
    });
    for (std::size_t s = first; s < errors.size(); ++s)
      found += static_cast<double>(std::accumulate(errors[s].begin(), errors[s].end(), 0L));
    symbols +=
        static_cast<double>(round_segments * referee.symbols_per_segment()) * static_cast<double>(lanes);
    if (context.progress)
      context.progress("monte carlo",
                       std::min(1.0, std::max(found / options.target_errors, symbols / options.max_symbols)));
  }

  MonteCarloResult result;
  const double bits = solution.link->bits_per_symbol() * static_cast<double>(referee.symbols_per_segment());
  std::vector<double> sum(errors.size(), 0.0), one(errors.size());
  for (std::size_t l = 0; l < lanes; ++l) {
    for (std::size_t s = 0; s < errors.size(); ++s) sum[s] += one[s] = static_cast<double>(errors[s][l]);
    result.lane.push_back(summarise(one, bits));
  }
  result.total = summarise(sum, bits * static_cast<double>(lanes));
  result.segments = static_cast<long>(errors.size());
  result.symbols_per_segment = referee.symbols_per_segment();
  result.filter_error = referee.plan().filter_error();
  result.reached_target = found >= options.target_errors;
  result.settings = fmt::format(
      "{} segments of {} symbols per lane, seed {}, feedback of {} symbols, noise x {:g}, filters to {:.1g}",
      result.segments, result.symbols_per_segment, options.seed,
      options.feedback == FeedbackSymbols::correct ? "correct" : "decided", options.noise_scale,
      result.filter_error);
  result.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

double scaled_ber(PatternSolution& solution, double noise_scale) {
  double sum = 0.0;
  for (const auto& lane : solution.lane)
    sum += lane->bit_error_ratio(0.0, lane->thresholds(), {.noise = noise_scale});
  return sum / static_cast<double>(solution.lane.size());
}

double noise_scale_for_ber(PatternSolution& solution, double ber) {
  double low = 1.0 / 64.0, high = 64.0;
  require(scaled_ber(solution, low) < ber && scaled_ber(solution, high) > ber,
          fmt::format("link '{}': BER {:.2g} is not reached with noise between 1/64 and 64 times its own",
                      solution.link->name, ber));
  while (high / low > 1.0 + 1e-6) {
    const double middle = std::sqrt(low * high);
    (scaled_ber(solution, middle) < ber ? low : high) = middle;
  }
  return std::sqrt(low * high);
}

}  // namespace photonlink
