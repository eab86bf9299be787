package notice

import (
	"strings"
	"testing"
	"time"

	"simpul"
)

func (w *town) prefer(t *testing.T, id simpul.AccountID, p Preferences) {
	t.Helper()
	if _, err := w.Prefer(t.Context(), as(id), p); err != nil {
		t.Fatal(err)
	}
}

func TestPreferencesBeginWithDefaults(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		got, err := w.Preferences(t.Context(), as(siti))
		if err != nil || got.Language != "" || len(got.Ways) != len(Subjects()) || got.Ways["key"] != ByEmail || got.Ways["lid"] != ByDigest {
			t.Errorf("%+v, %v", got, err)
		}
		w.prefer(t, siti, Preferences{Language: simpul.English, Ways: map[string]Way{"key": InInbox}})
		w.prefer(t, siti, Preferences{Language: simpul.English, Ways: map[string]Way{"lid": ByEmail}})
		got, err = w.Preferences(t.Context(), as(siti))
		if err != nil || got.Language != simpul.English || got.Ways["key"] != InInbox || got.Ways["lid"] != ByEmail || got.Ways["grant"] != ByDigest {
			t.Errorf("%+v, %v", got, err)
		}
		w.prefer(t, siti, Preferences{})
		if got, _ = w.Preferences(t.Context(), as(siti)); got.Language != "" {
			t.Errorf("the language stayed %q", got.Language)
		}
	})
}

func TestPreferencesMustBeFit(t *testing.T) {
	w := newTown(t, testkitSQLite(t))
	for place, p := range map[string]Preferences{
		"body.language":  {Language: "jv"},
		"body.ways.moon": {Ways: map[string]Way{"moon": ByEmail}},
		"body.ways.key":  {Ways: map[string]Way{"key": "pigeon"}},
	} {
		_, err := w.Prefer(t.Context(), as(siti), p)
		if e, ok := err.(*simpul.Error); !ok || e.Code != simpul.CodeInvalid || e.Place != place {
			t.Errorf("%s: %v", place, err)
		}
	}
}

func TestLettersFollowPreferences(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		w.prefer(t, siti, Preferences{Language: simpul.English, Ways: map[string]Way{"key": InInbox}})
		w.notify(t, aNotice(siti))
		w.round(t)
		if len(w.relay.sent) != 0 || w.state(t) != stateDropped || len(w.inbox(t, siti)) != 1 {
			t.Errorf("%d sent, %s", len(w.relay.sent), w.state(t))
		}
		urgent := aNotice(siti)
		urgent.Urgent = true
		w.notify(t, urgent)
		w.round(t)
		if len(w.relay.sent) != 1 || w.relay.sent[0].Subject != "Important: A key expires" {
			t.Errorf("urgent: sent %+v", w.relay.sent)
		}
	})
}

// Those who want one letter a day get one, at seven, of what they have not read.
func TestTheDailyDigest(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		lid := func(title string) simpul.Notice {
			n := aNotice(siti)
			n.Topic, n.Title, n.Link = "lid.published", simpul.Text{ID: title}, "/catalog/"+title
			return n
		}
		w.notify(t, lid("satu"))
		w.notify(t, lid("dua"))
		w.notify(t, lid("tiga"))
		w.round(t)
		if len(w.relay.sent) != 0 {
			t.Fatalf("sent at once: %v", w.relay.sent)
		}
		for _, e := range w.inbox(t, siti) {
			if e.Title.ID == "dua" {
				if _, err := w.Mark(t.Context(), as(siti), e.ID, Read); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.at = time.Date(2026, 11, 25, 23, 59, 59, 0, time.UTC)
		w.round(t)
		if len(w.relay.sent) != 0 {
			t.Fatal("before seven")
		}
		w.at = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
		w.round(t)
		if len(w.relay.sent) != 1 {
			t.Fatalf("%d sent", len(w.relay.sent))
		}
		m := w.relay.sent[0]
		if m.Subject != "Ringkasan harian: 2 pesan" || !strings.Contains(m.Text, "• satu\nhttps://hub.go.id/catalog/satu") || strings.Contains(m.Text, "dua") {
			t.Errorf("%s\n%s", m.Subject, m.Text)
		}
		w.at = w.at.AddDate(0, 0, 1)
		w.round(t)
		if len(w.relay.sent) != 1 {
			t.Error("a day without news had a letter")
		}
		for _, l := range w.letters(t) {
			if l.State != stateSent {
				t.Errorf("left as %+v", l)
			}
		}
	})
}

// Nobody gets a digest of nothing.
func TestAQuietDigest(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		n := aNotice(siti)
		n.Topic = "lid.published"
		w.notify(t, n)
		w.round(t)
		if err := w.ReadAll(t.Context(), as(siti)); err != nil {
			t.Fatal(err)
		}
		w.at = w.at.AddDate(0, 0, 2)
		w.round(t)
		if len(w.relay.sent) != 0 {
			t.Errorf("sent %+v", w.relay.sent)
		}
		for _, l := range w.letters(t) {
			if l.State != stateDropped {
				t.Errorf("left as %+v", l)
			}
		}
	})
}

// A digest that fails takes what it told of along when it is tried again.
func TestADigestIsTriedAgain(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		n := aNotice(siti)
		n.Topic = "lid.published"
		w.notify(t, n)
		w.round(t)
		w.at = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
		w.relay.fail = []error{failing(simpul.CodeLimited)}
		w.round(t)
		w.at = w.at.Add(firstDelay)
		w.round(t)
		if len(w.relay.sent) != 1 || !strings.Contains(w.relay.sent[0].Text, "Kunci akan berakhir") {
			t.Errorf("sent %+v", w.relay.sent)
		}
	})
}

func TestNextDigest(t *testing.T) {
	for now, want := range map[string]string{
		"2026-11-25T23:59:59Z": "2026-11-26T00:00:00Z",
		"2026-11-26T00:00:00Z": "2026-11-27T00:00:00Z",
		"2026-12-31T20:00:00Z": "2027-01-01T00:00:00Z",
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := nextDigest(at).Format(time.RFC3339); got != want {
			t.Errorf("%s: %s, want %s", now, got, want)
		}
	}
}
