/// A made-up link with every field filled, for writers and pictures only: closed forms, no physics is
/// claimed.
#pragma once

#include <algorithm>
#include <cmath>

#include "solvers/result.hpp"

namespace photonlink::test {

/// PAM4 eye of four Gaussian levels that swing as raised cosines between symbols.
inline EyeDiagram sample_eye(int time_bins, int level_bins, double full_scale) {
  EyeDiagram eye;
  eye.time_bins = time_bins, eye.level_bins = level_bins;
  eye.time_begin_UI = -1, eye.time_end_UI = 1;
  eye.level_begin = -1.5 * full_scale, eye.level_end = 1.5 * full_scale;
  eye.thresholds = {-2 * full_scale / 3, 0, 2 * full_scale / 3};
  eye.density.resize(std::size_t(time_bins) * level_bins);
  for (int t = 0; t < time_bins; ++t) {
    const double time = -1 + 2 * (t + 0.5) / time_bins, blend = std::pow(std::cos(M_PI * time / 2), 2);
    double sum = 0;
    double* column = &eye.density[std::size_t(t) * level_bins];
    for (int a = 0; a < 4; ++a) {
      for (int b = 0; b < 4; ++b) {
        const double centre = (2.0 * a / 3 - 1) * blend + (2.0 * b / 3 - 1) * (1 - blend);
        for (int l = 0; l < level_bins; ++l) {
          const double z = (-1.5 + 3 * (l + 0.5) / level_bins - centre) / 0.045;
          column[l] += std::exp(-z * z / 2), sum += std::exp(-z * z / 2);
        }
      }
    }
    for (int l = 0; l < level_bins; ++l) column[l] /= sum;
  }
  for (const double ber : {1e-3, 1e-6, 1e-12}) {
    for (int opening = 0; opening < 3; ++opening) {
      EyeDiagram::Contour contour{.ber = ber, .opening = opening, .lower = {}, .upper = {}};
      for (int t = 0; t < time_bins; ++t) {
        const double time = -1 + 2 * (t + 0.5) / time_bins;
        const double half =
            (0.28 + 0.02 * std::log10(ber)) * (1 - std::pow(time / (0.36 + 0.012 * std::log10(ber)), 2));
        contour.lower.push_back(half > 0 ? full_scale * ((opening - 1) * 2.0 / 3 - half) : not_computed);
        contour.upper.push_back(half > 0 ? full_scale * ((opening - 1) * 2.0 / 3 + half) : not_computed);
      }
      eye.contours.push_back(contour);
    }
  }
  return eye;
}

inline LinkResult sample_result() {
  LinkResult link;
  link.name = "ring_cpo";
  link.title = "Microring co-packaged optics, 2 km, 53.125 GBd PAM4";
  link.solver = "statistical";
  link.modulation = "PAM4";
  link.pattern = "PRBS13Q";
  link.symbol_rate_Bd = 53.125e9;
  link.lanes = 8;
  link.optical = link.closes = true;
  link.ber_before_fec = 1.23e-7;
  link.ber_after_fec = 1e-41;
  link.ber_floor = 1e-40;
  link.target_ber = 1e-15;
  link.required_ber_before_fec = 2.2e-4;
  link.fec = "RS(544,514)";
  link.loss_margin_dB = 2.34;
  link.noise_margin_dB = 4.1;
  link.latency_s = 12.3e-9;
  link.ledger.energy = {{"laser", "wall-plug", Owner::module, 0.8, "P / efficiency"},
                        {"driver", "bias", Owner::module, 0.4, ""},
                        {"modulator", "tuning", Owner::module, 0.1, ""},
                        {"TIA", "bias", Owner::module, 0.5, ""},
                        {"SerDes", "DSP", Owner::host, 2.6, ""}};
  link.ledger.latency = {{"fiber", 9.8e-9}, {"SerDes", 2.5e-9}};
  link.energy = {2.1e-12, 4.6e-12, 5.2e-12};
  link.lane = {{.lane = 0, .ber = 1e-8, .oma_W = 3e-4}, {.lane = 1, .ber = 1.23e-7, .oma_W = 2.5e-4}};
  link.worst_lane = 1;
  link.ffe_taps = {-0.1, 1, -0.15};
  link.dfe_taps = {0.05};
  link.noise = {{"laser RIN", 1.1e-3, 0.2}, {"TIA thermal", 2.2e-3, 0.8}};
  link.eye = sample_eye(400, 300, 0.12);
  for (int i = -60; i <= 60; ++i) {
    const double x = i / 120.0, shape = -22 * std::max(0.0, 1 - std::pow(std::abs(2.2 * x), 1.5));
    link.bathtub.time_UI.push_back(x);
    link.bathtub.log10_ber_time.push_back(shape < -14 ? not_computed : std::min(-0.3, shape));
    link.bathtub.threshold_offset.push_back(0.08 * x);
    link.bathtub.log10_ber_level.push_back(std::min(-0.3, 0.6 * shape));
  }
  link.bathtub.width_UI = 0.82;
  link.bathtub.height = 0.0607;
  link.bathtub.target_ber = 2.2e-4;
  for (int i = -96; i <= 320; ++i) {
    const double t = i / 32.0;
    link.pulse.time_UI.push_back(t);
    link.pulse.unequalized.push_back(0.09 * std::exp(-std::pow((t - 0.2) / (t < 0.2 ? 0.7 : 1.4), 2)));
    link.pulse.equalized.push_back(0.1 * std::exp(-std::pow(t / 0.55, 2)) -
                                   0.006 * std::exp(-std::pow((t - 2) / 0.8, 2)));
  }
  for (int i = -3; i <= 10; ++i) {
    link.pulse.cursor_UI.push_back(i);
    link.pulse.cursor.push_back(i == 0 ? 0.1 : 0.003 * std::cos(2.0 * i) / (1 + std::abs(i)));
  }
  using Kind = BudgetStep::Kind;
  link.budget = {{"laser output per carrier", 10, 0, Kind::start},
                 {"laser to modulator coupling", 8.5, -1.5, Kind::change},
                 {"microring modulator insertion loss and modulation penalty at the operating point", 2.2,
                  -6.3, Kind::change},
                 {"OMA leaving the transmitter", 2.2, 0, Kind::level},
                 {"fiber, 2 km, with connectors", 0.4, -1.8, Kind::change},
                 {"demultiplexer", -1.1, -1.5, Kind::change},
                 {"OMA at the photodiode", -1.1, 0, Kind::level},
                 {"required for the target BER", -3.44, 0, Kind::required},
                 {"margin", -1.1, 2.34, Kind::margin}};
  link.penalties = {
      {"modulator", "finite extinction", 1.2}, {"TIA", "input_noise", 0.9}, {"TIA", "bandwidth", -0.3}};
  link.warnings = {{"modulator", "drive of 2.4 V leaves the fitted range (0, 2] V"}};
  link.locking = {.stage = "modulator",
                  .method = "set_point",
                  .monitor = "absorbed",
                  .holds = true,
                  .worst_ber = 3e-7,
                  .worst_offset_Hz = -0.9e9,
                  .offset_rms_Hz = 0.3e9,
                  .mean_heater_power_W = 0.1,
                  .largest_heater_power_W = 0.16,
                  .at_limit = 0.0};
  for (int i = 1; i <= 50; ++i) {
    link.locking.time_s.push_back(0.4 * i);
    link.locking.temperature_K.push_back(0.4 * i);
    link.locking.offset_Hz.push_back(0.9e9 * std::cos(0.9 * i));
    link.locking.ber.push_back(1e-7 * (2.0 + std::cos(0.9 * i)));
    link.locking.heater_power_W.push_back(0.16 - 0.0024 * i);
  }
  link.locking.table_offset_Hz = {-60e9, -20e9, 0.0, 20e9, 60e9};
  link.locking.table_ber = {0.3, 1e-3, 1e-7, 1e-4, 0.2};
  link.assumed = {{"driver", "swing", "2 V", "1 V", "2 V", "typical of the process"}};
  return link;
}

inline LinkResult sample_copper() {
  LinkResult link = sample_result();
  link.name = "copper";
  link.title = "Copper cable, 2 m";
  link.optical = link.closes = false;
  link.loss_margin_dB = not_computed;
  link.noise_margin_dB = -0.7;
  link.ber_after_fec = not_computed;
  link.latency_s = 1.5e-6;
  link.ledger.energy = {{"SerDes", "DSP", Owner::host, 4.0, ""}};
  link.energy = {0.0, 6.4e-12, 6.4e-12};
  link.warnings.clear();
  return link;
}

}  // namespace photonlink::test
