package web

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// Fail answers with a page that says what went wrong, who can mend it and what
// to do next. It looks for a *simpul.Error in err's chain; anything else is our
// own fault: it is logged, and its text stays inside.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	fault := siteOf(r.Context()).inWords(readable(err))
	status := httpapi.Status(fault.Code)
	if status >= http.StatusInternalServerError && !httpapi.Left(r, err) {
		slog.ErrorContext(r.Context(), "page failed", "path", r.URL.Path, "status", status, "error", err)
	}
	w.Header().Set("Cache-Control", "no-store")
	var page bytes.Buffer
	if err := failure(status, fault).Render(r.Context(), &page); err != nil {
		http.Error(w, http.StatusText(status), status)
		return
	}
	send(w, r, status, page.Bytes())
}

// inWords tells whoever lacks a permission what they may not do, in place of its
// name.
func (s Site) inWords(fault *simpul.Error) *simpul.Error {
	lacking, ok := errors.AsType[simpul.Lacking](fault)
	if !ok || s.Deed == nil {
		return fault
	}
	deed := s.Deed(simpul.Permission(lacking))
	if deed == (simpul.Text{}) {
		return fault
	}
	said := *fault
	said.Message = simpul.Text{ID: "Peran Anda tidak mencakup hak untuk " + deed.ID + ".", EN: "Your roles do not let you " + deed.EN + "."}
	return &said
}

// readable returns the error that a person may read.
func readable(err error) *simpul.Error {
	if e, ok := errors.AsType[*simpul.Error](err); ok && e != nil && e.Message != (simpul.Text{}) {
		return e
	}
	return &simpul.Error{
		Code:    simpul.CodeInternal,
		Message: simpul.Text{ID: "Halaman ini tidak dapat ditampilkan karena kesalahan di pihak kami.", EN: "This page cannot be shown because of a fault on our side."},
		Remedy:  simpul.Text{ID: "Coba lagi beberapa saat lagi. Jika tetap gagal, hubungi pengelola hub dan sebutkan waktu kejadiannya.", EN: "Try again in a moment. If it keeps failing, tell the operator of this hub when it happened."},
	}
}

// headline names the kind of failure in a few words.
func headline(code simpul.Code) simpul.Text {
	switch code {
	case simpul.CodeInvalid, simpul.CodeMethodNotAllowed:
		return simpul.Text{ID: "Permintaan belum dapat diproses", EN: "We could not process the request"}
	case simpul.CodeUnauthenticated:
		return simpul.Text{ID: "Silakan masuk dulu", EN: "Please sign in first"}
	case simpul.CodeDenied:
		return simpul.Text{ID: "Akses tidak diizinkan", EN: "Access is not allowed"}
	case simpul.CodeNotFound:
		return simpul.Text{ID: "Halaman tidak ditemukan", EN: "Page not found"}
	case simpul.CodeConflict:
		return simpul.Text{ID: "Data sudah berubah", EN: "The data has changed"}
	case simpul.CodeGone:
		return simpul.Text{ID: "Sudah berakhir", EN: "No longer available"}
	case simpul.CodeTooLarge:
		return simpul.Text{ID: "Kiriman terlalu besar", EN: "The upload is too large"}
	case simpul.CodeLimited:
		return simpul.Text{ID: "Terlalu banyak permintaan", EN: "Too many requests"}
	case simpul.CodeUpstream, simpul.CodeTimeout:
		return simpul.Text{ID: "Penyedia tidak menjawab dengan benar", EN: "The provider did not answer properly"}
	case simpul.CodeUnavailable:
		return simpul.Text{ID: "Layanan sedang tidak tersedia", EN: "The service is unavailable"}
	}
	return simpul.Text{ID: "Terjadi kesalahan di pihak kami", EN: "Something went wrong on our side"}
}
