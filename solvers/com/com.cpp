#include "solvers/com/com.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "solvers/com/mmse_search.hpp"

namespace photonlink::com {
namespace {

/// Sum of a pulse moved by whole symbols; zeros enter from the ends, or what left them in script modes.
std::vector<double> fir(const std::vector<double>& pulse, const std::vector<double>& taps, int main,
                        int samples, ShiftedPulses::Ends ends) {
  return ShiftedPulses(pulse, samples, static_cast<int>(taps.size()), main, ends).sum(taps.data());
}

constexpr double eye_window_dB = 1.0;  // of figure of merit: settings whose eye is looked at
constexpr std::size_t eye_settings = 64;

EyeOpening eye_at_one_instant(double available_V, double interference_V) {
  EyeOpening eye;
  eye.height_V = 2.0 * (available_V - interference_V);
  eye.closure_dB = eye.height_V > 0.0 ? 20.0 * std::log10(2.0 * available_V / eye.height_V) : std::nan("");
  return eye;
}

bool chosen_by_eye(const Parameters& p) {
  return p.eye_window.half_width_UI > 0.0 && p.eye_window.smallest_tested_height_V > 0.0;
}

class CaseEvaluation {
 public:
  CaseEvaluation(const Parameters& parameters, const CaseSignals& signals, const TransmitTaps& taps,
                 const Mode& mode, Context& context)
      : p_(parameters),
        signals_(signals),
        taps_(taps),
        mode_(mode),
        context_(context),
        ends_(mode.script ? ShiftedPulses::Ends::wrap : ShiftedPulses::Ends::extend) {}

  CaseResult run(const std::string& name) {
    if (chosen_by_eye(p_)) {
      choose_by_eye();
    } else {
      choose();
    }
    result_.name = name;
    report();
    return result_;
  }

 private:
  bool has_ffe() const { return p_.ffe.pre + p_.ffe.post > 0; }
  int samples() const { return p_.signal.samples_per_symbol; }

  void choose() {
    if (has_ffe()) {
      ChosenMmse found = search_mmse(signals_, taps_, mode_, context_);
      result_.receive_taps = found.ffe;
      phases_ = found.aggressor_phase;
      equalize(found.equalizer);
    } else {
      equalize(search_equalizer(signals_, taps_, mode_, context_));
    }
    if (p_.eye_window.half_width_UI > 0.0) eye_ = eye_opening(equalized_, p_, mode_);
  }

  /// The setting of least closure among the best by figure of merit; the whole grid would take hours.
  void choose_by_eye() {
    const auto list = shortlist(signals_, taps_, mode_, eye_window_dB, eye_settings, context_);
    std::vector<EyeOpening> eyes(list.size());
    parallel_for(list.size(), context_, [&](std::size_t i) {
      CaseEvaluation one(p_, signals_, taps_, mode_, context_);
      one.equalize(list[i]);
      eyes[i] = eye_opening(one.equalized_, p_, mode_);
    });
    // The largest A_s / N_i with N_i = A_s - EH / 2, open enough when any is.
    const double least_V = p_.eye_window.smallest_tested_height_V;
    const auto rank = [&](std::size_t i) {
      const double noise = list[i].merit.available_V - 0.5 * eyes[i].height_V;
      return std::pair(eyes[i].height_V > least_V, list[i].merit.available_V / noise);
    };
    std::size_t best = 0;
    for (std::size_t i = 1; i < list.size(); ++i)
      if (rank(i) > rank(best)) best = i;
    equalize(list[best]);
    eye_ = eyes[best];
  }

  std::vector<double> behind_all(std::size_t path) const {
    auto pulse = signals_.pulse(path, chosen_.ctle);
    if (signals_.paths()[path].kind != Path::Kind::next)
      pulse = fir(pulse, result_.transmit_taps, taps_.main, samples(), ends_);
    if (has_ffe()) pulse = fir(pulse, result_.receive_taps, p_.ffe.pre, samples(), ends_);
    return pulse;
  }

  void equalize(const ChosenEqualizer& chosen) {
    chosen_ = chosen;
    const double* setting = taps_.setting(chosen.taps);
    result_.transmit_taps.assign(setting, setting + taps_.count);
    result_.main_tap = taps_.main;
    equalized_.cursor = chosen.merit.cursor;
    equalized_.terms = chosen.merit.terms;
    equalized_.through = behind_all(0);
    if (has_ffe() && ends_ == ShiftedPulses::Ends::extend)
      equalized_.cursor += static_cast<long>(p_.ffe.pre) * samples();
    const double cursor = equalized_.through[static_cast<std::size_t>(equalized_.cursor)];
    equalized_.available_V = p_.transmitter.level_mismatch_ratio * cursor / (p_.signal.levels - 1);
    DfeSolver dfe(p_.dfe);
    std::vector<double> post(static_cast<std::size_t>(dfe.length()), 0.0);
    for (std::size_t n = 0; n < post.size(); ++n) {
      const auto at =
          static_cast<std::size_t>(equalized_.cursor) + (n + 1) * static_cast<std::size_t>(samples());
      if (at < equalized_.through.size()) post[n] = equalized_.through[at];
    }
    equalized_.dfe = dfe.solve(cursor, post);
    for (std::size_t i = 1; i < signals_.paths().size(); ++i)
      equalized_.aggressor.push_back(
          {signals_.paths()[i].kind, behind_all(i), phases_.empty() ? -1 : phases_[i - 1]});
    if (has_ffe()) {
      double residue = 0.0;
      for (const double h : residual_cursors(equalized_, samples())) residue += h * h;
      equalized_.terms.isi_V = std::sqrt(symbol_power(p_.signal.levels) * residue);
    }
  }

  void report() {
    CaseResult& r = result_;
    r.interference = combine(equalized_, p_, mode_);
    r.com_dB = r.interference.com_dB;
    r.merit_dB = chosen_.merit.dB;
    r.available_V = equalized_.available_V;
    r.interference_V = r.interference.amplitude_V;
    r.eye = eye_ ? *eye_ : eye_at_one_instant(r.available_V, r.interference_V);
    if (eye_) {
      r.interference_V = r.available_V - 0.5 * eye_->height_V;
      r.com_dB = 20.0 * std::log10(r.available_V / r.interference_V);
    }
    r.ctle = chosen_.ctle;
    r.dfe_taps = equalized_.dfe.tap;
    r.floating_taps = equalized_.dfe.floating;
    r.terms = equalized_.terms;
    r.evaluated = chosen_.evaluated;
    r.grid = chosen_.grid;
    const auto& plain = signals_.paths()[0].plain;
    r.unequalized_peak_V = *std::max_element(plain.begin(), plain.end());
    add_pulses(plain);
  }

  void add_pulses(const std::vector<double>& plain) {
    constexpr int before_symbols = 8, after_symbols = 24;
    const long lead = ends_ == ShiftedPulses::Ends::extend
                          ? static_cast<long>(taps_.main + (has_ffe() ? p_.ffe.pre : 0)) * samples()
                          : 0;
    result_.sampling_time_s =
        static_cast<double>(equalized_.cursor - lead) / (samples() * p_.signal.symbol_rate_Bd);
    const auto value = [](const std::vector<double>& wave, long n) {
      return n >= 0 && n < static_cast<long>(wave.size()) ? wave[static_cast<std::size_t>(n)] : 0.0;
    };
    for (long n = -before_symbols * samples(); n <= after_symbols * samples(); ++n) {
      result_.pulse_time_UI.push_back(static_cast<double>(n) / samples());
      result_.equalized_V.push_back(value(equalized_.through, equalized_.cursor + n));
      result_.unequalized_V.push_back(value(plain, equalized_.cursor - lead + n));
    }
  }

  const Parameters& p_;
  const CaseSignals& signals_;
  const TransmitTaps& taps_;
  const Mode& mode_;
  Context& context_;
  ShiftedPulses::Ends ends_;
  ChosenEqualizer chosen_;
  std::vector<int> phases_;
  EqualizedCase equalized_;
  std::optional<EyeOpening> eye_;
  CaseResult result_;
};

void add_warnings(const Parameters& p, Result& result) {
  for (const CaseResult& each : result.package_case) {
    const auto [low, high] = std::minmax_element(each.unequalized_V.begin(), each.unequalized_V.end());
    if (-*low > *high)
      result.warnings.push_back(fmt::format(
          "{}: the pulse is stronger downwards ({:.3g} mV) than upwards ({:.3g} mV): p and n of one end are "
          "likely crossed; check the port map",
          each.name, 1e3 * *low, 1e3 * *high));
  }
  if (chosen_by_eye(p))
    result.warnings.push_back(fmt::format(
        "the equaliser is the best by its eye among the {} best by figure of merit, at most {} dB apart; the "
        "grid may hold a better eye",
        eye_settings, eye_window_dB));
}

}  // namespace

Result channel_operating_margin(const Parameters& parameters, const std::vector<Path>& paths,
                                const Mode& mode, Context& context) {
  check(parameters);
  const ChannelSet channels = channel_set(parameters, paths, mode);
  const TransmitTaps taps = transmit_taps(parameters);
  Result result;
  result.mode = mode.name;
  result.return_loss = effective_return_loss(parameters, paths.front().differential, mode, context);
  result.com_dB = HUGE_VAL;
  for (const PackageCase& lengths : parameters.package_case) {
    const CaseSignals signals(parameters, lengths, channels, mode, context);
    result.package_case.push_back(CaseEvaluation(parameters, signals, taps, mode, context).run(lengths.name));
    result.com_dB = std::min(result.com_dB, result.package_case.back().com_dB);
  }
  add_warnings(parameters, result);
  return result;
}

}  // namespace photonlink::com
