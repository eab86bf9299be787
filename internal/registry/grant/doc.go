// Package grant owns the permissions: which application may call which LID,
// why, on which legal basis, which fields and rows, how fast and until when; and
// the requests that lead to them.
//
// grant.go and service.go are the grants themselves, which a provider may also
// write directly: direct.go and widen.go say when that takes two people, limits.go
// what a class allows. browse.go lists them, disuse.go ends what nobody uses,
// delay.go speaks of requests that are late. request.go, terms.go and access.go
// are requests for access up to their submission, decide.go what the provider
// makes of them, end.go what becomes of a grant later, version.go which version of
// the contract its holder builds on, explain.go why a call is refused,
// sentences.go the words that all parties read.
//
// Invariants: one application has at most one grant for one LID; the provider,
// owner of the LID, writes it, and the consumer sees it; a field or a parameter
// that the LID's contract does not have cannot be granted. A version that was
// submitted never changes and is decided on once; what is given is at most what
// was asked; nobody decides on what they submitted; a closed LID takes two
// people, whichever way access is written; the hub by itself never gives back
// what a person took; only its holder moves a grant to another version. The words written here are what the gateway enforces:
// exchange/policy compiles them.
package grant
