"""numpy + scipy peer of the Monte Carlo benchmark: full revaluation of every leg on every path, vectorised over paths.

Commands on stdin: load <file> (doubles: a header of 3 sizes, then the columns in the order of read()), time, dump <file>.
"""
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np
from scipy.special import ndtr


class Book:
    def read(self, file):
        data = np.fromfile(file)[1:]
        paths, legs, underlyings = (int(x) for x in data[:3])
        at = 3

        def take(n):
            nonlocal at
            at += n
            return data[at - n : at].copy()

        self.legs, self.paths = legs, paths
        self.underlying = take(legs).astype(int)
        self.is_call = take(legs) > 0
        self.strike, self.years, self.volatility, self.rate, self.dividend, self.size, self.now = (take(legs) for _ in range(7))
        self.log_spot = take(underlyings * paths).reshape(underlyings, paths)
        self.factor = take(underlyings * paths).reshape(underlyings, paths)

    def profits(self):
        profit = np.zeros(self.paths)
        spots = np.exp(self.log_spot)
        for i in range(self.legs):
            u = self.underlying[i]
            spot, log_spot = spots[u], self.log_spot[u]
            t = self.years[i]
            total = self.volatility[i] * self.factor[u] * np.sqrt(t)
            d1 = (log_spot - np.log(self.strike[i]) + (self.rate[i] - self.dividend[i]) * t) / total + 0.5 * total
            d2 = d1 - total
            carried = spot * np.exp(-self.dividend[i] * t)
            owed = self.strike[i] * np.exp(-self.rate[i] * t)
            value = carried * ndtr(d1) - owed * ndtr(d2) if self.is_call[i] else owed * ndtr(-d2) - carried * ndtr(-d1)
            profit += self.size[i] * (value - self.now[i])
        return profit


book = Book()
for line in sys.stdin:
    command, *rest = line.split()
    if command == "load":
        book.read(rest[0])
        print("loaded", flush=True)
    elif command == "dump":
        book.profits().tofile(rest[-1])
        print("done", flush=True)
    else:
        start = time.thread_time_ns()
        profit = book.profits()
        print((time.thread_time_ns() - start) / (book.legs * book.paths), np.quantile(profit, 0.01), flush=True)
