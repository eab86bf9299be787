// Package vault is the door to encryption at rest, by Tink: secrets and personal
// fields are sealed before they are stored, so that a copy of the database alone
// tells nothing of them.
//
// [Vault.Seal] encrypts with AES-256-GCM and binds the result to its [Place]: a
// value that is copied to another row, column, table or tenant does not open.
// [Vault.Digest] is a keyed hash (HMAC-SHA-256), by which a field such as an
// e-mail address is found again without being stored in clear.
//
// # What it does not do
//
// It does not hide how long a value is. It does not tell an older value of the
// same place from the newest: whoever can write to the database can put back
// what stood there before. The keys are in the memory of the hub and in a file
// in clear, so whoever becomes the hub's user, or reads that file, reads all.
//
// # The key file and its backup
//
// All keys are in one file, which only its owner may read (mode 0600 or 0400).
// Every node of a hub has the same file. Without it the sealed values are lost
// for ever, so:
//
//   - Copy it when it is made, and after every rotation, to a place that is not
//     where the backups of the database are: together they are the clear text.
//   - Restore it, with mode 0600, before the hub starts. A hub whose database
//     was sealed with another key file refuses to start ([Attach]).
//   - The newest copy opens what all earlier ones did, unless keys were
//     destroyed. An older copy does not open what was sealed since.
//
// # Rotation
//
// [Vault.Rotate] adds a key, under which everything is sealed from then on; the
// older keys still open. One key must not seal more than 2^32 values (NIST SP
// 800-38D section 8.3), and a year is a good habit. With several machines, copy
// the file to all of them after a rotation; a process that meets a value under a
// key that it does not know reads its file again.
//
// To retire a key, seal everything anew that [Vault.Current] says no to, and
// then [Vault.Destroy] it. Whatever was left under it is erased, in backups of
// the database too, as soon as every copy of the file that holds it is gone.
// The key of [Vault.Digest] is never rotated, since the digests are what rows
// are found by.
package vault
