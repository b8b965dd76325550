#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "core/error.hpp"
#include "core/quantity.hpp"
#include "network/touchstone.hpp"
#include "studies/channel/channel_json.hpp"
#include "studies/channel/channel_table.hpp"
#include "studies/channel/write_channel.hpp"

namespace photonlink::app {
namespace {

struct ChannelOptions {
  ChannelRequest request;
  std::vector<int> port_map;
  std::vector<std::string> enforce;
  std::string skew, rate, rise_time, receiver_bandwidth, tdr_rise_time, amplitude;
  std::string write, reference, out, command_line;
  int threads = 0;
  bool json = false, quiet = false;
};

/// SI value of an option, 0 when it is not given. @throws ConfigError naming the option
double value_of(const char* option, const std::string& text, Quantity kind) {
  if (text.empty()) return 0.0;
  try {
    const double value = parse_quantity(text, kind);
    if (value > 0.0) return value;
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("{}: {}", option, error.what()));
  }
  throw ConfigError(
      fmt::format("{} = {} must be above 0; leave the option out for its default", option, text));
}

ChannelSettings settings_of(const ChannelOptions& options) {
  ChannelSettings settings{
      .symbol_rate_Bd = value_of("--rate", options.rate, Quantity::symbol_rate),
      .rise_time_s = value_of("--rise-time", options.rise_time, Quantity::time),
      .receiver_bandwidth_Hz =
          value_of("--receiver-bandwidth", options.receiver_bandwidth, Quantity::frequency),
      .tdr_rise_time_s = value_of("--tdr-rise-time", options.tdr_rise_time, Quantity::time)};
  if (!options.amplitude.empty())
    settings.amplitude_V = value_of("--amplitude", options.amplitude, Quantity::voltage);
  return settings;
}

ChannelRequest request_of(const ChannelOptions& options) {
  ChannelRequest request = options.request;
  if (!options.port_map.empty()) request.port_map = port_map_of(options.port_map);
  if (!options.skew.empty()) request.skew_s = parse_quantity(options.skew, Quantity::time);
  for (const std::string& what : options.enforce)
    (what == "passivity" ? request.passive : request.causal) = true;
  return request;
}

void write_network(const ChannelOptions& options, const ChannelInput& input) {
  const double asked_ohm = value_of("--reference", options.reference, Quantity::resistance);
  const bool version_2 = options.write.ends_with(".ts");
  std::string comment = fmt::format("photonlink {}: {}\nports: tx_p tx_n rx_p rx_n\n", PHOTONLINK_VERSION,
                                    options.request.through);
  for (const std::string& step : input.steps) comment += step + "\n";
  write_touchstone(options.write, asked_ohm > 0.0 ? renormalise(input.through, asked_ohm) : input.through,
                   {.version = version_2 ? TouchstoneForm::Version::v2_0 : TouchstoneForm::Version::v1_1,
                    .comment = comment});
}

std::string default_folder(const std::string& file) {
  std::string name = file.substr(file.find_last_of('/') + 1);
  return "results/" + name.substr(0, name.find('.')) + "_channel";
}

int judge(const ChannelOptions& options) {
  const ChannelSettings settings = settings_of(options);
  const ChannelRequest request = request_of(options);
  const std::string folder = free_folder(options.out.empty() ? default_folder(request.through) : options.out,
                                         {"channel.json", "channel.h5"});
  Context context(thread_count(options.threads));
  show_progress(context, options.quiet);
  const ChannelInput input = read_channel(request, context);
  const ChannelResult result = judge_channel(request, input, settings, context);
  const Provenance provenance{"channel",        result.title,         {}, PHOTONLINK_VERSION,
                              PHOTONLINK_BUILD, options.command_line, {}};
  if (!options.write.empty()) write_network(options, input);  // first: a bad name must leave no results
  write_channel(result, provenance, folder, context);
  if (options.json) {
    fmt::print("{}\n", to_json(result, provenance).dump(2));
  } else if (!options.quiet) {
    const int width = isatty(STDOUT_FILENO) ? terminal_width() : 0;
    fmt::print("{}\nResults: {}/\n",
               channel_table(result, colored_output() ? TableColor::ansi : TableColor::plain, width), folder);
    if (!options.write.empty()) fmt::print("Written: {}\n", options.write);
  }
  return ok;
}

}  // namespace

void add_channel(CLI::App& app, Action& action, const std::string& command_line) {
  auto options = std::make_shared<ChannelOptions>();
  options->command_line = command_line;
  CLI::App* command = app.add_subcommand("channel", "Judge a copper channel from its Touchstone file");
  command->add_option("file", options->request.through, "Touchstone file, .s4p to .sNp, .ts, or .gz of these")
      ->required();
  add_port_map_option(*command, options->port_map, "found from the file");
  command->add_option("--next", options->request.next, "File of a near-end aggressor (repeat for more)")
      ->allow_extra_args(false);
  command->add_option("--fext", options->request.fext, "File of a far-end aggressor (repeat for more)")
      ->allow_extra_args(false);
  command->add_option("--rate", options->rate,
                      "Symbol rate, \"53.125 GBd\" (default: the fastest usual one that the file holds)");
  command->add_option("--rise-time", options->rise_time,
                      "20-80 % of transmitters, \"9.6 ps\" (default: 0.2475 UI)");
  command->add_option("--receiver-bandwidth", options->receiver_bandwidth,
                      "3 dB, \"20 GHz\" (default: 0.75 f_b)");
  command->add_option("--tdr-rise-time", options->tdr_rise_time,
                      "20-80 %, \"10 ps\" (default: the shortest that the file shows)");
  command->add_option("--amplitude", options->amplitude, "Peak of aggressors (default: \"600 mV\")");
  command
      ->add_option("--com", options->request.com_configuration,
                   "COM configuration whose return_loss section the effective return loss follows "
                   "(default: 3500 symbols, nothing equalised)")
      ->check(CLI::ExistingFile);
  command->add_option("--remove-left", options->request.remove_left,
                      "Fixture to take off at the transmitter's end (4 ports)");
  command->add_option("--remove-right", options->request.remove_right,
                      "Fixture to take off at the receiver's end (4 ports)");
  command->add_option(
      "--skew", options->skew,
      "Delay added to the n wire at the transmitter's end, \"3 ps\"; negative: to the p wire");
  command->add_option("--enforce", options->enforce, "passivity, causality or both, separated by a comma")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"passivity", "causality"}));
  command->add_option("--write", options->write,
                      "Write the channel as judged to this .s4p file, or to a .ts file of version 2.0");
  command->add_option("--reference", options->reference,
                      "Reference impedance of the file written, \"42.5 ohm\" (default: 50)");
  command->add_option("-o,--out", options->out,
                      "Folder for the results, replaced as a whole (default: results/<file>_channel)");
  add_threads_option(*command, options->threads);
  command->add_flag("--json", options->json, "Print the results as JSON to standard output");
  command->add_flag("-q,--quiet", options->quiet, "Print no table");
  command->callback([options, &action] { action = [options] { return judge(*options); }; });
}

}  // namespace photonlink::app
