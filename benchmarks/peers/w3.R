# The figures of workload W3 by psych, once for each line of standard input: alpha and alpha if dropped, the correlation
# matrix, KMO and Bartlett's test. Answers each line with alpha, KMO and Bartlett's chi-square.
#
# usage: Rscript w3.R FILE ROWS COLUMNS      FILE holds the answers as int8, column after column
suppressPackageStartupMessages(library(psych))
given <- commandArgs(trailingOnly = TRUE)
rows <- as.integer(given[2])
columns <- as.integer(given[3])
answers <- as.data.frame(matrix(readBin(given[1], "integer", n = rows * columns, size = 1), rows, columns))
lines <- file("stdin", open = "r")
cat("ready\n")
while (length(readLines(lines, n = 1)) > 0) {
  correlations <- cor(answers)
  figures <- c(alpha(answers, warnings = FALSE)$total$raw_alpha, KMO(correlations)$MSA, cortest.bartlett(correlations, n = rows)$chisq)
  cat(format(figures, digits = 17), "\n")
}
