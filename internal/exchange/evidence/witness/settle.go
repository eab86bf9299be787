package witness

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// begin reads where witnesses stood when the process stopped, so that a dispute
// and a silence last over a restart and nobody is told twice.
func (g *Gatherer) begin(ctx context.Context) error {
	var watches []*watch
	err := g.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err := standings(ctx, tx)
		if err != nil {
			return err
		}
		for _, p := range g.peers() {
			w := &watch{Peer: p, next: make(chan round, 1), standing: Standing{Origin: g.log.Origin(), Witness: p.Key.String(), State: Waiting}}
			if i := slices.IndexFunc(all, w.standing.ofSame); i >= 0 {
				w.standing = all[i]
			}
			if w.newest, err = newestOf(ctx, tx, w.standing.Origin, w.standing.Witness); err != nil {
				return err
			}
			watches = append(watches, w)
		}
		return nil
	})
	g.mu.Lock()
	defer g.mu.Unlock()
	g.watches = watches
	return err
}

// settle stores what a visit came to, in one transaction with the alarm.
func (g *Gatherer) settle(ctx context.Context, w *watch, next Standing, o outcome) error {
	begins := next.State.Disputes() && next.State != w.standing.State
	return g.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := putStanding(ctx, tx, next); err != nil {
			return err
		}
		if o.sealed != nil {
			if err := putSealed(ctx, tx, *o.sealed); err != nil {
				return err
			}
			return prune(ctx, tx, o.sealed.Origin, o.sealed.Witness)
		}
		if !begins {
			return nil
		}
		e := trail.By(simpul.TheHub(), "", "witness.dispute", w.Name)
		e.At, e.Detail = next.Since, fmt.Sprintf("%s: %s (%s), %d", next.Origin, next.State, next.Reason, next.Claimed)
		if err := trail.Append(ctx, tx, e); err != nil {
			return err
		}
		return g.notices.Notify(ctx, tx, disputing(w.Peer, next))
	})
}

// silence remembers of which silence people were told: that since a time.
type silence struct{ since atomic.Int64 }

// hush tells people once when no witness has cosigned for long.
func (g *Gatherer) hush(ctx context.Context) {
	if len(g.all()) == 0 || g.log.Size() == 0 {
		return
	}
	since := g.quietSince()
	if g.now().Sub(since) < FreshFor || g.told.since.Load() == since.UnixMilli() {
		return
	}
	err := g.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return g.notices.Notify(ctx, tx, unwitnessed(g.log.Origin(), since))
	})
	if err != nil {
		g.fail(ctx, "nobody could be told that witnesses are silent", err)
		return
	}
	g.told.since.Store(since.UnixMilli())
}

// quietSince is when a witness cosigned last, or when the first was asked where
// none ever did.
func (g *Gatherer) quietSince() (since time.Time) {
	asked := g.now()
	for _, w := range g.all() {
		w.mu.Lock()
		s := w.standing
		w.mu.Unlock()
		if s.CosignedAt.After(since) {
			since = s.CosignedAt
		}
		if !s.Since.IsZero() && s.Since.Before(asked) {
			asked = s.Since
		}
	}
	if since.IsZero() {
		return asked
	}
	return since
}

// disputing is the alarm of a witness that has seen what cannot be.
func disputing(p Peer, s Standing) simpul.Notice {
	return simpul.Notice{
		Topic: "witness.disputed", Key: fmt.Sprintf("witness.disputed/%s/%s/%d", s.Origin, s.Witness, s.Since.UnixMilli()),
		Holding: simpul.EnrolHubs, Link: PagePath, Urgent: true,
		Title: simpul.Text{ID: "Saksi berselisih: " + p.Name, EN: "A witness disputes: " + p.Name},
		Body:  disputeText(p.Name, s),
	}
}

// unwitnessed is the alarm of a log for which nobody vouches.
func unwitnessed(origin string, since time.Time) simpul.Notice {
	at := since.In(jakarta).Format("2006-01-02 15:04")
	return simpul.Notice{
		Topic: "witness.silent", Key: fmt.Sprintf("witness.silent/%s/%d", origin, since.UnixMilli()),
		Holding: simpul.EnrolHubs, Link: PagePath, Urgent: true,
		Title: simpul.Text{ID: "Menunggu saksi: bukti baru belum ditandatangani saksi", EN: "Awaiting witness: no witness cosigns new evidence"},
		Body: simpul.Text{
			ID: "Sejak " + at + " WIB tidak ada saksi yang menandatangani log bukti " + origin + ". Pertukaran tetap berjalan dan tetap tercatat. Halaman saksi menunjukkan mengapa tiap saksi diam; hubungi penyelenggaranya.",
			EN: "Since " + at + " WIB no witness has cosigned the evidence log " + origin + ". Exchanges go on and are recorded. The page of witnesses shows why each is silent; talk to those who run them."},
	}
}

// jakarta is the zone in which times are written to people.
var jakarta = time.FixedZone("WIB", 7*60*60)
