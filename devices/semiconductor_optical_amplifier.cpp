#include "devices/semiconductor_optical_amplifier.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/light_source.hpp"
#include "devices/physics/optics.hpp"
#include "devices/physics/white_noise.hpp"
#include "signal/averages.hpp"

namespace photonlink {
namespace {

using P = SemiconductorOpticalAmplifierParameters;

RealWave total_power_W(const OpticalPort& port) {
  RealWave power(port.field.front().size(), 0.0);
  for (const ComplexWave& field : port.field)
    for (std::size_t u = 0; u < power.size(); ++u) power[u] += std::norm(field[u]);
  return power;
}

class Amplifier final : public Stepper {
 public:
  Amplifier(const GainReservoir& reservoir, double linewidth_enhancement, const Bundle& input)
      : step_(reservoir, input.grid.dt_s()),
        dt_s_(input.grid.dt_s()),
        half_(0.5, 0.5 * linewidth_enhancement) {
    const RealWave power_W = total_power_W(input.port[0]);
    gain_Np_ = reservoir.settled_Np(mean(power_W));
    last_W_ = power_W.front();
    state_[0] = gain_Np_;
  }

  void step(Bundle& bundle) override { advance(bundle, nullptr); }
  std::span<const Complex> state() const override { return state_; }

  /// @param gain_Np to be filled with h at every sample, or nullptr
  void advance(Bundle& bundle, RealWave* gain_Np) {
    auto& fields = bundle.port[0].field;
    for (std::size_t u = 0; u < fields.front().size(); ++u) {
      double power_W = 0.0;
      for (const ComplexWave& field : fields) power_W += std::norm(field[u]);
      // The first sample of all has nothing before it.
      if (begun_) gain_Np_ = step_.advance(gain_Np_, 0.5 * dt_s_ * (last_W_ + power_W));
      begun_ = true;
      last_W_ = power_W;
      if (gain_Np) (*gain_Np)[u] = gain_Np_;
      const Complex factor = std::exp(half_ * gain_Np_);
      for (ComplexWave& field : fields) field[u] *= factor;
    }
    state_[0] = gain_Np_;
  }

 private:
  ReservoirStep step_;
  double dt_s_;
  Complex half_;
  double gain_Np_ = 0.0, last_W_ = 0.0;
  bool begun_ = false;
  std::array<Complex, 1> state_{};
};

/// Settled gain over one period.
RealWave settled_gain(Amplifier& amplifier, const Bundle& input) {
  constexpr int most_periods = 200;
  RealWave gain_Np(input.port[0].field.front().size());
  for (int period = 0; period < most_periods; ++period) {
    const Complex before = amplifier.state()[0];
    Bundle bundle = input;
    amplifier.advance(bundle, &gain_Np);
    if (period > 0 && std::abs(amplifier.state()[0] - before) <= 1e-12 * std::abs(before)) return gain_Np;
  }
  throw DomainError(fmt::format("amplifier: its gain does not settle within {} periods; use a longer pattern",
                                most_periods));
}

/// Gain at every sample from the light that left. The wave is taken as periodic: the first passage finds
/// where the second begins.
RealWave gain_behind(const GainReservoir& reservoir, const Bundle& output) {
  const RealWave power_W = total_power_W(output.port[0]);
  const ReservoirStep step(reservoir, output.grid.dt_s());
  RealWave gain_Np(power_W.size());
  double now = reservoir.small_signal_Np, last_W = power_W.back();
  for (int passage = 0; passage < 2; ++passage)
    for (std::size_t u = 0; u < power_W.size(); ++u) {
      now = step.advance_by_output(now, 0.5 * output.grid.dt_s() * (last_W + power_W[u]));
      last_W = power_W[u];
      gain_Np[u] = now;
    }
  return gain_Np;
}

/// With B = A e^{(1+jα)h/2}, λ_n = dy/dh_n = Re Σ w B (1+jα)/2 + D_n λ_{n+1}, D = dh_{n+1}/dh_n, K =
/// dh_{n+1}/dU_n:
///   dy/dA_n = w e^{(1+jα)h/2} + A* dt (K_n λ_{n+1} + K_{n-1} λ_n).
class AmplifierTangent final : public Tangent {
 public:
  AmplifierTangent(const GainReservoir& reservoir, double linewidth_enhancement, const Bundle& input)
      : dt_s_(input.grid.dt_s()),
        half_(0.5, 0.5 * linewidth_enhancement),
        field_(input.port[0].field),
        lanes_(input.lane.size()) {
    Amplifier amplifier(reservoir, linewidth_enhancement, input);
    gain_Np_ = settled_gain(amplifier, input);
    const ReservoirStep step(reservoir, dt_s_);
    const RealWave power_W = total_power_W(input.port[0]);
    slopes_.reserve(power_W.size());
    for (std::size_t u = 0; u < power_W.size(); ++u)
      slopes_.push_back(
          step.slopes(gain_Np_[u], 0.5 * dt_s_ * (power_W[u] + power_W[u + 1 < power_W.size() ? u + 1 : 0])));
  }

  void pull_back(Sensitivity& s) const override {
    const long period = static_cast<long>(gain_Np_.size());
    auto& weights = s.port[0];
    for (std::size_t c = 0; c < weights.size(); ++c)  // what others do to the gain comes from every carrier
      if (weights[c].empty()) weights[c].assign(static_cast<std::size_t>(s.length), 0.0);
    double later = 0.0;  // λ_{n+1}
    for (int i = s.length - 1; i >= 0; --i) {
      const auto w = static_cast<std::size_t>(i),
                 n = static_cast<std::size_t>(photonlink::wrap(s.begin + i, period)),
                 before = n == 0 ? static_cast<std::size_t>(period) - 1 : n - 1;
      const Complex factor = std::exp(half_ * gain_Np_[n]);
      double now = slopes_[n].by_gain * later;
      for (std::size_t c = 0; c < weights.size(); ++c)
        now += (weights[c][w] * factor * field_[c][n] * half_).real();
      const double by_power =
          dt_s_ * (slopes_[n].by_energy_per_J * later + slopes_[before].by_energy_per_J * now);
      for (std::size_t c = 0; c < weights.size(); ++c)
        weights[c][w] = weights[c][w] * factor + by_power * std::conj(field_[c][n]);
      later = now;
    }
    s.lane.assign(lanes_, {});
  }

 private:
  double dt_s_;
  Complex half_;
  std::vector<ComplexWave> field_;
  std::size_t lanes_;
  RealWave gain_Np_;
  std::vector<ReservoirStep::Slopes> slopes_;
};

}  // namespace

template <>
const ParameterTable<P>& parameter_table<P>() {
  using enum Quantity;
  static const ParameterTable<P> table{
      {"gain", "small-signal gain G_0; default assumed", gain, &P::gain_dB, 4.0, 50.0},
      {"saturation_output_power", "output power at which the gain has halved; default assumed", power,
       &P::saturation_output_power_W, 1e-6, 100.0},
      {"lifetime", "carrier lifetime; default assumed", time, &P::lifetime_s, 1e-12, 1e-6},
      {"linewidth_enhancement", "alpha of the gain; 4 to 8 are usual", dimensionless,
       &P::linewidth_enhancement, -20.0, 20.0, 0.0},
      {"noise_figure", "F at small signal, of one polarisation", gain, &P::noise_figure_dB, 0.0, 30.0},
      {"current", "injection current", current, &P::current_A, 0.0, 10.0},
      {"turn_on_voltage", "V_0, voltage at vanishing current", voltage, &P::turn_on_voltage_V, 0.3, 5.0},
      {"series_resistance", "R of the diode", resistance, &P::series_resistance_ohm, 0.0, 1e3, 0.0},
      {"length", "length of the amplifier, for the latency", length, &P::length_m, 0.0, 0.1},
      {"group_index", "its group index", dimensionless, &P::group_index, 1.0, 10.0},
  };
  return table;
}

SemiconductorOpticalAmplifier::SemiconductorOpticalAmplifier(std::string name, const P& parameters)
    : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
  if (inversion() < 1.0 - 1e-12) {
    const double ratio = power_ratio(Gain_dB{p_.gain_dB});
    throw ConfigError(
        fmt::format("{}: noise_figure = {} dB is below {:.4g} dB, the quantum limit of a gain of {} dB",
                    this->name(), p_.noise_figure_dB, power_gain_dB(2.0 - 1.0 / ratio).value, p_.gain_dB));
  }
}

double SemiconductorOpticalAmplifier::inversion() const {
  const double ratio = power_ratio(Gain_dB{p_.gain_dB});
  return (power_ratio(Gain_dB{p_.noise_figure_dB}) * ratio - 1.0) / (2.0 * (ratio - 1.0));
}

GainReservoir SemiconductorOpticalAmplifier::reservoir() const {
  const double ratio = power_ratio(Gain_dB{p_.gain_dB});
  return {std::log(ratio), p_.lifetime_s,
          p_.saturation_output_power_W * (ratio - 2.0) / (ratio * std::log(2.0))};
}

double SemiconductorOpticalAmplifier::gain(double power_W) const {
  return std::exp(reservoir().settled_Np(power_W));
}

Complex SemiconductorOpticalAmplifier::modulation_response(double power_W, double frequency_Hz) const {
  const double out_W = power_W * gain(power_W), saturation_W = reservoir().saturation_power_W;
  return 1.0 - (out_W - power_W) / saturation_W /
                   Complex(1.0 + out_W / saturation_W, 2.0 * constants::pi * frequency_Hz * p_.lifetime_s);
}

std::unique_ptr<Stepper> SemiconductorOpticalAmplifier::start(const Bundle& input) const {
  if (input.port.size() != 1 || input.port[0].field.empty())
    throw ConfigError(
        fmt::format("{}: one port with light is expected, {} ports arrive; put a laser in front and "
                    "demultiplexers behind",
                    name(), input.port.size()));
  return std::make_unique<Amplifier>(reservoir(), p_.linewidth_enhancement, input);
}

std::unique_ptr<Tangent> SemiconductorOpticalAmplifier::tangent(const Bundle& input) const {
  return std::make_unique<AmplifierTangent>(reservoir(), p_.linewidth_enhancement, input);
}

// Five lifetimes: e^-5 of a perturbation is left; the noise of a carrier-suppressing gain is a difference of
// that order.
double SemiconductorOpticalAmplifier::core_memory_s() const {
  return 5.0 * p_.lifetime_s;
}

std::vector<NoiseTerm> SemiconductorOpticalAmplifier::noise(const Bundle& output) const {
  std::vector<NoiseTerm> terms;
  if (output.port.empty()) return terms;
  RealWave excess(output.port[0].field.front().size());  // √(G - 1) at every sample
  const RealWave gain_Np = gain_behind(reservoir(), output);
  for (std::size_t u = 0; u < excess.size(); ++u) excess[u] = std::sqrt(std::expm1(gain_Np[u]));
  const double rate_Hz = output.grid.sample_rate_Hz();
  for (std::size_t c = 0; c < output.carrier_Hz.size(); ++c) {
    // Two-sided density per polarisation; each quadrature has half of it over the sample rate.
    const double density_W_per_Hz = inversion() * photon_energy_J(output.carrier_Hz[c]);  // over G - 1
    for (const bool in_phase : {true, false}) {
      NoiseTerm& term = terms.emplace_back();
      term.label = name() + " spontaneous emission";
      term.source =
          noise_source_id(name(), in_phase ? "emission, real" : "emission, imaginary", static_cast<int>(c));
      term.port = 0;
      term.carrier = static_cast<int>(c);
      term.sigma = std::sqrt(0.5 * density_W_per_Hz * rate_Hz);
      for (const double each : excess)
        term.field_modulation.push_back(in_phase ? Complex(each) : Complex(0.0, each));
      term.scaling = LossScaling::with_signal;
    }
  }
  return terms;
}

void SemiconductorOpticalAmplifier::ledger(const Bundle&, Ledger& ledger) const {
  const double voltage_V = p_.turn_on_voltage_V + p_.current_A * p_.series_resistance_ohm;
  ledger.energy.push_back({name(), amplifier_current_cause, Owner::module, p_.current_A * voltage_V,
                           fmt::format("{} x {}", format_quantity(p_.current_A, Quantity::current),
                                       format_quantity(voltage_V, Quantity::voltage))});
  ledger.latency.push_back({name(), p_.length_m * p_.group_index / constants::speed_of_light_m_per_s});
}

void SemiconductorOpticalAmplifier::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  if (input.port.empty() || input.port[0].field.empty()) return;
  const double power_W = mean(total_power_W(input.port[0])), ratio = gain(power_W);
  const double emission_W = 2.0 * inversion() * photon_energy_J(input.carrier_Hz.front()) * (ratio - 1.0) *
                            input.grid.sample_rate_Hz() * static_cast<double>(input.carrier_Hz.size());
  if (emission_W > 0.01 * power_W * ratio)
    warnings.push_back(
        {name(),
         fmt::format("spontaneous emission of {} in the simulated band is {:.2g} % of the light: "
                     "its beat with itself is left out; put an optical filter behind",
                     format_quantity(emission_W, Quantity::power), 100.0 * emission_W / (power_W * ratio))});
  if (input.grid.dt_s() > 0.2 * p_.lifetime_s)
    warnings.push_back(
        {name(), fmt::format("samples of {} do not resolve a lifetime of {}; raise samples_per_symbol",
                             format_quantity(input.grid.dt_s(), Quantity::time),
                             format_quantity(p_.lifetime_s, Quantity::time))});
}

}  // namespace photonlink
