package app

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/duty"
	"simpul/internal/registry/notice"
)

// withPastKey gives the hub the keys of a month that is over, as if it had run then.
func withPastKey(t *testing.T, h *Hub) (id string) {
	t.Helper()
	past := time.Now().UTC().AddDate(0, -2, 1-time.Now().UTC().Day())
	if err := h.keys.MakeFor(t.Context(), past); err != nil {
		t.Fatal(err)
	}
	if err := h.load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return "tertutup/" + past.Format("2006-01")
}

func TestAKeyOfRecordsIsDestroyedByTwoPeople(t *testing.T) {
	h, _ := openScreens(t)
	if err := h.SignIn.Announce("http://localhost:8081"); err != nil {
		t.Fatal(err)
	}
	h.Proposals = duty.New(h.db, sealer{h.vault}, h.Notices, duty.Rules{Tokens: true}, clock.System)
	h.offerDuties()
	key := withPastKey(t, h)
	screens := h.screens(http.NewServeMux(), "")
	first, second := h.visitors(t)[simpul.RoleOperator], simpul.Acting("t-second", simpul.RoleOperator, "")
	page := func(method, path string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Cookie", begin(t, screens, first))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		w := httptest.NewRecorder()
		screens.ServeHTTP(w, r)
		return w
	}

	at := evidence.KeysPath + "/" + key
	if w := page("GET", evidence.KeysPath, nil); w.Code != 200 || !strings.Contains(w.Body.String(), `href="`+at+`"`) || !strings.Contains(w.Body.String(), "Menyegel sekarang") {
		t.Errorf("the list: %d %s", w.Code, w.Body)
	}
	if w := page("GET", at, nil); w.Code != 200 || !strings.Contains(w.Body.String(), "Yang terhapus untuk selamanya") {
		t.Errorf("the form: %d", w.Code)
	}
	if w := page("POST", at, url.Values{"reason": {" "}}); w.Code != 400 || !strings.Contains(w.Body.String(), "Alasan belum ditulis") {
		t.Errorf("no reason: %d", w.Code)
	}
	now := evidence.KeysPath + "/tertutup/" + time.Now().UTC().Format("2006-01")
	if w := page("GET", now, nil); w.Code != 409 || !strings.Contains(w.Body.String(), "masih dipakai") {
		t.Errorf("the key in use: %d", w.Code)
	}
	w := page("POST", at, url.Values{"reason": {"Putusan 7/2026"}})
	if w.Code != 303 {
		t.Fatalf("proposed: %d %s", w.Code, w.Body)
	}
	id := w.Header().Get("Location")[len(duty.ListPath)+1:]
	if w := page("GET", duty.PagePath(id), nil); !strings.Contains(w.Body.String(), "Musnahkan kunci bukti: "+key) || !strings.Contains(w.Body.String(), "Terhapus untuk selamanya") {
		t.Errorf("the proposal: %s", w.Body)
	}
	if _, err := h.Proposals.Approve(t.Context(), second, id, "sudah diperiksa"); err != nil {
		t.Fatal(err)
	}
	if w := page("GET", evidence.KeysPath, nil); strings.Contains(w.Body.String(), `href="`+at+`"`) || !strings.Contains(w.Body.String(), "Putusan 7/2026") {
		t.Errorf("after: %s", w.Body)
	}
	first = h.visitors(t)[simpul.RoleAdmin]
	if w := page("GET", evidence.KeysPath, nil); !strings.Contains(w.Body.String(), "Kunci dipegang hub nasional") || strings.Contains(w.Body.String(), "tertutup/") || strings.Contains(w.Body.String(), "Putusan") {
		t.Errorf("an agency sees %s", w.Body)
	}
	if w := page("GET", at, nil); w.Code != 403 {
		t.Errorf("an agency at the form: %d", w.Code)
	}
	first = h.visitors(t)[simpul.RoleOperator]
	if w := page("GET", at, nil); w.Code != 409 {
		t.Errorf("the form of a key that is gone: %d", w.Code)
	}
}

// What reads the journal holds back what it has not read, and the policy is the one
// that the room of retention has.
func TestTheCleanerIsConnected(t *testing.T) {
	h, _ := openScreens(t)
	days, err := h.keptFor(t.Context())
	if err != nil || days[simpul.Terbuka] != 730 || days[simpul.Terbatas] != 1825 || days[simpul.Tertutup] != 3650 {
		t.Errorf("%v, %v", days, err)
	}
	if h.metered() != 0 {
		t.Errorf("metered up to %d", h.metered())
	}
	if n, err := h.cleaner.Clean(t.Context()); n != 0 || err != nil {
		t.Errorf("removed %d, %v", n, err)
	}
}

func TestOperatorsAreToldOfAJournalThatStopped(t *testing.T) {
	h, _ := openScreens(t)
	s := stoppage{since: time.Date(2026, 11, 25, 3, 0, 0, 0, time.UTC), cause: syscall.ENOSPC}
	stop, resume := s.stopped(), s.resumed(s.since.Add(90*time.Second))
	if !stop.Urgent || !strings.Contains(stop.Title.ID, "penuh") || !strings.Contains(stop.Body.ID, "kosongkan ruang") || !strings.Contains(stop.Body.EN, "free space") || stop.Link == "" {
		t.Errorf("%+v", stop)
	}
	if resume.Urgent || !strings.Contains(resume.Body.ID, "1m30s") {
		t.Errorf("%+v", resume)
	}
	people := notice.New(h.db, sealer{h.vault}, holders{"a-1"}, clock.System)
	h.Notices = people
	for range 2 { // told again, it is told once
		if !h.tell(t.Context(), stop, "") {
			t.Fatal("not told")
		}
	}
	wantWaiting(t, people, 1)
	if !h.tell(t.Context(), resume, s.key()) {
		t.Fatal("not told")
	}
	h.tellMissing(t.Context(), &simpul.Error{Message: simpul.Text{ID: "hilang", EN: "gone"}})
	h.tellMissing(t.Context(), errors.New("the database does not answer"))
	wantWaiting(t, people, 2) // the first is done
	other := stoppage{since: s.since.Add(time.Hour), cause: errors.New("odd")}
	if title := other.stopped().Title; !strings.Contains(title.EN, "cannot be written") {
		t.Errorf("%+v", title)
	}
}

// holders are the people of the nation.
type holders []simpul.AccountID

func (all holders) Holders(_ context.Context, _ *sqldb.Tx, _ simpul.AgencyID, may simpul.Permission) ([]simpul.AccountID, error) {
	if may != simpul.WriteRetention {
		return nil, nil
	}
	return all, nil
}

func wantWaiting(t *testing.T, n *notice.Service, want int) {
	t.Helper()
	if got := n.Unread(t.Context(), "a-1"); got != want {
		t.Errorf("%d unread, want %d", got, want)
	}
}
