package scenarios

import "strings"

// Value is what stands at a path in a variant, once presets, hosts and defaults are in, as a file would write it; "" if that is no
// single value.
func (f *File) Value(variant, path string) string {
	for i := range f.base {
		r := &f.base[i]
		if r.config.Variant != variant {
			continue
		}
		if n := filled(r.written).lookup(strings.Split(path, ".")...); n != nil && n.kind != null {
			if n.kind != scalar {
				return ""
			}
			return n.text
		}
	}
	for _, field := range vocabulary() {
		if field.Path == path {
			return field.Default
		}
	}
	return ""
}
