package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryLessonCanBeRendered(t *testing.T) {
	all, err := lessons("..", "en")
	require.NoError(t, err)
	require.Len(t, all, 6)
}
