/// What the subcommands share: options, exit codes, terminal manners.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "network/port_map.hpp"
#include "studies/compare.hpp"

namespace photonlink::app {

/// Exit status of the command, documented in docs/command.md.
enum ExitCode {
  ok = 0,
  internal_error = 1,
  bad_input = 2,      ///< usage, or what a study or card says
  io_error = 3,       ///< a file cannot be read or written, or is damaged: TOML, JSON or Touchstone syntax
  not_converged = 4,  ///< a solver gave up
  misses_target =
      5,         ///< with --require-closure: a link misses its target; --require-pass: a channel its limit
  got_worse = 6  ///< a validation case is worse than its recorded state
};

/// Options of every subcommand that evaluates links.
struct RunOptions {
  std::string study, out;
  Solver solver = Solver::pattern;
  std::string command_line;  ///< as given, for the provenance of the results
  int threads = 0;           ///< 0: all cores
  bool json = false, quiet = false, require_closure = false;
};
void add_run_options(CLI::App& app, RunOptions& options);
void add_threads_option(CLI::App& app, int& threads);
/// `--port-map` of channel files.
void add_port_map_option(CLI::App& app, std::vector<int>& ports, const std::string& default_text);
/// @throws ConfigError unless the option names four different ports
PortMap port_map_of(const std::vector<int>& ports);
/// `asked`, or PHOTONLINK_THREADS when it is 0, or all cores. @throws ConfigError when the variable is no
/// such number.
int thread_count(int asked);
/// Where results go, checked before anything is computed: writable, and free of files that the results would
/// replace without being results (`result_files`, and pictures beside one of them); no link. @throws
/// ConfigError, IoError
std::string free_folder(const std::string& folder, const std::vector<std::string>& result_files);
std::string output_folder(const RunOptions& options, const Study& study);
/// Progress goes to the terminal, if standard error is one, after the first second.
void show_progress(Context& context, bool quiet);
/// Colours: standard output is a terminal and NO_COLOR is not set.
bool colored_output();
int terminal_width();
/// Folder of data: the variable of the environment, or else the source tree this was built from, or else the
/// installed one. @throws IoError when there is none.
std::string data_folder(const char* variable, const char* source, const char* installed, const char* what);
std::string cards_folder();
Provenance provenance_of(const Study& study, const std::string& command_line);
/// Table or JSON to standard output, results into the folder; returns the exit status.
int deliver(const std::vector<LinkResult>& results, const Study& study, const RunOptions& options,
            const std::string& folder, Context& context, const std::string& extra_text = "");

// One subcommand each; they set `action` when chosen.
using Action = std::function<int()>;
void add_channel(CLI::App& app, Action& action, const std::string& command_line);
void add_com(CLI::App& app, Action& action, const std::string& command_line);
void add_compare(CLI::App& app, Action& action, const std::string& command_line);
void add_run(CLI::App& app, Action& action, const std::string& command_line);
void add_devices(CLI::App& app, Action& action);
void add_lint(CLI::App& app, Action& action);
void add_schema(CLI::App& app, Action& action);
void add_validate(CLI::App& app, Action& action, const std::string& command_line);

}  // namespace photonlink::app
