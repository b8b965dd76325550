#include "studies/channel/write_channel.hpp"

#include "core/parallel.hpp"
#include "io/atomic_file.hpp"
#include "studies/channel/channel_hdf5.hpp"
#include "studies/channel/channel_json.hpp"
#include "studies/pictures/channel_pictures.hpp"

namespace photonlink {

void write_channel(const ChannelResult& result, const Provenance& provenance, const std::string& folder,
                   Context& context) {
  if (context.progress) context.progress("writing results", 1.0);
  AtomicFolder target(folder);
  const std::string inside = target.temporary_path() + "/";
  const auto& drawings = pictures::channel_drawings();
  parallel_for(drawings.size(), context, [&](std::size_t i) {
    pictures::Canvas canvas(drawings[i].size.width, drawings[i].size.height);
    drawings[i].paint(canvas, result);
    canvas.save(inside + drawings[i].name);
  });
  write_channel_json(result, provenance, inside + "channel.json");
  write_channel_hdf5(result, provenance, inside + "channel.h5");
  target.commit();
}

}  // namespace photonlink
