#include "studies/compare.hpp"

#include <fmt/format.h>

#include <functional>

#include "core/parallel.hpp"
#include "io/atomic_file.hpp"
#include "solvers/evaluate.hpp"
#include "studies/link_builder.hpp"
#include "studies/locking.hpp"
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

// The loop over its ramp, and a warning where it does not hold.
void add_locking(const LinkSpec& spec, LinkResult& result, Context& context) {
  result.locking = lock_over_ramp(spec, context);
  const LockingResult& locking = result.locking;
  if (locking.stage.empty()) return;
  if (!locking.holds)
    result.warnings.push_back(
        {locking.stage,
         fmt::format("the locking loop leaves up to {} and a bit error ratio of {:.1e} over the "
                     "ramp, {:.1e} is required",
                     format_quantity(locking.worst_offset_Hz, Quantity::frequency), locking.worst_ber,
                     result.required_ber_before_fec)});
  if (locking.at_limit > 0.0)
    result.warnings.push_back(
        {locking.stage, fmt::format("a heater stands at an end of its range over {:.2g} % of the ramp",
                                    100.0 * locking.at_limit)});
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
    add_locking(study.links[i], results.back(), context);
  }
  return results;
}

void write_results(const std::vector<LinkResult>& results, const Provenance& provenance,
                   const std::string& folder, Context& context, const std::vector<PathResult>& paths) {
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
    if (!result.locking.stage.empty())
      pictures.push_back([&result, stem] { pictures::draw_locking(result, stem + "_locking"); });
    if (!result.penalties.empty())
      pictures.push_back([&result, stem] { pictures::draw_penalties(result, stem + "_penalties"); });
  }
  pictures.push_back([&] { pictures::draw_comparison(results, inside + "comparison"); });
  parallel_for(pictures.size(), context, [&](std::size_t i) { pictures[i](); });
  write_result_json(results, provenance, inside + "result.json", paths);
  write_result_hdf5(results, provenance, inside + "result.h5", paths);
  target.commit();
}

}  // namespace photonlink
