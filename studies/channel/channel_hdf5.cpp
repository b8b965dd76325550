#include "studies/channel/channel_hdf5.hpp"

#include "io/hdf5_file.hpp"
#include "studies/hdf5_columns.hpp"
#include "studies/result_origin.hpp"

namespace photonlink {
namespace {

struct Scalar {
  const char *name, *unit;
  double value;
};

void write_scalars(Hdf5Writer& file, const ChannelReport& r) {
  const ChannelSettings& s = r.settings;
  const Scalar scalars[] = {{"symbol_rate_Bd", "Bd", s.symbol_rate_Bd},
                            {"rise_time_s", "s", s.rise_time_s},
                            {"receiver_bandwidth_Hz", "Hz", s.receiver_bandwidth_Hz},
                            {"tdr_rise_time_s", "s", s.tdr_rise_time_s},
                            {"amplitude_V", "V", s.amplitude_V},
                            {"delay_s", "s", r.mean_delay_s},
                            {"skew_s", "s", r.skew_s},
                            {"fit/a0_dB", "dB", r.fit.coefficient[0]},
                            {"fit/a1_dB_per_sqrtHz", "dB/Hz^0.5", r.fit.coefficient[1]},
                            {"fit/a2_dB_per_Hz", "dB/Hz", r.fit.coefficient[2]},
                            {"fit/a4_dB_per_Hz2", "dB/Hz^2", r.fit.coefficient[3]},
                            {"fit/low_Hz", "Hz", r.fit.low_Hz},
                            {"fit/high_Hz", "Hz", r.fit.high_Hz},
                            {"fit/largest_deviation_dB", "dB", r.largest_deviation_dB},
                            {"fit/fom_ild_dB", "dB", r.ild_fom_dB},
                            {"conversion/scd21_dB", "dB", r.scd21.level_dB},
                            {"conversion/sdc21_dB", "dB", r.sdc21.level_dB},
                            {"conversion/scd11_dB", "dB", r.scd11.level_dB},
                            {"conversion/scd22_dB", "dB", r.scd22.level_dB},
                            {"crosstalk/near_V", "V", r.crosstalk.near_V},
                            {"crosstalk/far_V", "V", r.crosstalk.far_V},
                            {"crosstalk/total_V", "V", r.crosstalk.total_V},
                            {"erl_tx_dB", "dB", r.erl_tx_dB},
                            {"erl_rx_dB", "dB", r.erl_rx_dB},
                            {"trust/largest_gain", "1", r.passivity.largest_gain},
                            {"trust/largest_gain_Hz", "Hz", r.passivity.frequency_Hz},
                            {"trust/reciprocity_error", "1", r.reciprocity_error},
                            {"trust/time_of_flight_s", "s", r.causality.time_of_flight_s},
                            {"trust/early_energy_dB", "dB", r.causality.early_energy_dB},
                            {"trust/kramers_kronig_residual", "1", r.causality.residual},
                            {"trust/trusted_Hz", "Hz", r.trusted_Hz},
                            {"pulse/main_V", "V", r.pulse.main_V()},
                            {"pulse/main_time_s", "s", r.pulse.main_time_s},
                            {"pulse/isi_V", "V", r.pulse.isi_V}};
  for (const Scalar& scalar : scalars)
    file.scalar(std::string("/channel/") + scalar.name, scalar.value, scalar.unit);
}

void write_levels(Hdf5Writer& file, const std::string& group, const std::vector<ChannelLevels>& levels,
                  const ChannelReport& r) {
  const std::string frequency = group + "/frequency";
  file.dimension(frequency, column(levels, [](const ChannelLevels& l) { return l.frequency_Hz; }), "Hz");
  const struct {
    const char* name;
    double ChannelLevels::*member;
    bool present;
  } columns[] = {{"insertion_loss_dB", &ChannelLevels::insertion_dB, true},
                 {"fitted_loss_dB", &ChannelLevels::fit_dB, true},
                 {"deviation_dB", &ChannelLevels::deviation_dB, true},
                 {"return_loss_tx_dB", &ChannelLevels::return_tx_dB, true},
                 {"return_loss_rx_dB", &ChannelLevels::return_rx_dB, true},
                 {"scd21_dB", &ChannelLevels::scd21_dB, true},
                 {"sdc21_dB", &ChannelLevels::sdc21_dB, true},
                 {"mdnext_dB", &ChannelLevels::next_dB, r.near > 0},
                 {"mdfext_dB", &ChannelLevels::fext_dB, r.far > 0}};
  for (const auto& entry : columns)
    if (entry.present)
      file.values(group + "/" + entry.name,
                  column(levels, [&](const ChannelLevels& l) { return l.*entry.member; }), {frequency}, "dB");
}

void write_times(Hdf5Writer& file, const ChannelReport& r) {
  file.dimension("/channel/delay/frequency", r.delay_frequency_Hz, "Hz");
  file.values("/channel/delay/delay_s", r.delay_s, {"/channel/delay/frequency"}, "s");
  const std::string pulse = "/channel/pulse";
  file.dimension(pulse + "/time", r.pulse.time_UI, "UI");
  file.values(pulse + "/value_V", r.pulse.value_V, {pulse + "/time"}, "V");
  std::vector<double> symbol = indices(r.pulse.cursor_V.size());
  for (double& value : symbol) value -= r.pulse.before;
  file.dimension(pulse + "/symbol", symbol, "UI");
  file.values(pulse + "/cursor_V", r.pulse.cursor_V, {pulse + "/symbol"}, "V");
  const char* const names[] = {"differential_tx", "differential_rx", "tx_p", "tx_n", "rx_p", "rx_n"};
  for (std::size_t i = 0; i < r.impedance.size(); ++i) {
    const std::string group = std::string("/channel/impedance/") + names[i];
    file.dimension(group + "/time", r.impedance[i].profile.time_s, "s");
    file.values(group + "/impedance_ohm", r.impedance[i].profile.impedance_ohm, {group + "/time"}, "ohm");
    file.scalar(group + "/least_ohm", r.impedance[i].profile.least_ohm, "ohm");
    file.scalar(group + "/largest_ohm", r.impedance[i].profile.largest_ohm, "ohm");
  }
}

void write_texts(Hdf5Writer& file, const ChannelResult& result) {
  file.attribute("/channel", "file", result.request.through);
  file.attribute("/channel", "port_map", port_map_text(result.port_map));
  file.attribute("/channel", "port_map_origin", result.port_map_origin);
  const std::pair<const char*, const std::vector<std::string>&> lists[] = {{"next", result.request.next},
                                                                           {"fext", result.request.fext},
                                                                           {"steps", result.steps},
                                                                           {"warnings", result.warnings}};
  for (const auto& [name, texts] : lists) {
    const std::string group = std::string("/channel/") + name;
    file.dimension(group + "/number", indices(texts.size()), "1");
    file.strings(group + "/text", texts, group + "/number");
  }
}

}  // namespace

void write_channel_hdf5(const ChannelResult& result, const Provenance& provenance, const std::string& path) {
  Hdf5Writer file(path);
  write_origin(file, "photonlink channel", channel_schema_version, provenance);
  file.group("/channel");
  write_texts(file, result);
  write_scalars(file, result.report);
  write_levels(file, "/channel/at", result.report.at, result.report);
  write_levels(file, "/channel/curve", result.report.curve, result.report);
  write_times(file, result.report);
  file.close();
}

}  // namespace photonlink
