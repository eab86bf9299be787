package derived

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
	"simpul/internal/platform/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 25, 5, 0, 0, 0, time.UTC)

// shelf is a view with fixed positions, which counts how often it is rebuilt.
type shelf struct {
	name      string
	positions []Position
	rebuilt   int
	fails     error
}

func (s *shelf) Name() string                                  { return s.name }
func (s *shelf) Title() simpul.Text                            { return simpul.Text{ID: "Rak " + s.name, EN: "Shelf " + s.name} }
func (s *shelf) Positions(context.Context) ([]Position, error) { return s.positions, s.fails }
func (s *shelf) Rebuild(_ context.Context, _ *sqldb.Tx) error  { s.rebuilt++; return s.fails }
func (s *shelf) State() (State, error) {
	return State{ID: "0123456789abcdef", Last: 12, Durable: 12, Segments: 3, Bytes: 4096, Held: true}, nil
}
func (s *shelf) TimeOf(sequence uint64) (time.Time, error) {
	return noon.Add(-time.Duration(sequence) * time.Second), nil
}

func positions() []Position {
	return []Position{
		{Journal: "0123456789abcdef", Sequence: 9, Seen: 12, At: noon, Here: true},
		{Journal: "fedcba9876543210", Sequence: 5, Seen: 5, At: noon.Add(-time.Minute)},
	}
}

func newRoom(t *testing.T, db *sqldb.DB) (*Service, *shelf) {
	t.Helper()
	s := &shelf{name: "index", positions: positions()}
	return New(db, s, func() time.Time { return noon }, s, &shelf{name: "empty"}), s
}

func TestHowFarBehind(t *testing.T) {
	s, _ := newRoom(t, testkit.SQLite(t))
	all, err := s.All(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	one := all[0]
	if one.Behind() != 3 || !one.Oldest().Equal(noon.Add(-10*time.Second)) || one.Positions[0].Age(noon) != 10*time.Second || one.Again() {
		t.Errorf("%+v", one)
	}
	if all[1].Behind() != 0 || !all[1].Oldest().IsZero() {
		t.Errorf("%+v", all[1])
	}
	if late := s.Late(t.Context(), 2); len(late) != 1 || late[0].Name != "index" {
		t.Errorf("late: %+v", late)
	}
	if late := s.Late(t.Context(), 3); len(late) != 0 {
		t.Errorf("late: %+v", late)
	}
	again := Position{Sequence: 5, Seen: 9, Again: true}
	if again.Behind() != 9 {
		t.Errorf("of a journal that another process reads anew, %d are missing", again.Behind())
	}
}

// Only who acts for the nation rebuilds, and the trail says so.
func TestRebuilding(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s, index := newRoom(t, db)
		operator := simpul.Acting("dedi@komdigi.go.id", simpul.RoleOperator, "")
		if err := s.Rebuild(t.Context(), operator, "index"); err != nil || index.rebuilt != 1 {
			t.Errorf("rebuilt %d times, %v", index.rebuilt, err)
		}
		var events []trail.Event
		err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
			events, err = trail.List(t.Context(), tx, trail.Filter{Action: "view.rebuild"}, 0, 10)
			return err
		})
		if err != nil || len(events) != 1 || events[0].Subject != "index" || events[0].Actor != operator.ID {
			t.Errorf("%+v, %v", events, err)
		}
		if err := s.Rebuild(t.Context(), operator, "tiada"); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("a view that is not there: %v", err)
		}
		agency := simpul.Acting("budi@bandungkota.go.id", simpul.RoleAdmin, "bandungkota.go.id")
		if err := s.Rebuild(t.Context(), agency, "index"); simpul.CodeOf(err) != simpul.CodeNotFound || index.rebuilt != 1 {
			t.Errorf("an agency rebuilds: %v", err)
		}
		index.fails = errors.New("no")
		if err := s.Rebuild(t.Context(), operator, "index"); err == nil {
			t.Error("a failed rebuild is told as done")
		}
	})
}

func TestPages(t *testing.T) {
	s, index := newRoom(t, testkit.SQLite(t))
	who := simpul.Acting("dedi@komdigi.go.id", simpul.RoleOperator, "")
	mux := http.NewServeMux()
	NewPages(s, web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) { return who, true }}).Register(mux)
	handler := web.Localize(mux)
	get := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w
	}
	page := get(http.MethodGet, Path).Body.String()
	for _, want := range []string{"0123456789abcdef", "12 dari 12", "4,1 kB dalam 3 berkas", "tertinggal 3 catatan; yang tertua menunggu 10 detik", "tidak tertinggal saat terakhir membaca", "Rak index", "Belum ada jurnal yang dibaca", "Bila ada yang rusak"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if w := get(http.MethodGet, rebuildPath("index")); w.Code != http.StatusOK || index.rebuilt != 0 || !strings.Contains(w.Body.String(), "Bangun ulang tampilan ini?") {
		t.Errorf("asking first: %d, rebuilt %d times", w.Code, index.rebuilt)
	}
	if w := get(http.MethodPost, rebuildPath("index")); w.Code != http.StatusSeeOther || index.rebuilt != 1 {
		t.Errorf("rebuilding: %d, %d times", w.Code, index.rebuilt)
	}
	if w := get(http.MethodGet, rebuildPath("%3Cscript%3E")); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "<script>alert") {
		t.Errorf("a view that is not there: %d", w.Code)
	}
	who = simpul.Acting("budi@bandungkota.go.id", simpul.RoleAdmin, "bandungkota.go.id")
	if w := get(http.MethodGet, Path); w.Code != http.StatusForbidden {
		t.Errorf("an agency sees the page: %d", w.Code)
	}
}
