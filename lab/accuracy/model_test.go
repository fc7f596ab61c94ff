package accuracy

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/scenarios"
	"keepalive/sim"
)

const modelPage = "../../model/MODEL.md"

// worth is a row of the page's table: mechanism, source, family, and its errors with and without the mechanism. A setting in
// brackets behind the mechanism turns it off.
var worth = regexp.MustCompile(`(?m)^\| ([^|]*) \|[^|]*\| ([A-H] [^|]*) \| ([0-9.]+ / [0-9.]+) \| ([0-9.]+ / [0-9.]+) \|$`)

var setting = regexp.MustCompile("\\(`([^`]+)`\\)$")

// under is the errors by family when every measured case is run with sets laid over it.
func under(t *testing.T, sets ...string) map[string]Summary {
	all, err := allMeasured()
	require.NoError(t, err)
	var cases []Case
	for i := range all {
		m := &all[i]
		if m.Runnable() != "" || m.crowded() { // the table has totals alone
			continue
		}
		f, err := scenarios.Parse(m.ID, []byte(m.Scenario()), sets...)
		require.NoError(t, err)
		run, err := lab.Simulate(t.Context(), f.Variants()[0], lab.Options{})
		require.NoError(t, err)
		ms := float64(run.Result.Finished) / float64(sim.Millisecond)
		cases = append(cases, Case{ID: m.ID, Family: familyOf(m).Name, Error: thousandths(m.Error(ms))})
	}
	byName := map[string]Summary{}
	for _, s := range summarise(cases, func(c Case) float64 { return c.Error }) {
		byName[s.Family] = s
	}
	return byName
}

func TestWhatAMechanismIsWorthIsWhatARunWithoutItSays(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("a dozen comparisons, which the other test of them makes once in WebAssembly")
	}
	page, err := os.ReadFile(modelPage)
	require.NoError(t, err)
	with := under(t)
	tested := 0
	now := worth.ReplaceAllStringFunc(string(page), func(row string) string {
		cell := worth.FindStringSubmatch(row)
		row = compare(t, row, cell[3], with[cell[2]])
		if s := setting.FindStringSubmatch(cell[1]); s != nil {
			tested++
			row = compare(t, row, cell[4], under(t, strings.Fields(s[1])...)[cell[2]])
		}
		return row
	})
	assert.Greater(t, tested, 10, "rows that a setting reproduces")
	if *update {
		require.NoError(t, os.WriteFile(modelPage, []byte(now), 0o644))
	}
}

// compare fails if a row says something else than s. It returns the row as it should be.
func compare(t *testing.T, row, says string, s Summary) string {
	require.NotEmpty(t, s.Family, "no family of the report: %s", row)
	var median, worst float64
	_, err := fmt.Sscanf(says, "%g / %g", &median, &worst)
	require.NoError(t, err)
	if near(median, s.Median) && near(worst, s.Worst) {
		return row
	}
	is := fmt.Sprintf("%.2f / %.2f", s.Median, s.Worst)
	if !*update {
		assert.Fail(t, "MODEL.md is out of date; go test ./lab/accuracy -update prints it again", "%s\nsays %s, is %s", row, says, is)
	}
	return strings.Replace(row, "| "+says+" |", "| "+is+" |", 1)
}

// near tells whether a number on the page still gives the right picture.
func near(says, is float64) bool { return math.Abs(says-is) <= max(0.1, is/10) }

func TestThePageOnTheModelNamesEveryPackageAndEveryGroupOfFields(t *testing.T) {
	page, err := os.ReadFile(modelPage)
	require.NoError(t, err)
	dirs, err := filepath.Glob("../../model/*/doc.go")
	require.NoError(t, err)
	for _, d := range dirs {
		assert.Contains(t, string(page), "`model/"+filepath.Base(filepath.Dir(d))+"`")
	}
	headings := regexp.MustCompile("(?m)^## .*$").FindAllString(string(page), -1)
	for _, f := range scenarios.Fields() {
		if group := f.Path; !strings.Contains(group, ".") && strings.HasPrefix(f.Type, "a mapping") && group != "variants" {
			assert.Contains(t, strings.Join(headings, "\n"), "`"+group+"`", "a section says which fields it tells of")
		}
	}
}
