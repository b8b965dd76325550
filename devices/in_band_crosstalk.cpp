#include "devices/in_band_crosstalk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/units.hpp"
#include "devices/physics/white_noise.hpp"

namespace photonlink {
namespace {

using P = InBandCrosstalkParameters;
constexpr double no_level_dB = -200.0;

class Untouched final : public Stepper {
 public:
  void step(Bundle&) override {}
};
class UntouchedTangent final : public Tangent {
 public:
  void pull_back(Sensitivity&) const override {}
};

double mean_W(const ComplexWave& field) {
  double sum = 0.0;
  for (const Complex& a : field) sum += std::norm(a);
  return field.empty() ? 0.0 : sum / static_cast<double>(field.size());
}

}  // namespace

template <>
const ParameterTable<P>& parameter_table<P>() {
  using enum Quantity;
  static const ParameterTable<P> table{
      {"level", "mean power of the interferer over that of the signal, here", gain, &P::level_dB, no_level_dB,
       0.0, no_level_dB},
      {"alignment", "share of its power in the polarisation of the signal; 1 is the worst", dimensionless,
       &P::alignment, 0.0, 1.0},
      {"interferer",
       "modulated: by data of its own; unmodulated: the residue of a carrier",
       dimensionless,
       &P::interferer,
       0.0,
       0.0,
       std::nullopt,
       {"modulated", "unmodulated"}},
      {"levels", "levels of its modulation, evenly spaced in power", dimensionless, &P::levels, 2, 4},
      {"extinction_ratio", "of its modulation", gain, &P::extinction_ratio_dB, 0.1, 100.0},
      {"beat_frequency",
       "difference of the two lasers, at which a stream turns the phase; the pattern solver needs none",
       frequency, &P::beat_frequency_Hz, 1.0, 1e10},
  };
  return table;
}

InBandCrosstalk::InBandCrosstalk(std::string name, const P& parameters)
    : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
}

std::vector<double> InBandCrosstalk::level_amplitudes() const {
  if (p_.interferer == "unmodulated") return {};
  const double high = power_ratio(Gain_dB{p_.extinction_ratio_dB});
  std::vector<double> power;
  power.reserve(static_cast<std::size_t>(p_.levels));
  for (int l = 0; l < p_.levels; ++l) power.push_back(1.0 + (high - 1.0) * l / (p_.levels - 1));
  const double mean = std::accumulate(power.begin(), power.end(), 0.0) / p_.levels;
  for (double& each : power) each = std::sqrt(each / mean);
  return power;
}

std::unique_ptr<Stepper> InBandCrosstalk::start(const Bundle& input) const {
  if (input.port.empty())
    throw ConfigError(fmt::format(
        "{}: no light arrives; place in_band_crosstalk between a modulator and a photodiode", name()));
  return std::make_unique<Untouched>();
}

std::unique_ptr<Tangent> InBandCrosstalk::tangent(const Bundle&) const {
  return std::make_unique<UntouchedTangent>();
}

std::vector<NoiseTerm> InBandCrosstalk::noise(const Bundle& output) const {
  std::vector<NoiseTerm> terms;
  if (p_.level_dB <= no_level_dB || p_.alignment == 0.0 || output.port.empty()) return terms;
  const double share = p_.alignment * power_ratio(Gain_dB{p_.level_dB});
  // In front of a demultiplexer one port has the carriers of all lanes, behind it each lane has its own.
  const std::size_t lanes = std::min(output.symbols.size(), output.carrier_Hz.size());
  for (std::size_t l = 0; l < lanes; ++l) {
    const std::size_t port = output.port.size() == 1 ? 0 : l;
    if (port >= output.port.size()) break;
    const ComplexWave& field = output.port[port].field[l];
    NoiseTerm& term = terms.emplace_back();
    term.label = name() + " beat";
    term.source = noise_source_id(name(), "beat", static_cast<int>(l));
    term.port = static_cast<int>(port);
    term.carrier = static_cast<int>(l);
    term.period = term.hold = output.grid.samples_per_symbol;
    // Unit variance is √2 cos φ.
    term.sigma = std::sqrt(0.5 * share * mean_W(field));
    term.law = NoiseTerm::Law::sinusoid;
    term.cycles_per_draw = p_.beat_frequency_Hz / output.grid.symbol_rate_Bd;
    term.keys = level_amplitudes();
    term.scaling = LossScaling::with_signal;
    term.field_modulation.reserve(field.size());
    for (const Complex& a : field)
      term.field_modulation.push_back(a == Complex(0.0) ? Complex(1.0) : a / std::abs(a));
  }
  return terms;
}

void InBandCrosstalk::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  if (p_.level_dB > -20.0)
    warnings.push_back(
        {name(), fmt::format("the interferer is {:.3g} dB below the signal; above -20 dB its own power, left "
                             "out here, moves the levels by more than 1 %",
                             -p_.level_dB)});
  if (p_.beat_frequency_Hz > 0.01 * input.grid.symbol_rate_Bd)
    warnings.push_back(
        {name(), fmt::format("beat_frequency = {} is more than a hundredth of the symbol rate: the pattern "
                             "solver takes the phase as constant over the receiver's memory",
                             format_quantity(p_.beat_frequency_Hz, Quantity::frequency))});
}

}  // namespace photonlink
