package evidence

import (
	"errors"
	"fmt"
	"time"

	"simpul"
)

// DamageError says that the journal on disk is not what was written, and where.
type DamageError struct {
	File     string // name of the segment
	Offset   int64  // bytes from the start of the file
	Sequence uint64 // of the record that should be there; 0 for the file's header
	Through  uint64 // the last record that is wrong with it; 0: no other
	Other    string // another file that it may be about instead: one that is gone
	Err      error  // a [Fault], or what the system said
}

// Error names the place first, for a person with a hex viewer.
func (d *DamageError) Error() string {
	said := fmt.Sprintf("%s, offset %d, record %d: %v", d.File, d.Offset, d.Sequence, d.Err)
	if d.Through > d.Sequence {
		said += fmt.Sprintf(", up to record %d", d.Through)
	}
	return said
}

// Unwrap returns what is wrong there.
func (d *DamageError) Unwrap() error { return d.Err }

// mayBeTorn reports whether an interrupted write can leave such damage.
func (d *DamageError) mayBeTorn() bool {
	return errors.Is(d.Err, FaultShort) || errors.Is(d.Err, FaultLength) || errors.Is(d.Err, FaultChecksum)
}

// explain dresses a failure to read the journal for a person.
func explain(err error) error {
	d, ok := errors.AsType[*DamageError](err)
	if !ok {
		return unreadable(err)
	}
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Place:   d.File,
		Message: simpul.Text{ID: "Jurnal bukti rusak pada berkas " + d.File + ".", EN: "The evidence journal is damaged in file " + d.File + "."},
		Remedy: simpul.Text{
			ID: "Jangan hapus apa pun. Salin folder bukti, lalu pulihkan berkas itu dari cadangan.",
			EN: "Delete nothing. Copy the evidence folder, then restore that file from a backup.",
		},
		Err: err,
	}
}

func unreadable(cause error) error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Jurnal bukti tidak dapat dibaca.", EN: "The evidence journal cannot be read."},
		Remedy: simpul.Text{
			ID: "Periksa izin folder data serta ruang dan kesehatan disk, lalu coba lagi.",
			EN: "Check the permissions of the data folder and the disk's free space and health, then try again.",
		},
		Err: cause,
	}
}

// retryAfter is when it is worth to call again: the hub looks every two seconds whether
// it can go on.
const retryAfter = 5 * time.Second

// unwritable says why nothing can be recorded, and so no exchange takes place. Waiting
// helps whoever calls: the hub tries to go on every few seconds.
func unwritable(cause error) error {
	what, remedy := TroubleOf(cause).Says()
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: what.ID + ", maka pertukaran tidak dilayani.", EN: what.EN + ", so no exchange is served."},
		Remedy:  remedy,
		Retry:   retryAfter,
		Err:     cause,
	}
}

func interrupted(cause error) error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Pertukaran tidak dapat dicatat pada waktunya.", EN: "The exchange could not be recorded in time."},
		Remedy:  simpul.Text{ID: "Coba lagi sebentar lagi.", EN: "Try again in a moment."},
		Err:     cause,
	}
}

func behind(cause error) error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Pencarian pertukaran masih tertinggal dari jurnal bukti.", EN: "The search for exchanges is still behind the evidence journal."},
		Remedy:  simpul.Text{ID: "Coba lagi beberapa detik lagi.", EN: "Try again in a few seconds."},
		Err:     cause,
	}
}

func dropped(floor time.Time) error {
	day := floor.UTC().Format(time.DateOnly)
	return &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Pertukaran sebelum " + day + " tidak dapat dicari lagi; masa simpannya lewat.", EN: "Exchanges from before " + day + " can no longer be looked up; they were kept for as long as the rule says."},
		Remedy:  simpul.Text{ID: "Minta operator hub mencari nomor ini di berkas jurnal bukti.", EN: "Ask the hub's operator to look for this ID in the files of the evidence journal."},
	}
}

func closed() error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Jurnal bukti sudah ditutup.", EN: "The evidence journal is closed."},
		Remedy:  simpul.Text{ID: "Tunggu sampai simpul berjalan kembali.", EN: "Wait until simpul runs again."},
	}
}

func held(dir string) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Place:   dir,
		Message: simpul.Text{ID: "Jurnal bukti sedang dipakai proses lain.", EN: "Another process holds the evidence journal."},
		Remedy:  simpul.Text{ID: "Hentikan proses itu, atau pilih folder data lain.", EN: "Stop that process, or choose another data folder."},
	}
}
