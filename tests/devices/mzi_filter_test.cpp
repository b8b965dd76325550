#include "devices/mzi_filter.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "device_checks.hpp"
#include "devices/physics/optics.hpp"
#include "filter_support.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double pi = std::numbers::pi;
const std::vector<double> cwdm_m{1271e-9, 1291e-9, 1311e-9, 1331e-9};

MziFilterParameters lossless(int channels, int stages) {
  return {.stages = stages, .channels = channels, .spacing_Hz = 400e9, .insertion_loss_dB = 0.0};
}

}  // namespace

TEST_CASE("mzi filter: every parameter refuses values outside its range by name") {
  test::check_range_messages<MziFilter, MziFilterParameters>();
}

TEST_CASE("half band: one stage is the sinusoid of a Mach-Zehnder, two are the sum over four paths") {
  const HalfBand one(1, 0.0), two(2, 0.0);
  for (int i = -8; i <= 8; ++i) {
    const double phase = 0.41 * i;
    // Rounding throughout.
    CHECK(abs_error(std::norm(one.cross(phase)), std::pow(std::cos(0.5 * phase), 2)) <= 1e-14);
    CHECK(abs_error(std::norm(one.bar(phase)), std::pow(std::sin(0.5 * phase), 2)) <= 1e-14);
    // Bar: straight or across at each of three couplers, an even number of crossings.
    const double r = pi / 180.0;
    const double c1 = std::cos(45 * r), c2 = std::cos(30 * r), c3 = std::cos(15 * r);
    const double s1 = std::sin(45 * r), s2 = std::sin(30 * r), s3 = std::sin(15 * r);
    const auto turn = [&](double halves) { return std::polar(1.0, 0.5 * halves * phase); };
    const Complex bar =
        c1 * c2 * c3 * turn(1) - s1 * s2 * c3 * turn(3) - c1 * s2 * s3 * turn(-3) - s1 * c2 * s3 * turn(-1);
    CHECK(std::abs(two.bar(phase) - bar) <= 1e-14);
    CHECK(abs_error(std::norm(two.bar(phase)) + std::norm(two.cross(phase)), 1.0) <= 1e-14);
  }
}

TEST_CASE("half band: two stages are dark to fourth order at both ends, one stage to second") {
  const HalfBand one(1, 0.0), two(2, 0.0);
  for (const double small : {0.02, 0.04}) {
    const auto ratio = [&](const HalfBand& filter) {
      return std::norm(filter.bar(2.0 * small)) / std::norm(filter.bar(small));
    };
    // Next order: small² = 1.6e-3, with a factor of order 1.
    CHECK(rel_error(ratio(one), 4.0) <= 5e-3);
    CHECK(rel_error(ratio(two), 16.0) <= 2e-2);
    CHECK(rel_error(std::norm(two.cross(pi - 2.0 * small)) / std::norm(two.cross(pi - small)), 16.0) <= 2e-2);
  }
}

TEST_CASE("half band: a coupling error ε of one stage leaves ε² in the dark port") {
  // θ_1 + θ_2 ≠ 90°: bar = cos²θ - sin²θ = -ε at φ = 0.
  CHECK(rel_error(std::norm(HalfBand(1, 0.1).bar(0.0)), 0.01) <= 1e-13);
}

TEST_CASE("mzi filter: the ports of a lossless tree add up to the input at any frequency") {
  for (const int channels : {2, 4, 8})
    for (const int stages : {1, 2}) {
      MziFilterParameters p = lossless(channels, stages);
      p.coupling_error = 0.07;
      const MziFilter filter("mux", p);
      for (int i = 0; i < 40; ++i) {
        double sum = 0.0;
        for (int port = 0; port < channels; ++port)
          sum += test::filter_power(filter, port, p.first_frequency_Hz + 93e9 * i);
        // Rounding.
        CHECK(abs_error(sum, 1.0) <= 1e-13);
      }
    }
}

TEST_CASE("mzi filter: every channel of an even grid passes its own port and no other") {
  const MziFilterParameters p = lossless(8, 2);
  const MziFilter filter("mux", p);
  CHECK(filter.fan_out() == 8);
  for (int port = 0; port < 8; ++port)
    for (int c = 0; c < 8; ++c)
      // Phases of 2e14 Hz keep 0.03 Hz of 800 GHz.
      CHECK(abs_error(test::filter_power(filter, port, p.first_frequency_Hz + 400e9 * c),
                      c == port ? 1.0 : 0.0) <= 1e-12);
}

TEST_CASE("mzi filter: a multiplexer has the passbands of the demultiplexer, at one port") {
  MziFilterParameters p = lossless(4, 2);
  const MziFilter parts("demux", p);
  p.role = "multiplexer";
  const MziFilter joins("mux", p);
  CHECK(joins.fan_out() == 1);
  for (int c = 0; c < 4; ++c) {
    const double at = p.first_frequency_Hz + c * 400e9 + 120e9;
    CHECK(abs_error(test::filter_power(joins, 0, at), test::filter_power(parts, c, at)) <= 1e-15);
  }
}

TEST_CASE("mzi filter: two channels interleave a comb, each line in its own order") {
  MziFilterParameters p = lossless(2, 2);
  p.role = "multiplexer";
  const MziFilter joins("mux", p);
  p.role = "demultiplexer";
  const MziFilter parts("demux", p);
  Bundle comb;
  for (int c = -3; c < 5; ++c) {
    const double at = p.first_frequency_Hz + c * p.spacing_Hz;
    comb.carrier_Hz.push_back(at);
    CHECK(abs_error(test::filter_power(joins, 0, at), 1.0) <= 1e-12);
    CHECK(abs_error(test::filter_power(parts, (c + 4) % 2, at), 1.0) <= 1e-12);
    CHECK(abs_error(test::filter_power(parts, (c + 5) % 2, at), 0.0) <= 1e-12);
  }
  std::vector<Warning> warnings;
  joins.validity(comb, warnings);
  CHECK(warnings.empty());
}

TEST_CASE("mzi filter: on the CWDM grid two stages give the flat width of a published module") {
  MziFilterParameters p;
  p.wavelengths_m = cwdm_m;
  const MziFilter filter("mux", p);
  for (int c = 0; c < 4; ++c) {
    const double centre_m = cwdm_m[static_cast<std::size_t>(c)];
    // Published: flat over 11 to 14 nm, over parts and channels; whether at 0.5 or at 1 dB is not printed, so
    // both widths bracket that range with half a nanometre to spare.
    CHECK(abs_error(1e9 * test::filter_width_m(filter, c, centre_m, 0.5), 12.0) <= 1.0);
    CHECK(abs_error(1e9 * test::filter_width_m(filter, c, centre_m, 1.0), 14.0) <= 1.0);
  }
}

TEST_CASE("mzi filter: ledger and warnings follow the inputs") {
  MziFilterParameters p;
  p.half_wave_power_W = 20e-3;
  Ledger ledger;
  MziFilter("mux", p).ledger({}, ledger);
  // Three nodes of two delays.
  CHECK(rel_error(ledger.energy.at(0).power_W, 6 * 20e-3) <= 1e-14);
  // 1.5 / 1600 GHz + 1.5 / 3200 GHz.
  CHECK(rel_error(ledger.latency.at(0).delay_s, 1.5 / 1.6e12 + 1.5 / 3.2e12) <= 1e-14);
  Bundle bundle;
  bundle.grid = {.symbol_rate_Bd = 53e9, .samples_per_symbol = 8, .symbols = 4};
  for (int c = 0; c < 4; ++c) bundle.carrier_Hz.push_back(p.first_frequency_Hz + c * p.spacing_Hz);
  const auto warnings = [&] {
    std::vector<Warning> list;
    MziFilter("mux", p).validity(bundle, list);
    return list;
  };
  CHECK(warnings().empty());
  bundle.carrier_Hz[2] += 300e9;
  REQUIRE(warnings().size() == 1);
  CHECK(warnings()[0].text.find("carrier 2 lies 300 GHz") != std::string::npos);
  p.role = "multiplexer";
  bundle.carrier_Hz = {228e12, 228.1e12};
  CHECK(warnings().at(0).text.find("two carriers enter at channel 0") != std::string::npos);
  CHECK_THROWS_WITH_AS(MziFilter("mux", {.channels = 6}), doctest::Contains("binary tree"), ConfigError);
  CHECK_THROWS_WITH_AS(MziFilter("mux", {.channels = 4, .spacing_Hz = 0.0}),
                       doctest::Contains("follow one another"), ConfigError);
  CHECK_THROWS_WITH_AS(MziFilter("mux", {.wavelengths_m = {1271e-9, 1311e-9, 1291e-9, 1331e-9}}),
                       doctest::Contains("channels 1 and 2"), ConfigError);
}
