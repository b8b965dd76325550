#include "studies/com/com_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace photonlink {
namespace {

using com::CaseResult;
using com::Parameters;
using enum ComSectionOf;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double rounding = 1e-9;  // of a tap that was set to its limit and scaled by nothing since

double last_or(const std::vector<double>& list, std::size_t i) {
  return list.empty() ? 0.0 : list[std::min(i, list.size() - 1)];
}

/// Largest multiple of `step` in [0, limit]: where quantised taps end.
double reachable(double limit, double step) {
  return step > 0.0 ? std::floor(limit / step + rounding) * step : limit;
}

bool tail_is_limited(const CaseResult& r, const com::Dfe& dfe) {
  if (dfe.tail_start == 0) return false;
  double energy = 0.0;
  for (std::size_t n = static_cast<std::size_t>(dfe.tail_start) - 1; n < r.dfe_taps.size(); ++n)
    energy += r.dfe_taps[n] * r.dfe_taps[n];
  return energy > 0.0 && std::sqrt(energy) >= dfe.tail_rss * (1.0 - rounding);
}

/// A limit of 0 is none.
double given(double limit) {
  return limit > 0.0 ? limit : nan;
}

bool all_pass(const std::vector<LimitCheck>& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const LimitCheck& check) { return check.passes; });
}

std::vector<double> to_double(const std::vector<int>& values) {
  return {values.begin(), values.end()};
}

}  // namespace

std::string_view heading_of(ComSectionOf section) {
  switch (section) {
    case margin:
      return "Margin";
    case equalizer:
      return "Equaliser";
    case noise:
      return "rms at the slicer, for the figure of merit";
    case interference:
      return "Noise and interference at DER_0";
  }
  return "";
}

const std::vector<CaseFigure>& case_figures() {
  using R = const CaseResult&;
  using P = const Parameters&;
  static const std::vector<CaseFigure> figures{
      {"com_dB", "COM", "dB", margin, [](R r, P) { return r.com_dB; }},
      {"merit_dB", "figure of merit FOM", "dB", margin, [](R r, P) { return r.merit_dB; }},
      {"available_V", "signal A_s", "V", margin, [](R r, P) { return r.available_V; }},
      {"interference_V", "noise and interference A_ni", "V", margin, [](R r, P) { return r.interference_V; }},
      {"unequalized_peak_V", "peak of the unequalised pulse", "V", margin,
       [](R r, P) { return r.unequalized_peak_V; }},
      {"vertical_eye_opening_V", "vertical eye opening VEO (EH)", "V", margin,
       [](R r, P) { return r.eye.height_V; }},
      {"vertical_eye_closure_dB", "vertical eye closure VEC", "dB", margin,
       [](R r, P) { return r.eye.closure_dB; }},
      {"error_ratio_at_limit", "error ratio at the COM limit", "1", margin,
       [](R r, P) { return r.interference.error_ratio_at_limit; }},
      {"ctle_gain_dB", "g_DC", "dB", equalizer, [](R r, P) { return r.ctle.gain_dB; }},
      {"ctle_low_gain_dB", "g_DC2", "dB", equalizer,
       [](R r, P p) { return p.ctle.low_corner_Hz > 0.0 ? r.ctle.low_gain_dB : nan; }},
      {"sampling_time_s", "sampling time t_s", "s", equalizer, [](R r, P) { return r.sampling_time_s; }},
      {"evaluated", "settings looked at", "1", equalizer,
       [](R r, P) { return static_cast<double>(r.evaluated); }},
      {"grid", "settings of the grid", "1", equalizer, [](R r, P) { return static_cast<double>(r.grid); }},
      {"isi_V", "intersymbol interference", "V", noise, [](R r, P) { return r.terms.isi_V; }},
      {"crosstalk_V", "crosstalk", "V", noise, [](R r, P) { return r.terms.crosstalk_V; }},
      {"transmitter_V", "transmitter noise", "V", noise, [](R r, P) { return r.terms.transmitter_V; }},
      {"jitter_V", "jitter", "V", noise, [](R r, P) { return r.terms.jitter_V; }},
      {"random_jitter_V", "  of it random", "V", noise, [](R r, P) { return r.terms.random_jitter_V; }},
      {"noise_V", "receiver noise", "V", noise, [](R r, P) { return r.terms.noise_V; }},
      {"total_V", "all", "V", noise, [](R r, P) { return r.terms.total_V(); }},
      {"gaussian_V", "σ_G of the Gaussian part", "V", interference,
       [](R r, P) { return r.interference.gaussian_V; }},
      {"isi_rms_V", "rms of the ISI density", "V", interference,
       [](R r, P) { return r.interference.isi_rms_V; }},
      {"crosstalk_rms_V", "rms of the crosstalk density", "V", interference,
       [](R r, P) { return r.interference.crosstalk_rms_V; }},
      {"isi_peak_V", "peak ISI", "V", interference, [](R r, P) { return r.interference.isi_peak_V; }},
      {"crosstalk_peak_V", "peak crosstalk", "V", interference,
       [](R r, P) { return r.interference.crosstalk_peak_V; }},
      {"fext_peak_V", "  far end alone", "V", interference,
       [](R r, P) { return r.interference.fext_peak_V; }},
      {"next_peak_V", "  near end alone", "V", interference,
       [](R r, P) { return r.interference.next_peak_V; }},
      {"both_peak_V", "peak ISI and crosstalk", "V", interference,
       [](R r, P) { return r.interference.both_peak_V; }},
      {"bin_V", "bin of the densities", "V", interference, [](R r, P) { return r.interference.bin_V; }},
  };
  return figures;
}

const std::vector<RunFigure>& run_figures() {
  using R = const ComRun&;
  static const std::vector<RunFigure> figures{
      {"nyquist_loss_dB", "channel loss at f_b/2", "dB", [](R r) { return r.files.front().nyquist_loss_dB; }},
      {"integrated_near_V", "integrated NEXT", "V", [](R r) { return r.crosstalk.near_V; }},
      {"integrated_far_V", "integrated FEXT", "V", [](R r) { return r.crosstalk.far_V; }},
      {"integrated_crosstalk_V", "integrated crosstalk ICN", "V", [](R r) { return r.crosstalk.total_V; }},
      {"return_loss_transmitter_dB", "ERL11", "dB", [](R r) { return r.result.return_loss.loss_dB[0]; }},
      {"return_loss_receiver_dB", "ERL22", "dB", [](R r) { return r.result.return_loss.loss_dB[1]; }},
      {"effective_return_loss_dB", "ERL", "dB", [](R r) { return r.result.return_loss.least_dB; }, false},
      {"limit_com_dB", "", "dB", [](R r) { return r.parameters.limits.com_dB; }, false},
      {"limit_effective_return_loss_dB", "", "dB",
       [](R r) { return given(r.parameters.limits.effective_return_loss_dB); }, false},
      {"limit_vertical_eye_closure_dB", "", "dB",
       [](R r) { return given(r.parameters.limits.vertical_eye_closure_dB); }, false},
      {"limit_eye_height_V", "", "V", [](R r) { return given(r.parameters.limits.eye_height_V); }, false},
  };
  return figures;
}

const std::vector<CaseList>& case_lists() {
  using R = const CaseResult&;
  using P = const Parameters&;
  static const std::vector<CaseList> lists{
      {"transmit_taps", "1", [](R r, P) { return r.transmit_taps; }},
      {"receive_taps", "1", [](R r, P) { return r.receive_taps; }},
      {"limited_receive_taps", "1", limited_receive_taps},
      {"dfe_taps", "1", [](R r, P) { return r.dfe_taps; }},
      {"floating_taps", "1", [](R r, P) { return to_double(r.floating_taps); }},
      {"limited_dfe_taps", "1", limited_dfe_taps},
      {"eye_upper_V", "V", [](R r, P) { return r.eye.upper_V; }},
      {"eye_lower_V", "V", [](R r, P) { return r.eye.lower_V; }},
  };
  return lists;
}

const std::vector<CaseCurve>& case_curves() {
  using R = const CaseResult&;
  using P = const Parameters&;
  static const std::vector<CaseCurve> curves{
      {"pulse",
       {{"time_UI", "UI", [](R r, P) { return r.pulse_time_UI; }},
        {"unequalized_V", "V", [](R r, P) { return r.unequalized_V; }},
        {"equalized_V", "V", [](R r, P) { return r.equalized_V; }}}},
      {"distribution",
       {{"voltage_V", "V", [](R r, P) { return r.interference.voltage_V; }},
        {"log10_probability", "1", [](R r, P) { return r.interference.log10_probability; }}}},
  };
  return curves;
}

std::vector<LimitCheck> case_checks(const CaseResult& r, const Parameters& p) {
  const com::Limits& limits = p.limits;
  std::vector<LimitCheck> checks{
      {fmt::format("COM of {:.3g} dB or more", limits.com_dB), r.com_dB >= limits.com_dB}};
  if (limits.vertical_eye_closure_dB > 0.0)
    checks.push_back({fmt::format("VEC of {:.3g} dB or less", limits.vertical_eye_closure_dB),
                      r.eye.closure_dB <= limits.vertical_eye_closure_dB});  // NaN, a closed eye, does not
  if (limits.eye_height_V > 0.0)
    checks.push_back({fmt::format("eye height of {:.3g} mV or more", limits.eye_height_V * 1e3),
                      r.eye.height_V >= limits.eye_height_V});
  return checks;
}

std::vector<LimitCheck> channel_checks(const ComRun& run) {
  const double limit_dB = run.parameters.limits.effective_return_loss_dB;
  if (limit_dB <= 0.0) return {};
  return {{fmt::format("ERL of {:.3g} dB or more", limit_dB), run.result.return_loss.least_dB >= limit_dB}};
}

bool passes(const CaseResult& result, const Parameters& parameters) {
  return all_pass(case_checks(result, parameters));
}

bool passes(const ComRun& run) {
  return all_pass(channel_checks(run)) &&
         std::all_of(run.result.package_case.begin(), run.result.package_case.end(),
                     [&](const CaseResult& each) { return passes(each, run.parameters); });
}

std::vector<double> limited_dfe_taps(const CaseResult& r, const Parameters& p) {
  const com::Dfe& dfe = p.dfe;
  const bool tail = tail_is_limited(r, dfe);
  std::vector<double> positions;
  positions.reserve(r.dfe_taps.size());
  for (std::size_t n = 0; n < r.dfe_taps.size(); ++n) {
    const bool fixed = n < static_cast<std::size_t>(dfe.taps);
    const int position = static_cast<int>(n) + 1;
    if (!fixed &&
        std::find(r.floating_taps.begin(), r.floating_taps.end(), position) == r.floating_taps.end())
      continue;
    const double tap = r.dfe_taps[n];
    const double high = fixed ? last_or(dfe.maximum, n) : reachable(dfe.floating_maximum, dfe.step);
    const double low = fixed ? last_or(dfe.minimum, n) : -high;
    const bool in_tail = tail && position >= dfe.tail_start && tap != 0.0;
    if (tap >= high - rounding || tap <= low + rounding || in_tail) positions.push_back(position);
  }
  return positions;
}

std::vector<double> limited_receive_taps(const CaseResult& r, const Parameters& p) {
  std::vector<double> indices;
  indices.reserve(r.receive_taps.size());
  for (int k = 0; k < static_cast<int>(r.receive_taps.size()); ++k) {
    if (k == p.ffe.pre) continue;  // the main tap is 1
    const double limit = k == p.ffe.pre - 1   ? p.ffe.first_pre_limit
                         : k == p.ffe.pre + 1 ? p.ffe.first_post_limit
                                              : p.ffe.limit;
    if (std::abs(r.receive_taps[static_cast<std::size_t>(k)]) >= limit - rounding) indices.push_back(k);
  }
  return indices;
}

}  // namespace photonlink
