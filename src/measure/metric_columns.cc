#include "measure/metric_columns.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "csat/model/foreign_text.h"
#include "csat/model/integers.h"

namespace csat {
namespace {

constexpr std::int64_t kMostTicks = std::int64_t{1} << 40;

bool IsListed(const Metric& metric, std::string_view word) {
  const std::vector<std::string>& values = std::get<TextForm>(metric.form).values;
  return values.empty() || std::find(values.begin(), values.end(), word) != values.end();
}

}  // namespace

const std::string& FieldOf(const Metric& metric) {
  const auto* text = std::get_if<TextForm>(&metric.form);
  const auto* number = std::get_if<NumberForm>(&metric.form);
  const std::string& field = text != nullptr ? text->field : number != nullptr ? number->field : metric.id;
  return field.empty() ? metric.id : field;
}

AggregateItem ItemOf(const Metric& metric) {
  AggregateItem item;
  item.id = metric.id;
  item.field = FieldOf(metric);
  const bool ranks = metric.scale.has_value() && metric.scale->integer();
  const bool declared = metric.decimal_places < Metric::kMaxDecimalPlaces;
  item.decimal_places = declared ? std::min(metric.decimal_places, Decimal::kPlaces)
                        : ranks  ? 0
                                 : Decimal::kPlaces;
  item.exact = ranks;
  const std::int64_t most = kMostTicks / PowerOfTen(item.decimal_places);
  item.min = metric.min.value_or(Decimal::FromInteger(-most));
  item.max = metric.max.value_or(Decimal::FromInteger(most));
  const std::int64_t step = Decimal::kOne / PowerOfTen(item.decimal_places);
  for (const Decimal value : metric.missing_values) {
    if (value.micros() % step == 0) item.missing_values.push_back(value);
  }
  if (!metric.scale.has_value()) return item;
  for (const Scale::RankLabel& rank : metric.scale->labels()) {
    const auto add = [&](const std::string& word) {
      for (const auto& [known, value] : item.labels) {
        if (known == word) return;
      }
      item.labels.emplace_back(word, Decimal::FromInteger(rank.rank));
    };
    for (const auto& [language, word] : rank.label.by_language()) add(word);
    for (const std::string& alias : rank.aliases) add(alias);
  }
  return item;
}

absl::StatusOr<MetricColumns> MetricColumns::Bind(const std::vector<const Metric*>& metrics,
                                                  const Table& table) {
  MetricColumns bound;
  for (const Metric* metric : metrics) {
    auto made = std::make_unique<Bound>();
    made->metric = metric;
    const std::int64_t at = table.Find(FieldOf(*metric));
    if (at < 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("column ", Quoted(FieldOf(*metric)), " of metric '", metric->id,
                       at == -2 ? "' is there more than once" : "' is missing"));
    }
    absl::StatusOr<Column> column = table.View(at);
    if (!column.ok()) return column.status();
    made->column = *std::move(column);
    if (std::holds_alternative<TextForm>(metric->form)) {
      const bool dictionary = made->column.type == ColumnType::kDictionary;
      const Column& words = dictionary ? *made->column.of : made->column;
      if (!csat::IsText(words.type) && words.type != ColumnType::kNull) {
        return absl::InvalidArgumentError(absl::StrCat("column ", Quoted(made->column.name), " of metric '",
                                                       metric->id, "' holds no words"));
      }
      for (std::int64_t i = 0; dictionary && i < words.length; ++i) {
        const bool null = !words.HasValue(i);
        made->words.push_back(null ? std::string_view() : words.Text(i));
        made->word_is_bad.push_back(!null && !IsListed(*metric, made->words.back()));
      }
    } else {
      AggregateSpec spec;
      spec.items.push_back(ItemOf(*metric));
      made->item = spec.items.front();
      const absl::StatusOr<AggregateLayout> layout = AggregateLayout::Create(std::move(spec));
      if (!layout.ok()) return layout.status();
      made->layout = layout->items().front();
      absl::StatusOr<ItemReader> reader = ItemReader::Bind(made->item, made->layout, made->column);
      if (!reader.ok()) return reader.status();
      made->reader = std::make_unique<ItemReader>(*std::move(reader));
    }
    bound.columns_.push_back(std::move(made));
  }
  return bound;
}

int MetricColumns::Find(std::string_view id) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i]->metric->id == id) return static_cast<int>(i);
  }
  return -1;
}

void MetricColumns::ReadTicks(std::size_t index, std::int64_t row, int n, std::int64_t* out) const {
  const Bound& bound = *columns_[index];
  bound.reader->ReadSteps(row, n, out);
  for (int i = 0; i < n; ++i) {
    out[i] = out[i] >= 0 ? out[i] + bound.layout.low : out[i] == kNoAnswerStep ? kNoTicks : kBadTicks;
  }
}

bool MetricColumns::ReadWord(std::size_t index, std::int64_t row, std::string_view* word) const {
  const Column& column = columns_[index]->column;
  if (column.type == ColumnType::kDictionary) {
    const std::int64_t code = Code(index, row);
    if (code >= 0) *word = columns_[index]->words[static_cast<std::size_t>(code)];
    return code >= 0;
  }
  if (!column.HasValue(row)) return false;
  *word = column.Text(row);
  return true;
}

bool MetricColumns::IsBadWord(std::size_t index, std::int64_t row) const {
  const Bound& bound = *columns_[index];
  if (bound.column.type == ColumnType::kDictionary) {
    const std::int64_t code = Code(index, row);
    return code >= 0 && bound.word_is_bad[static_cast<std::size_t>(code)];
  }
  std::string_view word;
  return ReadWord(index, row, &word) && !IsListed(*bound.metric, word);
}

std::int64_t MetricColumns::Code(std::size_t index, std::int64_t row) const {
  const Column& column = columns_[index]->column;
  if (!column.HasValue(row)) return -1;
  const std::int64_t code = column.DictionaryIndex(row);
  return column.of->HasValue(code) ? code : -1;
}

std::string MetricColumns::WhyBad(std::size_t index, std::int64_t row) const {
  const Bound& bound = *columns_[index];
  if (bound.reader != nullptr) return bound.reader->WhyBad(row);
  std::string_view word;
  (void)ReadWord(index, row, &word);
  return absl::StrCat("column ", Quoted(bound.column.name), ": ", Quoted(word),
                      " is none of the words of metric '", bound.metric->id, "'");
}

}  // namespace csat
