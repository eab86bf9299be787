package tracker

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// files hands out proofs of whatever it is asked for, and remembers it.
type files struct {
	proof Proof
	err   error
	asked []simpul.ExchangeID
}

func (f *files) Proof(_ context.Context, id simpul.ExchangeID) (Proof, error) {
	f.asked = append(f.asked, id)
	return f.proof, f.err
}

func TestAPersonProvesTheirOwnAccessesAlone(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		given := &files{proof: Proof{File: []byte("{}"), Sound: true}}
		r.Proofs = given
		mine, theirs, kept := r.call(t, noon.Add(-2*time.Hour), aid, melati), r.call(t, noon.Add(-time.Hour), aid, guntur), r.call(t, noon.Add(-time.Hour), inquiry, melati)
		kept.Case = "LP/1"
		r.ledger.write(mine, theirs, kept)
		catchUp(t, r)
		r.delay(t, Wish{Kind: ByCase, Subject: "LP/1", Basis: "KUHAP pasal 38", ShownFrom: noon.AddDate(0, 0, 10)})
		if p, err := r.Prove(t.Context(), melati, mine.ID); err != nil || string(p.File) != "{}" {
			t.Errorf("their own: %+v, %v", p, err)
		}
		missing := simpul.NewExchangeID(noon)
		for name, id := range map[string]simpul.ExchangeID{"somebody else's": theirs.ID, "kept from them": kept.ID, "none": missing, "no number": "x"} {
			_, err := r.Prove(t.Context(), melati, id)
			if simpul.CodeOf(err) != simpul.CodeNotFound {
				t.Errorf("%s: %v", name, err)
			}
			if e, _ := errors.AsType[*simpul.Error](err); id != "x" && strings.ReplaceAll(e.Message.ID, string(id), "") != `Akses "" tidak ditemukan.` {
				t.Errorf("%s is told in other words: %s", name, e.Message.ID)
			}
		}
		if len(given.asked) != 1 {
			t.Errorf("the log was asked for %v", given.asked)
		}
		r.at(noon.AddDate(0, 0, 11)) // the delay is over
		if _, err := r.Prove(t.Context(), melati, kept.ID); err != nil {
			t.Errorf("after the delay: %v", err)
		}
		keeper := simpul.Principal{ID: "operator", National: true, Permissions: []simpul.Permission{simpul.KeepTracker}}
		r.at(noon.AddDate(0, 1, 0))
		if err := r.Keys.Destroy(t.Context(), keeper, "2026-11"); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Prove(t.Context(), melati, mine.ID); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("when nobody can tell whose access it is: %v", err)
		}
	})
}

func TestWhatIsSaidOfAProof(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	x := r.call(t, noon.Add(-time.Hour), aid, melati)
	r.ledger.write(x)
	catchUp(t, r)
	at := "/jejak/warga/pertama/" + string(x.ID)
	sound := Proof{File: []byte(`{"format":"simpul-proof/1"}`), Sound: true}
	witnessed := sound
	witnessed.Witnesses, witnessed.Newest = []string{"saksi.bpk.go.id"}, noon
	own := witnessed
	own.Dependent = true
	early := &simpul.Error{Code: simpul.CodeConflict, Retry: 2 * time.Second, Message: simpul.Text{ID: "log"}}
	for name, c := range map[string]struct {
		given  Proofs
		status int // of the file
		texts  []string
	}{
		"no log":        {nil, 503, []string{"belum dapat diberikan", "Catat nomor pertukarannya", string(x.ID), "!" + at + "/bukti"}},
		"elsewhere":     {&files{err: &simpul.Error{Code: simpul.CodeUnavailable}}, 503, []string{"belum dapat diberikan", "!" + at + "/bukti"}},
		"not yet":       {&files{err: early}, 409, []string{"sedang disiapkan", "Muat ulang", "!" + at + "/bukti"}},
		"unsound":       {&files{proof: Proof{File: []byte("{}")}}, 503, []string{"tidak cocok", "beri tahu pengelola hub", "!" + at + "/bukti"}},
		"awaiting":      {&files{proof: sound}, 200, []string{at + "/bukti", "/periksa-bukti", "Yang terbukti", "Saksi dari luar hub belum ikut"}},
		"witnessed":     {&files{proof: witnessed}, 200, []string{at + "/bukti", "saksi.bpk.go.id ikut menyaksikan pada 25 Nov 2026", "!dijalankan pengelola"}},
		"by the hub":    {&files{proof: own}, 200, []string{at + "/bukti", "dijalankan pengelola hub sendiri"}},
		"a fault of us": {&files{err: errors.New("disk on fire")}, 500, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r.Proofs = c.given
			if page := browse(r, nil, "GET", at, nil); c.status == 500 {
				shows(t, page, 500, "!on fire")
			} else {
				shows(t, page, 200, c.texts...)
			}
			w := browse(r, nil, "GET", at+"/bukti", nil)
			if w.Code != c.status {
				t.Errorf("the file: %d", w.Code)
			}
			h := w.Header()
			if c.status == 200 && (w.Body.String() != `{"format":"simpul-proof/1"}` || h.Get("Content-Disposition") != `attachment; filename="bukti-`+string(x.ID)+`.json"` || h.Get("Cache-Control") != "no-store") {
				t.Errorf("%v %s", h, w.Body)
			}
		})
	}
	r.Proofs = &files{proof: sound}
	shows(t, browse(r, nil, "GET", at+"?lang=en", nil), 200, "What it proves", "Download the proof")
	shows(t, browse(r, nil, "GET", "/jejak/warga/pertama", nil), 200, at+"#bukti", "Unduh bukti")
	shows(t, browse(r, nil, "GET", "/jejak/warga/pertama/"+string(simpul.NewExchangeID(noon))+"/bukti", nil), 404)
	shows(t, browse(r, nil, "GET", "/jejak/warga/lain/"+string(x.ID)+"/bukti", nil), 404)
}

// The file at the counter is for the officer who opened the tracker, while it is open.
func TestAProofAtTheCounter(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	x, other := r.call(t, noon.Add(-time.Hour), aid, guntur), r.call(t, noon, aid, melati)
	r.ledger.write(x, other)
	r.Proofs = &files{proof: Proof{File: []byte("{}"), Sound: true}}
	clerk, colleague := officer(simpul.TracePeople), officer(simpul.TracePeople)
	colleague.ID = "lain@disdukcapil.go.id"
	look, err := r.Trace(t.Context(), clerk, guntur, "Diminta di loket 3")
	if err != nil {
		t.Fatal(err)
	}
	at := "/jejak/loket/" + look + "/"
	shows(t, browse(r, nil, "GET", at+string(x.ID)+"/bukti", nil), 303)
	shows(t, browse(r, &clerk, "GET", at+string(x.ID)+"/bukti", nil), 200, "{}")
	shows(t, browse(r, &clerk, "GET", at+string(other.ID)+"/bukti", nil), 404)
	shows(t, browse(r, &colleague, "GET", at+string(x.ID)+"/bukti", nil), 404)
	r.at(noon.Add(time.Hour))
	shows(t, browse(r, &clerk, "GET", at+string(x.ID)+"/bukti", nil), 404)
}
