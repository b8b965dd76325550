#include "solvers/channel/channel_report.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "lib/line_networks.hpp"
#include "lib/network_files.hpp"
#include "network/touchstone.hpp"

using namespace photonlink;
using test::abs_error;
using test::rel_error;

namespace {

constexpr double rate_Bd = 25.78125e9;

SParameters example(const std::string& name) {
  const std::vector<int> order = {1, 3, 2, 4};
  return select_ports(read_touchstone(test::channel_path("example2_" + name)), order);
}

/// Two uncoupled wires of 50 ohm, causal, to 30 GHz; the second later by `skew_s`.
SParameters pair_of_wires(double delay_s, double skew_s, int points = 3001) {
  const auto wire = [&](double delay) {
    return test::LossyLine{.delay_s = delay, .skin = 5e-6, .line_ohm = 50.0, .reference_ohm = 50.0}.network(
        test::grid_Hz(30e9 / (points - 1), points));
  };
  const SParameters p = wire(delay_s), n = wire(delay_s + skew_s);
  SParameters four{4, 50.0, p.frequency_Hz, std::vector<Complex>(16 * p.frequency_Hz.size())};
  for (std::size_t k = 0; k < p.frequency_Hz.size(); ++k)
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 2; ++j) {
        four.s[16 * k + 4 * (2 * i) + 2 * j] = p.s[4 * k + 2 * i + j];
        four.s[16 * k + 4 * (2 * i + 1) + 2 * j + 1] = n.s[4 * k + 2 * i + j];
      }
  return four;
}

std::string all(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace

TEST_CASE("channel report: two wires in closed form: loss, delay, skew, conversion, impedance, pulse") {
  Context context;
  const double delay_s = 2e-9, skew_s = 3e-12;
  const SParameters four = pair_of_wires(delay_s, skew_s);
  const ChannelReport r = channel_report(four, {}, {}, {.symbol_rate_Bd = rate_Bd}, context);
  CHECK(r.points == 3001);
  CHECK(r.near == 0);
  CHECK(std::isnan(r.crosstalk.total_V));
  CHECK(r.at.size() == 4);
  for (const ChannelLevels& level : r.at) {
    const double f = level.frequency_Hz, wire_dB = 20.0 * std::log10(std::exp(1.0)) * 5e-6 * std::sqrt(f);
    // Interpolated skin effect.
    CHECK(abs_error(level.insertion_dB, wire_dB - 20.0 * std::log10(std::cos(M_PI * f * skew_s))) <= 1e-3);
    CHECK(abs_error(level.scd21_dB, -wire_dB + 20.0 * std::log10(std::sin(M_PI * f * skew_s))) <= 1e-2);
    CHECK(level.return_tx_dB > 100.0);
    CHECK(std::isnan(level.next_dB));
  }
  // A matched loss adds its phase delay, skin / (4π sqrt f), 4 ps at 13 GHz; both wires alike.
  CHECK(abs_error(r.mean_delay_s, delay_s + 0.5 * skew_s + 5e-6 / (4.0 * M_PI * std::sqrt(13e9))) <= 0.1e-12);
  CHECK(abs_error(r.skew_s, skew_s) <= 1e-16);
  // Largest up to half the symbol rate: where it ends, while sin grows faster than the loss.
  CHECK(r.scd21.frequency_Hz == 12.89e9);
  CHECK(rel_error(r.sdc21.level_dB, r.scd21.level_dB) <= 1e-9);
  CHECK(r.largest_deviation_dB <= 0.05);  // skew bends the loss a little, nothing ripples
  CHECK(r.passivity.points_above == 0);
  CHECK(r.reciprocity_error <= 1e-14);
  CHECK(r.causality.early_energy_dB <= -60.0);
  CHECK(r.trusted_Hz == 30e9);
  REQUIRE(r.impedance.size() == 6);
  for (const NamedProfile& each : r.impedance) {
    // The line is matched: what reflects is rounding.
    CHECK(abs_error(each.profile.least_ohm, each.reference_ohm) <= 1e-6);
    CHECK(abs_error(each.profile.largest_ohm, each.reference_ohm) <= 1e-6);
  }
  CHECK(r.impedance[0].reference_ohm == 100.0);
  CHECK(all(r.warnings).empty());
  // The area of a pulse is that of its symbol at DC, where nothing is lost: cursors of any phase add up to 1.
  double sum = 0.0;
  for (const double cursor : r.pulse.cursor_V) sum += cursor;
  CHECK(r.pulse.before == 6);
  CHECK(r.pulse.main_V() > 0.6);
  CHECK(r.pulse.main_V() < 1.0);
  // But for the tail of the skin effect behind the last of them, 20.5 UI: the step of exp(-a sqrt(s)), a =
  // skin / sqrt(π), lacks a / sqrt(π t) to first order; the next is smaller by a² / 12 t = 1e-3.
  CHECK(abs_error(sum, 1.0 - 5e-6 / (M_PI * std::sqrt(20.5 / rate_Bd))) <= 0.002);
  CHECK(r.pulse.isi_V >= sum - r.pulse.main_V());
  CHECK(abs_error(r.pulse.main_time_s, delay_s + 1.0 / rate_Bd) <= 0.5 / rate_Bd);
  CHECK(std::isnan(r.erl_tx_dB));
}

TEST_CASE("channel report: the example channel agrees with the measures one by one") {
  Context context;
  const SParameters four = example("THRU");
  const std::vector<SParameters> near = {mixed_mode(example("NEXT1")).dd},
                                 far = {mixed_mode(example("FEXT1")).dd};
  const ChannelReport r = channel_report(four, near, far, {.symbol_rate_Bd = rate_Bd}, context);
  // The published loss at 12.89 GHz, two digits behind the point.
  CHECK(abs_error(r.at[2].insertion_dB, 23.45) <= 0.01);
  // Every 200th point by scikit-rf: rows of Sdd, Sdc, Scd, Scc, each 11, 12, 21, 22.
  const auto rows = test::read_csv("tests/data/network/example2_THRU_mixed.csv");
  REQUIRE(rows.size() == 21);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const auto dB = [&](std::size_t element) {
      return 20.0 * std::log10(std::hypot(rows[k][1 + 2 * element], rows[k][2 + 2 * element]));
    };
    // Levels down to -120 dB are sums of numbers of 16 digits.
    CHECK(abs_error(r.curve[200 * k].insertion_dB, -dB(2)) <= 1e-8);
    CHECK(abs_error(r.curve[200 * k].return_rx_dB, -dB(3)) <= 1e-8);
    CHECK(abs_error(r.curve[200 * k].sdc21_dB, dB(6)) <= 1e-8);
    CHECK(abs_error(r.curve[200 * k].scd21_dB, dB(10)) <= 1e-8);
  }
  const SParameters dd = mixed_mode(four).dd;
  const double nyquist_Hz = 0.5 * rate_Bd;
  // The same interpolation of the same numbers, in one case before and in one behind the mixing.
  CHECK(abs_error(r.at[2].return_tx_dB, return_loss_dB(dd, {&nyquist_Hz, 1}, 0).front()) <= 0.05);
  const IntegratedCrosstalk noise = integrated_crosstalk(near, far,
                                                         {.symbol_rate_Bd = rate_Bd,
                                                          .near_amplitude_V = 0.6,
                                                          .far_amplitude_V = 0.6,
                                                          .near_rise_time_s = 0.2475 / rate_Bd,
                                                          .far_rise_time_s = 0.2475 / rate_Bd,
                                                          .receiver_bandwidth_Hz = 0.75 * rate_Bd,
                                                          .low_Hz = 50e6,
                                                          .high_Hz = rate_Bd});
  CHECK(r.crosstalk.total_V == noise.total_V);
  CHECK(r.near == 1);
  CHECK(r.curve.size() == four.frequency_Hz.size());
  CHECK(r.causality.early_energy_dB <= -40.0);
  CHECK(r.ild_fom_dB > 0.0);
  CHECK(all(r.warnings).empty());
}

TEST_CASE("channel report: without a rate it takes the fastest usual one that the file holds") {
  CHECK(completed({}, 40e9).symbol_rate_Bd == 53.125e9);
  CHECK(completed({}, 20e9).symbol_rate_Bd == 26.5625e9);
  CHECK(completed({}, 5e9).symbol_rate_Bd == 10.3125e9);
  CHECK(rel_error(completed({.symbol_rate_Bd = 25.78125e9}, 40e9).rise_time_s, 9.6e-12) <= 1e-4);
  CHECK_THROWS_AS(completed({.rise_time_s = -1.0}, 40e9), DomainError);
}

TEST_CASE("channel report: bad files warn of what is wrong with them" * doctest::test_suite("slow")) {
  Context context;
  const SParameters good = pair_of_wires(2e-9, 0.0, 1501);
  const ChannelSettings settings{.symbol_rate_Bd = rate_Bd};
  const auto warnings = [&](const SParameters& four, const ChannelSettings& with) {
    return all(channel_report(four, {}, {}, with, context).warnings);
  };
  const auto keep = [&](auto used) {
    SParameters some{4, 50.0, {}, {}};
    for (std::size_t k = 0; k < good.frequency_Hz.size(); ++k) {
      if (!used(k)) continue;
      some.frequency_Hz.push_back(good.frequency_Hz[k]);
      some.s.insert(some.s.end(), good.s.begin() + static_cast<long>(16 * k),
                    good.s.begin() + static_cast<long>(16 * k + 16));
    }
    return some;
  };
  struct Row {
    std::string what, text;
  };
  SParameters loud = good, one_way = good, even = good;
  for (std::size_t k = 400; k < 405; ++k)
    for (std::size_t i = 0; i < 16; ++i) loud.s[16 * k + i] *= 2.0;
  for (std::size_t k = 250; k < 1501; ++k) one_way.s[16 * k + 2] *= 0.5;
  for (std::size_t k = 0; k < 1501; ++k)
    for (std::size_t i = 0; i < 16; ++i) {
      const double f = even.frequency_Hz[k];
      even.s[16 * k + i] = std::abs(even.s[16 * k + i]) * std::polar(1.0, -2.0 * M_PI * f * 2e-9);
    }
  const std::vector<std::pair<std::string, std::string>> rows = {
      {warnings(keep([](std::size_t k) { return k > 10; }), settings), "no DC point"},
      {warnings(good, {.symbol_rate_Bd = 53.125e9}), "below 0.75 times the symbol rate"},
      {warnings(keep([](std::size_t k) { return k % 20 == 0; }), settings), "too few to follow its phase"},
      {warnings(keep([](std::size_t k) { return k % 10 == 0; }), settings), "too few for a delay"},
      {warnings(loud, settings), "not passive"},
      {warnings(even, settings), "not causal"},
      {warnings(one_way, settings), "not reciprocal"},
      {warnings(good, {.symbol_rate_Bd = rate_Bd, .tdr_rise_time_s = 8e-12}), "rings"},
  };
  for (const auto& [text, part] : rows) {
    CAPTURE(text);
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(warnings(good, settings).empty());
  CHECK(trusted_bandwidth_Hz(loud, mixed_mode(loud).dd) < 10e9);
  CHECK_THROWS_WITH_AS(channel_report(keep([](std::size_t k) { return k < 5; }), {}, {}, settings, context),
                       doctest::Contains("at least 8 points"), DomainError);
  CHECK_THROWS_AS(channel_report(renormalise(good, 60.0), {}, {}, settings, context), DomainError);
  CHECK_THROWS_AS(channel_report(good, {mixed_mode(keep([](std::size_t k) { return k % 2 == 0; })).dd}, {},
                                 settings, context),
                  DomainError);
}
