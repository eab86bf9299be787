package mediation

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
	scalarDocument = flaw{"hanya berupa satu nilai tanpa kolom", "is a single value without fields"}
	secondDocument = flaw{"berisi lebih dari satu dokumen JSON", "holds more than one JSON document"}
	notValid       = flaw{"bukan JSON yang sah", "is not valid JSON"}
)

// tooLong is a text of more than so many bytes.
func tooLong(most int64) flaw {
	return flaw{fmt.Sprintf("memuat teks yang lebih panjang dari %d MiB", most>>20), fmt.Sprintf("holds a text of more than %d MiB", most>>20)}
}

// invalid reports that the body of an answer turned out to be unusable.
func invalid(provider simpul.AgencyID, err error) *simpul.Error {
	f, ok := errors.AsType[flaw](err)
	if !ok {
		f = notValid
	}
	return &simpul.Error{
		Code: simpul.CodeUpstream, Owner: provider, Err: discreet(err),
		Message: simpul.Text{
			ID: "Jawaban penyedia " + f.ID + ", sehingga kolom yang diizinkan tidak dapat dipilih.",
			EN: "The provider's answer " + f.EN + ", so that the granted fields cannot be selected."},
		Remedy: simpul.Text{
			ID: "Sampaikan nomor pertukaran ini kepada penyedia, yang perlu memperbaiki layanannya.",
			EN: "Give this exchange's number to the provider, who has to mend the service."},
	}
}

// discreet keeps the place of a syntax error and leaves out the path to it, whose
// member names can be personal data.
func discreet(err error) error {
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Errorf("JSON at byte %d: %w", e.ByteOffset, e.Err)
	}
	return err
}

func notWhole(provider simpul.AgencyID, status int) *simpul.Error {
	return unfit(provider,
		simpul.Text{
			ID: fmt.Sprintf("Penyedia menjawab %d, bukan jawaban yang utuh, padahal izin Anda membatasi kolom.", status),
			EN: fmt.Sprintf("The provider answered %d, which is not a whole answer, but your grant restricts fields.", status)},
		simpul.Text{
			ID: "Minta penyedia mengirim jawaban yang utuh (200), yang darinya hub dapat memilih kolom.",
			EN: "Ask the provider to send whole answers (200), from which the hub can select fields."})
}

func encoded(provider simpul.AgencyID) *simpul.Error {
	return unfit(provider,
		simpul.Text{
			ID: "Penyedia mengirim jawaban terkompresi walaupun hub meminta yang polos.",
			EN: "The provider sent a compressed answer although the hub asked for a plain one."},
		simpul.Text{
			ID: "Minta penyedia mematuhi Accept-Encoding: identity.",
			EN: "Ask the provider to honour Accept-Encoding: identity."})
}

func notJSON(provider simpul.AgencyID) *simpul.Error {
	return unfit(provider,
		simpul.Text{
			ID: "Jawaban penyedia bukan JSON dalam UTF-8, padahal izin Anda membatasi kolom.",
			EN: "The provider's answer is not JSON in UTF-8, but your grant restricts fields."},
		simpul.Text{
			ID: "Minta penyedia menjawab dengan Content-Type application/json, atau meminta izin tanpa batas kolom.",
			EN: "Ask the provider to answer with Content-Type application/json, or for a grant without a restriction of fields."})
}

func unfit(provider simpul.AgencyID, message, remedy simpul.Text) *simpul.Error {
	return &simpul.Error{Code: simpul.CodeUpstream, Owner: provider, Message: message, Remedy: remedy}
}
