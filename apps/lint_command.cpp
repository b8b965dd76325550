#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "command.hpp"
#include "studies/link_builder.hpp"
#include "studies/study_reader.hpp"
#include "studies/study_schema.hpp"
#include "studies/validation/case_reader.hpp"
#include "studies/validation/case_schema.hpp"

namespace photonlink::app {

namespace {

int lint_case_file(const std::string& path) {
  const auto problems = lint_case(path, device_types(), cards_folder());
  for (const std::string& problem : problems) fmt::print(stderr, "{}\n", problem);
  if (!problems.empty()) return bad_input;
  for (const LinkSpec& link : read_case(path, device_types(), cards_folder()).links) build_stages(link);
  fmt::print("{}: no problem found\n", path);
  return ok;
}

}  // namespace

void add_lint(CLI::App& app, Action& action) {
  auto study = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("lint", "Check a study file or a validation case without running it");
  command->add_option("study", *study, "Study file, or the case.toml of a case (TOML or JSON)")->required();
  command->callback([=, &action] {
    action = [=] {
      if (std::filesystem::path(*study).stem() == "case") return lint_case_file(*study);
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
  auto kind = std::make_shared<std::string>("study");
  CLI::App* command =
      app.add_subcommand("schema", "Print the JSON Schema of study files or validation cases, for editors");
  command->add_option("kind", *kind, "study or case")
      ->check(CLI::IsMember({"study", "case"}))
      ->capture_default_str();
  command->callback([=, &action] {
    action = [=] {
      fmt::print("{}\n", *kind == "case" ? case_schema(device_types()) : study_schema(device_types()));
      return static_cast<int>(ok);
    };
  });
}

}  // namespace photonlink::app
