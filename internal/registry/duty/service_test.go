package duty_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/duty"
)

func TestAskingTwiceGivesOneProposal(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db, duty.Rules{})
		first := r.propose(t, ani, bandung, "papan", "baru")
		if again := r.propose(t, budi, bandung, "papan", "baru"); again != first {
			t.Errorf("%s, then %s", first, again)
		}
		if other := r.propose(t, ani, bandung, "papan", "lain"); other == first {
			t.Error("another content is the same proposal")
		}
		if len(r.notices) != 2 {
			t.Errorf("%d notices", len(r.notices))
		}
	})
}

func TestWhoMayPropose(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db, duty.Rules{})
		_, err := r.try(t.Context(), person("evi@bandungkota.go.id", simpul.RoleConsumer), bandung, "papan", "baru")
		checkCode(t, err, simpul.CodeDenied)
		if _, err = r.try(t.Context(), ani, bps, "papan", "baru"); err == nil {
			t.Error("proposed in another tenant")
		}
		if _, err = r.try(t.Context(), ani, "", "papan", "baru"); err == nil {
			t.Error("a tenant proposed in the nation's matters")
		}
		if _, err = r.try(t.Context(), operator, "", "papan", "baru"); err != nil {
			t.Error(err)
		}
	})
}

func TestATenantSeesItsOwnProposals(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db, duty.Rules{}), t.Context()
		ours := r.propose(t, ani, bandung, "papan", "rahasia")
		nations := r.propose(t, operator, "", "negara", "rahasia")
		for _, p := range []simpul.Principal{cici, {}} {
			all, err := r.List(ctx, p, duty.Filter{}, everyone)
			if err != nil || len(all) != 0 {
				t.Errorf("%s sees %v, %v", p.ID, all, err)
			}
			_, err = r.Get(ctx, p, ours)
			checkCode(t, err, simpul.CodeNotFound)
			_, unknown := r.Get(ctx, p, "u-unknown")
			if err.Error() != strings.ReplaceAll(unknown.Error(), "u-unknown", ours) {
				t.Errorf("told %v, but of an unknown one %v", err, unknown)
			}
		}
		if all, err := r.List(ctx, budi, duty.Filter{}, everyone); err != nil || len(all) != 1 || all[0].ID != ours || len(all[0].Content) != 0 {
			t.Errorf("its own tenant sees %v, %v", all, err)
		}
		if all, err := r.List(ctx, operator, duty.Filter{}, everyone); err != nil || len(all) != 2 {
			t.Errorf("the nation sees %v, %v", all, err)
		}
		_, err := r.Get(ctx, ani, nations)
		checkCode(t, err, simpul.CodeNotFound)
	})
}

func TestTheListIsReadByPages(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db, duty.Rules{}), t.Context()
		var want []string
		for i := range 7 {
			r.now = monday.Add(time.Duration(i/2) * time.Second) // some at the same time
			want = append(want, r.propose(t, ani, bandung, "papan", strings.Repeat("x", i)))
		}
		get := func(path string) (ids []string, next string) {
			var page struct {
				Items []struct{ ID string }
				Next  string
			}
			served(t, r, "GET", path, "ani", nil, &page)
			for _, one := range page.Items {
				ids = append(ids, one.ID)
			}
			return ids, page.Next
		}
		var got []string
		for cursor, more := "", true; more; {
			ids, next := get("/proposals?limit=2&cursor=" + cursor)
			got, cursor, more = append(got, ids...), next, next != ""
		}
		slices.Sort(want)
		sorted := slices.Sorted(slices.Values(got))
		if !slices.Equal(sorted, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if all, err := r.List(ctx, ani, duty.Filter{Proposer: budi.ID}, everyone); err != nil || len(all) != 0 {
			t.Errorf("of budi: %v, %v", all, err)
		}
		if all, err := r.List(ctx, ani, duty.Filter{Action: "board.write", Subject: "papan", Agency: bandung, Proposer: ani.ID}, httpapi.Page{Limit: 3}); err != nil || len(all) != 3 {
			t.Errorf("%v, %v", all, err)
		}
	})
}

// Nothing that people wrote or proposed stands in the database in clear.
func TestWhatIsProposedIsSealed(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t), duty.Rules{})
	r.board["papan"] = "sebelumnya"
	id := r.propose(t, ani, bandung, "papan", "sesudahnya")
	if _, err := r.Reject(t.Context(), budi, id, "alasannya"); err != nil {
		t.Fatal(err)
	}
	err := r.db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		stored, err := sqldb.One(t.Context(), tx, func(scan sqldb.Scan) (s string, err error) { return s, scan(&s) },
			`SELECT sealed_why || sealed_before || sealed_content || sealed_reason || failure || subject || action FROM duty_proposal`)
		for _, word := range []string{"perlu", "sebelum", "sesudah", "alasan"} {
			if strings.Contains(stored, word) {
				t.Errorf("%q stands in clear: %s", word, stored)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
