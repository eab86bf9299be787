// Package ledger keeps the journal in a transparency log that anybody may read: a
// Merkle tree of blocks of records on Tessera (C2SP tlog-tiles), whose checkpoint the hub
// signs. What was recorded once can then be proved to others, and changed by nobody
// unseen, the operator included.
//
// # What it owns
//
// The log of each journal in DATA/log/JOURNAL, made of tiles and entry bundles;
// DATA/evidence/blocks.list, which says where each block ends (borders.go); and
// the table evidence_log, with the sealed key of each log and the largest head
// that was published.
//
//   - [Ledger] follows the journal ([Ledger.Run]) and proves records ([Ledger.Prove]).
//   - [Keys] makes and keeps the keys; [RegisterKeys] publishes them.
//   - [Ledger.Register] serves the log, [RegisterAPI] the proofs.
//   - [Check] derives a whole log anew and names every file that differs.
//
// # Way of a record
//
// A record that is on disk in the journal is read (build.go), becomes a leaf of a
// block of up to 256, and the block an entry of the log (follow.go, appender.go).
// Where records are few, those of one second share a block; under load blocks are
// full, and up to 1,024 of them share one round of fsyncs. Nothing waits for the
// log: it reads the journal behind the traffic, and may be behind for as long as
// its disk likes.
//
// # Invariants
//
//   - The blocks cover the journal from record 1 on, without gap and in order.
//   - Only what is on disk in the journal is in the log, so the log is never ahead
//     of it. One that is found ahead says that the journal has lost records.
//   - A block is on the list, on disk, before it is in the log. So the list, the
//     journal and the key say all that the log says: one that lost its tail, or is
//     gone, is built again to the same root. A list that is gone is read from the log.
//   - At each start the last entry is held against the journal's records, and the
//     largest head that was noted in the database against the tree. What differs
//     is damage with a name; nothing is published over it.
//   - A proof is made from the records as they are now, and refused if they are
//     not those that went into the log.
//   - The log of a journal that has ended is read and never written again: nothing is
//     signed under its key that the hub may have signed otherwise elsewhere (ended.go).
//
// # Guarantees
//
// When Run has returned without an error in [Ledger.Err], a published checkpoint
// covers every record that was handed to the journal before its context ended. A
// log that cannot be written says so once, keeps the traffic out of it, and goes
// on by itself when it can. No path that a reader asks for leads out of the log.
//
// # What it does not guarantee
//
//   - A signature of the hub alone proves that the hub said so. That it says the same to
//     everybody is what cosignatures are for (interface [Cosigned]).
//   - While a log is built again, its checkpoint is one of fewer entries.
//   - A list and a log that are both gone cannot be built again with the same
//     blocks. Where a head was noted this is named; a backup has to help.
//   - An entry whose records retention removed can no longer be derived, only be
//     held to its place in the tree.
//   - Tessera panics where it cannot open its own lock file. That is looked for
//     before each batch, and whoever runs out of file descriptors between the two meets it.
//   - A gateway without a control listener keeps a log and serves no tiles of it.
//
// Third-party packages: transparency-dev/tessera, merkle and formats, and
// golang.org/x/mod/sumdb/note, which the standards come from; klog, which Tessera
// writes to, is silenced.
package ledger
