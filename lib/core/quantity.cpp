#include "core/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "core/error.hpp"
#include "core/units.hpp"

namespace photonlink {
namespace {

enum class Scale { linear, dBm_to_W, dB_per_Hz_to_per_Hz };

struct Unit {
  std::string spelling;
  double factor = 1.0;
  Scale scale = Scale::linear;
};

// What a printed value stands in: the stored unit, that unit with an engineering prefix, the preferred unit,
// or the largest of the accepted ones that the value reaches.
enum class Print { stored, prefixed, preferred, reached };

struct Kind {
  Quantity quantity;
  std::string_view name;
  std::string_view stored;  // SI symbol of the stored value
  Print print;
  std::vector<Unit> units;  // accepted, preferred first
};

struct Prefix {
  std::string_view symbol;
  double factor;
};
constexpr std::array<Prefix, 11> prefixes{{{"f", 1e-15},
                                           {"p", 1e-12},
                                           {"n", 1e-9},
                                           {"u", 1e-6},
                                           {"µ", 1e-6},
                                           {"m", 1e-3},
                                           {"", 1.0},
                                           {"k", 1e3},
                                           {"M", 1e6},
                                           {"G", 1e9},
                                           {"T", 1e12}}};

std::vector<Unit> with_prefixes(std::string_view symbol, std::string_view tail = "") {
  std::vector<Unit> units{{fmt::format("{}{}", symbol, tail), 1.0}};
  for (const Prefix& prefix : prefixes)
    if (!prefix.symbol.empty())
      units.push_back({fmt::format("{}{}{}", prefix.symbol, symbol, tail), prefix.factor});
  return units;
}

std::vector<Unit> operator+(std::vector<Unit> a, const std::vector<Unit>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const std::vector<Kind>& kinds() {
  using enum Quantity;
  using enum Print;
  static const std::vector<Kind> table{
      {dimensionless, "number", "", stored, {}},
      {frequency, "frequency", "Hz", prefixed, with_prefixes("Hz")},
      {symbol_rate, "symbol rate", "Bd", prefixed, with_prefixes("Bd")},
      {bit_rate, "bit rate", "b/s", prefixed, with_prefixes("b/s") + with_prefixes("bit/s")},
      {time, "time", "s", prefixed, with_prefixes("s")},
      {length, "length", "m", prefixed,
       with_prefixes("m") +
           std::vector<Unit>{{"cm", 1e-2}, {"in", 0.0254}, {"mil", 25.4e-6}, {"ft", 0.3048}}},
      {voltage, "voltage", "V", prefixed, with_prefixes("V")},
      {current, "current", "A", prefixed, with_prefixes("A")},
      {power, "power", "W", prefixed, with_prefixes("W") + std::vector<Unit>{{"dBm", 1.0, Scale::dBm_to_W}}},
      {energy, "energy", "J", prefixed, with_prefixes("J")},
      {temperature, "temperature", "K", stored, {{"K", 1.0}}},
      {capacitance, "capacitance", "F", prefixed, with_prefixes("F")},
      {resistance, "resistance", "ohm", prefixed, with_prefixes("ohm")},
      {inductance, "inductance", "H", prefixed, with_prefixes("H")},
      {gain, "gain", "dB", stored, {{"dB", 1.0}}},
      {loss, "loss", "dB", stored, {{"dB", 1.0}}},
      {loss_per_length,
       "loss per length",
       "dB/m",
       stored,
       {{"dB/m", 1.0}, {"dB/cm", 100.0}, {"dB/km", 1e-3}, {"dB/in", 1.0 / 0.0254}}},
      {rin,
       "relative intensity noise",
       "1/Hz",
       stored,
       {{"dB/Hz", 1.0, Scale::dB_per_Hz_to_per_Hz},
        {"dBc/Hz", 1.0, Scale::dB_per_Hz_to_per_Hz},
        {"1/Hz", 1.0}}},
      {current_noise, "current noise density", "A/sqrt(Hz)", prefixed, with_prefixes("A", "/sqrt(Hz)")},
      {voltage_noise_psd, "voltage noise density", "V^2/Hz", stored, {{"V^2/Hz", 1.0}, {"V^2/GHz", 1e-9}}},
      {wavelength_per_voltage, "wavelength shift per voltage", "m/V", prefixed, with_prefixes("m", "/V")},
      {frequency_per_voltage, "frequency shift per voltage", "Hz/V", prefixed, with_prefixes("Hz", "/V")},
      {wavelength_per_power, "wavelength shift per power", "m/W", prefixed,
       with_prefixes("m", "/W") + std::vector<Unit>{{"nm/mW", 1e-6}, {"pm/mW", 1e-9}}},
      {dispersion_slope,
       "dispersion slope",
       "s/m^3",
       stored,
       {{"ps/(nm^2 km)", 1e3}, {"ps/nm^2/km", 1e3}, {"s/m^3", 1.0}}},
      {responsivity, "responsivity", "A/W", stored, {{"A/W", 1.0}, {"mA/mW", 1.0}}},
      {transimpedance, "transimpedance", "ohm", prefixed, with_prefixes("ohm")},
      {loss_per_voltage,
       "loss per length and voltage",
       "dB/m/V",
       stored,
       {{"dB/m/V", 1.0}, {"dB/cm/V", 100.0}}},
      {unit_interval, "unit interval", "UI", stored, {{"UI", 1.0}, {"mUI", 1e-3}}},
      {level, "level", "dBm", stored, {{"dBm", 1.0}}},
      {area, "area", "m^2", preferred, {{"mm^2", 1e-6}, {"um^2", 1e-12}, {"µm^2", 1e-12}, {"m^2", 1.0}}},
      {carrier_density, "carrier density", "1/m^3", preferred, {{"1/cm^3", 1e6}, {"1/m^3", 1.0}}},
      {areal_density,
       "data rate per area",
       "b/s/m^2",
       reached,
       {{"Tb/s/mm^2", 1e18}, {"Gb/s/mm^2", 1e15}, {"b/s/m^2", 1.0}}},
      {edge_density,
       "data rate per edge length",
       "b/s/m",
       reached,
       {{"Tb/s/mm", 1e15}, {"Gb/s/mm", 1e12}, {"b/s/m", 1.0}}},
      {energy_per_bit,
       "energy per bit",
       "J/b",
       reached,
       {{"pJ/b", 1e-12}, {"fJ/b", 1e-15}, {"aJ/b", 1e-18}, {"nJ/b", 1e-9}, {"J/b", 1.0}}},
      {accumulated_dispersion, "accumulated dispersion", "s/m", preferred, {{"ps/nm", 1e-3}, {"s/m", 1.0}}},
      {resistance_per_length,
       "resistance per length",
       "ohm/m",
       stored,
       {{"ohm/m", 1.0}, {"ohm/mm", 1e3}, {"mohm/mm", 1.0}, {"ohm/km", 1e-3}, {"ohm/in", 1.0 / 0.0254}}},
      {propagation_constant, "propagation constant", "1/m", stored, {{"1/m", 1.0}, {"1/mm", 1e3}}},
      {skin_attenuation,
       "attenuation per root of frequency",
       "sqrt(s)/m",
       stored,
       {{"sqrt(ns)/mm", 1e3 * std::sqrt(1e-9)}, {"sqrt(s)/m", 1.0}}},
      {delay_per_length,
       "delay per length",
       "s/m",
       preferred,
       {{"ns/m", 1e-9}, {"ns/mm", 1e-6}, {"ps/mm", 1e-9}, {"ps/in", 1e-12 / 0.0254}, {"s/m", 1.0}}},
      {loss_per_time, "loss per time", "dB/s", preferred, {{"dB/ns", 1e9}, {"dB/s", 1.0}}},
      {thermal_resistance, "thermal resistance", "K/W", stored, {{"K/W", 1.0}, {"K/mW", 1e3}}},
      {voltage_per_temperature, "voltage per temperature", "V/K", preferred, {{"mV/K", 1e-3}, {"V/K", 1.0}}},
      {wavelength_per_temperature,
       "wavelength per temperature",
       "m/K",
       preferred,
       {{"pm/K", 1e-12}, {"nm/K", 1e-9}, {"m/K", 1.0}}},
  };
  return table;
}

const Kind& kind_of(Quantity quantity) {
  return kinds()[static_cast<std::size_t>(quantity)];
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

[[noreturn]] void fail(std::string_view text, const Kind& kind, std::string_view why) {
  const std::string example = kind.units.empty() ? "0.5" : "1 " + kind.units.front().spelling;
  std::string units;
  for (const Unit& unit : kind.units)
    if (unit.spelling.find("µ") == std::string::npos) units += (units.empty() ? "" : ", ") + unit.spelling;
  throw ConfigError(fmt::format("\"{}\" is not a {}: {}; write for example \"{}\"{}", text, kind.name, why,
                                example, units.empty() ? "" : " (units: " + units + ")"));
}

const Unit* find_unit(const Kind& kind, std::string_view spelling) {
  for (const Unit& unit : kind.units)
    if (unit.spelling == spelling) return &unit;
  return nullptr;
}

double to_si(double number, const Unit& unit) {
  switch (unit.scale) {
    case Scale::dBm_to_W:
      return power_W(Level_dBm{number});
    case Scale::dB_per_Hz_to_per_Hz:
      return power_ratio(Gain_dB{number});
    case Scale::linear:
      break;
  }
  return number * unit.factor;
}

double from_si(double value, const Unit& unit) {
  if (unit.scale == Scale::linear) return value / unit.factor;
  if (value < 0.0) return std::numeric_limits<double>::quiet_NaN();
  return unit.scale == Scale::dBm_to_W ? level_dBm(value).value : power_gain_dB(value).value;
}

// The accepted unit of largest factor that |value| reaches, else the smallest; one spelling of each factor.
const Unit& reached_unit(double value, const std::vector<Unit>& units) {
  const auto smaller = [](const Unit& a, const Unit& b) { return a.factor < b.factor; };
  const Unit* best = &*std::min_element(units.begin(), units.end(), smaller);
  for (const Unit& unit : units)
    if (unit.factor > best->factor && std::abs(value) >= unit.factor * (1.0 - 1e-12)) best = &unit;
  return *best;
}

}  // namespace

double parse_quantity(std::string_view text, Quantity quantity) {
  const Kind& kind = kind_of(quantity);
  const std::string_view body = trim(text);
  const std::string_view digits = !body.empty() && body.front() == '+' ? body.substr(1) : body;
  double number = 0.0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || !std::isfinite(number)) fail(text, kind, "it must start with a finite number");
  const std::string_view unit_text = trim(digits.substr(static_cast<std::size_t>(end - digits.data())));
  if (quantity == Quantity::dimensionless) {
    if (!unit_text.empty()) fail(text, kind, fmt::format("unit \"{}\" is not expected here", unit_text));
    return number;
  }
  if (unit_text.empty()) fail(text, kind, "the unit is missing");
  if (const Unit* unit = find_unit(kind, unit_text)) return to_si(number, *unit);
  fail(text, kind, fmt::format("unknown unit \"{}\"", unit_text));
}

double from_si(double value, Quantity quantity, std::string_view unit) {
  const Kind& kind = kind_of(quantity);
  if (kind.units.empty() && unit.empty()) return value;
  if (const Unit* found = find_unit(kind, unit)) return from_si(value, *found);
  std::string units;
  for (const Unit& each : kind.units) units += (units.empty() ? "" : ", ") + each.spelling;
  throw ConfigError(fmt::format("\"{}\" is not a unit of {}; use one of: {}", unit, kind.name, units));
}

std::string format_quantity(double value, Quantity quantity, int digits) {
  const Kind& kind = kind_of(quantity);
  if (quantity == Quantity::rin && value > 0.0)
    return fmt::format("{:.{}g} dB/Hz", power_gain_dB(value).value, digits);
  const bool plain = kind.print == Print::stored || value == 0.0 || !std::isfinite(value);
  if (!plain && kind.print != Print::prefixed) {
    const Unit& unit = kind.print == Print::preferred ? kind.units.front() : reached_unit(value, kind.units);
    return fmt::format("{:.{}g} {}", value / unit.factor, digits, unit.spelling);
  }
  if (plain) {
    return kind.stored.empty() ? fmt::format("{:.{}g}", value, digits)
                               : fmt::format("{:.{}g} {}", value, digits, kind.stored);
  }
  const Prefix* best = &prefixes.front();
  for (const Prefix& prefix : prefixes)
    if (prefix.symbol != "µ" && std::abs(value) >= prefix.factor * (1.0 - 1e-12)) best = &prefix;
  return fmt::format("{:.{}g} {}{}", value / best->factor, digits, best->symbol, kind.stored);
}

std::string_view stored_unit(Quantity quantity) {
  return kind_of(quantity).stored;
}
std::string_view quantity_name(Quantity quantity) {
  return kind_of(quantity).name;
}

std::vector<std::string> accepted_units(Quantity quantity) {
  std::vector<std::string> spellings;
  for (const Unit& unit : kind_of(quantity).units) spellings.push_back(unit.spelling);
  return spellings;
}

const std::vector<Quantity>& all_quantities() {
  static const std::vector<Quantity> all = [] {
    std::vector<Quantity> list;
    for (const Kind& kind : kinds()) list.push_back(kind.quantity);
    return list;
  }();
  return all;
}

}  // namespace photonlink
