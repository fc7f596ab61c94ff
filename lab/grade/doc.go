// Package grade marks answers: it draws again, runs again, and evaluates each question's expression over what came out.
//
//	Exercise + class, student ─▶ draw ─▶ run ─▶ Result, ledgers ─┐
//	Answer ─▶ settings ────────▶ draw ─▶ run ─▶ Result, ledgers ─┼─▶ expression ─▶ right? ─▶ points
//	       ─▶ answers, fingerprint ──────────────────────────────┘
//
// An expression (expr-lang) sees the Result under its JSON names: format, scenario, seed, variants. Besides there are
//
//	variant("persistent")   that variant's part of the Result, as in variant("persistent").finished_ms
//	ledger("persistent")    its run's ledger in milliseconds, as in ledger("persistent").handshake
//	drawn("persistent")     for goals: the variant as drawn, without the student's settings
//
// A choice's expression gives the right option's key; a goal's is a condition. Numbers and choices are of the scenario as drawn; goals of the student's own settings. The package stands apart from lab
// because the expression language is heavy and most pages of the site can do without.
package grade
