// Package safety is the room that keeps the whole store safe: it checks all of
// it, copies all of it, and brings it back.
//
//   - [Check] reads everything that a stopped hub has on disk and in its database
//     and names what is not as it was written (check.go, inventory.go, sealed.go).
//   - [Backup] copies the store of a running hub into one encrypted file
//     (backup.go, rows.go, log.go); [Receipt] is what stays beside it in clear.
//   - [Verify] reads backups and compares every byte with what they promise.
//   - [Restore] brings a backup back into an empty folder and database, says how
//     old it is, and refuses one that is older than what is known to exist.
//
// # What belongs together
//
// A backup is taken in the order database, transparency log, journal. The
// database is read in one snapshot; what is derived from the journal stands there
// with the position up to which it was read, and that was on disk before. So the
// journal, copied last, always reaches beyond both the database's positions and
// the log: nothing derived is ever ahead of what it is derived from.
//
// # Invariants
//
//   - A backup without a recipient does not exist.
//   - A file under its final name is whole, and on disk.
//   - Nothing of a backup is used before all of it, in all files of its chain,
//     was read and found to be what its manifest says.
//   - Restoring changes nothing that exists.
//   - The keys of the vault are in a backup only when that was asked for.
//   - The journal of a restored store has ended, unless somebody says that the hub has not
//     run since the backup; where it is known that it has, that is refused.
//
// It owns no tables and no screens; the file restored.json in the data folder is
// its own.
package safety
