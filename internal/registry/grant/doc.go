// Package grant owns the permissions: which application may call which LID,
// why, on which legal basis, which fields, how fast and until when.
//
// Invariants: one application has at most one grant for one LID; the provider,
// owner of the LID, writes it, and the consumer sees it; a field that the
// LID's contract does not have cannot be granted. The words written here are
// what the gateway enforces: exchange/policy compiles them.
package grant
