#include "studies/validation/run_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <mutex>
#include <set>

#include "core/error.hpp"
#include "solvers/least_squares.hpp"
#include "studies/assumption_band.hpp"
#include "studies/link_builder.hpp"
#include "studies/validation/judge.hpp"
#include "studies/validation/link_evaluation.hpp"
#include "studies/validation/probe.hpp"

namespace photonlink {
namespace {

using Values = std::vector<double>;

LinkSpec with_fitted(LinkSpec link, const FitSpec& fit, std::span<const double> values) {
  for (std::size_t p = 0; p < fit.parameters.size(); ++p)
    for (std::size_t s = 0; s < link.stages.size(); ++s)
      if (link.stages[s].name == fit.parameters[p].stage)
        link = with_parameter(std::move(link), s, fit.parameters[p].key, values[p]);
  return link;
}

Values values_of(const LeastSquaresFit& fit) {
  Values values;
  for (const FittedValue& each : fit.parameters) values.push_back(each.value);
  return values;
}

bool same_assumption(const StageSpec& a, const Assumption& x, const StageSpec& b, const Assumption& y) {
  const ParameterValue *nominal = find_value(a.parameters, x.key), *other = find_value(b.parameters, y.key);
  const bool same_nominal = nominal && other ? *nominal == *other : nominal == other;
  return x.key == y.key && x.low == y.low && x.high == y.high && same_nominal;
}

/// Gives `link` what `chosen` has moved off `nominal`, for what both assume alike: same stage, key, value and
/// range. The same key at another operating point is another assumption.
LinkSpec with_same_assumptions(LinkSpec link, const LinkSpec& chosen, const LinkSpec& nominal) {
  for (StageSpec& stage : link.stages)
    for (std::size_t s = 0; s < chosen.stages.size(); ++s) {
      const StageSpec &other = chosen.stages[s], &before = nominal.stages[s];
      if (other.name != stage.name) continue;
      for (const Assumption& assumption : other.assumed) {
        const bool shared = std::any_of(
            stage.assumed.begin(), stage.assumed.end(),
            [&](const Assumption& own) { return same_assumption(stage, own, before, assumption); });
        if (const ParameterValue* value = find_value(other.parameters, assumption.key); shared && value)
          set_value(stage.parameters, assumption.key, *value);
      }
    }
  return link;
}

class CaseRun {
 public:
  CaseRun(const CaseSpec& spec, Context& context) : case_(spec), context_(context) {}

  CaseResult run() {
    const auto begin = std::chrono::steady_clock::now();
    result_.name = case_.name;
    result_.title = case_.title;
    result_.family = case_.family;
    result_.citation = case_.citation;
    result_.doi = case_.doi;
    result_.read = case_.read;
    result_.note = case_.note;
    result_.inputs = case_.inputs;
    fitted_.resize(case_.fits.size());
    for (std::size_t f = 0; f < case_.fits.size(); ++f) run_fit(f);
    for (const LinkSpec& link : case_.links) run_link(link);
    for (const auto& [text, links] : warned_)
      result_.warnings.push_back(fmt::format("{}: {}", fmt::join(links, ", "), text));
    sort_as_in_the_file();
    result_.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return std::move(result_);
  }

 private:
  /// Index of the fit whose values a link takes, -1: none.
  int fit_of(const std::string& link) const {
    for (std::size_t f = 0; f < case_.fits.size(); ++f)
      if (std::find(case_.fits[f].links.begin(), case_.fits[f].links.end(), link) !=
          case_.fits[f].links.end())
        return static_cast<int>(f);
    return -1;
  }

  LeastSquaresFit solve_fit(const FitSpec& fit, const LinkSpec* chosen, const Values& start) const {
    std::vector<BoundedParameter> parameters;
    for (std::size_t p = 0; p < fit.parameters.size(); ++p)
      parameters.push_back({start[p], fit.parameters[p].lower, fit.parameters[p].upper});
    return least_squares(parameters, [&](std::span<const double> values) {
      Values residuals;
      for (const QuantitySpec& q : case_.quantities) {
        if (std::find(fit.on.begin(), fit.on.end(), q.name) == fit.on.end()) continue;
        LinkSpec link = *find_link(case_, q.link);
        if (chosen) link = with_same_assumptions(std::move(link), *chosen, *find_link(case_, chosen->name));
        link = with_fitted(std::move(link), fit, values);
        Context own(1);
        Probe probe(link, own);
        std::vector<std::string> unheard;  // the nominal evaluation says what there is to say
        const Values computed = evaluate_quantity(q, q.x, link, probe, own, unheard);
        for (std::size_t k = 0; k < q.points(); ++k)
          residuals.push_back((computed[k] - q.published[k]) / q.tolerance[k]);
      }
      return residuals;
    });
  }

  void run_fit(std::size_t index) {
    const FitSpec& fit = case_.fits[index];
    FitResult& result = result_.fits.emplace_back();
    result.link = fmt::format("{}", fmt::join(fit.links, ", "));
    result.reason = fit.reason;
    result.on = fit.on;
    Values start;
    for (const FitParameterSpec& p : fit.parameters) {
      start.push_back(p.start);
      FittedParameter& row = result.parameters.emplace_back();
      row.stage = p.stage;
      row.key = p.key;
      row.unit = p.unit;
      row.start = from_si(p.start, p.quantity, p.unit);
      row.lower = from_si(p.lower, p.quantity, p.unit);
      row.upper = from_si(p.upper, p.quantity, p.unit);
    }
    try {
      const LeastSquaresFit found = solve_fit(fit, nullptr, start);
      fitted_[index] = values_of(found);
      report_fit(fit, found, result, result_.warnings);
    } catch (const Error& error) {
      result_.warnings.push_back(fmt::format("fit of {}: {}", result.link, error.what()));
      return;
    }
    if (!result.converged) {
      fitted_[index].clear();
      result_.warnings.push_back(
          fmt::format("fit of {}: does not converge; its links are not computed. Start nearer, or narrow the "
                      "bounds",
                      result.link));
    }
  }

  static void report_fit(const FitSpec& fit, const LeastSquaresFit& found, FitResult& result,
                         std::vector<std::string>& warnings) {
    for (std::size_t p = 0; p < fit.parameters.size(); ++p) {
      const FitParameterSpec& spec = fit.parameters[p];
      FittedParameter& row = result.parameters[p];
      const FittedValue& value = found.parameters[p];
      row.value = from_si(value.value, spec.quantity, spec.unit);
      row.low_95 = from_si(value.low_95, spec.quantity, spec.unit);
      row.high_95 = from_si(value.high_95, spec.quantity, spec.unit);
      row.at_bound = value.at_bound;
      if (value.undetermined)
        warnings.push_back(fmt::format(
            "fit of {}: its points do not determine {}.{}: in the chosen mode of the device it has "
            "no effect, or it acts only together with another fitted parameter",
            result.link, spec.stage, spec.key));
    }
    result.points = found.residuals;
    result.evaluations = found.evaluations;
    result.rms_error = found.rms;
    result.converged = found.converged;
  }

  /// Values of a fit with other assumptions. @throws DomainError when it ends more than one tolerance (rms)
  /// farther from its points than with the assumptions as written: those values would mean nothing.
  Values fitted_again(const FitSpec& fit, const LinkSpec& chosen, const Values& start) const {
    const LeastSquaresFit found = solve_fit(fit, &chosen, start);
    const double as_written = result_.fits[static_cast<std::size_t>(&fit - case_.fits.data())].rms_error;
    require(found.converged && found.rms <= as_written + 1.0,
            found.converged ? fmt::format("the fit misses its points by {:.3g} tolerances (rms)", found.rms)
                            : std::string("the fit does not converge"));
    return values_of(found);
  }

  void run_link(const LinkSpec& link) {
    const LinkPlan plan(case_, link);
    if (plan.quantities().empty()) return;
    const int f = fit_of(link.name);
    const FitSpec* fit = f < 0 ? nullptr : &case_.fits[static_cast<std::size_t>(f)];
    const Values start = fit ? fitted_[static_cast<std::size_t>(f)] : Values{};
    LinkPlan::Values nominal;
    if (fit && start.empty()) {  // the fit failed
      nominal.value.assign(plan.names().size(), NAN);
      nominal.failure.assign(plan.quantities().size(), "the fit of this link failed, see the warnings");
    } else {
      nominal = plan.values(fit ? with_fitted(link, *fit, start) : link, context_);
    }
    const std::vector<ObservableBand> band = span_band(plan, fit, start, nominal);
    for (std::size_t k = 0; k < plan.quantities().size(); ++k)
      add_quantity(plan, k, nominal, band, fit != nullptr);
    for (const std::string& warning : nominal.warnings) warned_[warning].push_back(link.name);
    list_assumptions(link);
  }

  /// Empty when nothing is assumed.
  std::vector<ObservableBand> span_band(const LinkPlan& plan, const FitSpec* fit, const Values& start,
                                        const LinkPlan::Values& nominal) {
    const bool assumed = std::any_of(plan.link().stages.begin(), plan.link().stages.end(),
                                     [](const StageSpec& stage) { return !stage.assumed.empty(); });
    const bool computed = std::any_of(nominal.failure.begin(), nominal.failure.end(),
                                      [](const std::string& text) { return text.empty(); });
    if (!assumed || !computed) return {};
    std::mutex mutex;
    std::set<std::string> left_out;
    const auto evaluate = [&](const LinkSpec& chosen) {
      Context own(1);
      try {
        const LinkPlan::Values values =
            plan.values(fit ? with_fitted(chosen, *fit, fitted_again(*fit, chosen, start)) : chosen, own);
        const std::lock_guard lock(mutex);
        for (std::size_t k = 0; k < values.failure.size(); ++k)
          if (nominal.failure[k].empty() && !values.failure[k].empty())
            left_out.insert(fmt::format("{}: {}", plan.quantities()[k]->name, values.failure[k]));
        return values.value;
      } catch (const Error& error) {  // one end that a stage refuses must not take the rest of the band away
        const std::lock_guard lock(mutex);
        left_out.insert(error.what());
      }
      return Values(plan.names().size(), NAN);
    };
    try {
      AssumptionBand band =
          assumption_band(plan.link(), plan.names(), evaluate, context_, {.scale = plan.scale()});
      for (const std::string& failure : left_out)
        result_.warnings.push_back(fmt::format("the band of {} leaves out ends that cannot be evaluated: {}",
                                               plan.link().name, failure));
      if (band.corners_left_out > 0)
        result_.warnings.push_back(fmt::format(
            "the band of {} leaves out {} corners, those of the points that single assumptions move "
            "least; it may be too narrow there",
            plan.link().name, band.corners_left_out));
      return std::move(band.observables);
    } catch (const Error& error) {
      result_.warnings.push_back(fmt::format("no band of {}: {}", plan.link().name, error.what()));
      return {};
    }
  }

  void add_quantity(const LinkPlan& plan, std::size_t index, const LinkPlan::Values& nominal,
                    const std::vector<ObservableBand>& band, bool fitted) {
    const QuantitySpec& q = *plan.quantities()[index];
    QuantityResult& r = result_.quantities.emplace_back();
    r.name = q.name;
    r.title = q.title;
    r.link = q.link;
    r.observable = q.observable->name;
    r.unit = q.unit;
    r.x_unit = q.x_unit;
    r.tolerance_unit = q.observable->unit == Quantity::level ? "dB" : q.unit;
    if (q.sweep.kind != SweepSpec::Kind::none)
      r.x_label = q.sweep.kind == SweepSpec::Kind::abscissa ? q.observable->x_label : label_of(q.sweep.key);
    r.role = q.role;
    r.bound = q.bound;
    r.measure = q.measure;
    r.prediction = !fitted;
    r.curve = q.sweep.kind == SweepSpec::Kind::abscissa;
    r.reading_error = difference(q, q.reading_error);
    r.reason = q.reason;
    r.diagnosis = q.diagnosis;
    r.failure = nominal.failure[index];
    const auto value = [&](double stored) { return from_si(stored, q.observable->unit, q.unit); };
    const auto x = [&](double stored) { return from_si(stored, q.sweep.quantity, q.x_unit); };
    for (std::size_t k = 0; k < q.points(); ++k) {
      PointResult& point = r.points.emplace_back();
      const std::size_t at = plan.first(index) + k;
      if (!q.x.empty()) point.x = x(q.x[k]);
      point.published = value(q.published[k]);
      point.published_high = value(q.published_high[k]);
      point.computed = value(nominal.value[at]);
      point.tolerance = difference(q, q.tolerance[k]);
      if (band.empty()) continue;
      // The nominal evaluation is part of the band, whichever way it was fitted.
      point.low = std::fmin(value(band[at].low), point.computed);
      point.high = std::fmax(value(band[at].high), point.computed);
    }
    for (std::size_t k = 0; k < plan.fine_x(index).size(); ++k) {
      const std::size_t at = plan.first_fine(index) + k;
      r.fine_x.push_back(x(plan.fine_x(index)[k]));
      r.fine_y.push_back(value(nominal.value[at]));
      if (band.empty()) continue;
      r.fine_low.push_back(std::fmin(value(band[at].low), r.fine_y.back()));
      r.fine_high.push_back(std::fmax(value(band[at].high), r.fine_y.back()));
    }
    try {
      judge(r);
    } catch (const Error& error) {
      r.verdict = Verdict::uncomputed;
      r.failure = error.what();
    }
  }

  /// A difference in the unit of the quantity's values: all of them are proportional but levels, whose
  /// difference is the same number of dB.
  static double difference(const QuantitySpec& q, double stored) {
    return q.observable->unit == Quantity::level ? stored : from_si(stored, q.observable->unit, q.unit);
  }

  static std::string label_of(std::string key) {
    std::replace(key.begin(), key.end(), '_', ' ');
    return key;
  }

  void list_assumptions(const LinkSpec& link) {
    for (const StageSpec& stage : link.stages)
      for (const Assumption& each : stage.assumed) {
        for (const FieldInfo& row : find_device(stage.device)->fields) {
          if (row.name != each.key) continue;
          const ParameterValue* value = find_value(stage.parameters, each.key);
          result_.assumed.push_back(
              {link.name, stage.name, each.key, format_value(value ? *value : row.default_value, row.unit),
               format_value(each.low, row.unit), format_value(each.high, row.unit), each.source});
        }
      }
  }

  void sort_as_in_the_file() {
    std::vector<QuantityResult> sorted;
    for (const QuantitySpec& q : case_.quantities)
      for (QuantityResult& r : result_.quantities)
        if (r.name == q.name) sorted.push_back(std::move(r));
    result_.quantities = std::move(sorted);
  }

  const CaseSpec& case_;
  Context& context_;
  CaseResult result_;
  std::vector<Values> fitted_;                              ///< (n_fit), empty: the fit failed
  std::map<std::string, std::vector<std::string>> warned_;  ///< links by warning
};

}  // namespace

CaseResult run_case(const CaseSpec& spec, Context& context) {
  return CaseRun(spec, context).run();
}

}  // namespace photonlink
