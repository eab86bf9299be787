package catalog_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog"
)

const (
	kemendagri = "kemendagri.go.id"
	bandung    = "bandungkota.go.id"
	kota       = "master/Kota"
	upstream   = "http://10.1.2.3:8080/kota"
)

var (
	operator = simpul.Acting("t-operator", simpul.RoleOperator, "")
	public   = simpul.Acting("t-nobody", simpul.RoleProvider, "") // a role that needs an agency, without one
	monday   = time.Date(2026, 11, 23, 9, 0, 0, 123_456_789, time.UTC)
	everyone = httpapi.Page{Limit: 1000}
)

func providerOf(id string) simpul.Principal {
	return simpul.Acting("t-"+id, simpul.RoleProvider, simpul.AgencyID(id))
}

// openAPI is a contract with one operation, whose server is the provider's own.
const openAPI = `{"openapi":"3.1.0","info":{"title":"Kota","version":"1"},"servers":[{"url":"http://10.1.2.3:8080"}],"paths":{"/":{"get":{
	"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object","properties":{"kode":{"type":"string"}}}}}}}}}}}`

// room is the catalogue on a database with two agencies, and a clock that the
// test moves.
type room struct {
	*catalog.Service
	db        *sqldb.DB
	now       time.Time
	proposed  []proposal
	directory *catalog.Directory
	finder    *catalog.Finder
	harvests  *catalog.Harvests
}

// proposal is what the catalogue put before a second person.
type proposal struct {
	action, subject string
	agency          simpul.AgencyID
	before, content string
}

// Propose keeps the proposal for the test.
func (r *room) Propose(_ context.Context, _ *sqldb.Tx, _ simpul.Principal, action, subject string, agency simpul.AgencyID, before, content []byte, _ string) (string, error) {
	r.proposed = append(r.proposed, proposal{action, subject, agency, string(before), string(content)})
	return fmt.Sprintf("u-%d", len(r.proposed)), nil
}

// straight is a life cycle without rules: a LID is wherever it is put.
type straight struct{}

func (straight) Prepare(context.Context, simpul.Principal, catalog.Move) error { return nil }

func (straight) Check(_ context.Context, _ *sqldb.Tx, _ simpul.Principal, m catalog.Move) (catalog.Place, error) {
	if m.To == "" {
		m.To = m.From.State
	}
	if m.Step == "" {
		m.Step = m.From.Step
	}
	return catalog.Place{State: m.To, Step: m.Step}, nil
}

func (s straight) Follow(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m catalog.Move) (catalog.Place, error) {
	return s.Check(ctx, tx, p, m)
}

func (r *room) clock() time.Time { return r.now }

func newRoom(t testing.TB, db *sqldb.DB) *room {
	t.Helper()
	r := &room{db: db, now: monday}
	r.Service = catalog.New(db, r, straight{}, r.clock)
	r.harvests = catalog.NewHarvests(db, func() time.Time { return r.now })
	r.directory = catalog.NewDirectory(db, slog.New(slog.DiscardHandler))
	var err error
	if r.finder, err = catalog.NewFinder(r.directory, owners{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.finder.Close() })
	for _, id := range []string{kemendagri, bandung} {
		exec(t, db, `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ('`+id+`', 'A', 'nasional', 0, 0)`)
	}
	return r
}

// lid is a published LID of kemendagri, changed.
func lid(change func(*catalog.Spec)) catalog.Spec {
	s := catalog.Spec{
		Agency: kemendagri, Title: "Kabupaten dan kota", Description: "Kode dan nama", Class: simpul.Terbuka, Version: "1.0",
		State: catalog.Published, Upstream: upstream, Contract: json.RawMessage(openAPI), Keywords: []string{"wilayah"},
	}
	if change != nil {
		change(&s)
	}
	return s
}

func draft(s *catalog.Spec)   { s.State = catalog.Draft }
func retired(s *catalog.Spec) { s.State = catalog.Retired }

func (r *room) put(t testing.TB, address string, s catalog.Spec) {
	t.Helper()
	stored, err := r.Put(t.Context(), operator, address, s, false)
	if err == nil && stored.Waits {
		err = r.approve(t.Context(), operator, r.proposed[len(r.proposed)-1])
	}
	if err != nil {
		t.Fatal(err)
	}
}

// approve carries a proposal out as its second person.
func (r *room) approve(ctx context.Context, p simpul.Principal, made proposal) error {
	return r.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		return r.PutApproved(ctx, tx, providerOf(string(made.agency)), "t-second", made.subject, []byte(made.content))
	})
}

// exec runs statements as the nation.
func exec(t testing.TB, db *sqldb.DB, statements ...string) {
	t.Helper()
	err := db.Write(context.Background(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, s := range statements {
			if _, err := tx.Exec(context.Background(), s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// revisionsAfter is what a follower of the revision log would be given.
func revisionsAfter(t testing.TB, db *sqldb.DB, after int64) (all []sqldb.Revision) {
	t.Helper()
	err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		all, err = sqldb.All(t.Context(), tx, func(scan sqldb.Scan) (r sqldb.Revision, err error) {
			return r, scan(&r.Seq, &r.Kind, &r.ID)
		}, `SELECT seq, kind, id FROM revision WHERE seq > $1 ORDER BY seq`, after)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func lastRevision(t testing.TB, db *sqldb.DB) int64 {
	t.Helper()
	last, err := db.LastRevision(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return last
}

// checkRefusal checks the code and the place, and that both languages say what
// is wrong and what to do.
func checkRefusal(t *testing.T, err error, code simpul.Code, place string) {
	t.Helper()
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Code != code || e.Place != place {
		t.Errorf("got %v, want %s at %q", err, code, place)
		return
	}
	for _, text := range []simpul.Text{e.Message, e.Remedy} {
		if text.ID == "" || text.EN == "" || text.ID == text.EN {
			t.Errorf("%+v does not speak both languages", text)
		}
	}
}

// plainly is what an error says to people, with the names that were tried taken
// out.
func plainly(err error, names ...string) string {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok {
		return "uncoded"
	}
	text := fmt.Sprint(e.Code, e.Place, e.Message, e.Remedy, e.Owner)
	for _, name := range names {
		text = strings.ReplaceAll(text, name, "…")
	}
	return text
}

// follow brings the views up to date.
func (r *room) follow(t testing.TB) {
	t.Helper()
	if err := r.directory.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.finder.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
}
