//go:build !js

// Command stage is the browser's picture of a race. It is built for js/wasm alone; natively use `keepalive view`.
package main

func main() {
	panic("stage: built for the browser: GOOS=js GOARCH=wasm go build ./wasm/stage")
}
