#include "measure/time_buckets.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "arrow/import.h"
#include "csat/model/calendar.h"
#include "csat/model/foreign_text.h"

namespace csat {
namespace {

constexpr std::int64_t kSecondsOfDay = 86'400;

std::int64_t FloorDivide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0); }

// Seconds between the clock of a zone and UTC, kept from one change to the next.
class ZoneClock {
 public:
  explicit ZoneClock(const absl::TimeZone& zone) : zone_(zone) {}

  std::int64_t Offset(std::int64_t instant) {
    if (instant >= from_ && instant < to_) return offset_;
    const absl::Time time = absl::FromUnixSeconds(instant);
    absl::TimeZone::CivilTransition change;
    offset_ = zone_.At(time).offset;
    // Changes are looked for from the instant on, so that nothing is said of what lies before.
    from_ = instant;
    to_ = zone_.NextTransition(time, &change) ? absl::ToUnixSeconds(absl::FromCivil(change.from, zone_))
                                              : kLast;
    // The change in hand may be one of a name alone, or fold the clock: only what is sure to lie before it is kept.
    to_ = std::max(instant + 1, to_ - 2 * kSecondsOfDay);
    return offset_;
  }

 private:
  static constexpr std::int64_t kLast = 253'402'300'800;  // 10000-01-01.
  const absl::TimeZone& zone_;
  std::int64_t from_ = 0, to_ = 0, offset_ = 0;
};

PeriodKind KindOf(TimeBucket bucket) {
  switch (bucket) {
    case TimeBucket::kWeek: return PeriodKind::kWeek;
    case TimeBucket::kMonth: return PeriodKind::kMonth;
    case TimeBucket::kQuarter: return PeriodKind::kQuarter;
    case TimeBucket::kHalfYear: return PeriodKind::kHalfYear;
    case TimeBucket::kYear: return PeriodKind::kYear;
    default: return PeriodKind::kDay;
  }
}

// "2025-03-14T22:15+08:00": `clock` is what the zone shows, in seconds.
std::string NameOfMinute(CalendarDate day, std::int64_t clock, std::int64_t offset) {
  const std::int64_t minute = clock / 60 % 1440, apart = (offset < 0 ? -offset : offset) / 60;
  return absl::StrCat(day.ToString(), absl::StrFormat("T%02d:%02d%c%02d:%02d", minute / 60, minute % 60,
                                                      offset < 0 ? '-' : '+', apart / 60, apart % 60));
}

}  // namespace

absl::Status BucketTimes(const ArrowSchema& schema, const ArrowArray& array, std::string_view name,
                         TimeBucket bucket, const absl::TimeZone& zone, std::int64_t first_row,
                         BucketColumn* out) {
  const absl::StatusOr<Table> table = Table::Import(schema, array);
  if (!table.ok()) return table.status();
  const std::int64_t at = table->Find(name);
  if (at < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("time column ", Quoted(name), at == -2 ? " is there more than once" : " is missing"));
  }
  const absl::StatusOr<Column> column = table->View(at);
  if (!column.ok()) return column.status();
  const bool fine = bucket == TimeBucket::kMinute || bucket == TimeBucket::kHour;
  const bool days = column->type == ColumnType::kDate32 || column->type == ColumnType::kDate64;
  if (column->type != ColumnType::kTimestamp && column->type != ColumnType::kNull && (!days || fine)) {
    return absl::InvalidArgumentError(
        absl::StrCat("time column ", Quoted(name), " holds no ", fine ? "timestamps" : "timestamps or days"));
  }
  std::int64_t per_second = 1;
  bool instants = false;
  if (column->type == ColumnType::kTimestamp) {
    const std::string_view format = schema.children[at]->format;
    per_second = format[2] == 's'   ? 1
                 : format[2] == 'm' ? 1'000
                 : format[2] == 'u' ? 1'000'000
                                    : 1'000'000'000;
    instants = format.size() > 4;
  }
  ZoneClock zone_clock(zone);
  // Not of Abseil: its tables do not stand an allocation that fails.
  std::unordered_map<std::int64_t, std::int32_t> by_time;  // Days, or minutes with their offset.
  std::unordered_map<std::string, std::int32_t> by_name;
  std::int64_t last_time = 0;
  std::int32_t last_code = -1;
  out->codes.assign(static_cast<std::size_t>(table->rows()), -1);
  out->names.clear();
  for (std::int64_t row = 0; row < table->rows(); ++row) {
    if (!column->HasValue(row)) continue;
    const std::int64_t index = column->offset + row;
    std::int64_t clock = 0, offset = 0;  // Seconds.
    if (column->type == ColumnType::kDate32) {
      clock = LoadValue<std::int32_t>(column->values, index) * kSecondsOfDay;
    } else if (column->type == ColumnType::kDate64) {
      clock = FloorDivide(LoadValue<std::int64_t>(column->values, index), 1'000);
    } else {
      clock = FloorDivide(LoadValue<std::int64_t>(column->values, index), per_second);
    }
    constexpr std::int64_t kYears = 400'000'000'000;  // Beyond the calendar on both sides; days of it fit.
    const bool far = clock < -kYears || clock > kYears;
    if (!far && instants) {
      offset = zone_clock.Offset(clock);
      clock += offset;
    } else if (!far && fine) {
      offset = zone.At(absl::FromCivil(absl::CivilSecond(1970, 1, 1) + clock, zone)).offset;
    }
    const std::int64_t time =
        fine ? FloorDivide(clock, 60) * 4096 + offset / 60 : FloorDivide(clock, kSecondsOfDay);
    if (last_code >= 0 && time == last_time) {
      out->codes[static_cast<std::size_t>(row)] = last_code;
      continue;
    }
    auto found = far ? by_time.end() : by_time.find(time);
    if (found == by_time.end()) {
      const std::optional<CalendarDate> day =
          far ? std::nullopt : CalendarDate::FromDayNumber(FloorDivide(clock, kSecondsOfDay));
      if (!day.has_value()) {
        return absl::InvalidArgumentError(absl::StrCat("row ", first_row + row, ": column ", Quoted(name),
                                                       ": a time outside of the years 1 to 9999"));
      }
      const std::int64_t second = clock - FloorDivide(clock, kSecondsOfDay) * kSecondsOfDay;
      std::string period =
          fine ? NameOfMinute(*day, bucket == TimeBucket::kHour ? second / 3600 * 3600 : second, offset)
               : Period::Containing(*day, KindOf(bucket)).ToString();
      const auto [named, inserted] = by_name.emplace(period, static_cast<std::int32_t>(out->names.size()));
      if (inserted) out->names.push_back(std::move(period));
      found = by_time.emplace(time, named->second).first;
    }
    last_time = time;
    last_code = found->second;
    out->codes[static_cast<std::size_t>(row)] = last_code;
  }
  return absl::OkStatus();
}

}  // namespace csat
