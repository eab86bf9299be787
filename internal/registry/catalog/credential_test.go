package catalog_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

// backwards seals by turning bytes around, under the name of their place.
type backwards struct{}

func (backwards) Seal(plaintext []byte, table, row, column string) ([]byte, error) {
	return []byte(table + "/" + row + "/" + column + "|" + reversed(plaintext)), nil
}

func (backwards) Open(sealed []byte, table, row, column string) ([]byte, error) {
	place, text, ok := bytes.Cut(sealed, []byte("|"))
	if !ok || string(place) != table+"/"+row+"/"+column {
		return nil, errors.New("sealed for another place")
	}
	return []byte(reversed(text)), nil
}

func reversed(b []byte) string {
	var s strings.Builder
	for i := len(b) - 1; i >= 0; i-- {
		s.WriteByte(b[i])
	}
	return s.String()
}

func newCredentials(r *room) *catalog.Credentials {
	return catalog.NewCredentials(r.db, backwards{}, func() time.Time { return r.now }, slog.New(slog.DiscardHandler))
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestACredentialReachesItsOriginOnly(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, lid(nil))
		c := newCredentials(r)
		before := lastRevision(t, db)
		made, err := c.Put(t.Context(), providerOf(kemendagri), kota, catalog.CredentialWish{Generate: true})
		if err != nil || !strings.HasPrefix(made.Reveal(), "Bearer sph_") {
			t.Fatalf("%q %v", made.Reveal(), err)
		}
		if err := c.Refresh(t.Context(), revisionsAfter(t, db, before)); err != nil {
			t.Fatal(err)
		}
		for address, want := range map[string]bool{
			upstream: true, "http://10.1.2.3:8080/lain": true, "http://10.1.2.3:8080": true,
			"https://10.1.2.3:8080/kota": false, "http://10.1.2.3/kota": false, "http://10.1.2.4:8080/kota": false,
		} {
			got, ok := c.For(kota, parsed(t, address))
			if ok != want || want && (got.Value.Reveal() != made.Reveal() || got.Header != "Authorization") {
				t.Errorf("%s: %v", address, ok)
			}
		}
		if _, ok := c.For("master/Desa", parsed(t, upstream)); ok {
			t.Error("another LID of the origin has it")
		}
		fresh := newCredentials(r)
		if err := fresh.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got, ok := fresh.For(kota, parsed(t, upstream)); !ok || got.Value.Reveal() != made.Reveal() {
			t.Error("is gone after a restart")
		}
	})
}

func TestACredentialIsNeverShown(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.put(t, kota, lid(nil))
	c := newCredentials(r)
	const value = "Bearer jangan-sampai-tampil"
	if made, err := c.Put(t.Context(), operator, kota, catalog.CredentialWish{Value: value}); err != nil || made != "" {
		t.Fatalf("%v %v", made, err)
	}
	state, err := c.State(t.Context(), providerOf(kemendagri), kota)
	if err != nil || !state.Usable || state.Header != "Authorization" {
		t.Errorf("%+v %v", state, err)
	}
	if err := c.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	held, _ := c.For(kota, parsed(t, upstream))
	text, _ := json.Marshal(held)
	stored, err := r.Get(t.Context(), providerOf(kemendagri), kota)
	for _, shown := range []string{fmt.Sprintf("%v %+v %#v", held, held, held), string(text), fmt.Sprintf("%+v %v", stored, err)} {
		if strings.Contains(shown, "jangan-sampai-tampil") {
			t.Errorf("shows %s", shown)
		}
	}
	err = r.db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		sealed, err := sqldb.One(t.Context(), tx, func(scan sqldb.Scan) (s string, err error) { return s, scan(&s) }, `SELECT sealed FROM catalog_credential`)
		if strings.Contains(sealed, "jangan") {
			t.Error("is stored in clear")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestWhoseACredentialIs(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, lid(nil))
		c := newCredentials(r)
		if _, err := c.Put(t.Context(), providerOf(kemendagri), kota, catalog.CredentialWish{Generate: true}); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{kota, "tidak/Ada"} {
			_, err := c.Put(t.Context(), providerOf(bandung), id, catalog.CredentialWish{Generate: true})
			checkRefusal(t, err, simpul.CodeNotFound, "")
			_, err = c.State(t.Context(), providerOf(bandung), id)
			checkRefusal(t, err, simpul.CodeNotFound, "")
			checkRefusal(t, c.Delete(t.Context(), providerOf(bandung), id), simpul.CodeNotFound, "")
		}
		if err := c.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := lastRevision(t, db)
		if err := c.Delete(t.Context(), providerOf(kemendagri), kota); err != nil {
			t.Fatal(err)
		}
		if err := c.Refresh(t.Context(), revisionsAfter(t, db, before)); err != nil {
			t.Fatal(err)
		}
		if _, ok := c.For(kota, parsed(t, upstream)); ok {
			t.Error("is sent after its end")
		}
	})
}

// A LID that goes takes its credential with it, and one that moves to another
// origin leaves it unsent until it is set again.
func TestACredentialFollowsItsLID(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.put(t, kota, lid(nil))
		c := newCredentials(r)
		first, err := c.Put(t.Context(), operator, kota, catalog.CredentialWish{Generate: true, Header: "x-kunci-hub"})
		if err != nil || !strings.HasPrefix(first.Reveal(), "sph_") {
			t.Fatal(err)
		}
		r.put(t, kota, lid(func(s *catalog.Spec) { s.Upstream = "http://10.9.9.9:8080/kota" }))
		if state, err := c.State(t.Context(), operator, kota); err != nil || state.Usable || state.Header != "X-Kunci-Hub" {
			t.Errorf("%+v %v", state, err)
		}
		if err := c.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := lastRevision(t, db)
		if err := r.Delete(t.Context(), operator, kota); err != nil {
			t.Fatal(err)
		}
		if err := c.Refresh(t.Context(), revisionsAfter(t, db, before)); err != nil {
			t.Fatal(err)
		}
		if got, _ := c.For(kota, parsed(t, upstream)); got.Header != "" {
			t.Error("stays without its LID")
		}
	})
}

func TestCredentialsThatAreRefused(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.put(t, kota, lid(nil))
	c := newCredentials(r)
	for place, wishes := range map[string][]catalog.CredentialWish{
		"body":        {{}, {Value: "Bearer abcdefgh", Generate: true}},
		"body.value":  {{Value: "pendek"}, {Value: "Bearer a\r\nX-Lain: b"}, {Value: "Bearer kunci é panjang"}, {Value: " Bearer abcdefgh"}, {Value: simpul.Secret(strings.Repeat("a", 5000))}},
		"body.header": {{Header: "Host", Generate: true}, {Header: "content-type", Generate: true}, {Header: "a b", Generate: true}, {Header: "X-Forwarded-For", Generate: true}, {Header: "Simpul-Grant", Generate: true}, {Header: "a:b", Generate: true}, {Header: "Transfer-Encoding", Generate: true}},
	} {
		for _, wish := range wishes {
			_, err := c.Put(t.Context(), operator, kota, wish)
			checkRefusal(t, err, simpul.CodeInvalid, place)
		}
	}
}
