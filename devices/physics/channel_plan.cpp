#include "devices/physics/channel_plan.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>
#include <utility>

#include "core/error.hpp"
#include "devices/physics/optics.hpp"

namespace photonlink {

ChannelPlan::ChannelPlan(const std::string& stage, int channels, double first_frequency_Hz, double spacing_Hz,
                         const std::vector<double>& wavelengths_m, bool joins)
    : mean_spacing_Hz_(spacing_Hz), joins_(joins) {
  if (wavelengths_m.empty()) {
    channel_Hz_.reserve(static_cast<std::size_t>(channels));
    for (int i = 0; i < channels; ++i) channel_Hz_.push_back(first_frequency_Hz + i * spacing_Hz);
  } else {
    channel_Hz_.reserve(wavelengths_m.size());
    for (const double wavelength : wavelengths_m) channel_Hz_.push_back(optical_frequency_Hz(wavelength));
  }
  if (channel_Hz_.size() > 1) mean_spacing_Hz_ = (channel_Hz_.back() - channel_Hz_.front()) / (size() - 1);
  for (std::size_t i = 1; i < channel_Hz_.size(); ++i) {
    if ((channel_Hz_[i] - channel_Hz_[i - 1]) * mean_spacing_Hz_ > 0.0) continue;
    throw ConfigError(fmt::format(
        "{}: channels {} and {} do not follow one another ({:.3f} and {:.3f} nm); give a spacing other than "
        "0, "
        "or wavelengths that rise or fall steadily",
        stage, i - 1, i, wavelength_m(channel_Hz_[i - 1]) * 1e9, wavelength_m(channel_Hz_[i]) * 1e9));
  }
  if (!(channel_Hz_.back() > 0.0))
    throw ConfigError(
        fmt::format("{}: the last channel lies below 0 Hz; use fewer channels or a smaller spacing", stage));
}

double ChannelPlan::off_Hz(double frequency_Hz, int channel) const {
  const double off_Hz = frequency_Hz - channel_Hz(channel);
  return std::isfinite(period_Hz_) ? std::remainder(off_Hz, period_Hz_) : off_Hz;
}

int ChannelPlan::nearest(double frequency_Hz) const {
  int best = 0;
  for (int i = 1; i < size(); ++i)
    if (std::abs(off_Hz(frequency_Hz, i)) < std::abs(off_Hz(frequency_Hz, best))) best = i;
  return best;
}

double ChannelPlan::unevenness_Hz() const {
  double most_Hz = 0.0;
  for (int i = 0; i < size(); ++i)
    most_Hz = std::max(most_Hz, std::abs(channel_Hz(i) - channel_Hz(0) - i * mean_spacing_Hz_));
  return most_Hz;
}

void ChannelPlan::check_carriers(const std::string& stage, const Bundle& input,
                                 std::vector<Warning>& warnings) const {
  const auto warn = [&](std::string text) { warnings.push_back({stage, std::move(text)}); };
  const double spacing_Hz = std::abs(mean_spacing_Hz_);
  std::set<std::pair<int, long>> taken;  // channel and order
  const int carriers = static_cast<int>(input.carrier_Hz.size());
  for (int c = 0; c < carriers; ++c) {
    const double carrier_Hz = input.carrier_Hz[static_cast<std::size_t>(c)];
    const bool repeats = std::isfinite(period_Hz_);
    const int channel = joins_ ? nearest(carrier_Hz) : repeats ? c % size() : std::min(c, size() - 1);
    const double off = off_Hz(carrier_Hz, channel);
    if (spacing_Hz > 0.0 && std::abs(off) > 0.25 * spacing_Hz) {
      warn(
          fmt::format("carrier {} lies {} from channel {}, more than a quarter of the spacing; check "
                      "first_frequency, spacing or wavelengths",
                      c, format_quantity(off, Quantity::frequency), channel));
      break;
    }
    const long order = repeats ? std::lround((carrier_Hz - channel_Hz(channel)) / period_Hz_) : 0;
    if (joins_ && !taken.insert({channel, order}).second) {
      warn(
          fmt::format("two carriers enter at channel {}: a multiplexer has one input for each; use more "
                      "channels",
                      channel));
      break;
    }
  }
  if (size() > 1 && input.grid.symbol_rate_Bd > spacing_Hz)
    warn(fmt::format("symbol rate {} exceeds the channel spacing {}: passbands cut into the signal",
                     format_quantity(input.grid.symbol_rate_Bd, Quantity::symbol_rate),
                     format_quantity(spacing_Hz, Quantity::frequency)));
}

}  // namespace photonlink
