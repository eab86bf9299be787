package app

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
	"simpul/internal/exchange/tracker"
	"simpul/internal/platform/sqldb"
	"simpul/internal/portal"
)

const (
	firstCitizen, secondCitizen simpul.NIK = "3273016609849962", "1101010101900001"
)

// citizensHub is a hub with two citizens, and one access of a month that is over to the
// data of both.
type citizensHub struct {
	*Hub
	key      string // that sealed the access
	exchange simpul.ExchangeID
}

func openForCitizens(t *testing.T) citizensHub {
	t.Helper()
	h, _ := openScreens(t)
	key := withPastKey(t, h)
	now := time.Now().UTC()
	x := simpul.Exchange{
		OpenedAt: now.AddDate(0, -2, 1-now.Day()), Consumer: simpul.Consumer{Application: "bansos@kemensos.go.id", Credential: "k-1", Subject: "petugas.bansos"},
		Address: "kependudukan/CekNIK", Class: simpul.Tertutup, Provider: "kemendagri.go.id", Operation: simpul.Operation{Method: "POST", Path: "/"}, Status: 200,
		Purpose: "Mencocokkan penerima bantuan", Case: "BNBA-0441", FieldKey: "c29tZSBrZXkgb2YgZmllbGRz", FieldRoot: simpul.Digest(strings.Repeat("ab", 32)),
	}
	x.ID = simpul.NewExchangeID(x.OpenedAt)
	if err := h.Invent(t.Context(), x, firstCitizen, secondCitizen); err != nil {
		t.Fatal(err)
	}
	follow(t, h)
	return citizensHub{h, key, x.ID}
}

// follow keeps the views of the journal up to date until the test ends.
func follow(t *testing.T, h *Hub) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { h.followTracker(ctx) })
	running.Go(func() { h.Ledger.Run(ctx) })
	running.Go(func() { h.index.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
}

// proved waits until the log has the access.
func (h citizensHub) proved(t *testing.T, nik simpul.NIK) tracker.Proof {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		p, err := h.Tracker.Prove(ctx, nik, h.exchange)
		if err == nil {
			return p
		}
		if simpul.CodeOf(err) != simpul.CodeConflict && simpul.CodeOf(err) != simpul.CodeNotFound || ctx.Err() != nil {
			t.Fatal(err)
		}
	}
}

// holds checks a file with the keys that the hub publishes, as anybody would.
func (h citizensHub) holds(t *testing.T, file []byte) proof.Verdict {
	t.Helper()
	lines, err := h.publicLines(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := proof.ParseKeys([]byte(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := proof.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	v := proof.Verify(bundle, keys, proof.Demand{})
	if v.Status == proof.Invalid {
		t.Errorf("%+v", v.Steps)
	}
	return v
}

func (h citizensHub) destroyKey(t *testing.T) {
	t.Helper()
	err := h.db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		return h.keys.DestroyApproved(t.Context(), tx, simpul.TheHub(), []byte(`{"key":"`+h.key+`","reason":"Putusan 7/2026"}`))
	})
	if err == nil {
		err = h.keys.Load(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A person's proof says what the page says, and nothing of anybody: neither of others
// whom the exchange named, nor of the person, nor of who sat at the consumer's desk.
func TestACitizensProofTellsOfNobody(t *testing.T) {
	h := openForCitizens(t)
	p := h.proved(t, firstCitizen)
	v := h.holds(t, p.File)
	bundle, _ := proof.Parse(p.File)
	if bundle.Personal != "" || v.Record.Purpose != "Mencocokkan penerima bantuan" || v.Record.Application != "bansos@kemensos.go.id" {
		t.Errorf("personal %q, record %+v", bundle.Personal, v.Record)
	}
	x := simpul.Exchange{OpenedAt: v.Record.Opened}
	if err := h.trackerKeys.Name(t.Context(), &x, firstCitizen, secondCitizen); err != nil || len(x.Persons) != 2 {
		t.Fatal(err)
	}
	for _, secret := range []string{string(x.Persons[0]), string(x.Persons[1]), "petugas.bansos", "BNBA-0441", "c29tZSBrZXkgb2YgZmllbGRz", string(firstCitizen), string(secondCitizen)} {
		if strings.Contains(string(bundle.Record), secret) || strings.Contains(string(p.File), secret) {
			t.Errorf("the file tells %q", secret)
		}
	}
	third := simpul.NIK("3171010101900003")
	if _, err := h.Tracker.Prove(t.Context(), third, h.exchange); simpul.CodeOf(err) != simpul.CodeNotFound {
		t.Errorf("somebody who is not in it: %v", err)
	}
}

// What was downloaded before the key was destroyed and what is fetched after both hold;
// the one fetched after says what is gone. The person has no access to prove any more:
// nobody can tell that it was theirs.
func TestErasedRecordsStillVerify(t *testing.T) {
	h := openForCitizens(t)
	before := h.proved(t, firstCitizen)
	h.destroyKey(t)
	after, err := h.exchangeProofs().Proof(t.Context(), simpul.NationScope(), h.exchange)
	if err != nil {
		t.Fatal(err)
	}
	h.holds(t, before.File)
	v := h.holds(t, after.File)
	if last := v.Steps[len(v.Steps)-1]; last.State != proof.Erased || after.Erased.IsZero() {
		t.Errorf("%+v, erased %v", last, after.Erased)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		_, err := h.Tracker.Prove(ctx, firstCitizen, h.exchange)
		if simpul.CodeOf(err) == simpul.CodeNotFound {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("the person still has the access: %v", err)
		}
	}
}

func TestTheFileOfADemonstrationCitizen(t *testing.T) {
	h := openForCitizens(t)
	h.Citizens = []tracker.Citizen{{Key: "pertama", Name: "Contoh Satu", NIK: firstCitizen}, {Key: "ketiga", Name: "Contoh Tiga", NIK: "3171010101900003"}}
	server := httptest.NewServer(h.screens(http.NewServeMux(), ""))
	t.Cleanup(server.Close)
	h.proved(t, firstCitizen)
	status, text := fetched(t, server.URL+"/jejak/warga/pertama/"+string(h.exchange)+"/bukti")
	if status != http.StatusOK || h.holds(t, []byte(text)).Record.ID != h.exchange {
		t.Errorf("%d %s", status, text)
	}
	if status, text = fetched(t, server.URL+"/jejak/warga/ketiga/"+string(h.exchange)+"/bukti"); status != http.StatusNotFound || strings.Contains(text, "Mencocokkan") {
		t.Errorf("another citizen: %d", status)
	}
}

func fetched(t *testing.T, address string) (status int, text string) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// Records from before there were keys have everything in the clear.
func TestARecordThatTellsOfPersonsIsNotGivenToOne(t *testing.T) {
	file := func(record string, personal string) []byte {
		b := proof.Bundle{Format: proof.Format, Exchange: string(prooftest.ID(1)), Journal: strings.Repeat("ab", 16), Sequence: 1, Record: []byte(record),
			Block: proof.BlockProof{First: 1, Count: 1}, Checkpoint: "x", Personal: personal}
		text, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	const sealed = `{"kind":"sealed","id":"019ab000-0000-7000-8000-000000000001","personal":"AQ","personal_key":"terbatas/2026-09"`
	for name, c := range map[string]struct {
		record, personal string
		given            bool
	}{
		"sealed":               {sealed + `}`, "", true},
		"erased":               {sealed + `}`, `{"erased_key":"terbatas/2026-09","erased_at":"2026-11-24T01:00:00Z"}`, true},
		"with the opened part": {sealed + `}`, `{"persons":"2026-09:a 2026-09:b"}`, false},
		"persons":              {sealed + `,"persons":"2026-09:a 2026-09:b"}`, "", false},
		"a key of fields":      {sealed + `,"field_key":"x"}`, "", false},
		"a case":               {sealed + `,"case":"B-12"}`, "", false},
		"an account":           {sealed + `,"subject":"petugas"}`, "", false},
	} {
		p, err := forCitizen(portal.Proof{File: file(c.record, c.personal), Sound: true})
		if c.given && (err != nil || !p.Sound) || !c.given && (simpul.CodeOf(err) != simpul.CodeDenied || p.File != nil) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if _, err := evidence.TellsOfPersons([]byte("{")); err == nil {
		t.Error("half a record tells nothing")
	}
}
