package conf

import (
	"bytes"
	"regexp"
)

// luaBlock finds where a block of Lua begins (OpenResty's *_by_lua_block), after whatever stands before it on its line.
var luaBlock = regexp.MustCompile(`(?m)^([^#\n]*[\s;{}])?\w+_by_lua_block\b[^{;}\n]*\{`)

// withoutLua is a configuration whose Lua is blanked, line ends left. It means nothing here, and crossplane's own lexer for Lua
// takes an apostrophe in one of its comments for a string.
func withoutLua(data []byte) []byte {
	if !bytes.Contains(data, []byte("_by_lua_block")) {
		return data
	}
	out := bytes.Clone(data)
	for from := 0; ; {
		m := luaBlock.FindIndex(out[from:])
		if m == nil {
			return out
		}
		begin := from + m[1]
		end := begin + luaEnd(out[begin:])
		for i := begin; i < end; i++ {
			if out[i] != '\n' {
				out[i] = ' '
			}
		}
		from = end
	}
}

// luaEnd is where the brace stands that closes a block, or the end of the text.
func luaEnd(text []byte) int {
	for depth, i := 1, 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '-' && bytes.HasPrefix(text[i:], []byte("--")):
			if n := longBracket(text[i+2:]); n > 0 {
				i += 1 + n
			} else if n = bytes.IndexByte(text[i:], '\n'); n >= 0 {
				i += n
			} else {
				return len(text)
			}
		case c == '[':
			i += max(0, longBracket(text[i:])-1)
		case c == '"' || c == '\'':
			for i++; i < len(text) && text[i] != c && text[i] != '\n'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(text)
}

// longBracket is the length of a string such as [==[ … ]==] at the beginning of text, or 0.
func longBracket(text []byte) int {
	if len(text) == 0 || text[0] != '[' {
		return 0
	}
	level := 1
	for level < len(text) && text[level] == '=' {
		level++
	}
	if level >= len(text) || text[level] != '[' {
		return 0
	}
	end := append(append([]byte{']'}, bytes.Repeat([]byte{'='}, level-1)...), ']')
	at := bytes.Index(text[level:], end)
	if at < 0 {
		return len(text)
	}
	return level + at + len(end)
}
