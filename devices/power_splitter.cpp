#include "devices/power_splitter.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/units.hpp"
#include "devices/physics/light_source.hpp"

namespace photonlink {

template <>
const ParameterTable<PowerSplitterParameters>& parameter_table() {
  using P = PowerSplitterParameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"branches", "N, 1 is a piece of guide", dimensionless, &P::branches, 1, 1024},
      {"excess_loss", "loss of all branches together beyond the split", loss, &P::excess_loss_dB, 0.0, 20.0,
       0.0},
      {"branch_deviation", "power of this branch relative to the mean of all branches", gain,
       &P::branch_deviation_dB, -20.0, 3.0, 0.0},
      {"sharing_links", "M, links like this one that share the light in front: its power is divided by M",
       dimensionless, &P::sharing_links, 1, 1024},
  };
  return table;
}

PowerSplitter::PowerSplitter(std::string name, const PowerSplitterParameters& parameters)
    : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
  if (p_.sharing_links > p_.branches)
    throw ConfigError(fmt::format("{}: sharing_links = {} exceeds branches = {}; each link has one branch",
                                  this->name(), p_.sharing_links, p_.branches));
  if (branch_loss_dB() < 0.0)
    throw ConfigError(fmt::format(
        "{}: branch_deviation = {} dB makes this branch stronger than the input; allowed up to the "
        "split and excess_loss, {:.3f} dB",
        this->name(), p_.branch_deviation_dB, branch_loss_dB() + p_.branch_deviation_dB));
}

double PowerSplitter::branch_loss_dB() const {
  return 10.0 * std::log10(static_cast<double>(p_.branches)) + p_.excess_loss_dB - p_.branch_deviation_dB;
}

void PowerSplitter::multiply_optical(int, double, std::span<const double>,
                                     std::span<Complex> response) const {
  const double field = field_ratio(Gain_dB{-branch_loss_dB()});
  for (Complex& value : response) value *= field;
}

void PowerSplitter::ledger(const Bundle&, Ledger& ledger) const {
  if (p_.sharing_links == 1) return;
  for (LedgerEntry& entry : ledger.energy) {
    if (!pays_for_light(entry)) continue;
    entry.power_W /= p_.sharing_links;
    entry.basis += fmt::format("; shared by {} links behind {}", p_.sharing_links, name());
  }
}

void PowerSplitter::validity(const Bundle&, std::vector<Warning>& warnings) const {
  if (p_.sharing_links < p_.branches && p_.sharing_links > 1)
    warnings.push_back({name(), fmt::format("{} of {} branches share the light: the rest is lost and paid by "
                                            "those {}",
                                            p_.sharing_links, p_.branches, p_.sharing_links)});
}

}  // namespace photonlink
