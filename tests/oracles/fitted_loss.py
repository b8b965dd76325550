#!/usr/bin/python3
"""Reference values for tests/solvers/fitted_loss_test.cpp: fitted insertion loss and FOM_ILD of the example channel.

IEEE Std 802.3-2022 Annex 93A.3 and 93A.4 with NumPy alone, in GHz and by the normal equations:
  F = [1 sqrt(f) f f^2] 10^(-IL/20),  L = IL 10^(-IL/20),  a = (F'F)^-1 F'L,  ILD = IL - [1 sqrt(f) f f^2] a
  FOM_ILD = sqrt(mean(W ILD^2)),  W = sinc^2(f/f_b) / (1 + (f/f_t)^4) / (1 + (f/f_r)^8),  f_t = 0.2365/T

Run from the top of the source tree:  /usr/bin/python3 tests/oracles/fitted_loss.py
Writes tests/data/fitted_loss.csv.
"""
import gzip

import numpy as np

PATH = "examples/microring_vs_copper/channels/example2_THRU.s4p.gz"
TX_P, TX_N, RX_P, RX_N = 0, 2, 1, 3
# f_b [GBd], T [ns], f_r, lowest and highest frequency [GHz]
CASES = [(25.78125, 9.6e-3, 18.75, 0.05, 19.3359375), (53.125, 5e-3, 39.84375, 0.05, 39.84375), (26.5625, 0.0, np.inf, 1, 20)]


def main():
    numbers = []
    for line in gzip.open(PATH, "rt"):
        if not line.startswith(("!", "#")):
            numbers += line.split()
    rows = np.array(numbers, float).reshape(-1, 33)
    f = rows[:, 0] / 1e3
    s = (rows[:, 1::2] * np.exp(1j * np.radians(rows[:, 2::2]))).reshape(-1, 4, 4)
    sdd21 = 0.5 * (s[:, RX_P, TX_P] - s[:, RX_P, TX_N] - s[:, RX_N, TX_P] + s[:, RX_N, TX_N])
    with open("tests/data/fitted_loss.csv", "w") as out:
        out.write("# NumPy %s, tests/oracles/fitted_loss.py\n" % np.__version__)
        out.write("symbol_rate_Bd,rise_time_s,receiver_bandwidth_Hz,low_Hz,high_Hz,a0_dB,a1_dB_per_sqrtGHz,"
                  "a2_dB_per_GHz,a4_dB_per_GHz2,fom_dB,largest_dB\n")
        for rate, rise, bandwidth, low, high in CASES:
            used = (f >= low) & (f <= high)
            g, loss = f[used], -20 * np.log10(np.abs(sdd21[used]))
            basis = np.stack([np.ones_like(g), np.sqrt(g), g, g**2], axis=1)
            weight = 10 ** (-loss / 20)
            weighted = basis * weight[:, None]
            a = np.linalg.solve(weighted.T @ weighted, weighted.T @ (loss * weight))
            ild = loss - basis @ a
            w = np.sinc(g / rate) ** 2 / (1 + (g / bandwidth) ** 8)
            if rise > 0:
                w /= 1 + (g * rise / 0.2365) ** 4
            row = [rate * 1e9, rise * 1e-9, bandwidth * 1e9, low * 1e9, high * 1e9, *a, np.sqrt(np.mean(w * ild**2)),
                   np.max(np.abs(ild))]
            out.write(",".join(repr(float(x)) for x in row) + "\n")


main()
