// P2-61: distances beside other people's figures, and beside libm.
#include <cmath>

#include "csat/survey/cleaning.h"
#include "gtest/gtest.h"

namespace csat {
namespace {

constexpr double kRadius = 6371008.8, kPi = 3.141592653589793238;

TEST(GreatCircleTest, KnownDistances) {
  struct Row {
    const char* name;
    double from[2], to[2], metres, within;
  };
  const Row rows[] = {
      {"nowhere", {31.2, 121.5}, {31.2, 121.5}, 0, 0},
      {"a quarter of the equator", {0, 0}, {0, 90}, kRadius * kPi / 2, 1e-7},
      {"pole to pole", {90, 0}, {-90, 45}, kRadius * kPi, 1e-7},
      {"antipodes", {12.5, 30}, {-12.5, -150}, kRadius * kPi, 1e-7},
      {"one degree of a meridian", {45, 7}, {46, 7}, kRadius * kPi / 180, 1e-7},
      {"across the date line", {0, 179.5}, {0, -179.5}, kRadius * kPi / 180, 1e-7},
      {"a turn more", {0, 359.5}, {0, 0.5}, kRadius * kPi / 180, 1e-7},
      // BNA to LAX, the usual worked example of the haversine formula; 2,887.26 km at a radius of 6,372.8 km.
      {"BNA to LAX", {36.12, -86.67}, {33.94, -118.40}, 2887.25995060711e3 * 6371008.8 / 6372800, 1e-3},
  };
  for (const Row& row : rows) {
    EXPECT_NEAR(GreatCircleMetres(row.from[0], row.from[1], row.to[0], row.to[1]), row.metres, row.within)
        << row.name;
    EXPECT_EQ(GreatCircleMetres(row.from[0], row.from[1], row.to[0], row.to[1]),
              GreatCircleMetres(row.to[0], row.to[1], row.from[0], row.from[1]))
        << row.name;
  }
}

// Our sine, cosine and arcsine beside those of the machine, on the whole sphere.
TEST(GreatCircleTest, AgreesWithLibm) {
  for (double latitude = -90; latitude <= 90; latitude += 7.5) {
    for (double longitude = -360; longitude <= 360; longitude += 11.25) {
      const double radian = kPi / 180, other_latitude = 31.2, other_longitude = 121.5;
      const double a = std::sin((other_latitude - latitude) * radian / 2);
      const double b = std::sin((other_longitude - longitude) * radian / 2);
      const double h = a * a + std::cos(latitude * radian) * std::cos(other_latitude * radian) * b * b;
      // Near the antipode the root is flat: a unit in the last place of h is a centimetre there.
      EXPECT_NEAR(GreatCircleMetres(latitude, longitude, other_latitude, other_longitude),
                  2 * kRadius * std::asin(std::sqrt(h)), h > 0.999 ? 0.2 : 1e-6)
          << latitude << " " << longitude;
    }
  }
}

// 480 m and 520 m of a radius of 500 m, by the meridian.
TEST(GreatCircleTest, RadiusOfAStore) {
  const double degree = kRadius * kPi / 180;
  EXPECT_LT(GreatCircleMetres(31.2, 121.5, 31.2 + 480 / degree, 121.5), 500);
  EXPECT_GT(GreatCircleMetres(31.2, 121.5, 31.2 + 520 / degree, 121.5), 500);
}

}  // namespace
}  // namespace csat
