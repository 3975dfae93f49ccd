// ScoreBatch with the choice of the machine code that runs it.
#ifndef CSAT_SRC_SCORING_BATCH_ENGINE_H_
#define CSAT_SRC_SCORING_BATCH_ENGINE_H_

#include "absl/status/status.h"
#include "csat/scoring/batch.h"
#include "scoring/tile_program.h"

namespace csat {

enum class BatchEngine {
  kBest,      // What this machine runs fastest; small batches row by row.
  kRows,      // Every row through the engine for single records.
  kBaseline,  // Tiles, in the instructions that every machine of the architecture has.
  kAvx2,
  kAvx512,
};

// nullptr: no tiles, or instructions that this machine does not have.
TileKernel KernelOf(BatchEngine engine);

// The result does not depend on `engine`. `tiled` (may be null) receives whether tiles were used.
absl::Status ScoreBatchWith(BatchEngine engine, const Plan& plan, const ArrowSchema& schema,
                            const ArrowArray& array, const BatchOptions& options, ArrowSchema* out_schema,
                            ArrowArray* out_array, bool* tiled);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_BATCH_ENGINE_H_
