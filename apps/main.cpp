/// The `photonlink` command: one subcommand per file.
#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <system_error>

#include "command.hpp"
#include "core/error.hpp"
#include "core/memory.hpp"

namespace {

using namespace photonlink;

int fail(app::ExitCode code, const char* what) {
  fmt::print(stderr, "photonlink: {}\n", what);
  return code;
}

/// The command as a shell would take it again, for the provenance of results.
std::string command_line(int argc, char** argv) {
  std::string text = "photonlink";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const bool plain =
        !argument.empty() && argument.find_first_of(" \t\n\"'\\$`*?[]{}()<>|&;#~!") == argument.npos;
    if (plain) {
      text += fmt::format(" {}", argument);
      continue;
    }
    text += " '";
    for (const char c : argument) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += "'";
  }
  return text;
}

int run(int argc, char** argv) {
  CLI::App command(
      "Does the link close, and what does it cost? Optical and copper links compared from device physics.");
  command.set_version_flag("--version", "photonlink " PHOTONLINK_VERSION);
  command.require_subcommand(1);
  command.footer(
      "Exit status: 0 done, 2 bad input, 3 file error, 4 no convergence, 5 a link misses its target "
      "(with --require-closure) or a channel its limit (with --require-pass), 6 a validation case got worse, "
      "130 interrupted.");
  app::Action action;
  app::add_compare(command, action, command_line(argc, argv));
  app::add_run(command, action, command_line(argc, argv));
  app::add_channel(command, action, command_line(argc, argv));
  app::add_com(command, action, command_line(argc, argv));
  app::add_devices(command, action);
  app::add_lint(command, action);
  app::add_schema(command, action);
  app::add_validate(command, action, command_line(argc, argv));
  try {
    command.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are no errors; CLI11's own codes start at 100.
    return command.exit(error) == 0 ? app::ok : app::bad_input;
  }
  const int status = action();
  if (std::fflush(stdout) != 0) throw std::system_error(errno, std::generic_category());
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
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
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(app::io_error, error.what());
  } catch (const std::system_error& error) {  // fmt::print on a full disk
    if (error.code() == std::errc::broken_pipe)
      return app::io_error;  // `photonlink devices | head` is no error worth words
    return fail(app::io_error, fmt::format("standard output: {}", error.what()).c_str());
  } catch (const std::exception& error) {
    return fail(app::internal_error, error.what());
  }
}
