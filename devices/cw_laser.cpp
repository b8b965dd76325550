#include "devices/cw_laser.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>
#include <utility>

#include "core/units.hpp"
#include "devices/physics/laser_noise.hpp"
#include "devices/physics/light_source.hpp"
#include "devices/physics/optics.hpp"

namespace photonlink {

template <>
const ParameterTable<CwLaserParameters>& parameter_table() {
  using P = CwLaserParameters;
  using enum Quantity;
  static const ParameterTable<P> table = [] {
    ParameterTable<P> rows{
        {"first_frequency", "lowest carrier; 0: the grid is centred on centre_wavelength", frequency,
         &P::first_frequency_Hz, 0.0, 1e15},
        {"centre_wavelength", "vacuum wavelength of the grid's centre, used when first_frequency is 0",
         length, &P::centre_wavelength_m, 400e-9, 3e-6},
        {"spacing", "distance of neighbouring carriers", frequency, &P::spacing_Hz, 1e9, 50e12},
        {"carriers", "number of wavelengths", dimensionless, &P::carriers, 1, 256},
        {"power", "power per carrier into the first stage behind the laser", power, &P::power_W, 1e-9, 10.0},
        {"line_levels", "power of each carrier over `power`, from the lowest frequency up; empty: all 0 dB",
         gain, &P::line_levels_dB, -60.0, 60.0},
        {"wall_plug_efficiency",
         "optical power above over electrical power of the laser; 0.10 to 0.20 is usual, default assumed",
         dimensionless, &P::wall_plug_efficiency, 1e-4, 1.0},
        {"temperature_control_share", "power of cooler or heater relative to the laser's electrical power",
         dimensionless, &P::temperature_control_share, 0.0, 100.0, 0.0},
    };
    return with_laser_noise_rows<P>(std::move(rows));
  }();
  return table;
}

CwLaser::CwLaser(std::string name, const CwLaserParameters& parameters)
    : Stage(std::move(name)), parameters_(parameters) {
  check(parameters_, this->name());
  check_laser_noise(this->name(), laser_noise_of(parameters_));
  const std::size_t levels = parameters_.line_levels_dB.size();
  if (levels != 0 && levels != static_cast<std::size_t>(parameters_.carriers))
    throw ConfigError(fmt::format("{}: {} line_levels for {} carriers; give one for each, or none",
                                  this->name(), levels, parameters_.carriers));
  const double lowest_Hz = carrier_frequencies_Hz().front();
  // 75 THz = 4 µm: below, the grid has left every band the models know.
  if (lowest_Hz < 75e12) {
    throw ConfigError(
        fmt::format("{}: lowest carrier = {} is below 75 THz; reduce spacing or carriers, or raise "
                    "first_frequency",
                    this->name(), format_quantity(lowest_Hz, Quantity::frequency)));
  }
}

std::vector<double> CwLaser::carrier_frequencies_Hz() const {
  const auto& p = parameters_;
  const double half_span_Hz = 0.5 * p.spacing_Hz * (p.carriers - 1);
  const double first_Hz = p.first_frequency_Hz > 0.0
                              ? p.first_frequency_Hz
                              : optical_frequency_Hz(p.centre_wavelength_m) - half_span_Hz;
  std::vector<double> grid_Hz(static_cast<std::size_t>(p.carriers));
  for (std::size_t c = 0; c < grid_Hz.size(); ++c)
    grid_Hz[c] = first_Hz + p.spacing_Hz * static_cast<double>(c);
  return grid_Hz;
}

std::vector<double> CwLaser::carrier_powers_W() const {
  std::vector<double> power_W(static_cast<std::size_t>(parameters_.carriers), parameters_.power_W);
  for (std::size_t c = 0; c < parameters_.line_levels_dB.size(); ++c)
    power_W[c] *= power_ratio(Gain_dB{parameters_.line_levels_dB[c]});
  return power_W;
}

std::unique_ptr<Stepper> CwLaser::start(const Bundle& input) const {
  return start_light(name(), input, carrier_frequencies_Hz(), carrier_powers_W());
}

std::unique_ptr<Tangent> CwLaser::tangent(const Bundle&) const {
  return light_tangent();
}

std::vector<NoiseTerm> CwLaser::noise(const Bundle& output) const {
  return laser_noise_terms(name(), laser_noise_of(parameters_), output);
}

void CwLaser::ledger(const Bundle&, Ledger& ledger) const {
  const auto& p = parameters_;
  const std::vector<double> each_W = carrier_powers_W();
  const double light_W = std::accumulate(each_W.begin(), each_W.end(), 0.0);
  const double electrical_W = light_W / p.wall_plug_efficiency;
  const std::string basis =
      p.line_levels_dB.empty()
          ? fmt::format("{} x {} / {}", p.carriers, format_quantity(p.power_W, Quantity::power),
                        p.wall_plug_efficiency)
          : fmt::format("{} in {} lines / {}", format_quantity(light_W, Quantity::power), p.carriers,
                        p.wall_plug_efficiency);
  ledger.energy.push_back({name(), wall_plug_cause, Owner::module, electrical_W, basis});
  if (p.temperature_control_share > 0.0) {
    ledger.energy.push_back({name(), temperature_control_cause, Owner::module,
                             electrical_W * p.temperature_control_share,
                             fmt::format("{} x ({})", p.temperature_control_share, basis)});
  }
}

void CwLaser::validity(const Bundle&, std::vector<Warning>& warnings) const {
  check_feedback(name(), laser_noise_of(parameters_), warnings);
}

}  // namespace photonlink
