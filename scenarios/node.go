package scenarios

import "slices"

// node is a value of a document, with the place it was written at. A nil node is absent.
type node struct {
	at      place
	kind    kind
	text    string  // a scalar as it was written, without quotes
	entries []entry // a mapping's, in order
	items   []*node // a list's
}

type kind uint8

const (
	scalar kind = iota
	mapping
	list
	null
)

// String is the kind in words.
func (k kind) String() string {
	return [...]string{"a single value", "a mapping", "a list", "null"}[k]
}

// entry is one key of a mapping and its value.
type entry struct {
	key   string
	at    place
	value *node
}

// get is the value of a mapping's key, or nil.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for i := range n.entries {
		if n.entries[i].key == key {
			return n.entries[i].value
		}
	}
	return nil
}

// lookup follows keys from n.
func (n *node) lookup(keys ...string) *node {
	for _, k := range keys {
		n = n.get(k)
	}
	return n
}

// set puts a value under a mapping's key.
func (n *node) set(e entry) {
	for i := range n.entries {
		if n.entries[i].key == e.key {
			n.entries[i] = e
			return
		}
	}
	n.entries = append(n.entries, e)
}

// drop removes the keys that a test chooses.
func (n *node) drop(chosen func(key string) bool) {
	n.entries = slices.DeleteFunc(n.entries, func(e entry) bool { return chosen(e.key) })
}

// clone copies mappings, which merges change; scalars and lists are replaced whole, never changed.
func (n *node) clone() *node {
	if n == nil || n.kind != mapping {
		return n
	}
	c := *n
	c.entries = slices.Clone(n.entries)
	for i := range c.entries {
		c.entries[i].value = c.entries[i].value.clone()
	}
	return &c
}
