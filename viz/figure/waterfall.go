package figure

import (
	"fmt"
	"strconv"

	"keepalive/lab"
	"keepalive/sim"
)

// mostRows is how many requests of each variant a waterfall shows; of more, only every second, third …
const mostRows = 150

// Waterfall shows the phases of each request over time, a panel for each variant. It needs the rows of the requests.
func Waterfall(res lab.Result) Figure {
	f := Figure{Name: "waterfall", Subtitle: "Each request over time", Cursor: true}
	end, most := lab.Millis(0), 0
	for i := range res.Variants {
		v := &res.Variants[i]
		end, most = max(end, v.Finished), max(most, len(v.PerRequest))
	}
	f.X = TimeAxis("time", float64(end))
	f.Title = first(res)
	every := niceStep(float64(most), mostRows)
	var used [len(phases)]bool
	for i := range res.Variants {
		v := &res.Variants[i]
		panel := Panel{Title: letter(i) + v.Name, Detail: fmt.Sprintf("%s on %s, finished at %s", plural(len(v.PerRequest), "request"), plural(v.Connections.Opened, "connection"), millis(sim.Time(v.Finished)))}
		for k := range v.PerRequest {
			if n := k + 1; n == 1 || every <= 1 || n%int(every) == 0 {
				panel.Rows = append(panel.Rows, requestRow(n, &v.PerRequest[k], &used))
			}
		}
		f.Panels = append(f.Panels, panel)
		f.About += v.Name + ": " + panel.Detail + ". "
		if hidden := len(v.PerRequest) - len(panel.Rows); hidden > 0 {
			f.Notes = append(f.Notes, fmt.Sprintf("%s: one request in %d is shown; %s are not.", v.Name, int(every), number(float64(hidden), 0)))
		}
		if v.Requests.Censored > 0 {
			f.Notes = append(f.Notes, fmt.Sprintf("%s: %s had not ended when the run stopped.", v.Name, plural(v.Requests.Censored, "request")))
		}
	}
	for p, is := range used {
		if is {
			f.Legend = append(f.Legend, Entry{phases[p].name, phases[p].ink, phases[p].style})
		}
	}
	return f
}

// phases are a request's, in order.
var phases = [...]struct {
	name  string
	ink   Ink
	style Style
	took  func(*lab.Request) lab.Millis
}{
	{"blocked", Idle, Dashed, func(r *lab.Request) lab.Millis { return r.Blocked }},
	{"looking up the name", SetUp, Dotted, func(r *lab.Request) lab.Millis { return r.DNS }},
	{"connecting", SetUp, Thin, func(r *lab.Request) lab.Millis { return r.Connect }},
	{"TLS", TLS, Thin, func(r *lab.Request) lab.Millis { return r.TLS }},
	{"sending", Request, Solid, func(r *lab.Request) lab.Millis { return r.Send }},
	{"waiting", Wait, Solid, func(r *lab.Request) lab.Millis { return r.Wait }},
	{"receiving", Data, Solid, func(r *lab.Request) lab.Millis { return r.Receive }},
}

func requestRow(n int, r *lab.Request, used *[len(phases)]bool) Row {
	row := Row{Label: strconv.Itoa(n)}
	if r.Path != "/"+row.Label {
		row.Detail = r.Path
	}
	at := r.Start
	for i, p := range phases {
		took := p.took(r)
		if took == 0 {
			continue
		}
		used[i] = true
		row.Bars = append(row.Bars, Bar{Name: p.name, From: float64(at), To: float64(at + took), Ink: p.ink, Style: p.style})
		at += took
	}
	if r.Status != "ok" {
		row.End = End{r.Status, Error}
	}
	return row
}

// first says which variant has its last byte first.
func first(res lab.Result) string {
	switch {
	case len(res.Variants) < 2:
		return "Each request over time"
	case len(res.Variants) > 2:
		return order(res.Variants, func(v *lab.VariantResult) (string, lab.Millis) { return v.Name, v.Finished })
	}
	a, b := &res.Variants[0], &res.Variants[1]
	if a.Finished < b.Finished {
		a, b = b, a
	}
	if a.Finished == b.Finished {
		return capital(fmt.Sprintf("%s and %s end at the same time: %s", a.Name, b.Name, millis(sim.Time(a.Finished))))
	}
	return capital(fmt.Sprintf("%s has everything %s before %s", b.Name, millis(shown(a.Finished)-shown(b.Finished)), a.Name))
}

// shown is a time as it is written, so that a difference is that of the two numbers beside it.
func shown(t lab.Millis) sim.Time {
	unit := lab.UnitFor(sim.Time(t))
	return (sim.Time(t) + unit/2) / unit * unit
}
