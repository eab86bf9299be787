package ledger

import (
	"fmt"
	"time"

	"simpul"
)

// DamageError says that the log on disk is not what was written, or not what the
// journal says, and where.
type DamageError struct {
	File string // below the folder of the log, or the list of blocks beside the journal
	Err  error
}

// Error names the file first.
func (d *DamageError) Error() string { return d.File + ": " + d.Err.Error() }

// Unwrap returns what is wrong there.
func (d *DamageError) Unwrap() error { return d.Err }

// damaged dresses damage of a file for a person.
func damaged(file string, cause error) error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Place:   file,
		Message: simpul.Text{ID: "Log bukti tidak cocok dengan jurnal atau rusak pada " + file + ".", EN: "The evidence log does not match the journal, or is damaged, in " + file + "."},
		Remedy: simpul.Text{
			ID: "Jangan hapus apa pun. Salin folder data, lalu pulihkan berkas itu dari cadangan.",
			EN: "Delete nothing. Copy the data folder, then restore that file from a backup.",
		},
		Err: &DamageError{File: file, Err: cause},
	}
}

func unreadable(cause error) error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Log bukti tidak dapat dibaca.", EN: "The evidence log cannot be read."},
		Remedy: simpul.Text{
			ID: "Periksa izin folder data serta ruang dan kesehatan disk, lalu coba lagi.",
			EN: "Check the permissions of the data folder and the disk's free space and health, then try again.",
		},
		Err: cause,
	}
}

// retryNotYet is how long whoever asks too early is told to wait: a block is made
// within a second, and its checkpoint soon after.
const retryNotYet = 2 * time.Second

func notYet(sequence, covered uint64) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Retry:   retryNotYet,
		Message: simpul.Text{ID: "Pertukaran ini belum ada di log bukti.", EN: "This exchange is not in the evidence log yet."},
		Remedy:  simpul.Text{ID: "Coba lagi beberapa detik lagi.", EN: "Try again in a few seconds."},
		Err:     fmt.Errorf("record %d, and the log covers %d", sequence, covered),
	}
}

// Elsewhere tells whoever asks this process for the proof of an exchange that
// stands in the journal of another one.
func Elsewhere(journal string) error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Catatan pertukaran ini ada di jurnal " + journal + ", milik proses hub yang lain.", EN: "The record of this exchange is in the journal " + journal + ", of another process of the hub."},
		Remedy: simpul.Text{
			ID: "Minta bukti kepada proses yang memegang jurnal itu, atau minta operator hub mengambilkannya.",
			EN: "Ask the process that holds that journal for the proof, or ask the hub's operator to fetch it.",
		},
	}
}
