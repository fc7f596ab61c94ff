package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheSchemaInTheTreeIsThatOfTheVocabulary(t *testing.T) {
	committed, err := os.ReadFile("../schema.json")
	require.NoError(t, err)
	assert.Equal(t, string(committed), string(generate()), "go generate ./scenarios writes it")
}
