// Package gateway is the hub's open door for applications: it authenticates
// the caller, normalises the address, and carries the exchange through the
// pipeline.
//
// pipeline.go is the walk of one exchange, in order. Everything else serves it:
// target.go reads the path, credential.go the credential, limit.go has the call
// counted, body.go and seal.go see every byte that passes, deliver.go passes the
// answer on and hop.go keeps what belongs to one connection, patience.go holds slow
// peers to a pace, version.go chooses the version that answers and tells of its
// end, refusal.go writes the problem documents, grpc.go the statuses of gRPC.
// keep.go asks whoever keeps answers before the provider, sandbox.go answers those
// who try a LID out. websocket.go and tunnel.go carry calls that leave HTTP,
// converse.go tells answers that go on, trace.go follows the consumer's trace,
// borders.go looks at what HTTP/2 lets pass, fields.go has the fields of an answer committed to.
//
// Invariants: what is not resolved, granted and recorded is not called; nothing
// in a request's header tells the provider who calls, the hub does; an answer
// under a class that must be recorded is complete only when its record is on
// disk.
package gateway
