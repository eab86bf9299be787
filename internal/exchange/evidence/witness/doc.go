// Package witness owns what keeps the operator of a hub honest: others who watch
// that its evidence log only grows, and sign what they saw. It is both sides of
// C2SP tlog-witness (https://c2sp.org/tlog-witness).
//
// # What is guaranteed by a witness, the role of the binary
//
//   - [Role] never cosigns two trees of one size of a log, nor a tree that does
//     not contain the one that it cosigned before. What it saw is on disk, file and
//     folder synced, before it signs; kill it at any moment.
//   - What it cannot read of its memory is an error, never an empty memory: one
//     that forgets could be led to vouch for a second tree. A disk that failed
//     once is not believed until the process is started again.
//   - It reads at most [MaxSubmission] bytes, needs no database, and signs nothing
//     that a key of its configured logs has not signed.
//
// # What is guaranteed by the hub
//
//   - [Gatherer] sends the newest checkpoint to each witness every minute, and five
//     seconds after the last when the log has grown. Each witness has a goroutine, a deadline and a
//     backoff of its own. No exchange waits for any of it.
//   - A cosignature counts if the configured key made it over exactly this
//     checkpoint, and its time is within five minutes before and one after the
//     hub's.
//   - A witness that has seen a larger tree (for a minute, and with the log abreast of
//     its journal) or another tree is an alarm, which lasts over restarts until
//     that witness cosigns again. The cosignatures that the hub
//     holds are evidence by themselves: a log that was put back is recognised even
//     while every witness is silent, as long as the database was not put back with
//     it; then the witnesses know.
//   - Of each witness the newest sixteen cosignatures are kept, and the last of each
//     day. A newer one proves every older entry, and the older ones prove when.
//   - [Gatherer.Cosigned] gives one note with the cosignatures of several witnesses.
//
// Witnesses that the hub's operator runs are shown and counted apart: they vouch
// for nothing against the operator.
//
// Of the role: role.go decides, memory.go and keyfile.go are the disk, serve.go is
// HTTP. Of the hub: gather.go has the rounds, visit.go what one witness is asked and
// what its answer means, settle.go what is stored and whom is told, note.go the
// merged note, state.go where logs stand, store.go the SQL, api.go and pages.go what
// is shown. Of both: checkpoint.go, key.go, submission.go and answer.go read and
// write the formats.
//
// Dependencies: golang.org/x/mod/sumdb/note opens signed notes and
// github.com/transparency-dev/merkle checks consistency proofs, both as other logs
// and witnesses do; templ. Cosignatures are written here: the published library reads
// the machine's clock by itself, and takes keys whose hash is not that of the key.
package witness
