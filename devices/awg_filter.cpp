#include "devices/awg_filter.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <utility>

#include "core/constants.hpp"
#include "core/units.hpp"

namespace photonlink {
namespace {

using P = AwgFilterParameters;

}  // namespace

template <>
const ParameterTable<P>& parameter_table() {
  using Q = Quantity;
  static const ParameterTable<P> table = [] {
    ParameterTable<P> rows{
        {"bandwidth", "B, full width of a passband at -3 dB", Q::frequency, &P::bandwidth_Hz, 1e9, 2e13},
        {"passband_order", "n; 1: Gaussian, 2 to 4: flat top", Q::dimensionless, &P::passband_order, 1.0,
         10.0},
        {"adjacent_crosstalk", "how far the neighbours' floor lies below the peak", Q::loss,
         &P::adjacent_crosstalk_dB, 0.0, 100.0, 100.0},
        {"nonadjacent_crosstalk", "how far the floor of all others lies below the peak", Q::loss,
         &P::nonadjacent_crosstalk_dB, 0.0, 100.0, 100.0},
        {"fsr", "free spectral range, distance of the orders", Q::frequency, &P::fsr_Hz, 1e10, 1e14},
        {"path_length", "mean path through the grating, for the latency", Q::length, &P::path_length_m, 0.0,
         1.0},
        {"group_index", "n_g, for the latency", Q::dimensionless, &P::group_index, 1.0, 10.0},
    };
    return with_channel_rows<P>(std::move(rows));
  }();
  return table;
}

AwgFilter::AwgFilter(std::string name, const P& parameters)
    : Stage(std::move(name)), p_(checked(parameters, this->name())), plan_(channel_plan(this->name(), p_)) {
  const double occupied_Hz = std::abs(plan_.mean_spacing_Hz()) * plan_.size();
  if (plan_.size() > 1 && occupied_Hz > p_.fsr_Hz * (1.0 + 1e-9))
    throw ConfigError(
        fmt::format("{}: {} channels occupy {}, allowed up to the free spectral range {}; raise fsr or use "
                    "fewer channels",
                    this->name(), plan_.size(), format_quantity(occupied_Hz, Quantity::frequency),
                    format_quantity(p_.fsr_Hz, Quantity::frequency)));
  plan_.repeat(p_.fsr_Hz);
}

double AwgFilter::gaussian(double off_Hz) const {
  const double x = 2.0 * off_Hz / p_.bandwidth_Hz;
  if (std::abs(x) > 8.0) return 0.0;  // below 2^-64
  return std::exp(-std::numbers::ln2 *
                  (p_.passband_order == 1.0 ? x * x : std::pow(x * x, p_.passband_order)));
}

double AwgFilter::floor(int channel, double carrier_Hz) const {
  const double spacing_Hz = std::abs(plan_.mean_spacing_Hz());
  if (spacing_Hz == 0.0) return 0.0;
  const double away =
      std::abs(std::remainder(carrier_Hz - plan_.channel_Hz(channel), p_.fsr_Hz)) / spacing_Hz;
  if (away < 0.5) return 0.0;
  return power_ratio(Gain_dB{-(away < 1.5 ? p_.adjacent_crosstalk_dB : p_.nonadjacent_crosstalk_dB)});
}

void AwgFilter::multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                                 std::span<Complex> response) const {
  const int channel = plan_.passband(out_port, carrier_Hz);
  const double loss = power_ratio(Gain_dB{-p_.insertion_loss_dB});
  const auto channels = static_cast<std::size_t>(plan_.size()), chosen = static_cast<std::size_t>(channel);
  std::vector<double> ground(channels), carrier_off_Hz(channels);
  for (std::size_t i = 0; i < channels; ++i) {
    ground[i] = floor(static_cast<int>(i), carrier_Hz);
    carrier_off_Hz[i] = carrier_Hz - plan_.channel_Hz(static_cast<int>(i)) - p_.tuning_error_Hz;
  }
  for (std::size_t k = 0; k < response.size(); ++k) {
    double own = 0.0, all = 0.0;
    for (std::size_t i = 0; i < channels; ++i) {
      double off_Hz = carrier_off_Hz[i] + offset_Hz[k];
      if (std::abs(off_Hz) > 0.5 * p_.fsr_Hz) off_Hz = std::remainder(off_Hz, p_.fsr_Hz);
      const double passed = gaussian(off_Hz) + ground[i];
      all += passed;
      if (i == chosen) own = passed;
    }
    response[k] *= std::sqrt(loss * own / std::max(1.0, loss * all));
  }
}

void AwgFilter::ledger(const Bundle&, Ledger& ledger) const {
  ledger.latency.push_back({name(), p_.group_index * p_.path_length_m / constants::speed_of_light_m_per_s});
}

void AwgFilter::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  plan_.check_carriers(name(), input, warnings);
  if (plan_.size() > 1 && p_.bandwidth_Hz > std::abs(plan_.mean_spacing_Hz()))
    warnings.push_back(
        {name(), fmt::format("passbands of {} overlap at a spacing of {}; all are scaled "
                             "down where they would give out more than enters",
                             format_quantity(p_.bandwidth_Hz, Quantity::frequency),
                             format_quantity(std::abs(plan_.mean_spacing_Hz()), Quantity::frequency))});
}

}  // namespace photonlink
