package model

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// pairLimit is what an idle connection may hold, both ends and all that hangs on them, in bytes.
const pairLimit = 1536

func TestAnIdleConnectionFitsItsLimit(t *testing.T) {
	book := unsafe.Sizeof((*conn)(nil)) + 2*unsafe.Sizeof(int32(0)) // its place among the slots, and in the pool
	require.LessOrEqual(t, int(unsafe.Sizeof(conn{})+book), pairLimit)
}
