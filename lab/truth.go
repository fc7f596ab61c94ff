package lab

import _ "embed"

// Truth is what was measured on real hosts: an object whose records stand one a line. Package accuracy reads it.
//
//go:embed testdata/truth.json
var Truth string

// Reached is how far the model is from each case of Truth, in per cent: the state that no commit may make worse.
//
//go:embed testdata/accuracy.json
var Reached string
