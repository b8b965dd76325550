/// The picture of one package case of channel operating margin: pulses, interference, contributions.
#pragma once

#include <string>

#include "studies/com/com_run.hpp"
#include "studies/pictures/canvas.hpp"

namespace photonlink::pictures {

inline constexpr Size com_size{1000, 800};

/// Above: pulse in front of and behind all equalisers but the DFE, main cursor, what the DFE leaves of each
/// symbol. Below left: probability that noise and interference lie below a voltage, with A_s, A_ni and DER_0.
/// Below right: rms contributions to the figure of merit.
void paint_com(Canvas& canvas, const ComRun& run, std::size_t package_case);
void draw_com(const ComRun& run, std::size_t package_case, const std::string& path_without_extension);

}  // namespace photonlink::pictures
