/// The pictures of a judged channel; errors and manners as in pictures.hpp.
#pragma once

#include <string>
#include <vector>

#include "studies/channel/channel_result.hpp"
#include "studies/pictures/canvas.hpp"

namespace photonlink::pictures {

/// Insertion loss with its fit, return losses, power sums of crosstalk, against frequency.
void paint_channel_losses(Canvas& canvas, const ChannelResult& result);
/// Insertion loss deviation, and the delay below it.
void paint_channel_deviation(Canvas& canvas, const ChannelResult& result);
/// What differential becomes common and common differential, beside what passes.
void paint_channel_conversion(Canvas& canvas, const ChannelResult& result);
/// TDR of both ends: differential on the left, single wires on the right.
void paint_channel_impedance(Canvas& canvas, const ChannelResult& result);
/// Response to one symbol with its cursors.
void paint_channel_pulse(Canvas& canvas, const ChannelResult& result);

struct ChannelDrawing {
  std::string name;  ///< of the file
  Size size;
  void (*paint)(Canvas&, const ChannelResult&);
};
/// All of them.
const std::vector<ChannelDrawing>& channel_drawings();

}  // namespace photonlink::pictures
