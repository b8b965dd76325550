#include "solvers/locking/lock_ramp.hpp"

#include <algorithm>
#include <cmath>

namespace photonlink {
namespace {

constexpr int instants = 4;

/// One interval of the trace.
struct Interval {
  std::vector<double> ber;  // (n_ring), sum
  double offset_Hz = 0.0, heater_W = 0.0;
  long readings = 0;
};

class Ramp {
 public:
  Ramp(const LockingParameters& parameters, LockPlant plant, const OffsetCurve& log10_ber)
      : p_(parameters),
        log10_ber_(log10_ber),
        loop_(parameters, std::move(plant)),
        reading_(static_cast<std::size_t>(loop_.rings())) {}

  LockingResult run(double required_ber, int intervals) {
    LockingResult result{.stage = p_.stage, .method = p_.method, .monitor = p_.monitor};
    const long readings = std::max(1L, std::lround(p_.ramp_time_s / p_.averaging_time_s));
    intervals = static_cast<int>(std::min<long>(intervals, readings));
    double heater_W = 0.0;
    result.worst_ber = result.largest_heater_power_W = result.worst_offset_Hz = 0.0;
    for (long done = 0, k = 1; k <= intervals; ++k) {
      interval_ = {.ber = std::vector<double>(reading_.size(), 0.0)};
      for (; done < readings * k / intervals; ++done) read();
      add(result);
      heater_W += interval_.heater_W;
      result.largest_heater_power_W = std::max(result.largest_heater_power_W, most_W_);
    }
    const double count = static_cast<double>(readings), rings = static_cast<double>(reading_.size());
    result.offset_rms_Hz = std::sqrt(squares_Hz2_ / (count * rings));
    result.mean_heater_power_W = heater_W / count;
    result.at_limit = static_cast<double>(limited_) / count;
    result.holds = result.worst_ber <= required_ber;
    return result;
  }

 private:
  void read() {
    std::fill(reading_.begin(), reading_.end(), 0.0);
    const double part_s = p_.averaging_time_s / instants;
    for (int m = 0; m < instants; ++m) {
      loop_.advance(m == 0 ? 0.5 * part_s : part_s);
      for (std::size_t i = 0; i < reading_.size(); ++i) {
        const double offset = loop_.offset_Hz()[i];
        if (!loop_.plant().reading.empty()) reading_[i] += loop_.plant().reading[i](offset) / instants;
        interval_.ber[i] += std::pow(10.0, log10_ber_(offset)) / instants;
        squares_Hz2_ += offset * offset / instants;
        if (std::abs(offset) > std::abs(interval_.offset_Hz)) interval_.offset_Hz = offset;
      }
    }
    loop_.advance(0.5 * part_s);
    const double heater_W = loop_.heater_W();
    interval_.heater_W += heater_W;
    most_W_ = std::max(most_W_, heater_W);
    limited_ += loop_.at_limit() > 0 ? 1 : 0;
    ++interval_.readings;
    loop_.act(reading_);
  }

  void add(LockingResult& result) const {
    const double count = static_cast<double>(interval_.readings);
    result.time_s.push_back(loop_.time_s());
    result.temperature_K.push_back(loop_.temperature_K());
    result.offset_Hz.push_back(interval_.offset_Hz);
    result.ber.push_back(*std::max_element(interval_.ber.begin(), interval_.ber.end()) / count);
    result.heater_power_W.push_back(interval_.heater_W / count);
    result.worst_ber = std::max(result.worst_ber, result.ber.back());
    if (std::abs(interval_.offset_Hz) > std::abs(result.worst_offset_Hz))
      result.worst_offset_Hz = interval_.offset_Hz;
  }

  const LockingParameters& p_;
  const OffsetCurve& log10_ber_;
  LockLoop loop_;
  std::vector<double> reading_;
  Interval interval_;
  double squares_Hz2_ = 0.0, most_W_ = 0.0;
  long limited_ = 0;
};

}  // namespace

LockingResult follow_ramp(const LockingParameters& parameters, LockPlant plant, const OffsetCurve& log10_ber,
                          double required_ber, int intervals) {
  return Ramp(parameters, std::move(plant), log10_ber).run(required_ber, intervals);
}

}  // namespace photonlink
