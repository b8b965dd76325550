#include "studies/com/com_json.hpp"

#include "studies/com/com_figures.hpp"
#include "studies/json_text.hpp"
#include "studies/result_origin.hpp"

namespace photonlink {
namespace {

using namespace json_text;

Json file_json(const ComFile& file) {
  return {{"path", file.path},
          {"kind", kind_name(file.kind)},
          {"points", file.points},
          {"first_Hz", number(file.first_Hz)},
          {"last_Hz", number(file.last_Hz)},
          {"nyquist_loss_dB", number(file.nyquist_loss_dB)},
          {"interpolated", file.interpolated}};
}

Json case_json(const com::CaseResult& result, const com::Parameters& p) {
  Json json = {{"name", result.name}, {"passes", passes(result, p)}};
  for (const CaseFigure& figure : case_figures())
    json[std::string(figure.key)] = number(figure.value(result, p));
  json["main_tap"] = result.main_tap;
  for (const CaseList& list : case_lists()) json[std::string(list.key)] = numbers(list.values(result, p));
  for (const CaseCurve& curve : case_curves()) {
    Json& group = json[std::string(curve.group)];
    for (const CaseList& list : curve.lists) group[std::string(list.key)] = rounded(list.values(result, p));
  }
  return json;
}

}  // namespace

nlohmann::ordered_json to_json(const ComRun& run, const Provenance& provenance) {
  const com::Parameters& p = run.parameters;
  Json json = origin_json("photonlink com", com_result_schema_version, provenance);
  json.update(Json{{"configuration",
                    {{"file", run.request.configuration},
                     {"title", p.title},
                     {"source", p.source},
                     {"text", provenance.study_text}}},
                   {"mode", run.result.mode},
                   {"symbol_rate_Bd", number(p.signal.symbol_rate_Bd)},
                   {"levels", p.signal.levels},
                   {"detector_error_ratio", number(p.signal.detector_error_ratio)},
                   {"port_map", run.request.port_map},
                   {"com_dB", number(run.result.com_dB)},
                   {"worst_case", run.worst_case().name},
                   {"passes", passes(run)}});
  for (const RunFigure& figure : run_figures()) json[std::string(figure.key)] = number(figure.value(run));
  json["reflection"] = {{"time_UI", rounded(run.result.return_loss.time_UI)},
                        {"weighted", rounded(run.result.return_loss.reflection)}};
  json["warnings"] = run.warnings;
  json["files"] = list_of(run.files, file_json);
  json["cases"] =
      list_of(run.result.package_case, [&](const com::CaseResult& result) { return case_json(result, p); });
  json["elapsed_s"] = number(run.elapsed_s);
  return json;
}

}  // namespace photonlink
