package httpapi

import (
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"simpul"
)

var typeOfProblem = reflect.TypeFor[Problem]()

// localize turns the errors that huma makes itself, before a handler runs, into
// problem documents of our shape in the reader's language.
func localize(ctx huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	lang := simpul.ParseLanguage(ctx.Header("Accept-Language"))
	p := ProblemOf(frameworkError(model), lang)
	p.Status, p.Title = model.Status, http.StatusText(model.Status)
	for _, e := range model.Errors {
		p.Errors = append(p.Errors, Place{Location: e.Location, Message: violation(e.Message, lang)})
	}
	if model.Detail == bodyMissing {
		p.Errors = append(p.Errors, Place{Location: "body", Message: violation(bodyMissing, lang)})
	}
	return p, nil
}

func frameworkError(model *huma.ErrorModel) error {
	switch {
	case model.Status >= 500:
		return &internalError
	case model.Status == http.StatusRequestEntityTooLarge:
		return tooLarge(usualBody, simpul.Text{})
	}
	return &simpul.Error{
		Code:    simpul.CodeInvalid,
		Message: simpul.Text{ID: "Permintaan tidak sesuai bentuk yang ditetapkan.", EN: "The request does not have the required shape."},
		Remedy:  simpul.Text{ID: "Perbaiki setiap tempat yang disebut pada errors; bentuk lengkapnya ada di /api/openapi.json.", EN: "Mend each place named in errors; the full shape is at /api/openapi.json."},
	}
}

// bodyMissing is the one violation that huma tells without a place.
const bodyMissing = "request body is required"

// violations are the beginnings of huma's validation messages that people meet,
// with their Indonesian. What follows the beginning is a name or a value and
// stands where the Indonesian has "…"; where it has none, it is dropped. The
// first that matches counts, so a longer beginning stands before a shorter one.
var violations = []struct{ en, id string }{
	{"unexpected property", "kolom tidak dikenal"},
	{"expected required property", "kolom wajib belum diisi:…"},
	{"expected value to be one of", "nilai harus salah satu dari…"},
	{"expected string to be RFC 3339 date-time", "waktu harus ditulis menurut RFC 3339, misalnya 2026-01-31T08:00:00+07:00"},
	{"expected string to be free of control characters", "teks tidak boleh memuat karakter kendali"},
	{"expected string to match pattern", "bentuk teks tidak sesuai pola…"},
	{"expected string", "nilai harus berupa teks"},
	{"expected boolean", "nilai harus true atau false"},
	{"expected integer", "nilai harus berupa bilangan bulat"},
	{"expected number", "nilai harus berupa angka…"},
	{"expected array length", "jumlah isi daftar tidak sesuai: diharapkan…"},
	{"expected array", "nilai harus berupa daftar"},
	{"expected object", "nilai harus berupa objek"},
	{"expected length", "panjang tidak sesuai: diharapkan…"},
	{"unknown query parameter", "parameter tidak dikenal"},
	{"invalid boolean", "nilai harus true atau false"},
	{"invalid integer", "nilai harus berupa bilangan bulat"},
	{bodyMissing, "isi permintaan wajib ada"},
	{"unexpected end of JSON input", "isi JSON terputus"},
	{"invalid character", "isi bukan JSON yang sah"},
	{"json: cannot unmarshal", "nilai tidak sesuai jenisnya"},
	{"unknown content type", "jenis isi tidak dikenal, kirim application/json; diterima…"},
}

func violation(message string, lang simpul.Language) string {
	if lang == simpul.English {
		return message
	}
	for _, v := range violations {
		if rest, ok := strings.CutPrefix(message, v.en); ok {
			rest = strings.TrimPrefix(strings.TrimSuffix(rest, " to be present"), ":")
			return strings.Replace(v.id, "…", rest, 1)
		}
	}
	return message
}
