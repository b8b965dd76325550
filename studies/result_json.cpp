#include "studies/result_json.hpp"

#include "io/atomic_file.hpp"
#include "studies/json_text.hpp"
#include "studies/result_origin.hpp"

namespace photonlink {
namespace {

using namespace json_text;

const char* kind_name(BudgetStep::Kind kind) {
  switch (kind) {
    case BudgetStep::Kind::start:
      return "start";
    case BudgetStep::Kind::change:
      return "change";
    case BudgetStep::Kind::level:
      return "level";
    case BudgetStep::Kind::required:
      return "required";
    case BudgetStep::Kind::margin:
      return "margin";
  }
  return "change";
}

Json ledger_json(const Ledger& ledger) {
  return {{"energy", list_of(ledger.energy,
                             [](const LedgerEntry& entry) {
                               return Json{{"component", entry.component},
                                           {"cause", entry.cause},
                                           {"owner", entry.owner == Owner::host ? "host" : "module"},
                                           {"power_W", number(entry.power_W)},
                                           {"basis", entry.basis}};
                             })},
          {"latency", list_of(ledger.latency, [](const LatencyEntry& entry) {
             return Json{{"component", entry.component}, {"delay_s", number(entry.delay_s)}};
           })}};
}

Json lane_json(const LaneResult& lane) {
  return {{"lane", lane.lane},
          {"ber", number(lane.ber)},
          {"sampling_phase_UI", number(lane.sampling_phase_UI)},
          {"oma_W", number(lane.oma_W)},
          {"extinction_ratio_dB", number(lane.extinction_ratio_dB)},
          {"average_power_W", number(lane.average_power_W)},
          {"crosstalk_power_W", number(lane.crosstalk_power_W)},
          {"modulation_crosstalk_dB", number(lane.modulation_crosstalk_dB)},
          {"demultiplexer_crosstalk_dB", number(lane.demultiplexer_crosstalk_dB)},
          {"in_band_closure_dB", number(lane.in_band_closure_dB)}};
}

Json eye_json(const EyeDiagram& eye, EyeDensity density) {
  Json json = {{"time_bins", eye.time_bins},
               {"level_bins", eye.level_bins},
               {"time_begin_UI", number(eye.time_begin_UI)},
               {"time_end_UI", number(eye.time_end_UI)},
               {"level_begin", number(eye.level_begin)},
               {"level_end", number(eye.level_end)},
               {"sampling_time_UI", number(eye.sampling_time_UI)},
               {"thresholds", numbers(eye.thresholds)},
               {"contours", list_of(eye.contours, [](const EyeDiagram::Contour& contour) {
                  return Json{{"ber", number(contour.ber)},
                              {"opening", contour.opening},
                              {"lower", rounded(contour.lower)},
                              {"upper", rounded(contour.upper)}};
                })}};
  if (density == EyeDensity::included) json["density"] = rounded(eye.density);
  return json;
}

Json bathtub_json(const Bathtub& bathtub) {
  return {{"time_UI", rounded(bathtub.time_UI)},
          {"log10_ber_time", rounded(bathtub.log10_ber_time)},
          {"threshold_offset", rounded(bathtub.threshold_offset)},
          {"log10_ber_level", rounded(bathtub.log10_ber_level)},
          {"width_UI", number(bathtub.width_UI)},
          {"left_UI", number(bathtub.left_UI)},
          {"right_UI", number(bathtub.right_UI)},
          {"height", number(bathtub.height)},
          {"target_ber", number(bathtub.target_ber)}};
}

Json measures_json(const EyeMeasures& m) {
  return {{"ber", number(m.ber)},
          {"openings", list_of(m.opening,
                               [](const EyeOpening& each) {
                                 return Json{
                                     {"height", number(each.height)},   {"lower", number(each.lower)},
                                     {"upper", number(each.upper)},     {"width_UI", number(each.width_UI)},
                                     {"left_UI", number(each.left_UI)}, {"right_UI", number(each.right_UI)}};
                               })},
          {"linearity", number(m.linearity)},
          {"signal_amplitude", number(m.signal_amplitude)},
          {"noise_amplitude", number(m.noise_amplitude)},
          {"veo", number(m.vertical_opening)},
          {"vec_dB", number(m.vertical_closure_dB)}};
}

Json propagation_json(const ErrorPropagation& errors) {
  return {{"ber", number(errors.ber)},
          {"precoded_ber", number(errors.precoded_ber)},
          {"multiplication", number(errors.multiplication)},
          {"event_errors", rounded(errors.event_errors)},
          {"precoded_event_errors", rounded(errors.precoded_event_errors)}};
}

Json clock_json(const ClockResult& clock) {
  return {{"phase_margin_deg", number(clock.phase_margin_deg)},
          {"generated_jitter_UI", number(clock.generated_jitter_UI)},
          {"margin_UI", number(clock.margin_UI)},
          {"mask_ratio", number(clock.mask_ratio)},
          {"frequency_Hz", rounded(clock.frequency_Hz)},
          {"transfer_dB", rounded(clock.transfer_dB)},
          {"tolerance_UI", rounded(clock.tolerance_UI)}};
}

Json pulse_json(const PulseResponse& pulse) {
  return {{"time_UI", rounded(pulse.time_UI)},
          {"unequalized", rounded(pulse.unequalized)},
          {"equalized", rounded(pulse.equalized)},
          {"cursor_UI", rounded(pulse.cursor_UI)},
          {"cursor", rounded(pulse.cursor)}};
}

Json energy_json(const EnergySum& energy) {
  return {{"module_J_per_bit", number(energy.module_J_per_bit)},
          {"with_host_J_per_bit", number(energy.with_host_J_per_bit)},
          {"link_J_per_bit", number(energy.link_J_per_bit)}};
}

/// Name, settings and the figures a reader looks for first.
Json summary_json(const LinkResult& result) {
  return {{"name", result.name},
          {"title", result.title},
          {"solver", result.solver},
          {"solver_settings", result.solver_settings},
          {"modulation", result.modulation},
          {"pattern", result.pattern},
          {"symbol_rate_Bd", number(result.symbol_rate_Bd)},
          {"lanes", result.lanes},
          {"optical", result.optical},
          {"closes", result.closes},
          {"ber_before_fec", number(result.ber_before_fec)},
          {"ber_after_fec", number(result.ber_after_fec)},
          {"ber_floor", number(result.ber_floor)},
          {"ber_low", number(result.ber_low)},
          {"ber_high", number(result.ber_high)},
          {"target_ber", number(result.target_ber)},
          {"required_ber_before_fec", number(result.required_ber_before_fec)},
          {"fec", result.fec},
          {"loss_margin_dB", number(result.loss_margin_dB)},
          {"noise_margin_dB", number(result.noise_margin_dB)},
          {"latency_s", number(result.latency_s)},
          {"energy", energy_json(result.energy)},
          {"amplitude_unit", result.amplitude_unit},
          {"budget_unit", result.budget_unit},
          {"worst_lane", result.worst_lane},
          {"ctle_gain_dB", number(result.ctle_gain_dB)},
          {"ffe_taps", numbers(result.ffe_taps)},
          {"dfe_taps", numbers(result.dfe_taps)},
          {"elapsed_s", number(result.elapsed_s)}};
}

Json noise_json(const NoiseShare& noise) {
  return {{"source", noise.source}, {"rms", number(noise.rms)}, {"share", number(noise.share)}};
}

Json budget_json(const BudgetStep& step) {
  return {{"label", step.label},
          {"kind", kind_name(step.kind)},
          {"level", number(step.level)},
          {"change_dB", number(step.change)}};
}

Json penalty_json(const Penalty& penalty) {
  return {{"stage", penalty.stage}, {"effect", penalty.effect}, {"penalty_dB", number(penalty.dB)}};
}

Json assumed_json(const AssumedInput& input) {
  return {{"stage", input.stage}, {"key", input.key},   {"value", input.value},
          {"low", input.low},     {"high", input.high}, {"source", input.source}};
}

Json operating_point_json(const OperatingPoint& point) {
  return {{"goal", point.goal},
          {"margin_dB", number(point.margin_dB)},
          {"keeps_margin", point.keeps_margin},
          {"converged", point.converged},
          {"evaluations", point.evaluations},
          {"values", list_of(point.value, [](const OperatingPoint::Value& each) {
             return Json{
                 {"stage", each.stage}, {"key", each.key}, {"value", each.text}, {"at_bound", each.at_bound}};
           })}};
}

Json locking_json(const LockingResult& locking) {
  if (locking.stage.empty()) return nullptr;
  return {{"stage", locking.stage},
          {"method", locking.method},
          {"monitor", locking.monitor},
          {"holds", locking.holds},
          {"worst_ber", number(locking.worst_ber)},
          {"worst_offset_Hz", number(locking.worst_offset_Hz)},
          {"offset_rms_Hz", number(locking.offset_rms_Hz)},
          {"mean_heater_power_W", number(locking.mean_heater_power_W)},
          {"largest_heater_power_W", number(locking.largest_heater_power_W)},
          {"at_limit", number(locking.at_limit)},
          {"time_s", rounded(locking.time_s)},
          {"temperature_K", rounded(locking.temperature_K)},
          {"offset_Hz", rounded(locking.offset_Hz)},
          {"ber", rounded(locking.ber)},
          {"heater_power_W", rounded(locking.heater_power_W)},
          {"table_offset_Hz", rounded(locking.table_offset_Hz)},
          {"table_ber", rounded(locking.table_ber)}};
}

Json warning_json(const Warning& warning) {
  return {{"stage", warning.stage}, {"text", warning.text}};
}

}  // namespace

nlohmann::ordered_json to_json(const LinkResult& result, EyeDensity density) {
  Json json = summary_json(result);
  json["warnings"] = list_of(result.warnings, warning_json);
  json["assumed"] = list_of(result.assumed, assumed_json);
  json["operating_point"] = operating_point_json(result.operating_point);
  json["locking"] = locking_json(result.locking);
  json["lane"] = list_of(result.lane, lane_json);
  json["ledger"] = ledger_json(result.ledger);
  json["noise"] = list_of(result.noise, noise_json);
  json["budget"] = list_of(result.budget, budget_json);
  json["penalties"] = list_of(result.penalties, penalty_json);
  json["bathtub"] = bathtub_json(result.bathtub);
  json["eye_measures"] = measures_json(result.eye_measures);
  json["error_propagation"] = propagation_json(result.propagation);
  json["clock"] = clock_json(result.clock);
  json["pulse"] = pulse_json(result.pulse);
  json["eye"] = eye_json(result.eye, density);
  return json;
}

nlohmann::ordered_json to_json(const PathResult& path) {
  return {{"name", path.name},
          {"title", path.title},
          {"hops", path.hops},
          {"closes", path.closes},
          {"ber_before_fec", number(path.ber_before_fec)},
          {"ber_after_fec", number(path.ber_after_fec)},
          {"ber_floor", number(path.ber_floor)},
          {"target_ber", number(path.target_ber)},
          {"fec", path.fec},
          {"latency_s", number(path.latency_s)},
          {"one_way_J_per_bit", number(path.one_way_J_per_bit)},
          {"both_ways_J_per_bit", number(path.both_ways_J_per_bit)}};
}

nlohmann::ordered_json to_json(const std::vector<LinkResult>& results, const Provenance& provenance,
                               EyeDensity density, const std::vector<PathResult>& paths) {
  Json study = {
      {"name", provenance.study_name}, {"title", provenance.study_title}, {"text", provenance.study_text}};
  study["cards"] = list_of(provenance.cards, [](const CardText& card) {
    return Json{{"name", card.name}, {"text", card.text}};
  });
  auto json = origin_json("photonlink result", result_schema_version, provenance);
  json.update(Json{{"study", study}, {"links", list_of(results, [&](const LinkResult& result) {
                                        return to_json(result, density);
                                      })}});
  if (!paths.empty()) json["paths"] = list_of(paths, [](const PathResult& each) { return to_json(each); });
  return json;
}

void write_result_json(const std::vector<LinkResult>& results, const Provenance& provenance,
                       const std::string& path, const std::vector<PathResult>& paths) {
  write_file_atomically(path, document(to_json(results, provenance, EyeDensity::left_out, paths)));
}

}  // namespace photonlink
