#include "studies/validation/quantity_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/spelling.hpp"
#include "studies/parameter_reader.hpp"
#include "studies/validation/csv_table.hpp"
#include "studies/validation/link_variant.hpp"
#include "studies/validation/quantity_words.hpp"

namespace photonlink {

namespace {

using Need = Reporter::Need;
using Numbers = std::vector<double>;

FieldInfo row_of(const std::string& name, Quantity unit, bool list) {
  FieldInfo row{name, "", unit, 0.0, -INFINITY, INFINITY, std::nullopt, {}};
  if (list) row.default_value = Numbers{};
  return row;
}

std::optional<double> read_number(const Node& node, const std::string& label, Quantity unit,
                                  const Reporter& reporter) {
  const auto value = read_value(node, label, row_of(label, unit, false), reporter);
  return value ? std::optional(std::get<double>(*value)) : std::nullopt;
}

std::optional<Numbers> read_numbers(const Node& node, const std::string& label, Quantity unit,
                                    const Reporter& reporter) {
  const auto value = read_value(node, label, row_of(label, unit, true), reporter);
  return value ? std::optional(std::get<Numbers>(*value)) : std::nullopt;
}

class QuantityReader {
 public:
  QuantityReader(const Node& node, const CaseSpec& spec, Reporter reporter)
      : node_(node), table_(*node.table()), case_(spec), reporter_(std::move(reporter)) {}

  std::optional<QuantitySpec> read() {
    const std::size_t before = reporter_.problems.messages().size();
    q_.name = read_key_name(node_, reporter_);
    q_.link = reporter_.text(node_, "link", Need::required);
    const LinkSpec* link = find_link(case_, q_.link);
    if (!link && !q_.link.empty())
      report("link", fmt::format("link = \"{}\": no such link{}", q_.link, links()));
    const std::string observable = reporter_.text(node_, "observable", Need::required);
    q_.observable = find_observable(observable);
    if (!q_.observable) {
      if (!observable.empty())
        report("observable",
               fmt::format("observable = \"{}\": unknown{}", observable, observables(observable)));
      return std::nullopt;
    }
    read_words();
    if (link) {
      check_link(*link);
      read_sweep(*link);
    }
    read_points();
    read_tolerance();
    check_limit();
    return reporter_.problems.messages().size() == before ? std::optional(q_) : std::nullopt;
  }

 private:
  void report(std::string_view key, const std::string& text) const {
    report_at_key(node_, key, text, reporter_);
  }
  const Member* find(std::string_view key) const { return find_member(table_, key); }

  std::string links() const { return suggestion(q_.link, link_names(case_.links)); }
  static std::string observables(const std::string& name) {
    std::vector<std::string> names;
    for (const ObservableType& type : observable_types()) names.push_back(type.name);
    const std::string nearest = nearest_name(name, names);
    return nearest.empty() ? fmt::format("; the observables are: {}", fmt::join(names, ", "))
                           : fmt::format("; did you mean '{}'?", nearest);
  }

  void read_words() {
    static const std::vector<FieldInfo> words = describe<QuantityWords>();
    std::vector<FieldInfo> rows = words;
    for (FieldInfo& row : argument_rows(*q_.observable)) rows.push_back(std::move(row));
    QuantityWords w;
    for (const auto& [key, value] :
         read_parameters(table_, rows,
                         {"name", "link", "observable", "published", "at", "data", "columns", "units",
                          "sweep", "reading_error", "tolerance"},
                         reporter_)) {
      if (find_row(words, key))
        set(w, key, value);
      else
        set(q_.arguments, key, value);
    }
    q_.title = w.title.empty() ? q_.name : w.title;
    q_.reason = w.reason;
    q_.diagnosis = w.diagnosis;
    skip_rows_ = static_cast<std::size_t>(w.skip_rows);
    for (const Role role :
         {Role::measurement, Role::alternative, Role::fit, Role::identity, Role::arithmetic, Role::code})
      if (role_name(role) == w.role) q_.role = role;
    q_.bound = w.bound == "at_least" ? Bound::at_least : w.bound == "at_most" ? Bound::at_most : Bound::value;
    q_.measure = w.measure == "rms" ? Measure::rms : Measure::worst;
    if (w.reason.find_first_not_of(" \t\n") == w.reason.npos)
      report("reason", "reason is missing; say why the tolerance is what it is");
  }

  void check_link(const LinkSpec& link) const {
    // A part of a link that sends no symbols needs no rate.
    const bool sends = !link.stages.empty() && link.stages.front().device == "serdes_transmitter";
    if ((q_.observable->needs_symbol_rate || sends) && !(link.symbol_rate_Bd > 0.0))
      report("observable", fmt::format("{} needs a symbol rate; give link '{}' a symbol_rate",
                                       q_.observable->name, link.name));
    if (!q_.observable->needs_ends) return;
    if (link.stages.empty() || link.stages.front().device != "serdes_transmitter" ||
        link.stages.back().device != "serdes_receiver")
      report(
          "observable",
          fmt::format("{} needs a whole link; link '{}' must begin with a serdes_transmitter and end with a "
                      "serdes_receiver",
                      q_.observable->name, link.name));
  }

  void read_sweep(const LinkSpec& link) {
    if (q_.observable->x_unit) {
      q_.sweep.kind = SweepSpec::Kind::abscissa;
      q_.sweep.quantity = *q_.observable->x_unit;
    }
    const Member* member = find("sweep");
    if (!member) return;
    if (q_.observable->x_unit)
      return report("sweep", fmt::format("{} runs over {} already; remove sweep", q_.observable->name,
                                         q_.observable->x_label));
    const std::string name = reporter_.text(node_, "sweep", Need::required);
    if (name.find('.') == name.npos) return read_argument_sweep(name);
    const ParameterPath path = find_parameter(link, name, member->node.place, reporter_);
    if (path.stage < 0) return;
    if (!std::holds_alternative<double>(path.row->default_value))
      return report("sweep", fmt::format("sweep = \"{}\": only numbers can be swept", name));
    q_.sweep = {SweepSpec::Kind::parameter, path.stage_name, path.key, path.row->unit};
  }

  void read_argument_sweep(const std::string& name) {
    const std::vector<FieldInfo> rows = argument_rows(*q_.observable);
    const FieldInfo* row = find_row(rows, name);
    if (row && std::holds_alternative<double>(row->default_value)) {
      q_.sweep = {SweepSpec::Kind::argument, "", name, row->unit};
      return;
    }
    std::vector<std::string> names;
    for (const FieldInfo& each : rows)
      if (std::holds_alternative<double>(each.default_value)) names.push_back(each.name);
    report("sweep", fmt::format("sweep = \"{}\": no argument of {}; write one of them{} or \"stage.key\"",
                                name, q_.observable->name,
                                names.empty() ? "" : fmt::format(" ({})", fmt::join(names, ", "))));
  }

  void read_points() {
    const bool runs = q_.sweep.kind != SweepSpec::Kind::none;
    for (const char* key : {"columns", "units", "skip_rows"})
      if (find(key) && !find("data")) report(key, fmt::format("{} belongs to data, which is missing", key));
    if (find("data")) {
      if (!runs) return report("data", "a table of points needs a sweep, or an observable that is a curve");
      return read_table();
    }
    const Member* at = find("at");
    if (at && !runs) return report("at", "points need a sweep, or an observable that is a curve");
    if (!at && runs)
      return report("at", fmt::format("at is missing: the {} of the published points, or data", x_name()));
    if (at) {
      if (const auto x = read_numbers(at->node, "at", q_.sweep.quantity, reporter_)) q_.x = *x;
      if (at->node.array() && !at->node.array()->empty()) q_.x_unit = unit_of(at->node.array()->front());
    }
    const Member* published = find("published");
    if (!published) return report("published", "published is missing");
    read_published(published->node, at != nullptr);
  }

  std::string x_name() const {
    return q_.sweep.kind == SweepSpec::Kind::abscissa ? q_.observable->x_label : q_.sweep.key;
  }

  void read_published(const Node& node, bool listed) {
    if (!node.array()) {
      if (listed)
        return reporter_.report(node.place,
                                "published is one value; a list with one for each point of at is expected");
      if (const auto value = read_number(node, "published", q_.observable->unit, reporter_)) {
        q_.published = {*value};
        q_.published_high = {NAN};
      }
      q_.unit = unit_of(node);
      return;
    }
    const auto values = read_numbers(node, "published", q_.observable->unit, reporter_);
    if (!values) return;
    if (values->empty()) return reporter_.report(node.place, "published is empty");
    q_.unit = unit_of(node.array()->front());
    if (listed) {
      if (values->size() != q_.x.size())
        return reporter_.report(
            node.place, fmt::format("{} published values for {} points of at", values->size(), q_.x.size()));
      q_.published = *values;
      q_.published_high.assign(values->size(), NAN);
      return;
    }
    if (values->size() != 2 || !((*values)[0] <= (*values)[1]) || q_.bound != Bound::value)
      return reporter_.report(node.place,
                              "a list without at is an interval: two values, the lower one first");
    q_.bound = Bound::interval;
    q_.published = {(*values)[0]};
    q_.published_high = {(*values)[1]};
  }

  std::vector<std::string> read_words_list(std::string_view key) {
    const Member* member = find(key);
    FieldInfo row{std::string(key), "", Quantity::dimensionless, std::vector<std::string>{}, 0, 0,
                  std::nullopt,     {}};
    if (member) {
      if (const auto value = read_value(member->node, row.name, row, reporter_)) {
        auto words = std::get<std::vector<std::string>>(*value);
        if (words.size() == 2) return words;
        report(key, fmt::format("{} holds {} words; two are expected, of the abscissa and of the value", key,
                                words.size()));
      }
    } else {
      report(key, fmt::format("{} is missing; write the two of abscissa and value", key));
    }
    return {};
  }

  /// Number in the unit of the file, NaN after reporting.
  double convert(double value, const std::string& unit, Quantity quantity, std::string_view key) {
    try {
      return parse_quantity(unit.empty() ? fmt::format("{}", value) : fmt::format("{} {}", value, unit),
                            quantity);
    } catch (const ConfigError& error) {
      if (!conversion_failed_) report(key, error.what());
      conversion_failed_ = true;
      return NAN;
    }
  }

  void read_table() {
    if (find("at") || find("published")) report("data", "data gives the points; remove at and published");
    const auto columns = read_words_list("columns"), units = read_words_list("units");
    const std::string file = reporter_.text(node_, "data", Need::required);
    if (columns.empty() || units.empty() || file.empty()) return;
    const std::string path = resolve_beside(find("data")->node.place, file);
    CsvTable table;
    try {
      table = read_csv_table(path);
    } catch (const IoError& error) {
      return report("data", error.what());
    }
    std::vector<const Numbers*> wanted;
    for (const std::string& name : columns) {
      const auto found = std::find(table.columns.begin(), table.columns.end(), name);
      if (found == table.columns.end())
        return report("columns",
                      fmt::format("{}: no column \"{}\"{}", path, name, suggestion(name, table.columns)));
      wanted.push_back(&table.values[static_cast<std::size_t>(found - table.columns.begin())]);
    }
    if (wanted[0]->size() <= skip_rows_)
      return report("data", fmt::format("{}: {} rows, of which {} are skipped; nothing is left", path,
                                        wanted[0]->size(), skip_rows_));
    for (std::size_t k = skip_rows_; k < wanted[0]->size(); ++k) {
      q_.x.push_back(convert((*wanted[0])[k], units[0], q_.sweep.quantity, "units"));
      q_.published.push_back(convert((*wanted[1])[k], units[1], q_.observable->unit, "units"));
    }
    q_.published_high.assign(q_.published.size(), NAN);
    q_.x_unit = units[0];
    q_.unit = units[1];
  }

  void read_tolerance() {
    const Quantity kind = q_.observable->difference_unit();
    const Member* member = find("tolerance");
    if (!member)
      return report("tolerance", "tolerance is missing; say how near is near enough, and why under reason");
    q_.tolerance_unit = unit_of(member->node);
    const std::string* text = member->node.text();
    double value = NAN;
    if (text && text->ends_with('%')) {
      if (const auto share = read_share(*text)) {
        q_.tolerance_unit = q_.unit;
        for (const double each : q_.published) q_.tolerance.push_back(*share * std::abs(each));
        if (std::find(q_.published.begin(), q_.published.end(), 0.0) != q_.published.end())
          report(
              "tolerance",
              fmt::format("tolerance = \"{}\" of a published 0 is 0; write a quantity with its unit", *text));
        value = *share;
      }
    } else if (const auto number = read_number(member->node, "tolerance", kind, reporter_)) {
      value = *number;
      q_.tolerance.assign(q_.published.size(), value);
    }
    if (value <= 0.0) report("tolerance", fmt::format("tolerance = {}: must be above 0", show(member->node)));
    if (const Member* error = find("reading_error"))
      if (const auto number = read_number(error->node, "reading_error", kind, reporter_)) {
        q_.reading_error = *number;
        if (*number < 0.0)
          report("reading_error", fmt::format("reading_error = {}: must be at least 0", show(error->node)));
      }
  }

  /// What a search does not reach it cannot confirm: a band that is open at `limit` counts as infinite.
  void check_limit() {
    const auto& keys = q_.observable->arguments;
    if (std::find(keys.begin(), keys.end(), "limit") == keys.end() ||
        q_.observable->unit != Quantity::frequency)
      return;
    for (std::size_t k = 0; k < q_.published.size() && k < q_.tolerance.size(); ++k) {
      const double high = std::fmax(q_.published[k], q_.published_high[k]) + q_.tolerance[k];
      if (high < q_.arguments.limit_Hz) continue;
      return report("limit",
                    fmt::format("limit = {} must lie above the published value and its tolerance, {}: "
                                "the search ends there",
                                format_quantity(q_.arguments.limit_Hz, Quantity::frequency),
                                format_quantity(high, Quantity::frequency)));
    }
  }

  std::optional<double> read_share(const std::string& text) {
    try {
      return parse_quantity(text.substr(0, text.size() - 1), Quantity::dimensionless) / 100.0;
    } catch (const ConfigError&) {
      report("tolerance", fmt::format("tolerance = \"{}\": write for example \"10 %\"", text));
      return std::nullopt;
    }
  }

  const Node& node_;
  const Node::Table& table_;
  const CaseSpec& case_;
  Reporter reporter_;
  QuantitySpec q_;
  std::size_t skip_rows_ = 0;
  bool conversion_failed_ = false;
};

}  // namespace

std::string unit_of(const Node& node) {
  const std::string* text = node.text();
  if (!text) return {};
  const std::size_t at = text->find_first_not_of("+-0123456789.eE \t");
  // "1e-9 m": the exponent's e belongs to the number, a unit never starts with one.
  return at == text->npos ? std::string{} : text->substr(at, text->find_last_not_of(" \t") - at + 1);
}

std::optional<QuantitySpec> read_quantity(const Node& node, const std::string& path, const CaseSpec& spec,
                                          ProblemList& problems) {
  const Member* name = find_member(*node.table(), "name");
  const bool named = name && name->node.text();
  return QuantityReader(
             node, spec,
             {problems, named ? fmt::format("{} '{}'", path, name->node.text()->substr(0, 64)) : path})
      .read();
}

}  // namespace photonlink
