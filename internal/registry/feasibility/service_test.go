package feasibility_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
	"simpul/internal/registry/feasibility"
)

// faulty is a provider that answers the wrong type.
func faulty() *provider {
	p := newProvider()
	p.one = answers(200, "application/json", `{"kode":3273}`)
	return p
}

func TestAReportIsKept(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db, newProvider())
		report, err := r.Run(t.Context(), owner, string(kota))
		if err != nil || !report.Passes() || report.By != owner.ID || report.Digest != r.subject.Digest() {
			t.Fatalf("%+v %v", report, err)
		}
		for _, p := range []simpul.Principal{owner, operator} {
			st, err := r.Standing(t.Context(), p, string(kota), "")
			if err != nil || !st.Fit || !st.Current || st.Report.ID != report.ID || len(st.History) != 1 || len(st.Report.Checks) != len(report.Checks) {
				t.Errorf("%+v %v", st, err)
			}
		}
		r.clock.pass(time.Minute)
		if _, err := r.Run(t.Context(), operator, string(kota)); err != nil {
			t.Fatal(err)
		}
		st, err := r.Standing(t.Context(), owner, string(kota), report.ID)
		if err != nil || st.Report.ID != report.ID || len(st.History) != 2 || st.History[0].By != operator.ID {
			t.Errorf("%+v %v", st, err)
		}
		_, err = r.Standing(t.Context(), owner, string(kota), "uk-tidak-ada")
		checkRefusal(t, err, simpul.CodeNotFound)
	})
}

// Whoever is neither the owner nor the nation learns nothing, in the words for
// what does not exist.
func TestOthersLearnNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db, newProvider())
		if _, err := r.Run(t.Context(), owner, string(kota)); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{string(kota), "tidak/Ada"} {
			_, err := r.Run(t.Context(), stranger, id)
			checkRefusal(t, err, simpul.CodeNotFound)
			_, err = r.Standing(t.Context(), stranger, id, "")
			checkRefusal(t, err, simpul.CodeNotFound)
			_, err = r.Waive(t.Context(), stranger, id, "", strings.Repeat("karena perlu ", 3))
			checkRefusal(t, err, simpul.CodeDenied)
		}
		_, err := r.RunPlanned(t.Context(), stranger, string(kota), json.RawMessage(wellBehaved)) // of another agency
		checkRefusal(t, err, simpul.CodeNotFound)
		err = db.Read(t.Context(), stranger.Scope(), func(tx *sqldb.Tx) error {
			passed, err := r.Passed(t.Context(), tx, kota, r.subject.Digest())
			if passed {
				t.Error("a stranger sees the report")
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestHowOftenATestMayBegin(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t), newProvider())
	run := func() error { _, err := r.Run(t.Context(), owner, string(kota)); return err }
	if err := run(); err != nil {
		t.Fatal(err)
	}
	checkRefusal(t, run(), simpul.CodeLimited)
	r.clock.pass(10 * time.Second)
	if err := run(); err != nil {
		t.Error(err)
	}
	begun := 2
	for ; begun < 100; begun++ {
		r.clock.pass(10 * time.Second)
		if err := run(); err != nil {
			checkRefusal(t, err, simpul.CodeLimited)
			break
		}
	}
	if begun < 60 || begun > 75 {
		t.Errorf("%d tests within a quarter of an hour", begun)
	}
}

func TestOneTestAtATime(t *testing.T) {
	begun, release := make(chan struct{}, 100), make(chan struct{})
	p := newProvider()
	list := p.list
	p.list = wait(begun, release, list)
	r := newRoom(t, testkit.SQLite(t), p)
	first := make(chan error, 1)
	go func() { _, err := r.Run(context.Background(), owner, string(kota)); first <- err }()
	<-begun
	_, err := r.Run(t.Context(), operator, string(kota))
	checkRefusal(t, err, simpul.CodeConflict)
	close(release)
	if err := <-first; err != nil {
		t.Error(err)
	}
}

// A test whose request is gone stores nothing.
func TestAnInterruptedTestLeavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	begun, release := make(chan struct{}, 100), make(chan struct{})
	p := newProvider()
	p.list = wait(begun, release, p.list)
	r := newRoom(t, testkit.SQLite(t), p)
	go func() { <-begun; cancel() }()
	_, err := r.Run(ctx, owner, string(kota))
	close(release)
	if simpul.CodeOf(err) != simpul.CodeAborted {
		t.Errorf("got %v", err)
	}
	if st, err := r.Standing(t.Context(), owner, string(kota), ""); err != nil || st.Report != nil || len(st.History) > 0 {
		t.Errorf("%+v %v", st, err)
	}
	if _, err := r.Run(t.Context(), owner, string(kota)); err != nil {
		t.Errorf("the next: %v", err)
	}
}

func TestEnsure(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db, newProvider())
		ensure := func() error { return r.Ensure(t.Context(), owner, r.subject) }
		if err := ensure(); err != nil {
			t.Fatal(err)
		}
		if err := ensure(); err != nil { // by the report, so at once
			t.Error(err)
		}
		r.clock.pass(31 * 24 * time.Hour)
		if st, err := r.Standing(t.Context(), owner, string(kota), ""); err != nil || st.Fit || st.Current {
			t.Errorf("a month later: %+v %v", st, err)
		}
		if err := ensure(); err != nil {
			t.Error(err)
		}
		if st, _ := r.Standing(t.Context(), owner, string(kota), ""); len(st.History) != 2 {
			t.Errorf("%d reports", len(st.History))
		}
		r.subject.Credential.Print = "p2"
		if err := ensure(); err != nil { // another subject, so it is tested at once
			t.Error(err)
		}
		if st, _ := r.Standing(t.Context(), owner, string(kota), ""); len(st.History) != 3 {
			t.Errorf("%d reports", len(st.History))
		}
	})
}

func TestAWaiver(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db, faulty())
		const reason = "Kolom kode diperbaiki sebelum 1 Februari 2027"
		_, err := r.Waive(t.Context(), operator, string(kota), "", reason)
		checkRefusal(t, err, simpul.CodeConflict) // was never tested
		err = r.Ensure(t.Context(), owner, r.subject)
		checkRefusal(t, err, simpul.CodeConflict)
		if !strings.Contains(err.Error(), "Answers match the contract") {
			t.Errorf("does not name what failed: %v", err)
		}
		for _, short := range []string{"", "terlalu pendek", strings.Repeat(" ", 40), strings.Repeat("a", 1001), "kendali \x00 di dalam alasan ini"} {
			_, err := r.Waive(t.Context(), operator, string(kota), "", short)
			checkRefusal(t, err, simpul.CodeInvalid)
		}
		_, err = r.Waive(t.Context(), owner, string(kota), "", reason)
		checkRefusal(t, err, simpul.CodeDenied)
		w, err := r.Waive(t.Context(), operator, string(kota), "", reason)
		if err != nil || w.By != operator.ID || w.Reason != reason {
			t.Fatalf("%+v %v", w, err)
		}
		_, err = r.Waive(t.Context(), operator, string(kota), "", reason)
		checkRefusal(t, err, simpul.CodeConflict)
		if err := r.Ensure(t.Context(), owner, r.subject); err != nil {
			t.Error(err)
		}
		st, err := r.Standing(t.Context(), owner, string(kota), "")
		if err != nil || !st.Fit || st.Waiver == nil || st.Waiver.Reason != reason || st.Report.Outcome != feasibility.Fail {
			t.Errorf("%+v %v", st, err)
		}
		if _, ok, err := r.PublicWaiver(t.Context(), kota, r.subject.Digest()); !ok || err != nil {
			t.Errorf("not public: %v", err)
		}
		checkTrail(t, db, "feasibility.run", "feasibility.waive")

		r.subject.Tested = "another contract"
		if st, err := r.Standing(t.Context(), owner, string(kota), ""); err != nil || st.Fit || st.Waiver != nil {
			t.Errorf("a changed LID keeps its waiver: %+v %v", st, err)
		}
	})
}

func TestAWaiverThatALIDBringsAlong(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t), faulty())
	checkRefusal(t, r.EnsureWaived(t.Context(), owner, r.subject, "Diperbaiki sebelum Februari 2027"), simpul.CodeDenied)
	checkRefusal(t, r.EnsureWaived(t.Context(), operator, r.subject, "pendek"), simpul.CodeInvalid)
	if err := r.EnsureWaived(t.Context(), operator, r.subject, "Diperbaiki sebelum Februari 2027"); err != nil {
		t.Fatal(err)
	}
	if st, err := r.Standing(t.Context(), owner, string(kota), ""); err != nil || !st.Fit || st.Waiver == nil {
		t.Errorf("%+v %v", st, err)
	}
}

// checkTrail makes sure that the newest events are these, in any order.
func checkTrail(t *testing.T, db *sqldb.DB, actions ...string) {
	t.Helper()
	err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, action := range actions {
			events, err := trail.List(t.Context(), tx, trail.Filter{Action: action}, 0, 10)
			if err != nil {
				return err
			}
			if len(events) == 0 || events[0].Subject != string(kota) || events[0].Agency != kemendagri {
				t.Errorf("%s: %+v", action, events)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
