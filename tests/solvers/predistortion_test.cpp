#include "solvers/predistortion.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "devices/cw_laser.hpp"
#include "devices/driver.hpp"
#include "devices/electroabsorption_modulator.hpp"
#include "devices/mach_zehnder_modulator.hpp"
#include "devices/microring_modulator.hpp"
#include "fake_modulator.hpp"
#include "monte_carlo_links.hpp"
#include "solvers/pattern_solver.hpp"
#include "solvers/static_levels.hpp"
#include "support.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

/// A transmitter, a driver of `swing_V` into an open load, a laser, a modulator.
Link driven(double swing_V, std::shared_ptr<const Stage> modulator,
            SerdesTransmitterParameters transmitter = {}) {
  Link link;
  link.name = "part";
  link.levels = 4;
  link.symbol_rate_Bd = 25e9;
  link.stages = {
      std::make_shared<SerdesTransmitter>("transmitter", transmitter),
      std::make_shared<Driver>("driver", DriverParameters{.swing_Vpp = swing_V, .swing_at = "open"}),
      std::make_shared<CwLaser>("laser", CwLaserParameters{.first_frequency_Hz = 229e12}),
      std::move(modulator)};
  return link;
}

/// R_LM of the settled light for drive levels within half_V to either side, and the outer OMA.
std::pair<double, double> mismatch(const Link& link, const std::vector<double>& levels, double half_V) {
  const Chain chain(link);
  const RestPoint rest(chain);
  const OpticalSpectrum spectrum(rest);
  std::vector<double> t;
  for (const double level : levels) t.push_back(static_transmission(spectrum, 0, level * half_V));
  double least = INFINITY;
  for (std::size_t i = 1; i < 4; ++i) least = std::min(least, std::abs(t[i] - t[i - 1]));
  return {3.0 * least / std::abs(t[3] - t[0]), std::abs(t[3] - t[0])};
}

const std::vector<double> even{-1.0, -1.0 / 3.0, 1.0 / 3.0, 1.0};

}  // namespace

TEST_CASE("predistortion: levels of a Lorentzian are those its inverse gives") {
  // T = 0.9 (1 - 0.99/(1 + x²)), x = (20 GHz + 5 GHz/V u)/25 GHz: light rises with the voltage.
  const Link link = driven(3.0, std::make_shared<test::FakeModulator>(test::FakeModulatorParameters{}));
  const auto t = [](double u_V) {
    return 0.9 * (1.0 - 0.99 / (1.0 + std::pow((20.0 + 5.0 * u_V) / 25.0, 2)));
  };
  const auto inverse = [](double power) {
    return (25.0 * std::sqrt(0.99 / (1.0 - power / 0.9) - 1.0) - 20.0) / 5.0;
  };
  const auto levels = even_light_levels(link);
  REQUIRE(levels.size() == 4);
  for (int i = 0; i < 4; ++i) {
    const double u_V = inverse(t(-1.5) + (t(1.5) - t(-1.5)) * i / 3.0);
    // 48 bits of the root, four times that by the slopes.
    CHECK(abs_error(levels[static_cast<std::size_t>(i)], u_V / 1.5) <= 2e-11);
  }
  const auto before = mismatch(link, even, 1.5), after = mismatch(link, levels, 1.5);
  CHECK(before.first < 0.93);
  CHECK(rel_error(after.first, 1.0) <= 1e-11);
  CHECK(after.second == before.second);
}

TEST_CASE(
    "predistortion: the transmitter's taps set how far settled levels swing, and bright may be low voltage") {
  const test::FakeModulatorParameters falling{.detuning_Hz = -20e9};
  const Link link = driven(4.0, std::make_shared<test::FakeModulator>(falling),
                           {.ffe_taps = {-0.1, 0.8, -0.1}, .ffe_main = 1});
  const auto levels = even_light_levels(link);
  // Settled swing 0.6 of 4 V: the mirror image of the rising curve over ±1.2 V.
  const auto t = [](double u_V) { return 1.0 / (1.0 + std::pow((-20.0 + 5.0 * u_V) / 25.0, 2)); };
  CHECK(rel_error(t(levels[1] * 1.2) - t(-1.2), (t(1.2) - t(-1.2)) / 3.0) <= 1e-10);
  CHECK(rel_error(t(levels[2] * 1.2) - t(-1.2), (t(1.2) - t(-1.2)) * 2.0 / 3.0) <= 1e-10);
}

TEST_CASE("predistortion: rings, Mach-Zehnder and electroabsorption modulators alike") {
  MicroringModulatorParameters ring;
  ring.junction = "depletion";
  MachZehnderModulatorParameters mzm;
  mzm.electrode = "lumped";
  mzm.termination = "open";
  mzm.junction_capacitance_F = 50e-15;
  mzm.v_pi_V = 6.0;
  mzm.extinction_dB = 100.0;
  const ElectroabsorptionModulatorParameters eam;
  const std::vector<std::shared_ptr<const Stage>> modulators{
      std::make_shared<MicroringModulator>("ring", ring), std::make_shared<MachZehnderModulator>("mzm", mzm),
      std::make_shared<ElectroabsorptionModulator>("eam", eam)};
  for (const auto& modulator : modulators) {
    CAPTURE(modulator->name());
    const Link link = driven(2.0, modulator);
    const auto levels = even_light_levels(link);
    const Chain chain(link);
    const RestPoint rest(chain);
    const double half_V = 0.5 * rest.in_front_of(3).full_scale_Vpp;
    const auto before = mismatch(link, even, half_V), after = mismatch(link, levels, half_V);
    CHECK(before.first < 0.995);
    CHECK(rel_error(after.first, 1.0) <= 1e-10);  // 48 bits of the root
    CHECK(after.second == before.second);
    // Mach-Zehnder at quadrature: sin(π d u/V_π) even, 100 dB of extinction move it by 1e-5.
    if (modulator->name() == "mzm") {
      const double angle = std::numbers::pi * half_V / 6.0;
      CHECK(rel_error(levels[2], std::asin(std::sin(angle) / 3.0) / angle) <= 1e-4);
    }
  }
}

TEST_CASE(
    "predistortion: slow PAM4 through a whole ring link arrives with even levels, as symbols have them") {
  LinkSpec spec = test::small_ring_link(1);
  spec.modulation = "PAM4";
  spec.pattern = "deBruijn5";
  spec.symbol_rate_Bd = 1e9;
  Context context;
  std::vector<double> ratio, outer;
  for (const char* way : {"none", "static"}) {
    spec.predistortion = way;
    const auto link = build_link(spec);
    const PatternSolution solution = solve_pattern(link, context);
    const RealWave& wave = solution.periodic.sampler.lane[0];
    const auto& index = solution.lane[0]->inputs().index;
    // At 1 GBd a symbol settles: the middle of each, delayed by less than a third of one.
    std::vector<double> mean(4, 0.0), count(4, 0.0);
    for (std::size_t n = 0; n < index.size(); ++n) {
      mean[static_cast<std::size_t>(index[n])] += wave[n * 16 + 12];
      count[static_cast<std::size_t>(index[n])] += 1.0;
    }
    for (int i = 0; i < 4; ++i) mean[static_cast<std::size_t>(i)] /= count[static_cast<std::size_t>(i)];
    double least = INFINITY;
    for (std::size_t i = 1; i < 4; ++i) least = std::min(least, std::abs(mean[i] - mean[i - 1]));
    ratio.push_back(3.0 * least / std::abs(mean[3] - mean[0]));
    outer.push_back(std::abs(mean[3] - mean[0]));
    // The receiver still expects even symbols; the modulator is charged with those that are sent.
    for (const double x : solution.lane[0]->inputs().symbols)
      CHECK(std::min(abs_error(std::abs(x), 1.0), abs_error(std::abs(x), 1.0 / 3.0)) <= 1e-15);
  }
  CHECK(ratio[0] < 0.985);
  // A chain of 1 GBd with tens of GHz of bandwidth settles to 1e-4 or so.
  CHECK(abs_error(ratio[1], 1.0) <= 2e-3);
  CHECK(rel_error(outer[1], outer[0]) <= 1e-3);
}

TEST_CASE("predistortion: what cannot be made even is refused with the reason") {
  const auto modulator = std::make_shared<test::FakeModulator>(test::FakeModulatorParameters{});
  // The dip lies 4 V below the rest point: ± 5 V run over it.
  CHECK_THROWS_WITH_AS(even_light_levels(driven(10.0, modulator)), doctest::Contains("turns at -4"),
                       ConfigError);
  Link nrz = driven(2.0, modulator);
  nrz.levels = 2;
  CHECK_THROWS_WITH_AS(even_light_levels(nrz), doctest::Contains("2 levels do not have"), ConfigError);
  CHECK_THROWS_WITH_AS(even_light_levels(driven(2.0, modulator, {.drive_levels = {-1.0, -0.3, 0.4, 1.0}})),
                       doctest::Contains("beside drive_levels"), ConfigError);
  using Levels = std::vector<double>;
  for (const Levels& bad :
       {Levels{-1.0, 0.0, 1.0}, Levels{-1.0, 0.5, 0.2, 1.0}, Levels{-0.9, -0.3, 0.3, 1.0}})
    CHECK_THROWS_WITH_AS(SerdesTransmitter("tx", {.drive_levels = bad}),
                         doctest::Contains("ascending from -1 to 1"), ConfigError);
  CHECK_THROWS_WITH_AS(
      SerdesTransmitter("tx", {.level_mismatch_ratio = 0.9, .drive_levels = {-1.0, -0.3, 0.4, 1.0}}),
      doctest::Contains("beside drive_levels"), ConfigError);
  LinkSpec copper = test::example_link("copper_pam4");
  test::change(copper, "transmitter", "level_mismatch_ratio", 1.0);
  test::change(copper, "transmitter", "drive_levels", Levels{-1.0, -0.3, 0.4, 1.0});
  Context context;
  CHECK_THROWS_WITH_AS(solve_pattern(build_link(copper), context), doctest::Contains("has none"),
                       ConfigError);
}

TEST_CASE("predistortion: the transmitter sends the levels it is given") {
  const SerdesTransmitter stage("tx", {.swing_Vpp = 1.0, .drive_levels = {-1.0, -0.4, 0.25, 1.0}});
  Bundle b;
  b.grid = {25e9, 8, 5};
  b.symbols = {{-1.0, -1.0 / 3.0, 1.0 / 3.0, 1.0, 1.0 / 3.0}};
  stage.start(b)->step(b);
  const double expected[] = {-1.0, -0.4, 0.25, 1.0, 0.25};
  for (int n = 0; n < 5; ++n) {
    CHECK(b.symbols[0][static_cast<std::size_t>(n)] == expected[n]);
    CHECK(b.lane[0][static_cast<std::size_t>(8 * n + 3)] == expected[n]);
  }
}
