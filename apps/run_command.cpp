#include <fmt/format.h>

#include <memory>

#include "command.hpp"
#include "core/error.hpp"
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
      study.name += "_" + name;
      return study;
    }
    names += (names.empty() ? "" : ", ") + link.name;
  }
  throw ConfigError(fmt::format("{}: no link '{}'; its links are: {}", study.path, name, names));
}

// The penalties themselves stand in the table.
std::string penalty_text(const PenaltyReport& report) {
  return fmt::format(
      "\nPenalties: gain in noise margin when one effect alone is ideal; interaction {:+.2f} dB (all ideal: "
      "margin {:.2f} dB)\n",
      report.interaction_dB, report.ideal_margin_dB);
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  auto options = std::make_shared<RunOptions>();
  auto link = std::make_shared<std::string>();
  auto with_penalties = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("run", "Evaluate one link of a study");
  add_run_options(*command, *options);
  command->add_option("link", *link, "Name of the link")->required();
  command->add_flag("--penalties", *with_penalties, "What each effect costs, one more evaluation per effect");
  command->callback([=, &action] {
    action = [=] {
      const Study study = only_link(read_study(options->study, device_types(), cards_folder()), *link);
      Context context(thread_count(*options));
      show_progress(context, *options);
      auto results = compare(study, {.pictures = true, .solver = options->solver}, context);
      std::string extra;
      if (*with_penalties) {
        const PenaltyReport report = penalties(study.links.front(), context);
        results.front().penalties = report.penalties;
        extra = penalty_text(report);
      }
      return deliver(results, study, *options, context, extra);
    };
  });
}

}  // namespace photonlink::app
