package duty_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
	"simpul/internal/registry/duty"
)

const (
	bandung simpul.AgencyID = "bandungkota.go.id"
	bps     simpul.AgencyID = "bps.go.id"
)

var (
	monday   = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	everyone = httpapi.Page{Limit: 100}
	ani      = person("ani@bandungkota.go.id", simpul.RoleProvider)
	budi     = person("budi@bandungkota.go.id", simpul.RoleAdmin)
	cici     = person("cici@bps.go.id", simpul.RoleAdmin)
	operator = person("dedi@komdigi.go.id", simpul.RoleOperator)
	robot    = simpul.Acting("t-robot", simpul.RoleProvider, bandung)
	machine  = simpul.Acting("t-machine", simpul.RoleProvider, bandung)
)

func person(account simpul.AccountID, role simpul.Role) simpul.Principal {
	p := simpul.Acting(string(account), role, account.Agency())
	p.Account = account
	return p
}

// mirror seals by turning bytes around, and knows the place.
type mirror struct{}

func (mirror) Seal(plaintext []byte, table, row, column string) ([]byte, error) {
	sealed := append([]byte(table+row+column+"|"), plaintext...)
	slices.Reverse(sealed)
	return sealed, nil
}

func (mirror) Open(sealed []byte, table, row, column string) ([]byte, error) {
	open := slices.Clone(sealed)
	slices.Reverse(open)
	plaintext, ok := bytes.CutPrefix(open, []byte(table+row+column+"|"))
	if !ok {
		return nil, errors.New("another place")
	}
	return plaintext, nil
}

// room is the room on a database, with one action whose subjects are boards in
// memory, a clock that the test moves, and the notices that were sent.
type room struct {
	*duty.Service
	db      *sqldb.DB
	now     time.Time
	notices []simpul.Notice
	settled []string // keys of notices on which somebody acted
	board   map[string]string
	done    int
	failing error
}

func newRoom(t testing.TB, db *sqldb.DB, rules duty.Rules) *room {
	t.Helper()
	r := &room{db: db, now: monday, board: map[string]string{}}
	r.Service = duty.New(db, mirror{}, r, rules, func() time.Time { return r.now })
	r.Offer(r)
	return r
}

func (r *room) Done(_ context.Context, _ *sqldb.Tx, key string) error {
	r.settled = append(r.settled, key)
	return nil
}

func (r *room) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	r.notices = append(r.notices, n)
	return nil
}

func (r *room) Name() string             { return "board.write" }
func (r *room) Needs() simpul.Permission { return simpul.WriteLIDs }
func (r *room) Title() simpul.Text       { return simpul.Text{ID: "Tulis papan", EN: "Write a board"} }

func (r *room) State(_ context.Context, _ *sqldb.Tx, subject string) ([]byte, error) {
	if text, ok := r.board[subject]; ok {
		return json.Marshal(text)
	}
	return nil, nil
}

func (r *room) Execute(ctx context.Context, tx *sqldb.Tx, p duty.Proposal) error {
	if r.failing != nil {
		return r.failing
	}
	var text string
	if err := json.Unmarshal(p.Content, &text); err != nil {
		return err
	}
	r.board[p.Subject] = text
	r.done++
	return trail.Append(ctx, tx, trail.Event{Agency: p.Agency, Actor: p.Decider.ID, Action: "board.write", Subject: p.Subject})
}

func (r *room) Show(content []byte) ([]duty.Fact, error) {
	var text string
	err := json.Unmarshal(content, &text)
	return []duty.Fact{{Term: simpul.Text{ID: "Tulisan", EN: "Text"}, Value: text}}, err
}

// propose asks for the text on the board of the agency.
func (r *room) propose(t testing.TB, p simpul.Principal, agency simpul.AgencyID, subject, text string) string {
	t.Helper()
	id, err := r.try(t.Context(), p, agency, subject, text)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (r *room) try(ctx context.Context, p simpul.Principal, agency simpul.AgencyID, subject, text string) (id string, err error) {
	content, err := json.Marshal(text)
	if err != nil {
		return "", err
	}
	before, _ := r.State(ctx, nil, subject)
	err = r.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		id, err = r.Propose(ctx, tx, p, "board.write", subject, agency, before, content, "karena perlu")
		return err
	})
	return id, err
}

func (r *room) state(t testing.TB, id string) duty.State {
	t.Helper()
	p, err := r.Get(t.Context(), operator, id)
	if err != nil {
		t.Fatal(err)
	}
	return p.State
}

// events lists the actions in the trail, oldest first, refusals with their code.
func (r *room) events(t testing.TB) (actions []string) {
	t.Helper()
	err := r.db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err := trail.List(t.Context(), tx, trail.Filter{}, 0, 100)
		for _, e := range all {
			action := e.Action
			if e.Outcome != "" {
				action += " " + string(e.Outcome)
			}
			actions = append(actions, action)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(actions)
	return actions
}

func checkCode(t testing.TB, err error, code simpul.Code) {
	t.Helper()
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Code != code {
		t.Errorf("got %v, want %s", err, code)
		return
	}
	for _, text := range []simpul.Text{e.Message, e.Remedy} {
		if text.ID == "" || text.EN == "" || text.ID == text.EN {
			t.Errorf("%+v does not speak both languages", text)
		}
	}
}
