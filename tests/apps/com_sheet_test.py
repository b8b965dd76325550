"""tools/com_sheet.py: a made-up sheet into a configuration that the command accepts, and what it refuses.

Usage: com_sheet_test.py COMMAND SOURCE_ROOT [unittest arguments]
"""
import csv
import importlib.util
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unittest

sys.dont_write_bytecode = True
COMMAND = str(pathlib.Path(sys.argv[1]).resolve())
SOURCE = pathlib.Path(sys.argv[2]).resolve()
OK, BAD_INPUT = 0, 2

# Keyword, value as a cell of a sheet; all values are made up.
CELLS = {
    "f_b": "50", "L": "4", "M": "32", "DER_0": "1e-4", "A_v": "0.4", "A_fe": "0.41", "A_ne": "0.6", "R_LM": "0.95",
    "SNR_TX": "33", "sigma_RJ": "0.01", "A_DD": "0.02", "T_r": "0.007", "FORCE_TR": "1", "c(0)": "0.54",
    "c(-2)": "[0:.02:0.12]", "c(-1)": "[-0.34:0.02:0]", "c(1)": "[-0.2:0.05:0]", "c(-3)": "0", "g_DC": "[-20:1:0]",
    "g_DC_HP": "[-6:1:0]", "f_z": "20", "f_p1": "20", "f_p2": "50", "f_HP_PZ": "0.6", "f_r": "0.75",
    "eta_0": "8.2e-9", "N_b": "12", "b_max(1)": "0.85", "b_max(2..N_b)": "[0.3 0.2*ones(1,10)]",
    "b_min(1)": "0.3", "b_min(2..N_b)": "[0.05 -0.03*ones(1,10)]", "N_bg": "3", "N_bf": "3", "N_f": "40",
    "bmaxg": "0.05", "N_tail_start": "25", "B_float_RSS_MAX": "0.02", "package_tl_gamma0_a1_a2": "[0 1e-3 2e-4]",
    "package_tl_tau": "6e-3", "package_Z_c": "[87.5 87.5 ; 92.5 92.5]", "R_d": "[50 45]",
    "C_d": "[1.2e-4 1.1e-4]", "L_s": "[0.12 0.12]", "C_b": "[3e-5 3e-5]", "C_p": "[8.7e-5 8.7e-5]",
    "z_p select": "[1 2]", "z_p (TX)": "[12 31 ; 1.8 1.8]", "z_p (NEXT)": "[12 29 ; 1.8 1.8]",
    "z_p (FEXT)": "[12 31 ; 1.8 1.8]", "z_p (RX)": "[12 29 ; 1.8 1.8]", "COM Pass threshold": "3",
    "Local Search": "2", "Include PCB": "0", "N": "1000", "TR_TDR": "0.01", "N_bx": "21", "Made up": "7",
}


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="photonlink-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def convert(self, sheet, *options):
        return subprocess.run([sys.executable, str(SOURCE / "tools/com_sheet.py"), sheet, *options], cwd=self.folder,
                              capture_output=True, text=True, timeout=60, check=False)

    def sheet(self, changes=None, name="sheet.csv"):
        """Keyword and value side by side in two columns of pairs, as the sheets have them."""
        cells = [pair for pair in {**CELLS, **(changes or {})}.items() if pair[1] is not None]
        half = (len(cells) + 1) // 2
        with open(self.folder / name, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["Table of made-up parameters", "", "", ""])
            for i in range(half):
                right = cells[half + i] if half + i < len(cells) else ("", "")
                writer.writerow([*cells[i], "", *right])
        return name

    def refuse(self, *words, changes=None, name=None):
        done = self.convert(name or self.sheet(changes), "-o", "out.toml")
        self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""), done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertFalse((self.folder / "out.toml").exists())

    def check_configuration(self, path):
        config = tomllib.loads((self.folder / path).read_text(encoding="utf-8"))
        self.assertEqual(config["signal"]["symbol_rate"], "50 GBd")
        self.assertEqual((config["signal"]["levels"], config["signal"]["detector_error_ratio"]), (4, 1e-4))
        self.assertEqual(config["transmitter"]["rise_time"], "0.007 ns")
        self.assertEqual([tap["position"] for tap in config["tap"]], [-2, -1, 1])
        self.assertEqual((config["tap"][1]["first"], config["tap"][1]["last"]), (-0.34, 0.0))
        self.assertEqual(config["dfe"]["maximum"], [0.85, 0.3] + 10 * [0.2])
        self.assertEqual(config["dfe"]["minimum"], [0.3, 0.05] + 10 * [-0.03])
        self.assertEqual((config["dfe"]["floating_groups"], config["dfe"]["tail_start"]), (3, 25))
        self.assertEqual(config["transmitter_package"]["die_capacitance"], ["120 fF"])
        self.assertEqual(config["receiver_package"]["termination"], "45 ohm")
        self.assertEqual(config["receiver_package"]["line_impedance"], ["87.5 ohm", "92.5 ohm"])
        self.assertEqual([case["transmit_length"] for case in config["case"]],
                         [["12 mm", "1.8 mm"], ["31 mm", "1.8 mm"]])
        self.assertEqual(config["search"]["local_steps"], 2)
        done = subprocess.run([COMMAND, "lint", path], cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (OK, ""))


class Converted(Case):
    def test_csv_sheet(self):
        done = self.convert(self.sheet(), "-o", "out.toml", "--title", "made up", "--source", "this test")
        self.assertEqual((done.returncode, done.stdout), (OK, ""), done.stderr)
        self.assertEqual(done.stderr, "com_sheet: not carried over: made up\n")
        self.check_configuration("out.toml")

    def test_without_rise_time_filter_there_is_no_rise_time(self):
        done = self.convert(self.sheet({"FORCE_TR": "0"}))
        self.assertEqual(done.returncode, OK)
        self.assertNotIn("rise_time = \"0.007", done.stdout)

    @unittest.skipUnless(importlib.util.find_spec("openpyxl"), "openpyxl is not installed")
    def test_xlsx_sheet(self):
        import openpyxl
        book = openpyxl.Workbook()
        book.active.title = "Notes"
        sheet = book.create_sheet("COM_Settings")
        for key, value in CELLS.items():
            sheet.append([None, key, value, "unit"])
        book.save(self.folder / "sheet.xlsx")
        done = self.convert("sheet.xlsx", "-o", "out.toml")
        self.assertEqual(done.returncode, OK, done.stderr)
        self.check_configuration("out.toml")


class Refused(Case):
    def test_missing_keyword(self):
        self.refuse("the keyword 'f_b' is missing", changes={"f_b": None})

    def test_empty_range(self):
        self.refuse("g_DC", "the range 0:1:-20 is empty", changes={"g_DC": "[0:1:-20]"})

    def test_cell_that_is_no_number(self):
        self.refuse("eta_0", "can't read 'small'", changes={"eta_0": "small"})

    def test_list_without_numbers(self):
        self.refuse("g_DC", "holds no number", changes={"g_DC": "[ ]"})

    def test_uneven_steps(self):
        self.refuse("gain", "uneven steps", changes={"g_DC": "[-20 -10 -9]"})

    def test_package_case_that_has_no_column(self):
        self.refuse("z_p select: case 3 of 2 columns", changes={"z_p select": "[1 3]"})

    def test_sampling_that_is_not_modelled(self):
        self.refuse("ts_anchor: 2 is not modelled", changes={"ts_anchor": "2"})

    def test_loss_without_three_numbers(self):
        self.refuse("package_tl_gamma0_a1_a2", "3 numbers", changes={"package_tl_gamma0_a1_a2": "[0 1e-3]"})

    def test_gating_that_does_not_exist(self):
        self.refuse("Grr: 7 is not modelled", changes={"Grr": "7"})

    def test_output_where_nobody_can_write(self):
        done = self.convert(self.sheet(), "-o", "absent/out.toml")
        self.assertEqual(done.returncode, 3)
        self.assertIn("absent/out.toml: cannot write", done.stderr)

    def test_missing_file(self):
        self.refuse("absent.csv", "No such file", name="absent.csv")

    def test_other_kind_of_file(self):
        (self.folder / "sheet.pdf").write_text("", encoding="utf-8")
        self.refuse("sheet.pdf", ".xls, .xlsx or .csv", name="sheet.pdf")

    def test_text_that_is_no_text(self):
        (self.folder / "sheet.csv").write_bytes(bytes(range(128, 256)))
        self.refuse("sheet.csv", "no readable spreadsheet", name="sheet.csv")

    def test_damaged_xlsx(self):
        (self.folder / "sheet.xlsx").write_bytes(b"PK damaged")
        words = ("no readable spreadsheet",) if importlib.util.find_spec("openpyxl") else ("openpyxl", "install it")
        self.refuse("sheet.xlsx", *words, name="sheet.xlsx")

    def test_title_with_quotes_stays_one_text(self):
        done = self.convert(self.sheet(), "--title", 'a "quoted" \\ title')
        self.assertEqual(done.returncode, OK)
        self.assertEqual(tomllib.loads(done.stdout)["title"], 'a "quoted" \\ title')


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
