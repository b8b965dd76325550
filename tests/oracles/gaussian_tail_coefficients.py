#!/usr/bin/python3
"""Prints the polynomial of lib/core/special.cpp: exp(x^2/2) Q(x) = sum c_k y^k, y = (x - K)/(x + K), 0 <= x <= 37.5,
by Chebyshev interpolation in 40 digits, and its largest relative error."""
import sys
import mpmath as mp

mp.mp.dps = 40
K = mp.mpf(sys.argv[2]) if len(sys.argv) > 2 else mp.mpf(5)
degree = int(sys.argv[1]) if len(sys.argv) > 1 else 18


def scaled_tail(y):
    x = K * (1 + y) / (1 - y)
    return mp.exp(x * x / 2) * mp.erfc(x / mp.sqrt(2)) / 2


end = (mp.mpf("37.5") - K) / (mp.mpf("37.5") + K)
centre, half = (end - 1) / 2, (end + 1) / 2
nodes = [mp.cos(mp.pi * (j + mp.mpf(1) / 2) / (degree + 1)) for j in range(degree + 1)]
values = [scaled_tail(centre + half * s) for s in nodes]
matrix = mp.matrix(degree + 1, degree + 1)
for i, s in enumerate(nodes):
    for k in range(degree + 1):
        matrix[i, k] = (centre + half * s) ** k
mp.mp.dps = 60
coefficients = mp.lu_solve(matrix, mp.matrix(values))
worst = max(abs(mp.polyval([mp.mpf(float(c)) for c in coefficients][::-1], y) / scaled_tail(y) - 1)
            for y in mp.linspace(-1, end, 1500))
print("// largest relative error", mp.nstr(worst, 3))
for c in coefficients:
    print("    %.17e," % float(c))
