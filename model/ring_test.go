package model

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestARingIsAQueue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r ring[int]
		var want []int
		for i, how := range rapid.SliceOf(rapid.IntRange(0, 5)).Draw(t, "steps") {
			switch {
			case how < 2:
				r.push(i)
				want = append(want, i)
			case how == 2:
				r.pushFront(i)
				want = slices.Insert(want, 0, i)
			case how == 3:
				v := rapid.IntRange(0, i).Draw(t, "removed")
				r.remove(v)
				want = slices.DeleteFunc(want, func(w int) bool { return w == v })
			case len(want) > 0:
				require.Equal(t, want[0], r.pop())
				want = want[1:]
			}
			require.Equal(t, len(want), r.len())
			for k, v := range want {
				require.Equal(t, v, *r.at(k))
			}
		}
	})
}
