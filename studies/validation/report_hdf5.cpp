#include "studies/validation/report_hdf5.hpp"

#include "io/hdf5_file.hpp"
#include "studies/hdf5_columns.hpp"
#include "studies/result_origin.hpp"
#include "studies/validation/report_counts.hpp"
#include "studies/validation/report_json.hpp"

namespace photonlink {
namespace {

/// netCDF readers expect a unit everywhere; a pure number has "1".
std::string unit_of(const std::string& unit) {
  return unit.empty() ? "1" : unit;
}

void write_points(Hdf5Writer& file, const std::string& group, const QuantityResult& quantity) {
  const std::string point = group + "/point", unit = unit_of(quantity.unit);
  file.dimension(point, indices(quantity.points.size()), "1");
  const struct {
    const char* name;
    double PointResult::*member;
    std::string unit;
  } columns[] = {{"x", &PointResult::x, unit_of(quantity.x_unit)},
                 {"published", &PointResult::published, unit},
                 {"published_high", &PointResult::published_high, unit},
                 {"computed", &PointResult::computed, unit},
                 {"low", &PointResult::low, unit},
                 {"high", &PointResult::high, unit},
                 {"tolerance", &PointResult::tolerance, unit_of(quantity.tolerance_unit)},
                 {"error", &PointResult::error, "1"}};
  for (const auto& entry : columns) {
    const std::string path = group + "/" + entry.name;
    file.values(path, column(quantity.points, [&](const PointResult& item) { return item.*entry.member; }),
                {point}, entry.unit);
    // CF conventions: x labels the points besides their number.
    if (entry.name != std::string("x")) file.attribute(path, "coordinates", std::string("x"));
  }
}

void write_fine_curve(Hdf5Writer& file, const std::string& group, const QuantityResult& quantity) {
  if (quantity.fine_x.empty()) return;
  const std::string x = group + "/fine_x", unit = unit_of(quantity.unit);
  file.dimension(x, quantity.fine_x, unit_of(quantity.x_unit));
  const std::pair<const char*, const std::vector<double>&> curves[] = {{"/fine_computed", quantity.fine_y},
                                                                       {"/fine_low", quantity.fine_low},
                                                                       {"/fine_high", quantity.fine_high}};
  // A model without assumed inputs has no band.
  for (const auto& [name, values] : curves)
    if (!values.empty()) file.values(group + name, values, {x}, unit);
}

void write_quantity(Hdf5Writer& file, const std::string& parent, const QuantityResult& quantity) {
  const std::string group = parent + "/" + quantity.name;
  file.group(group);
  const std::pair<const char*, std::string> texts[] = {
      {"title", quantity.title},
      {"link", quantity.link},
      {"observable", quantity.observable},
      {"unit", quantity.unit},
      {"x_label", quantity.x_label},
      {"x_unit", quantity.x_unit},
      {"tolerance_unit", quantity.tolerance_unit},
      {"role", std::string(role_name(quantity.role))},
      {"bound", bound_key(quantity.bound)},
      {"measure", measure_key(quantity.measure)},
      {"verdict", std::string(verdict_name(quantity.verdict))},
      {"reason", quantity.reason},
      {"diagnosis", quantity.diagnosis},
      {"failure", quantity.failure}};
  for (const auto& [name, text] : texts) file.attribute(group, name, text);
  file.attribute(group, "prediction", static_cast<int>(quantity.prediction));
  file.attribute(group, "curve", static_cast<int>(quantity.curve));
  const std::pair<const char*, double> numbers[] = {{"error", quantity.error},
                                                    {"band_low", quantity.band_low},
                                                    {"band_high", quantity.band_high},
                                                    {"reading_error", quantity.reading_error}};
  for (const auto& [name, value] : numbers) file.attribute(group, name, value);
  write_points(file, group, quantity);
  write_fine_curve(file, group, quantity);
}

void write_case(Hdf5Writer& file, const CaseResult& result) {
  const std::string group = "/" + result.name;
  file.group(group);
  const std::pair<const char*, const std::string&> texts[] = {
      {"title", result.title}, {"family", result.family}, {"citation", result.citation},
      {"doi", result.doi},     {"read", result.read},     {"note", result.note}};
  for (const auto& [name, text] : texts) file.attribute(group, name, text);
  file.attribute(group, "elapsed_s", result.elapsed_s);
  for (const QuantityResult& quantity : result.quantities) write_quantity(file, group, quantity);
}

/// A table in /tables: the first column is the dimension of all others.
class Table {
 public:
  Table(Hdf5Writer& file, const std::string& name, const std::string& row,
        const std::vector<std::string>& rows)
      : file_(file), group_("/tables/" + name), row_(group_ + "/" + row) {
    file_.text_dimension(row_, rows);
  }
  template <class Item, class Get>
  void texts(const std::string& name, const std::vector<Item>& items, Get get) {
    file_.strings(group_ + "/" + name,
                  column(items, [&](const Item& item) { return std::string(get(item)); }), row_);
  }
  template <class Item, class Get>
  void numbers(const std::string& name, const std::vector<Item>& items, Get get) {
    file_.values(group_ + "/" + name,
                 column(items, [&](const Item& item) { return static_cast<double>(get(item)); }), {row_},
                 "1");
  }

 private:
  Hdf5Writer& file_;
  std::string group_, row_;
};

/// Records of all cases, each with the case it belongs to.
template <class Item>
struct Owned {
  std::string name;
  const Item* item;
};
template <class Item>
std::vector<Owned<Item>> of_all_cases(const ValidationReport& report, std::vector<Item> CaseResult::*member) {
  std::vector<Owned<Item>> owned;
  for (const CaseResult& result : report.cases)
    for (const Item& item : result.*member) owned.push_back({result.name, &item});
  return owned;
}
template <class Item>
std::vector<std::string> case_names(const std::vector<Owned<Item>>& items) {
  return column(items, [](const Owned<Item>& entry) { return entry.name; });
}

void write_quantity_table(Hdf5Writer& file, const ValidationReport& report) {
  using Entry = Owned<QuantityResult>;
  const std::vector<Entry> rows = of_all_cases(report, &CaseResult::quantities);
  Table table(file, "quantities", "quantity",
              column(rows, [](const Entry& entry) { return entry.name + "/" + entry.item->name; }));
  table.texts("case", rows, [](const Entry& entry) { return entry.name; });
  table.texts("title", rows, [](const Entry& entry) { return entry.item->title; });
  table.texts("role", rows, [](const Entry& entry) { return role_name(entry.item->role); });
  table.texts("verdict", rows, [](const Entry& entry) { return verdict_name(entry.item->verdict); });
  table.numbers("prediction", rows, [](const Entry& entry) { return entry.item->prediction; });
  table.numbers("points", rows, [](const Entry& entry) { return entry.item->points.size(); });
  table.numbers("error", rows, [](const Entry& entry) { return entry.item->error; });
  table.numbers("band_low", rows, [](const Entry& entry) { return entry.item->band_low; });
  table.numbers("band_high", rows, [](const Entry& entry) { return entry.item->band_high; });
}

void write_input_tables(Hdf5Writer& file, const ValidationReport& report) {
  using Input = Owned<std::pair<std::string, std::string>>;
  const std::vector<Input> inputs = of_all_cases(report, &CaseResult::inputs);
  Table input(file, "inputs", "case", case_names(inputs));
  input.texts("name", inputs, [](const Input& entry) { return entry.item->first; });
  input.texts("value", inputs, [](const Input& entry) { return entry.item->second; });
  using Range = Owned<AssumedRange>;
  const std::vector<Range> ranges = of_all_cases(report, &CaseResult::assumed);
  Table assumed(file, "assumed", "case", case_names(ranges));
  const std::pair<const char*, std::string AssumedRange::*> columns[] = {
      {"link", &AssumedRange::link},    {"stage", &AssumedRange::stage}, {"key", &AssumedRange::key},
      {"value", &AssumedRange::value},  {"low", &AssumedRange::low},     {"high", &AssumedRange::high},
      {"source", &AssumedRange::source}};
  for (const auto& [name, member] : columns)
    assumed.texts(name, ranges, [member = member](const Range& entry) { return entry.item->*member; });
  using Text = Owned<std::string>;
  const std::vector<Text> warnings = of_all_cases(report, &CaseResult::warnings);
  Table(file, "warnings", "case", case_names(warnings)).texts("text", warnings, [](const Text& entry) {
    return *entry.item;
  });
}

struct FittedRow {
  std::string name;
  const FitResult* fit;
  const FittedParameter* parameter;
};

void write_fit_table(Hdf5Writer& file, const ValidationReport& report) {
  std::vector<FittedRow> rows;
  for (const CaseResult& result : report.cases)
    for (const FitResult& fit : result.fits)
      for (const FittedParameter& parameter : fit.parameters) rows.push_back({result.name, &fit, &parameter});
  Table table(file, "fitted", "case", column(rows, [](const FittedRow& row) { return row.name; }));
  table.texts("link", rows, [](const FittedRow& row) { return row.fit->link; });
  table.texts("stage", rows, [](const FittedRow& row) { return row.parameter->stage; });
  table.texts("key", rows, [](const FittedRow& row) { return row.parameter->key; });
  table.texts("unit", rows, [](const FittedRow& row) { return row.parameter->unit; });
  const std::pair<const char*, double FittedParameter::*> columns[] = {
      {"start", &FittedParameter::start},   {"lower", &FittedParameter::lower},
      {"upper", &FittedParameter::upper},   {"value", &FittedParameter::value},
      {"low_95", &FittedParameter::low_95}, {"high_95", &FittedParameter::high_95}};
  for (const auto& [name, member] : columns)
    table.numbers(name, rows, [member = member](const FittedRow& row) { return row.parameter->*member; });
  table.numbers("at_bound", rows, [](const FittedRow& row) { return row.parameter->at_bound; });
  table.numbers("converged", rows, [](const FittedRow& row) { return row.fit->converged; });
  table.numbers("rms_error", rows, [](const FittedRow& row) { return row.fit->rms_error; });
}

void write_tallies(Hdf5Writer& file, const std::string& name, const std::vector<Tally>& tallies) {
  Table table(file, name, "family", column(tallies, [](const Tally& tally) { return tally.family; }));
  const std::pair<const char*, int Tally::*> counts[] = {{"quantities", &Tally::quantities},
                                                         {"pass", &Tally::pass},
                                                         {"band", &Tally::band},
                                                         {"miss", &Tally::miss},
                                                         {"not_computed", &Tally::not_computed}};
  for (const auto& [key, member] : counts)
    table.numbers(key, tallies, [member = member](const Tally& tally) { return tally.*member; });
  table.numbers("median_error", tallies, [](const Tally& tally) { return tally.median_error; });
  table.numbers("worst_error", tallies, [](const Tally& tally) { return tally.worst_error; });
  table.texts("worst", tallies, [](const Tally& tally) { return tally.worst; });
}

void write_changes(Hdf5Writer& file, const std::vector<Change>& changes) {
  Table table(file, "changes", "quantity",
              column(changes, [](const Change& change) { return change.quantity; }));
  table.texts("kind", changes, [](const Change& change) { return report_text::change_kind(change.kind); });
  table.texts("text", changes, [](const Change& change) { return change.text; });
}

}  // namespace

void write_report_hdf5(const ValidationReport& report, const Provenance& provenance,
                       const std::string& path) {
  Hdf5Writer file(path);
  write_origin(file, "photonlink validation", validation_schema_version, provenance);
  file.attribute("/", "elapsed_s", report.elapsed_s);
  for (const CaseResult& result : report.cases) write_case(file, result);
  write_quantity_table(file, report);
  write_input_tables(file, report);
  write_fit_table(file, report);
  write_tallies(file, "measurements", report.measured);
  write_tallies(file, "predictions", report.predictions);
  write_changes(file, report.changes);
  file.close();
}

}  // namespace photonlink
