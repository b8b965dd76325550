/// What the subcommands share: options, exit codes, terminal manners.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "core/context.hpp"
#include "studies/compare.hpp"

namespace photonlink::app {

/// Exit status of the command, documented in docs/command.md.
enum ExitCode {
  ok = 0,
  internal_error = 1,
  bad_input = 2,      ///< usage, study, card or channel contents
  io_error = 3,       ///< a file cannot be read or written
  not_converged = 4,  ///< a solver gave up
  misses_target = 5   ///< with --require-closure: a link misses its target
};

/// Options of every subcommand that evaluates links.
struct RunOptions {
  std::string study, out, solver = "pattern";
  int threads = 0;  ///< 0: all cores
  bool json = false, quiet = false, require_closure = false;
};
void add_run_options(CLI::App& app, RunOptions& options);
int thread_count(const RunOptions& options);
/// A context whose progress goes to the terminal, if standard error is one, after the first second.
void show_progress(Context& context, const RunOptions& options);
/// Colours: standard output is a terminal and NO_COLOR is not set.
bool colored_output();
int terminal_width();
std::string cards_folder();
Provenance provenance_of(const Study& study);
/// Table or JSON to standard output, results into the folder; returns the exit status.
int deliver(const std::vector<LinkResult>& results, const Study& study, const RunOptions& options,
            Context& context, const std::string& extra_text = "");

// One subcommand each; they set `action` when chosen.
using Action = std::function<int()>;
void add_compare(CLI::App& app, Action& action);
void add_run(CLI::App& app, Action& action);
void add_devices(CLI::App& app, Action& action);
void add_lint(CLI::App& app, Action& action);
void add_schema(CLI::App& app, Action& action);

}  // namespace photonlink::app
