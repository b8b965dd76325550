#include "studies/validation/observable_lists.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "core/units.hpp"
#include "solvers/response_shape.hpp"
#include "solvers/static_levels.hpp"
#include "studies/validation/probe.hpp"

namespace photonlink {
namespace {

using Arguments = ObservableArguments;
using Values = std::vector<double>;
using X = std::span<const double>;
constexpr double c0 = constants::speed_of_light_m_per_s;

double carrier_Hz(Probe& probe) {
  const auto& bundle = probe.rest().behind(static_cast<int>(probe.link().stages.size()) - 1);
  if (!bundle.carrier_Hz.empty()) return bundle.carrier_Hz.front();
  const Bundle& lit = probe.rest().in_front_of(probe.spectrum().part().last - 1);
  require(!lit.carrier_Hz.empty(), "the chain has no laser, so there is no carrier; add a cw_laser");
  return lit.carrier_Hz.front();
}

double near_m(Probe& probe, const Arguments& arguments) {
  return arguments.near_m > 0.0 ? arguments.near_m : c0 / carrier_Hz(probe);
}

Resonance resonance(Probe& probe, const Arguments& arguments) {
  return probe.spectrum().resonance({.near_m = near_m(probe, arguments)}, arguments.drive_V);
}

Values optical_transmission(Probe& probe, const Arguments& arguments, X wavelength_m) {
  Values frequency;
  for (const double lambda : wavelength_m) frequency.push_back(c0 / lambda);
  Values values = probe.spectrum().transmission(frequency, arguments.drive_V);
  for (double& value : values) value = power_gain_dB(value).value;
  return values;
}

double carrier_transmission(Probe& probe, double drive_V) {
  const double f = carrier_Hz(probe);
  return probe.spectrum().transmission(std::span(&f, 1), drive_V).front();
}

double shift_per_voltage(Probe& probe, const Arguments& a) {
  require(a.from_V != a.to_V, "from and to are the same voltage; give two");
  const ResonanceSearch search{.near_m = near_m(probe, a)};
  const OpticalSpectrum& spectrum = probe.spectrum();
  const Resonance from = spectrum.resonance(search, a.from_V);
  const double way_V = a.to_V - a.from_V;
  // Beyond half the distance another order is nearer. The first hundredth of the way tells where it leads.
  const double slope_m = 100.0 * spectrum.resonance_shift(search, from, a.from_V + 0.01 * way_V).wavelength_m;
  require(
      !(std::abs(slope_m) > 0.4 * from.fsr_m),
      fmt::format("shift_per_voltage: from {} to {} V the resonance moves by about {:.2f} of its distance "
                  "to the next; choose voltages that are nearer, at most 0.4 of it",
                  a.from_V, a.to_V, std::abs(slope_m) / from.fsr_m));
  return spectrum.resonance_shift(search, from, a.to_V).wavelength_m / way_V;
}

// Drive that moves the resonance by one free spectral range, from the slope of the first volt.
double two_pi_voltage(Probe& probe, const Arguments& a) {
  const ResonanceSearch search{.near_m = near_m(probe, a)};
  const double slope = probe.spectrum().resonance_shift(search, 0.0, 1.0).frequency_Hz;
  return probe.spectrum().resonance(search, 0.0).fsr_Hz / std::abs(slope);
}

StaticLevels levels_of(Probe& probe, const Arguments& a) {
  require(a.from_V != a.to_V, "from and to are the same voltage; give the two of the swing");
  return static_levels(probe.spectrum(), 0, a.from_V, a.to_V);
}

// --- small signal ------------------------------------------------------------------------------------------

ResponseFunction electro_optic(Probe& probe) {
  return [&probe](X f) { return probe.small_signal().electro_optic_response(f); };
}
ResponseFunction drive(Probe& probe) {
  return [&probe](X f) { return probe.small_signal().drive_response(f); };
}
ResponseFunction opto_electric(Probe& probe) {
  return [&probe](X f) { return opto_electric_response(probe.rest().chain(), f); };
}

ResponseSearch search_of(const Arguments& a) {
  // 20 log of the photocurrent is 20 log of the modulated optical power; 10 log takes the power as power.
  return {a.reference_Hz, a.limit_Hz, a.decibel == "electrical" ? Decibel::field : Decibel::power};
}

double bandwidth_Hz(const ResponseFunction& response, const Arguments& a) {
  const Bandwidth found = response_bandwidth(response, a.drop_dB, search_of(a));
  return found.beyond_limit ? INFINITY : found.frequency_Hz;
}

Values response_dB(const ResponseFunction& response, const Arguments& a, X frequency_Hz) {
  const double reference = std::abs(response(std::span(&a.reference_Hz, 1)).front());
  Values values;
  for (const Complex& h : response(frequency_Hz)) {
    const double ratio = std::abs(h) / reference;
    values.push_back(a.decibel == "electrical" ? field_gain_dB(ratio).value : power_gain_dB(ratio).value);
  }
  return values;
}

// --- light and current at rest -----------------------------------------------------------------------------

double photocurrent_A(Probe& probe) {
  const int last = static_cast<int>(probe.link().stages.size());
  for (int stage = 0; stage < last; ++stage) {
    const Bundle& behind = probe.rest().behind(stage);
    if (probe.rest().in_front_of(stage).port.empty() || !behind.port.empty()) continue;
    return behind.lane.front().front();
  }
  throw DomainError("photocurrent: the chain has no photodiode behind light; add a photodiode");
}

// D L = -(2πc/λ²) d²φ/dω² with φ = -arg H, from the phase at the carrier and a step to either side: the third
// order cancels. From 1 MHz, where no phase of a link wraps, the step doubles while the phase is small and
// grows by four as a parabola does; then rounding no longer matters and no multiple of 2π can be lost.
double dispersion_s_per_m(Probe& probe, const Arguments& a) {
  const double lambda = near_m(probe, a);
  const Chain& chain = probe.rest().chain();
  const auto phase_at = [&](double step_Hz) {  // -β₂ L ω², modulo 2π
    const Values offsets{-step_Hz, 0.0, step_Hz};
    const auto h = chain.optical_response(probe.spectrum().part(), 0, c0 / lambda, offsets);
    return std::arg(h[0] * h[2] / (h[1] * h[1]));
  };
  constexpr double first_Hz = 1e6, last_Hz = 50e9, small = 0.1, rounding = 1e-6;
  double step_Hz = first_Hz, phase = phase_at(first_Hz);
  require(std::abs(phase) < small,
          "dispersion: the phase at 1 MHz from the carrier is not small; the optical "
          "part is no smooth function of frequency there");
  while (std::abs(phase) < small && 2.0 * step_Hz <= last_Hz) {
    const double next = phase_at(2.0 * step_Hz);
    if (std::abs(next - 4.0 * phase) > 0.01 * std::abs(next) + rounding) break;
    step_Hz *= 2.0;
    phase = next;
  }
  const double omega = 2.0 * constants::pi * step_Hz;
  return 2.0 * constants::pi * c0 / (lambda * lambda) * phase / (omega * omega);
}

}  // namespace

void add_device_observables(std::vector<ObservableType>& list) {
  using Q = Quantity;
  const auto scalar = [&](std::string name, std::string doc, Q unit, std::vector<std::string> arguments,
                          std::function<double(Probe&, const Arguments&)> read) {
    list.push_back(
        scalar_observable(std::move(name), std::move(doc), unit, std::move(arguments), std::move(read)));
  };
  const auto curve = [&](std::string name, std::string doc, Q x_unit, std::string x_label,
                         std::vector<std::string> arguments,
                         std::function<Values(Probe&, const Arguments&, X)> compute) {
    list.push_back({.name = std::move(name),
                    .doc = std::move(doc),
                    .unit = Q::gain,
                    .x_unit = x_unit,
                    .x_label = std::move(x_label),
                    .arguments = std::move(arguments),
                    .fine_points = 401,
                    .compute = std::move(compute)});
  };

  curve("optical_transmission", "power out over power in of a swept laser, everything else at rest",
        Q::length, "wavelength", {"drive"}, optical_transmission);
  scalar("dip_wavelength", "resonance nearest to `near`", Q::length, {"drive", "near"},
         [](Probe& p, const Arguments& a) { return resonance(p, a).wavelength_m; });
  scalar("dip_depth", "depth of the resonance nearest to `near` against the middle between resonances",
         Q::loss, {"drive", "near"}, [](Probe& p, const Arguments& a) { return resonance(p, a).depth_dB; });
  scalar("linewidth", "full width of the resonance nearest to `near` at half its depth, in power",
         Q::frequency, {"drive", "near"},
         [](Probe& p, const Arguments& a) { return resonance(p, a).width_Hz; });
  scalar("q_loaded", "frequency of the resonance nearest to `near` over its full width at half depth",
         Q::dimensionless, {"drive", "near"},
         [](Probe& p, const Arguments& a) { return resonance(p, a).quality_factor; });
  scalar("fsr", "free spectral range in wavelength at the resonance, λ² FSR / c", Q::length,
         {"drive", "near"}, [](Probe& p, const Arguments& a) {
           const Resonance found = resonance(p, a);
           return found.wavelength_m * found.wavelength_m * found.fsr_Hz / c0;
         });
  scalar("fsr_frequency", "distance to the next resonance, in frequency", Q::frequency, {"drive", "near"},
         [](Probe& p, const Arguments& a) { return resonance(p, a).fsr_Hz; });
  scalar("shift_per_voltage", "movement of the resonance wavelength between two drives, per volt",
         Q::wavelength_per_voltage, {"from", "to", "near"}, shift_per_voltage);
  scalar("two_pi_voltage", "drive that moves the resonance by one free spectral range", Q::voltage, {"near"},
         two_pi_voltage);
  scalar(
      "operating_loss", "loss of the first carrier through the optical part, at rest", Q::loss, {"drive"},
      [](Probe& p, const Arguments& a) { return -power_gain_dB(carrier_transmission(p, a.drive_V)).value; });
  scalar("static_extinction_ratio", "ratio of the first carrier's settled power at two drives", Q::gain,
         {"from", "to"}, [](Probe& p, const Arguments& a) { return levels_of(p, a).extinction_ratio_dB; });
  scalar("static_insertion_loss", "loss of the upper of two settled levels in the modulator", Q::loss,
         {"from", "to"}, [](Probe& p, const Arguments& a) { return levels_of(p, a).insertion_loss_dB; });
  scalar("static_relative_oma", "difference of two settled levels over the power of the carrier", Q::gain,
         {"from", "to"}, [](Probe& p, const Arguments& a) { return levels_of(p, a).relative_oma_dB; });

  const std::vector<std::string> shape{"reference", "decibel"};
  const std::vector<std::string> band{"reference", "decibel", "drop", "limit"},
      peak{"reference", "decibel", "limit"};
  const auto responses = [&](const std::string& prefix, const std::string& name, const std::string& what,
                             ResponseFunction (*response)(Probe&)) {
    curve(prefix + "_response", name + ": " + what + ", relative to the reference", Q::frequency, "frequency",
          shape, [response](Probe& p, const Arguments& a, X f) { return response_dB(response(p), a, f); });
    scalar(prefix + "_bandwidth", "frequency at which the " + name + " has fallen by `drop`", Q::frequency,
           band, [response](Probe& p, const Arguments& a) { return bandwidth_Hz(response(p), a); });
    scalar(prefix + "_peak", "largest value of the " + name + " over that at the reference", Q::gain, peak,
           [response](Probe& p, const Arguments& a) {
             return response_peak(response(p), search_of(a)).height_dB;
           });
    scalar(prefix + "_peak_frequency", "frequency of the largest value of the " + name, Q::frequency, peak,
           [response](Probe& p, const Arguments& a) {
             return response_peak(response(p), search_of(a)).frequency_Hz;
           });
  };
  responses("eo", "electro-optic response",
            "optical power at the end of the optical part per volt of the source", electro_optic);
  responses("drive", "drive response", "control voltage of the modulator per volt of the source", drive);
  responses("oe", "opto-electric response", "current into the load behind the photodiode per photocurrent",
            opto_electric);

  scalar("photocurrent", "current of the first photodiode at rest", Q::current, {},
         [](Probe& p, const Arguments&) { return photocurrent_A(p); });
  scalar("dispersion", "accumulated chromatic dispersion of the optical part at `near`",
         Q::accumulated_dispersion, {"near"}, dispersion_s_per_m);
}

}  // namespace photonlink
