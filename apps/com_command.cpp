#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "core/error.hpp"
#include "io/text_file.hpp"
#include "studies/com/com_figures.hpp"
#include "studies/com/com_json.hpp"
#include "studies/com/com_table.hpp"
#include "studies/com/write_com.hpp"

namespace photonlink::app {
namespace {

struct ComOptions {
  ComRequest request;
  std::vector<int> port_map;
  std::string out, command_line;
  int threads = 0;
  bool json = false, quiet = false, require_pass = false;
};

ComRequest request_of(const ComOptions& options) {
  ComRequest request = options.request;
  if (options.port_map.empty()) return request;
  request.port_map = port_map_of(options.port_map);
  return request;
}

/// results/<through>_com, the name up to its first point.
std::string default_folder(const std::string& file) {
  const std::string name = file.substr(file.find_last_of('/') + 1);
  return "results/" + name.substr(0, name.find('.')) + "_com";
}

int run(const ComOptions& options) {
  const ComRequest request = request_of(options);
  const std::string folder = free_folder(options.out.empty() ? default_folder(request.through) : options.out,
                                         {"result.json", "result.h5"});
  Context context(thread_count(options.threads));
  show_progress(context, options.quiet);
  const ComRun result = run_com(request, context);
  const Provenance provenance{"com",
                              result.parameters.title,
                              text_of_file(request.configuration),
                              PHOTONLINK_VERSION,
                              PHOTONLINK_BUILD,
                              options.command_line,
                              {}};
  write_com(result, provenance, folder, context);
  if (options.json) {
    fmt::print("{}\n", to_json(result, provenance).dump(2));
  } else if (!options.quiet) {
    const int width = isatty(STDOUT_FILENO) ? terminal_width() : 0;
    fmt::print("{}Results: {}/\n",
               com_table(result, colored_output() ? TableColor::ansi : TableColor::plain, width), folder);
  }
  return options.require_pass && !passes(result) ? misses_target : ok;
}

}  // namespace

void add_com(CLI::App& app, Action& action, const std::string& command_line) {
  auto options = std::make_shared<ComOptions>();
  options->command_line = command_line;
  CLI::App* command =
      app.add_subcommand("com", "Channel operating margin of a channel file (IEEE 802.3 Annex 93A)");
  ComRequest& request = options->request;
  command
      ->add_option("configuration", request.configuration, "Configuration (TOML or JSON), see examples/com")
      ->required();
  command->add_option("through", request.through, "Touchstone file of the through path, .s4p or .s4p.gz")
      ->required();
  command->add_option("--fext", request.fext, "File of a far-end aggressor (repeat for more)")
      ->allow_extra_args(false);
  command->add_option("--next", request.next, "File of a near-end aggressor (repeat for more)")
      ->allow_extra_args(false);
  command
      ->add_option("--mode", request.mode,
                   "standard: the annex; script-4.50, script-3.70: as the IEEE script does")
      ->check(CLI::IsMember(com::mode_names()))
      ->capture_default_str();
  add_port_map_option(*command, options->port_map, "1,3,2,4");
  command->add_option("-o,--out", options->out,
                      "Folder for the results, replaced as a whole (default: results/<through>_com)");
  add_threads_option(*command, options->threads);
  command->add_flag("--json", options->json, "Print the results as JSON to standard output");
  command->add_flag("-q,--quiet", options->quiet, "Print no table");
  command->add_flag("--require-pass", options->require_pass,
                    "Exit with 5 when COM, ERL, VEC or eye height miss a limit");
  command->callback([options, &action] { action = [options] { return run(*options); }; });
}

}  // namespace photonlink::app
