// From a compiled card and the columns of a table to a tile program.
#ifndef CSAT_SRC_SCORING_TILE_COMPILER_H_
#define CSAT_SRC_SCORING_TILE_COMPILER_H_

#include <optional>

#include "csat/scoring/batch.h"
#include "scoring/batch_columns.h"
#include "scoring/batch_output.h"
#include "scoring/compiled_plan.h"
#include "scoring/tile_builder.h"

namespace csat {

// nullopt: the card uses what tiles do not cover (lists of events, figures present in part, numbers beyond the
// exact range of doubles), so every row is left to the engine for single records. `flag_periods`: rows in which a
// veto of scope subject_period fires are flagged. Borrows the plan and the columns.
std::optional<TileProgram> CompileTiles(const CompiledPlan& plan, const BoundColumns& bound,
                                        const BatchOptions& options, const BatchOutput& output,
                                        bool flag_periods);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_TILE_COMPILER_H_
