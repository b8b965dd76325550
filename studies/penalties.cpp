#include "studies/penalties.hpp"

#include <algorithm>
#include <cmath>

#include "core/parallel.hpp"
#include "solvers/evaluate.hpp"
#include "studies/link_builder.hpp"

namespace photonlink {
namespace {

struct Effect {
  std::size_t stage;
  std::string key;
  ParameterValue ideal;
};

ParameterValue value_of(const StageSpec& stage, const FieldInfo& field) {
  for (const auto& [key, value] : stage.parameters)
    if (key == field.name) return value;
  return field.default_value;
}

// Every scalar that has an ideal value and does not stand at it.
std::vector<Effect> effects_of(const LinkSpec& spec) {
  std::vector<Effect> effects;
  for (std::size_t i = 0; i < spec.stages.size(); ++i) {
    for (const FieldInfo& field : find_device(spec.stages[i].device)->fields) {
      const ParameterValue value = value_of(spec.stages[i], field);
      if (!field.ideal || !std::holds_alternative<double>(value) || std::get<double>(value) == *field.ideal)
        continue;
      effects.push_back({i, field.name, *field.ideal});
    }
  }
  return effects;
}

double margin(const LinkSpec& spec, Context& context) {
  return evaluate(build_link(spec), {.pictures = false}, context).noise_margin_dB;
}

}  // namespace

PenaltyReport penalties(const LinkSpec& spec, Context& context) {
  const auto effects = effects_of(spec);
  std::vector<double> gain(effects.size());
  PenaltyReport report;
  report.margin_dB = margin(spec, context);
  parallel_for(effects.size(), context, [&](std::size_t i) {
    gain[i] = margin(with_parameter(spec, effects[i].stage, effects[i].key, effects[i].ideal), context) -
              report.margin_dB;
  });
  LinkSpec ideal = spec;
  for (const Effect& effect : effects) ideal = with_parameter(ideal, effect.stage, effect.key, effect.ideal);
  // With no Gaussian source left the margin has no meaning and stays NaN.
  report.ideal_margin_dB = margin(ideal, context);
  double sum = 0.0;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    sum += gain[i];
    if (!(std::abs(gain[i]) < 0.005))
      report.penalties.push_back({spec.stages[effects[i].stage].name, effects[i].key, gain[i]});
  }
  std::sort(report.penalties.begin(), report.penalties.end(),
            [](const Penalty& a, const Penalty& b) { return a.dB > b.dB; });
  report.interaction_dB = report.ideal_margin_dB - report.margin_dB - sum;
  return report;
}

}  // namespace photonlink
