#include "devices/cw_laser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/units.hpp"
#include "devices/physics/laser_noise.hpp"
#include "devices/physics/light_source.hpp"
#include "devices/physics/optics.hpp"
#include "devices/physics/wdm_grid.hpp"
#include "devices/physics/white_noise.hpp"

namespace photonlink {

template <>
const ParameterTable<CwLaserParameters>& parameter_table() {
  using P = CwLaserParameters;
  using enum Quantity;
  static const ParameterTable<P> table = [] {
    ParameterTable<P> rows{
        {"grid", wdm_grid_doc, dimensionless, &P::grid, 0.0, 0.0, std::nullopt, wdm_grid_choices()},
        {"first_frequency", "lowest carrier; 0: the grid is centred on centre_wavelength", frequency,
         &P::first_frequency_Hz, 0.0, 1e15},
        {"centre_wavelength", "vacuum wavelength of the grid's centre, used when first_frequency is 0",
         length, &P::centre_wavelength_m, 400e-9, 3e-6},
        {"spacing", "distance of neighbouring carriers", frequency, &P::spacing_Hz, 1e9, 50e12},
        {"carriers", "number of wavelengths; a named grid has its own", dimensionless, &P::carriers, 1, 256},
        {"frequency_errors", "carrier minus its place on the grid, from the lowest up; empty: none",
         frequency, &P::frequency_errors_Hz, -1e12, 1e12},
        {"power", "power per carrier into the first stage behind the laser", power, &P::power_W, 1e-9, 10.0},
        {"line_levels", "power of each carrier over `power`, from the lowest frequency up; empty: all 0 dB",
         gain, &P::line_levels_dB, -60.0, 60.0},
        {"line_rin", "rin of each carrier; empty: `rin` for all", rin, &P::line_rin_per_Hz, 0.0, 1e-9},
        {"line_linewidths", "linewidth of each carrier; empty: `linewidth` for all", frequency,
         &P::line_linewidths_Hz, 0.0, 1e12},
        {"osnr",
         "power of a carrier at 0 dB over spontaneous emission of both polarisations in 12.5 GHz; combs and "
         "amplified sources",
         gain, &P::osnr_dB, 0.0, 200.0, 200.0},
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
  carrier_Hz_ = with_errors_Hz(this->name(), grid_Hz(), parameters_.frequency_errors_Hz);
  const auto check_lines = [&](const std::vector<double>& line, const char* key) {
    if (line.empty() || line.size() == carrier_Hz_.size()) return;
    throw ConfigError(fmt::format("{}: {} {} for {} carriers; give one for each, or none", this->name(),
                                  line.size(), key, carrier_Hz_.size()));
  };
  check_lines(parameters_.line_levels_dB, "line_levels");
  check_lines(parameters_.line_rin_per_Hz, "line_rin");
  check_lines(parameters_.line_linewidths_Hz, "line_linewidths");
  const double lowest_Hz = carrier_Hz_.front();
  // 75 THz = 4 µm: below, the grid has left every band the models know.
  if (lowest_Hz < 75e12) {
    throw ConfigError(
        fmt::format("{}: lowest carrier = {} is below 75 THz; reduce spacing or carriers, or raise "
                    "first_frequency",
                    this->name(), format_quantity(lowest_Hz, Quantity::frequency)));
  }
}

std::vector<double> CwLaser::grid_Hz() const {
  const auto& p = parameters_;
  if (p.grid != "explicit") {
    std::vector<double> named_Hz = wdm_carriers_Hz(name(), p.grid, p.first_frequency_Hz);
    if (p.carriers != 1 && static_cast<std::size_t>(p.carriers) != named_Hz.size())
      throw ConfigError(
          fmt::format("{}: carriers = {} with grid = \"{}\", which has {}; leave one of them out", name(),
                      p.carriers, p.grid, named_Hz.size()));
    return named_Hz;
  }
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
  std::vector<double> power_W(carrier_Hz_.size(), parameters_.power_W);
  for (std::size_t c = 0; c < parameters_.line_levels_dB.size(); ++c)
    power_W[c] *= power_ratio(Gain_dB{parameters_.line_levels_dB[c]});
  return power_W;
}

std::unique_ptr<Stepper> CwLaser::start(const Bundle& input) const {
  return start_light(name(), input, carrier_Hz_, carrier_powers_W());
}

std::unique_ptr<Tangent> CwLaser::tangent(const Bundle&) const {
  return light_tangent();
}

std::vector<NoiseTerm> CwLaser::noise(const Bundle& output) const {
  const auto& p = parameters_;
  if (output.port.empty()) return {};
  std::vector<LaserNoise> line(std::max(carrier_Hz_.size(), output.port.front().field.size()),
                               laser_noise_of(p));
  for (std::size_t c = 0; c < p.line_rin_per_Hz.size(); ++c) line[c].rin_per_Hz = p.line_rin_per_Hz[c];
  for (std::size_t c = 0; c < p.line_linewidths_Hz.size(); ++c)
    line[c].linewidth_Hz = p.line_linewidths_Hz[c];
  auto terms = laser_noise_terms(name(), line, output);
  // Where the ideal value stands there is none: 200 dB are beyond shot noise of any power.
  if (p.osnr_dB < 200.0) add_emission(p.power_W / power_ratio(Gain_dB{p.osnr_dB}), output, terms);
  return terms;
}

void CwLaser::add_emission(double emission_W, const Bundle& output, std::vector<NoiseTerm>& terms) const {
  constexpr double reference_Hz = 12.5e9, polarisations = 2.0;  // of the OSNR: 0.1 nm at 1550 nm
  const double density_W_per_Hz = emission_W / (polarisations * reference_Hz);
  const std::size_t samples = output.port.front().field.front().size();
  for (std::size_t c = 0; c < output.port.front().field.size(); ++c)
    for (const bool in_phase : {true, false}) {
      NoiseTerm& term = terms.emplace_back();
      term.label = name() + " spontaneous emission";
      term.source =
          noise_source_id(name(), in_phase ? "emission, real" : "emission, imaginary", static_cast<int>(c));
      term.port = 0;
      term.carrier = static_cast<int>(c);
      // Each quadrature has half of the two-sided density over the sample rate.
      term.sigma = white_noise_sigma(density_W_per_Hz, output.grid.sample_rate_Hz());
      term.field_modulation.assign(samples, in_phase ? Complex(1.0) : Complex(0.0, 1.0));
      term.scaling = LossScaling::with_signal;
    }
}

void CwLaser::ledger(const Bundle&, Ledger& ledger) const {
  const auto& p = parameters_;
  const std::vector<double> each_W = carrier_powers_W();
  const double light_W = std::accumulate(each_W.begin(), each_W.end(), 0.0);
  const double electrical_W = light_W / p.wall_plug_efficiency;
  const std::string basis =
      p.line_levels_dB.empty()
          ? fmt::format("{} x {} / {}", carrier_Hz_.size(), format_quantity(p.power_W, Quantity::power),
                        p.wall_plug_efficiency)
          : fmt::format("{} in {} lines / {}", format_quantity(light_W, Quantity::power), carrier_Hz_.size(),
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
