"""photonlink validate from outside: a made-up case runs, passes, misses, gets worse; bad cases and folders are refused.

Usage: validate_test.py COMMAND SOURCE_ROOT [unittest arguments]
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
COMMAND = str(pathlib.Path(sys.argv[1]).resolve())
SOURCE = pathlib.Path(sys.argv[2]).resolve()
OK, BAD_INPUT, FILE_ERROR, GOT_WORSE = 0, 2, 3, 6

# Q 3900 at 1310 nm: the linewidth is 58.7 GHz, 58.6 GHz at half depth below the level between the resonances.
CASE = """schema = 1
title = "made up"
family = "tests"
citation = "nobody"
read = "not at all"
[[link]]
name = "ring"
[[link.stage]]
device = "cw_laser"
name = "laser"
[[link.stage]]
device = "microring_modulator"
name = "ring"
q_loaded = 3900
detuning_mode = "fixed"
detuning = "0 Hz"
[[quantity]]
name = "width"
link = "ring"
observable = "linewidth"
published = "58 GHz"
tolerance = "1 GHz"
reason = "made up"
[[quantity]]
name = "q"
link = "ring"
observable = "q_loaded"
published = 3000
tolerance = 100
reason = "made up"
diagnosis = "it was never so"
"""


class Validate(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="photonlink-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.case(CASE)

    def case(self, text, name="made_up"):
        (self.folder / "cases" / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "cases" / name / "case.toml").write_text(text, encoding="utf-8")

    def run_command(self, *arguments, cases="cases"):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PHOTONLINK_")}
        return subprocess.run([COMMAND, "validate", "--cases", cases, *arguments], cwd=self.folder, env=clean,
                              capture_output=True, text=True, timeout=60, check=False)

    def record(self):
        self.assertEqual(self.run_command("--record", "-q").returncode, OK)

    def test_passes_and_misses_are_printed_and_written(self):
        done = self.run_command()
        self.assertEqual(done.returncode, OK, done.stderr)
        self.assertRegex(done.stdout, r"width +58 +58\.6 +GHz +\+0\.60 +1 +pass +prediction")
        self.assertRegex(done.stdout, r"q +3000 +3905 +\+9\.05 +100 +miss")
        self.assertIn("it was never so", done.stdout)
        written = {p.name for p in (self.folder / "results/validation").iterdir()}
        self.assertEqual(written, {"validation.json", "validation.h5", "report.html", "overview.png", "overview.svg",
                                   "made_up.png", "made_up.svg"})
        report = json.loads((self.folder / "results/validation/validation.json").read_text(encoding="utf-8"))
        verdicts = {q["name"]: q["verdict"] for q in report["cases"][0]["quantities"]}
        self.assertEqual(verdicts, {"width": "pass", "q": "miss"})
        shown = self.run_command("--json")
        self.assertEqual(json.loads(shown.stdout)["cases"][0]["quantities"], report["cases"][0]["quantities"])

    def test_the_status_tells_what_got_worse(self):
        self.record()
        self.assertEqual(self.run_command("-q").returncode, OK)
        self.case(CASE.replace("q_loaded = 3900", "q_loaded = 3800"))
        done = self.run_command()
        self.assertEqual(done.returncode, GOT_WORSE)
        self.assertRegex(done.stdout, r"worse.*made_up/width")
        self.record()
        self.assertEqual(self.run_command("-q").returncode, OK)

    def test_a_loosened_tolerance_or_a_missing_quantity_is_worse(self):
        self.record()
        self.case(CASE.replace('tolerance = "1 GHz"', 'tolerance = "5 GHz"'))
        self.assertEqual(self.run_command("-q").returncode, GOT_WORSE)
        self.case(CASE[:CASE.index('[[quantity]]\nname = "q"')])
        self.assertEqual(self.run_command("-q").returncode, GOT_WORSE)

    def test_recording_writes_pages_and_keeps_what_people_wrote(self):
        page = self.folder / "cases/made_up/README.md"
        page.write_text("# Made up\n\nBy a person.\n", encoding="utf-8")
        self.record()
        first = page.read_text(encoding="utf-8")
        self.assertIn("By a person.", first)
        self.assertIn("| width", first)
        self.assertTrue((self.folder / "cases/made_up/result.png").is_file())
        self.assertIn("made_up", (self.folder / "cases/README.md").read_text(encoding="utf-8"))
        self.record()
        self.assertEqual(page.read_text(encoding="utf-8"), first)

    def test_bad_cases_are_refused_with_every_problem_and_no_results(self):
        self.case(CASE.replace('"58 GHz"', '"58 dB"').replace("q_loaded = 3900", "q_loaded = 1"))
        self.case(CASE.replace("linewidth", "linewith"), "second")
        done = self.run_command()
        self.assertEqual(done.returncode, BAD_INPUT)
        self.assertEqual(len(done.stderr.splitlines()), 3, done.stderr)
        for word in ('made_up/case.toml:14:12: link[0].stage[1] \'ring\'', "q_loaded = 1 is outside [",
                     "published = \"58 dB\"", "did you mean 'linewidth'?"):
            self.assertIn(word, done.stderr)
        self.assertFalse((self.folder / "results").exists())

    def test_unknown_cases_and_folders_are_refused(self):
        done = self.run_command("made_pu")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.assertIn("did you mean 'made_up'?", done.stderr)
        done = self.run_command(cases="nowhere")
        self.assertEqual(done.returncode, FILE_ERROR)
        self.assertIn("--cases", done.stderr)
        (self.folder / "mine").mkdir()
        (self.folder / "mine/thesis.tex").write_text("years of work", encoding="utf-8")
        done = self.run_command("-o", "mine")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.assertIn("thesis.tex", done.stderr)

    def test_folders_that_are_not_results_are_kept(self):
        pictures = self.folder / "holiday"
        (pictures / "trip.png").mkdir(parents=True)
        (pictures / "trip.png/data.txt").write_text("precious", encoding="utf-8")
        (pictures / "beach.svg").write_text("<svg/>", encoding="utf-8")
        self.assertEqual(self.run_command("-q", "-o", "holiday").returncode, BAD_INPUT)
        (self.folder / "album").mkdir()
        (self.folder / "album/beach.png").write_text("sun", encoding="utf-8")
        done = self.run_command("-q", "-o", "album")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.assertIn("beach.png", done.stderr)
        (self.folder / "link").symlink_to("album")
        self.assertIn("symbolic link", self.run_command("-q", "-o", "link").stderr)
        self.assertTrue((pictures / "trip.png/data.txt").exists() and (self.folder / "album/beach.png").exists())

    def test_removed_cases_leave_the_record_and_damaged_pages_stop_it(self):
        self.case(CASE, "second")
        self.record()
        shutil.rmtree(self.folder / "cases/second")
        self.assertEqual(self.run_command("-q").returncode, GOT_WORSE)
        self.record()
        self.assertEqual(self.run_command("-q").returncode, OK)
        page = self.folder / "cases/made_up/README.md"
        page.write_text(page.read_text(encoding="utf-8").replace("<!-- end of results -->", ""), encoding="utf-8")
        (self.folder / "cases/made_up/result.png").unlink()
        done = self.run_command("-q", "--record")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.assertIn("made_up/README.md", done.stderr)
        self.assertFalse((self.folder / "cases/made_up/result.png").exists())

    def test_case_names_that_collide(self):
        self.assertEqual(self.run_command("-q", "made_up", "made_up").returncode, OK)
        self.case(CASE, "overview")
        done = self.run_command("-q")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.assertIn("rename the folder", done.stderr)

    def test_misspelled_parts_of_a_sum_are_told(self):
        block = CASE[CASE.index("[[quantity]]"):]
        quantity = block[:block.index("[[quantity]]", 5)].replace('"width"', '"delay"').replace("linewidth", "latency")
        quantity = quantity.replace('"58 GHz"', '"16 ps"').replace('"1 GHz"', '"1 ps"')
        self.case(CASE + quantity + 'components = ["ring", "rong"]\n')
        done = self.run_command()
        self.assertIn('no stage of the link is called "rong"; its stages are laser, ring', done.stdout)

    def test_schema_of_cases(self):
        def schema(*arguments):
            done = subprocess.run([COMMAND, "schema", *arguments], capture_output=True, text=True, timeout=60,
                                  check=False)
            return done.returncode, done.stdout, done.stderr
        self.assertIn("quantity", json.loads(schema("case")[1])["definitions"])
        self.assertEqual(schema("study"), schema())
        self.assertEqual(schema("links")[0], BAD_INPUT)

    def test_lint_checks_a_case_without_running_it(self):
        path = str(self.folder / "cases/made_up/case.toml")
        done = subprocess.run([COMMAND, "lint", path], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (OK, f"{path}: no problem found\n"))
        self.case(CASE.replace("tolerance = 100\n", ""))
        done = subprocess.run([COMMAND, "lint", path], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, BAD_INPUT)
        self.assertIn("tolerance is missing", done.stderr)


class Pages(unittest.TestCase):
    def test_every_recorded_miss_of_the_project_has_a_diagnosis(self):
        recorded = json.loads((SOURCE / "validation/recorded.json").read_text(encoding="utf-8"))
        misses = [(case, quantity) for case, entries in recorded["cases"].items()
                  for quantity, entry in entries.items() if entry["verdict"] == "miss"]
        self.assertGreater(len(misses), 0)
        for case, quantity in misses:
            text = (SOURCE / "validation" / case / "case.toml").read_text(encoding="utf-8")
            block = re.search(rf'\[\[quantity\]\]\nname = "{quantity}"\n(?:(?!\n\[\[).|\n(?!\[\[))*', text)[0]
            self.assertIn("\ndiagnosis = ", block, f"{case}/{quantity}")

    def test_every_case_has_a_page_with_its_results(self):
        for case in sorted(p.parent for p in (SOURCE / "validation").glob("*/case.toml")):
            page = (case / "README.md").read_text(encoding="utf-8")
            self.assertIn("result.png", page, case)
            self.assertTrue((case / "result.png").is_file(), case)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
