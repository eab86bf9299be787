package safety

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/archive"
	"simpul/internal/platform/testkit"
)

const endedJournal = "0123456789abcdef0123456789abcdef"

// Ended surveys folders of journals that have ended, as Survey does.
func (j segments) Ended(data string) (all []Survey, err error) {
	names, err := os.ReadDir(filepath.Join(data, evidenceFolder))
	if err != nil {
		return nil, err
	}
	for _, f := range names {
		if !f.IsDir() {
			continue
		}
		s, err := surveyIn(filepath.Join(data, evidenceFolder, f.Name()))
		if err != nil {
			return nil, err
		}
		s.ID = f.Name()
		all = append(all, s)
	}
	return all, nil
}

func surveyIn(dir string) (s Survey, err error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.seg"))
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return s, err
		}
		s.Segments = append(s.Segments, Segment{filepath.Base(name), info.Size(), true})
		s.Last += uint64(info.Size())
	}
	return s, err
}

func (j segments) InspectEnded(_ context.Context, data string) (all []Inspection, err error) {
	surveys, err := j.Ended(data)
	for _, s := range surveys {
		all = append(all, Inspection{ID: s.ID, Last: s.Last, Records: s.Last, Segments: len(s.Segments)})
	}
	return all, err
}

// A journal that has ended is copied and brought back with what says so, and an incremental
// backup copies it no second time.
func TestJournalsThatHaveEndedAreKept(t *testing.T) {
	s := newStore(t, testkit.SQLite(t))
	old := "evidence/" + endedJournal + "/"
	for _, name := range []string{"00000000000000000001.seg", "00000000000000000004.seg", "blocks.list", "removed", "ended"} {
		s.put(old+name, name)
	}
	s.put("log/"+endedJournal+"/checkpoint", note("hub/old", 900))
	s.put("log/0a1b/checkpoint", note("hub/log", 3))
	full := s.must("penuh", "", true)
	if len(full.Ended) != 1 || full.Ended[0].ID != endedJournal || len(full.Ended[0].Segments) != 2 || len(full.Ended[0].Beside) != 3 {
		t.Errorf("%+v", full.Ended)
	}
	if full.Log.Origin != "hub/log" || full.Log.Size != 3 {
		t.Errorf("the log is %s of %d entries, want that which grows", full.Log.Origin, full.Log.Size)
	}
	s.record(7, "cc")
	next := s.must("senin", "penuh", true)
	for _, c := range next.Ended[0].Segments {
		if c.In != full.ID {
			t.Errorf("%s is copied again", c.Name)
		}
	}
	data, _, _, err := s.into("SQLite", nil, "penuh", "senin")
	if err != nil {
		t.Fatal(err)
	}
	want, got := tree(t, filepath.Join(s.data, old)), tree(t, filepath.Join(data, old))
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s is %q, want %q", name, got[name], text)
		}
	}
	if v, err := Verify(t.Context(), []string{s.path("penuh"), s.path("senin")}, []archive.Identity{s.id}); err != nil || v.Files != 2 {
		t.Error(v, err)
	}
}

// A backup from before a journal ended is older than any state in which it has.
func TestABackupFromBeforeTheJournalEnded(t *testing.T) {
	m := Manifest{At: monday, Journal: JournalCopy{ID: endedJournal, Position: 10}}
	for position, want := range map[uint64]Lost{10: {Until: monday.Add(time.Hour)}, 14: {From: 11, To: 14, Until: monday.Add(time.Hour)}} {
		k := known{at: monday.Add(time.Hour), journal: JournalCopy{ID: "next"}, ended: []JournalCopy{{ID: endedJournal, Position: position}}}
		if lost, err := m.behind(k); err != nil || lost == nil || *lost != want {
			t.Errorf("%+v, %v; want %+v", lost, err, want)
		}
	}
	m.Journal.ID = "next"
	k := known{at: monday.Add(-time.Hour), journal: JournalCopy{ID: endedJournal, Position: 99}}
	if lost, err := m.behind(k); lost != nil || err != nil {
		t.Errorf("a receipt from before: %+v, %v", lost, err)
	}
}

// The restored journal is ended, unless it is to go on; it cannot go on where it is known
// that the hub did.
func TestARestoredJournalEnds(t *testing.T) {
	s := newStore(t, testkit.SQLite(t))
	s.must("lama", "", true)
	s.record(5, "bbbbbb")
	s.must("baru", "", true)
	var ended []string
	renew := func(data, cause string, at time.Time) (string, error) {
		if _, err := os.Stat(filepath.Join(data, evidenceFolder)); err != nil || at.IsZero() {
			t.Error(at, err)
		}
		ended = append(ended, cause)
		return "next", nil
	}
	restore := func(change func(*From), name string) (Restored, error) {
		_, _, done, err := s.into("SQLite", func(r *Restore, f *From) { r.Renew = renew; change(f) }, name)
		return done, err
	}
	done, err := restore(func(*From) {}, "baru")
	if err != nil || done.Mark.Successor != "next" || len(ended) != 1 || !strings.Contains(ended[0], done.Mark.Taken.Format(time.RFC3339)) {
		t.Errorf("%+v, %q, %v", done.Mark, ended, err)
	}
	if done, err := restore(func(f *From) { f.Continue = true }, "baru"); err != nil || done.Mark.Successor != "" || len(ended) != 1 {
		t.Errorf("it goes on: %+v, %v", done.Mark, err)
	}
	if _, err := restore(func(f *From) { f.Continue, f.AcceptOlder = true, true }, "lama"); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("an older one goes on: %v", err)
	}
	failed := errors.New("no room")
	data, _, _, err := s.into("SQLite", func(r *Restore, _ *From) {
		r.Renew = func(string, string, time.Time) (string, error) { return "", failed }
	}, "baru")
	if _, there := os.Stat(data); !errors.Is(err, failed) || there == nil {
		t.Errorf("something is left behind: %v", err)
	}
}

func TestFilesOfJournalsStayInTheirFolders(t *testing.T) {
	for _, name := range []string{"evidence/" + endedJournal + "/ended", "evidence/removed", "evidence/" + endedJournal + "/00000000000000000001.seg"} {
		if !belongs(name) {
			t.Errorf("no backup has %s", name)
		}
	}
	for _, name := range []string{"evidence/ended", "evidence/" + endedJournal + "/lock", "evidence/x/removed", "evidence/" + endedJournal + "/../removed", "evidence/" + strings.ToUpper(endedJournal) + "/ended"} {
		if belongs(name) {
			t.Errorf("a backup has %s", name)
		}
	}
	own := Copy{}
	own.Name = "evidence/" + endedJournal + "/ended"
	for _, j := range []JournalCopy{{Segments: []Copy{own}}, {Beside: []Copy{own}}} {
		if j.check(evidenceFolder) == nil {
			t.Errorf("%+v passes as the journal's own", j)
		}
	}
	m := Manifest{ID: "0123456789abcdef", Ended: []JournalCopy{{ID: "../x"}}}
	if m.check() == nil {
		t.Error("a journal with the name of another folder passes")
	}
}
