package reshape

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"simpul"
)

// flaw is what is wrong with an answer, as the rest of a sentence whose subject
// is the provider's answer.
type flaw simpul.Text

func (f flaw) Error() string { return "the answer " + f.EN }

var (
	tooDeep        = flaw{fmt.Sprintf("bersarang lebih dari %d lapis", maxDepth), fmt.Sprintf("nests more than %d levels", maxDepth)}
	tooManyNames   = flaw{"memuat objek dengan terlalu banyak anggota", "holds an object with too many members"}
	secondDocument = flaw{"berisi lebih dari satu dokumen JSON", "holds more than one JSON document"}
	notValid       = flaw{"bukan JSON yang sah", "is not valid JSON"}

	collision = flaw{"memuat dua anggota yang akan bernama sama", "holds two members that would get the same name"}
	notListed = flaw{"memuat nilai yang tidak ada dalam daftar kodenya", "holds a value that its list of codes does not have"}
	notNumber = flaw{"memuat nilai yang bukan bilangan di tempat satuan diubah", "holds a value that is no number where a unit is converted"}
	tooLarge  = flaw{fmt.Sprintf("memuat bilangan dengan lebih dari %d angka", maxDigits), fmt.Sprintf("holds a number of more than %d digits", maxDigits)}
)

// tooLong is a text of more than so many bytes.
func tooLong(most int64) flaw {
	return flaw{fmt.Sprintf("memuat teks yang lebih panjang dari %d MiB", most>>20), fmt.Sprintf("holds a text of more than %d MiB", most>>20)}
}

// placed is a flaw and where in the answer it is. The place names what changes
// name, and numbers elements: neither is personal data.
type placed struct {
	error
	place string
}

func (p *placed) Unwrap() error { return p.error }

// invalid reports that an answer cannot be changed.
func invalid(provider simpul.AgencyID, err error) *simpul.Error {
	f, ok := errors.AsType[flaw](err)
	if e, coded := errors.AsType[*simpul.Error](err); coded && !ok {
		return e
	}
	if !ok {
		f = notValid
	}
	e := &simpul.Error{
		Code: simpul.CodeUpstream, Owner: provider, Err: discreet(err),
		Message: simpul.Text{
			ID: "Jawaban penyedia " + f.ID + ", sehingga tidak dapat diubah menjadi bentuk kontraknya.",
			EN: "The provider's answer " + f.EN + ", so that it cannot be changed to what the contract says."},
		Remedy: simpul.Text{
			ID: "Sampaikan nomor pertukaran ini kepada penyedia, yang perlu memperbaiki layanannya atau daftar perubahannya.",
			EN: "Give this exchange's number to the provider, who has to mend the service or the list of changes."},
	}
	if p, ok := errors.AsType[*placed](err); ok {
		e.Place = p.place
	}
	return e
}

// discreet keeps the place of a syntax error and leaves out the path to it, whose
// member names can be personal data.
func discreet(err error) error {
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Errorf("JSON at byte %d: %w", e.ByteOffset, e.Err)
	}
	return err
}
