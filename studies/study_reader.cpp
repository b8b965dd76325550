#include "studies/study_reader.hpp"

#include <fmt/format.h>

#include <set>

#include "studies/link_reader.hpp"
#include "studies/link_table.hpp"
#include "studies/path_reader.hpp"

namespace photonlink {
namespace {

void check_schema(const Node& root, const Reporter& top) {
  const Member* member = find_member(*root.table(), "schema");
  const std::string fix = fmt::format("this program reads schema = {}", study_schema_version);
  if (!member) return top.report(root.place, "schema is missing; " + fix);
  const std::int64_t* version = member->node.integer();
  if (!version || *version != study_schema_version)
    top.report(member->node.place, fmt::format("schema = {}: {}", show(member->node), fix));
}

Study read(const std::string& path, const std::vector<DeviceType>& devices, const std::string& cards_folder,
           ProblemList& problems) {
  const Node root = parse_document(path);
  const Reporter top{problems, ""};
  top.report_unknown_keys(*root.table(),
                          {"schema", "name", "title", "description", "link", "path", "$schema"});
  check_schema(root, top);
  Study study;
  study.path = path;
  study.name = read_key_name(root, top);
  study.title = top.text(root, "title");
  study.description = top.text(root, "description");
  if (study.title.empty()) study.title = study.name;
  LinkReader links(devices, cards_folder, problems);
  std::set<std::string> names;
  for_each_table(root, "link", "", "[[link]]", top, [&](const Node& node, const std::string& where) {
    study.links.push_back(links.read(node, where, {}));
    const std::string& name = study.links.back().name;
    if (!name.empty() && !names.insert(name).second)
      report_at_key(node, "name", fmt::format("name = \"{}\" is already another link's", name),
                    {problems, where});
  });
  study.paths = read_paths(root, study, problems);
  return study;
}

}  // namespace

Study read_study(const std::string& path, const std::vector<DeviceType>& devices,
                 const std::string& cards_folder) {
  ProblemList problems;
  Study study = read(path, devices, cards_folder, problems);
  problems.throw_if_any();
  return study;
}

std::vector<std::string> lint_study(const std::string& path, const std::vector<DeviceType>& devices,
                                    const std::string& cards_folder) {
  ProblemList problems;
  try {
    read(path, devices, cards_folder, problems);
  } catch (const Error& error) {
    return {error.what()};
  }
  return problems.messages();
}

}  // namespace photonlink
