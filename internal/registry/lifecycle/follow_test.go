package lifecycle_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/lifecycle"
)

func TestALIDGoesStepByStep(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.must(t, provider, lifecycle.Move{To: lifecycle.Draft, Note: "Mulai"})
		r.must(t, provider, lifecycle.Move{Step: "registering", Note: "Siap"}) // three steps in one act
		_, err := r.move(t.Context(), provider, lifecycle.Move{To: lifecycle.Published})
		e := checkRefusal(t, err, simpul.CodeDenied)
		if !strings.Contains(e.Message.ID, "\"Pendaftaran\" ke \"Penerbitan\" dilakukan oleh operator nasional") {
			t.Errorf("it does not say whose turn it is: %s", e.Message.ID)
		}
		r.must(t, operator, lifecycle.Move{To: lifecycle.Published, Second: "ani@bandungkota.go.id"})
		want := []string{"planned ani@bandungkota.go.id", "developing ani@bandungkota.go.id", "testing ani@bandungkota.go.id",
			"registering ani@bandungkota.go.id", "publishing dedi@komdigi.go.id", "monitored dedi@komdigi.go.id"}
		if diff := cmp.Diff(want, r.steps(t, provider, usaha)); diff != "" {
			t.Error(diff)
		}
		if got := r.prepared; !slices.Equal(got, []string{"feasibility", "metadata"}) {
			t.Errorf("prepared %q", got)
		}
		want = []string{"lid.step planned", "lid.step planned → developing", "lid.step developing → testing", "lid.step testing → registering",
			"lid.step registering → publishing", "lid.step publishing → monitored"}
		if diff := cmp.Diff(want, r.events(t, string(usaha))); diff != "" {
			t.Error(diff)
		}
		entries, _ := r.Timeline(t.Context(), provider.Scope(), usaha)
		if entries[3].Note != "Siap" || entries[4].Second != "ani@bandungkota.go.id" {
			t.Errorf("signed as %+v, %+v", entries[3], entries[4])
		}
		r.must(t, provider, lifecycle.Move{To: lifecycle.Retired}) // by way of deprecation
		if got := r.steps(t, provider, usaha); !slices.Equal(got[6:], []string{"deprecated ani@bandungkota.go.id", "retired ani@bandungkota.go.id"}) {
			t.Errorf("%q", got)
		}
	})
}

func TestTheOperatorGoesAllTheWayInOneAct(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.must(t, operator, lifecycle.Move{To: lifecycle.Published})
		if got := r.steps(t, operator, usaha); len(got) != 6 || got[5] != "monitored dedi@komdigi.go.id" {
			t.Errorf("%q", got)
		}
		s, err := r.Standing(t.Context(), operator.Scope(), usaha)
		if err != nil || s.Step.Code != "monitored" || s.Due.Format("2006-01-02") != "2027-11-25" || s.Late {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func TestRefusalsSayWhatIsPossible(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.must(t, provider, lifecycle.Move{To: lifecycle.Draft})
	_, err := r.move(t.Context(), provider, lifecycle.Move{To: lifecycle.Published})
	if e := checkRefusal(t, err, simpul.CodeDenied); !strings.Contains(e.Remedy.ID, "sampai tahap \"Pendaftaran\" (registering)") {
		t.Errorf("it does not say how far: %s", e.Remedy.ID)
	}
	_, err = r.move(t.Context(), provider, lifecycle.Move{Step: "terbang"})
	if e := checkRefusal(t, err, simpul.CodeInvalid); !strings.Contains(e.Remedy.ID, "planned, developing") || strings.Contains(e.Remedy.ID, "requested") {
		t.Errorf("it does not name the steps: %s", e.Remedy.ID)
	}
	_, err = r.move(t.Context(), provider, lifecycle.Move{Step: "testing", To: lifecycle.Published})
	checkRefusal(t, err, simpul.CodeInvalid)
	_, err = r.move(t.Context(), provider, lifecycle.Move{Step: "testing", Note: "a\x00"})
	checkRefusal(t, err, simpul.CodeInvalid)

	r.must(t, operator, lifecycle.Move{To: lifecycle.Published})
	_, err = r.move(t.Context(), operator, lifecycle.Move{To: lifecycle.Draft})
	e := checkRefusal(t, err, simpul.CodeConflict)
	if !strings.Contains(e.Remedy.ID, "Evaluasi (evaluating) oleh operator nasional; Masa akhir (deprecated) oleh penyedia") {
		t.Errorf("it does not name the ways: %s", e.Remedy.ID)
	}
	r.must(t, provider, lifecycle.Move{To: lifecycle.Retired})
	_, err = r.move(t.Context(), operator, lifecycle.Move{To: lifecycle.Published})
	checkRefusal(t, err, simpul.CodeConflict)
}

func TestConditionsAreMetOrNothingHappens(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		refusal := &simpul.Error{Code: simpul.CodeConflict, Message: simpul.Text{ID: "Uji tidak lulus.", EN: "The test failed."}, Remedy: simpul.Text{ID: "Perbaiki.", EN: "Mend it."}}
		r.unmet["feasibility"] = refusal
		r.must(t, provider, lifecycle.Move{To: lifecycle.Draft})
		if _, err := r.move(t.Context(), provider, lifecycle.Move{Step: "registering"}); err != refusal {
			t.Errorf("got %v, not the condition's own words", err)
		}
		if got := r.steps(t, provider, usaha); len(got) != 1 {
			t.Errorf("half a way was stored: %q", got)
		}
		// The hub itself, which nobody asked, is not held to conditions.
		if _, err := r.move(t.Context(), simpul.TheHub(), lifecycle.Move{To: lifecycle.Published}); err != nil {
			t.Errorf("the hub: %v", err)
		}
		// A live LID whose contract changes has to meet them again.
		r.prepared = nil
		if _, err := r.move(t.Context(), provider, lifecycle.Move{To: lifecycle.Published, Changed: true}); err != refusal {
			t.Errorf("got %v, not the condition's own words", err)
		}
		if !slices.Equal(r.prepared, []string{"feasibility", "metadata"}) {
			t.Errorf("prepared %q", r.prepared)
		}
		before := len(r.events(t, string(usaha)))
		r.must(t, provider, lifecycle.Move{To: lifecycle.Published})
		if got := len(r.events(t, string(usaha))); got != before {
			t.Errorf("standing still was recorded: %d events, %d before", got, before)
		}
	})
}

func TestWhatWasStoredBeforeStandsWhereItFits(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.lids[usaha] = lid{bandung, lifecycle.Published}
		s, err := r.Standing(t.Context(), stranger.Scope(), usaha)
		if err != nil || s.Step.Code != "monitored" || !s.Since.IsZero() || !s.Due.IsZero() {
			t.Errorf("%+v, %v", s, err)
		}
		if got := r.steps(t, provider, usaha); !slices.Equal(got, []string{"monitored "}) {
			t.Errorf("history %q", got)
		}
		r.must(t, provider, lifecycle.Move{Step: "deprecated"})
		if got := r.steps(t, provider, usaha); !slices.Equal(got, []string{"deprecated ani@bandungkota.go.id"}) {
			t.Errorf("history %q", got)
		}
	})
}

// A LID whose state the catalogue changed past the room stands where it fits.
func TestTheCatalogueKnowsTheState(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	r.must(t, provider, lifecycle.Move{To: lifecycle.Draft})
	r.lids[usaha] = lid{bandung, lifecycle.Published}
	if s, _ := r.Standing(t.Context(), provider.Scope(), usaha); s.Step.Code != "monitored" {
		t.Errorf("%+v", s)
	}
	r.must(t, operator, lifecycle.Move{Step: "evaluating"})
	if got := r.steps(t, provider, usaha); !slices.Equal(got, []string{"planned ani@bandungkota.go.id", "evaluating dedi@komdigi.go.id"}) {
		t.Errorf("%q", got)
	}
}

func TestAnotherTenantSeesStepsAndNobodysName(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.must(t, provider, lifecycle.Move{To: lifecycle.Draft, Note: "Rahasia"})
		for _, scope := range []simpul.Scope{stranger.Scope(), simpul.PublicScope()} {
			_, err := r.Timeline(t.Context(), scope, usaha)
			checkRefusal(t, err, simpul.CodeNotFound)
			_, err = r.Standing(t.Context(), scope, usaha)
			checkRefusal(t, err, simpul.CodeNotFound)
		}
		// Also when the catalogue would say more than it should.
		r.lids[usaha] = lid{bandung, lifecycle.Published}
		entries, err := r.Timeline(t.Context(), stranger.Scope(), usaha)
		if err != nil || entries[0].Step.Code != "monitored" {
			t.Errorf("a draft's history reached a stranger: %+v, %v", entries, err)
		}
		r.lids[usaha] = lid{bandung, lifecycle.Draft}

		err = r.db.Write(t.Context(), stranger.Scope(), func(tx *sqldb.Tx) error {
			_, err := r.Follow(t.Context(), tx, stranger, lifecycle.Move{Address: usaha, Agency: bandung, From: lifecycle.Draft, Step: "developing"})
			return err
		})
		if err == nil {
			t.Error("a stranger moved a LID")
		}
		err = r.db.Write(t.Context(), stranger.Scope(), func(tx *sqldb.Tx) error {
			_, err := r.Follow(t.Context(), tx, stranger, lifecycle.Move{Address: usaha, Agency: bps, From: lifecycle.Draft, Step: "developing"})
			return err
		})
		if err == nil {
			t.Error("a stranger took a LID over")
		}
		err = r.db.Write(t.Context(), stranger.Scope(), func(tx *sqldb.Tx) error { return r.Forget(t.Context(), tx, usaha) })
		if got := r.steps(t, provider, usaha); err != nil || len(got) != 1 {
			t.Errorf("a stranger made it forgotten: %q, %v", got, err)
		}

		r.must(t, operator, lifecycle.Move{To: lifecycle.Published, Note: "Rahasia"})
		entries, err = r.Timeline(t.Context(), stranger.Scope(), usaha)
		if err != nil || len(entries) < 6 {
			t.Fatalf("%+v, %v", entries, err)
		}
		for _, e := range entries {
			if e.Mover != "" || e.Note != "" || e.Second != "" {
				t.Errorf("a stranger reads %+v", e)
			}
		}
		if all, err := r.Standings(t.Context(), stranger.Scope(), everyone); err != nil || len(all) != 0 {
			t.Errorf("a stranger lists %+v, %v", all, err)
		}
		if all, err := r.Standings(t.Context(), provider.Scope(), httpapi.Page{Limit: 5}); err != nil || len(all) != 1 {
			t.Errorf("the owner lists %+v, %v", all, err)
		}
		if all, _, err := r.DueUntil(t.Context(), stranger.Scope(), r.now.AddDate(9, 0, 0), everyone); err != nil || len(all) != 0 {
			t.Errorf("a stranger learns what is due: %+v, %v", all, err)
		}
	})
}

// History is written once, also for somebody with the database's own rights.
func TestHistoryStaysAsItIs(t *testing.T) {
	db := testkit.Postgres(t)
	r := newRoom(t, db)
	r.must(t, provider, lifecycle.Move{To: lifecycle.Draft})
	for _, statement := range []string{`UPDATE lifecycle_entry SET mover = 'x'`, `DELETE FROM lifecycle_entry`} {
		exec(t, db, statement)
		if got := r.steps(t, provider, usaha); !slices.Equal(got, []string{"planned ani@bandungkota.go.id"}) {
			t.Errorf("after %s: %q", statement, got)
		}
	}
}

func TestADeletedLIDIsForgottenAndCountsOn(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.must(t, provider, lifecycle.Move{To: lifecycle.Draft})
		err := r.db.Write(t.Context(), provider.Scope(), func(tx *sqldb.Tx) error { return r.Forget(t.Context(), tx, usaha) })
		if err != nil {
			t.Fatal(err)
		}
		delete(r.lids, usaha)
		if all, _ := r.Standings(t.Context(), provider.Scope(), everyone); len(all) != 0 {
			t.Errorf("%+v", all)
		}
		r.must(t, provider, lifecycle.Move{To: lifecycle.Draft})
		if got := r.steps(t, provider, usaha); len(got) != 2 {
			t.Errorf("history %q", got)
		}
	})
}
