package main

import (
	"cmp"
	"fmt"
	"html"
	"strings"

	"github.com/goccy/go-yaml"

	"keepalive/lab"
	"keepalive/model/trace"
)

// blocks are the live parts of a lesson: what stands in the page before, or without, JavaScript.
var blocks = map[string]func(*lesson, string) (string, error){
	"predict": (*lesson).predict,
	"figure":  (*lesson).figure,
	"run":     (*lesson).again,
	"headers": (*lesson).headers,
	"puzzle":  (*lesson).puzzle,
}

// fields reads a block's "name: value" lines.
func fields(text string) (map[string]string, error) {
	f := map[string]string{}
	return f, yaml.Unmarshal([]byte(text), &f)
}

// predict is a guess that is locked before its run.
func (l *lesson) predict(text string) (string, error) {
	f, err := fields(text)
	if err != nil {
		return "", err
	}
	if _, err := l.variant(f["variant"]); err != nil {
		return "", err
	}
	return fmt.Sprintf(`<form class="card predict" data-variant="%s" hidden><label>%s <span><input inputmode="decimal" type="number" min="0" step="any" required> %s</span></label>
<button type="submit">Lock my prediction</button><output role="status"></output></form>
`, html.EscapeString(f["variant"]), html.EscapeString(f["ask"]), html.EscapeString(f["unit"])), nil
}

// again is a button that runs the lesson's scenario, with a table for the outcome.
func (l *lesson) again(string) (string, error) {
	return `<div class="card run" hidden><button type="button">Run both</button><table></table><output role="status"></output></div>
`, nil
}

// headers shows the first request and its answer on a kept connection, as they go over the wire.
func (l *lesson) headers(string) (string, error) {
	for i := range l.configs {
		c := &l.configs[i]
		if !c.HTTP.Persistent {
			continue
		}
		item := c.Workload.Sequence[0]
		n := trace.Name{Method: item.Method, Path: item.Path, Size: int64(item.Size)}
		return fmt.Sprintf("<pre>%s</pre>\n<pre>%s</pre>\n", html.EscapeString(visible(c.RequestText(n))), html.EscapeString(visible(c.ResponseText(n, 1)))), nil
	}
	return "", fmt.Errorf("no variant keeps its connections")
}

// visible is a header without the field that only fills it up.
func visible(text string) string {
	var lines []string
	for l := range strings.SplitSeq(strings.TrimSpace(text), "\r\n") {
		if !strings.HasPrefix(l, "Cookie:") && !strings.HasPrefix(l, "ETag:") {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n")
}

// words are what a field that learners may choose is called.
var words = map[string]string{"link.rtt": "round trip", "link.down": "bandwidth", "workload.sequence.count": "objects",
	"workload.sequence.size": "size of each"}

// puzzle lets free fields be chosen within ranges; the engine checks the goal, "saving < N" per cent.
func (l *lesson) puzzle(text string) (string, error) {
	f, err := fields(text)
	if err != nil {
		return "", err
	}
	var below float64
	if _, err := fmt.Sscanf(f["goal"], "saving < %g", &below); err != nil {
		return "", fmt.Errorf("goal: want \"saving < 5\", got %q", f["goal"])
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<form class="card puzzle" data-below="%g" hidden>`, below)
	for free := range strings.SplitSeq(f["free"], ", ") {
		var path, unit string
		var from, to int
		if _, err := fmt.Sscanf(strings.Replace(free, "..", " ", 1), "%s %d %d %s", &path, &from, &to, &unit); err != nil {
			return "", fmt.Errorf("free: want \"link.rtt 1..200 ms\", got %q", free)
		}
		fmt.Fprintf(&b, `<label>%s <span><input type="number" name="%s" min="%d" max="%d" data-unit="%s" required> %s</span></label>`,
			cmp.Or(words[path], strings.ReplaceAll(path, ".", " ")), path, from, to, unit, unit)
	}
	b.WriteString(`<button type="submit">Check</button><output role="status"></output></form>` + "\n")
	return b.String(), nil
}

// figure draws a waterfall of both variants, as SVG that follows the page's theme.
func (l *lesson) figure(string) (string, error) {
	const row, left, width = 11, 60, 700
	var end lab.Millis
	rows := 0
	for _, v := range l.result.Variants {
		end = max(end, v.Finished)
		rows += len(v.PerRequest) + 1
	}
	x := func(t lab.Millis) float64 { return left + float64(t)/float64(end)*(width-left-10) }
	var b strings.Builder
	fmt.Fprintf(&b, `<figure><svg viewBox="0 0 %d %d" role="img" aria-label="Waterfall: each request's phases over time">`, width, rows*row+24)
	y := 4
	for n, v := range l.result.Variants {
		for i, r := range v.PerRequest {
			class := "axis row"
			if i == 0 {
				class = "axis"
			}
			fmt.Fprintf(&b, `<text x="%d" y="%d" class="%s" text-anchor="end">%c %d</text>`, left-8, y+8, class, 'A'+rune(n), i+1)
			at := r.Start
			for _, p := range []struct {
				class  string
				length lab.Millis
				inset  int
			}{{"blocked", r.Blocked + r.DNS, 3}, {"connect", r.Connect, 3}, {"send", r.Send, 0}, {"wait", r.Wait, 0}, {"receive", r.Receive, 0}} {
				if p.length > 0 {
					fmt.Fprintf(&b, `<rect class="%s" x="%.1f" y="%d" width="%.1f" height="%d"/>`, p.class, x(at), y+p.inset, x(at+p.length)-x(at), row-2-2*p.inset)
				}
				at += p.length
			}
			y += row
		}
		y += row
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" class="axis">0</text><text x="%d" y="%d" class="axis" text-anchor="end">%s</text></svg>`, left, y+8, width-10, y+8, inMillis(end))
	fmt.Fprintf(&b, `<figcaption>A: %s, %s. B: %s, %s.</figcaption></figure>`+"\n", l.result.Variants[0].Name, inMillis(l.result.Variants[0].Finished),
		l.result.Variants[1].Name, inMillis(l.result.Variants[1].Finished))
	return b.String(), nil
}
