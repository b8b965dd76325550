#include "solvers/com/com.hpp"
#include "studies/validation/observable_lists.hpp"
#include "studies/validation/probe.hpp"

namespace photonlink {
namespace {

using Arguments = ObservableArguments;

const com::CaseResult& case_of(Probe& probe, const Arguments& a) {
  const com::Result& result = probe.channel_operating_margin(a.configuration, a.com_mode);
  const auto index = static_cast<std::size_t>(a.package_case) - 1;
  if (index >= result.package_case.size())
    throw ConfigError(fmt::format("package_case = {}: '{}' has {}", a.package_case, a.configuration,
                                  result.package_case.size()));
  return result.package_case[index];
}

}  // namespace

void add_com_observables(std::vector<ObservableType>& list) {
  using Q = Quantity;
  const auto add = [&](std::string name, const std::string& doc, Q unit,
                       double (*read)(const com::CaseResult&)) {
    list.push_back(
        scalar_observable(std::move(name), doc + " of one package case (IEEE 802.3 Annex 93A, 178A)", unit,
                          {"configuration", "com_mode", "package_case"},
                          [read](Probe& probe, const Arguments& a) { return read(case_of(probe, a)); }));
  };
  add("channel_operating_margin", "COM", Q::gain, [](const com::CaseResult& r) { return r.com_dB; });
  add("com_figure_of_merit", "figure of merit of the chosen equalisers", Q::gain,
      [](const com::CaseResult& r) { return r.merit_dB; });
  add("com_available_signal", "available signal A_s", Q::voltage,
      [](const com::CaseResult& r) { return r.available_V; });
  add("com_pulse_peak", "peak of the pulse in front of the equalisers", Q::voltage,
      [](const com::CaseResult& r) { return r.unequalized_peak_V; });
  add("com_first_dfe_tap", "first DFE tap relative to the cursor", Q::dimensionless,
      [](const com::CaseResult& r) { return r.dfe_taps.empty() ? not_computed : r.dfe_taps.front(); });
  add("com_ctle_gain", "direct gain g_DC of the chosen CTLE", Q::gain,
      [](const com::CaseResult& r) { return r.ctle.gain_dB; });
  add("com_interference_rms", "rms of the residual intersymbol interference", Q::voltage,
      [](const com::CaseResult& r) { return r.interference.isi_rms_V; });
  add("com_crosstalk_rms", "rms of the crosstalk at its strongest phases", Q::voltage,
      [](const com::CaseResult& r) { return r.interference.crosstalk_rms_V; });
  add("com_noise_rms", "rms of the receiver's noise", Q::voltage,
      [](const com::CaseResult& r) { return r.terms.noise_V; });
  add("com_transmitter_noise_rms", "rms of the transmitter's noise", Q::voltage,
      [](const com::CaseResult& r) { return r.terms.transmitter_V; });
  add("com_random_jitter_rms", "rms voltage of random jitter", Q::voltage,
      [](const com::CaseResult& r) { return r.terms.random_jitter_V; });
  add("com_vertical_eye_closure", "VEC", Q::loss, [](const com::CaseResult& r) { return r.eye.closure_dB; });
  add("com_eye_height", "EH or VEO", Q::voltage, [](const com::CaseResult& r) { return r.eye.height_V; });
  list.push_back(scalar_observable(
      "effective_return_loss", "least effective return loss of both ends (IEEE 802.3 Annex 93A.5)", Q::loss,
      {"configuration", "com_mode"}, [](Probe& probe, const Arguments& a) {
        return probe.channel_operating_margin(a.configuration, a.com_mode).return_loss.least_dB;
      }));
}

}  // namespace photonlink
