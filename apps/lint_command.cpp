#include <fmt/format.h>

#include <memory>

#include "command.hpp"
#include "studies/link_builder.hpp"
#include "studies/study_reader.hpp"
#include "studies/study_schema.hpp"

namespace photonlink::app {

void add_lint(CLI::App& app, Action& action) {
  auto study = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("lint", "Check a study file without running it");
  command->add_option("study", *study, "Study file (TOML or JSON)")->required();
  command->callback([=, &action] {
    action = [=] {
      const auto problems = lint_study(*study, device_types(), cards_folder());
      for (const std::string& problem : problems) fmt::print(stderr, "{}\n", problem);
      if (!problems.empty()) return static_cast<int>(bad_input);
      // What only the stages themselves can tell: values that contradict each other, channel contents.
      for (const LinkSpec& link : read_study(*study, device_types(), cards_folder()).links) build_link(link);
      fmt::print("{}: no problem found\n", *study);
      return static_cast<int>(ok);
    };
  });
}

void add_schema(CLI::App& app, Action& action) {
  app.add_subcommand("schema", "Print the JSON Schema of study files, for editors")->callback([&action] {
    action = [] {
      fmt::print("{}\n", study_schema(device_types()));
      return static_cast<int>(ok);
    };
  });
}

}  // namespace photonlink::app
