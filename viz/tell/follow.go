package tell

// Follow is the packet of a choice's connection that comes after what is chosen, or the one before; 0: there is none.
func (r *Run) Follow(c Choice, dir int) uint32 {
	if c.Packet == 0 {
		return r.packetFrom(c, dir)
	}
	for pkt := int(c.Packet) + dir; pkt > 0 && pkt < len(r.packets); pkt += dir {
		if p := r.Packet(uint32(pkt)); p != nil && p.Conn == c.Connection {
			return uint32(pkt)
		}
	}
	return 0
}

// packetFrom is the first packet of a connection since a choice began, or the last one before.
func (r *Run) packetFrom(c Choice, dir int) (before uint32) {
	for pkt := 1; pkt < len(r.packets); pkt++ {
		p := r.Packet(uint32(pkt))
		switch {
		case p == nil || p.Conn != c.Connection:
		case p.At < c.At:
			before = uint32(pkt)
		case dir > 0:
			return uint32(pkt)
		}
	}
	if dir > 0 {
		return 0
	}
	return before
}
