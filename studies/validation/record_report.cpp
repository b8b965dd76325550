#include "studies/validation/record_report.hpp"

#include <filesystem>
#include <functional>

#include "io/atomic_file.hpp"
#include "io/text_file.hpp"
#include "studies/pictures/validation_picture.hpp"
#include "studies/validation/case_reader.hpp"
#include "studies/validation/report_markdown.hpp"

namespace photonlink {
namespace {

void replace_block(const std::string& path, const std::string& heading, const std::string& block) {
  const std::string page = text_of_file(path);
  write_file_atomically(path, replace_marked_block(page.empty() ? "# " + heading + "\n" : page, block));
}

/// The PNG alone: pages show it, and an SVG of hundreds of points would weigh on the repository.
void draw_png(const std::string& path, const std::function<void(const std::string&)>& draw) {
  const std::filesystem::path stem = std::filesystem::path(path).replace_extension();
  draw(stem.string());
  std::filesystem::remove(stem.string() + ".svg");
}

}  // namespace

void record_report(const ValidationReport& report, const RecordedState& recorded, const std::string& folder) {
  for (const CaseResult& result : report.cases) {
    const std::string own = folder + "/" + result.name + "/";
    draw_png(own + "result.png", [&](const std::string& stem) { pictures::draw_case(result, stem); });
    replace_block(own + "README.md", result.title,
                  "![Model against measurement](result.png)\n\n" + case_markdown(result));
  }
  if (report.cases.size() == list_cases(folder).size()) {
    draw_png(folder + "/overview.png",
             [&](const std::string& stem) { pictures::draw_overview(report, stem); });
    replace_block(folder + "/README.md", "Validation",
                  "![All cases](overview.png)\n\n" + summary_markdown(report));
  }
  write_recorded(folder + "/recorded.json", report.cases, recorded);
}

}  // namespace photonlink
