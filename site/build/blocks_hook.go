package main

import (
	"fmt"

	"keepalive/lab"
)

// hook plays before anything is explained, without the engine: a figure that is uncovered along its time, or files that
// are fetched by hand.
type hook struct {
	Kind    string   `yaml:"kind"` // figure or hands; absent: figure
	Set     []string `yaml:"set"`
	Caption string   `yaml:"caption"`
	Seconds float64  `yaml:"seconds"` // figure: how long it plays; absent: 6
	Slower  float64  `yaml:"slower"`  // hands: how many times slower than it happened; absent: 5
	First   string   `yaml:"first"`   // hands: the variant that is fetched by hand; absent: per-request
	Then    string   `yaml:"then"`    // hands: the variant that follows; absent: persistent
}

func (b *hook) prepare(l *lesson) (any, error) {
	r, err := l.about(b.Set)
	if err != nil {
		return nil, err
	}
	view := map[string]any{"ID": l.id("hook"), "Caption": b.Caption, "Kind": b.Kind}
	switch b.Kind {
	case "", "figure":
		if b.Seconds == 0 {
			b.Seconds = 6
		}
		if b.Seconds < 1 || b.Seconds > 10 {
			return nil, fmt.Errorf("seconds: a hook plays within ten seconds, got %g", b.Seconds)
		}
		view["Kind"], view["Data"] = "figure", map[string]any{"seconds": b.Seconds, "ends": r.ends()}
	case "hands":
		if view["Data"], err = b.hands(r); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("kind: want figure or hands, got %q", b.Kind)
	}
	f, err := r.figure("waterfall")
	if err != nil {
		return nil, err
	}
	f.About = ""
	for i := range f.Panels { // how it ends is not told at the beginning
		f.Panels[i].Detail = ""
		f.About += f.Panels[i].Title + ". "
	}
	f.Title = f.Subtitle
	view["Picture"] = pictures(f, l.id("hook"), true)
	return view, nil
}

// ends are the times at which each variant's requests ended, in milliseconds.
func (r *run) ends() (all []map[string]any) {
	for i := range r.result.Variants {
		v := &r.result.Variants[i]
		var ends []float64
		for k := range v.PerRequest {
			ends = append(ends, milliseconds(v.PerRequest[k].End))
		}
		all = append(all, map[string]any{"name": v.Name, "ends": ends})
	}
	return all
}

func milliseconds(m lab.Millis) float64 { return float64(m) / 1e6 }

// stretch is a phase of a file on its way.
type stretch struct {
	Phase string  `json:"phase"`
	Ms    float64 `json:"ms"`
}

// hands are the files of two variants, each with its phases.
func (b *hook) hands(r *run) (any, error) {
	if b.Slower == 0 {
		b.Slower = 5
	}
	first, err := r.variant(orElse(b.First, "per-request"))
	if err != nil {
		return nil, err
	}
	then, err := r.variant(orElse(b.Then, "persistent"))
	if err != nil {
		return nil, err
	}
	took := milliseconds(r.result.Variants[first].Finished+r.result.Variants[then].Finished) * b.Slower
	if took > 12_000 {
		return nil, fmt.Errorf("slower: the files of both would take %.0f s: a hook plays within ten seconds or so", took/1000)
	}
	return map[string]any{"slower": b.Slower, "first": phasesOf(&r.result.Variants[first]), "then": phasesOf(&r.result.Variants[then])}, nil
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func phasesOf(v *lab.VariantResult) (all [][]stretch) {
	for i := range v.PerRequest {
		q := &v.PerRequest[i]
		var file []stretch
		for _, s := range []stretch{{"connecting", milliseconds(q.DNS + q.Connect + q.TLS)}, {"waiting", milliseconds(q.Blocked + q.Send + q.Wait)}, {"receiving", milliseconds(q.Receive)}} {
			if s.Ms > 0 {
				file = append(file, s)
			}
		}
		all = append(all, file)
	}
	return all
}
