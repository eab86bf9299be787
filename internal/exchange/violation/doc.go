// Package violation owns the report of what passes through the hub and is not
// what its contract says: for the provider of a LID, the operator, and each
// consumer as far as its own requests go.
//
// # What is guaranteed
//
//   - Nothing of a message is kept: of a violation the hub knows the place, as
//     the contract names it, the keyword, and what is expected there. Elements of
//     lists and names that the contract does not have are "*".
//   - [Collector.Note] stands on the path of a call. It never waits for anything
//     but a lock over one of 16 counters, writes in the background, and holds a
//     bounded amount: beyond that, violations are counted together as "other",
//     and examples are dropped and counted.
//   - Counts are exact by the hour. Of examples the first three of each kind and
//     hour are kept, then those whose number is a power of two.
//   - What was not written when the process ends without warning is lost: at most
//     the last two seconds. The exchanges themselves are in the evidence.
//   - A consumer sees the violations of its own requests, and nothing of
//     others. Which application sent a request, its provider and the operator see.
//   - The provider is told once a day at most that answers are being refused.
//
// kind.go has what is counted, collector.go the path of a call, flush.go what is
// written, report.go what is read, store.go the SQL, api.go the operation,
// pages.go the screen.
//
// Dependency: templ.
package violation
