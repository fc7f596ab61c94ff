package draw

// Append draws what another canvas holds, over what is there.
func (c *Canvas) Append(other *Canvas) {
	c.Drop()
	from, moved := len(c.items), len(c.text)
	c.items = append(c.items, other.items...)
	c.text = append(c.text, other.text[:other.mark]...)
	for k := from; k < len(c.items); k++ {
		c.items[k].from += moved
		c.items[k].to += moved
	}
	c.mark = len(c.text)
}
