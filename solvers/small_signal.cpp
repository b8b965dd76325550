#include "solvers/small_signal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"

namespace photonlink {
namespace {

bool gives_current(const Stage& stage) {
  const auto source = stage.source_end({});
  return source && source->form == SourceEnd::Form::norton;
}

int photodiode_of(const Chain& chain) {
  const int stages = static_cast<int>(chain.link().stages.size());
  for (int i = 0; i < stages; ++i)
    if (gives_current(chain.stage(i))) return i;
  throw ConfigError(
      fmt::format("link '{}': no stage turns light into a current; add a photodiode", chain.link().name));
}

/// First stage behind `stage` with an electrical input, or the number of stages.
int next_load(const Chain& chain, int stage) {
  const int stages = static_cast<int>(chain.link().stages.size());
  int i = stage + 1;
  while (i < stages && !chain.stage(i).load_end({})) ++i;
  return i;
}

}  // namespace

int modulator_of(const OpticalSpectrum& spectrum) {
  const Chain& chain = spectrum.rest().chain();
  for (int i = spectrum.part().first; i < spectrum.part().last; ++i)
    if (chain.stage(i).modulator_curves()) return i;
  throw ConfigError(
      fmt::format("link '{}': no stage modulates light in closed form; add a modulator", chain.link().name));
}

SmallSignal::SmallSignal(const OpticalSpectrum& spectrum, int lane)
    : spectrum_(spectrum), lane_(lane), modulator_(modulator_of(spectrum)) {
  const Chain& chain = spectrum.rest().chain();
  source_ = chain.stage(modulator_).load_end({}) ? chain.source_of(modulator_) : -1;
  const Bundle& at = spectrum.rest().in_front_of(modulator_);
  int lanes = static_cast<int>(std::min(at.lane.size(), at.carrier_Hz.size()));
  if (spectrum.ports() > 1) lanes = std::min(lanes, spectrum.ports());
  require(lane >= 0 && lane < lanes,
          fmt::format("{}: lane {} is outside [0, {}), the lanes with carrier and port; count from 0",
                      chain.stage(modulator_).name(), lane, lanes));
  const auto own = static_cast<std::size_t>(lane);
  const double carrier_Hz = at.carrier_Hz[own];
  const int port = spectrum.ports() > 1 ? lane : 0;
  const double zero_Hz = 0.0;
  const Complex tail =
      chain.optical_response({modulator_, modulator_ + 1}, port, carrier_Hz, {&zero_Hz, 1}).front();
  slope_W_ = rest_power_W(at.port.front().field[own]) * std::norm(tail) *
             spectrum.transmission({modulator_ + 1, spectrum.part().last}, carrier_Hz, 0.0, port);
}

std::vector<Complex> SmallSignal::drive_response(std::span<const double> frequency_Hz) const {
  const Chain& chain = spectrum_.rest().chain();
  std::vector<Complex> response(frequency_Hz.size(), 1.0);
  for (int i = std::max(source_, 0); i < modulator_; ++i)
    chain.stage(i).multiply_electrical(frequency_Hz, response);
  const auto transfer = chain.segment_response(modulator_, frequency_Hz);
  for (std::size_t k = 0; k < transfer.size(); ++k) response[k] *= transfer[k];
  return response;
}

std::vector<Complex> SmallSignal::electro_optic_response(std::span<const double> frequency_Hz) const {
  const Stage& stage = spectrum_.rest().chain().stage(modulator_);
  const auto optical =
      stage.modulator_curves()->small_signal(spectrum_.rest().in_front_of(modulator_), lane_, frequency_Hz);
  std::vector<Complex> response = drive_response(frequency_Hz);
  for (std::size_t k = 0; k < response.size(); ++k) response[k] *= slope_W_ * optical[k];
  return response;
}

std::vector<Complex> opto_electric_response(const Chain& chain, std::span<const double> frequency_Hz,
                                            double load_ohm) {
  require(load_ohm >= 0.0, fmt::format("load = {} ohm must be at least 0 ohm; 50 ohm is usual", load_ohm));
  const int diode = photodiode_of(chain), load = next_load(chain, diode);
  const int stages = static_cast<int>(chain.link().stages.size());
  if (load < stages) return chain.electrical_response({diode, load}, frequency_Hz);
  std::vector<Complex> response(frequency_Hz.size(), 1.0);
  for (int i = diode; i < stages; ++i) chain.stage(i).multiply_electrical(frequency_Hz, response);
  const LoadEnd resistor{std::vector<Complex>(frequency_Hz.size(), load_ohm), response,
                         LoadEnd::Takes::current};
  const auto source = chain.stage(diode).source_end(frequency_Hz);
  if (!source) throw ConfigError("a photodiode without source admittance has no electrical output");
  return segment_transfer(*source, chain.two_ports(diode, load, frequency_Hz), resistor);
}

}  // namespace photonlink
