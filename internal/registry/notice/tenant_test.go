package notice

import (
	"errors"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Whoever is not the person finds nothing, changes nothing, and is told what they
// would be told of an entry that does not exist.
func TestNobodyReachesAnotherPersonsInbox(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		n := aNotice(siti)
		n.Due = w.at.Add(time.Hour)
		w.notify(t, n)
		w.prefer(t, siti, Preferences{Language: simpul.English, Ways: map[string]Way{"key": ByDigest}})
		entry := w.inbox(t, siti)[0]

		operator := simpul.Acting("wati", simpul.RoleOperator, "")
		operator.Account = wati
		colleague := as(budi)
		colleague.Permissions = simpul.AllPermissions()
		token := simpul.Acting("t-1", simpul.RoleOperator, "")
		powerless := as(siti)
		powerless.Permissions = nil
		for name, p := range map[string]simpul.Principal{"colleague": colleague, "stranger": as(made), "operator": operator, "token": token, "powerless": powerless} {
			_, missing := w.Mark(t.Context(), p, "n-none", Done)
			_, denied := w.Mark(t.Context(), p, entry.ID, Done)
			if denied == nil || simpul.CodeOf(denied) != simpul.CodeOf(missing) {
				t.Errorf("%s marks: %v; what does not exist: %v", name, denied, missing)
			}
			if page, _, _ := w.List(t.Context(), p, Filter{}, "", 10); len(page) != 0 {
				t.Errorf("%s lists %+v", name, page)
			}
			if prefs, _ := w.Preferences(t.Context(), p); prefs.Language == simpul.English {
				t.Errorf("%s sees the preferences", name)
			}
			if _, ok, _ := w.Undelivered(t.Context(), p); ok {
				t.Errorf("%s sees letters", name)
			}
			if name != "powerless" {
				if all, err := w.Waiting(t.Context(), p.Account); err != nil || len(all) != 0 || w.Unread(t.Context(), p.Account) != 0 {
					t.Errorf("%s waits for %+v, %v", name, all, err)
				}
			}
			_ = w.ReadAll(t.Context(), p)
			_, _ = w.Prefer(t.Context(), p, Preferences{Language: simpul.Indonesian, Ways: map[string]Way{"key": InInbox}})
		}
		if got := w.inbox(t, siti)[0]; got != entry {
			t.Errorf("changed to %+v", got)
		}
		if got, err := w.Preferences(t.Context(), as(siti)); err != nil || got.Language != simpul.English || got.Ways["key"] != ByDigest {
			t.Errorf("changed to %+v, %v", got, err)
		}
	})
}

func TestTheOutboxIsOfTheScope(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		w.notify(t, aNotice(siti, made))
		admin := simpul.Acting("a", simpul.RoleAdmin, bandung)
		if page, _, err := w.Outbox(t.Context(), admin, "", "", 10); err != nil || len(page) != 1 || page[0].Account != siti {
			t.Errorf("the admin sees %+v, %v", page, err)
		}
		if page, _, err := w.Outbox(t.Context(), simpul.Acting("o", simpul.RoleOperator, ""), "", "", 1); err != nil || len(page) != 1 {
			t.Errorf("the operator sees %+v, %v", page, err)
		}
		if page, _, err := w.Outbox(t.Context(), simpul.Acting("o", simpul.RoleOperator, ""), stateDead, "", 9); err != nil || len(page) != 0 {
			t.Errorf("none is dead: %+v, %v", page, err)
		}
		if _, _, err := w.Outbox(t.Context(), simpul.Acting("c", simpul.RoleConsumer, bandung), "", "", 10); simpul.CodeOf(err) != simpul.CodeDenied {
			t.Errorf("a consumer: %v", err)
		}
	})
}

// The stores themselves hold to the scope, not only those who call them.
func TestStoresAsTheWrongTenant(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		w.notify(t, aNotice(siti))
		w.prefer(t, siti, Preferences{Language: simpul.English, Ways: map[string]Way{"key": ByDigest}})
		entry := w.inbox(t, siti)[0]
		for _, scope := range []simpul.Scope{simpul.AgencyScope("balikab.go.id"), simpul.PublicScope()} {
			err := w.db.Write(t.Context(), scope, func(tx *sqldb.Tx) error {
				ctx := t.Context()
				if _, err := getEntry(ctx, tx, siti, entry.ID); !errors.Is(err, sqldb.ErrNoRows) {
					t.Errorf("getEntry: %v", err)
				}
				if all, err := listEntries(ctx, tx, siti, Filter{}, newest(), 10); err != nil || len(all) != 0 {
					t.Errorf("listEntries: %v, %v", all, err)
				}
				if all, err := listWaiting(ctx, tx, siti, 10); err != nil || len(all) != 0 {
					t.Errorf("listWaiting: %v, %v", all, err)
				}
				if n, err := countUnread(ctx, tx, siti); err != nil || n != 0 {
					t.Errorf("countUnread: %d, %v", n, err)
				}
				if err := markEntry(ctx, tx, siti, entry.ID, Done); !errors.Is(err, sqldb.ErrNoRows) {
					t.Errorf("markEntry: %v", err)
				}
				if err := markAllRead(ctx, tx, siti); err != nil {
					t.Errorf("markAllRead: %v", err)
				}
				if all, err := listMail(ctx, tx, "", newest(), 10); err != nil || len(all) != 0 {
					t.Errorf("listMail: %v, %v", all, err)
				}
				if _, err := lastDead(ctx, tx, siti); !errors.Is(err, sqldb.ErrNoRows) {
					t.Errorf("lastDead: %v", err)
				}
				if ways, err := listWays(ctx, tx, siti); err != nil || len(ways) != 0 {
					t.Errorf("listWays: %v, %v", ways, err)
				}
				if l, err := getLanguage(ctx, tx, siti); err != nil || l != "" {
					t.Errorf("getLanguage: %v, %v", l, err)
				}
				if err := putWay(ctx, tx, siti, "key", InInbox); !errors.Is(err, sqldb.ErrScope) {
					t.Errorf("putWay: %v", err)
				}
				if err := putLanguage(ctx, tx, siti, simpul.Indonesian); !errors.Is(err, sqldb.ErrScope) {
					t.Errorf("putLanguage: %v", err)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
		if got := w.inbox(t, siti)[0]; got != entry {
			t.Errorf("changed to %+v", got)
		}
	})
}

func TestForgettingAPerson(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		w.notify(t, aNotice(siti, budi))
		w.prefer(t, siti, Preferences{Language: simpul.English, Ways: map[string]Way{"key": ByDigest}})
		var facts map[string]any
		err := w.db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
			if facts, err = w.Facts(t.Context(), tx, siti); err != nil {
				return err
			}
			return w.Forget(t.Context(), tx, siti)
		})
		if err != nil {
			t.Fatal(err)
		}
		if inbox := facts["inbox"].([]entryBody); len(inbox) != 1 || inbox[0].Title.EN != "A key expires" || facts["preferences"].(prefsBody).Language != simpul.English {
			t.Errorf("facts %+v", facts)
		}
		if prefs, _ := w.Preferences(t.Context(), as(siti)); prefs.Language != "" || prefs.Ways["key"] != ByEmail {
			t.Errorf("kept %+v", prefs)
		}
		if len(w.inbox(t, siti)) != 0 || len(w.inbox(t, budi)) != 1 || len(w.letters(t)) != 1 {
			t.Error("not forgotten, or too much")
		}
	})
}

func TestPruningKeepsWhatWaits(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		n := aNotice(siti)
		w.notify(t, n)
		n.Due = w.at.Add(time.Hour)
		w.notify(t, n)
		n.Key = "k"
		w.notify(t, n)
		if err := w.db.Write(t.Context(), simpul.AgencyScope(bandung), func(tx *sqldb.Tx) error { return w.Done(t.Context(), tx, "k") }); err != nil {
			t.Fatal(err)
		}
		w.at = w.at.AddDate(2, 0, 0)
		if got, err := w.Prune(t.Context(), w.at.AddDate(-1, 0, 0)); err != nil || got != 2 {
			t.Errorf("%d dropped, %v", got, err)
		}
		if left := w.inbox(t, siti); len(left) != 1 || !left[0].Waits() {
			t.Errorf("left %+v", left)
		}
	})
}
