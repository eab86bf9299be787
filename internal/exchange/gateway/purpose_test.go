package gateway

import (
	"net/http"
	"strings"
	"testing"

	"simpul"
)

// Where the provider asks for it, a call says what it is for: the record has it,
// and the provider gets it.
func TestACallStatesItsPurpose(t *testing.T) {
	for _, c := range []struct {
		name, said string
		status     int
	}{
		{"said", "pemeriksaan permohonan KTP", http.StatusOK},
		{"nothing", "", http.StatusBadRequest},
		{"too short", "ktp", http.StatusBadRequest},
		{"too long", strings.Repeat("a", 201), http.StatusBadRequest},
		{"a person's number", "cek 3273014107900001", http.StatusBadRequest},
		{"beyond ASCII", "pemeriksaan \xe2\x80\x93 KTP", http.StatusBadRequest},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHub(t, answer(`{"items":[]}`))
			h.route.StatePurpose = true
			res, body, err := h.do(t, "GET", "/master/Kota", nil, "Simpul-Purpose", c.said)
			if err != nil || res.StatusCode != c.status {
				t.Fatalf("%v %v %q", err, res, body)
			}
			if c.status != http.StatusOK {
				if p := problem(t, res, body); p.Code != string(simpul.CodeInvalid) || !strings.Contains(p.Remedy, "Simpul-Purpose") || h.received != nil {
					t.Errorf("%+v; the provider got %v", p, h.received)
				}
				return
			}
			if got := h.record(t).Purpose; got != "Layanan warga · "+c.said {
				t.Errorf("the record says %q", got)
			}
			if got := h.received.Header.Get("Simpul-Purpose"); got != c.said {
				t.Errorf("the provider got %q", got)
			}
		})
	}
}

func TestAPurposeThatNobodyAskedForStaysBehind(t *testing.T) {
	h := newHub(t, answer(`{"items":[]}`))
	if res, body, err := h.do(t, "GET", "/master/Kota", nil, "Simpul-Purpose", "apa saja"); err != nil || res.StatusCode != 200 {
		t.Fatalf("%v %v %q", err, res, body)
	}
	if got := h.record(t).Purpose; got != "Layanan warga" || h.received.Header.Get("Simpul-Purpose") != "" {
		t.Errorf("the record says %q, the provider got %q", got, h.received.Header.Get("Simpul-Purpose"))
	}
}
