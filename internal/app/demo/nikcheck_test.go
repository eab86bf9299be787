package demo

import (
	"net/http/httptest"
	"strings"
	"testing"

	"simpul"
)

func TestNIKCheckAnswersASyntheticCitizen(t *testing.T) {
	provider := smallProvider(t)
	for _, path := range []string{"/ceknik", "/ceknik/"} {
		answer := ask(provider, "POST", path, `{"nik":"3171014101509900"}`)
		got := decode[nikAnswer](t, answer)
		want := nikAnswer{
			NIK: "31************00", Nama: "Contoh Melati Rinjani", JenisKelamin: Female,
			TanggalLahir: "1950-01-01", KodeWilayahTerbit: "31.71.01", Sintetis: true,
		}
		if answer.Code != 200 || got != want {
			t.Errorf("%s: %d %+v", path, answer.Code, got)
		}
	}
}

func TestNIKCheckRefuses(t *testing.T) {
	provider := smallProvider(t)
	tests := map[string]struct {
		body      string
		status    int
		parameter string
	}{
		"unknown":             {`{"nik":"3171014101500001"}`, 404, "nik"},
		"too short":           {`{"nik":"31710141015099"}`, 400, "nik"},
		"no such month":       {`{"nik":"3171014113509900"}`, 400, "nik"},
		"number, not text":    {`{"nik":3171014101509900}`, 400, "nik"},
		"null":                {`{"nik":null}`, 400, "nik"},
		"missing":             {`{}`, 400, "nik"},
		"array":               {`["3171014101509900"]`, 400, "nik"},
		"more members":        {`{"nik":"3171014101509900","nama":"x"}`, 400, "nik"},
		"more after the body": {`{"nik":"3171014101509900"}{}`, 400, "nik"},
		"cut off":             {`{"nik":"3171014101509900"`, 400, "nik"},
		"not JSON":            {`nik=3171014101509900`, 400, "nik"},
		"too large":           {`{"nik":"` + strings.Repeat("3", maxNIKBody) + `"}`, 413, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			answer := ask(provider, "POST", "/ceknik", test.body)
			text := answer.Body.String()
			got := decode[problem](t, answer)
			if answer.Code != test.status || got.Parameter != test.parameter {
				t.Errorf("%d %+v", answer.Code, got)
			}
			if strings.Contains(text, "3171014") {
				t.Errorf("the answer repeats the NIK: %s", text)
			}
		})
	}
}

func TestNIKCheckWantsJSON(t *testing.T) {
	provider := smallProvider(t)
	const body = `{"nik":"3171014101509900"}`
	for contentType, want := range map[string]int{
		"application/json": 200, "application/json; charset=utf-8": 200,
		"": 415, "text/plain": 415, "application/x-www-form-urlencoded": 415, ";": 415,
	} {
		request := httptest.NewRequest("POST", "/ceknik", strings.NewReader(body))
		request.Header.Set("Content-Type", contentType)
		answer := httptest.NewRecorder()
		provider.ServeHTTP(answer, request)
		if answer.Code != want {
			t.Errorf("%q: %d, want %d", contentType, answer.Code, want)
		}
	}
}

func TestNIKNeverBelongsInTheAddress(t *testing.T) {
	answer := ask(smallProvider(t), "POST", "/ceknik?nik=3171014101509900", `{"nik":"3171014101509900"}`)
	if got := decode[problem](t, answer); answer.Code != 400 || got.Parameter != "nik" {
		t.Errorf("%d %+v", answer.Code, got)
	}
}

// FuzzNIKBody: a body gives a sound NIK or a problem of the caller, never both.
func FuzzNIKBody(f *testing.F) {
	for _, seed := range []string{`{"nik":"3171014101509900"}`, `{"nik":"3171014101500000"}`, `{"nik":null}`, `{`, ``, `{"nik":"\u0033"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		nik, p := parseNIKBody(body)
		_, err := simpul.ParseNIK(string(nik))
		if (p == nil) != (err == nil) {
			t.Fatalf("%q: problem %+v, NIK %v", body, p, err)
		}
	})
}
