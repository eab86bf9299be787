package tracker

import (
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// answerer works for the agency whose application looked.
func answerer(agency simpul.AgencyID) simpul.Principal {
	return simpul.Principal{ID: "dpo@" + string(agency), Account: "a-2", Agency: agency, Permissions: []simpul.Permission{simpul.AnswerPeople, simpul.DelayDisclosure}}
}

func TestAPersonAsksAndIsAnswered(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		x, other := r.call(t, noon.Add(-time.Hour), aid, melati), r.call(t, noon.Add(-time.Hour), aid, guntur)
		r.ledger.write(x, other)
		q, err := r.Ask(t.Context(), melati, x.ID, " Mengapa?\n ")
		if err != nil {
			t.Fatal(err)
		}
		if want := (weekdays{}).After(noon, 5); !q.DueAt.Equal(want) || q.Agency != bansos || q.Text != "Mengapa?" {
			t.Errorf("%+v, due %v", q, want)
		}
		for name, test := range map[string]struct {
			nik  simpul.NIK
			id   simpul.ExchangeID
			text string
			want simpul.Code
		}{
			"twice":                   {melati, x.ID, "Mengapa?", simpul.CodeConflict},
			"about somebody else":     {melati, other.ID, "Mengapa?", simpul.CodeNotFound},
			"nothing":                 {guntur, other.ID, " \n", simpul.CodeInvalid},
			"too much":                {guntur, other.ID, strings.Repeat("é", 1001), simpul.CodeInvalid},
			"with control characters": {guntur, other.ID, "\x1b[2J", simpul.CodeInvalid},
		} {
			if _, err := r.Ask(t.Context(), test.nik, test.id, test.text); simpul.CodeOf(err) != test.want {
				t.Errorf("%s: %v, want %s", name, err, test.want)
			}
		}
		if len(r.desk.told) != 1 || r.desk.told[0].Agency != bansos || r.desk.told[0].Holding != simpul.AnswerPeople || strings.Contains(r.desk.told[0].Body.ID, "Mengapa") {
			t.Errorf("told %+v", r.desk.told)
		}
		answer(t, r, q)
	})
}

func answer(t *testing.T, r *room, q Question) {
	t.Helper()
	if _, err := r.Question(t.Context(), answerer(police), q.Number); simpul.CodeOf(err) != simpul.CodeNotFound {
		t.Errorf("another agency reads it: %v", err)
	}
	if _, err := r.Answer(t.Context(), answerer(police), q.Number, "Karena"); simpul.CodeOf(err) != simpul.CodeNotFound {
		t.Errorf("another agency answers it: %v", err)
	}
	if _, err := r.Answer(t.Context(), officer(), q.Number, "Karena"); simpul.CodeOf(err) != simpul.CodeDenied {
		t.Errorf("without the permission: %v", err)
	}
	if some, err := r.Questions(t.Context(), answerer(police), true, httpapi.Page{Limit: 10}); err != nil || len(some) != 0 {
		t.Errorf("another agency lists %d, %v", len(some), err)
	}
	if some, err := r.Questions(t.Context(), answerer(bansos), true, httpapi.Page{Limit: 10}); err != nil || len(some) != 1 || some[0].Text != "Mengapa?" {
		t.Errorf("the agency lists %+v, %v", some, err)
	}
	r.at(noon.Add(time.Hour))
	if _, err := r.Answer(t.Context(), answerer(bansos), q.Number, "Karena Anda mendaftar."); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Answer(t.Context(), answerer(bansos), q.Number, "Lain"); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("answered twice: %v", err)
	}
	seen, err := r.Answered(t.Context(), " "+strings.ToUpper(q.Number))
	if err != nil || seen.Answer != "Karena Anda mendaftar." || seen.Open() || seen.AnsweredBy != answerer(bansos).ID {
		t.Errorf("the person sees %+v, %v", seen, err)
	}
	if !slices.Contains(r.desk.done, askedKey(q)) {
		t.Error("the notice stays on the desk")
	}
	if _, err := r.Answered(t.Context(), "t-aaaaaaaaaaaaaaaa"); simpul.CodeOf(err) != simpul.CodeNotFound {
		t.Errorf("a number of nobody: %v", err)
	}
}

func TestTheClockOfAQuestion(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		x := r.call(t, noon.Add(-time.Hour), aid, melati)
		r.ledger.write(x)
		q, err := r.Ask(t.Context(), melati, x.ID, "Mengapa?")
		if err != nil {
			t.Fatal(err)
		}
		topics := func() (all []string) {
			if err := r.Escalate(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, n := range r.desk.told[1:] {
				all = append(all, n.Topic)
			}
			return all
		}
		for _, step := range []struct {
			at   time.Time
			want []string
		}{
			{noon, nil}, {q.DueAt.AddDate(0, 0, -2), nil},
			{q.DueAt.Add(-time.Hour), []string{"tracker.due"}}, {q.DueAt.Add(-time.Minute), []string{"tracker.due"}},
			{q.DueAt.Add(time.Minute), []string{"tracker.due", "tracker.late"}}, {q.DueAt.AddDate(0, 0, 9), []string{"tracker.due", "tracker.late"}},
		} {
			r.at(step.at)
			if got := topics(); !slices.Equal(got, step.want) {
				t.Errorf("at %v told %v, want %v", step.at, got, step.want)
			}
		}
		if late := r.desk.told[2]; late.Agency != "" || late.Holding != simpul.AnswerPeople {
			t.Errorf("the operator is told by %+v", late)
		}
	})
}

func TestDelayedDisclosure(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		x := r.call(t, noon.Add(-time.Hour), inquiry, melati)
		x.Case = "LP/B/1/XI/2026"
		twin := r.call(t, noon.Add(-time.Hour), aid, melati) // another agency under the same number
		twin.Case = x.Case
		r.ledger.write(x, twin)
		until := noon.AddDate(0, 0, 30)
		wish := Wish{Kind: ByCase, Subject: x.Case, Basis: "KUHAP pasal 38", ShownFrom: until}
		r.delay(t, wish)
		r.shown(t, "while it is kept back", bansos)
		if _, err := r.Find(t.Context(), melati, x.ID); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("found while it is kept back: %v", err)
		}
		if _, err := r.Ask(t.Context(), melati, x.ID, "?"); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("asked about while it is kept back: %v", err)
		}
		n := 0
		if err := r.Affected(t.Context(), simpul.AgencyScope(police), inquiry, noon.AddDate(0, 0, -1), noon, func(Access) error { n++; return nil }); err != nil || n != 1 {
			t.Errorf("an incident concerns %d, %v: a delay hides nothing from those who must know", n, err)
		}
		some, err := r.Withheld(t.Context())
		if err != nil || !slices.Equal(some, []Withheld{{police, 1, 1, until}}) {
			t.Errorf("everybody sees %+v, %v", some, err)
		}
		r.at(until)
		r.shown(t, "once the time is over", bansos, police)
		a, err := r.Find(t.Context(), melati, x.ID)
		if err != nil || !a.ShownFrom.Equal(until) || Delayed(a, simpul.Text{ID: "x"}).ID == "" {
			t.Errorf("%+v, %v", a, err)
		}
		if some, err := r.Withheld(t.Context()); err != nil || len(some) != 0 {
			t.Errorf("once the time is over everybody sees %+v, %v", some, err)
		}
		wish.ShownFrom = until.AddDate(0, 0, 10)
		r.delay(t, wish) // an extension is another decision
		r.shown(t, "after an extension", bansos)
		if all, err := r.Delays(t.Context(), answerer(police)); err != nil || len(all) != 2 || all[0].ProposedBy != "penyidik" || all[0].DecidedBy != "atasan" {
			t.Errorf("decisions %+v, %v", all, err)
		}
		if all, err := r.Delays(t.Context(), answerer(bansos)); err != nil || len(all) != 0 {
			t.Errorf("another agency sees decisions %+v, %v", all, err)
		}
	})
}

// delay proposes and decides.
func (r *room) delay(t *testing.T, w Wish) {
	t.Helper()
	if _, err := r.Delay(t.Context(), answerer(police), w, "perkara berjalan"); err != nil {
		t.Fatal(err)
	}
	content := r.desk.proposed[len(r.desk.proposed)-1]
	w.Agency = police
	err := r.DB.Write(t.Context(), simpul.AgencyScope(police), func(tx *sqldb.Tx) error {
		before, err := r.PresentDelay(t.Context(), tx, w.subject())
		if err != nil {
			return err
		}
		if err := r.PutApproved(t.Context(), tx, simpul.Principal{ID: "penyidik"}, simpul.Principal{ID: "atasan"}, []byte("x"), content); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("another decision came first, and yet: %v", err)
		}
		return r.PutApproved(t.Context(), tx, simpul.Principal{ID: "penyidik"}, simpul.Principal{ID: "atasan"}, before, content)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// shown checks whose accesses Melati sees.
func (r *room) shown(t *testing.T, when string, want ...simpul.AgencyID) {
	t.Helper()
	page, err := r.Of(t.Context(), melati, Filter{}, "")
	var got []simpul.AgencyID
	for _, a := range page.Accesses {
		got = append(got, a.Consumer())
	}
	slices.Sort(got)
	if err != nil || !slices.Equal(got, want) || !slices.Equal(page.Agencies, want) {
		t.Errorf("%s the person sees %v and may choose of %v, %v; want %v", when, got, page.Agencies, err, want)
	}
}

func TestAWishToDelayMustStandOnSomething(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	good := Wish{Kind: ByCase, Subject: "LP/1", Basis: "KUHAP pasal 38", ShownFrom: noon.AddDate(0, 0, 10)}
	for name, test := range map[string]struct {
		who   simpul.Principal
		spoil func(*Wish)
		want  simpul.Code
	}{
		"without the permission": {officer(), func(*Wish) {}, simpul.CodeDenied},
		"of another agency":      {answerer(police), func(w *Wish) { w.Agency = bansos }, simpul.CodeNotFound},
		"without a ground":       {answerer(police), func(w *Wish) { w.Basis = "" }, simpul.CodeInvalid},
		"with half a ground":     {answerer(police), func(w *Wish) { w.Basis = "x" }, simpul.CodeInvalid},
		"without a case":         {answerer(police), func(w *Wish) { w.Subject = " " }, simpul.CodeInvalid},
		"by something else":      {answerer(police), func(w *Wish) { w.Kind = "person" }, simpul.CodeInvalid},
		"until yesterday":        {answerer(police), func(w *Wish) { w.ShownFrom = noon.Add(-time.Hour) }, simpul.CodeInvalid},
		"for ever":               {answerer(police), func(w *Wish) { w.ShownFrom = noon.AddDate(0, 0, 181) }, simpul.CodeInvalid},
	} {
		w := good
		test.spoil(&w)
		if _, err := r.Delay(t.Context(), test.who, w, ""); simpul.CodeOf(err) != test.want {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
	keeper := simpul.Principal{ID: "operator", National: true, Permissions: []simpul.Permission{simpul.KeepTracker}}
	if err := r.Decide(t.Context(), keeper, Policy{AnswerDays: 3, DelayDays: 5}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Delay(t.Context(), answerer(police), good, ""); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("the nation has shortened delays, and yet: %v", err)
	}
	if err := r.Decide(t.Context(), keeper, Policy{AnswerDays: 0, DelayDays: 5}); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("no days to answer: %v", err)
	}
	if err := r.Decide(t.Context(), answerer(police), Policy{AnswerDays: 3, DelayDays: 5}); simpul.CodeOf(err) != simpul.CodeDenied {
		t.Errorf("an agency decides on the policy: %v", err)
	}
}
