#include "studies/channel/channel_json.hpp"

#include "io/atomic_file.hpp"
#include "studies/hdf5_columns.hpp"
#include "studies/json_text.hpp"
#include "studies/result_origin.hpp"

namespace photonlink {
namespace {

using namespace json_text;

Json levels_json(const ChannelLevels& level) {
  return {{"frequency_Hz", number(level.frequency_Hz)},
          {"insertion_loss_dB", number(level.insertion_dB)},
          {"fitted_loss_dB", number(level.fit_dB)},
          {"deviation_dB", number(level.deviation_dB)},
          {"return_loss_tx_dB", number(level.return_tx_dB)},
          {"return_loss_rx_dB", number(level.return_rx_dB)},
          {"scd21_dB", number(level.scd21_dB)},
          {"sdc21_dB", number(level.sdc21_dB)},
          {"mdnext_dB", number(level.next_dB)},
          {"mdfext_dB", number(level.fext_dB)}};
}

Json settings_json(const ChannelSettings& s) {
  return {{"symbol_rate_Bd", number(s.symbol_rate_Bd)},
          {"rise_time_s", number(s.rise_time_s)},
          {"receiver_bandwidth_Hz", number(s.receiver_bandwidth_Hz)},
          {"tdr_rise_time_s", number(s.tdr_rise_time_s)},
          {"amplitude_V", number(s.amplitude_V)}};
}

Json fit_json(const ChannelReport& r) {
  return {{"a0_dB", number(r.fit.coefficient[0])},
          {"a1_dB_per_sqrtHz", number(r.fit.coefficient[1])},
          {"a2_dB_per_Hz", number(r.fit.coefficient[2])},
          {"a4_dB_per_Hz2", number(r.fit.coefficient[3])},
          {"low_Hz", number(r.fit.low_Hz)},
          {"high_Hz", number(r.fit.high_Hz)},
          {"largest_deviation_dB", number(r.largest_deviation_dB)},
          {"largest_deviation_Hz", number(r.largest_deviation_Hz)},
          {"fom_ild_dB", number(r.ild_fom_dB)}};
}

Json conversion_json(const ModeConversion& conversion) {
  return {{"level_dB", number(conversion.level_dB)}, {"frequency_Hz", number(conversion.frequency_Hz)}};
}

Json trust_json(const ChannelReport& r) {
  return {{"largest_gain", number(r.passivity.largest_gain)},
          {"largest_gain_Hz", number(r.passivity.frequency_Hz)},
          {"points_above_1", r.passivity.points_above},
          {"reciprocity_error", number(r.reciprocity_error)},
          {"time_of_flight_s", number(r.causality.time_of_flight_s)},
          {"early_energy_dB", number(r.causality.early_energy_dB)},
          {"kramers_kronig_residual", number(r.causality.residual)},
          {"trusted_Hz", number(r.trusted_Hz)}};
}

Json profile_json(const NamedProfile& each) {
  return {{"name", each.name},
          {"reference_ohm", number(each.reference_ohm)},
          {"least_ohm", number(each.profile.least_ohm)},
          {"largest_ohm", number(each.profile.largest_ohm)},
          {"baseline", number(each.profile.baseline)},
          {"extrapolated_share", number(each.profile.extrapolated_share)},
          {"time_s", rounded(each.profile.time_s)},
          {"impedance_ohm", rounded(each.profile.impedance_ohm)}};
}

Json pulse_json(const ChannelPulse& pulse) {
  return {{"main_V", number(pulse.main_V())},  {"main_time_s", number(pulse.main_time_s)},
          {"isi_V", number(pulse.isi_V)},      {"extrapolated_share", number(pulse.extrapolated_share)},
          {"cursors_before", pulse.before},    {"cursor_V", numbers(pulse.cursor_V)},
          {"time_UI", rounded(pulse.time_UI)}, {"value_V", rounded(pulse.value_V)}};
}

Json curve_json(const ChannelReport& r) {
  const auto curve = [&](double ChannelLevels::*member) {
    return rounded(column(r.curve, [member](const ChannelLevels& level) { return level.*member; }));
  };
  Json json = {
      {"frequency_Hz", numbers(column(r.curve, [](const ChannelLevels& l) { return l.frequency_Hz; }))},
      {"insertion_loss_dB", curve(&ChannelLevels::insertion_dB)},
      {"fitted_loss_dB", curve(&ChannelLevels::fit_dB)},
      {"deviation_dB", curve(&ChannelLevels::deviation_dB)},
      {"return_loss_tx_dB", curve(&ChannelLevels::return_tx_dB)},
      {"return_loss_rx_dB", curve(&ChannelLevels::return_rx_dB)},
      {"scd21_dB", curve(&ChannelLevels::scd21_dB)},
      {"sdc21_dB", curve(&ChannelLevels::sdc21_dB)}};
  if (r.near > 0) json["mdnext_dB"] = curve(&ChannelLevels::next_dB);
  if (r.far > 0) json["mdfext_dB"] = curve(&ChannelLevels::fext_dB);
  json["delay_frequency_Hz"] = rounded(r.delay_frequency_Hz);
  json["delay_s"] = rounded(r.delay_s);
  return json;
}

}  // namespace

nlohmann::ordered_json to_json(const ChannelResult& result, const Provenance& provenance) {
  const ChannelReport& r = result.report;
  auto json = origin_json("photonlink channel", channel_schema_version, provenance);
  json.update(Json{{"file", result.request.through},
                   {"next", result.request.next},
                   {"fext", result.request.fext},
                   {"port_map", result.port_map},
                   {"port_map_origin", result.port_map_origin},
                   {"steps", result.steps},
                   {"warnings", result.warnings},
                   {"settings", settings_json(r.settings)},
                   {"points", r.points},
                   {"first_Hz", number(r.first_Hz)},
                   {"last_Hz", number(r.last_Hz)},
                   {"step_Hz", number(r.step_Hz)},
                   {"at", list_of(r.at, levels_json)},
                   {"fit", fit_json(r)},
                   {"delay_s", number(r.mean_delay_s)},
                   {"skew_s", number(r.skew_s)},
                   {"conversion",
                    {{"scd21", conversion_json(r.scd21)},
                     {"sdc21", conversion_json(r.sdc21)},
                     {"scd11", conversion_json(r.scd11)},
                     {"scd22", conversion_json(r.scd22)}}},
                   {"crosstalk",
                    {{"near_V", number(r.crosstalk.near_V)},
                     {"far_V", number(r.crosstalk.far_V)},
                     {"total_V", number(r.crosstalk.total_V)}}},
                   {"erl_tx_dB", number(r.erl_tx_dB)},
                   {"erl_rx_dB", number(r.erl_rx_dB)},
                   {"trust", trust_json(r)},
                   {"pulse", pulse_json(r.pulse)},
                   {"impedance", list_of(r.impedance, profile_json)},
                   {"curve", curve_json(r)}});
  return json;
}

void write_channel_json(const ChannelResult& result, const Provenance& provenance, const std::string& path) {
  write_file_atomically(path, document(to_json(result, provenance)));
}

}  // namespace photonlink
