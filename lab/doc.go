// Package lab makes experiments over the model: it runs the variants of a scenario and says what they cost, and why.
//
//	scenarios.File ─▶ RunAll ─▶ model.World ─▶ trace ─┬─▶ metrics ─▶ Result   (run --json, tables)
//	                                                  ├─▶ trace.Log ─▶ Explain ─▶ Ledger
//	                                                  └─▶ trace.Fingerprint
//
// Nothing flows back into the model, so lab may use floats.
package lab
