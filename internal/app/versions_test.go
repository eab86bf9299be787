package app_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"simpul"
	"simpul/internal/platform/config"
	"simpul/internal/platform/sqldb"
)

// versionSpec is a LID whose upstream says which version it is.
func versionSpec(upstream, context, version string) object {
	return merged(lidSpec(providerAgency, upstream+"/v"+simpul.Major(version)), object{"version": version, "context": context})
}

// saysItsVersion answers with the first segment of the path.
func saysItsVersion(t *testing.T) (upstream string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.URL.Path) }))
	t.Cleanup(server.Close)
	return server.URL
}

// Nobody's application meets a version that it was not built for, not for a
// moment: it calls all the while that the next one is published.
func TestAPublicationBreaksNobody(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		at, api := begin(t, c)
		upstream, key := saysItsVersion(t), api.settle(t)
		for i := range 5 {
			name := fmt.Sprint("Data", i)
			api.put(t, "LID", "uji/"+name, versionSpec(upstream, strings.ToLower(name), "1.0"))
			api.put(t, "Grant", fmt.Sprint("g-", i), grantSpec("uji/"+name, consumerApp))
			stop, callers := make(chan struct{}), sync.WaitGroup{}
			var calls atomic.Int64
			for range 4 {
				callers.Go(func() {
					for {
						select {
						case <-stop:
							return
						default:
						}
						if got := call(t, api.client, at.Gateway+"/uji/"+name, key); got.text != "/v1" && got.text != "/v1/" {
							t.Errorf("%d %s", got.status, got.text)
							return
						}
						calls.Add(1)
					}
				})
			}
			eventually(t, "calls", func() bool { return calls.Load() > 20 })
			api.put(t, "LID", "uji/"+name, versionSpec(upstream, strings.ToLower(name), "2.0"))
			before := calls.Load()
			eventually(t, "calls afterwards", func() bool { return calls.Load() > before+20 })
			close(stop)
			callers.Wait()
		}
	})
}

// Of a grant and a next version at the same time, the grant that comes first is
// pinned, and the one that comes later follows what it was given for.
func TestAGrantAndANextVersionAtOnce(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		_, api := begin(t, c)
		api.settle(t)
		db, err := sqldb.Open(t.Context(), c.Database.URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		for i := range 12 {
			lid, grant := fmt.Sprint("uji/Balap", i), fmt.Sprint("g-", i)
			api.put(t, "LID", lid, versionSpec("http://127.0.0.1:9", grant, "1.0"))
			before, err := db.LastRevision(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var both sync.WaitGroup
			both.Go(func() { api.put(t, "LID", lid, versionSpec("http://127.0.0.1:9", grant, "2.0")) })
			both.Go(func() { api.put(t, "Grant", grant, grantSpec(lid, consumerApp)) })
			both.Wait()
			order := ""
			err = db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
				return sqldb.Each(t.Context(), tx, func(scan sqldb.Scan) error {
					var kind string
					err := scan(&kind)
					order += kind + " "
					return err
				}, `SELECT kind FROM revision WHERE seq > $1 AND kind IN ('LID', 'Grant') ORDER BY seq`, before)
			})
			if err != nil {
				t.Fatal(err)
			}
			got := decode[struct{ Spec struct{ Version string } }](t, api.must(t, 200, http.MethodGet, "/grants/"+grant, nil)).Spec.Version
			want := map[string]string{"Grant Grant LID ": "1", "LID Grant ": ""} // given, pinned, published; or published, given
			if pin, known := want[order]; !known || got != pin {
				t.Errorf("%s: pinned to %q", order, got)
			}
		}
	})
}

// A grant that is being stored when a next version is published is waited for:
// else it would be neither pinned nor given for what it then follows.
func TestAPublicationWaitsForAGrantUnderWay(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		_, api := begin(t, c)
		api.settle(t)
		api.put(t, "LID", "uji/Data", lidSpec(providerAgency, "http://127.0.0.1:9"))
		db, err := sqldb.Open(t.Context(), c.Database.URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		published := make(chan struct{})
		err = db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO grant_grant (id, lid, provider, application, consumer, purpose, legal_basis, fields, valid_from, created_at, updated_at)
				VALUES ('g-1', 'uji/Data', $1, $2, $3, 'Uji', 'UU', '[]', 0, 0, 0)`, providerAgency, consumerApp, consumerAgency)
			if err != nil {
				return err
			}
			go func() {
				defer close(published)
				api.put(t, "LID", "uji/Data", merged(lidSpec(providerAgency, "http://127.0.0.1:9"), object{"version": "2.0"}))
			}()
			eventually(t, "a publication that waits", func() bool { return waits(t, db, c.Database.URL) || closed(published) })
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		<-published
		got := decode[struct{ Spec struct{ Version string } }](t, api.must(t, 200, http.MethodGet, "/grants/g-1", nil))
		if got.Spec.Version != "1" {
			t.Errorf("pinned to %q", got.Spec.Version)
		}
	})
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// waits reports whether some transaction waits for another's row. SQLite has one
// writer at a time, so that there every other one does.
func waits(t *testing.T, db *sqldb.DB, url string) bool {
	if strings.HasPrefix(url, "sqlite") {
		return true
	}
	var n int
	err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		n, err = sqldb.One(t.Context(), tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) },
			`SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'`)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return n > 0
}

// From one version to the next, as the consumer and the provider see it.
func TestAnApplicationMovesToTheNextVersion(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		at, api := begin(t, c)
		upstream, key := saysItsVersion(t), api.settle(t)
		api.put(t, "LID", "uji/Data", versionSpec(upstream, "data", "1.0"))
		api.put(t, "Grant", "g-1", grantSpec("uji/Data", consumerApp))
		api.put(t, "LID", "uji/Data", versionSpec(upstream, "data", "2.0"))
		visit := func(path, body, version string, ends bool) {
			t.Helper()
			got := call(t, api.client, at.Gateway+path, key)
			if got.text != body+"/" && got.text != body || got.header.Get("LID-Version") != version {
				t.Errorf("%s: %d %s, version %s", path, got.status, got.text, got.header.Get("LID-Version"))
			}
			if (got.header.Get("Sunset") != "") != ends || (got.header.Get("Deprecation") != "") != ends {
				t.Errorf("%s: %v", path, got.header)
			}
		}
		older := "/t/" + providerAgency + "/data/"
		visit("/uji/Data", "/v1", "1.0", true)
		visit(older+"1.0", "/v1", "1.0", true)
		visit(older+"2.0", "/v2", "2.0", false) // to try it before the move
		api.must(t, 204, http.MethodPost, "/grants/g-1/version", object{"version": "2"})
		visit("/uji/Data", "/v2", "2.0", false)
		visit(older+"1.0", "/v1", "1.0", true)
		api.must(t, 400, http.MethodPost, "/grants/g-1/version", object{"version": "3"})
	})
}
