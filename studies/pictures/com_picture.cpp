#include "studies/pictures/com_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/com/com_figures.hpp"
#include "studies/pictures/plot.hpp"

namespace photonlink::pictures {
namespace {

using com::CaseResult;
using Mark = LegendEntry::Mark;

constexpr Color silver{0.74, 0.76, 0.79};
constexpr Box pulse_frame{80, 100, 890, 270}, distribution_frame{80, 480, 400, 250},
    bars_frame{690, 480, 230, 250};

std::vector<double> scaled(std::vector<double> values, double factor) {
  for (double& value : values) value *= factor;
  return values;
}

void draw_cursors(Canvas& canvas, Plot& plot, const CaseResult& result, const com::Parameters& p,
                  double factor) {
  const auto& time = result.pulse_time_UI;
  const int samples = p.signal.samples_per_symbol;
  const auto main = static_cast<std::size_t>(std::lround(-time.front() * samples));
  const double cursor = result.equalized_V[main] * factor;
  const auto limited = limited_dfe_taps(result, p);
  for (std::size_t i = main % static_cast<std::size_t>(samples); i < time.size();
       i += static_cast<std::size_t>(samples)) {
    const auto symbol = static_cast<int>(std::lround(time[i]));
    double level = result.equalized_V[i] * factor;
    if (symbol > 0 && symbol <= static_cast<int>(result.dfe_taps.size())) {
      const double tap = result.dfe_taps[static_cast<std::size_t>(symbol) - 1] * cursor;
      const bool at_limit = std::find(limited.begin(), limited.end(), symbol) != limited.end();
      const double x = symbol;
      if (tap != 0.0)
        plot.curve({x, x}, {level, level - tap}, at_limit ? vermilion : category(1).color, 2.5, at_limit);
      level -= tap;
    }
    const bool is_main = symbol == 0;
    canvas.dot(plot.at(symbol, level), is_main ? 5.0 : 3.0, is_main ? vermilion : green);
  }
  canvas.text({plot.at(0, cursor).x - 40, plot.at(0, cursor).y}, fmt::format("main cursor {:.4g} mV", cursor),
              {.align = Align::right, .bold = true, .plate = true});
}

void paint_pulses(Canvas& canvas, const CaseResult& result, const com::Parameters& p) {
  if (result.pulse_time_UI.empty()) return;
  constexpr double factor = 1e3;
  double low = 0.0, high = 0.0;
  for (const auto* curve : {&result.unequalized_V, &result.equalized_V})
    for (const double value : *curve)
      low = std::min(low, value * factor), high = std::max(high, value * factor);
  const double room = 0.08 * (high - low);
  const double begin = result.pulse_time_UI.front(), end = result.pulse_time_UI.back();
  Plot plot(canvas, pulse_frame, {begin, end, "Time from the sampling instant in UI", 16, {}},
            {low - room, high + room, "Pulse in mV", 6, {}});
  plot.background();
  plot.curve({begin, end}, {0.0, 0.0}, grey, 1.0);
  plot.curve(result.pulse_time_UI, scaled(result.unequalized_V, factor), silver, 4.0);
  plot.curve(result.pulse_time_UI, scaled(result.equalized_V, factor), blue, 2.0);
  draw_cursors(canvas, plot, result, p, factor);
  plot.axes();
  legend_row(canvas, {pulse_frame.x, 82},
             {{"without equalisers", silver, Mark::box},
              {"behind FFE and CTLE", blue, Mark::line},
              {"removed by the DFE", category(1).color, Mark::line},
              {"tap at its limit", vermilion, Mark::dashed},
              {"left of each symbol", green, Mark::dot}});
}

void paint_distribution(Canvas& canvas, const CaseResult& result, const com::Parameters& p) {
  const auto& curve = result.interference;
  const double signal = -result.available_V * 1e3, amplitude = -result.interference_V * 1e3;
  const double target = std::log10(p.signal.detector_error_ratio);
  const double low = 1.15 * std::min(signal, amplitude), bottom = std::floor(target) - 3.0;
  Plot plot(canvas, distribution_frame, {low, 0.0, "Noise and interference below, in mV", 5, {}},
            {bottom, 0.0, "Probability", 8, [](double value) {
               return value == 0.0 ? std::string("1") : power_of_ten(std::pow(10.0, value));
             }});
  plot.background();
  plot.curve(scaled(curve.voltage_V, 1e3), curve.log10_probability, blue, 2.2);
  plot.curve({low, 0.0}, {target, target}, grey, 1.4, true);
  plot.curve({signal, signal}, {bottom, 0.0}, green, 2.0);
  plot.curve({amplitude, amplitude}, {bottom, 0.0}, vermilion, 2.0, true);
  // Over a window of instants A_ni is not that of the distribution at t_s.
  const bool window = !result.eye.upper_V.empty();
  if (!window) canvas.dot(plot.at(amplitude, target), 4.5, vermilion);
  plot.axes();
  legend_row(canvas, {distribution_frame.x, 462},
             {{fmt::format("−A_s, {:.4g} mV", -signal), green, Mark::line},
              {fmt::format("−A_ni{}, {:.4g} mV", window ? " of the window" : "", -amplitude), vermilion,
               Mark::dashed},
              {"DER_0", grey, Mark::dashed}});
}

void paint_bars(Canvas& canvas, const CaseResult& result, const com::Parameters& p) {
  std::vector<std::pair<std::string, double>> bars;
  for (const CaseFigure& figure : case_figures())
    if (figure.section == ComSectionOf::noise) bars.emplace_back(figure.label, figure.value(result, p) * 1e3);
  const double largest = std::max(bars.back().second, 1e-9),
               row = bars_frame.height / static_cast<double>(bars.size());
  Plot plot(canvas, bars_frame, {0.0, 1.1 * largest, "rms in mV", 5, {}}, {0.0, 1.0, "", 0, {}});
  plot.background(false);
  for (const double tick : nice_ticks(0.0, 1.1 * largest, 5)) plot.curve({tick, tick}, {0.0, 1.0}, pale, 0.8);
  double y = bars_frame.y + 0.5 * row;
  for (const auto& [label, value] : bars) {
    const bool total = &label == &bars.back().first, part = label.starts_with(' ');
    canvas.text({bars_frame.x - 12, y}, label.substr(label.find_first_not_of(' ')),
                {.color = part ? grey : ink, .align = Align::right, .bold = total});
    const double width = plot.at(value, 0).x - bars_frame.x;
    canvas.fill({bars_frame.x, y - 9, std::max(width, 0.0), 18}, total ? grey : part ? silver : blue);
    canvas.text({bars_frame.right() + 60, y}, fmt::format("{:.4f}", value),
                {.align = Align::right, .bold = total});
    y += row;
  }
  plot.axes();
  canvas.text({bars_frame.x, 462}, "Contributions to the figure of merit", {.bold = true});
}

}  // namespace

void paint_com(Canvas& canvas, const ComRun& run, std::size_t package_case) {
  const CaseResult& result = run.result.package_case.at(package_case);
  std::string facts = fmt::format("{} · COM {:.3f} dB · FOM {:.3f} dB · mode {}", result.name, result.com_dB,
                                  result.merit_dB, run.result.mode);
  for (const LimitCheck& check : case_checks(result, run.parameters))
    facts += fmt::format(" · {}: {}", check.label, check.passes ? "pass" : "FAIL");
  heading(canvas, canvas.fitted(run.parameters.title, com_size.width - 40, 15, true),
          canvas.fitted(facts, com_size.width - 40, 12));
  paint_pulses(canvas, result, run.parameters);
  paint_distribution(canvas, result, run.parameters);
  paint_bars(canvas, result, run.parameters);
}

void draw_com(const ComRun& run, std::size_t package_case, const std::string& path) {
  Canvas canvas(com_size.width, com_size.height);
  paint_com(canvas, run, package_case);
  canvas.save(path);
}

}  // namespace photonlink::pictures
