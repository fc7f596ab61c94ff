package http2_test

import (
	"fmt"

	"keepalive/model/http2"
)

// A client asks for two things over a path that carries 10 000 octets per flight.
func Example() {
	chrome, nginx := http2.Chrome(), http2.Nginx()
	var up, down http2.Frames
	var client, server http2.Conn
	client.Init(http2.Client, &chrome, &down, &up)
	server.Init(http2.Server, &nginx, &up, &down)

	for id := uint32(1); id <= 2; id++ {
		header := http2.HeaderBytes(id == 1, 570, len("/img/1"))
		client.OpenStream(http2.Request{ID: id, Header: header, Urgency: http2.DefaultUrgency})
	}
	var sent, received int64
	for client.Streams() > 0 {
		sent += client.Write(10000) // of the octets that the socket takes
		for e, ok := server.Read(sent); ok; e, ok = server.Read(sent) {
			if e.End {
				server.Respond(e.Stream, http2.ResponseBytes(true, 218), 12000)
			}
		}
		received += server.Write(10000)
		for e, ok := client.Read(received); ok; e, ok = client.Read(received) {
			if e.Req != 0 {
				fmt.Println(e.Req, e)
			}
		}
	}
	fmt.Println(sent, "octets up,", received, "down")
	// Output:
	// 1 headers 1: 97
	// 2 headers 3: 97
	// 1 data 1: 8192
	// 2 data 3: 1529
	// 2 data 3: 6663
	// 1 data 1: 3328
	// 1 data 1: 480 end
	// 2 data 3: 3808 end
	// 509 octets up, 24297 down
}
