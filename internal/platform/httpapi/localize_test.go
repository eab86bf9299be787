package httpapi

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"simpul"
)

// What people can do wrong in a body, as an Indonesian learns it.
func TestViolationsInIndonesian(t *testing.T) {
	with := func(spec string) string { return enveloped("Widget", "x", spec) }
	for _, c := range []struct{ body, location, message string }{
		{with(`{"name":"abc","class":"terbuka","colour":1}`), "body.spec.colour", "kolom tidak dikenal"},
		{with(`{"class":"terbuka"}`), "body.spec", "kolom wajib belum diisi: name"},
		{with(`{"name":"abc","class":"open"}`), "body.spec.class", `nilai harus salah satu dari "terbuka, tertutup"`},
		{with(`{"name":"abc","class":"terbuka","since":"besok"}`), "body.spec.since", "waktu harus ditulis menurut RFC 3339, misalnya 2026-01-31T08:00:00+07:00"},
		{with(`{"name":"a\u0007b","class":"terbuka"}`), "body.spec.name", "teks tidak boleh memuat karakter kendali"},
		{with(`{"name":"abc","class":"terbuka","code":"A1"}`), "body.spec.code", "bentuk teks tidak sesuai pola ^[a-z]+$"},
		{with(`{"name":7,"class":"terbuka"}`), "body.spec.name", "nilai harus berupa teks"},
		{with(`{"name":"abc","class":"terbuka","whole":"ya"}`), "body.spec.whole", "nilai harus true atau false"},
		{with(`{"name":"abc","class":"terbuka","count":1.5}`), "body.spec.count", "nilai harus berupa bilangan bulat"},
		{with(`{"name":"abc","class":"terbuka","count":10}`), "body.spec.count", "nilai harus berupa angka <= 9"},
		{with(`{"name":"abc","class":"terbuka","ratio":"x"}`), "body.spec.ratio", "nilai harus berupa angka"},
		{with(`{"name":"abc","class":"terbuka","tags":["a","b","c"]}`), "body.spec.tags", "jumlah isi daftar tidak sesuai: diharapkan <= 2"},
		{with(`{"name":"abc","class":"terbuka","tags":"a"}`), "body.spec.tags", "nilai harus berupa daftar"},
		{with(`[]`), "body.spec", "nilai harus berupa objek"},
		{with(`{"name":"a","class":"terbuka"}`), "body.spec.name", "panjang tidak sesuai: diharapkan >= 2"},
		{"", "body", "isi permintaan wajib ada"},
		{"{", "body", "isi JSON terputus"},
		{"{]", "body", "isi bukan JSON yang sah"},
	} {
		h := newHub(gatekeeper{})
		w := h.do(call{method: "PUT", path: "/widgets/x", body: c.body, header: map[string]string{"Accept-Language": "id"}})
		p := problem(t, w, w.Code)
		if w.Code/100 != 4 || len(p.Errors) != 1 || p.Errors[0] != (Place{c.location, c.message}) {
			t.Errorf("%s: got %d %+v, want %q at %s", c.body, w.Code, p.Errors, c.message, c.location)
		}
	}
}

func TestViolation(t *testing.T) {
	for message, want := range map[string]string{
		"unknown query parameter":                       "parameter tidak dikenal",
		"invalid boolean":                               "nilai harus true atau false",
		"invalid integer":                               "nilai harus berupa bilangan bulat",
		"unknown content type: text/plain":              "jenis isi tidak dikenal, kirim application/json; diterima text/plain",
		"json: cannot unmarshal number into Go value":   "nilai tidak sesuai jenisnya",
		"expected required property … to be present":    "kolom wajib belum diisi: …",
		"something that huma says in a version to come": "something that huma says in a version to come",
	} {
		if got := violation(message, simpul.Indonesian); got != want {
			t.Errorf("%q: got %q, want %q", message, got, want)
		}
		if got := violation(message, simpul.English); got != message {
			t.Errorf("%q in English: got %q", message, got)
		}
	}
}

// A shorter beginning before a longer one would hide it.
func TestNoViolationHidesAnother(t *testing.T) {
	for i, v := range violations {
		for _, earlier := range violations[:i] {
			if strings.HasPrefix(v.en, earlier.en) {
				t.Errorf("%q is never reached behind %q", v.en, earlier.en)
			}
		}
	}
}

func TestErrorsOfTheFrameworkAreCoded(t *testing.T) {
	for status, want := range map[int]simpul.Code{
		http.StatusBadRequest:            simpul.CodeInvalid,
		http.StatusUnprocessableEntity:   simpul.CodeInvalid,
		http.StatusRequestTimeout:        simpul.CodeInvalid,
		http.StatusUnsupportedMediaType:  simpul.CodeInvalid,
		http.StatusRequestEntityTooLarge: simpul.CodeTooLarge,
		http.StatusInternalServerError:   simpul.CodeInternal,
		http.StatusNotImplemented:        simpul.CodeInternal,
	} {
		err := frameworkError(&huma.ErrorModel{Status: status, Detail: errDisk.Error()})
		if got := simpul.CodeOf(err); got != want {
			t.Errorf("%d: got %s, want %s", status, got, want)
		}
		e, _ := errors.AsType[*simpul.Error](err)
		for _, text := range []simpul.Text{e.Message, e.Remedy} {
			if text.ID == "" || text.EN == "" || text.ID == text.EN || strings.Contains(text.ID+text.EN, "disk") {
				t.Errorf("%d: %+v", status, text)
			}
		}
	}
}
