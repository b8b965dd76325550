#include "solvers/com/equalizer_search.hpp"

#include <tbb/enumerable_thread_specific.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>

#include "core/error.hpp"
#include "core/parallel.hpp"

namespace photonlink::com {
namespace {

constexpr double nothing = -std::numeric_limits<double>::infinity();
/// A bound and the value it bounds are rounded differently.
constexpr double rounding_dB = 1e-9;
constexpr int guide_steps = 2;  // of the local search that opens a full one

/// Skips settings away from the best one, tap by tap.
class LocalRule {
 public:
  LocalRule(const TransmitTaps& taps, int steps) : taps_(taps), steps_(steps) {}
  bool skips(std::size_t i, const CtleSetting& ctle, const ChosenEqualizer& best) const {
    if (!best.merit.valid) return false;
    const std::size_t swept = taps_.swept_length.size();
    const int *place = taps_.index.data() + i * swept, *kept = taps_.index.data() + best.taps * swept;
    for (std::size_t t = 0; t < swept; ++t) {
      const int outer = t == 0 ? ctle.low_gain_index : place[t - 1];
      if (taps_.swept_length[t] > 1 && outer > 0 && std::abs(place[t] - kept[t]) > steps_) return true;
    }
    return ctle.gain_index > 0 && std::abs(ctle.low_gain_index - best.ctle.low_gain_index) > steps_;
  }

 private:
  const TransmitTaps& taps_;
  int steps_;
};

void take_better(ChosenEqualizer& best, const Merit& merit, const CtleSetting& ctle, std::size_t taps) {
  if (!merit.valid || merit.dB <= best.merit.dB) return;
  best.merit = merit;
  best.ctle = ctle;
  best.taps = taps;
}

ChosenEqualizer none(const std::vector<CtleSetting>& settings, const TransmitTaps& taps) {
  ChosenEqualizer chosen;
  chosen.merit.dB = nothing;
  chosen.grid = settings.size() * taps.settings();
  return chosen;
}

ChosenEqualizer local_search(const CaseSignals& signals, const TransmitTaps& taps, const Mode& mode,
                             const std::vector<CtleSetting>& settings, int steps) {
  ChosenEqualizer best = none(settings, taps);
  const LocalRule rule(taps, steps);
  MeritEvaluator evaluator(signals, taps, mode);
  for (const CtleSetting& ctle : settings) {
    evaluator.set_ctle(ctle);
    for (std::size_t i = 0; i < taps.settings(); ++i) {
      if (rule.skips(i, ctle, best)) continue;
      ++best.evaluated;
      take_better(best, evaluator.evaluate(taps.setting(i), best.merit.dB), ctle, i);
    }
  }
  return best;
}

/// Evaluates the whole grid on all cores; `visit(ctle index, tap index, merit)` for each setting that may
/// reach `floor_dB`, which visits may raise. Called from one thread per CTLE setting at a time.
template <class Visit>
void for_each_setting(const CaseSignals& signals, const TransmitTaps& taps, const Mode& mode,
                      const std::vector<CtleSetting>& settings, const std::atomic<double>& floor_dB,
                      Context& context, Visit visit) {
  tbb::enumerable_thread_specific<std::unique_ptr<MeritEvaluator>> evaluators;
  const auto search_ctle = [&](std::size_t s) {
    auto& evaluator = evaluators.local();
    if (!evaluator) evaluator = std::make_unique<MeritEvaluator>(signals, taps, mode);
    evaluator->set_ctle(settings[s]);
    for (std::size_t i = 0; i < taps.settings(); ++i) {
      const Merit merit = evaluator->evaluate(taps.setting(i), floor_dB);
      if (merit.valid) visit(s, i, merit);
    }
  };
  parallel_for(settings.size(), context, search_ctle);
}

ChosenEqualizer full_search(const CaseSignals& signals, const TransmitTaps& taps, const Mode& mode,
                            const std::vector<CtleSetting>& settings, Context& context) {
  const ChosenEqualizer guide = local_search(signals, taps, mode, settings, guide_steps);
  std::atomic<double> floor_dB = guide.merit.dB - rounding_dB;
  std::vector<ChosenEqualizer> best(settings.size(), none(settings, taps));
  for_each_setting(signals, taps, mode, settings, floor_dB, context,
                   [&](std::size_t s, std::size_t i, const Merit& merit) {
                     take_better(best[s], merit, settings[s], i);
                     double known = floor_dB;
                     while (merit.dB - rounding_dB > known &&
                            !floor_dB.compare_exchange_weak(known, merit.dB - rounding_dB)) {
                     }
                   });
  ChosenEqualizer chosen = none(settings, taps);
  for (const ChosenEqualizer& each : best) {
    take_better(chosen, each.merit, each.ctle, each.taps);
  }
  chosen.evaluated = chosen.grid;  // each was evaluated or bounded
  return chosen;
}

}  // namespace

ChosenEqualizer search_equalizer(const CaseSignals& signals, const TransmitTaps& taps, const Mode& mode,
                                 Context& context) {
  const auto settings = ctle_settings(signals.parameters());
  require(!settings.empty(), "the limits of the CTLE leave no setting; widen its gain ranges");
  const int steps = mode.local_search ? signals.parameters().search.local_steps : 0;
  const ChosenEqualizer chosen = steps > 0 ? local_search(signals, taps, mode, settings, steps)
                                           : full_search(signals, taps, mode, settings, context);
  if (!chosen.merit.valid)
    throw DomainError(
        "no equaliser setting finds a sampling instant: the pulse never rises through 1 % of its peak or its "
        "main cursor is negative; check polarity and port map");
  return chosen;
}

std::vector<ChosenEqualizer> shortlist(const CaseSignals& signals, const TransmitTaps& taps, const Mode& mode,
                                       double window_dB, std::size_t count, Context& context) {
  const auto settings = ctle_settings(signals.parameters());
  const ChosenEqualizer best = search_equalizer(signals, taps, mode, context);
  const std::atomic<double> floor_dB = best.merit.dB - window_dB;
  std::vector<std::vector<ChosenEqualizer>> found(settings.size());
  for_each_setting(signals, taps, mode, settings, floor_dB, context,
                   [&](std::size_t s, std::size_t i, const Merit& merit) {
                     found[s].push_back({settings[s], i, merit, 0, best.grid});
                   });
  std::vector<ChosenEqualizer> list;
  for (const auto& each : found) list.insert(list.end(), each.begin(), each.end());
  std::stable_sort(list.begin(), list.end(), [](const ChosenEqualizer& a, const ChosenEqualizer& b) {
    return a.merit.dB > b.merit.dB;
  });
  list.resize(std::min(list.size(), count));
  for (ChosenEqualizer& each : list) each.evaluated = list.size();
  return list;
}

}  // namespace photonlink::com
