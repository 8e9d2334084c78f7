# Figures of R for the register of differences: Rscript make.R ../../data < cases.json. Prints id and figure, a line each, NA where R stops
# with an error (which standard error has). Run by R 4.2.2 with nlme 3.1.162, lme4 1.1.31, lmerTest 3.1.3.
suppressMessages({ library(nlme); library(lme4); library(lmerTest); library(jsonlite) })
folder <- commandArgs(TRUE)[1]
for (case in fromJSON(file("stdin"), simplifyVector = FALSE)) {
  d <- read.csv(file.path(folder, case$data))
  figure <- tryCatch({
    m <- suppressMessages(suppressWarnings(eval(parse(text = case$call))))
    as.numeric(eval(parse(text = case$value)))
  }, error = function(e) { message(case$id, ": ", conditionMessage(e)); NA })
  cat(case$id, format(figure, digits = 15), "\n")
}
