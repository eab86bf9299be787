package notice

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/mail"
	"simpul/internal/platform/sqldb"
)

// People knows where people get their mail.
type People interface {
	// Address returns the address, name and language of an active account, or a
	// not-found error.
	Address(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID) (email, name string, language simpul.Language, err error)
}

// Sender sends one message; its errors say by their code whether to try again,
// as those of mail.Sender do.
type Sender interface {
	Send(ctx context.Context, m mail.Message) error
}

// States of a letter in the outbox.
const (
	stateQueued   = "queued"
	stateSending  = "sending"
	stateGathered = "gathered" // waits for the digest
	stateSent     = "sent"
	stateDropped  = "dropped" // nobody needs it any more
	stateDead     = "dead"
)

const (
	lookEvery   = time.Second      // for letters whose time has come
	restAfter   = 30 * time.Second // when the relay serves nobody
	lease       = 10 * time.Minute // longer than any conversation with the relay
	farewell    = 5 * time.Second  // for the letter under way when the hub stops
	keptLetters = 30 * 24 * time.Hour
	sweepEvery  = time.Hour
)

// Courier carries letters from the outbox to the relay. Any number may run on
// one database. Each letter is taken by one courier at a time; one whose courier
// was killed is taken again after the lease, and so may arrive twice with one
// Message-ID, and never not at all.
type Courier struct {
	service *Service
	people  People
	sender  Sender // nil: mail is not configured
	portal  string // URL of the screens; empty where this process does not know it
	now     clock.Clock
	log     *slog.Logger
}

// NewCourier returns a courier. Without a sender letters wait, say so, and are
// given up in their time.
func (s *Service) NewCourier(people People, sender Sender, portal string, log *slog.Logger) *Courier {
	return &Courier{s, people, sender, portal, s.now, log}
}

// Run carries until ctx ends. A letter under way gets a moment to arrive.
func (c *Courier) Run(ctx context.Context) {
	var swept time.Time
	for {
		if now := c.now(); now.Sub(swept) >= sweepEvery {
			c.report(ctx, c.sweep(ctx, now))
			swept = now
		}
		pause := lookEvery
		if err := c.Round(ctx); err != nil {
			c.report(ctx, err)
			pause = restAfter
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

func (c *Courier) report(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		c.log.ErrorContext(ctx, "mail does not go out", "error", err)
	}
}

// Round sends every letter whose time has come. It stops at a failure that the
// next letter would meet as well: the database, or a relay that serves nobody.
func (c *Courier) Round(ctx context.Context) error {
	for ctx.Err() == nil {
		p, err := c.claim(ctx)
		if errors.Is(err, sqldb.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("take a letter: %w", err)
		}
		if err := c.carry(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (c *Courier) claim(ctx context.Context) (p parcel, err error) {
	now := c.now()
	err = c.write(ctx, func(tx *sqldb.Tx) error {
		p, err = claimMail(ctx, tx, now, now.Add(lease))
		return err
	})
	return p, err
}

// carry brings one letter as far as it gets. What became of it is stored even
// when ctx ends meanwhile.
func (c *Courier) carry(ctx context.Context, p parcel) error {
	kept := context.WithoutCancel(ctx)
	m, verdict, err := c.compose(kept, p)
	if err != nil {
		return errors.Join(fmt.Errorf("write letter %s: %w", p.ID, err), c.again(kept, p, err))
	}
	if verdict != nil {
		return verdict(kept)
	}
	if c.sender == nil {
		return c.again(kept, p, NotConfigured())
	}
	err = c.send(ctx, m)
	switch simpul.CodeOf(err) {
	case "":
		return c.end(kept, p, stateSent, simpul.Text{})
	case simpul.CodeInvalid:
		return c.end(kept, p, stateDead, reasonOf(err))
	case simpul.CodeLimited:
		return c.again(kept, p, err)
	}
	return errors.Join(fmt.Errorf("relay: %s", mail.Summary(err)), c.again(kept, p, err))
}

// send gives the letter a moment more when the hub stops, so that it is not sent
// a second time after the start.
func (c *Courier) send(ctx context.Context, m mail.Message) error {
	whole, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		timer := time.AfterFunc(farewell, cancel)
		context.AfterFunc(whole, func() { timer.Stop() })
	})
	defer stop()
	return c.sender.Send(whole, m)
}

// again puts the letter back until its next attempt, or gives it up where its
// time would be over by then.
func (c *Courier) again(ctx context.Context, p parcel, cause error) error {
	next := c.now().Add(delay(p.Attempts))
	if next.After(p.ends) {
		return c.end(ctx, p, stateDead, reasonOf(cause))
	}
	return c.write(ctx, func(tx *sqldb.Tx) error {
		return postponeMail(ctx, tx, p, stateQueued, p.Attempts, next, reasonOf(cause))
	})
}

// end puts the letter away, and with a digest what it told of.
func (c *Courier) end(ctx context.Context, p parcel, state string, reason simpul.Text) error {
	return c.write(ctx, func(tx *sqldb.Tx) error {
		if err := endMail(ctx, tx, p, state, reason, c.now()); err != nil {
			return err
		}
		if p.Kind != copyOfDay {
			return nil
		}
		return endGathered(ctx, tx, p.Account, p.gatheredFor(), state, c.now())
	})
}

func (c *Courier) sweep(ctx context.Context, now time.Time) error {
	return c.write(ctx, func(tx *sqldb.Tx) error { return dropMailBefore(ctx, tx, now.Add(-keptLetters)) })
}

// write is the hub's own work, for every tenant.
func (c *Courier) write(ctx context.Context, fn func(*sqldb.Tx) error) error {
	return c.service.db.Write(ctx, simpul.NationScope(), fn)
}

// NotConfigured says that no letter goes, and how to change that.
func NotConfigured() error {
	return &simpul.Error{
		Code:    simpul.CodeUnavailable,
		Message: simpul.Text{ID: "Surel belum diatur di hub ini (mail.host).", EN: "Mail is not configured on this hub (mail.host)."},
		Remedy:  simpul.Text{ID: "Isi mail.host dan mail.from, lalu coba dengan simpul mail test.", EN: "Set mail.host and mail.from, then try with simpul mail test."},
	}
}

// reasonOf is what the outbox shows: words of ours, nothing that a relay wrote.
func reasonOf(err error) simpul.Text {
	if e, ok := errors.AsType[*simpul.Error](err); ok && e.Message != (simpul.Text{}) {
		return e.Message
	}
	return simpul.Text{ID: "Kesalahan di pihak hub; lihat lognya.", EN: "A fault of the hub; see its log."}
}
