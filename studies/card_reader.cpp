#include "studies/card_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "core/spelling.hpp"
#include "studies/parameter_reader.hpp"

namespace photonlink {
namespace {

using Need = Reporter::Need;

/// low <= value <= high for numbers and lists of one length.
bool inside(const ParameterValue& low, const ParameterValue& value, const ParameterValue& high) {
  const auto* values = std::get_if<std::vector<double>>(&value);
  if (!values) return low <= value && value <= high;
  const auto& lows = std::get<std::vector<double>>(low);
  const auto& highs = std::get<std::vector<double>>(high);
  return std::equal(lows.begin(), lows.end(), values->begin(), values->end(), std::less_equal<>()) &&
         std::equal(values->begin(), values->end(), highs.begin(), highs.end(), std::less_equal<>());
}

void read_notes(const Node::Table& table, const std::vector<FieldInfo>& rows, Card& card,
                const Reporter& reporter) {
  std::vector<std::string> known;
  known.reserve(rows.size());
  for (const FieldInfo& row : rows) known.push_back(row.name);
  reporter.report_unknown_keys(table, known);
  for (const Member& member : table) {
    if (const std::string* text = member.node.text()) {
      card.notes.emplace_back(member.key, *text);
    } else {
      reporter.report(member.node.place, fmt::format("{} = {} is {}; write text in quotes", member.key,
                                                     show(member.node), kind_name(member.node)));
    }
  }
}

Card read_root(const Node& root, const std::vector<DeviceType>& devices, const Reporter& reporter) {
  Card card;
  const Node::Table& table = *root.table();
  reporter.report_unknown_keys(table,
                               {"device", "title", "source", "parameters", "notes", "assumed", "$schema"});
  card.title = reporter.text(root, "title", Need::required);
  card.source = reporter.text(root, "source", Need::required);
  const DeviceType* device = read_device(root, devices, reporter);
  if (!device) return card;
  card.device = device->name;
  if (const auto* parameters = reporter.table(table, "parameters")) {
    card.parameters = read_parameters(*parameters, device->fields, {}, reporter);
  } else if (!find_member(table, "parameters")) {
    reporter.report(root.place, "[parameters] is missing");
  }
  const Reporter notes_reporter{reporter.problems, reporter.where + ": notes"};
  if (const auto* notes = reporter.table(table, "notes"))
    read_notes(*notes, device->fields, card, notes_reporter);
  if (const auto* assumed = reporter.table(table, "assumed"))
    card.assumed = read_assumptions(*assumed, device->fields, reporter);
  check_nominals(card.parameters, card.assumed, device->fields, root.place, reporter);
  return card;
}

}  // namespace

const DeviceType* read_device(const Node& table, const std::vector<DeviceType>& devices,
                              const Reporter& reporter) {
  const std::string name = reporter.text(table, "device", Need::required);
  const auto found =
      std::find_if(devices.begin(), devices.end(), [&](const auto& d) { return d.name == name; });
  if (found != devices.end()) return &*found;
  std::vector<std::string> names;
  names.reserve(devices.size());
  for (const DeviceType& device : devices) names.push_back(device.name);
  if (!name.empty())
    reporter.report(find_member(*table.table(), "device")->node.place,
                    fmt::format("device = \"{}\": unknown device{}", name, suggestion(name, names)));
  return nullptr;
}

void check_nominals(const ParameterSet& parameters, const std::vector<Assumption>& assumed,
                    const std::vector<FieldInfo>& rows, const Place& place, const Reporter& reporter) {
  for (const Assumption& assumption : assumed) {
    for (const auto& [key, value] : parameters) {
      if (key != assumption.key || inside(assumption.low, value, assumption.high)) continue;
      const Quantity unit = find_row(rows, key)->unit;
      reporter.report(place, fmt::format("{} = {} lies outside what is assumed for it, [{}, {}]", key,
                                         format_value(value, unit), format_value(assumption.low, unit),
                                         format_value(assumption.high, unit)));
    }
  }
}

std::optional<Card> read_card(const std::string& path, const std::vector<DeviceType>& devices,
                              ProblemList& problems) {
  const std::size_t before = problems.messages().size();
  const Node root = parse_document(path);
  Card card =
      read_root(root, devices, {problems, "card '" + std::filesystem::path(path).stem().string() + "'"});
  return problems.messages().size() == before ? std::optional(card) : std::nullopt;
}

Card read_card(const std::string& path, const std::vector<DeviceType>& devices) {
  ProblemList problems;
  std::optional<Card> card = read_card(path, devices, problems);
  if (card) return std::move(*card);
  problems.throw_if_any();
  throw ConfigError(path + ": is no card");  // a card is missing only where a problem was reported
}

}  // namespace photonlink
