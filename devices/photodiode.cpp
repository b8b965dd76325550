#include "devices/photodiode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "devices/physics/optics.hpp"
#include "devices/physics/white_noise.hpp"

namespace photonlink {
namespace {

using constants::elementary_charge_C;

/// R Σ_c |A_c|² + I_dark, size (n_sample).
RealWave current_A(const OpticalPort& port, const PhotodiodeParameters& p) {
  RealWave current(port.field.empty() ? 0 : port.field.front().size(), p.dark_current_A);
  for (const ComplexWave& field : port.field)
    for (std::size_t u = 0; u < current.size(); ++u)
      current[u] += p.responsivity_A_per_W * std::norm(field[u]);
  return current;
}

class SquareLaw final : public Stepper {
 public:
  explicit SquareLaw(const PhotodiodeParameters& parameters) : parameters_(parameters) {}

  void step(Bundle& bundle) override {
    bundle.lane.resize(bundle.port.size());
    for (std::size_t p = 0; p < bundle.port.size(); ++p)
      bundle.lane[p] = current_A(bundle.port[p], parameters_);
    bundle.port.clear();
    bundle.carrier_Hz.clear();
    bundle.full_scale_Vpp = 0.0;
  }

 private:
  PhotodiodeParameters parameters_;
};

/// δI = 2R Re Σ_c conj(A_c) δA_c, so w_A = 2R conj(A) w_I.
class SquareLawTangent final : public Tangent {
 public:
  SquareLawTangent(const Bundle& input, double responsivity_A_per_W)
      : lanes_(input.lane.size()), port_(input.port), responsivity_A_per_W_(responsivity_A_per_W) {}

  void pull_back(Sensitivity& sensitivity) const override {
    sensitivity.port.resize(port_.size());
    for (std::size_t p = 0; p < port_.size(); ++p) {
      sensitivity.port[p].assign(port_[p].field.size(), {});
      if (p >= sensitivity.lane.size() || sensitivity.lane[p].empty()) continue;
      for (std::size_t c = 0; c < port_[p].field.size(); ++c)
        sensitivity.port[p][c] = field_weights(port_[p].field[c], sensitivity.lane[p], sensitivity.begin);
    }
    sensitivity.lane.assign(lanes_, {});
  }

 private:
  ComplexWave field_weights(const ComplexWave& field, const RealWave& weight, long begin) const {
    const long period = static_cast<long>(field.size());
    long sample = (begin % period + period) % period;
    ComplexWave weights(weight.size());
    for (std::size_t u = 0; u < weight.size(); ++u) {
      weights[u] =
          2.0 * responsivity_A_per_W_ * weight[u] * std::conj(field[static_cast<std::size_t>(sample)]);
      if (++sample == period) sample = 0;
    }
    return weights;
  }

  std::size_t lanes_;
  std::vector<OpticalPort> port_;
  double responsivity_A_per_W_;
};

}  // namespace

template <>
const ParameterTable<PhotodiodeParameters>& parameter_table() {
  using P = PhotodiodeParameters;
  using enum Quantity;
  static const ParameterTable<P> table{
      {"responsivity",
       "R, current per optical power at the chip's waveguide or fiber facet; default: Ge at 1310 nm, Bernal, "
       "OFC 2026 Th2A.15",
       responsivity, &P::responsivity_A_per_W, 1e-3, 10.0},
      {"dark_current", "I_dark at the bias voltage; default: same device at -1 V", current,
       &P::dark_current_A, 0.0, 1e-2, 0.0},
      {"bandwidth", "3 dB frequency of the carrier transit, a single pole", frequency, &P::bandwidth_Hz, 1e6,
       unlimited_bandwidth_Hz, unlimited_bandwidth_Hz},
      {"capacitance",
       "junction and pad capacitance seen by the amplifier; default: de Valicourt, OFC 2026 W1D.7",
       capacitance, &P::capacitance_F, 0.0, 1e-9, 0.0},
      {"series_resistance", "R_s between capacitance and amplifier; default: same source", resistance,
       &P::series_resistance_ohm, 0.0, 1e4, 0.0},
      {"bias_voltage", "reverse bias, for the power it draws", voltage, &P::bias_voltage_V, 0.0, 100.0},
      {"shot_noise", "share of the full shot noise 2qI; 0 answers what the noise costs", dimensionless,
       &P::shot_noise, 0.0, 1.0, 0.0},
  };
  return table;
}

Photodiode::Photodiode(std::string name, const PhotodiodeParameters& parameters)
    : Stage(std::move(name)), parameters_(parameters) {
  check(parameters_, this->name());
}

std::optional<SourceEnd> Photodiode::source_end(std::span<const double> frequency_Hz) const {
  SourceEnd source{SourceEnd::Form::norton, std::vector<Complex>(frequency_Hz.size())};
  for (std::size_t k = 0; k < frequency_Hz.size(); ++k) {
    const Complex shunt_S(0.0, 2.0 * constants::pi * frequency_Hz[k] * parameters_.capacitance_F);
    source.immittance[k] = shunt_S / (1.0 + parameters_.series_resistance_ohm * shunt_S);
  }
  return source;
}

std::unique_ptr<Stepper> Photodiode::start(const Bundle& input) const {
  if (input.port.empty()) {
    throw ConfigError(
        fmt::format("{}: no light arrives; put a cw_laser or another light source in front", name()));
  }
  return std::make_unique<SquareLaw>(parameters_);
}

std::unique_ptr<Tangent> Photodiode::tangent(const Bundle& input) const {
  return std::make_unique<SquareLawTangent>(input, parameters_.responsivity_A_per_W);
}

std::vector<NoiseTerm> Photodiode::noise(const Bundle& output) const {
  std::vector<NoiseTerm> terms;
  const auto& p = parameters_;
  if (p.shot_noise == 0.0) return terms;
  // One-sided 2q per ampere of mean current.
  const double sigma_per_sqrt_A =
      white_noise_sigma(2.0 * elementary_charge_C * p.shot_noise, output.grid.sample_rate_Hz());
  for (std::size_t l = 0; l < output.lane.size(); ++l) {
    NoiseTerm shot;
    shot.label = name() + " shot noise";
    shot.source = noise_source_id(name(), "shot", static_cast<int>(l));
    shot.lane = static_cast<int>(l);
    shot.sigma = sigma_per_sqrt_A;
    shot.modulation = output.lane[l];
    for (double& value : shot.modulation) value = std::sqrt(std::max(value - p.dark_current_A, 0.0));
    shot.scaling = LossScaling::with_sqrt_signal;
    terms.push_back(std::move(shot));
    if (p.dark_current_A == 0.0) continue;
    NoiseTerm dark;
    dark.label = name() + " dark current noise";
    dark.source = noise_source_id(name(), "dark", static_cast<int>(l));
    dark.lane = static_cast<int>(l);
    dark.sigma = sigma_per_sqrt_A * std::sqrt(p.dark_current_A);
    dark.scaling = LossScaling::fixed;
    terms.push_back(std::move(dark));
  }
  return terms;
}

void Photodiode::multiply_electrical(std::span<const double> frequency_Hz,
                                     std::span<Complex> response) const {
  const double rc_s = parameters_.series_resistance_ohm * parameters_.capacitance_F;
  for (std::size_t k = 0; k < response.size(); ++k) {
    const Complex norton(1.0, 2.0 * constants::pi * frequency_Hz[k] * rc_s);
    response[k] *= single_pole(frequency_Hz[k], parameters_.bandwidth_Hz) / norton;
  }
}

void Photodiode::ledger(const Bundle& input, Ledger& ledger) const {
  double total_A = 0.0;
  for (const OpticalPort& port : input.port) {
    const RealWave current = current_A(port, parameters_);
    double sum_A = 0.0;
    for (const double value : current) sum_A += value;
    if (!current.empty()) total_A += sum_A / static_cast<double>(current.size());
  }
  ledger.energy.push_back({name(), "photodiode bias", Owner::module, total_A * parameters_.bias_voltage_V,
                           fmt::format("{} mean current x {}", format_quantity(total_A, Quantity::current),
                                       format_quantity(parameters_.bias_voltage_V, Quantity::voltage))});
}

void Photodiode::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  for (const double carrier_Hz : input.carrier_Hz) {
    const double limit = quantum_limited_responsivity_A_per_W(carrier_Hz);
    if (parameters_.responsivity_A_per_W <= limit) continue;
    warnings.push_back(
        {name(), fmt::format("error: responsivity = {} A/W is above the quantum limit q lambda/(h c) = "
                             "{:.4f} A/W at {:.1f} nm; results are too good",
                             parameters_.responsivity_A_per_W, limit, wavelength_m(carrier_Hz) * 1e9)});
    break;
  }
  std::vector<double> sorted = input.carrier_Hz;
  std::sort(sorted.begin(), sorted.end());
  double spacing_Hz = INFINITY;
  for (std::size_t c = 1; c < sorted.size(); ++c)
    spacing_Hz = std::min(spacing_Hz, sorted[c] - sorted[c - 1]);
  if (spacing_Hz < 2.0 * input.grid.symbol_rate_Bd) {
    warnings.push_back(
        {name(), fmt::format("carriers are {} apart, less than twice the symbol rate of {}: their beat "
                             "falls into the receiver band and is not modelled",
                             format_quantity(spacing_Hz, Quantity::frequency),
                             format_quantity(input.grid.symbol_rate_Bd, Quantity::symbol_rate))});
  }
}

}  // namespace photonlink
