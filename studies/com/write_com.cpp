#include "studies/com/write_com.hpp"

#include <fmt/format.h>

#include "core/parallel.hpp"
#include "io/atomic_file.hpp"
#include "studies/com/com_hdf5.hpp"
#include "studies/json_text.hpp"
#include "studies/pictures/com_picture.hpp"

namespace photonlink {

void write_com(const ComRun& run, const Provenance& provenance, const std::string& folder, Context& context) {
  if (context.progress) context.progress("writing results", 1.0);
  AtomicFolder target(folder);
  const std::string inside = target.temporary_path() + "/";
  parallel_for(run.result.package_case.size(), context,
               [&](std::size_t i) { pictures::draw_com(run, i, fmt::format("{}case_{}", inside, i + 1)); });
  write_file_atomically(inside + "result.json", json_text::document(to_json(run, provenance)));
  write_com_hdf5(run, provenance, inside + "result.h5");
  target.commit();
}

}  // namespace photonlink
