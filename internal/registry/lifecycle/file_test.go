package lifecycle

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// FuzzReadYear: whatever a file holds, it is refused with its place or read to
// something that is valid and can be written and read again.
func FuzzReadYear(f *testing.F) {
	f.Add("date,kind,name_id\n2027-01-01,national,Tahun Baru\n")
	f.Add("\ufeffname_id,date,kind,name_en\n=SUM(A1),2027-01-01,collective,x\n")
	f.Add("date,kind\n")
	f.Fuzz(func(t *testing.T, text string) {
		days, err := readYear(strings.NewReader(text), 2027)
		if err != nil {
			return
		}
		spec := HolidaySpec{Source: "SKB", Days: days}
		if err := spec.Validate(2027); err != nil && !strings.Contains(err.Error(), "twice") {
			t.Fatalf("read what is not valid: %v", err)
		}
		var file bytes.Buffer
		if err := writeYear(&file, days); err != nil {
			t.Fatal(err)
		}
		again, err := readYear(&file, 2027)
		if err != nil || len(again) != len(days) {
			t.Fatalf("not read again: %v", err)
		}
	})
}

// FuzzModel: whatever a file holds as a model, checking it ends and does not
// panic, and what passes has a beginning, an end, and a way between.
func FuzzModel(f *testing.F) {
	first, _ := json.Marshal(FirstModel())
	f.Add(first)
	f.Add([]byte(`{"steps":[{"code":"a","title":{"id":"A"},"subject":"lid","state":"draft","owner":"hub"}],"transitions":[{"from":"a","to":"a"}]}`))
	f.Fuzz(func(t *testing.T, spec []byte) {
		var m Model
		if strictly(spec, &m) != nil || m.check([]string{"feasibility", "metadata", "successor-notice"}) != nil {
			return
		}
		begin := m.beginning()
		if _, ok := m.way(begin.Code, func(s Step) bool { return s.State == Retired }, anybody); !ok {
			t.Fatal("it passed without a way to the end")
		}
		Changes(FirstModel(), m)
		for _, s := range m.Steps {
			m.before(s.Code)
		}
	})
}

func TestReadYearNamesTheLine(t *testing.T) {
	for text, place := range map[string]string{
		"":                       "line 1",
		"tanggal,kind,name_id\n": "line 1",
		"date,kind\n":            "line 1",
		"date,kind,name_id\n2027-01-01,national,A\n2027-13-01,national,B\n":    "line 3",
		"date,kind,name_id\n2027-01-01,pesta,A\n":                              "line 2",
		"date,kind,name_id\n2026-01-01,national,A\n":                           "line 2",
		"date,kind,name_id\n2027-01-01,national\n":                             "line 2",
		"date,kind,name_id\n" + strings.Repeat("2027-01-01,national,A\n", 101): "line 102",
	} {
		_, err := readYear(strings.NewReader(text), 2027)
		if err == nil || !strings.Contains(err.Error(), "at "+place) {
			t.Errorf("%.40q: %v, want %s", text, err, place)
		}
	}
}

func TestChangesAreTold(t *testing.T) {
	before, after := FirstModel(), FirstModel()
	after.Steps[2].Timer = &Timer{3, Working}
	after.Steps[2].Title.EN = "Test"
	after.Transitions[2].Conditions = nil
	after.Steps = append(after.Steps, Step{Code: "baru", Title: Names{ID: "Baru"}})
	after.Transitions = append(after.Transitions[:3:3], after.Transitions[4:]...)
	got := ""
	for _, c := range Changes(before, after) {
		got += c.What.ID + ": " + c.Before.ID + " | " + c.After.ID + "\n"
	}
	want := `testing: judul: Uji kelaikan / Feasibility test | Uji kelaikan / Test
testing: batas waktu: 5 hari kerja | 3 hari kerja
Tahap baru baru:  | Baru
Peralihan testing → registering: penyedia, syarat: feasibility | penyedia
Peralihan registering → publishing dihapus: operator nasional, syarat: metadata | ` + "\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(Changes(before, FirstModel())) != 0 {
		t.Error("a model differs from itself")
	}
}
