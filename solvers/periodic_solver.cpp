#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "signal/fft.hpp"
#include "solvers/chain.hpp"
#include "solvers/cut_response.hpp"
#include "solvers/settled_core.hpp"

namespace photonlink {
namespace {

// The state of every core we have decays within far fewer than 50 periods of a pattern.
constexpr int max_periods = 50;

Bundle run_core(const Stage& stage, const Bundle& input) {
  SettledCore core = settle_core(stage, input, max_periods);
  if (core.settled) return std::move(core.output);
  throw Error(fmt::format(
      "{}: no periodic solution within {} periods; use a longer pattern or check that the stage is "
      "stable",
      stage.name(), max_periods));
}

constexpr int first_response_samples = 1 << 14;

// The pattern's waves through one block, by transforms of the whole period or in pieces.
class BlockPassage {
 public:
  BlockPassage(const Chain& chain, const TimeGrid& response_grid, Context& context)
      : chain_(chain), grid_(response_grid), context_(context) {}

  /// Returns the lane response of the block.
  std::vector<Complex> lanes(Block block, Bundle& bundle) {
    if (bundle.lane.empty()) return {};
    auto response =
        chain_.electrical_response(block, real_frequencies_Hz(grid_.size(), grid_.sample_rate_Hz()));
    bundle.full_scale_Vpp *= std::abs(response.front());
    if (whole(bundle)) {
      const Fft& fft = context_.fft(bundle.grid.size());
      for (RealWave& wave : bundle.lane) filter_periodic(fft, response, wave);
      return response;
    }
    const auto at = [&](const std::vector<double>& frequency_Hz) {
      return chain_.electrical_response(block, frequency_Hz);
    };
    const CutResponse cut(both_signs(at), grid_, bundle.lane.front(), context_);
    fits_ = cut.fits();
    if (fits_)
      for (RealWave& wave : bundle.lane) cut.apply(wave);
    return response;
  }

  void light(Block block, Bundle& bundle) {
    if (bundle.port.empty()) return;
    const int ports_out = chain_.fan_out(block);
    if (ports_out > 1) require(bundle.port.size() == 1, "a demultiplexer needs one input port");
    std::vector<OpticalPort> in = std::move(bundle.port);
    bundle.port.assign(ports_out > 1 ? static_cast<std::size_t>(ports_out) : in.size(), {});
    if (whole(bundle))
      transform_light(block, ports_out, in, bundle);
    else
      cut_light(block, ports_out, in, bundle);
  }

  /// Whether what the receiver does to the lanes does too: the first and the last setting of its CTLE.
  bool fits_behind(const Bundle& bundle) const {
    if (whole(bundle) || bundle.lane.empty()) return true;
    const auto settings = chain_.link().receiver().ctle_settings();
    return ctle_in_blocks(chain_, settings.front(), grid_, bundle.lane.front(), context_).fits() &&
           ctle_in_blocks(chain_, settings.back(), grid_, bundle.lane.front(), context_).fits();
  }

  /// Whether every response so far ended within its grid.
  bool fits() const { return fits_; }

 private:
  bool whole(const Bundle& bundle) const { return grid_.symbols == bundle.grid.symbols; }

  // Transforms each field once, however many ports it leaves through.
  void transform_light(Block block, int ports_out, std::vector<OpticalPort>& in, Bundle& bundle) {
    const Fft& fft = context_.fft(bundle.grid.size());
    const auto offsets = complex_frequencies_Hz(fft.size(), bundle.grid.sample_rate_Hz());
    for (OpticalPort& port : in)
      for (ComplexWave& field : port.field) fft.forward(field);
    for (std::size_t p = 0; p < bundle.port.size(); ++p) {
      const OpticalPort& source = ports_out > 1 ? in.front() : in[p];
      for (std::size_t c = 0; c < source.field.size(); ++c) {
        ComplexWave wave = chain_.optical_response(block, static_cast<int>(p), bundle.carrier_Hz[c], offsets);
        for (std::size_t k = 0; k < wave.size(); ++k) wave[k] *= source.field[c][k];
        fft.inverse(wave);
        bundle.port[p].field.push_back(std::move(wave));
      }
    }
  }

  void cut_light(Block block, int ports_out, std::vector<OpticalPort>& in, Bundle& bundle) {
    for (std::size_t p = 0; p < bundle.port.size() && fits_; ++p) {
      OpticalPort& source = ports_out > 1 ? in.front() : in[p];
      const bool last = ports_out <= 1 || p + 1 == bundle.port.size();
      for (std::size_t c = 0; c < source.field.size() && fits_; ++c) {
        const auto at = [&](const std::vector<double>& offset_Hz) {
          return chain_.optical_response(block, static_cast<int>(p), bundle.carrier_Hz[c], offset_Hz);
        };
        const CutResponse cut(at, grid_, source.field[c], context_);
        fits_ = cut.fits();
        if (!fits_) return;
        bundle.port[p].field.push_back(last ? std::move(source.field[c]) : source.field[c]);
        cut.apply(bundle.port[p].field.back());
      }
    }
  }

  const Chain& chain_;
  TimeGrid grid_;
  Context& context_;
  bool fits_ = true;
};

// Nothing when a response does not end within the response grid.
bool solve_on(const TimeGrid& response_grid, const Chain& chain, Bundle bundle, Context& context,
              PeriodicSolution& solution) {
  solution = {};
  solution.response_grid = response_grid;
  BlockPassage passage(chain, response_grid, context);
  for (int node = 0; node < static_cast<int>(chain.nodes().size()); ++node) {
    const int index = chain.nodes()[static_cast<std::size_t>(node)];
    const Stage& stage = chain.stage(index);
    solution.before_core.push_back(std::move(bundle));
    bundle = stage.has_core() ? run_core(stage, solution.before_core.back()) : solution.before_core.back();
    solution.noise.push_back(chain.noise(index, bundle));
    solution.behind_core.push_back(bundle);
    solution.lane_response.push_back(passage.lanes(chain.block(node), bundle));
    passage.light(chain.block(node), bundle);
    if (!passage.fits()) return false;
  }
  if (!passage.fits_behind(bundle)) return false;
  solution.sampler = std::move(bundle);
  return true;
}

}  // namespace

PeriodicSolution solve_periodic(const Chain& chain, const TimeGrid& grid,
                                const std::vector<std::vector<double>>& symbols, Context& context) {
  chain.link().require_ends();
  PeriodicSolution solution;
  Bundle bundle;
  bundle.grid = grid;
  bundle.symbols = symbols;
  TimeGrid response_grid = grid;
  if (!chain.linear() && grid.size() >= least_samples_in_blocks && grid.samples_per_symbol >= 8)
    response_grid.symbols = std::max(1, first_response_samples / grid.samples_per_symbol);
  while (!solve_on(response_grid, chain, bundle, context, solution))
    response_grid.symbols =
        response_grid.symbols * 8 <= grid.symbols ? 2 * response_grid.symbols : grid.symbols;
  if (solution.sampler.lane.size() != symbols.size())
    throw ConfigError(fmt::format(
        "link '{}': {} of {} lanes reach the receiver; put a photodiode behind the last optical stage, and "
        "a demultiplexer with one port per lane in front of it",
        chain.link().name, solution.sampler.lane.size(), symbols.size()));
  return solution;
}

std::vector<RealWave> sampler_lanes(const Chain& chain, int node, Bundle bundle, Context& context) {
  BlockPassage passage(chain, bundle.grid, context);
  const int nodes = static_cast<int>(chain.nodes().size());
  for (int at = node; at < nodes; ++at) {
    const Stage& stage = chain.stage(chain.nodes()[static_cast<std::size_t>(at)]);
    if (at > node && stage.has_core()) bundle = run_core(stage, bundle);
    passage.lanes(chain.block(at), bundle);
    passage.light(chain.block(at), bundle);
  }
  return std::move(bundle.lane);
}

}  // namespace photonlink
