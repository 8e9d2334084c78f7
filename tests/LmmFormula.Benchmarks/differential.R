# Random designs for `-- differential FOLDER`: data, a formula, and the best that R finds.
# Run: Rscript differential.R SEED COUNT FOLDER [PATTERN of kinds]; writes FOLDER/d/*.csv.gz and FOLDER/cases.json.
# Rscript differential.R again ID,ID,... FOLDER fits these cases of a folder once more.
# R stops short too, so each model is fitted by several optimizers from several starts, on standardized columns where the model is
# closed under it (the log-likelihood, estimates and standard errors are transformed back); structures that R's packages lack, and
# those whose likelihood has kinks, by a plain dense likelihood (dense()) under general-purpose optimizers.
args <- commandArgs(trailingOnly = TRUE)
again <- args[1] == "again"; seed <- if (again) 1L else as.integer(args[1]); count <- if (again) 0L else as.integer(args[2]); folder <- args[3]; pattern <- if (length(args) > 3) args[4] else ""
dir.create(file.path(folder, "d"), showWarnings = FALSE, recursive = TRUE); setwd(folder)
suppressPackageStartupMessages({library(lme4); library(nlme); library(jsonlite)})
set.seed(seed)
pick <- function(x) x[[sample(length(x), 1)]]
quiet <- function(e) tryCatch(suppressMessages(suppressWarnings(e)), error = function(e) e)

# ---- Fitting ----------------------------------------------------------------------------------------------------------------

# A fit as the case file has it.
found <- function(logLik, n, names, est, se) list(logLik = as.numeric(logLik), n = n, names = names, est = unname(est), se = unname(se))
best <- function(fits) {
  good <- Filter(function(f) !inherits(f, "error") && !is.null(f$logLik) && is.finite(f$logLik), fits)
  if (length(good) == 0) return(list(error = conditionMessage(fits[[1]])))
  good[[which.max(sapply(good, `[[`, "logLik"))]]
}

# From the fit to standardized columns (y0 = y / sy; x0 = (x - shift) / sx) to that of the data: X = X0 T.
back <- function(f, fixed, d, d0, sy, ml) {
  if (!is.null(f$error)) return(f)
  X <- model.matrix(fixed, model.frame(fixed, d))[, f$names, drop = FALSE]; X0 <- model.matrix(fixed, model.frame(fixed, d0))[, f$names, drop = FALSE]
  p <- ncol(X); n <- f$n # rows that random effects alone lack are not in X0 and X
  if (p > 0) {
    T <- qr.solve(X0, X); est <- solve(T, f$est, tol = 0) * sy
    V <- f$V; Ti <- solve(T, tol = 0); f$se <- sqrt(diag(Ti %*% V %*% t(Ti))) * sy; f$est <- as.vector(est)
    if (!ml) f$logLik <- f$logLik - as.numeric(determinant(T)$modulus)
  }
  f$logLik <- f$logLik - (if (ml) n else n - p) * log(sy); f$V <- NULL
  f
}

fit_lmer <- function(formula, d, ml, weighted) {
  d$.w <- if (weighted) d$w else 1
  control <- function(o, ...) lmerControl(optimizer = o, calc.derivs = FALSE, check.nobs.vs.nRE = "ignore", check.nobs.vs.nlev = "ignore",
    check.scaleX = "ignore", check.nobs.vs.rankZ = "ignore", check.nlev.gtr.1 = "ignore", check.nlev.gtreq.5 = "ignore", optCtrl = list(...))
  run <- function(o, start = NULL, ...) quiet({
    m <- lmer(as.formula(formula), d, REML = !ml, weights = .w, control = control(o, ...), start = start)
    list(m = m, logLik = as.numeric(logLik(m)), n = nobs(m), names = names(fixef(m)), est = unname(fixef(m)), V = as.matrix(vcov(m)), theta = getME(m, "theta"), lower = getME(m, "lower"))
  })
  first <- run("bobyqa", maxfun = 2e5, rhoend = 1e-9)
  fits <- list(first, run("nloptwrap", maxeval = 1e5, xtol_abs = 1e-10, ftol_abs = 1e-10))
  if (!inherits(first, "error") && length(first$theta) > 1) {
    scaled <- function(s) ifelse(first$lower == 0, s, 0)
    fits <- c(fits, list(run("bobyqa", scaled(.1), maxfun = 2e5, rhoend = 1e-9), run("bobyqa", scaled(20), maxfun = 2e5, rhoend = 1e-9), run("Nelder_Mead", maxfun = 2e4)))
    top <- best(fits); if (!is.null(top$theta)) fits <- c(fits, list(run("bobyqa", pmax(top$theta, ifelse(top$lower == 0, .02, -Inf)), maxfun = 2e5, rhoend = 1e-9)))
  }
  f <- best(fits); f$m <- NULL; f$theta <- NULL; f$lower <- NULL; f
}

nlme_of <- function(m) { b <- if (inherits(m, "lme")) fixef(m) else coef(m); list(psi = if (!inherits(m, "lme")) unname(coef(m$modelStruct, unconstrained = FALSE)), logLik = as.numeric(logLik(m)), n = m$dims$N, names = names(b), est = unname(b), V = if (inherits(m, "lme")) m$varFix * (if (m$method == "ML") m$dims$N / (m$dims$N - length(b)) else 1) else m$varBeta) }
control_of <- function(f, o) f(tolerance = 1e-10, msTol = 1e-12, msMaxIter = 500, maxIter = 500, opt = o, returnObject = TRUE)
fit_gls <- function(fixed, d, ml, cors, wts) {
  method <- if (ml) "ML" else "REML"; fits <- list()
  for (co in cors) for (wt in wts) for (o in c("nlminb", "optim"))
    fits <- c(fits, list(quiet(nlme_of(do.call(gls, list(fixed, data = d, correlation = co, weights = wt, method = method, control = control_of(glsControl, o)))))))
  best(fits)
}
fit_lme <- function(fixed, random, d, ml, cors, wts) {
  method <- if (ml) "ML" else "REML"; fits <- list()
  for (co in cors) for (wt in wts) for (o in c("nlminb", "optim"))
    fits <- c(fits, list(quiet(nlme_of(do.call(lme, list(fixed, data = d, random = random, correlation = co, weights = wt, method = method, control = control_of(lmeControl, o)))))))
  best(fits)
}

# The plain likelihood of a covariance V(par) up to sigma squared, n x n, maximized from every start. With subjects, V is the
# covariance of all visits, and each pattern of visits is factored once. A scan stands for starts where the likelihood has kinks.
# natural(par) are the parameters that a fit prints: the harness evaluates what it doubts there, in 60 digits.
dense <- function(y, X, V, starts, ml, scan = NULL, visit = NULL, subject = NULL, natural = NULL) {
  n <- length(y); q <- qr(X); X <- X[, sort(q$pivot[seq_len(q$rank)]), drop = FALSE]; p <- ncol(X); A <- cbind(X, y)
  patterns <- if (is.null(visit)) list(list(at = seq_len(n), k = 1, A = A)) else {
    rows <- split(seq_len(n), subject); rows <- lapply(rows, function(r) r[order(visit[r])])
    lapply(split(rows, sapply(rows, function(r) paste(visit[r], collapse = " "))), function(s) list(at = visit[s[[1]]], k = length(s), A = A[unlist(s), , drop = FALSE]))
  }
  at <- function(par) {
    v <- V(par); if (any(!is.finite(v))) return(NULL)
    det <- 0; w <- list()
    for (s in patterns) {
      U <- tryCatch(chol(v[s$at, s$at, drop = FALSE]), error = function(e) NULL); if (is.null(U)) return(NULL)
      if (min(diag(U)) < 1e-7 * max(diag(U))) return(NULL)
      det <- det + s$k * sum(log(diag(U)))
      w <- c(w, list(matrix(backsolve(U, matrix(s$A, length(s$at)), transpose = TRUE), ncol = p + 1)))
    }
    w <- if (length(w) == 1) w[[1]] else do.call(rbind, w)
    Q <- qr(w[, seq_len(p), drop = FALSE], LAPACK = FALSE); e <- qr.resid(Q, w[, p + 1])
    dof <- if (ml) n else n - p; s2 <- sum(e^2) / dof
    l <- -dof / 2 * (log(2 * pi * s2) + 1) - det - (if (ml) 0 else sum(log(abs(diag(qr.R(Q))))))
    list(l = l, est = qr.coef(Q, w[, p + 1]), V = s2 * chol2inv(qr.R(Q)[order(Q$pivot), order(Q$pivot), drop = FALSE]))
  }
  f <- function(par) { a <- at(par); if (is.null(a) || !is.finite(a$l)) 1e10 else -a$l }
  if (!is.null(scan)) { v <- apply(scan, 1, f); starts <- c(starts, lapply(order(v)[1:min(3, length(v))], function(i) scan[i, ])) }
  runs <- lapply(starts, function(s) {
    if (length(s) == 0) return(list(par = s, value = f(s)))
    o <- if (is.null(scan)) list(par = s, value = f(s)) else suppressWarnings(optim(s, f, method = "Nelder-Mead", control = list(maxit = 100 * length(s), reltol = 1e-13)))
    b <- tryCatch(optim(o$par, f, method = "BFGS", control = list(maxit = 300, reltol = 1e-14)), error = function(e) o)
    if (b$value < o$value) b else o })
  par <- runs[[which.min(sapply(runs, `[[`, "value"))]]$par
  if (is.null(scan) && length(par) > 0) par <- tryCatch(optim(par, f, method = "BFGS", control = list(maxit = 100, reltol = 1e-14, ndeps = rep(1e-4, length(par))))$par, error = function(e) par)
  a <- at(par)
  if (is.null(a)) return(simpleError("no start is positive definite"))
  list(logLik = a$l, n = n, names = colnames(X), est = unname(a$est), V = a$V * (if (ml && p > 0) n / (n - p) else 1), psi = if (!is.null(natural)) unname(natural(par)))
}

# Correlations by name: par and the data's distances (or lags) to a matrix; groups are apart.
acf_of <- function(phi, theta, lags) { r <- ARMAacf(ar = phi, ma = theta, lag.max = max(lags, 1)); matrix(r[lags + 1], nrow(lags)) }
pacf_ar <- function(z) { r <- tanh(z); a <- c(); for (k in seq_along(r)) a <- c(if (k > 1) a - r[k] * rev(a), r[k]); a }
shape <- list(
  corExp = function(h) exp(-h), corGaus = function(h) exp(-h^2), corLin = function(h) pmax(1 - h, 0) + 0,
  corRatio = function(h) 1 / (1 + h^2), corSpher = function(h) ifelse(h < 1, 1 - 1.5 * h + .5 * h^3, 0))
same_group <- function(g) outer(g, g, "==") * 1

# ---- Data -------------------------------------------------------------------------------------------------------------------

# Unbalanced groups of people and stimuli, with effects of every size; standardized x.
people <- function(ng, nk, n) {
  d <- data.frame(g = sample(ng, n, TRUE, prob = (1:ng)^-pick(c(0, .7))), k = sample(nk, n, TRUE), s = sample(4, n, TRUE), q = sample(pick(c(2, 7)), n, TRUE))
  d$f <- sample(c("a", "b", "c", "d")[1:pick(2:4)], n, TRUE); d$h <- sample(c("lo", "mid", "hi"), n, TRUE)
  d$x <- rnorm(n); d$z <- exp(rnorm(n)); d$o <- rnorm(n); d$w <- runif(n, .2, 5)
  vg <- pick(c(0, .05, 1, 5, 100)); vk <- pick(c(0, .5, 3)); vs <- pick(c(0, .7))
  bg <- rnorm(ng, sd = vg); bs <- rnorm(ng, sd = vs); bk <- rnorm(nk, sd = vk); bq <- rnorm(7, sd = pick(c(0, 1)))
  d$y <- 3 + d$x + match(d$f, letters) + bg[d$g] + bs[d$g] * d$x + bk[d$k] + bq[d$q] + rnorm(n) * pick(c(1, 1, .01))
  for (v in c("g", "k", "s", "q")) d[[v]] <- paste0(toupper(v), d[[v]])
  d
}
# Series within groups; e has AR(1) correlation and a variance by f and z.
series <- function(ng, len, gaps = .1) {
  d <- expand.grid(t = seq_len(len), g = seq_len(ng)); d <- d[runif(nrow(d)) > gaps, ]; n <- nrow(d)
  d$u <- round(d$t + runif(n, 0, .5), 3); d$f <- c("a", "b", "c")[1 + d$g %% 3]; d$h <- sample(c("p", "q"), n, TRUE); d$x <- rnorm(n); d$z <- exp(rnorm(n) / 2)
  L <- t(chol(pick(c(-.5, 0, .2, .6, .85, .97))^abs(outer(1:len, 1:len, "-"))))
  e <- unlist(lapply(split(d$t, d$g), function(t) (L %*% rnorm(len))[t]))
  d$y <- 10 + d$x + (d$f == "b") + pick(c(0, 1)) * rnorm(ng)[d$g] + pick(c(0, .5)) * rnorm(ng)[d$g] * d$x + e * d$z^pick(c(0, .5)) * c(a = 1, b = 1.7, c = .6)[d$f]
  d$g <- paste0("G", d$g); d
}
# Points in the plane, scattered or on a grid, or on a line.
places <- function(n, dims, ng = 1) {
  d <- if (dims == 2 && runif(1) < .3) { k <- ceiling(sqrt(n)); expand.grid(a = seq_len(k), b = seq_len(k))[seq_len(n), ] } else data.frame(a = if (runif(1) < .3) seq_len(n) else round(sort(runif(n, 0, 10)), 3), b = round(runif(n, 0, 10), 3))
  d$g <- rep(seq_len(ng), length.out = n); d$x <- rnorm(n)
  D <- as.matrix(dist(if (dims == 2) d[c("a", "b")] else d["a"])); r <- pick(c(.01, .3, 1, 3, 8)); nug <- pick(c(0, 0, .3, .8))
  C <- (1 - nug) * pick(shape[c("corExp", "corSpher", "corRatio")])(D / r) * same_group(d$g); diag(C) <- 1
  E <- eigen(C, symmetric = TRUE); d$y <- 5 + .3 * d$x + as.vector(E$vectors %*% (sqrt(pmax(E$values, 0)) * rnorm(n)))
  d$g <- paste0("G", d$g); d[!duplicated(d[c("a", "b")]), ]
}
# Visits of subjects; standard deviations that grow, and dropout.
visits <- function(n, m, missing, growth) {
  r <- pick(c(.3, .7, .95)); S <- diag(growth^(0:(m - 1))) %*% (r^abs(outer(1:m, 1:m, "-")) * .7 + .3 * r) %*% diag(growth^(0:(m - 1)))
  S <- S + diag(1e-8 * diag(S)) + diag(diag(S)) * .05
  Y <- matrix(rnorm(n * m), n) %*% chol(S); d <- expand.grid(v = seq_len(m), id = seq_len(n)); d$arm <- c("A", "B")[1 + d$id %% 2]; base <- rnorm(n)
  d$base <- base[d$id]; d$y <- 20 + as.vector(t(Y)) + .5 * d$v * (d$arm == "B") + d$base
  d <- d[runif(nrow(d)) > missing, ]; d$v <- paste0("V", formatC(d$v, width = 2, flag = "0")); d$id <- paste0("P", formatC(d$id, width = 3, flag = "0")); d
}

# ---- Kinds ------------------------------------------------------------------------------------------------------------------

kinds <- list()
# A kind: name, how to make a design of it. shift: whether x may be shifted (else only scaled).
lmer_kind <- function(formula, shift = TRUE, ng = c(3, 5, 8, 15, 40, 120), nk = c(3, 6, 12, 30), n = c(60, 150, 400), prepare = function(d) d, name = NULL, far = c(0, 0, 0, 2020, -50)) {
  force(formula); force(prepare)
  kinds[[length(kinds) + 1]] <<- list(name = if (is.null(name)) paste("lmer:", sub("^y ~ ", "", formula)) else name, make = function() {
    d <- prepare(people(pick(ng), pick(nk), pick(n)))
    list(d = d, formula = formula, shift = shift, far = pick(far), weighted = runif(1) < .25, missing = runif(1) < .15,
      fit = function(d0, case) fit_lmer(formula, d0, case$ml, case$w))
  })
}
for (f in c("y ~ x + (1|g)", "y ~ x*f + (1|g)", "y ~ f + (x|g)", "y ~ f*h + (1|g/s)", "y ~ x + (1|g) + (1|k)", "y ~ poly(x,2) + (1|g) + (x|k)", "y ~ scale(x) + f + (f|g)",
  "y ~ log(z) + offset(o) + (1|g)", "y ~ x + I(x^2) + (1|g:f)", "y ~ x + (1+x|g) + (1|k)", "y ~ h + (h|g)", "y ~ f + x + (1|f:k)", "y ~ (x+f+h)^2 + (1|g)", "y ~ x + f + (0+f|g)", "y ~ 1 + (1|g)+(1|k)+(1|s)",
  "y ~ x + (x|g) + (x|k)", "y ~ x + (1|g) + (1|k) + (1|q)", "y ~ x + (x|g) + (1|k) + (1|q)", "y ~ f + (1|g) + (1|g:f) + (1|k)", "y ~ x + z + (x+z|g)", "y ~ x + (x*z|k)")) lmer_kind(f)
for (f in c("y ~ f + (1|g) + (0+x|g)", "y ~ x + (x||g)", "y ~ 0 + f + x:h + (1|g)", "y ~ x + (0+x|g) + (1|k)", "y ~ x + z + (x+z||g)")) lmer_kind(f, shift = FALSE)
for (f in c("y ~ x + (1|g)", "y ~ x + (x|g)", "y ~ f + (f|g)", "y ~ 1 + (1|g/k)")) lmer_kind(f, ng = c(2, 3, 25), nk = c(2, 3), n = c(8, 14, 30), name = paste("tiny:", sub("^y ~ ", "", f)))
dummies <- function(d) { for (l in c("lo", "mid", "hi")) d[[l]] <- as.integer(d$h == l); d }
lmer_kind("y ~ mid + hi + (1 + lo + mid + hi | g)", prepare = dummies, ng = c(8, 15, 40), name = "redundant: all dummies and the intercept")
lmer_kind("y ~ x + (x + c5 | g)", prepare = function(d) { d$c5 <- 5; d }, ng = c(8, 15, 40), name = "redundant: a constant beside the intercept")
lmer_kind("y ~ x + (x + x3 | g)", prepare = function(d) { d$x3 <- 3 * d$x + 1; d }, ng = c(8, 15, 40), name = "redundant: a copy in other units", far = 0)
lmer_kind("y ~ p + (poly(p, 3, raw = TRUE) | g)", prepare = function(d) { d$p <- sample(0:2, nrow(d), TRUE); d }, ng = c(8, 15, 40), name = "redundant: a cubic on three values")
lmer_kind("y ~ f * h + (f * h | g)", prepare = function(d) { d$f <- sample(c("a", "b"), nrow(d), TRUE); d$h <- sample(c("lo", "hi"), nrow(d), TRUE); d[!(d$f == "b" & d$h == "hi"), ] }, ng = c(8, 15), n = c(150, 400), name = "redundant: an empty cell")
lmer_kind("y ~ x + (1 | g) + (1 | g2)", prepare = function(d) { d$g2 <- paste0("H", d$g); d }, name = "redundant: one factor twice")
lmer_kind("y ~ x + (1 | g) + (0 + f | g)", ng = c(8, 15, 40), name = "redundant: an intercept beside all levels")

gls_kind <- function(name, formula, data, cor = "", wt = "", cors = list(cor), wts = list(wt), shift = TRUE) kinds[[length(kinds) + 1]] <<- list(name = paste("gls:", name), make = function()
  list(d = data(), formula = formula, cor = cor, wt = wt, shift = shift, far = pick(c(0, 0, 0, 2020, -50)),
    fit = function(d0, case) fit_gls(as.formula(formula), d0, case$ml, lapply(cors, function(s) if (s != "") eval(parse(text = s))), lapply(wts, function(s) if (s != "") eval(parse(text = s))))))
lme_kind <- function(name, fixed, random, cor = "", wt = "", cors = list(cor), group = "g", data = function() series(pick(c(6, 12, 30, 80)), pick(4:8))) kinds[[length(kinds) + 1]] <<- list(name = paste("lme:", name), make = function()
  list(d = data(), formula = paste0(fixed, " + (", random, "|", group, ")"), cor = cor, wt = wt, shift = TRUE, far = pick(c(0, 0, 0, 2020, -50)),
    fit = function(d0, case) fit_lme(as.formula(fixed), as.formula(paste("~", random, "|", group)), d0, case$ml, lapply(cors, function(s) if (s != "") eval(parse(text = s))), list(if (wt != "") eval(parse(text = wt))))))
short <- function() series(pick(c(4, 12, 30, 80)), pick(4:6))
long <- function() series(pick(c(1, 2, 4)), pick(c(25, 40)), gaps = pick(c(0, 0, .1)))
gls_kind("corAR1", "y ~ x*f", short, "corAR1(form=~t|g)", cors = list("corAR1(form=~t|g)", "corAR1(.7,form=~t|g)", "corAR1(-.5,form=~t|g)"))
gls_kind("corCAR1 + varIdent", "y ~ f", short, "corCAR1(form=~u|g)", "varIdent(form=~1|f)", cors = list("corCAR1(form=~u|g)", "corCAR1(.7,form=~u|g)"))
gls_kind("corCompSymm + varPower", "y ~ x", short, "corCompSymm(form=~1|g)", "varPower(form=~z)", cors = list("corCompSymm(form=~1|g)", "corCompSymm(.5,form=~1|g)"))
gls_kind("corSymm + varIdent", "y ~ f", short, "corSymm(form=~t|g)", "varIdent(form=~1|t)")
gls_kind("corAR1 + varComb", "y ~ x+f", short, "corAR1(form=~t|g)", "varComb(varIdent(form=~1|f),varPower(form=~z))")
gls_kind("varComb(varExp, varIdent)", "y ~ x+f", short, "", "varComb(varExp(form=~x),varIdent(form=~1|h))", shift = FALSE)
gls_kind("corAR1 + varIdent by two", "y ~ x", short, "corAR1(form=~t|g)", "varIdent(form=~1|f*h)")
gls_kind("varExp", "y ~ x+f", short, "", "varExp(form=~x)", wts = list("varExp(form=~x)", "varExp(.5,form=~x)"), shift = FALSE)
gls_kind("varConstPower", "y ~ x", short, "", "varConstPower(form=~z)", wts = list("varConstPower(form=~z)", "varConstPower(const=1,power=.5,form=~z)", "varConstPower(const=.1,power=-.5,form=~z)"))

# Series with ARMA errors: nlme from several starts, and the plain likelihood with partial autocorrelations as parameters.
for (pq in list(c(1, 1), c(2, 0), c(0, 1), c(0, 2), c(1, 2), c(2, 1), c(2, 2), c(3, 0))) local({
  p <- pq[1]; q <- pq[2]; text <- sprintf("corARMA(form=~t|g,p=%d,q=%d)", p, q)
  kinds[[length(kinds) + 1]] <<- list(name = sprintf("gls: corARMA(%d,%d)", p, q), make = function() list(d = long(), formula = "y ~ x", cor = text, shift = TRUE, far = pick(c(0, 2020)), fit = function(d0, case) {
    fixed <- y ~ x; lags <- abs(outer(d0$t, d0$t, "-")); G <- same_group(d0$g)
    natural <- function(z) { z <- pmin(pmax(z, -4), 4); c(if (p) pacf_ar(z[1:p]), if (q) -pacf_ar(z[p + 1:q])) }
    V <- function(z) acf_of(natural(z)[seq_len(p)], natural(z)[p + seq_len(q)], lags) * G
    starts <- c(list(rep(.1, p + q)), lapply(1:5, function(i) rnorm(p + q)))
    best(list(fit_gls(fixed, d0, case$ml, list(eval(parse(text = text))), list(NULL)), quiet(dense(d0$y, model.matrix(fixed, d0), V, starts, case$ml, natural = natural))))
  }))
})

# Spatial correlations: the plain likelihood, its range scanned.
for (type in names(shape)) for (nugget in c(FALSE, TRUE)) for (dims in 1:2) local({
  type <- type; nugget <- nugget; dims <- dims; form <- if (dims == 2) "~a+b" else "~a"
  kinds[[length(kinds) + 1]] <<- list(name = sprintf("gls: %s%s, %d-D", type, if (nugget) " + nugget" else "", dims), make = function() {
    ng <- pick(c(1, 1, 4)); text <- sprintf("%s(form=%s%s%s)", type, form, if (ng > 1) "|g" else "", if (nugget) ",nugget=TRUE" else "")
    d <- places(pick(c(25, 40, 60)), dims, ng); if (dims == 1 && !nugget) d <- d[!duplicated(d$a), ]
    list(d = d, formula = "y ~ x", cor = text, shift = TRUE, far = 0, fit = function(d0, case) {
      G <- same_group(d0$g); D <- as.matrix(dist(if (dims == 2) d0[c("a", "b")] else d0["a"])); R <- range(D[D > 0 & G > 0])
      V <- function(z) { C <- shape[[type]](D / exp(z[1])) * G; if (nugget) C <- C * plogis(-z[2]); diag(C) <- 1; C }
      grid <- seq(log(R[1] * .3), log(R[2] * 5), length.out = 40); scan <- if (nugget) as.matrix(expand.grid(grid, c(-6, -2, 0, 2))) else matrix(grid)
      quiet(dense(d0$y, model.matrix(y ~ x, d0), V, list(), case$ml, scan, natural = function(z) c(exp(z[1]), if (nugget) plogis(z[2]))))
    })
  })
})
gls_kind("corGaus by a continuous time", "y ~ t", short, "corGaus(form=~u|g)", cors = list("corGaus(form=~u|g)", "corGaus(2,form=~u|g)", "corGaus(4,form=~u|g)"))

lme_kind("AR(1) + intercept", "y ~ x", "1", "corAR1(form=~t|g)", cors = list("corAR1(form=~t|g)", "corAR1(.6,form=~t|g)"))
lme_kind("AR(1) + slope", "y ~ x", "x", "corAR1(form=~t|g)", cors = list("corAR1(form=~t|g)", "corAR1(.6,form=~t|g)"))
lme_kind("AR(1) + slope of time", "y ~ t", "t", "corAR1(form=~t|g)", cors = list("corAR1(form=~t|g)", "corAR1(.5,form=~t|g)"))
lme_kind("slope + varIdent", "y ~ x", "x", "", "varIdent(form=~1|f)")
lme_kind("AR(1) + intercept + varPower", "y ~ x", "1", "corAR1(form=~t|g)", "varPower(form=~z)")
lme_kind("corExp + slope", "y ~ x", "x", "corExp(form=~u|g)", cors = list("corExp(form=~u|g)", "corExp(3,form=~u|g)"))
lme_kind("corExp + nugget + intercept", "y ~ x", "1", "corExp(form=~u|g,nugget=TRUE)", cors = list("corExp(form=~u|g,nugget=TRUE)", "corExp(c(3,.3),form=~u|g,nugget=TRUE)"))
lme_kind("corARMA(1,1) + intercept", "y ~ x", "1", "corARMA(form=~t|g,p=1,q=1)", data = function() series(pick(c(4, 10)), pick(c(12, 20))))

# Structured random effects, and structures over visits: the plain likelihood.
cor_cs <- function(m, r) { C <- matrix(r, m, m); diag(C) <- 1; C }
structured <- function(name, effects, columns, corr, starts, het) kinds[[length(kinds) + 1]] <<- list(name = paste("structured:", name), make = function() {
  d <- series(pick(c(5, 8, 12)), 4, gaps = .05); d <- d[rep(seq_len(nrow(d)), pick(1:2)), ]; d$y <- d$y + rnorm(nrow(d)) * pick(c(.1, .5, 1)); d$t4 <- paste0("T", d$t); d$f <- sample(c("a", "b", "c"), nrow(d), TRUE)
  list(d = d, formula = sprintf("y ~ x + %s", effects), shift = TRUE, far = 0, factor = TRUE, fit = function(d0, case) {
    Z <- model.matrix(columns, d0); m <- ncol(Z); G <- same_group(d0$g)
    V <- function(z) { s <- exp(z[seq_len(if (het) m else 1)]); D <- outer(rep(s, length.out = m), rep(s, length.out = m)) * corr(m, z[-seq_along(s)]); (Z %*% D %*% t(Z)) * G + diag(nrow(d0)) }
    k <- if (het) m else 1
    f <- quiet(dense(d0$y, model.matrix(y ~ x, d0), V, unlist(lapply(c(-1, .5), function(s) lapply(starts(m), function(r) c(rep(s, k), r))), recursive = FALSE), case$ml))
    if (!is.null(f$V) && case$ml) f$V <- f$V * (nrow(d0) - length(f$est)) / nrow(d0)
    f
  })
})
cs_of <- function(m, z) cor_cs(m, plogis(z) * (1 + 1 / (m - 1)) - 1 / (m - 1))
ar_of <- function(m, z) tanh(z)^abs(outer(1:m, 1:m, "-"))
structured("cs(0+f|g)", "cs(0+f|g)", ~ 0 + f, cs_of, function(m) list(0, 2), TRUE)
structured("homcs(0+f|g)", "homcs(0+f|g)", ~ 0 + f, cs_of, function(m) list(0, 2, -2), FALSE)
structured("ar1(0+t4|g)", "ar1(0+t4|g)", ~ 0 + t4, ar_of, function(m) list(0, 1, -1), FALSE)
structured("hetar1(0+t4|g)", "hetar1(0+t4|g)", ~ 0 + t4, ar_of, function(m) list(0, 1), TRUE)
structured("diag(0+f|g)", "diag(0+f|g)", ~ 0 + f, function(m, z) diag(m), function(m) list(numeric()), TRUE)
structured("homdiag(0+f|g)", "homdiag(0+f|g)", ~ 0 + f, function(m, z) diag(m), function(m) list(numeric()), FALSE)

visit_kind <- function(type, size, corr, starts, het) kinds[[length(kinds) + 1]] <<- list(name = paste("mmrm:", type), make = function() {
  m <- pick(3:5); d <- visits(pick(c(12, 20, 30)), m, pick(c(0, 0, .15)), pick(c(1, 1, 1.5, 3)))
  list(d = d, formula = sprintf("y ~ base + arm*v + %s(v|id)", type), mmrm = TRUE, factors = "v", shift = TRUE, far = 0, fit = function(d0, case) {
    d0$v <- factor(d0$v); m <- nlevels(d0$v); v <- as.integer(d0$v); fixed <- y ~ base + arm * v; k <- if (het) m - 1 else 0
    e <- resid(lm(fixed, d0)); sd0 <- log(tapply(e, v, sd)); sd0 <- (sd0 - sd0[1])[-1]
    V <- function(z) { s <- if (het) exp(c(0, z[1:k])) else rep(1, m); outer(s, s) * corr(m, if (k) z[-(1:k)] else z) }
    fits <- list(quiet(dense(d0$y, model.matrix(fixed, d0), V, lapply(starts(m), function(r) c(if (het) sd0, r)), case$ml, visit = v, subject = d0$id)))
    if (type == "us") { d0$vi <- v; fits <- c(fits, list(fit_gls(fixed, d0, case$ml, list(corSymm(form = ~ vi | id)), list(varIdent(form = ~ 1 | v))))) }
    f <- best(fits)
    if (!is.null(f$V) && case$ml) f$V <- f$V * (nrow(d0) - length(f$est)) / nrow(d0)
    f
  })
})
toep_of <- function(m, z) toeplitz(ARMAacf(ar = pacf_ar(pmin(pmax(z, -4), 4)), lag.max = m - 1)[1:m])
ad_of <- function(m, z) { C <- diag(m); r <- tanh(z); for (i in 1:(m - 1)) for (j in (i + 1):m) C[i, j] <- C[j, i] <- prod(r[i:(j - 1)]); C }
us_of <- function(m, z) { L <- diag(m); L[lower.tri(L)] <- z; C <- L %*% t(L); s <- sqrt(diag(C)); C / outer(s, s) }
visit_kind("us", 0, us_of, function(m) list(rep(.3, m * (m - 1) / 2), rep(1, m * (m - 1) / 2)), TRUE)
visit_kind("cs", 0, cs_of, function(m) list(0, 1), FALSE); visit_kind("csh", 0, cs_of, function(m) list(0, 1), TRUE)
visit_kind("ar1", 0, ar_of, function(m) list(.3, 1), FALSE); visit_kind("ar1h", 0, ar_of, function(m) list(.3, 1), TRUE)
visit_kind("ad", 0, ad_of, function(m) list(rep(.3, m - 1), rep(1, m - 1)), FALSE); visit_kind("adh", 0, ad_of, function(m) list(rep(.3, m - 1), rep(1, m - 1)), TRUE)
visit_kind("toep", 0, toep_of, function(m) list(rep(.3, m - 1), c(1, rep(0, m - 2))), FALSE); visit_kind("toeph", 0, toep_of, function(m) list(rep(.3, m - 1), c(1, rep(0, m - 2))), TRUE)

# ---- The run ----------------------------------------------------------------------------------------------------------------

kinds <- Filter(function(k) grepl(pattern, k$name), kinds)
no_bars <- function(f) { f <- gsub("\\+ *[a-z0-9]*\\([^()]*\\|[^()]*\\)", "", f); f <- gsub("\\+ *\\(([^()]|\\([^()]*\\))*\\|[^()]*\\)", "", f); as.formula(f) }
# The design in units of its own, as the fit of a case wants it, fitted and brought back.
outcome <- function(case, d, sy, sx, far) {
  d0 <- d; d0$y <- d$y / sy; if (!is.null(d0$o)) d0$o <- d$o / sy; if (!is.null(d0$x)) d0$x <- if (case$shift) d$x / sx - far else d$x / sx
  r <- quiet({ f <- case$fit(d0, case); if (inherits(f, "error")) stop(f); back(f, no_bars(case$formula), d, d0, sy, case$ml) })
  if (inherits(r, "error")) list(error = conditionMessage(r)) else if (!is.null(r$error)) list(error = r$error) else
    c(list(logLik = r$logLik, n = r$n, names = I(r$names), est = I(r$est), se = I(unname(r$se))), if (length(r$psi) > 0) list(psi = I(r$psi)))
}
if (again) {
  cases <- fromJSON("cases.json", simplifyVector = FALSE)
  for (i in strsplit(args[2], ",")[[1]]) {
    at <- which(sapply(cases, function(case) case$id == as.integer(i))); case <- cases[[at]]; d <- read.csv(case$file, stringsAsFactors = TRUE)
    made <- Filter(function(k) k$name == case$kind, kinds)[[1]]$make(); made$ml <- case$ml; made$w <- case$w
    unit <- function(v) 10^round(log10(sd(v, na.rm = TRUE)))
    sx <- if (is.null(d$x) || grepl("varExp", case$wt)) 1 else unit(d$x); far <- if (is.null(d$x)) 0 else round(mean(d$x / sx, na.rm = TRUE))
    r <- outcome(made, d, unit(d$y), sx, far); if (!is.null(r$logLik)) cases[[at]]$r <- r
  }
  write(toJSON(cases, auto_unbox = TRUE, digits = I(14), na = "null", null = "null"), "cases.json")
  quit()
}
out <- list()
for (i in seq_len(count)) {
  kind <- kinds[[1 + (i - 1) %% length(kinds)]]; case <- kind$make(); d <- case$d; file <- sprintf("d/%04d.csv.gz", i)
  case$ml <- runif(1) < .5; case$w <- isTRUE(case$weighted)
  sy <- pick(c(1, 1, 1, 1e-8, 1e-4, 1e6, 1e8)); sx <- if (!is.null(d$x)) pick(c(1, 1, 1e-8, 1e-4, 1e5, 1e8)) else 1; far <- case$far
  if (isTRUE(case$missing)) { n <- nrow(d); d$y[sample(n, 3)] <- NA; if (!grepl("poly|x3|scale", case$formula)) d$x[sample(n, 2)] <- NA; d$f[sample(n, 2)] <- NA }
  if (grepl("I\\(x|x3|poly", case$formula)) sx <- pick(c(1, 1e-2, 1e3))
  if (grepl("z", case$formula) || grepl("varExp", paste0("", case$wt, collapse = ""))) sx <- 1
  if (!is.null(d$o)) d$o <- d$o * sy
  d$y <- d$y * sy; if (!is.null(d$x)) d$x <- (d$x + far) * sx
  rows <- sample(nrow(d)); if (runif(1) < .5 && is.null(d$t)) d <- d[rows, ]
  z <- gzfile(file); write.csv(d, z, row.names = FALSE, na = "NA")
  d <- read.csv(file, stringsAsFactors = TRUE)
  r <- outcome(case, d, sy, sx, far)
  out[[i]] <- list(id = i, file = file, kind = kind$name, formula = case$formula, ml = case$ml, w = case$w, cor = if (is.null(case$cor)) "" else case$cor, wt = if (is.null(case$wt)) "" else case$wt,
    mmrm = isTRUE(case$mmrm), factors = I(if (is.null(case$factors)) character() else case$factors), r = r)
}
write(toJSON(out, auto_unbox = TRUE, digits = I(14), na = "null"), "cases.json")
