// Package proxied is the door to load balancers that pass connections on without
// reading them: they say at the start of each, by the PROXY protocol (versions 1
// and 2, as haproxy.org's proxy-protocol.txt has it), from where it came.
//
// It guarantees: only a proxy that the operator names is believed, and it must
// say so on every connection; from any other address the same bytes are what
// the client said, and no part of them an address. What a proxy says is read
// within a bounded time, by the goroutine of that connection alone, and a word
// that cannot be read exactly, or that names no TCP address, ends the connection
// without an answer.
package proxied
