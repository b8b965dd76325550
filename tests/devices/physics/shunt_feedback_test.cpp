#include "devices/physics/shunt_feedback.hpp"

#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "support.hpp"

using namespace photonlink;
using test::rel_error;

namespace {

constexpr double pi = constants::pi;
const double butterworth_quality = 1.0 / std::sqrt(2.0);

Complex total_S(const ShuntFeedback& loop, double frequency_Hz, double capacitance_F) {
  return Complex(0.0, 2.0 * pi * frequency_Hz * capacitance_F) + feedback_admittance_S(loop, frequency_Hz);
}

}  // namespace

TEST_CASE("shunt feedback: the closed loop is what nodal analysis of the circuit gives") {
  const ShuntFeedback loop{700.0, 9.0, 20e9};
  const double capacitance_F = 90e-15;
  for (const double f : {1e6, 5e9, 30e9, 90e9}) {
    // Unknowns: input node, output node. Current law at the input, V_out = -A V_in.
    const Complex gain = 9.0 / Complex(1.0, f / 20e9);
    Eigen::Matrix2cd nodes;
    nodes << Complex(1.0 / 700.0, 2.0 * pi * f * capacitance_F), -1.0 / 700.0, gain, 1.0;
    const Eigen::Vector2cd volts = nodes.partialPivLu().solve(Eigen::Vector2cd(1.0, 0.0));
    const Complex found =
        closed_loop_resistance_ohm(loop) * closed_loop_response(loop, f, total_S(loop, f, capacitance_F));
    CAPTURE(f);
    // A few complex products.
    CHECK(std::abs(found + volts[1]) <= 1e-12 * std::abs(volts[1]));
  }
}

TEST_CASE("shunt feedback: a design has its bandwidth, and its two poles have their quality") {
  for (const double quality : {0.5, butterworth_quality, 1.2}) {
    const ShuntFeedbackGoal goal{120e-15, 25e9, quality};
    for (const bool of_resistance : {true, false}) {
      const ShuntFeedback loop = of_resistance ? shunt_feedback_of_resistance(goal, 900.0)
                                               : shunt_feedback_of_gain_bandwidth(goal, 200e9);
      CAPTURE(quality);
      CAPTURE(of_resistance);
      if (!of_resistance)
        CHECK(rel_error(loop.open_loop_gain * loop.open_loop_bandwidth_Hz, 200e9) <= 1e-12);  // rounding
      const auto response = [&](double f) {
        return closed_loop_response(loop, f, total_S(loop, f, 120e-15));
      };
      CHECK(rel_error(std::abs(response(0.0)), 1.0) <= 1e-12);
      CHECK(rel_error(std::norm(response(25e9)), 0.5) <= 1e-12);
      // At ω₀ the response of two poles is -jQ.
      const double natural_Hz = 25e9 / bandwidth_over_natural_frequency(quality);
      CHECK(std::abs(response(natural_Hz) - Complex(0.0, -quality)) <= 1e-12);
    }
  }
  CHECK(rel_error(bandwidth_over_natural_frequency(butterworth_quality), 1.0) <= 1e-15);
}

TEST_CASE("shunt feedback: the resistor approaches the transimpedance limit at high gain") {
  // R_F = A₀ f_A / (2π C_T f_3dB²) of a Butterworth loop for A₀ >> 1.
  double last = 1.0;
  for (const double product_Hz : {0.3e12, 1e12, 1e13}) {
    const ShuntFeedback loop =
        shunt_feedback_of_gain_bandwidth({80e-15, 20e9, butterworth_quality}, product_Hz);
    const double limit_ohm = product_Hz / (2.0 * pi * 80e-15 * 20e9 * 20e9);
    const double off = std::abs(loop.feedback_resistance_ohm / limit_ohm - 1.0);
    CHECK(off < last);
    last = off;
  }
  // The next term is f₀ / (Q GBW).
  CHECK(last < 2.0 / butterworth_quality * 20e9 / 1e13);
}

TEST_CASE("shunt feedback: goals out of reach are refused") {
  CHECK_THROWS_WITH_AS(shunt_feedback_of_resistance({80e-15, 20e9, 0.7}, 50.0),
                       doctest::Contains("without a loop"), DomainError);
  CHECK_THROWS_WITH_AS(shunt_feedback_of_gain_bandwidth({80e-15, 20e9, 0.7}, 5e9),
                       doctest::Contains("too small"), DomainError);
}
