// Package accuracy sets the model beside measurements of a real Linux host and says how far it is off.
//
//	lab.Truth ─▶ Measurement ─┬─▶ Scenario ─▶ lab.Simulate ─┐
//	                          └─▶ Family (targets)          ├─▶ Case ─▶ Report ─▶ tables, JSON, model/ACCURACY.md
//	lab.Reached ────────────────────────────────────────────┘             └─▶ Worse, Lower: the ratchet
//
// A case's error is 0 inside the range of its repeats, else the distance to the nearest repeat in per cent of it. The
// package stands apart from lab because the records are heavy and only the command needs them.
package accuracy
