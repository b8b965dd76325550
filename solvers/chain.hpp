/// A link cut into nodes and linear blocks.
///
/// A node is a stage with a core or with noise; everything linear between two nodes is fused into one block,
/// whose responses are products of closed forms and of solved segments. Block k lies behind node k; the last
/// one ends at the sampler, before the CTLE.
///
///     node 0 (transmitter) ── block 0 ── node 1 ── block 1 ── ... ── node K ── block K ── sampler
///
/// The chain may be part of a link, such as a laser and a modulator; only what sends symbols needs both ends.
/// The first electrical input of a chain without a source in front of it is driven by an ideal one (0 ohm, or
/// 0 S where it takes a current) through the two-ports that are there; the lane is its EMF or its current.
#pragma once

#include <vector>

#include "core/context.hpp"
#include "solvers/link.hpp"

namespace photonlink {

/// Stage indices of one block: tail of stage `first`, everything in between, load of stage `last`
/// (last == number of stages: the sampler).
struct Block {
  int first = 0, last = 0;
};

class Chain {
 public:
  explicit Chain(const Link& link);

  const Link& link() const { return link_; }
  const std::vector<int>& nodes() const { return nodes_; }  ///< stage index of each node
  Block block(int node) const;
  const Stage& stage(int index) const { return *link_.stages[static_cast<std::size_t>(index)]; }
  /// True when no core but the transmitter's lies in the chain: one linear response describes it.
  bool linear() const { return linear_; }
  bool optical() const { return optical_; }

  /// Lane response of a block, frequencies >= 0; `aggressor` >= 0 takes that crosstalk path where there is
  /// one.
  std::vector<Complex> electrical_response(Block block, std::span<const double> frequency_Hz,
                                           int aggressor = -1) const;
  /// Field response of a block from its input port to `out_port` for one carrier.
  std::vector<Complex> optical_response(Block block, int out_port, double carrier_Hz,
                                        std::span<const double> offset_Hz) const;
  /// Transfer of the electrical segment that ends in the load of a stage: source lane to what the stage works
  /// with, (n_frequency); empty for a stage without load. @throws ConfigError when no source drives it.
  std::vector<Complex> segment_response(int load_stage, std::span<const double> frequency_Hz,
                                        int aggressor = -1) const;
  /// Stage whose output drives the load of `load_stage`; -1: none, the chain begins with this segment.
  int source_of(int load_stage) const;
  /// Cascade of the two-ports between two stages, (n_frequency); empty: directly connected.
  std::vector<Abcd> two_ports(int source, int load, std::span<const double> frequency_Hz,
                              int aggressor = -1) const;
  /// All noise that enters at the core of a stage. @param output bundle behind the core. The terms may refer
  /// to the chain.
  std::vector<NoiseTerm> noise(int stage, const Bundle& output) const;
  /// Ports behind the block for one in front.
  int fan_out(Block block) const;
  /// All crosstalk aggressors of the chain.
  std::vector<Aggressor> aggressors() const;

 private:
  SourceEnd driver_of(int driver, bool takes_current, std::span<const double> frequency_Hz) const;
  std::vector<Complex> driver_admittance(int load_stage, std::span<const double> frequency_Hz) const;

  const Link& link_;
  std::vector<int> nodes_;
  bool linear_ = true, optical_ = false;
};

/// Noise-free periodic solution: the bundle in front of and behind the core of every node, and at the
/// sampler.
struct PeriodicSolution {
  std::vector<Bundle> before_core, behind_core;  ///< (n_node)
  std::vector<std::vector<NoiseTerm>> noise;     ///< (n_node)
  /// Grid of all responses: that of the pattern, or one of fewer symbols that responses end within.
  TimeGrid response_grid;
  /// Lane response of the block behind each node on that grid's frequencies, (n_node) (n_sample/2 + 1); empty
  /// where the block carries no lanes.
  std::vector<std::vector<Complex>> lane_response;
  Bundle sampler;  ///< lanes at the sampler, before the CTLE
};

/// Periods of a chain with light from this many samples on are filtered in blocks of short transforms, by
/// responses cut where they have ended (block_filter.hpp, cut_response.hpp). Where a response does not end
/// within a quarter of the period the transforms are those of the whole period.
inline constexpr int least_samples_in_blocks = 1 << 18;

/// Runs the pattern in `symbols` (n_lane, n_symbol) through the chain until the period repeats.
/// @throws ConfigError when the chain has no transmitter or receiver, Error when a core does not become
/// periodic.
PeriodicSolution solve_periodic(const Chain& chain, const TimeGrid& grid,
                                const std::vector<std::vector<double>>& symbols, Context& context);
/// Lanes at the sampler for another bundle behind the core of `node`, one settled period; what stands further
/// on answers to it. @throws Error when a core does not become periodic.
std::vector<RealWave> sampler_lanes(const Chain& chain, int node, Bundle behind_core, Context& context);

}  // namespace photonlink
