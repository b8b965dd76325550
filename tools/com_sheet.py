#!/usr/bin/env python3
"""Turns a COM spreadsheet of the IEEE 802.3 task forces (.xls, .xlsx or .csv) into a photonlink configuration.

Usage: tools/com_sheet.py SHEET [-o CONFIG.toml] [--title TEXT] [--source TEXT]

Needs openpyxl for .xlsx and xlrd for .xls. Values are read as the MATLAB code reads them: the cell to the right of
the keyword, ranges a:b:c, ones(1,n), ';' between rows, [TX RX] pairs. What the sheet leaves out keeps the default of
that code. Keywords without a counterpart are named on standard error; a malformed cell ends with exit status 2.
"""

import argparse
import csv
import json
import os
import re
import sys

# Keywords that only steer plots, files or debugging of the MATLAB code.
NO_EFFECT = {
    "diagnostics", "display_window", "csv_report", "result_dir", "save_figures", "port order", "runtag",
    "com_contribution", "bread_crumbs", "plot_cm", "erl_only", "tdr", "erl", "save_td", "save_config2mat",
    "display frequency domain", "f_min", "delta_f", "f_1", "z_p select", "rx_calibration", "sigma bbn step",
    "pmd_type", "ew", "n_v", "d_p", "f_v", "f_f", "f_n", "a_ft", "a_nt", "pass_threshold", "include_ctle", "inc_package",
    "include_tx_rx_filter", "tdr_duration", "dynamic txffe", "floatingdfe_development",
}


class SheetError(Exception):
    pass


def read_cells(path):
    """Rows of the sheet 'COM_Settings' (or the first one), each a list of cells."""
    ending = os.path.splitext(path)[1].lower()
    try:
        if ending == ".csv":
            with open(path, newline="", encoding="utf-8-sig") as file:
                return list(csv.reader(file))
        if ending == ".xlsx":
            import openpyxl
            book = openpyxl.load_workbook(path, data_only=True, read_only=True)
            sheet = book["COM_Settings"] if "COM_Settings" in book.sheetnames else book.worksheets[0]
            return [list(row) for row in sheet.iter_rows(values_only=True)]
        if ending == ".xls":
            import xlrd
            book = xlrd.open_workbook(path)
            names = book.sheet_names()
            sheet = book.sheet_by_name("COM_Settings" if "COM_Settings" in names else names[0])
            return [sheet.row_values(row) for row in range(sheet.nrows)]
    except ImportError as error:
        raise SheetError(f"{path}: reading {ending} needs the Python package {error.name}; install it") from error
    except OSError as error:
        raise SheetError(f"{path}: {error.strerror or error}") from error
    except Exception as error:  # the readers raise many kinds on damaged files
        raise SheetError(f"{path}: no readable spreadsheet ({error})") from error
    raise SheetError(f"{path}: a file ending in .xls, .xlsx or .csv is expected")


def find_keywords(rows):
    """Keyword (lower case) -> cell to its right. A keyword is text in a cell whose neighbour holds a value."""
    found = {}
    for row in rows:
        for left, right in zip(row, row[1:]):
            if isinstance(left, str) and left.strip() and right not in (None, ""):
                found.setdefault(left.strip().lower(), right)
    return found


NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"


def parse_matrix(text, key):
    """MATLAB matrix as a list of rows of numbers."""
    if isinstance(text, (int, float)):
        return [[float(text)]]
    body = text.strip().strip("[]")
    rows = []
    for line in body.split(";"):
        row = []
        # "a - b" with spaces on both sides subtracts, "a -b" starts a new element.
        line = re.sub(r"\s*:\s*", ":", line.strip())
        line = re.sub(r"(?<=[\d.)])\s+([-+])\s+", r"\1\1", line)
        for item in re.split(r"[\s,]+(?![^()]*\))", line):
            if item:
                row.extend(parse_item(item, key, text))
        if row:
            rows.append(row)
    if not rows:
        raise SheetError(f"{key}: '{text}' holds no number")
    return rows


def parse_item(item, key, text):
    if re.fullmatch(NUMBER, item):
        return [float(item)]
    ones = re.fullmatch(rf"(?:({NUMBER})\*)?ones\(\s*1\s*,\s*(\d+)\s*\)", item)
    if ones:
        return [float(ones.group(1) or 1)] * int(ones.group(2))
    span = re.fullmatch(rf"({NUMBER}):(?:({NUMBER}):)?({NUMBER})", item)
    if span:
        first, step, last = float(span.group(1)), float(span.group(2) or 1), float(span.group(3))
        if step == 0 or (last - first) / step < 0:
            raise SheetError(f"{key}: the range {item} is empty")
        return [first + i * step for i in range(int((last - first) / step + 1e-9) + 1)]
    parts = item.replace("--", "\0-").replace("++", "\0+").split("\0")
    if len(parts) > 1 and all(re.fullmatch(NUMBER, part) for part in parts):
        value = sum(float(part) for part in parts)
        print(f"com_sheet: {key}: '{text}' subtracts in MATLAB, giving {value:g}", file=sys.stderr)
        return [value]
    raise SheetError(f"{key}: can't read '{item}' in '{text}'; a number, range or ones(1,n) is expected")


class Sheet:
    def __init__(self, keywords):
        self.cells = keywords
        self.used = set()

    def has(self, key):
        return key.lower() in self.cells

    def raw(self, key, default=None):
        self.used.add(key.lower())
        return self.cells.get(key.lower(), default)

    def matrix(self, key, default=None):
        value = self.raw(key)
        if value is None:
            if default is None:
                raise SheetError(f"the keyword '{key}' is missing")
            return default
        return parse_matrix(value, key)

    def row(self, key, default=None):
        return self.matrix(key, None if default is None else [default])[0]

    def number(self, key, default=None):
        return self.row(key, None if default is None else [default])[0]

    def pair(self, key, default=None):
        values = [v for line in self.matrix(key, None if default is None else [default]) for v in line]
        return values * 2 if len(values) == 1 else values[:2]


def number(value):
    text = f"{value:.12g}"
    return text if any(c in text for c in ".e") else text + ".0"


def quantity(value, unit):
    return f'"{value:.12g} {unit}"'


def listing(values, unit=None):
    return "[" + ", ".join(number(v) if unit is None else quantity(v, unit) for v in values) + "]"


class Writer:
    def __init__(self):
        self.lines = []

    def section(self, name):
        self.lines += ["", name]

    def key(self, name, text):
        self.lines.append(f"{name} = {text}")


def grid(out, prefix, values, unit):
    steps = [b - a for a, b in zip(values, values[1:])]
    if steps and max(steps) - min(steps) > 1e-9:
        raise SheetError(f"{prefix}: uneven steps cannot be written as a range")
    suffix = f"_{prefix}" if prefix else ""
    show = (lambda v: quantity(v, unit)) if unit else number
    out.key(f"first{suffix}", show(min(values)))
    out.key(f"last{suffix}", show(max(values)))
    out.key(f"{prefix}_step" if prefix else "step", show(abs(steps[0]) if steps else 1))


def write_signal(sheet, out):
    out.section("[signal]")
    out.key("symbol_rate", quantity(sheet.number("f_b"), "GBd"))
    out.key("levels", str(int(sheet.number("L"))))
    out.key("samples_per_symbol", str(int(sheet.number("M", 32))))
    out.key("detector_error_ratio", number(sheet.number("DER_0")))
    out.key("reference_resistance", quantity(sheet.number("R_0", 50), "ohm"))
    out.section("[transmitter]")
    for key, name in (("A_v", "amplitude"), ("A_fe", "fext_amplitude"), ("A_ne", "next_amplitude")):
        out.key(name, quantity(sheet.number(key), "V"))
    out.key("level_mismatch_ratio", number(sheet.number("R_LM")))
    out.key("snr", quantity(sheet.number("SNR_TX"), "dB"))
    out.key("random_jitter", quantity(sheet.number("sigma_RJ"), "UI"))
    out.key("dual_dirac_jitter", quantity(sheet.number("A_DD"), "UI"))
    rise = sheet.number("T_r", 0.008)
    if sheet.number("FORCE_TR", 0) or sheet.number("T_r_filter_type", 0):
        out.key("rise_time", quantity(rise, "ns"))
    out.key("smallest_main_tap", number(sheet.number("c(0)")))


def write_taps(sheet, out):
    for position in list(range(-15, 0)) + list(range(1, 16)):
        if not sheet.has(f"c({position})"):
            continue
        values = sheet.row(f"c({position})")
        if values == [0.0]:
            continue
        out.section("[[tap]]")
        out.key("position", str(position))
        grid(out, "", values, None)


def write_ctle(sheet, out):
    out.section("[ctle]")
    rate = sheet.number("f_b")
    grid(out, "gain", sheet.row("g_DC"), "dB")
    out.key("zero", quantity(sheet.number("f_z", rate / 4), "GHz"))
    out.key("pole", quantity(sheet.number("f_p1", rate / 4), "GHz"))
    out.key("second_pole", quantity(sheet.number("f_p2", rate), "GHz"))
    if sheet.has("g_DC_HP"):
        grid(out, "low_gain", sheet.row("g_DC_HP"), "dB")
        out.key("low_corner", quantity(sheet.number("f_HP_PZ"), "GHz"))
    if sheet.number("GDC_MIN", 0) != 0:
        out.key("largest_gain_sum", quantity(sheet.number("GDC_MIN"), "dB"))
    if sheet.has("G_Qual") and sheet.has("G2_Qual"):
        bands = sorted(zip(sheet.row("G2_Qual"), sheet.matrix("G_Qual")), key=lambda band: -band[0])
        out.key("low_gain_floor", listing([floor for floor, _ in bands], "dB"))
        out.key("gain_top", listing([max(window) for _, window in bands], "dB"))
        out.key("gain_bottom", listing([min(window) for _, window in bands], "dB"))


def write_receiver(sheet, out):
    out.section("[receiver]")
    rate, ratio = sheet.number("f_b"), sheet.number("f_r", 4)
    out.key("bandwidth_ratio", number(ratio))
    filters = [name for key, name, default in (("Butterworth", "butterworth", 1), ("Bessel_Thomson", "bessel_thomson", 0),
                                                ("Raised_Cosine", "raised_cosine", 0)) if sheet.number(key, default)]
    out.key("filters", "[" + ", ".join(f'"{name}"' for name in filters) + "]")
    if "raised_cosine" in filters:
        out.key("cosine_begin", quantity(sheet.number("RC_Start", rate / 2 * 1e9) / 1e9, "GHz"))
        out.key("cosine_end", quantity(sheet.number("RC_end", rate * ratio * 1e9) / 1e9, "GHz"))
    out.key("noise", quantity(sheet.number("eta_0"), "V^2/GHz"))
    if sheet.has("f_2"):
        out.key("crosstalk_band", quantity(sheet.number("f_2"), "GHz"))
    anchor = int(sheet.number("ts_anchor", 0))
    if anchor not in (0, 1):
        raise SheetError(f"ts_anchor: {anchor} is not modelled; 0 (Mueller-Muller) and 1 (peak) are")
    out.key("sampling", '"peak"' if anchor else '"mueller_muller"')
    shifts = sheet.row("sample_adjustment", [0.0])
    first, last = (0.0, shifts[0]) if len(shifts) == 1 else shifts[:2]
    if first or last:
        out.key("first_shift", str(int(first)))
        out.key("last_shift", str(int(last)))
    if sheet.number("ffe_pre_tap_len", 0) or sheet.number("ffe_post_tap_len", 0):
        out.section("[ffe]")
        out.key("pre", str(int(sheet.number("ffe_pre_tap_len", 0))))
        out.key("post", str(int(sheet.number("ffe_post_tap_len", 0))))
        out.key("first_pre_limit", number(sheet.number("ffe_pre_tap1_max", 0.7)))
        out.key("first_post_limit", number(sheet.number("ffe_post_tap1_max", 0.7)))
        out.key("limit", number(sheet.number("ffe_tapn_max", 0.7)))


def write_dfe(sheet, out):
    taps = int(sheet.number("N_b"))
    out.section("[dfe]")
    out.key("taps", str(taps))
    if taps:
        highest = [sheet.number("b_max(1)")]
        lowest = [sheet.number("b_min(1)", -highest[0])]
        if taps > 1:
            highest += sheet.row("b_max(2..N_b)", [0.2])
            lowest += sheet.row("b_min(2..N_b)", [-value for value in highest[1:]])
        out.key("maximum", listing(highest))
        out.key("minimum", listing(lowest))
    if sheet.number("N_b_step", 0):
        out.key("step", number(sheet.number("N_b_step")))
    if sheet.number("N_bg", 0):
        out.key("floating_groups", str(int(sheet.number("N_bg"))))
        out.key("taps_per_group", str(int(sheet.number("N_bf", 6))))
        out.key("span", str(int(sheet.number("N_f", taps))))
        out.key("floating_maximum", number(sheet.number("bmaxg", 0.2)))
    for unused in ("N_bf", "N_f", "bmaxg", "N-g", "N-max"):
        sheet.raw(unused)
    if sheet.number("N_tail_start", 0):
        out.key("tail_start", str(int(sheet.number("N_tail_start"))))
        out.key("tail_rss", number(sheet.number("B_float_RSS_MAX", 0)))


def write_line(sheet, out, name, prefix):
    loss = sheet.row(f"{prefix}_tl_gamma0_a1_a2")
    if len(loss) != 3:
        raise SheetError(f"{prefix}_tl_gamma0_a1_a2: {len(loss)} numbers where 3 numbers are expected")
    gamma0, a1, a2 = loss
    out.section(f"[{name}]")
    out.key("gamma0", quantity(gamma0, "1/mm"))
    out.key("a1", quantity(a1, "sqrt(ns)/mm"))
    out.key("a2", quantity(a2, "ns/mm"))
    out.key("tau", quantity(sheet.number(f"{prefix}_tl_tau"), "ns/mm"))


def write_packages(sheet, out):
    write_line(sheet, out, "package_loss", "package")
    impedance = sheet.matrix("package_Z_c", [[78.2]])
    sections = len(sheet.matrix("z_p (TX)"))
    capacitance, inductance = sheet.matrix("C_d"), sheet.matrix("L_s", [[0.0, 0.0]])
    for end, name in enumerate(("transmitter_package", "receiver_package")):
        out.section(f"[{name}]")
        out.key("termination", quantity(sheet.pair("R_d")[end], "ohm"))
        side = lambda m: m[end] if len(m) > 1 else [m[0][min(end, len(m[0]) - 1)]]
        out.key("die_capacitance", listing([1e6 * c for c in side(capacitance)], "fF"))
        if any(side(inductance)):
            out.key("die_inductance", listing([1e3 * l for l in side(inductance)], "pH"))
        bump = sheet.pair("C_b", [0.0])[end]
        if bump:
            out.key("bump_capacitance", quantity(1e6 * bump, "fF"))
        lines = ([row[min(end, len(row) - 1)] for row in impedance] if len(impedance) > 1
                 else [impedance[0][min(end, len(impedance[0]) - 1)]])
        out.key("line_impedance", listing(lines[:sections], "ohm"))
        via = sheet.pair("C_v", [0.0])[end]
        if via:
            out.key("via_capacitance", quantity(1e6 * via, "fF"))
        out.key("ball_capacitance", quantity(1e6 * sheet.pair("C_p")[end], "fF"))


def write_board(sheet, out):
    side = int(sheet.number("Include PCB", 0))
    if not side:
        for key in ("board_tl_gamma0_a1_a2", "board_tl_tau", "board_Z_c", "C_0", "C_1", "z_bp (TX)", "z_bp (NEXT)",
                    "z_bp (FEXT)", "z_bp (RX)"):
            sheet.raw(key)
        return
    write_line(sheet, out, "board_loss", "board")
    out.section("[board]")
    out.key("side", '"both"' if side == 1 else '"receiver"')
    out.key("impedance", quantity(sheet.number("board_Z_c"), "ohm"))
    for key, name in (("TX", "transmit"), ("NEXT", "next"), ("FEXT", "fext"), ("RX", "receive")):
        out.key(f"{name}_length", quantity(sheet.number(f"z_bp ({key})"), "mm"))
    out.key("package_capacitance", listing([1e6 * c for c in sheet.pair("C_0", [0.0])], "fF"))
    out.key("channel_capacitance", listing([1e6 * c for c in sheet.pair("C_1", [0.0])], "fF"))


def write_cases(sheet, out):
    select = [int(v) for v in sheet.row("z_p select", [1.0])]
    lengths = {name: sheet.matrix(f"z_p ({key})") for key, name in
               (("TX", "transmit"), ("NEXT", "next"), ("FEXT", "fext"), ("RX", "receive"))}
    for case in select:
        out.section("[[case]]")
        out.key("name", f'"package {case}"')
        for name, matrix in lengths.items():
            if not 1 <= case <= len(matrix[0]):
                raise SheetError(f"z_p select: case {case} of {len(matrix[0])} columns")
            out.key(f"{name}_length", listing([row[case - 1] for row in matrix], "mm"))


def write_eye_window(sheet, out):
    width = sheet.number("T_O", 0) if str(sheet.raw("PMD_type", "C2C")).upper() == "C2M" else 0
    for unused in ("T_O", "samples_for_C2M", "sigma_r", "Qr", "Histogram_Window_Weight", "Min_VEO_Test", "EH_min"):
        sheet.raw(unused)
    if not width:
        return
    out.section("[eye_window]")
    out.key("half_width", quantity(width, "mUI"))
    out.key("sigma", quantity(sheet.number("sigma_r", sheet.number("Qr", 0.02)), "UI"))
    out.key("weight", f'"{str(sheet.raw("Histogram_Window_Weight", "rectangle")).strip().lower()}"')
    out.key("samples_per_symbol", str(int(sheet.number("samples_for_C2M", 100))))
    if sheet.number("Min_VEO_Test", 0):
        out.key("smallest_tested_height", quantity(sheet.number("Min_VEO_Test"), "mV"))


def write_return_loss(sheet, out):
    for unused in ("N", "N_bx", "rho_x", "beta_x", "TR_TDR", "Tukey_Window", "fixture delay time", "TDR_W_TXPKG",
                   "TDR_Butterworth", "Z_t", "Grr"):
        sheet.raw(unused)
    if not sheet.number("N", 0):
        return
    out.section("[return_loss]")
    out.key("rise_time", quantity(sheet.number("TR_TDR", 0.008), "ns"))
    out.key("termination", quantity(sheet.number("Z_t", 50), "ohm"))
    out.key("length", str(int(sheet.number("N"))))
    out.key("equalized_length", number(sheet.number("N_bx", sheet.number("N_b"))))
    out.key("reflected_share", number(sheet.number("rho_x", 0.618)))
    out.key("loss", quantity(sheet.number("beta_x", 0), "dB/s"))
    out.key("fixture_delay", listing(sheet.pair("fixture delay time", [0.0]), "s"))
    gating = {0: "3bj", 1: "3cd", 2: "3ck"}
    if sheet.number("Grr", 1) not in gating:
        raise SheetError(f"Grr: {sheet.number('Grr'):g} is not modelled; 0, 1 and 2 are")
    out.key("gating", f'"{gating[sheet.number("Grr", 1)]}"')
    out.key("window", '"tukey"' if sheet.number("Tukey_Window", 0) else '"none"')
    out.key("behind_transmitter_package", str(int(sheet.number("TDR_W_TXPKG", 0))))


def write_limits(sheet, out):
    out.section("[limits]")
    out.key("com", quantity(sheet.number("COM Pass threshold", 0), "dB"))
    for key, name, unit in (("ERL Pass threshold", "effective_return_loss", "dB"),
                            ("VEC Pass threshold", "vertical_eye_closure", "dB"), ("EH_min", "eye_height", "mV")):
        if sheet.number(key, 0):
            out.key(name, quantity(sheet.number(key), unit))
    steps = int(sheet.number("Local Search", 0))
    if steps:
        out.section("[search]")
        out.key("local_steps", str(steps))


def convert(keywords, title, source):
    """Text of the configuration, and the keywords that had no counterpart."""
    sheet, out = Sheet(keywords), Writer()
    # A JSON text is a TOML text too.
    out.lines = ["schema = 1", f"title = {json.dumps(title)}", f"source = {json.dumps(source)}"]
    for part in (write_signal, write_taps, write_ctle, write_receiver, write_dfe, write_packages, write_board,
                 write_cases, write_eye_window, write_return_loss, write_limits):
        part(sheet, out)
    left = sorted(key for key in keywords if key not in sheet.used and key not in NO_EFFECT)
    return "\n".join(out.lines) + "\n", left


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sheet")
    parser.add_argument("-o", "--out", help="file to write (default: standard output)")
    parser.add_argument("--title", help="title (default: name of the sheet)")
    parser.add_argument("--source", help="source (default: name of the sheet)")
    options = parser.parse_args()
    name = os.path.basename(options.sheet)
    try:
        text, left = convert(find_keywords(read_cells(options.sheet)), options.title or name, options.source or name)
    except SheetError as error:
        print(f"com_sheet: {error}", file=sys.stderr)
        return 2
    if left:
        print(f"com_sheet: not carried over: {', '.join(left)}", file=sys.stderr)
    if options.out:
        temporary = options.out + ".part"
        try:
            with open(temporary, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(temporary, options.out)
        except OSError as error:
            print(f"com_sheet: {options.out}: cannot write: {error.strerror}", file=sys.stderr)
            return 3
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
