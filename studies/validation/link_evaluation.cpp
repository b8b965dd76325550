#include "studies/validation/link_evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "core/error.hpp"
#include "studies/link_builder.hpp"
#include "studies/validation/probe.hpp"

namespace photonlink {
namespace {

constexpr int fine_points_of_sweep = 25;

std::vector<double> fine_grid(const QuantitySpec& q) {
  int points = 0;
  if (q.sweep.kind == SweepSpec::Kind::abscissa) points = q.observable->fine_points;
  // A sweep of a whole link is evaluated anew at each point: its published points are enough.
  if (q.sweep.kind != SweepSpec::Kind::abscissa && q.sweep.kind != SweepSpec::Kind::none &&
      !q.observable->needs_ends)
    points = fine_points_of_sweep;
  if (points < 2 || q.x.size() < 2) return {};
  const auto [low, high] = std::minmax_element(q.x.begin(), q.x.end());
  std::vector<double> x(static_cast<std::size_t>(points));
  for (int k = 0; k < points; ++k) x[static_cast<std::size_t>(k)] = *low + (*high - *low) * k / (points - 1);
  return x;
}

std::vector<double> swept_parameter(const QuantitySpec& q, std::span<const double> x, const LinkSpec& link,
                                    Context& context, std::vector<std::string>& warnings) {
  std::size_t stage = 0;
  while (stage < link.stages.size() && link.stages[stage].name != q.sweep.stage) ++stage;
  std::vector<double> values;
  for (const double each : x) {
    Probe probe(with_parameter(link, stage, q.sweep.key, each), context);
    values.push_back(q.observable->compute(probe, q.arguments, {}).front());
    const std::vector<std::string> said = probe.warnings();
    warnings.insert(warnings.end(), said.begin(), said.end());
  }
  const bool same =
      std::all_of(values.begin(), values.end(), [&](double each) { return each == values.front(); });
  if (values.size() > 1 && same)
    warnings.push_back(fmt::format(
        "quantity {}: every value of {}.{} gives the same result; in the chosen mode of the device "
        "it may have no effect",
        q.name, q.sweep.stage, q.sweep.key));
  return values;
}

}  // namespace

std::vector<double> evaluate_quantity(const QuantitySpec& q, std::span<const double> x, const LinkSpec& link,
                                      Probe& probe, Context& context, std::vector<std::string>& warnings) {
  switch (q.sweep.kind) {
    case SweepSpec::Kind::none:
      return q.observable->compute(probe, q.arguments, {});
    case SweepSpec::Kind::abscissa:
      return q.observable->compute(probe, q.arguments, x);
    case SweepSpec::Kind::parameter:
      return swept_parameter(q, x, link, context, warnings);
    case SweepSpec::Kind::argument:
      break;
  }
  std::vector<double> values;
  ObservableArguments arguments = q.arguments;
  for (const double each : x) {
    set(arguments, q.sweep.key, each);
    values.push_back(q.observable->compute(probe, arguments, {}).front());
  }
  return values;
}

LinkPlan::LinkPlan(const CaseSpec& spec, const LinkSpec& link) : link_(link) {
  for (const QuantitySpec& q : spec.quantities) {
    if (q.link != link.name) continue;
    quantities_.push_back(&q);
    fine_x_.push_back(fine_grid(q));
    first_.push_back(names_.size());
    for (std::size_t k = 0; k < q.points() + fine_x_.back().size(); ++k)
      names_.push_back(fmt::format("{}[{}]", q.name, k));
    scale_.insert(scale_.end(), q.tolerance.begin(), q.tolerance.end());
    scale_.resize(names_.size(), q.tolerance.empty() ? 1.0 : q.tolerance.front());
  }
}

LinkPlan::Values LinkPlan::values(const LinkSpec& chosen, Context& context) const {
  Values result;
  result.value.assign(names_.size(), std::numeric_limits<double>::quiet_NaN());
  result.failure.resize(quantities_.size());
  std::unique_ptr<Probe> probe;
  try {
    probe = std::make_unique<Probe>(chosen, context);
  } catch (const Error& error) {  // a stage refuses its parameters
    result.failure.assign(quantities_.size(), error.what());
    return result;
  }
  for (std::size_t k = 0; k < quantities_.size(); ++k) {
    const QuantitySpec& q = *quantities_[k];
    std::vector<double> x = q.x;
    x.insert(x.end(), fine_x_[k].begin(), fine_x_[k].end());
    try {
      const std::vector<double> values = evaluate_quantity(q, x, chosen, *probe, context, result.warnings);
      std::copy(values.begin(), values.end(), result.value.begin() + static_cast<long>(first_[k]));
    } catch (const Error& error) {
      result.failure[k] = error.what();
    }
  }
  const std::vector<std::string> said = probe->warnings();
  result.warnings.insert(result.warnings.end(), said.begin(), said.end());
  std::sort(result.warnings.begin(), result.warnings.end());
  result.warnings.erase(std::unique(result.warnings.begin(), result.warnings.end()), result.warnings.end());
  return result;
}

}  // namespace photonlink
