#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "command.hpp"
#include "studies/com_reader.hpp"
#include "studies/link_builder.hpp"
#include "studies/study_reader.hpp"
#include "studies/study_schema.hpp"
#include "studies/validation/case_reader.hpp"
#include "studies/validation/case_schema.hpp"

namespace photonlink::app {

namespace {

/// Prints what was found; true when nothing was.
bool is_clean(const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) fmt::print(stderr, "{}\n", problem);
  return problems.empty();
}

// Beyond the file itself: what only the stages can tell, values that contradict each other, channel contents.

bool check_case_file(const std::string& path) {
  if (!is_clean(lint_case(path, device_types(), cards_folder()))) return false;
  for (const LinkSpec& link : read_case(path, device_types(), cards_folder()).links) build_stages(link);
  return true;
}

bool check_study(const std::string& path) {
  if (!is_clean(lint_study(path, device_types(), cards_folder()))) return false;
  for (const LinkSpec& link : read_study(path, device_types(), cards_folder()).links) build_link(link);
  return true;
}

int lint(const std::string& path) {
  const bool clean = std::filesystem::path(path).stem() == "case" ? check_case_file(path)
                     : is_com_configuration(path)                 ? is_clean(lint_com(path))
                                                                  : check_study(path);
  if (clean) fmt::print("{}: no problem found\n", path);
  return clean ? ok : bad_input;
}

std::string schema_of(const std::string& kind) {
  if (kind == "com") return com_schema();
  return kind == "case" ? case_schema(device_types()) : study_schema(device_types());
}

}  // namespace

void add_lint(CLI::App& app, Action& action) {
  auto file = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "lint", "Check a study file, a validation case or a configuration of COM without running it");
  command
      ->add_option("file", *file, "Study file, case.toml of a case, or configuration of `com` (TOML or JSON)")
      ->required();
  command->callback([=, &action] { action = [=] { return lint(*file); }; });
}

void add_schema(CLI::App& app, Action& action) {
  auto kind = std::make_shared<std::string>("study");
  CLI::App* command = app.add_subcommand(
      "schema",
      "Print the JSON Schema of study files, validation cases or configurations of COM, for editors");
  command->add_option("kind", *kind, "study, case or com")
      ->check(CLI::IsMember({"study", "case", "com"}))
      ->capture_default_str();
  command->callback([=, &action] {
    action = [=] {
      fmt::print("{}\n", schema_of(*kind));
      return static_cast<int>(ok);
    };
  });
}

}  // namespace photonlink::app
