#include "csat/scoring/batch.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow/export.h"
#include "arrow/import.h"
#include "arrow/row_ranges.h"
#include "csat/model/foreign_text.h"
#include "scoring/batch_columns.h"
#include "scoring/batch_engine.h"
#include "scoring/batch_output.h"
#include "scoring/batch_periods.h"
#include "scoring/batch_rows.h"
#include "scoring/compiled_plan.h"
#include "scoring/tile_compiler.h"
#include "scoring/tile_rows.h"

namespace csat {
namespace {

std::int16_t ReasonOf(const CompiledPlan& plan, std::string_view reason) {
  const auto found = std::find(plan.reasons.begin(), plan.reasons.end(), reason);
  return found == plan.reasons.end() ? std::int16_t{0}
                                     : static_cast<std::int16_t>(found - plan.reasons.begin());
}

// Below this many rows the making of a tile program costs more than it saves.
constexpr std::int64_t kFewRows = 256;

// The work on one table. Each thread has its own scratch; the columns made are shared, row by row.
class Batch {
 public:
  Batch(const CompiledPlan& plan, const BatchOptions& options, const BoundColumns& bound,
        SubjectPeriods periods, BatchOutput* output)
      : plan_(plan),
        options_(options),
        bound_(bound),
        periods_(std::move(periods)),
        output_(*output),
        bad_value_(ReasonOf(plan, "bad_value")) {}

  // Whether the kernel can score these columns; otherwise every row goes through the engine.
  bool UseTiles(TileKernel kernel) {
    if (kernel == nullptr) return false;
    program_ = CompileTiles(plan_, bound_, options_, output_, !periods_.vetoes().empty());
    if (!program_.has_value()) return false;
    kernel_ = kernel;
    for (const OutColumn& column : output_.columns()) {
      outputs_.push_back({column.values.data(), column.validity.as<std::uint8_t>()});
    }
    if (plan_.own().grading.bands.empty()) output_.SetAllNull(BatchOutput::kGrade);
    return true;
  }

  absl::Status Run() {
    std::vector<SubjectPeriods> found(static_cast<std::size_t>(options_.threads), periods_);
    absl::Status status = ForEachRange(bound_.rows, kTileRows, options_.threads,
                                       [&](int index, std::int64_t from, std::int64_t to) {
                                         return ScoreRange(from, to, &found[static_cast<std::size_t>(index)]);
                                       });
    if (!status.ok() || periods_.vetoes().empty()) return status;
    for (const SubjectPeriods& part : found) periods_.Merge(part);
    if (!periods_.any()) return status;
    return ForEachRange(bound_.rows, kTileRows, options_.threads,
                        [&](int, std::int64_t from, std::int64_t to) { return ImposeOnRange(from, to); });
  }

 private:
  absl::Status ScoreRange(std::int64_t from, std::int64_t to, SubjectPeriods* found) {
    RowScorer scorer(plan_, bound_, options_);
    if (kernel_ != nullptr) return ScoreTiles(from, to, &scorer, found);
    for (std::int64_t row = from; row < to; ++row) {
      if (absl::Status status = ScoreRow(row, &scorer, found); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status ScoreTiles(std::int64_t from, std::int64_t to, RowScorer* scorer, SubjectPeriods* found) {
    const std::size_t bytes = static_cast<std::size_t>(program_->tiles) * kTileStride * sizeof(double);
    const Buffer scratch = Buffer::Allocate(bytes);
    if (scratch.data() == nullptr)
      return absl::ResourceExhaustedError("no memory for the scratch of a thread");
    std::memset(scratch.data(), 0, bytes);
    std::uint8_t flags[kTileRows] = {};
    TileRun run{};
    run.code = program_->code.data();
    run.instructions = static_cast<std::int32_t>(program_->code.size());
    run.sources = program_->sources.data();
    run.source_count = static_cast<std::int32_t>(program_->sources.size());
    for (const TileSource& source : program_->sources) run.bytes_a_row += source.width;
    run.outputs = outputs_.data();
    run.decimal = output_.decimal();
    run.tiles = scratch.as<double>();
    run.flags = flags;
    for (run.row = from; run.row < to; run.row += kTileRows) {
      run.rows = static_cast<std::int32_t>(std::min(kTileRows, to - run.row));
      if (!kernel_(run)) continue;
      for (std::int32_t i = 0; i < run.rows; ++i) {
        if (flags[i] == 0) continue;
        flags[i] = 0;
        if (absl::Status status = ScoreRow(run.row + i, scorer, found); !status.ok()) return status;
      }
    }
    return absl::OkStatus();
  }

  absl::Status ScoreRow(std::int64_t row, RowScorer* scorer, SubjectPeriods* found) {
    absl::Status status = scorer->Score(row, nullptr);
    for (std::size_t i = 0; status.ok() && i < found->vetoes().size(); ++i) {
      if (scorer->Fired(static_cast<std::size_t>(found->vetoes()[i]))) status = found->Fire(row, i);
    }
    if (status.ok()) {
      output_.Write(row, scorer->result());
    } else if (options_.bad_rows == BatchOptions::BadRows::kRefuse) {
      output_.WriteRefused(row, bad_value_);
    } else {
      return status;
    }
    return absl::OkStatus();
  }

  // Scores those rows again that others of their subject and period reach. What was refused as bad stays so.
  absl::Status ImposeOnRange(std::int64_t from, std::int64_t to) {
    RowScorer scorer(plan_, bound_, options_);
    std::string key;
    for (std::int64_t row = from; row < to; ++row) {
      const std::uint8_t* imposed = periods_.ImposedOn(row, &key);
      if (imposed != nullptr && scorer.Score(row, imposed).ok()) output_.Write(row, scorer.result());
    }
    return absl::OkStatus();
  }

  const CompiledPlan& plan_;
  const BatchOptions& options_;
  const BoundColumns& bound_;
  SubjectPeriods periods_;
  BatchOutput& output_;
  const std::int16_t bad_value_;
  TileKernel kernel_ = nullptr;
  std::optional<TileProgram> program_;
  std::vector<TileOutput> outputs_;
};

}  // namespace

TileKernel KernelOf(BatchEngine engine) {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") != 0;
  const bool avx512 = __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
                      __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512bw") != 0;
#endif
  switch (engine) {
    case BatchEngine::kRows: return nullptr;
    case BatchEngine::kBaseline: return RunTileBaseline;
#if defined(__x86_64__)
    case BatchEngine::kAvx2: return avx2 ? RunTileAvx2 : nullptr;
    case BatchEngine::kAvx512: return avx512 ? RunTileAvx512 : nullptr;
    case BatchEngine::kBest: return avx512 ? RunTileAvx512 : avx2 ? RunTileAvx2 : RunTileBaseline;
#else
    case BatchEngine::kBest: return RunTileBaseline;
    default: return nullptr;
#endif
  }
  return nullptr;
}

absl::Status CheckBatchOptions(const Plan& plan, const BatchOptions& options) {
  if (plan.scorecard() == nullptr)
    return absl::FailedPreconditionError("a plan of metrics alone scores nothing");
  if (options.threads < 1 || options.threads > 256) {
    return absl::InvalidArgumentError(absl::StrCat("threads ", options.threads, " lies outside [1, 256]"));
  }
  if (options.top_reasons < 0 || options.top_reasons > 16) {
    return absl::InvalidArgumentError(
        absl::StrCat("top_reasons ", options.top_reasons, " lies outside [0, 16]"));
  }
  if (options.subject_column.empty() != options.period_column.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("subject_column ", Quoted(options.subject_column),
                                                   " and period_column ", Quoted(options.period_column),
                                                   ": both or none have to be named"));
  }
  return absl::OkStatus();
}

absl::Status ScoreBatch(const Plan& plan, const ArrowSchema& schema, const ArrowArray& array,
                        const BatchOptions& options, ArrowSchema* out_schema, ArrowArray* out_array) {
  return ScoreBatchWith(BatchEngine::kBest, plan, schema, array, options, out_schema, out_array, nullptr);
}

absl::Status ScoreBatchWith(BatchEngine engine, const Plan& plan, const ArrowSchema& schema,
                            const ArrowArray& array, const BatchOptions& options, ArrowSchema* out_schema,
                            ArrowArray* out_array, bool* tiled) {
  if (absl::Status status = CheckBatchOptions(plan, options); !status.ok()) return status;
  const absl::StatusOr<Table> table = Table::Import(schema, array);
  if (!table.ok()) return table.status();
  const absl::StatusOr<BoundColumns> bound = BindColumns(plan.compiled(), *table);
  if (!bound.ok()) return bound.status();
  absl::StatusOr<SubjectPeriods> periods = SubjectPeriods::Bind(plan.compiled(), *table, options);
  if (!periods.ok()) return periods.status();
  BatchOutput output(plan.compiled(), options);
  if (!output.Allocate(bound->rows))
    return absl::ResourceExhaustedError("no memory for the result of the batch");
  Batch batch(plan.compiled(), options, *bound, *std::move(periods), &output);
  const bool few = engine == BatchEngine::kBest && bound->rows < kFewRows;
  const bool uses_tiles = !few && batch.UseTiles(KernelOf(engine));
  if (tiled != nullptr) *tiled = uses_tiles;
  if (absl::Status status = batch.Run(); !status.ok()) return status;
  if (!ExportStruct(output.Finish(), bound->rows, out_schema, out_array)) {
    return absl::ResourceExhaustedError("no memory for the result of the batch");
  }
  return absl::OkStatus();
}

}  // namespace csat
