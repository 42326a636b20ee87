// Plain C++ peers of the pricing benchmark: the textbook loop, and the construction of "Let's Be Rational" (Jaeckel 2015: four
// rational-cubic guesses, two Householder steps) written for this benchmark. Reads commands from stdin, one line each:
//   load <file>   binary doubles: n, then columns spot, strike, years, rate, volatility, price, isCall
//   textbook <repeats> | implied <repeats>   prints "<nanoseconds per item> <checksum>"
//   dump textbook|implied <file>   writes the results (textbook: price delta gamma theta vega rho per contract)
#include <ctime>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

static std::vector<double> S, K, T, R, V, P, C, out;
static size_t n = 0;

static inline double cdf(double x) { return 0.5 * std::erfc(-x * M_SQRT1_2); }
static inline double pdf(double x) { return 0.3989422804014327 * std::exp(-0.5 * x * x); }

static void textbook() {
  for (size_t i = 0; i < n; i++) {
    const double root = std::sqrt(T[i]), vol = V[i] * root, df = std::exp(-R[i] * T[i]);
    const double d1 = (std::log(S[i] / K[i]) + (R[i] + 0.5 * V[i] * V[i]) * T[i]) / vol, d2 = d1 - vol;
    const double density = pdf(d1), sign = C[i] ? 1.0 : -1.0, n1 = cdf(sign * d1), n2 = cdf(sign * d2);
    double* o = &out[6 * i];
    o[0] = sign * (S[i] * n1 - K[i] * df * n2);
    o[1] = sign * n1;
    o[2] = density / (S[i] * vol);
    o[3] = -S[i] * density * V[i] / (2 * root) - sign * R[i] * K[i] * df * n2;
    o[4] = S[i] * density * root;
    o[5] = sign * K[i] * T[i] * df * n2;
  }
}

// erfc-type rationals after W. J. Cody, Math. Comp. 23 (1969): scaled complementary error function.
static double erfcx(double x) {
  if (x < 0.46875) {
    static const double a[] = {3.1611237438705656, 113.864154151050156, 377.485237685302021, 3209.37758913846947, 0.185777706184603153};
    static const double b[] = {23.6012909523441209, 244.024637934444173, 1282.61652607737228, 2844.23683343917062};
    const double y = x * x;
    double num = a[4] * y, den = y;
    for (int i = 0; i < 3; i++) { num = (num + a[i]) * y; den = (den + b[i]) * y; }
    return std::exp(y) * (1 - x * (num + a[3]) / (den + b[3]));
  }
  if (x <= 4) {
    static const double c[] = {0.564188496988670089, 8.88314979438837594, 66.1191906371416295, 298.635138197400131, 881.95222124176909,
                               1712.04761263407058, 2051.07837782607147, 1230.33935479799725, 2.15311535474403846e-8};
    static const double d[] = {15.7449261107098347, 117.693950891312499, 537.181101862009858, 1621.38957456669019, 3290.79923573345963,
                               4362.61909014324716, 3439.36767414372164, 1230.33935480374942};
    double num = c[8] * x, den = x;
    for (int i = 0; i < 7; i++) { num = (num + c[i]) * x; den = (den + d[i]) * x; }
    return (num + c[7]) / (den + d[7]);
  }
  static const double p[] = {0.305326634961232344, 0.360344899949804439, 0.125781726111229246, 0.0160837851487422766, 6.58749161529837803e-4,
                             0.0163153871373020978};
  static const double q[] = {2.56852019228982242, 1.87295284992346725, 0.527905102951428412, 0.0605183413124413191, 0.00233520497626869185};
  const double y = 1 / (x * x);
  double num = p[5] * y, den = y;
  for (int i = 0; i < 4; i++) { num = (num + p[i]) * y; den = (den + q[i]) * y; }
  const double r = y * (num + p[4]) / (den + q[4]);
  return (0.564189583547756287 - r) / x;
}

static double quantile(double p) {  // Acklam's start, one Halley step: enough for a guess.
  const double q = p - 0.5;
  if (std::fabs(q) < 0.4) {
    double x = q * 2.50662827463 * (1 + q * q * 1.0472), e = cdf(x) - p, u = e * 2.5066282746310002 * std::exp(0.5 * x * x);
    x -= u / (1 + 0.5 * x * u); e = cdf(x) - p; u = e * 2.5066282746310002 * std::exp(0.5 * x * x);
    return x - u / (1 + 0.5 * x * u);
  }
  const double pp = q < 0 ? p : 1 - p, t = std::sqrt(-2 * std::log(pp));
  double x = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
  const double e = 1 - pp / cdf(x), u = e * cdf(x) / pdf(x);
  x -= u / (1 + 0.5 * x * u);
  return q < 0 ? x : -x;
}

static const double ROOT_HALF_PI = 1.2533141373155003;
static double overVega(double h, double t) {  // b / b' = Y(h+t) - Y(h-t), or its Taylor series for small t.
  if (t < 0.21 && -h * t < 0.45) {
    const double hh = h * h, w = t * t, e0 = h * ROOT_HALF_PI * erfcx(-h * M_SQRT1_2), o1 = 1 + e0, e2 = hh * o1 + e0, o3 = e2 + 2 * o1,
                 e4 = hh * o3 + 3 * e2, o5 = e4 + 4 * o3, e6 = hh * o5 + 5 * e4, o7 = e6 + 6 * o5, e8 = hh * o7 + 7 * e6, o9 = e8 + 8 * o7,
                 o11 = hh * o9 + 9 * e8 + 10 * o9;
    return 2 * t * (o1 + w * (o3 / 6 + w * (o5 / 120 + w * (o7 / 5040 + w * (o9 / 362880 + w * o11 / 39916800)))));
  }
  return ROOT_HALF_PI * (erfcx(-(h + t) * M_SQRT1_2) - erfcx(-(h - t) * M_SQRT1_2));
}
static double vegaN(double x, double s) { const double h = x / s, t = 0.5 * s; return 0.3989422804014327 * std::exp(-0.5 * (h * h + t * t)); }
static double black(double x, double s) { return s > 0 ? vegaN(x, s) * overVega(x / s, 0.5 * s) : 0; }

static double cubic(double x, double xl, double xr, double yl, double yr, double dl, double dr, double r) {
  const double h = xr - xl, t = (x - xl) / h, q = 1 - t;
  return (yr * t * t * t + (r * yr - h * dr) * t * t * q + (r * yl + h * dl) * t * q * q + yl * q * q * q) / (1 + (r - 3) * t * q);
}
static double control(double xl, double xr, double yl, double yr, double dl, double dr, double second, bool right, bool shape) {
  const double slope = (yr - yl) / (xr - xl), num = 0.5 * (xr - xl) * second + (dr - dl), den = right ? dr - slope : slope - dl;
  double r = num == 0 ? 0 : den == 0 ? (num > 0 ? 1e30 : -1) : num / den, r1 = -1e30, r2 = -1e30;
  const bool mono = dl * slope >= 0 && dr * slope >= 0, convex = dl <= slope && slope <= dr, concave = dl >= slope && slope >= dr;
  if (mono && slope != 0) r1 = (dr + dl) / slope;
  if (convex || concave) {
    if (slope != dl && slope != dr) r2 = std::fmax(std::fabs((dr - dl) / (dr - slope)), std::fabs((dr - dl) / (slope - dl)));
    else if (shape) r2 = 1e30;
  } else if (mono && shape) r2 = 1e30;
  return std::fmax(r, std::fmax(-(1 - 1.5e-8), std::fmax(r1, r2)));
}

static double guess(double x, double b, double bMax) {
  const double sc = std::sqrt(-2 * x), bc = black(x, sc), vc = vegaN(x, sc);
  if (b < bc) {
    const double sl = sc - bc / vc, bl = black(x, sl);
    if (b >= bl) {
      const double dl = 1 / vegaN(x, sl), r = control(bl, bc, sl, sc, dl, 1 / vc, 0, true, false);
      return cubic(b, bl, bc, sl, sc, dl, 1 / vc, r);
    }
    const double ax = -x, scale = 2 * M_PI * ax / 5.196152422706632, z = ax / (1.7320508075688772 * sl), y = z * z, ss = sl * sl, c = cdf(-z),
                 f = scale * c * c * c, d1 = 2 * M_PI * y * c * c * std::exp(y + 0.125 * ss),
                 d2 = M_PI / 6 * y * c * (8 * 1.7320508075688772 * sl * ax + (3 * ss * (ss - 8) - 8 * x * x) * c / pdf(z)) * std::exp(2 * y + 0.25 * ss) / (ss * sl);
    const double r = control(0, bl, 0, f, 1, d1, d2, true, true);
    double m = cubic(b, 0, bl, 0, f, 1, d1, r);
    if (!(m > 0)) { const double t = b / bl; m = (f * t + bl * (1 - t)) * t; }
    return std::fabs(x / (1.7320508075688772 * quantile(std::cbrt(m / scale))));
  }
  const double sh = vc > 0 ? sc + (bMax - bc) / vc : sc, bh = black(x, sh);
  if (b <= bh) {
    const double dr = 1 / vegaN(x, sh), r = control(bc, bh, sc, sh, 1 / vc, dr, 0, false, false);
    return cubic(b, bc, bh, sc, sh, 1 / vc, dr, r);
  }
  const double f = cdf(-0.5 * sh), q = x / sh, d1 = -0.5 * std::exp(0.5 * q * q), d2 = ROOT_HALF_PI * std::exp(q * q + 0.125 * sh * sh) * q * q / sh;
  double m = d2 < 1e150 ? cubic(b, bh, bMax, f, 0, d1, -0.5, control(bh, bMax, f, 0, d1, -0.5, d2, false, true)) : 0;
  if (!(m > 0)) { const double w = bMax - bh, t = (b - bh) / w; m = (f * (1 - t) + 0.5 * w * t) * (1 - t); }
  return -2 * quantile(m);
}

static double step(double x, double s, double target, bool upper) {
  const double h = x / s, t = 0.5 * s;
  const double ratio = upper ? ROOT_HALF_PI * (erfcx((h + t) * M_SQRT1_2) + erfcx((t - h) * M_SQRT1_2)) : overVega(h, t);
  const double m = upper ? -1 / ratio : 1 / ratio, lb = std::log(ratio) - 0.5 * (h * h + t * t) - 0.9189385332046727, a = h * h / s - 0.5 * t,
               da = -3 * h * h / (s * s) - 0.25;
  double newton = (target - lb) / m, halley = a - m, third = a * a + da + m * (2 * m - 3 * a);
  if (!upper && target < -4) { const double q = m / lb; newton *= lb / target; third += 6 * q * (q - halley); halley -= 2 * q; }
  return s + newton * (1 + 0.5 * halley * newton) / (1 + newton * (halley + third * newton / 6));
}

static void implied() {
  for (size_t i = 0; i < n; i++) {
    const double df = std::exp(-R[i] * T[i]), f = S[i] / df, k = K[i], u = P[i] / df, intrinsic = std::fmax(C[i] ? f - k : k - f, 0.0);
    const double scale = std::sqrt(f * k), x = -std::fabs(std::log(f / k)), b = (u - intrinsic) / scale, gap = ((C[i] ? f : k) - u) / scale;
    if (!(b > 0 && gap > 0)) { out[i] = 0; continue; }
    const bool upper = b > gap;
    const double target = std::log(upper ? gap : b);
    double s = x < 0 ? guess(x, b, b + gap) : b * 2.5066282746310002;
    s = step(x, s, target, upper);
    s = step(x, s, target, upper);
    out[i] = s / std::sqrt(T[i]);
  }
}

// Processor time of this thread: what else the machine does takes no side.
static double threadNs() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return 1e9 * t.tv_sec + t.tv_nsec;
}

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream in(line);
    std::string command, what, file;
    in >> command;
    if (command == "load") {
      in >> file;
      std::ifstream f(file, std::ios::binary);
      double count;
      f.read(reinterpret_cast<char*>(&count), 8);
      n = static_cast<size_t>(count);
      for (auto* column : {&S, &K, &T, &R, &V, &P, &C}) { column->resize(n); f.read(reinterpret_cast<char*>(column->data()), 8 * n); }
      out.assign(6 * n, 0);
      std::cout << n << std::endl;
      continue;
    }
    if (command == "dump") {
      in >> what >> file;
      if (what == "textbook") textbook(); else implied();
      std::ofstream f(file, std::ios::binary);
      f.write(reinterpret_cast<char*>(out.data()), 8 * n * (what == "textbook" ? 6 : 1));
      std::cout << "done" << std::endl;
      continue;
    }
    int repeats = 1;
    in >> repeats;
    const double start = threadNs();
    for (int r = 0; r < repeats; r++) { if (command == "textbook") textbook(); else implied(); }
    const double ns = (threadNs() - start) / repeats / n;
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += out[i];
    std::cout << ns << " " << sum << std::endl;
  }
}
