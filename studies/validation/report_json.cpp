#include "studies/validation/report_json.hpp"

#include <cmath>

#include "io/atomic_file.hpp"
#include "studies/json_text.hpp"
#include "studies/result_origin.hpp"
#include "studies/validation/report_counts.hpp"

namespace photonlink {
namespace {

using json_text::Json;
using json_text::list_of;

using json_text::rounded;

/// "inf" and "-inf" beside numbers: beyond any bound is not the same as not computed, which is null.
Json number(double value) {
  if (std::isinf(value)) return value > 0.0 ? "inf" : "-inf";
  return json_text::number(value);
}

/// One list per column: a curve of 50 points is not 400 lines.
Json points_json(const std::vector<PointResult>& points) {
  static const std::pair<const char*, double PointResult::*> columns[] = {
      {"x", &PointResult::x},
      {"published", &PointResult::published},
      {"published_high", &PointResult::published_high},
      {"computed", &PointResult::computed},
      {"low", &PointResult::low},
      {"high", &PointResult::high},
      {"tolerance", &PointResult::tolerance},
      {"error", &PointResult::error}};
  Json json = Json::object();
  for (const auto& [name, member] : columns)
    json[name] =
        list_of(points, [member = member](const PointResult& point) { return number(point.*member); });
  return json;
}

Json quantity_json(const QuantityResult& quantity) {
  return {{"name", quantity.name},
          {"title", quantity.title},
          {"link", quantity.link},
          {"observable", quantity.observable},
          {"unit", quantity.unit},
          {"x_label", quantity.x_label},
          {"x_unit", quantity.x_unit},
          {"tolerance_unit", quantity.tolerance_unit},
          {"role", role_name(quantity.role)},
          {"bound", bound_key(quantity.bound)},
          {"measure", measure_key(quantity.measure)},
          {"verdict", verdict_name(quantity.verdict)},
          {"prediction", quantity.prediction},
          {"curve", quantity.curve},
          {"error", number(quantity.error)},
          {"band_low", number(quantity.band_low)},
          {"band_high", number(quantity.band_high)},
          {"reading_error", number(quantity.reading_error)},
          {"reason", quantity.reason},
          {"diagnosis", quantity.diagnosis},
          {"failure", quantity.failure},
          {"points", points_json(quantity.points)},
          {"fine",
           {{"x", rounded(quantity.fine_x)},
            {"computed", rounded(quantity.fine_y)},
            {"low", rounded(quantity.fine_low)},
            {"high", rounded(quantity.fine_high)}}}};
}

Json fit_json(const FitResult& fit) {
  return {{"link", fit.link},
          {"reason", fit.reason},
          {"on", fit.on},
          {"points", fit.points},
          {"evaluations", fit.evaluations},
          {"rms_error", number(fit.rms_error)},
          {"converged", fit.converged},
          {"parameters", list_of(fit.parameters, [](const FittedParameter& parameter) {
             return Json{{"stage", parameter.stage},
                         {"key", parameter.key},
                         {"unit", parameter.unit},
                         {"start", number(parameter.start)},
                         {"lower", number(parameter.lower)},
                         {"upper", number(parameter.upper)},
                         {"value", number(parameter.value)},
                         {"low_95", number(parameter.low_95)},
                         {"high_95", number(parameter.high_95)},
                         {"at_bound", parameter.at_bound}};
           })}};
}

Json assumed_json(const AssumedRange& assumed) {
  return {{"link", assumed.link},    {"stage", assumed.stage}, {"key", assumed.key},
          {"value", assumed.value},  {"low", assumed.low},     {"high", assumed.high},
          {"source", assumed.source}};
}

Json tally_json(const Tally& tally) {
  return {{"family", tally.family},
          {"quantities", tally.quantities},
          {"pass", tally.pass},
          {"band", tally.band},
          {"miss", tally.miss},
          {"not_computed", tally.not_computed},
          {"median_error", number(tally.median_error)},
          {"worst_error", number(tally.worst_error)},
          {"worst", tally.worst}};
}

}  // namespace

std::string bound_key(Bound bound) {
  switch (bound) {
    case Bound::value:
      return "value";
    case Bound::at_least:
      return "at_least";
    case Bound::at_most:
      return "at_most";
    case Bound::interval:
      return "interval";
  }
  return "value";
}

std::string measure_key(Measure measure) {
  return measure == Measure::rms ? "rms" : "worst";
}

Json to_json(const CaseResult& result) {
  Json inputs = Json::array();
  for (const auto& [name, value] : result.inputs) inputs.push_back({{"name", name}, {"value", value}});
  return {{"name", result.name},
          {"title", result.title},
          {"family", result.family},
          {"citation", result.citation},
          {"doi", result.doi},
          {"read", result.read},
          {"note", result.note},
          {"elapsed_s", number(result.elapsed_s)},
          {"inputs", inputs},
          {"assumed", list_of(result.assumed, assumed_json)},
          {"warnings", result.warnings},
          {"fits", list_of(result.fits, fit_json)},
          {"quantities", list_of(result.quantities, quantity_json)}};
}

Json to_json(const ValidationReport& report, const Provenance& provenance) {
  auto json = origin_json("photonlink validation", validation_schema_version, provenance);
  json.update(
      Json{{"elapsed_s", number(report.elapsed_s)},
           {"summary",
            {{"measurements", list_of(report.measured, tally_json)},
             {"predictions", list_of(report.predictions, tally_json)}}},
           {"changes", list_of(report.changes,
                               [](const Change& change) {
                                 return Json{{"quantity", change.quantity},
                                             {"kind", report_text::change_kind(change.kind)},
                                             {"text", change.text}};
                               })},
           {"cases", list_of(report.cases, [](const CaseResult& result) { return to_json(result); })}});
  return json;
}

void write_report_json(const ValidationReport& report, const Provenance& provenance,
                       const std::string& path) {
  write_file_atomically(path, json_text::document(to_json(report, provenance)));
}

}  // namespace photonlink
