"""libcsat over Spark: rows are scored, cleaned and counted where they lie, through Arrow in the workers.

    >>> from libcsat import spark
    >>> spark.score(frame, policy, "personal").write.parquet("scored")
    >>> spark.measure(frame, policy, by=["shop"], time="submitted_at").table()
    >>> spark.clean(responses, policy, seed="2026-01").kept
    >>> spark.accumulate(frame, by=["shop"], items={"q1": (1, 5)})

The same bits as one process gives, however the rows are partitioned, in whichever order, and whichever
worker was lost on the way. Needs pyspark 3.5 or later, and libcsat on the workers. Nothing of this package is
imported by ``import libcsat``.
"""

from libcsat.spark.cleaning import SparkCleaning, clean
from libcsat.spark.counting import accumulate, measure
from libcsat.spark.frames import errors
from libcsat.spark.scoring import score

__all__ = ["SparkCleaning", "accumulate", "clean", "errors", "measure", "score"]
