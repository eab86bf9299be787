package notice

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/mail"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

const (
	bandung = simpul.AgencyID("bandungkota.go.id")
	siti    = simpul.AccountID("siti@bandungkota.go.id")
	budi    = simpul.AccountID("budi@bandungkota.go.id")
	made    = simpul.AccountID("made@balikab.go.id")
	wati    = simpul.AccountID("wati@komdigi.go.id")
)

// wednesday is 10.00 WIB.
func wednesday() time.Time { return time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC) }

// town is the room with people around it, and a clock that only moves when told.
type town struct {
	*Service
	db      *sqldb.DB
	courier *Courier
	relay   *fakeRelay
	log     *bytes.Buffer

	at    time.Time
	gone  map[simpul.AccountID]bool
	wrong error // of looking an address up
}

func newTown(t *testing.T, db *sqldb.DB) *town {
	t.Helper()
	w := &town{db: db, at: wednesday(), relay: &fakeRelay{}, log: &bytes.Buffer{}, gone: map[simpul.AccountID]bool{}}
	w.Service = New(db, fakeSealer{}, w, func() time.Time { return w.at })
	w.courier = w.NewCourier(w, w.relay, "https://hub.go.id/", slog.New(slog.NewTextHandler(w.log, nil)))
	return w
}

// Holders: Siti and Budi may decide in Bandung, Wati in the nation.
func (w *town) Holders(_ context.Context, _ *sqldb.Tx, agency simpul.AgencyID, permission simpul.Permission) ([]simpul.AccountID, error) {
	switch {
	case permission != simpul.DecideProposals:
		return nil, nil
	case agency == "":
		return []simpul.AccountID{wati}, nil
	case agency == bandung:
		return []simpul.AccountID{siti, budi}, nil
	}
	return nil, nil
}

func (w *town) Address(_ context.Context, _ *sqldb.Tx, id simpul.AccountID) (email, name string, language simpul.Language, err error) {
	if w.gone[id] {
		return "", "", "", simpul.NotFound(simpul.Text{ID: "Akun"}, string(id))
	}
	language = simpul.Indonesian
	if id == wati {
		language = simpul.English
	}
	return string(id), id.Name(), language, w.wrong
}

// notify sends as Bandung's administrator would.
func (w *town) notify(t *testing.T, n simpul.Notice) {
	t.Helper()
	if err := w.db.Write(t.Context(), simpul.AgencyScope(bandung), func(tx *sqldb.Tx) error { return w.Notify(t.Context(), tx, n) }); err != nil {
		t.Fatal(err)
	}
}

func (w *town) round(t *testing.T) {
	t.Helper()
	if err := w.courier.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// inbox is what the person sees, newest first.
func (w *town) inbox(t *testing.T, id simpul.AccountID) []Entry {
	t.Helper()
	all, _, err := w.List(t.Context(), as(id), Filter{}, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// letters is the outbox, oldest first.
func (w *town) letters(t *testing.T) []parcel {
	t.Helper()
	var all []parcel
	err := w.db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		all, err = listMail(t.Context(), tx, "", newest(), 1000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all
}

// state is that of the only letter.
func (w *town) state(t *testing.T) string {
	t.Helper()
	all := w.letters(t)
	if len(all) != 1 {
		t.Fatalf("%d letters", len(all))
	}
	return all[0].State
}

// as is the person, with an ordinary role in their agency.
func as(id simpul.AccountID) simpul.Principal {
	p := simpul.Acting(string(id), simpul.RoleProvider, id.Agency())
	p.Account = id
	return p
}

// aNotice is about a key, which by default goes by e-mail at once.
func aNotice(to ...simpul.AccountID) simpul.Notice {
	return simpul.Notice{
		Topic: "key.expiring", Accounts: to, Link: "/aplikasi/layanan",
		Title: simpul.Text{ID: "Kunci akan berakhir", EN: "A key expires"},
		Body:  simpul.Text{ID: "Kunci k-1 berakhir Sabtu.", EN: "Key k-1 expires on Saturday."},
	}
}

// fakeRelay takes messages, or fails as it is told.
type fakeRelay struct {
	mu   sync.Mutex
	fail []error // of the next messages; nil takes one
	sent []mail.Message
	call func() // before it answers
}

func (r *fakeRelay) Send(_ context.Context, m mail.Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.call != nil {
		r.call()
	}
	if len(r.fail) > 0 {
		err := r.fail[0]
		r.fail = r.fail[1:]
		if err != nil {
			return err
		}
	}
	r.sent = append(r.sent, m)
	return nil
}

func failing(code simpul.Code) error {
	return &simpul.Error{Code: code, Message: simpul.Text{ID: "gagal " + string(code), EN: "failed " + string(code)}}
}

// fakeSealer turns a text around and ties it to its place.
type fakeSealer struct{}

func (fakeSealer) Seal(plain []byte, table, row, column string) ([]byte, error) {
	turned := make([]byte, len(plain))
	for i, b := range plain {
		turned[i] = b ^ 0x5a
	}
	return append([]byte(table+row+column+"|"), turned...), nil
}

func (fakeSealer) Open(sealed []byte, table, row, column string) ([]byte, error) {
	turned, ok := bytes.CutPrefix(sealed, []byte(table+row+column+"|"))
	if !ok {
		return nil, errors.New("sealed for another place")
	}
	plain := make([]byte, len(turned))
	for i, b := range turned {
		plain[i] = b ^ 0x5a
	}
	return plain, nil
}

// towns runs the test on both engines.
func towns(t *testing.T, test func(t *testing.T, w *town)) {
	t.Helper()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) { test(t, newTown(t, db)) })
}
