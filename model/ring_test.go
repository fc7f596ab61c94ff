package model

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestARingIsAQueue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r ring[int]
		var want []int
		for i, push := range rapid.SliceOf(rapid.Bool()).Draw(t, "pushes") {
			switch {
			case push:
				r.push(i)
				want = append(want, i)
			case len(want) > 0:
				require.Equal(t, want[0], r.pop())
				want = want[1:]
			}
			require.Equal(t, len(want), r.len())
		}
	})
}
