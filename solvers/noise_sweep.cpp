#include "solvers/noise_sweep.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "signal/fft.hpp"
#include "solvers/noise_shape.hpp"

namespace photonlink {
namespace {

// Window of the sweep: the memory of receiver, rings and driver. 1/8 of it lies behind the sampling instant,
// for acausal (linear-phase) edges. What it must hold of the receiver's response energy is checked in
// `window_length`.
constexpr int initial_window_symbols = 16;
constexpr double lost_energy = 1e-6;
constexpr long symbols_at_once = 1024;  // whose rows are held in memory

// @param memory_s of the cores in front, which the window holds twice
int window_length(const RealWave& impulse, const TimeGrid& grid, double memory_s) {
  double total = 0.0;
  for (double h : impulse) total += h * h;
  for (int length = initial_window_symbols * grid.samples_per_symbol;; length *= 2) {
    if (length >= static_cast<int>(impulse.size())) return static_cast<int>(impulse.size());
    if (length * grid.dt_s() < 2.0 * memory_s) continue;
    double kept = 0.0;
    for (long j = -length / 8; j < length / 2; ++j) {
      const double h = impulse[static_cast<std::size_t>(wrap(j, static_cast<long>(impulse.size())))];
      kept += h * h;
    }
    if (kept >= (1.0 - lost_energy) * total) return length;
  }
}

double core_memory_s(const Chain& chain, int last_core) {
  double longest = 0.0;
  for (int node = 0; node <= last_core; ++node)
    longest = std::max(longest, chain.stage(chain.nodes()[static_cast<std::size_t>(node)]).core_memory_s());
  return longest;
}

// Last node that light enters, up to `last_core`; `last_core` when there is none.
int last_light(const PeriodicSolution& solution, int last_core) {
  for (int node = last_core; node >= 0; --node)
    if (!solution.before_core[static_cast<std::size_t>(node)].port.empty()) return node;
  return last_core;
}

// Response from the detector to the sampler, `impulse` from the last core, as if cores in between passed on
// what they get: what the window has to hold.
RealWave whole_impulse(const PeriodicSolution& solution, int last_core, RealWave impulse, Context& context) {
  const Fft& fft = context.fft(static_cast<int>(impulse.size()));
  for (int node = last_light(solution, last_core); node < last_core; ++node)
    if (const auto& block = solution.lane_response[static_cast<std::size_t>(node)]; !block.empty())
      filter_periodic(fft, block, impulse);
  return impulse;
}

// One block, transposed: r[u] = Σ_t w[t] h[t - u], so the response acts at negative frequency.
struct BlockTranspose {
  std::vector<Complex> electrical;            // (n/2 + 1)
  std::vector<std::vector<Complex>> optical;  // (n_carrier) (n), from input port to the observed lane's port
};

class Sweep {
 public:
  Sweep(const Chain& chain, const PeriodicSolution& solution, int lane, int last_core,
        const RealWave& impulse, Context& context)
      : chain_(chain),
        solution_(solution),
        lane_(lane),
        last_core_(last_core),
        context_(context),
        grid_(solution.sampler.grid),
        length_(window_length(whole_impulse(solution, last_core, impulse, context), grid_,
                              core_memory_s(chain, last_core))),
        fft_(context.fft(length_)) {
    find_carriers();
    window_.reserve(static_cast<std::size_t>(length_));
    for (long before = length_ - 1 - length_ / 8; before >= -length_ / 8; --before)
      window_.push_back(impulse[static_cast<std::size_t>(wrap(before, static_cast<long>(impulse.size())))]);
    for (int node = 0; node <= last_core; ++node) {
      const Stage& stage = chain.stage(chain.nodes()[static_cast<std::size_t>(node)]);
      tangents_.push_back(stage.has_core() && node > 0
                              ? stage.tangent(solution.before_core[static_cast<std::size_t>(node)])
                              : nullptr);
      blocks_.push_back(node < last_core ? transpose(node) : BlockTranspose{});
    }
    group_terms();
  }

  std::vector<NoiseCovariance> covariances(long offset, int lags) {
    const long symbols = grid_.symbols;
    std::vector<NoiseCovariance> all;
    all.reserve(sources_.size());
    for (const Source& source : sources_) {
      const NoiseTerm& term = *source.entries.front().term;
      all.push_back({term.label, term.scaling, lags, term.moves_edges, term.law == NoiseTerm::Law::uniform,
                     std::vector<double>(static_cast<std::size_t>(symbols * (lags + 1)))});
    }
    if (all.empty()) return all;
    // The symbols of a piece and those that follow within the lags; a whole pattern follows itself.
    const long piece = std::min<long>(symbols, symbols_at_once), pieces = (symbols + piece - 1) / piece;
    parallel_for(static_cast<std::size_t>(pieces), context_, [&](std::size_t p) {
      const long first = static_cast<long>(p) * piece, count = std::min(piece, symbols - first);
      const long held = count == symbols ? symbols : count + lags;
      std::vector<std::vector<double>> rows;  // (n_source) (n_symbol, n_draw)
      rows.reserve(sources_.size());
      for (const Source& source : sources_)
        rows.emplace_back(static_cast<std::size_t>(held * draws(source)), 0.0);
      for (long i = 0; i < held; ++i) observe(wrap(first + i, symbols), offset, i, rows);
      for (std::size_t s = 0; s < sources_.size(); ++s)
        correlate(shaped(sources_[s], std::move(rows[s])), sources_[s], lags, held,
                  std::span(all[s].value)
                      .subspan(static_cast<std::size_t>(first * (lags + 1)),
                               static_cast<std::size_t>(count * (lags + 1))));
    });
    return all;
  }

 private:
  struct Entry {
    const NoiseTerm* term;
    int node;
  };
  // Terms that share their random numbers.
  struct Source {
    std::vector<Entry> entries;
  };
  long draws(const Source& source) const { return length_ / source.entries.front().term->period + 1; }

  void find_carriers() {
    // The detector need not be the last core: an amplifier behind it may limit.
    const Bundle& detector =
        solution_.before_core[static_cast<std::size_t>(last_light(solution_, last_core_))];
    if (detector.port.empty()) return;
    const auto& fields = detector
                             .port[static_cast<std::size_t>(
                                 std::min<long>(lane_, static_cast<long>(detector.port.size()) - 1))]
                             .field;
    std::vector<double> power;
    for (const ComplexWave& field : fields) {
      double sum = 0.0;
      for (const Complex& a : field) sum += std::norm(a);
      power.push_back(sum);
    }
    const double strongest = *std::max_element(power.begin(), power.end());
    for (double each : power) carrier_used_.push_back(each >= weak_carrier * strongest);
  }

  BlockTranspose transpose(int node) const {
    BlockTranspose result;
    const Bundle& behind = solution_.behind_core[static_cast<std::size_t>(node)];
    if (!behind.lane.empty()) {
      result.electrical = chain_.electrical_response(chain_.block(node),
                                                     real_frequencies_Hz(length_, grid_.sample_rate_Hz()));
      for (Complex& value : result.electrical) value = std::conj(value);
    }
    if (behind.port.empty()) return result;
    std::vector<double> negative = complex_frequencies_Hz(length_, grid_.sample_rate_Hz());
    for (double& f : negative) f = -f;
    const int port = chain_.fan_out(chain_.block(node)) > 1 ? lane_ : 0;
    for (std::size_t c = 0; c < behind.carrier_Hz.size(); ++c)
      result.optical.push_back(
          carrier_used_[c] ? chain_.optical_response(chain_.block(node), port, behind.carrier_Hz[c], negative)
                           : std::vector<Complex>{});
    return result;
  }

  void group_terms() {
    std::map<std::uint64_t, std::size_t> index;
    for (int node = 0; node < last_core_; ++node) {
      for (const NoiseTerm& term : solution_.noise[static_cast<std::size_t>(node)]) {
        if (term.carrier >= 0 && !carrier_used_[static_cast<std::size_t>(term.carrier)]) continue;
        if (term.law == NoiseTerm::Law::sinusoid) continue;
        const auto [entry, fresh] = index.try_emplace(term.source, sources_.size());
        if (fresh) sources_.emplace_back();
        auto& entries = sources_[entry->second].entries;
        if (!entries.empty())
          require(entries.front().term->period == term.period &&
                      entries.front().term->turns_field == term.turns_field,
                  "one noise source, two draw rates or two kinds");
        entries.push_back({&term, node});
      }
    }
  }

  // What the sample of a symbol owes to each draw, row `row` of every source.
  void observe(long symbol, long offset, long row, std::vector<std::vector<double>>& rows) const {
    const long instant = symbol * grid_.samples_per_symbol + offset;
    Sensitivity s;
    s.length = length_;
    s.begin = instant + length_ / 8 - length_ + 1;
    s.lane.resize(static_cast<std::size_t>(lane_) + 1);
    s.lane[static_cast<std::size_t>(lane_)] = window_;
    for (int node = last_core_; node >= 0; --node) {
      if (node < last_core_) {
        pull_back_block(blocks_[static_cast<std::size_t>(node)], s);
        collect(node, row, s, rows);
      }
      if (node == 0) break;
      if (const auto& tangent = tangents_[static_cast<std::size_t>(node)]) {
        tangent->pull_back(s);
        drop_weak(s);
      }
    }
  }

  // Light that does not matter here, and drive lanes that only reach this detector through such light.
  void drop_weak(Sensitivity& s) const {
    for (auto& port : s.port)
      for (std::size_t c = 0; c < port.size(); ++c)
        if (!carrier_used_[c]) port[c].clear();
    if (s.port.empty() || s.lane.size() < 2) return;
    std::vector<double> energy;
    energy.reserve(s.lane.size());
    for (const RealWave& weight : s.lane)
      energy.push_back(std::inner_product(weight.begin(), weight.end(), weight.begin(), 0.0));
    const double strongest = *std::max_element(energy.begin(), energy.end());
    for (std::size_t lane = 0; lane < energy.size(); ++lane)
      if (energy[lane] < weak_carrier * weak_carrier * strongest) s.lane[lane].clear();
  }

  void pull_back_block(const BlockTranspose& block, Sensitivity& s) const {
    for (RealWave& weight : s.lane)
      if (!weight.empty()) filter_periodic(fft_, block.electrical, weight);
    if (block.optical.empty()) s.port.clear();  // no light in front of this block
    if (s.port.empty()) return;
    // All observed light came through one port: that of the lane, or the only one.
    std::vector<ComplexWave> one =
        std::move(s.port[std::min<std::size_t>(static_cast<std::size_t>(lane_), s.port.size() - 1)]);
    for (std::size_t c = 0; c < one.size(); ++c)
      if (!one[c].empty()) filter_periodic(fft_, block.optical[c], one[c]);
    s.port.clear();
    s.port.push_back(std::move(one));
  }

  void collect(int node, long row, const Sensitivity& s, std::vector<std::vector<double>>& rows) const {
    for (std::size_t k = 0; k < sources_.size(); ++k)
      for (const Entry& entry : sources_[k].entries)
        if (entry.node == node) add_row(*entry.term, s, rows[k].data() + row * draws(sources_[k]));
  }

  // An edge lies half a sample in front of its first sample.
  static double lane_weight(const NoiseTerm& term, const RealWave& lane, std::size_t w) {
    return term.moves_edges ? 0.5 * (lane[w] + (w > 0 ? lane[w - 1] : 0.0)) : lane[w];
  }

  void add_row(const NoiseTerm& term, const Sensitivity& s, double* row) const {
    const long first_draw =
        s.begin >= 0 ? s.begin / term.period : -((-s.begin + term.period - 1) / term.period);
    const bool on_field = term.carrier >= 0;
    if (on_field && (s.port.empty() || s.port[0][static_cast<std::size_t>(term.carrier)].empty())) return;
    if (!on_field && (static_cast<std::size_t>(term.lane) >= s.lane.size() ||
                      s.lane[static_cast<std::size_t>(term.lane)].empty()))
      return;
    // Counted on rather than divided: this is done for every symbol and source.
    long draw = 0, phase = s.begin - first_draw * term.period;
    auto at = static_cast<std::size_t>(wrap(s.begin, grid_.size()));
    for (std::size_t w = 0; w < static_cast<std::size_t>(length_); ++w) {
      if (phase < term.hold) {
        const double weight =
            on_field ? (s.port[0][static_cast<std::size_t>(term.carrier)][w] *
                        (term.field_modulation.empty() ? Complex(1.0) : term.field_modulation[at]))
                           .real()
                     : lane_weight(term, s.lane[static_cast<std::size_t>(term.lane)], w) *
                           (term.modulation.empty() ? 1.0 : term.modulation[at]);
        row[draw] += term.sigma * weight;
      }
      if (++phase == term.period) {
        phase = 0;
        ++draw;
      }
      if (++at == static_cast<std::size_t>(grid_.size())) at = 0;
    }
  }

  // A sum of draws up to each sample: what a draw is worth are all samples from it on. Light turned as a
  // whole changes nothing, so a row sums to zero and draws in front of the window do not matter.
  static void sum_later(std::vector<double>& rows, long count) {
    for (long i = 0; i < static_cast<long>(rows.size()) / count; ++i)
      for (long d = count - 2; d >= 0; --d)
        rows[static_cast<std::size_t>(i * count + d)] += rows[static_cast<std::size_t>(i * count + d + 1)];
  }

  // What each observed sample owes to white draws: (n_symbol, n_draw).
  struct Rows {
    std::vector<double> value;
    long count;     // n_draw
    bool periodic;  // the draws form a circle
  };

  // Coloured noise: shape the rows, then treat the draws as white. They lie on a circle of twice their
  // length: slow noise (1/f) reaches all the way round.
  Rows shaped(const Source& source, std::vector<double> white) const {
    const NoiseTerm& term = *source.entries.front().term;
    const long count = draws(source);
    Rows rows{std::move(white), count, false};
    if (term.turns_field) sum_later(rows.value, count);
    if (!is_coloured(term)) return rows;
    const Fft& fft = context_.fft(static_cast<int>(2 * count));
    const auto frequency = real_frequencies_Hz(fft.size(), grid_.sample_rate_Hz() / term.period);
    Rows result{std::vector<double>(2 * rows.value.size(), 0.0), 2 * count, true};
    std::vector<Complex> filter;
    filter.reserve(frequency.size());
    for (const double amplitude : bin_amplitudes(term, frequency)) filter.emplace_back(amplitude);
    for (long i = 0; i < static_cast<long>(rows.value.size()) / count; ++i) {
      const std::span row =
          std::span(result.value)
              .subspan(static_cast<std::size_t>(2 * i * count), static_cast<std::size_t>(2 * count));
      std::copy_n(rows.value.begin() + i * count, count, row.begin() + count / 2);
      filter_periodic(fft, filter, row);
    }
    return result;
  }

  // @param held rows there are, of which the first value.size() / (lags + 1) are wanted
  void correlate(const Rows& rows, const Source& source, int lags, long held, std::span<double> value) const {
    const long count = rows.count;
    const long shift = grid_.samples_per_symbol / source.entries.front().term->period;  // draws per symbol
    for (long i = 0; i < static_cast<long>(value.size()) / (lags + 1); ++i) {
      for (int lag = 0; lag <= lags; ++lag) {
        const double* early = rows.value.data() + i * count;
        const double* late = rows.value.data() + wrap(i + lag, held) * count;
        const long begin = lag * shift;
        const long shared = std::max(count - begin, 0L);
        using Row = Eigen::Map<const Eigen::VectorXd>;  // whose products are vectorised
        double sum = Row(early + count - shared, shared).dot(Row(late, shared));
        if (rows.periodic)
          for (long d = 0; d < std::min(begin, count); ++d) sum += early[d] * late[wrap(d - begin, count)];
        value[static_cast<std::size_t>(i * (lags + 1) + lag)] = sum;
      }
    }
  }

  const Chain& chain_;
  const PeriodicSolution& solution_;
  int lane_, last_core_;
  RealWave window_;  // of the response from the last core, latest sample first
  Context& context_;
  TimeGrid grid_;
  int length_;
  const Fft& fft_;
  std::vector<bool> carrier_used_;
  std::vector<std::unique_ptr<Tangent>> tangents_;
  std::vector<BlockTranspose> blocks_;
  std::vector<Source> sources_;
};

}  // namespace

std::vector<NoiseCovariance> sweep_noise(const Chain& chain, const PeriodicSolution& solution, int lane,
                                         int last_core, const RealWave& impulse, long offset, int lags,
                                         Context& context) {
  return Sweep(chain, solution, lane, last_core, impulse, context).covariances(offset, lags);
}

}  // namespace photonlink
