#include "solvers/com/transmit_taps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace photonlink::com {
namespace {

/// Without the last digits of sums.
double decimal(double value) {
  return std::round(value * 1e12) / 1e12;
}

/// The settings of the grid are kept in memory.
void check_size(const std::vector<std::vector<double>>& values) {
  constexpr double most_settings = 2e6;
  double settings = 1.0;
  for (const auto& list : values) settings *= static_cast<double>(list.size());
  if (settings > most_settings)
    throw ConfigError(
        fmt::format("the transmit taps have {:.3g} settings, at most {:.0e} are searched; widen their "
                    "steps or narrow their ranges",
                    settings, most_settings));
}

}  // namespace

TransmitTaps transmit_taps(const Parameters& p) {
  std::vector<TapRange> ranges = p.tap;
  std::sort(ranges.begin(), ranges.end(),
            [](const TapRange& a, const TapRange& b) { return a.position < b.position; });
  TransmitTaps taps;
  const int earliest = ranges.empty() ? 0 : std::min(0, ranges.front().position);
  const int latest = ranges.empty() ? 0 : std::max(0, ranges.back().position);
  taps.main = -earliest;
  taps.count = latest - earliest + 1;
  std::vector<std::vector<double>> values;
  values.reserve(ranges.size());
  for (const TapRange& range : ranges) {
    values.push_back(stepped(range.first, range.last, range.step));
    taps.swept_length.push_back(static_cast<int>(values.back().size()));
  }
  check_size(values);
  std::vector<int> place(ranges.size(), 0);
  std::vector<double> setting(static_cast<std::size_t>(taps.count));
  for (bool more = true; more;) {
    double used = 0.0;
    std::fill(setting.begin(), setting.end(), 0.0);
    for (std::size_t t = 0; t < ranges.size(); ++t) {
      const double value = values[t][static_cast<std::size_t>(place[t])];
      setting[static_cast<std::size_t>(ranges[t].position - earliest)] = value;
      used += std::abs(value);
    }
    const double main = decimal(1.0 - used);
    setting[static_cast<std::size_t>(taps.main)] = main;
    if (main >= p.transmitter.smallest_main_tap) {
      taps.value.insert(taps.value.end(), setting.begin(), setting.end());
      taps.index.insert(taps.index.end(), place.begin(), place.end());
    }
    more = false;
    for (std::size_t t = ranges.size(); t-- > 0 && !more;) {
      more = ++place[t] < taps.swept_length[t];
      if (!more) place[t] = 0;
    }
  }
  if (taps.value.empty())
    throw ConfigError(
        fmt::format("no setting of the transmit taps leaves a main tap of {}; lower smallest_main_tap or the "
                    "tap ranges",
                    p.transmitter.smallest_main_tap));
  return taps;
}

}  // namespace photonlink::com
