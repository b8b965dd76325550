#include "studies/validation/observable_lists.hpp"

#include "core/error.hpp"
#include "devices/touchstone_channel.hpp"
#include "solvers/channel_measures.hpp"
#include "studies/validation/probe.hpp"

namespace photonlink {
namespace {

using Arguments = ObservableArguments;
using Values = std::vector<double>;
using X = std::span<const double>;

const TouchstoneChannel& channel_of(Probe& probe) {
  for (const auto& stage : probe.link().stages)
    if (const auto* channel = dynamic_cast<const TouchstoneChannel*>(stage.get())) return *channel;
  throw ConfigError("the chain has no touchstone_channel to be judged");
}

// Delays of a channel are averaged over this band; ripple makes a narrower one meaningless.
constexpr double delay_band_Hz = 0.5e9;

double crosstalk_V(Probe& probe, const Arguments& a) {
  CrosstalkSettings settings;
  settings.symbol_rate_Bd = probe.link().symbol_rate_Bd;
  settings.near_amplitude_V = 0.5 * a.near_amplitude_V;  // peak of a peak-to-peak swing
  settings.far_amplitude_V = 0.5 * a.far_amplitude_V;
  settings.near_rise_time_s = settings.far_rise_time_s = a.rise_time_s;
  // As in COM; clause 92 itself names 18.75 GHz for its 25.78125 GBd, 0.727 of it.
  settings.receiver_bandwidth_Hz = 0.75 * probe.link().symbol_rate_Bd;
  settings.high_Hz = probe.link().symbol_rate_Bd;
  return integrated_crosstalk(channel_of(probe), settings).total_V;
}

}  // namespace

void add_channel_observables(std::vector<ObservableType>& list) {
  using Q = Quantity;
  const auto curve = [&](std::string name, std::string doc, Q unit,
                         std::function<Values(const TouchstoneChannel&, X)> read) {
    list.push_back({.name = std::move(name),
                    .doc = std::move(doc),
                    .unit = unit,
                    .x_unit = Q::frequency,
                    .x_label = "frequency",
                    .arguments = {},
                    .fine_points = 401,
                    .compute = [read = std::move(read)](Probe& probe, const Arguments&, X f) {
                      return read(channel_of(probe), f);
                    }});
  };
  curve("channel_insertion_loss", "differential insertion loss of the first channel", Q::loss,
        [](const TouchstoneChannel& c, X f) { return insertion_loss_dB(c.differential(), f); });
  curve("channel_return_loss", "differential return loss of the first channel at the transmitter's end",
        Q::loss, [](const TouchstoneChannel& c, X f) { return return_loss_dB(c.differential(), f, 0); });
  curve("channel_delay", "group delay of the first channel, mean over 0.5 GHz", Q::time,
        [](const TouchstoneChannel& c, X f) { return through_delay_s(c.differential(), f, delay_band_Hz); });
  list.push_back(scalar_observable("integrated_crosstalk_noise",
                                   "rms crosstalk of all aggressors of the first channel, IEEE 802.3 Eq. "
                                   "(92-44) to (92-48), receiver bandwidth "
                                   "0.75 of the symbol rate",
                                   Q::voltage, {"near_amplitude", "far_amplitude", "rise_time"},
                                   crosstalk_V));
  list.back().needs_symbol_rate = true;
}

}  // namespace photonlink
