/// The `photonlink` command: one subcommand per file.
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "command.hpp"
#include "core/error.hpp"

namespace {

using namespace photonlink;

int fail(app::ExitCode code, const char* what) {
  fmt::print(stderr, "photonlink: {}\n", what);
  return code;
}

int run(int argc, char** argv) {
  CLI::App command(
      "Does the link close, and what does it cost? Optical and copper links compared from device physics.");
  command.set_version_flag("--version", "photonlink " PHOTONLINK_VERSION);
  command.require_subcommand(1);
  command.footer(
      "Exit status: 0 done, 2 bad input, 3 file error, 4 no convergence, 5 a link misses its target "
      "(with --require-closure), 130 interrupted.");
  app::Action action;
  app::add_compare(command, action);
  app::add_run(command, action);
  app::add_devices(command, action);
  app::add_lint(command, action);
  app::add_schema(command, action);
  try {
    command.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are no errors; CLI11's own codes start at 100.
    return command.exit(error) == 0 ? app::ok : app::bad_input;
  }
  return action();
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGINT, [](int) { std::_Exit(130); });
  try {
    return run(argc, argv);
  } catch (const ConfigError& error) {
    return fail(app::bad_input, error.what());
  } catch (const DomainError& error) {
    return fail(app::bad_input, error.what());
  } catch (const IoError& error) {
    return fail(app::io_error, error.what());
  } catch (const Error& error) {
    return fail(app::not_converged, error.what());
  } catch (const std::exception& error) {
    return fail(app::internal_error, error.what());
  }
}
