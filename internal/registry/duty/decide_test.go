package duty_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/duty"
)

func TestApprovalCarriesOutWhatWasProposed(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db, duty.Rules{}), t.Context()
		r.board["papan"] = "lama"
		id := r.propose(t, ani, bandung, "papan", "baru")
		p, err := r.Get(ctx, budi, id)
		if err != nil || p.State != duty.Open || p.Why != "karena perlu" || string(p.Content) != `"baru"` || string(p.Before) != `"lama"` || !p.LapsesAt.Equal(monday.Add(duty.Life)) {
			t.Fatalf("%+v, %v", p, err)
		}
		changes, err := r.Changes(p)
		if err != nil || len(changes) != 1 || changes[0].Before != "lama" || changes[0].After != "baru" || !changes[0].Changed() {
			t.Errorf("%+v, %v", changes, err)
		}
		if r.board["papan"] != "lama" {
			t.Error("took effect before the decision")
		}
		done, err := r.Approve(ctx, budi, id, " sudah diperiksa ")
		if err != nil || done.State != duty.Approved || done.Decider.ID != budi.ID || done.Reason != "sudah diperiksa" {
			t.Fatalf("%+v, %v", done, err)
		}
		if r.board["papan"] != "baru" || r.state(t, id) != duty.Approved {
			t.Errorf("board %q, %s", r.board["papan"], r.state(t, id))
		}
		if got := r.events(t); !slices.Equal(got, []string{"proposal.make", "board.write", "proposal.approve"}) {
			t.Errorf("trail %q", got)
		}
		if len(r.notices) != 2 || r.notices[0].Topic != "proposal.waiting" || r.notices[0].Holding != simpul.DecideProposals || !r.notices[0].Due.Equal(p.LapsesAt) ||
			r.notices[1].Topic != "proposal.decided" || !slices.Equal(r.notices[1].Accounts, []simpul.AccountID{ani.Account}) {
			t.Errorf("notices %+v", r.notices)
		}
		if r.notices[0].Except != ani.Account || !slices.Equal(r.settled, []string{r.notices[0].Key}) {
			t.Errorf("not to %q, settled %q", r.notices[0].Except, r.settled)
		}
	})
}

func TestWhoMayBeTheSecondPerson(t *testing.T) {
	secondDevice := ani
	secondDevice.ID = "t-phone" // a token of the same person
	plain := person("evi@bandungkota.go.id", simpul.RoleConsumer)
	decider := person("fani@bandungkota.go.id", simpul.RoleConsumer)
	decider.Permissions = append(slices.Clone(decider.Permissions), simpul.DecideProposals) // but not that of the action
	for _, c := range []struct {
		name     string
		proposer simpul.Principal
		decider  simpul.Principal
		tokens   bool
		code     simpul.Code // empty: may
	}{
		{"a colleague", ani, budi, false, ""},
		{"the operator", ani, operator, false, ""},
		{"oneself", ani, ani, false, simpul.CodeDenied},
		{"oneself by a token of one's own", ani, secondDevice, false, simpul.CodeDenied},
		{"oneself by a token, where tokens may", ani, secondDevice, true, simpul.CodeDenied},
		{"who proposed by a token of their own", secondDevice, ani, false, simpul.CodeDenied},
		{"a person, for a program", robot, ani, false, ""},
		{"a program, for a person", ani, robot, false, simpul.CodeDenied},
		{"a program, for another program", robot, machine, false, simpul.CodeDenied},
		{"a program, where tokens may", robot, machine, true, ""},
		{"the same program, where tokens may", robot, robot, true, simpul.CodeDenied},
		{"without the permission to decide", ani, plain, false, simpul.CodeDenied},
		{"without the permission of the action", ani, decider, false, simpul.CodeDenied},
		{"another tenant", ani, cici, false, simpul.CodeNotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			for verdict, decide := range map[duty.State]func(*room, context.Context, simpul.Principal, string, string) (duty.Proposal, error){
				duty.Approved: func(r *room, ctx context.Context, p simpul.Principal, id, why string) (duty.Proposal, error) {
					return r.Approve(ctx, p, id, why)
				},
				duty.Rejected: func(r *room, ctx context.Context, p simpul.Principal, id, why string) (duty.Proposal, error) {
					return r.Reject(ctx, p, id, why)
				},
			} {
				r := newRoom(t, testkit.SQLite(t), duty.Rules{Tokens: c.tokens})
				id := r.propose(t, c.proposer, bandung, "papan", "baru")
				_, err := decide(r, t.Context(), c.decider, id, "ya")
				if c.code == "" {
					if err != nil || r.state(t, id) != verdict {
						t.Errorf("%s: %v, %s", verdict, err, r.state(t, id))
					}
					continue
				}
				checkCode(t, err, c.code)
				if r.state(t, id) != duty.Open || r.done != 0 {
					t.Errorf("%s: %s, carried out %d times", verdict, r.state(t, id), r.done)
				}
				if noted := slices.Contains(r.events(t), "proposal.decide denied"); noted != (c.code == simpul.CodeDenied) {
					t.Errorf("%s: trail %q", verdict, r.events(t))
				}
			}
		})
	}
}

func TestOfTwoDecisionsAtOnceOneCounts(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db, duty.Rules{})
		id := r.propose(t, ani, bandung, "papan", "baru")
		deciders := []simpul.Principal{budi, operator, person("gita@bandungkota.go.id", simpul.RoleAdmin), person("hadi@bandungkota.go.id", simpul.RoleProvider)}
		errs := make([]error, len(deciders))
		var all sync.WaitGroup
		for i, p := range deciders {
			all.Go(func() { _, errs[i] = r.Approve(t.Context(), p, id, "ya") })
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
				continue
			}
			checkCode(t, err, simpul.CodeConflict)
		}
		if won != 1 || r.done != 1 {
			t.Errorf("%d won, carried out %d times: %v", won, r.done, errs)
		}
	})
}

func TestAFailedExecutionLeavesTheProposalOpen(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db, duty.Rules{}), t.Context()
		id := r.propose(t, ani, bandung, "papan", "baru")
		r.failing = &simpul.Error{Code: simpul.CodeConflict, Message: simpul.Text{ID: "Papan terkunci.", EN: "The board is locked."}, Remedy: simpul.Text{ID: "Buka.", EN: "Unlock it."}}
		_, err := r.Approve(ctx, budi, id, "ya")
		checkCode(t, err, simpul.CodeConflict)
		p, err := r.Get(ctx, budi, id)
		if err != nil || p.State != duty.Open || p.Failure.EN != "The board is locked. Unlock it." || p.Decider.ID != "" {
			t.Errorf("%+v, %v", p, err)
		}
		if got := r.events(t); !slices.Equal(got, []string{"proposal.make", "proposal.decide conflict"}) {
			t.Errorf("trail %q", got)
		}
		r.failing = errors.New("disk of /secret/place is full")
		if _, err = r.Approve(ctx, budi, id, "ya"); simpul.CodeOf(err) != simpul.CodeInternal {
			t.Errorf("got %v", err)
		}
		if p, _ = r.Get(ctx, budi, id); p.Failure.ID == "" || strings.Contains(p.Failure.ID+p.Failure.EN, "secret") {
			t.Errorf("failure %+v", p.Failure)
		}
		r.failing = nil
		if p, err = r.Approve(ctx, budi, id, "ya"); err != nil || r.board["papan"] != "baru" {
			t.Errorf("%v, %q", err, r.board["papan"])
		}
		if p, _ = r.Get(ctx, budi, id); p.Failure != (simpul.Text{}) {
			t.Errorf("failure stays: %+v", p.Failure)
		}
	})
}

func TestAnOutdatedProposalIsNotCarriedOut(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db, duty.Rules{}), t.Context()
		id := r.propose(t, ani, bandung, "papan", "baru")
		r.board["papan"] = "berubah"
		_, err := r.Approve(ctx, budi, id, "ya")
		checkCode(t, err, simpul.CodeConflict)
		if r.board["papan"] != "berubah" || r.state(t, id) != duty.Open {
			t.Errorf("board %q, %s", r.board["papan"], r.state(t, id))
		}
		if _, err := r.Reject(ctx, budi, id, "usang"); err != nil {
			t.Errorf("an outdated one can still be rejected: %v", err)
		}
	})
}

func TestAProposalLapses(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db, duty.Rules{}), t.Context()
		id := r.propose(t, ani, bandung, "papan", "baru")
		r.now = monday.Add(duty.Life - time.Millisecond)
		if err := r.Lapse(ctx); err != nil || r.state(t, id) != duty.Open {
			t.Fatalf("%v, %s a moment before", err, r.state(t, id))
		}
		r.now = monday.Add(duty.Life)
		_, err := r.Approve(ctx, budi, id, "ya") // nobody has swept yet
		checkCode(t, err, simpul.CodeConflict)
		if open, err := r.List(ctx, budi, duty.Filter{State: duty.Open}, everyone); err != nil || len(open) != 0 {
			t.Errorf("open: %v, %v", open, err)
		}
		if lapsed, err := r.List(ctx, budi, duty.Filter{State: duty.Lapsed}, everyone); err != nil || len(lapsed) != 1 {
			t.Errorf("lapsed: %v, %v", lapsed, err)
		}
		for range 2 {
			if err := r.Lapse(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if got := r.events(t); !slices.Equal(got, []string{"proposal.make", "proposal.lapse"}) {
			t.Errorf("trail %q", got)
		}
		if len(r.notices) != 2 {
			t.Errorf("notices %+v", r.notices)
		}
		if again := r.propose(t, ani, bandung, "papan", "baru"); again == id {
			t.Error("a lapsed proposal was taken for one that waits")
		}
	})
}

func TestWithdrawing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db, duty.Rules{}), t.Context()
		id := r.propose(t, ani, bandung, "papan", "baru")
		_, err := r.Withdraw(ctx, budi, id)
		checkCode(t, err, simpul.CodeDenied)
		_, err = r.Withdraw(ctx, cici, id)
		checkCode(t, err, simpul.CodeNotFound)
		if _, err := r.Withdraw(ctx, ani, id); err != nil || r.state(t, id) != duty.Withdrawn {
			t.Errorf("%v, %s", err, r.state(t, id))
		}
		_, err = r.Approve(ctx, budi, id, "ya")
		checkCode(t, err, simpul.CodeConflict)
		_, err = r.Withdraw(ctx, ani, id)
		checkCode(t, err, simpul.CodeConflict)
	})
}

func TestADecisionNeedsWords(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t), duty.Rules{})
	id := r.propose(t, ani, bandung, "papan", "baru")
	for _, reason := range []string{"", "  ", "a\x00b", strings.Repeat("a", 1001), "\xff"} {
		_, err := r.Approve(t.Context(), budi, id, reason)
		checkCode(t, err, simpul.CodeInvalid)
	}
}
