package scenarios

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ahead lists what presets say already and the document does not have yet: the only list of it. A field that arrives is to be
// taken out here, and a test says so. A proxy's server and client have the fields of a server and of a client.
var ahead = []string{}

// isAhead tells whether a setting waits for its field: it is not checked, but it does no harm.
func isAhead(path string) bool {
	return slices.Contains(ahead, path) || slices.Contains(ahead, strings.TrimPrefix(path, "proxy."))
}

func TestEveryPresetIsMadeOfKnownFields(t *testing.T) {
	for _, p := range Presets() {
		assert.NotEmpty(t, p.Source, p.Name)
		for _, s := range p.Values {
			within := strings.TrimPrefix(p.In(s), "proxy.")
			assert.True(t, IsField(within) || isAhead(within), "%s %s: there is no field %s", p.Kind, p.Name, within)
		}
		if isAhead(p.Kind) {
			continue
		}
		lines := "hosts: " + p.Name
		if p.Kind != "hosts" {
			lines = p.Kind + ": {preset: " + p.Name + "}"
		}
		a, b := parse(t, least+lines), parse(t, least, p.sets()...)
		a.Client.Preset, a.Server.Preset = "", ""
		if a.Proxy != nil {
			a.Proxy.Preset = ""
		}
		assert.Equal(t, b, a, p.Name)
	}
}

// sets are the settings as --set takes them, of those that the document has.
func (p Preset) sets() []string {
	var out []string
	for _, s := range p.Values {
		if !isAhead(p.In(s)) {
			out = append(out, p.In(s)+"="+s.Value)
		}
	}
	return out
}

func TestWhatHasArrivedIsNotAhead(t *testing.T) {
	for _, path := range ahead {
		assert.False(t, IsField(path), "%s is a field now: take it off the list ahead", path)
		used := slices.ContainsFunc(Presets(), func(p Preset) bool {
			return slices.ContainsFunc(p.Values, func(s Setting) bool {
				return p.In(s) == path || strings.HasPrefix(p.In(s), path+".")
			})
		})
		assert.True(t, used, "no preset says %s", path)
	}
}

// A preset written out means what its name means.
func TestAPresetWrittenOutIsAScenario(t *testing.T) {
	for _, p := range Presets() {
		f, err := Parse("pasted.yaml", []byte(least+p.YAML()))
		require.NoError(t, err, p.YAML())
		if !isAhead(p.Kind) {
			c := f.Variants()[0]
			c.Scenario = "test"
			assert.Equal(t, parse(t, least, p.sets()...), c, p.Name)
		}
	}
}

func TestAProxyFacesItsClientsAsTheServerOfItsNameDoes(t *testing.T) {
	servers := map[string]Preset{}
	for _, p := range Presets() {
		if p.Kind == "server" {
			servers[p.Name] = p
		}
	}
	for _, p := range Presets() {
		if p.Kind != "proxy" {
			continue
		}
		want, known := servers[strings.TrimSuffix(p.Name, "-old")]
		require.True(t, known, p.Name)
		var face []Setting
		for _, s := range p.Values {
			if path, ok := strings.CutPrefix(s.Path, "server."); ok {
				face = append(face, Setting{path, s.Value})
			}
		}
		assert.Equal(t, want.Values, face, p.Name)
	}
}
