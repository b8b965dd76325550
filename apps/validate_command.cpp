#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "command.hpp"
#include "core/error.hpp"
#include "studies/validation/case_reader.hpp"
#include "studies/validation/observable_help.hpp"
#include "studies/validation/record_report.hpp"
#include "studies/validation/recorded_state.hpp"
#include "studies/validation/report_json.hpp"
#include "studies/validation/report_table.hpp"
#include "studies/validation/validate.hpp"
#include "studies/validation/write_report.hpp"

namespace photonlink::app {
namespace {

struct ValidateOptions {
  std::vector<std::string> cases;
  std::string folder, out;
  int threads = 0;
  bool json = false, quiet = false, record = false, list = false, observables = false;
  std::string command_line;
};

/// The option first, then the environment, the source tree, the installed data.
std::string cases_folder(const std::string& option) {
  return option.empty() ? data_folder("PHOTONLINK_VALIDATION", PHOTONLINK_SOURCE_VALIDATION,
                                      PHOTONLINK_INSTALLED_VALIDATION, "validation cases")
                        : option;
}

/// All case files are read before the first one runs, so that every problem of every file is told at once.
std::vector<CaseSpec> read_cases(const std::string& folder, const ValidateOptions& options) {
  const std::vector<std::string> names = options.cases.empty() ? list_cases(folder) : options.cases;
  if (names.empty())
    throw ConfigError(fmt::format(
        "'{}': no folder in it holds a case.toml; give the folder of the cases with --cases", folder));
  std::vector<CaseSpec> cases;
  std::string problems;
  std::set<std::string> asked;
  for (const std::string& name : names) {
    if (!asked.insert(name).second) continue;
    try {
      cases.push_back(read_case(case_path(folder, name), device_types(), cards_folder()));
    } catch (const ConfigError& error) {
      problems += (problems.empty() ? "" : "\n") + std::string(error.what());
    }
  }
  if (!problems.empty()) throw ConfigError(problems);
  return cases;
}

int list(const std::string& folder) {
  for (const std::string& name : list_cases(folder)) {
    const CaseSpec spec = read_case(case_path(folder, name), device_types(), cards_folder());
    fmt::print("{:<10} {:<24} {}\n", spec.name, spec.family, spec.title);
  }
  return ok;
}

int validate(const ValidateOptions& options) {
  if (options.observables) {
    fmt::print("{}", observable_list_text(isatty(STDOUT_FILENO) ? terminal_width() : 0));
    return ok;
  }
  const std::string folder = cases_folder(options.folder);
  if (options.list) return list(folder);
  const std::vector<CaseSpec> cases = read_cases(folder, options);
  const std::string out = free_folder(options.out.empty() ? "results/validation" : options.out,
                                      {"validation.json", "validation.h5", "report.html"});
  const std::string record_file = folder + "/recorded.json";
  const RecordedState recorded = read_recorded(record_file);
  Context context(thread_count(options.threads));
  show_progress(context, options.quiet);
  const ValidationReport report =
      run_cases(cases, options.cases.empty() ? Run::all_cases : Run::some_cases, recorded, context);
  Provenance provenance{"validation",
                        "Validation against published measurements",
                        {},
                        PHOTONLINK_VERSION,
                        PHOTONLINK_BUILD,
                        options.command_line,
                        {}};

  write_report(report, provenance, out, context);
  if (options.record) record_report(report, recorded, folder);
  if (options.json) {
    fmt::print("{}\n", to_json(report, provenance).dump(2));
  } else if (!options.quiet) {
    const int width = isatty(STDOUT_FILENO) ? terminal_width() : 0;
    fmt::print("{}\nReport: {}/report.html\n",
               report_table(report, colored_output() ? TableColor::ansi : TableColor::plain, width), out);
    if (options.record) fmt::print("Recorded: {}\n", record_file);
  }
  return report.worse() && !options.record ? got_worse : ok;
}

}  // namespace

void add_validate(CLI::App& app, Action& action, const std::string& command_line) {
  auto options = std::make_shared<ValidateOptions>();
  options->command_line = command_line;
  CLI::App* command = app.add_subcommand("validate", "Hold the models against published measurements");
  command->add_option("cases", options->cases, "Cases to run (default: all)");
  command->add_option("--cases", options->folder,
                      "Folder of the cases (default: PHOTONLINK_VALIDATION, or those of this program)");
  command->add_option("-o,--out", options->out,
                      "Folder for the report, replaced as a whole (default: results/validation)");
  add_threads_option(*command, options->threads);
  command->add_flag("--list", options->list, "List the cases and stop");
  command->add_flag("--observables", options->observables, "List what a case can compute and stop");
  command->add_flag("--json", options->json, "Print the report as JSON to standard output");
  command->add_flag("-q,--quiet", options->quiet, "Print no table");
  command->add_flag(
      "--record", options->record,
      "Write verdicts, tables and pictures beside the cases as the state that later runs are held against");
  command->callback([options, &action] { action = [options] { return validate(*options); }; });
}

}  // namespace photonlink::app
