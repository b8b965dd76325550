// One loop over all registered devices: the laws of the traits that each shows (device_laws.hpp,
// device_rest_laws.hpp).
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <regex>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "device_laws.hpp"
#include "device_rest_laws.hpp"
#include "devices/device_checks.hpp"
#include "devices/registry.hpp"
#include "support.hpp"

using namespace photonlink;

namespace {

/// What the loop knows of a device. A device without a row, or a row without a device, fails; so does a trait
/// that appears or goes.
struct Row {
  std::string device;
  std::string traits;  ///< letters of device_laws.hpp at default parameters
  test::Surroundings in = {};
  ParameterSet needed = {};  ///< what has no default, or shows nothing at its default
  /// An offset loop takes constants out: the settled output is 0, and the tangent is compared about a
  /// waveform.
  bool blocks_constants = false;
};

const test::Surroundings dark{}, two_lanes{.lanes = 2, .lane = 0.1}, light{.carriers = 2},
    driven{.lanes = 2, .lane = 0.1, .carriers = 2}, near_1550{.carriers = 1, .first_carrier_Hz = 193.4e12};

const std::vector<Row>& rows() {
  static const std::vector<Row> all{
      {"serdes_transmitter",
       "SECN",
       two_lanes,
       {{"rise_time", 8e-12},
        {"snr", 33.0},
        {"dac_bits", 6.0},
        {"random_jitter", 0.01},
        {"bounded_jitter", 0.03}}},
      {"driver", "SLECG", two_lanes},
      {"drive_network", "T"},
      {"cw_laser", "CGN"},
      {"dfb_laser", "CGN"},
      {"optical_loss", "O", light, {{"loss", 1.0}}},
      {"in_band_crosstalk", "CGN", light},
      {"grating_coupler", "O", light},
      {"edge_coupler", "O", light},
      {"waveguide", "O", light},
      {"power_splitter", "O", light},
      {"mach_zehnder_modulator", "LCGM", driven},
      {"microring_modulator", "LCGM", driven},
      {"ring_assisted_mach_zehnder", "LCGM", driven},
      {"electroabsorption_modulator", "LCGM", driven},
      {"semiconductor_optical_amplifier", "CGN", light},
      {"single_mode_fiber", "O", light},
      {"microring_filter", "OD", light},
      {"mzi_filter", "OD", light},
      {"bragg_filter", "OD", light},
      {"awg_filter", "OD", light},
      {"photonic_s_parameters",
       "OD",
       near_1550,
       {{"file", test::source_path("tests/data/network/siepic_bdc_te1550.sparam")},
        {"input", std::string("port 1")},
        {"outputs", std::vector<std::string>{"port 3", "port 4"}}}},
      {"photodiode", "SECGN", light},
      {"avalanche_photodiode", "SECGN", light},
      {"transimpedance_amplifier", "SLEN", two_lanes},
      {"shunt_feedback_amplifier", "SLEN", two_lanes},
      {"limiting_amplifier", "SLECG", two_lanes, {}, true},
      {"touchstone_channel",
       "T",
       dark,
       {{"file", test::source_path("examples/microring_vs_copper/channels/example2_THRU.s4p.gz")}}},
      {"copper_line", "T"},
      {"package_802_3", "T"},
      {"via", "T"},
      {"connector", "T"},
      {"bump", "T"},
      {"t_coil", "T"},
      {"serdes_receiver", "LEN", two_lanes, {{"noise", 8.2e-18}, {"bandwidth", 40e9}}},
  };
  return all;
}

std::unique_ptr<Stage> make(const Row& row, ParameterSet parameters = {}) {
  for (const auto& [name, value] : row.needed)
    if (!find_value(parameters, name)) parameters.emplace_back(name, value);
  return find_device(row.device)->make("part", parameters);
}

/// Values worth trying: the ends of the range, the ideal value, every word of a choice.
std::vector<ParameterValue> extremes(const FieldInfo& row) {
  std::vector<ParameterValue> values;
  const bool whole = std::holds_alternative<int>(row.default_value);
  const auto number = [&](double value) -> ParameterValue {
    if (whole) return static_cast<int>(std::clamp(value, -2e9, 2e9));
    return value;
  };
  if (whole || std::holds_alternative<double>(row.default_value)) {
    for (const double end : {row.lower, row.upper})
      if (std::isfinite(end)) values.push_back(number(end));
    if (row.ideal) values.push_back(number(*row.ideal));
  } else if (std::holds_alternative<std::vector<double>>(row.default_value)) {
    values.push_back(std::vector<double>{});
    for (const double end : {row.lower, row.upper})
      if (std::isfinite(end)) values.push_back(std::vector<double>{end});
  } else if (std::holds_alternative<std::string>(row.default_value)) {
    for (const std::string& word : row.choices) values.push_back(word);
  }
  return values;
}

/// A value within the range of a number: an end, the ideal, or anything between, wide ranges by their
/// logarithm.
std::optional<ParameterValue> random_value(const FieldInfo& field, std::mt19937_64& random) {
  if (!std::isfinite(field.lower) || !std::isfinite(field.upper)) return std::nullopt;
  std::uniform_real_distribution<double> share;
  const auto ends = extremes(field);
  if (!std::holds_alternative<double>(field.default_value) &&
      !std::holds_alternative<int>(field.default_value))
    return std::nullopt;
  if (share(random) < 0.3)
    return ends[std::min(ends.size() - 1, static_cast<std::size_t>(share(random) * ends.size()))];
  const double t = share(random);
  const bool wide = field.lower > 0.0 && field.upper > 100.0 * field.lower;
  const double value =
      wide ? field.lower * std::pow(field.upper / field.lower, t) : std::lerp(field.lower, field.upper, t);
  if (std::holds_alternative<int>(field.default_value)) return static_cast<int>(value);
  return value;
}

bool names_a_parameter(const std::string& message, const std::string& device) {
  const auto& fields = find_device(device)->fields;
  return std::any_of(fields.begin(), fields.end(), [&](const FieldInfo& field) {
    return std::regex_search(message, std::regex("\\b" + field.name + "\\b"));
  });
}

/// Mixtures of parameters, one for each device and seed: they work, or the refusal names a parameter.
/// @return how many worked
int try_mixtures(unsigned first_seed, unsigned last_seed) {
  int accepted = 0;
  for (const Row& row : rows())
    for (unsigned seed = first_seed; seed <= last_seed; ++seed) {
      std::mt19937_64 random(seed);
      ParameterSet mixture;
      for (const FieldInfo& field : find_device(row.device)->fields)
        if (std::uniform_real_distribution<double>()(random) < 0.3)
          if (const auto value = random_value(field, random)) mixture.emplace_back(field.name, *value);
      CAPTURE(row.device);
      CAPTURE(seed);
      try {
        test::check_quick_laws(*make(row, mixture), row.in);
        ++accepted;
      } catch (const Error& error) {
        const std::string said = error.what();
        CAPTURE(said);
        CHECK(names_a_parameter(said, row.device));
      }
    }
  return accepted;
}

}  // namespace

TEST_CASE("every device: each registered one has a row here, with the traits that it shows") {
  std::vector<std::string> registered, listed;
  for (const DeviceType& type : device_types()) registered.push_back(type.name);
  for (const Row& row : rows()) listed.push_back(row.device);
  CHECK(registered == listed);  // the same order too, so that none stands twice
  std::map<char, int> devices_with;
  for (const Row& row : rows()) {
    CAPTURE(row.device);
    const std::string traits = test::traits_of(*make(row), row.in);
    CHECK(traits == row.traits);
    for (const char trait : traits) ++devices_with[trait];
  }
  for (const char trait : {'S', 'L', 'T', 'E', 'O', 'D', 'C', 'G', 'M', 'N'}) {
    CAPTURE(trait);
    CHECK(devices_with[trait] >= 3);
  }
}

TEST_CASE("every device: at its defaults passive where linear, noise and books not below zero") {
  for (const Row& row : rows()) {
    CAPTURE(row.device);
    test::check_quick_laws(*make(row), row.in);
  }
}

TEST_CASE("every device: at the ends of every parameter it works or refuses by name, and its ideals work") {
  int accepted = 0, refused = 0;
  for (const Row& row : rows())
    for (const FieldInfo& field : find_device(row.device)->fields)
      for (const ParameterValue& value : extremes(field)) {
        CAPTURE(row.device);
        CAPTURE(field.name);
        const std::string text = format_value(value, field.unit);
        CAPTURE(text);
        try {
          const auto stage = make(row, {{field.name, value}});
          test::check_quick_laws(*stage, row.in);
          ++accepted;
        } catch (const Error& error) {
          const std::string said = error.what();
          CAPTURE(said);
          // Where two parameters do not go together the message may name the other one.
          CHECK(names_a_parameter(said, row.device));
          const bool is_ideal =
              field.ideal && std::holds_alternative<double>(value) && std::get<double>(value) == *field.ideal;
          CHECK_FALSE(is_ideal);
          ++refused;
        }
      }
  CHECK(accepted > 600);
  CHECK(refused > 10);
}

TEST_CASE("every device: a mixture of parameters within their ranges works or is refused by name") {
  CHECK(try_mixtures(1, 6) > 100);
}

TEST_CASE("every device: any mixture of parameters within their ranges works or is refused by name" *
          doctest::test_suite("slow")) {
  CHECK(try_mixtures(7, 100) > 1500);
}

TEST_CASE("every device: with every effect at its ideal value it still works") {
  int ideals = 0;
  for (const Row& row : rows()) {
    ParameterSet all;
    for (const FieldInfo& field : find_device(row.device)->fields)
      if (field.ideal && std::holds_alternative<double>(field.default_value))
        all.emplace_back(field.name, *field.ideal);
    CAPTURE(row.device);
    ideals += static_cast<int>(all.size());
    test::check_quick_laws(*make(row, all), row.in);
  }
  CHECK(ideals > 100);
}

TEST_CASE("every device: a core settles to what no time step decides, its tangent is the slope of that") {
  int cores = 0;
  for (const Row& row : rows()) {
    if (row.traits.find('C') == std::string::npos) continue;
    CAPTURE(row.device);
    const auto stage = make(row);
    if (row.blocks_constants) {
      test::check_constants_vanish(*stage, row.in);
      // Central differences of 1e-6 about volts: rounding of 1e-16 / 1e-6.
      CHECK(test::tangent_error(*stage, test::random_bundle(1, 0, 0, 5), test::random_lane_weights(1, 6),
                                1e-6) <= 1e-7);
      ++cores;
      continue;
    }
    test::check_settling(*stage, row.in);
    if (row.traits.find('G') != std::string::npos) test::check_tangent_at_rest(*stage, row.in, 64);
    ++cores;
  }
  CHECK(cores >= 10);
}

TEST_CASE("every device: a modulator settles to its static curve, whose slope is its small signal at 0 Hz") {
  int modulators = 0;
  for (const Row& row : rows()) {
    if (row.traits.find('M') == std::string::npos) continue;
    CAPTURE(row.device);
    test::check_modulator(*make(row), row.in);
    ++modulators;
  }
  CHECK(modulators >= 3);
}
