#include "devices/dfb_laser.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/laser_noise.hpp"
#include "devices/physics/light_source.hpp"
#include "devices/physics/optics.hpp"
#include "devices/physics/wdm_grid.hpp"

namespace photonlink {
namespace {

using P = DfbLaserParameters;

double side_share(const P& p) {
  const double ratio = power_ratio(Gain_dB{-p.side_mode_suppression_dB});
  return ratio / (1.0 + ratio);
}

}  // namespace

template <>
const ParameterTable<P>& parameter_table<P>() {
  using enum Quantity;
  static const ParameterTable<P> table = [] {
    ParameterTable<P> rows{
        {"wavelengths", "vacuum wavelength of each laser, longest first", length, &P::wavelengths_m, 400e-9,
         3e-6},
        {"grid", "named grid in place of wavelengths; explicit: wavelengths", dimensionless, &P::grid, 0.0,
         0.0, std::nullopt, wdm_grid_choices()},
        {"first_frequency", "lowest carrier of a cw-wdm grid", frequency, &P::first_frequency_Hz, 0.0, 1e15},
        {"frequency_errors", "carrier minus its place, from the lowest up; empty: none", frequency,
         &P::frequency_errors_Hz, -1e12, 1e12},
        {"power", "power of each laser into the first stage behind it, side modes included", power,
         &P::power_W, 1e-9, 10.0},
        {"coupling_loss", "loss between the facet and that stage", loss, &P::coupling_loss_dB, 0.0, 30.0,
         0.0},
        {"threshold_current", "I_0 at reference_temperature", current, &P::threshold_current_A, 1e-6, 10.0},
        {"differential_efficiency", "photons at the facet per electron above threshold", dimensionless,
         &P::differential_efficiency, 1e-3, 1.0},
        {"reference_temperature", "junction temperature of these two", temperature,
         &P::reference_temperature_K, 200.0, 500.0},
        {"threshold_t0", "T_0, temperature over which the threshold grows by e", temperature,
         &P::threshold_T0_K, 10.0, 1e4},
        {"slope_t1", "T_1, temperature over which the slope falls by e", temperature, &P::slope_T1_K, 10.0,
         1e4},
        {"turn_on_voltage", "V_0, voltage at vanishing current", voltage, &P::turn_on_voltage_V, 0.3, 5.0},
        {"series_resistance", "R of the diode", resistance, &P::series_resistance_ohm, 0.0, 1e3, 0.0},
        {"thermal_resistance", "R_th between junction and mount", thermal_resistance,
         &P::thermal_resistance_K_per_W, 0.0, 1e5, 0.0},
        {"driver_efficiency", "of the current source", dimensionless, &P::driver_efficiency, 0.01, 1.0, 1.0},
        {"cooling",
         "cooler: mount at laser_temperature; none: mount at ambient_temperature",
         dimensionless,
         &P::cooling,
         0.0,
         0.0,
         std::nullopt,
         {"cooler", "none"}},
        {"laser_temperature", "of the cooled mount", temperature, &P::laser_temperature_K, 200.0, 500.0},
        {"ambient_temperature", "of the case, hot side of the cooler", temperature, &P::ambient_temperature_K,
         200.0, 500.0},
        {"cooler_figure", "ZT of the thermoelectric cooler at 300 K; 0.7 is usual", dimensionless,
         &P::cooler_figure, 0.01, 10.0},
        {"cooler_load", "further heat into the cooled mount, all lasers together", power, &P::cooler_load_W,
         0.0, 100.0, 0.0},
        {"side_mode_suppression", "power of the carrier over that of all side modes", gain,
         &P::side_mode_suppression_dB, 0.0, 200.0, 200.0},
    };
    return with_laser_noise_rows<P>(std::move(rows));
  }();
  return table;
}

DfbLaser::DfbLaser(std::string name, const P& parameters) : Stage(std::move(name)), p_(parameters) {
  check(p_, this->name());
  check_laser_noise(this->name(), laser_noise_of(p_));
  if (p_.wavelengths_m.empty() || p_.wavelengths_m.size() > 256)
    throw ConfigError(
        fmt::format("{}: {} wavelengths, allowed 1 to 256", this->name(), p_.wavelengths_m.size()));
  for (std::size_t c = 1; c < p_.wavelengths_m.size(); ++c)
    if (p_.wavelengths_m[c] >= p_.wavelengths_m[c - 1])
      throw ConfigError(fmt::format(
          "{}: wavelengths[{}] = {} is not below {} in front of it; list the longest first, so that "
          "carriers rise in frequency",
          this->name(), c, format_quantity(p_.wavelengths_m[c], Quantity::length),
          format_quantity(p_.wavelengths_m[c - 1], Quantity::length)));
  carrier_Hz_ = with_errors_Hz(this->name(), grid_Hz(), p_.frequency_errors_Hz);
  (void)cooler_W();  // throws when an operating point is out of reach
  for (const double carrier_Hz : carrier_frequencies_Hz()) {
    const LaserOperation each = operation(carrier_Hz);
    if (each.heat_W >= 0.0) continue;
    throw ConfigError(fmt::format(
        "{}: {} of light would leave at {} of electrical power; raise turn_on_voltage towards the photon's "
        "voltage of {:.2f} V or lower differential_efficiency",
        this->name(), format_quantity(each.electrical_W - each.heat_W, Quantity::power),
        format_quantity(each.electrical_W, Quantity::power),
        photon_energy_J(carrier_Hz) / constants::elementary_charge_C));
  }
}

std::vector<double> DfbLaser::grid_Hz() const {
  if (p_.grid != "explicit") return wdm_carriers_Hz(name(), p_.grid, p_.first_frequency_Hz);
  std::vector<double> carrier_Hz;
  carrier_Hz.reserve(p_.wavelengths_m.size());
  for (const double each_m : p_.wavelengths_m) carrier_Hz.push_back(optical_frequency_Hz(each_m));
  return carrier_Hz;
}

LaserOperation DfbLaser::operation(double carrier_Hz) const {
  const LaserDiode diode{p_.threshold_current_A,
                         p_.differential_efficiency,
                         p_.reference_temperature_K,
                         p_.threshold_T0_K,
                         p_.slope_T1_K,
                         p_.turn_on_voltage_V,
                         p_.series_resistance_ohm,
                         p_.thermal_resistance_K_per_W};
  return operate(name(), diode, p_.power_W * power_ratio(Gain_dB{p_.coupling_loss_dB}), carrier_Hz,
                 p_.cooling == "cooler" ? p_.laser_temperature_K : p_.ambient_temperature_K);
}

double DfbLaser::heat_W() const {
  double heat_W = p_.cooler_load_W;
  for (const double carrier_Hz : carrier_frequencies_Hz()) heat_W += operation(carrier_Hz).heat_W;
  return heat_W;
}

double DfbLaser::cooler_W() const {
  const double heat = heat_W();
  if (p_.cooling == "none") return 0.0;
  return cooler_power_W(name(), heat, p_.laser_temperature_K, p_.ambient_temperature_K, p_.cooler_figure);
}

std::unique_ptr<Stepper> DfbLaser::start(const Bundle& input) const {
  return start_light(name(), input, carrier_frequencies_Hz(),
                     std::vector<double>(carrier_Hz_.size(), p_.power_W * (1.0 - side_share(p_))));
}

std::unique_ptr<Tangent> DfbLaser::tangent(const Bundle&) const {
  return light_tangent();
}

std::vector<NoiseTerm> DfbLaser::noise(const Bundle& output) const {
  return laser_noise_terms(name(), laser_noise_of(p_), output);
}

void DfbLaser::ledger(const Bundle&, Ledger& ledger) const {
  double electrical_W = 0.0;
  for (const double carrier_Hz : carrier_frequencies_Hz()) electrical_W += operation(carrier_Hz).electrical_W;
  const LaserOperation first = operation(carrier_frequencies_Hz().front());
  ledger.energy.push_back(
      {name(), wall_plug_cause, Owner::module, electrical_W / p_.driver_efficiency,
       fmt::format("{} x I V / {}; first: {} x {}, junction {:.1f} K, facet {}", carrier_Hz_.size(),
                   p_.driver_efficiency, format_quantity(first.current_A, Quantity::current),
                   format_quantity(first.voltage_V, Quantity::voltage), first.junction_K,
                   format_quantity(first.electrical_W - first.heat_W, Quantity::power))});
  if (p_.cooling == "cooler")
    ledger.energy.push_back(
        {name(), temperature_control_cause, Owner::module, cooler_W(),
         fmt::format("{} pumped from {} K to {} K, ZT {}", format_quantity(heat_W(), Quantity::power),
                     p_.laser_temperature_K, p_.ambient_temperature_K, p_.cooler_figure)});
}

void DfbLaser::validity(const Bundle&, std::vector<Warning>& warnings) const {
  check_feedback(name(), laser_noise_of(p_), warnings);
  const double closure = 2.0 * side_share(p_);
  if (closure > 0.01)
    warnings.push_back(
        {name(), fmt::format("side modes at {} dB may close the eye by {:.2g} % where dispersion or "
                             "filters part them from the carrier; not modelled",
                             -p_.side_mode_suppression_dB, 100.0 * closure)});
  if (p_.cooling == "cooler" && p_.ambient_temperature_K < p_.laser_temperature_K)
    warnings.push_back({name(), fmt::format("the case at {} K is colder than the laser at {} K: the power of "
                                            "heating it is not in the sum",
                                            p_.ambient_temperature_K, p_.laser_temperature_K)});
}

}  // namespace photonlink
