package http2

// What a header block costs. HPACK (RFC 7541) writes a field in one of three ways:
//
//   - both name and value are in a table: an index, one octet up to index 126 (6.1, 5.1). The static table has 61 entries, so
//     that the 65 newest fields of the dynamic table cost one octet each; older ones two;
//   - the name is in a table: its index, the value's length, the value in Huffman code (6.2, 5.2): 2 octets and the value;
//   - neither: 1 octet, and both with their length.
//
// The Huffman code (Appendix B) takes 5 to 6 bits for digits and small letters, 6 to 7 for capitals, 6 to 15 for
// punctuation. The first request of a connection writes everything; the table then holds it, and a later request writes
// one index per field again and its path anew.
//
// The octets of a whole block are counted from a real list: Chromium's request for an image has 16 fields, which are
// 570 octets as HTTP/1.1 text. Those become 383 octets the first time, 67 %, and with two cookies 466 of 693, 67 %:
// hence two thirds. Afterwards they become 16 indices, the path's length and its Huffman code. A test encodes both with
// golang.org/x/net/http2/hpack.
const (
	firstNumerator   = 2 // of the text's octets, in the first request
	firstDenominator = 3
	fieldText        = 36 // octets of text per field: 570 / 16
	pseudoFields     = 4  // :method, :scheme, :authority, :path (RFC 9113, 8.3.1)
	pathBits         = 6  // per character of a path of small letters and digits
)

// HeaderBytes is the length in octets of a request's header block. First: nothing of it is in the dynamic table yet.
// Full is the header's length as HTTP/1.1 text, path included; pathLen that of the path, which changes from request to
// request.
//
// It is within 4 octets of the encoder for a browser's first request and within 3 for its later ones. A client with
// hardly any header is told too much, by up to 20 octets, for its first (curl: 56 instead of 38). Values that change
// besides the path (an image after a style sheet: accept, sec-fetch-dest) are not in it: 20 to 60 octets once per kind.
func HeaderBytes(first bool, full int64, pathLen int) int64 {
	whole := ceil(full*firstNumerator, firstDenominator)
	if first {
		return whole
	}
	again := max(pseudoFields, ceil(full, fieldText)) + 1 + ceil(int64(pathLen)*pathBits, 8)
	return min(whole, again)
}

// A response's names are nearly all in the static table, and dates and numbers are short in Huffman code: 8 fields, 218
// octets as HTTP/1.1 text, become 96, 44 %. When content-length, last-modified and etag differ from those of the
// response before, and the rest is in the dynamic table, they become 49, 22 %. The same test counts them.
const (
	responseNumerator   = 4 // of the text's octets
	responseDenominator = 9
)

// ResponseBytes is the length in octets of a response's header block. First: nothing of it is in the dynamic table, or
// the server keeps none: nginx writes every response in full (ngx_http_v2_filter_module.c uses the static table alone).
// Full is the header's length as HTTP/1.1 text.
func ResponseBytes(first bool, full int64) int64 {
	whole := ceil(full*responseNumerator, responseDenominator)
	if first {
		return whole
	}
	return ceil(whole, 2)
}

func ceil(a, b int64) int64 { return (a + b - 1) / b }
