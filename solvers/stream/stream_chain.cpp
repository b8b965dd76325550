#include "solvers/stream/stream_chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"
#include "signal/pam6.hpp"
#include "signal/slow_state.hpp"

namespace photonlink {
namespace {

// Frequency grids on which responses are cut: 2^17 samples last 4096 symbols of 32 samples, longer than any
// cable; light carries no bulk delay.
constexpr int electrical_grid = 1 << 17, optical_grid = 1 << 14;
constexpr int smallest_transform = 1 << 13;
constexpr long largest_automatic_block = 1 << 16;  // [samples]

int transform_size(long least) {
  for (int power = smallest_transform;; power *= 2)
    for (const int size : {power, power / 4 * 5, power / 2 * 3})
      if (size >= least) return size;
}

}  // namespace

struct StreamChain::Responses {
  std::vector<std::vector<Complex>> electrical, optical;
  int ports_out = 1;
};

StreamChain::Responses StreamChain::responses(int node, const PeriodicSolution& solution,
                                              const StreamOptions& options) const {
  Responses result;
  const Block block = chain_.block(node);
  const Bundle& behind = solution.behind_core[static_cast<std::size_t>(node)];
  const double rate_Hz = behind.grid.sample_rate_Hz();
  if (!behind.lane.empty()) {
    const auto frequency = real_frequencies_Hz(electrical_grid, rate_Hz);
    const auto response = chain_.electrical_response(block, frequency);
    const bool last = node + 1 == static_cast<int>(chain_.nodes().size());
    const bool equalised = last && !options.ctle.empty();
    for (std::size_t l = 0; l < (equalised ? options.ctle.size() : 1u); ++l) {
      auto one = response;
      if (equalised) chain_.link().receiver().multiply_ctle(options.ctle[l], frequency, one);
      result.electrical.push_back(two_sided(std::move(one)));
    }
  }
  if (behind.port.empty()) return result;
  result.ports_out = chain_.fan_out(block);
  const auto offset = complex_frequencies_Hz(optical_grid, rate_Hz);
  for (int p = 0; p < result.ports_out; ++p)
    for (const double carrier_Hz : behind.carrier_Hz)
      result.optical.push_back(chain_.optical_response(block, p, carrier_Hz, offset));
  return result;
}

StreamChain::Responses StreamChain::crosstalk_responses(const StreamOptions& options) const {
  Responses result;
  const Link& link = chain_.link();
  const auto frequency = real_frequencies_Hz(electrical_grid, link.symbol_rate_Bd * link.samples_per_symbol);
  for (int a = 0; a < static_cast<int>(aggressor_list_.size()); ++a) {
    std::vector<Complex> path(frequency.size(), 1.0);
    for (int node = 0; node < static_cast<int>(chain_.nodes().size()); ++node) {
      const auto block = chain_.electrical_response(chain_.block(node), frequency, a);
      for (std::size_t k = 0; k < path.size(); ++k) path[k] *= block[k];
    }
    for (std::size_t l = 0; l < std::max<std::size_t>(options.ctle.size(), 1); ++l) {
      auto one = path;
      if (!options.ctle.empty()) link.receiver().multiply_ctle(options.ctle[l], frequency, one);
      result.electrical.push_back(two_sided(std::move(one)));
    }
  }
  return result;
}

std::vector<StreamChain::Filter> StreamChain::make_filters(const StreamFilterSet& set, bool real,
                                                           const Fft& fft) {
  std::vector<Filter> filters;
  for (std::size_t r = 0; r < set.impulse.size(); ++r) {
    Filter& filter = filters.emplace_back();
    if (set.flat[r]) {
      filter.gain = set.impulse[r][static_cast<std::size_t>(-set.begin)];
      continue;
    }
    std::vector<Complex> spectrum(static_cast<std::size_t>(fft.size()), 0.0);
    std::copy(set.impulse[r].begin(), set.impulse[r].end(), spectrum.begin());
    if (real)
      for (Complex& value : spectrum) value = value.real();
    fft.forward(spectrum);
    if (real) spectrum.resize(spectrum.size() / 2 + 1);
    filter.response = std::move(spectrum);
  }
  return filters;
}

StreamChain::StreamChain(const Chain& chain, const PeriodicSolution& solution, const StreamOptions& options,
                         Context& context)
    : chain_(chain),
      solution_(solution),
      context_(context),
      samples_per_symbol_(chain.link().samples_per_symbol),
      guard_symbols_(static_cast<int>(chain.link().transmitter().parameters().ffe_taps.size()) + 1),
      aggressor_list_(chain.aggressors()) {
  if (!chain.linear() && !aggressor_list_.empty())
    throw ConfigError(
        fmt::format("link '{}': crosstalk of a channel in front of a non-linear stage cannot be "
                    "streamed; remove the aggressors",
                    chain.link().name));
  // Cut all responses first: the longest one sets the size of all transforms.
  std::vector<std::array<StreamFilterSet, 2>> sets;  // electrical, optical
  long longest = 1;
  const auto design = [&](const std::vector<std::vector<Complex>>& response) {
    StreamFilterSet set = design_stream_filters(response, samples_per_symbol_, options.tolerance, context);
    filter_error_ = std::max(filter_error_, set.error);
    longest = std::max<long>(longest, set.length);
    return set;
  };
  for (int node = 0; node < static_cast<int>(chain.nodes().size()); ++node) {
    const Responses each = responses(node, solution, options);
    auto& pair = sets.emplace_back(std::array{design(each.electrical), design(each.optical)});
    const long begin = std::min(pair[0].begin, pair[1].begin);
    for (StreamFilterSet& set : pair)
      if (!set.impulse.empty()) begin_earlier(set, begin);
    const int length = std::max(pair[0].length, pair[1].length);
    longest = std::max<long>(longest, length);
    memory_samples_ += length;
    advance_ += begin;
    const auto n = static_cast<std::size_t>(node);
    blocks_.push_back({.begin = begin,
                       .fan_out = each.ports_out,
                       .lanes = solution.behind_core[n].lane.size(),
                       .full_scale_Vpp = solution.before_core[n].full_scale_Vpp});
  }
  std::vector<StreamFilterSet> crosstalk;
  for (const auto& response : crosstalk_responses(options).electrical) {
    crosstalk.push_back(design({response}));
    crosstalk.back().flat.assign(1, false);  // always filtered
  }
  choose_block(options.block_symbols, longest, context);
  for (std::size_t node = 0; node < sets.size(); ++node) {
    choose_pieces(blocks_[node], sets[node][0], context);
    blocks_[node].electrical = make_filters(sets[node][0], true, *blocks_[node].electrical_fft);
    const auto optical = make_filters(sets[node][1], false, *fft_);
    const auto carriers = static_cast<long>(solution.behind_core[node].carrier_Hz.size());
    for (auto first = optical.begin(); first != optical.end(); first += carriers)
      blocks_[node].optical.emplace_back(first, first + carriers);
  }
  use_held_symbols(blocks_.front(), context);
  for (const StreamFilterSet& set : crosstalk) aggressors_.push_back(make_filters(set, true, *fft_).front());
}

void StreamChain::choose_block(int block_symbols, long longest, Context& context) {
  const long wanted = static_cast<long>(block_symbols) * samples_per_symbol_;
  // Three times the filter, so that little is transformed twice; less where waves would leave the cache.
  const long automatic = std::max(longest / 2, std::min(3 * longest, largest_automatic_block));
  const int size = transform_size(longest + (block_symbols > 0 ? wanted : automatic));
  fft_ = &context.fft(size);
  // Even, so that every block begins with an even edge.
  block_symbols_ =
      block_symbols > 0 ? block_symbols : 2 * static_cast<int>((size - longest) / (2 * samples_per_symbol_));
  if (block_symbols_ % 2 != 0 && chain_.link().transmitter().parameters().even_odd_jitter_UI != 0.0)
    throw ConfigError(fmt::format("link '{}': block_symbols = {}; even-odd jitter needs an even number",
                                  chain_.link().name, block_symbols_));
}

// Short filters work in pieces of the block, with the size of least work, pieces · n log n. A set with a
// constant response takes whole blocks, since that one reads a delayed block from its buffer.
void StreamChain::choose_pieces(BlockPlan& block, const StreamFilterSet& set, Context& context) const {
  const long samples = static_cast<long>(block_symbols_) * samples_per_symbol_;
  block.electrical_fft = fft_;
  block.piece = samples;
  if (set.impulse.empty() || std::find(set.flat.begin(), set.flat.end(), true) != set.flat.end()) return;
  double least = INFINITY;
  for (int size = transform_size(2L * set.length); size < fft_->size(); size = transform_size(size + 1)) {
    const long step = 2L * samples_per_symbol_;  // whole symbols, aligned
    const long piece = (size - set.length + 1) / step * step;
    if (piece == 0) continue;
    const double work = std::ceil(static_cast<double>(samples) / static_cast<double>(piece)) * size *
                        std::log2(static_cast<double>(size));
    if (work >= least) continue;
    least = work;
    block.electrical_fft = &context.fft(size);
    block.piece = piece;
  }
}

// The transmitter's wave has one value per symbol but for its edges, unless they move far: its spectrum then
// costs next to nothing.
void StreamChain::use_held_symbols(BlockPlan& block, Context& context) const {
  const int size = block.electrical_fft->size();
  if (size % samples_per_symbol_ != 0 || block.piece % samples_per_symbol_ != 0) return;
  block.symbol_fft = &context.fft(size / samples_per_symbol_);
  for (Filter& filter : block.electrical)
    if (!filter.response.empty()) filter.held = {filter.response, samples_per_symbol_, size};
}

ChainStream::ChainStream(const StreamChain& plan) : plan_(plan) {
  const int size = plan.fft_->size();
  for (const auto& block : plan.blocks_) {
    lane_buffers_.emplace_back(block.lanes, OverlapBuffer<double>(block.electrical_fft->size()));
    const std::size_t carriers = block.optical.empty() ? 0 : block.optical.front().size();
    const std::size_t ports = block.fan_out > 1 ? 1 : block.optical.size();
    field_buffers_.emplace_back(ports * carriers, OverlapBuffer<Complex>(size));
  }
  aggressor_buffers_.assign(plan.blocks_.back().lanes * plan.aggressor_list_.size(),
                            OverlapBuffer<double>(size));
  restart({});
}

void ChainStream::restart(const StreamNoise& noise) {
  noise_ = noise;
  block_ = 0;
  held_.assign(plan_.blocks_.front().lanes, plan_.blocks_.front().symbol_fft != nullptr);
  noise_memory_.resize(plan_.blocks_.size());
  for (NoiseMemory& memory : noise_memory_) memory.turn_rad.clear();
  steppers_.resize(plan_.blocks_.size());
  for (auto& stepper : steppers_) {
    if (auto* slow = dynamic_cast<SlowState*>(stepper.get()))
      slow->rewind();
    else
      stepper.reset();
  }
  for (auto& node : lane_buffers_)
    for (auto& buffer : node) buffer.clear();
  for (auto& node : field_buffers_)
    for (auto& buffer : node) buffer.clear();
  for (auto& buffer : aggressor_buffers_) buffer.clear();
}

const std::vector<RealWave>& ChainStream::advance(const std::vector<std::vector<double>>& symbols) {
  const long samples = static_cast<long>(plan_.block_symbols_) * plan_.samples_per_symbol_;
  long delay = 0;  // sample u of a node's block is sample begin + u + delay of the noise
  for (std::size_t node = 0; node < plan_.blocks_.size(); ++node) {
    if (node == 0) {
      transmit(symbols);
    } else {
      const Stage& stage = plan_.chain_.stage(plan_.chain_.nodes()[node]);
      bundle_.full_scale_Vpp = plan_.blocks_[node].full_scale_Vpp;
      if (stage.has_core()) {
        if (!steppers_[node]) {
          steppers_[node] = stage.start(plan_.solution_.before_core[node]);
          // Dynamic type: few cores have a slow state.
          if (auto* slow = dynamic_cast<SlowState*>(steppers_[node].get())) slow->release();
        }
        steppers_[node]->step(bundle_);
      }
      if (noise_.scale != 0.0)
        add_noise(plan_.chain_.noise(plan_.chain_.nodes()[node], bundle_), block_ * samples + delay, noise_,
                  bundle_, noise_memory_[node], plan_.context_);
    }
    pass_lanes(node);
    pass_light(node);
    delay += plan_.blocks_[node].begin;
  }
  if (noise_.crosstalk && !plan_.aggressors_.empty()) add_crosstalk();
  ++block_;
  return bundle_.lane;
}

// The transmitter's taps reach into the neighbouring symbols on both sides, which the guards hold: it works
// on the longer block, of which the middle is kept.
void ChainStream::transmit(const std::vector<std::vector<double>>& symbols) {
  const Stage& stage = plan_.chain_.stage(plan_.chain_.nodes().front());
  const long guard = static_cast<long>(plan_.guard_symbols_) * plan_.samples_per_symbol_;
  const long samples = static_cast<long>(plan_.block_symbols_) * plan_.samples_per_symbol_;
  bundle_.grid = {plan_.chain_.link().symbol_rate_Bd, plan_.samples_per_symbol_,
                  plan_.block_symbols_ + 2 * plan_.guard_symbols_};
  bundle_.symbols = symbols;
  bundle_.port.clear();
  bundle_.carrier_Hz.clear();
  if (!steppers_.front()) steppers_.front() = stage.start(bundle_);
  steppers_.front()->step(bundle_);
  if (noise_.scale != 0.0)
    add_noise(plan_.chain_.noise(plan_.chain_.nodes().front(), bundle_), block_ * samples - guard, noise_,
              bundle_, noise_memory_.front(), plan_.context_);
  for (RealWave& wave : bundle_.lane) {
    std::copy_n(wave.begin() + guard, samples, wave.begin());
    wave.resize(static_cast<std::size_t>(samples));
  }
  bundle_.grid.symbols = plan_.block_symbols_;
}

void ChainStream::pass_lanes(std::size_t node) {
  const auto& block = plan_.blocks_[node];
  for (std::size_t l = 0; l < bundle_.lane.size(); ++l) {
    const auto& filter = block.electrical[std::min(l, block.electrical.size() - 1)];
    auto& buffer = lane_buffers_[node][l];
    RealWave& wave = bundle_.lane[l];
    const auto piece = static_cast<std::size_t>(block.piece);
    if (node == 0 && held_[l]) held_[l] = is_held(wave, static_cast<std::size_t>(plan_.samples_per_symbol_));
    if (!filter.response.empty()) {
      if (node == 0 && held_[l])
        filter_held_stream(*block.electrical_fft, *block.symbol_fft, buffer, filter.held, piece, wave,
                           scratch_);
      else
        filter_stream(*block.electrical_fft, buffer, filter.response, piece, wave, scratch_);
      continue;
    }
    if (block.begin != 0) {
      buffer.push(wave);
      buffer.read_delayed(-block.begin, wave);
    }
    if (filter.gain != Complex(1.0))
      for (double& value : wave) value *= filter.gain.real();
  }
}

void ChainStream::pass_light(std::size_t node) {
  const auto& block = plan_.blocks_[node];
  if (bundle_.port.empty()) return;
  const std::size_t carriers = bundle_.carrier_Hz.size();
  if (block.optical.size() != bundle_.port.size()) bundle_.port.resize(block.optical.size());
  for (std::size_t c = 0; c < carriers; ++c) {
    for (std::size_t p = 0; p < block.optical.size(); ++p) {
      // A demultiplexer transforms the field of its one input port once for all outputs.
      const bool fresh = p == 0 || block.fan_out == 1;
      auto& fields = bundle_.port[p].field;
      if (fields.size() != carriers) fields.resize(carriers);
      fields[c].resize(static_cast<std::size_t>(bundle_.grid.size()));
      const auto& filter = block.optical[p][c];
      auto& buffer = field_buffers_[node][(block.fan_out == 1 ? p : 0) * carriers + c];
      const bool flat = filter.response.empty();
      if (flat && block.fan_out == 1 && block.begin == 0) {
        for (Complex& value : fields[c]) value *= filter.gain;
        continue;
      }
      if (fresh) {
        buffer.push(fields[c]);
        if (!flat || block.fan_out > 1) transform_stream(*plan_.fft_, buffer, scratch_.spectrum);
      }
      if (flat) {
        buffer.read_delayed(-block.begin, fields[c]);
        for (Complex& value : fields[c]) value *= filter.gain;
      } else {
        filter_spectrum(*plan_.fft_, scratch_.spectrum, filter.response, fields[c], scratch_);
      }
    }
  }
}

// Output of aggressor `a` of lane `l` at the transmitter.
void ChainStream::aggressor_wave(std::size_t l, std::size_t a, RealWave& wave) {
  const Link& link = plan_.chain_.link();
  const int samples = plan_.samples_per_symbol_, symbols = plan_.block_symbols_, guard = plan_.guard_symbols_;
  const std::uint64_t source = source_number(fmt::format("aggressor {} of lane {}", a, l));
  std::vector<int> index(static_cast<std::size_t>(symbols + 1 + 2 * guard));
  random_levels(RandomStream(noise_.seed, source, noise_.segment),
                static_cast<std::uint64_t>(block_ * symbols), link.levels, index);
  int phase = 0;
  RandomStream(noise_.seed, source + 1, noise_.segment).integers(0, samples, {&phase, 1});
  const auto levels = link.transmitter().level_amplitudes(link.levels);
  std::vector<double> sent;
  sent.reserve(index.size());
  for (const int each : index) sent.push_back(levels[static_cast<std::size_t>(each)]);
  const Aggressor& sender = plan_.aggressor_list_[a];
  const auto emf = sender.equalized ? link.transmitter().equalized_levels_V(sent)
                                    : link.transmitter().plain_levels_V(sent);
  wave.resize(static_cast<std::size_t>(symbols) * static_cast<std::size_t>(samples));
  for (int i = 0, u = -phase; i <= symbols; ++i, u += samples) {
    const double value =
        sender.amplitude * emf[static_cast<std::size_t>(guard) + static_cast<std::size_t>(i)];
    std::fill(wave.begin() + std::max(u, 0), wave.begin() + std::min(u + samples, symbols * samples), value);
  }
}

// Spectra of all aggressors are added up and transformed back once.
void ChainStream::add_crosstalk() {
  const std::size_t count = plan_.aggressor_list_.size(), per_aggressor = plan_.aggressors_.size() / count;
  const Fft& fft = *plan_.fft_;
  RealWave wave;
  for (std::size_t l = 0; l < bundle_.lane.size(); ++l) {
    scratch_.sum.assign(static_cast<std::size_t>(fft.size()) / 2 + 1, 0.0);
    scratch_.spectrum.resize(scratch_.sum.size());
    for (std::size_t a = 0; a < count; ++a) {
      aggressor_wave(l, a, wave);
      auto& buffer = aggressor_buffers_[l * count + a];
      buffer.push(wave);
      fft.forward(buffer.data(), scratch_.spectrum);
      multiply_spectra(scratch_.spectrum,
                       plan_.aggressors_[a * per_aggressor + std::min(l, per_aggressor - 1)].response,
                       scratch_.spectrum);
      for (std::size_t k = 0; k < scratch_.sum.size(); ++k) scratch_.sum[k] += scratch_.spectrum[k];
    }
    scratch_.real.resize(static_cast<std::size_t>(fft.size()));
    fft.inverse(scratch_.sum, scratch_.real);
    const double* valid = scratch_.real.data() + (scratch_.real.size() - wave.size());
    for (std::size_t u = 0; u < wave.size(); ++u) bundle_.lane[l][u] += valid[u];
  }
}

}  // namespace photonlink
