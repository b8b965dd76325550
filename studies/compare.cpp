#include "studies/compare.hpp"

#include <fmt/format.h>

#include <functional>

#include "core/parallel.hpp"
#include "io/atomic_file.hpp"
#include "solvers/evaluate.hpp"
#include "studies/link_builder.hpp"
#include "studies/operating_point.hpp"
#include "studies/pictures/pictures.hpp"
#include "studies/result_hdf5.hpp"

namespace photonlink {
namespace {

void report(Context& context, const std::string& text, double fraction) {
  if (context.progress) context.progress(text, fraction);
}

// What the study had to assume, as text in the units of each key.
std::vector<AssumedInput> assumed_inputs(const LinkSpec& spec) {
  std::vector<AssumedInput> inputs;
  for (const StageSpec& stage : spec.stages) {
    for (const Assumption& assumption : stage.assumed) {
      for (const FieldInfo& field : find_device(stage.device)->fields) {
        if (field.name != assumption.key) continue;
        ParameterValue value = field.default_value;
        for (const auto& [key, given] : stage.parameters)
          if (key == assumption.key) value = given;
        inputs.push_back({stage.name, field.name, format_value(value, field.unit),
                          format_value(assumption.low, field.unit), format_value(assumption.high, field.unit),
                          assumption.source});
      }
    }
  }
  return inputs;
}

}  // namespace

std::vector<LinkResult> compare(const Study& asked, const CompareOptions& options, Context& context) {
  const Study study = at_operating_points(asked, context);
  std::vector<std::shared_ptr<const Link>> links;
  links.reserve(study.links.size());
  for (const LinkSpec& spec : study.links) links.push_back(build_link(spec));
  std::vector<LinkResult> results;
  for (std::size_t i = 0; i < links.size(); ++i) {
    report(context, links[i]->title, static_cast<double>(i) / static_cast<double>(links.size()));
    results.push_back(evaluate(links[i], {options.pictures, options.solver}, context));
    results.back().assumed = assumed_inputs(study.links[i]);
    results.back().operating_point = study.links[i].chosen;
  }
  return results;
}

void write_results(const std::vector<LinkResult>& results, const Provenance& provenance,
                   const std::string& folder, Context& context) {
  report(context, "writing results", 1.0);
  AtomicFolder target(folder);
  const std::string inside = target.temporary_path() + "/";
  std::vector<std::function<void()>> pictures;
  for (const LinkResult& result : results) {
    const std::string stem = inside + result.name;
    if (result.eye.time_bins > 0) {
      pictures.push_back([&result, stem] { pictures::draw_eye(result, stem + "_eye"); });
      pictures.push_back([&result, stem] { pictures::draw_bathtub(result, stem + "_bathtub"); });
      pictures.push_back([&result, stem] { pictures::draw_pulse(result, stem + "_pulse"); });
    }
    pictures.push_back([&result, stem] { pictures::draw_budget(result, stem + "_budget"); });
    if (!result.penalties.empty())
      pictures.push_back([&result, stem] { pictures::draw_penalties(result, stem + "_penalties"); });
  }
  pictures.push_back([&] { pictures::draw_comparison(results, inside + "comparison"); });
  parallel_for(pictures.size(), context, [&](std::size_t i) { pictures[i](); });
  write_result_json(results, provenance, inside + "result.json");
  write_result_hdf5(results, provenance, inside + "result.h5");
  target.commit();
}

}  // namespace photonlink
