// Package provider calls the services of providers (Penyedia), who are seen by
// nobody but the hub.
//
// It guarantees: a provider that is silent for longer than its route allows is
// given up, before the answer and within it; an answer streams, whatever its
// size; the provider's own address does not show in what comes back; what went
// wrong is told as unavailable (cannot be reached), timeout (too slow) or
// upstream (answered nonsense), with the provider as the owner, or as aborted
// where the consumer gave up. The calls of one agency take at most three quarters of
// the connections to an origin, so that its slow readers leave some to others.
package provider
