package evidence

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"simpul"
)

// Trouble says in one word why the journal stopped.
type Trouble string

// The troubles.
const (
	NoTrouble Trouble = ""
	Full      Trouble = "full"      // no space, or no quota, is left
	ReadOnly  Trouble = "read_only" // the file system takes no writes: mounted so, or after a fault
	Faulty    Trouble = "faulty"    // the disk reports errors
	Forbidden Trouble = "forbidden" // the process may not write
	Damaged   Trouble = "damaged"   // what is on disk is not what was written
	Stopped   Trouble = "stopped"   // for another reason
)

// Troubles lists all but NoTrouble, in the order of their numbers in the metric.
func Troubles() []Trouble { return []Trouble{Full, ReadOnly, Faulty, Forbidden, Damaged, Stopped} }

// TroubleOf reads the cause of an error of the journal.
func TroubleOf(err error) Trouble {
	if err == nil {
		return NoTrouble
	}
	if _, damaged := errors.AsType[*DamageError](err); damaged {
		return Damaged
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return Full
	case errors.Is(err, syscall.EROFS):
		return ReadOnly
	case errors.Is(err, syscall.EIO):
		return Faulty
	case errors.Is(err, os.ErrPermission):
		return Forbidden
	}
	return Stopped
}

// Says tells in one sentence what is wrong, and in another what its operator can do.
func (t Trouble) Says() (what, remedy simpul.Text) {
	switch t {
	case Full:
		return simpul.Text{ID: "Disk jurnal bukti penuh", EN: "The disk of the evidence journal is full"},
			simpul.Text{ID: "Operator hub: kosongkan ruang pada disk folder data. Hub melanjutkan sendiri dalam beberapa detik.",
				EN: "The hub's operator: free space on the disk of the data folder. The hub goes on by itself within seconds."}
	case ReadOnly:
		return simpul.Text{ID: "Disk jurnal bukti hanya dapat dibaca", EN: "The disk of the evidence journal is read-only"},
			simpul.Text{ID: "Operator hub: periksa disk itu (dmesg), perbaiki, lalu pasang lagi agar dapat ditulis. Hub melanjutkan sendiri.",
				EN: "The hub's operator: check that disk (dmesg), mend it, and mount it writable again. The hub goes on by itself."}
	case Faulty:
		return simpul.Text{ID: "Disk jurnal bukti melaporkan kesalahan", EN: "The disk of the evidence journal reports errors"},
			simpul.Text{ID: "Operator hub: periksa kesehatan disk itu dan ganti bila perlu. Begitu dapat ditulis, hub melanjutkan sendiri.",
				EN: "The hub's operator: check that disk's health and replace it if need be. Once it can be written, the hub goes on by itself."}
	case Forbidden:
		return simpul.Text{ID: "Hub tidak diizinkan menulis jurnal bukti", EN: "The hub is not permitted to write the evidence journal"},
			simpul.Text{ID: "Operator hub: kembalikan pemilik dan mode folder data. Hub melanjutkan sendiri.",
				EN: "The hub's operator: restore the owner and mode of the data folder. The hub goes on by itself."}
	case Damaged:
		return simpul.Text{ID: "Jurnal bukti rusak", EN: "The evidence journal is damaged"},
			simpul.Text{ID: "Operator hub: jangan hapus apa pun. Salin folder bukti, lalu pulihkan berkas itu dari cadangan.",
				EN: "The hub's operator: delete nothing. Copy the evidence folder, then restore that file from a backup."}
	}
	return simpul.Text{ID: "Jurnal bukti tidak dapat ditulis", EN: "The evidence journal cannot be written"},
		simpul.Text{ID: "Operator hub: periksa ruang dan kesehatan disk folder data; bila hub tidak melanjutkan sendiri, mulai ulang simpul.",
			EN: "The hub's operator: check the free space and health of the data folder's disk; where the hub does not go on by itself, restart simpul."}
}

// needsProbe reports whether the journal could be opened again and would stop at its next
// record, or its next file.
func (t Trouble) needsProbe() bool { return t == Full || t == ReadOnly || t == Forbidden }

// probeBytes is how much room a journal needs to go on after its disk was full.
const probeBytes = 256 << 10

// probe finds out whether the disk takes a new file and what a busy moment writes, so that a
// journal whose disk is still full, or whose folder is still shut, does not go on for one record.
func probe(open opener, dir string) error {
	path := filepath.Join(dir, "probe")
	f, err := open(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	return errors.Join(writeFull(f, make([]byte, probeBytes)), f.Sync(), f.Close(), os.Remove(path))
}

// Free returns the bytes that are left on the disk of the journal, as the process may
// use them; false where the system does not tell.
func (j *Journal) Free() (int64, bool) {
	var s unix.Statfs_t
	if err := unix.Statfs(j.dir, &s); err != nil {
		return 0, false
	}
	return int64(s.Bavail) * s.Bsize, true
}
