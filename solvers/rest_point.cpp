#include "solvers/rest_point.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "solvers/settled_core.hpp"

namespace photonlink {
namespace {

constexpr int most_periods = 10000;
// A link without symbols needs no symbol rate, but cores need a time step.
constexpr double stand_in_rate_Bd = 10e9;
constexpr double start_scale_Vpp = 1.0;

Bundle start_bundle(const Link& link) {
  Bundle bundle;
  bundle.grid = {link.symbol_rate_Bd > 0.0 ? link.symbol_rate_Bd : stand_in_rate_Bd, link.samples_per_symbol,
                 1};
  const auto lanes = static_cast<std::size_t>(link.lanes);
  bundle.symbols.assign(lanes, {0.0});
  bundle.lane.assign(lanes, RealWave(static_cast<std::size_t>(bundle.grid.size()), 0.0));
  bundle.full_scale_Vpp = start_scale_Vpp;
  return bundle;
}

void scale_lanes(Bundle& bundle, Complex response) {
  // At 0 Hz a response is real; what stands in for 0 Hz may leave an imaginary part of rounding size.
  for (RealWave& lane : bundle.lane)
    for (double& value : lane) value *= response.real();
  bundle.full_scale_Vpp *= std::abs(response);
}

/// Every sample becomes the last one, the most settled.
void hold_last(Bundle& bundle) {
  for (RealWave& lane : bundle.lane) lane.assign(lane.size(), lane.back());
  for (OpticalPort& port : bundle.port)
    for (ComplexWave& field : port.field) field.assign(field.size(), field.back());
}

}  // namespace

RestPoint::RestPoint(const Chain& chain) : chain_(chain) {
  Bundle bundle = start_bundle(chain.link());
  for (int i = 0; i < static_cast<int>(chain.link().stages.size()); ++i) {
    enter_load(i, bundle);
    in_front_.push_back(bundle);
    ask_validity(i);
    pass_core(i, bundle);
    pass_tail(i, bundle);
    behind_.push_back(bundle);
  }
}

void RestPoint::enter_load(int stage, Bundle& bundle) {
  if (bundle.lane.empty() || !chain_.stage(stage).load_end({})) return;
  const double zero_Hz = 0.0;
  scale_lanes(bundle, chain_.segment_response(stage, {&zero_Hz, 1}).front());
  // An amplifier sets its output itself; what a load at the end of its lane does follows from the source.
  if (chain_.source_of(stage) >= 0 || chain_.stage(stage).source_end({})) return;
  warnings_.push_back(
      {chain_.stage(stage).name(),
       fmt::format("no stage drives its electrical input: an ideal source of {} V peak to peak "
                   "at full scale stands in",
                   start_scale_Vpp)});
}

void RestPoint::pass_core(int stage, Bundle& bundle) {
  if (!chain_.stage(stage).has_core()) return;
  SettledCore core = settle_core(chain_.stage(stage), bundle, most_periods);
  bundle = std::move(core.output);
  hold_last(bundle);
  if (core.settled) return;
  settled_ = false;
  warnings_.push_back(
      {chain_.stage(stage).name(),
       fmt::format("is not at rest after {} symbol periods of constant input: what lies behind "
                   "is not settled",
                   core.periods)});
}

void RestPoint::pass_tail(int stage, Bundle& bundle) const {
  const double zero_Hz = 0.0;
  Complex lane_response = 1.0;
  chain_.stage(stage).multiply_electrical({&zero_Hz, 1}, {&lane_response, 1});
  scale_lanes(bundle, lane_response);
  if (bundle.port.empty()) return;
  const Block block{stage, stage + 1};
  const auto ports = static_cast<std::size_t>(chain_.fan_out(block));
  if (ports > 1 && bundle.port.size() != 1)
    throw ConfigError(fmt::format(
        "link '{}': stage '{}' splits again behind another splitter; one demultiplexer per span is "
        "supported",
        chain_.link().name, chain_.stage(stage).name()));
  if (ports > 1) bundle.port.resize(ports, OpticalPort(bundle.port.front()));
  for (std::size_t p = 0; p < bundle.port.size(); ++p)
    for (std::size_t c = 0; c < bundle.port[p].field.size(); ++c) {
      const Complex response =
          chain_.optical_response(block, static_cast<int>(p), bundle.carrier_Hz[c], {&zero_Hz, 1}).front();
      for (Complex& value : bundle.port[p].field[c]) value *= response;
    }
}

void RestPoint::ask_validity(int stage) {
  Bundle seen = in_front_.back();
  seen.grid.symbol_rate_Bd = chain_.link().symbol_rate_Bd;
  chain_.stage(stage).validity(seen, warnings_);
}

double rest_power_W(const ComplexWave& field) {
  return field.empty() ? 0.0 : std::norm(field.front());
}

}  // namespace photonlink
