#include <memory>

#include "command.hpp"
#include "studies/study_reader.hpp"

namespace photonlink::app {

void add_compare(CLI::App& app, Action& action) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("compare", "Evaluate all links of a study and compare them");
  add_run_options(*command, *options);
  command->callback([options, &action] {
    action = [options] {
      const Study study = read_study(options->study, device_types(), cards_folder());
      Context context(thread_count(*options));
      show_progress(context, *options);
      return deliver(compare(study, {.pictures = true, .solver = options->solver}, context), study, *options,
                     context);
    };
  });
}

}  // namespace photonlink::app
