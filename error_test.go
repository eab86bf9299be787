package simpul_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"simpul"
)

// checkRefusal checks that a parser refused at the place, in both languages and
// with a next action in both.
func checkRefusal(t *testing.T, err error, place string) {
	t.Helper()
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok {
		t.Fatalf("got %v, want a coded error", err)
	}
	if e.Code != simpul.CodeInvalid || e.Place != place {
		t.Errorf("got %s at %q, want invalid at %q", e.Code, e.Place, place)
	}
	for _, text := range []simpul.Text{e.Message, e.Remedy} {
		if text.ID == "" || text.EN == "" || text.ID == text.EN {
			t.Errorf("%+v does not speak both languages", text)
		}
	}
}

func TestErrorText(t *testing.T) {
	message := simpul.Text{ID: "salah", EN: "wrong"}
	for _, c := range []struct {
		err  simpul.Error
		want string
	}{
		{simpul.Error{Code: simpul.CodeInternal}, "internal"},
		{simpul.Error{Code: simpul.CodeInvalid, Message: message}, "invalid: wrong"},
		{simpul.Error{Code: simpul.CodeInvalid, Place: "spec.class", Message: message}, "invalid at spec.class: wrong"},
		{simpul.Error{Code: simpul.CodeUpstream, Message: message, Err: io.ErrUnexpectedEOF}, "upstream: wrong: unexpected EOF"},
		{simpul.Error{Code: simpul.CodeDenied, Message: simpul.Text{ID: "salah"}}, "denied: salah"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestErrorKeepsItsCause(t *testing.T) {
	err := fmt.Errorf("call: %w", &simpul.Error{Code: simpul.CodeTimeout, Err: io.ErrUnexpectedEOF})
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("the cause is lost")
	}
}

func TestCodeOf(t *testing.T) {
	denied := &simpul.Error{Code: simpul.CodeDenied}
	for _, c := range []struct {
		err  error
		want simpul.Code
	}{
		{nil, ""},
		{io.EOF, simpul.CodeInternal},
		{denied, simpul.CodeDenied},
		{fmt.Errorf("decide: %w", denied), simpul.CodeDenied},
		{errors.Join(io.EOF, denied), simpul.CodeDenied},
		{&simpul.Error{Code: simpul.CodeTimeout, Err: denied}, simpul.CodeTimeout},
	} {
		if got := simpul.CodeOf(c.err); got != c.want {
			t.Errorf("%v: got %q, want %q", c.err, got, c.want)
		}
	}
}

func TestNotFoundSaysWhatAndWhatNext(t *testing.T) {
	err := simpul.NotFound(simpul.Text{ID: "Izin", EN: "Grant"}, "g-1")
	want := simpul.Text{ID: `Izin "g-1" tidak ditemukan.`, EN: `Grant "g-1" was not found.`}
	if err.Code != simpul.CodeNotFound || err.Message != want || err.Remedy.ID == "" || err.Remedy.EN == "" {
		t.Errorf("got %+v", err)
	}
	if err.Retry != time.Duration(0) {
		t.Errorf("waiting %v does not help", err.Retry)
	}
}

func TestAtPlacesACopy(t *testing.T) {
	inner := simpul.Invalid("class", simpul.Text{ID: "salah", EN: "wrong"}, simpul.Text{ID: "perbaiki", EN: "mend it"})
	placed, ok := simpul.At("spec.class", inner).(*simpul.Error)
	if !ok || placed.Place != "spec.class" || placed.Message != inner.Message || placed.Code != inner.Code {
		t.Errorf("got %+v", placed)
	}
	if inner.Place != "class" {
		t.Errorf("the error itself was changed: %q", inner.Place)
	}
	wrapped := fmt.Errorf("wrapped: %w", inner)
	for _, other := range []error{nil, io.EOF, wrapped} {
		if got := simpul.At("spec.class", other); got != other {
			t.Errorf("%v became %v", other, got)
		}
	}
}
