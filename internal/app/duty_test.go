package app_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"

	"simpul"
	"simpul/internal/platform/config"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// pair is a hub with two operators, on one database after the other.
func pair(t *testing.T, c config.Config) (first, second *control) {
	t.Helper()
	c.Duty.Tokens = true
	hub := open(t, c)
	var made [2]simpul.Secret
	for i := range made {
		var err error
		if made[i], err = hub.Identity.CreateToken(t.Context(), simpul.RoleOperator, ""); err != nil {
			t.Fatal(err)
		}
	}
	at := run(t, hub)
	first = &control{url: at.Control + "/api/v1", token: made[0], client: newClient(t)}
	return first, first.as(made[1])
}

func proposalOf(t *testing.T, got answer) string {
	t.Helper()
	id := decode[struct{ Proposal string }](t, got).Proposal
	if got.status != http.StatusAccepted || !strings.HasSuffix(got.header.Get("Location"), "/proposals/"+id) {
		t.Fatalf("%d %v %s", got.status, got.header, got.text)
	}
	return id
}

func TestTheKeysLeaveTheHubByTwoPeople(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		first, second := pair(t, c)
		identity, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		id := proposalOf(t, first.must(t, 202, http.MethodPost, "/keys/exports", object{"recipient": identity.Recipient().String(), "why": "cadangan"}))
		first.must(t, 403, http.MethodPost, "/proposals/"+id+"/decision", object{"verdict": "approve", "reason": "x"})
		first.must(t, 404, http.MethodPost, "/keys/exports/"+id+"/file", nil)
		second.must(t, 200, http.MethodPost, "/proposals/"+id+"/decision", object{"verdict": "approve", "reason": "x"})
		second.must(t, 403, http.MethodPost, "/keys/exports/"+id+"/file", nil)
		file := decode[struct{ File string }](t, first.must(t, 200, http.MethodPost, "/keys/exports/"+id+"/file", nil)).File
		first.must(t, 409, http.MethodPost, "/keys/exports/"+id+"/file", nil)
		clear, err := age.Decrypt(armor.NewReader(strings.NewReader(file)), identity)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(clear); err != nil || !strings.Contains(string(text), `"format": "simpul/keys/1"`) {
			t.Errorf("opened %s, %v", text, err)
		}
		if got := first.must(t, 200, http.MethodGet, "/events?action=key.", nil).text; !strings.Contains(got, "key.export") || !strings.Contains(got, "key.download") {
			t.Errorf("the trail lacks it: %s", got)
		}
	})
}

func TestRetentionChangesByTwoPeople(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		first, second := pair(t, c)
		change := func(days int) string {
			return proposalOf(t, first.must(t, 202, http.MethodPut, "/retention/trail", object{"days": days, "basis": "UU 43/2009", "why": "uji"}))
		}
		one, two := change(400), change(500)
		approve := object{"verdict": "approve", "reason": "x"}
		second.must(t, 200, http.MethodPost, "/proposals/"+one+"/decision", approve)
		if got := first.must(t, 200, http.MethodGet, "/retention", nil).text; !strings.Contains(got, `"kind":"trail","days":400`) {
			t.Errorf("%s", got)
		}
		second.must(t, 409, http.MethodPost, "/proposals/"+two+"/decision", approve) // made from what is no more
		first.must(t, 400, http.MethodPut, "/retention/trail", object{"days": 30, "basis": "UU", "why": "uji"})
		second.must(t, 200, http.MethodPost, "/events/verification", nil)
	})
}

// Every kind has somebody who drops what is over, and a sweep of a hub on which
// nothing is over drops nothing.
func TestEveryKindHasAKeeper(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		hub := open(t, c)
		if err := hub.Retention.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		rules, err := hub.Retention.Rules(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rules {
			if !r.Kept || r.RanAt.IsZero() || r.Dropped != 0 {
				t.Errorf("%s: kept %t, ran at %v, dropped %d", r.Name, r.Kept, r.RanAt, r.Dropped)
			}
		}
	})
}

// What is older than its retention goes when the hub starts, and the trail
// stays whole.
func TestTheTrailIsPruned(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		hub := open(t, c)
		db, err := sqldb.Open(t.Context(), c.Database.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		add := func(years int, subject string) {
			t.Helper()
			e := trail.Event{At: time.Now().AddDate(-years, 0, 0), Actor: trail.Hub, Action: "test.make", Subject: subject}
			if err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error { return trail.Append(t.Context(), tx, e) }); err != nil {
				t.Fatal(err)
			}
		}
		add(6, "kuno")
		add(4, "lama")
		if err := hub.Retention.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		var left []string
		err = db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			all, err := trail.List(t.Context(), tx, trail.Filter{}, 0, 10)
			for _, e := range all {
				left = append(left, e.Action+" "+e.Subject)
			}
			if _, verr := trail.Verify(t.Context(), tx); verr != nil {
				t.Error(verr)
			}
			return err
		})
		if got := strings.Join(left, ", "); err != nil || got != "retention.prune trail, test.make lama" {
			t.Errorf("%s, %v", got, err)
		}
	})
}
