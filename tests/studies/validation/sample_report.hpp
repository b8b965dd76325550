/// A made-up validation report with every role, verdict, bound and measure, fits, NaN and a failure: for
/// writers and pictures only. All "published" values are closed forms, no device is claimed.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>

#include "studies/validation/case_result.hpp"

namespace photonlink::test {

inline constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

inline PointResult sample_point(double x, double published, double computed, double tolerance,
                                double low = no_number, double high = no_number) {
  return {.x = x,
          .published = published,
          .computed = computed,
          .low = low,
          .high = high,
          .tolerance = tolerance,
          .error = (computed - published) / tolerance};
}

/// A single number; the verdict follows from the error and the band.
inline QuantityResult sample_scalar(const std::string& name, const std::string& title,
                                    const std::string& unit, const PointResult& point) {
  QuantityResult quantity;
  quantity.name = name, quantity.title = title, quantity.unit = quantity.tolerance_unit = unit;
  quantity.link = "ring", quantity.observable = name;
  quantity.points = {point};
  quantity.error = point.error;
  const double a = (point.low - point.published) / point.tolerance;
  const double b = (point.high - point.published) / point.tolerance;
  quantity.band_low = a * b < 0 ? 0.0 : std::min(std::abs(a), std::abs(b));
  quantity.band_high = std::max(std::abs(a), std::abs(b));
  quantity.verdict = !std::isfinite(point.error)    ? Verdict::uncomputed
                     : std::abs(point.error) <= 1.0 ? Verdict::pass
                     : quantity.band_low <= 1.0     ? Verdict::band
                                                    : Verdict::miss;
  quantity.reading_error = point.tolerance / 4;
  quantity.reason = "reading error and scatter between devices";
  return quantity;
}

/// `count` points of `published` over [x_low, x_high] against `computed`, a band of +-`half`.
inline QuantityResult sample_curve(const std::string& name, const std::string& title, int count, double x_low,
                                   double x_high, double tolerance, double half,
                                   const std::function<double(double)>& published,
                                   const std::function<double(double)>& computed) {
  QuantityResult quantity;
  quantity.name = name, quantity.title = title, quantity.unit = quantity.tolerance_unit = "dB";
  quantity.link = "ring", quantity.observable = "eo_response";
  quantity.x_label = "Frequency", quantity.x_unit = "GHz";
  quantity.curve = true, quantity.measure = Measure::rms;
  double sum = 0.0;
  for (int i = 0; i < count; ++i) {
    const double x = x_low + (x_high - x_low) * i / (count - 1), y = computed(x);
    quantity.points.push_back(sample_point(x, published(x), y, tolerance, y - half, y + half));
    sum += std::pow(quantity.points.back().error, 2);
  }
  quantity.error = std::sqrt(sum / count);
  quantity.band_low = std::max(0.0, quantity.error - half / tolerance);
  quantity.band_high = quantity.error + half / tolerance;
  quantity.verdict = quantity.error <= 1      ? Verdict::pass
                     : quantity.band_low <= 1 ? Verdict::band
                                              : Verdict::miss;
  quantity.reading_error = tolerance / 4;
  for (int i = 0; half > 0.0 && i <= 200; ++i) {
    const double x = x_low + (x_high - x_low) * i / 200;
    quantity.fine_x.push_back(x), quantity.fine_y.push_back(computed(x));
    quantity.fine_low.push_back(computed(x) - half), quantity.fine_high.push_back(computed(x) + half);
  }
  return quantity;
}

inline double sample_low_pass_dB(double frequency_GHz, double corner_GHz) {
  return -10 * std::log10(1 + std::pow(frequency_GHz / corner_GHz, 2));
}

/// Curves in dB, both limits, an interval, an identity, a fit at its bound.
inline CaseResult sample_ring() {
  CaseResult ring;
  ring.name = "ring_01", ring.family = "microring modulators";
  ring.title = "Ring <A&B> \"fast\", 5 µm radius, 90 GHz";
  ring.citation = "A. Author and B. Writer, \"Rings & discs < 1 V\", Optical Letters 12, 345 (2025)";
  ring.doi = "10.1000/made.up<1>", ring.read = "full text", ring.note = "The detuning is read off a figure.";
  ring.inputs = {{"radius", "5 µm"}, {"loaded Q", "3500 | at 0 V"}};
  const auto lag = [](double f) { return sample_low_pass_dB(f, 62) + 0.35 * std::sin(f / 5); };
  ring.quantities = {
      sample_scalar("eo_bandwidth", "Electro-optic bandwidth", "GHz",
                    sample_point(no_number, 83, 81.23, 5, 76.1, 88.4)),
      sample_curve("eo_s21_6db", "Electro-optic response at 6 dB detuning", 31, 1, 67, 0.8, 0.5, lag,
                   [](double f) { return sample_low_pass_dB(f, 64); }),
      sample_curve(
          "eo_s21_3db", "Electro-optic response at 3 dB detuning", 23, 1, 67, 0.5, 0.7,
          [&](double f) { return lag(f) - 0.03 * f; },
          [](double f) { return sample_low_pass_dB(f, 50) - 0.2; }),
      sample_scalar("dip", "Depth of the dip", "dB", sample_point(no_number, -36, -12.4, 3, -14.1, -11.0)),
      sample_scalar("efficiency", "Resonance shift", "pm/V", sample_point(no_number, 25, 31, 3, 27, 36)),
      sample_scalar("extinction", "Extinction ratio at 2 V", "dB", sample_point(no_number, 3.5, 4.2, 0.5)),
      sample_scalar("loss", "Insertion loss", "dB", sample_point(no_number, 3, 2.4, 0.5)),
      sample_scalar("tdecq", "TDECQ", "dB", sample_point(no_number, 2.0, 2.2, 0.3)),
      sample_scalar("fsr", "Free spectral range", "nm", sample_point(no_number, 18.4, 18.4, 0.1)),
      sample_scalar("photon_lifetime", "Photon lifetime", "ps", sample_point(no_number, 2.9, 2.89, 0.1)),
      sample_scalar("spectrum", "Transmission that the fit used", "dB",
                    sample_point(no_number, 0, 0.2, 0.5))};
  const auto find = [&](const std::string& name) -> QuantityResult& {
    return *std::find_if(ring.quantities.begin(), ring.quantities.end(),
                         [&](const QuantityResult& quantity) { return quantity.name == name; });
  };
  find("dip").diagnosis = "the model has no coupling to the reflected mode <yet> & the laser line is sharp";
  QuantityResult &extinction = find("extinction"), &loss = find("loss"), &tdecq = find("tdecq");
  extinction.bound = Bound::at_least, extinction.error = extinction.points[0].error = 0.0;
  extinction.verdict = Verdict::pass;
  loss.bound = Bound::at_most, loss.error = loss.points[0].error = 0.0, loss.verdict = Verdict::pass;
  tdecq.bound = Bound::interval, tdecq.points[0].published_high = 2.5;
  tdecq.error = tdecq.points[0].error = 0.0, tdecq.verdict = Verdict::pass, tdecq.prediction = false;
  find("fsr").role = Role::identity, find("photon_lifetime").role = Role::arithmetic;
  find("spectrum").role = Role::fit, find("spectrum").prediction = false;
  ring.fits = {{.link = "ring",
                .reason = "no coupling is published",
                .on = {"spectrum"},
                .parameters = {{.stage = "modulator",
                                .key = "power_coupling",
                                .unit = "",
                                .start = 0.02,
                                .lower = 0.001,
                                .upper = 0.2,
                                .value = 0.02134,
                                .low_95 = 0.0198,
                                .high_95 = 0.0229},
                               {.stage = "modulator",
                                .key = "loss",
                                .unit = "dB/cm",
                                .start = 10,
                                .lower = 1,
                                .upper = 50,
                                .value = 50,
                                .at_bound = true}},
                .points = 41,
                .evaluations = 120,
                .rms_error = 0.61,
                .converged = true}};
  ring.assumed = {{"ring", "driver", "resistance", "50 ohm", "20 ohm", "60 ohm", "typical of the process"}};
  ring.warnings = {"ring / modulator: drive of 2.4 V leaves the fitted range (0, 2] V"};
  ring.elapsed_s = 0.2;
  return ring;
}

/// BER in decades, a list without abscissa, code, an alternative, a failure and NaN among the points.
inline CaseResult sample_link() {
  CaseResult link;
  link.name = "link_01", link.family = "links", link.title = "Loopback of 8 x 32 Gb/s";
  link.citation = "C. Coder, \"A link\", OFC 2026, M4B.2", link.doi = "10.1000/link";
  QuantityResult ber = sample_curve(
      "ber", "Bit error ratio", 7, -19, -16, 0.5, 0.0, [](double x) { return -4 - 2.5 * (x + 19); },
      [](double x) { return -4.2 - 2.3 * (x + 19); });
  ber.observable = "ber", ber.unit = ber.tolerance_unit = "1";
  ber.x_label = "OMA at the photodiode", ber.x_unit = "dBm", ber.reading_error = no_number;
  const auto power = [](double value) { return std::pow(10.0, value); };
  for (PointResult& point : ber.points)
    point = sample_point(point.x, power(point.published), power(point.computed), 1.5 * power(point.published),
                         power(point.computed - 0.6), power(point.computed + 0.9));
  ber.measure = Measure::worst, ber.error = ber.points.back().error;
  ber.verdict = Verdict::band, ber.band_low = 0.7, ber.band_high = 2.9;
  for (int i = 0; i <= 100; ++i) {
    const double x = -19 + 0.03 * i, y = -4.2 - 2.3 * (x + 19);
    ber.fine_x.push_back(x), ber.fine_y.push_back(power(y));
    ber.fine_low.push_back(power(y - 0.6)), ber.fine_high.push_back(i < 90 ? power(y + 0.9) : no_number);
  }
  QuantityResult lanes = sample_scalar("lanes", "Sensitivity of the lanes", "dBm", {});
  lanes.tolerance_unit = "dB", lanes.points.clear(), lanes.measure = Measure::worst;
  for (int i = 0; i < 8; ++i)
    lanes.points.push_back(sample_point(no_number, -17 + 0.1 * i, -16.8, 0.5, -17.4, -16.1));
  lanes.error = 0.9, lanes.band_low = 0.1, lanes.band_high = 2.1, lanes.verdict = Verdict::pass;
  lanes.prediction = false;
  QuantityResult second = lanes,
                 code = sample_scalar("jitter", "Jitter", "ps", sample_point(no_number, 0.8, 1.4, 0.1));
  second.name = "lanes_eye", second.title = "Sensitivity of the lanes, read at the eye",
  second.role = Role::alternative;
  // A list with a hole has no error.
  PointResult& hole = second.points[3];
  hole.computed = hole.low = hole.high = hole.error = no_number;
  second.error = second.band_low = second.band_high = no_number, second.verdict = Verdict::uncomputed;
  code.role = Role::code;
  QuantityResult failed = sample_scalar("energy", "Energy of the heaters", "pJ/bit",
                                        sample_point(no_number, 0.68, no_number, 0.05));
  failed.failure = "ring 'tx3': no operating point within the heater's range";
  QuantityResult lost =
      sample_scalar("power", "Power at the diode", "mW", sample_point(no_number, 0.21, 0.9, 0.02));
  link.quantities = {ber, lanes, second, code, failed, lost};
  link.elapsed_s = 3.1;
  return link;
}

inline CaseResult sample_single() {
  CaseResult single;
  single.name = "diode_01", single.family = "receivers", single.title = "Photodiode";
  single.citation = "D. Ode, A diode, 2024";
  single.quantities = {sample_scalar("bandwidth", "Bandwidth", "GHz", sample_point(no_number, 67, 65.2, 3))};
  return single;
}

/// Counts as the runner makes them, over `of` the quantities of one family ("all": of every one).
inline Tally sample_tally(const ValidationReport& report, const std::string& family, bool predictions) {
  Tally tally{.family = family};
  std::vector<double> errors;
  for (const CaseResult& result : report.cases) {
    for (const QuantityResult& quantity : result.quantities) {
      if (quantity.role != Role::measurement || (family != "all" && family != result.family)) continue;
      if (predictions && !quantity.prediction) continue;
      ++tally.quantities;
      ++(quantity.verdict == Verdict::pass   ? tally.pass
         : quantity.verdict == Verdict::band ? tally.band
         : quantity.verdict == Verdict::miss ? tally.miss
                                             : tally.not_computed);
      if (!std::isfinite(quantity.error)) continue;
      errors.push_back(std::abs(quantity.error));
      if (!(errors.back() <= tally.worst_error))
        tally.worst_error = errors.back(), tally.worst = result.name + "/" + quantity.name;
    }
  }
  std::sort(errors.begin(), errors.end());
  if (!errors.empty()) tally.median_error = errors[errors.size() / 2];
  return tally;
}

inline ValidationReport sample_report(std::vector<CaseResult> cases = {sample_ring(), sample_link(),
                                                                       sample_single()}) {
  ValidationReport report;
  report.cases = std::move(cases);
  std::vector<std::string> families;
  for (const CaseResult& result : report.cases)
    if (std::find(families.begin(), families.end(), result.family) == families.end())
      families.push_back(result.family);
  families.emplace_back("all");
  for (const std::string& family : families) {
    report.measured.push_back(sample_tally(report, family, false));
    report.predictions.push_back(sample_tally(report, family, true));
  }
  report.changes = {{"ring_01/tdecq", Change::Kind::better, "pass, was miss; error 0, was 1.3"},
                    {"link_01/power", Change::Kind::worse, "miss, was pass; error 34.5, was 0.8"},
                    {"ring_01/loss", Change::Kind::added, "pass; error 0"}};
  report.elapsed_s = 3.5;
  return report;
}

}  // namespace photonlink::test
