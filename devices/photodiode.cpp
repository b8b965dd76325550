#include "devices/photodiode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/junction_source.hpp"
#include "devices/physics/optics.hpp"
#include "devices/physics/polarization.hpp"

namespace photonlink {

template <>
const ParameterTable<PhotodiodeParameters>& parameter_table() {
  using P = PhotodiodeParameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"responsivity",
       "R, current per optical power at the chip's waveguide or fiber facet; default: Ge at 1310 nm, Bernal, "
       "OFC 2026 Th2A.15",
       responsivity, &P::responsivity_A_per_W, 1e-3, 10.0},
      {"spectrum_wavelength", "wavelengths of the spectrum, rising; empty: the same at all wavelengths",
       length, &P::spectrum_wavelength_m, 0.3e-6, 10e-6},
      {"spectrum", "responsivity over its stated value at these wavelengths", dimensionless, &P::spectrum,
       0.0, 10.0},
      {"dark_current", "I_ref at dark_reference_voltage and dark_reference; default: same device at -1 V",
       current, &P::dark_current_A, 0.0, 1e-2, 0.0},
      {"dark_doubling", "T_2, warming that doubles it; default: none", temperature, &P::dark_doubling_K, 1.0,
       1e4, 1e4},
      {"dark_exponent", "V_d, bias that multiplies it by e; default: none", voltage, &P::dark_exponent_V,
       1e-2, 1e4, 1e4},
      {"dark_reference", "T_ref of dark_current", temperature, &P::dark_reference_K, 1.0, 600.0},
      {"dark_reference_voltage", "V_ref of dark_current, reverse", voltage, &P::dark_reference_V, 0.0, 100.0},
      {"temperature", "of the diode", temperature, &P::temperature_K, 1.0, 600.0},
      {"bandwidth", "3 dB frequency of the carrier transit, a single pole", frequency, &P::bandwidth_Hz, 1e6,
       unlimited_bandwidth_Hz, unlimited_bandwidth_Hz},
      {"saturation_current", "I_sat, linear current at which half is collected", current,
       &P::saturation_current_A, 1e-9, unlimited_current_A, unlimited_current_A},
      {"transit_current", "I_b, current of the moment that halves the bandwidth", current,
       &P::transit_current_A, 1e-9, unlimited_current_A, unlimited_current_A},
      {"first_input_share", "s, share of the light in the first input of a polarisation-diverse receiver",
       dimensionless, &P::first_input_share, 0.0, 1.0, 1.0},
      {"polarization_dependent_loss", "PDL, loss of the second input over the first", loss,
       &P::polarization_dependent_loss_dB, 0.0, 60.0, 0.0},
      {"polarization_skew", "tau, delay of the second input over the first", time, &P::polarization_skew_s,
       0.0, 1e-9, 0.0},
      {"polarization_crosstalk", "of the polarisation splitter into the wrong input; 100 dB: none", loss,
       &P::polarization_crosstalk_dB, 0.0, 100.0, 100.0},
      {"polarization_phase", "phi between both polarisations, in rad; matters with crosstalk only",
       dimensionless, &P::polarization_phase_rad, -7.0, 7.0},
      {"capacitance",
       "junction and pad capacitance seen by the amplifier; default: de Valicourt, OFC 2026 W1D.7",
       capacitance, &P::capacitance_F, 0.0, 1e-9, 0.0},
      {"series_resistance", "R_s between capacitance and amplifier; default: same source", resistance,
       &P::series_resistance_ohm, 0.0, 1e4, 0.0},
      {"bias_voltage", "reverse bias, for dark current and power", voltage, &P::bias_voltage_V, 0.0, 100.0},
      {"shot_noise", "share of the full shot noise 2qI; 0 answers what the noise costs", dimensionless,
       &P::shot_noise, 0.0, 1.0, 0.0},
  };
  return table;
}

Photodiode::Photodiode(std::string name, const PhotodiodeParameters& parameters)
    : Stage(std::move(name)), parameters_(parameters) {
  check(parameters_, this->name());
  const auto& wavelength_m = parameters_.spectrum_wavelength_m;
  if (wavelength_m.size() != parameters_.spectrum.size() ||
      std::adjacent_find(wavelength_m.begin(), wavelength_m.end(), std::greater_equal<>()) !=
          wavelength_m.end())
    throw ConfigError(fmt::format(
        "{}: spectrum_wavelength has {} values and spectrum {}; give as many of both, wavelengths rising",
        this->name(), wavelength_m.size(), parameters_.spectrum.size()));
  // A diode that leaks 10 mA at rest is none; laws this far beyond their fit overflow.
  constexpr double most_A = 10e-3;
  if (const double dark_A = dark_current_A(); !(dark_A <= most_A))
    throw ConfigError(
        fmt::format("{}: dark current of {:.3g} A at bias_voltage = {} and temperature = {}, allowed up to "
                    "{}; dark_exponent and "
                    "dark_doubling hold near dark_reference_voltage and dark_reference only, correct them",
                    this->name(), dark_A, format_quantity(parameters_.bias_voltage_V, Quantity::voltage),
                    format_quantity(parameters_.temperature_K, Quantity::temperature),
                    format_quantity(most_A, Quantity::current)));
}

double Photodiode::responsivity_A_per_W(double carrier_Hz) const {
  const auto& p = parameters_;
  if (p.spectrum.empty()) return p.responsivity_A_per_W;
  const double at_m = wavelength_m(carrier_Hz);
  const auto above = std::upper_bound(p.spectrum_wavelength_m.begin(), p.spectrum_wavelength_m.end(), at_m);
  if (above == p.spectrum_wavelength_m.begin()) return p.responsivity_A_per_W * p.spectrum.front();
  if (above == p.spectrum_wavelength_m.end()) return p.responsivity_A_per_W * p.spectrum.back();
  const auto k = static_cast<std::size_t>(above - p.spectrum_wavelength_m.begin());
  const double share = (at_m - p.spectrum_wavelength_m[k - 1]) / (*above - p.spectrum_wavelength_m[k - 1]);
  return p.responsivity_A_per_W * std::lerp(p.spectrum[k - 1], p.spectrum[k], share);
}

double Photodiode::dark_current_A() const {
  const auto& p = parameters_;
  return p.dark_current_A * std::exp2((p.temperature_K - p.dark_reference_K) / p.dark_doubling_K) *
         std::exp((p.bias_voltage_V - p.dark_reference_V) / p.dark_exponent_V);
}

double Photodiode::first_share() const {
  const auto& p = parameters_;
  return split_share(p.first_input_share, p.polarization_crosstalk_dB, p.polarization_phase_rad);
}

double Photodiode::received_share() const {
  return received_polarization_share(first_share(), parameters_.polarization_dependent_loss_dB);
}

SquareLaw Photodiode::law(const Bundle& input) const {
  SquareLaw law{{},
                dark_current_A(),
                parameters_.saturation_current_A,
                {parameters_.bandwidth_Hz, parameters_.transit_current_A}};
  law.responsivity_A_per_W.reserve(input.carrier_Hz.size());
  for (const double carrier_Hz : input.carrier_Hz)
    law.responsivity_A_per_W.push_back(responsivity_A_per_W(carrier_Hz) * received_share());
  return law;
}

std::optional<SourceEnd> Photodiode::source_end(std::span<const double> frequency_Hz) const {
  return junction_source(frequency_Hz, parameters_.capacitance_F, parameters_.series_resistance_ohm);
}

std::unique_ptr<Stepper> Photodiode::start(const Bundle& input) const {
  require_light(name(), input);
  return square_law_stepper(law(input));
}

std::unique_ptr<Tangent> Photodiode::tangent(const Bundle& input) const {
  return square_law_tangent(input, law(input));
}

std::vector<NoiseTerm> Photodiode::noise(const Bundle& output) const {
  const double density = 2.0 * constants::elementary_charge_C * parameters_.shot_noise;
  return shot_noise_terms(name(), {density, density * dark_current_A(), dark_current_A()}, output);
}

void Photodiode::multiply_electrical(std::span<const double> frequency_Hz,
                                     std::span<Complex> response) const {
  const auto& p = parameters_;
  const double first = first_share() / received_share();
  for (std::size_t k = 0; k < response.size(); ++k) {
    const double f = frequency_Hz[k];
    const Complex both = skewed_polarizations(first, p.polarization_skew_s, f);
    response[k] *=
        both * single_pole(f, p.bandwidth_Hz) * junction_norton(f, p.capacitance_F, p.series_resistance_ohm);
  }
}

void Photodiode::ledger(const Bundle& input, Ledger& ledger) const {
  ledger.energy.push_back(bias_power(name(), "photodiode bias", total_mean_current_A(input, law(input)),
                                     parameters_.bias_voltage_V));
}

void Photodiode::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  const SquareLaw detection = law(input);
  check_detection(name(), detection, input, warnings);
  const double skew_dB = skew_penalty_dB(first_share() / received_share(), parameters_.polarization_skew_s,
                                         0.5 * input.grid.symbol_rate_Bd);
  if (skew_dB > 0.1)
    warnings.push_back(
        {name(), fmt::format("the skew of {} between the polarisations takes {:.2g} dB of the light's "
                             "modulation at half the symbol rate",
                             format_quantity(parameters_.polarization_skew_s, Quantity::time), skew_dB)});
  if (transit_in_core()) return;
  double largest_A = 0.0;
  for (const OpticalPort& port : input.port) largest_A = std::max(largest_A, mean_current_A(port, detection));
  if (largest_A <= 0.2 * parameters_.saturation_current_A) return;
  warnings.push_back(
      {name(),
       fmt::format("mean current of {} exceeds a fifth of saturation_current = {}: the loss of bandwidth "
                   "there is not modelled; state transit_current or lower the optical power",
                   format_quantity(largest_A, Quantity::current),
                   format_quantity(parameters_.saturation_current_A, Quantity::current))});
}

}  // namespace photonlink
