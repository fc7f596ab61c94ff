//go:build js

// Command engine is the browser's simulator: it runs in a Web Worker, without Ebitengine.
//
//	page ── {id, op: "run", scenario, set} ──> engine.wasm
//	     <── {id, result, ledger, logs, figures, tables}
//	     ── {id, op: "message", scenario, set, lanes, ...message of the stage} ──>
//	     <── {id, text}
//
// The result and the ledger say nothing of single requests: the figures and the logs do. A scenario is an
// embedded name or YAML text. Errors come back as {id, error}.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"syscall/js"

	"keepalive/lab"
	"keepalive/model"
	"keepalive/model/trace"
	"keepalive/scenarios"
)

func main() {
	self := js.Global()
	self.Set("onmessage", js.FuncOf(func(_ js.Value, args []js.Value) any {
		answer(self, args[0].Get("data"))
		return nil
	}))
	self.Call("postMessage", js.ValueOf(map[string]any{"ready": true}))
	select {}
}

// request is what the page asks for.
type request struct {
	Op       string   `json:"op"` // scenarios, settings, run, message, sheet or answer
	Scenario string   `json:"scenario"`
	Set      []string `json:"set"`
	Lanes    []int    `json:"lanes"`   // run, message: numbers of the variants that race, from 1; none: the first ones
	Log      bool     `json:"log"`     // run: hand the traces over
	Figures  bool     `json:"figures"` // run: draw the figures
	Tables   bool     `json:"tables"`  // run: what the figures show, as tables
	Lane     int      `json:"lane"`    // message: the run that it is of, from 0
	trace.Message
	widths
	form
}

// answer handles one message.
func answer(self, message js.Value) {
	var q request
	id := message.Get("id")
	out := js.Global().Get("Object").New()
	out.Set("id", id)
	var transfer []any
	err := json.Unmarshal([]byte(js.Global().Get("JSON").Call("stringify", message).String()), &q)
	if err == nil {
		transfer, err = perform(q, out)
	}
	if err != nil {
		out.Set("error", err.Error())
	}
	self.Call("postMessage", out, js.ValueOf(transfer))
}

// perform fills out and returns the buffers to hand over.
func perform(q request, out js.Value) ([]any, error) {
	switch q.Op {
	case "scenarios":
		return nil, list(out)
	case "settings":
		return nil, describe(q, out)
	case "sheet":
		return nil, sheet(q.form, out)
	case "answer":
		return nil, fillIn(q.form, out)
	}
	f, err := load(q)
	if err != nil {
		return nil, err
	}
	configs, err := lanes(f, q.Lanes)
	if err != nil {
		return nil, err
	}
	if q.Op == "message" {
		return nil, header(q, configs, out)
	}
	return race(q, configs, f, out)
}

func load(q request) (*scenarios.File, error) {
	if strings.ContainsAny(q.Scenario, ":\n") {
		return scenarios.Parse("scenario", []byte(q.Scenario), q.Set...)
	}
	return scenarios.Load(q.Scenario, q.Set...)
}

// race runs the variants and explains them.
func race(q request, configs []model.Config, f *scenarios.File, out js.Value) ([]any, error) {
	res, logs, err := lab.RunConfigs(context.Background(), configs, lab.Options{Requests: q.Figures && q.Only != "totals", Log: true})
	if err != nil {
		return nil, err
	}
	ledger, err := lab.ExplainAll(logs)
	if err != nil {
		return nil, err
	}
	if err := addFigures(q, res, ledger, logs, out); err != nil {
		return nil, err
	}
	leaveOutRequests(res, ledger)
	if err := errors.Join(set(out, "result", res), set(out, "ledger", ledger)); err != nil {
		return nil, err
	}
	out.Set("about", f.About)
	if !q.Log {
		return nil, nil
	}
	return buffers(logs, out)
}

// leaveOutRequests drops what is said of each single request: the figures have it already, no page shows more of it, and
// as JSON it can be ten megabytes, which take longer to write and to read than the run.
func leaveOutRequests(res lab.Result, ledger lab.Explanation) {
	for i := range res.Variants {
		res.Variants[i].PerRequest = nil
	}
	for i := range ledger.Variants {
		ledger.Variants[i].Requests = nil
	}
}

// set puts v into out as JSON.
func set(out js.Value, name string, v any) error {
	text, err := json.Marshal(v)
	out.Set(name, string(text))
	return err
}

// buffers encodes the logs into ArrayBuffers under out.logs.
func buffers(logs []*trace.Log, out js.Value) ([]any, error) {
	var all []any
	for _, l := range logs {
		var a array
		if err := l.Encode(&a); err != nil {
			return nil, err
		}
		all = append(all, a.bytes.Get("buffer"))
	}
	out.Set("logs", js.ValueOf(all))
	return all, nil
}

// array is a Uint8Array that is written once, from its beginning to its end, so that a log is nowhere else as well.
type array struct {
	bytes js.Value
	at    int
}

// Grow makes room for all that will be written. It is called once, before.
func (a *array) Grow(n int) { a.bytes = js.Global().Get("Uint8Array").New(n) }

func (a *array) Write(p []byte) (int, error) {
	n := js.CopyBytesToJS(a.bytes.Call("subarray", a.at), p)
	a.at += n
	if n < len(p) {
		return n, io.ErrShortWrite
	}
	return n, nil
}

// list names the embedded scenarios.
func list(out js.Value) error {
	var all []map[string]string
	for _, name := range scenarios.Names() {
		f, err := scenarios.Load(name)
		if err != nil {
			return err
		}
		all = append(all, map[string]string{"name": name, "title": f.Name, "about": f.About})
	}
	return set(out, "scenarios", all)
}
