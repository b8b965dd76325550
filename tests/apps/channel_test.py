"""photonlink channel from outside: what it prints and writes, its exit status, and that bad input leaves no results.

Usage: channel_test.py COMMAND SOURCE_ROOT [unittest arguments]
The files are two uncoupled wires of 1 ns with skin effect, made here; the published figures are those of the example
channel. HDF5 is opened where h5py is installed.
"""
import cmath
import json
import math
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
COMMAND = str(pathlib.Path(sys.argv[1]).resolve())
SOURCE = pathlib.Path(sys.argv[2]).resolve()
EXAMPLE = SOURCE / "examples/microring_vs_copper/channels"
OK, BAD_INPUT, FILE_ERROR = 0, 2, 3
PICTURES = {f"{name}.{kind}" for name in ("losses", "deviation", "conversion", "impedance", "pulse")
            for kind in ("png", "svg")}
DELAY, SKIN = 1e-9, 5e-6  # s, Np/sqrt(Hz)


def wires(order=(0, 2, 1, 3), step_MHz=50, first=0, last=600, gain=1.0, phase_of_loss=True):
    """Touchstone text of the wires; `order` says which of tx_p, tx_n, rx_p, rx_n each port of the file is."""
    lines = ["# MHz S RI R 50"]
    for k in range(first, last + 1):
        f = k * step_MHz * 1e6
        loss = SKIN * (cmath.sqrt(2j * f) if phase_of_loss else math.sqrt(f))
        t = gain * cmath.exp(-loss - 2j * math.pi * f * DELAY)
        rows = []
        for out in order:
            rows.append(" ".join(f"{t.real!r} {t.imag!r}" if out != i and out % 2 == i % 2 else "0 0" for i in order))
        lines.append(f"{k * step_MHz} " + "\n".join(rows))
    return "\n".join(lines) + "\n"


def version_2(text):
    """The same as version 2.0."""
    first, rest = text.split("\n", 1)
    points = sum(1 for line in rest.splitlines() if len(line.split()) == 9)
    return (f"[Version] 2.0\n{first}\n[Number of Ports] 4\n[Number of Frequencies] {points}\n[Network Data]\n{rest}[End]\n")


class Channel(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="photonlink-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.write("wires.s4p", wires())

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def run_command(self, *arguments, **options):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PHOTONLINK_")}
        return subprocess.run([COMMAND, "channel", *arguments], cwd=self.folder, env=clean, capture_output=True,
                              text=True, timeout=60, check=False, **options)

    def judge(self, *arguments):
        done = self.run_command(*arguments, "--json")
        self.assertEqual(done.returncode, OK, done.stderr)
        return json.loads(done.stdout)

    def refuse(self, status, *words, arguments=("wires.s4p",), lines=1):
        shutil.rmtree(self.folder / "results", ignore_errors=True)
        done = self.run_command(*arguments)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.splitlines()), lines, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual([p.name for p in self.folder.rglob("*") if "partial" in p.name or p.name == "channel.json"], [])

    def test_table_and_files(self):
        done = self.run_command("wires.s4p", "--rate", "25 GBd")
        self.assertEqual((done.returncode, done.stderr), (OK, ""))
        loss = 20 * math.log10(math.e) * SKIN * math.sqrt(12.5e9)
        self.assertRegex(done.stdout, rf"12\.5 GHz \(f_b/2\) +{loss:.2f} +{loss:.2f} +0\.00 +∞ +∞ +−∞ +−∞")
        for part in ("port map [1, 3, 2, 4], found from the file", "FOM_ILD", "Trusted up to", "main cursor",
                     "Results: results/wires_channel/"):
            self.assertIn(part, done.stdout)
        self.assertNotIn("warning", done.stdout)
        written = {p.name for p in (self.folder / "results/wires_channel").iterdir()}
        self.assertEqual(written, PICTURES | {"channel.json", "channel.h5"})
        document = json.loads((self.folder / "results/wires_channel/channel.json").read_text(encoding="utf-8"))
        self.assertAlmostEqual(document["delay_s"] * 1e9, 1.0 + SKIN / (4 * math.pi * math.sqrt(12.5e9)) * 1e9, 4)
        shown = self.judge("wires.s4p", "--rate", "25 GBd")
        self.assertEqual({**shown, "command": ""}, {**document, "command": ""})

    def test_published_figures_of_the_example(self):
        names = [f"--{kind.lower()}={EXAMPLE}/example2_{kind}{n}.s4p.gz" for kind, n in
                 (("NEXT", 1), ("NEXT", 2), ("NEXT", 3), ("FEXT", 1), ("FEXT", 2))]
        report = self.judge(str(EXAMPLE / "example2_THRU.s4p.gz"), "--rate", "25.78125 GBd", *names)
        nyquist = next(level for level in report["at"] if level["frequency_Hz"] == 12.890625e9)
        self.assertAlmostEqual(nyquist["insertion_loss_dB"], 23.45, 2)  # channels/NOTICE.md, at 12.89 GHz
        self.assertEqual(report["warnings"], [])
        self.assertLess(report["trust"]["early_energy_dB"], -60)
        self.assertLess(report["trust"]["largest_gain"], 1)
        self.assertAlmostEqual(report["crosstalk"]["total_V"],
                               math.hypot(report["crosstalk"]["near_V"], report["crosstalk"]["far_V"]), 12)

    def test_hdf5_holds_what_json_holds(self):
        try:
            import h5py
        except ImportError:
            self.skipTest("no h5py")
        report = self.judge("wires.s4p")
        with h5py.File(self.folder / "results/wires_channel/channel.h5") as file:
            group = file["channel"]
            self.assertEqual(group["delay_s"][()], report["delay_s"])
            self.assertEqual(group["trust/early_energy_dB"][()], report["trust"]["early_energy_dB"])
            self.assertEqual(group["curve/insertion_loss_dB"].dims[0][0].name, "/channel/curve/frequency")
            self.assertEqual(list(group["pulse/cursor_V"]), report["pulse"]["cursor_V"])
            self.assertEqual(group["impedance/tx_p/impedance_ohm"].attrs["units"], "ohm")

    def test_ports_in_another_order_are_found_and_a_wrong_map_is_told(self):
        self.write("other.s4p", wires((0, 1, 2, 3)))
        self.assertEqual(self.judge("other.s4p")["port_map"], [1, 2, 3, 4])
        crossed = self.judge("wires.s4p", "--port-map", "1,3,4,2")
        self.assertIn("port_map [1, 3, 2, 4]", crossed["warnings"][0])
        self.assertIn("crossed", crossed["warnings"][0])
        # Between wires that do not couple nothing passes; with some coupling there is a result and a warning.
        self.refuse(BAD_INPUT, "0 points of the file that transmit", "two ends of one wire", "port_map [1, 3, 2, 4]",
                    arguments=("wires.s4p", "--port-map", "1,2,3,4"))
        swapped = self.judge(str(EXAMPLE / "example2_THRU.s4p.gz"), "--port-map", "1,2,3,4")
        self.assertIn("two ends of one wire", swapped["warnings"][0])

    def test_version_2_and_the_file_that_is_written_mean_the_same(self):
        plain = self.judge("wires.s4p")
        self.write("v2.ts", version_2(wires()))
        self.assertEqual(self.judge("v2.ts")["at"], plain["at"])
        for name in ("again.s4p", "again.ts"):
            self.judge("wires.s4p", "--write", name)
            again = self.judge(name)
            self.assertEqual(again["port_map"], [1, 2, 3, 4])  # tx_p tx_n rx_p rx_n
            self.assertEqual(again["at"], plain["at"])
        self.judge("wires.s4p", "--write", "low.s4p", "--reference", "42.5 ohm")
        low = self.judge("low.s4p")
        self.assertIn("# Hz S RI R 42.5", (self.folder / "low.s4p").read_text())
        for level, reference in zip(low["at"], plain["at"]):
            self.assertAlmostEqual(level["insertion_loss_dB"], reference["insertion_loss_dB"], 9)

    def test_a_fixture_comes_off(self):
        report = self.judge("wires.s4p", "--remove-left", "wires.s4p")
        self.assertTrue(all(abs(level["insertion_loss_dB"]) < 1e-9 for level in report["at"]))
        self.assertIn("wires.s4p removed at the transmitter's end", report["steps"][0])

    def test_what_is_wrong_with_a_file_is_told_and_mended_on_request(self):
        self.write("loud.s4p", wires(gain=1.1))
        self.assertIn("not passive", " ".join(self.judge("loud.s4p")["warnings"]))
        quiet = self.judge("loud.s4p", "--enforce", "passivity")
        self.assertNotIn("not passive", " ".join(quiet["warnings"]))
        self.assertLess(quiet["trust"]["largest_gain"], 1 + 1e-9)
        self.write("early.s4p", wires(phase_of_loss=False))
        before = self.judge("early.s4p")
        self.assertIn("not causal", " ".join(before["warnings"]))
        after = self.judge("early.s4p", "--enforce", "causality,passivity")
        self.assertLess(after["trust"]["early_energy_dB"], before["trust"]["early_energy_dB"] - 10)
        self.write("high.s4p", wires(first=20))
        self.assertIn("no DC point", " ".join(self.judge("high.s4p")["warnings"]))
        self.write("coarse.s4p", wires(step_MHz=400, last=75))
        self.assertIn("too few for a delay", " ".join(self.judge("coarse.s4p")["warnings"]))

    def test_aggressors_on_other_points_are_interpolated(self):
        self.write("weak.s4p", wires(step_MHz=40, last=500, gain=0.01))
        report = self.judge("wires.s4p", "--fext", "weak.s4p", "--next", "weak.s4p", "--next", "weak.s4p")
        self.assertIn("weak.s4p: has other points", report["warnings"][0])
        self.assertAlmostEqual(report["crosstalk"]["near_V"], math.sqrt(2) * report["crosstalk"]["far_V"], 9)

    def test_bad_files(self):
        self.write("few.s4p", wires(last=5))
        self.refuse(BAD_INPUT, "few.s4p: has 6 points, at least 8 are needed", arguments=("few.s4p",))
        self.write("two.s2p", "# GHz S RI R 50\n1 0 0 1 0 1 0 0 0\n")
        self.refuse(BAD_INPUT, "two.s2p: has 2 ports", "needs 4", arguments=("two.s2p",))
        self.write("cut.ts", version_2(wires())[:-200])
        self.refuse(FILE_ERROR, "cut.ts:", "export the file again", arguments=("cut.ts",))
        self.write("bad.ts", version_2(wires()).replace("[Number of Frequencies]", "[Number of Frequncies]"))
        self.refuse(FILE_ERROR, "bad.ts:4:", "is no keyword", arguments=("bad.ts",))
        self.write("count.ts", version_2(wires()).replace("Frequencies] 601", "Frequencies] 600"))
        self.refuse(FILE_ERROR, "says 600, but 601 follow", arguments=("count.ts",))
        self.refuse(FILE_ERROR, "absent.s4p", "no such file", arguments=("absent.s4p",))
        self.refuse(FILE_ERROR, "absent.s4p", "no such file", arguments=("wires.s4p", "--next", "absent.s4p"))

    def test_bad_options(self):
        self.refuse(BAD_INPUT, "--port-map 1,2,3: four different ports", arguments=("wires.s4p", "--port-map", "1,2,3"))
        self.refuse(BAD_INPUT, "port 9", "[1, 4]", arguments=("wires.s4p", "--port-map", "1,2,3,9"))
        self.refuse(BAD_INPUT, "--rate", "25 GHz", arguments=("wires.s4p", "--rate", "25 GHz"))
        self.refuse(BAD_INPUT, "--rate", "above 0", arguments=("wires.s4p", "--rate=-1 GBd"))
        self.refuse(FILE_ERROR, "w.s2p", "the network has 4", arguments=("wires.s4p", "--write", "w.s2p"))
        self.refuse(BAD_INPUT, "--reference", "50 V", arguments=("wires.s4p", "--write", "w.s4p", "--reference", "50 V"))
        self.refuse(BAD_INPUT, "--enforce", arguments=("wires.s4p", "--enforce", "beauty"), lines=2)
        self.refuse(BAD_INPUT, "thesis", arguments=("wires.s4p", "-o", self.foreign_folder()))

    def foreign_folder(self):
        (self.folder / "thesis").mkdir()
        self.write("thesis/chapter.txt", "text")
        return "thesis"

    def test_full_disk_keeps_the_old_results(self):
        self.judge("wires.s4p")
        before = (self.folder / "results/wires_channel/channel.json").read_bytes()
        limit = 20000  # bytes, below every result file
        done = self.run_command("wires.s4p", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        self.assertEqual(done.returncode, FILE_ERROR, done.stderr)
        self.assertEqual((self.folder / "results/wires_channel/channel.json").read_bytes(), before)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
