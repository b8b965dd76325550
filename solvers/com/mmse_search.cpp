#include "solvers/com/mmse_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/parallel.hpp"

namespace photonlink::com {
namespace {

/// Autocorrelation of symbol-spaced samples at lags 0 ... lags - 1, times `factor`, added to `sum`.
void add_autocorrelation(std::span<const double> h, double factor, std::span<double> sum) {
  const long n = static_cast<long>(h.size());
  for (long lag = 0; lag < static_cast<long>(sum.size()) && lag < n; ++lag) {
    const Eigen::Map<const Eigen::VectorXd> early(h.data(), n - lag), late(h.data() + lag, n - lag);
    sum[static_cast<std::size_t>(lag)] += factor * early.dot(late);
  }
}

/// w' R w of a Toeplitz matrix given by its lags.
double quadratic_form(std::span<const double> lags, const std::vector<double>& w) {
  double sum = 0.0;
  for (std::size_t i = 0; i < w.size(); ++i)
    for (std::size_t j = 0; j < w.size(); ++j) sum += w[i] * w[j] * lags[i > j ? i - j : j - i];
  return sum;
}

struct NoiseLags {
  std::vector<double> receiver, crosstalk, transmitter, jitter, total;
  explicit NoiseLags(int lags)
      : receiver(static_cast<std::size_t>(lags)),
        crosstalk(receiver),
        transmitter(receiver),
        jitter(receiver),
        total(receiver) {}
  void add_up() {
    for (std::size_t i = 0; i < total.size(); ++i)
      total[i] = receiver[i] + crosstalk[i] + transmitter[i] + jitter[i];
  }
};

/// One CTLE setting: its pulses, and the best tap setting and phase among all.
class MmseEvaluator {
 public:
  MmseEvaluator(const CaseSignals& signals, const TransmitTaps& taps, const Mode& mode)
      : signals_(signals),
        p_(signals.parameters()),
        taps_(taps),
        mode_(mode),
        solver_(p_.ffe, p_.dfe, p_.transmitter.level_mismatch_ratio, p_.signal.levels),
        lags_(solver_.lags()),
        ends_(mode.script ? ShiftedPulses::Ends::wrap : ShiftedPulses::Ends::extend) {}

  void set_ctle(const CtleSetting& setting) {
    const int samples = p_.signal.samples_per_symbol;
    ctle_ = setting;
    pulses_.clear();
    for (std::size_t i = 0; i < signals_.paths().size(); ++i) {
      const bool equalized = signals_.paths()[i].kind != Path::Kind::next;
      pulses_.emplace_back(signals_.pulse(i, setting), samples, equalized ? taps_.count : 1,
                           equalized ? taps_.main : 0, ends_);
    }
    lags_.receiver = signals_.noise_autocorrelation(setting);
  }

  void search(ChosenMmse& best) {
    for (std::size_t i = 0; i < taps_.settings(); ++i) {
      const std::vector<double> pulse = sum(0, taps_.setting(i));
      const long anchor = anchor_of(pulse);
      if (anchor < 0) continue;
      add_crosstalk(taps_.setting(i));
      for (int shift = p_.receiver.first_shift; shift <= p_.receiver.last_shift; ++shift)
        try_phase(pulse, anchor + shift, i, shift, best);
    }
  }

 private:
  std::vector<double> sum(std::size_t path, const double* taps) const {
    constexpr double one = 1.0;
    return pulses_[path].sum(signals_.paths()[path].kind == Path::Kind::next ? &one : taps);
  }

  std::vector<double> row(const std::vector<double>& pulse, long phase) const {
    auto values = at_phase(pulse, static_cast<int>(phase), p_.signal.samples_per_symbol);
    // The script ends the pulse with its noise spectra, wherever the cursor is.
    const auto most = static_cast<std::size_t>(p_.ffe.noise_symbols);
    if (mode_.script && values.size() > most) values.resize(most);
    return values;
  }

  long anchor_of(const std::vector<double>& pulse) const {
    const long peak = std::max_element(pulse.begin(), pulse.end()) - pulse.begin();
    return sampling_instant({pulse, 0}, peak, p_, mode_);
  }

  void add_crosstalk(const double* taps) {
    std::fill(lags_.crosstalk.begin(), lags_.crosstalk.end(), 0.0);
    phase_.clear();
    for (std::size_t i = 1; i < pulses_.size(); ++i) {
      const auto pulse = sum(i, taps);
      std::vector<double> strongest;
      double most = -1.0;
      int at = 0;
      for (int phase = 0; phase < p_.signal.samples_per_symbol; ++phase) {
        auto values = row(pulse, phase);
        const double energy_here = energy(values.data(), static_cast<long>(values.size()));
        if (energy_here <= most) continue;
        most = energy_here;
        at = phase;
        strongest = std::move(values);
      }
      phase_.push_back(at);
      add_autocorrelation(strongest, symbol_power(p_.signal.levels), lags_.crosstalk);
    }
  }

  void try_phase(const std::vector<double>& pulse, long t, std::size_t taps, int shift, ChosenMmse& best) {
    const int samples = p_.signal.samples_per_symbol;
    if (t < 1 || t + 1 >= static_cast<long>(pulse.size())) return;
    const double power = symbol_power(p_.signal.levels);
    const long late = mode_.script ? 1 : 0;
    const auto& plain = pulses_[0];
    const int main_phase = static_cast<int>((t + late) % samples);
    const std::span<const double> main_row(plain.row(taps_.main, main_phase),
                                           static_cast<std::size_t>(plain.symbols(main_phase)));
    std::fill(lags_.transmitter.begin(), lags_.transmitter.end(), 0.0);
    add_autocorrelation(main_row, power * std::pow(10.0, -p_.transmitter.snr_dB / 10.0), lags_.transmitter);
    std::fill(lags_.jitter.begin(), lags_.jitter.end(), 0.0);
    const double jitter = std::hypot(p_.transmitter.dual_dirac_jitter_UI, p_.transmitter.random_jitter_UI);
    add_autocorrelation(jitter_slopes(pulse, t, samples), power * jitter * jitter, lags_.jitter);
    lags_.add_up();
    const auto h = row(pulse, t % samples);
    const MmseSolution& found = solver_.solve(h, (t + late) / samples, lags_.total);
    Merit& merit = best.equalizer.merit;
    ++best.equalizer.evaluated;
    if (!(found.merit_dB > merit.dB)) return;
    merit.valid = true;
    merit.dB = found.merit_dB;
    merit.cursor = t;
    best.equalizer.ctle = ctle_;
    best.equalizer.taps = taps;
    best.ffe = found.ffe;
    best.shift = shift;
    best.aggressor_phase = phase_;
    const auto rms = [&](const std::vector<double>& lags) {
      return std::sqrt(quadratic_form(lags, found.ffe));
    };
    merit.terms.noise_V = rms(lags_.receiver);
    merit.terms.crosstalk_V = rms(lags_.crosstalk);
    merit.terms.transmitter_V = rms(lags_.transmitter);
    merit.terms.jitter_V = rms(lags_.jitter);
    merit.terms.random_jitter_V =
        jitter > 0.0 ? merit.terms.jitter_V * p_.transmitter.random_jitter_UI / jitter : 0.0;
  }

  const CaseSignals& signals_;
  const Parameters& p_;
  const TransmitTaps& taps_;
  const Mode& mode_;
  MmseSolver solver_;
  NoiseLags lags_;
  ShiftedPulses::Ends ends_;
  CtleSetting ctle_;
  std::vector<ShiftedPulses> pulses_;
  std::vector<int> phase_;
};

}  // namespace

ChosenMmse search_mmse(const CaseSignals& signals, const TransmitTaps& taps, const Mode& mode,
                       Context& context) {
  const auto settings = ctle_settings(signals.parameters());
  std::vector<ChosenMmse> best(settings.size());
  const auto search_ctle = [&](std::size_t s) {
    MmseEvaluator evaluator(signals, taps, mode);
    best[s].equalizer.merit.dB = -std::numeric_limits<double>::infinity();
    evaluator.set_ctle(settings[s]);
    evaluator.search(best[s]);
  };
  parallel_for(settings.size(), context, search_ctle);
  std::size_t evaluated = 0, chosen = 0;
  for (std::size_t s = 0; s < best.size(); ++s) {
    evaluated += best[s].equalizer.evaluated;
    if (best[s].equalizer.merit.dB > best[chosen].equalizer.merit.dB) chosen = s;
  }
  if (best.empty() || !best[chosen].equalizer.merit.valid)
    throw DomainError("no equaliser setting finds a sampling instant; check polarity and port map");
  ChosenMmse result = best[chosen];
  result.equalizer.evaluated = evaluated;
  const int shifts = signals.parameters().receiver.last_shift - signals.parameters().receiver.first_shift + 1;
  result.equalizer.grid = settings.size() * taps.settings() * static_cast<std::size_t>(shifts);
  return result;
}

}  // namespace photonlink::com
