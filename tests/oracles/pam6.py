#!/usr/bin/env python3
"""Bit error ratio of PAM6 (32-QAM cross, Smith's labels) in white noise, written from the definition.

The cross is folded here in amplitudes with the general formulas, and the decisions are integrated with SciPy, both
apart from the C++ code. Writes tests/data/pam6.csv: A / sigma with the outer levels at -A and A, BER, SER of one
symbol, and the mean bits wrong of a nearest decision.
"""
import csv
import pathlib

import numpy as np
from scipy.stats import norm


def gray(n):
    return n ^ (n >> 1)


def label(x, y):
    """Word of a point of the 8 x 4 rectangle of odd amplitudes."""
    return (gray((x + 7) // 2) << 2) | gray((y + 3) // 2)


def cross():
    points = {}
    for x in range(-7, 8, 2):
        for y in range(-3, 4, 2):
            if abs(x) < 7:
                points[(x, y)] = label(x, y)
            elif abs(y) == 1:
                points[(int(np.sign(x)), 5 * int(np.sign(y)))] = label(x, y)
            else:
                points[(3 * int(np.sign(x)), 5 * int(np.sign(y)))] = label(x, y)
    return points


def main():
    points = cross()
    assert len(set(points.values())) == 32
    decided = dict(points)
    for x in (-5, 5):
        for y in (-5, 5):
            decided[(x, y)] = points[(x, 3 * y // 5)]
    amplitudes = np.arange(-5, 6, 2)
    neighbours = [(p, q) for p in points for q in points if abs(p[0] - q[0]) + abs(p[1] - q[1]) == 2]
    bits = [bin(points[p] ^ points[q]).count("1") for p, q in neighbours]
    penalty = np.mean([np.mean([b for (p, _), b in zip(neighbours, bits) if p == s]) for s in points])
    print(f"{len(neighbours) // 2} neighbours, {np.mean(bits) * 52:.0f}/52 bits, penalty {penalty * 6:.6f}/6")
    rows = []
    for ratio in (6.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0):
        sigma = 5.0 / ratio
        edges = np.concatenate(([-np.inf], amplitudes[:-1] + 1.0, [np.inf]))

        def interval(sent, k):
            low, high = (edges[k] - sent) / sigma, (edges[k + 1] - sent) / sigma
            return norm.sf(low) - norm.sf(high) if low > 0 else norm.cdf(high) - norm.cdf(low)

        p = {s: [interval(s, k) for k in range(6)] for s in amplitudes}
        wrong = {s: sum(v for k, v in enumerate(p[s]) if amplitudes[k] != s) for s in amplitudes}
        ber = ser = 0.0
        for (x, y), word in points.items():
            ser += (wrong[x] + wrong[y]) / 64
            for i, a in enumerate(amplitudes):
                for j, b in enumerate(amplitudes):
                    ber += p[x][i] * p[y][j] * bin(word ^ decided[(a, b)]).count("1") / 160
        rows.append((ratio, ber, ser))
    path = pathlib.Path(__file__).parent.parent / "data" / "pam6.csv"
    with path.open("w", newline="") as file:
        file.write("# tests/oracles/pam6.py: amplitude over sigma, bit and symbol error ratio of PAM6 in white noise\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("amplitude_over_sigma", "ber", "ser"))
        for row in rows:
            writer.writerow((f"{row[0]:g}", f"{row[1]:.12e}", f"{row[2]:.12e}"))


main()
