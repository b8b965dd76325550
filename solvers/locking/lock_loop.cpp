#include "solvers/locking/lock_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "devices/physics/ring_tuning.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;
// Share of the largest reading that one linewidth of offset must be worth, or else the loop has nothing to
// hold on to; a Lorentzian's flank is worth about one.
constexpr double least_slope = 0.05;

}  // namespace

double dither_share(double bandwidth_Hz, double half_period_s) {
  const double x = 2.0 * pi * bandwidth_Hz * half_period_s;
  return 1.0 - 2.0 / x * std::tanh(0.5 * x);
}

LockLoop::LockLoop(const LockingParameters& parameters, LockPlant plant)
    : p_(parameters),
      plant_(std::move(plant)),
      offset_Hz_(plant_.carrier_Hz.size(), 0.0),
      last_reading_(plant_.carrier_Hz.size(), 0.0),
      draws_(plant_.carrier_Hz.size(), 0.0),
      noise_(static_cast<std::uint64_t>(parameters.seed), source_number("locking monitors")) {
  const auto n = static_cast<std::size_t>(rings());
  if (p_.method != "off") find_set_points();
  for (const double f : plant_.carrier_Hz)
    per_kelvin_Hz_.push_back(frequency_shift_Hz(plant_.thermal_shift_m_per_K, f));
  const HeaterShifts start =
      HeaterSolver(plant_.crosstalk).solve(Eigen::VectorXd::Constant(rings(), plant_.start_shift_Hz));
  if (!start.reached)
    throw ConfigError(
        "locking: heat of the neighbours makes a ring too red at the start of the ramp; space the rings");
  for (std::size_t i = 0; i < n; ++i)
    if (start.own(static_cast<long>(i)) > range_Hz(i))
      throw ConfigError(
          fmt::format("locking: ring {} needs a heater shift of {} at the start of the ramp, its heater "
                      "reaches {}; raise "
                      "heater_max_voltage, or state a smaller start_shift",
                      i, format_quantity(start.own(static_cast<long>(i)), Quantity::frequency),
                      format_quantity(range_Hz(i), Quantity::frequency)));
  command_Hz_ = target_Hz_ = heat_Hz_ = start.own;
  power_W_.resize(n);
  set_codes();
  find_offsets();
}

double LockLoop::range_Hz(std::size_t ring) const {
  return frequency_shift_Hz(plant_.heater.max_shift_m(), plant_.carrier_Hz[ring]);
}

void LockLoop::find_set_points() {
  const double d = p_.dither_Hz * dither_share(plant_.bandwidth_Hz, p_.averaging_time_s);
  const double step = 1e-3 * plant_.linewidth_Hz;
  for (const OffsetCurve& curve : plant_.reading) {
    const bool dithers = p_.method == "dither";
    const auto signal = [&](double offset) {
      return (dithers ? curve(offset - d) - curve(offset + d) : curve(offset)) / curve.largest();
    };
    set_point_.push_back(signal(0.0));
    slope_per_Hz_.push_back((signal(step) - signal(-step)) / (2.0 * step));
    // The dither's difference falls with its amplitude; per unit of it, its slope is the reading's curvature.
    const double worth = std::abs(slope_per_Hz_.back()) * plant_.linewidth_Hz *
                         (dithers ? plant_.linewidth_Hz / (2.0 * d) : 1.0);
    if (worth < least_slope)
      throw ConfigError(fmt::format(
          "locking: the monitor '{}' is flat at the wanted wavelength of ring {} for method \"{}\", {:.2g} "
          "of its "
          "largest reading per linewidth; use method = \"{}\" or another monitor",
          p_.monitor, slope_per_Hz_.size() - 1, p_.method, worth, dithers ? "set_point" : "dither"));
  }
}

double LockLoop::temperature_K() const {
  return p_.temperature_change_K * std::min(time_s_ / p_.ramp_time_s, 1.0);
}

double LockLoop::heater_W() const {
  double sum = 0.0;
  for (const double power_W : power_W_) sum += plant_.heater.drawn_W(power_W);
  return sum;
}

int LockLoop::at_limit() const {
  int count = 0;
  for (std::size_t i = 0; i < power_W_.size(); ++i) {
    const double command = command_Hz_(static_cast<long>(i));
    count += command <= 0.0 || command >= range_Hz(i) ? 1 : 0;
  }
  return count;
}

void LockLoop::advance(double duration_s) {
  const double kept = std::exp(-2.0 * pi * plant_.bandwidth_Hz * duration_s);
  heat_Hz_ = target_Hz_ + kept * (heat_Hz_ - target_Hz_);
  time_s_ += duration_s;
  find_offsets();
}

void LockLoop::find_offsets() {
  const Eigen::VectorXd red_Hz = plant_.crosstalk * heat_Hz_;
  const double change_K = temperature_K();
  for (std::size_t i = 0; i < offset_Hz_.size(); ++i)
    offset_Hz_[i] = plant_.start_shift_Hz - red_Hz(static_cast<long>(i)) - per_kelvin_Hz_[i] * change_K;
}

void LockLoop::set_codes() {
  const double sign = readings_ % 2 == 0 ? 1.0 : -1.0,
               dither_Hz = p_.method == "dither" ? sign * p_.dither_Hz : 0.0;
  for (std::size_t i = 0; i < power_W_.size(); ++i) {
    const double f = plant_.carrier_Hz[i];
    const double asked_m = wavelength_shift_m(command_Hz_(static_cast<long>(i)) + dither_Hz, f);
    power_W_[i] = plant_.heater.quantised_W(plant_.heater.power_of_shift_W(std::max(asked_m, 0.0)));
    target_Hz_(static_cast<long>(i)) = frequency_shift_Hz(plant_.heater.shift_m(power_W_[i]), f);
  }
}

double LockLoop::converted(std::size_t ring, double reading) const {
  const double noisy = reading / plant_.reading[ring].largest() + p_.monitor_noise * draws_[ring];
  if (p_.adc_bits == 0) return noisy;
  const double codes = std::exp2(p_.adc_bits) - 1.0;
  return std::round(std::clamp(noisy, 0.0, 1.0) * codes) / codes;
}

void LockLoop::act(std::span<const double> reading) {
  if (p_.method == "off") return;
  const bool dithers = p_.method == "dither", second = readings_ % 2 == 1;
  if (p_.monitor_noise > 0.0) noise_.normal(static_cast<std::uint64_t>(readings_) * draws_.size(), draws_);
  for (std::size_t i = 0; i < draws_.size(); ++i) {
    const double y = converted(i, reading[i]), signal = dithers ? last_reading_[i] - y : y;
    last_reading_[i] = y;
    if (dithers && !second) continue;
    double& command = command_Hz_(static_cast<long>(i));
    command += p_.loop_gain * (signal - set_point_[i]) / slope_per_Hz_[i];
    command = std::clamp(command, 0.0, range_Hz(i));
  }
  ++readings_;
  set_codes();
}

}  // namespace photonlink
