// Package gateway is the hub's open door for applications: it authenticates
// the caller, normalises the address, and carries the exchange through the
// pipeline.
//
// pipeline.go is the walk of one exchange, in order. Everything else serves it:
// target.go reads the path, credential.go the credential, limit.go has the call
// counted, body.go and seal.go see every byte that passes, patience.go holds slow
// peers to a pace, version.go chooses the version that answers and tells of its
// end, refusal.go writes the problem documents.
//
// Invariants: what is not resolved, granted and recorded is not called; nothing
// in a request's header tells the provider who calls, the hub does; an answer
// under a class that must be recorded is complete only when its record is on
// disk.
package gateway
