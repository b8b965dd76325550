#include <fmt/format.h>

#include <memory>

#include "command.hpp"
#include "core/error.hpp"
#include "core/spelling.hpp"
#include "studies/device_help.hpp"

namespace photonlink::app {

void add_devices(CLI::App& app, Action& action) {
  auto name = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  CLI::App* command =
      app.add_subcommand("devices", "List the devices, or describe one with all its parameters");
  command->add_option("name", *name, "Device");
  command->add_flag("--json", *json, "As JSON");
  command->callback([=, &action] {
    action = [=] {
      if (name->empty()) {
        fmt::print("{}\n", *json ? device_list_json(device_types())
                                 : device_list_text(device_types(), terminal_width()));
        return static_cast<int>(ok);
      }
      const DeviceType* type = find_device(*name);
      if (!type) {
        std::vector<std::string> names;
        for (const DeviceType& each : device_types()) names.push_back(each.name);
        const std::string nearest = nearest_name(*name, names);
        throw ConfigError(
            nearest.empty()
                ? fmt::format("no device '{}'; the devices are: {}", *name, fmt::join(names, ", "))
                : fmt::format("no device '{}'; did you mean '{}'?", *name, nearest));
      }
      fmt::print("{}\n", *json ? device_json(*type) : device_text(*type, terminal_width()));
      return static_cast<int>(ok);
    };
  });
}

}  // namespace photonlink::app
