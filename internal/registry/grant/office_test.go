package grant_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/grant"
)

// offering offers Kota as open, Desa as restricted and Rahasia as closed, all
// of kemendagri, and nothing else.
type offering struct{}

func (offering) Offer(_ context.Context, address simpul.Address) (grant.Offer, error) {
	class, ok := classes()[address]
	if !ok {
		return grant.Offer{}, simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, string(address))
	}
	return grant.Offer{
		LID: address, Title: "T", Provider: kemendagri, Class: class, Contract: fields{"items", "items.kode", "items.nama"},
		Fields: []grant.OfferedField{{Name: "items.kode"}, {Name: "items.nama"}}, Parameters: []grant.OfferedField{{Name: "kode"}, {Name: "tahun"}},
	}, nil
}

// turned is a seal that is no secret, but is no plain text either and belongs to
// its place.
type turned struct{}

func (turned) Seal(plain []byte, table, row, column string) ([]byte, error) {
	return append([]byte(table+row+column+"|"), flip(plain)...), nil
}

func (turned) Open(sealed []byte, table, row, column string) ([]byte, error) {
	body, ok := bytes.CutPrefix(sealed, []byte(table+row+column+"|"))
	if !ok {
		return nil, fmt.Errorf("sealed for another place")
	}
	return flip(body), nil
}

func flip(b []byte) []byte {
	out := slices.Clone(b)
	for i := range out {
		out[i] ^= 0x5a
	}
	return out
}

// post keeps what people are told and proposed.
type post struct {
	notices   []simpul.Notice
	proposals []proposal
}

type proposal struct {
	action, subject string
	by              simpul.Principal
	before, content []byte
}

func (p *post) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	p.notices = append(p.notices, n)
	return nil
}

func (p *post) Propose(_ context.Context, _ *sqldb.Tx, by simpul.Principal, action, subject string, agency simpul.AgencyID, before, content []byte, _ string) (string, error) {
	if agency != kemendagri {
		return "", fmt.Errorf("proposed %s of %s", action, agency)
	}
	p.proposals = append(p.proposals, proposal{action, subject, by, before, content})
	return fmt.Sprint("u-", len(p.proposals)), nil
}

// office is the room with its requests.
type office struct {
	*grant.Access
	*post
	room *room
}

func newOffice(t testing.TB, db *sqldb.DB) *office {
	t.Helper()
	r := newRoom(t, db)
	return &office{r.access(r.post), r.post, r}
}

// access is the use cases on requests, for somebody who is told of them.
func (r *room) access(n grant.Notifier) *grant.Access {
	return grant.NewAccess(grant.AccessConfig{
		DB: r.db, Grants: r.Service, Offers: offering{}, Sealer: turned{}, Notifier: n, Proposals: r.post,
		Deadlines: grant.Weekends{}, Limits: grant.DefaultLimits(), Disuse: grant.DefaultDisuse(), Now: r.clock,
	})
}

func person(role simpul.Role, account simpul.AccountID) simpul.Principal {
	p := simpul.Acting(string(account), role, account.Agency())
	p.Account = account
	return p
}

var (
	asker   = person(simpul.RoleConsumer, "sari@"+bandung)
	decider = person(simpul.RoleProvider, "budi@"+kemendagri)
	second  = person(simpul.RoleProvider, "citra@"+kemendagri)
)

// ask is what bandung asks of a LID, changed.
func ask(lid simpul.Address, change func(*grant.Ask)) grant.Ask {
	until := monday.AddDate(1, 0, 0).Truncate(time.Hour)
	a := grant.Ask{
		LID: lid, Application: layanan, Purpose: "Memastikan alamat pemohon layanan warga", LegalBasis: "UU 25/2009 pasal 4", Contact: "Sari, 022-123",
		Terms: grant.Terms{Fields: []string{"items.kode", "items.nama"}, RatePerMinute: 60, Until: &until},
	}
	if change != nil {
		change(&a)
	}
	return a
}

func (o *office) submit(t testing.TB, a grant.Ask) grant.Case {
	t.Helper()
	c, err := o.Submit(t.Context(), asker, a)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func approval(c grant.Case, change func(*grant.Decision)) grant.Decision {
	d := grant.Decision{Version: c.Version, Verdict: grant.Approved, Terms: c.Latest().Ask.Terms}
	if change != nil {
		change(&d)
	}
	return d
}
