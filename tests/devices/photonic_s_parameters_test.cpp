#include "devices/photonic_s_parameters.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <numbers>
#include <utility>

#include "devices/registry.hpp"
#include "scratch.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = std::numbers::pi, c0 = 299792458.0;

using Law = std::function<Complex(double frequency_Hz)>;
struct Entry {
  std::string out, in;
  Law law;
};

/// Lumerical text over 1300 to 1320 nm, phases as e^{-iωt} (the conjugate of our convention).
std::string written(const test::Scratch& folder, const std::string& name, const std::vector<Entry>& entries,
                    int points = 2001) {
  std::ofstream file(folder.file(name));
  for (const Entry& entry : entries) {
    file << fmt::format("(\"{}\",\"TE\",1,\"{}\",1,\"transmission\")\n({},3)\n", entry.out, entry.in, points);
    for (int k = 0; k < points; ++k) {
      const double f = c0 / 1320e-9 + (c0 / 1300e-9 - c0 / 1320e-9) * k / (points - 1);
      const Complex s = std::conj(entry.law(f));
      file << fmt::format("{:.17g} {:.17g} {:.17g}\n", f, std::abs(s), std::arg(s));
    }
  }
  return folder.file(name);
}

Complex delay(double f, double delay_s) {
  return std::polar(1.0, -2.0 * pi * std::fmod(f * delay_s, 1.0));
}

/// Interferometer of two 3 dB couplers, 100 GHz of free spectral range on 20 ps of path.
Complex bar(double f) {
  return 0.5 * (delay(f, 20e-12) - delay(f, 30e-12));
}
Complex cross(double f) {
  return Complex(0.0, -0.5) * (delay(f, 20e-12) + delay(f, 30e-12));
}

std::vector<Entry> interferometer() {
  return {{"bar", "in", bar}, {"cross", "in", cross}, {"in", "in", [](double) { return Complex(0.01); }}};
}

Bundle carrier_bundle(double carrier_Hz) {
  Bundle bundle;
  bundle.grid = {.symbol_rate_Bd = 53e9, .samples_per_symbol = 8, .symbols = 4};
  bundle.carrier_Hz = {carrier_Hz};
  return bundle;
}

std::vector<Warning> warnings_of(const Stage& stage, double carrier_Hz) {
  std::vector<Warning> list;
  stage.validity(carrier_bundle(carrier_Hz), list);
  return list;
}

}  // namespace

TEST_CASE(
    "photonic s-parameters: both ports of an interferometer follow its closed form, sidebands included") {
  const test::Scratch folder;
  const PhotonicSParameters stage(
      "mzi",
      {.file = written(folder, "mzi.dat", interferometer()), .input = "in", .outputs = {"bar", "cross"}});
  CHECK(stage.fan_out() == 2);
  const std::vector<double> offset_Hz{-60e9, 0.0, 37e9};
  Ledger ledger;
  stage.ledger({}, ledger);
  // 25 ps on average: a sinusoid has no mean phase of its own.
  CHECK(abs_error(ledger.latency.at(0).delay_s, 25e-12) <= 0.1e-12);
  for (const double carrier_Hz : {228.1e12, 228.83e12}) {
    double sum[3] = {0.0, 0.0, 0.0};
    for (int port = 0; port < 2; ++port) {
      std::vector<Complex> response(3, 1.0);
      stage.multiply_optical(port, carrier_Hz, offset_Hz, response);
      for (std::size_t k = 0; k < 3; ++k) {
        const double f = carrier_Hz + offset_Hz[k];
        // 1.75 GHz of step on 100 GHz: (2π · 1.75/200)²/8 = 4e-4 of the field.
        CHECK(abs_error(std::norm(response[k]), std::norm(port == 0 ? bar(f) : cross(f))) <= 1e-3);
        sum[k] += std::norm(response[k]);
      }
      // Phase against offset: what is left of the delay of 25 ps, the same for both sidebands.
      const Complex turn = response[2] * std::conj(response[1]) *
                           std::conj((port == 0 ? bar(carrier_Hz + 37e9) : cross(carrier_Hz + 37e9)) *
                                     std::conj(port == 0 ? bar(carrier_Hz) : cross(carrier_Hz)) *
                                     std::polar(1.0, 2.0 * pi * 37e9 * 25e-12));
      CHECK(abs_error(std::arg(turn), 0.0) <= 0.05);
    }
    for (const double each : sum) CHECK(abs_error(each, 1.0) <= 1e-3);
  }
}

TEST_CASE("photonic s-parameters: a file of two ports needs no names, and the delay goes to the ledger") {
  const test::Scratch folder;
  const auto guide = [](double f) { return std::sqrt(0.5) * delay(f, 7e-12); };
  const PhotonicSParameters stage("guide", {.file = written(folder, "wg.dat", {{"east", "west", guide}})});
  CHECK(stage.fan_out() == 1);
  const double offset_Hz = 90e9;
  Complex response = 1.0;
  stage.multiply_optical(0, 228.5e12, {&offset_Hz, 1}, {&response, 1});
  CHECK(rel_error(std::norm(response), 0.5) <= 1e-9);
  Ledger ledger;
  stage.ledger({}, ledger);
  CHECK(rel_error(ledger.latency.at(0).delay_s, 7e-12) <= 1e-9);
  // The other sign of phase turns the delay round, and says so.
  const PhotonicSParameters turned("guide", {.file = folder.file("wg.dat"), .phase = "falling"});
  REQUIRE(warnings_of(turned, 228.5e12).size() == 1);
  CHECK(warnings_of(turned, 228.5e12)[0].text.find("before it enters") != std::string::npos);
  CHECK(warnings_of(stage, 228.5e12).empty());
}

TEST_CASE("photonic s-parameters: a 3 dB coupler of a public design kit halves the light at 1550 nm") {
  const PhotonicSParameters stage("bdc",
                                  {.file = test::source_path("tests/data/network/siepic_bdc_te1550.sparam"),
                                   .input = "port 1",
                                   .outputs = {"port 3", "port 4"}});
  const double offset_Hz = 0.0;
  for (const auto& [port, loss_dB] : {std::pair{0, 2.997}, std::pair{1, 3.094}}) {
    Complex response = 1.0;
    stage.multiply_optical(port, c0 / 1550e-9, {&offset_Hz, 1}, {&response, 1});
    // -20 log₁₀ of 0.708199 and 0.700316 at 193.366 THz, 48 GHz beside; the spectrum moves by 0.01 dB in a
    // step.
    CHECK(abs_error(-10.0 * std::log10(std::norm(response)), loss_dB) <= 0.01);
  }
  Ledger ledger;
  stage.ledger({}, ledger);
  // Some 70 um at a group index of 4.2.
  CHECK(abs_error(ledger.latency.at(0).delay_s, 1e-12) <= 0.2e-12);
}

TEST_CASE("photonic s-parameters: reflections, gain, coarse points and edges warn") {
  const test::Scratch folder;
  const auto through = [](double f) { return 0.7 * delay(f, 2e-12); };
  const auto level = [](double value) { return [value](double) { return Complex(value); }; };
  const auto said = [&](const std::vector<Entry>& entries, const char* words, int points = 2001,
                        double at = 228.5e12) {
    const PhotonicSParameters stage("dut", {.file = written(folder, "dut.dat", entries, points)});
    const auto list = warnings_of(stage, at);
    REQUIRE(list.size() == 1);
    CHECK(list[0].text.find(words) != std::string::npos);
  };
  said({{"b", "a", through}, {"a", "a", level(0.1)}}, "port a: return loss 20.0 dB");
  said({{"b", "a", through}, {"b", "b", level(0.05)}}, "port b: return loss 26.0 dB");
  said({{"b", "a", [&](double f) { return 1.6 * through(f); }}}, "1.1200 times the field");
  said({{"b", "a", through}}, "reaches beyond", 2001, c0 / 1300.1e-9);
  // 100 GHz of period in steps of 35 GHz.
  said({{"b", "a", [](double f) { return 0.5 * (delay(f, 1e-12) + 0.9 * delay(f, 11e-12)); }}},
       "rad from point to point", 101, 228.45e12);
}

TEST_CASE("photonic s-parameters: what the file does not hold is refused by name") {
  const test::Scratch folder;
  const std::string file = written(folder, "mzi.dat", interferometer(), 11);
  using P = PhotonicSParametersParameters;
  const auto refused = [](const P& p, const char* words) {
    CHECK_THROWS_WITH_AS(PhotonicSParameters("dut", p), doctest::Contains(words), ConfigError);
  };
  refused({}, "file is empty");
  refused({.file = file, .input = "in"}, "has the ports \"bar\", \"in\", \"cross\"");
  refused({.file = file, .input = "in", .outputs = {"baz"}}, "no S[\"baz\", \"in\"] of mode 1");
  refused({.file = file, .input = "in", .outputs = {"bar"}, .mode = 2}, "of mode 2");
  refused({.file = file, .input = "in", .outputs = {"bar", "bar"}}, "named twice");
  refused({.file = file, .input = "in", .outputs = {"bar"}, .mode = -1}, "mode = -1");
  refused({.file = file, .phase = "up"}, "phase");
  CHECK_THROWS_AS(PhotonicSParameters("dut", {.file = folder.file("missing.dat")}), IoError);
  const PhotonicSParameters stage("dut", {.file = file, .input = "in", .outputs = {"bar"}});
  const double offset_Hz = 0.0;
  Complex response = 1.0;
  CHECK_THROWS_WITH_AS(stage.multiply_optical(0, c0 / 1550e-9, {&offset_Hz, 1}, {&response, 1}),
                       doctest::Contains("carrier at 1550.00 nm is outside the 1300.00 to 1320.00 nm"),
                       ConfigError);
}
