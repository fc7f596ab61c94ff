package tls

// Version is a version of the protocol.
type Version uint8

// The versions.
const (
	None Version = iota
	V12          // RFC 5246
	V13          // RFC 8446
)

// Resumption is what a client does with a ticket from an earlier connection.
type Resumption uint8

// The ways.
const (
	Full      Resumption = iota // a full handshake each time
	Ticket                      // no certificate, and with 1.2 one round trip less
	EarlyData                   // with 1.3 the first request goes along with the hello (0-RTT)
)

// Config is what both ends of a connection agree on.
type Config struct {
	Version     Version
	Resumption  Resumption
	Certificate int64 // bytes of the chain, as it is sent
	Hybrid      bool  // the client offers a post-quantum key too (X25519MLKEM768): a hello of two segments
}

// Sizes of flights without the certificate, in bytes with their records, as nginx 1.22 with OpenSSL 3.0 and a Go client sent them.
const (
	hello13     = 223
	hello12     = 203
	hybridKey   = 1232
	server13    = 355 // ServerHello, EncryptedExtensions, CertificateVerify, Finished and the Certificate's frame
	server12    = 209 // ServerHello, ServerKeyExchange, ServerHelloDone and the Certificate's frame
	finish13    = 64
	finish12    = 93 // ClientKeyExchange, ChangeCipherSpec, Finished
	finished12  = 51 // ChangeCipherSpec, Finished
	ticket13    = 255
	tickets13   = 2   // OpenSSL's default
	pskOffer    = 261 // key exchange modes, and the offer of a ticket of 208 bytes (RFC 8446, 4.2.11), derived from its fields
	earlyOffer  = 4   // early_data (RFC 8446, 4.2.10)
	earlyEnd    = 26  // EndOfEarlyData in its record
	resumed13   = 225 // ServerHello, EncryptedExtensions, Finished, derived from the full flight
	ticketOffer = 228 // a session id and a ticket of 192 bytes (RFC 5077), derived from its fields
	resumed12   = 148 // ServerHello with that id, ChangeCipherSpec, Finished
)

// Records: at most 16 384 bytes of data, and what each adds.
const (
	recordData = 16384 // RFC 8446, 5.1
	frame12    = 29    // header, explicit nonce, tag (RFC 5288)
	frame13    = 22    // header, content type, tag (RFC 8446, 5.2)
	alert      = 2
)

// On tells whether there is TLS at all.
func (c *Config) On() bool { return c.Version != None }

func (c *Config) frame() int64 {
	switch c.Version {
	case V12:
		return frame12
	case V13:
		return frame13
	case None:
	}
	return 0
}

// Wrapped is how many bytes of the connection n bytes of data take, in records as full as they may be.
func (c *Config) Wrapped(n int64) int64 {
	return n + (n+recordData-1)/recordData*c.frame()
}

// FirstRecord is how many of those bytes must have come before the receiver can read the first: a record is opened
// when it is complete.
func (c *Config) FirstRecord(n int64) int64 {
	if !c.On() {
		return min(n, 1)
	}
	return min(n, recordData) + c.frame()
}

// CloseNotify is the size of the alert that ends a stream (RFC 8446, 6.1).
func (c *Config) CloseNotify() int64 {
	if !c.On() {
		return 0
	}
	return alert + c.frame()
}

// Tickets says how many tickets the server sends when the handshake is over, and the size of each.
func (c *Config) Tickets() (n int, size int64) {
	if c.Version == V13 {
		return tickets13, ticket13
	}
	return 0, 0
}

// flights are the sizes of a handshake's flights, the client's first; 0 ends them.
func (c *Config) flights(resumed, early bool) (f [4]int64) {
	switch {
	case !c.On():
		return f
	case c.Version == V13 && resumed:
		f = [4]int64{hello13 + pskOffer, resumed13, finish13}
		if early {
			f[0] += earlyOffer
			f[2] += earlyEnd
		}
	case c.Version == V13:
		f = [4]int64{hello13, server13 + c.Certificate, finish13}
	case resumed:
		f = [4]int64{hello12 + ticketOffer, resumed12, finished12}
	default:
		f = [4]int64{hello12, server12 + c.Certificate, finish12, finished12}
	}
	if c.Hybrid && c.Version == V13 {
		f[0] += hybridKey
	}
	return f
}

// ServerBytes counts the bytes of the server's flights.
func (c *Config) ServerBytes(resumed bool) int64 {
	resumed = resumed && c.Resumption != Full
	f := c.flights(resumed, resumed && c.Resumption == EarlyData)
	return f[1] + f[3]
}

// Bytes counts what precedes data in each direction when no request is early: flights, and the server's tickets.
func (c *Config) Bytes(resumed bool) (up, down int64) {
	f := c.flights(resumed && c.Resumption != Full, false)
	n, size := c.Tickets()
	return f[0] + f[2], f[1] + f[3] + int64(n)*size
}

// RecordData is the most data that one record carries.
func (c *Config) RecordData() int64 { return recordData }
