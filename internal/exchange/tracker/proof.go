package tracker

import (
	"context"
	"errors"
	"time"

	"simpul"
)

// Proofs gives out proofs of exchanges by the hub's own right: whoever asks has made
// sure that the person may have them. What is sealed in the record stays sealed, and a
// record in which something of persons stands open is refused.
type Proofs interface {
	Proof(ctx context.Context, id simpul.ExchangeID) (Proof, error)
}

// Proof is the proof of one exchange, and what the hub found when it checked it with
// its own keys.
type Proof struct {
	File      []byte // as it is handed out
	Sound     bool   // it holds
	Witnesses []string
	Dependent bool      // the hub's own operator runs all of them
	Newest    time.Time // when the last of them cosigned
}

// Prove returns the proof of one access of a person's history. What is not theirs, and
// what is kept from them yet, is told in the same words as what does not exist.
func (s *Service) Prove(ctx context.Context, nik simpul.NIK, id simpul.ExchangeID) (Proof, error) {
	a, err := s.Find(ctx, nik, id)
	if err != nil {
		return Proof{}, err
	}
	if s.Proofs == nil {
		return Proof{}, notHere(nil)
	}
	p, err := s.Proofs.Proof(ctx, a.Exchange)
	switch {
	case simpul.CodeOf(err) == simpul.CodeConflict:
		return Proof{}, notYet(err)
	case simpul.CodeOf(err) == simpul.CodeUnavailable:
		return Proof{}, notHere(err)
	case err == nil && !p.Sound:
		return Proof{}, unsound()
	}
	return p, err
}

// notYet says that the record is on its way into the log, without the words of those
// who keep one.
func notYet(cause error) error {
	e := &simpul.Error{
		Code: simpul.CodeConflict, Err: cause,
		Message: simpul.Text{ID: "Bukti akses ini sedang disiapkan.", EN: "The proof of this access is being prepared."},
		Remedy:  simpul.Text{ID: "Tunggu sekitar sepuluh detik, lalu muat ulang halamannya.", EN: "Wait some ten seconds, then load the page again."},
	}
	if told, ok := errors.AsType[*simpul.Error](cause); ok {
		e.Retry = told.Retry
	}
	return e
}

// notHere is for a hub, or a process of it, that keeps no log of this record.
func notHere(cause error) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Err: cause,
		Message: simpul.Text{ID: "Bukti akses ini belum dapat diberikan di halaman ini.", EN: "The proof of this access cannot be given on this page yet."},
		Remedy:  simpul.Text{ID: "Catat nomor pertukarannya; dengan nomor itu pengelola hub dapat mencari catatannya.", EN: "Keep the exchange number; with it the hub's operator can find the record."},
	}
}

// unsound is what a citizen must hear before they rely on a file.
func unsound() error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Bukti akses ini tidak cocok, jadi tidak diberikan.", EN: "The proof of this access does not fit, so it is not handed out."},
		Remedy:  simpul.Text{ID: "Catat nomor pertukarannya dan beri tahu pengelola hub: catatan ini perlu diperiksa.", EN: "Keep the exchange number and tell the hub's operator: this record has to be examined."},
	}
}

// proofFile is what the file of a proof is called.
func proofFile(id simpul.ExchangeID) string { return "bukti-" + string(id) + ".json" }
