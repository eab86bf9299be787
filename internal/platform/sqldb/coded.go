package sqldb

import (
	"errors"

	"simpul"
)

// Coded turns what a statement ran into into an error that a person can read.
// A room that can say more says it before it calls Coded.
func Coded(err error, kind simpul.Text, id string) error {
	switch {
	case errors.Is(err, ErrNoRows):
		return simpul.NotFound(kind, id)
	case errors.Is(err, ErrScope):
		return &simpul.Error{
			Code: simpul.CodeDenied, Err: err,
			Message: simpul.Text{ID: kind.ID + " \"" + id + "\" bukan milik instansi Anda.", EN: kind.EN + " \"" + id + "\" does not belong to your agency."},
			Remedy:  simpul.Text{ID: "Gunakan token instansi pemiliknya.", EN: "Use a token of the agency that owns it."},
		}
	case errors.Is(err, ErrReference):
		return &simpul.Error{
			Code: simpul.CodeConflict, Err: err,
			Message: simpul.Text{ID: kind.ID + " \"" + id + "\" masih dipakai, atau menunjuk sesuatu yang belum ada.", EN: kind.EN + " \"" + id + "\" is still in use, or names something that does not exist."},
			Remedy:  simpul.Text{ID: "Hapus dahulu yang bergantung padanya, atau buat dahulu yang ditunjuknya.", EN: "First delete what depends on it, or create what it names."},
		}
	case errors.Is(err, ErrDuplicate):
		return &simpul.Error{
			Code: simpul.CodeConflict, Err: err,
			Message: simpul.Text{ID: kind.ID + " \"" + id + "\" sudah ada.", EN: kind.EN + " \"" + id + "\" already exists."},
			Remedy:  simpul.Text{ID: "Pilih nama lain.", EN: "Choose another name."},
		}
	}
	return err
}
