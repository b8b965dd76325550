#include "devices/physics/ring_delay.hpp"

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"

namespace photonlink {
namespace {

constexpr double pi = constants::pi;
constexpr Complex j{0.0, 1.0};
constexpr double points_per_trip = 12.0;

/// κ² of a coupler and t from its rate: t = e^{-1/(τ FSR)}.
double kept_field(double rate_per_s, double fsr_Hz) {
  return std::exp(-rate_per_s / fsr_Hz);
}
double crossed_field(double rate_per_s, double fsr_Hz) {
  return std::sqrt(-std::expm1(-2.0 * rate_per_s / fsr_Hz));
}

/// Plain product: std::complex multiplication checks for infinities.
Complex product(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// The least M that gives a round trip its points and, where one of the next few does, whole ones.
int refinement_of(double trip_samples) {
  const int least = std::max(1, static_cast<int>(std::ceil(points_per_trip / trip_samples - 1e-9)));
  for (int m = least; m < 2 * least + 2; ++m) {
    const double points = m * trip_samples;
    // Even, so that half a round trip is whole too.
    if (std::abs(points - 2.0 * std::round(0.5 * points)) < 1e-7) return m;
  }
  return least;
}

/// The settled ring at rest: z, couplers, and what goes on.
struct Settled {
  double t1, t2, k1, k2;
  Complex z, half;

  Settled(const RingRates& r, double fsr_Hz, double detuning_Hz)
      : t1(kept_field(r.bus_per_s, fsr_Hz)),
        t2(kept_field(r.drop_per_s, fsr_Hz)),
        k1(crossed_field(r.bus_per_s, fsr_Hz)),
        k2(crossed_field(r.drop_per_s, fsr_Hz)) {
    const Complex exponent = Complex(-r.loss_per_s, -2.0 * pi * detuning_Hz) / fsr_Hz;
    z = std::exp(exponent);
    half = std::exp(0.5 * exponent);
  }
  Complex mode() const { return j * k1 / (1.0 - t1 * t2 * z); }
  Complex output(RingPort port) const {
    return port == RingPort::through ? t1 + j * k1 * t2 * z * mode() : j * k2 * half * mode();
  }
};

}  // namespace

GridDelay::GridDelay(double grid_points) : points(grid_points), weight{} {
  if (std::abs(points - std::round(points)) < 1e-7) {
    points = std::round(points);
    first = static_cast<int>(points);
    weight[0] = 1.0;
    return;
  }
  first = static_cast<int>(std::floor(points)) - 2;
  for (int i = 0; i < 6; ++i) {
    weight[i] = 1.0;
    for (int k = 0; k < 6; ++k)
      if (k != i) weight[i] *= (points - first - k) / (i - k);
  }
}

Complex GridDelay::read(const Complex* now) const {
  const Complex* at = now - first;
  if (weight[0] == 1.0) return *at;
  Complex sum = 0.0;
  for (int i = 0; i < 6; ++i) sum += weight[i] * at[-i];
  return sum;
}

DelayRing::DelayRing(const RingRates& r, double fsr_Hz, double dt_s, RingPort port)
    : refinement(refinement_of(1.0 / (fsr_Hz * dt_s))),
      step_s(dt_s / refinement),
      trip(1.0 / (fsr_Hz * step_s)),
      output(port == RingPort::through ? trip.points : 0.5 * trip.points),
      k1(crossed_field(r.bus_per_s, fsr_Hz)),
      history(static_cast<int>(trip.points) + 6),
      loss_per_s(r.loss_per_s) {
  const double t1 = kept_field(r.bus_per_s, fsr_Hz), t2 = kept_field(r.drop_per_s, fsr_Hz);
  kept = t1 * t2;
  direct = port == RingPort::through ? t1 : 0.0;
  coupled = port == RingPort::through ? k1 * t2 : crossed_field(r.drop_per_s, fsr_Hz);
}

Complex DelayRing::rest(double detuning_Hz, double points) const {
  return Complex(-loss_per_s, -2.0 * pi * detuning_Hz) * (points * step_s);
}

// --- drive
// --------------------------------------------------------------------------------------------------

DelayDrive::DelayDrive(const DelayRing& ring, int capacity)
    : refinement_(ring.refinement),
      history_(ring.history + 1),
      step_s_(ring.step_s),
      rate_(static_cast<std::size_t>(history_) + static_cast<std::size_t>(capacity) * ring.refinement),
      integral_(rate_.size()) {}

void DelayDrive::settle(Complex rate_per_s) {
  for (int k = 0; k < history_; ++k) {
    rate_[k] = rate_per_s;
    integral_[k] = static_cast<double>(k) * rate_per_s;
  }
}

void DelayDrive::advance(const RateBlock& rate, int samples) {
  // The integral starts anew with every block, so that it never outgrows its digits.
  const Complex before = integral_[0];
  for (int k = 0; k < history_; ++k) integral_[k] -= before;
  std::size_t at = history_;
  for (int n = 0; n < samples; ++n) {
    const Complex from = rate_[at - 1];
    const Complex to(rate.extra_loss_per_s.empty() ? 0.0 : -rate.extra_loss_per_s[n],
                     2.0 * pi * rate.shift_Hz[n]);
    const Complex rise = (to - from) / static_cast<double>(refinement_);
    for (int i = 1; i <= refinement_; ++i, ++at) {
      rate_[at] = i == refinement_ ? to : from + static_cast<double>(i) * rise;
      integral_[at] = integral_[at - 1] + 0.5 * (rate_[at - 1] + rate_[at]);
    }
  }
}

Complex DelayDrive::integral(int point, double delay) const {
  const double at = history_ + point - delay;
  const auto k = static_cast<std::size_t>(at);
  const double r = at - static_cast<double>(k);
  const Complex from = integral_[k] + r * (rate_[k] + 0.5 * r * (rate_[k + 1] - rate_[k]));
  return step_s_ * (integral_[history_ + point] - from);
}

void DelayDrive::keep(int points) {
  std::copy_n(rate_.begin() + points, history_, rate_.begin());
  std::copy_n(integral_.begin() + points, history_, integral_.begin());
}

// --- ring
// ---------------------------------------------------------------------------------------------------

RingDelay::RingDelay(const RingRates& rates, double fsr_Hz, std::span<const double> detuning_Hz, double dt_s,
                     double passing_field, int capacity, RingPort port)
    : ring_(rates, fsr_Hz, dt_s, port),
      rates_(rates),
      fsr_Hz_(fsr_Hz),
      passing_field_(passing_field),
      port_(port),
      detuning_Hz_(detuning_Hz.begin(), detuning_Hz.end()),
      drive_(ring_, capacity),
      trip_(static_cast<std::size_t>(capacity) * ring_.refinement),
      output_(capacity) {
  for (const double detuning : detuning_Hz_) {
    Carrier& wave = wave_.emplace_back();
    wave.trip = ring_.kept * std::exp(ring_.rest(detuning, ring_.trip.points));
    wave.output = j * passing_field * ring_.coupled * std::exp(ring_.rest(detuning, ring_.output.points));
    wave.stored.resize(static_cast<std::size_t>(ring_.history) + 1 + trip_.size());
  }
  drive_.settle(0.0);
}

void RingDelay::settle(std::span<Complex> field, double shift_Hz, double extra_loss_per_s) {
  RingRates rates = rates_;
  rates.loss_per_s += extra_loss_per_s;
  for (std::size_t c = 0; c < wave_.size(); ++c) {
    const Settled rest(rates, fsr_Hz_, detuning_Hz_[c] - shift_Hz);
    Carrier& wave = wave_[c];
    wave.last = field[c];
    std::fill_n(wave.stored.begin(), ring_.history + 1, rest.mode() * field[c]);
    field[c] *= passing_field_ * rest.output(port_);
  }
  drive_.settle({-extra_loss_per_s, 2.0 * pi * shift_Hz});
}

void RingDelay::darken() {
  for (Carrier& wave : wave_) {
    wave.last = 0.0;
    std::fill_n(wave.stored.begin(), ring_.history + 1, 0.0);
  }
}

void RingDelay::step(const RateBlock& rate, std::span<const std::span<Complex>> field, Record* record) {
  const int samples = static_cast<int>(field[0].size()), m = ring_.refinement, points = samples * m;
  drive_.advance(rate, samples);
  for (int p = 0; p < points; ++p) trip_[p] = std::exp(drive_.integral(p, ring_.trip.points));
  for (int n = 0; n < samples; ++n)
    output_[n] = port_ == RingPort::through ? trip_[(n + 1) * m - 1]
                                            : std::exp(drive_.integral((n + 1) * m - 1, ring_.output.points));
  for (std::size_t c = 0; c < wave_.size(); ++c) {
    Carrier& wave = wave_[c];
    Complex* a = wave.stored.data() + ring_.history + 1;
    for (int n = 0; n < samples; ++n) {
      const Complex now = field[c][n], rise = (now - wave.last) / static_cast<double>(m);
      for (int i = 1; i <= m; ++i) {
        const int p = n * m + i - 1;
        const Complex input = i == m ? now : wave.last + static_cast<double>(i) * rise;
        const Complex factor = product(wave.trip, trip_[p]), delayed = ring_.trip.read(a + p);
        const Complex circulating = product(factor, delayed);
        a[p] = {circulating.real() - ring_.k1 * input.imag(), circulating.imag() + ring_.k1 * input.real()};
        if (record && c == 0) {
          record->factor.push_back(factor);
          record->delayed.push_back(delayed);
        }
      }
      const Complex factor = product(wave.output, output_[n]),
                    delayed = ring_.output.read(a + (n + 1) * m - 1);
      field[c][n] = passing_field_ * ring_.direct * now + product(factor, delayed);
      if (record && c == 0) {
        record->output_factor.push_back(factor);
        record->output_delayed.push_back(delayed);
      }
      wave.last = now;
    }
    std::copy_n(wave.stored.begin() + points, ring_.history + 1, wave.stored.begin());
  }
  drive_.keep(points);
}

// --- closed forms
// -------------------------------------------------------------------------------------------

Complex delay_response(const RingRates& rates, double fsr_Hz, RingPort port, double detuning_Hz) {
  return Settled(rates, fsr_Hz, detuning_Hz).output(port);
}

double delay_power(const RingRates& rates, double fsr_Hz, RingPort port, double detuning_Hz) {
  return std::norm(delay_response(rates, fsr_Hz, port, detuning_Hz));
}

Complex delay_kernel(const RingRates& rates, double fsr_Hz, RingPort port, double detuning_Hz,
                     double modulation_Hz) {
  const Settled rest(rates, fsr_Hz, detuning_Hz);
  const double omega = 2.0 * pi * modulation_Hz, trip_s = 1.0 / fsr_Hz;
  const Complex q = rest.t1 * rest.t2 * rest.z;
  // (1 - e^{-jx})/(jx) θ = θ e^{-jx/2} sin(x/2)/(x/2), x = Ωθ: no difference of near numbers.
  const auto integral = [&](double theta_s) {
    const double half = 0.5 * omega * theta_s;
    return theta_s * std::polar(half == 0.0 ? 1.0 : std::sin(half) / half, -half);
  };
  const Complex round = std::polar(1.0, -omega * trip_s), half_round = std::polar(1.0, -0.5 * omega * trip_s);
  if (port == RingPort::through)
    return -rest.k1 * rest.k1 * rest.t2 * rest.z * integral(trip_s) / ((1.0 - q) * (1.0 - q * round));
  return -rest.k1 * rest.k2 * rest.half / (1.0 - q) *
         (q * half_round * integral(trip_s) / (1.0 - q * round) + integral(0.5 * trip_s));
}

Complex delay_small_signal(const RingRates& rates, double fsr_Hz, RingPort port, double detuning_Hz,
                           const RateChange& change, double modulation_Hz) {
  const auto kernel = [&](double f) { return delay_kernel(rates, fsr_Hz, port, detuning_Hz, f); };
  const Complex output = delay_response(rates, fsr_Hz, port, detuning_Hz),
                drive(-change.loss_per_s, 2.0 * pi * change.resonance_Hz);
  return std::conj(output) * kernel(modulation_Hz) * drive +
         output * std::conj(kernel(-modulation_Hz) * drive);
}

}  // namespace photonlink
