package main

import (
	"cmp"
	"fmt"
	"html"
	"strings"

	"github.com/goccy/go-yaml"

	"keepalive/model/trace"
	"keepalive/viz/figure"
	"keepalive/viz/svg"
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

// figure is the waterfall of all variants, as SVG that follows the page's theme: drawn for a desk and for a phone, as
// shrunk words could not be read.
func (l *lesson) figure(string) (string, error) {
	var ends []string
	for i, v := range l.result.Variants {
		ends = append(ends, fmt.Sprintf("%c: %s, %s.", 'A'+rune(i), v.Name, inMillis(v.Finished)))
	}
	f := figure.Waterfall(l.result)
	wide, narrow := svg.Render(f, svg.Options{Width: 680, Legend: true}), svg.Render(f, svg.Options{Width: 360, Legend: true, ID: "narrow"})
	return fmt.Sprintf(`<figure><div class="for-wide">%s</div><div class="for-narrow">%s</div><figcaption>%s</figcaption></figure>
`, wide, narrow, strings.Join(ends, " ")), nil
}
