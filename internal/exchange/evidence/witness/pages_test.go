package witness

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// look opens the page as somebody.
func look(t *testing.T, service *Service, who simpul.Principal, language string) string {
	t.Helper()
	mux := http.NewServeMux()
	NewPages(service, web.Gate{Visitor: func(context.Context) (simpul.Principal, bool) { return who, true }}).Register(mux)
	r := httptest.NewRequest("GET", PagePath, nil)
	r.Header.Set("Accept-Language", language)
	w := httptest.NewRecorder()
	web.Localize(web.Site{}.Frame(mux)).ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return strings.ReplaceAll(w.Body.String(), "<wbr>", "")
}

func someone(national bool) simpul.Principal {
	return simpul.Principal{ID: "p", National: national, Permissions: []simpul.Permission{simpul.ReadExchanges}}
}

func TestThePageSaysWhereWitnessesStand(t *testing.T) {
	s := newScene(t, "a.go.id", "b.go.id")
	s.peers[1].Own = true
	service := New(s.db, s.peers, s.clock.now)
	contains := func(page string, all ...string) {
		t.Helper()
		for _, want := range all {
			if !strings.Contains(page, want) {
				t.Errorf("the page does not say %q", want)
			}
		}
	}
	contains(look(t, New(s.db, nil, s.clock.now), someone(true), "id"), "Belum ada saksi", "witnesses:\n  - name: BPK")
	contains(look(t, service, someone(true), "id"), "Menunggu saksi", "Belum ditanya")

	s.round()
	page := look(t, service, someone(true), "id")
	contains(page, "2 dari 2 saksi menandatangani", "12.00 WIB", origin, "https://a.go.id", "Peragaan, bukan saksi independen", "witness a.go.id+")
	if page = look(t, service, someone(false), "en"); strings.Contains(page, "https://a.go.id") {
		t.Error("an agency sees where a witness is")
	}
	contains(page, "2 of 2 witnesses cosign")

	s.clock.pass(20 * time.Minute)
	delete(s.net, "a.go.id")
	s.round()
	contains(look(t, service, someone(true), "id"), "Belum ada saksi independen", "tidak menjawab dalam 10 detik")

	s.log.put(2)
	s.round().lasts()
	contains(look(t, service, someone(true), "id"), "Saksi berselisih", "dengan 5 entri, lebih banyak daripada yang dimiliki hub", "cadangan yang lebih lama", "hub menyimpan tanda tangannya")
	if brief, err := service.Brief(t.Context()); err != nil || !strings.Contains(brief.ID, "harus diselidiki") {
		t.Errorf("%+v, %v", brief, err)
	}
}

// Every state and reason has words of its own in both languages.
func TestEveryStateIsExplained(t *testing.T) {
	reasons := map[State][]Reason{
		Waiting: {""}, Cosigned: {""}, Unreachable: {""}, Refusing: {UnknownLog, UnknownKey},
		Faulty: {BadSignature, ClockBehind, ClockAhead, BadProof, BadAnswer}, Later: {OwnEvidence, WitnessClaims}, Fork: {OwnEvidence, WitnessClaims},
	}
	seen := map[string]string{}
	for state, all := range reasons {
		for _, reason := range all {
			w := Witness{Peer{Name: "BPK"}, Standing{Origin: origin, State: state, Reason: reason, Claimed: 7}}
			text := stateText(w)
			what := string(state) + "/" + string(reason)
			if text.ID == "" || text.EN == "" || text.ID == text.EN || seen[text.ID] != "" {
				t.Errorf("%s: %+v, as %s", what, text, seen[text.ID])
			}
			seen[text.ID] = what
		}
	}
}

// bearer takes the name of a principal as its token.
type bearer map[string]simpul.Principal

func (b bearer) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	return b[token.Reveal()], nil
}

func TestListWitnesses(t *testing.T) {
	s := newScene(t, "a.go.id")
	s.round()
	mux := http.NewServeMux()
	Register(httpapi.New(mux, "1", bearer{"nation": someone(true), "agency": someone(false)}, slog.New(slog.DiscardHandler)), New(s.db, s.peers, s.clock.now))
	for token, url := range map[string]string{"nation": "https://a.go.id", "agency": ""} {
		r := httptest.NewRequest("GET", "/api/v1/witnesses", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		var got struct{ Items []witnessLogBody }
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Items) != 1 || len(got.Items[0].Witnesses) != 1 {
			t.Fatalf("%s: %d %s", token, w.Code, w.Body)
		}
		log := got.Items[0]
		if log.Origin != origin || log.State != Vouched || log.Cosigned != 1 || log.Of != 1 || log.Size != 5 || log.Witnesses[0].URL != url || log.Witnesses[0].Key != s.peers[0].Key.String() {
			t.Errorf("%s: %+v", token, log)
		}
	}
}
