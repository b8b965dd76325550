#include <memory>

#include "command.hpp"
#include "studies/study_reader.hpp"

namespace photonlink::app {

void add_compare(CLI::App& app, Action& action, const std::string& command_line) {
  auto options = std::make_shared<RunOptions>();
  options->command_line = command_line;
  CLI::App* command = app.add_subcommand("compare", "Evaluate all links of a study and compare them");
  add_run_options(*command, *options);
  command->callback([options, &action] {
    action = [options] {
      const Study study = read_study(options->study, device_types(), cards_folder());
      const std::string folder = output_folder(*options, study);
      Context context(thread_count(options->threads));
      show_progress(context, options->quiet);
      return deliver(compare(study, {.pictures = true, .solver = options->solver}, context), study, *options,
                     folder, context);
    };
  });
}

}  // namespace photonlink::app
