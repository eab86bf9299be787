package identity_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/identity"
)

func TestAnInvitationIsALetter(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		a, err := h.Invite(t.Context(), h.operator(t), newcomer("Siti@BandungKota.go.id", of(simpul.RoleAdmin)))
		if err != nil || a.ID != "siti@bandungkota.go.id" || a.State != identity.Invited || a.Personal.Name != "Nama Siti" || a.Language != simpul.Indonesian {
			t.Fatalf("got %+v, %v", a, err)
		}
		l := h.last(t)
		if !regexp.MustCompile(`^https://hub\.example\.go\.id/undangan#([a-z2-7]{4}-){6}[a-z2-7]{2}$`).MatchString(l.link) {
			t.Errorf("the link is %s", l.link)
		}
		if l.to != "Siti@surat.example.id" || l.name != "Nama Siti" || l.purpose != identity.Join || !l.until.Equal(monday.Add(72*time.Hour)) {
			t.Errorf("got %+v", l)
		}
		if _, err := h.PrincipalOf(t.Context(), a.ID); simpul.CodeOf(err) != simpul.CodeUnauthenticated {
			t.Errorf("somebody who has not joined is %v", err)
		}
		got, err := h.Invitation(t.Context(), l.code())
		want := identity.Invitation{Account: a.ID, Name: "Nama Siti", Purpose: identity.Join, Until: monday.Add(72 * time.Hour).Truncate(time.Millisecond)}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		if got, err := h.redeem(t, l.code()); err != nil || got != want {
			t.Errorf("redeemed: %+v, %v", got, err)
		}
		if p := h.as(t, "siti@bandungkota.go.id"); !p.Can(simpul.WriteAccounts) || p.National {
			t.Errorf("joined as %+v", p)
		}
		if diff := cmp.Diff([]string{"account.invite", "account.join"}, h.events(t, "siti@bandungkota.go.id")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestACodeIsReadAsPeopleWriteIt(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	if _, err := h.Invite(t.Context(), h.operator(t), newcomer("a@bandungkota.go.id", of(simpul.RoleAdmin))); err != nil {
		t.Fatal(err)
	}
	code := h.last(t).code().Reveal()
	for _, written := range []string{code, strings.ToUpper(code), strings.ReplaceAll(code, "-", ""), " " + strings.ReplaceAll(code, "-", "  ") + "\r\n"} {
		if _, err := h.Invitation(t.Context(), simpul.Secret(written)); err != nil {
			t.Errorf("%q: %v", written, err)
		}
	}
}

// Unknown, used, expired, withdrawn and replaced codes, and those of accounts
// that moved on, are refused in the same words.
func TestBadCodesAreAllAlike(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		operator := h.operator(t)
		invited := func(id string) simpul.Secret {
			t.Helper()
			if _, err := h.Invite(t.Context(), operator, newcomer(id, of(simpul.RoleConsumer))); err != nil {
				t.Fatal(err)
			}
			return h.last(t).code()
		}
		must := func(_ identity.Account, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		bad := map[string]simpul.Secret{"empty": "", "nonsense": "\x00'--", "unknown": "aaaa-bbbb-cccc-dddd-eeee-ffff-gg"}
		bad["used"] = invited("used@bandungkota.go.id")
		if _, err := h.redeem(t, bad["used"]); err != nil {
			t.Fatal(err)
		}
		bad["withdrawn"] = invited("withdrawn@bandungkota.go.id")
		must(h.Withdraw(t.Context(), operator, "withdrawn@bandungkota.go.id"))
		bad["replaced"] = invited("replaced@bandungkota.go.id")
		must(h.Resend(t.Context(), operator, "replaced@bandungkota.go.id"))
		good := h.last(t).code()
		bad["closed"] = invited("closed@bandungkota.go.id")
		must(h.Close(t.Context(), operator, "closed@bandungkota.go.id"))
		h.person(t, "suspended@bandungkota.go.id", of(simpul.RoleConsumer))
		must(h.Recover(t.Context(), operator, "suspended@bandungkota.go.id"))
		bad["suspended"] = h.last(t).code()
		must(h.Suspend(t.Context(), operator, "suspended@bandungkota.go.id"))
		bad["moved"] = invited("moved@bandungkota.go.id")
		must(h.Change(t.Context(), operator, "moved@bandungkota.go.id", identity.Personal{Name: "Nama", Email: "baru@surat.example.id"}, ""))

		if _, err := h.Invitation(t.Context(), good); err != nil {
			t.Fatalf("the newest code: %v", err)
		}
		expired := invited("expired@bandungkota.go.id")
		h.now = monday.Add(72 * time.Hour)
		bad["expired"] = expired

		words := map[string]bool{}
		for name, code := range bad {
			_, asked := h.Invitation(t.Context(), code)
			_, used := h.redeem(t, code)
			for _, err := range []error{asked, used} {
				wantCode(t, name, err, simpul.CodeInvalid)
				words[fmt.Sprint(err)] = true
			}
		}
		if len(words) != 1 {
			t.Errorf("%d different answers: %v", len(words), words)
		}
		for _, id := range []simpul.AccountID{"withdrawn@bandungkota.go.id", "closed@bandungkota.go.id", "suspended@bandungkota.go.id", "none@bandungkota.go.id"} {
			_, err := h.PrincipalOf(t.Context(), id)
			wantCode(t, string(id), err, simpul.CodeUnauthenticated)
		}
	})
}

func TestOfTwoWhoRedeemAtOnceOneWins(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		if _, err := h.Invite(t.Context(), h.operator(t), newcomer("a@bandungkota.go.id", of(simpul.RoleConsumer))); err != nil {
			t.Fatal(err)
		}
		code := h.last(t).code()
		results := make([]error, 8)
		var together sync.WaitGroup
		for i := range results {
			together.Go(func() {
				results[i] = db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
					_, err := h.Redeem(t.Context(), tx, code)
					return err
				})
			})
		}
		together.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
				continue
			}
			wantCode(t, "the others", err, simpul.CodeInvalid)
		}
		if won != 1 {
			t.Errorf("%d won", won)
		}
	})
}

// What the caller does after redeeming can fail; then the code is not used up.
func TestACodeSurvivesAFailure(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		if _, err := h.Invite(t.Context(), h.operator(t), newcomer("a@bandungkota.go.id", of(simpul.RoleConsumer))); err != nil {
			t.Fatal(err)
		}
		code, failed := h.last(t).code(), errors.New("no passkey")
		err := db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			if _, err := h.Redeem(t.Context(), tx, code); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		if _, err := h.redeem(t, code); err != nil {
			t.Errorf("again: %v", err)
		}
	})
}

func TestOnlyTheHubRedeems(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	err := h.db.Write(t.Context(), simpul.AgencyScope(bandung), func(tx *sqldb.Tx) error {
		_, err := h.Redeem(t.Context(), tx, "x")
		return err
	})
	if !errors.Is(err, sqldb.ErrScope) {
		t.Errorf("got %v", err)
	}
}

func TestALetterThatCannotBeSentIsNoInvitation(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		operator := h.operator(t)
		h.failing = errors.New("outbox is full")
		if _, err := h.Invite(t.Context(), operator, newcomer("a@bandungkota.go.id", of(simpul.RoleConsumer))); !errors.Is(err, h.failing) {
			t.Fatalf("got %v", err)
		}
		_, err := h.Account(t.Context(), operator, "a@bandungkota.go.id")
		wantCode(t, "the account", err, simpul.CodeNotFound)
	})
}

func TestCodesAndPeopleAreNotStoredInClear(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		who := newcomer("a@bandungkota.go.id", of(simpul.RoleConsumer))
		who.Personal = identity.Personal{Name: "Siti Rahma", Email: "siti@surat.example.id", Phone: "+62 812 3456", Position: "Pranata Komputer"}
		if _, err := h.Invite(t.Context(), h.operator(t), who); err != nil {
			t.Fatal(err)
		}
		stored := fmt.Sprint(
			column(t, db, simpul.NationScope(), `SELECT id || person || email_digest FROM identity_account`),
			column(t, db, simpul.NationScope(), `SELECT id || digest FROM identity_invitation`),
			column(t, db, simpul.NationScope(), `SELECT subject || detail FROM trail_event`))
		code := strings.ReplaceAll(h.last(t).code().Reveal(), "-", "")
		for _, hidden := range []string{code, who.Personal.Name, who.Personal.Email, who.Personal.Phone, who.Personal.Position} {
			if strings.Contains(stored, hidden) {
				t.Errorf("%q can be read from the database", hidden)
			}
		}
	})
}

func TestLettersAreBounded(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		operator := h.operator(t)
		if _, err := h.Invite(t.Context(), operator, newcomer("a@bandungkota.go.id", of(simpul.RoleConsumer))); err != nil {
			t.Fatal(err)
		}
		for range 4 {
			if _, err := h.Resend(t.Context(), operator, "a@bandungkota.go.id"); err != nil {
				t.Fatal(err)
			}
		}
		_, err := h.Resend(t.Context(), operator, "a@bandungkota.go.id")
		wantCode(t, "a sixth letter to one person", err, simpul.CodeLimited)
		if _, err := h.Invitation(t.Context(), h.last(t).code()); err != nil {
			t.Errorf("the last code was lost: %v", err)
		}
		for i := range 95 {
			if _, err := h.Invite(t.Context(), operator, newcomer(fmt.Sprintf("b%d@bandungkota.go.id", i), of(simpul.RoleConsumer))); err != nil {
				t.Fatal(err)
			}
		}
		_, err = h.Invite(t.Context(), operator, newcomer("c@bandungkota.go.id", of(simpul.RoleConsumer)))
		wantCode(t, "letter 101 of an agency", err, simpul.CodeLimited)
		if _, err = h.Invite(t.Context(), operator, newcomer("c@bogorkota.go.id", of(simpul.RoleConsumer))); err != nil {
			t.Errorf("another agency: %v", err)
		}
		h.now = monday.Add(24 * time.Hour)
		if _, err = h.Invite(t.Context(), operator, newcomer("c@bandungkota.go.id", of(simpul.RoleConsumer))); err != nil {
			t.Errorf("the next day: %v", err)
		}
	})
}

func TestRecoveryIsWatchedOver(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		admin := h.person(t, "admin@bandungkota.go.id", of(simpul.RoleAdmin))
		h.person(t, "a@bandungkota.go.id", of(simpul.RoleProvider))
		if _, err := h.Recover(t.Context(), admin, "a@bandungkota.go.id"); err != nil {
			t.Fatal(err)
		}
		l := h.last(t)
		if l.purpose != identity.Recover || !l.until.Equal(monday.Add(24*time.Hour)) || l.to != "a@surat.example.id" {
			t.Errorf("got %+v", l)
		}
		if len(h.notices) != 1 {
			t.Fatalf("%d notices", len(h.notices))
		}
		n := h.notices[0]
		if !n.Urgent || !cmp.Equal(n.Accounts, []simpul.AccountID{"a@bandungkota.go.id"}) || n.Agency != bandung || n.Holding != simpul.WriteAccounts {
			t.Errorf("got %+v", n)
		}
		if len(h.dropped) != 0 {
			t.Error("credentials were dropped before the code was used")
		}
		if i, err := h.redeem(t, l.code()); err != nil || i.Purpose != identity.Recover {
			t.Fatalf("%+v, %v", i, err)
		}
		if diff := cmp.Diff([]simpul.AccountID{"a@bandungkota.go.id"}, h.dropped); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"account.invite", "account.join", "recovery.begin", "account.recover"}, h.events(t, "a@bandungkota.go.id")); diff != "" {
			t.Error(diff)
		}
		if len(h.notices) != 2 || h.notices[1].Topic != "recovery.end" || h.notices[1].Holding != simpul.WriteAccounts {
			t.Errorf("after the code was used: %+v", h.notices)
		}
		// The operator helps the only administrator.
		if _, err := h.Recover(t.Context(), h.operator(t), "admin@bandungkota.go.id"); err != nil {
			t.Error(err)
		}
	})
}

func FuzzCode(f *testing.F) {
	for _, seed := range []string{"", "aaaa-bbbb", "\x00", "Ａ", "-"} {
		f.Add(seed)
	}
	h := newRoomForFuzz(f)
	f.Fuzz(func(t *testing.T, code string) {
		if _, err := h.Invitation(t.Context(), simpul.Secret(code)); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%q: got %v", code, err)
		}
	})
}

func newRoomForFuzz(f *testing.F) *room { return newRoom(testkit.SQLite(f)) }
