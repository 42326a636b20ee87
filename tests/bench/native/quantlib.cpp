// QuantLib's own engines as peers of the pricing benchmark (Debian's libquantlib0-dev). Commands on stdin, one line each:
//   load <file>   binary doubles: n, then columns spot, strike, years, rate, yield, volatility, price, isCall
//   european | calculator | impliedStdDev | baw | qdfpFast | qdfpAccurate <count>   prints "<ns per option> <checksum>"
//   dump <engine> <count> <file>   writes the prices (impliedStdDev: volatilities)
#include <ql/quantlib.hpp>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
using namespace QuantLib;

static std::vector<double> S, K, T, R, Q, V, P, C, out;
static size_t n = 0;

// Processor time of this thread: what else the machine does takes no side.
static double threadNs() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return 1e9 * t.tv_sec + t.tv_nsec;
}

int main() {
  const Date today(1, January, 2025);
  Settings::instance().evaluationDate() = today;
  // A day counter that reads a date as so many ten-thousandths of a year would lose digits: years are rounded to days / 365 by the caller.
  const DayCounter dc = Actual365Fixed();
  auto spot = ext::make_shared<SimpleQuote>(100.0), rate = ext::make_shared<SimpleQuote>(0.05), yield = ext::make_shared<SimpleQuote>(0.0),
       vol = ext::make_shared<SimpleQuote>(0.2);
  auto process = ext::make_shared<BlackScholesMertonProcess>(
      Handle<Quote>(spot), Handle<YieldTermStructure>(ext::make_shared<FlatForward>(today, Handle<Quote>(yield), dc)),
      Handle<YieldTermStructure>(ext::make_shared<FlatForward>(today, Handle<Quote>(rate), dc)),
      Handle<BlackVolTermStructure>(ext::make_shared<BlackConstantVol>(today, NullCalendar(), Handle<Quote>(vol), dc)));
  std::map<std::string, ext::shared_ptr<PricingEngine>> engines = {
      {"european", ext::make_shared<AnalyticEuropeanEngine>(process)},
      {"baw", ext::make_shared<BaroneAdesiWhaleyApproximationEngine>(process)},
      {"qdfpFast", ext::make_shared<QdFpAmericanEngine>(process, QdFpAmericanEngine::fastScheme())},
      {"qdfpAccurate", ext::make_shared<QdFpAmericanEngine>(process, QdFpAmericanEngine::accurateScheme())}};
  auto run = [&](const std::string& what, size_t count) {
    for (size_t i = 0; i < count; i++) {
      const Option::Type type = C[i] != 0 ? Option::Call : Option::Put;
      if (what == "calculator") {
        const double df = std::exp(-R[i] * T[i]), dq = std::exp(-Q[i] * T[i]);
        BlackCalculator calc(type, K[i], S[i] * dq / df, V[i] * std::sqrt(T[i]), df);
        out[i] = calc.value();
        volatile double greeks = calc.delta(S[i]) + calc.gamma(S[i]) + calc.theta(S[i], T[i]) + calc.vega(T[i]) + calc.rho(T[i]);
        (void)greeks;
        continue;
      }
      if (what == "impliedStdDev") {
        const double df = std::exp(-R[i] * T[i]), f = S[i] * std::exp((R[i] - Q[i]) * T[i]);
        try { out[i] = blackFormulaImpliedStdDev(type, K[i], f, P[i], df, 0.0, Null<Real>(), 1e-10, 200) / std::sqrt(T[i]); } catch (...) { out[i] = 0; }
        continue;
      }
      spot->setValue(S[i]); rate->setValue(R[i]); yield->setValue(Q[i]); vol->setValue(V[i]);
      const Date expiry = today + static_cast<Integer>(std::lround(T[i] * 365));
      ext::shared_ptr<Exercise> exercise = what == "european" ? ext::shared_ptr<Exercise>(ext::make_shared<EuropeanExercise>(expiry))
                                                              : ext::shared_ptr<Exercise>(ext::make_shared<AmericanExercise>(today, expiry));
      VanillaOption option(ext::make_shared<PlainVanillaPayoff>(type, K[i]), exercise);
      option.setPricingEngine(engines.at(what));
      try {
        out[i] = option.NPV();
        if (what == "european") { volatile double greeks = option.delta() + option.gamma() + option.theta() + option.vega() + option.rho(); (void)greeks; }
      } catch (...) { out[i] = 0; }
    }
  };
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream in(line);
    std::string command, what, file;
    size_t count = 0;
    in >> command;
    if (command == "load") {
      in >> file;
      std::ifstream f(file, std::ios::binary);
      double size;
      f.read(reinterpret_cast<char*>(&size), 8);
      n = static_cast<size_t>(size);
      for (auto* column : {&S, &K, &T, &R, &Q, &V, &P, &C}) { column->resize(n); f.read(reinterpret_cast<char*>(column->data()), 8 * n); }
      out.assign(n, 0);
      std::cout << n << std::endl;
      continue;
    }
    if (command == "dump") {
      in >> what >> count >> file;
      run(what, count);
      std::ofstream f(file, std::ios::binary);
      f.write(reinterpret_cast<char*>(out.data()), 8 * count);
      std::cout << "done" << std::endl;
      continue;
    }
    in >> count;
    const double start = threadNs();
    run(command, count);
    const double ns = (threadNs() - start) / count;
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += out[i];
    std::cout << ns << " " << sum << std::endl;
  }
}
