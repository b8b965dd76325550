#include "devices/physics/square_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/quantity.hpp"
#include "devices/physics/optics.hpp"
#include "devices/physics/white_noise.hpp"
#include "signal/averages.hpp"

namespace photonlink {
namespace {

// Σ_c R_c |A_c|², (n_sample).
RealWave unsaturated_A(const OpticalPort& port, const SquareLaw& law) {
  RealWave current(port.field.empty() ? 0 : port.field.front().size(), 0.0);
  for (std::size_t c = 0; c < port.field.size(); ++c)
    for (std::size_t u = 0; u < current.size(); ++u)
      current[u] += law.responsivity_A_per_W[c] * std::norm(port.field[c][u]);
  return current;
}

bool saturates(const SquareLaw& law) {
  return law.saturation_current_A < unlimited_current_A;
}

class SquareLawStepper final : public Stepper {
 public:
  explicit SquareLawStepper(SquareLaw law) : law_(std::move(law)) {}

  void step(Bundle& bundle) override {
    bundle.lane.resize(bundle.port.size());
    for (std::size_t p = 0; p < bundle.port.size(); ++p) {
      bundle.lane[p] = detected_current_A(bundle.port[p], law_);
      if (slows(law_.transit)) pass_transit(p, bundle.grid.dt_s(), bundle.lane[p]);
    }
    bundle.port.clear();
    bundle.carrier_Hz.clear();
    bundle.full_scale_Vpp = 0.0;
  }
  std::span<const Complex> state() const override { return state_; }

 private:
  // The dark current is there from the beginning: the transit passes it on as it is.
  void pass_transit(std::size_t port, double dt_s, RealWave& current) {
    if (current.empty()) return;
    for (std::size_t p = state_.size(); p <= port; ++p) {
      state_.emplace_back(current.front() - law_.dark_current_A);
      before_A_.push_back(current.front() - law_.dark_current_A);
    }
    double y_A = state_[port].real(), before_A = before_A_[port];
    for (double& value : current) {
      const double now_A = value - law_.dark_current_A;
      y_A = law_.transit.step(y_A, before_A, now_A, dt_s).y;
      value = y_A + law_.dark_current_A;
      before_A = now_A;
    }
    state_[port] = y_A;
    before_A_[port] = before_A;
  }

  SquareLaw law_;
  std::vector<Complex> state_;    // y of each port
  std::vector<double> before_A_;  // u of its last sample
};

/// w_A = 2 R_c conj(A_c) dI/dI_lin w_I.
class SquareLawTangent final : public Tangent {
 public:
  SquareLawTangent(const Bundle& input, SquareLaw law)
      : lanes_(input.lane.size()), port_(input.port), law_(std::move(law)) {
    for (const OpticalPort& port : port_) {
      slope_.push_back(slope(port));
      transit_.push_back(settled_steps(port, input.grid.dt_s()));
    }
  }

  void pull_back(Sensitivity& sensitivity) const override {
    sensitivity.port.resize(port_.size());
    for (std::size_t p = 0; p < port_.size(); ++p) {
      sensitivity.port[p].assign(port_[p].field.size(), {});
      if (p >= sensitivity.lane.size() || sensitivity.lane[p].empty()) continue;
      const RealWave weight = through_transit(p, sensitivity.lane[p], sensitivity.begin);
      for (std::size_t c = 0; c < port_[p].field.size(); ++c)
        sensitivity.port[p][c] = field_weights(p, c, weight, sensitivity.begin);
    }
    sensitivity.lane.assign(lanes_, {});
  }

 private:
  // dI/dI_lin, (n_sample), empty: 1.
  RealWave slope(const OpticalPort& port) const {
    if (!saturates(law_)) return {};
    RealWave result = unsaturated_A(port, law_);
    for (double& value : result) value = std::pow(1.0 + value / law_.saturation_current_A, -2.0);
    return result;
  }

  // Derivatives of the steps that end at each sample of the settled period, (n_sample); empty: no transit.
  std::vector<SlowingTransit::Step> settled_steps(const OpticalPort& port, double dt_s) const {
    if (!slows(law_.transit)) return {};
    const RealWave u = detected_current_A(port, {law_.responsivity_A_per_W, 0.0, law_.saturation_current_A});
    std::vector<SlowingTransit::Step> steps(u.size());
    double y_A = u.empty() ? 0.0 : u.back(), last_A = INFINITY;
    // Its memory is far shorter than a period; the first pass may start wrong.
    for (int pass = 0; pass < 50 && std::abs(y_A - last_A) > 1e-14 * std::abs(y_A); ++pass) {
      last_A = y_A;
      for (std::size_t n = 0; n < u.size(); ++n) {
        steps[n] = law_.transit.step(y_A, u[n == 0 ? u.size() - 1 : n - 1], u[n], dt_s);
        y_A = steps[n].y;
      }
    }
    return steps;
  }

  // From weights on what leaves the transit to weights on what enters it, backwards in time.
  RealWave through_transit(std::size_t p, const RealWave& weight, long begin) const {
    const auto& steps = transit_[p];
    if (steps.empty()) return weight;
    const long period = static_cast<long>(steps.size());
    RealWave entering(weight.size(), 0.0);
    double adjoint = 0.0;
    for (std::size_t k = weight.size(); k-- > 0;) {
      const auto& step = steps[static_cast<std::size_t>(wrap(begin + static_cast<long>(k), period))];
      adjoint += weight[k];
      entering[k] += step.from_now * adjoint;
      if (k > 0) entering[k - 1] += step.from_before * adjoint;
      adjoint *= step.from_state;
    }
    return entering;
  }

  ComplexWave field_weights(std::size_t p, std::size_t c, const RealWave& weight, long begin) const {
    const ComplexWave& field = port_[p].field[c];
    const RealWave& slope = slope_[p];
    const long period = static_cast<long>(field.size());
    long sample = wrap(begin, period);
    ComplexWave weights(weight.size());
    for (std::size_t u = 0; u < weight.size(); ++u) {
      const auto at = static_cast<std::size_t>(sample);
      const double gain = slope.empty() ? 1.0 : slope[at];
      weights[u] = 2.0 * law_.responsivity_A_per_W[c] * gain * weight[u] * std::conj(field[at]);
      if (++sample == period) sample = 0;
    }
    return weights;
  }

  std::size_t lanes_;
  std::vector<OpticalPort> port_;
  SquareLaw law_;
  std::vector<RealWave> slope_;                             // (n_port)
  std::vector<std::vector<SlowingTransit::Step>> transit_;  // (n_port)
};

NoiseTerm shot_term(const std::string& stage, const char* what, const char* cause, std::size_t lane) {
  NoiseTerm term;
  term.label = stage + what;
  term.source = noise_source_id(stage, cause, static_cast<int>(lane));
  term.lane = static_cast<int>(lane);
  return term;
}

}  // namespace

bool slows(const SlowingTransit& transit) {
  return transit.bandwidth_Hz < unlimited_bandwidth_Hz && transit.current_A < unlimited_current_A;
}

RealWave detected_current_A(const OpticalPort& port, const SquareLaw& law) {
  RealWave current = unsaturated_A(port, law);
  if (saturates(law))
    for (double& value : current) value /= 1.0 + value / law.saturation_current_A;
  for (double& value : current) value += law.dark_current_A;
  return current;
}

std::unique_ptr<Stepper> square_law_stepper(SquareLaw law) {
  return std::make_unique<SquareLawStepper>(std::move(law));
}

std::unique_ptr<Tangent> square_law_tangent(const Bundle& input, SquareLaw law) {
  return std::make_unique<SquareLawTangent>(input, std::move(law));
}

std::vector<NoiseTerm> shot_noise_terms(const std::string& stage, const ShotNoise& shot,
                                        const Bundle& output) {
  std::vector<NoiseTerm> terms;
  const double rate_Hz = output.grid.sample_rate_Hz();
  for (std::size_t l = 0; l < output.lane.size(); ++l) {
    if (shot.signal_A > 0.0) {
      NoiseTerm signal = shot_term(stage, " shot noise", "shot", l);
      signal.sigma = white_noise_sigma(shot.signal_A, rate_Hz);
      signal.modulation = output.lane[l];
      for (double& value : signal.modulation) value = std::sqrt(std::max(value - shot.dark_current_A, 0.0));
      signal.scaling = LossScaling::with_sqrt_signal;
      terms.push_back(std::move(signal));
    }
    if (shot.dark_A2_per_Hz == 0.0) continue;
    NoiseTerm dark = shot_term(stage, " dark current noise", "dark", l);
    dark.sigma = white_noise_sigma(shot.dark_A2_per_Hz, rate_Hz);
    dark.scaling = LossScaling::fixed;
    terms.push_back(std::move(dark));
  }
  return terms;
}

double mean_current_A(const OpticalPort& port, const SquareLaw& law) {
  const RealWave current = detected_current_A(port, law);
  return current.empty() ? 0.0 : mean(current);
}

double total_mean_current_A(const Bundle& input, const SquareLaw& law) {
  double total_A = 0.0;
  for (const OpticalPort& port : input.port) total_A += mean_current_A(port, law);
  return total_A;
}

void require_light(const std::string& stage, const Bundle& input) {
  if (input.port.empty())
    throw ConfigError(
        fmt::format("{}: no light arrives; put a cw_laser or another light source in front", stage));
}

LedgerEntry bias_power(const std::string& stage, const char* cause, double current_A, double voltage_V) {
  return {stage, cause, Owner::module, current_A * voltage_V,
          fmt::format("{} mean current x {}", format_quantity(current_A, Quantity::current),
                      format_quantity(voltage_V, Quantity::voltage))};
}

void check_detection(const std::string& stage, const SquareLaw& law, const Bundle& input,
                     std::vector<Warning>& warnings) {
  for (std::size_t c = 0; c < input.carrier_Hz.size(); ++c) {
    const double limit = quantum_limited_responsivity_A_per_W(input.carrier_Hz[c]);
    if (law.responsivity_A_per_W[c] <= limit) continue;
    warnings.push_back(
        {stage, fmt::format("error: responsivity = {} A/W is above the quantum limit q lambda/(h c) = "
                            "{:.4f} A/W at {:.1f} nm; results are too good",
                            law.responsivity_A_per_W[c], limit, wavelength_m(input.carrier_Hz[c]) * 1e9)});
    break;
  }
  std::vector<double> sorted = input.carrier_Hz;
  std::sort(sorted.begin(), sorted.end());
  double spacing_Hz = INFINITY;
  for (std::size_t c = 1; c < sorted.size(); ++c)
    spacing_Hz = std::min(spacing_Hz, sorted[c] - sorted[c - 1]);
  if (spacing_Hz >= 2.0 * input.grid.symbol_rate_Bd) return;
  warnings.push_back(
      {stage, fmt::format("carriers are {} apart, less than twice the symbol rate of {}: their "
                          "beat falls into the receiver band and is not modelled",
                          format_quantity(spacing_Hz, Quantity::frequency),
                          format_quantity(input.grid.symbol_rate_Bd, Quantity::symbol_rate))});
}

}  // namespace photonlink
