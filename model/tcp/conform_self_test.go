package tcp

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// played is what is wrong with a script, and the script as -update would write it.
func played(t *testing.T, text string) (wrong []string, rewritten string) {
	t.Helper()
	s, cfg, err := parseScript("x.txt", text)
	require.NoError(t, err)
	p := newPlay(s, cfg)
	return p.run(), p.rewritten()
}

const selfScript = `# A script for the runner itself.
      connect
      > SYN
# why
+1s   > SYN again
      ? cwnd 10
+10ms < SYN-ACK
      > ack 1
      ? state ESTABLISHED
`

func TestAScriptThatHoldsIsLeftAlone(t *testing.T) {
	wrong, text := played(t, selfScript)
	require.Empty(t, wrong)
	require.Equal(t, selfScript, text)
}

func TestAMissingSegmentNamesItsLine(t *testing.T) {
	wrong, _ := played(t, strings.Replace(selfScript, "+1s   > SYN again", "+1s   > SYN again\n+1s   > FIN", 1))
	require.Len(t, wrong, 1)
	require.Contains(t, wrong[0], "x.txt:3: segments differ")
	require.Contains(t, wrong[0], "-    6  2000ms    > FIN")
}

func TestAnUnexpectedSegmentIsAnError(t *testing.T) {
	wrong, _ := played(t, strings.Replace(selfScript, "+1s   > SYN again", "+1s   ? state SYN-SENT", 1))
	require.Len(t, wrong, 1)
	require.Contains(t, wrong[0], "+    2  1000ms    > SYN again")
}

func TestAFailedAssertionSaysWhatWasFound(t *testing.T) {
	wrong, _ := played(t, strings.Replace(selfScript, "cwnd 10", "cwnd 9 ssthresh none", 1))
	require.Equal(t, []string{"x.txt:6: cwnd: expected 9, got 10"}, wrong)
}

// The expected segment moves; the lines after it keep their instants, and the assertion stays wrong.
func TestUpdateRewritesSegmentsAndNothingElse(t *testing.T) {
	text := strings.NewReplacer("+1s   > SYN again", "+2s   > SYN", "cwnd 10", "cwnd 9", "+10ms <", "+9ms  <").Replace(selfScript)
	_, got := played(t, text)
	want := strings.NewReplacer("+1s   > SYN again\n      ? cwnd 10\n+10ms <", "+1s   > SYN again\n+1s   > SYN again\n      ? cwnd 9\n+9ms  <").Replace(selfScript)
	require.Equal(t, want, got)
	wrong, again := played(t, got)
	require.Equal(t, []string{"x.txt:7: cwnd: expected 9, got 10"}, wrong)
	require.Equal(t, got, again)
}

func TestMistakesInAScriptNameTheirLine(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"connect\n", "x.txt:1: the script opens with a sentence that says what it teaches"},
		{"# x\n> SYN\n", "x.txt:2: a script begins with what is done, not with what is expected"},
		{"# x\nconnect\n+1s foo\n", `x.txt:3: unknown verb "foo": want <, >, ?, connect, connect-write, listen, write, close, shutdown, abort or echo`},
		{"# x\n+1x connect\n", `x.txt:2: want a duration such as 40ms, got "1x"`},
		{"# x\n2s connect\n1s close\n", "x.txt:3: 1000ms is before the line above, 2000ms"},
		{"# x\nconnect\n> SYN ack\n", "x.txt:3: ack: something is missing after it"},
		{"# x\nconnect\n> SYM\n", `x.txt:3: unknown word "SYM" in a segment`},
		{"# x\nconnect\n? cwnd\n", "x.txt:3: want pairs such as ? cwnd 20 ssthresh none"},
		{"# x\nconnect\n? cwmd 3\n", `x.txt:3: nothing is known of "cwmd"`},
		{"# x\nset mss many\nconnect\n", `x.txt:2: want a number, got "many"`},
		{"# x\nconnect\nset mss 3\n", "x.txt:3: set comes before the first step"},
		{"# x\nconnect\n< 100:50\n", `x.txt:3: no bytes in "100:50"`},
		{"# x\nconnect\n< ack 1 sack 2:3 4:5 6:7 8:9\n", "x.txt:3: more than 3 blocks"},
	} {
		_, _, err := parseScript("x.txt", c.text)
		require.EqualError(t, err, c.want)
	}
}
