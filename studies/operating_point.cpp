#include "studies/operating_point.hpp"

#include <algorithm>
#include <cmath>

#include "solvers/bounded_search.hpp"
#include "solvers/evaluate.hpp"
#include "studies/link_builder.hpp"

namespace photonlink {
namespace {

constexpr double no_margin_dB = -50.0;  // below every margin, which end at 40 dB

struct Place {
  std::size_t stage = 0;
  const FieldInfo* field = nullptr;
};

// Falls with the error ratio where there is no margin: 10 dB a decade.
double margin_dB(const LinkResult& result) {
  const double margin = result.optical ? result.loss_margin_dB : result.noise_margin_dB;
  return std::isfinite(margin) ? margin : no_margin_dB - 10.0 * std::log10(result.ber_before_fec / 1e-60);
}

class Chooser {
 public:
  Chooser(const LinkSpec& spec, Context& context) : spec_(spec), context_(context) {
    for (std::size_t i = 0; i < spec.stages.size(); ++i)
      for (const Variation& each : spec.stages[i].vary) add(i, each);
  }

  LinkSpec choose() const {
    const bool least_energy = spec_.operating_point.goal == "least_energy";
    const SearchResult found = bounded_search(
        ranges_,
        [&](std::span<const double> value) {
          const LinkResult result = evaluate(build_link(with(value)), {.pictures = false}, context_);
          const double margin = margin_dB(result);
          if (!least_energy) return SearchValue{-margin, 0.0};
          return SearchValue{result.energy.with_host_J_per_bit, margin - spec_.operating_point.margin_dB};
        },
        {}, context_);
    LinkSpec chosen = with(found.value);
    chosen.chosen = {.goal = spec_.operating_point.goal,
                     .margin_dB = least_energy ? spec_.operating_point.margin_dB : not_computed,
                     .keeps_margin = found.keeps_demand,
                     .converged = found.converged,
                     .evaluations = found.evaluations,
                     .value = {}};
    for (std::size_t k = 0; k < places_.size(); ++k)
      chosen.chosen.value.push_back({spec_.stages[places_[k].stage].name, places_[k].field->name,
                                     format_value(found.value[k], places_[k].field->unit),
                                     found.at_bound[k]});
    return chosen;
  }

 private:
  void add(std::size_t stage, const Variation& variation) {
    const auto& fields = find_device(spec_.stages[stage].device)->fields;
    const FieldInfo& field = *std::find_if(fields.begin(), fields.end(),
                                           [&](const FieldInfo& each) { return each.name == variation.key; });
    const ParameterValue* given = find_value(spec_.stages[stage].parameters, variation.key);
    const double start = std::get<double>(given != nullptr ? *given : field.default_value);
    places_.push_back({stage, &field});
    ranges_.push_back({std::clamp(start, variation.low, variation.high), variation.low, variation.high});
  }

  LinkSpec with(std::span<const double> value) const {
    LinkSpec spec = spec_;
    for (std::size_t k = 0; k < places_.size(); ++k)
      set_value(spec.stages[places_[k].stage].parameters, places_[k].field->name, value[k]);
    return spec;
  }

  const LinkSpec& spec_;
  Context& context_;
  std::vector<Place> places_;
  std::vector<SearchRange> ranges_;
};

}  // namespace

LinkSpec at_operating_point(LinkSpec spec, Context& context) {
  if (spec.operating_point.goal == "none" || !spec.chosen.goal.empty()) return spec;
  return Chooser(spec, context).choose();
}

Study at_operating_points(Study study, Context& context) {
  for (LinkSpec& link : study.links) link = at_operating_point(std::move(link), context);
  return study;
}

}  // namespace photonlink
