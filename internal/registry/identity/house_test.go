package identity_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/identity"
)

const (
	bandung = simpul.AgencyID("bandungkota.go.id")
	bogor   = simpul.AgencyID("bogorkota.go.id")
	hubHome = simpul.AgencyID("komdigi.go.id")
)

// house is the room with people in it, and with everybody whom it asks.
type house struct {
	*room
	letters []letter
	notices []simpul.Notice
	ended   []simpul.AccountID // sessions
	dropped []simpul.AccountID // credentials
	failing error              // what the mailer runs into
	first   simpul.Principal   // the operator's token
	turn    sync.Mutex         // guards dropped
}

type letter struct {
	to, name, link, purpose string
	until                   time.Time
}

func (l letter) code() simpul.Secret {
	_, code, _ := strings.Cut(l.link, "#")
	return simpul.Secret(code)
}

func newHouse(t *testing.T, db *sqldb.DB) *house {
	t.Helper()
	h := &house{room: newRoom(db)}
	h.Connect(identity.Others{Agencies: h, Sealer: chest{}, Mailer: post{h}, Notifier: h, Access: h, Inbox: h})
	h.Announce("https://hub.example.go.id")
	if err := h.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, id := range []simpul.AgencyID{bandung, bogor, hubHome} {
		exec(t, db, `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ($1, $1, 'nasional', 0, 0)`, id)
	}
	return h
}

func exec(t *testing.T, db *sqldb.DB, query string, args ...any) {
	t.Helper()
	err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) Name(_ context.Context, id simpul.AgencyID) (string, error) {
	if slices.Contains([]simpul.AgencyID{bandung, bogor, hubHome}, id) {
		return string(id), nil
	}
	return "", simpul.NotFound(simpul.Text{ID: "Instansi", EN: "Agency"}, string(id))
}

func (h *house) letter(l letter) error {
	if h.failing != nil {
		return h.failing
	}
	h.letters = append(h.letters, l)
	return nil
}

func (h *house) last(t *testing.T) letter {
	t.Helper()
	if len(h.letters) == 0 {
		t.Fatal("no letter was sent")
	}
	return h.letters[len(h.letters)-1]
}

func (h *house) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	h.notices = append(h.notices, n)
	return nil
}

func (h *house) EndAll(_ context.Context, _ *sqldb.Tx, id simpul.AccountID) error {
	h.ended = append(h.ended, id)
	return nil
}

func (h *house) Forget(_ context.Context, _ *sqldb.Tx, id simpul.AccountID) error {
	h.turn.Lock()
	defer h.turn.Unlock()
	h.dropped = append(h.dropped, id)
	return nil
}

func (h *house) Facts(context.Context, *sqldb.Tx, simpul.AccountID) (map[string]any, error) {
	return map[string]any{"passkeys": 1}, nil
}

// post is the house as a mailer, whose method has the name of one of the room's.
type post struct{ *house }

func (p post) Invite(_ context.Context, _ *sqldb.Tx, to, name string, _ simpul.Language, link, purpose string, until time.Time) error {
	return p.letter(letter{to, name, link, purpose, until})
}

// chest turns bytes round and binds them to their place, so that a test sees
// whether something is stored in clear or in another's place.
type chest struct{}

func (chest) Seal(plain []byte, table, row, column string) ([]byte, error) {
	sealed := slices.Clone(plain)
	slices.Reverse(sealed)
	return append([]byte(table+"/"+row+"/"+column+":"), sealed...), nil
}

func (chest) Open(sealed []byte, table, row, column string) ([]byte, error) {
	text, ok := strings.CutPrefix(string(sealed), table+"/"+row+"/"+column+":")
	if !ok {
		return nil, errors.New("sealed for another place")
	}
	plain := []byte(text)
	slices.Reverse(plain)
	return plain, nil
}

func (chest) Digest(value, purpose string) (string, error) {
	mac := hmac.New(sha256.New, []byte(purpose))
	mac.Write([]byte(value))
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// operator is the token with which a hub begins.
func (h *house) operator(t *testing.T) simpul.Principal {
	t.Helper()
	if h.first.ID != "" {
		return h.first
	}
	var err error
	if h.first, err = h.Principal(t.Context(), h.token(t, simpul.RoleOperator, "")); err != nil {
		t.Fatal(err)
	}
	return h.first
}

func newcomer(id string, roles ...identity.Assignment) identity.Newcomer {
	name, _, _ := strings.Cut(id, "@")
	return identity.Newcomer{ID: id, Personal: identity.Personal{Name: "Nama " + name, Email: name + "@surat.example.id"}, Roles: roles}
}

func of(role simpul.Role) identity.Assignment { return identity.Assignment{Role: role} }

func nationally(role simpul.Role) identity.Assignment {
	return identity.Assignment{Role: role, National: true}
}

// person joins with the roles, as somebody whom the operator invited.
func (h *house) person(t *testing.T, id string, roles ...identity.Assignment) simpul.Principal {
	t.Helper()
	if _, err := h.Invite(t.Context(), h.operator(t), newcomer(id, roles...)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.redeem(t, h.last(t).code()); err != nil {
		t.Fatal(err)
	}
	return h.as(t, id)
}

func (h *house) as(t *testing.T, id string) simpul.Principal {
	t.Helper()
	p, err := h.PrincipalOf(t.Context(), simpul.AccountID(id))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (h *house) redeem(t *testing.T, code simpul.Secret) (i identity.Invitation, err error) {
	t.Helper()
	err = h.db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		i, err = h.Redeem(t.Context(), tx, code)
		return err
	})
	return i, err
}

// events are the actions of the trail that concern the account, oldest first.
func (h *house) events(t *testing.T, id string) []string {
	t.Helper()
	return column(t, h.db, simpul.NationScope(), `SELECT action FROM trail_event WHERE account = '`+id+`' ORDER BY seq`)
}

func wantCode(t *testing.T, what string, err error, want simpul.Code) {
	t.Helper()
	if got := simpul.CodeOf(err); got != want {
		t.Errorf("%s: got %q (%v), want %q", what, got, err, want)
	}
}

// permissionsOf is a set.
func permissionsOf(p simpul.Principal) []simpul.Permission {
	set := map[simpul.Permission]bool{}
	for _, permission := range p.Permissions {
		set[permission] = true
	}
	return slices.Sorted(maps.Keys(set))
}
