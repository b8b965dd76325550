#include <cmath>

#include "core/error.hpp"
#include "core/units.hpp"
#include "network/s_parameters.hpp"
#include "solvers/chain.hpp"
#include "studies/validation/observable_lists.hpp"
#include "studies/validation/probe.hpp"

namespace photonlink {
namespace {

using Values = std::vector<double>;
using X = std::span<const double>;

constexpr double differential_ohm = 100.0;
// Delays are averaged over this band, as those of a channel from a file (channel_observables.cpp).
constexpr double delay_band_Hz = 0.5e9;
constexpr int delay_points = 51;

/// The passive stages in front of the first electrical input of the chain, on 100 ohm.
std::vector<S2> path(Probe& probe, X frequency_Hz) {
  const Chain chain(probe.link());
  const int stages = static_cast<int>(probe.link().stages.size());
  int load = 0;
  while (load < stages && !chain.stage(load).load_end({})) ++load;
  const auto cascade = chain.two_ports(load < stages ? chain.source_of(load) : -1, load, frequency_Hz);
  if (cascade.empty())
    throw ConfigError(
        "the chain has no copper in front of its first electrical input; add a copper_line or "
        "another two-port");
  std::vector<S2> s;
  s.reserve(cascade.size());
  for (const Abcd& m : cascade) s.push_back(to_s(m, differential_ohm));
  return s;
}

Values loss_dB(Probe& probe, X frequency_Hz, Complex S2::*element) {
  Values values;
  values.reserve(frequency_Hz.size());
  for (const S2& s : path(probe, frequency_Hz)) values.push_back(-field_gain_dB(std::abs(s.*element)).value);
  return values;
}

double delay_s(Probe& probe, double centre_Hz) {
  SParameters band{.ports = 2, .reference_ohm = differential_ohm};
  const double low_Hz = std::max(0.0, centre_Hz - 0.5 * delay_band_Hz);
  band.frequency_Hz.reserve(delay_points);
  for (int i = 0; i < delay_points; ++i)
    band.frequency_Hz.push_back(low_Hz + i * delay_band_Hz / (delay_points - 1));
  band.s.reserve(std::size_t{4} * delay_points);
  for (const S2& s : path(probe, band.frequency_Hz))
    band.s.insert(band.s.end(), {s.s11, s.s12, s.s21, s.s22});
  return group_delay_s(band, 1, 0, band.frequency_Hz.front(), band.frequency_Hz.back());
}

Values delays_s(Probe& probe, X frequency_Hz) {
  Values values;
  values.reserve(frequency_Hz.size());
  for (const double f : frequency_Hz) values.push_back(delay_s(probe, f));
  return values;
}

}  // namespace

void add_path_observables(std::vector<ObservableType>& list) {
  using Q = Quantity;
  const auto curve = [&](std::string name, std::string doc, Q unit, Values (*compute)(Probe&, X)) {
    list.push_back(
        {.name = std::move(name),
         .doc = std::move(doc),
         .unit = unit,
         .x_unit = Q::frequency,
         .x_label = "frequency",
         .arguments = {},
         .fine_points = 401,
         .compute = [compute](Probe& probe, const ObservableArguments&, X f) { return compute(probe, f); }});
  };
  const std::string what = "of all passive stages in front of the first electrical input, on 100 ohm";
  curve("path_insertion_loss", "differential insertion loss " + what, Q::loss,
        [](Probe& probe, X f) { return loss_dB(probe, f, &S2::s21); });
  curve("path_return_loss", "differential return loss, at the transmitter's end, " + what, Q::loss,
        [](Probe& probe, X f) { return loss_dB(probe, f, &S2::s11); });
  curve("path_delay", "group delay, mean over 0.5 GHz, " + what, Q::time, delays_s);
}

}  // namespace photonlink
