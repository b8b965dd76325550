#include "studies/com/com_hdf5.hpp"

#include "io/hdf5_file.hpp"
#include "studies/com/com_figures.hpp"
#include "studies/hdf5_columns.hpp"
#include "studies/result_origin.hpp"

namespace photonlink {
namespace {

void write_head(Hdf5Writer& file, const ComRun& run, const Provenance& provenance) {
  const com::Parameters& p = run.parameters;
  const std::pair<const char*, const std::string&> texts[] = {
      {"configuration_file", run.request.configuration},
      {"configuration_title", p.title},
      {"configuration_source", p.source},
      {"mode", run.result.mode},
      {"worst_case", run.worst_case().name}};
  write_origin(file, "photonlink com", com_result_schema_version, provenance);
  for (const auto& [name, text] : texts) file.attribute("/", name, text);
  file.attribute("/", "levels", p.signal.levels);
  file.attribute("/", "passes", static_cast<int>(passes(run)));
  file.text("/configuration_text", provenance.study_text);
  file.scalar("/symbol_rate_Bd", p.signal.symbol_rate_Bd, "Bd");
  file.scalar("/detector_error_ratio", p.signal.detector_error_ratio, "1");
  file.scalar("/com_dB", run.result.com_dB, "dB");
  file.scalar("/elapsed_s", run.elapsed_s, "s");
  for (const RunFigure& figure : run_figures())
    file.scalar("/" + std::string(figure.key), figure.value(run), std::string(figure.unit));
  file.dimension("/port", std::vector<double>{1, 2, 3, 4}, "1");
  file.values("/port_map", std::vector<double>(run.request.port_map.begin(), run.request.port_map.end()),
              {"/port"}, "1");
  file.dimension("/reflection/time_UI", run.result.return_loss.time_UI, "UI");
  file.values("/reflection/weighted", run.result.return_loss.reflection, {"/reflection/time_UI"}, "1");
  file.dimension("/warning", indices(run.warnings.size()), "1");
  file.strings("/warnings", run.warnings, "/warning");
}

void write_files(Hdf5Writer& file, const std::vector<ComFile>& files) {
  const std::string path = "/files/path";
  file.text_dimension(path, column(files, [](const ComFile& f) { return f.path; }));
  file.strings("/files/kind", column(files, [](const ComFile& f) { return std::string(kind_name(f.kind)); }),
               path);
  const struct {
    const char *name, *unit;
    double (*value)(const ComFile&);
  } columns[] = {{"points", "1", [](const ComFile& f) { return static_cast<double>(f.points); }},
                 {"first_Hz", "Hz", [](const ComFile& f) { return f.first_Hz; }},
                 {"last_Hz", "Hz", [](const ComFile& f) { return f.last_Hz; }},
                 {"nyquist_loss_dB", "dB", [](const ComFile& f) { return f.nyquist_loss_dB; }},
                 {"interpolated", "1", [](const ComFile& f) { return f.interpolated ? 1.0 : 0.0; }}};
  for (const auto& entry : columns)
    file.values("/files/" + std::string(entry.name), column(files, entry.value), {path}, entry.unit);
}

void write_case(Hdf5Writer& file, const std::string& group, const com::CaseResult& result,
                const com::Parameters& p) {
  file.group(group);
  file.attribute(group, "name", result.name);
  file.attribute(group, "passes", static_cast<int>(passes(result, p)));
  file.attribute(group, "main_tap", result.main_tap);
  for (const CaseFigure& figure : case_figures())
    file.scalar(group + "/" + std::string(figure.key), figure.value(result, p), std::string(figure.unit));
  for (const CaseList& list : case_lists()) {
    const std::string path = group + "/" + std::string(list.key);
    const auto values = list.values(result, p);
    file.dimension(path + "_index", indices(values.size()), "1");
    file.values(path, values, {path + "_index"}, std::string(list.unit));
  }
  for (const CaseCurve& curve : case_curves()) {
    const std::string inside = group + "/" + std::string(curve.group) + "/";
    const CaseList& x = curve.lists.front();
    file.dimension(inside + std::string(x.key), x.values(result, p), std::string(x.unit));
    for (std::size_t i = 1; i < curve.lists.size(); ++i)
      file.values(inside + std::string(curve.lists[i].key), curve.lists[i].values(result, p),
                  {inside + std::string(x.key)}, std::string(curve.lists[i].unit));
  }
}

}  // namespace

void write_com_hdf5(const ComRun& run, const Provenance& provenance, const std::string& path) {
  Hdf5Writer file(path);
  write_head(file, run, provenance);
  write_files(file, run.files);
  for (std::size_t i = 0; i < run.result.package_case.size(); ++i)
    write_case(file, "/case_" + std::to_string(i + 1), run.result.package_case[i], run.parameters);
  file.close();
}

}  // namespace photonlink
