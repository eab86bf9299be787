package audit_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
	"simpul/internal/registry/audit"
)

const (
	bandung simpul.AgencyID = "bandungkota.go.id"
	bps     simpul.AgencyID = "bps.go.id"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func as(role simpul.Role, account simpul.AccountID) simpul.Principal {
	p := simpul.Acting(string(account), role, account.Agency())
	p.Account = account
	return p
}

var (
	auditor  = as(simpul.RoleAuditor, "oka@bandungkota.go.id")
	stranger = as(simpul.RoleAuditor, "putri@bps.go.id")
	operator = as(simpul.RoleOperator, "dedi@komdigi.go.id")
	member   = as(simpul.RoleConsumer, "ani@bandungkota.go.id")
)

func filled(t testing.TB, db *sqldb.DB) *audit.Service {
	t.Helper()
	for i, e := range []trail.Event{
		{Agency: bandung, Actor: "ani@bandungkota.go.id", Account: "ani@bandungkota.go.id", Action: "key.issue", Subject: "k-1"},
		{Agency: bandung, Actor: "budi@bandungkota.go.id", Action: "key.revoke", Subject: "k-1", Outcome: simpul.CodeDenied},
		{Agency: bps, Actor: "putri@bps.go.id", Action: "lid.publish", Subject: "bps/Rahasia"},
		{Actor: "dedi@komdigi.go.id", Account: "ani@bandungkota.go.id", Action: "account.close", Subject: "ani@bandungkota.go.id"},
	} {
		e.At = monday.Add(time.Duration(i) * time.Hour)
		if err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error { return trail.Append(t.Context(), tx, e) }); err != nil {
			t.Fatal(err)
		}
	}
	return audit.New(db, func() time.Time { return monday })
}

func subjects(events []trail.Event) (all []string) {
	for _, e := range events {
		all = append(all, e.Action+" "+e.Subject)
	}
	return all
}

func TestWhoSeesWhichEvents(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s, ctx := filled(t, db), t.Context()
		for _, c := range []struct {
			p    simpul.Principal
			f    trail.Filter
			want []string
		}{
			{auditor, trail.Filter{}, []string{"key.revoke k-1", "key.issue k-1"}},
			{auditor, trail.Filter{Agency: bps}, nil},
			{stranger, trail.Filter{}, []string{"lid.publish bps/Rahasia"}},
			{operator, trail.Filter{Refused: true}, []string{"key.revoke k-1"}},
			{operator, trail.Filter{Action: "key.", Since: monday.Add(time.Hour)}, []string{"key.revoke k-1"}},
			{simpul.Principal{}, trail.Filter{}, nil},
		} {
			got, _, err := s.List(ctx, c.p, c.f, 0, 10)
			if err != nil || !slices.Equal(subjects(got), c.want) {
				t.Errorf("%s with %+v: %q, %v", c.p.ID, c.f, subjects(got), err)
			}
		}
		own, _, err := s.Own(ctx, member, trail.Filter{Actor: "putri@bps.go.id"}, 0, 10)
		if err != nil || len(own) != 0 {
			t.Errorf("%q, %v", subjects(own), err)
		}
		own, _, err = s.Own(ctx, member, trail.Filter{}, 0, 10)
		if want := []string{"account.close ani@bandungkota.go.id", "key.issue k-1"}; err != nil || !slices.Equal(subjects(own), want) {
			t.Errorf("own events %q, %v", subjects(own), err)
		}
		if own, _, err = s.Own(ctx, simpul.Principal{}, trail.Filter{}, 0, 10); err != nil || len(own) != 0 {
			t.Errorf("nobody's own events: %q, %v", subjects(own), err)
		}
	})
}

func TestVerification(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s, ctx := filled(t, db), t.Context()
		if v, err := s.Verify(ctx, operator); err != nil || !v.Intact || v.Events != 4 {
			t.Errorf("%+v, %v", v, err)
		}
		if v, err := s.Verify(ctx, auditor); err != nil || !v.Intact || v.Events != 0 {
			t.Errorf("a tenant learns %+v, %v", v, err)
		}
		if got, _, _ := s.List(ctx, auditor, trail.Filter{Action: "audit.verify"}, 0, 10); len(got) != 1 {
			t.Errorf("noted %q", subjects(got))
		}
	})
	db := testkit.SQLite(t)
	s := filled(t, db)
	if err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE trail_event SET subject = 'k-2' WHERE seq = 2`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if v, err := s.Verify(t.Context(), operator); err != nil || v.Intact || !strings.Contains(v.Fault.EN, "2") {
		t.Errorf("an altered trail: %+v, %v", v, err)
	}
}

func TestExports(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s, ctx := filled(t, db), t.Context()
		events, err := s.Export(ctx, auditor, trail.Filter{})
		if err != nil || len(events) != 2 {
			t.Fatalf("%q, %v", subjects(events), err)
		}
		lines, err := audit.JSONLines.Write(events)
		if err != nil || bytes.Count(lines, []byte("\n")) != 2 {
			t.Errorf("%s, %v", lines, err)
		}
		var first struct{ Action, Outcome string }
		if err := json.Unmarshal(bytes.SplitN(lines, []byte("\n"), 2)[0], &first); err != nil || first.Action != "key.revoke" || first.Outcome != "denied" {
			t.Errorf("%+v, %v", first, err)
		}
		if got, _, _ := s.List(ctx, auditor, trail.Filter{Action: "audit.export"}, 0, 10); len(got) != 1 || got[0].Detail != "2 events" {
			t.Errorf("noted %+v", got)
		}
	})
}

// A cell that a spreadsheet would take for a formula is text.
func TestCSVHoldsNoFormulas(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+62": "'+62", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", " =1": "' =1", "\t=1": "'\t=1", "|calc": "'|calc", "＝1": "'＝1",
		"k-1": "k-1", "": "", "a,\"b\"": "a,\"b\"", "ani@bps.go.id": "ani@bps.go.id",
	} {
		out, err := audit.CSV.Write([]trail.Event{{Seq: 1, At: monday, Subject: text}})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
		if err != nil || len(rows) != 2 || rows[1][6] != want {
			t.Errorf("%q is written %q, %v", text, rows, err)
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add("=1+1")
	f.Add("a\r\nb,\"c")
	f.Fuzz(func(t *testing.T, text string) {
		out, err := audit.CSV.Write([]trail.Event{{Subject: text, Detail: text}})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != 10 {
			t.Fatalf("%q: %d rows, %v", out, len(rows), err)
		}
		if cell := strings.TrimLeft(rows[1][6], " "); cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			t.Errorf("cell %q", cell)
		}
	})
}

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		e      trail.Event
		id, en string
	}{
		{trail.Event{Action: "key.issue", Subject: "k-1"}, "Menerbitkan kunci API untuk k-1", "Issued an API key for k-1"},
		{trail.Event{Action: "audit.verify"}, "Memeriksa keutuhan jejak audit", "Verified the audit trail"},
		{trail.Event{Action: "moon.land", Subject: "x"}, "moon.land x", "moon.land x"},
	} {
		if got := audit.Sentence(c.e); got.ID != c.id || got.EN != c.en {
			t.Errorf("got %+v", got)
		}
	}
}

type gatekeeper struct{}

func (gatekeeper) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	role, agency, _ := strings.Cut(token.Reveal(), "-")
	return simpul.Acting("t-"+role, simpul.Role(role), simpul.AgencyID(agency)), nil
}

func served(s *audit.Service) (*httpapi.API, func(method, path, token string) *httptest.ResponseRecorder) {
	mux := http.NewServeMux()
	api := httpapi.New(mux, "1", gatekeeper{}, slog.New(slog.DiscardHandler))
	audit.Register(api, s)
	return api, func(method, path, token string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/api/v1"+path, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
}

func TestWhoMayCallWhat(t *testing.T) {
	everyRole := []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleProvider, simpul.RoleConsumer, simpul.RoleAuditor, simpul.RoleDPO}
	readers := []simpul.Role{simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleAuditor, simpul.RoleDPO}
	want := map[string][]simpul.Role{"list-events": readers, "list-own-events": everyRole, "export-events": readers, "verify-events": readers}
	api, do := served(filled(t, testkit.SQLite(t)))
	for _, op := range api.Operations() {
		allowed, ok := want[op.ID]
		if !ok {
			t.Errorf("%s is not in the table", op.ID)
		}
		for _, role := range everyRole {
			w := do(op.Method, op.Path, string(role)+"-"+string(bandung))
			if refused := w.Code == http.StatusForbidden; refused == slices.Contains(allowed, role) {
				t.Errorf("%s as %s: %d %s", op.ID, role, w.Code, w.Body)
			}
		}
	}
	if len(want) != len(api.Operations()) {
		t.Errorf("%d operations", len(api.Operations()))
	}
}

func TestEventsByTheAPI(t *testing.T) {
	_, do := served(filled(t, testkit.SQLite(t)))
	type page struct {
		Items []struct {
			Seq             int64
			Action, Subject string
		}
		Next string
	}
	var got []int64
	for cursor, more := "", true; more; {
		w := do("GET", "/events?limit=1&action=key.&cursor="+url.QueryEscape(cursor), "operator-")
		var p page
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || len(p.Items) != 1 {
			t.Fatalf("%s, %v", w.Body, err)
		}
		got, cursor, more = append(got, p.Items[0].Seq), p.Next, p.Next != ""
	}
	if fmt.Sprint(got) != "[2 1]" {
		t.Errorf("pages %v", got)
	}
	for path, code := range map[string]int{"/events?cursor=x": 400, "/events?cursor=" + httpapi.EncodeCursor("-1"): 400, "/events?since=yesterday": 422, "/events/export?format=pdf": 422, "/events?account=" + strings.Repeat("a", 400): 422} {
		if w := do("GET", path, "operator-"); w.Code != code {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	w := do("GET", "/events/export?format=csv", "auditor-"+string(bandung))
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") || !strings.Contains(w.Header().Get("Content-Disposition"), "attachment") || strings.Contains(w.Body.String(), "Rahasia") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
}
