"""`photonlink com` from outside: reference values, files, modes, and that bad input leaves no results.

Usage: com_test.py COMMAND SOURCE_ROOT [unittest arguments]
Reference: the IEEE COM MATLAB code v4.50 (v3.70) run under GNU Octave 7.3 with KR4 and the example2 channels.
"""
import cmath
import gzip
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unittest

sys.dont_write_bytecode = True
COMMAND = str(pathlib.Path(sys.argv[1]).resolve())
SOURCE = pathlib.Path(sys.argv[2]).resolve()
OK, BAD_INPUT, FILE_ERROR, MISSES = 0, 2, 3, 5
CONFIGURATIONS = SOURCE / "examples/com"
CHANNELS = SOURCE / "examples/microring_vs_copper/channels"
KR4 = str(CONFIGURATIONS / "kr4.toml")
THROUGH = str(CHANNELS / "example2_THRU.s4p.gz")
AGGRESSORS = [word for kind, number in (("FEXT", 1), ("FEXT", 2), ("NEXT", 1), ("NEXT", 2), ("NEXT", 3))
              for word in (f"--{kind.lower()}", str(CHANNELS / f"example2_{kind}{number}.s4p.gz"))]


TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float)}
KEYWORDS = {"$schema", "$id", "title", "description", "type", "enum", "minLength", "pattern", "minimum", "maximum",
            "properties", "additionalProperties", "required", "items"}


def schema_problems(value, schema, where="root"):
    """JSON Schema draft 4 as far as the schema of configurations uses it: a list of what is wrong."""
    found = [f"{where}: unknown keyword {key}" for key in set(schema) - KEYWORDS]
    kind = schema.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or isinstance(value, bool)):
        return found + [f"{where}: no {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where}: not in {schema['enum']}")
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0) or not re.search(schema.get("pattern", ""), value):
            found.append(f"{where}: {value} does not match")
    if isinstance(value, (int, float)):
        if not schema.get("minimum", -math.inf) <= value <= schema.get("maximum", math.inf):
            found.append(f"{where}: {value} is out of range")
    if isinstance(value, list):
        for i, item in enumerate(value):
            found += schema_problems(item, schema["items"], f"{where}[{i}]")
    if isinstance(value, dict):
        found += [f"{where}: {key} is missing" for key in schema.get("required", []) if key not in value]
        for key, item in value.items():
            if key in schema["properties"]:
                found += schema_problems(item, schema["properties"][key], f"{where}.{key}")
            elif schema.get("additionalProperties") is False:
                found.append(f"{where}: {key} is unknown")
    return found


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="photonlink-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def run_command(self, *arguments):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PHOTONLINK_")}
        return subprocess.run([COMMAND, *arguments], cwd=self.folder, env=clean, capture_output=True, text=True,
                              timeout=120, check=False)

    def com(self, *arguments):
        done = self.run_command("com", *arguments, "--json")
        self.assertEqual((done.returncode, done.stderr), (OK, ""))
        return json.loads(done.stdout)

    def refuse(self, status, *words, arguments, lines=1):
        done = self.run_command(*arguments)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.splitlines()), lines, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual([p for p in self.folder.rglob("*") if p.name.startswith("result.")], [])

    def channel(self, name, frequencies_Hz, gain=.5, wires=((1, 2), (3, 4)), ports=4, delay_s=0):
        """Ideal wires of flat gain: enough to be read."""
        entry = {(a - 1, b - 1) for w in wires for a, b in (w, w[::-1])}

        def row(f):
            s = cmath.rect(gain, -2 * cmath.pi * f * delay_s)
            return " ".join(f"{s.real!r} {s.imag!r}" if (i, j) in entry else "0 0"
                            for i in range(ports) for j in range(ports))
        text = "# Hz S RI R 50\n" + "".join(f"{f} {row(f)}\n" for f in frequencies_Hz)
        (self.folder / name).write_text(text, encoding="utf-8")
        return name


class Reference(Case):
    def check_reference(self, mode, expected):
        result = self.com(KR4, THROUGH, *AGGRESSORS, "--mode", mode)
        self.assertEqual([case["name"] for case in result["cases"]], ["short package", "long package"])
        for case, (com_dB, merit_dB, signal_mV) in zip(result["cases"], expected):
            # One bin of 10 uV in A_ni is 0.005 dB of COM; the other figures round in their last digit.
            self.assertAlmostEqual(case["com_dB"], com_dB, delta=0.005)
            self.assertAlmostEqual(case["merit_dB"], merit_dB, delta=0.001)
            self.assertAlmostEqual(1e3 * case["available_V"], signal_mV, delta=0.0005)
            self.assertEqual(case["ctle_gain_dB"], -12.0)
            self.assertIsNone(case["ctle_low_gain_dB"])
            self.assertEqual([round(tap, 6) for tap in case["transmit_taps"]], [-0.16, 0.84, 0.0])
        self.assertEqual(result["com_dB"], min(case["com_dB"] for case in result["cases"]))
        self.assertEqual((result["worst_case"], result["passes"], result["mode"]), ("long package", True, mode))
        return result

    def test_kr4_with_five_aggressors_as_version_4_50(self):
        result = self.check_reference("script-4.50", [(4.2900, 16.8904, 30.2831), (3.6530, 16.2504, 25.0656)])
        for case, isi, crosstalk, transmitter, random_jitter, noise, peak in zip(
                result["cases"], (1.8241, 1.8671), (3.3142, 2.8460), (1.3527, 1.1196), (0.3979, 0.3316),
                (0.7103, 0.7103), (82.6025, 71.9959)):
            # Four digits are printed by the reference.
            for key, value in (("isi_rms_V", isi), ("crosstalk_rms_V", crosstalk), ("transmitter_V", transmitter),
                               ("random_jitter_V", random_jitter), ("noise_V", noise), ("unequalized_peak_V", peak)):
                self.assertAlmostEqual(1e3 * case[key], value, delta=2e-4 * value, msg=key)
        self.assertEqual([f["kind"] for f in result["files"]], ["through"] + 2 * ["fext"] + 3 * ["next"])
        self.assertAlmostEqual(result["nyquist_loss_dB"], 23.45, delta=0.005)  # printed with two digits

    def test_kr4_with_five_aggressors_as_version_3_70(self):
        self.check_reference("script-3.70", [(4.29467, 16.8904, 30.2831), (3.65298, 16.2504, 25.0656)])

    def test_standard_is_the_default_and_close_to_the_script(self):
        result = self.com(KR4, THROUGH, *AGGRESSORS)
        self.assertEqual(result["mode"], "standard")
        # docs/com.md: exact Gaussian tails and sampling instant, 0.2 dB together.
        self.assertAlmostEqual(result["com_dB"], 3.65, delta=0.3)


class Measures(Case):
    def test_integrated_crosstalk_of_flat_aggressors(self):
        # Eq. (92-44) to (92-48) of IEEE Std 802.3 summed here; KR4 has no rise time, f_r = 0.75 f_b.
        rate, step, gain = 25.78125e9, 1e7, 0.01
        name = self.channel("flat.s4p", range(0, 40 * 10**9 + 1, 10**7), gain=gain)
        result = self.com(KR4, THROUGH, "--next", name, "--fext", name)

        def sigma_V(amplitude_V):
            total = 0.0
            for k in range(5, int(rate / step) + 1):
                x = math.pi * k * step / rate
                weight = (math.sin(x) / x) ** 2 / (1 + (k * step / (0.75 * rate)) ** 8)
                total += amplitude_V ** 2 / rate * weight * gain ** 2
            return math.sqrt(2 * step * total)

        near, far = sigma_V(0.6), sigma_V(0.4)
        # Rounding of the sum of 2600 terms.
        for key, value in (("integrated_near_V", near), ("integrated_far_V", far),
                           ("integrated_crosstalk_V", math.hypot(near, far))):
            self.assertAlmostEqual(result[key] / value, 1.0, delta=1e-12, msg=key)

    def test_modes_are_as_far_apart_as_the_page_says(self):
        page = (SOURCE / "docs/com.md").read_text(encoding="utf-8").splitlines()
        line = str(CHANNELS / "syn_pcb_714mm_28dB_26p56G.s4p.gz")
        kr4, kr_3ck = (KR4, THROUGH, *AGGRESSORS), (str(CONFIGURATIONS / "kr_3ck.toml"), line)
        for start, mode in (("| `script-4.50` | 4", "script-4.50"), ("| (Gaussian tails", "script-3.70"),
                            ("| own choice", "standard")):
            row = next(text for text in page if text.startswith(start))
            documented = [float(cell) for cell in row.split("|")[2:6]]
            computed = [case["com_dB"] for arguments in (kr4, kr_3ck)
                        for case in self.com(*arguments, "--mode", mode)["cases"]]
            for a, b in zip(documented, computed, strict=True):
                self.assertAlmostEqual(a, b, delta=6e-5)  # printed with four decimals


class Output(Case):
    def test_table_names_what_users_of_the_script_know(self):
        done = self.run_command("com", KR4, THROUGH, "--mode", "script-4.50")
        self.assertEqual((done.returncode, done.stderr), (OK, ""))
        for word in ("100GBASE-KR4", "mode script-4.50", "COM", "FOM", "A_s", "A_ni", "VEO", "VEC", "g_DC", "c(-1)",
                     "c(0)", "c(1)", "DFE b(1) ... b(14) of long package", "crosstalk", "limit 3 dB: pass",
                     "channel loss at f_b/2 23.4502 dB", "Results: results/example2_THRU_com/"):
            self.assertIn(word, done.stdout)
        self.assertNotIn("\x1b", done.stdout)

    def test_folder_is_complete_and_json_equals_the_file(self):
        printed = self.com(KR4, THROUGH, "-o", "out")
        expected = {"result.json", "result.h5"} | {f"case_{i}.{kind}" for i in (1, 2) for kind in ("png", "svg")}
        self.assertEqual(set(os.listdir(self.folder / "out")), expected)
        self.assertEqual(printed, json.loads((self.folder / "out/result.json").read_text(encoding="utf-8")))
        self.assertEqual(printed["configuration"]["text"], pathlib.Path(KR4).read_text(encoding="utf-8"))
        self.assertEqual((printed["schema"], printed["schema_version"]), ("photonlink com", 1))

    def test_documented_keys_are_the_keys_written(self):
        result = self.com(KR4, THROUGH)
        page = (SOURCE / "docs/com.md").read_text(encoding="utf-8")
        for key in {**result, **result["cases"][0], **result["files"][0]}:
            self.assertIn(f"`{key}`", page)

    def test_options_on_the_page_are_those_of_the_command(self):
        page = (SOURCE / "docs/command.md").read_text(encoding="utf-8")
        usage = self.run_command("com", "--help").stdout
        for option in ("--fext", "--next", "--mode", "--port-map", "--out", "--require-pass"):
            self.assertIn(option, usage)
            self.assertIn(option, page)

    def test_quiet_says_nothing(self):
        done = self.run_command("com", KR4, THROUGH, "-q")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (OK, "", ""))

    def test_a_failed_channel_is_a_result_unless_asked(self):
        text = pathlib.Path(KR4).read_text(encoding="utf-8").replace('com = "3 dB"', 'com = "12 dB"')
        (self.folder / "strict.toml").write_text(text, encoding="utf-8")
        done = self.run_command("com", "strict.toml", THROUGH)
        self.assertEqual(done.returncode, OK)
        self.assertIn("limit 12 dB: FAIL", done.stdout)
        self.assertEqual(self.run_command("com", "strict.toml", THROUGH, "-q", "--require-pass").returncode, MISSES)
        self.assertEqual(self.run_command("com", KR4, THROUGH, "-q", "--require-pass").returncode, OK)

    def test_threads_do_not_change_the_numbers(self):
        one, two = (self.com(KR4, THROUGH, *AGGRESSORS, "--threads", n)["cases"] for n in ("1", "2"))
        for case in one + two:
            case.pop("evaluated")  # how many settings the bounds spare depends on the order
        self.assertEqual(one, two)


class Warnings(Case):
    def warnings(self, *arguments):
        return "\n".join(self.com(KR4, *arguments)["warnings"])

    def test_good_files_cause_none(self):
        self.assertEqual(self.com(KR4, THROUGH, *AGGRESSORS)["warnings"], [])

    def copied(self, name, keep):
        """example2_THRU with the frequency points that `keep` takes (four lines each, first column in MHz)."""
        lines = gzip.open(THROUGH, "rt").read().splitlines()
        first = next(i for i, line in enumerate(lines) if line.startswith("#")) + 1
        points = [lines[i:i + 4] for i in range(first, len(lines), 4)]
        chosen = [p for i, p in enumerate(points) if keep(i, float(p[0].split()[0]))]
        self.assertGreater(len(chosen), 51)
        (self.folder / name).write_text("\n".join(lines[:first] + sum(chosen, [])) + "\n", encoding="utf-8")
        return name

    def test_file_that_ends_early(self):
        name = self.copied("early.s4p", lambda i, f: f <= 20000)
        self.assertIn("early.s4p: ends at 20 GHz, below the symbol rate of 25.78 GBd", self.warnings(name))

    def test_file_that_starts_late(self):
        name = self.copied("late.s4p", lambda i, f: f >= 100)
        self.assertIn("late.s4p: starts at 100 MHz, above 50 MHz", self.warnings(name))

    def test_coarse_steps(self):
        name = self.copied("coarse.s4p", lambda i, f: i % 4 == 0)
        self.assertIn("coarse.s4p: has steps of up to 40 MHz, above 10 MHz", self.warnings(name))

    def test_uneven_steps(self):
        name = self.copied("uneven.s4p", lambda i, f: f < 30000 or i % 2 == 0)
        self.assertIn("uneven.s4p: has uneven steps, 10 MHz to 20 MHz", self.warnings(name))

    def test_aggressor_on_other_points_is_interpolated(self):
        name = self.copied("sparse.s4p", lambda i, f: i % 2 == 0 and f <= 30000)
        result = self.com(KR4, THROUGH, "--fext", name)
        text = "\n".join(result["warnings"])
        self.assertIn("sparse.s4p: has other points (1501 from 0 Hz to 30 GHz) than the through file", text)
        self.assertIn("beyond its end extrapolated", text)
        self.assertTrue(result["files"][1]["interpolated"])
        # It is the through path again: interpolation may cost a tenth of the crosstalk.
        whole = self.com(KR4, THROUGH, "--fext", THROUGH)
        ratio = result["integrated_far_V"] / whole["integrated_far_V"]
        self.assertAlmostEqual(ratio, 1.0, delta=0.001)

    def test_swapped_port_map_is_found_and_the_right_one_named(self):
        text = self.warnings(THROUGH, "--port-map", "1,2,3,4")
        self.assertIn("port_map [1, 2, 3, 4] does not fit the file", text)
        self.assertIn("more passes with port_map [1, 3, 2, 4]", text)

    def test_through_and_aggressor_exchanged(self):
        text = self.warnings(str(CHANNELS / "example2_FEXT1.s4p.gz"), "--fext", THROUGH)
        self.assertIn("are through file and aggressor exchanged?", text)

    def test_file_that_is_not_causal(self):
        points = range(0, 30 * 10**9, 10**7)
        self.assertIn("early.s4p: is not causal", self.warnings(self.channel("early.s4p", points, delay_s=-2e-9)))

    def test_file_that_is_not_passive(self):
        lines = gzip.open(THROUGH, "rt").read().splitlines()
        first = next(i for i, line in enumerate(lines) if line.startswith("#")) + 1
        for i in range(first, len(lines)):
            words = lines[i].split()
            start = 1 if (i - first) % 4 == 0 else 0
            words[start::2] = [str(1.2 * float(word)) for word in words[start::2]]
            lines[i] = " ".join(words)
        (self.folder / "active.s4p").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.assertRegex(self.warnings("active.s4p"), r"active.s4p: is not passive: .* up to 1\.\d+ times")


class BadInput(Case):
    def test_missing_files_are_all_named(self):
        self.refuse(FILE_ERROR, "absent.s4p", "absent2.s4p", lines=2,
                    arguments=("com", KR4, "absent.s4p", "--next", "absent2.s4p"))

    def test_missing_configuration(self):
        self.refuse(FILE_ERROR, "absent.toml", arguments=("com", "absent.toml", THROUGH))

    def test_few_points(self):
        name = self.channel("few.s4p", range(0, 40 * 10**9, 10**9))
        self.refuse(BAD_INPUT, "few.s4p: has 40 points, at least 52", arguments=("com", KR4, name))

    def test_steps_so_fine_that_responses_would_not_fit(self):
        name = self.channel("fine.s4p", range(100))
        self.refuse(BAD_INPUT, "fine.s4p", "steps of 1 Hz make responses of", "with steps of 10 MHz",
                    arguments=("com", KR4, name))

    def test_file_of_two_ports(self):
        name = self.channel("line.s2p", range(0, 10**9, 10**7), wires=((1, 2),), ports=2)
        self.refuse(BAD_INPUT, "line.s2p: has 2 ports, a differential channel needs 4",
                    arguments=("com", KR4, name))

    def test_file_that_transmits_nothing_is_named(self):
        name = self.channel("open.s4p", range(0, 10**9, 10**7), wires=())
        self.refuse(BAD_INPUT, "open.s4p: passes nothing", "--port-map", arguments=("com", KR4, name))

    def test_damaged_file_among_good_ones_is_named(self):
        (self.folder / "cut.s4p").write_text("# GHz S RI R 50\n0 1 0 nan\n", encoding="utf-8")
        self.refuse(FILE_ERROR, "cut.s4p", arguments=("com", KR4, THROUGH, "--fext", "cut.s4p"))

    def test_unknown_mode(self):
        self.refuse(BAD_INPUT, "--mode", "script-9", "script-4.50", arguments=("com", KR4, THROUGH, "--mode", "script-9"),
                    lines=2)

    def test_bad_port_map(self):
        for ports in ("1,3,2", "1,1,2,3", "1,2,3,4,5"):
            self.refuse(BAD_INPUT, "--port-map", "1,3,2,4", arguments=("com", KR4, THROUGH, "--port-map", ports))

    def test_configuration_that_is_a_study(self):
        study = SOURCE / "examples/microring_vs_copper/study.toml"
        done = self.run_command("com", str(study), THROUGH)
        self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""))
        self.assertIn("unknown key", done.stderr)

    def test_output_folder_with_other_files_is_left_alone(self):
        (self.folder / "thesis").mkdir()
        (self.folder / "thesis/chapter.txt").write_text("text", encoding="utf-8")
        self.refuse(BAD_INPUT, "thesis", "choose another --out", arguments=("com", KR4, THROUGH, "-o", "thesis"))


class Configurations(Case):
    def test_lint_of_every_example(self):
        files = sorted(CONFIGURATIONS.glob("*.toml"))
        self.assertEqual(len(files), 6)
        for file in files:
            done = self.run_command("lint", str(file))
            self.assertEqual((done.returncode, done.stdout, done.stderr), (OK, f"{file}: no problem found\n", ""))

    def test_lint_tells_all_problems_with_their_places(self):
        text = pathlib.Path(KR4).read_text(encoding="utf-8")
        bad = text.replace('snr = "27 dB"', 'snr = "27 V"').replace("taps = 14", "taps = 1400")
        (self.folder / "bad.toml").write_text(bad, encoding="utf-8")
        self.refuse(BAD_INPUT, "bad.toml:16:", "transmitter", "snr", "bad.toml:46:", "dfe", "[0, 256]", lines=2,
                    arguments=("lint", "bad.toml"))

    def test_lint_of_values_that_contradict_each_other(self):
        text = pathlib.Path(KR4).read_text(encoding="utf-8").replace("minimum = [-1.0]", "minimum = [1.5]")
        (self.folder / "bad.toml").write_text(text, encoding="utf-8")
        self.refuse(BAD_INPUT, "bad.toml: dfe: tap 1 has minimum = 1.5 above maximum = 1",
                    arguments=("lint", "bad.toml"))

    def test_schema_is_json_and_knows_the_sections(self):
        done = self.run_command("schema", "com")
        self.assertEqual((done.returncode, done.stderr), (OK, ""))
        schema = json.loads(done.stdout)
        self.assertLessEqual({"signal", "transmitter", "tap", "ctle", "receiver", "dfe", "ffe", "case", "limits"},
                             set(schema["properties"]))

    def test_every_example_obeys_the_schema_and_broken_ones_do_not(self):
        schema = json.loads(self.run_command("schema", "com").stdout)
        for file in sorted(CONFIGURATIONS.glob("*.toml")):
            self.assertEqual(schema_problems(tomllib.loads(file.read_text(encoding="utf-8")), schema), [], file)
        text = pathlib.Path(KR4).read_text(encoding="utf-8")
        for old, new, word in (("snr =", "sn =", "sn is unknown"), ('snr = "27 dB"', "snr = 27", "snr: no string"),
                               ('snr = "27 dB"', 'snr = "27 V"', "27 V does not match"),
                               ("schema = 1", "schema = 2", "not in [1]"), ("levels = 2", "levels = 99", "out of range"),
                               ("taps = 14", "taps = 1.5", "no integer"), ('source = "', '#', "source is missing")):
            self.assertIn(old, text)
            problems = schema_problems(tomllib.loads(text.replace(old, new, 1)), schema)
            self.assertEqual(len(problems), 1, problems)
            self.assertIn(word, problems[0])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
