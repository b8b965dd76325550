/// Parameters of channel operating margin, as the annexes 93A and 178A of IEEE Std 802.3 and the spreadsheets
/// of its task forces name them. The sheet's symbol stands behind each member.
///
/// Voltages are peak differential (half of peak to peak), capacitances and inductances single ended, line
/// impedances differential, gains and ratios in dB where the name says so.
#pragma once

#include <string>
#include <vector>

#include "core/parameter_table.hpp"

namespace photonlink::com {

struct Signal {
  double symbol_rate_Bd = 0.0;           // f_b
  int levels = 2;                        // L
  int samples_per_symbol = 32;           // M
  double detector_error_ratio = 1e-4;    // DER_0
  double reference_resistance_ohm = 50;  // R_0
};

struct Transmitter {
  double amplitude_V = 0.4, fext_amplitude_V = 0.4, next_amplitude_V = 0.6;  // A_v, A_fe, A_ne
  double level_mismatch_ratio = 1.0;                                         // R_LM
  double snr_dB = 27.0;                                                      // SNR_TX
  double random_jitter_UI = 0.01;                                            // sigma_RJ, rms
  double dual_dirac_jitter_UI = 0.05;                                        // A_DD, half of peak to peak
  double rise_time_s = 0.0;                                                  // T_r; 0: no H_t (FORCE_TR 0)
  double smallest_main_tap = 0.0;                                            // c(0)
};

/// Values of one transmit tap: first, first + step ... last.
struct TapRange {
  int position = 0;  // -1: c(-1)
  double first = 0.0, step = 0.02, last = 0.0;
};

/// Continuous-time filter,
///   H = (10^(g_DC/20) + jf/f_z) / ((1 + jf/f_p1)(1 + jf/f_p2)) (10^(g_DC2/20) + jf/f_LF) / (1 + jf/f_LF)
/// (93A-22); without `low_corner` the second stage is absent.
struct Ctle {
  double first_gain_dB = 0.0, last_gain_dB = 0.0, gain_step_dB = 1.0;              // g_DC
  double first_low_gain_dB = 0.0, last_low_gain_dB = 0.0, low_gain_step_dB = 1.0;  // g_DC2, g_DC_HP
  double zero_Hz = 0.0, pole_Hz = 0.0, second_pole_Hz = 0.0;                       // f_z, f_p1, f_p2
  double low_corner_Hz = 0.0;                                                      // f_LF, f_HP_PZ; 0: none
  double largest_gain_sum_dB = 0.0;                                                // GDC_MIN; 0: not used
  std::vector<double> low_gain_floor_dB;            // G2_Qual: lower ends of bands of g_DC2
  std::vector<double> gain_top_dB, gain_bottom_dB;  // G_Qual: g_DC allowed in each band, [bottom, top)
};

struct Receiver {
  double bandwidth_ratio = 0.75;  // f_r, -3 dB of the Butterworth filter over f_b
  std::vector<std::string> filters = {"butterworth"};
  double cosine_begin_Hz = 0.0, cosine_end_Hz = 0.0;  // RC_Start, RC_end
  double noise_V2_per_Hz = 0.0;                       // eta_0, one-sided
  double crosstalk_band_Hz = 0.0;                     // f_2 of the script's crosstalk estimate; 0: f_b
  std::string sampling = "mueller_muller";            // ts_anchor 0 or 1
  int first_shift = 0, last_shift = 0;                // sample_adjustment, samples
};

struct Dfe {
  int taps = 0;                          // N_b
  std::vector<double> maximum, minimum;  // b_max, b_min, relative to the cursor; last holds on
  double step = 0.0;                     // N_b_step; 0: continuous
  int floating_groups = 0, taps_per_group = 3, span = 0;  // N_bg, N_bf, N_f
  double floating_maximum = 0.2;                          // bmaxg
  int tail_start = 0;                                     // N_tail_start; 0: no tail limit
  double tail_rss = 0.0;                                  // B_float_RSS_MAX
};

/// Receive FFE of Annex 178A, relative to its main tap; without taps the classic figure of merit holds.
struct Ffe {
  int pre = 0, post = 0;                                              // ffe_pre_tap_len, ffe_post_tap_len
  double first_pre_limit = 0.7, first_post_limit = 0.7, limit = 0.7;  // ffe_*_max
  int noise_symbols = 2048;                                           // num_ui_RXFF_noise
};

/// Sampling window of a chip-to-module eye (VEC and EH of Annex 120G).
struct EyeWindow {
  double half_width_UI = 0.0;             // T_O; 0: no window, COM at one instant
  double sigma_UI = 0.02;                 // sigma_r
  std::string weight = "gaussian";        // Histogram_Window_Weight
  int samples_per_symbol = 100;           // samples_for_C2M
  double smallest_tested_height_V = 0.0;  // Min_VEO_Test; 0: equaliser chosen by the figure of merit
};

/// Effective return loss (Annex 93A.5).
struct ReturnLoss {
  double rise_time_s = 0.01e-9;                      // TR_TDR
  double termination_ohm = 50.0;                     // Z_t
  int length_UI = 0;                                 // N; 0: not computed
  double equalized_UI = 0.0;                         // N_bx
  double reflected_share = 0.618;                    // rho_x
  double loss_dB_per_s = 0.0;                        // beta_x, dB per second
  std::vector<double> fixture_delay_s = {0.0, 0.0};  // T_fx, both ends
  std::string gating = "3cd";                        // Grr 0, 1, 2
  std::string window = "none";                       // Tukey_Window
  int behind_transmitter_package = 0;                // TDR_W_TXPKG
};

/// Loss of package traces, per metre and in seconds (93A-9 to 93A-11); f in Hz, ln of f / 1 GHz:
///   γ = gamma0 + a1 (1 + j) sqrt(f) + a2 (1 - j (2/π) ln(f / 1 GHz)) f + j 2π τ f.
struct LineLoss {
  double gamma0_per_m = 0.0;     // gamma_0
  double a1_sqrt_s_per_m = 0.0;  // a_1
  double a2_s_per_m = 0.0;       // a_2
  double tau_s_per_m = 0.0;      // τ
};

/// Die and package of one end, from the die outwards.
struct Package {
  double termination_ohm = 50.0;           // R_d, single ended
  std::vector<double> die_capacitance_F;   // C_d, one or several sections
  std::vector<double> die_inductance_H;    // L_s, as many
  double bump_capacitance_F = 0.0;         // C_b
  std::vector<double> line_impedance_ohm;  // Z_c, one per line segment, differential
  double via_capacitance_F = 0.0;          // C_v, behind the third of four segments
  double ball_capacitance_F = 0.0;         // C_p
};

/// Host board between package and channel: shunt C_0 at the package, line, shunt C_1 at the channel.
struct Board {
  std::string side = "none";     // Include PCB
  double impedance_ohm = 100.0;  // Z_c of the board
  double transmit_length_m = 0.0, next_length_m = 0.0, fext_length_m = 0.0, receive_length_m = 0.0;  // z_bp
  std::vector<double> package_capacitance_F = {0.0, 0.0};  // C_0, [tx, rx]
  std::vector<double> channel_capacitance_F = {0.0, 0.0};  // C_1, [tx, rx]
};

/// Lengths of the line segments of one package test case; as many values as `Package::line_impedance`.
struct PackageCase {
  std::string name = "";
  std::vector<double> transmit_length_m, next_length_m, fext_length_m, receive_length_m;  // z_p
};

/// What the script does beyond the annex.
struct Search {
  int local_steps = 0;  // Local Search; 0: full grid
};

struct Limits {
  double com_dB = 3.0;                    // COM Pass threshold
  double effective_return_loss_dB = 0.0;  // ERL Pass threshold; 0: none
  double vertical_eye_closure_dB = 0.0;   // VEC Pass threshold; 0: none
  double eye_height_V = 0.0;              // EH_min; 0: none
};

struct Parameters {
  std::string title = "", source = "";
  Signal signal;
  Transmitter transmitter;
  std::vector<TapRange> tap;
  Ctle ctle;
  Receiver receiver;
  Ffe ffe;
  Dfe dfe;
  EyeWindow eye_window;
  ReturnLoss return_loss;
  LineLoss package_loss, board_loss;
  Package transmitter_package, receiver_package;
  Board board;
  std::vector<PackageCase> package_case;
  Search search;
  Limits limits;
};

/// first, first + step ... up to last.
std::vector<double> stepped(double first, double last, double step);
/// Limit of DFE tap `tap`, from 0; the last one given holds for all further taps.
double limit_at(const std::vector<double>& limits, std::size_t tap);

/// What one row cannot say: list sizes, taps that repeat a position, a DFE without limits.
/// @throws ConfigError naming the section, the value and the fix.
void check(const Parameters& parameters);

}  // namespace photonlink::com

namespace photonlink {
template <>
const ParameterTable<com::Signal>& parameter_table();
template <>
const ParameterTable<com::Transmitter>& parameter_table();
template <>
const ParameterTable<com::TapRange>& parameter_table();
template <>
const ParameterTable<com::Ctle>& parameter_table();
template <>
const ParameterTable<com::Receiver>& parameter_table();
template <>
const ParameterTable<com::Ffe>& parameter_table();
template <>
const ParameterTable<com::Dfe>& parameter_table();
template <>
const ParameterTable<com::EyeWindow>& parameter_table();
template <>
const ParameterTable<com::ReturnLoss>& parameter_table();
template <>
const ParameterTable<com::LineLoss>& parameter_table();
template <>
const ParameterTable<com::Package>& parameter_table();
template <>
const ParameterTable<com::Board>& parameter_table();
template <>
const ParameterTable<com::PackageCase>& parameter_table();
template <>
const ParameterTable<com::Search>& parameter_table();
template <>
const ParameterTable<com::Limits>& parameter_table();
}  // namespace photonlink
