package app

import (
	"io"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/exchange/incident"
	"simpul/internal/platform/config"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/notice"
)

// The agency's data-protection officer, who did not note the incident, has each
// stage of its term in the inbox and in the post once, though two nodes look.
func TestTheOfficerIsToldOnceByTwoNodes(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { tellsOnce(t, "sqlite://"+filepath.Join(t.TempDir(), "simpul.db")) })
	t.Run("postgres", func(t *testing.T) { tellsOnce(t, testkit.PostgresURL(t)) })
}

func tellsOnce(t *testing.T, database string) {
	here := node(t, database, io.Discard, nil)
	letters := &captured{}
	others := here.people()
	others.Mailer = letters
	here.Identity.Connect(others)
	operator := simpul.Acting("", simpul.RoleOperator, "")
	if _, err := here.Agencies.Put(t.Context(), operator, "bandungkota.go.id", agency.Spec{Name: "Bandung", Level: agency.Kota, Region: "32.73"}, false); err != nil {
		t.Fatal(err)
	}
	at := serving(t, here)
	officer := identity.Newcomer{ID: string(personID), Personal: identity.Personal{Name: "Siti Rahma", Email: "siti@example.go.id"}, Roles: []identity.Assignment{{Role: simpul.RoleDPO}}}
	if _, err := here.Identity.Invite(t.Context(), operator, officer); err != nil {
		t.Fatal(err)
	}
	newPersonBrowser(t, at).join(letters.code())
	there := node(t, database, io.Discard, func(c *config.Config) { c.Vault.File = here.config.Vault.File })

	admin := simpul.Acting("t-admin", simpul.RoleAdmin, "bandungkota.go.id")
	for left, topic := range map[time.Duration]string{60 * time.Hour: "incident.begun", 20 * time.Hour: "incident.due", 5 * time.Hour: "incident.urgent", -time.Hour: "incident.overdue"} {
		c, err := here.Incidents.Note(t.Context(), admin, incident.Wish{
			Application: "layanan@bandungkota.go.id", From: "2026-01-01", Until: "2026-01-02", Noted: time.Now().Add(left - incident.Term).UTC().Format(time.RFC3339)})
		if err != nil {
			t.Fatal(err)
		}
		if left == 60*time.Hour {
			told(t, here, c.ID, topic, 1)
			continue
		}
		forgotten(t, here, c.ID) // as of a store from before people were told
		var all sync.WaitGroup
		for range 4 {
			for _, h := range []*Hub{here, there} {
				all.Go(func() {
					if err := h.Incidents.Remind(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		told(t, here, c.ID, topic, 1)
		if err := there.Incidents.Report(t.Context(), admin, c.ID, incident.Report{To: incident.ToldBoth, Text: "Surat 1"}); err != nil {
			t.Fatal(err)
		}
		told(t, here, c.ID, topic, 0)
	}
	page, _, err := here.Notices.Outbox(t.Context(), operator, "", "", 200)
	if err != nil {
		t.Fatal(err)
	}
	posted := map[string]int{}
	for _, letter := range page {
		posted[letter.Topic]++
	}
	for _, topic := range []string{"incident.begun", "incident.due", "incident.urgent", "incident.overdue"} {
		if posted[topic] != 1 {
			t.Errorf("%s was posted %d times", topic, posted[topic])
		}
	}
}

// told counts what waits in the officer's inbox about an incident.
func told(t *testing.T, h *Hub, id, topic string, want int) {
	t.Helper()
	officer := simpul.Acting(string(personID), simpul.RoleDPO, "bandungkota.go.id")
	officer.Account = personID
	page, _, err := h.Notices.List(t.Context(), officer, notice.Filter{}, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range page {
		if e.Link == incident.PagePath(id) && e.Topic == topic && e.State != notice.Done {
			n++
		}
	}
	if n != want {
		t.Errorf("%s waits %d times, want %d", topic, n, want)
	}
}

// forgotten lets nobody have been told of an incident.
func forgotten(t *testing.T, h *Hub, id string) {
	t.Helper()
	err := h.db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(t.Context(), `DELETE FROM notice_mail WHERE topic LIKE 'incident.%' AND entry IN (SELECT id FROM notice_entry WHERE link = $1)`, incident.PagePath(id)); err != nil {
			return err
		}
		if _, err := tx.Exec(t.Context(), `DELETE FROM notice_entry WHERE link = $1`, incident.PagePath(id)); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), `UPDATE incident_case SET told = 0 WHERE id = $1`, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// An office reads the clock of its region, or of that which it is a part of; a
// national one that of the hub.
func TestTheClockOfAnOffice(t *testing.T) {
	h, _ := openScreens(t)
	operator := simpul.Acting("", simpul.RoleOperator, "")
	for _, one := range []struct {
		id   simpul.AgencyID
		spec agency.Spec
		want incident.Zone
	}{
		{"manadokota.go.id", agency.Spec{Name: "Pemerintah Kota Manado", Level: agency.Kota, Region: "71.71"}, incident.WITA},
		{"papuaprov.go.id", agency.Spec{Name: "Pemerintah Provinsi Papua", Level: agency.Provinsi, Region: "91"}, incident.WIT},
		{"pontianak.go.id", agency.Spec{Name: "Pemerintah Kota Pontianak", Level: agency.Kota, Region: "61.71"}, incident.WIB},
		{"bmkg.go.id", agency.Spec{Name: "BMKG", Level: agency.Nasional}, incident.WIB},
		{"balai.papuaprov.go.id", agency.Spec{Name: "Balai", Level: agency.Nasional, Parent: "papuaprov.go.id"}, incident.WIT},
	} {
		if _, err := h.Agencies.Put(t.Context(), operator, string(one.id), one.spec, false); err != nil {
			t.Fatal(err)
		}
		if got := h.Incidents.Office(t.Context(), one.id); got != one.want {
			t.Errorf("%s reads %s, want %s", one.id, got, one.want)
		}
	}
	for zone, want := range map[string]incident.Zone{"Asia/Jakarta": incident.WIB, "Asia/Makassar": incident.WITA, "Asia/Jayapura": incident.WIT} {
		h.config.Traffic.Zone = zone
		if got := h.Incidents.Office(t.Context(), "bmkg.go.id"); got != want {
			t.Errorf("a national office at a hub in %s reads %s", zone, got)
		}
		if got := h.Incidents.Office(t.Context(), ""); got != want {
			t.Errorf("the nation at a hub in %s reads %s", zone, got)
		}
		if got := h.Incidents.Office(t.Context(), "tiada.go.id"); got != want {
			t.Errorf("an office that is not known reads %s", got)
		}
	}
}

// The daily sweep drops what was closed five years ago, and not what is held.
func TestTheSweepDropsIncidents(t *testing.T) {
	h, _ := openScreens(t)
	operator := simpul.Acting("dedi", simpul.RoleOperator, "")
	var ids []string
	for range 2 {
		c, err := h.Incidents.Note(t.Context(), operator, incident.Wish{Application: "layanan@bandungkota.go.id", From: "2026-01-01", Until: "2026-01-02"})
		if err == nil {
			err = h.Incidents.Close(t.Context(), operator, c.ID, "Selesai")
		}
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.ID)
	}
	if err := h.Incidents.Hold(t.Context(), operator, ids[1], "Perkara"); err != nil {
		t.Fatal(err)
	}
	err := h.db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE incident_case SET closed_at = $1`, time.Now().AddDate(-5, 0, -2).UnixMilli())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Retention.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Incidents.Look(t.Context(), operator, ids[0]); simpul.CodeOf(err) != simpul.CodeNotFound {
		t.Errorf("what was closed long ago is there: %v", err)
	}
	if _, err := h.Incidents.Look(t.Context(), operator, ids[1]); err != nil {
		t.Errorf("what is held is gone: %v", err)
	}
	rule, err := h.Retention.Rule(t.Context(), "incident")
	if err != nil || !rule.Kept || rule.Days != 5*365 || rule.Dropped != 1 {
		t.Errorf("%+v, %v", rule, err)
	}
}
