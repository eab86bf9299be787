// Package archive is the door to backup files: a tar of plain files, compressed
// by zstd, encrypted by age. Nothing about that is Simpul's own, so whoever has
// the key can look into a backup without the program:
//
//	age -d -i kunci.txt cadangan.simpul | zstd -dc | tar -tv
//
// A [Writer] streams, holds little in memory, and puts the file under its name
// when it is whole and on disk; before that there is a file with ".part" behind
// its name, which goes when something fails.
//
// A [Reader] takes a file for hostile until it ends well. Anyone can encrypt to
// a public key, so what is inside is not trusted either: names are plain and
// relative, entries are regular files with a bounded size and stand once, nothing
// follows the last one, and what unpacks to a thousand times its size is refused.
// age tells a truncated or altered file from a whole one.
//
// Third-party packages: filippo.io/age for encryption, klauspost/compress for
// zstd, which the standard library does not have and which keeps up with a disk.
package archive
