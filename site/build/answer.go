package main

import (
	"context"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/model/tls"
	"keepalive/scenarios"
	"keepalive/sim"
	"keepalive/viz/figure"
	"keepalive/viz/svg"
)

// answerScenario is what the page asks about.
const answerScenario = "answer"

// answer is the page "What would it save me?" as it stands without JavaScript: the scenario's own answer, and those of
// some typical cases.
type answer struct {
	Knobs  []knob
	TLS    []string
	Own    Outcome
	Cases  []answerCase
	Costs  model.ServerConfig
	Queue  int    // packets that can wait in each direction
	Source string // the scenario
}

// knob is a quantity to turn: a number to type and a slider over Steps.
type knob struct {
	ID, Label, Unit string // the id is the link's name of it
	Min, Max        float64
	Steps           string // values, with commas
	Value           float64
	Whole           bool
	path            string // of the field that it sets, with the unit of its values
}

// answerCase is a typical path or use, with the link that races it.
type answerCase struct {
	Name, Note string
	Link       string // rtt=30&bandwidth=16
	// holds tells whether what the note says is so; nil: it says settings alone.
	holds func(o *Outcome) bool
	Outcome
}

// Outcome is what both ways cost.
type Outcome struct {
	Fresh, Kept lab.VariantResult
	Finding     string
	Figure      template.HTML
}

var knobs = []knob{
	{ID: "rtt", Label: "round trip", Unit: "ms", Max: 2000, Value: 50, path: "link.rtt=%sms",
		Steps: "0,0.2,0.5,1,2,5,10,15,20,30,40,50,60,80,100,120,150,200,250,300,400,500,600,800"},
	{ID: "bandwidth", Label: "bandwidth", Unit: "Mbit/s", Min: 0.1, Max: 10_000, Value: 20, path: "link.%sbit/s",
		Steps: "0.1,0.2,0.5,1,2,5,10,20,50,100,200,500,1000,10000"},
	{ID: "count", Label: "requests", Min: 1, Max: 500, Value: 20, Whole: true, path: "count",
		Steps: "1,2,3,4,5,6,8,10,15,20,30,40,50,60,80,100,150,200,300,500"},
	{ID: "size", Label: "size of each answer", Unit: "kB", Min: 0.1, Max: 10_000, Value: 10, path: "size",
		Steps: "0.1,0.2,0.5,1,2,5,10,20,50,100,200,500,1000,2000,5000,10000"},
	{ID: "connections", Label: "connections at once", Min: 1, Max: 64, Value: 6, Whole: true, path: "client.connections_per_host=%s",
		Steps: "1,2,3,4,5,6,8,10,12,16,24,32,48,64"},
	{ID: "loss", Label: "packets lost", Unit: "%", Max: 20, path: "link.loss=%s%%",
		Steps: "0,0.1,0.2,0.5,1,2,3,5,10"},
}

// cases are typical paths, and three uses that keeping connections does not help.
var cases = []answerCase{
	{Name: "Service to service", Note: "0.2 ms, 1 Gbit/s, no TLS", Link: "rtt=0.2&bandwidth=1000&tls=none"},
	{Name: "In one building", Note: "1 ms, 1 Gbit/s", Link: "rtt=1&bandwidth=1000"},
	{Name: "Fibre to a near server", Note: "10 ms, 200 Mbit/s", Link: "rtt=10&bandwidth=200"},
	{Name: "DSL", Note: "35 ms, 16 Mbit/s", Link: "rtt=35&bandwidth=16"},
	{Name: "Mobile", Note: "80 ms, 10 Mbit/s, 1\u00a0% lost", Link: "rtt=80&bandwidth=10&loss=1"},
	{Name: "Another continent", Note: "200 ms, 50 Mbit/s", Link: "rtt=200&bandwidth=50"},
	{Name: "Satellite", Note: "600 ms, 20 Mbit/s", Link: "rtt=600&bandwidth=20"},
	{Name: "As many connections as requests", Note: "six requests: none is used twice", Link: "count=6",
		holds: func(o *Outcome) bool { return o.Kept.Connections.Reused == 0 }},
	{Name: "One large file", Note: "5 MB: there is no second request", Link: "count=1&size=5000",
		holds: func(o *Outcome) bool { return o.Kept.Requests.Total == 1 }},
	{Name: "Large answers at once", Note: "12 of 100 kB, 20 ms, 100 Mbit/s: grown windows overflow the queue", Link: "rtt=20&bandwidth=100&count=12&size=100",
		holds: func(o *Outcome) bool {
			return o.Kept.Finished > o.Fresh.Finished && o.Kept.Packets.Dropped > o.Fresh.Packets.Dropped
		}},
}

func answerPage() (*page, error) {
	a := answer{Knobs: knobs, TLS: []string{"none", "1.2", "1.3"}}
	source, err := scenarios.Source(answerScenario)
	if err != nil {
		return nil, err
	}
	_, text, _ := strings.Cut(string(source), "\n") // without the line for editors
	a.Source = text
	var config model.Config
	if a.Own, config, err = answerTo(""); err != nil {
		return nil, err
	}
	a.Costs, a.Queue = config.Server, config.Link.Queue.Packets
	if err := ownValues(&config); err != nil {
		return nil, err
	}
	for _, c := range cases {
		if c.Outcome, _, err = answerTo(c.Link); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		if c.holds != nil && !c.holds(&c.Outcome) {
			return nil, fmt.Errorf("%s: the run says otherwise than %q", c.Name, c.Note)
		}
		a.Cases = append(a.Cases, c)
	}
	b, err := answerBody(&a)
	return &page{File: "answer.html", Name: "What would it save me?", Title: "What would keep-alive save me?", Script: "answer.js",
		Style: "answer.css", Class: "answer", Body: b,
		Description: "Time, packets, bytes and server CPU that kept connections save: for your path and your requests, simulated packet by packet."}, err
}

// ownValues fails if the page's first values are not those of the scenario.
func ownValues(c *model.Config) error {
	own := map[string]float64{"rtt": float64(c.Link.RTT) / 1e6, "bandwidth": float64(c.Link.Down) / 1e6, "count": float64(len(c.Workload.Page)),
		"size": float64(c.Workload.Page[0].Size) / 1e3, "connections": float64(c.Client.ConnectionsPerHost), "loss": float64(c.Link.LossDown) / 1e7}
	for _, k := range knobs {
		if own[k.ID] != k.Value {
			return fmt.Errorf("answer: %s: the page begins with %v, the scenario has %v", k.ID, k.Value, own[k.ID])
		}
	}
	if c.TLS.Version != tls.V13 {
		return fmt.Errorf("answer: the page begins with TLS 1.3, the scenario does not")
	}
	return nil
}

// answerTo runs the scenario with what a link sets.
func answerTo(link string) (o Outcome, c model.Config, err error) {
	sets, err := setsOf(link)
	if err != nil {
		return o, c, err
	}
	f, err := scenarios.Load(answerScenario, sets...)
	if err != nil {
		return o, c, err
	}
	res, logs, err := lab.RunConfigs(context.Background(), f.Variants(), lab.Options{Log: true})
	if err != nil {
		return o, c, err
	}
	ledger, err := lab.ExplainAll(logs)
	if err != nil {
		return o, c, err
	}
	ledger.Mean = nil // the picture is of the run: all are wanted at once, and its end is what somebody waits for
	o = Outcome{Fresh: res.Variants[0], Kept: res.Variants[1], Finding: ledger.Finding, Figure: twoWidths(figure.Totals(ledger))}
	return o, f.Variants()[0], nil
}

// twoWidths is a figure for a desk and for a phone.
func twoWidths(f figure.Figure) template.HTML {
	wide := svg.Render(f, svg.Options{ID: "totals-figure", Width: 680, Legend: true})
	narrow := svg.Render(f, svg.Options{ID: "totals-narrow", Width: 340, Legend: true})
	return template.HTML(`<div class="for-wide">` + wide + `</div><div class="for-narrow">` + narrow + `</div>`)
}

// setsOf are the settings of a link: rtt=30&count=6 is link.rtt=30ms and a page of six files.
func setsOf(link string) ([]string, error) {
	var sets []string
	count, size := "20", "10"
	for part := range strings.SplitSeq(link, "&") {
		key, value, _ := strings.Cut(part, "=")
		at := slices.IndexFunc(knobs, func(k knob) bool { return k.ID == key })
		switch {
		case part == "":
		case key == "count":
			count = value
		case key == "size":
			size = value
		case key == "tls":
			sets = append(sets, "tls.version="+value)
		case at < 0:
			return nil, fmt.Errorf("there is no knob %q", key)
		case key == "bandwidth":
			mbit, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return nil, err
			}
			for _, way := range []string{"down", "up"} {
				sets = append(sets, fmt.Sprintf("link.%s=%.0fbit/s", way, mbit*1e6))
			}
		default:
			sets = append(sets, fmt.Sprintf(knobs[at].path, value))
		}
	}
	return append(sets, fmt.Sprintf("workload.page=[{path: /file, size: %skB, count: %s}]", size, count)), nil
}

// micros is a time in microseconds, as costs are told.
func micros(t sim.Time) string { return strconv.FormatInt(int64(t/sim.Microsecond), 10) + "\u00A0µs" }
