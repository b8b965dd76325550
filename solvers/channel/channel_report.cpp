#include "solvers/channel/channel_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "network/time_response.hpp"

namespace photonlink {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double ild_low_Hz = 50e6;  // lower end of fits and crosstalk bands in Clauses 92 and 93

double level_dB(const Complex& s) {
  return 20.0 * std::log10(std::abs(s));
}

struct Networks {
  const SParameters& four;
  MixedMode modes;
  const SParameters& dd() const { return modes.dd; }
};

double widest_step_Hz(const std::vector<double>& f) {
  double widest = 0.0;
  for (std::size_t k = 1; k < f.size(); ++k) widest = std::max(widest, f[k] - f[k - 1]);
  return widest;
}

/// Levels at index k of networks that share one grid.
ChannelLevels levels_at(std::size_t k, const MixedMode& modes, const std::vector<double>& next_dB,
                        const std::vector<double>& fext_dB, const FittedLoss& fit) {
  const double f = modes.dd.frequency_Hz[k];
  const bool fitted = f >= fit.low_Hz && f <= fit.high_Hz;
  ChannelLevels levels;
  levels.frequency_Hz = f;
  levels.insertion_dB = -level_dB(modes.dd.at(k, 1, 0));
  levels.return_tx_dB = -level_dB(modes.dd.at(k, 0, 0));
  levels.return_rx_dB = -level_dB(modes.dd.at(k, 1, 1));
  levels.fit_dB = fitted ? fit.at_dB(f) : nan;
  levels.deviation_dB = levels.insertion_dB - levels.fit_dB;
  levels.scd21_dB = level_dB(modes.cd[4 * k + 2]);
  levels.sdc21_dB = level_dB(modes.dc[4 * k + 2]);
  levels.next_dB = next_dB.empty() ? nan : next_dB[k];
  levels.fext_dB = fext_dB.empty() ? nan : fext_dB[k];
  return levels;
}

std::vector<SParameters> interpolated(const std::vector<SParameters>& all, const std::vector<double>& f) {
  std::vector<SParameters> result;
  result.reserve(all.size());
  for (const SParameters& each : all) result.push_back(interpolate(each, f));
  return result;
}

/// A quarter, a half (Nyquist) and three quarters of the symbol rate, and 1 GHz, as far as the file goes.
void add_chosen_frequencies(const Networks& n, const std::vector<SParameters>& near,
                            const std::vector<SParameters>& far, ChannelReport& report) {
  const double rate = report.settings.symbol_rate_Bd;
  std::vector<double> chosen;
  for (const double f : {1e9, 0.25 * rate, 0.5 * rate, 0.75 * rate})
    if (f >= report.first_Hz && f <= report.last_Hz) chosen.push_back(f);
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  const MixedMode modes = mixed_mode(interpolate(n.four, chosen));
  const auto next = multidisturber_loss_dB(interpolated(near, chosen)),
             fext = multidisturber_loss_dB(interpolated(far, chosen));
  for (std::size_t k = 0; k < chosen.size(); ++k)
    report.at.push_back(levels_at(k, modes, next, fext, report.fit));
}

ModeConversion largest_conversion(const std::vector<double>& f, const std::vector<Complex>& block,
                                  std::size_t element, double high_Hz) {
  ModeConversion largest{-std::numeric_limits<double>::infinity(), nan};
  for (std::size_t k = 0; k < f.size() && f[k] <= high_Hz; ++k) {
    const double level = level_dB(block[4 * k + element]);
    if (level > largest.level_dB) largest = {level, f[k]};
  }
  return largest;
}

void add_fit(const Networks& n, ChannelReport& report) {
  const double high_Hz = std::min(0.75 * report.settings.symbol_rate_Bd, report.last_Hz);
  report.fit = fit_insertion_loss(n.dd(), std::max(ild_low_Hz, report.first_Hz), high_Hz);
  const std::vector<double> deviation = insertion_loss_deviation_dB(n.dd(), report.fit);
  report.ild_fom_dB = ild_figure_of_merit_dB(
      n.dd().frequency_Hz, deviation,
      {report.settings.symbol_rate_Bd, report.settings.rise_time_s, report.settings.receiver_bandwidth_Hz});
  for (std::size_t k = 0; k < deviation.size(); ++k)
    if (std::abs(deviation[k]) > std::abs(report.largest_deviation_dB)) {
      report.largest_deviation_dB = deviation[k];
      report.largest_deviation_Hz = n.dd().frequency_Hz[k];
    }
}

void add_delay(const Networks& n, ChannelReport& report) {
  constexpr int points = 200;
  const double band_Hz = 0.02 * (report.last_Hz - report.first_Hz);
  for (int i = 0; i < points; ++i)
    report.delay_frequency_Hz.push_back(report.first_Hz + 0.5 * band_Hz +
                                        (report.last_Hz - report.first_Hz - band_Hz) * i / (points - 1.0));
  report.delay_s = through_delay_s(n.dd(), report.delay_frequency_Hz, band_Hz);
  const double half_rate = 0.5 * report.settings.symbol_rate_Bd;
  const double low_Hz = std::min(0.8 * half_rate, 0.8 * report.last_Hz);
  report.mean_delay_s = group_delay_s(n.dd(), 1, 0, low_Hz, 1.2 * half_rate);
}

/// Even steps as fine as the narrowest of `f`; empty when `f` is even already.
std::vector<double> even_grid_Hz(const std::vector<double>& f) {
  double narrowest = f.back();
  for (std::size_t k = 1; k < f.size(); ++k) narrowest = std::min(narrowest, f[k] - f[k - 1]);
  if (widest_step_Hz(f) - narrowest <= 1e-6 * narrowest) return {};
  constexpr double most = 100000.0;
  const double step = std::max(narrowest, (f.back() - f.front()) / most);
  const auto count = static_cast<std::size_t>((f.back() - f.front()) / step) + 1;
  std::vector<double> even;
  even.reserve(count);
  for (std::size_t k = 0; k < count; ++k) even.push_back(f.front() + static_cast<double>(k) * step);
  return even;
}

void add_crosstalk(const std::vector<SParameters>& near, const std::vector<SParameters>& far,
                   ChannelReport& report) {
  report.near = static_cast<int>(near.size());
  report.far = static_cast<int>(far.size());
  report.crosstalk = {nan, nan, nan};
  if (near.empty() && far.empty()) return;
  const ChannelSettings& s = report.settings;
  // The sum of the standard needs even steps; files that have them keep their points.
  const std::vector<double>& points = (near.empty() ? far : near).front().frequency_Hz;
  const std::vector<double> even = even_grid_Hz(points);
  const auto on_grid = [&](const std::vector<SParameters>& all) {
    return even.empty() ? all : interpolated(all, even);
  };
  report.crosstalk = integrated_crosstalk(on_grid(near), on_grid(far),
                                          {.symbol_rate_Bd = s.symbol_rate_Bd,
                                           .near_amplitude_V = s.amplitude_V,
                                           .far_amplitude_V = s.amplitude_V,
                                           .near_rise_time_s = s.rise_time_s,
                                           .far_rise_time_s = s.rise_time_s,
                                           .receiver_bandwidth_Hz = s.receiver_bandwidth_Hz,
                                           .low_Hz = ild_low_Hz,
                                           .high_Hz = std::min(s.symbol_rate_Bd, report.last_Hz)});
}

void add_impedance(const Networks& n, ChannelReport& report, Context& context) {
  const TdrSettings settings{report.settings.tdr_rise_time_s,
                             std::max(2.0 * report.mean_delay_s, 6.0 * report.settings.tdr_rise_time_s)};
  const char* const ends[] = {"differential, transmitter", "differential, receiver"};
  const char* const wires[] = {"tx_p", "tx_n", "rx_p", "rx_n"};
  for (int port = 0; port < 2; ++port)
    report.impedance.push_back(
        {ends[port], n.dd().reference_ohm, impedance_profile(n.dd(), port, settings, context)});
  for (int port = 0; port < 4; ++port)
    report.impedance.push_back(
        {wires[port], n.four.reference_ohm, impedance_profile(n.four, port, settings, context)});
}

void add_pulse(const Networks& n, ChannelReport& report, Context& context) {
  constexpr int samples_per_UI = 32, before = 6, after = 20;
  const ChannelSettings& s = report.settings;
  const double unit_s = 1.0 / s.symbol_rate_Bd;
  const TimeResponse response = pulse_response(
      n.dd(), 1, 0, {.rise_time_s = s.rise_time_s, .receiver_bandwidth_Hz = s.receiver_bandwidth_Hz}, unit_s,
      unit_s / samples_per_UI, context);
  const auto size = static_cast<long>(response.value.size());
  const auto largest = [](double a, double b) { return std::abs(a) < std::abs(b); };
  const long main =
      std::max_element(response.value.begin(), response.value.end(), largest) - response.value.begin();
  const auto value = [&](long i) {
    return i >= 0 && i < size ? response.value[static_cast<std::size_t>(i)] : 0.0;
  };
  ChannelPulse& pulse = report.pulse;
  pulse.extrapolated_share = response.extrapolated_share;
  pulse.main_time_s = response.time_s(static_cast<std::size_t>(main));
  pulse.before = before;
  for (long i = -(before + 2) * samples_per_UI; i <= (after + 4) * samples_per_UI; ++i) {
    pulse.time_UI.push_back(static_cast<double>(i) / samples_per_UI);
    pulse.value_V.push_back(value(main + i));
  }
  for (int i = -before; i <= after; ++i)
    pulse.cursor_V.push_back(value(main + static_cast<long>(i) * samples_per_UI));
  for (long i = main % samples_per_UI; i < size; i += samples_per_UI)
    if (i != main) pulse.isi_V += std::abs(value(i));
}

void add_warnings(ChannelReport& report) {
  auto& warnings = report.warnings;
  const double rate = report.settings.symbol_rate_Bd;
  const auto GHz = [](double f) { return f / 1e9; };
  if (report.first_Hz > 0.0)
    warnings.push_back(
        fmt::format("the file starts at {:.4g} GHz and has no DC point; the response below is "
                    "extrapolated, and levels that last long are uncertain",
                    GHz(report.first_Hz)));
  if (report.last_Hz < 0.75 * rate)
    warnings.push_back(
        fmt::format("the file ends at {:.4g} GHz, below 0.75 times the symbol rate of {:.4g} GBd; "
                    "the response above is extrapolated",
                    GHz(report.last_Hz), GHz(rate)));
  if (report.mean_delay_s < 0.0)
    warnings.push_back(
        fmt::format("the delay of Sdd21 comes out as {:.3g} ns: points up to {:.4g} MHz apart are "
                    "too few to follow its phase; export the file with smaller steps",
                    report.mean_delay_s * 1e9, report.step_Hz / 1e6));
  if (report.step_Hz * report.mean_delay_s > 0.25)
    warnings.push_back(
        fmt::format("points up to {:.4g} MHz apart are too few for a delay of {:.3g} ns: echoes "
                    "are not resolved; export the file with steps of {:.3g} MHz or less",
                    report.step_Hz / 1e6, report.mean_delay_s * 1e9, 0.1 / report.mean_delay_s / 1e6));
  if (report.passivity.largest_gain > 1.0 + 1e-3)
    warnings.push_back(
        fmt::format("the file is not passive: a singular value of {:.4f} at {:.4g} GHz; measure or "
                    "export it again, or enforce passivity",
                    report.passivity.largest_gain, GHz(report.passivity.frequency_Hz)));
  if (report.causality.early_energy_dB > -40.0)
    warnings.push_back(
        fmt::format("the file is not causal: {:.1f} dB of the energy of Sdd21 arrive before the "
                    "time of flight of {:.4g} ns; export it again, or enforce causality",
                    report.causality.early_energy_dB, report.causality.time_of_flight_s * 1e9));
  if (report.trusted_Hz < 0.5 * rate)
    warnings.push_back(fmt::format("S12 and S21 agree, and the file is passive, up to {:.4g} GHz only",
                                   GHz(report.trusted_Hz)));
  if (report.impedance.front().profile.extrapolated_share > 0.01)
    warnings.push_back(fmt::format(
        "{:.0f} % of the TDR edge of {:.3g} ps lie above the file; the profile rings",
        100.0 * report.impedance.front().profile.extrapolated_share, report.settings.tdr_rise_time_s * 1e12));
  double baseline = 0.0;
  for (const NamedProfile& each : report.impedance)
    baseline = std::max(baseline, std::abs(each.profile.baseline));
  if (baseline > 0.03)
    warnings.push_back(
        fmt::format("a reflection of {:.3f} stands before the edge of the TDR: the points near DC are too "
                    "far apart, and impedances are uncertain by {:.0f} %",
                    baseline, 200.0 * baseline));
  if (report.reciprocity_error > 0.01)
    warnings.push_back(fmt::format("the file is not reciprocal: S[i,j] and S[j,i] differ by up to {:.3g}",
                                   report.reciprocity_error));
}

}  // namespace

ChannelSettings completed(ChannelSettings s, double last_Hz) {
  require(s.symbol_rate_Bd >= 0.0 && s.rise_time_s >= 0.0 && s.receiver_bandwidth_Hz >= 0.0 &&
              s.tdr_rise_time_s >= 0.0 && s.amplitude_V >= 0.0,
          fmt::format(
              "symbol rate {} Bd, rise times {} s and {} s, receiver bandwidth {} Hz and amplitude {} V "
              "must not be negative",
              s.symbol_rate_Bd, s.rise_time_s, s.tdr_rise_time_s, s.receiver_bandwidth_Hz, s.amplitude_V));
  if (s.symbol_rate_Bd == 0.0) {
    s.symbol_rate_Bd = 10.3125e9;
    for (const double rate : {25.78125e9, 26.5625e9, 53.125e9, 106.25e9})
      if (0.75 * rate <= last_Hz) s.symbol_rate_Bd = rate;
  }
  if (s.rise_time_s == 0.0) s.rise_time_s = 0.2475 / s.symbol_rate_Bd;
  if (s.receiver_bandwidth_Hz == 0.0) s.receiver_bandwidth_Hz = 0.75 * s.symbol_rate_Bd;
  if (s.tdr_rise_time_s == 0.0) s.tdr_rise_time_s = fastest_rise_time_s(last_Hz);
  return s;
}

double trusted_bandwidth_Hz(const SParameters& four_port, const SParameters& differential) {
  const auto& f = differential.frequency_Hz;
  const std::size_t window = std::max<std::size_t>(f.size() / 100, 5);
  double trusted_Hz = 0.0;
  for (std::size_t begin = 0; begin < f.size(); begin += window) {
    const std::size_t end = std::min(begin + window, f.size());
    double difference = 0.0, through = 0.0, gain = 0.0;
    for (std::size_t k = begin; k < end; ++k) {
      difference += std::norm(differential.at(k, 0, 1) - differential.at(k, 1, 0));
      through += std::norm(differential.at(k, 1, 0));
      gain = std::max(gain, largest_singular_value(four_port, k));
    }
    if (difference > 0.01 * through || gain > 1.01) return trusted_Hz;
    trusted_Hz = f[end - 1];
  }
  return trusted_Hz;
}

ChannelReport channel_report(const SParameters& through, const std::vector<SParameters>& near,
                             const std::vector<SParameters>& far, const ChannelSettings& settings,
                             Context& context) {
  constexpr std::size_t least_points = 8;
  require(
      through.ports == 4 && through.reference_ohm == 50.0 && through.frequency_Hz.size() >= least_points,
      fmt::format("a channel needs 4 ports on 50 ohm and at least {} points, not {} ports on {} ohm with {} "
                  "points; select ports, renormalise, or export it with more points",
                  least_points, through.ports, through.reference_ohm, through.frequency_Hz.size()));
  for (const auto* list : {&near, &far})
    for (const SParameters& each : *list)
      require(each.ports == 2 && each.frequency_Hz == through.frequency_Hz,
              "an aggressor must be a differential 2-port at the points of the through file; interpolate it");
  require(
      through.frequency_Hz.back() > ild_low_Hz,
      fmt::format("the channel ends at {} Hz, below the {} Hz where the measures start; is the unit in the "
                  "option line of the file right?",
                  through.frequency_Hz.back(), ild_low_Hz));
  const Networks n{through, mixed_mode(through)};
  ChannelReport report;
  report.settings = completed(settings, through.frequency_Hz.back());
  report.points = through.frequency_Hz.size();
  report.first_Hz = through.frequency_Hz.front();
  report.last_Hz = through.frequency_Hz.back();
  report.step_Hz = widest_step_Hz(through.frequency_Hz);
  add_fit(n, report);
  add_chosen_frequencies(n, near, far, report);
  const auto next = multidisturber_loss_dB(near), fext = multidisturber_loss_dB(far);
  report.curve.reserve(report.points);
  for (std::size_t k = 0; k < report.points; ++k)
    report.curve.push_back(levels_at(k, n.modes, next, fext, report.fit));
  add_delay(n, report);
  const double half_rate = 0.5 * report.settings.symbol_rate_Bd;
  report.scd21 = largest_conversion(through.frequency_Hz, n.modes.cd, 2, half_rate);
  report.sdc21 = largest_conversion(through.frequency_Hz, n.modes.dc, 2, half_rate);
  report.scd11 = largest_conversion(through.frequency_Hz, n.modes.cd, 0, half_rate);
  report.scd22 = largest_conversion(through.frequency_Hz, n.modes.cd, 3, half_rate);
  report.skew_s = intra_pair_skew_s(through, report.first_Hz, half_rate);
  report.passivity = find_passivity(through);
  report.reciprocity_error = reciprocity_error(through);
  report.causality = find_causality(n.dd(), 1, 0, context);
  report.trusted_Hz = trusted_bandwidth_Hz(through, n.dd());
  add_crosstalk(near, far, report);
  add_impedance(n, report, context);
  add_pulse(n, report, context);
  add_warnings(report);
  return report;
}

}  // namespace photonlink
