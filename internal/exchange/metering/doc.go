// Package metering is the room that counts: who called what, how it ended, how
// long it took. Whatever it says is derived from the journal of evidence, can be
// dropped and counted anew, and comes out the same.
//
// # What it owns
//
// The tables metering_hour (UTC, kept 90 days) and metering_day (Jakarta, kept 5
// years), metering_position and metering_floor.
//
//   - histogram.go  durations in buckets, with the error of what is read from them
//   - cell.go       what is counted apart, and what is counted
//   - meter.go      [Meter] follows the journal of this process
//   - usage.go      adds rows up for a [Question]; period.go divides the time
//   - service.go    [Service]: usage, unused grants, how far the count is, recount
//   - status.go     what the public may know of how a LID does
//   - api.go, pages.go, csv.go, words.go
//
// # Invariants
//
//   - An exchange counts once: the position in the journal moves in the transaction
//     that stores the counts. A killed process counts again what it had in memory.
//   - Nothing happens on the way of an exchange. The meter reads what is on disk.
//   - Each process counts its own journal; rows of several journals add up.
//   - A provider sees exchanges with its LIDs, a consumer those of its applications,
//     whoever acts for the nation all of them.
//   - The public learns states, never counts, and nothing of days with fewer than 10
//     calls: figures of few calls would tell who made them.
//   - What was dropped because it was kept long enough does not come back.
package metering
