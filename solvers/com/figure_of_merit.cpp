#include "solvers/com/figure_of_merit.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace photonlink::com {
namespace {

constexpr int peak_window_symbols = 20;
constexpr int near_symbols = 12;  // looked at first, on both sides of cursor and DFE
constexpr int rise_room_symbols = 5, fall_room_symbols = 4;  // what the sampling rule reads around the peak

double squared(double x) {
  return x * x;
}

long strongest(const std::vector<double>& wave) {
  return std::max_element(wave.begin(), wave.end()) - wave.begin();
}

}  // namespace

double NoiseTerms::total_V() const {
  return std::sqrt(squared(isi_V) + squared(jitter_V) + squared(crosstalk_V) + squared(noise_V) +
                   squared(transmitter_V));
}

double symbol_power(int levels) {
  return (levels * levels - 1.0) / (3.0 * (levels - 1.0) * (levels - 1.0));
}

MeritEvaluator::MeritEvaluator(const CaseSignals& signals, const TransmitTaps& taps, const Mode& mode)
    : signals_(signals),
      taps_(taps),
      mode_(mode),
      dfe_(signals.parameters().dfe),
      transmitter_share_(std::pow(10.0, -signals.parameters().transmitter.snr_dB / 20.0)) {}

void MeritEvaluator::set_ctle(const CtleSetting& setting) {
  const Parameters& p = signals_.parameters();
  const int samples = p.signal.samples_per_symbol;
  const auto ends = mode_.script ? ShiftedPulses::Ends::wrap : ShiftedPulses::Ends::extend;
  pulses_ = ShiftedPulses(signals_.pulse(0, setting), samples, taps_.count, taps_.main, ends);
  noise_V_ = signals_.noise_V(setting);
  const long size = pulses_.size(), symbol = samples;
  const long peak = strongest(signals_.paths()[0].plain) + pulses_.lead();
  const auto clipped = [&](long n) { return std::clamp(n, 0L, size); };
  peak_begin_ = clipped(peak - peak_window_symbols * symbol);
  peak_end_ = clipped(peak + peak_window_symbols * symbol + 1);
  inner_begin_ = clipped(peak - (taps_.main + 2) * symbol);
  inner_end_ = clipped(peak + (taps_.count - taps_.main + 2) * symbol);
  outside_bound_ = 0.0;
  for (int k = 0; k < taps_.count; ++k)
    for (long n = peak_begin_; n < peak_end_; ++n)
      if (n < inner_begin_ || n >= inner_end_)
        outside_bound_ = std::max(outside_bound_, std::abs(pulses_.wave(k)[n]));
  piece_.resize(static_cast<std::size_t>(std::max(peak_end_ - peak_begin_, inner_end_ - inner_begin_) +
                                         (rise_room_symbols + fall_room_symbols) * symbol));
  const auto row = static_cast<std::size_t>(pulses_.symbols(0) + 1);
  now_.assign(row + static_cast<std::size_t>(dfe_.length()) + 1, 0.0);
  early_.assign(row, 0.0);
  late_.assign(row, 0.0);
  aggressors_.clear();
  unequalized_power_ = 0.0;
  fext_weight_.clear();
  if (mode_.script) {
    add_script_aggressors(setting);
  } else {
    add_exact_aggressors(setting);
  }
}

void MeritEvaluator::add_script_aggressors(const CtleSetting& setting) {
  const Parameters& p = signals_.parameters();
  const auto f = signals_.frequency_Hz();
  const double rate = p.signal.symbol_rate_Bd, power = symbol_power(p.signal.levels);
  const double band = p.receiver.crosstalk_band_Hz > 0.0 ? p.receiver.crosstalk_band_Hz : rate;
  const double step = f[10] - f[9];
  auto end = static_cast<std::size_t>(std::upper_bound(f.begin(), f.end(), rate) - f.begin());
  end = std::min(end + 1, f.size());  // the first point beyond f_b counts
  fext_weight_.assign(end, 0.0);
  fext_angle_.resize(end);
  bool any = false;
  const auto filter_power = signals_.ctle_power(setting);
  for (const PathSignals& path : signals_.paths()) {
    if (path.kind == Path::Kind::through) continue;
    const bool fext = path.kind == Path::Kind::fext;
    any = any || fext;
    for (std::size_t k = 0; k < end; ++k) {
      const double x = std::numbers::pi * f[k] / rate, sinc = x == 0.0 ? 1.0 : std::sin(x) / x;
      const double weight =
          power * 2.0 * step / band * squared(path.amplitude_V * sinc) * path.power[k] * filter_power[k];
      fext_angle_[k] = 2.0 * x;
      if (fext) {
        fext_weight_[k] += weight;
      } else {
        unequalized_power_ += weight;
      }
    }
  }
  if (!any) fext_weight_.clear();
}

void MeritEvaluator::add_exact_aggressors(const CtleSetting& setting) {
  const Parameters& p = signals_.parameters();
  const int samples = p.signal.samples_per_symbol, count = taps_.count;
  for (std::size_t i = 1; i < signals_.paths().size(); ++i) {
    const bool equalized = signals_.paths()[i].kind == Path::Kind::fext;
    const int used = equalized ? count : 1;
    const ShiftedPulses shifted(signals_.pulse(i, setting), samples, used, equalized ? taps_.main : 0,
                                ShiftedPulses::Ends::extend);
    if (!equalized) {
      double strongest_phase = 0.0;
      for (int phase = 0; phase < samples; ++phase)
        strongest_phase = std::max(strongest_phase, energy(shifted.row(0, phase), shifted.symbols(phase)));
      unequalized_power_ += symbol_power(p.signal.levels) * strongest_phase;
      continue;
    }
    Aggressor aggressor;
    aggressor.gram.resize(static_cast<std::size_t>(long{samples} * count * count));
    for (int phase = 0; phase < samples; ++phase)
      for (int a = 0; a < count; ++a)
        for (int b = 0; b < count; ++b) {
          const double *x = shifted.row(a, phase), *y = shifted.row(b, phase);
          double sum = 0.0;
          for (long n = 0; n < shifted.symbols(phase); ++n) sum += x[n] * y[n];
          aggressor.gram[static_cast<std::size_t>((long{phase} * count + a) * count + b)] = sum;
        }
    aggressors_.push_back(std::move(aggressor));
  }
}

double MeritEvaluator::crosstalk_power(const double* taps) const {
  double power = unequalized_power_;
  for (std::size_t k = 0; k < fext_weight_.size(); ++k) {
    Complex sum = 0.0;
    const Complex turn(std::cos(fext_angle_[k]), -std::sin(fext_angle_[k]));
    for (int t = taps_.count; t-- > 0;) sum = sum * turn + taps[t];
    power += fext_weight_[k] * std::abs(sum);
  }
  const int count = taps_.count, samples = signals_.parameters().signal.samples_per_symbol;
  for (const Aggressor& aggressor : aggressors_) {
    double strongest_phase = 0.0;
    for (int phase = 0; phase < samples; ++phase) {
      double sum = 0.0;
      const double* gram = aggressor.gram.data() + phase * count * count;
      for (int a = 0; a < count; ++a)
        for (int b = 0; b < count; ++b) sum += taps[a] * taps[b] * gram[a * count + b];
      strongest_phase = std::max(strongest_phase, sum);
    }
    power += symbol_power(signals_.parameters().signal.levels) * strongest_phase;
  }
  return power;
}

void MeritEvaluator::sum_row(const double* taps, int phase, long begin, long end, double* out) const {
  const double* rows[32];
  const long last = std::min(end, pulses_.symbols(phase));
  for (int k = 0; k < taps_.count; ++k) rows[k] = pulses_.row(k, phase) + begin;
  if (last > begin) weighted_waves(taps, rows, taps_.count, last - begin, out + begin);
  std::fill(out + std::max(begin, last), out + end, 0.0);
}

MeritEvaluator::Cursor MeritEvaluator::find_cursor(const double* taps) {
  const Parameters& p = signals_.parameters();
  const long symbol = p.signal.samples_per_symbol;
  const auto search = [&](long begin, long end) {
    const long first = std::max(0L, begin - rise_room_symbols * symbol);
    const long last = std::min(pulses_.size(), end + fall_room_symbols * symbol);
    const double* waves[32];
    for (int k = 0; k < taps_.count; ++k) waves[k] = pulses_.wave(k) + first;
    weighted_waves(taps, waves, taps_.count, last - first, piece_.data());
    const PulsePiece piece{{piece_.data(), static_cast<std::size_t>(last - first)}, first};
    const long peak = std::max_element(piece_.begin() + (begin - first), piece_.begin() + (end - first)) -
                      piece_.begin() + first;
    return std::pair{piece, peak};
  };
  // |p| <= Σ|c| max|p_k| and Σ|c| = 1: beyond the inner window no sample exceeds outside_bound_.
  auto [piece, peak] = search(inner_begin_, inner_end_);
  if (piece.at(peak) <= outside_bound_) std::tie(piece, peak) = search(peak_begin_, peak_end_);
  const long sample = sampling_instant(piece, peak, p, mode_);
  return {sample, sample < 0 ? 0.0 : piece.at(sample)};
}

double MeritEvaluator::dfe_residue(double cursor, const double* post) {
  const std::span<const double> samples(post, static_cast<std::size_t>(dfe_.length()));
  const DfeSolution& dfe = dfe_.solve(cursor, samples);
  double left = 0.0;
  for (std::size_t n = 0; n < samples.size(); ++n) left += squared(samples[n] - dfe.tap[n] * cursor);
  return left;
}

double MeritEvaluator::jitter_energy(const double* taps, long cursor) {
  const int samples = signals_.parameters().signal.samples_per_symbol;
  const int phase = static_cast<int>(cursor % samples);
  const int before = phase == 0 ? samples - 1 : phase - 1, after = phase == samples - 1 ? 0 : phase + 1;
  // Where the neighbours lie in different symbols, the later one is a row further.
  const long shift = phase == 0 || phase == samples - 1 ? 1 : 0;
  sum_row(taps, before, 0, pulses_.symbols(0) + 1, early_.data());
  sum_row(taps, after, 0, pulses_.symbols(0) + 1, late_.data());
  const long pairs = (pulses_.size() - 1 - after) / samples + 1 - shift;
  return squared(samples / 2.0) * difference_energy(early_.data(), late_.data() + shift, pairs);
}

Merit MeritEvaluator::evaluate(const double* taps, double floor_dB) {
  const Parameters& p = signals_.parameters();
  Merit merit;
  const Cursor found = find_cursor(taps);
  merit.cursor = found.sample;
  const double cursor = found.value_V;
  if (found.sample < 0 || cursor <= 0.0) return merit;
  merit.available_V = p.transmitter.level_mismatch_ratio * cursor / (p.signal.levels - 1);
  const double power = symbol_power(p.signal.levels);
  // A_s² / σ² below the floor is ruled out; each term found so far is a lower bound of σ².
  if (floor_dB != floor_dB_) {
    floor_dB_ = floor_dB;
    floor_ratio_ = std::pow(10.0, floor_dB / 10.0);
  }
  const double allowed = squared(merit.available_V) / floor_ratio_;
  NoiseTerms& terms = merit.terms;
  terms.transmitter_V = cursor * transmitter_share_;
  terms.noise_V = noise_V_;
  const double fixed = squared(terms.transmitter_V) + squared(noise_V_) + unequalized_power_;
  if (fixed > allowed) return merit;

  // The symbols near the cursor hold nearly all interference: most settings end here.
  const int samples = p.signal.samples_per_symbol, phase = static_cast<int>(found.sample % samples);
  const long place = found.sample / samples, all = pulses_.symbols(0) + 1;
  const long behind = place + 1 + dfe_.length();
  const long near_begin = std::max(0L, place - near_symbols),
             near_end = std::max(behind, std::min(all, behind + near_symbols));
  sum_row(taps, phase, near_begin, near_end, now_.data());
  const double left = dfe_residue(cursor, now_.data() + place + 1);
  const auto energy_of = [&](long begin, long end) {
    return end > begin ? energy(now_.data() + begin, end - begin) : 0.0;
  };
  const double near = left + energy_of(near_begin, place) + energy_of(behind, near_end);
  if (fixed + power * near > allowed) return merit;

  sum_row(taps, phase, 0, near_begin, now_.data());
  if (all > near_end) sum_row(taps, phase, near_end, all, now_.data());
  terms.isi_V = std::sqrt(power * (near + energy_of(0, near_begin) + energy_of(near_end, all)));
  if (fixed + squared(terms.isi_V) > allowed) return merit;

  const double jitter = std::sqrt(power * jitter_energy(taps, merit.cursor));
  terms.jitter_V = std::hypot(p.transmitter.dual_dirac_jitter_UI, p.transmitter.random_jitter_UI) * jitter;
  terms.random_jitter_V = p.transmitter.random_jitter_UI * jitter;
  if (fixed + squared(terms.isi_V) + squared(terms.jitter_V) > allowed) return merit;
  terms.crosstalk_V = std::sqrt(crosstalk_power(taps));
  merit.dB = 20.0 * std::log10(merit.available_V / terms.total_V());
  merit.valid = merit.dB >= floor_dB;
  return merit;
}

}  // namespace photonlink::com
