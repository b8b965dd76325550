#include "devices/serdes_receiver.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "core/constants.hpp"
#include "core/units.hpp"
#include "devices/physics/filters.hpp"
#include "devices/physics/saturation.hpp"
#include "devices/physics/white_noise.hpp"
#include "network/reference_filters.hpp"

namespace photonlink {

using P = SerdesReceiverParameters;

template <>
const ParameterTable<P>& parameter_table() {
  using enum Quantity;
  static const ParameterTable<P> table{
      {"input_resistance", "differential termination", resistance, &P::input_resistance_ohm, 1.0, 1e5},
      {"input_capacitance", "differential capacitance of pad and ESD at the input", capacitance,
       &P::input_capacitance_F, 0.0, 1e-12, 0.0},
      {"noise", "one-sided input-referred noise density η₀", voltage_noise_psd, &P::noise_V2_per_Hz, 0.0,
       1e-12, 0.0},
      {"bandwidth", "3 dB bandwidth f_r of the 4th-order Butterworth front end", frequency, &P::bandwidth_Hz,
       1e8, 1e15, 1e15},
      {"ctle_gain", "DC gains g_DC of the CTLE to search", gain, &P::ctle_gain_dB, -30.0, 0.0},
      {"ctle_low_gain", "low-frequency gains g_DC2 to search", gain, &P::ctle_low_gain_dB, -10.0, 0.0},
      {"ctle_zero", "zero f_z", frequency, &P::ctle_zero_Hz, 1e8, 1e15},
      {"ctle_pole1", "pole f_p1", frequency, &P::ctle_pole1_Hz, 1e8, 1e15},
      {"ctle_pole2", "pole f_p2", frequency, &P::ctle_pole2_Hz, 1e8, 1e15},
      {"ctle_low", "low-frequency pole-zero pair f_LF", frequency, &P::ctle_low_Hz, 1e6, 1e12},
      {"ffe_pre", "FFE taps before the main tap", dimensionless, &P::ffe_pre, 0, 32},
      {"ffe_post", "FFE taps behind the main tap", dimensionless, &P::ffe_post, 0, 128},
      {"dfe_taps", "decision feedback taps", dimensionless, &P::dfe_taps, 0, 64},
      {"dfe_limit", "largest |tap| relative to the main cursor; the last value holds for all further taps",
       dimensionless, &P::dfe_limit, 0.0, 2.0},
      {"ffe_limit",
       "largest |FFE tap| relative to the main tap, by distance from it; the last value holds for all "
       "further taps; empty: no limit",
       dimensionless, &P::ffe_limit, 0.0, 2.0},
      {"ffe_floating_groups", "groups of floating FFE taps behind the fixed ones", dimensionless,
       &P::ffe_floating_groups, 0, 16},
      {"ffe_floating_taps", "neighbouring taps in one floating FFE group", dimensionless,
       &P::ffe_floating_taps, 1, 32},
      {"ffe_floating_reach", "last place of a floating FFE tap, symbols behind the main cursor",
       dimensionless, &P::ffe_floating_reach, 1, 256},
      {"ffe_floating_limit", "largest |tap| of floating FFE taps relative to the main tap", dimensionless,
       &P::ffe_floating_limit, 0.0, 2.0},
      {"dfe_floating_groups", "groups of floating DFE taps behind the fixed ones", dimensionless,
       &P::dfe_floating_groups, 0, 16},
      {"dfe_floating_taps", "neighbouring taps in one floating DFE group", dimensionless,
       &P::dfe_floating_taps, 1, 32},
      {"dfe_floating_reach", "last place of a floating DFE tap, symbols behind the main cursor",
       dimensionless, &P::dfe_floating_reach, 1, 256},
      {"dfe_floating_limit", "largest |tap| of floating DFE taps relative to the main cursor", dimensionless,
       &P::dfe_floating_limit, 0.0, 2.0},
      {"vga_gain_minimum", "least gain of the amplifier in front of the ADC", gain, &P::vga_gain_minimum_dB,
       -60.0, 60.0, -60.0},
      {"vga_gain_maximum", "largest gain of the amplifier in front of the ADC", gain, &P::vga_gain_maximum_dB,
       -60.0, 60.0, 60.0},
      {"vga_compression",
       "1 dB compression point of the amplifier in front of the ADC: differential peak-to-peak output at "
       "which "
       "the gain of a sine has fallen by 1 dB; 1000 V: linear. The gain makes the peak of the samples "
       "adc_fill "
       "of half of adc_full_scale, with or without an ADC",
       voltage, &P::vga_compression_Vpp, 1e-2, linear_vga_Vpp, linear_vga_Vpp},
      {"adc_bits",
       "effective number of bits of the ADC, all errors but clipping and aperture jitter (sampling_jitter); "
       "32: ideal",
       dimensionless, &P::adc_bits, 2.0, ideal_adc_bits, ideal_adc_bits},
      {"adc_resolution", "bits of the ADC's quantiser; its rounding is part of adc_bits; 32: ideal",
       dimensionless, &P::adc_resolution, 2.0, ideal_adc_bits, ideal_adc_bits},
      {"adc_full_scale", "differential peak-to-peak full scale of the ADC", voltage, &P::adc_full_scale_Vpp,
       1e-3, 5.0},
      {"adc_fill", "peak of the noise-free samples over half the full scale, which the gain is set for",
       dimensionless, &P::adc_fill, 0.05, 4.0},
      {.name = "detector",
       .doc = "slicer: decisions one by one, fed back; mlse: the best sequence behind the target that "
              "dfe_taps name",
       .member = &P::detector,
       .choices = {"slicer", "mlse"}},
      {"sampling_jitter", "rms jitter of the sampling instant, Gaussian, independent from sample to sample",
       unit_interval, &P::sampling_jitter_UI, 0.0, 0.1, 0.0},
      {.name = "clock",
       .doc = "sampling phase: optimised for least error, or the lock point of a clock recovery loop",
       .member = &P::clock,
       .choices = {"optimised", "mueller_muller", "bang_bang"}},
      {"clock_proportional", "phase step per unit of the phase detector, main cursor = 1", unit_interval,
       &P::clock_proportional_UI, 1e-9, 0.1},
      {"clock_integral", "step of the integral path per unit of the phase detector", unit_interval,
       &P::clock_integral_UI, 0.0, 1e-2},
      {"clock_latency", "symbols from phase detector to sampling phase", dimensionless, &P::clock_latency, 0,
       4096},
      {"jitter_mask_frequency",
       "corners of the mask of sinusoidal jitter that the clock recovery must tolerate, ascending; empty: no "
       "mask",
       frequency, &P::jitter_mask_frequency_Hz, 1.0, 1e12},
      {"jitter_mask_peak", "peak-to-peak jitter of the mask at each corner", unit_interval,
       &P::jitter_mask_peak_UI, 1e-6, 1e4},
      {"supply_voltage", "supply of front end and logic", voltage, &P::supply_voltage_V, 0.1, 5.0},
      {"switched_capacitance",
       "capacitance charged once per symbol by samplers, deserialiser and clock of one lane", capacitance,
       &P::switched_capacitance_F, 0.0, 1e-9},
      {"tap_capacitance", "capacitance charged once per symbol by each FFE and DFE tap", capacitance,
       &P::tap_capacitance_F, 0.0, 1e-10},
      {"static_current", "bias current of one lane: front end, CTLE, clock recovery", current,
       &P::static_current_A, 0.0, 1.0},
      {"pipeline", "delay of sampler, equaliser and deserialiser", time, &P::pipeline_s, 0.0, 1e-6},
  };
  return table;
}

double P::vga_saturation_V() const {
  return compresses() ? 0.5 * vga_compression_Vpp / one_dB_fundamental()
                      : std::numeric_limits<double>::infinity();
}

SerdesReceiver::SerdesReceiver(std::string name, P parameters)
    : Stage(std::move(name)), p_(std::move(parameters)) {
  if (p_.ctle_gain_dB.empty() || p_.ctle_low_gain_dB.empty() || p_.dfe_limit.empty())
    throw ConfigError(
        fmt::format("{}: ctle_gain, ctle_low_gain and dfe_limit need at least one value each", this->name()));
  if (p_.detector == "mlse" && p_.dfe_taps == 0)
    throw ConfigError(
        fmt::format("{}: detector = \"mlse\" with dfe_taps = 0 has no memory, allowed 1 or more; set "
                    "dfe_taps = 1 for a target 1 + αD",
                    this->name()));
  if (p_.detector == "mlse" && p_.dfe_floating_groups > 0)
    throw ConfigError(
        fmt::format("{}: detector = \"mlse\" with dfe_floating_groups = {}, allowed 0; the target of a "
                    "sequence detector has no gaps, use ffe_floating_groups",
                    this->name(), p_.dfe_floating_groups));
  if (p_.vga_gain_minimum_dB > p_.vga_gain_maximum_dB)
    throw ConfigError(
        fmt::format("{}: vga_gain_minimum = {:g} dB is above vga_gain_maximum = {:g} dB; exchange them",
                    this->name(), p_.vga_gain_minimum_dB, p_.vga_gain_maximum_dB));
  require_jitter_mask();
  if (p_.vga_target_V() >= p_.vga_saturation_V())
    throw ConfigError(
        fmt::format("{}: with vga_compression = {:g} Vpp the amplifier ends at {:.4g} V, below the peak of "
                    "{:.4g} V that adc_fill and adc_full_scale ask for, allowed above {:.4g} Vpp; raise "
                    "vga_compression or lower adc_fill",
                    this->name(), p_.vga_compression_Vpp, p_.vga_saturation_V(), p_.vga_target_V(),
                    2.0 * one_dB_fundamental() * p_.vga_target_V()));
  require_floating("ffe", p_.ffe_floating_groups, p_.ffe_floating_taps, p_.ffe_post, p_.ffe_floating_reach);
  require_floating("dfe", p_.dfe_floating_groups, p_.dfe_floating_taps, p_.dfe_taps, p_.dfe_floating_reach);
}

void SerdesReceiver::require_jitter_mask() const {
  const auto &frequency = p_.jitter_mask_frequency_Hz, &peak = p_.jitter_mask_peak_UI;
  if (frequency.empty() && peak.empty()) return;
  if (frequency.size() != peak.size() || frequency.size() < 2)
    throw ConfigError(fmt::format(
        "{}: jitter_mask_frequency has {} values, jitter_mask_peak {}; both need the same number, "
        "2 or more",
        name(), frequency.size(), peak.size()));
  if (std::adjacent_find(frequency.begin(), frequency.end(), std::greater_equal<>()) != frequency.end())
    throw ConfigError(fmt::format("{}: jitter_mask_frequency must ascend", name()));
  if (p_.clock == "optimised")
    throw ConfigError(
        fmt::format("{}: a jitter mask asks for a clock recovery loop; set clock = \"mueller_muller\" or "
                    "\"bang_bang\"",
                    name()));
}

void SerdesReceiver::require_floating(const char* kind, int groups, int taps, int fixed, int reach) const {
  if (groups > 0 && reach < fixed + groups * taps)
    throw ConfigError(
        fmt::format("{0}: {1}_floating_reach = {2} is below {3}, where {4} groups of {5} taps behind {6} "
                    "fixed ones end; extend the reach",
                    name(), kind, reach, fixed + groups * taps, groups, taps, fixed));
}

int SerdesReceiver::equalizer_taps() const {
  return p_.ffe_pre + p_.ffe_post + p_.dfe_taps + p_.ffe_floating_groups * p_.ffe_floating_taps +
         p_.dfe_floating_groups * p_.dfe_floating_taps;
}

std::vector<CtleSetting> SerdesReceiver::ctle_settings() const {
  std::vector<CtleSetting> settings;
  for (double gain : p_.ctle_gain_dB)
    for (double low : p_.ctle_low_gain_dB) settings.push_back({gain, low});
  return settings;
}

void SerdesReceiver::multiply_ctle(CtleSetting setting, std::span<const double> frequency_Hz,
                                   std::span<Complex> response) const {
  const double g = field_ratio(Gain_dB{setting.gain_dB}), g2 = field_ratio(Gain_dB{setting.low_gain_dB});
  for (std::size_t k = 0; k < frequency_Hz.size(); ++k) {
    const auto ratio = [f = frequency_Hz[k]](double corner_Hz) {
      return Complex(0.0, corner_Hz < unlimited_bandwidth_Hz ? f / corner_Hz : 0.0);
    };
    response[k] *= (g + ratio(p_.ctle_zero_Hz)) /
                   ((1.0 + ratio(p_.ctle_pole1_Hz)) * (1.0 + ratio(p_.ctle_pole2_Hz))) *
                   (g2 + ratio(p_.ctle_low_Hz)) / (1.0 + ratio(p_.ctle_low_Hz));
  }
}

std::optional<LoadEnd> SerdesReceiver::load_end(std::span<const double> frequency_Hz) const {
  LoadEnd end;
  end.transfer.assign(frequency_Hz.size(), 1.0);
  for (double f : frequency_Hz)
    end.impedance_ohm.push_back(
        p_.input_resistance_ohm /
        Complex(1.0, 2.0 * constants::pi * f * p_.input_resistance_ohm * p_.input_capacitance_F));
  return end;
}

std::vector<NoiseTerm> SerdesReceiver::noise(const Bundle& output) const {
  std::vector<NoiseTerm> terms;
  if (p_.noise_V2_per_Hz == 0.0) return terms;
  for (int lane = 0; lane < static_cast<int>(output.lane.size()); ++lane) {
    NoiseTerm term{
        .label = "receiver noise", .source = std::hash<std::string>{}(name()) + lane, .lane = lane};
    term.sigma = white_noise_sigma(p_.noise_V2_per_Hz, output.grid.sample_rate_Hz());
    terms.push_back(term);
  }
  return terms;
}

void SerdesReceiver::multiply_electrical(std::span<const double> frequency_Hz,
                                         std::span<Complex> response) const {
  // Unlimited means no delay either: on a grid of samples even 1e-4 of a sample rings at every edge.
  if (p_.bandwidth_Hz >= unlimited_bandwidth_Hz) return;
  for (std::size_t k = 0; k < frequency_Hz.size(); ++k)
    response[k] *= receiver_butterworth(frequency_Hz[k], p_.bandwidth_Hz);
}

void SerdesReceiver::ledger(const Bundle& input, Ledger& ledger) const {
  const double lanes = static_cast<double>(input.lane.size());
  const double vdd = p_.supply_voltage_V, rate = input.grid.symbol_rate_Bd;
  const int taps = equalizer_taps();
  ledger.energy.push_back({name(), "front end, samplers and clock", Owner::host,
                           lanes * (p_.switched_capacitance_F * vdd * vdd * rate + p_.static_current_A * vdd),
                           fmt::format("{:g} lanes x (C {} x VDD^2 x f_b + {} x VDD)", lanes,
                                       format_quantity(p_.switched_capacitance_F, Quantity::capacitance),
                                       format_quantity(p_.static_current_A, Quantity::current))});
  if (taps > 0)
    ledger.energy.push_back({name(), "equaliser taps", Owner::host,
                             lanes * taps * p_.tap_capacitance_F * vdd * vdd * rate,
                             fmt::format("{:g} lanes x {} taps x C {} x VDD^2 x f_b", lanes, taps,
                                         format_quantity(p_.tap_capacitance_F, Quantity::capacitance))});
  ledger.latency.push_back({name(), p_.pipeline_s});
}

}  // namespace photonlink
