/* Figures: what a policy's metrics read in one record, and whether its targets are met. */
#ifndef CSAT_C_FIGURES_H_
#define CSAT_C_FIGURES_H_

#include "csat_c/base.h"
#include "csat_c/error.h"
#include "csat_c/plan.h"
#include "csat_c/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Metrics and targets of one record. Immutable. */
typedef struct csat_figures csat_figures;

/** Whether an aim was reached. */
enum {
  CSAT_TARGET_MET = 0,
  CSAT_TARGET_MISSED = 1,
  /** There is no figure; neither met nor missed. */
  CSAT_TARGET_NOT_MEASURABLE = 2,
  /** The policy gives no value to reach. */
  CSAT_TARGET_NO_TARGET = 3
};

/** Measures all metrics of the policy in a record, and judges the targets that speak of the plan's
 * scorecard or of those metrics.
 *
 * @param record  A record of this plan; not needed afterwards.
 * @param out     Receives the figures.
 * @return As csat_plan_score().
 * @since 0.1 */
CSAT_API csat_status csat_plan_measure(const csat_plan* plan, const csat_record* record, csat_figures** out,
                                       csat_error** error);

/** Frees figures. NULL does nothing.
 *
 * @since 0.1 */
CSAT_API void csat_figures_free(csat_figures* figures);

/** Number of metrics.
 *
 * @since 0.1 */
CSAT_API size_t csat_figures_metric_count(const csat_figures* figures);

/** Id of a metric.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_figures_metric_id(const csat_figures* figures, size_t index);

/** 1: the record has a figure for the metric. 0: it has none; never to be read as zero. -1: no such metric.
 *
 * @since 0.1 */
CSAT_API int32_t csat_figures_metric_measurable(const csat_figures* figures, size_t index);

/** The figure in millionths; 0 where there is none.
 *
 * @since 0.1 */
CSAT_API int64_t csat_figures_metric_value_micros(const csat_figures* figures, size_t index);

/** The figure as shown to people: percentages with one place, others with two, rounded half up; empty where
 * there is none.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_figures_metric_shown(const csat_figures* figures, size_t index);

/** Number of targets.
 *
 * @since 0.1 */
CSAT_API size_t csat_figures_target_count(const csat_figures* figures);

/** Id of a target.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_figures_target_id(const csat_figures* figures, size_t index);

/** CSAT_TARGET_... of a target; -1: no such target.
 *
 * @since 0.1 */
CSAT_API int32_t csat_figures_target_status(const csat_figures* figures, size_t index);

/** The target's figure as shown to people; empty where there is none.
 *
 * @since 0.1 */
CSAT_API csat_string_view csat_figures_target_shown(const csat_figures* figures, size_t index);

/** Figure minus aim, in millionths.
 *
 * @param out  Receives the gap; untouched where there is none. May be NULL.
 * @return 1: there is a gap. 0: there is none.
 * @since 0.1 */
CSAT_API int32_t csat_figures_target_gap_micros(const csat_figures* figures, size_t index, int64_t* out);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* CSAT_C_FIGURES_H_ */
