#include "studies/validation/observable_lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"
#include "solvers/energy.hpp"
#include "solvers/eye.hpp"
#include "solvers/sensitivity.hpp"
#include "studies/validation/probe.hpp"

namespace photonlink {
namespace {

using Arguments = ObservableArguments;
using Values = std::vector<double>;
using X = std::span<const double>;

const LaneResult& worst(Probe& probe) {
  return probe.result().lane[static_cast<std::size_t>(probe.result().worst_lane)];
}
LaneModel& worst_model(Probe& probe) {
  return *probe.solution().lane[static_cast<std::size_t>(probe.result().worst_lane)];
}

// No power within the range of the search reaches the error ratio: the sensitivity is beyond any bound.
double sensitivity_dBm(Probe& probe, double ber) {
  const double found = sensitivity_oma_dBm(worst_model(probe), worst(probe), ber);
  return std::isnan(found) ? INFINITY : found;
}

Values oma_at_log10_ber(Probe& probe, const Arguments&, X x) {
  Values values;
  for (const double log10_ber : x) values.push_back(sensitivity_dBm(probe, std::pow(10.0, log10_ber)));
  return values;
}

Values log10_ber_at_oma(Probe& probe, const Arguments&, X x) {
  Values values;
  for (const SensitivityPoint& point : ber_against_oma(worst_model(probe), worst(probe), x))
    values.push_back(std::log10(point.ber));
  return values;
}

double bathtub_width_UI(Probe& probe, double ber) {
  if (worst(probe).ber > ber) return 0.0;
  return bathtub(worst_model(probe), 1.0, ber).width_UI;
}

bool listed(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A misspelled name must not shrink a sum.
void check_components(const Probe& probe, const std::vector<std::string>& components) {
  std::vector<std::string> stages;
  for (const auto& stage : probe.link().stages) stages.push_back(stage->name());
  for (const std::string& name : components)
    require(listed(stages, name),
            fmt::format("components: no stage of the link is called \"{}\"; its stages are {}", name,
                        fmt::join(stages, ", ")));
}

void check_causes(const Ledger& ledger, const std::vector<std::string>& causes) {
  std::vector<std::string> known;
  for (const LedgerEntry& entry : ledger.energy)
    if (!listed(known, entry.cause)) known.push_back(entry.cause);
  for (const std::string& cause : causes)
    require(listed(known, cause), fmt::format("causes: no entry of the ledger is \"{}\"; its causes are {}",
                                              cause, fmt::join(known, ", ")));
}

double energy_J_per_bit(Probe& probe, const Arguments& arguments) {
  const double rate = probe.link().bit_rate_b_per_s();
  if (arguments.components.empty() && arguments.causes.empty()) {
    const EnergySum sum = add_energy(probe.ledger(), rate);
    return arguments.boundary == "module"      ? sum.module_J_per_bit
           : arguments.boundary == "with_host" ? sum.with_host_J_per_bit
                                               : sum.link_J_per_bit;
  }
  check_components(probe, arguments.components);
  check_causes(probe.ledger(), arguments.causes);
  double power_W = 0.0;
  bool found = false;
  for (const LedgerEntry& entry : probe.ledger().energy) {
    if (!listed(arguments.components, entry.component) && !listed(arguments.causes, entry.cause)) continue;
    power_W += entry.power_W;
    found = true;
  }
  require(found,
          "energy: no entry of the ledger has one of these components or causes; check their spelling");
  return power_W / rate;
}

double latency_s(Probe& probe, const Arguments& arguments) {
  if (arguments.components.empty()) return add_latency_s(probe.ledger());
  check_components(probe, arguments.components);
  double delay_s = 0.0;
  bool found = false;
  for (const LatencyEntry& entry : probe.ledger().latency) {
    if (!listed(arguments.components, entry.component)) continue;
    delay_s += entry.delay_s;
    found = true;
  }
  require(found, "latency: no stage of the link has one of these names; check their spelling");
  return delay_s;
}

double density(Probe& probe, int directions, double extent, const char* key) {
  require(extent > 0.0, std::string(key) + " is missing; give the one of the publication");
  return directions * probe.link().bit_rate_b_per_s() / extent;
}

}  // namespace

void add_link_observables(std::vector<ObservableType>& list) {
  using Q = Quantity;
  const auto scalar = [&](std::string name, std::string doc, Q unit, std::vector<std::string> arguments,
                          std::function<double(Probe&, const Arguments&)> read) {
    list.push_back(
        scalar_observable(std::move(name), std::move(doc), unit, std::move(arguments), std::move(read)));
    list.back().needs_symbol_rate = list.back().needs_ends = true;
  };
  const auto part = [&](std::string name, std::string doc, Q unit, std::vector<std::string> arguments,
                        bool needs_rate, std::function<double(Probe&, const Arguments&)> read) {
    scalar(std::move(name), std::move(doc), unit, std::move(arguments), std::move(read));
    list.back().needs_ends = false;
    list.back().needs_symbol_rate = needs_rate;
  };
  const auto curve = [&](std::string name, std::string doc, Q unit, Q x_unit, std::string x_label,
                         std::function<Values(Probe&, const Arguments&, X)> compute) {
    list.push_back({.name = std::move(name),
                    .doc = std::move(doc),
                    .unit = unit,
                    .x_unit = x_unit,
                    .x_label = std::move(x_label),
                    .arguments = {},
                    .fine_points = 15,
                    .needs_symbol_rate = true,
                    .needs_ends = true,
                    .compute = std::move(compute)});
  };

  scalar("log10_ber", "base-10 logarithm of the bit error ratio of the worst lane before FEC",
         Q::dimensionless, {},
         [](Probe& p, const Arguments&) { return std::log10(p.result().ber_before_fec); });
  scalar("sensitivity", "OMA at the photodiode at which the worst lane has the bit error ratio `ber`",
         Q::level, {"ber"}, [](Probe& p, const Arguments& a) { return sensitivity_dBm(p, a.ber); });
  curve("oma_at_log10_ber",
        "OMA at the photodiode at which the worst lane has a bit error ratio, against its logarithm",
        Q::level, Q::dimensionless, "log10 BER", oma_at_log10_ber);
  curve("log10_ber_at_oma", "logarithm of the bit error ratio against the OMA at the photodiode",
        Q::dimensionless, Q::level, "OMA", log10_ber_at_oma);
  scalar("bathtub_width", "width of the bathtub of the worst lane at the bit error ratio `ber`; 0: closed",
         Q::unit_interval, {"ber"}, [](Probe& p, const Arguments& a) { return bathtub_width_UI(p, a.ber); });
  scalar("loss_margin", "extra loss that the link bears", Q::gain, {},
         [](Probe& p, const Arguments&) { return p.result().loss_margin_dB; });
  scalar("noise_margin", "growth of all random noise that the link bears, 20 log", Q::gain, {},
         [](Probe& p, const Arguments&) { return p.result().noise_margin_dB; });
  scalar("oma", "OMA of the worst lane at the photodiode", Q::level, {},
         [](Probe& p, const Arguments&) { return level_dBm(worst(p).oma_W).value; });
  scalar("extinction_ratio", "extinction ratio of the worst lane at the photodiode, from the running pattern",
         Q::gain, {}, [](Probe& p, const Arguments&) { return worst(p).extinction_ratio_dB; });
  scalar("average_power", "average power of the worst lane's own carrier at the photodiode", Q::level, {},
         [](Probe& p, const Arguments&) { return level_dBm(worst(p).average_power_W).value; });
  part("energy",
       "energy per bit inside the `boundary`, or of the entries with one of the `components` or `causes`; "
       "part of a link: at rest, with the symbols of its pattern",
       Q::energy_per_bit, {"boundary", "components", "causes"}, true, energy_J_per_bit);
  part("latency", "one-way delay of the link, or of the `components`", Q::time, {"components"}, false,
       latency_s);
  part("areal_density", "bit rate of all lanes and `directions` per `area`", Q::areal_density,
       {"area", "directions"}, true,
       [](Probe& p, const Arguments& a) { return density(p, a.directions, a.area_m2, "area"); });
  part("edge_density", "bit rate of all lanes and `directions` per length of the `edge`", Q::edge_density,
       {"edge", "directions"}, true,
       [](Probe& p, const Arguments& a) { return density(p, a.directions, a.edge_m, "edge"); });
}

}  // namespace photonlink
