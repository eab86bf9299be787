// Package cache keeps answers of providers and gives them again, for LIDs whose
// provider declares that (simpul.Freshness): a shared cache by RFC 9111, with
// stale-if-error by RFC 5861 and Cache-Status by RFC 9211.
//
// It owns no table; what it keeps is in memory and dies with the process.
//
// Invariants:
//
//   - It stands behind the decision and the record of an exchange, and before the
//     provider: an answer that was kept needs a grant in effect, and leaves evidence,
//     as any other.
//   - What one grant got is given to that grant alone. Where the provider declares
//     answers of an open LID to be shared, one serves every grant that delivers the
//     same fields and rows. Nothing else crosses from one tenant to another.
//   - What is kept is what the provider said. Changes, checks and the selection of
//     fields follow each time, by what holds then.
//   - Validators that a consumer sees stand for what is delivered to it.
//   - Answers of closed LIDs are never kept.
//   - Nothing outlives the LID as it was published, a change of the grant, a write
//     through this process, or a purge on any.
//   - Memory is bounded over all, and no tenant can take more than its share of it.
//
// Files: cache.go the way of one call, question.go what it asks for and under which
// key, directives.go Cache-Control, freshness.go what may be kept and for how long,
// entry.go one kept answer, vary.go which request it answers, validator.go
// conditional requests, memory.go and share.go what is held, flight.go calls that
// wait for the same answer, epoch.go what makes kept answers void, status.go what
// is told; purge.go and api.go let the provider have everything forgotten.
package cache
