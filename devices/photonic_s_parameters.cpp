#include "devices/photonic_s_parameters.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/units.hpp"
#include "devices/physics/optics.hpp"
#include "devices/physics/reflection.hpp"

namespace photonlink {
namespace {

// Linear interpolation of a phase step x loses 1 - cos(x/2) of the field in between: 3 % at half a radian.
constexpr double fine_step_rad = 0.5;

std::string list_of(const std::vector<std::string>& names) {
  return fmt::format("\"{}\"", fmt::join(names, "\", \""));
}

}  // namespace

template <>
const ParameterTable<PhotonicSParametersParameters>& parameter_table() {
  using P = PhotonicSParametersParameters;
  static const ParameterTable<P> table{
      {"file", "S-parameters as text of Lumerical INTERCONNECT or as a table of SAX", Quantity::dimensionless,
       &P::file},
      {"input", "name of the port at which light enters; empty: the second name of the first S[out, in]",
       Quantity::dimensionless, &P::input},
      {"outputs", "names of the ports behind; empty: the other port of a file with two",
       Quantity::dimensionless, &P::outputs},
      {"mode", "number of the mode, the same at all ports", Quantity::dimensionless, &P::mode, 0, 1000},
      {"phase",
       "of light that is delayed, against frequency; rising: Lumerical, SAX (exp(-i omega t)); falling: "
       "exp(+j omega t)",
       Quantity::dimensionless,
       &P::phase,
       0.0,
       0.0,
       std::nullopt,
       {"rising", "falling"}},
  };
  return table;
}

PhotonicSParameters::PhotonicSParameters(const std::string& name,
                                         const PhotonicSParametersParameters& parameters)
    : Stage(name), mode_(parameters.mode) {
  check(parameters, name);
  if (parameters.file.empty())
    throw ConfigError(fmt::format("{}: file is empty; name a file of photonic S-parameters", name));
  network_ = read_photonic_network(parameters.file);
  if (parameters.phase == "rising") network_ = conjugated(std::move(network_));
  choose_ports(parameters);
  for (const std::string& output : outputs_) {
    const PhotonicTrace* trace = network_.find(output, input_, mode_);
    if (trace == nullptr)
      throw ConfigError(fmt::format("{}: {} has no S[\"{}\", \"{}\"] of mode {}; its ports are {}", name,
                                    network_.file, output, input_, mode_, list_of(network_.ports())));
    paths_.emplace_back(*trace);
  }
  std::vector<std::string> ends = outputs_;
  ends.insert(ends.begin(), input_);
  for (const std::string& end : ends)
    if (const PhotonicTrace* trace = network_.find(end, end, mode_)) {
      reflections_.emplace_back(*trace);
      reflecting_.push_back(end);
    }
}

void PhotonicSParameters::choose_ports(const PhotonicSParametersParameters& parameters) {
  const auto ports = network_.ports();
  input_ = parameters.input.empty() ? network_.traces.front().in : parameters.input;
  outputs_ = parameters.outputs;
  if (outputs_.empty()) {
    if (ports.size() != 2)
      throw ConfigError(fmt::format("{}: {} has the ports {}; say which of them are outputs", name(),
                                    network_.file, list_of(ports)));
    outputs_ = {ports[0] == input_ ? ports[1] : ports[0]};
  }
  for (std::size_t i = 0; i < outputs_.size(); ++i)
    if (std::find(outputs_.begin(), outputs_.begin() + static_cast<std::ptrdiff_t>(i), outputs_[i]) !=
        outputs_.begin() + static_cast<std::ptrdiff_t>(i))
      throw ConfigError(fmt::format("{}: output \"{}\" is named twice", name(), outputs_[i]));
}

void PhotonicSParameters::multiply_optical(int out_port, double carrier_Hz, std::span<const double> offset_Hz,
                                           std::span<Complex> response) const {
  const PhotonicCurve& path = paths_[static_cast<std::size_t>(out_port)];
  if (carrier_Hz < path.first_Hz() || carrier_Hz > path.last_Hz())
    throw ConfigError(
        fmt::format("{}: carrier at {:.2f} nm is outside the {:.2f} to {:.2f} nm of {}; the file is not "
                    "extrapolated, simulate "
                    "or measure it there",
                    name(), wavelength_m(carrier_Hz) * 1e9, wavelength_m(path.last_Hz()) * 1e9,
                    wavelength_m(path.first_Hz()) * 1e9, network_.file));
  for (std::size_t k = 0; k < response.size(); ++k) response[k] *= path.envelope(carrier_Hz + offset_Hz[k]);
}

void PhotonicSParameters::ledger(const Bundle&, Ledger& ledger) const {
  double sum_s = 0.0;
  for (const PhotonicCurve& path : paths_) sum_s += std::max(0.0, path.delay_s());
  ledger.latency.push_back({name(), sum_s / static_cast<double>(paths_.size())});
}

void PhotonicSParameters::warn_of_file(std::vector<Warning>& warnings) const {
  const PassivityFinding passive = find_passivity(network_);
  if (passive.largest_gain > 1.0 + 1e-3)
    warnings.push_back(
        {name(), fmt::format("{} is not passive: at {:.2f} nm it gives out {:.4f} times the field that "
                             "enters, {} points exceed 1; simulate or measure it again",
                             network_.file, wavelength_m(passive.frequency_Hz) * 1e9, passive.largest_gain,
                             passive.points_above)});
  for (std::size_t i = 0; i < paths_.size(); ++i)
    // Tens of femtoseconds are the dispersion of a coupler, not a sign.
    if (paths_[i].delay_s() < -1e-13)
      warnings.push_back(
          {name(),
           fmt::format("light leaves \"{}\" {} before it enters: the phase of {} may be of the "
                       "other sign; change phase",
                       outputs_[i], format_quantity(-paths_[i].delay_s(), Quantity::time), network_.file)});
}

void PhotonicSParameters::validity(const Bundle& input, std::vector<Warning>& warnings) const {
  warn_of_file(warnings);
  const std::size_t before = warnings.size();
  for (const double carrier_Hz : input.carrier_Hz) {
    if (warnings.size() > before) break;  // the first carrier that shows something speaks for all
    for (std::size_t i = 0; i < reflections_.size(); ++i)
      warn_of_reflection(
          name(), "port " + reflecting_[i],
          -power_gain_dB(std::max(1e-12, std::norm(reflections_[i].envelope(carrier_Hz)))).value, warnings);
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      const PhotonicCurve& path = paths_[i];
      if (path.step_rad(carrier_Hz) > fine_step_rad)
        warnings.push_back(
            {name(), fmt::format("{} turns by {:.2f} rad from point to point on the way to \"{}\" at "
                                 "{:.2f} nm: what lies between is a guess; use finer points",
                                 network_.file, path.step_rad(carrier_Hz), outputs_[i],
                                 wavelength_m(carrier_Hz) * 1e9)});
      const double reach_Hz = input.grid.symbol_rate_Bd;
      if (carrier_Hz - reach_Hz < path.first_Hz() || carrier_Hz + reach_Hz > path.last_Hz())
        warnings.push_back(
            {name(), fmt::format("the signal around {:.2f} nm reaches beyond {}: there the value of its "
                                 "end is kept",
                                 wavelength_m(carrier_Hz) * 1e9, network_.file)});
    }
  }
}

}  // namespace photonlink
