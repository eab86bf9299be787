package evidence

import (
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

// What is on disk at the moment that Open and Seal return; a buffered record is
// not, since nothing is synced for an hour.
func TestRecorderIsDurableWhereItMustBe(t *testing.T) {
	const stranger = simpul.ApplicationID("")
	for name, c := range map[string]struct {
		class       simpul.LIDClass
		application simpul.ApplicationID
		outcome     simpul.Code
		opened      bool // on disk when Open returns
		sealed      bool // on disk when Seal returns
		recorded    bool // at all, by Seal
	}{
		"tertutup delivered":          {simpul.Tertutup, "a@b.go.id", "", true, true, true},
		"terbatas delivered":          {simpul.Terbatas, "a@b.go.id", "", true, true, true},
		"terbuka delivered":           {simpul.Terbuka, "a@b.go.id", "", false, false, true},
		"terbuka without application": {simpul.Terbuka, stranger, "", false, false, true},
		"provider broke off":          {simpul.Tertutup, "a@b.go.id", simpul.CodeUpstream, true, true, true},
		"provider was late":           {simpul.Terbatas, "a@b.go.id", simpul.CodeTimeout, true, true, true},
		"a fault of ours":             {simpul.Terbatas, "a@b.go.id", simpul.CodeInternal, true, true, true},
		"denied":                      {simpul.Tertutup, "a@b.go.id", simpul.CodeDenied, true, false, true},
		"limited":                     {simpul.Terbuka, "a@b.go.id", simpul.CodeLimited, false, false, true},
		"no such LID":                 {"", "a@b.go.id", simpul.CodeNotFound, true, false, true},
		"stranger":                    {"", stranger, simpul.CodeUnauthenticated, true, false, false},
		"class unknown":               {"", "a@b.go.id", "", true, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			j := openTest(t, t.TempDir(), Options{SyncInterval: time.Hour})
			r := NewRecorder(j, nil, nil)
			x := delivery(0)
			x.Class, x.Consumer.Application, x.Outcome = c.class, c.application, c.outcome

			if err := r.Open(t.Context(), x); err != nil {
				t.Fatal(err)
			}
			opened := j.Durable()
			if got := opened == 1; got != c.opened {
				t.Errorf("opened on disk: %v", got)
			}
			if err := r.Seal(t.Context(), x); err != nil {
				t.Fatal(err)
			}
			if got := j.Durable() > opened; got != c.sealed {
				t.Errorf("sealed on disk: %v", got)
			}
			if got := j.Last() > opened; got != c.recorded {
				t.Errorf("sealed at all: %v", got)
			}
		})
	}
}

func TestRecorderWritesTheWholeExchange(t *testing.T) {
	j := openTest(t, t.TempDir(), Options{})
	r := NewRecorder(j, nil, nil)
	x := delivery(7)
	if err := r.Open(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if err := r.Seal(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	payloads, err := readAll(t, j, 1)
	if err != nil {
		t.Fatal(err)
	}
	var got []Record
	for _, p := range payloads {
		record, err := DecodeRecord([]byte(p))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, record)
	}
	if diff := cmp.Diff([]Record{{Kind: Opened, Exchange: *x}, {Kind: Sealed, Exchange: *x}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestNoRecordNoExchange(t *testing.T) {
	d := newDisk()
	j := openTest(t, t.TempDir(), Options{open: d.open})
	r := NewRecorder(j, nil, nil)
	d.set(func(d *disk) { d.onWrite = func([]byte) (int, error) { return 0, syscall.ENOSPC } })
	wantRefusal(t, r.Open(t.Context(), delivery(0)), syscall.ENOSPC)
	wantRefusal(t, r.Seal(t.Context(), delivery(0)), syscall.ENOSPC)
	open := delivery(1)
	open.Class = simpul.Terbuka
	wantRefusal(t, r.Seal(t.Context(), open), syscall.ENOSPC)
}

// The race detector makes a pool forget, so one allocation is let pass.
func TestBufferedSealHardlyAllocates(t *testing.T) {
	j := openTest(t, t.TempDir(), Options{})
	r := NewRecorder(j, nil, nil)
	x := delivery(0)
	x.Class = simpul.Terbuka
	allocs := testing.AllocsPerRun(1000, func() {
		if err := r.Seal(t.Context(), x); err != nil {
			t.Error(err)
		}
	})
	if allocs > 1 {
		t.Errorf("%v allocations for a record", allocs)
	}
}
