#include "studies/assumption_band.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "solvers/evaluate.hpp"
#include "solvers/eye.hpp"
#include "solvers/sensitivity.hpp"
#include "studies/link_builder.hpp"

namespace photonlink {
namespace {

enum class End { nominal, low, high };
using Choice = std::vector<End>;  // (n_assumption)

std::vector<AssumptionEffect> list_assumptions(const LinkSpec& spec) {
  std::vector<AssumptionEffect> effects;
  for (std::size_t s = 0; s < spec.stages.size(); ++s)
    for (const Assumption& each : spec.stages[s].assumed)
      effects.push_back({s, spec.stages[s].name, each.key, each.low, each.high, each.source, {}, {}});
  return effects;
}

LinkSpec chosen(LinkSpec spec, const std::vector<AssumptionEffect>& assumptions, const Choice& choice) {
  for (std::size_t a = 0; a < choice.size(); ++a)
    if (choice[a] != End::nominal)
      spec = with_parameter(std::move(spec), assumptions[a].stage, assumptions[a].key,
                            choice[a] == End::low ? assumptions[a].low : assumptions[a].high);
  return spec;
}

std::string description(const std::vector<AssumptionEffect>& assumptions, const Choice& choice) {
  std::string text;
  for (std::size_t a = 0; a < choice.size(); ++a)
    if (choice[a] != End::nominal)
      text += fmt::format("{}{} {} at its {} end", text.empty() ? "" : ", ", assumptions[a].stage_name,
                          assumptions[a].key, choice[a] == End::low ? "low" : "high");
  return text.empty() ? "all parameters nominal" : text;
}

std::vector<double> observe(const LinkSpec& spec, const std::vector<Observable>& observables) {
  Context own(1);
  PatternSolution solution = solve_pattern(build_link(spec), own);
  const LinkResult result = summarize(solution, {.pictures = false});
  std::vector<double> values;
  values.reserve(observables.size());
  for (const Observable& each : observables) values.push_back(each.read(solution, result));
  return values;
}

/// Evaluations, each made once, in parallel.
class Evaluations {
 public:
  Evaluations(const LinkSpec& spec, const std::vector<AssumptionEffect>& assumptions, std::size_t observables,
              const EvaluateLink& evaluate, Context& context)
      : spec_(spec),
        assumptions_(assumptions),
        observables_(observables),
        evaluate_(evaluate),
        context_(context) {}

  void run(const std::vector<Choice>& choices) {
    std::vector<std::pair<const Choice, std::vector<double>>*> open;
    for (const Choice& choice : choices) {
      const auto [entry, fresh] = done_.try_emplace(choice);
      if (fresh) open.push_back(&*entry);
    }
    std::vector<std::string> refusal(open.size());
    parallel_for(open.size(), context_, [&](std::size_t k) {
      const Choice& choice = open[k]->first;
      std::vector<double>& values = open[k]->second;
      try {
        values = evaluate_(chosen(spec_, assumptions_, choice));
      } catch (const Error& error) {
        if (is_nominal(choice)) throw failure(choice, error.what());
        refusal[k] = error.what();
        values.assign(observables_, not_computed);
      }
      if (values.size() != observables_)
        throw failure(choice, fmt::format("evaluation yields {} numbers for {} observables", values.size(),
                                          observables_));
    });
    for (std::size_t k = 0; k < open.size(); ++k)
      if (!refusal[k].empty()) refused_.push_back({description(assumptions_, open[k]->first), refusal[k]});
  }
  bool has(const Choice& choice) const { return done_.count(choice) > 0; }
  const std::vector<double>& at(const Choice& choice) const { return done_.at(choice); }
  int count() const { return static_cast<int>(done_.size()); }
  const std::vector<RefusedEnds>& refused() const { return refused_; }

 private:
  static bool is_nominal(const Choice& choice) {
    return std::all_of(choice.begin(), choice.end(), [](End end) { return end == End::nominal; });
  }
  DomainError failure(const Choice& choice, const std::string& what) const {
    return DomainError(
        fmt::format("link '{}' with {}: {}", spec_.name, description(assumptions_, choice), what));
  }

  const LinkSpec& spec_;
  const std::vector<AssumptionEffect>& assumptions_;
  std::size_t observables_;
  const EvaluateLink& evaluate_;
  Context& context_;
  std::map<Choice, std::vector<double>> done_;
  std::vector<RefusedEnds> refused_;
};

// The end with the smallest (sign = 1) or largest (sign = -1) value of one observable; ties stay nominal.
Choice corner(const std::vector<AssumptionEffect>& effects, const std::vector<double>& nominal,
              std::size_t observable, double sign) {
  Choice choice;
  for (const AssumptionEffect& effect : effects) {
    End end = End::nominal;
    double best = sign * nominal[observable];
    const auto consider = [&](double value, End candidate) {
      if (!(sign * value < best)) return;
      best = sign * value;
      end = candidate;
    };
    consider(effect.at_low[observable], End::low);
    consider(effect.at_high[observable], End::high);
    choice.push_back(end);
  }
  return choice;
}

void widen(double& low, double& high, double value) {
  low = std::fmin(low, value);  // NaN gives way to a number
  high = std::fmax(high, value);
}

/// Observables, those that single assumptions move most first.
std::vector<std::size_t> by_spread(const AssumptionBand& band, const std::vector<double>& scale) {
  std::vector<double> spread;
  for (std::size_t k = 0; k < band.observables.size(); ++k) {
    const double width = band.observables[k].single_high - band.observables[k].single_low;
    spread.push_back(std::isnan(width) ? -1.0 : width / (scale.empty() ? 1.0 : scale[k]));
  }
  std::vector<std::size_t> order(spread.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return spread[a] > spread[b]; });
  return order;
}

/// The distinct corners of all observables that are not evaluated yet, as many as there may be.
std::vector<Choice> new_corners(AssumptionBand& band, const Evaluations& evaluations, const Choice& nominal,
                                const AssumptionBandOptions& options) {
  std::set<Choice> seen;
  std::vector<Choice> corners;
  for (const std::size_t k : by_spread(band, options.scale))
    for (const double sign : {1.0, -1.0}) {
      Choice choice = corner(band.effects, evaluations.at(nominal), k, sign);
      if (evaluations.has(choice) || !seen.insert(choice).second) continue;
      if (static_cast<int>(corners.size()) < options.most_corners)
        corners.push_back(std::move(choice));
      else
        ++band.corners_left_out;
    }
  return corners;
}

double margin(double value_dB) {
  return std::isnan(value_dB) ? -std::numeric_limits<double>::infinity() : value_dB;
}

double bathtub_width_UI(PatternSolution& s, const LinkResult& result) {
  LaneModel& lane = *s.lane[static_cast<std::size_t>(result.worst_lane)];
  if (s.ber[static_cast<std::size_t>(result.worst_lane)] > result.required_ber_before_fec) return 0.0;
  return bathtub(lane, 1.0, result.required_ber_before_fec).width_UI;
}

}  // namespace

std::vector<Observable> standard_observables(const LinkSpec& spec) {
  std::vector<Observable> list{
      {"log10_ber",
       [](PatternSolution&, const LinkResult& result) { return std::log10(result.ber_before_fec); }},
      {"loss_margin_dB",
       [](PatternSolution&, const LinkResult& result) { return margin(result.loss_margin_dB); }},
      {"noise_margin_dB",
       [](PatternSolution&, const LinkResult& result) { return margin(result.noise_margin_dB); }},
      {"bathtub_width_UI", bathtub_width_UI},
      {"energy_module_pJ_per_bit",
       [](PatternSolution&, const LinkResult& result) { return 1e12 * result.energy.module_J_per_bit; }},
      {"energy_with_host_pJ_per_bit",
       [](PatternSolution&, const LinkResult& result) { return 1e12 * result.energy.with_host_J_per_bit; }}};
  const bool optical = std::any_of(spec.stages.begin(), spec.stages.end(),
                                   [](const StageSpec& stage) { return stage.device == "photodiode"; });
  if (optical)
    list.push_back({"sensitivity_dBm", [](PatternSolution& solution, const LinkResult& result) {
                      if (std::isnan(result.loss_margin_dB)) return std::numeric_limits<double>::infinity();
                      const auto worst = static_cast<std::size_t>(result.worst_lane);
                      return sensitivity_oma_dBm(*solution.lane[worst], result.lane[worst],
                                                 result.required_ber_before_fec);
                    }});
  return list;
}

AssumptionBand assumption_band(const LinkSpec& spec, const std::vector<std::string>& names,
                               const EvaluateLink& evaluate, Context& context,
                               const AssumptionBandOptions& options) {
  require(options.scale.empty() || options.scale.size() == names.size(),
          fmt::format("band of link '{}': {} scales for {} observables; give one each, or none", spec.name,
                      options.scale.size(), names.size()));
  AssumptionBand band;
  band.effects = list_assumptions(spec);
  const Choice nominal(band.effects.size(), End::nominal);
  const auto single = [&](std::size_t assumption, End end) {
    Choice choice = nominal;
    choice[assumption] = end;
    return choice;
  };
  Evaluations evaluations(spec, band.effects, names.size(), evaluate, context);
  std::vector<Choice> singles{nominal};
  for (std::size_t a = 0; a < nominal.size(); ++a)
    for (const End end : {End::low, End::high}) singles.push_back(single(a, end));
  evaluations.run(singles);
  for (std::size_t a = 0; a < nominal.size(); ++a) {
    band.effects[a].at_low = evaluations.at(single(a, End::low));
    band.effects[a].at_high = evaluations.at(single(a, End::high));
  }
  for (std::size_t k = 0; k < names.size(); ++k) {
    ObservableBand& each = band.observables.emplace_back();
    each.name = names[k];
    each.nominal = evaluations.at(nominal)[k];
    for (const Choice& choice : singles) widen(each.single_low, each.single_high, evaluations.at(choice)[k]);
    each.low = each.single_low;
    each.high = each.single_high;
  }
  const std::vector<Choice> corners = new_corners(band, evaluations, nominal, options);
  evaluations.run(corners);
  for (std::size_t k = 0; k < names.size(); ++k)
    for (const Choice& choice : corners)
      widen(band.observables[k].low, band.observables[k].high, evaluations.at(choice)[k]);
  band.evaluations = evaluations.count();
  band.refused = evaluations.refused();
  return band;
}

AssumptionBand assumption_band(const LinkSpec& spec, const std::vector<Observable>& observables,
                               Context& context) {
  std::vector<std::string> names(observables.size());
  std::transform(observables.begin(), observables.end(), names.begin(),
                 [](const Observable& each) { return each.name; });
  return assumption_band(
      spec, names, [&](const LinkSpec& chosen_link) { return observe(chosen_link, observables); }, context);
}

}  // namespace photonlink
