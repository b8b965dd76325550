/// Made-up cases that ask much of a picture: long titles, many panels, wide ranges, nothing computed.
#pragma once

#include "validation/sample_report.hpp"

namespace photonlink::test {

/// 9 panels of 1 to 6 series: dB over GHz, watts near 1e-12, a spectrum at 1310 nm, logarithmic abscissae.
inline CaseResult sample_crowd() {
  CaseResult crowd;
  crowd.name = "a_case_with_a_rather_long_name_01", crowd.family = "microring modulators";
  crowd.title = "A title " + std::string(200, 'W'), crowd.citation = std::string(300, 'M');
  const std::string tail =
      " of a modulator with a title that goes on and on, as titles of figures in papers often do";
  const auto add = [&](const std::string& name, const std::string& observable, const std::string& unit,
                       const std::string& x_label, const std::string& x_unit, double x_low, double x_high,
                       double size, double offset) {
    QuantityResult quantity = sample_curve(
        name, "Curve " + name + tail, 20, x_low, x_high, 0.1 * size, 0.2 * size,
        [&](double x) { return offset + size * std::sin(6 * (x - x_low) / (x_high - x_low)); },
        [&](double x) { return offset + 1.1 * size * std::sin(6 * (x - x_low) / (x_high - x_low) + 0.1); });
    quantity.observable = observable, quantity.unit = quantity.tolerance_unit = unit;
    quantity.x_label = x_label, quantity.x_unit = x_unit;
    crowd.quantities.push_back(quantity);
  };
  for (int i = 0; i < 7; ++i)
    add("s21_" + std::to_string(i), "small_signal.s21", "dB", "Frequency", "GHz", 1, 67, 2, -3.0 * i);
  add("power", "power", "W", "Time", "ns", 0, 1e-4, 3e-12, 4e-12);
  add("spectrum", "", "dB", "Wavelength in the vacuum, as far as the spectrometer of the authors can tell it",
      "nm", 1310.001, 1310.004, 12, -10);
  add("noise", "noise_density_of_the_receiver_referred_to_its_input", "pA/√Hz", "Frequency", "Hz", 1e3, 4e9,
      2, 12);
  for (PointResult& point : crowd.quantities.back().points)
    point.x = 1e3 * std::pow(4e6, (point.x - 1e3) / 4e9);
  add("constant", "level", "V", "Bias", "V", -2, 2, 0, 0.7);
  add("huge", "count", "", "Bias", "V", -2, 2, 4e7, 1e8);
  add("nothing", "shift", "pm", "Bias", "V", -2, 2, 20, 100);
  QuantityResult& nothing = crowd.quantities.back();
  for (PointResult& point : nothing.points) point.computed = point.low = point.high = point.error = no_number;
  nothing.fine_x.clear(), nothing.fine_y.clear(), nothing.fine_low.clear(), nothing.fine_high.clear();
  nothing.error = nothing.band_low = nothing.band_high = no_number, nothing.verdict = Verdict::uncomputed;
  add("empty", "empty", "V", "Bias", "V", -2, 2, 1, 1);
  for (PointResult& point : crowd.quantities.back().points) point = {};
  crowd.quantities.back().error = no_number;
  for (int i = 0; i < 12; ++i)
    crowd.quantities.push_back(sample_scalar("scalar_" + std::to_string(i),
                                             "Quantity " + std::to_string(i) + tail, "a unit of many letters",
                                             sample_point(no_number, 1e-13 * (i + 1), 3e-13, 1e-14)));
  crowd.quantities.back().tolerance_unit = "percent of the full scale";
  return crowd;
}

/// Limits, an interval and lists with and without abscissae in panels; a model far off.
inline CaseResult sample_limits() {
  CaseResult limits;
  limits.name = "limits_01", limits.family = "receivers", limits.title = "Limits";
  const auto add = [&](const std::string& name, Bound bound, double offset, double off_by) {
    QuantityResult quantity = sample_curve(
        name, "Sensitivity, " + name, 8, 25, 112, 0.5, 0.0, [&](double x) { return offset + 0.06 * x; },
        [&](double x) { return offset + off_by + 0.055 * x; });
    quantity.observable = "sensitivity", quantity.unit = "dBm", quantity.x_label = "Symbol rate",
    quantity.x_unit = "GBd";
    quantity.bound = bound, quantity.curve = false, quantity.prediction = false;
    for (PointResult& point : quantity.points) {
      if (bound == Bound::interval) point.published_high = point.published + 1.5;
      point.low = point.computed - 0.7, point.high = point.computed + 0.4;
    }
    limits.quantities.push_back(quantity);
  };
  add("a limit below", Bound::at_least, -18, 1), add("a limit above", Bound::at_most, -12, -1);
  add("an interval", Bound::interval, -24, 0.4), add("far off", Bound::value, -15, 60);
  return limits;
}

/// As many cases as a collection has, with changing verdicts.
inline ValidationReport sample_collection(int cases) {
  std::vector<CaseResult> all;
  for (int i = 0; i < cases; ++i) {
    CaseResult result = i % 3 == 0 ? sample_ring() : i % 3 == 1 ? sample_link() : sample_single();
    result.name += "_" + std::to_string(i);
    if (i % 7 == 3) result.family = "Mach-Zehnder modulators";
    for (QuantityResult& quantity : result.quantities) {
      if (quantity.points.size() != 1) continue;
      PointResult point = quantity.points[0];
      const double shift =
          point.tolerance * 1.6 * std::sin(2.1 * i + 0.3 * static_cast<double>(quantity.name.size()));
      point = sample_point(point.x, point.published, point.computed + shift, point.tolerance,
                           point.low + shift, point.high + shift);
      const bool fitted = !quantity.prediction;
      quantity = sample_scalar(quantity.name, quantity.title, quantity.unit, point);
      quantity.prediction = !fitted;
    }
    all.push_back(result);
  }
  return sample_report(all);
}

}  // namespace photonlink::test
