package accuracy

import "strings"

// Targets are the largest errors that a family's cases should have, in per cent. Zero means that there is no target.
type Targets struct {
	Median float64 `json:"median,omitempty"`
	P95    float64 `json:"p95,omitempty"` // 95th percentile by nearest rank
	Worst  float64 `json:"worst,omitempty"`
}

// Family is a group of measured cases that ask the same of the model. Each case belongs to one.
type Family struct {
	Letter string  // as the records are sorted
	Name   string  // begins with the letter
	About  string  // what was measured, for a reader
	Target Targets // zero: calibration

	has func(*Measurement) bool // nil: all cases of the letter that no family above has taken
}

// families are in the order of the tables; a case belongs to the first that has it.
var families = []Family{
	{Letter: "A", Name: "A sequences", Target: Targets{0.2, 0.4, 0.6},
		About: "twenty files of 10 KB one after another: a new connection for each, or one that is kept"},
	{Letter: "B", Name: "B downloads, nothing dropped", Target: Targets{0.3, 0.6, 1.5}, has: nothingDropped,
		About: "20 KB to 100 KB on a new and on a warm connection, also with a server that thinks for 40 ms"},
	{Letter: "B", Name: "B downloads that overflow the queue", Target: Targets{0.3, 1, 4}, has: notFast,
		About: "1 MB at 10 Mbit/s: slow start ends in a full queue"},
	{Letter: "B", Name: "B downloads that overflow the queue at 100 Mbit/s", Target: Targets{0.3, 0, 10},
		About: "1 MB at a round trip of 100 ms: hundreds of packets of one slow start are dropped, and the repeats are of several modes"},
	{Letter: "C", Name: "C restart after idle", Target: Targets{0.2, 0.4, 0.6},
		About: "100 KB twice on one connection, at once or after a pause of 1 s or 5 s, with slow start after idle on and off"},
	{Letter: "D", Name: "D pages", Target: Targets{0.2, 0.6, 1.5},
		About: "a page of 20 KB and thirty objects of 10 KB over one, two and six connections, new or kept"},
	{Letter: "E", Name: "E TLS", Target: Targets{0.4, 1, 1.5}, has: func(m *Measurement) bool { return !secondLargeGET(m) },
		About: "sequences of 10 KB over TLS 1.2 and 1.3, and 100 KB twice over TLS 1.3"},
	{Letter: "E", Name: "E TLS 1.2, a second large GET", Target: Targets{0, 0, 6},
		About: "100 KB twice on one connection with TLS 1.2"},
	{Letter: "F", Name: "F overflow", Target: Targets{0.3, 0, 2}, has: nothingLost,
		About: "1 MB into a queue of 50 or 100 packets, alone"},
	{Letter: "F", Name: "F random loss", Target: Targets{1.5, 0, 5}, has: func(m *Measurement) bool { return m.Loss > 0 },
		About: "1 MB with 1 % of the packets lost, the very same ones in the model"},
	{Letter: "F", Name: "F single drops", Target: Targets{0.5, 0, 4}, has: func(m *Measurement) bool { return !m.modes },
		About: "one packet lost in a download of 10 KB or 100 KB"},
	{Letter: "F", Name: "F lost SYN-ACK", Target: Targets{0, 0, 3},
		About: "100 KB whose SYN-ACK is lost: two modes, about half and half, from traces; the error is the distance to the nearer mode"},
	{Letter: "G", Name: "G closed loops", Target: Targets{0, 0, 5}, has: func(m *Measurement) bool { return m.Client.Kind == "loop" },
		About: "sixteen clients ask for 10 KB, think for a second and ask again, for 40 s: four workers that a connection holds, or an event loop"},
	{Letter: "G", Name: "G bursts", Target: Targets{0, 0, 5},
		About: "64 clients connect at once to four workers, 50 ms a request, a connection for each, with backlogs of 4, 16 and 128, with and without SYN cookies"},
	{Letter: "H", Name: "H counts on the wire", Target: Targets{0.2, 0.4, 0.6},
		About: "sequences of 1 KB and 10 KB by several clients and servers"},
	{Letter: "Z", Name: "Z calibration",
		About: "ten files of one byte by a bare client, round trips from 0 to 200 ms: what real hosts add to the arithmetic of the link"},
}

// leftOut says, by letter, why the model does not run a family. A family joins the table when its line goes.
var leftOut = map[string]string{}

func nothingDropped(m *Measurement) bool { return m.Down.QueueDrops+m.Down.Lost == 0 }

func nothingLost(m *Measurement) bool { return m.Loss == 0 && len(m.DropDown) == 0 }

func notFast(m *Measurement) bool { return m.RTT < 100 || m.Rate < 100 }

func secondLargeGET(m *Measurement) bool {
	return m.Client.TLS == "1.2" && len(m.Client.Steps) > 1 && m.Client.Steps[1].Size >= 100<<10
}

// familyOf is the family that a case belongs to.
func familyOf(m *Measurement) *Family {
	for i := range families {
		if f := &families[i]; f.Letter == m.Case && (f.has == nil || f.has(m)) {
			return f
		}
	}
	panic("accuracy: no family has " + m.ID)
}

// Letters are those of all families.
func Letters() string {
	var all []string
	for _, f := range families {
		if len(all) == 0 || all[len(all)-1] != f.Letter {
			all = append(all, f.Letter)
		}
	}
	return strings.Join(all, ", ")
}
