#include "studies/locking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "devices/microring_filter.hpp"
#include "devices/microring_modulator.hpp"
#include "solvers/fec.hpp"
#include "solvers/locking/lock_ramp.hpp"
#include "solvers/locking/locked_stage.hpp"
#include "solvers/pattern_solver.hpp"
#include "studies/link_builder.hpp"

namespace photonlink {
namespace {

constexpr int points = 33;
constexpr double reach_linewidths = 2.0;

/// Offsets in linewidths: a quarter of the mean spacing at 0, growing with the cube.
double offset_linewidths(int k) {
  const double u = 2.0 * k / (points - 1) - 1.0;
  return reach_linewidths * u * (0.25 + 0.75 * u * u);
}

/// Signs of the lanes' main cursors: a ring that has crossed its carrier sends the complement.
std::vector<bool> polarity(const PatternSolution& s) {
  std::vector<bool> positive;
  for (const auto& lane : s.lane) {
    const auto& in = lane->inputs();
    positive.push_back(in.pulse.value[static_cast<std::size_t>(wrap(in.offset, in.grid.size()))] > 0.0);
  }
  return positive;
}

/// Of the worst lane; a lane whose sign has turned sends wrong bits however open its eye is.
double worst_ber(const PatternSolution& s, const std::vector<bool>& wanted) {
  constexpr double resolved_floor = 1e-60, lost = 0.5;
  double worst = resolved_floor;
  const std::vector<bool> signs = polarity(s);
  for (std::size_t l = 0; l < s.ber.size(); ++l)
    worst = std::max(worst, signs[l] == wanted[l] ? s.ber[l] : lost);
  return worst;
}

double mean_power_W(const ComplexWave& field) {
  double sum = 0.0;
  for (const Complex& a : field) sum += std::norm(a);
  return sum / static_cast<double>(field.size());
}

/// The ring stage of a link at one offset of its rings.
class RingStage {
 public:
  RingStage(const Link& link, const LockingParameters& p) : monitor_(p.monitor) {
    const auto place = std::find_if(link.stages.begin(), link.stages.end(),
                                    [&](const auto& stage) { return stage->name() == p.stage; });
    if (place == link.stages.end())
      throw ConfigError(
          fmt::format("locking: stage = \"{}\" names no stage of link '{}'", p.stage, link.name));
    index_ = static_cast<int>(place - link.stages.begin());
    modulator_ = dynamic_cast<const MicroringModulator*>(place->get());
    filter_ = dynamic_cast<const MicroringFilter*>(place->get());
    if (modulator_ == nullptr && filter_ == nullptr)
      throw ConfigError(fmt::format(
          "locking: stage = \"{}\" has no rings; name a microring_modulator or a microring_filter", p.stage));
    if (filter_ != nullptr && p.monitor != "drop")
      throw ConfigError(fmt::format("locking: a filter has monitor = \"drop\" only, not \"{}\"", p.monitor));
  }

  const RingTuningParameters& tuning() const {
    if (modulator_ != nullptr) return modulator_->parameters();
    return filter_->parameters();
  }
  double fsr_Hz() const {
    return modulator_ != nullptr ? modulator_->parameters().fsr_Hz : filter_->parameters().fsr_Hz;
  }
  double spacing_m() const {
    return modulator_ != nullptr ? modulator_->parameters().ring_spacing_m
                                 : filter_->parameters().ring_spacing_m;
  }
  double tuning_error_Hz() const {
    return modulator_ != nullptr ? modulator_->parameters().tuning_error_Hz
                                 : filter_->parameters().tuning_error_Hz;
  }

  std::vector<double> carriers_Hz(const PatternSolution& s) const {
    std::vector<double> carriers = front(s).carrier_Hz;
    carriers.resize(std::min(carriers.size(), static_cast<std::size_t>(s.link->lanes)));
    return carriers;
  }
  double linewidth_Hz(const PatternSolution& s) const {
    if (filter_ != nullptr) return filter_->rates(0).linewidth_Hz();
    const AlignedRing ring = modulator_->align(front(s)).front();
    if (monitor_ == "drop" && ring.rates.drop_per_s == 0.0)
      throw ConfigError(
          "locking: monitor = \"drop\", but the rings have no drop waveguide; use \"absorbed\"");
    return ring.rates.linewidth_Hz();
  }
  /// Of each ring, (n_lane).
  std::vector<double> readings(const PatternSolution& s) const {
    return modulator_ != nullptr ? modulator_readings(s) : dropped_W(s);
  }

 private:
  /// The bundle in front of the core, or of the tail of a stage without one.
  const Bundle& front(const PatternSolution& s) const {
    const auto& nodes = s.chain->nodes();
    std::size_t node = 0;
    while (node + 1 < nodes.size() && nodes[node + 1] <= index_) ++node;
    return nodes[node] == index_ ? s.periodic.before_core[node] : s.periodic.behind_core[node];
  }

  // The second period is settled, rings forget within a symbol or few.
  std::vector<double> modulator_readings(const PatternSolution& s) const {
    const Bundle& input = front(s);
    const std::unique_ptr<Stepper> stepper = modulator_->start(input);
    auto* rings = dynamic_cast<TunableStepper*>(stepper.get());
    if (rings == nullptr)
      throw ConfigError(
          fmt::format("locking: the large-signal model of '{}' has no monitors and no heaters that "
                      "move; lock rings of the coupled-mode model",
                      modulator_->name()));
    rings->monitors();
    for (int period = 0; period < 2; ++period) {
      Bundle bundle = input;
      rings->step(bundle);
    }
    return monitor_reading(monitor_, rings->monitors());
  }

  std::vector<double> dropped_W(const PatternSolution& s) const {
    for (std::size_t node = 0; node < s.chain->nodes().size(); ++node) {
      const Bundle& in = s.periodic.before_core[node];
      if (in.port.empty() || !s.periodic.behind_core[node].port.empty()) continue;
      std::vector<double> readings;
      for (std::size_t l = 0; l < static_cast<std::size_t>(s.link->lanes); ++l)
        readings.push_back(mean_power_W(in.port[std::min(l, in.port.size() - 1)].field[l]));
      return readings;
    }
    throw ConfigError("locking: no photodiode behind the filter, so nothing is dropped; add one");
  }

  std::string monitor_;
  int index_ = 0;
  const MicroringModulator* modulator_ = nullptr;
  const MicroringFilter* filter_ = nullptr;
};

/// The mean shift of the chips, and room for what a rising temperature takes.
double start_shift_Hz(const LockingParameters& p, const RingStage& stage,
                      std::span<const double> carrier_Hz) {
  if (p.start_shift_Hz > 0.0) return p.start_shift_Hz;
  const RingTuning chips =
      ring_tuning(p.stage, stage.tuning(), carrier_Hz, stage.fsr_Hz(), stage.spacing_m());
  const double warming_m = stage.tuning().thermal_shift_m_per_K * std::max(0.0, p.temperature_change_K);
  return chips.mean_shift_Hz + frequency_shift_Hz(warming_m, carrier_Hz.front());
}

LinkSpec at_offset(const LinkSpec& spec, double tuning_error_Hz) {
  for (std::size_t i = 0; i < spec.stages.size(); ++i)
    if (spec.stages[i].name == spec.locking.stage)
      return with_parameter(spec, i, "tuning_error", tuning_error_Hz);
  return spec;
}

}  // namespace

LockTables lock_tables(const LinkSpec& spec, Context& context) {
  const LockingParameters& p = spec.locking;
  LockTables tables;
  const std::shared_ptr<const Link> link = build_link(spec);
  const RingStage wanted(*link, p);
  const RingTuningParameters& tuning = wanted.tuning();
  std::vector<bool> signs;
  {
    const PatternSolution s = solve_pattern(link, context);
    signs = polarity(s);
    tables.plant = {.heater = heater_of(tuning),
                    .crosstalk = crosstalk_of(tuning, link->lanes, wanted.spacing_m()),
                    .bandwidth_Hz = tuning.heater_bandwidth_Hz,
                    .carrier_Hz = wanted.carriers_Hz(s),
                    .thermal_shift_m_per_K = tuning.thermal_shift_m_per_K,
                    .linewidth_Hz = wanted.linewidth_Hz(s)};
    tables.plant.start_shift_Hz = start_shift_Hz(p, wanted, tables.plant.carrier_Hz);
  }
  std::vector<std::vector<double>> reading(tables.plant.carrier_Hz.size());
  for (int k = 0; k < points; ++k) {
    if (context.progress) context.progress(link->title + ", locking", static_cast<double>(k) / points);
    const double offset_Hz = offset_linewidths(k) * tables.plant.linewidth_Hz;
    const auto moved = build_link(at_offset(spec, wanted.tuning_error_Hz() + offset_Hz));
    const PatternSolution s = solve_pattern(moved, context);
    tables.offset_Hz.push_back(offset_Hz);
    tables.log10_ber.push_back(std::log10(worst_ber(s, signs)));
    const std::vector<double> readings = RingStage(*moved, p).readings(s);
    for (std::size_t i = 0; i < reading.size(); ++i) reading[i].push_back(readings[i]);
  }
  for (std::vector<double>& curve : reading)
    tables.plant.reading.emplace_back(tables.offset_Hz, std::move(curve));
  tables.required_ber = required_ber_before_fec(make_fec(spec.fec), spec.target_ber);
  return tables;
}

LockingResult lock_over_ramp(const LinkSpec& spec, Context& context) {
  if (spec.locking.stage.empty()) return {};
  LockTables tables = lock_tables(spec, context);
  const OffsetCurve log10_ber(tables.offset_Hz, tables.log10_ber);
  LockingResult result = follow_ramp(spec.locking, std::move(tables.plant), log10_ber, tables.required_ber);
  result.table_offset_Hz = tables.offset_Hz;
  for (const double each : tables.log10_ber) result.table_ber.push_back(std::pow(10.0, each));
  return result;
}

}  // namespace photonlink
