#include "studies/validation/report_page.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "core/error.hpp"
#include "sample_report.hpp"
#include "scratch.hpp"
#include "studies/validation/html.hpp"
#include "studies/validation/report_markdown.hpp"
#include "studies/validation/write_report.hpp"

using namespace photonlink;
using test::Scratch;

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// Every element is closed in order, every ampersand begins an entity. @returns the number of elements
int check_well_formed(const std::string& page) {
  std::vector<std::string> open;
  int elements = 0;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const std::size_t end = page.find('>', at);
    REQUIRE(end != std::string::npos);
    const std::string tag = page.substr(at + 1, end - at - 1), name = tag.substr(0, tag.find_first_of(" \n"));
    CHECK_MESSAGE(tag.find('<') == std::string::npos, tag);
    if (tag[0] == '!' || tag.back() == '/') continue;
    ++elements;
    if (tag[0] != '/') {
      open.push_back(name);
    } else {
      REQUIRE(!open.empty());
      CHECK_MESSAGE("/" + open.back() == name, name);
      open.pop_back();
    }
  }
  CHECK(open.empty());
  for (std::size_t at = page.find('&'); at != std::string::npos; at = page.find('&', at + 1)) {
    const std::size_t end = page.find(';', at);
    CHECK_MESSAGE((end != std::string::npos && end - at <= 6), page.substr(at, 20));
  }
  return elements;
}

const Provenance provenance{
    .program_version = "0.1.0", .build = "g++", .command = "photonlink validate \"<&\""};

}  // namespace

TEST_CASE("report page: well formed, all texts escaped, every case with its picture, table and diagnoses") {
  const std::string page = report_page(test::sample_report(), provenance);
  CHECK(check_well_formed(page) > 500);
  CHECK(holds(page, "Ring &lt;A&amp;B&gt; &quot;fast&quot;"));
  CHECK(holds(page, "<code>photonlink validate &quot;&lt;&amp;&quot;</code>"));
  CHECK(holds(page, "href=\"https://doi.org/10.1000/made.up%3C1%3E\""));
  CHECK(!holds(page, "<A&B>"));
  CHECK(!holds(page, "<yet>"));
  CHECK(holds(page,
              "the model has no coupling to the reflected mode &lt;yet&gt; &amp; the laser line is sharp"));
  CHECK(holds(page, "no diagnosis yet"));
  for (const char* name : {"overview", "ring_01", "link_01", "diode_01"})
    CHECK(holds(page, "<img src=\"" + std::string(name) + ".svg\" alt=\""));
  CHECK(occurrences(page, "alt=\"\"") == 0);
  for (const char* name : {"ring_01", "link_01", "diode_01"}) {
    CHECK(occurrences(page, "href=\"#case-" + std::string(name) + "\"") == 1);
    CHECK(occurrences(page, "id=\"case-" + std::string(name) + "\"") == 1);
  }
  CHECK(holds(page, "Inputs as published"));
  CHECK(holds(page, "typical of the process"));
  CHECK(holds(page, "50, at its bound"));
  CHECK(holds(page, "prefers-color-scheme: dark"));
  CHECK(holds(page, "@media print"));
  CHECK(page.find("link_01/power</code>: miss, was pass") <
        page.find("ring_01/tdecq</code>: pass, was miss"));
  CHECK(!holds(page, ">nan"));
  // Nothing is loaded from elsewhere.
  CHECK(!holds(page, "<script"));
  CHECK(!holds(page, "<link"));
}

TEST_CASE("report page: an empty report and a bare case are pages too") {
  CHECK(check_well_formed(report_page({}, {})) > 10);
  CaseResult bare;
  bare.name = "bare_01";
  bare.quantities.resize(1);
  CHECK(check_well_formed(case_article(bare)) > 10);
}

TEST_CASE("HTML: entities in text and attributes, percent signs in links") {
  CHECK(html::escaped("<&\"'>µ") == "&lt;&amp;&quot;&#39;&gt;µ");
  CHECK(html::percent_encoded("10.1/a b<µ>") == "10.1/a%20b%3C%C2%B5%3E");
  CHECK(html::element("td", "x", "class=\"y\"") == "<td class=\"y\">x</td>");
  CHECK(html::table({{{"only a head", ""}}}, "").empty());
}

TEST_CASE(
    "report Markdown: a row per quantity with all its cells, misses in bold with their diagnosis, fits") {
  const std::string text = case_markdown(test::sample_ring());
  CHECK(text.rfind("## Results\n\n6 of 8 (75 %) within tolerance, 1 in the band only, 1 miss.", 0) == 0);
  CHECK(holds(text, "| Electro-optic bandwidth | 83 GHz | 81 (76 … 88) | −0.35 | 5 | pass | prediction |\n"));
  CHECK(holds(
      text,
      "| Electro-optic response at 6 dB detuning<br>31 points, 1 … 67 GHz, shown: the worst, at 56 GHz |"));
  CHECK(holds(
      text,
      "- **miss** Depth of the dip: the model has no coupling to the reflected mode &lt;yet&gt; &amp; "));
  CHECK(holds(text, "| modulator.power_coupling | 0.0213 \\[0.0198, 0.0229\\] | | 0.02 | 0.001 … 0.2 |"));
  CHECK(holds(text, "50, at its bound"));
  CHECK(text.back() == '\n');
  // Every row of the first table has 7 cells.
  const std::size_t start = text.find("| quantity |"), end = text.find("\n\n", start);
  int rows = 0;
  for (std::size_t at = start; at < end; at = text.find('\n', at) + 1, ++rows)
    CHECK(occurrences(text.substr(at, text.find('\n', at) - at), "|") == 8);
  CHECK(rows == 13);
}

TEST_CASE("report Markdown: the summary has a row per family and per case, with links") {
  const std::string text = summary_markdown(test::sample_report());
  CHECK(holds(text, "| all | 13 | 8 of 13 (62 %) | 2 | 2 | 1 | 0.90 | 34.5 | link_01/power |"));
  CHECK(holds(
      text,
      "| [Ring &lt;A&amp;B&gt; \"fast\", 5 µm radius, 90 GHz](ring_01/README.md) | microring modulators |"));
  CHECK(holds(text, "Shown in the cases and not counted: 1 identity (agrees)"));
  CHECK(summary_markdown(test::sample_report()) == text);
}

TEST_CASE("Markdown: signs that would format are escaped, names with underscores are not") {
  CHECK(markdown_escaped("a|b *c* `d` [e] $f$ ~g~ \\") ==
        "a\\|b \\*c\\* \\`d\\` \\[e\\] \\$f\\$ \\~g\\~ \\\\");
  CHECK(markdown_escaped("eo_s21 _x_ <&>") == "eo_s21 \\_x\\_ &lt;&amp;&gt;");
  CHECK(markdown_escaped("two\nlines") == "two lines");
}

TEST_CASE("marked blocks: replaced in place, appended when absent, broken marks are errors, twice is once") {
  const std::string begin = results_begin, end = results_end;
  const std::string page = "# Case\n\n" + begin + "\nold\n" + end + "\n\nMore.\n";
  CHECK(replace_marked_block(page, "new\n") == "# Case\n\n" + begin + "\nnew\n" + end + "\n\nMore.\n");
  CHECK(replace_marked_block("# Case\n", "new") == "# Case\n\n" + begin + "\nnew\n" + end + "\n");
  CHECK(replace_marked_block("# Case", "new\n") == "# Case\n\n" + begin + "\nnew\n" + end + "\n");
  CHECK(replace_marked_block("", "new\n") == begin + "\nnew\n" + end + "\n");
  for (const std::string& text : {page, std::string("# Case\n"), std::string()}) {
    const std::string once = replace_marked_block(text, "new\n");
    CHECK(replace_marked_block(once, "new\n") == once);
  }
  for (const std::string& broken :
       {begin + "\n", end + "\n", end + begin, begin + begin + end, begin + end + end})
    CHECK_THROWS_AS(replace_marked_block(broken, "new\n"), ConfigError);
  CHECK_THROWS_WITH_AS(replace_marked_block(begin, ""), doctest::Contains("restore it or remove both"),
                       ConfigError);
}

TEST_CASE("write report: everything in one folder, whole or not at all") {
  const Scratch scratch;
  Context context(2);
  const std::string folder = scratch.file("report");
  write_report(test::sample_report(), provenance, folder, context);
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) found += entry.is_regular_file();
  CHECK(found == 11);  // JSON, HDF5, page, four pictures twice
  for (const char* name : {"validation.json", "validation.h5", "report.html", "overview.svg", "overview.png",
                           "ring_01.svg", "link_01.png"})
    CHECK_MESSAGE(!test::text_of(folder + "/" + name).empty(), name);
  // A case that cannot be written leaves the old folder.
  CaseResult bad;
  bad.name = "missing/folder";
  CHECK_THROWS_AS(write_report(test::sample_report({bad}), provenance, folder, context), IoError);
  CHECK(!test::text_of(folder + "/ring_01.svg").empty());
  CHECK(scratch.entries() == 1);
}
