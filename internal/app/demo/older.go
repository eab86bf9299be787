package demo

import (
	"net/http"
	"strings"

	"simpul"
)

// olderVillages lets the villages answer as an application does that was written
// before its contract: the code under a former name, the kind as a number. The hub
// makes it what the contract says.
func olderVillages(next http.Handler) http.Handler {
	former := strings.NewReplacer(
		`"kode":`, `"kd_desa":`, `"jenis":"kelurahan"`, `"jenis":"1"`, `"jenis":"desa adat"`, `"jenis":"3"`, `"jenis":"desa"`, `"jenis":"2"`)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/desa" || strings.HasPrefix(r.URL.Path, "/desa/") {
			w = &formerWriter{w, former}
		}
		next.ServeHTTP(w, r)
	})
}

// formerWriter writes answers, and no problems, in the former way. It expects each
// in one piece.
type formerWriter struct {
	http.ResponseWriter
	former *strings.Replacer
}

func (w *formerWriter) Write(b []byte) (int, error) {
	if w.Header().Get("Content-Type") != "application/json" {
		return w.ResponseWriter.Write(b)
	}
	_, err := w.former.WriteString(w.ResponseWriter, string(b))
	return len(b), err
}

// villageChanges make of that what the contract says.
func villageChanges() []simpul.Change {
	kinds := map[string]string{"1": "kelurahan", "2": "desa", "3": "desa adat"}
	return []simpul.Change{
		{Field: "items.kd_desa", Rename: "kode"}, {Field: "kd_desa", Rename: "kode"},
		{Field: "items.jenis", Recode: &simpul.Recode{Pairs: kinds, Else: "refuse"}},
		{Field: "jenis", Recode: &simpul.Recode{Pairs: kinds, Else: "refuse"}},
	}
}

// deliveryOf is how a LID of the demo is delivered: examples for developers
// everywhere, districts kept for a while, villages changed, and citizens so that
// they learn who looked, and that one field can be proved.
func deliveryOf(l LIDSpec) simpul.Delivery {
	d := simpul.Delivery{Sandbox: true, Checks: &l.Checks}
	switch l.Address {
	case checkAddress:
		d.DataSubject, d.Provable = &simpul.DataSubject{Request: "nik"}, true
	case "master/Kecamatan":
		d.Cache = &simpul.Freshness{Stale: 3600}
	case "master/Desa":
		d.Changes = villageChanges()
	}
	return d
}
