//go:build js

package main

import (
	"fmt"
	"slices"
	"strings"
	"syscall/js"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/model/tls"
	"keepalive/scenarios"
)

// mostLanes is how many variants race at once: the stage has room for no more.
const mostLanes = 4

// entrants are the variants that can race: a scenario's own, or a connection per request against kept ones where it has none.
func entrants(f *scenarios.File) ([]model.Config, error) {
	if own := f.Variants(); len(own) > 1 {
		return own, nil
	}
	return f.Pair()
}

// lanes are the variants that race, chosen by their numbers from 1; without any that there are, the first ones.
func lanes(f *scenarios.File, chosen []int) ([]model.Config, error) {
	all, err := entrants(f)
	if err != nil {
		return nil, err
	}
	var race []model.Config
	for i := range all {
		if slices.Contains(chosen, i+1) && len(race) < mostLanes {
			race = append(race, all[i])
		}
	}
	if len(race) == 0 {
		race = all[:min(len(all), mostLanes)]
	}
	return race, nil
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
	Loss     float64    `json:"loss"` // of packets to the client, %
	HTTP     string     `json:"http"` // 1.0, 1.1 or 2
	TLS      string     `json:"tls"`  // none, 1.2 or 1.3
	// Options are the words that a field may be, its own among them.
	Options map[string][]string `json:"options"`
	// Variants are the names of all; those of Lanes race unless the page chooses others.
	Variants []string `json:"variants"`
	Lanes    []int    `json:"lanes"` // numbers of variants, from 1
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
	configs, err := entrants(f)
	if err != nil {
		return err
	}
	s := newSettings(f, configs)
	for _, field := range []string{"http", "tls"} {
		s.probe(field, func(change string) bool {
			_, err := load(request{Scenario: q.Scenario, Set: []string{change}})
			return err == nil
		})
	}
	return set(out, "settings", s)
}

func newSettings(f *scenarios.File, configs []model.Config) settings {
	c := &configs[0]
	s := settings{Title: f.Name, About: f.About, RTT: lab.Millis(c.Link.RTT), Down: int64(c.Link.Down), Up: int64(c.Link.Up),
		PerHost: c.Client.ConnectionsPerHost, Loss: percent(c.Link.LossDown), HTTP: versionOf(c), TLS: tlsOf(c), Fixed: map[string]string{},
		Options: map[string][]string{"http": {"1.1", "2"}, "tls": {"none", "1.2", "1.3"}}}
	for i := range configs {
		s.Variants = append(s.Variants, configs[i].Variant)
		if i < mostLanes {
			s.Lanes = append(s.Lanes, i+1)
		}
	}
	s.workload(&c.Workload)
	s.offer("link.rtt={rtt_ms}ms", "rtt_ms")
	s.offer("link.down={down}bit/s", "down")
	s.offer("link.up={up}bit/s", "up")
	s.offer("link.loss={loss}%", "loss")
	s.offer("http.version={http}", "http")
	s.offer("tls.version={tls}", "tls")
	switch {
	case s.Workload != "page" && s.Workload != "arrivals":
		s.Fixed["connections_per_host"] = "no matter: one request at a time"
	case s.PerHost == 0:
		s.Fixed["connections_per_host"] = "as many as are needed"
	default:
		s.offer("client.connections_per_host={connections_per_host}", "connections_per_host")
	}
	for i := range configs[1:] {
		s.withhold(c, &configs[i+1])
	}
	return s
}

// percent is a loss as a scenario writes it.
func percent(p model.PPB) float64 { return float64(p) / 1e7 }

// versionOf is a variant's version of HTTP as a scenario writes it.
func versionOf(c *model.Config) string {
	if c.HTTP.H2 {
		return "2"
	}
	return fmt.Sprintf("1.%d", c.HTTP.Minor)
}

// tlsOf is a variant's version of TLS as a scenario writes it.
func tlsOf(c *model.Config) string {
	switch c.TLS.Version {
	case tls.V12:
		return "1.2"
	case tls.V13:
		return "1.3"
	default:
		return "none"
	}
}

// probe leaves of a field's words those that the scenario allows, with its own; it fixes a field of which only that is left.
func (s *settings) probe(field string, allowed func(set string) bool) {
	at := slices.IndexFunc(s.Changes, func(c change) bool { return slices.Equal(c.Fields, []string{field}) })
	own := map[string]string{"http": s.HTTP, "tls": s.TLS}[field]
	var words []string
	if !slices.Contains(s.Options[field], own) {
		words = append(words, own)
	}
	for _, w := range s.Options[field] {
		if w == own || at >= 0 && allowed(strings.ReplaceAll(s.Changes[at].Set, "{"+field+"}", w)) {
			words = append(words, w)
		}
	}
	s.Options[field] = words
	if at >= 0 && len(words) < 2 {
		s.Changes = slices.Delete(s.Changes, at, at+1)
		s.Fixed[field] = "the scenario allows no other"
	}
}

func (s *settings) offer(set string, fields ...string) {
	s.Changes = append(s.Changes, change{Fields: fields, Set: set})
}

// workload reads the count and the size of what is asked for, and says how to change them.
func (s *settings) workload(w *model.Workload) {
	switch {
	case len(w.Mix()) > 0:
		s.Workload, s.Size = "arrivals", int64(w.Mix()[0].Item.Size)
		if w.Users != nil {
			s.Workload, s.Count = "users", w.Users.Requests
		}
		s.fixItems("the requests are of several classes")
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
		s.Fixed["count"] = "requests arrive until the time is over"
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
	return a.Host == b.Host && a.Method == b.Method && a.Size == b.Size && a.Upload == b.Upload && a.Time == b.Time && a.TimeKind == b.TimeKind && a.Trickle == b.Trickle
}

// pageAgain writes a page of a document and parts that are all alike, such as its images, with count and size left open.
// first is how many entries are not counted: the document. Any other page cannot be written so, and set is "".
// A page may also be such parts alone.
func pageAgain(items []model.Item) (set string, first int) {
	if stem, ok := partsAlone(items); ok {
		return fmt.Sprintf("workload.page=[{path: %q, size: {size}B, count: {count}}]", stem), 0
	}
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

// partsAlone tells whether a page is one entry, several times, that waits for nothing; stem is the entry's path.
func partsAlone(items []model.Item) (stem string, ok bool) {
	stem = strings.TrimSuffix(items[0].Path, "/1")
	for i, it := range items {
		numbered := it.Path == fmt.Sprintf("%s/%d", stem, i+1)
		if !plain(it) || it.Size != items[0].Size || len(it.After) > 0 || !numbered && len(items) > 1 {
			return "", false
		}
	}
	return stem, true
}

// plain tells whether an item has nothing that a path and a size do not say.
func plain(i model.Item) bool { return same(i, model.Item{Method: "GET", Size: i.Size, Time: -1}) }

// withhold takes back the offer to change what is different in two variants: it would make them the same.
func (s *settings) withhold(a, b *model.Config) {
	differs := map[string]bool{
		"rtt_ms": a.Link.RTT != b.Link.RTT, "down": a.Link.Down != b.Link.Down, "up": a.Link.Up != b.Link.Up,
		"connections_per_host": a.Client.ConnectionsPerHost != b.Client.ConnectionsPerHost,
		"loss":                 a.Link.LossDown != b.Link.LossDown || a.Link.LossUp != b.Link.LossUp,
		"http":                 versionOf(a) != versionOf(b), "tls": a.TLS.Version != b.TLS.Version,
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
