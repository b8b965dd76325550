#include "solvers/evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <numeric>

#include "core/units.hpp"
#include "solvers/clock_result.hpp"
#include "solvers/energy.hpp"
#include "solvers/eye.hpp"
#include "solvers/fec.hpp"
#include "solvers/lane_propagation.hpp"
#include "solvers/margin.hpp"
#include "solvers/monte_carlo.hpp"
#include "solvers/power_budget.hpp"
#include "solvers/statistical_lane.hpp"
#include "solvers/wdm_crosstalk.hpp"

namespace photonlink {
namespace {

// The tail tables end at 36 σ; sums of that many tiny terms are not trusted below this.
constexpr double resolved_floor = 1e-60;

// Volts of a unit main cursor: the pulse's own value at the sampling instant.
double scale_of(const LaneModel& lane) {
  const auto& in = lane.inputs();
  const auto size = static_cast<long>(in.pulse.value.size());
  return std::abs(in.pulse.value[static_cast<std::size_t>(wrap(in.offset, size))]);
}

void add_optics(const PatternSolution& s, LinkResult& result) {
  for (std::size_t node = 0; node < s.chain->nodes().size(); ++node) {
    const Bundle& in = s.periodic.before_core[node];
    if (in.port.empty() || !s.periodic.behind_core[node].port.empty()) continue;
    for (LaneResult& lane : result.lane) {
      const auto l = static_cast<std::size_t>(lane.lane);
      const auto& port = in.port[std::min(l, in.port.size() - 1)];
      const Modulation m =
          modulation_of(port.field[l], in.grid, s.lane[l]->inputs().index, s.link->levels, s.context);
      lane.oma_W = std::abs(m.high_W - m.low_W);
      lane.extinction_ratio_dB = std::abs(power_gain_dB(m.high_W / m.low_W).value);
      lane.average_power_W = m.average_W;
      lane.crosstalk_power_W = 0.0;
      for (std::size_t c = 0; c < port.field.size(); ++c) {
        if (c == l) continue;
        for (const Complex& a : port.field[c])
          lane.crosstalk_power_W += std::norm(a) / static_cast<double>(in.grid.size());
      }
    }
  }
}

void add_crosstalk(const PatternSolution& s, LinkResult& result) {
  const WdmCrosstalk crosstalk = wdm_crosstalk(s);
  for (LaneResult& lane : result.lane) {
    const auto l = static_cast<std::size_t>(lane.lane);
    lane.modulation_crosstalk_dB = power_gain_dB(crosstalk.modulation[l]).value;
    lane.demultiplexer_crosstalk_dB = power_gain_dB(crosstalk.demultiplexer[l]).value;
    lane.in_band_closure_dB = crosstalk.in_band_dB[l];
  }
}

// Residual interference behind FFE and DFE, relative to a unit main cursor; bounded, not Gaussian.
double residual_isi_variance(const LaneModel& lane) {
  const auto& d = lane.inputs().symbols;
  const double symbol_power =
      std::inner_product(d.begin(), d.end(), d.begin(), 0.0) / static_cast<double>(d.size());
  const auto cursors = lane.residual_cursors();
  double sum = 0.0;
  for (std::size_t k = 1; k < cursors.size(); ++k) sum += cursors[k] * cursors[k];
  return symbol_power * sum;
}

void add_noise_shares(LaneModel& lane, double scale_V, LinkResult& result) {
  // One line per cause: the same cause on several lanes or carriers adds up.
  std::map<std::string, double> variance;
  for (const NoiseVariance& noise : lane.samples(0.0).noise)
    if (!noise.interference) variance[noise.label] += noise.mean();
  variance["residual ISI (bounded)"] = residual_isi_variance(lane);
  variance["crosstalk (bounded)"] = lane.crosstalk_variance();
  if (const double beat = lane.beat_variance(); beat > 0.0) variance["in-band beat (bounded)"] = beat;
  if (const double rest = lane.distortion_variance(0.0); rest > 0.0)
    variance[lane.inputs().adc.curve.active() ? "compression (bounded)" : "DAC rounding (bounded)"] = rest;
  double total = 0.0;
  for (const auto& [label, each] : variance) total += each;
  for (const auto& [label, each] : variance)
    if (each > 1e-6 * total) result.noise.push_back({label, scale_V * std::sqrt(each), each / total});
  std::sort(result.noise.begin(), result.noise.end(),
            [](const NoiseShare& a, const NoiseShare& b) { return a.share > b.share; });
}

void add_books(const PatternSolution& s, LinkResult& result) {
  const auto& nodes = s.chain->nodes();
  for (int i = 0; i < static_cast<int>(s.link->stages.size()); ++i) {
    // The bundle in front of a stage: before its core, or behind the last node in front of it.
    std::size_t node = 0;
    while (node + 1 < nodes.size() && nodes[node + 1] <= i) ++node;
    const Bundle& bundle = nodes[node] == i ? s.periodic.before_core[node] : s.periodic.behind_core[node];
    s.chain->stage(i).ledger(bundle, result.ledger);
    s.chain->stage(i).validity(bundle, result.warnings);
  }
}

// Linear chains: all sequences, to the floor of the statistical eye. Others: the sequences of the pattern.
void add_eye(LaneModel& lane, double scale_V, LinkResult& result) {
  const double target = result.required_ber_before_fec;
  if (!lane.inputs().linear) {
    result.eye = eye_diagram(lane, scale_V);
    result.bathtub = bathtub(lane, scale_V, target);
    return;
  }
  const EyeOptions options;
  const StatisticalEye eye = statistical_eye(lane);
  result.eye =
      scaled(eye.diagram(options.time_bins_per_UI, options.level_bins, options.contour_ber), scale_V);
  result.bathtub = scaled(eye.bathtub(target), scale_V);
  if (target >= resolved_tail) result.eye_measures = scaled(eye.measures(target), scale_V);
}

// Of the worst lane's loop; its eye's sides come from the bathtub.
void add_clock(const PatternSolution& s, LinkResult& result) {
  const auto& clock = s.clock[static_cast<std::size_t>(result.worst_lane)];
  if (!clock) return;
  const auto& p = s.link->receiver().parameters();
  std::vector<JitterMaskPoint> mask;
  for (std::size_t n = 0; n < p.jitter_mask_frequency_Hz.size(); ++n)
    mask.push_back({p.jitter_mask_frequency_Hz[n], p.jitter_mask_peak_UI[n]});
  const auto& tub = result.bathtub;
  const double margin_UI = std::isnan(tub.width_UI) ? not_computed : std::min(-tub.left_UI, tub.right_UI);
  result.clock = clock_result(*clock, result.symbol_rate_Bd, margin_UI, mask);
  if (result.clock.mask_ratio < 1.0)
    result.warnings.push_back(
        {s.link->receiver().name(), fmt::format("the clock recovery tolerates only {:.2g} of its jitter mask",
                                                result.clock.mask_ratio)});
}

// Wrong decisions in the feedback: the ratio is that of the link, its growth that of drawn events.
void add_propagation(LaneModel& lane, const std::string& receiver, LinkResult& result) {
  const auto& in = lane.inputs();
  if (in.equalizer.dfe.empty() || in.detector != Detector::slicer) return;
  try {
    ErrorEvents errors = error_events(lane);
    result.propagation = {.ber = result.ber_before_fec * errors.bit_multiplication,
                          .precoded_ber = result.ber_before_fec * errors.precoded_bit_multiplication,
                          .multiplication = errors.symbol_multiplication,
                          .event_errors = std::move(errors.event_errors),
                          .precoded_event_errors = std::move(errors.precoded_event_errors)};
  } catch (const DomainError& reason) {
    result.warnings.push_back(
        {receiver, fmt::format("errors fed back were not followed: {}", reason.what())});
  }
}

// From these shares of the noise power of a sample on, clipping and rounding are no detail.
constexpr double smallest_clipping = 0.01, smallest_rounding = 0.1;
// Of where the amplifier ends: from here on its slope is below a third.
constexpr double largest_output = 0.82;
// Standard deviations of the noise that its own curvature moves it by.
constexpr double largest_curvature = 0.1;

void add_amplifier_warnings(LaneModel& lane, const std::string& receiver, LinkResult& result) {
  const AdcScale& adc = lane.inputs().adc;
  const auto warn = [&](std::string text) { result.warnings.push_back({receiver, std::move(text)}); };
  if (adc.at_end)
    warn(fmt::format(
        "the gain in front of the ADC stands at the end of its range, {:.3g} dB: the signal does "
        "not fill the ADC as adc_fill asks{}",
        adc.gain_dB, adc.curve.active() ? ", and a loss margin takes its compression as it is here" : ""));
  if (!adc.curve.active()) return;
  if (const double share = lane.largest_share(); share > largest_output)
    warn(
        fmt::format("samples reach {:.0f} % of where the amplifier in front of the ADC ends: deep in "
                    "saturation tanh is a guess; raise vga_compression or lower adc_fill",
                    100.0 * share));
  if (const double moved = lane.noise_curvature(); moved > largest_curvature)
    warn(
        fmt::format("noise is not small against the curvature of the amplifier in front of the ADC, which "
                    "moves it by {:.2g} of its standard deviation: the error ratio is approximate, count "
                    "errors with monte_carlo",
                    moved));
}

void add_converter_warnings(const LaneModel& lane, const std::string& receiver, LinkResult& result) {
  const AdcScale& adc = lane.inputs().adc;
  if (adc.variance() == 0.0) return;
  const auto warn = [&](std::string text) { result.warnings.push_back({receiver, std::move(text)}); };
  const double power = lane.sampled_variance(), clipped = lane.clipped_power() / power,
               rounded = adc.step * adc.step / 12.0 / power;
  if (clipped > smallest_clipping)
    warn(
        fmt::format("clipping in the ADC adds {:.2g} % to the noise power of its samples and is no part of "
                    "the error ratio; lower adc_fill or count errors with monte_carlo",
                    100.0 * clipped));
  if (rounded > smallest_rounding)
    warn(
        fmt::format("rounding in the ADC makes up {:.2g} % of the noise power of its samples: bounded, but "
                    "taken as Gaussian, which is pessimistic; count errors with monte_carlo",
                    100.0 * rounded));
}

void add_rounding_warning(LaneModel& lane, const std::string& transmitter, LinkResult& result) {
  if (!lane.inputs().linear) return;  // its eye is that of the pattern
  const double rounding = lane.distortion_variance(0.0);
  double power = 0.0;
  for (const NoiseVariance& noise : lane.samples(0.0).noise)
    if (!noise.interference) power += noise.mean();
  if (rounding > smallest_rounding * power)
    result.warnings.push_back(
        {transmitter,
         fmt::format("rounding in the DAC has {:.0f} % of the noise power at the slicer: the error "
                     "ratio has it symbol by symbol, eye and bathtub take it as Gaussian noise",
                     100.0 * rounding / power)});
}

void add_warnings(const PatternSolution& s, LinkResult& result) {
  const auto& receiver = s.link->receiver().parameters();
  if ((receiver.dfe_taps > 0 || receiver.dfe_floating_groups > 0) && result.fec != "none")
    result.warnings.push_back({s.link->receiver().name(),
                               "post-FEC errors assume independent bit errors; DFE error bursts make them "
                               "more frequent (error_propagation in the results)"});
  const auto& transmitter = s.link->transmitter().parameters();
  const bool linear = s.lane.front()->inputs().linear;
  if (!linear && transmitter.bounded_jitter_UI > 0.0)
    result.warnings.push_back(
        {s.link->transmitter().name(),
         "bounded_jitter in front of a non-linear stage counts as Gaussian of the same variance: "
         "pessimistic at small error ratios"});
  if (!linear && transmitter.even_odd_jitter_UI != 0.0)
    result.warnings.push_back(
        {s.link->transmitter().name(),
         "even_odd_jitter in front of a non-linear stage: each sequence of the pattern meets one "
         "parity only; its error ratio is a sample of both"});
  if (s.noise[static_cast<std::size_t>(result.worst_lane)]->hidden_avalanches())
    result.warnings.push_back(
        {s.link->receiver().name(),
         "noise of an avalanche photodiode in front of another non-linear stage counts "
         "as Gaussian: the error ratio misses its tails, count errors with monte_carlo"});
  else if (receiver.detector == "mlse" &&
           !s.noise[static_cast<std::size_t>(result.worst_lane)]->avalanches().empty())
    result.warnings.push_back(
        {s.link->receiver().name(),
         "sequence detection takes the noise of an avalanche photodiode as Gaussian: the "
         "error ratio misses its tails, count errors with monte_carlo"});
  if (std::isnan(result.noise_margin_dB))
    result.warnings.push_back(
        {result.name, "interference alone misses the target: no reduction of noise reaches it"});
}

}  // namespace

LinkResult summarize(PatternSolution& s, const EvaluateOptions& options) {
  LinkResult result;
  const Link& link = *s.link;
  const int worst = s.worst_lane();
  LaneModel& lane = *s.lane[static_cast<std::size_t>(worst)];
  const double scale_V = scale_of(lane);
  const Fec fec = make_fec(link.fec);

  result.name = link.name;
  result.title = link.title;
  result.solver = "pattern";
  result.solver_settings =
      fmt::format("{} symbols of {}, {} samples per symbol, linear ISI beyond {} symbols as a density",
                  lane.inputs().grid.symbols, s.pattern, link.samples_per_symbol, lane.inputs().memory);
  result.modulation = modulation_name(link.levels);
  result.pattern = s.pattern;
  result.symbol_rate_Bd = link.symbol_rate_Bd;
  result.lanes = link.lanes;
  result.optical = s.chain->optical();
  result.worst_lane = worst;
  result.ber_floor = resolved_floor;
  result.ber_before_fec = std::max(resolved_floor, s.ber[static_cast<std::size_t>(worst)]);
  result.ber_after_fec = std::max(resolved_floor, ber_after_fec(fec, result.ber_before_fec));
  result.target_ber = link.target_ber;
  result.required_ber_before_fec = required_ber_before_fec(fec, link.target_ber);
  result.fec = fec.active() ? link.fec : "none";
  result.closes = result.ber_after_fec <= link.target_ber;
  result.loss_margin_dB = loss_margin_dB(lane, result.required_ber_before_fec, result.optical);
  result.noise_margin_dB = noise_margin_dB(lane, result.required_ber_before_fec);
  for (int l = 0; l < link.lanes; ++l) {
    const auto& in = s.lane[static_cast<std::size_t>(l)]->inputs();
    LaneResult each;
    each.lane = l;
    each.ber = std::max(resolved_floor, s.ber[static_cast<std::size_t>(l)]);
    each.sampling_phase_UI = static_cast<double>(in.offset) / in.grid.samples_per_symbol;
    result.lane.push_back(each);
  }
  if (result.optical) {
    add_optics(s, result);
    add_crosstalk(s, result);
  }
  result.ffe_taps = lane.inputs().equalizer.ffe;
  for (double& tap : result.ffe_taps) tap *= scale_V;
  result.dfe_taps = lane.inputs().equalizer.dfe;
  result.ctle_gain_dB = s.ctle.gain_dB;
  add_noise_shares(lane, scale_V, result);
  add_books(s, result);
  if (fec.active())
    // Each lane carries codewords of its own, as the error ratio behind the decoder assumes.
    result.ledger.latency.push_back(
        {"FEC " + link.fec, fec_latency_s(fec, link.bit_rate_b_per_s() / link.lanes)});
  result.energy = add_energy(result.ledger, link.bit_rate_b_per_s());
  result.latency_s = add_latency_s(result.ledger);
  result.budget_unit = result.optical ? "dBm" : "dBV";
  result.budget =
      power_budget(s, worst, scale_V, result.optical ? result.loss_margin_dB : result.noise_margin_dB);
  if (options.pictures) {
    add_eye(lane, scale_V, result);
    result.pulse = pulse_response(lane, scale_V);
    add_clock(s, result);
    add_propagation(lane, link.receiver().name(), result);
  }
  add_warnings(s, result);
  add_amplifier_warnings(lane, link.receiver().name(), result);
  add_rounding_warning(lane, link.transmitter().name(), result);
  add_converter_warnings(lane, link.receiver().name(), result);
  return result;
}

namespace {

// Counted error ratios in place of the computed ones. Without an error the upper end of the confidence
// interval is all that is known: it becomes the floor.
void count_errors(const PatternSolution& solution, LinkResult& result, Context& context) {
  const MonteCarloResult counted = run_monte_carlo(solution, {}, context);
  const auto worst = std::max_element(counted.lane.begin(), counted.lane.end(),
                                      [](const ErrorCount& a, const ErrorCount& b) { return a.ber < b.ber; });
  const Fec fec = make_fec(solution.link->fec);
  result.solver = "monte_carlo";
  result.solver_settings = counted.settings;
  result.worst_lane = static_cast<int>(worst - counted.lane.begin());
  result.ber_low = worst->ber_low;
  result.ber_high = worst->ber_high;
  if (worst->errors == 0.0) result.ber_floor = worst->ber_high;
  const double computed = result.ber_before_fec;
  result.ber_before_fec = std::max(result.ber_floor, worst->ber);
  result.propagation.ber *= result.ber_before_fec / computed;
  result.propagation.precoded_ber *= result.ber_before_fec / computed;
  result.ber_after_fec = ber_after_fec(fec, result.ber_before_fec);
  result.closes = result.ber_after_fec <= result.target_ber;
  for (std::size_t l = 0; l < result.lane.size(); ++l) result.lane[l].ber = counted.lane[l].ber;
  if (worst->errors < 100.0)
    result.warnings.push_back(
        {result.name, fmt::format("only {:.0f} errors counted in {:.3g} bits of the worst lane: the "
                                  "error ratio lies below {:.1e} with 95 % confidence",
                                  worst->errors, worst->bits, worst->ber_high)});
}

}  // namespace

LinkResult evaluate(std::shared_ptr<const Link> link, const EvaluateOptions& options, Context& context) {
  const auto begin = std::chrono::steady_clock::now();
  PatternSolution solution = solve_pattern(std::move(link), context);
  LinkResult result = summarize(solution, options);
  if (options.solver == Solver::monte_carlo) count_errors(solution, result, context);
  result.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

}  // namespace photonlink
