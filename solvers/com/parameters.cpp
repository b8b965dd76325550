#include "solvers/com/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace photonlink {

using enum Quantity;

template <>
const ParameterTable<com::Signal>& parameter_table() {
  using P = com::Signal;
  static const ParameterTable<P> table{
      {"symbol_rate", "f_b", symbol_rate, &P::symbol_rate_Bd, 1e9, 1e12},
      {"levels", "L, levels per symbol", dimensionless, &P::levels, 2, 8},
      {"samples_per_symbol", "M", dimensionless, &P::samples_per_symbol, 4, 256},
      {"detector_error_ratio", "DER_0", dimensionless, &P::detector_error_ratio, 1e-15, 0.1},
      {"reference_resistance", "R_0, single ended", resistance, &P::reference_resistance_ohm, 1.0, 1e3},
  };
  return table;
}

template <>
const ParameterTable<com::Transmitter>& parameter_table() {
  using P = com::Transmitter;
  static const ParameterTable<P> table{
      {"amplitude", "A_v, peak differential voltage of the victim's transmitter", voltage, &P::amplitude_V,
       1e-3, 5.0},
      {"fext_amplitude", "A_fe, of a far-end aggressor", voltage, &P::fext_amplitude_V, 1e-3, 5.0},
      {"next_amplitude", "A_ne, of a near-end aggressor", voltage, &P::next_amplitude_V, 1e-3, 5.0},
      {"level_mismatch_ratio", "R_LM", dimensionless, &P::level_mismatch_ratio, 0.5, 1.0},
      {"snr", "SNR_TX, peak signal to rms noise of the transmitter", gain, &P::snr_dB, 10.0, 300.0},
      {"random_jitter", "sigma_RJ, rms", unit_interval, &P::random_jitter_UI, 0.0, 0.2},
      {"dual_dirac_jitter", "A_DD, half of the peak-to-peak bounded jitter", unit_interval,
       &P::dual_dirac_jitter_UI, 0.0, 0.5},
      {"rise_time", "T_r of the Gaussian edge H_t, 20-80 %; 0: no H_t (FORCE_TR = 0)", time, &P::rise_time_s,
       0.0, 1e-9},
      {"smallest_main_tap", "c(0), settings with a smaller main tap are left out", dimensionless,
       &P::smallest_main_tap, 0.0, 1.0},
  };
  return table;
}

template <>
const ParameterTable<com::TapRange>& parameter_table() {
  using P = com::TapRange;
  static const ParameterTable<P> table{
      {"position", "-1: one symbol before the main tap, c(-1)", dimensionless, &P::position, -15, 15},
      {"first", "first value", dimensionless, &P::first, -1.0, 1.0},
      {"step", "step between values", dimensionless, &P::step, 1e-4, 1.0},
      {"last", "last value", dimensionless, &P::last, -1.0, 1.0},
  };
  return table;
}

template <>
const ParameterTable<com::Ctle>& parameter_table() {
  using P = com::Ctle;
  static const ParameterTable<P> table{
      {"first_gain", "g_DC, first of the grid", gain, &P::first_gain_dB, -60.0, 20.0},
      {"last_gain", "g_DC, last of the grid", gain, &P::last_gain_dB, -60.0, 20.0},
      {"gain_step", "step of g_DC", gain, &P::gain_step_dB, 1e-3, 60.0},
      {"first_low_gain", "g_DC2 (g_DC_HP), first of the grid", gain, &P::first_low_gain_dB, -60.0, 20.0},
      {"last_low_gain", "g_DC2, last of the grid", gain, &P::last_low_gain_dB, -60.0, 20.0},
      {"low_gain_step", "step of g_DC2", gain, &P::low_gain_step_dB, 1e-3, 60.0},
      {"zero", "f_z", frequency, &P::zero_Hz, 1e6, 1e13},
      {"pole", "f_p1", frequency, &P::pole_Hz, 1e6, 1e13},
      {"second_pole", "f_p2", frequency, &P::second_pole_Hz, 1e6, 1e13},
      {"low_corner", "f_LF (f_HP_PZ) of the second stage; 0: no second stage", frequency, &P::low_corner_Hz,
       0.0, 1e12},
      {"largest_gain_sum", "GDC_MIN, settings with g_DC + g_DC2 above it are left out; 0: not used", gain,
       &P::largest_gain_sum_dB, -60.0, 0.0},
      {"low_gain_floor", "G2_Qual, lower ends of bands of g_DC2, falling; the first band is that value alone",
       gain, &P::low_gain_floor_dB, -60.0, 20.0},
      {"gain_top", "G_Qual, g_DC stays below this in each band", gain, &P::gain_top_dB, -60.0, 20.0},
      {"gain_bottom", "G_Qual, least g_DC of each band", gain, &P::gain_bottom_dB, -60.0, 20.0},
  };
  return table;
}

template <>
const ParameterTable<com::Receiver>& parameter_table() {
  using P = com::Receiver;
  static const ParameterTable<P> table{
      {"bandwidth_ratio", "f_r, -3 dB frequency of the receiver filter over the symbol rate", dimensionless,
       &P::bandwidth_ratio, 0.05, 10.0},
      {"filters",
       "filters of the receiver, all of them in series",
       dimensionless,
       &P::filters,
       0.0,
       0.0,
       {},
       {"butterworth", "bessel_thomson", "raised_cosine"}},
      {"cosine_begin", "RC_Start of the raised-cosine filter; 0: half the symbol rate", frequency,
       &P::cosine_begin_Hz, 0.0, 1e13},
      {"cosine_end", "RC_end; 0: f_r times the symbol rate", frequency, &P::cosine_end_Hz, 0.0, 1e13},
      {"noise", "eta_0, one-sided noise density at the receiver's input", voltage_noise_psd,
       &P::noise_V2_per_Hz, 0.0, 1e-12},
      {"crosstalk_band", "f_2, normalises the script's crosstalk estimate; 0: the symbol rate", frequency,
       &P::crosstalk_band_Hz, 0.0, 1e13},
      {"sampling",
       "anchor of the sampling instant (ts_anchor)",
       dimensionless,
       &P::sampling,
       0.0,
       0.0,
       {},
       {"mueller_muller", "peak"}},
      {"first_shift", "sample_adjustment, first shift from the anchor in samples", dimensionless,
       &P::first_shift, -256, 256},
      {"last_shift", "sample_adjustment, last shift", dimensionless, &P::last_shift, -256, 256},
  };
  return table;
}

template <>
const ParameterTable<com::Ffe>& parameter_table() {
  using P = com::Ffe;
  static const ParameterTable<P> table{
      {"pre", "taps before the main tap", dimensionless, &P::pre, 0, 64},
      {"post", "taps behind the main tap", dimensionless, &P::post, 0, 256},
      {"first_pre_limit", "largest |w| of the tap before the main tap, relative to it", dimensionless,
       &P::first_pre_limit, 0.0, 10.0},
      {"first_post_limit", "largest |w| of the tap behind the main tap", dimensionless, &P::first_post_limit,
       0.0, 10.0},
      {"limit", "largest |w| of all other taps", dimensionless, &P::limit, 0.0, 10.0},
      {"noise_symbols", "symbols of the noise spectra (num_ui_RXFF_noise)", dimensionless, &P::noise_symbols,
       64, 65536},
  };
  return table;
}

template <>
const ParameterTable<com::Dfe>& parameter_table() {
  using P = com::Dfe;
  static const ParameterTable<P> table{
      {"taps", "N_b, fixed taps", dimensionless, &P::taps, 0, 256},
      {"maximum",
       "b_max relative to the cursor, from the first tap on; the last value holds for all further taps",
       dimensionless, &P::maximum, 0.0, 10.0},
      {"minimum", "b_min, alike", dimensionless, &P::minimum, -10.0, 10.0},
      {"step", "N_b_step, taps are rounded towards 0 to multiples; 0: continuous", dimensionless, &P::step,
       0.0, 1.0},
      {"floating_groups", "N_bg", dimensionless, &P::floating_groups, 0, 16},
      {"taps_per_group", "N_bf", dimensionless, &P::taps_per_group, 1, 64},
      {"span", "N_f, last position that a floating tap can take", dimensionless, &P::span, 0, 1024},
      {"floating_maximum", "bmaxg, largest |b| of a floating tap", dimensionless, &P::floating_maximum, 0.0,
       10.0},
      {"tail_start", "N_tail_start, first tap of the limited tail; 0: none", dimensionless, &P::tail_start, 0,
       1024},
      {"tail_rss", "B_float_RSS_MAX, largest root sum of squares of the tail", dimensionless, &P::tail_rss,
       0.0, 10.0},
  };
  return table;
}

template <>
const ParameterTable<com::EyeWindow>& parameter_table() {
  using P = com::EyeWindow;
  static const ParameterTable<P> table{
      {"half_width", "T_O, the eye is taken over t_s ± this; 0: at t_s alone", unit_interval,
       &P::half_width_UI, 0.0, 0.4},
      {"sigma", "sigma_r, standard deviation of the Gaussian weight", unit_interval, &P::sigma_UI, 1e-4, 1.0},
      {"weight",
       "Histogram_Window_Weight",
       dimensionless,
       &P::weight,
       0.0,
       0.0,
       {},
       {"gaussian", "rectangle", "triangle", "dual_rayleigh"}},
      {"samples_per_symbol", "samples_for_C2M", dimensionless, &P::samples_per_symbol, 16, 1000},
      {"smallest_tested_height",
       "Min_VEO_Test, the equaliser is chosen by the eye among settings above it; 0: by the figure of merit",
       voltage, &P::smallest_tested_height_V, 0.0, 1.0},
  };
  return table;
}

template <>
const ParameterTable<com::ReturnLoss>& parameter_table() {
  using P = com::ReturnLoss;
  static const ParameterTable<P> table{
      {"rise_time", "TR_TDR of the Gaussian test edge", time, &P::rise_time_s, 1e-13, 1e-9},
      {"termination", "Z_t, single ended", resistance, &P::termination_ohm, 1.0, 1e3},
      {"length", "N, symbols of the reflection that count; 0: no effective return loss", dimensionless,
       &P::length_UI, 0, 100000},
      {"equalized_length", "N_bx, symbols in which the receiver's DFE works", dimensionless, &P::equalized_UI,
       0.0, 10000.0},
      {"reflected_share", "rho_x", dimensionless, &P::reflected_share, 0.0, 10.0},
      {"loss", "beta_x, incremental loss of the equalised part", loss_per_time, &P::loss_dB_per_s, 0.0, 1e13},
      {"fixture_delay", "T_fx at the transmitter's and receiver's end", time, &P::fixture_delay_s, 0.0, 1e-7},
      {"gating",
       "Grr: weight of reflections in the equalised part (0: 3bj, 1: 3cd, 2: 3ck)",
       dimensionless,
       &P::gating,
       0.0,
       0.0,
       {},
       {"3bj", "3cd", "3ck"}},
      {"window",
       "Tukey_Window: cosine from f_r f_b to f_b, or none",
       dimensionless,
       &P::window,
       0.0,
       0.0,
       {},
       {"tukey", "none"}},
      {"behind_transmitter_package", "TDR_W_TXPKG, 1: seen through the transmitter's package from port 2",
       dimensionless, &P::behind_transmitter_package, 0, 1},
  };
  return table;
}

template <>
const ParameterTable<com::LineLoss>& parameter_table() {
  using P = com::LineLoss;
  static const ParameterTable<P> table{
      {"gamma0", "gamma_0", propagation_constant, &P::gamma0_per_m, 0.0, 1e3},
      {"a1", "a_1", skin_attenuation, &P::a1_sqrt_s_per_m, 0.0, 1.0},
      {"a2", "a_2", delay_per_length, &P::a2_s_per_m, 0.0, 1e-6},
      {"tau", "tau, delay per length", delay_per_length, &P::tau_s_per_m, 0.0, 1e-6},
  };
  return table;
}

template <>
const ParameterTable<com::Package>& parameter_table() {
  using P = com::Package;
  static const ParameterTable<P> table{
      {"termination", "R_d, single ended", resistance, &P::termination_ohm, 1.0, 1e3},
      {"die_capacitance", "C_d of each section from the die outwards, single ended", capacitance,
       &P::die_capacitance_F, 0.0, 1e-11},
      {"die_inductance", "L_s behind each C_d, single ended", inductance, &P::die_inductance_H, 0.0, 1e-8},
      {"bump_capacitance", "C_b", capacitance, &P::bump_capacitance_F, 0.0, 1e-11},
      {"line_impedance", "Z_c of each line segment, differential", resistance, &P::line_impedance_ohm, 1.0,
       1e3},
      {"via_capacitance", "C_v behind the third of four segments", capacitance, &P::via_capacitance_F, 0.0,
       1e-11},
      {"ball_capacitance", "C_p", capacitance, &P::ball_capacitance_F, 0.0, 1e-11},
  };
  return table;
}

template <>
const ParameterTable<com::Board>& parameter_table() {
  using P = com::Board;
  static const ParameterTable<P> table{
      {"side",
       "ends that have a host board (Include PCB 0, 1, 2)",
       dimensionless,
       &P::side,
       0.0,
       0.0,
       {},
       {"none", "both", "receiver"}},
      {"impedance", "Z_c of the board", resistance, &P::impedance_ohm, 1.0, 1e3},
      {"transmit_length", "z_bp (TX)", length, &P::transmit_length_m, 0.0, 2.0},
      {"next_length", "z_bp (NEXT)", length, &P::next_length_m, 0.0, 2.0},
      {"fext_length", "z_bp (FEXT)", length, &P::fext_length_m, 0.0, 2.0},
      {"receive_length", "z_bp (RX)", length, &P::receive_length_m, 0.0, 2.0},
      {"package_capacitance", "C_0 at the package, transmitter's and receiver's end", capacitance,
       &P::package_capacitance_F, 0.0, 1e-11},
      {"channel_capacitance", "C_1 at the channel, both ends", capacitance, &P::channel_capacitance_F, 0.0,
       1e-11},
  };
  return table;
}

template <>
const ParameterTable<com::PackageCase>& parameter_table() {
  using P = com::PackageCase;
  static const ParameterTable<P> table{
      {"name", "what the case is called in results", dimensionless, &P::name},
      {"transmit_length", "z_p (TX) of each line segment", length, &P::transmit_length_m, 0.0, 0.5},
      {"next_length", "z_p (NEXT)", length, &P::next_length_m, 0.0, 0.5},
      {"fext_length", "z_p (FEXT)", length, &P::fext_length_m, 0.0, 0.5},
      {"receive_length", "z_p (RX)", length, &P::receive_length_m, 0.0, 0.5},
  };
  return table;
}

template <>
const ParameterTable<com::Search>& parameter_table() {
  using P = com::Search;
  static const ParameterTable<P> table{
      {"local_steps", "Local Search of the script modes; 0: full grid", dimensionless, &P::local_steps, 0,
       100},
  };
  return table;
}

template <>
const ParameterTable<com::Limits>& parameter_table() {
  using P = com::Limits;
  static const ParameterTable<P> table{
      {"com", "COM Pass threshold", gain, &P::com_dB, -20.0, 40.0},
      {"effective_return_loss", "ERL Pass threshold; 0: none", loss, &P::effective_return_loss_dB, 0.0, 60.0},
      {"vertical_eye_closure", "VEC Pass threshold, largest allowed; 0: none", loss,
       &P::vertical_eye_closure_dB, 0.0, 60.0},
      {"eye_height", "EH_min; 0: none", voltage, &P::eye_height_V, 0.0, 1.0},
  };
  return table;
}

namespace com {
namespace {

[[noreturn]] void wrong(const std::string& text) {
  throw ConfigError(text);
}

void check_taps(const Parameters& p) {
  std::set<int> seen;
  for (const TapRange& tap : p.tap) {
    if (tap.position == 0)
      wrong("transmit tap: position = 0 is the main tap, which is 1 - Σ|c|; leave it out");
    if (!seen.insert(tap.position).second)
      wrong(fmt::format("transmit tap: position = {} stands twice; give each position one range",
                        tap.position));
    if (tap.last < tap.first)
      wrong(fmt::format("transmit tap {}: last = {} is below first = {}; exchange them", tap.position,
                        tap.last, tap.first));
  }
}

void check_dfe(const Dfe& dfe) {
  if (dfe.taps > 0 && (dfe.maximum.empty() || dfe.minimum.empty()))
    wrong(fmt::format("dfe: {} taps need the lists maximum and minimum", dfe.taps));
  for (std::size_t n = 0; n < std::max(dfe.maximum.size(), dfe.minimum.size()) && dfe.taps > 0; ++n) {
    const double low = limit_at(dfe.minimum, n);
    const double high = limit_at(dfe.maximum, n);
    if (low > high)
      wrong(fmt::format("dfe: tap {} has minimum = {} above maximum = {}; exchange them", n + 1, low, high));
  }
  if (dfe.floating_groups > 0 && dfe.span < dfe.taps + dfe.floating_groups * dfe.taps_per_group)
    wrong(fmt::format("dfe: {} groups of {} floating taps behind {} fixed ones need span >= {}, not {}",
                      dfe.floating_groups, dfe.taps_per_group, dfe.taps,
                      dfe.taps + dfe.floating_groups * dfe.taps_per_group, dfe.span));
  if (dfe.tail_start > 0 && dfe.tail_rss <= 0.0)
    wrong(fmt::format("dfe: tail_start = {} without tail_rss leaves no tap behind it; give the limit",
                      dfe.tail_start));
}

void check_ctle(const Ctle& ctle) {
  if (ctle.zero_Hz <= 0.0 || ctle.pole_Hz <= 0.0 || ctle.second_pole_Hz <= 0.0)
    wrong("ctle: zero, pole and second_pole must be given");
  if (ctle.last_gain_dB < ctle.first_gain_dB || ctle.last_low_gain_dB < ctle.first_low_gain_dB)
    wrong("ctle: a grid ends below its start; exchange first and last");
  const std::size_t bands = ctle.low_gain_floor_dB.size();
  if (ctle.gain_top_dB.size() != bands || ctle.gain_bottom_dB.size() != bands)
    wrong(fmt::format("ctle: {} values of low_gain_floor need as many of gain_top ({}) and gain_bottom ({})",
                      bands, ctle.gain_top_dB.size(), ctle.gain_bottom_dB.size()));
  if (!std::is_sorted(ctle.low_gain_floor_dB.rbegin(), ctle.low_gain_floor_dB.rend()))
    wrong("ctle: low_gain_floor must fall from value to value");
}

void check_package(const Package& package, const std::string& where) {
  if (!package.die_inductance_H.empty() &&
      package.die_inductance_H.size() != package.die_capacitance_F.size())
    wrong(fmt::format("{}: {} values of die_inductance for {} of die_capacitance; give as many or none",
                      where, package.die_inductance_H.size(), package.die_capacitance_F.size()));
}

void check_case(const Parameters& p, const PackageCase& lengths) {
  const auto check_lengths = [&](const std::vector<double>& list, const Package& package, const char* key) {
    if (list.size() != package.line_impedance_ohm.size())
      wrong(fmt::format("case '{}': {} has {} lengths, but the package has {} line segments", lengths.name,
                        key, list.size(), package.line_impedance_ohm.size()));
  };
  check_lengths(lengths.transmit_length_m, p.transmitter_package, "transmit_length");
  check_lengths(lengths.next_length_m, p.transmitter_package, "next_length");
  check_lengths(lengths.fext_length_m, p.transmitter_package, "fext_length");
  check_lengths(lengths.receive_length_m, p.receiver_package, "receive_length");
}

}  // namespace

std::vector<double> stepped(double first, double last, double step) {
  std::vector<double> values;
  const auto count = static_cast<long>(std::floor((last - first) / step + 1e-9)) + 1;
  values.reserve(static_cast<std::size_t>(std::max(0L, count)));
  // Without the last digits of sums, so that 0 and 0.02 are what they say.
  for (long i = 0; i < count; ++i)
    values.push_back(std::round((first + static_cast<double>(i) * step) * 1e12) / 1e12);
  return values;
}

double limit_at(const std::vector<double>& limits, std::size_t tap) {
  return limits[std::min(tap, limits.size() - 1)];
}

void check(const Parameters& p) {
  if (p.signal.symbol_rate_Bd <= 0.0) wrong("signal: symbol_rate is missing");
  check_taps(p);
  check_ctle(p.ctle);
  check_dfe(p.dfe);
  if (p.dfe.floating_groups > 0 && p.ffe.pre + p.ffe.post > 0)
    wrong(
        "dfe: floating taps beside a receive FFE are not modelled; set floating_groups = 0 or ffe to no "
        "taps");
  if (p.ffe.noise_symbols < p.ffe.pre + 1 + p.ffe.post)
    wrong(fmt::format("ffe: noise_symbols = {} for {} taps; their lags would fold, give as many or more",
                      p.ffe.noise_symbols, p.ffe.pre + 1 + p.ffe.post));
  if (p.receiver.last_shift < p.receiver.first_shift) wrong("receiver: last_shift is below first_shift");
  if (p.return_loss.fixture_delay_s.empty()) wrong("return_loss: fixture_delay needs a value per end");
  if (p.eye_window.half_width_UI > 0.0 && p.ffe.pre + p.ffe.post > 0)
    wrong("eye_window: the eye of a receiver with FFE is not modelled; set half_width = \"0 UI\"");
  check_package(p.transmitter_package, "transmitter_package");
  check_package(p.receiver_package, "receiver_package");
  if (p.package_case.empty()) wrong("at least one [[case]] of package lengths is needed");
  for (const PackageCase& lengths : p.package_case) check_case(p, lengths);
}

}  // namespace com
}  // namespace photonlink
