// The example policies on the open data of ../shared/data, where that folder is there: figures equal to the
// reference results, and every row equal to the rule written out in plain integers.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "csat/scoring/plan.h"
#include "gtest/gtest.h"
#include "scoring/csv_rows.h"
#include "simdjson.h"

namespace csat {
namespace {

const std::filesystem::path& Source() {
  static const auto* const path = new std::filesystem::path(CSAT_SOURCE_DIR);
  return *path;
}

std::filesystem::path Data() { return Source().parent_path() / "shared" / "data"; }

#define SKIP_WITHOUT_DATA() \
  if (!std::filesystem::exists(Data())) GTEST_SKIP() << "the open data are not here: " << Data()

Plan Load(const std::string& path, const std::string& scorecard) {
  absl::StatusOr<Policy> policy = Policy::Parse(Bytes(Source() / path));
  EXPECT_TRUE(policy.ok()) << path << ": " << policy.status();
  absl::StatusOr<Plan> plan = Plan::Compile(*policy, scorecard);
  EXPECT_TRUE(plan.ok()) << plan.status();
  return *std::move(plan);
}

int ToInt(const std::string& text) {
  int value = 0;
  EXPECT_TRUE(absl::SimpleAtoi(text, &value)) << text;
  return value;
}

// The number columns of a row that the plan reads; "NA" and "" are missing.
Record Fill(const Plan& plan, const Row& row) {
  Record record = plan.NewRecord();
  for (std::size_t slot = 0; slot < plan.fields().size(); ++slot) {
    const auto cell = row.find(plan.fields()[slot].name);
    double value = 0;
    if (cell != row.end() && absl::SimpleAtod(cell->second, &value)) record.SetDouble(slot, value);
  }
  return record;
}

Summary Scored(const Plan& plan, const Record& record) {
  Summary summary;
  const absl::Status status = plan.Evaluate(record, &summary);
  EXPECT_TRUE(status.ok()) << status;
  return summary;
}

std::int64_t HalfEven(std::int64_t numerator, std::int64_t denominator) {
  return static_cast<std::int64_t>(DivideHalfEven(absl::int128(numerator), denominator));
}

std::string Grade(const Plan& plan, const Summary& summary) {
  return summary.grade < 0 ? "" : plan.grades()[static_cast<std::size_t>(summary.grade)];
}

const char* const kItems[] = {"Departure and Arrival Time Convenience",
                              "Ease of Online Booking",
                              "Check-in Service",
                              "Online Boarding",
                              "Gate Location",
                              "On-board Service",
                              "Seat Comfort",
                              "Leg Room Service",
                              "Cleanliness",
                              "Food and Drink",
                              "In-flight Service",
                              "In-flight Wifi Service",
                              "In-flight Entertainment",
                              "Baggage Handling"};

class AirlineTest : public ::testing::Test {
 protected:
  static const std::vector<Row>& Passengers() {
    static const auto* const rows =
        new std::vector<Row>(Rows(Data() / "likert" / "airline_passenger_satisfaction.csv.gz"));
    return *rows;
  }
  static simdjson::dom::element Reference(simdjson::dom::parser* parser) {
    return parser->load((Data() / "reference" / "scores" / "nps_csat_open.json").string());
  }
};

// score = mean of the answered items as (x - 1) / 4 * 100; an answer of 1 holds it at 40.
TEST_F(AirlineTest, EveryPassengerOverallAndByClassAndTypeOfTravel) {
  SKIP_WITHOUT_DATA();
  const Plan plan = Load("examples/airline/airline.json", "passenger");
  std::int64_t sum = 0, sum_without_veto = 0, vetoed = 0, capped = 0, satisfied = 0;
  std::map<std::string, std::int64_t> passengers, plain_sums, sums;
  for (const Row& row : Passengers()) {
    std::int64_t answers = 0, total = 0;
    bool worst = false;
    for (const char* item : kItems) {
      const int answer = ToInt(row.at(item));
      answers += answer != 0;
      total += answer == 0 ? 0 : answer - 1;
      worst = worst || answer == 1;
    }
    ASSERT_GT(answers, 0);
    const std::int64_t without = HalfEven(total * 25'000'000, answers);
    const std::int64_t score = worst ? std::min<std::int64_t>(without, 40'000'000) : without;

    const Summary summary = Scored(plan, Fill(plan, row));
    ASSERT_EQ(summary.outcome, worst ? Outcome::kVetoed : Outcome::kScored);
    ASSERT_EQ(summary.score.micros(), score);
    ASSERT_EQ(summary.without_veto.micros(), without);
    ASSERT_EQ(Grade(plan, summary) == "delighted", score >= 80'000'000);

    sum += summary.score.micros();
    sum_without_veto += summary.without_veto.micros();
    vetoed += summary.outcome == Outcome::kVetoed;
    capped += summary.score < summary.without_veto;
    satisfied += summary.score >= Points::FromInteger(60);
    const std::string segment = row.at("Class") + " / " + row.at("Type of Travel");
    ++passengers[segment];
    plain_sums[segment] += score;
    sums[segment] += summary.score.micros();
  }
  EXPECT_EQ(sums, plain_sums);

  simdjson::dom::parser parser;
  const simdjson::dom::element reference = Reference(&parser);
  const simdjson::dom::element rule = reference["airline_veto_rule"];
  const auto n = static_cast<std::int64_t>(Passengers().size());
  EXPECT_EQ(n, rule["n"].get_int64().value());
  EXPECT_EQ(vetoed, rule["vetoed"].get_int64().value());
  EXPECT_EQ(capped, rule["capped"].get_int64().value());
  const double micros = 1e6 * static_cast<double>(n);
  EXPECT_NEAR(static_cast<double>(sum_without_veto) / micros, rule["mean_without_veto"].get_double().value(),
              1e-8);
  EXPECT_NEAR(static_cast<double>(sum) / micros, rule["mean_with_veto"].get_double().value(), 1e-8);
  EXPECT_DOUBLE_EQ(static_cast<double>(satisfied) / static_cast<double>(n),
                   rule["share_ge_60"].get_double().value());

  std::map<std::string, std::int64_t> expected;
  for (const simdjson::dom::element segment : reference["airline_satisfied_by_segment"]) {
    expected[absl::StrCat(segment["Class"].get_c_str().value(), " / ",
                          segment["Travel"].get_c_str().value())] += segment["n"].get_int64().value();
  }
  EXPECT_EQ(passengers, expected);
}

TEST_F(AirlineTest, EveryItemOverAllPassengers) {
  SKIP_WITHOUT_DATA();
  const Plan plan = Load("examples/airline/airline.json", "item");
  simdjson::dom::parser parser;
  const simdjson::dom::element reference = Reference(&parser)["csat_airline_items_zero_missing_top2_of_5"];
  for (const char* item : kItems) {
    std::vector<double> answers;
    for (const Row& row : Passengers()) answers.push_back(ToInt(row.at(item)));
    Record record = plan.NewRecord();
    record.SetEvents(static_cast<std::size_t>(plan.FindField("answers")), answers);
    const simdjson::dom::element expected = reference[item];
    EXPECT_NEAR(Scored(plan, record).score.ToDouble(), expected["mean_0_100"].get_double().value(), 5e-7)
        << item;
    const absl::StatusOr<std::vector<MetricResult>> figures = plan.Measure(record);
    ASSERT_TRUE(figures.ok()) << figures.status();
    for (const MetricResult& figure : *figures) {
      if (figure.id == "top_two") {
        EXPECT_NEAR(figure.value.ToDouble(), expected["csat"].get_double().value(), 5e-7) << item;
      } else if (figure.id == "answers") {
        EXPECT_NEAR(figure.value.ToDouble(), expected["mean"].get_double().value(), 5e-7) << item;
      }
    }
  }
}

// P2-49 and P2-50 on a day's mean time to answer and share of calls answered.
TEST(CallCentreTest, EveryDay) {
  SKIP_WITHOUT_DATA();
  const Plan plan = Load("examples/call-centre/call-centre.json", "day");
  const std::vector<Row> days = Rows(Data() / "callcentre" / "call_center_daily.csv");
  EXPECT_EQ(days.size(), 1251u);
  for (const Row& row : days) {
    const std::int64_t seconds = ToInt(row.at("Answer Speed (AVG)"));
    const std::int64_t answered = ToInt(row.at("Answered Calls")), incoming = ToInt(row.at("Incoming Calls"));
    const std::int64_t speed = std::max<std::int64_t>(0, 10 - std::max<std::int64_t>(0, seconds - 10) / 5);
    const std::int64_t rate =
        std::min<std::int64_t>(10'000'000, HalfEven(answered * 1'000'000'000, incoming * 95));
    const std::int64_t score = HalfEven((speed * 1'000'000 * 25 + rate * 30) * 10, 55);
    const Summary summary = Scored(plan, Fill(plan, row));
    ASSERT_EQ(summary.outcome, Outcome::kScored);
    ASSERT_EQ(summary.score.micros(), score) << row.at("Fecha");
    const char* const grade = score >= 90'000'000   ? "very_satisfied"
                              : score >= 76'000'000 ? "satisfied"
                              : score >= 60'000'000 ? "average"
                              : score >= 45'000'000 ? "dissatisfied"
                                                    : "very_dissatisfied";
    ASSERT_EQ(Grade(plan, summary), grade) << row.at("Fecha");
  }
}

// One point below 60 % of best answers, two from 60, three from 70, four from 80, five from 90; the mean of
// what is published, half up to whole stars.
TEST(HospitalTest, EveryHospital) {
  SKIP_WITHOUT_DATA();
  const Plan plan = Load("examples/hcahps/hcahps.json", "hospital");
  std::map<std::string, Row> hospitals;
  for (Row& row : Rows(Data() / "aggregate" / "hcahps_utah_2013.csv.gz")) {
    hospitals[row.at("Provider.ID")][row.at("HCAHPS.Measure.ID")] = row.at("HCAHPS.Answer.Percent");
  }
  std::set<std::string> measures;
  for (const Field& field : plan.fields()) measures.insert(field.name);
  EXPECT_EQ(measures.size(), 11u);
  int published = 0, rated = 0;
  std::int64_t percent = 0;
  for (const auto& [id, row] : hospitals) {
    std::int64_t points = 0, count = 0;
    for (const std::string& measure : measures) {
      int value = 0;
      const auto cell = row.find(measure);
      if (cell == row.end() || !absl::SimpleAtoi(cell->second, &value)) continue;
      points += 1 + (value >= 60) + (value >= 70) + (value >= 80) + (value >= 90);
      ++count;
      if (measure == "H_HSP_RATING_9_10") {
        ++rated;
        percent += value;
      }
    }
    const Summary summary = Scored(plan, Fill(plan, row));
    if (count == 0) {
      EXPECT_EQ(summary.outcome, Outcome::kInsufficient) << id;
      continue;
    }
    ++published;
    EXPECT_EQ(summary.outcome, Outcome::kScored) << id;
    const std::int64_t score = HalfEven(points * 1'000'000, count);
    EXPECT_EQ(summary.score.micros(), score) << id;
    const char* const stars[] = {"one_star",    "one_star",   "two_stars",
                                 "three_stars", "four_stars", "five_stars"};
    EXPECT_EQ(Grade(plan, summary), stars[(score + 500'000) / 1'000'000]) << id;
  }
  EXPECT_EQ(rated, 40);
  EXPECT_EQ(percent * 100, 7415 * 40);
  EXPECT_EQ(published, 40);
}

}  // namespace
}  // namespace csat
