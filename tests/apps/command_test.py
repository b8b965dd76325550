"""The photonlink command from outside: what it prints, its exit status, and that bad input leaves no results.

Usage: command_test.py COMMAND SOURCE_ROOT [unittest arguments]
Every refusal is checked for its exit status, for one message that names the thing and the fix, for silence on standard
output and for a results folder that does not exist afterwards.
"""
import gzip
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import unittest

sys.dont_write_bytecode = True
COMMAND = str(pathlib.Path(sys.argv[1]).resolve())
SOURCE = pathlib.Path(sys.argv[2]).resolve()
OK, BAD_INPUT, FILE_ERROR, MISSES, INTERRUPTED = 0, 2, 3, 5, 130

# A copper link over an ideal through line: the smallest study that goes through the whole program.
STUDY = """schema = 1
name = "small"
[[link]]
name = "short"
modulation = "NRZ"
symbol_rate = "10 GBd"
samples_per_symbol = 8
pattern = "PRBS7"
target_ber = 1e-12
[[link.stage]]
device = "serdes_transmitter"
name = "tx"
[[link.stage]]
device = "touchstone_channel"
name = "line"
file = "line.s4p"
[[link.stage]]
device = "serdes_receiver"
name = "rx"
noise = "1e-8 V^2/GHz"
"""
# The stage transmits 0.8 of the voltage, wires 1-2 and 3-4, 50 ohm.
ROWS = "0 0 .8 0 0 0 0 0\n.8 0 0 0 0 0 0 0\n0 0 0 0 0 0 .8 0\n0 0 0 0 .8 0 0 0\n"
HEADER = "# GHz S RI R 50\n"
POINTS = [f"{f} {ROWS}" for f in range(0, 41)]
PORTS = "port_map = [1, 3, 2, 4]\n"


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="photonlink-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.study(STUDY.replace('file = "line.s4p"\n', 'file = "line.s4p"\n' + PORTS))
        self.write("line.s4p", HEADER + "".join(POINTS))

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def study(self, text):
        self.text = text
        self.write("study.toml", text)

    def edit(self, old, new):
        self.assertIn(old, self.text)
        self.study(self.text.replace(old, new))

    def run_command(self, *arguments, environment=None, **options):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PHOTONLINK_") and k != "NO_COLOR"}
        return subprocess.run([COMMAND, *arguments], cwd=self.folder, env={**clean, **(environment or {})},
                              capture_output=True, text=True, timeout=60, check=False, **options)

    def assert_no_results(self):
        left = [p.name for p in self.folder.rglob("*")
                if "partial" in p.name or p.name in ("result.json", "result.h5", "comparison.png")]
        self.assertEqual(left, [])

    def refuse(self, status, *words, arguments=("compare", "study.toml"), lines=1, **options):
        done = self.run_command(*arguments, **options)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.splitlines()), lines, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assert_no_results()


class BadStudies(Case):
    def test_unknown_key_names_place_and_suggestion(self):
        self.edit('name = "rx"\n', 'name = "rx"\nnoize = "1 V"\n')
        self.refuse(BAD_INPUT, "study.toml:21:1:", "link[0].stage[2] 'rx'", "noize", "did you mean 'noise'?")

    def test_wrong_unit_names_the_units_that_fit(self):
        self.edit("10 GBd", "10 GHz")
        self.refuse(BAD_INPUT, "symbol_rate = \"10 GHz\"", "is not a symbol rate", "GBd")

    def test_bare_number_on_a_quantity(self):
        self.edit('"10 GBd"', "10e9")
        self.refuse(BAD_INPUT, "symbol_rate", "has no unit", "write for example")

    def test_value_out_of_range_names_the_range(self):
        self.edit('name = "tx"\n', 'name = "tx"\nswing = "1 kV"\n')
        self.refuse(BAD_INPUT, "'tx'", "swing = 1 kV is outside [")

    def test_all_problems_are_reported_at_once(self):
        self.edit('name = "tx"\n', 'name = "tx"\nswing = "1 kV"\n')
        self.edit("10 GBd", "10 GHz")
        self.refuse(BAD_INPUT, "swing", "symbol_rate", lines=2)

    def test_unknown_device_gets_a_suggestion(self):
        self.edit('"serdes_receiver"', '"serdes_reciever"')
        self.refuse(BAD_INPUT, "serdes_reciever", "did you mean 'serdes_receiver'?")

    def test_unknown_card(self):
        self.edit('name = "tx"\n', 'name = "tx"\ncard = "serdes_kr5"\n')
        self.refuse(BAD_INPUT, "serdes_kr5", "did you mean 'serdes_kr4'?")

    def test_schema_of_another_version(self):
        self.edit("schema = 1", "schema = 99")
        self.refuse(BAD_INPUT, "schema = 99", "this program reads schema = 1")

    def test_link_that_does_not_end_in_a_receiver(self):
        self.study(self.text.split('[[link.stage]]\ndevice = "serdes_receiver"')[0])
        self.refuse(BAD_INPUT, "short", "serdes_receiver")

    def test_missing_study(self):
        self.refuse(FILE_ERROR, "absent.toml", "cannot be opened", "check the name", arguments=("compare", "absent.toml"))

    def test_folder_as_study(self):
        self.refuse(FILE_ERROR, "is a folder", arguments=("compare", "."))

    def test_broken_syntax_names_the_line(self):
        self.study("schema = \n")
        done = self.run_command("compare", "study.toml")
        self.assertIn(done.returncode, (BAD_INPUT, FILE_ERROR))
        self.assertIn("study.toml:1", done.stderr)
        self.assert_no_results()

    def test_empty_study(self):
        self.study("")
        self.refuse(BAD_INPUT, "schema is missing", "name is missing", "there is no link", lines=3)

    def test_unknown_link_lists_the_links(self):
        self.refuse(BAD_INPUT, "no link 'long'", "short", arguments=("run", "study.toml", "long"))


class BadChannels(Case):
    def channel(self, text, name="line.s4p"):
        self.write(name, text)
        self.edit("line.s4p", name)

    def test_missing_file(self):
        self.edit("line.s4p", "lien.s4p")
        self.refuse(BAD_INPUT, "there is no file lien.s4p", "paths are relative to the file")

    def test_cut_off_file(self):
        self.channel(HEADER + "".join(POINTS)[:-30])
        self.refuse(FILE_ERROR, "line.s4p:", "4 ports", "need 33", "export the file again")

    def test_frequencies_that_do_not_rise(self):
        self.channel(HEADER + "".join(POINTS[:9] + POINTS[7:8] + POINTS[9:]))
        self.refuse(FILE_ERROR, "line.s4p:38", "frequency 7 follows 8", "sort the file")

    def test_wrong_port_count_for_the_ending(self):
        self.channel(HEADER + "".join(f"{f} 0 0 1 0 1 0 0 0\n" for f in range(41)))
        self.refuse(FILE_ERROR, "need 33", "the data fit .s2p")

    def test_two_port_file_for_a_differential_channel(self):
        self.channel(HEADER + "".join(f"{f} 0 0 1 0 1 0 0 0\n" for f in range(41)), "line.s2p")
        self.refuse(BAD_INPUT, "line", "port", "line.s2p", "port_map")

    def test_not_a_number(self):
        self.channel(HEADER + "".join(POINTS).replace(".8", "nan", 1))
        self.refuse(FILE_ERROR, "line.s4p:2", '"nan" is not a finite number', "export the file again")

    def test_gzip_bomb_stops_at_the_limit(self):
        with gzip.open(self.folder / "bomb.s4p.gz", "wb", compresslevel=9) as file:
            for _ in range(520):  # MiB of blanks: 0.5 MB on disk, beyond the limit of 512 MiB in memory
                file.write(b" " * (1 << 20))
        self.edit("line.s4p", "bomb.s4p.gz")
        self.refuse(FILE_ERROR, "bomb.s4p.gz", "holds more than 536870912 bytes")

    def test_cut_off_gzip(self):
        whole = gzip.compress((HEADER + "".join(POINTS)).encode())
        (self.folder / "line.s4p.gz").write_bytes(whole[:-40])
        self.edit("line.s4p", "line.s4p.gz")
        self.refuse(FILE_ERROR, "line.s4p.gz", "is cut off", "copy the file again")

    def test_lint_sees_the_channel_too(self):
        self.channel(HEADER + "".join(POINTS).replace(".8", "nan", 1))
        self.refuse(FILE_ERROR, '"nan"', arguments=("lint", "study.toml"))


class BadPlaces(Case):
    def test_output_below_a_file(self):
        self.refuse(FILE_ERROR, "study.toml/x", "a part of the path is a file",
                    arguments=("compare", "study.toml", "-o", "study.toml/x"))

    def test_output_where_nobody_can_write(self):
        self.refuse(FILE_ERROR, "/proc/photonlink/x", "cannot write",
                    arguments=("compare", "study.toml", "-o", "/proc/photonlink/x"))

    def test_output_folder_with_other_files_is_left_alone(self):
        (self.folder / "thesis").mkdir()
        self.write("thesis/chapter.txt", "text")
        self.refuse(BAD_INPUT, "thesis", "chapter.txt", "choose another --out",
                    arguments=("compare", "study.toml", "-o", "thesis"))
        self.assertTrue((self.folder / "thesis/chapter.txt").exists())

    def test_full_disk_keeps_the_old_results(self):
        self.assertEqual(self.run_command("compare", "study.toml", "-q").returncode, OK)
        before = (self.folder / "results/small/result.json").read_bytes()
        limit = 20000  # bytes, below every result file
        done = self.run_command("compare", "study.toml",
                                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        self.assertEqual(done.returncode, FILE_ERROR, done.stderr)
        self.assertEqual((done.stdout, len(done.stderr.splitlines())), ("", 1), done.stderr)
        self.assertEqual((self.folder / "results/small/result.json").read_bytes(), before)
        self.assertEqual(os.listdir(self.folder / "results"), ["small"])

    def test_cards_folder_that_does_not_exist(self):
        self.refuse(FILE_ERROR, "PHOTONLINK_CARDS = /absent", "correct or unset it",
                    environment={"PHOTONLINK_CARDS": "/absent"})

    def test_bad_thread_count_in_the_environment(self):
        self.refuse(BAD_INPUT, "PHOTONLINK_THREADS = many", "from 1 to 1024",
                    environment={"PHOTONLINK_THREADS": "many"})

    def test_standard_output_that_cannot_be_written(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([COMMAND, "schema"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, FILE_ERROR, done.stderr)
        self.assertIn("standard output", done.stderr)

    def test_reader_that_leaves_early_is_no_reason_for_words(self):
        with subprocess.Popen([COMMAND, "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b"")


class Usage(Case):
    def test_bad_option(self):
        self.refuse(BAD_INPUT, "--colour", "--help", arguments=("compare", "study.toml", "--colour"), lines=2)

    def test_no_subcommand(self):
        self.refuse(BAD_INPUT, "subcommand is required", arguments=(), lines=2)

    def test_bad_threads_option(self):
        self.refuse(BAD_INPUT, "--threads", "0", "1 to 1024",
                    arguments=("compare", "study.toml", "--threads", "0"), lines=2)

    def test_unknown_solver(self):
        self.refuse(BAD_INPUT, "--solver", "magic", arguments=("compare", "study.toml", "--solver", "magic"), lines=2)

    def test_unknown_device_gets_a_suggestion(self):
        self.refuse(BAD_INPUT, "no device 'photodoide'", "did you mean 'photodiode'?",
                    arguments=("devices", "photodoide"))

    def test_version(self):
        done = self.run_command("--version")
        self.assertEqual((done.returncode, done.stderr), (OK, ""))
        self.assertRegex(done.stdout, r"^photonlink \d+\.\d+\.\d+\n$")

    def test_help_lists_the_exit_status(self):
        done = self.run_command("--help")
        self.assertEqual((done.returncode, done.stderr), (OK, ""))
        self.assertIn("Exit status", done.stdout)


class Descriptions(Case):
    def test_every_device_of_the_list_has_a_page_of_its_own(self):
        listed = json.loads(self.run_command("devices", "--json").stdout)
        names = [device["name"] for device in listed]
        sources = {p.stem for p in (SOURCE / "devices").glob("*.hpp")} - {"registry"}
        self.assertEqual(set(names), sources)
        text = self.run_command("devices").stdout
        for name in names:
            page = self.run_command("devices", name)
            self.assertEqual((page.returncode, page.stderr), (OK, ""))
            self.assertIn(name, text)
            one = json.loads(self.run_command("devices", name, "--json").stdout)
            self.assertEqual(one["name"], name)
            for parameter in one["parameters"]:
                self.assertIn(parameter["name"], page.stdout)

    def test_schema_is_json_and_knows_every_device(self):
        done = self.run_command("schema")
        self.assertEqual((done.returncode, done.stderr), (OK, ""))
        json.loads(done.stdout)
        for path in (SOURCE / "devices").glob("*.hpp"):
            if path.stem != "registry":
                self.assertIn(f'"{path.stem}"', done.stdout)

    def test_lint_of_a_good_study(self):
        done = self.run_command("lint", "study.toml")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (OK, "study.toml: no problem found\n", ""))

    def test_lint_of_every_example(self):
        studies = sorted((SOURCE / "examples").glob("*/study.toml"))
        self.assertTrue(studies)
        for study in studies:
            done = self.run_command("lint", str(study))
            self.assertEqual((done.returncode, done.stderr), (OK, ""))

    def test_lint_of_a_bad_study(self):
        self.edit("10 GBd", "10 GHz")
        self.edit('name = "tx"\n', 'name = "tx"\nswing = "1 kV"\n')
        self.refuse(BAD_INPUT, "symbol_rate", "swing", arguments=("lint", "study.toml"), lines=2)


class Pages(unittest.TestCase):
    def test_assumptions_of_the_example_are_on_its_page(self):
        example = SOURCE / "examples/microring_vs_copper"
        page = (example / "README.md").read_text(encoding="utf-8")
        checked = 0
        for link in tomllib.loads((example / "study.toml").read_text(encoding="utf-8"))["link"]:
            for stage in link["stage"]:
                card = {}
                if "card" in stage:
                    path = SOURCE / "devices/cards" / (stage["card"] + ".toml")
                    card = tomllib.loads(path.read_text(encoding="utf-8"))
                stated = {k: v for k, v in card.get("assumed", {}).items() if k not in stage}
                values = {**card.get("parameters", {}), **stage}
                for key, entry in {**stated, **stage.get("assumed", {})}.items():
                    name = stage.get("name", stage["device"])
                    row = f"| {name}: {key} | {values.get(key, '0 Hz')} | {entry['low']} to {entry['high']} |"
                    self.assertIn(row, page)
                    checked += 1
        self.assertGreater(checked, 10)

    def test_options_on_the_page_are_those_of_the_command(self):
        page = (SOURCE / "docs/command.md").read_text(encoding="utf-8")
        for subcommand in ("compare", "run", "lint", "devices", "schema"):
            usage = subprocess.run([COMMAND, subcommand, "--help"], capture_output=True, text=True, check=True).stdout
            for option in set(re.findall(r"--[a-z-]+", usage)) - {"--help"}:
                self.assertIn(option, page, subcommand)


def without_times(value):
    """A result without what differs from run to run: computing times and the command line."""
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in value.items() if k not in ("elapsed_s", "command")}
    return [without_times(v) for v in value] if isinstance(value, list) else value


class Results(Case):
    def result(self, folder="results/small"):
        return json.loads((self.folder / folder / "result.json").read_text(encoding="utf-8"))

    def test_table_in_a_pipe_is_plain_and_progress_is_silent(self):
        for environment in ({}, {"NO_COLOR": "1"}, {"TERM": "xterm-256color"}):
            done = self.run_command("compare", "study.toml", environment=environment)
            self.assertEqual((done.returncode, done.stderr), (OK, ""))
            self.assertIn("short", done.stdout)
            self.assertTrue(done.stdout.endswith("Results: results/small/\n"))
            self.assertNotIn("\x1b", done.stdout)
            self.assertNotIn("\r", done.stdout)

    def test_results_folder_is_complete(self):
        self.run_command("compare", "study.toml", "-q")
        expected = {"result.json", "result.h5", "comparison.png", "comparison.svg"} | {
            f"short_{picture}.{kind}" for picture in ("eye", "bathtub", "pulse", "budget") for kind in ("png", "svg")}
        self.assertEqual(expected - set(os.listdir(self.folder / "results/small")), set())
        self.assertEqual(os.listdir(self.folder / "results"), ["small"])

    def test_quiet_says_nothing(self):
        done = self.run_command("compare", "study.toml", "--quiet")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (OK, "", ""))

    def test_json_goes_to_standard_output_alone_and_equals_the_file(self):
        done = self.run_command("compare", "study.toml", "--json")
        self.assertEqual((done.returncode, done.stderr), (OK, ""))
        printed = json.loads(done.stdout)
        self.assertEqual(printed, self.result())
        self.assertLessEqual({"schema", "schema_version", "program_version", "build", "command", "study", "links"},
                             set(printed))
        self.assertLessEqual({"name", "closes", "ber_before_fec", "ber_after_fec", "loss_margin_dB", "noise_margin_dB",
                              "latency_s", "energy", "lane", "ledger", "noise", "warnings"}, set(printed["links"][0]))
        self.assertEqual(printed["study"]["text"], self.text)

    def test_documented_keys_are_the_keys_written(self):
        self.run_command("compare", "study.toml", "-q")
        documented = (SOURCE / "docs/results.md").read_text(encoding="utf-8")
        for key in self.result()["links"][0]:
            self.assertIn(f"`{key}`", documented)

    def test_threads_do_not_change_the_numbers(self):
        for threads in ("1", "2"):
            done = self.run_command("compare", "study.toml", "-q", "--threads", threads, "-o", f"with{threads}")
            self.assertEqual(done.returncode, OK, done.stderr)
        self.assertEqual(without_times(self.result("with1")), without_times(self.result("with2")))

    def test_environment_sets_the_threads(self):
        done = self.run_command("compare", "study.toml", "-q", environment={"PHOTONLINK_THREADS": "2"})
        self.assertEqual((done.returncode, done.stderr), (OK, ""))

    def test_run_with_penalties(self):
        done = self.run_command("run", "study.toml", "short", "--penalties")
        self.assertEqual((done.returncode, done.stderr), (OK, ""))
        self.assertIn("Penalties", done.stdout)
        self.assertTrue(self.result("results/small_short")["links"][0]["penalties"])

    def test_command_in_the_result_is_the_one_given(self):
        self.run_command("run", "study.toml", "short", "-q")
        self.assertEqual(self.result("results/small_short")["command"], "photonlink run study.toml short -q")

    def test_require_closure(self):
        self.assertEqual(self.run_command("compare", "study.toml", "-q", "--require-closure").returncode, OK)
        self.edit("1e-8 V^2/GHz", "1e-12 V^2/Hz")
        self.assertEqual(self.run_command("compare", "study.toml", "-q").returncode, OK)
        self.assertEqual(self.run_command("compare", "study.toml", "-q", "--require-closure").returncode, MISSES)

    def test_json_study_gives_the_same_result(self):
        stages = [{"device": "serdes_transmitter", "name": "tx"},
                  {"device": "touchstone_channel", "name": "line", "file": "line.s4p", "port_map": [1, 3, 2, 4]},
                  {"device": "serdes_receiver", "name": "rx", "noise": "1e-8 V^2/GHz"}]
        link = {"name": "short", "modulation": "NRZ", "symbol_rate": "10 GBd", "samples_per_symbol": 8,
                "pattern": "PRBS7", "target_ber": 1e-12, "stage": stages}
        self.write("study.json", json.dumps({"schema": 1, "name": "small", "link": [link]}))
        self.run_command("compare", "study.toml", "-q", "-o", "toml")
        done = self.run_command("compare", "study.json", "-q", "-o", "json")
        self.assertEqual(done.returncode, OK, done.stderr)
        self.assertEqual(without_times(self.result("toml")["links"]), without_times(self.result("json")["links"]))

    def test_interrupt_leaves_no_results(self):
        # Enough links that the signal arrives while the first are evaluated.
        head, link = self.text.split("[[link]]\n")
        self.study(head + "".join("[[link]]\n" + link.replace('"short"', f'"short{i}"').replace("PRBS7", "PRBS13")
                                  for i in range(40)))
        with subprocess.Popen([COMMAND, "compare", "study.toml"], cwd=self.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=30)
        self.assertEqual((process.returncode, out), (INTERRUPTED, b""))
        self.assert_no_results()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
