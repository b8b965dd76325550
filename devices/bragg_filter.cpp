#include "devices/bragg_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/interpolators/cardinal_quintic_b_spline.hpp>
#include <cmath>
#include <utility>

#include "core/constants.hpp"
#include "core/units.hpp"

namespace photonlink {
namespace {

using P = BraggFilterParameters;
constexpr double c0 = constants::speed_of_light_m_per_s;
// Step of the spline as a phase over all gratings that are passed, and steps beyond either end, where it
// guesses slopes.
constexpr double spline_step_rad = 0.3;
constexpr int spline_margin = 6;

}  // namespace

template <>
const ParameterTable<P>& parameter_table() {
  using Q = Quantity;
  static const ParameterTable<P> table = [] {
    ParameterTable<P> rows{
        {"coupling", "kappa in the middle of a grating; half the stop band in wave numbers",
         Q::propagation_constant, &P::coupling_per_m, 1.0, 1e7},
        {"length", "L of a grating", Q::length, &P::length_m, 1e-6, 0.1},
        {"apodisation",
         "a: kappa falls as exp(-a (2z/L - 1)^2) towards the ends; 0: uniform, with strong side "
         "lobes",
         Q::dimensionless, &P::apodisation, 0.0, 10.0},
        {"group_index", "n_g, mean of both guides", Q::dimensionless, &P::group_index, 1.0, 10.0},
        {"passing_loss", "excess loss of passing one grating", Q::loss, &P::passing_loss_dB, 0.0, 10.0, 0.0},
    };
    return with_channel_rows<P>(std::move(rows));
  }();
  return table;
}

BraggFilter::BraggFilter(std::string name, const P& parameters)
    : Stage(std::move(name)), p_(checked(parameters, this->name())), plan_(channel_plan(this->name(), p_)) {}

BraggFields BraggFilter::fields(int channel, double frequency_Hz) const {
  const double off_Hz = frequency_Hz - plan_.channel_Hz(channel) - p_.tuning_error_Hz;
  return bragg_fields({p_.coupling_per_m, p_.length_m, p_.apodisation},
                      2.0 * constants::pi * p_.group_index * off_Hz / c0);
}

Complex BraggFilter::passband(int channel, double frequency_Hz) const {
  Complex response = field_ratio(Gain_dB{-p_.insertion_loss_dB - channel * p_.passing_loss_dB});
  for (int front = 0; front < channel; ++front) response *= fields(front, frequency_Hz).transmitted;
  return response * fields(channel, frequency_Hz).reflected;
}

void BraggFilter::multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                                   std::span<Complex> response) const {
  if (response.empty()) return;
  const int channel = plan_.passband(out_port, carrier_Hz);
  const auto [low, high] = std::minmax_element(offset_Hz.begin(), offset_Hz.end());
  // Edges of a band are as steep as the coupling at the grating's ends is strong.
  const double sharpness = 1.0 + p_.coupling_per_m * p_.length_m * std::exp(-p_.apodisation);
  const double step_Hz =
      spline_step_rad * c0 / (2.0 * constants::pi * p_.group_index * p_.length_m * (channel + 1) * sharpness);
  const double points = (*high - *low) / step_Hz + 2.0 * spline_margin + 1.0;
  if (p_.apodisation == 0.0 ||
      points >= static_cast<double>(response.size())) {  // one section is soon computed
    for (std::size_t k = 0; k < response.size(); ++k)
      response[k] *= passband(channel, carrier_Hz + offset_Hz[k]);
    return;
  }
  // Far more points than a passband has features: a spline through as many as it needs.
  const double first_Hz = *low - spline_margin * step_Hz;
  std::vector<double> real, imaginary;
  real.reserve(static_cast<std::size_t>(points) + 1);
  imaginary.reserve(static_cast<std::size_t>(points) + 1);
  for (int i = 0; i <= static_cast<int>(points); ++i) {
    const Complex value = passband(channel, carrier_Hz + first_Hz + i * step_Hz);
    real.push_back(value.real());
    imaginary.push_back(value.imag());
  }
  using Spline = boost::math::interpolators::cardinal_quintic_b_spline<double>;
  const Spline along(real, first_Hz, step_Hz), across(imaginary, first_Hz, step_Hz);
  for (std::size_t k = 0; k < response.size(); ++k)
    response[k] *= Complex(along(offset_Hz[k]), across(offset_Hz[k]));
}

void BraggFilter::ledger(const Bundle&, Ledger& ledger) const {
  ledger.latency.push_back({name(), 0.5 * plan_.size() * p_.length_m * p_.group_index / c0});
}

void BraggFilter::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  plan_.check_carriers(name(), input, warnings);
  const double half_band_Hz = p_.coupling_per_m * c0 / (2.0 * constants::pi * p_.group_index);
  if (plan_.size() > 1 && 2.0 * half_band_Hz > std::abs(plan_.mean_spacing_Hz()))
    warnings.push_back(
        {name(),
         fmt::format("stop bands of {} overlap at a spacing of {}: gratings in front take light of those "
                     "behind; lower coupling",
                     format_quantity(2.0 * half_band_Hz, Quantity::frequency),
                     format_quantity(std::abs(plan_.mean_spacing_Hz()), Quantity::frequency))});
  // Coupled modes: κ against the wave number of the light, some 1e7 1/m.
  const double wave_number_per_m = 2.0 * constants::pi * plan_.channel_Hz(0) / c0;
  if (p_.coupling_per_m > 0.03 * wave_number_per_m)
    warnings.push_back(
        {name(), fmt::format("coupling of {:.3g}/m is {:.1f} % of the wave number: coupled modes "
                             "are an estimate above 3 %",
                             p_.coupling_per_m, 100.0 * p_.coupling_per_m / wave_number_per_m)});
}

}  // namespace photonlink
