// Score functions on tiles.
#ifndef CSAT_SRC_SCORING_TILE_FUNCTIONS_H_
#define CSAT_SRC_SCORING_TILE_FUNCTIONS_H_

#include "scoring/compiled_plan.h"
#include "scoring/tile_builder.h"
#include "scoring/tile_figures.h"

namespace csat {

// Points of a figure, in millionths, as PointsOf() of compile_function.h finds them.
TileValue PointTiles(const CompiledFunction& function, const TileFigure& figure, TileBuilder* builder);

}  // namespace csat

#endif  // CSAT_SRC_SCORING_TILE_FUNCTIONS_H_
