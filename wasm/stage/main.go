//go:build js

// Command stage is the browser's picture of a race: it runs in an iframe of its own document and obeys the page.
//
//	page ── {type: "load", logs: [ArrayBuffer]} ──> stage.wasm ──> canvas
//	     ── play, pause, seek, step, jump, speed, theme, view, state ─>
//	     ── point, choose, follow, events ─>
//	     <── ready, tick, height, chosen, events, click, error ───────
//
// It never parses a scenario and never runs the model: the logs come from the Worker, through the page.
package main

import (
	"strings"
	"syscall/js"

	"github.com/hajimehoshi/ebiten/v2"

	"keepalive/model/trace"
	"keepalive/sim"
	"keepalive/viz/board"
	"keepalive/viz/draw"
	"keepalive/viz/player"
	"keepalive/viz/stage"
	"keepalive/viz/views"
)

// page is the bridge to the page that holds this document.
type page struct {
	stage *stage.Stage
	lanes int
	view  views.Kind
	width float64 // of the last height that was asked for
}

func main() {
	p := &page{lanes: 2}
	theme := strings.TrimPrefix(js.Global().Get("location").Get("hash").String(), "#")
	receive := js.Global().Get("keepaliveStage")
	p.stage = stage.New(nil, stage.Options{Theme: draw.ThemeNamed(theme), Status: p.tick, Chose: p.chosen, Rest: func() { receive.Call("rest") }})
	receive.Set("command", js.FuncOf(func(_ js.Value, args []js.Value) any {
		p.command(args[0])
		return nil
	}))
	receive.Set("resized", js.FuncOf(func(js.Value, []js.Value) any {
		p.askHeight(false)
		return nil
	}))
	receive.Call("started")
	p.askHeight(true)
	stage.Prepare()
	if err := ebiten.RunGameWithOptions(p.stage, &ebiten.RunGameOptions{InitUnfocused: true, ScreenTransparent: false}); err != nil {
		p.fail(err)
	}
}

// post sends a message to the page.
func post(message map[string]any) {
	js.Global().Get("keepaliveStage").Call("post", js.ValueOf(message))
}

func (p *page) fail(err error) { post(map[string]any{"type": "error", "text": err.Error()}) }

// tick tells the page where the player is.
func (p *page) tick(v stage.Status) {
	post(map[string]any{
		"type": "tick", "ms": millis(v.At), "end": millis(v.End), "playing": v.Playing, "done": v.Done,
		"speed": player.SpeedText(v.Speed), "pace": player.PaceText(v.Speed), "nsPerSecond": float64(v.Speed), "fastest": float64(v.Limit),
		"text": v.Text(),
	})
}

// askHeight tells the page the height that suits the picture at its present width.
func (p *page) askHeight(always bool) {
	w := js.Global().Get("innerWidth").Float()
	if w == p.width && !always {
		return
	}
	p.width = w
	post(map[string]any{"type": "height", "px": float64(board.Height(float32(w), p.lanes, p.view))})
}

// command obeys one message of the page.
func (p *page) command(m js.Value) {
	switch m.Get("type").String() {
	case "load":
		p.load(m)
	case "state":
		p.stage.Do(func(s *stage.Stage) { s.Tell() })
	case "hidden":
		hidden := m.Get("hidden").Truthy()
		p.stage.Do(func(s *stage.Stage) { s.SetHidden(hidden) })
	case "play":
		p.stage.Do(func(s *stage.Stage) { s.Player().Play() })
	case "pause":
		p.stage.Do(func(s *stage.Stage) { s.Player().Pause() })
	case "seek":
		at := nanos(m.Get("ms"))
		p.stage.Do(func(s *stage.Stage) { s.Player().Seek(at) })
	case "step":
		unit, dir := units[m.Get("unit").String()], int(number(m.Get("dir"), 1))
		p.stage.Do(func(s *stage.Stage) { s.Player().Step(unit, dir) })
	case "jump":
		kinds, ok := moments[m.Get("kind").String()]
		if !ok {
			kinds = trace.AnyMoment
		}
		dir := int(number(m.Get("dir"), 1))
		p.stage.Do(func(s *stage.Stage) { s.Jump(kinds, dir) })
	case "speed":
		v := sim.Time(number(m.Get("nsPerSecond"), float64(player.Usual)))
		p.stage.Do(func(s *stage.Stage) { s.Player().SetSpeed(v) })
	case "theme":
		theme := draw.ThemeNamed(text(m, "theme"))
		p.stage.Do(func(s *stage.Stage) { s.SetTheme(theme) })
	case "view":
		p.show(text(m, "view"))
		p.askHeight(true)
	default:
		p.choice(m)
	}
}

var units = map[string]player.Unit{"event": player.Event, "packet": player.Packet, "rtt": player.RoundTrip}

var moments = map[string]trace.Moments{
	"handshake": trace.MomentHandshake, "byte": trace.MomentFirstByte, "loss": trace.MomentLoss,
	"timer": trace.MomentTimer, "close": trace.MomentClosed, "failure": trace.MomentFailed,
}

// load decodes the logs. A position, a speed and whether to play may come with them: what a reload restores.
func (p *page) load(m js.Value) {
	logs := m.Get("logs")
	var runs []*trace.Index
	for i := range logs.Length() {
		bytes := js.Global().Get("Uint8Array").New(logs.Index(i))
		data := make([]byte, bytes.Length())
		js.CopyBytesToGo(data, bytes)
		log, err := trace.Decode(data)
		if err != nil {
			p.fail(err)
			return
		}
		runs = append(runs, log.Index())
	}
	at, playing := nanos(m.Get("ms")), m.Get("playing").Truthy()
	p.show(text(m, "view"))
	chosen, _ := draw.ParseRef(text(m, "chosen")) // a link may say anything: what is no thing is nothing
	why := texts(m.Get("why"))
	p.stage.Do(func(s *stage.Stage) {
		s.Load(runs)
		s.Explain(why)
		s.Choose(chosen)
		s.Player().Seek(at)
		if v := number(m.Get("nsPerSecond"), 0); v > 0 {
			s.Player().SetSpeed(sim.Time(v))
		}
		if playing {
			s.Player().Play()
		}
	})
	p.lanes = len(runs)
	p.askHeight(true)
}

// show chooses the view; a name that is none's is no view.
func (p *page) show(name string) {
	p.view = views.Named(name)
	k := p.view
	p.stage.Do(func(s *stage.Stage) { s.SetView(k) })
}

// text is a field of a message that should be text; "" if it is not.
func text(m js.Value, field string) string {
	if v := m.Get(field); v.Type() == js.TypeString {
		return v.String()
	}
	return ""
}

// texts is a list of text.
func texts(v js.Value) (all []string) {
	if v.Type() != js.TypeObject {
		return nil
	}
	for i := range v.Length() {
		all = append(all, v.Index(i).String())
	}
	return all
}

// number is v, or other if v is no number.
func number(v js.Value, other float64) float64 {
	if v.Type() != js.TypeNumber {
		return other
	}
	return v.Float()
}

func millis(t sim.Time) float64 { return float64(t) / float64(sim.Millisecond) }

func nanos(ms js.Value) sim.Time { return sim.Time(number(ms, 0)*float64(sim.Millisecond) + 0.5) }
