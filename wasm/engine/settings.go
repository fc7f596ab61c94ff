//go:build js

package main

import (
	"fmt"
	"strings"
	"syscall/js"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/scenarios"
)

// mostLanes is how many variants race at once: the stage has room for no more.
const mostLanes = 4

// lanes are the variants that race: a scenario's own, or a connection per request against kept ones where it has none.
func lanes(f *scenarios.File) ([]model.Config, error) {
	own := f.Variants()
	if len(own) < 2 {
		return f.Pair()
	}
	return own[:min(len(own), mostLanes)], nil
}

// settings is what a scenario says of the things that the page lets people change.
//
//	scenario ── lanes ──▶ settings {rtt_ms: 100, …, changes: [{fields: [rtt_ms], set: "link.rtt={rtt_ms}ms"}]}
//	page: a slider moves ──▶ "link.rtt=250ms" ──▶ the request's set
type settings struct {
	Title    string     `json:"title"`
	About    string     `json:"about"`
	Workload string     `json:"workload"` // sequence, page, users or arrivals
	RTT      lab.Millis `json:"rtt_ms"`
	Down     int64      `json:"down"` // bit/s; 0: unlimited
	Up       int64      `json:"up"`
	Count    int        `json:"count"` // requests of each client; 0: as many as the time allows
	Size     int64      `json:"size"`  // bytes of a response; the first one's where they differ
	PerHost  int        `json:"connections_per_host"`
	// Changes say which fields can be changed and how; {field} stands for the new value. Fields that share one are set together.
	Changes []change `json:"changes"`
	// Fixed says of each other field why it cannot be changed.
	Fixed map[string]string `json:"fixed"`
}

type change struct {
	Fields []string `json:"fields"`
	Set    string   `json:"set"`
}

// describe puts the settings of a scenario, as it is written, into out.
func describe(q request, out js.Value) error {
	q.Set = nil
	f, err := load(q)
	if err != nil {
		return err
	}
	configs, err := lanes(f)
	if err != nil {
		return err
	}
	return set(out, "settings", newSettings(f, configs))
}

func newSettings(f *scenarios.File, configs []model.Config) settings {
	c := &configs[0]
	s := settings{Title: f.Name, About: f.About, RTT: lab.Millis(c.Link.RTT), Down: int64(c.Link.Down), Up: int64(c.Link.Up),
		PerHost: c.Client.ConnectionsPerHost, Fixed: map[string]string{}}
	s.workload(&c.Workload)
	s.offer("link.rtt={rtt_ms}ms", "rtt_ms")
	s.offer("link.down={down}bit/s", "down")
	s.offer("link.up={up}bit/s", "up")
	if s.Workload == "page" {
		s.offer("client.connections_per_host={connections_per_host}", "connections_per_host")
	} else {
		s.Fixed["connections_per_host"] = "no matter: one request at a time"
	}
	for i := range configs[1:] {
		s.withhold(c, &configs[i+1])
	}
	return s
}

func (s *settings) offer(set string, fields ...string) {
	s.Changes = append(s.Changes, change{Fields: fields, Set: set})
}

// workload reads the count and the size of what is asked for, and says how to change them.
func (s *settings) workload(w *model.Workload) {
	switch {
	case w.Users != nil:
		s.Workload, s.Count, s.Size = "users", w.Users.Requests, int64(w.Users.Item.Size)
		s.offer("workload.users.size={size}B", "size")
		if s.Count > 0 {
			s.offer("workload.users.requests={count}", "count")
		} else {
			s.Fixed["count"] = "the users go on until their time is over"
		}
	case w.Arrivals != nil:
		s.Workload, s.Size = "arrivals", int64(w.Arrivals.Item.Size)
		s.offer("workload.arrivals.size={size}B", "size")
		s.Fixed["count"] = "requests arrive by chance until the time is over"
	case w.Page != nil:
		s.Workload, s.Count, s.Size = "page", len(w.Page), int64(w.Page[len(w.Page)-1].Size)
		if set, first := pageAgain(w.Page); set != "" {
			s.Count -= first
			s.offer(set, "count", "size")
			return
		}
		s.fixItems("the page is made of different parts")
	default:
		s.Workload, s.Count, s.Size = "sequence", len(w.Sequence), int64(w.Sequence[0].Size)
		if alike(w.Sequence) {
			s.offer("workload.sequence.count={count}", "count")
			s.offer("workload.sequence.size={size}B", "size")
			return
		}
		s.fixItems("the scenario writes each step down")
	}
}

func (s *settings) fixItems(why string) { s.Fixed["count"], s.Fixed["size"] = why, why }

// alike tells whether items differ in their paths and in the gap before the first alone.
func alike(items []model.Item) bool {
	for i := range items {
		a, b := items[min(1, len(items)-1)], items[i]
		if i == 0 {
			b.Gap = a.Gap
		}
		if !same(a, b) || a.Gap != b.Gap {
			return false
		}
	}
	return true
}

func same(a, b model.Item) bool {
	return a.Host == b.Host && a.Method == b.Method && a.Size == b.Size && a.Upload == b.Upload && a.Time == b.Time
}

// pageAgain writes a page of a document and parts that are all alike, such as its images, with count and size left open.
// first is how many entries are not counted: the document. Any other page cannot be written so, and set is "".
func pageAgain(items []model.Item) (set string, first int) {
	if len(items) < 2 || !plain(items[0]) || len(items[0].After) > 0 {
		return "", 0
	}
	stem := strings.TrimSuffix(items[1].Path, "/1")
	for i, it := range items[1:] {
		if !plain(it) || it.Size != items[1].Size || len(it.After) != 1 || it.After[0] != 0 ||
			len(items) > 2 && it.Path != fmt.Sprintf("%s/%d", stem, i+1) {
			return "", 0
		}
	}
	return fmt.Sprintf("workload.page=[{path: %q, size: %dB}, {path: %q, size: {size}B, count: {count}, after: %q}]",
		items[0].Path, items[0].Size, stem, items[0].Path), 1
}

// plain tells whether an item has nothing that a path and a size do not say.
func plain(i model.Item) bool { return same(i, model.Item{Method: "GET", Size: i.Size, Time: -1}) }

// withhold takes back the offer to change what is different in two variants: it would make them the same.
func (s *settings) withhold(a, b *model.Config) {
	differs := map[string]bool{
		"rtt_ms": a.Link.RTT != b.Link.RTT, "down": a.Link.Down != b.Link.Down, "up": a.Link.Up != b.Link.Up,
		"connections_per_host": a.Client.ConnectionsPerHost != b.Client.ConnectionsPerHost,
	}
	other := settings{Fixed: map[string]string{}}
	other.workload(&b.Workload)
	differs["count"] = other.Workload != s.Workload || other.Count != s.Count
	differs["size"] = other.Workload != s.Workload || other.Size != s.Size
	var kept []change
	for _, c := range s.Changes {
		free := true
		for _, field := range c.Fields {
			free = free && !differs[field]
		}
		if free {
			kept = append(kept, c)
			continue
		}
		for _, field := range c.Fields {
			s.Fixed[field] = "the variants differ in it"
		}
	}
	s.Changes = kept
}
