#include "studies/validation/record_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "io/text_file.hpp"
#include "studies/pictures/validation_picture.hpp"
#include "studies/validation/case_reader.hpp"
#include "studies/validation/report_markdown.hpp"

namespace photonlink {
namespace {

struct Page {
  std::string path, text;
};

/// The page with its new block. @throws ConfigError naming the page when its marks are damaged.
Page page_with(const std::string& path, const std::string& heading, const std::string& block) {
  const std::string page = text_of_file(path);
  try {
    return {path, replace_marked_block(page.empty() ? "# " + heading + "\n" : page, block)};
  } catch (const Error& error) {
    throw ConfigError(fmt::format("{}: {}", path, error.what()));
  }
}

/// What is recorded of cases whose folder is gone goes with it.
RecordedState of_cases(RecordedState state, const std::vector<std::string>& names) {
  std::erase_if(state, [&](const auto& entry) {
    return std::find(names.begin(), names.end(), entry.first) == names.end();
  });
  return state;
}

/// The PNG alone: pages show it, and an SVG of hundreds of points would weigh on the repository.
void draw_png(const std::string& path, const std::function<void(const std::string&)>& draw) {
  const std::filesystem::path stem = std::filesystem::path(path).replace_extension();
  draw(stem.string());
  std::filesystem::remove(stem.string() + ".svg");
}

}  // namespace

void record_report(const ValidationReport& report, const RecordedState& recorded, const std::string& folder) {
  const std::vector<std::string> names = list_cases(folder);
  const bool all = report.cases.size() == names.size();
  std::vector<Page> pages;  // all of them before the first is written
  pages.reserve(names.size() + 1);
  for (const CaseResult& result : report.cases)
    pages.push_back(page_with(folder + "/" + result.name + "/README.md", result.title,
                              "![Model against measurement](result.png)\n\n" + case_markdown(result)));
  if (all)
    pages.push_back(page_with(folder + "/README.md", "Validation",
                              "![All cases](overview.png)\n\n" + summary_markdown(report)));
  for (const CaseResult& result : report.cases)
    draw_png(folder + "/" + result.name + "/result.png",
             [&](const std::string& stem) { pictures::draw_case(result, stem); });
  if (all)
    draw_png(folder + "/overview.png",
             [&](const std::string& stem) { pictures::draw_overview(report, stem); });
  for (const Page& page : pages) write_file_atomically(page.path, page.text);
  write_recorded(folder + "/recorded.json", report.cases, of_cases(recorded, names));
}

}  // namespace photonlink
