package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"simpul"
)

// ErrDamaged is in the chain of every error that says that a file is not a whole
// backup as it was written.
var ErrDamaged = errors.New("damaged backup")

func damaged(path string, cause error) error {
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: path, Err: fmt.Errorf("%w: %w", ErrDamaged, cause),
		Message: simpul.Text{ID: "Berkas cadangan ini terpotong, rusak, atau bukan cadangan Simpul.", EN: "This backup is truncated, damaged, or not a backup of Simpul."},
		Remedy:  simpul.Text{ID: "Salin lagi dari tempat penyimpanan, atau pakai cadangan lain. Tidak ada isinya yang dipakai.", EN: "Copy it again from where it is kept, or use another backup. Nothing of it was used."},
	}
}

func hostile(path, why string) error {
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: path, Err: fmt.Errorf("%w: %s", ErrDamaged, why),
		Message: simpul.Text{ID: "Berkas cadangan ini memuat hal yang tidak pernah ditulis Simpul (" + why + ").", EN: "This backup holds what Simpul never writes (" + why + ")."},
		Remedy:  simpul.Text{ID: "Jangan pakai berkas ini, dan periksa dari mana asalnya. Tidak ada isinya yang dipakai.", EN: "Do not use this file, and find out where it came from. Nothing of it was used."},
	}
}

func locked(path string, cause error) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Place: path, Err: cause,
		Message: simpul.Text{ID: "Kunci ini tidak membuka cadangan itu.", EN: "This key does not open that backup."},
		Remedy:  simpul.Text{ID: "Sebutkan kunci rahasia age, atau frasa sandi, dari penerima cadangan.", EN: "Name the age secret key, or the passphrase, of the backup's recipient."},
	}
}

// Unwritable says that a file could not be written, with the usual reason in
// plain words.
func Unwritable(path string, cause error) error {
	e := &simpul.Error{
		Code: simpul.CodeUnavailable, Place: path, Err: cause,
		Message: simpul.Text{ID: "Berkas tidak dapat ditulis.", EN: "The file cannot be written."},
		Remedy:  simpul.Text{ID: "Periksa folder tujuan dan izinnya, lalu ulangi. Tidak ada berkas setengah jadi yang tertinggal.", EN: "Check the folder and its permissions, then repeat. No half file was left."},
	}
	switch {
	case errors.Is(cause, syscall.ENOSPC), errors.Is(cause, syscall.EDQUOT), errors.Is(cause, syscall.EFBIG):
		e.Message = simpul.Text{ID: "Disk penuh, sehingga berkas tidak dapat ditulis sampai selesai.", EN: "The disk is full, so the file could not be written to its end."}
		e.Remedy = simpul.Text{ID: "Sediakan ruang atau pilih disk lain, lalu ulangi. Tidak ada berkas setengah jadi yang tertinggal.", EN: "Make room or choose another disk, then repeat. No half file was left."}
	case errors.Is(cause, fs.ErrExist):
		e.Code = simpul.CodeConflict
		e.Message = simpul.Text{ID: "Berkas ini sudah ada.", EN: "This file exists already."}
		e.Remedy = simpul.Text{ID: "Pilih nama lain; cadangan lama tidak pernah ditimpa.", EN: "Choose another name; an older backup is never overwritten."}
	}
	return e
}

func unreadable(path string, cause error) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Place: path, Err: cause,
		Message: simpul.Text{ID: "Berkas tidak dapat dibaca.", EN: "The file cannot be read."},
		Remedy:  simpul.Text{ID: "Periksa nama berkas, izinnya, dan kesehatan disk.", EN: "Check the file's name, its permissions and the disk's health."},
	}
}
