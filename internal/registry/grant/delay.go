package grant

import (
	"context"
	"errors"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Delay is of what people are told that it is late.
type Delay int

const (
	InTime     Delay = iota
	NotOpened        // nobody of the provider has looked at the request
	NotDecided       // nobody has decided on it
)

// waitFrom makes a request wait for its provider.
func (r *Request) waitFrom(now time.Time, d Deadlines) {
	r.SubmittedAt, r.UpdatedAt = now, now
	r.OpenDue, r.Due = d.Due(StepRequested, now), d.Due(StepDeciding, now)
	r.OpenedAt, r.OpenedBy, r.DelayTold = time.Time{}, "", InTime
}

// delay is what is late of a request now.
func (r Request) delay(now time.Time) Delay {
	switch {
	case r.State != Submitted:
		return InTime
	case now.After(r.Due):
		return NotDecided
	case r.OpenedAt.IsZero() && !r.OpenDue.IsZero() && now.After(r.OpenDue):
		return NotOpened
	}
	return InTime
}

// Open returns a request as Get does, and notes the first time that somebody
// opens it who may decide on it for the provider: so the requester sees that it
// has arrived. An operator's look does not count.
func (a *Access) Open(ctx context.Context, p simpul.Principal, id string) (Case, error) {
	c, err := a.Get(ctx, p, id)
	if err != nil || c.State != Submitted || !c.OpenedAt.IsZero() || p.National || mayDecide(p, c) != nil {
		return c, err
	}
	err = a.change(ctx, p, p.Scope(), id, func(tx *sqldb.Tx, now *Case) error {
		c = *now
		if now.State != Submitted || !now.OpenedAt.IsZero() {
			return nil
		}
		c.opened(p, a.now())
		if err := saveRequest(ctx, tx, c.Request); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, c.Provider, "request.open", id))
	})
	return c, err
}

// opened notes who looked at a request first.
func (r *Request) opened(p simpul.Principal, now time.Time) {
	if r.OpenedAt.IsZero() {
		r.OpenedAt, r.OpenedBy = now, p.ID
	}
}

// Escalate tells people of requests that are late, of each delay once: the
// provider's administrators of one that nobody opened, both parties and the
// national operator of one that nobody decided on.
func (a *Access) Escalate(ctx context.Context) error {
	now := a.now()
	return a.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		late, err := delayed(ctx, tx, now)
		for _, r := range late {
			err = errors.Join(err, a.escalate(ctx, tx, r.ID, now))
		}
		return err
	})
}

func (a *Access) escalate(ctx context.Context, tx *sqldb.Tx, id string, now time.Time) error {
	if err := holdRequest(ctx, tx, id); err != nil {
		return err
	}
	c, err := a.find(ctx, tx, id)
	if err != nil {
		return err
	}
	late := c.delay(now)
	if late <= c.DelayTold {
		return nil // somebody acted meanwhile
	}
	c.DelayTold = late
	if err := saveRequest(ctx, tx, c.Request); err != nil {
		return err
	}
	for _, n := range overdue(c, late) {
		err = errors.Join(err, a.notifier.Notify(ctx, tx, n))
	}
	return errors.Join(err, trail.Append(ctx, tx, trail.Event{
		Agency: c.Provider, Actor: trail.Hub, Action: "request.escalate", Subject: id, Detail: late.String()}))
}

// String is the delay as the trail and the API name it.
func (d Delay) String() string {
	return [...]string{"in time", "not opened", "not decided"}[min(max(d, InTime), NotDecided)]
}

// overdue tells of a delay.
func overdue(c Case, late Delay) []simpul.Notice {
	lid, consumer, provider := string(c.LID), string(c.Consumer()), string(c.Provider)
	n := simpul.Notice{
		Topic: "grant.late", Link: RequestPath(c.ID), Urgent: true, Due: c.Due,
		Title: simpul.Text{ID: "Terlambat: permohonan akses ke " + lid, EN: "Late: the request for access to " + lid},
	}
	to := func(whom string, agency simpul.AgencyID, holding simpul.Permission, body simpul.Text) simpul.Notice {
		one := n
		one.Key = fmt.Sprintf("grant.late/%s/%d/%s", versionRow(c.ID, c.Version), late, whom)
		one.Agency, one.Holding, one.Body = agency, holding, body
		return one
	}
	if late == NotOpened {
		return []simpul.Notice{to("admin", c.Provider, simpul.WriteAgencies, simpul.Text{
			ID: "Permohonan " + consumer + " belum dibuka siapa pun di instansi Anda. Pastikan ada yang menanganinya: buka permohonannya, atau minta rekan yang berwenang.",
			EN: "Nobody in your agency has opened the request of " + consumer + ". Make sure that somebody looks after it: open it, or ask a colleague who may decide."})}
	}
	day := dayOf(c.Due)
	asker := to("consumer", c.Consumer(), simpul.WriteApplications, simpul.Text{
		ID: provider + " belum memutuskan sampai tenggatnya, " + day.ID + ". Operator nasional sudah diberi tahu. Anda dapat menghubungi penyedia, atau menarik permohonan.",
		EN: provider + " has not decided by the due date, " + day.EN + ". The national operator was told. You may contact the provider, or withdraw the request."})
	if account := c.Latest().AuthorAccount; account != "" {
		asker.Accounts, asker.Agency, asker.Holding = []simpul.AccountID{account}, "", ""
	}
	return []simpul.Notice{
		to("provider", c.Provider, simpul.WriteGrants, simpul.Text{
			ID: "Permohonan " + consumer + " belum diputuskan sampai tenggatnya, " + day.ID + ". Putuskan hari ini, atau kembalikan dengan alasan.",
			EN: "The request of " + consumer + " was not decided by the due date, " + day.EN + ". Decide today, or return it with a reason."}),
		asker,
		to("operator", "", simpul.ApproveAgencies, simpul.Text{
			ID: provider + " belum memutuskan permohonan " + consumer + " sampai tenggatnya, " + day.ID + ". Hubungi penyedianya.",
			EN: provider + " has not decided on the request of " + consumer + " by the due date, " + day.EN + ". Contact the provider."}),
	}
}
