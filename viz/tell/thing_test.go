package tell_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"keepalive/lab"
	"keepalive/model/trace"
	"keepalive/scenarios"
	"keepalive/sim"
	"keepalive/viz/draw"
	"keepalive/viz/tell"
)

// teller tells of an embedded scenario's first variants.
func teller(t testing.TB, scenario string) *tell.Teller {
	t.Helper()
	all := runs(t, scenario)
	return &tell.Teller{Canvas: &draw.Canvas{}, Runs: all[:min(len(all), len(tell.Letters))]}
}

// things are all that can be chosen of a kind, in every lane.
func things(s *tell.Teller, kind draw.Thing) (all []draw.Ref) {
	for lane, r := range s.Runs {
		last := uint32(len(r.Header().Requests))
		if kind != draw.Request {
			for i := range r.Index.Log().Records {
				q := &r.Index.Log().Records[i]
				if kind == draw.Packet {
					last = max(last, q.Pkt)
				} else if !q.IsBehind() {
					last = max(last, q.Conn)
				}
			}
		}
		for id := uint32(1); id <= last; id++ {
			if ref := (draw.Ref{Lane: uint8(lane), Kind: kind, ID: id}); tell.Choose(s.Runs, ref).Kind == kind {
				all = append(all, ref)
			}
		}
	}
	return all
}

// plain sets thousands together and types quotation marks as keyboards do, so that a table of sentences can be read.
func plain(s string) string { return strings.NewReplacer("\u2009", "", "’", "'").Replace(s) }

// Each sentence is about a packet, a request or a connection of the scenario.
var sentences = []struct{ scenario, says string }{
	{"gallery", "A: SYN, connection 1, leaves the client at 0 ms, arrives at 50 ms: 60 B. It is sent as soon as the program asks for it. It is on the wire for 48 µs."},
	{"gallery", "A: SYN-ACK, connection 3, leaves the server at 468.2 ms, arrives at 518.2 ms: 60 B. It is released by packet 43 (SYN). It is on the wire for 48 µs."},
	{"gallery", "A: ACK, connection 1, leaves the client at 100.1 ms, arrives at 150.1 ms: 52 B. It acknowledges the SYN-ACK. It is released by packet 2 (SYN-ACK). It is on the wire for 41.6 µs."},
	{"gallery", "A: request 1, GET /1, connection 1, leaves the client at 100.1 ms, arrives at 150.5 ms: 452 B, with bytes 1 to 400 of what the client sends. It is sent as soon as the program asks for it. It waits 41.6 µs in the queue and is on the wire for 361.6 µs."},
	{"gallery", "A: data 2 of response 1, connection 1, leaves the server at 150.5 ms, arrives at 202.9 ms: 1500 B, with bytes 1449 to 2896 of what the server sends. It is sent as soon as the program asks for it. It waits 1.2 ms in the queue and is on the wire for 1.2 ms."},
	{"gallery", "A: data 8 of response 1 with FIN, connection 1, leaves the server at 150.5 ms, arrives at 209.1 ms: 166 B, with bytes 10137 to 10250 of what the server sends, the last of response 1. It is sent as soon as the program asks for it. It waits 8.4 ms in the queue and is on the wire for 132.8 µs."},
	{"gallery", "A: FIN, connection 1, leaves the client at 209.1 ms, arrives at 259.2 ms: 52 B. It is released by packet 13 (data 8 of response 1 with FIN). It waits 48 µs in the queue and is on the wire for 41.6 µs."},
	{"gallery", "A: ACK, connection 1, leaves the server at 259.2 ms, arrives at 309.2 ms: 52 B. It acknowledges everything up to byte 400, and the FIN. It is released by packet 22 (FIN). It waits 6.4 µs in the queue and is on the wire for 41.6 µs."},
	{"mobile", "A: SYN, connection 12, leaves the client at 801 ms: 60 B. It is sent as soon as the program asks for it. It is lost on its way; sent again at 1801 ms."},
	{"mobile", "A: SYN, sent again, connection 12, leaves the client at 1801 ms, arrives at 1861.2 ms: 60 B. Its timer ran out: no acknowledgement had come. It is on the wire for 240 µs."},
	{"mobile", "B: data 12 of response 1, connection 1, leaves the server at 304.1 ms, arrives at 367.1 ms: 1500 B, with bytes 15929 to 17376 of what the server sends. The congestion window holds it back until packet 16 (ACK) arrives at 304.1 ms. It waits 1.5 ms in the queue and is on the wire for 1.5 ms."},
	{"window-ceiling", "A: data 18 of response 1, connection 1, leaves the server at 250 ms, arrives at 300 ms: 1024 B, with bytes 17409 to 18432 of what the server sends. The receiver's window holds it back until packet 23 (ACK) arrives at 250 ms."},
	{"tls", "B: TLS handshake, connection 1, leaves the client at 56.1 ms, arrives at 84.3 ms: 255 B, with bytes 1 to 203 of what the client sends. It is sent as soon as the program asks for it. It waits 41.6 µs in the queue and is on the wire for 204 µs."},
	{"tls", "C: TLS ticket, connection 1, leaves the server at 141 ms, arrives at 169.1 ms: 307 B, with bytes 3611 to 3865 of what the server sends. It is released by packet 12 (TLS handshake). It waits 49.1 µs in the queue and is on the wire for 49.1 µs."},
	{"http2", "B: HTTP/2 preface, connection 1, leaves the client at 166 ms, arrives at 207.1 ms: 144 B, with bytes 288 to 379 of what the client sends. It is sent as soon as the program asks for it. It waits 464 µs in the queue and is on the wire for 576 µs."},
	{"worker-connections", "A: connection 1, opened by client 1 at 0 ms, established 40 ms later. It carries request 1. It is closed by the proxy at 1079.4 ms: its connections are at their limit; TIME_WAIT is at the proxy."},
	{"tls", "D: RST, connection 1, leaves the server at 199.3 ms, arrives at 227.3 ms: 40 B. It is released by packet 30 (TLS alert). It is on the wire for 6.4 µs."},
	{"http2", "B: data of responses 4–11, connection 1, leaves the server at 464.6 ms, arrives at 505.8 ms: 1500 B, with bytes 63227 to 64674 of what the server sends. The congestion window holds it back until packet 88 (requests 12–41) arrives at 464.6 ms. It is on the wire for 1.2 ms."},
	{"http2", "B: ACK, connection 1, leaves the server at 424 ms, arrives at 464 ms: 52 B. It acknowledges everything up to byte 1341. As a delayed acknowledgement it is held back until its timer runs out. It is on the wire for 41.6 µs."},

	{"gallery", "A: request 3, GET /3, wanted at 418.1 ms, number 1 on connection 3, which is new. Its time: connecting 100.1 ms, waiting for the answer 101.6 ms, receiving 7.3 ms. It ends at 627.2 ms, after 209.1 ms, with 10250 B."},
	{"gallery", "B: request 3, GET /3, wanted at 318 ms, number 3 on connection 1, which is kept. Its time: waiting for the answer 101.6 ms, receiving 7.3 ms. It ends at 426.9 ms, after 108.9 ms, with 10250 B."},
	{"http2", "A: request 3, GET /img/2, wanted at 334.7 ms, number 3 on connection 1, which is kept. Its time: waiting for a connection 96.5 ms, sending 65 µs, waiting for the answer 95.2 ms, receiving 90 µs. It ends at 526.5 ms, after 191.8 ms, with 15300 B."},

	{"gallery", "A: connection 3, opened by the client at 418.1 ms, established 100.1 ms later. It carries request 3. It is closed by the server at 568.6 ms; TIME_WAIT is at the server."},
	{"gallery", "B: connection 1, opened by the client at 0 ms, established 100.1 ms later. It carries 20 requests, the first 1, the last 20. It is closed by the client at 2278.9 ms; TIME_WAIT is at the client."},
	{"http2", "B: connection 1, opened by the client at 0 ms, established 80.4 ms later and TLS after 166 ms. It carries 41 requests, the first 1, the last 41. It is closed by the client at 994.8 ms; TIME_WAIT is at the client."},
	{"stale-race", "A: connection 1, opened by client 73 at 0 ms, established 50 ms later. It carries 3 requests, the first 1, the last 286, and is idle for 9764.6 ms in all. It is closed by the server at 9964.6 ms: its keep-alive timeout runs out; TIME_WAIT is at the server."},
}

func TestWhatIsChosenIsToldInSentences(t *testing.T) {
	told := map[string][]string{}
	for _, c := range sentences {
		if told[c.scenario] == nil {
			s := teller(t, c.scenario)
			for kind := draw.Packet; kind <= draw.Connection; kind++ {
				for _, ref := range things(s, kind) {
					told[c.scenario] = append(told[c.scenario], plain(s.Thing(tell.Choose(s.Runs, ref))))
				}
			}
		}
		if !slices.Contains(told[c.scenario], c.says) {
			first, _, _ := strings.Cut(c.says, " at ")
			i := slices.IndexFunc(told[c.scenario], func(s string) bool { return strings.HasPrefix(s, first) })
			require.GreaterOrEqual(t, i, 0, "%s: nothing begins with %s", c.scenario, first)
			require.Equal(t, c.says, told[c.scenario][i], "%s: the first that begins so", c.scenario)
		}
	}
}

func TestEverythingThatCanBeChosenHasAWholeSentence(t *testing.T) {
	for _, name := range []string{"gallery", "mobile", "tls", "http2", "proxy-502"} {
		s := teller(t, name)
		for kind := draw.Packet; kind <= draw.Connection; kind++ {
			all := things(s, kind)
			require.NotEmpty(t, all)
			for _, ref := range all {
				text, short := s.Thing(tell.Choose(s.Runs, ref)), s.Name(ref)
				for _, bad := range []string{"%!", "  ", "..", " .", " ,", ",,", ": .", "−"} {
					if strings.Contains(text, bad) || strings.Contains(short, bad) {
						t.Fatalf("%s, %v: %q in %s / %s", name, ref, bad, text, short)
					}
				}
				if !strings.HasPrefix(text, tell.Letters[ref.Lane]+": ") || !strings.HasSuffix(text, ".") || short == "" {
					t.Fatalf("%s, %v: %s / %s", name, ref, text, short)
				}
			}
		}
	}
}

func TestNothingIsToldOfNothing(t *testing.T) {
	s := teller(t, "gallery")
	require.Empty(t, s.Thing(tell.Choice{}))
	require.Empty(t, s.Name(draw.Ref{Kind: draw.Packet, ID: 1 << 30}))
	require.Equal(t, "SYN-ACK, connection 1, arrives at 100.1 ms", s.Name(draw.Ref{Kind: draw.Packet, ID: 2}))
	require.Equal(t, "request 3, GET /3", s.Name(draw.Ref{Kind: draw.Request, ID: 3}))
	require.Equal(t, "connection 3, opened at 418.1 ms", s.Name(draw.Ref{Kind: draw.Connection, ID: 3}))
}

func TestTheStoryOfARequestIsThatOfTheResult(t *testing.T) {
	for _, name := range []string{"page", "mobile", "tls", "http2", "proxy-502", "stale-race", "ports"} {
		f, err := scenarios.Load(name, shorter[name]...)
		require.NoError(t, err)
		res, logs, err := lab.RunConfigs(context.Background(), f.Variants(), lab.Options{Log: true, Requests: true})
		require.NoError(t, err)
		for i, log := range logs {
			r := tell.Read(log.Index())
			var told []lab.Request
			for id := uint32(1); int(id) <= len(log.Header.Requests); id++ {
				if q := r.Story(id); q.Ended {
					if sum := q.Blocked + q.DNS + q.Connect + q.TLS + q.Send + q.Wait + q.Receive; sum != q.Done-q.Wanted {
						require.Equal(t, q.Done-q.Wanted, sum, "%s: request %d", name, id)
					}
					told = append(told, result(log, id, &q))
				}
			}
			require.Equal(t, res.Variants[i].PerRequest, told, "%s, %s", name, log.Header.Variant)
		}
	}
}

// result is a story as `run --json` has it.
func result(log *trace.Log, id uint32, q *tell.Story) lab.Request {
	ms := func(t sim.Time) lab.Millis { return lab.Millis(t) }
	return lab.Request{Client: int(q.Client), Path: log.Header.Requests[id-1].Path, Connection: int(q.Conn), Reused: q.Reused, Start: ms(q.Wanted),
		Blocked: ms(q.Blocked), DNS: ms(q.DNS), Connect: ms(q.Connect), TLS: ms(q.TLS), Send: ms(q.Send), Wait: ms(q.Wait), Receive: ms(q.Receive),
		End: ms(q.Done), Status: q.Status.String()}
}
