package maturity_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/maturity"
)

const (
	bandung    simpul.AgencyID = "bandungkota.go.id"
	kemendagri simpul.AgencyID = "kemendagri.go.id"
)

var (
	operator = simpul.Acting("t-operator", simpul.RoleOperator, "")
	auditor  = simpul.Acting("t-auditor", simpul.RoleAuditor, "")
	steward  = simpul.Acting("t-steward", simpul.RoleSteward, bandung)
	stranger = simpul.Acting("t-stranger", simpul.RoleAdmin, kemendagri)
	monday   = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	year     = maturity.Period{From: "2026-10-15", Until: "2026-11-22"}
)

// nation is what the other rooms know in these tests: of Bandung, in its own
// scope alone.
type nation struct {
	approval maturity.Approval
	lids     []maturity.LID
	counts   []maturity.Count
	samples  []maturity.Sample
	norms    maturity.Norms
	kept     time.Time
	asked    [][2]time.Time // of counts
}

func (n *nation) Agency(_ context.Context, _ simpul.Principal, id simpul.AgencyID) (maturity.Agency, maturity.Approval, error) {
	if id != bandung {
		return maturity.Agency{}, maturity.Approval{}, simpul.NotFound(simpul.Text{ID: "Instansi", EN: "Agency"}, string(id))
	}
	return maturity.Agency{ID: bandung, Name: "Pemerintah Kota Bandung", Level: "kota", Region: "32.73"}, n.approval, nil
}

func own(scope simpul.Scope) error {
	if scope != simpul.AgencyScope(bandung) {
		return errors.New("asked in another scope than the agency's")
	}
	return nil
}

func (n *nation) LIDs(_ context.Context, scope simpul.Scope, _ simpul.AgencyID) ([]maturity.LID, error) {
	return n.lids, own(scope)
}

func (n *nation) Grants(_ context.Context, scope simpul.Scope, _ simpul.AgencyID) (maturity.Grants, error) {
	return maturity.Grants{Given: maturity.Tally{InEffect: 2, Parties: 1}, Held: maturity.Tally{Suspended: 1}}, own(scope)
}

func (n *nation) Counts(_ context.Context, scope simpul.Scope, _ simpul.AgencyID, from, until time.Time) ([]maturity.Count, error) {
	n.asked = append(n.asked, [2]time.Time{from, until})
	return n.counts, own(scope)
}

func (n *nation) Samples(_ context.Context, scope simpul.Scope, _ simpul.AgencyID, _, _ time.Time, most int) ([]maturity.Sample, error) {
	return n.samples[:min(len(n.samples), most)], own(scope)
}

func (n *nation) Kept(context.Context) (time.Time, error) { return n.kept, nil }

func (n *nation) Norms(_ context.Context, scope simpul.Scope, _ simpul.AgencyID) (maturity.Norms, error) {
	return n.norms, own(scope)
}

// busy is an agency that has everything a report shows.
func busy() *nation {
	score, evaluated := 98, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	lid := maturity.LID{Address: "izin/Usaha", Title: "=Izin usaha", Class: simpul.Terbuka, Version: "1.0", State: "published", Live: true, Since: monday.AddDate(-1, 0, 0), Updated: monday.AddDate(0, 0, -10),
		Number: "LID-7", Registered: &evaluated, Evaluated: &evaluated, Score: &score}
	draft := maturity.LID{Address: "izin/Baru", Title: "Baru", State: "draft", Since: monday, Updated: monday}
	return &nation{
		approval: maturity.Approval{Standing: "operational", Letter: "B-12/2026", LetterDate: "2026-01-05", FormVersion: 2, FormAt: &evaluated},
		lids:     []maturity.LID{lid, draft},
		counts:   []maturity.Count{{LID: "izin/Usaha", Side: maturity.Provided, Sum: maturity.Sum{Ended: 1200, Delivered: 1000}}, {LID: "master/Kota", Side: maturity.Called, Sum: maturity.Sum{Ended: 3, Delivered: 3}}},
		samples:  []maturity.Sample{{ID: "01a2139b-0019-7fb3-8cbb-65d1f3cc0f4d", At: monday, LID: "izin/Usaha", Side: maturity.Provided}},
		norms: maturity.Norms{Authored: []maturity.Authored{{Kind: "standard", ID: "izin", Title: "Izin"}}, Followed: []maturity.Followed{{Kind: "list", ID: "wilayah-kemendagri", Fields: 2, LIDs: 1}},
			Forms: []maturity.FormCount{{Form: "ms-ind", Approved: 1, Draft: 2}}},
	}
}

func service(t testing.TB, db *sqldb.DB, n *nation) *maturity.Service {
	t.Helper()
	err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, id := range []simpul.AgencyID{bandung, kemendagri} {
			if _, err := tx.Exec(t.Context(), `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ('`+string(id)+`', 'A', 'nasional', 0, 0)`); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return maturity.New(db, maturity.Sources{Registry: n, Ledger: n, Shelf: n, Hub: func() string { return "Simpul, hub.example.go.id" }}, func() time.Time { return monday })
}
