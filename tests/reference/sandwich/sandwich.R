# Cluster-robust covariances and their degrees of freedom, computed from their definitions, for clusters of one to four rows.
# CR0: Liang and Zeger 1986; CR2: Bell and McCaffrey 2002; CR3: Mancl and DeRouen 2001; degrees of freedom: Bell and McCaffrey
# 2002 and Pustejovsky and Tipton 2018 (Satterthwaite's, with the model's covariance as the working model).
# Run in tests/reference/sandwich with ../../data/fev.csv; prints sandwich.csv. Figures in the repository: R 4.2.2, base R only.
d <- read.csv("../../data/fev.csv"); d <- d[!is.na(d$FEV1), ]
d$visit <- as.integer(factor(d$AVISIT)); d <- d[order(d$USUBJID, d$visit), ]
X <- model.matrix(~ RACE + SEX * AVISIT, d); y <- d$FEV1
rho <- 0.6; sd <- c(1, 0.8, 0.7, 1.3)                       # known correlation AR(1) and ratios of standard deviations by visit
ids <- split(seq_len(nrow(d)), d$USUBJID)
R <- lapply(ids, function(i) { v <- d$visit[i]; outer(sd[v], sd[v]) * rho^abs(outer(v, v, "-")) })
A <- Reduce(`+`, Map(function(i, r) t(X[i, , drop = FALSE]) %*% solve(r, X[i, , drop = FALSE]), ids, R))
b <- solve(A, Reduce(`+`, Map(function(i, r) t(X[i, , drop = FALSE]) %*% solve(r, y[i]), ids, R)))
e <- y - X %*% b
sigma2 <- sum(mapply(function(i, r) sum(e[i] * solve(r, e[i])), ids, R)) / (nrow(X) - ncol(X))
V <- lapply(R, `*`, sigma2); Phi <- sigma2 * solve(A)
symmetricPower <- function(M, power) { s <- eigen(M, symmetric = TRUE); k <- s$values > 1e-10; s$vectors[, k, drop = FALSE] %*% (s$values[k]^power * t(s$vectors[, k, drop = FALSE])) }
whole <- matrix(0, nrow(X), nrow(X)); for (k in seq_along(ids)) whole[ids[[k]], ids[[k]]] <- V[[k]]
L <- t(chol(whole)); Xw <- forwardsolve(L, X); ew <- forwardsolve(L, e)   # rows of a cluster follow each other: L is block diagonal
H <- Xw %*% Phi %*% t(Xw)
sandwich <- function(power) {
  adjust <- lapply(ids, function(i) symmetricPower(diag(length(i)) - H[i, i, drop = FALSE], power))
  meat <- Reduce(`+`, Map(function(i, a) tcrossprod(t(Xw[i, , drop = FALSE]) %*% a %*% ew[i]), ids, adjust))
  # p_i = (I - H)_i' A_i X_i Phi c, whatever the contrast c: degrees of freedom (sum p_i'p_i)^2 / sum (p_i'p_j)^2.
  df <- apply(diag(ncol(X)), 2, function(c) {
    P <- sapply(seq_along(ids), function(k) (diag(nrow(X)) - H)[, ids[[k]], drop = FALSE] %*% adjust[[k]] %*% Xw[ids[[k]], , drop = FALSE] %*% Phi %*% c)
    G <- crossprod(P); sum(diag(G))^2 / sum(G^2) })
  data.frame(se = sqrt(diag(Phi %*% meat %*% Phi)), df = df)
}
numbers <- cbind(estimate = as.vector(b), model = sqrt(diag(Phi)), CR0 = sandwich(0), CR2 = sandwich(-0.5), CR3 = sandwich(-1))
write.csv(cbind(coefficient = colnames(X), sapply(numbers, formatC, digits = 12, format = "g")), "sandwich.csv", row.names = FALSE, quote = FALSE)
