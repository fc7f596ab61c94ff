package http2

import "fmt"

// FrameType is a frame's type, by its number on the wire (RFC 9113, 6).
type FrameType uint8

// The frame types. PUSH_PROMISE and PRIORITY are not sent by anybody here.
const (
	Data         FrameType = 0x0
	Headers      FrameType = 0x1
	RstStream    FrameType = 0x3
	SettingsType FrameType = 0x4
	Ping         FrameType = 0x6
	GoAway       FrameType = 0x7
	WindowUpdate FrameType = 0x8
	Continuation FrameType = 0x9

	// Preface is no frame: the 24 octets with which a client begins (RFC 9113, 3.4).
	Preface FrameType = 0xff
)

func (t FrameType) String() string {
	switch t {
	case Data:
		return "DATA"
	case Headers:
		return "HEADERS"
	case RstStream:
		return "RST_STREAM"
	case SettingsType:
		return "SETTINGS"
	case Ping:
		return "PING"
	case GoAway:
		return "GOAWAY"
	case WindowUpdate:
		return "WINDOW_UPDATE"
	case Continuation:
		return "CONTINUATION"
	case Preface:
		return "PREFACE"
	}
	return fmt.Sprintf("FRAME(%d)", uint8(t))
}

// Flags of a frame (RFC 9113, 6). EndStream and Ack share their bit: no type has both.
type Flags uint8

// The flags.
const (
	EndStream  Flags = 0x1
	Ack        Flags = 0x1
	EndHeaders Flags = 0x4
	Priority   Flags = 0x20
)

// Octets of a frame beside its payload (RFC 9113, 4.1), of the client's preface (3.4), and of the payloads of fixed length.
const (
	FrameHeader   = 9
	PrefaceLength = 24

	settingLength      = 6 // 6.5.1
	windowUpdateLength = 4 // 6.9
	rstStreamLength    = 4 // 6.4
	goAwayLength       = 8 // 6.8, without debug data
	pingLength         = 8 // 6.7
	weightLength       = 5 // 6.2: stream dependency and weight
)

// Frame describes a frame: 16 bytes. Its contents exist nowhere.
type Frame struct {
	Stream uint32 // 0: the connection
	Len    uint32 // octets of payload
	// Value is the id of the request (HEADERS, CONTINUATION, DATA), an increment (WINDOW_UPDATE), an ErrorCode
	// (RST_STREAM) or the last stream (GOAWAY).
	Value       uint32
	Type        FrameType
	Flags       Flags
	Urgency     uint8 // HEADERS of a request: see Request
	Incremental bool
}

// Size is the frame's length on the wire, its header counted.
func (f Frame) Size() int64 {
	if f.Type == Preface {
		return PrefaceLength
	}
	return FrameHeader + int64(f.Len)
}

// Has tells whether all flags of x are set.
func (f Frame) Has(x Flags) bool { return f.Flags&x == x }

// String is the frame as a ladder shows it: "HEADERS 5 END_STREAM", "DATA 5 16384", "WINDOW_UPDATE 0 +32768".
func (f Frame) String() string {
	s := f.Type.String()
	switch f.Type {
	case Data:
		s += fmt.Sprintf(" %d %d", f.Stream, f.Len)
	case Headers, Continuation:
		s += fmt.Sprintf(" %d", f.Stream)
	case RstStream:
		s += fmt.Sprintf(" %d %v", f.Stream, ErrorCode(f.Value))
	case WindowUpdate:
		s += fmt.Sprintf(" %d +%d", f.Stream, f.Value)
	case GoAway:
		s += fmt.Sprintf(" %d", f.Value)
	case SettingsType, Ping:
		if f.Has(Ack) {
			s += " ACK"
		}
	case Preface:
	}
	if (f.Type == Data || f.Type == Headers) && f.Has(EndStream) {
		s += " END_STREAM"
	}
	if (f.Type == Headers || f.Type == Continuation) && !f.Has(EndHeaders) {
		s += " (more)"
	}
	return s
}

// ErrorCode says why a stream or a connection ends (RFC 9113, 7).
type ErrorCode uint32

// The codes that are used here.
const (
	NoError       ErrorCode = 0x0
	RefusedStream ErrorCode = 0x7 // nothing of the request was processed: it may be sent again (8.7)
	Cancel        ErrorCode = 0x8
)

func (e ErrorCode) String() string {
	switch e {
	case NoError:
		return "NO_ERROR"
	case RefusedStream:
		return "REFUSED_STREAM"
	case Cancel:
		return "CANCEL"
	}
	return fmt.Sprintf("ERROR(%d)", uint32(e))
}
