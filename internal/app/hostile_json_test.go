package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Answers that would cost much, or be read in two ways, on their way through the
// selection of fields. What is granted comes out to the last digit, or nothing
// does.
func TestHostileJSONThroughTheSelectionOfFields(t *testing.T) {
	hub := newSite(t).serve(t)
	key := hub.settle(t)
	rows := func(row string) string { return `{"items":[` + row + `]}` }
	cases := map[string]struct {
		says   string
		status int
		want   string // of the body; empty: a refusal
	}{
		"17 digits":             {rows(`{"kode":12345678901234567,"nama":1}`), 200, rows(`{"kode":12345678901234567}`)},
		"beyond 64 bits":        {rows(`{"kode":123456789012345678901234567890,"nama":1}`), 200, rows(`{"kode":123456789012345678901234567890}`)},
		"digits of a fraction":  {rows(`{"kode":0.1000000000000000055511151231257827}`), 200, rows(`{"kode":0.1000000000000000055511151231257827}`)},
		"exponent beyond float": {rows(`{"kode":1e999}`), 200, rows(`{"kode":1e999}`)},
		"minus zero":            {rows(`{"kode":-0}`), 200, rows(`{"kode":-0}`)},
		"endless number":        {rows(`{"kode":1` + strings.Repeat("0", 20<<20) + `}`), 502, ""},
		"same name twice":       {rows(`{"kode":"1","kode":"2"}`), 502, ""},
		"escaped twin":          {rows(`{"kode":"1","\u006bode":"2"}`), 502, ""},
		"twin that is withheld": {rows(`{"kode":"1","nama":1,"nama":2}`), 502, ""},
		"twin of the list":      {`{"items":[{"kode":"1"}],"items":[]}`, 502, ""},
		"arrays":                {strings.Repeat("[", 2<<20), 502, ""},
		"objects":               {strings.Repeat(`{"items":`, 500_000), 502, ""},
		"arrays where granted":  {rows(`{"kode":` + strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20) + `}`), 502, ""},
		"arrays where withheld": {rows(`{"nama":` + strings.Repeat("[", 1<<20) + strings.Repeat("]", 1<<20) + `}`), 502, ""},
		"endless string":        {rows(`{"nama":"` + strings.Repeat("a", 20<<20) + `"}`), 502, ""},
		"endless name":          {rows(`{"` + strings.Repeat("a", 20<<20) + `":1}`), 502, ""},
		"half a surrogate":      {rows(`{"kode":"\ud800"}`), 502, ""},
		"not UTF-8":             {rows("{\"kode\":\"\xff\"}"), 502, ""},
		"second document":       {rows(`{"kode":"1"}`) + rows(`{"kode":"2"}`), 502, ""},
		"NaN":                   {rows(`{"kode":NaN}`), 502, ""},
		"comment":               {rows(`{"kode":"1"/**/}`), 502, ""},
		"byte order mark":       {"\uFEFF" + rows(`{"kode":"1"}`), 502, ""},
		"UTF-16":                {"\xff\xfe{\x00}\x00", 502, ""},
	}
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(cases[r.URL.Query().Get("n")].says))
	}))
	t.Cleanup(provider.Close)
	hub.offer(t, "Json", provider.URL, nil, object{"fields": []string{"items.kode"}})
	before := gauge(t, hub)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := call(t, hub.client, hub.gateway+"/uji/Json?n="+strings.ReplaceAll(name, " ", "+"), key)
			if got.status != c.status || c.want != "" && got.text != c.want {
				t.Errorf("%d %.300q", got.status, got.text)
			}
			if most := gauge(t, hub).heap; most > before.heap+192<<20 {
				t.Errorf("the heap grew by %.0f MiB", (most-before.heap)/(1<<20))
			}
		})
	}
	steady(t, hub, before, 10)
}
