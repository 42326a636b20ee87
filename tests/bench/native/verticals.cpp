// The bull-put loop of the scanner benchmark in plain C++, on the same prepared columns. Commands on stdin:
//   load <file>   doubles: expiries, n, bins, then per expiry: strike sell buy fair liquidity (n each), distribution (bins+1), low, perStep
//   scan <repeats> <width> <smallestCredit> <keep>   prints "<ns per candidate> <candidates> <sum of kept scores>"
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

int main() {
  std::vector<double> data;
  long expiries = 0, n = 0, bins = 0;
  std::string line;
  std::cout.precision(17);
  while (std::getline(std::cin, line)) {
    std::istringstream in(line);
    std::string command, file;
    in >> command;
    if (command == "load") {
      in >> file;
      std::ifstream f(file, std::ios::binary | std::ios::ate);
      const auto size = f.tellg();
      f.seekg(0);
      data.resize(size / 8);
      f.read(reinterpret_cast<char*>(data.data()), size);
      // The first double is the number of doubles that follow (the peers' common header).
      expiries = static_cast<long>(data[1]);
      n = static_cast<long>(data[2]);
      bins = static_cast<long>(data[3]);
      std::cout << expiries << std::endl;
      continue;
    }
    long repeats, width, keep;
    double smallest;
    in >> repeats >> width >> smallest >> keep;
    long looked = 0;
    double sum = 0;
    std::vector<std::pair<double, uint32_t>> heap;
    heap.reserve(keep);
    const auto start = std::chrono::steady_clock::now();
    for (long r = 0; r < repeats; r++) {
      looked = 0;
      sum = 0;
      for (long e = 0; e < expiries; e++) {
        const double* base = data.data() + 4 + e * (5 * n + bins + 3);
        const double *strike = base, *sell = base + n, *buy = base + 2 * n, *fair = base + 3 * n, *liquid = base + 4 * n, *dist = base + 5 * n;
        const double low = dist[bins + 1], perStep = dist[bins + 2];
        heap.clear();
        double floor = -std::numeric_limits<double>::infinity();
        for (long s = 1; s < n; s++) {
          const double edge = sell[s] - fair[s];
          const long last = std::max(0L, s - width);
          looked += s - last;
          for (long l = s - 1; l >= last; l--) {
            const double credit = sell[s] - buy[l], maxLoss = strike[s] - strike[l] - credit, expected = edge - buy[l] + fair[l];
            if (!(expected > floor * maxLoss && credit >= smallest && maxLoss > 0)) continue;
            const double position = (strike[s] - credit - low) * perStep;
            double below;
            if (!(position > 0)) below = dist[0];
            else if (position >= bins) below = dist[bins];
            else { const long b = static_cast<long>(position); below = dist[b] + (position - b) * (dist[b + 1] - dist[b]); }
            const double score = expected / maxLoss * (1 - below) * std::min(liquid[s], liquid[l]);
            if (!(score > floor)) continue;
            const auto less = [](const auto& a, const auto& b) { return a.first > b.first; };
            if (static_cast<long>(heap.size()) == keep) { std::pop_heap(heap.begin(), heap.end(), less); heap.pop_back(); }
            heap.emplace_back(score, static_cast<uint32_t>(s << 16 | l));
            std::push_heap(heap.begin(), heap.end(), less);
            if (static_cast<long>(heap.size()) == keep) floor = heap.front().first;
          }
        }
        for (const auto& h : heap) sum += h.first;
      }
    }
    const double ns = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / repeats / looked;
    std::cout << ns << " " << looked << " " << sum << std::endl;
  }
}
