package vault

import (
	"errors"
	"fmt"
	"io/fs"

	"simpul"
)

// Why a value does not open, and why a key file is refused.
var (
	ErrUnknownKey = errors.New("sealed under a key that is not in the key file")
	ErrAltered    = errors.New("altered, or sealed for another place")
	ErrLost       = errors.New("key file is missing")
	ErrForeign    = errors.New("key file of another database")

	ErrWrapped      = errors.New("key file is wrapped")
	ErrClear        = errors.New("key file is in clear")
	ErrForeignGuard = errors.New("key file is wrapped by another key")
)

var restoreFile = simpul.Text{
	ID: "Pulihkan salinan terbaru berkas kunci dari cadangan, dengan mode 0600; jangan buat yang baru. Tanpa berkas itu data tersegel tidak dapat dibuka.",
	EN: "Restore the newest copy of the key file from its backup, with mode 0600; do not make a new one. Without it sealed data cannot be opened.",
}

func lostFile(file string) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Err: ErrLost,
		Message: simpul.Text{ID: "Berkas kunci " + file + " tidak ada, padahal basis data berisi data yang tersegel dengannya.", EN: "The key file " + file + " does not exist, but the database holds data that is sealed with it."},
		Remedy:  restoreFile,
	}
}

func foreignFile(file string) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Err: ErrForeign,
		Message: simpul.Text{ID: "Berkas kunci " + file + " bukan milik basis data ini.", EN: "The key file " + file + " is not the one of this database."},
		Remedy: simpul.Text{
			ID: "Gunakan berkas kunci dari node lain pada hub ini, atau dari cadangannya; atau arahkan database.url ke basis data yang benar.",
			EN: "Use the key file of another node of this hub, or of its backup; or point database.url to the right database.",
		},
	}
}

func exposedFile(file string, mode fs.FileMode) error {
	return simpul.Invalid("vault.file",
		simpul.Text{ID: fmt.Sprintf("Berkas kunci %s dapat dibaca pengguna lain (mode %04o).", file, mode), EN: fmt.Sprintf("Others may read the key file %s (mode %04o).", file, mode)},
		simpul.Text{ID: "Jalankan: chmod 600 " + file + ". Jika orang lain mungkin sudah membacanya, putar kuncinya.", EN: "Run: chmod 600 " + file + ". If somebody may have read it already, rotate the keys."})
}

func damagedFile(file string) error {
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: "vault.file", Err: errDamaged,
		Message: simpul.Text{ID: "Berkas kunci " + file + " rusak atau bukan berkas kunci.", EN: "The key file " + file + " is damaged, or is not a key file."},
		Remedy:  restoreFile,
	}
}

func unknownKey(file string, id KeyID, place Place, err error) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Err: fmt.Errorf("open %s.%s: key %s: %w", place.Table, place.Column, id, errors.Join(ErrUnknownKey, err)),
		Message: simpul.Text{ID: "Kunci " + id.String() + " dari data tersegel tidak ada dalam berkas kunci " + file + ".", EN: "Key " + id.String() + " of sealed data is not in the key file " + file + "."},
		Remedy:  restoreFile,
	}
}

// altered does not name the row: its key may be personal.
func altered(place Place) error {
	return &simpul.Error{
		Code: simpul.CodeInternal, Err: fmt.Errorf("open %s.%s: %w", place.Table, place.Column, ErrAltered),
		Message: simpul.Text{ID: "Data tersegel telah berubah atau berpindah tempat.", EN: "Sealed data was altered, or moved from its place."},
		Remedy:  simpul.Text{ID: "Pulihkan baris itu dari cadangan basis data, dan periksa siapa yang mengubahnya.", EN: "Restore the row from a backup of the database, and find out who changed it."},
	}
}

func incomplete(place Place) error {
	return fmt.Errorf("seal: place without table, row or column: %q.%q", place.Table, place.Column)
}

func unsealable(place Place, err error) error {
	return fmt.Errorf("seal %s.%s: %w", place.Table, place.Column, err)
}

func noSuchKey(id KeyID) error {
	return simpul.NotFound(simpul.Text{ID: "Kunci", EN: "Key"}, id.String())
}

func stillPrimary(id KeyID) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Kunci " + id.String() + " masih dipakai untuk menyegel.", EN: "Key " + id.String() + " still seals."},
		Remedy:  simpul.Text{ID: "Putar kunci, segel ulang datanya, lalu hapus kunci itu.", EN: "Rotate, seal the data anew, and then destroy the key."},
	}
}

func unguarded(file string) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Place: "vault.pkcs11", Err: ErrWrapped,
		Message: simpul.Text{ID: "Berkas kunci " + file + " terbungkus kunci token PKCS#11, tetapi token itu tidak diatur.", EN: "The key file " + file + " is wrapped by the key of a PKCS#11 token, but no token is set."},
		Remedy:  simpul.Text{ID: "Isi vault.pkcs11, atau buka bungkusnya dengan: simpul vault unwrap.", EN: "Fill in vault.pkcs11, or unwrap it with: simpul vault unwrap."},
	}
}

func notWrapped(file string) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Place: "vault.file", Err: ErrClear,
		Message: simpul.Text{ID: "Berkas kunci " + file + " belum terbungkus, padahal vault.pkcs11 diatur.", EN: "The key file " + file + " is not wrapped, although vault.pkcs11 is set."},
		Remedy:  simpul.Text{ID: "Hentikan hub, lalu bungkus dengan: simpul vault wrap.", EN: "Stop the hub, and wrap it with: simpul vault wrap."},
	}
}

func foreignGuard(file string) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Place: "vault.pkcs11.key", Err: ErrForeignGuard,
		Message: simpul.Text{ID: "Berkas kunci " + file + " terbungkus kunci lain, bukan kunci token ini.", EN: "The key file " + file + " is wrapped by another key than this token's."},
		Remedy:  simpul.Text{ID: "Pasang token yang dipakai ketika membungkusnya, atau pulihkan berkas kunci dari cadangannya.", EN: "Plug in the token with which it was wrapped, or restore the key file from its backup."},
	}
}

func alreadySo(file string, wrapped bool) error {
	e := &simpul.Error{
		Code: simpul.CodeConflict, Place: "vault.file",
		Message: simpul.Text{ID: "Berkas kunci " + file + " sudah tidak terbungkus.", EN: "The key file " + file + " is in clear already."},
		Remedy:  simpul.Text{ID: "Tidak ada yang perlu dilakukan.", EN: "There is nothing to do."},
	}
	if wrapped {
		e.Message = simpul.Text{ID: "Berkas kunci " + file + " sudah terbungkus.", EN: "The key file " + file + " is wrapped already."}
	}
	return e
}
