package scenarios

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEveryFieldsExampleLineIsRight(t *testing.T) {
	lines := 0
	for _, f := range Fields() {
		line := f.Line()
		if line == "" {
			assert.Contains(t, []string{"a mapping", "a list"}, f.Type, f.Path)
			continue
		}
		lines++
		var mistakes Mistakes
		n := (&reader{file: f.Path, mistakes: &mistakes}).read([]byte(line))
		var doc Document
		(&decoder{&mistakes}).value("", n, reflect.ValueOf(&doc).Elem(), "")
		assert.Empty(t, mistakes, line)
		for _, key := range strings.Split(strings.ReplaceAll(f.Path, "[]", ""), ".") {
			assert.Contains(t, line, key+":")
		}
	}
	assert.Greater(t, lines, 200)
}
