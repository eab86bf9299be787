package portal

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"simpul"
)

// ledgerOf answers with one proof, or an error, for the exchanges that the scope may see.
type ledgerOf struct {
	stage *stage
	proof Proof
	err   error
}

func (l ledgerOf) Proof(ctx context.Context, scope simpul.Scope, id simpul.ExchangeID) (Proof, error) {
	if _, err := l.stage.Get(ctx, scope, id); err != nil {
		return Proof{}, err
	}
	return l.proof, l.err
}

func notInTheLog() error {
	return &simpul.Error{Code: simpul.CodeConflict, Message: simpul.Text{ID: "Pertukaran ini belum ada di log bukti.", EN: "This exchange is not in the evidence log yet."},
		Remedy: simpul.Text{ID: "Coba lagi beberapa detik lagi.", EN: "Try again in a few seconds."}}
}

func TestTheProofOnAnExchange(t *testing.T) {
	sound := Proof{File: []byte("{}"), Sound: true, Entry: 4, Size: 1234}
	seen := sound
	seen.Witnesses, seen.Newest = []string{"saksi.bpk.go.id"}, time.Date(2026, 11, 25, 8, 31, 0, 0, time.UTC)
	own := seen
	own.Dependent = true
	erased := seen
	erased.Erased = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	const offer = "simpul verify bukti-" + string(third) + ".json"
	for name, c := range map[string]struct {
		ledger    *ledgerOf
		has, lack []string
	}{
		"no log":    {nil, []string{"tidak menyimpan log bukti", "minta operator"}, []string{offer, "/bukti", CheckPath}},
		"not yet":   {&ledgerOf{err: notInTheLog()}, []string{"belum ada di log bukti", "Coba lagi beberapa detik lagi", "Muat ulang"}, []string{offer, CheckPath}},
		"awaiting":  {&ledgerOf{proof: sound}, []string{"menunggu saksi", "entri 4 dari 1.234", offer, "/bukti", CheckPath, publishedKeys}, []string{"tanpa ketahuan"}},
		"witnessed": {&ledgerOf{proof: seen}, []string{"disaksikan saksi.bpk.go.id", "tanpa ketahuan", "25 Nov", offer}, []string{"menunggu saksi", "dihapus"}},
		"own":       {&ledgerOf{proof: own}, []string{"disaksikan saksi.bpk.go.id", "dijalankan operator hub sendiri", offer}, []string{"menunggu saksi", "tanpa ketahuan"}},
		"erased":    {&ledgerOf{proof: erased}, []string{"Bagian pribadinya sudah dihapus", "24 Nov", "tetap sah", "tanpa ketahuan", offer}, nil},
		"unsound":   {&ledgerOf{proof: Proof{File: []byte("{}")}}, []string{"tidak cocok dengan log", `role="alert"`, "operator"}, []string{offer, "Unduh bukti"}},
	} {
		s := (&stage{records: someRecords()}).as(simpul.RoleOperator, "")
		if c.ledger != nil {
			c.ledger.stage = s
			s.proofs = *c.ledger
		}
		w := s.get(t, "/exchanges/"+string(third))
		t.Run(name, func(t *testing.T) {
			if w.Code != http.StatusOK {
				t.Errorf("got %d", w.Code)
			}
			page := unbroken(w.Body.String())
			contains(t, page, c.has...)
			lacks(t, page, c.lack...)
		})
	}
}

func TestAnErasedPartIsToldInEnglishToo(t *testing.T) {
	s := (&stage{records: someRecords()}).as(simpul.RoleOperator, "")
	s.proofs = ledgerOf{stage: s, proof: Proof{Sound: true, Erased: time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)}}
	contains(t, unbroken(s.get(t, "/exchanges/"+string(third)+"?lang=en").Body.String()), "Its personal part was erased", "erased for ever on 24 Nov", "still hold")
}

func TestAProofIsHandedOut(t *testing.T) {
	s := &stage{records: someRecords()}
	s.proofs = ledgerOf{stage: s, proof: Proof{File: []byte(`{"format":"simpul-proof/1"}`), Sound: true}}
	target := "/exchanges/" + string(third) + "/bukti"
	if w := s.get(t, target); w.Code != http.StatusSeeOther {
		t.Errorf("to somebody who is not signed in: %d", w.Code)
	}
	w := s.as(simpul.RoleOperator, "").get(t, target)
	h := w.Header()
	if w.Code != http.StatusOK || w.Body.String() != `{"format":"simpul-proof/1"}` || h.Get("Content-Type") != "application/json" ||
		h.Get("Content-Disposition") != `attachment; filename="bukti-`+string(third)+`.json"` || h.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v %s", w.Code, h, w.Body)
	}
}

// What does not exist and what belongs to others are told in the same words.
func TestProofsOfOthersDoNotExist(t *testing.T) {
	s := (&stage{records: someRecords()}).as(simpul.RoleAdmin, "pajak.go.id")
	s.proofs = ledgerOf{stage: s, proof: Proof{File: []byte("{}"), Sound: true}}
	const nobodys = "019ab000-0000-7000-8000-0000000000ff"
	others, missing := s.get(t, "/exchanges/"+string(third)+"/bukti"), s.get(t, "/exchanges/"+nobodys+"/bukti")
	if others.Code != http.StatusNotFound || missing.Code != http.StatusNotFound {
		t.Errorf("got %d and %d", others.Code, missing.Code)
	}
	if a, b := strings.ReplaceAll(others.Body.String(), string(third), "ID"), strings.ReplaceAll(missing.Body.String(), nobodys, "ID"); a != b {
		t.Error("the two pages differ")
	}
	if w := s.get(t, "/exchanges/bukan-nomor/bukti"); w.Code != http.StatusNotFound {
		t.Errorf("a malformed number: %d", w.Code)
	}
	visitor := simpul.Principal{ID: "t-1", Agency: "kemendagri.go.id", Permissions: []simpul.Permission{simpul.OwnAccount}}
	s.visitor = &visitor
	if w := s.get(t, "/exchanges/"+string(third)+"/bukti"); w.Code != http.StatusForbidden {
		t.Errorf("without the permission: %d", w.Code)
	}
}

func TestAProofThatIsNotThereYet(t *testing.T) {
	s := (&stage{records: someRecords()}).as(simpul.RoleOperator, "")
	s.proofs = ledgerOf{stage: s, err: notInTheLog()}
	w := s.get(t, "/exchanges/"+string(third)+"/bukti")
	if w.Code != http.StatusConflict {
		t.Errorf("got %d", w.Code)
	}
	contains(t, w.Body.String(), "belum ada di log bukti")
	s.proofs = ledgerOf{stage: s, err: errors.New("disk on fire")}
	if w := s.get(t, "/exchanges/"+string(third)); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "on fire") {
		t.Errorf("a fault of ours: %d", w.Code)
	}
}
