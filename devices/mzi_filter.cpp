#include "devices/mzi_filter.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <utility>

#include "core/constants.hpp"
#include "core/units.hpp"

namespace photonlink {
namespace {

using P = MziFilterParameters;

}  // namespace

template <>
const ParameterTable<P>& parameter_table() {
  using Q = Quantity;
  static const ParameterTable<P> table = [] {
    ParameterTable<P> rows{
        {"stages", "delays of one interleaver; 1: sinusoidal, 2: flat top", Q::dimensionless, &P::stages, 1,
         2},
        {"coupling_error", "relative error of every coupler's power coupling; sets the crosstalk",
         Q::dimensionless, &P::coupling_error, -0.5, 0.5, 0.0},
        {"half_wave_power", "P_pi of a heater on one delay; 0: trimmed for good", Q::power,
         &P::half_wave_power_W, 0.0, 1.0, 0.0},
    };
    return with_channel_rows<P>(std::move(rows));
  }();
  return table;
}

MziFilter::MziFilter(std::string name, const P& parameters)
    : Stage(std::move(name)),
      p_(checked(parameters, this->name())),
      plan_(channel_plan(this->name(), p_)),
      interleaver_(p_.stages, p_.coupling_error),
      loss_field_(field_ratio(Gain_dB{-p_.insertion_loss_dB})) {
  const auto count = static_cast<unsigned>(plan_.size());
  if (count < 2 || !std::has_single_bit(count))
    throw ConfigError(
        fmt::format("{}: {} channels; a binary tree has 2, 4, 8, … of them", this->name(), count));
  plan_.repeat(std::abs(plan_.mean_spacing_Hz()) * count);
  const int levels = std::countr_zero(count);
  for (int level = 0; level < levels; ++level) {
    const int nodes = 1 << level;
    std::vector<double>& row = node_Hz_.emplace_back(static_cast<std::size_t>(nodes), p_.tuning_error_Hz);
    for (int c = 0; c < plan_.size(); ++c) {
      const int from_first = c - c % nodes;  // channels between this one and the first of its node
      row[static_cast<std::size_t>(c % nodes)] +=
          (plan_.channel_Hz(c) - from_first * plan_.mean_spacing_Hz()) * nodes / plan_.size();
    }
  }
}

Complex MziFilter::passband(int channel, double frequency_Hz) const {
  Complex response = loss_field_;
  for (int level = 0; level < static_cast<int>(node_Hz_.size()); ++level) {
    const double fsr_Hz = std::ldexp(plan_.mean_spacing_Hz(), level + 1);
    const auto& row = node_Hz_[static_cast<std::size_t>(level)];
    const double node_Hz = row[static_cast<std::size_t>(channel) % row.size()];
    const double phase = 2.0 * constants::pi * (frequency_Hz - node_Hz) / fsr_Hz;
    response *= (channel >> level) % 2 == 0 ? interleaver_.cross(phase) : interleaver_.bar(phase);
  }
  return response;
}

void MziFilter::multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                                 std::span<Complex> response) const {
  const int channel = plan_.passband(out_port, carrier_Hz);
  for (std::size_t k = 0; k < response.size(); ++k)
    response[k] *= passband(channel, carrier_Hz + offset_Hz[k]);
}

void MziFilter::ledger(const Bundle&, Ledger& ledger) const {
  const int delays = (plan_.size() - 1) * p_.stages;
  ledger.energy.push_back({name(), "tuning", Owner::module, delays * p_.half_wave_power_W,
                           fmt::format("{} delays of {} on average", delays,
                                       format_quantity(p_.half_wave_power_W, Quantity::power))});
  double delay_s = 0.0;
  for (int level = 0; level < static_cast<int>(node_Hz_.size()); ++level)
    delay_s += (p_.stages == 1 ? 0.5 : 1.5) / std::ldexp(std::abs(plan_.mean_spacing_Hz()), level + 1);
  ledger.latency.push_back({name(), delay_s});
}

void MziFilter::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  plan_.check_carriers(name(), input, warnings);
  const double uneven_Hz = plan_.unevenness_Hz(), spacing_Hz = std::abs(plan_.mean_spacing_Hz());
  if (uneven_Hz > 0.05 * spacing_Hz)
    warnings.push_back(
        {name(),
         fmt::format("channels miss an even grid in frequency by up to {}, {:.0f} % of the spacing: "
                     "passbands stand off their channels by about as much",
                     format_quantity(uneven_Hz, Quantity::frequency), 100.0 * uneven_Hz / spacing_Hz)});
}

}  // namespace photonlink
