#include "devices/cw_laser.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/units.hpp"
#include "devices/physics/dispersion.hpp"
#include "devices/physics/optics.hpp"
#include "devices/physics/white_noise.hpp"

namespace photonlink {
namespace {

class LightSource final : public Stepper {
 public:
  LightSource(std::vector<double> carrier_Hz, double power_W)
      : carrier_Hz_(std::move(carrier_Hz)), amplitude_(std::sqrt(power_W)) {}

  void step(Bundle& bundle) override {
    const std::size_t samples =
        bundle.lane.empty() ? static_cast<std::size_t>(bundle.grid.size()) : bundle.lane.front().size();
    bundle.carrier_Hz = carrier_Hz_;
    bundle.port.assign(1, {});
    bundle.port.front().field.assign(carrier_Hz_.size(), ComplexWave(samples, amplitude_));
  }

 private:
  std::vector<double> carrier_Hz_;
  double amplitude_;
};

/// The light depends on no input: sensitivities to it end here, those to the lanes pass.
class LightSourceTangent final : public Tangent {
 public:
  void pull_back(Sensitivity& sensitivity) const override { sensitivity.port.clear(); }
};

}  // namespace

template <>
const ParameterTable<CwLaserParameters>& parameter_table() {
  using P = CwLaserParameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"first_frequency", "lowest carrier; 0: the grid is centred on centre_wavelength", frequency,
       &P::first_frequency_Hz, 0.0, 1e15},
      {"centre_wavelength", "vacuum wavelength of the grid's centre, used when first_frequency is 0", length,
       &P::centre_wavelength_m, 400e-9, 3e-6},
      {"spacing", "distance of neighbouring carriers", frequency, &P::spacing_Hz, 1e9, 50e12},
      {"carriers", "number of wavelengths", dimensionless, &P::carriers, 1, 256},
      {"power", "power per carrier into the first stage behind the laser", power, &P::power_W, 1e-9, 10.0},
      {"rin",
       "relative intensity noise, one-sided, white; default: -144 dB/Hz, limit of the OCI MSA external laser "
       "source",
       rin, &P::rin_per_Hz, 0.0, 1e-9, 0.0},
      {"linewidth", "full width of the Lorentzian line; only checked, see validity", frequency,
       &P::linewidth_Hz, 0.0, 1e12, 0.0},
      {"wall_plug_efficiency",
       "optical power above over electrical power of the laser; 0.10 to 0.20 is usual, default assumed",
       dimensionless, &P::wall_plug_efficiency, 1e-4, 1.0},
      {"temperature_control_share", "power of cooler or heater relative to the laser's electrical power",
       dimensionless, &P::temperature_control_share, 0.0, 100.0, 0.0},
  };
  return table;
}

CwLaser::CwLaser(std::string name, const CwLaserParameters& parameters)
    : Stage(std::move(name)), parameters_(parameters) {
  check(parameters_, this->name());
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

std::unique_ptr<Stepper> CwLaser::start(const Bundle& input) const {
  if (!input.port.empty()) {
    throw ConfigError(
        fmt::format("{}: the chain already carries light in {} ports; put one cw_laser per chain and "
                    "give it all carriers",
                    name(), input.port.size()));
  }
  return std::make_unique<LightSource>(carrier_frequencies_Hz(), parameters_.power_W);
}

std::unique_ptr<Tangent> CwLaser::tangent(const Bundle&) const {
  return std::make_unique<LightSourceTangent>();
}

std::vector<NoiseTerm> CwLaser::noise(const Bundle& output) const {
  std::vector<NoiseTerm> terms;
  if (parameters_.rin_per_Hz == 0.0 || output.port.empty()) return terms;
  const auto& fields = output.port.front().field;
  for (std::size_t c = 0; c < fields.size(); ++c) {
    NoiseTerm term;
    term.label = name() + " RIN";
    term.source = noise_source_id(name(), "RIN", static_cast<int>(c));
    term.port = 0;
    term.carrier = static_cast<int>(c);
    term.sigma = white_noise_sigma(parameters_.rin_per_Hz, output.grid.sample_rate_Hz());
    term.field_modulation = fields[c];
    for (Complex& value : term.field_modulation) value *= 0.5;  // |A (1 + n/2)|² = |A|² (1 + n)
    term.scaling = LossScaling::with_signal;
    terms.push_back(std::move(term));
  }
  return terms;
}

void CwLaser::ledger(const Bundle&, Ledger& ledger) const {
  const auto& p = parameters_;
  const double electrical_W = p.carriers * p.power_W / p.wall_plug_efficiency;
  const std::string basis = fmt::format("{} x {} / {}", p.carriers,
                                        format_quantity(p.power_W, Quantity::power), p.wall_plug_efficiency);
  ledger.energy.push_back({name(), "wall-plug", Owner::module, electrical_W, basis});
  if (p.temperature_control_share > 0.0) {
    ledger.energy.push_back({name(), "temperature control", Owner::module,
                             electrical_W * p.temperature_control_share,
                             fmt::format("{} x ({})", p.temperature_control_share, basis)});
  }
}

void CwLaser::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  if (parameters_.linewidth_Hz == 0.0) return;
  const double nyquist_Hz = 0.5 * input.grid.symbol_rate_Bd;
  if (nyquist_Hz <= 0.0) return;
  const double bound = phase_to_intensity_noise_bound_per_Hz(parameters_.linewidth_Hz, nyquist_Hz);
  if (bound < 0.1 * parameters_.rin_per_Hz) return;
  warnings.push_back(
      {name(),
       fmt::format(
           "phase noise is not propagated: a linewidth of {} could add up to {:.1f} dB/Hz of intensity "
           "noise at {} behind a dispersive or interfering element, RIN is {}; without such elements "
           "it adds nothing",
           format_quantity(parameters_.linewidth_Hz, Quantity::frequency), power_gain_dB(bound).value,
           format_quantity(nyquist_Hz, Quantity::frequency),
           format_quantity(parameters_.rin_per_Hz, Quantity::rin))});
}

}  // namespace photonlink
