#include "solvers/stream/stream_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/constants.hpp"
#include "core/error.hpp"
#include "signal/fft.hpp"
#include "signal/grid.hpp"

namespace photonlink {
namespace {

constexpr double flatness = 1e-12;  // relative change below which a response is one number

bool is_flat(const std::vector<Complex>& response) {
  return std::all_of(response.begin(), response.end(), [&](const Complex& value) {
    return std::abs(value - response.front()) <= flatness * std::abs(response.front());
  });
}

// Searches the shortest window; all indices are signed sample numbers.
class Designer {
 public:
  Designer(const std::vector<std::vector<Complex>>& response, int samples_per_symbol, double tolerance,
           Context& context, std::span<const double> signal)
      : response_(response),
        samples_(samples_per_symbol),
        tolerance_(tolerance),
        size_(static_cast<long>(response.front().size())),
        fft_(context.fft(static_cast<int>(size_))),
        measured_(!signal.empty()),
        signal_(signal.begin(), signal.end()) {
    if (signal_.empty())
      for (long k = 0; k < size_; ++k) signal_.push_back(held_symbol(k));
    for (const auto& each : response) {
      impulse_.push_back(each);
      fft_.inverse(impulse_.back());
      double power = 0.0;
      for (long k = 0; k < size_; ++k)
        power += std::norm(each[static_cast<std::size_t>(k)] * signal_[static_cast<std::size_t>(k)]);
      power_ = std::max(power_, power);
    }
    find_core();
  }

  StreamFilterSet design() {
    left_ = right_ = samples_;
    const long most = (size_ / 2 - (last_ - first_)) / 2;  // half of the grid in all
    for (double lost = error(); lost > tolerance_; lost = error()) {
      if (left_ >= most)
        throw Error(
            fmt::format("stream filter: relative error {:.2g} exceeds {:.2g} at half of {} samples; loosen "
                        "the tolerance or check that the response decays",
                        lost, tolerance_, size_));
      left_ = right_ = std::min(2 * left_, most);
    }
    shrink(left_);
    shrink(right_);
    StreamFilterSet set;
    set.begin = first_ - left_ - wrap(first_ - left_, samples_);
    set.length = static_cast<int>(last_ + right_ - set.begin + 1);
    set.error = error();
    for (std::size_t r = 0; r < impulse_.size(); ++r) {
      set.impulse.emplace_back(static_cast<std::size_t>(set.length));
      const ComplexWave whole = cut(r);
      for (long n = 0; n < set.length; ++n)
        set.impulse[r][static_cast<std::size_t>(n)] =
            whole[static_cast<std::size_t>(wrap(set.begin + n, size_))];
    }
    return set;
  }

 private:
  Complex value(std::size_t r, long n) const { return impulse_[r][static_cast<std::size_t>(wrap(n, size_))]; }

  double weight(long n) const {
    if (n < first_ - left_ || n > last_ + right_) return 0.0;
    const double outside = n < first_  ? static_cast<double>(first_ - n) / static_cast<double>(left_ + 1)
                           : n > last_ ? static_cast<double>(n - last_) / static_cast<double>(right_ + 1)
                                       : 0.0;
    return 0.5 + 0.5 * std::cos(constants::pi * outside);
  }

  // Spectrum of a held symbol, bin k of the grid; its phase does not matter here.
  double held_symbol(long k) const {
    const double signed_bin = static_cast<double>(k <= size_ / 2 ? k : k - size_);
    const double x = constants::pi * signed_bin * static_cast<double>(samples_) / static_cast<double>(size_);
    return x == 0.0 ? 1.0 : std::sin(x) / x;
  }

  // Spectrum of a short pulse that has ended at the Nyquist frequency, as wide as the symbol rate: stands for
  // a measured spectrum, whose transform is not short.
  double short_pulse(long k) const {
    const double signed_bin = static_cast<double>(k <= size_ / 2 ? k : k - size_);
    const double x = signed_bin * static_cast<double>(samples_) / static_cast<double>(size_);
    return std::exp(-0.5 * x * x);
  }

  // Samples first_ ... last_ that hold the symbol responses but for half of what the tolerance allows.
  void find_core() {
    std::vector<double> energy(static_cast<std::size_t>(size_), 0.0);
    double largest = 0.0;
    for (const auto& each : response_) {
      ComplexWave pulse = each;
      for (long k = 0; k < size_; ++k)
        pulse[static_cast<std::size_t>(k)] *=
            measured_ ? short_pulse(k) : signal_[static_cast<std::size_t>(k)];
      fft_.inverse(pulse);
      double sum = 0.0;
      for (std::size_t n = 0; n < pulse.size(); ++n) {
        energy[n] += std::norm(pulse[n]);
        sum += std::norm(pulse[n]);
      }
      largest = std::max(largest, sum);
    }
    for (double& each : energy) each /= largest;
    long peak = std::max_element(energy.begin(), energy.end()) - energy.begin();
    if (peak > 3 * size_ / 4) peak -= size_;
    const auto at = [&](long n) { return energy[static_cast<std::size_t>(wrap(n, size_))]; };
    const double limit = 0.25 * tolerance_ * tolerance_;
    double sum = 0.0;
    for (first_ = peak - size_ / 2; (sum += at(first_)) < limit; ++first_) {
    }
    sum = 0.0;
    for (last_ = peak + size_ / 2 - 1; (sum += at(last_)) < limit; --last_) {
    }
  }

  // The windowed response on the whole grid, its sum that of the whole one.
  ComplexWave cut(std::size_t r) const {
    ComplexWave result(static_cast<std::size_t>(size_), 0.0);
    Complex sum = 0.0;
    double weights = 0.0;
    for (long n = first_ - left_; n <= last_ + right_; ++n) {
      result[static_cast<std::size_t>(wrap(n, size_))] = value(r, n) * weight(n);
      sum += value(r, n) * weight(n);
      weights += weight(n);
    }
    const Complex constant = (response_[r].front() - sum) / weights;
    for (long n = first_ - left_; n <= last_ + right_; ++n)
      result[static_cast<std::size_t>(wrap(n, size_))] += constant * weight(n);
    return result;
  }

  double error() const {
    double worst = 0.0;
    for (std::size_t r = 0; r < impulse_.size(); ++r) {
      ComplexWave trial = cut(r);
      fft_.forward(trial);
      double sum = 0.0;
      for (long k = 0; k < size_; ++k) {
        const auto bin = static_cast<std::size_t>(k);
        sum += std::norm((trial[bin] - response_[r][bin]) * signal_[bin]);
      }
      worst = std::max(worst, std::sqrt(sum / power_));
    }
    return worst;
  }

  // Halves one margin as long as the tolerance holds.
  void shrink(long& margin) {
    while (margin > 0) {
      const long before = margin;
      margin /= 2;
      if (error() <= tolerance_) continue;
      margin = before;
      return;
    }
  }

  const std::vector<std::vector<Complex>>& response_;
  long samples_;
  double tolerance_;
  long size_;
  const Fft& fft_;
  bool measured_;
  std::vector<double> signal_;  // amplitude spectrum of what is filtered, (n_grid)
  std::vector<ComplexWave> impulse_;
  double power_ = 0.0;  // of the strongest symbol response, sum over the grid
  long first_ = 0, last_ = 0, left_ = 0, right_ = 0;
};

}  // namespace

StreamFilterSet design_stream_filters(const std::vector<std::vector<Complex>>& response,
                                      int samples_per_symbol, double tolerance, Context& context,
                                      std::span<const double> signal) {
  StreamFilterSet set;
  std::vector<std::vector<Complex>> shaped;
  for (const auto& each : response) {
    set.flat.push_back(is_flat(each));
    if (!set.flat.back()) shaped.push_back(each);
  }
  std::vector<bool> flat = set.flat;
  std::vector<ComplexWave> impulse;
  if (!shaped.empty()) {
    set = Designer(shaped, samples_per_symbol, tolerance, context, signal).design();
    impulse = std::move(set.impulse);
    // A flat response is a single tap at time 0, which the window must hold.
    if (std::find(flat.begin(), flat.end(), true) != flat.end() &&
        (set.begin > 0 || set.begin + set.length <= 0))
      throw Error("stream filter: a delayed response and a constant one share a block");
  }
  set.flat = std::move(flat);
  set.impulse.clear();
  std::size_t next = 0;
  for (std::size_t r = 0; r < response.size(); ++r) {
    if (!set.flat[r]) {
      set.impulse.push_back(std::move(impulse[next++]));
      continue;
    }
    set.impulse.emplace_back(static_cast<std::size_t>(set.length), 0.0);
    set.impulse[r][static_cast<std::size_t>(-set.begin)] = response[r].front();
  }
  return set;
}

void begin_earlier(StreamFilterSet& set, long begin) {
  const auto zeros = static_cast<std::size_t>(set.begin - begin);
  for (ComplexWave& impulse : set.impulse) impulse.insert(impulse.begin(), zeros, 0.0);
  set.length += static_cast<int>(zeros);
  set.begin = begin;
}

std::vector<Complex> two_sided(std::vector<Complex> one_sided) {
  const std::size_t half = one_sided.size() - 1;
  one_sided.back() = one_sided.back().real();
  one_sided.resize(2 * half);
  for (std::size_t k = 1; k < half; ++k) one_sided[2 * half - k] = std::conj(one_sided[k]);
  return one_sided;
}

}  // namespace photonlink
