#include "devices/single_mode_fiber.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/dispersion.hpp"
#include "devices/physics/optics.hpp"

namespace photonlink {
namespace {

// γ of standard single-mode fiber at 1550 nm, 1.3 /(W km); Agrawal, Nonlinear Fiber Optics, Sec. 2.6.
constexpr double kerr_coefficient_per_W_m = 1.3e-3;
constexpr double kerr_limit_rad = 0.1;
// Range printed with D(λ) in the data sheets of G.652 fibers.
constexpr double shortest_wavelength_m = 1200e-9, longest_wavelength_m = 1625e-9;

double mean_power_W(const ComplexWave& field) {
  double sum = 0.0;
  for (const Complex& value : field) sum += std::norm(value);
  return field.empty() ? 0.0 : sum / static_cast<double>(field.size());
}

/// Self-phase plus twice the cross-phase modulation of the worst carrier of one fiber [rad].
double kerr_phase_rad(const OpticalPort& port, double effective_length_m) {
  double total_W = 0.0, weakest_W = INFINITY;
  for (const ComplexWave& field : port.field) {
    const double power_W = mean_power_W(field);
    total_W += power_W;
    weakest_W = std::min(weakest_W, power_W);
  }
  return port.field.empty() ? 0.0
                            : kerr_coefficient_per_W_m * (2.0 * total_W - weakest_W) * effective_length_m;
}

double effective_length_m(double length_m, double attenuation_dB_per_m) {
  const double alpha_per_m = attenuation_dB_per_m * std::numbers::ln10 / 10.0;
  return alpha_per_m * length_m < 1e-9 ? length_m : -std::expm1(-alpha_per_m * length_m) / alpha_per_m;
}

}  // namespace

template <>
const ParameterTable<SingleModeFiberParameters>& parameter_table() {
  using P = SingleModeFiberParameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"length", "length of the fiber", length, &P::length_m, 0.0, 200e3},
      {"attenuation", "alpha; G.652.D cables: at most 0.35 dB/km at 1310 nm", loss_per_length,
       &P::attenuation_dB_per_m, 0.0, 1.0, 0.0},
      {"zero_dispersion_wavelength", "lambda_0; G.652.D: 1300 to 1324 nm", length,
       &P::zero_dispersion_wavelength_m, 1.0e-6, 2.0e-6},
      {"dispersion_slope", "S_0 at lambda_0; G.652.D: at most 0.092 ps/(nm^2 km)", dispersion_slope,
       &P::dispersion_slope_s_per_m3, 0.0, 1000.0, 0.0},
      {"group_index", "n_g, for the latency; 1.4676 at 1310 nm (Corning PI1424)", dimensionless,
       &P::group_index, 1.0, 4.0},
  };
  return table;
}

SingleModeFiber::SingleModeFiber(std::string name, const SingleModeFiberParameters& parameters)
    : Stage(std::move(name)), parameters_(parameters) {
  check(parameters_, this->name());
}

void SingleModeFiber::multiply_optical(int, double carrier_Hz, std::span<const double> offset_Hz,
                                       std::span<Complex> response) const {
  const auto& p = parameters_;
  const DispersionTerms terms =
      dispersion_terms(carrier_Hz, p.zero_dispersion_wavelength_m, p.dispersion_slope_s_per_m3);
  const double field = field_ratio(Gain_dB{-p.attenuation_dB_per_m * p.length_m});
  for (std::size_t k = 0; k < response.size(); ++k)
    response[k] *= field * dispersion_response(terms, p.length_m, offset_Hz[k]);
}

void SingleModeFiber::ledger(const Bundle&, Ledger& ledger) const {
  const double delay_s = parameters_.group_index * parameters_.length_m / constants::speed_of_light_m_per_s;
  ledger.latency.push_back({name(), delay_s});
}

void SingleModeFiber::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  const double length_m = effective_length_m(parameters_.length_m, parameters_.attenuation_dB_per_m);
  for (const OpticalPort& port : input.port) {
    const double phase_rad = kerr_phase_rad(port, length_m);
    if (phase_rad <= kerr_limit_rad) continue;
    warnings.push_back(
        {name(), fmt::format("Kerr phase of {:.2g} rad exceeds {} rad: self- and cross-phase modulation "
                             "are not modelled; lower the power or the length",
                             phase_rad, kerr_limit_rad)});
    break;
  }
  for (const double carrier_Hz : input.carrier_Hz) {
    const double wavelength = wavelength_m(carrier_Hz);
    if (wavelength >= shortest_wavelength_m && wavelength <= longest_wavelength_m) continue;
    warnings.push_back(
        {name(), fmt::format("carrier at {:.1f} nm is outside the 1200-1625 nm in which D = S0/4 (lambda "
                             "- lambda0^4/lambda^3) holds",
                             wavelength * 1e9)});
    break;
  }
}

}  // namespace photonlink
