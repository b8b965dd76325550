#include "solvers/chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace photonlink {
namespace {

// A stage is a node when something enters or bends the signal there. Whether it makes noise depends on its
// parameters and on the bundle, so a probe bundle with one lane and one carrier asks.
bool is_node(const Stage& stage, const Link& link) {
  if (stage.has_core()) return true;
  const auto open = [](std::span<const double> frequency_Hz) {
    return std::vector<Complex>(frequency_Hz.size());
  };
  Bundle probe;
  probe.grid = {link.symbol_rate_Bd, link.samples_per_symbol, 1};
  probe.lane.assign(1, RealWave(static_cast<std::size_t>(probe.grid.size())));
  return !stage.noise(probe).empty() || !stage.input_noise(probe, open).empty();
}

}  // namespace

Chain::Chain(const Link& link) : link_(link) {
  for (int i = 0; i < static_cast<int>(link.stages.size()); ++i) {
    if (is_node(stage(i), link)) nodes_.push_back(i);
    const bool sends = i == 0 && dynamic_cast<const SerdesTransmitter*>(&stage(i));
    if (stage(i).has_core() && !sends) linear_ = false;
  }
  optical_ = !linear_;
}

Block Chain::block(int node) const {
  const auto k = static_cast<std::size_t>(node);
  return {nodes_[k], k + 1 < nodes_.size() ? nodes_[k + 1] : static_cast<int>(link_.stages.size())};
}

int Chain::source_of(int load_stage) const {
  for (int i = load_stage - 1; i >= 0; --i) {
    if (stage(i).source_end({})) return i;
    if (!stage(i).load_end({})) continue;
    // The lane ends there: what lies in front does not drive this load.
    throw ConfigError(
        fmt::format("link '{}': stage '{}' has an electrical input but no source stage in front of it",
                    link_.name, stage(load_stage).name()));
  }
  return -1;
}

std::vector<Complex> Chain::segment_response(int load_stage, std::span<const double> frequency_Hz,
                                             int aggressor) const {
  const auto load = stage(load_stage).load_end(frequency_Hz);
  if (!load) return {};
  const bool takes_current = load->takes == LoadEnd::Takes::current;
  const int driver = source_of(load_stage);
  const SourceEnd source = driver_of(driver, takes_current, frequency_Hz);
  if ((source.form == SourceEnd::Form::norton) != takes_current)
    throw ConfigError(fmt::format(
        "link '{}': stage '{}' {} but stage '{}' in front of it {}; put a transimpedance_amplifier "
        "behind a photodiode and nowhere else",
        link_.name, stage(load_stage).name(), takes_current ? "takes a current" : "takes a voltage",
        stage(driver).name(),
        source.form == SourceEnd::Form::norton ? "gives a current" : "gives a voltage"));
  return segment_transfer(source, two_ports(driver, load_stage, frequency_Hz, aggressor), *load);
}

// An ideal source when the chain begins with this segment.
SourceEnd Chain::driver_of(int driver, bool takes_current, std::span<const double> frequency_Hz) const {
  SourceEnd ideal{takes_current ? SourceEnd::Form::norton : SourceEnd::Form::thevenin,
                  std::vector<Complex>(frequency_Hz.size())};
  return driver < 0 ? ideal : stage(driver).source_end(frequency_Hz).value_or(ideal);
}

std::vector<Complex> Chain::driver_admittance(int load_stage, std::span<const double> frequency_Hz) const {
  const auto load = stage(load_stage).load_end({});
  if (!load) return std::vector<Complex>(frequency_Hz.size());
  const int driver = source_of(load_stage);
  return output_admittance(driver_of(driver, load->takes == LoadEnd::Takes::current, frequency_Hz),
                           two_ports(driver, load_stage, frequency_Hz));
}

std::vector<NoiseTerm> Chain::noise(int stage_index, const Bundle& output) const {
  std::vector<NoiseTerm> terms = stage(stage_index).noise(output);
  auto more =
      stage(stage_index).input_noise(output, [this, stage_index](std::span<const double> frequency_Hz) {
        return driver_admittance(stage_index, frequency_Hz);
      });
  terms.reserve(terms.size() + more.size());
  for (NoiseTerm& term : more) terms.push_back(std::move(term));
  return terms;
}

std::vector<Abcd> Chain::two_ports(int source, int load, std::span<const double> frequency_Hz,
                                   int aggressor) const {
  std::vector<Abcd> cascade;
  for (int i = load - 1; i > source; --i) {
    auto two_port = stage(i).two_port(frequency_Hz, aggressor);
    if (!two_port) continue;
    if (cascade.empty()) {
      cascade = std::move(*two_port);
    } else {
      for (std::size_t k = 0; k < cascade.size(); ++k) cascade[k] = (*two_port)[k] * cascade[k];
    }
  }
  return cascade;
}

std::vector<Complex> Chain::electrical_response(Block block, std::span<const double> frequency_Hz,
                                                int aggressor) const {
  std::vector<Complex> response(frequency_Hz.size(), 1.0);
  const int stages = static_cast<int>(link_.stages.size());
  for (int i = block.first; i <= std::min(block.last, stages - 1); ++i) {
    if (i > block.first) {
      const auto transfer = segment_response(i, frequency_Hz, aggressor);
      for (std::size_t k = 0; k < transfer.size(); ++k) response[k] *= transfer[k];
    }
    if (i < block.last) stage(i).multiply_electrical(frequency_Hz, response);
  }
  return response;
}

std::vector<Complex> Chain::optical_response(Block block, int out_port, double carrier_Hz,
                                             std::span<const double> offset_Hz) const {
  std::vector<Complex> response(offset_Hz.size(), 1.0);
  for (int i = block.first; i < block.last; ++i)
    stage(i).multiply_optical(stage(i).fan_out() > 1 ? out_port : 0, carrier_Hz, offset_Hz, response);
  return response;
}

int Chain::fan_out(Block block) const {
  int ports = 1;
  for (int i = block.first; i < block.last; ++i) {
    if (ports > 1 && stage(i).fan_out() > 1)
      throw ConfigError(
          fmt::format("link '{}': stage '{}' splits again behind another splitter; one demultiplexer "
                      "per span is supported",
                      link_.name, stage(i).name()));
    ports *= stage(i).fan_out();
  }
  return ports;
}

std::vector<Aggressor> Chain::aggressors() const {
  std::vector<Aggressor> all;
  for (const auto& each : link_.stages) {
    const auto entering = each->aggressors();
    if (!entering.empty() && !all.empty())
      throw ConfigError(fmt::format(
          "link '{}': crosstalk enters at two channel stages; give all aggressors at one", link_.name));
    all.insert(all.end(), entering.begin(), entering.end());
  }
  return all;
}

}  // namespace photonlink
