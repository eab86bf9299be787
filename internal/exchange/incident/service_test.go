package incident

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
)

func TestWhoWasAffected(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		a := noted(t, newRoom(db, leak()), operator).Answer
		first, second := time.Date(2026, 10, 30, 3, 0, 0, 0, time.UTC), time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)
		want := Answer{
			At: noon, Persons: 4, Least: 3, Months: []Month{{"2026-10", 1}, {"2026-11", 3}},
			Exchanges: 4, First: first, Last: second.Add(2 * time.Hour), Unnamed: 40, Unnaming: 1,
			Disclosed: []Disclosure{
				{penduduk, "nama alamat", 3, 2, first, second},
				{penduduk, "", 1, 1, second.Add(time.Hour), second.Add(time.Hour)},
				{imunisasi, "vaksin", 1, 1, second.Add(2 * time.Hour), second.Add(2 * time.Hour)},
			},
			Days:       []Day{{"2026-10-30", 1, 1}, {"2026-11-25", 3, 3}}, // 18.00 UTC is the next day in Jakarta
			Undeclared: []Undeclared{{"master/Kota", simpul.Terbatas, 7}, {penduduk, simpul.Terbatas, 2}},
		}
		if diff := cmp.Diff(want, a); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// Each answers within the scope of whose case it is, and nobody sees a case of
// another agency.
func TestScopes(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newRoom(db, leak())
		for _, c := range []struct {
			who     simpul.Principal
			persons int
		}{{operator, 4}, {budi, 4}, {rina, 3}, {cici, 0}} {
			if got := noted(t, s, c.who); got.Answer.Persons != c.persons || got.Agency != c.who.Agency {
				t.Errorf("%s: %d persons in a case of %q", c.who.ID, got.Answer.Persons, got.Agency)
			}
		}
		mine := noted(t, s, budi)
		for _, stranger := range []simpul.Principal{rina, cici, {ID: "nobody"}} {
			_, err := s.Look(t.Context(), stranger, mine.ID)
			if simpul.CodeOf(err) != simpul.CodeNotFound {
				t.Errorf("%s looks: %v", stranger.ID, err)
			}
			for what, do := range map[string]func() error{
				"count":  func() error { _, err := s.Count(t.Context(), stranger, mine.ID); return err },
				"remark": func() error { return s.Remark(t.Context(), stranger, mine.ID, "x") },
				"close":  func() error { return s.Close(t.Context(), stranger, mine.ID, "x") },
				"export": func() error {
					return s.Export(t.Context(), stranger, mine.ID, File{Format: CSV}, func(Case) io.Writer { t.Error("a file begins"); return io.Discard })
				},
				"match": func() error {
					_, err := s.Match(t.Context(), stranger, mine.ID, strings.NewReader(string(siti)))
					return err
				},
				"report":  func() error { return s.Report(t.Context(), stranger, mine.ID, Report{To: ToldBoth, Text: "x"}) },
				"redate":  func() error { return s.Redate(t.Context(), stranger, mine.ID, "2026-11-25T08:00", "x") },
				"hold":    func() error { return s.Hold(t.Context(), stranger, mine.ID, "x") },
				"release": func() error { return s.Release(t.Context(), stranger, mine.ID, "x") },
			} {
				if err := do(); simpul.CodeOf(err) != simpul.CodeNotFound {
					t.Errorf("%s may %s: %v", stranger.ID, what, err)
				}
			}
		}
		if got, err := s.Look(t.Context(), operator, mine.ID); err != nil || len(got.Notes) != 0 || got.Closed() {
			t.Errorf("%+v, %v", got, err)
		}
		// The nation looks at an agency's case, and sees what the agency sees.
		theirs := noted(t, s, rina)
		if got, err := s.Count(t.Context(), operator, theirs.ID); err != nil || got.Answer.Persons != 3 {
			t.Errorf("%d persons, %v", got.Answer.Persons, err)
		}
	})
}

// Every look and export is in the trail, and no person is.
func TestTheTrailKnowsWhoLooked(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newRoom(db, leak())
		c := noted(t, s, budi)
		if _, err := s.Look(t.Context(), budi, c.ID); err != nil {
			t.Fatal(err)
		}
		if len(exported(t, s, budi, c.ID, File{Format: PDF})) == 0 {
			t.Error("an empty letter")
		}
		if _, err := s.Match(t.Context(), budi, c.ID, strings.NewReader(string(siti))); err != nil {
			t.Fatal(err)
		}
		if err := s.Remark(t.Context(), budi, c.ID, "Izin dicabut"); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(t.Context(), budi, c.ID, "Surat nomor 1 dikirim"); err != nil {
			t.Fatal(err)
		}
		if err := s.Remark(t.Context(), budi, c.ID, "terlambat"); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("a closed case takes a note: %v", err)
		}
		if err := s.Close(t.Context(), budi, c.ID, "lagi"); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("a closed case closes again: %v", err)
		}
		var events []trail.Event
		err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
			events, err = trail.List(t.Context(), tx, trail.Filter{Subject: c.ID}, 0, 50)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var actions []string
		for i := len(events) - 1; i >= 0; i-- {
			actions = append(actions, events[i].Action)
			if text := events[i].Detail + events[i].Subject; strings.Contains(text, string(siti)) || strings.Contains(text, "2026-11:") {
				t.Errorf("a person is in the trail: %q", text)
			}
			if events[i].Agency != bandung {
				t.Errorf("the event is %q's", events[i].Agency)
			}
		}
		want := []string{"incident.note", "incident.read", "incident.export", "incident.match", "incident.matched", "incident.remark", "incident.close"}
		if diff := cmp.Diff(want, actions); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		got, err := s.Look(t.Context(), operator, c.ID)
		if err != nil || !got.Closed() || len(got.Notes) != 2 || got.ClosedBy != budi.ID {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// A list finds each person once, however often they are in it and in how many
// months, and says of which lines it could make nothing.
func TestMatchingAList(t *testing.T) {
	db := testkit.SQLite(t)
	b := leak()
	b.gone = []string{"2026-10"}
	s := newRoom(db, b)
	c := noted(t, s, operator)
	list := "\ufeffNIK;Nama\r\n\"" + string(siti) + "\";Siti\r\n" + string(elsew) + "\n\n=cmd|'/c calc'!A1\n" + string(siti) + "\n " + string(dewi) + " \n123\n"
	m, err := s.Match(t.Context(), operator, c.ID, strings.NewReader(list))
	if err != nil {
		t.Fatal(err)
	}
	if m.Lines != 7 || m.NIKs != 4 || m.Unfound != 1 || !cmp.Equal(m.Wrong, []int{5, 8}) || !cmp.Equal(m.Missing, []string{"2026-10"}) {
		t.Errorf("%+v", m)
	}
	if len(m.Found) != 2 || m.Found[0].NIK != siti || m.Found[0].Line != 2 || m.Found[0].Exchanges != 2 || m.Found[1].NIK != dewi {
		t.Errorf("found %+v", m.Found)
	}
	var out bytes.Buffer
	if err := m.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][1] != "NIK "+string(siti) || rows[2][5] != string(imunisasi) {
		t.Errorf("%q, %v", rows, err)
	}
}

func TestListsThatAreRefused(t *testing.T) {
	s := newRoom(testkit.SQLite(t), leak())
	c := noted(t, s, operator)
	for name, list := range map[string]string{
		"a line without end": strings.Repeat("1", longestLine+1),
		"too many lines":     strings.Repeat("1\n", mostLines+1),
	} {
		_, err := s.Match(t.Context(), operator, c.ID, strings.NewReader(list))
		if code := simpul.CodeOf(err); code != simpul.CodeInvalid && code != simpul.CodeTooLarge {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWishesThatAreRefused(t *testing.T) {
	s := newRoom(testkit.SQLite(t), leak())
	for place, change := range map[string]func(*Wish){
		"application": func(w *Wish) { w.Application = "=1+1" },
		"lid":         func(w *Wish) { w.LID = "'; DROP TABLE incident_case; --" },
		"from":        func(w *Wish) { w.From = "kemarin" },
		"until":       func(w *Wish) { w.Until = w.From },
		"zone":        func(w *Wish) { w.Zone = "UTC" },
		"noted":       func(w *Wish) { w.Noted = "2026-11-25T12:01" },
	} {
		w := wish()
		change(&w)
		_, err := s.Note(t.Context(), operator, w)
		var fault *simpul.Error
		if simpul.CodeOf(err) != simpul.CodeInvalid || !asFault(err, &fault) || fault.Place != place || fault.Remedy.ID == "" {
			t.Errorf("%s: %v", place, err)
		}
	}
	long := wish()
	long.From = "2025-01-01"
	if _, err := s.Note(t.Context(), operator, long); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("two years: %v", err)
	}
}

func asFault(err error, to **simpul.Error) bool {
	e, ok := err.(*simpul.Error)
	*to = e
	return ok
}

// The term counts from when the incident was noted, on the clock of the office.
func TestTheClock(t *testing.T) {
	w := wish()
	w.Noted, w.Zone = "2026-11-25T13:00", "WIT" // 11.00 WIB
	c, err := newRoom(testkit.SQLite(t), leak()).Note(t.Context(), operator, w)
	if err != nil {
		t.Fatal(err)
	}
	if left := c.Left(noon); left != 71*time.Hour || !c.DueAt().Equal(noon.Add(71*time.Hour)) {
		t.Errorf("left %v, due %v", left, c.DueAt())
	}
	for after, want := range map[time.Duration]string{
		0: "Tersisa 2 hari 23 jam", 70 * time.Hour: "Tersisa 1 jam", 71*time.Hour + 90*time.Minute: "Tenggat lewat 1 jam 30 menit", 60*time.Hour + 30*time.Minute: "Tersisa 10 jam 30 menit",
	} {
		if got := clockWords(t.Context(), c, noon.Add(after)); got != want {
			t.Errorf("after %v: %q, want %q", after, got, want)
		}
	}
}

// Whatever a record says is text in a spreadsheet, and comes back as it was.
func TestExports(t *testing.T) {
	b := leak()
	b.records[0].Fields = "=HYPERLINK(\"http://jahat\")"
	s := newRoom(testkit.SQLite(t), b)
	c := noted(t, s, operator)
	out := bytes.NewBuffer(exported(t, s, operator, c.ID, File{Format: CSV}))
	rows, err := csv.NewReader(out).ReadAll()
	if err != nil || len(rows) != 5 || !strings.HasPrefix(rows[1][5], "'=HYPERLINK") {
		t.Errorf("%q, %v", rows, err)
	}
	if rows[1][0] != string(alias("2026-10", siti)) || rows[1][1] != "2026-10-30 10.00.00 WIB" {
		t.Errorf("the pseudonym came back as %q, its time as %q", rows[1][0], rows[1][1])
	}
	out = bytes.NewBuffer(exported(t, s, operator, c.ID, File{Format: JSON}))
	var file struct {
		Incident    struct{ ID string }
		Disclosures []struct{ LID string }
		Persons     []struct {
			Pseudonym, First string
			Disclosed        []int
		}
	}
	if err := json.Unmarshal(out.Bytes(), &file); err != nil || file.Incident.ID != c.ID || len(file.Persons) != 4 || len(file.Disclosures) != 4 || file.Persons[0].First != "2026-10-30T10:00:00+07:00" {
		t.Errorf("%+v, %v", file, err)
	}
}

// exported is a file as somebody gets it.
func exported(t testing.TB, s *Service, p simpul.Principal, id string, f File) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := s.Export(t.Context(), p, id, f, func(Case) io.Writer { return &out }); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestListOfCases(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newRoom(db, leak())
		for range 3 {
			noted(t, s, budi)
		}
		noted(t, s, rina)
		var seen []string
		for cursor, pages := "", 0; ; pages++ {
			all, next, err := s.List(t.Context(), budi, 2, cursor)
			if err != nil || pages > 3 {
				t.Fatal(err)
			}
			for _, c := range all {
				seen = append(seen, c.ID)
			}
			if cursor = next; cursor == "" {
				break
			}
		}
		if len(seen) != 3 {
			t.Errorf("pages have %v", seen)
		}
		if all, _, err := s.List(t.Context(), operator, 10, ""); err != nil || len(all) != 4 {
			t.Errorf("the nation sees %d, %v", len(all), err)
		}
		if all, _, err := s.List(t.Context(), simpul.Principal{}, 10, ""); err != nil || len(all) != 0 {
			t.Errorf("nobody sees %d, %v", len(all), err)
		}
		if _, _, err := s.List(t.Context(), budi, 10, "%%%"); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("a forged cursor: %v", err)
		}
	})
}
