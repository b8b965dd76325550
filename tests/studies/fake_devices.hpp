/// Three devices with every kind of parameter, so that readers are tested without the real physics.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "devices/registry.hpp"

namespace photonlink::test {

struct FakeLaser {
  double power_W = 1e-3;
  double responsivity_A_per_W = 0.8;
  int carriers = 1;
};
struct FakeRing {
  double q_loaded = 5000.0;
  std::string side = "blue";
  std::vector<double> spacing_Hz = {200e9};
  std::vector<double> weights = {1.0};
};
struct FakeCable {
  std::string file;
  std::vector<std::string> fext;
  std::string doc_path;
};

}  // namespace photonlink::test

namespace photonlink {

template <>
inline const ParameterTable<test::FakeLaser>& parameter_table<test::FakeLaser>() {
  using P = test::FakeLaser;
  static const ParameterTable<P> table{
      {.name = "power",
       .doc = "Power in the fiber.",
       .unit = Quantity::power,
       .member = &P::power_W,
       .lower = 0.0,
       .upper = 1.0},
      {.name = "responsivity",
       .doc = "Responsivity.",
       .unit = Quantity::responsivity,
       .member = &P::responsivity_A_per_W,
       .lower = 0.0,
       .upper = 2.0,
       .ideal = 1.25},
      {.name = "carriers", .doc = "Number of carriers.", .member = &P::carriers, .lower = 1, .upper = 16}};
  return table;
}

template <>
inline const ParameterTable<test::FakeRing>& parameter_table<test::FakeRing>() {
  using P = test::FakeRing;
  static const ParameterTable<P> table{
      {.name = "q_loaded",
       .doc = "Loaded quality factor, a long sentence that has to be wrapped when shown.",
       .member = &P::q_loaded,
       .lower = 100.0,
       .upper = 1e6},
      {.name = "side", .doc = "Side of the resonance.", .member = &P::side, .choices = {"blue", "red"}},
      {.name = "spacing",
       .doc = "Carrier spacings.",
       .unit = Quantity::frequency,
       .member = &P::spacing_Hz,
       .lower = 0.0},
      {.name = "weights", .doc = "Weights.", .member = &P::weights}};
  return table;
}

template <>
inline const ParameterTable<test::FakeCable>& parameter_table<test::FakeCable>() {
  using P = test::FakeCable;
  static const ParameterTable<P> table{{.name = "file", .doc = "Touchstone file.", .member = &P::file},
                                       {.name = "fext", .doc = "Far-end aggressors.", .member = &P::fext},
                                       {.name = "model", .doc = "Path of a model.", .member = &P::doc_path}};
  return table;
}

}  // namespace photonlink

namespace photonlink::test {

inline std::unique_ptr<Stage> make_plain_stage(const std::string& name, const ParameterSet&) {
  return std::make_unique<Stage>(name);
}

inline const std::vector<DeviceType>& fake_devices() {
  static const std::vector<DeviceType> devices{
      {"cw_laser", "Continuous-wave laser.", "Far above threshold.", describe<FakeLaser>(), make_plain_stage},
      {"microring_modulator", "Ring modulator.", "One resonance.", describe<FakeRing>(), make_plain_stage},
      {"cable", "Measured cable.", "Inside the measured band.", describe<FakeCable>(), make_plain_stage}};
  return devices;
}

/// A folder that disappears with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("photonlink_test_" + std::to_string(getpid()) + "_" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  /// Writes a file, with its folders, and returns its path.
  std::string write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }
  std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// A valid study that uses every kind of value; lines are counted in tests, so append only.
inline const std::string valid_study = R"toml(schema = 1
name = "fake_study"
title = "Fake"
[[link]]
name = "wdm"
modulation = "NRZ"
symbol_rate = "32 GBd"
lanes = 8
pattern = "PRBS9"
target_ber = 1e-9
  [[link.stage]]
  device = "cw_laser"
  name = "laser"
  card = "good_laser"
  power = "3 dBm"
  [[link.stage]]
  device = "microring_modulator"
  name = "tx ring"
  q_loaded = 4000
  side = "red"
  spacing = ["200 GHz", "0.4 THz"]
  weights = [1, 0.5]
  [[link.stage]]
  device = "cable"
  file = "data/cable.s4p"
  fext = ["data/f1.s4p", "data/f2.s4p"]
[[link]]
name = "second"
symbol_rate = "53.125 GBd"
modulation = "PAM4"
fec = "RS(544,514)"
  [[link.stage]]
  device = "cw_laser"
  [link.stage.assumed]
  responsivity = { low = "0.7 A/W", high = "1.0 A/W", source = "range of vendors" }
)toml";

inline const std::string valid_card = R"toml(device = "cw_laser"
title = "A laser"
source = "Nobody, Journal of Fakes, 2020"
[parameters]
power = "20 mW"
carriers = 4
[notes]
power = "Table 1"
[assumed]
responsivity = { low = "0.5 A/W", high = "0.9 A/W", source = "data sheets" }
)toml";

/// Folder with the study's cards and channel files.
inline void write_surroundings(const TemporaryFolder& folder) {
  folder.write("cards/good_laser.toml", valid_card);
  for (const char* name : {"data/cable.s4p", "data/f1.s4p", "data/f2.s4p"}) folder.write(name, "!");
}

}  // namespace photonlink::test
