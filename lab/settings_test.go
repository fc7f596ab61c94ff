package lab

import (
	"testing"
)

// What an exercise allows a student to set, its scenario bears: a setting is refused with a reason or it runs.
func FuzzSettings(f *testing.F) {
	for _, text := range []string{"50ms", "5ms", "200ms", " 7ms ", "0", "50", "fast", "0.1s", "199.9999999ms", "50ms,60ms", "{a: b}", "null", "5ms # so", "1e2ms", "\u00a05ms", "050ms"} {
		f.Add("link.rtt", text)
	}
	f.Add("link.loss", "1%")
	f.Add("client.preset", "chrome")
	for _, text := range []string{"4", "4.5", "1e0", "0x4", " 4", "4.0"} {
		f.Add("server.workers", text)
	}
	ex := &Exercise{Scenario: "gallery", Free: map[string]string{"link.rtt": "5ms..200ms", "link.loss": "0..2%", "server.workers": "1..8",
		"client.preset": "chrome, firefox"}}
	f.Fuzz(func(t *testing.T, path, text string) {
		if ex.Allows(map[string]string{path: text}) != nil {
			return
		}
		if _, err := ex.load([]string{path + "=" + text}); err != nil {
			t.Errorf("%s=%q is allowed, and then: %v", path, text, err)
		}
	})
}
