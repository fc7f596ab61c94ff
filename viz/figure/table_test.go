package figure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/viz/figure"
)

func TestAFiguresTableHasARowForEachRequestAndAColumnForEachPhase(t *testing.T) {
	res, e, logs := race(t, small)
	f := figure.Waterfall(res)
	table := f.Table()
	require.Equal(t, []string{"", "from", "connecting", "waiting", "receiving", "until"}, table.Head)
	require.Len(t, table.Rows, 40)
	require.Equal(t, []string{"A\u2002per-request, 1", "0.0\u00a0ms", "100.1\u00a0ms", "101.6\u00a0ms", "7.3\u00a0ms", "209.1\u00a0ms"}, table.Rows[0])
	require.Empty(t, table.Rows[21][2], "the second request on a kept connection opens none")

	f = figure.Totals(e)
	table = f.Table()
	require.Len(t, table.Rows, 2)
	require.Equal(t, "B\u2002persistent", table.Rows[1][0])

	f = figure.Window(logs)
	table = f.Table()
	require.NotEmpty(t, table.Rows)
	require.LessOrEqual(t, len(table.Rows), figure.TableRows)
	require.Len(t, table.Rows[0], 3)
}
