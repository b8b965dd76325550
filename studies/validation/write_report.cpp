#include "studies/validation/write_report.hpp"

#include "core/parallel.hpp"
#include "io/atomic_file.hpp"
#include "studies/pictures/validation_picture.hpp"
#include "studies/validation/report_hdf5.hpp"
#include "studies/validation/report_json.hpp"
#include "studies/validation/report_page.hpp"

namespace photonlink {

void write_report(const ValidationReport& report, const Provenance& provenance, const std::string& folder,
                  Context& context) {
  if (context.progress) context.progress("writing the report", 1.0);
  AtomicFolder target(folder);
  const std::string inside = target.temporary_path() + "/";
  // Index 0 is the overview: it takes longest, so it starts first.
  const auto draw = [&](std::size_t i) {
    if (i == 0) return pictures::draw_overview(report, inside + "overview");
    pictures::draw_case(report.cases[i - 1], inside + report.cases[i - 1].name);
  };
  parallel_for(report.cases.size() + 1, context, draw);
  write_report_json(report, provenance, inside + "validation.json");
  write_report_hdf5(report, provenance, inside + "validation.h5");
  write_file_atomically(inside + "report.html", report_page(report, provenance));
  target.commit();
}

}  // namespace photonlink
