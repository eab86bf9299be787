// Package evidence is the room that remembers every exchange. Nothing that
// answers with personal data is delivered without a record on disk, and all that
// is later said about an exchange is derived from that record.
//
// # What it owns
//
// The journal in DATA/evidence: append-only segment files, one record after the
// other (frame.go, segment.go, codec.go say how they look). The keys that seal what
// can be traced to a person (evidence_key, evidence_key_end). And a view of it that
// can be searched, dropped and rebuilt: evidence_exchange and evidence_page,
// evidence_traffic, evidence_position, and with evidence_floor what is not in it.
// What was removed from the journals stands in evidence_removal, and which of them have
// ended in evidence_ending.
//
//   - [Recorder] writes the records as an exchange passes the gateway.
//   - [Keys] seals and opens their personal part, and erases it.
//   - [Journal] keeps them, [Reader] reads them in order.
//   - [Cleaner] removes them at the end of their retention.
//   - [Index] follows the journal into the database.
//   - [Exchanges] answers questions, and [Register] does so over HTTP.
//   - [Inspect] reads a whole journal and names all damage; [Take] says what of one
//     that is growing can be copied.
//
// A record holds no payload, no query and no path parameter. It is one line of
// JSON inside a checked frame, so no value in it can imitate another record. On whose
// behalf, for which case and about which persons stand sealed in it (personal.go,
// sealing.go, keys.go); how far the clock can be believed, where that is known
// (timekeeper.go). Digests of bodies are commitments wherever there is a sealed part, and
// their key stands in it ([simpul.DigestKey]).
//
// # Way of a record
//
// Writers put records into a batch in memory, where each gets its sequence
// (queue.go). One goroutine takes the batch, writes it with one call, makes it
// durable with one fsync if somebody waits for it, and tells them (committer.go):
// writers in company share the fsync, a lone writer waits for no company. Records
// that nobody waits for are written within 2 ms and synced within 100 ms.
//
// # End of a record
//
// First the key of its class and month is destroyed (erase.go): the personal part is
// erased for everybody, and not a byte of the record changes, so its proof holds. Then,
// when that is so for all records of the oldest segment, the segment goes (cleaner.go).
// The file "removed" and the database say up to where (removal.go), written before: what
// is missing beyond that is damage.
//
// # End of a journal
//
// A store that was restored must not go on with its journal: nobody knows what it recorded
// after the backup, and its log would fork. [Journal.End] moves the files to
// DATA/evidence/JOURNAL, with a file that says how it ended, and the journal that is begun
// in their place repeats that in its first record (ending.go). [OpenEnded] reads it; an
// index and the other followers read it as they do any journal, and what they have read
// beyond its end is no damage.
//
// # How the view is stored
//
// Delivered exchanges of open LIDs are the many, and alike: those of one batch of
// the index that share everything but identifier, status, digests, sizes and times
// stand on a page together, one row of evidence_page (page.go, pack.go). A page
// has up to 64, at most two seconds apart, and never changes. Every other exchange
// is a row of evidence_exchange: what failed, what the later of two records
// replaces, and what has no company in its batch. An exchange is in one of the two
// tables, and every answer is made of both (search.go, count.go).
//
// # Invariants
//
//   - What can be traced to a person is never written in the clear: sealed, or not at all.
//   - A record with a sealed part has no plain digest of a body, so that nobody who is
//     shown it can try bodies out, and nobody at all once its key is destroyed.
//   - A key is destroyed for ever, and none is destroyed in whose month records are
//     still made.
//   - What is personal is sealed with the key of the class and month in which the exchange
//     opened, or not at all: no other key's end erases it sooner or later (keys_demand.go).
//   - Sequences start at 1, rise by 1 and never mean two records that anybody was
//     told are on disk.
//   - A segment is complete on disk before the next one exists, so only the last
//     one can end in a torn write.
//   - A journal is held by one process at a time.
//   - A [Reader] returns intact records that are on disk, nothing else. So what is
//     derived can never be ahead of what it is derived from, not even after a
//     power cut; an index that is ahead is reported as loss of the journal.
//   - The index moves its position in the transaction that writes the rows: each
//     record counts once, however often the process dies.
//   - A segment goes only after whoever follows the journal has passed it, the oldest
//     first, and never the newest.
//   - A rebuilt view answers as before, from the first record on that the journal still
//     has. Its pages may have other borders, since
//     those depend on what the index read at once.
//   - Only the two parties of an exchange, and the nation, see it; its proof, in which all
//     that is personal stays sealed, is also for the persons whom it names.
//
// # Guarantees
//
// When [Journal.Commit] has returned nil the record survives a killed process and
// a power cut, as far as the disk honours fsync. When a write or a sync fails,
// nothing more is accepted, those who wait are told, and the journal resumes only
// after [Journal.Reopen] has read back and checked what is on disk, and after a full disk
// found room (trouble.go names causes and remedies). Opening
// removes the torn end that an interrupted write leaves, and reports it; any
// other damage is named by file, offset and sequence, and stops the opening.
// Memory is bounded: writers wait once 4,096 records or 4 MiB are underway.
//
// # What it does not guarantee
//
//   - [Journal.Append] promises order, not the disk: a power cut can take the last
//     100 ms of records that nobody waited for, a killed process the last 2 ms.
//   - A damaged last record looks like a torn one, and removing records from the
//     very end leaves no trace in the files; the index notices if it had read them.
//   - A checksum finds accidents. Somebody who can write the files can write
//     matching checksums; to prove that nobody did is what the transparency log is for.
//   - If a power cut leaves a hole in the unsynced end and an intact record behind
//     it, the journal does not guess: it refuses to open and names the place.
//   - A backup of the database from before a key was destroyed, with the vault's file, still
//     opens what that key sealed.
//   - A destroyed key erases a class and month, not one person.
//   - The lengths of bodies stand in the clear, since usage is counted by them: where each of a
//     few contents has a length of its own, its length tells which it was.
//   - Opening reads the newest 256 MiB in full and of older segments the header.
//     Damage further back is named when it is read, or by [Inspect].
//
// Third-party packages: go-json-experiment/json for quoting and strict decoding,
// golang.org/x/sys/unix for flock, fadvise, adjtimex and statfs, templ for the screens.
package evidence
