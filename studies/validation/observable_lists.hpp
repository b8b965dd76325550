/// The parts of the registry, one file each.
#pragma once

#include "studies/validation/observable.hpp"

namespace photonlink {

/// One number without an abscissa; what it needs of the link is set by the caller.
ObservableType scalar_observable(std::string name, std::string doc, Quantity unit,
                                 std::vector<std::string> arguments,
                                 std::function<double(Probe&, const ObservableArguments&)> read);

/// Static spectra and levels, small-signal responses, photocurrents, fibers.
void add_device_observables(std::vector<ObservableType>& list);
/// Copper channels.
void add_channel_observables(std::vector<ObservableType>& list);
/// Channel operating margin and effective return loss of the first channel.
void add_com_observables(std::vector<ObservableType>& list);
/// Copper paths from files and models alike.
void add_path_observables(std::vector<ObservableType>& list);
/// Whole links: error ratios, margins, energy, latency, density.
void add_link_observables(std::vector<ObservableType>& list);
/// Heaters of rings.
void add_tuning_observables(std::vector<ObservableType>& list);

}  // namespace photonlink
