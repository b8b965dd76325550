#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "command.hpp"
#include "core/error.hpp"
#include "studies/assumption_band.hpp"
#include "studies/operating_point.hpp"
#include "studies/penalties.hpp"
#include "studies/study_reader.hpp"

namespace photonlink::app {
namespace {

// The study with one link only; its results get a folder of their own.
Study only_link(Study study, const std::string& name) {
  std::string names;
  for (const LinkSpec& link : study.links) {
    if (link.name == name) {
      const LinkSpec chosen = link;
      study.links = {chosen};
      study.paths.clear();
      study.name += "_" + name;
      return study;
    }
    names += (names.empty() ? "" : ", ") + link.name;
  }
  throw ConfigError(fmt::format("{}: no link '{}'; its links are: {}", study.path, name, names));
}

const FieldInfo& field_of(const StageSpec& stage, const std::string& key) {
  const auto& fields = find_device(stage.device)->fields;
  return *std::find_if(fields.begin(), fields.end(),
                       [&](const FieldInfo& field) { return field.name == key; });
}

// The penalties themselves stand in the table.
std::string penalty_text(const PenaltyReport& report) {
  return fmt::format(
      "\nPenalties: gain in noise margin when one effect alone is ideal; interaction {:+.2f} dB (all ideal: "
      "margin {:.2f} dB)\n",
      report.interaction_dB, report.ideal_margin_dB);
}

std::string band_text(const AssumptionBand& band, const LinkSpec& spec) {
  std::string text =
      fmt::format("\nBand of the assumed inputs ({} evaluations)\n  {:<28}{:>12}{:>12}{:>12}{:>12}{:>12}\n",
                  band.evaluations, "", "nominal", "one: low", "one: high", "all: low", "all: high");
  for (const ObservableBand& row : band.observables)
    text += fmt::format("  {:<28}{:>12.4g}{:>12.4g}{:>12.4g}{:>12.4g}{:>12.4g}\n", row.name, row.nominal,
                        row.single_low, row.single_high, row.low, row.high);
  if (!band.refused.empty()) text += "\nRefused, and left out of the band\n";
  for (const RefusedEnds& each : band.refused) text += fmt::format("  {}: {}\n", each.ends, each.message);
  text += "\nWhat was assumed\n";
  for (const AssumptionEffect& effect : band.effects) {
    const FieldInfo& field = field_of(spec.stages[effect.stage], effect.key);
    text += fmt::format("  {}: {} from {} to {} ({})\n", effect.stage_name, effect.key,
                        format_value(effect.low, field.unit), format_value(effect.high, field.unit),
                        effect.source);
  }
  return text;
}

}  // namespace

void add_run(CLI::App& app, Action& action, const std::string& command_line) {
  auto options = std::make_shared<RunOptions>();
  options->command_line = command_line;
  auto link = std::make_shared<std::string>();
  auto with_penalties = std::make_shared<bool>(false), with_band = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("run", "Evaluate one link of a study");
  add_run_options(*command, *options);
  command->add_option("link", *link, "Name of the link")->required();
  command->add_flag("--penalties", *with_penalties, "What each effect costs, one more evaluation per effect");
  command->add_flag("--band", *with_band,
                    "What the assumed inputs leave open, two more evaluations per assumption");
  command->callback([=, &action] {
    action = [=] {
      const Study asked = only_link(read_study(options->study, device_types(), cards_folder()), *link);
      const std::string folder = output_folder(*options, asked);
      Context context(thread_count(options->threads));
      show_progress(context, options->quiet);
      const Study study = at_operating_points(asked, context);
      auto results = compare(study, {.pictures = true, .solver = options->solver}, context);
      std::string extra;
      if (*with_penalties) {
        const PenaltyReport report = penalties(study.links.front(), context);
        results.front().penalties = report.penalties;
        extra += penalty_text(report);
      }
      if (*with_band) {
        const LinkSpec& spec = study.links.front();
        extra += band_text(assumption_band(spec, standard_observables(spec), context), spec);
      }
      return deliver(results, study, *options, folder, context, extra);
    };
  });
}

}  // namespace photonlink::app
