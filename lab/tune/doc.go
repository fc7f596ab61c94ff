// Package tune finds settings that reach a goal: keep-alive timeout, pool, workers, requests per connection, or whatever is free.
//
//	Goal ────────────┐
//	scenario, Space ─┴▶ first sample ─▶ steps, halved, around best and front ─▶ ranking ─▶ more seeds ─▶ probes ─▶ Report
//	                      └── runs in parallel, one seed for all ──┘                     (intervals)  (what binds)   │
//	                                                                                      trade-off curve, directives ◀┘
//
// The search is a grid whose steps are halved around the settings that are best so far and around the trade-off front. It begins
// with every point if the budget has room for them, else with a coarse grid, or, from three dimensions on, where a coarse grid
// would try three values of each, with a lattice that spreads as many points evenly. Last, what need not differ from the file is set
// back. A run is
// cheap (milliseconds to seconds) and its numbers are noisy and stepped: percentiles jump when one request more misses a
// connection, and workers and connections are whole numbers. So there is no gradient to follow, and a model of the objective
// (a Gaussian process, CMA-ES) would spend its wit on at most four dimensions with some thirty values each. The grid needs no
// parameters of its own, is the same whatever the number of cores, runs in parallel without waiting, may be stopped at any
// time, and its points are the trade-off curve that people want to see. What it can miss is an optimum narrower than the first
// steps in the middle of a poor region; a larger budget makes those smaller.
//
// All settings are compared with the same seed: the same arrivals, losses and thinking times (common random numbers), so that
// a difference is the settings'. Luck of that seed is then taken out: the first of the ranking that keeps the goal with every
// further seed is chosen, and its numbers are told with their interval.
package tune
