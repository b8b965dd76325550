#include "core/quantity.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
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

struct Kind {
  Quantity quantity;
  std::string_view name;
  std::string_view stored;  // SI symbol of the stored value
  bool prefixed;            // the SI symbol takes engineering prefixes when printed
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
  static const std::vector<Kind> table{
      {dimensionless, "number", "", false, {}},
      {frequency, "frequency", "Hz", true, with_prefixes("Hz")},
      {symbol_rate, "symbol rate", "Bd", true, with_prefixes("Bd")},
      {bit_rate, "bit rate", "b/s", true, with_prefixes("b/s") + with_prefixes("bit/s")},
      {time, "time", "s", true, with_prefixes("s")},
      {length, "length", "m", true, with_prefixes("m") + std::vector<Unit>{{"cm", 1e-2}, {"in", 0.0254}}},
      {voltage, "voltage", "V", true, with_prefixes("V")},
      {current, "current", "A", true, with_prefixes("A")},
      {power, "power", "W", true, with_prefixes("W") + std::vector<Unit>{{"dBm", 1.0, Scale::dBm_to_W}}},
      {energy, "energy", "J", true, with_prefixes("J")},
      {temperature, "temperature", "K", false, {{"K", 1.0}}},
      {capacitance, "capacitance", "F", true, with_prefixes("F")},
      {resistance, "resistance", "ohm", true, with_prefixes("ohm")},
      {inductance, "inductance", "H", true, with_prefixes("H")},
      {gain, "gain", "dB", false, {{"dB", 1.0}}},
      {loss, "loss", "dB", false, {{"dB", 1.0}}},
      {loss_per_length, "loss per length", "dB/m", false, {{"dB/m", 1.0}, {"dB/cm", 100.0}, {"dB/km", 1e-3}}},
      {rin,
       "relative intensity noise",
       "1/Hz",
       false,
       {{"dB/Hz", 1.0, Scale::dB_per_Hz_to_per_Hz},
        {"dBc/Hz", 1.0, Scale::dB_per_Hz_to_per_Hz},
        {"1/Hz", 1.0}}},
      {current_noise, "current noise density", "A/sqrt(Hz)", true, with_prefixes("A", "/sqrt(Hz)")},
      {voltage_noise_psd, "voltage noise density", "V^2/Hz", false, {{"V^2/Hz", 1.0}, {"V^2/GHz", 1e-9}}},
      {wavelength_per_voltage, "wavelength shift per voltage", "m/V", true, with_prefixes("m", "/V")},
      {frequency_per_voltage, "frequency shift per voltage", "Hz/V", true, with_prefixes("Hz", "/V")},
      {wavelength_per_power, "wavelength shift per power", "m/W", true,
       with_prefixes("m", "/W") + std::vector<Unit>{{"nm/mW", 1e-6}, {"pm/mW", 1e-9}}},
      {dispersion_slope,
       "dispersion slope",
       "s/m^3",
       false,
       {{"ps/(nm^2 km)", 1e3}, {"ps/nm^2/km", 1e3}, {"s/m^3", 1.0}}},
      {responsivity, "responsivity", "A/W", false, {{"A/W", 1.0}, {"mA/mW", 1.0}}},
      {transimpedance, "transimpedance", "ohm", true, with_prefixes("ohm")},
      {loss_per_voltage,
       "loss per length and voltage",
       "dB/m/V",
       false,
       {{"dB/m/V", 1.0}, {"dB/cm/V", 100.0}}},
      {unit_interval, "unit interval", "UI", false, {{"UI", 1.0}, {"mUI", 1e-3}}},
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
  for (const Unit& unit : kind.units)
    if (unit.spelling == unit_text) return to_si(number, unit);
  fail(text, kind, fmt::format("unknown unit \"{}\"", unit_text));
}

std::string format_quantity(double value, Quantity quantity, int digits) {
  const Kind& kind = kind_of(quantity);
  if (quantity == Quantity::rin && value > 0.0)
    return fmt::format("{:.{}g} dB/Hz", power_gain_dB(value).value, digits);
  if (!kind.prefixed || value == 0.0 || !std::isfinite(value)) {
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
