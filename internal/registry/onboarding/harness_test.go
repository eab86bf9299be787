package onboarding_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/onboarding"
)

const bandung = "bandungkota.go.id"

var (
	operator = simpul.Acting("t-operator", simpul.RoleOperator, "")
	monday   = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	pdf      = []byte("%PDF-1.7\n" + string(bytes.Repeat([]byte("x"), 100)) + "\n%%EOF\n")
)

func adminOf(id string) simpul.Principal {
	return simpul.Acting("t-"+id, simpul.RoleAdmin, simpul.AgencyID(id))
}

// room is the onboarding room on a database, with a clock that the test moves,
// neighbours that note what they are asked, and a seal that everybody can break.
type room struct {
	*onboarding.Service
	db       *sqldb.DB
	now      time.Time
	admitted []onboarding.Admission
	refuse   error
	invited  []simpul.AccountID
	notices  []simpul.Notice
	settled  []string // keys of notices on which somebody acted
}

func newRoom(db *sqldb.DB) *room {
	r := &room{db: db, now: monday}
	r.Service = onboarding.New(db, func() time.Time { return r.now }, mask{}, r, r, r)
	return r
}

func (r *room) Admit(_ context.Context, _ *sqldb.Tx, _ simpul.Principal, a onboarding.Admission) error {
	if r.refuse == nil {
		r.admitted = append(r.admitted, a)
	}
	return r.refuse
}

func (r *room) Invite(_ context.Context, _ simpul.Principal, account simpul.AccountID, _, _ string, _ []simpul.Role) error {
	r.invited = append(r.invited, account)
	return nil
}

func (r *room) Done(_ context.Context, _ *sqldb.Tx, key string) error {
	r.settled = append(r.settled, key)
	return nil
}

func (r *room) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	r.notices = append(r.notices, n)
	return nil
}

// mask seals by turning every bit, and opens only in the same place.
type mask struct{}

func (mask) Seal(plain []byte, table, row, column string) ([]byte, error) {
	place := []byte(table + row + column)
	sealed := append([]byte{byte(len(place))}, place...)
	for _, b := range plain {
		sealed = append(sealed, ^b)
	}
	return sealed, nil
}

func (mask) Open(sealed []byte, table, row, column string) ([]byte, error) {
	place := []byte(table + row + column)
	if len(sealed) <= len(place) || !bytes.Equal(sealed[1:len(place)+1], place) {
		return nil, errors.New("sealed for another place")
	}
	var plain []byte
	for _, b := range sealed[len(place)+1:] {
		plain = append(plain, ^b)
	}
	return plain, nil
}

func complete() onboarding.Form {
	return onboarding.Form{
		Agency: bandung, Name: "Pemerintah Kota Bandung", Level: "kota", Region: "32.73", LetterNumber: "800/12/Diskominfo", LetterDate: "2026-11-20",
		Team:    []onboarding.Person{{Name: "Siti Rahma", Position: "Kepala Bidang", Email: "siti.rahma@bandungkota.go.id", Phone: "+62 812-3456-7890", Tasks: "Memimpin tim"}},
		Purpose: "Memakai data rujukan wilayah pada layanan warga", Addresses: []string{"103.12.4.0/24"},
	}
}

// filled is a form that is ready to be submitted by whoever holds its code.
func (r *room) filled(t testing.TB) onboarding.Holder {
	t.Helper()
	code, err := r.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h := onboarding.WithCode(code)
	r.fill(t, h)
	return h
}

func (r *room) fill(t testing.TB, h onboarding.Holder) {
	t.Helper()
	if err := r.Save(t.Context(), h, func(f *onboarding.Form) { *f = complete() }); err != nil {
		t.Fatal(err)
	}
	if err := r.Attach(t.Context(), h, "surat.pdf", pdf); err != nil {
		t.Fatal(err)
	}
}

// submitted is the identifier of a form that waits for the operator.
func (r *room) submitted(t testing.TB) (onboarding.Holder, string) {
	t.Helper()
	h := r.filled(t)
	if faults, err := r.Submit(t.Context(), h); err != nil {
		t.Fatal(faults, err)
	}
	return h, r.id(t, h)
}

func (r *room) id(t testing.TB, h onboarding.Holder) string {
	t.Helper()
	c, err := r.Case(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

func checkRefusal(t *testing.T, err error, code simpul.Code) {
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

func (r *room) clock() time.Time { return r.now }
