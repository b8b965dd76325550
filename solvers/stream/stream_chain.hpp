/// A chain in stream mode: blocks of symbols in, blocks of sampler waveforms out, every stage keeps its
/// state.
///
/// Cores are the stages' own Steppers; linear blocks between nodes are overlap-save filters of the same
/// responses the periodic solver multiplies; noise is drawn from the stages' own NoiseTerms. Each block asks
/// Stage::noise of the actual, noisy bundle behind the core, so that shot noise follows the power that
/// arrives and jitter the edges that were sent; laser noise is added to the field in front of the rings,
/// which filter it. What a linear tangent neglects (noise times noise) is therefore part of the stream.
///
/// Crosstalk aggressors send independent symbols through their own path from transmitter to sampler, with a
/// phase drawn anew for each segment from the samples of a symbol.
///
/// Time: sample t of the output is the chain's response at t + advance() samples behind the start of symbol
/// 0. Nothing is sent in front of the first block, so the first memory_samples() of the output are a
/// transient.
#pragma once

#include <memory>
#include <vector>

#include "solvers/chain.hpp"
#include "solvers/stream/noise_draws.hpp"
#include "solvers/stream/overlap_save.hpp"
#include "solvers/stream/stream_filter.hpp"

namespace photonlink {

struct StreamOptions {
  double tolerance = 1e-3;        ///< rms error of each filtered waveform, see stream_filter.hpp
  int block_symbols = 0;          ///< 0: up to three times the longest filter
  std::vector<CtleSetting> ctle;  ///< (n_lane); empty: the output is the sampler in front of the CTLE
};

/// What all runs of one chain share; immutable.
class StreamChain {
 public:
  /// @param solution tells which signals exist behind each node, the full scale of the drive and the
  /// operating point that cores start at; outlives the plan, as `chain` does.
  /// @throws Error when a response cannot be cut to the tolerance, ConfigError for what a stream cannot run.
  StreamChain(const Chain& chain, const PeriodicSolution& solution, const StreamOptions& options,
              Context& context);

  int block_symbols() const { return block_symbols_; }
  int guard_symbols() const { return guard_symbols_; }  ///< given on both sides of each block of symbols
  long memory_samples() const { return memory_samples_; }
  long advance() const { return advance_; }
  double filter_error() const { return filter_error_; }  ///< largest of all filters
  const Chain& chain() const { return chain_; }

 private:
  friend class ChainStream;
  struct Filter {
    std::vector<Complex> response;  // of the causal window at the size of the transform; empty: flat
    HeldResponse held;              // the same for the transmitter's wave; empty: not used
    Complex gain = 1.0;
  };
  struct BlockPlan {
    long begin = 0;                            // of the window
    std::vector<Filter> electrical;            // one for all lanes, or one per lane
    std::vector<std::vector<Filter>> optical;  // (n_port_out, n_carrier)
    int fan_out = 1;
    std::size_t lanes = 0;  // behind the node
    const Fft* electrical_fft = nullptr;
    const Fft* symbol_fft = nullptr;  // of held waves; null: does not fit
    long piece = 0;                   // samples of one electrical transform
    double full_scale_Vpp = 0.0;      // in front of the core of the next node
  };
  struct Responses;
  Responses responses(int node, const PeriodicSolution& solution, const StreamOptions& options) const;
  Responses crosstalk_responses(const StreamOptions& options) const;
  static std::vector<Filter> make_filters(const StreamFilterSet& set, bool real, const Fft& fft);
  void choose_pieces(BlockPlan& block, const StreamFilterSet& set, Context& context) const;
  void use_held_symbols(BlockPlan& block, Context& context) const;
  void choose_block(int block_symbols, long longest, Context& context);

  const Chain& chain_;
  const PeriodicSolution& solution_;
  Context& context_;
  int samples_per_symbol_ = 0, block_symbols_ = 0, guard_symbols_ = 0;
  long memory_samples_ = 0, advance_ = 0;
  double filter_error_ = 0.0;
  const Fft* fft_ = nullptr;
  std::vector<BlockPlan> blocks_;
  std::vector<Aggressor> aggressor_list_;
  std::vector<Filter> aggressors_;  // (n_aggressor · one or n_lane)
};

/// One run of the chain.
class ChainStream {
 public:
  explicit ChainStream(const StreamChain& plan);
  /// Forgets everything and starts at symbol 0.
  void restart(const StreamNoise& noise);
  /// @param symbols amplitudes (n_lane, guard + block + guard); the guards are the neighbouring symbols.
  /// @returns lanes (n_lane, block samples).
  const std::vector<RealWave>& advance(const std::vector<std::vector<double>>& symbols);

 private:
  void transmit(const std::vector<std::vector<double>>& symbols);
  void pass_lanes(std::size_t node);
  void pass_light(std::size_t node);
  void aggressor_wave(std::size_t l, std::size_t a, RealWave& wave);
  void add_crosstalk();

  const StreamChain& plan_;
  StreamNoise noise_;
  long block_ = 0;
  std::vector<std::unique_ptr<Stepper>> steppers_;
  Bundle bundle_;
  std::vector<std::vector<OverlapBuffer<double>>> lane_buffers_;    // (n_node, n_lane)
  std::vector<std::vector<OverlapBuffer<Complex>>> field_buffers_;  // (n_node, n_port · n_carrier)
  std::vector<OverlapBuffer<double>> aggressor_buffers_;            // (n_lane · n_aggressor)
  std::vector<bool> held_;  // (n_lane) the transmitter's wave so far has one value per symbol
  OverlapScratch scratch_;
  std::vector<NoiseMemory> noise_memory_;  // (n_node)
};

}  // namespace photonlink
