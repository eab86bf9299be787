package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
	"simpul/internal/registry/lifecycle"
)

const (
	bandung simpul.AgencyID = "bandungkota.go.id"
	bps     simpul.AgencyID = "bps.go.id"
	usaha   simpul.Address  = "izin/Usaha"
)

var (
	wednesday = time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC) // 10.00 WIB
	operator  = person("dedi@komdigi.go.id", simpul.RoleOperator)
	provider  = person("ani@bandungkota.go.id", simpul.RoleProvider)
	stranger  = person("cici@bps.go.id", simpul.RoleProvider)
	everyone  = httpapi.Page{Limit: 100}
)

func person(account simpul.AccountID, role simpul.Role) simpul.Principal {
	p := simpul.Acting(string(account), role, account.Agency())
	p.Account = account
	return p
}

// lid is a LID as a catalogue would know it.
type lid struct {
	agency simpul.AgencyID
	state  lifecycle.State
}

// room is the room with a clock that the test moves, a catalogue in memory, the
// notices that were sent, and conditions that the test sets.
type room struct {
	*lifecycle.Service
	db       *sqldb.DB
	now      time.Time
	lids     map[simpul.Address]lid
	told     []simpul.Notice
	settled  []string
	unmet    map[string]error
	prepared []string
}

func newRoom(t testing.TB, db *sqldb.DB) *room {
	t.Helper()
	r := &room{db: db, now: wednesday, lids: map[simpul.Address]lid{}, unmet: map[string]error{}}
	exec(t, db, `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES
		('bandungkota.go.id', 'Kota Bandung', 'kota', 0, 0), ('bps.go.id', 'Badan Pusat Statistik', 'nasional', 0, 0)`)
	r.Service = lifecycle.New(db, r, r, func() time.Time { return r.now }, r.condition("feasibility"), r.condition("metadata"), r.condition("successor-notice"))
	if err := r.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *room) condition(name string) lifecycle.Condition {
	return lifecycle.Condition{
		Name: name, Title: simpul.Text{ID: "Syarat " + name, EN: "Condition " + name},
		Prepare: func(context.Context, simpul.Principal, lifecycle.Move) error {
			r.prepared = append(r.prepared, name)
			return nil
		},
		Check: func(context.Context, *sqldb.Tx, lifecycle.Move) error { return r.unmet[name] },
	}
}

func (r *room) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	if !slices.ContainsFunc(r.told, func(o simpul.Notice) bool { return o.Key == n.Key && o.Holding == n.Holding }) {
		r.told = append(r.told, n)
	}
	return nil
}

func (r *room) Done(_ context.Context, _ *sqldb.Tx, key string) error {
	r.settled = append(r.settled, key)
	return nil
}

// State is what the catalogue knows.
func (r *room) State(_ context.Context, scope simpul.Scope, address simpul.Address) (simpul.AgencyID, lifecycle.State, error) {
	l, ok := r.lids[address]
	if !ok || l.state == lifecycle.Draft && !scope.Covers(l.agency) {
		return "", "", simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, string(address))
	}
	return l.agency, l.state, nil
}

// move follows as the catalogue would: the LID has the new state afterwards.
func (r *room) move(ctx context.Context, p simpul.Principal, m lifecycle.Move) (state lifecycle.State, err error) {
	if m.Address == "" {
		m.Address, m.Agency = usaha, bandung
	}
	m.From = r.lids[m.Address].state
	if err := r.Prepare(ctx, p, m); err != nil {
		return "", err
	}
	err = r.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		expected, err := r.Check(ctx, tx, p, m)
		if err != nil {
			return err
		}
		step, err := r.Follow(ctx, tx, p, m)
		if err == nil && step.Code != expected.Code {
			err = fmt.Errorf("it leads to %s, and not to %s", step.Code, expected.Code)
		}
		state = step.State
		return err
	})
	if err == nil {
		r.lids[m.Address] = lid{m.Agency, state}
	}
	return state, err
}

func (r *room) must(t testing.TB, p simpul.Principal, m lifecycle.Move) {
	t.Helper()
	if _, err := r.move(t.Context(), p, m); err != nil {
		t.Fatal(err)
	}
}

// steps is the way that a LID has gone, and where it stands, as "code by whom".
func (r *room) steps(t testing.TB, p simpul.Principal, address simpul.Address) (way []string) {
	t.Helper()
	entries, err := r.Timeline(t.Context(), p.Scope(), address)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Phase != lifecycle.Coming {
			way = append(way, e.Step.Code+" "+e.Mover)
		}
	}
	return way
}

func exec(t testing.TB, db *sqldb.DB, statement string) {
	t.Helper()
	err := db.Write(context.Background(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(context.Background(), statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// events lists the actions in the trail that concern a subject, oldest first.
func (r *room) events(t testing.TB, subject string) (actions []string) {
	t.Helper()
	err := r.db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err := trail.List(t.Context(), tx, trail.Filter{Subject: subject}, 0, 100)
		for _, e := range all {
			actions = append(actions, e.Action+" "+e.Detail)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(actions)
	return actions
}

// checkRefusal checks the code, and that both languages say what is wrong and
// what to do.
func checkRefusal(t testing.TB, err error, code simpul.Code) *simpul.Error {
	t.Helper()
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	for _, text := range []simpul.Text{e.Message, e.Remedy} {
		if text.ID == "" || text.EN == "" || text.ID == text.EN {
			t.Errorf("%+v does not speak both languages", text)
		}
	}
	return e
}

func model(t testing.TB, change func(*lifecycle.Model)) lifecycle.Model {
	t.Helper()
	m := lifecycle.FirstModel()
	change(&m)
	return m
}
