#include "studies/result_hdf5.hpp"

#include "io/hdf5_file.hpp"
#include "studies/hdf5_columns.hpp"
#include "studies/result_origin.hpp"

namespace photonlink {
namespace {

/// Centres of `bins` equal cells over [begin, end].
std::vector<double> centres(int bins, double begin, double end) {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(bins));
  for (int i = 0; i < bins; ++i) values.push_back(begin + (end - begin) * (i + 0.5) / bins);
  return values;
}

void write_summary(Hdf5Writer& file, const std::string& link, const LinkResult& result) {
  file.group(link);
  const std::pair<const char*, const std::string&> texts[] = {{"title", result.title},
                                                              {"solver", result.solver},
                                                              {"solver_settings", result.solver_settings},
                                                              {"modulation", result.modulation},
                                                              {"pattern", result.pattern},
                                                              {"fec", result.fec},
                                                              {"amplitude_unit", result.amplitude_unit},
                                                              {"budget_unit", result.budget_unit}};
  for (const auto& [name, text] : texts) file.attribute(link, name, text);
  const std::pair<const char*, int> counts[] = {{"lanes", result.lanes},
                                                {"optical", result.optical},
                                                {"closes", result.closes},
                                                {"worst_lane", result.worst_lane}};
  for (const auto& [name, count] : counts) file.attribute(link, name, count);
  const struct {
    const char *name, *unit;
    double value;
  } scalars[] = {{"symbol_rate_Bd", "Bd", result.symbol_rate_Bd},
                 {"ber_before_fec", "1", result.ber_before_fec},
                 {"ber_after_fec", "1", result.ber_after_fec},
                 {"ber_floor", "1", result.ber_floor},
                 {"ber_low", "1", result.ber_low},
                 {"ber_high", "1", result.ber_high},
                 {"target_ber", "1", result.target_ber},
                 {"required_ber_before_fec", "1", result.required_ber_before_fec},
                 {"loss_margin_dB", "dB", result.loss_margin_dB},
                 {"noise_margin_dB", "dB", result.noise_margin_dB},
                 {"latency_s", "s", result.latency_s},
                 {"module_J_per_bit", "J/bit", result.energy.module_J_per_bit},
                 {"with_host_J_per_bit", "J/bit", result.energy.with_host_J_per_bit},
                 {"link_J_per_bit", "J/bit", result.energy.link_J_per_bit},
                 {"ctle_gain_dB", "dB", result.ctle_gain_dB},
                 {"elapsed_s", "s", result.elapsed_s}};
  for (const auto& scalar : scalars) file.scalar(link + "/" + scalar.name, scalar.value, scalar.unit);
}

void write_lanes(Hdf5Writer& file, const std::string& link, const std::vector<LaneResult>& lanes) {
  const std::string group = link + "/lanes", lane = group + "/lane";
  file.dimension(lane, column(lanes, [](const LaneResult& item) { return double(item.lane); }), "1");
  const struct {
    const char *name, *unit;
    double LaneResult::*member;
  } columns[] = {{"ber", "1", &LaneResult::ber},
                 {"sampling_phase_UI", "UI", &LaneResult::sampling_phase_UI},
                 {"oma_W", "W", &LaneResult::oma_W},
                 {"extinction_ratio_dB", "dB", &LaneResult::extinction_ratio_dB},
                 {"average_power_W", "W", &LaneResult::average_power_W},
                 {"crosstalk_power_W", "W", &LaneResult::crosstalk_power_W},
                 {"modulation_crosstalk_dB", "dB", &LaneResult::modulation_crosstalk_dB},
                 {"demultiplexer_crosstalk_dB", "dB", &LaneResult::demultiplexer_crosstalk_dB},
                 {"in_band_closure_dB", "dB", &LaneResult::in_band_closure_dB}};
  for (const auto& entry : columns)
    file.values(group + "/" + entry.name,
                column(lanes, [&](const LaneResult& item) { return item.*entry.member; }), {lane},
                entry.unit);
}

void write_ledger(Hdf5Writer& file, const std::string& link, const Ledger& ledger) {
  const std::string energy = link + "/energy", entry = energy + "/component";
  file.text_dimension(entry, column(ledger.energy, [](const LedgerEntry& item) { return item.component; }));
  file.strings(energy + "/cause", column(ledger.energy, [](const LedgerEntry& item) { return item.cause; }),
               entry);
  file.strings(energy + "/owner",
               column(ledger.energy,
                      [](const LedgerEntry& item) {
                        return std::string(item.owner == Owner::host ? "host" : "module");
                      }),
               entry);
  file.strings(energy + "/basis", column(ledger.energy, [](const LedgerEntry& item) { return item.basis; }),
               entry);
  file.values(energy + "/power_W",
              column(ledger.energy, [](const LedgerEntry& item) { return item.power_W; }), {entry}, "W");
  const std::string latency = link + "/latency";
  file.text_dimension(latency + "/component",
                      column(ledger.latency, [](const LatencyEntry& item) { return item.component; }));
  file.values(latency + "/delay_s",
              column(ledger.latency, [](const LatencyEntry& item) { return item.delay_s; }),
              {latency + "/component"}, "s");
}

void write_noise_and_penalties(Hdf5Writer& file, const std::string& link, const LinkResult& result) {
  const std::string noise = link + "/noise", penalty = link + "/penalties";
  const std::string source = noise + "/source", effect = penalty + "/effect";
  file.text_dimension(source, column(result.noise, [](const NoiseShare& item) { return item.source; }));
  file.values(noise + "/rms", column(result.noise, [](const NoiseShare& item) { return item.rms; }), {source},
              result.amplitude_unit);
  file.values(noise + "/share", column(result.noise, [](const NoiseShare& item) { return item.share; }),
              {source}, "1");
  file.text_dimension(effect, column(result.penalties, [](const Penalty& item) { return item.effect; }));
  file.strings(penalty + "/stage", column(result.penalties, [](const Penalty& item) { return item.stage; }),
               effect);
  file.values(penalty + "/penalty_dB", column(result.penalties, [](const Penalty& item) { return item.dB; }),
              {effect}, "dB");
}

void write_budget(Hdf5Writer& file, const std::string& link, const LinkResult& result) {
  static const char* const kinds[] = {"start", "change", "level", "required", "margin"};
  const std::string group = link + "/budget", step = group + "/step";
  file.text_dimension(step, column(result.budget, [](const BudgetStep& item) { return item.label; }));
  file.values(group + "/level", column(result.budget, [](const BudgetStep& item) { return item.level; }),
              {step}, result.budget_unit);
  file.values(group + "/change_dB", column(result.budget, [](const BudgetStep& item) { return item.change; }),
              {step}, "dB");
  file.strings(group + "/kind",
               column(result.budget,
                      [](const BudgetStep& item) { return std::string(kinds[static_cast<int>(item.kind)]); }),
               step);
}

void write_curves(Hdf5Writer& file, const std::string& link, const LinkResult& result) {
  const std::string tub = link + "/bathtub", pulse = link + "/pulse";
  file.dimension(tub + "/time", result.bathtub.time_UI, "UI");
  file.values(tub + "/log10_ber_time", result.bathtub.log10_ber_time, {tub + "/time"}, "1");
  file.dimension(tub + "/threshold_offset", result.bathtub.threshold_offset, result.amplitude_unit);
  file.values(tub + "/log10_ber_level", result.bathtub.log10_ber_level, {tub + "/threshold_offset"}, "1");
  file.scalar(tub + "/width_UI", result.bathtub.width_UI, "UI");
  file.scalar(tub + "/left_UI", result.bathtub.left_UI, "UI");
  file.scalar(tub + "/right_UI", result.bathtub.right_UI, "UI");
  file.scalar(tub + "/height", result.bathtub.height, result.amplitude_unit);
  file.scalar(tub + "/target_ber", result.bathtub.target_ber, "1");
  file.dimension(pulse + "/time", result.pulse.time_UI, "UI");
  file.dimension(pulse + "/cursor_time", result.pulse.cursor_UI, "UI");
  file.values(pulse + "/cursor", result.pulse.cursor, {pulse + "/cursor_time"}, result.amplitude_unit);
  // A copper link without equaliser has no second curve.
  if (!result.pulse.unequalized.empty())
    file.values(pulse + "/unequalized", result.pulse.unequalized, {pulse + "/time"}, result.amplitude_unit);
  if (!result.pulse.equalized.empty())
    file.values(pulse + "/equalized", result.pulse.equalized, {pulse + "/time"}, result.amplitude_unit);
  const std::pair<const char*, const std::vector<double>&> taps[] = {{"ffe", result.ffe_taps},
                                                                     {"dfe", result.dfe_taps}};
  for (const auto& [name, values] : taps) {
    const std::string group = link + "/" + name;
    file.dimension(group + "/tap", indices(values.size()), "1");
    file.values(group + "/weight", values, {group + "/tap"}, "1");
  }
}

void write_eye_measures(Hdf5Writer& file, const std::string& link, const LinkResult& result) {
  const EyeMeasures& m = result.eye_measures;
  const std::string group = link + "/eye_measures", opening = group + "/opening";
  file.dimension(opening, indices(m.opening.size()), "1");
  const struct {
    const char* name;
    const std::string unit;
    double EyeOpening::*member;
  } columns[] = {{"height", result.amplitude_unit, &EyeOpening::height},
                 {"lower", result.amplitude_unit, &EyeOpening::lower},
                 {"upper", result.amplitude_unit, &EyeOpening::upper},
                 {"width_UI", "UI", &EyeOpening::width_UI},
                 {"left_UI", "UI", &EyeOpening::left_UI},
                 {"right_UI", "UI", &EyeOpening::right_UI}};
  for (const auto& entry : columns)
    file.values(group + "/" + entry.name,
                column(m.opening, [&](const EyeOpening& item) { return item.*entry.member; }), {opening},
                entry.unit);
  file.scalar(group + "/ber", m.ber, "1");
  file.scalar(group + "/linearity", m.linearity, "1");
  file.scalar(group + "/signal_amplitude", m.signal_amplitude, result.amplitude_unit);
  file.scalar(group + "/noise_amplitude", m.noise_amplitude, result.amplitude_unit);
  file.scalar(group + "/veo", m.vertical_opening, result.amplitude_unit);
  file.scalar(group + "/vec_dB", m.vertical_closure_dB, "dB");
}

void write_receiver(Hdf5Writer& file, const std::string& link, const LinkResult& result) {
  const ErrorPropagation& errors = result.propagation;
  std::string group = link + "/error_propagation";
  file.scalar(group + "/ber", errors.ber, "1");
  file.scalar(group + "/precoded_ber", errors.precoded_ber, "1");
  file.scalar(group + "/multiplication", errors.multiplication, "1");
  file.dimension(group + "/wrong_symbols", indices(errors.event_errors.size()), "1");
  file.values(group + "/event_errors", errors.event_errors, {group + "/wrong_symbols"}, "1");
  file.values(group + "/precoded_event_errors", errors.precoded_event_errors, {group + "/wrong_symbols"},
              "1");
  const ClockResult& clock = result.clock;
  group = link + "/clock";
  file.scalar(group + "/phase_margin_deg", clock.phase_margin_deg, "degree");
  file.scalar(group + "/generated_jitter_UI", clock.generated_jitter_UI, "UI");
  file.scalar(group + "/margin_UI", clock.margin_UI, "UI");
  file.scalar(group + "/mask_ratio", clock.mask_ratio, "1");
  file.dimension(group + "/frequency", clock.frequency_Hz, "Hz");
  file.values(group + "/transfer_dB", clock.transfer_dB, {group + "/frequency"}, "dB");
  file.values(group + "/tolerance_UI", clock.tolerance_UI, {group + "/frequency"}, "UI");
}

void write_eye(Hdf5Writer& file, const std::string& link, const LinkResult& result) {
  const EyeDiagram& eye = result.eye;
  const std::string group = link + "/eye", time = group + "/time", level = group + "/level";
  file.dimension(time, centres(eye.time_bins, eye.time_begin_UI, eye.time_end_UI), "UI");
  file.dimension(level, centres(eye.level_bins, eye.level_begin, eye.level_end), result.amplitude_unit);
  file.values(group + "/density", eye.density, {time, level}, "1");
  file.scalar(group + "/sampling_time_UI", eye.sampling_time_UI, "UI");
  file.dimension(group + "/opening", indices(eye.thresholds.size()), "1");
  file.values(group + "/thresholds", eye.thresholds, {group + "/opening"}, result.amplitude_unit);
  const std::string contour = group + "/contour";
  file.dimension(contour, indices(eye.contours.size()), "1");
  std::vector<double> lower, upper;
  for (const EyeDiagram::Contour& line : eye.contours) {
    lower.insert(lower.end(), line.lower.begin(), line.lower.end());
    upper.insert(upper.end(), line.upper.begin(), line.upper.end());
  }
  file.values(group + "/contour_ber",
              column(eye.contours, [](const EyeDiagram::Contour& line) { return line.ber; }), {contour}, "1");
  file.values(group + "/contour_opening",
              column(eye.contours, [](const EyeDiagram::Contour& line) { return double(line.opening); }),
              {contour}, "1");
  file.values(group + "/contour_lower", lower, {contour, time}, result.amplitude_unit);
  file.values(group + "/contour_upper", upper, {contour, time}, result.amplitude_unit);
  // CF conventions: what labels the lines of a contour besides its number.
  for (const char* limit : {"/contour_lower", "/contour_upper"})
    file.attribute(group + limit, "coordinates", std::string("contour_ber contour_opening"));
}

void write_warnings(Hdf5Writer& file, const std::string& link, const std::vector<Warning>& warnings) {
  const std::string group = link + "/warnings", stage = group + "/stage";
  file.text_dimension(stage, column(warnings, [](const Warning& item) { return item.stage; }));
  file.strings(group + "/text", column(warnings, [](const Warning& item) { return item.text; }), stage);
}

void write_assumed(Hdf5Writer& file, const std::string& link, const std::vector<AssumedInput>& assumed) {
  const std::string group = link + "/assumed", key = group + "/key";
  file.text_dimension(key, column(assumed, [](const AssumedInput& input) { return input.key; }));
  const std::pair<const char*, std::string AssumedInput::*> columns[] = {{"stage", &AssumedInput::stage},
                                                                         {"value", &AssumedInput::value},
                                                                         {"low", &AssumedInput::low},
                                                                         {"high", &AssumedInput::high},
                                                                         {"source", &AssumedInput::source}};
  for (const auto& [name, member] : columns)
    file.strings(group + "/" + name,
                 column(assumed, [member = member](const AssumedInput& input) { return input.*member; }),
                 key);
}

void write_operating_point(Hdf5Writer& file, const std::string& link, const OperatingPoint& point) {
  const std::string group = link + "/operating_point", key = group + "/key";
  using Value = OperatingPoint::Value;
  file.text_dimension(key, column(point.value, [](const Value& each) { return each.key; }));
  file.strings(group + "/stage", column(point.value, [](const Value& each) { return each.stage; }), key);
  file.strings(group + "/value", column(point.value, [](const Value& each) { return each.text; }), key);
  file.values(group + "/at_bound",
              column(point.value, [](const Value& each) { return each.at_bound ? 1.0 : 0.0; }), {key}, "1");
  file.attribute(group, "goal", point.goal);
  file.attribute(group, "keeps_margin", static_cast<int>(point.keeps_margin));
  file.attribute(group, "converged", static_cast<int>(point.converged));
  file.attribute(group, "evaluations", point.evaluations);
  file.scalar(group + "/margin_dB", point.margin_dB, "dB");
}

void write_locking(Hdf5Writer& file, const std::string& link, const LockingResult& locking) {
  if (locking.stage.empty()) return;
  const std::string group = link + "/locking", time = group + "/time", table = group + "/table_offset";
  file.dimension(time, locking.time_s, "s");
  file.values(group + "/temperature", locking.temperature_K, {time}, "K");
  file.values(group + "/offset", locking.offset_Hz, {time}, "Hz");
  file.values(group + "/ber", locking.ber, {time}, "1");
  file.values(group + "/heater_power", locking.heater_power_W, {time}, "W");
  file.dimension(table, locking.table_offset_Hz, "Hz");
  file.values(group + "/table_ber", locking.table_ber, {table}, "1");
  file.attribute(group, "stage", locking.stage);
  file.attribute(group, "method", locking.method);
  file.attribute(group, "monitor", locking.monitor);
  file.attribute(group, "holds", static_cast<int>(locking.holds));
  file.scalar(group + "/worst_ber", locking.worst_ber, "1");
  file.scalar(group + "/worst_offset_Hz", locking.worst_offset_Hz, "Hz");
  file.scalar(group + "/offset_rms_Hz", locking.offset_rms_Hz, "Hz");
  file.scalar(group + "/mean_heater_power_W", locking.mean_heater_power_W, "W");
  file.scalar(group + "/largest_heater_power_W", locking.largest_heater_power_W, "W");
  file.scalar(group + "/at_limit", locking.at_limit, "1");
}

void write_link(Hdf5Writer& file, const LinkResult& result) {
  const std::string link = "/" + result.name;
  write_summary(file, link, result);
  write_lanes(file, link, result.lane);
  write_ledger(file, link, result.ledger);
  write_noise_and_penalties(file, link, result);
  write_budget(file, link, result);
  write_curves(file, link, result);
  write_eye(file, link, result);
  write_eye_measures(file, link, result);
  write_receiver(file, link, result);
  write_warnings(file, link, result.warnings);
  write_assumed(file, link, result.assumed);
  write_operating_point(file, link, result.operating_point);
  write_locking(file, link, result.locking);
}

void write_path(Hdf5Writer& file, const PathResult& path) {
  const std::string group = "/" + path.name, hop = group + "/hop";
  file.text_dimension(hop, path.hops);
  file.attribute(group, "title", path.title);
  file.attribute(group, "fec", path.fec);
  file.attribute(group, "closes", static_cast<int>(path.closes));
  const std::pair<const char*, double PathResult::*> ratios[] = {
      {"ber_before_fec", &PathResult::ber_before_fec},
      {"ber_after_fec", &PathResult::ber_after_fec},
      {"ber_floor", &PathResult::ber_floor},
      {"target_ber", &PathResult::target_ber}};
  for (const auto& [name, member] : ratios) file.scalar(group + "/" + name, path.*member, "1");
  file.scalar(group + "/latency_s", path.latency_s, "s");
  file.scalar(group + "/one_way_J_per_bit", path.one_way_J_per_bit, "J");
  file.scalar(group + "/both_ways_J_per_bit", path.both_ways_J_per_bit, "J");
}

}  // namespace

void write_result_hdf5(const std::vector<LinkResult>& results, const Provenance& provenance,
                       const std::string& path, const std::vector<PathResult>& paths) {
  Hdf5Writer file(path);
  write_origin(file, "photonlink result", result_schema_version, provenance);
  file.attribute("/", "study_name", provenance.study_name);
  file.attribute("/", "study_title", provenance.study_title);
  file.text("/study_text", provenance.study_text);
  file.text_dimension("/card_name", column(provenance.cards, [](const CardText& card) { return card.name; }));
  file.strings("/card_text", column(provenance.cards, [](const CardText& card) { return card.text; }),
               "/card_name");
  for (const LinkResult& result : results) write_link(file, result);
  for (const PathResult& each : paths) write_path(file, each);
  file.close();
}

}  // namespace photonlink
