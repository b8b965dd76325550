/// Links of the example study, changed where a test needs it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "devices/registry.hpp"
#include "studies/link_builder.hpp"
#include "studies/study_reader.hpp"
#include "support.hpp"

namespace photonlink::test {

inline LinkSpec example_link(const std::string& name) {
  static const Study study = read_study(source_path("examples/microring_vs_copper/study.toml"),
                                        device_types(), source_path("devices/cards"));
  for (const LinkSpec& link : study.links)
    if (link.name == name) return link;
  throw std::runtime_error("no link " + name);
}

/// Sets a parameter of the stage of that name.
inline void change(LinkSpec& link, const std::string& stage, const std::string& key, ParameterValue value) {
  for (std::size_t i = 0; i < link.stages.size(); ++i)
    if (link.stages[i].name == stage) {
      link = with_parameter(link, i, key, value);
      return;
    }
  throw std::runtime_error("no stage " + stage);
}

/// The microring link with `lanes` wavelengths.
inline LinkSpec small_ring_link(int lanes) {
  LinkSpec link = example_link("microring_wdm");
  link.lanes = lanes;
  link.pattern = "PRBS7";
  change(link, "laser", "carriers", lanes);
  change(link, "filter rings", "rings", lanes);
  return link;
}

}  // namespace photonlink::test
