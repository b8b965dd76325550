#!/usr/bin/python3
"""Reference values for tests/solvers/channel_measures_test.cpp: integrated crosstalk noise of the example channel.

Equations (92-44) to (92-48) of IEEE Std 802.3-2022, written out with NumPy alone:
  W(f) = (A^2/f_b) sinc^2(f/f_b) / (1 + (f/f_t)^4) / (1 + (f/f_r)^8),  f_t = 0.2365/T
  sigma^2 = 2 df sum_n W(f_n) 10^(-MDXT(f_n)/10),  MDXT = -10 log10 sum_i 10^(-XT_i/10),  XT_i = -20 log10 |Sdd21_i|
The Touchstone files (MHz, S, MA, 50 ohm) are read here, with the port order 1 3 2 4 of Annex 93A.

Run from the top of the source tree:  /usr/bin/python3 tests/oracles/channel_measures.py
Writes tests/data/channel_measures.csv.
"""
import gzip

import numpy as np

CHANNELS = "examples/microring_vs_copper/channels/example2_"
TX_P, TX_N, RX_P, RX_N = 0, 2, 1, 3  # files number 1 3 (transmitter) and 2 4 (receiver)

# f_b, A_nt, A_ft, T_nt, T_ft, f_r, lowest and highest frequency. First line: 25.78125 GBd with 600 mV peak,
# 9.6 ps, 18.75 GHz. The others leave one or all filters out, or change band and amplitudes.
CASES = [
    (25.78125e9, 0.6, 0.6, 9.6e-12, 9.6e-12, 18.75e9, 50e6, 19e9),
    (25.78125e9, 0.6, 0.4, 9.6e-12, 14e-12, 18.75e9, 50e6, 25.78125e9),
    (53.125e9, 0.45, 0.3, 0.0, 0.0, 39.84375e9, 0.0, 40e9),
    (10.3125e9, 0.6, 0.6, 24e-12, 24e-12, np.inf, 50e6, 10e9),
    (26.5625e9, 0.5, 0.5, 0.0, 0.0, np.inf, 0.0, 40e9),
]


def read(path):
    numbers = []
    for line in gzip.open(path, "rt"):
        if not line.startswith(("!", "#")):
            numbers += line.split()
    rows = np.array(numbers, float).reshape(-1, 33)
    s = rows[:, 1::2] * np.exp(1j * np.radians(rows[:, 2::2]))
    return rows[:, 0] * 1e6, s.reshape(-1, 4, 4)


def sdd21(s):
    return 0.5 * (s[:, RX_P, TX_P] - s[:, RX_P, TX_N] - s[:, RX_N, TX_P] + s[:, RX_N, TX_N])


def load(names):
    transfers = []
    for name in names:
        f, s = read(CHANNELS + name + ".s4p.gz")
        transfers.append(sdd21(s))
    return f, transfers


def multidisturber_dB(transfers):
    losses = [-20 * np.log10(np.abs(t)) for t in transfers]
    return -10 * np.log10(sum(10 ** (-loss / 10) for loss in losses))


def sigma(f, loss_dB, amplitude, rise, f_b, f_r, low, high):
    w = amplitude**2 / f_b * np.sinc(f / f_b) ** 2 / (1 + (f / f_r) ** 8)
    if rise > 0:
        w /= 1 + (f * rise / 0.2365) ** 4
    used = (f >= low) & (f <= high)
    return np.sqrt(2 * (f[1] - f[0]) * np.sum((w * 10 ** (-loss_dB / 10))[used]))


def main():
    f, near = load(["NEXT1", "NEXT2", "NEXT3"])
    _, far = load(["FEXT1", "FEXT2"])
    near_dB, far_dB = multidisturber_dB(near), multidisturber_dB(far)
    with open("tests/data/channel_measures.csv", "w") as out:
        out.write("# NumPy %s, tests/oracles/channel_measures.py\n" % np.__version__)
        out.write("symbol_rate_Bd,near_amplitude_V,far_amplitude_V,near_rise_time_s,far_rise_time_s,"
                  "receiver_bandwidth_Hz,low_Hz,high_Hz,near_V,far_V,total_V\n")
        for f_b, a_nt, a_ft, t_nt, t_ft, f_r, low, high in CASES:
            near_V = sigma(f, near_dB, a_nt, t_nt, f_b, f_r, low, high)
            far_V = sigma(f, far_dB, a_ft, t_ft, f_b, f_r, low, high)
            row = [f_b, a_nt, a_ft, t_nt, t_ft, f_r, low, high, near_V, far_V, np.sqrt(near_V**2 + far_V**2)]
            out.write(",".join(repr(float(x)) for x in row) + "\n")


main()
