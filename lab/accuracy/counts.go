package accuracy

import "strings"

// exact says whether a family's packets and bytes must be those measured: nothing is lost, and how often a client
// acknowledges does not hang on how soon it reads.
func exact(letter string) bool { return strings.Contains("ADH", letter) }

// deviation is how much more the model sends than the median of the repeats, and why.
type deviation struct {
	more Wire
	why  string
}

// oneACK is a pure acknowledgement of 52 bytes that the model's client sends and the measured one, in the median, did not.
var oneACK = Wire{PacketsUp: 1, BytesUp: 52}

// explained are the cases of exact families whose counts differ.
var explained = map[string]deviation{
	"A/rtt50/rate10/persistent": {oneACK,
		"the median of the repeats has one acknowledgement less; measured again as H/size10240/persistent, and at 5 and 50 Mbit/s, it has the model's 108 packets"},
	"A/rtt100/rate5/persistent": {oneACK,
		"the median of the repeats has one acknowledgement less; at 10 and 50 Mbit/s, and with Reno, it has the model's 108 packets"},
	"D/rtt100/rate10/conns6/persistent/workers": {oneACK,
		"the median of the repeats has one acknowledgement less; the same page by pool, and at a round trip of 50 ms, has the model's 210 packets"},
}
