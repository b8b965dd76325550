/// Checks that hold for every device, written once: range messages and tangents.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <random>
#include <string>

#include "core/parameter_table.hpp"
#include "signal/stage.hpp"

namespace photonlink::test {

/// Not inlined: g++ 12 otherwise warns of members that a small struct does not have.
template <class P, class T>
[[gnu::noinline]] void assign(P& parameters, T P::*member, const T& value) {
  parameters.*member = value;
}

/// Every numeric row refuses a value beyond each finite bound with a message that names the row and its
/// range, and the stage's constructor repeats it with the stage's name. Text rows refuse an unknown word.
template <class S, class P>
void check_range_messages() {
  int checked = 0;
  const auto rows = describe<P>();
  const auto& table = parameter_table<P>();
  for (std::size_t i = 0; i < table.size(); ++i) {
    CAPTURE(rows[i].name);
    CHECK_FALSE(rows[i].doc.empty());
    check_value(rows[i], rows[i].default_value);  // throws when a default is outside its own range
    P bad{};
    std::string expected = rows[i].name + " = ";
    if (const auto* member = std::get_if<double P::*>(&table[i].member)) {
      bad.*(*member) = rows[i].upper * 1.01 + 1e-30;
      expected += format_quantity(bad.*(*member), rows[i].unit, 6);
      if (rows[i].ideal) check_value(rows[i], *rows[i].ideal);
    } else if (const auto* whole = std::get_if<int P::*>(&table[i].member)) {
      bad.*(*whole) = static_cast<int>(rows[i].lower) - 1;
      expected += format_quantity(bad.*(*whole), rows[i].unit, 6);
    } else if (const auto* list = std::get_if<std::vector<double> P::*>(&table[i].member)) {
      const double beyond = rows[i].upper * 1.01 + 1e-30;
      assign(bad, *list, {beyond});
      expected += format_quantity(beyond, rows[i].unit, 6);
    } else if (const auto* text = std::get_if<std::string P::*>(&table[i].member)) {
      assign(bad, *text, std::string("nonsense"));
      expected += "\"nonsense\"";
    }
    CHECK_THROWS_WITH_AS(S("tx3", bad), doctest::Contains(("tx3: " + expected).c_str()), ConfigError);
    ++checked;
  }
  CHECK(checked > 0);
}

/// A bundle of random lanes and fields on a short period.
inline Bundle random_bundle(int lanes, int ports, int carriers, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Bundle bundle;
  bundle.grid = {.symbol_rate_Bd = 32e9, .samples_per_symbol = 8, .symbols = 4};
  const auto samples = static_cast<std::size_t>(bundle.grid.size());
  bundle.full_scale_Vpp = 0.8;
  for (int c = 0; c < carriers; ++c) bundle.carrier_Hz.push_back(228e12 + 200e9 * c);
  bundle.lane.assign(static_cast<std::size_t>(lanes), RealWave(samples));
  for (RealWave& lane : bundle.lane)
    for (double& value : lane) value = normal(random);
  bundle.port.resize(static_cast<std::size_t>(ports));
  for (OpticalPort& port : bundle.port) {
    port.field.assign(static_cast<std::size_t>(carriers), ComplexWave(samples));
    for (ComplexWave& field : port.field)
      for (Complex& value : field) value = 0.03 * Complex(normal(random), normal(random));
  }
  return bundle;
}

/// Σ lane w δV + Re Σ field w δA over the window of `sensitivity`.
inline double apply(const Sensitivity& sensitivity, const Bundle& change) {
  const long period = change.grid.size();
  double sum = 0.0;
  for (int u = 0; u < sensitivity.length; ++u) {
    const auto sample = static_cast<std::size_t>(((sensitivity.begin + u) % period + period) % period);
    const auto k = static_cast<std::size_t>(u);
    for (std::size_t l = 0; l < sensitivity.lane.size(); ++l)
      if (!sensitivity.lane[l].empty()) sum += sensitivity.lane[l][k] * change.lane[l][sample];
    for (std::size_t p = 0; p < sensitivity.port.size(); ++p)
      for (std::size_t c = 0; c < sensitivity.port[p].size(); ++c)
        if (!sensitivity.port[p][c].empty())
          sum += (sensitivity.port[p][c][k] * change.port[p].field[c][sample]).real();
  }
  return sum;
}

/// a + scale b on lanes and fields of equal shape.
inline Bundle combined(Bundle a, const Bundle& b, double scale) {
  for (std::size_t l = 0; l < a.lane.size(); ++l)
    for (std::size_t u = 0; u < a.lane[l].size(); ++u) a.lane[l][u] += scale * b.lane[l][u];
  for (std::size_t p = 0; p < a.port.size(); ++p)
    for (std::size_t c = 0; c < a.port[p].field.size(); ++c)
      for (std::size_t u = 0; u < a.port[p].field[c].size(); ++u)
        a.port[p].field[c][u] += scale * b.port[p].field[c][u];
  return a;
}

/// Relative difference between the tangent and a central difference of the stepper, for `observed` weights on
/// the output. Window of 20 samples starting before the period, so that its periodic continuation is
/// exercised.
inline double tangent_error(const Stage& stage, const Bundle& input, const Sensitivity& observed,
                            double step) {
  const Bundle direction =
      random_bundle(static_cast<int>(input.lane.size()), static_cast<int>(input.port.size()),
                    static_cast<int>(input.carrier_Hz.size()), 99);
  Bundle plus = combined(input, direction, step), minus = combined(input, direction, -step);
  stage.start(input)->step(plus);
  stage.start(input)->step(minus);
  const double difference = (apply(observed, plus) - apply(observed, minus)) / (2.0 * step);
  Sensitivity pulled = observed;
  stage.tangent(input)->pull_back(pulled);
  return std::abs(apply(pulled, direction) - difference) / std::abs(difference);
}

/// Random weights on `lanes` lanes over a window of 20 samples from sample -7.
inline Sensitivity random_lane_weights(int lanes, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Sensitivity sensitivity{.begin = -7, .length = 20, .lane = {}, .port = {}};
  sensitivity.lane.assign(static_cast<std::size_t>(lanes), RealWave(20));
  for (RealWave& lane : sensitivity.lane)
    for (double& weight : lane) weight = normal(random);
  return sensitivity;
}

}  // namespace photonlink::test
