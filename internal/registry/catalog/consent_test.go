package catalog_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

// told keeps what people are told.
type letters struct{ sent []simpul.Notice }

func (l *letters) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	l.sent = append(l.sent, n)
	return nil
}

func consumerOf(id string) simpul.Principal {
	return simpul.Acting("t-pemanfaat-"+id, simpul.RoleConsumer, simpul.AgencyID(id))
}

// broken is a LID that others call, the change that would break them, and the
// plans over it.
func broken(t *testing.T, db *sqldb.DB) (*room, *catalog.Plans, *letters, catalog.Spec) {
	t.Helper()
	r, l := newRoom(t, db), &letters{}
	exec(t, db, `INSERT INTO agency_agency (id, name, level, created_at, updated_at) VALUES ('bps.go.id', 'A', 'nasional', 0, 0)`)
	r.put(t, kota, lid(contracted(`{"kode":{"type":"string"},"nama":{"type":"string"}}`)))
	r.Service.Connect(holders{kota: 2}, nil)
	return r, catalog.NewPlans(r.Service, l), l, lid(contracted(`{"kode":{"type":"string"}}`))
}

func TestConsumersConsentToAChange(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, plans, l, next := broken(t, db)
		owner, consumer := providerOf(kemendagri), consumerOf(bandung)
		put := func(s catalog.Spec) error {
			_, err := r.Put(t.Context(), owner, kota, s, false)
			return err
		}
		plan, err := plans.Announce(t.Context(), owner, kota, next)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.sent) != 1 || l.sent[0].Agency != bandung || l.sent[0].Holding != simpul.WriteApplications || l.sent[0].Link != catalog.PlanPath(kota, plan.Contract) {
			t.Errorf("who is told of the plan: %+v", l.sent)
		}
		checkRefusal(t, put(next), simpul.CodeConflict, "spec.contract")

		seen, changes, err := plans.Get(t.Context(), consumer, kota, plan.Contract)
		if err != nil || changes.Contract.Breaking != 1 || seen.Author != "" || len(seen.Answers) != 1 || seen.Answers[0].Verdict != catalog.Asked {
			t.Errorf("the consumer reads %+v %+v, %v", seen, changes, err)
		}
		checkNothingLeaks(t, []any{seen, changes})

		checkRefusal(t, plans.Answer(t.Context(), consumer, kota, plan.Contract, catalog.Objects, "tidak"), simpul.CodeInvalid, "reason")
		if err := plans.Answer(t.Context(), consumer, kota, plan.Contract, catalog.Objects, "loket kami membaca nama itu"); err != nil {
			t.Fatal(err)
		}
		if last := l.sent[len(l.sent)-1]; last.Agency != kemendagri || last.Body.ID != "loket kami membaca nama itu" {
			t.Errorf("the provider is told %+v", last)
		}
		checkRefusal(t, put(next), simpul.CodeConflict, "spec.contract")
		if err := plans.Answer(t.Context(), consumer, kota, plan.Contract, catalog.Consents, ""); err != nil {
			t.Fatal(err)
		}
		checkRefusal(t, put(lid(contracted(`{"lain":{"type":"string"}}`))), simpul.CodeConflict, "spec.contract")
		if err := put(next); err != nil {
			t.Errorf("what all consented to: %v", err)
		}
	})
}

// Whoever was given access after the plan was announced has not consented.
func TestNewConsumersAreAskedToo(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, plans, l, next := broken(t, db)
		plan, err := plans.Announce(t.Context(), providerOf(kemendagri), kota, next)
		if err == nil {
			err = plans.Answer(t.Context(), consumerOf(bandung), kota, plan.Contract, catalog.Consents, "")
		}
		if err != nil {
			t.Fatal(err)
		}
		r.Service.Connect(many{bandung, "bps.go.id"}, nil)
		_, err = r.Put(t.Context(), providerOf(kemendagri), kota, next, false)
		checkRefusal(t, err, simpul.CodeConflict, "spec.contract")
		if _, err := plans.Announce(t.Context(), providerOf(kemendagri), kota, next); err != nil {
			t.Fatal(err)
		}
		all, _, err := plans.Get(t.Context(), providerOf(kemendagri), kota, plan.Contract)
		var got []string
		for _, a := range all.Answers {
			got = append(got, string(a.Agency)+" "+string(a.Verdict))
		}
		if diff := cmp.Diff([]string{"bandungkota.go.id consents", "bps.go.id asked"}, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
		if last := l.sent[len(l.sent)-1]; last.Agency != "bps.go.id" {
			t.Errorf("the new one is not told: %+v", last)
		}
	})
}

type many []simpul.AgencyID

func (many) Pin(context.Context, *sqldb.Tx, simpul.Address, string) (func() error, error) {
	return func() error { return nil }, nil
}

func (many) Tell(context.Context, *sqldb.Tx, simpul.Address, string, simpul.Notice) error { return nil }

func (m many) InEffect(context.Context, *sqldb.Tx, simpul.Address) (int, error) { return len(m), nil }

func (m many) Agencies(context.Context, *sqldb.Tx, simpul.Address) ([]simpul.AgencyID, error) {
	return m, nil
}

func TestOnlyWhatBreaksSomebodyIsAsked(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, plans, l, next := broken(t, db)
		_, err := plans.Announce(t.Context(), providerOf(kemendagri), kota, lid(contracted(`{"kode":{"type":"string"},"nama":{"type":"string"},"baru":{"type":"string"}}`)))
		checkRefusal(t, err, simpul.CodeConflict, "spec.contract")
		r.Service.Connect(holders{}, nil)
		_, err = plans.Announce(t.Context(), providerOf(kemendagri), kota, next)
		checkRefusal(t, err, simpul.CodeConflict, "spec.contract")
		if len(l.sent) != 0 {
			t.Errorf("somebody was told: %+v", l.sent)
		}
	})
}

// Who is neither the provider nor asked finds the same as where no plan is, and
// nobody answers for others.
func TestPlansAsTheWrongTenant(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		_, plans, _, next := broken(t, db)
		plan, err := plans.Announce(t.Context(), providerOf(kemendagri), kota, next)
		if err != nil {
			t.Fatal(err)
		}
		const nowhere = "master/Tiada"
		for _, p := range []simpul.Principal{consumerOf("bps.go.id"), providerOf("bps.go.id"), public} {
			_, _, there := plans.Get(t.Context(), p, kota, plan.Contract)
			_, _, absent := plans.Get(t.Context(), p, nowhere, plan.Contract)
			checkRefusal(t, there, simpul.CodeNotFound, "")
			if plainly(there, kota) != plainly(absent, nowhere) {
				t.Errorf("%s tells a plan from none: %v, %v", p.ID, there, absent)
			}
			checkRefusal(t, plans.Answer(t.Context(), p, kota, plan.Contract, catalog.Consents, ""), simpul.CodeNotFound, "")
			_, err := plans.Announce(t.Context(), p, kota, next)
			checkRefusal(t, err, simpul.CodeNotFound, "")
		}
		for _, p := range []simpul.Principal{providerOf(kemendagri), operator} {
			if err := plans.Answer(t.Context(), p, kota, plan.Contract, catalog.Consents, ""); err == nil {
				t.Errorf("%s answers for those who are asked", p.ID)
			}
		}
		all, _, err := plans.Get(t.Context(), operator, kota, plan.Contract)
		if err != nil || len(all.Answers) != 1 || all.Answers[0].Verdict != catalog.Asked {
			t.Errorf("got %+v, %v", all.Answers, err)
		}
	})
}
