// The bull-put loop of the scanner benchmark in plain C++, on the same prepared columns. Commands on stdin:
//   load <file>   doubles: expiries, n, bins, then per expiry: strike sell buy fair liquidity (n each), distribution (bins+1), low, perStep
//   scan <repeats> <width> <smallestCredit> <keep>   prints "<ns per candidate> <candidates> <sum of kept scores>"
#include <algorithm>
#include <ctime>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

// Processor time of this thread: what else the machine does takes no side.
static double threadNs() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return 1e9 * t.tv_sec + t.tv_nsec;
}

int main() {
  std::vector<double> data, gifts, depths;
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
      gifts.resize(expiries * n);
      depths.resize(expiries * n);
      for (long e = 0; e < expiries; e++) {
        const double* base = data.data() + 4 + e * (5 * n + bins + 3);
        for (long i = 0; i < n; i++) {
          gifts[e * n + i] = base[3 * n + i] - base[2 * n + i];
          depths[e * n + i] = base[i] - base[2 * n + i];
        }
      }
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
    const double start = threadNs();
    for (long r = 0; r < repeats; r++) {
      looked = 0;
      sum = 0;
      for (long e = 0; e < expiries; e++) {
        const double* base = data.data() + 4 + e * (5 * n + bins + 3);
        const double *strike = base, *sell = base + n, *buy = base + 2 * n, *fair = base + 3 * n, *liquid = base + 4 * n, *dist = base + 5 * n;
        const double low = dist[bins + 1], perStep = dist[bins + 2];
        heap.clear();
        double floor = -std::numeric_limits<double>::infinity();
        const auto below = [&](double level) {
          const double position = (level - low) * perStep;
          if (!(position > 0)) return dist[0];
          if (position >= bins) return dist[bins];
          const long b = static_cast<long>(position);
          return dist[b] + (position - b) * (dist[b + 1] - dist[b]);
        };
        const double *gift = gifts.data() + e * n, *depth = depths.data() + e * n;
        for (long s = 1; s < n; s++) {
          const double edge = sell[s] - fair[s], atRisk = strike[s] - sell[s], most = liquid[s] * (1 - below(atRisk));
          double least = floor > 0 ? floor / most : std::max(floor, -1e300), bound = least * atRisk - edge;
          const long last = std::max(0L, s - width);
          looked += s - last;
          for (long l = s - 1; l >= last; l--) {
            if (!(gift[l] + least * depth[l] > bound)) continue;
            const double credit = sell[s] - buy[l], maxLoss = strike[s] - strike[l] - credit;
            if (!(credit >= smallest && maxLoss > 0)) continue;
            const double ratio = (edge - buy[l] + fair[l]) / maxLoss;
            const double score = ratio > 0 ? ratio * (1 - below(strike[s] - credit)) * std::min(liquid[s], liquid[l]) : ratio;
            if (!(score > floor)) continue;
            const auto less = [](const auto& a, const auto& b) { return a.first > b.first; };
            if (static_cast<long>(heap.size()) == keep) { std::pop_heap(heap.begin(), heap.end(), less); heap.pop_back(); }
            heap.emplace_back(score, static_cast<uint32_t>(s << 16 | l));
            std::push_heap(heap.begin(), heap.end(), less);
            if (static_cast<long>(heap.size()) == keep) {
              floor = heap.front().first;
              least = floor > 0 ? floor / most : std::max(floor, -1e300);
              bound = least * atRisk - edge;
            }
          }
        }
        for (const auto& h : heap) sum += h.first;
      }
    }
    const double ns = (threadNs() - start) / repeats / looked;
    std::cout << ns << " " << looked << " " << sum << std::endl;
  }
}
