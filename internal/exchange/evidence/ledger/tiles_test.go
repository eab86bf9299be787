package ledger

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/proof"
)

func TestTheLogIsServedAsTiles(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 300)
	l := r.filled(t, Options{Records: 1})
	mux := http.NewServeMux()
	l.Register(mux)
	base := TilesPath + l.Journal() + "/"
	for path, want := range map[string]struct {
		status      int
		kind, cache string
	}{
		"checkpoint":              {200, "text/plain; charset=utf-8", "no-cache"},
		"tile/0/000":              {200, "application/octet-stream", tilesAge},
		"tile/0/001.p/44":         {200, "application/octet-stream", tilesAge},
		"tile/1/000.p/1":          {200, "application/octet-stream", tilesAge},
		"tile/entries/000":        {200, "application/octet-stream", tilesAge},
		"tile/entries/001.p/44":   {200, "application/octet-stream", tilesAge},
		"tile/0/002":              {404, "text/plain; charset=utf-8", "no-store"},
		"tile/0/001.p/45":         {404, "text/plain; charset=utf-8", "no-store"},
		"tile/0":                  {404, "text/plain; charset=utf-8", "no-store"},
		"tile/64/000":             {404, "text/plain; charset=utf-8", "no-store"},
		"tile/00/000":             {404, "text/plain; charset=utf-8", "no-store"},
		"tile/0/000.p/0":          {404, "text/plain; charset=utf-8", "no-store"},
		"tile/0/x000/000":         {404, "text/plain; charset=utf-8", "no-store"},
		"tile/entries/000.p":      {404, "text/plain; charset=utf-8", "no-store"},
		".state/treeState":        {404, "text/plain; charset=utf-8", "no-store"},
		"%2e%2e/%2e%2e/vault":     {404, "text/plain; charset=utf-8", "no-store"},
		"tile/0/%2e%2e%2f000":     {404, "text/plain; charset=utf-8", "no-store"},
		"tile%2f0%2f000":          {200, "application/octet-stream", tilesAge}, // the same name, written differently
		"tile/0/000%00":           {404, "text/plain; charset=utf-8", "no-store"},
		"tile/0/\\..\\checkpoint": {404, "text/plain; charset=utf-8", "no-store"},
		"":                        {404, "text/plain; charset=utf-8", "no-store"},
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, base+path, nil))
		if h := w.Header(); w.Code != want.status || h.Get("Content-Type") != want.kind || h.Get("Cache-Control") != want.cache || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%q: %d %v", path, w.Code, h)
		}
	}
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, TilesPath+strings.Repeat("0", 32)+"/checkpoint", nil))
	if w.Code != 404 {
		t.Errorf("a log that is not here: %d", w.Code)
	}
	w = httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, base+"tile/0/001.p/44", nil))
	if !bytes.Equal(w.Body.Bytes(), readAll(t, filepath.Join(l.dir, "tile/0/001.p/44"))) {
		t.Error("the tile is not the file")
	}
}

func FuzzFileOf(f *testing.F) {
	for _, path := range []string{"checkpoint", "tile/0/000", "tile/entries/x001/x234/067.p/8", "tile/0/../../x", ".p", "tile/0/.p/1", "tile/63/x999/999"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		name, ok := fileOf(path)
		if ok && (name != path || !filepath.IsLocal(name) || filepath.Clean(name) != name || strings.Contains(name, "..") || strings.ContainsRune(name, 0)) {
			t.Errorf("%q leads to %q", path, name)
		}
	})
}

func FuzzParseBundle(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 45})
	f.Add(appendBundled(appendBundled(nil, blockOfTest(1).Entry()), blockOfTest(2).Entry()))
	f.Fuzz(func(t *testing.T, raw []byte) {
		blocks, err := parseBundle(raw)
		if err != nil {
			return
		}
		var again []byte
		for _, b := range blocks {
			again = appendBundled(again, b.Entry())
		}
		if !bytes.Equal(again, raw) {
			t.Errorf("%x reads as what is written %x", raw, again)
		}
	})
}

func TestTheFileOfKeys(t *testing.T) {
	mux := http.NewServeMux()
	key, err := NewKey("hub.example", "j")
	if err != nil {
		t.Fatal(err)
	}
	lines := func(all ...string) Lines { return func(context.Context) ([]string, error) { return all, nil } }
	RegisterKeys(mux, lines("log "+key.Verifier), lines(), lines("witness w+1+x"))
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, KeysPath, nil))
	var found []string
	for line := range strings.Lines(w.Body.String()) {
		if !strings.HasPrefix(line, "#") {
			found = append(found, strings.TrimSpace(line))
		}
	}
	if w.Code != 200 || len(found) != 2 || found[1] != "witness w+1+x" || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Fatalf("%d %v\n%s", w.Code, w.Header(), w.Body)
	}
	kind, vkey, _ := strings.Cut(found[0], " ")
	if v, err := note.NewVerifier(vkey); err != nil || kind != "log" || v.Name() != "hub.example/evidence/j" {
		t.Errorf("%q is a key of %v, %v", found[0], v, err)
	}

	broken := http.NewServeMux()
	RegisterKeys(broken, func(context.Context) ([]string, error) { return nil, io.ErrUnexpectedEOF })
	w = httptest.NewRecorder()
	broken.ServeHTTP(w, httptest.NewRequest(http.MethodGet, KeysPath, nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("without a database: %d", w.Code)
	}
}

type oneExchange evidence.Indexed

func (o oneExchange) Get(_ context.Context, scope simpul.Scope, id simpul.ExchangeID) (evidence.Indexed, error) {
	if !scope.Covers("konsumen.go.id") || id != o.Exchange.ID {
		return evidence.Indexed{}, &simpul.Error{Code: simpul.CodeNotFound}
	}
	return evidence.Indexed(o), nil
}

func TestWhoGetsAProof(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 10)
	l := r.filled(t, quick())
	id := simpul.NewExchangeID(time.Now())
	known := evidence.Indexed{Exchange: simpul.Exchange{ID: id}, Journal: l.Journal(), Sequence: 7}
	for name, c := range map[string]struct {
		change func(*evidence.Indexed)
		scope  simpul.Scope
		id     string
		want   simpul.Code
	}{
		"a party":           {nil, simpul.AgencyScope("konsumen.go.id"), string(id), ""},
		"the nation":        {nil, simpul.NationScope(), string(id), ""},
		"a neighbour":       {nil, simpul.AgencyScope("lain.go.id"), string(id), simpul.CodeNotFound},
		"unknown":           {nil, simpul.NationScope(), string(simpul.NewExchangeID(time.Now())), simpul.CodeNotFound},
		"rubbish":           {nil, simpul.NationScope(), "x", simpul.CodeInvalid},
		"not yet":           {func(i *evidence.Indexed) { i.Sequence = 11 }, simpul.NationScope(), string(id), simpul.CodeConflict},
		"another's journal": {func(i *evidence.Indexed) { i.Journal = "ffff" }, simpul.NationScope(), string(id), simpul.CodeUnavailable},
	} {
		found := known
		if c.change != nil {
			c.change(&found)
		}
		b, err := Proofs{Exchanges: oneExchange(found), Prover: l}.Of(t.Context(), c.scope, c.id)
		e, _ := errors.AsType[*simpul.Error](err)
		if c.want == "" && (err != nil || b.Sequence != 7) || c.want != "" && (e == nil || e.Code != c.want) {
			t.Errorf("%s: %+v, %v", name, b, err)
		}
	}
}

// A proof of a record whose key is gone says so, and is the same proof otherwise.
func TestAProofTellsOfAnErasure(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 10)
	l := r.filled(t, quick())
	id, at := simpul.NewExchangeID(time.Now()), time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	p := Proofs{Exchanges: oneExchange{Exchange: simpul.Exchange{ID: id}, Journal: l.Journal(), Sequence: 7}, Prover: l}
	before, err := p.Of(t.Context(), simpul.NationScope(), string(id))
	if err != nil || before.Personal != "" {
		t.Fatalf("%q, %v", before.Personal, err)
	}
	p.Erased = func(record []byte) (string, time.Time, bool) {
		return "terbatas/2026-09", at, string(record) == string(before.Record)
	}
	after, err := p.Of(t.Context(), simpul.NationScope(), string(id))
	if err != nil || after.Personal != `{"erased_key":"terbatas/2026-09","erased_at":"2026-11-24T01:00:00Z"}` || string(after.Record) != string(before.Record) {
		t.Errorf("%q, %v", after.Personal, err)
	}
}

func blockOfTest(n uint64) proof.Block {
	return proof.Block{First: n, Count: 1, Root: proof.Leaf(recordOf(n))}
}
