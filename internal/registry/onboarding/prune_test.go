package onboarding_test

import (
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/onboarding"
)

func (r *room) prunes(t *testing.T, want int64, before time.Time) {
	t.Helper()
	if n, err := r.Prune(t.Context(), before); err != nil || n != want {
		t.Errorf("dropped of %d cases, want %d, %v", n, want, err)
	}
}

func (r *room) open(t *testing.T, id string) (onboarding.Case, []onboarding.Version) {
	t.Helper()
	c, versions, err := r.Open(t.Context(), operator, id)
	if err != nil {
		t.Fatal(err)
	}
	return c, versions
}

func TestWhatWasNeverAcceptedIsStripped(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		returned, id := r.submitted(t)
		if err := r.Return(ctx, operator, id, 1, map[string]string{"team.1.name": "Siti Rahma bukan pegawai"}); err != nil {
			t.Fatal(err)
		}
		_, waiting := r.submitted(t)
		before := r.now.Add(time.Hour)
		r.prunes(t, 0, r.now) // as old as that
		document := complete()
		_, versions := r.open(t, id)
		document.Documents = versions[0].Form.Documents
		r.now = monday.AddDate(10, 0, 0)
		r.prunes(t, 1, before)
		r.prunes(t, 0, before)

		c, versions := r.open(t, id)
		for _, f := range []onboarding.Form{c.Form, versions[0].Form} {
			if f.Agency != bandung || f.LetterNumber == "" || len(f.Team) != 0 || f.Purpose != "" || len(f.Documents) != 0 {
				t.Errorf("left %+v", f)
			}
		}
		if !c.PrunedAt.Equal(r.now) || len(versions[0].Reasons) != 0 || versions[0].Outcome != onboarding.Returned || versions[0].DecidedBy != operator.ID {
			t.Errorf("%+v of %+v", versions[0], c)
		}
		if _, err := r.Document(ctx, operator, id, document.Documents[0].ID); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("the document: %v", err)
		}
		if _, err := r.Case(ctx, returned); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("the code still opens it: %v", err)
		}
		if _, versions := r.open(t, waiting); len(versions[0].Form.Team) != 1 || len(versions[0].Form.Documents) != 1 {
			t.Errorf("one that waits lost something: %+v", versions)
		}
	})
}

// An agency that goes on with what it left alone loses nothing of what it wrote
// since.
func TestAnAgencyGoesOnAfterItsDraftWasStripped(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		if err := r.BeginOwn(ctx, adminOf(bandung), bandung, complete()); err != nil {
			t.Fatal(err)
		}
		own := onboarding.For(adminOf(bandung), bandung)
		r.now = monday.AddDate(2, 0, 0)
		r.prunes(t, 1, r.now.AddDate(-1, 0, 0))
		c, err := r.Case(ctx, own)
		if err != nil || len(c.Form.Team) != 0 {
			t.Fatalf("%+v, %v", c, err)
		}
		r.now = r.now.Add(time.Hour)
		r.fill(t, own)
		r.prunes(t, 0, r.now.AddDate(-1, 0, 0))
		if c, err := r.Case(ctx, own); err != nil || len(c.Form.Team) != 1 || len(c.Form.Documents) != 1 {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

func TestOnlyReplacedDocumentsOfTheAcceptedGo(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(db), t.Context()
		_, id := r.submitted(t)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(r.Accept(ctx, operator, id, 1))
		must(r.Lock(ctx, operator, id))
		r.now = r.now.AddDate(20, 0, 0)
		r.prunes(t, 0, r.now) // the newest stays, however old

		own := onboarding.For(adminOf(bandung), bandung)
		must(r.BeginOwn(ctx, adminOf(bandung), bandung, onboarding.Form{}))
		c, _ := r.open(t, id)
		first := c.Form.Documents[0].ID
		must(r.Detach(ctx, own, first))
		must(r.Attach(ctx, own, "surat-2.pdf", pdf))
		r.prunes(t, 0, r.now) // not replaced until the next is accepted
		if _, err := r.Submit(ctx, own); err != nil {
			t.Fatal(err)
		}
		must(r.Accept(ctx, operator, id, 2))
		replaced := r.now
		r.prunes(t, 0, replaced) // not before the time either
		r.now = r.now.AddDate(10, 0, 1)
		r.prunes(t, 1, replaced.Add(time.Second))
		r.prunes(t, 0, replaced.Add(time.Second))

		c, versions := r.open(t, id)
		if len(versions) != 2 || len(versions[1].Form.Team) != 1 || !c.PrunedAt.Equal(r.now) {
			t.Errorf("%+v", versions)
		}
		_, err := r.Document(ctx, operator, id, first)
		checkRefusal(t, err, simpul.CodeNotFound)
		if err == nil || !strings.Contains(err.Error(), "dropped") && !strings.Contains(err.Error(), "dihapus") {
			t.Errorf("nobody is told that it was dropped: %v", err)
		}
		if _, err := r.Document(ctx, operator, id, versions[0].Form.Documents[0].ID); err != nil {
			t.Errorf("the newest version's: %v", err)
		}
	})
}
