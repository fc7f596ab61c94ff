package draw

import (
	"fmt"
	"strconv"
	"strings"
)

// thingNames are what things are called in a link and on the command line.
var thingNames = [...]string{Packet: "packet", Request: "request", Connection: "connection"}

// String is "packet", "request", "connection"; "" is nothing.
func (t Thing) String() string { return thingNames[t] }

// String is such as "A:packet:12", which ParseRef reads; "" is nothing.
func (r Ref) String() string {
	if r.Kind == Nothing {
		return ""
	}
	return string(rune('A'+r.Lane)) + ":" + r.Kind.String() + ":" + strconv.FormatUint(uint64(r.ID), 10)
}

// ParseRef reads what String writes. Whether a run has such a thing is another question.
func ParseRef(s string) (Ref, error) {
	if s == "" {
		return Ref{}, nil
	}
	parts := strings.Split(s, ":")
	if len(parts) != 3 || len(parts[0]) != 1 {
		return Ref{}, malformed(s)
	}
	r := Ref{Lane: strings.ToUpper(parts[0])[0] - 'A'}
	for k, name := range thingNames {
		if name == parts[1] && name != "" {
			r.Kind = Thing(k)
		}
	}
	id, err := strconv.ParseUint(parts[2], 10, 32)
	if err != nil || id == 0 || r.Kind == Nothing || r.Lane > 25 {
		return Ref{}, malformed(s)
	}
	r.ID = uint32(id)
	return r, nil
}

func malformed(s string) error {
	return fmt.Errorf("want a lane, a packet, request or connection, and its number, such as A:packet:12, got %q", s)
}
