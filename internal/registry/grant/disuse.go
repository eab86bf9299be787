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

// Uses is what this room needs of the evidence.
type Uses interface {
	// LastUse returns when the last exchange under a grant began; zero for never.
	LastUse(ctx context.Context, id simpul.GrantID) (time.Time, error)
}

// Disuse says when a grant that nobody uses is spoken of, and stopped.
type Disuse struct {
	Warn  int // days without an exchange after which both parties are told
	Grace int // days after that until the hub suspends it; 0: it never does
}

// DefaultDisuse is that of a hub that was told nothing.
func DefaultDisuse() Disuse { return Disuse{Warn: 90, Grace: 30} }

// disuseBatch is how many grants are looked at with one reading.
const disuseBatch = 500

// EndDisuse tells both parties of grants in effect that nobody has used for long,
// once for each time that they fell out of use, and suspends those that nobody
// has used since then either. A grant that its provider marked as rarely used is
// left alone.
func (a *Access) EndDisuse(ctx context.Context, uses Uses) error {
	if a.disuse.Warn <= 0 {
		return nil
	}
	for after := ""; ; {
		var rows []row
		now := a.now()
		err := a.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
			rows, err = restingSince(ctx, tx, now.AddDate(0, 0, -a.disuse.Warn), now, after, disuseBatch)
			return err
		})
		for _, r := range rows {
			err = errors.Join(err, a.rest(ctx, uses, r, now))
		}
		if err != nil || len(rows) < disuseBatch {
			return err
		}
		after = rows[len(rows)-1].ID
	}
}

// rest does what is due with one grant that nobody has changed for long.
func (a *Access) rest(ctx context.Context, uses Uses, r row, now time.Time) error {
	last, err := uses.LastUse(ctx, simpul.GrantID(r.ID))
	if err != nil {
		return err
	}
	told := r.UnusedAt != nil && r.UnusedAt.After(last)
	switch {
	case now.AddDate(0, 0, -a.disuse.Warn).Before(last):
		return nil
	case !told:
		return a.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return a.tellOfDisuse(ctx, tx, r, last, now) })
	case a.disuse.Grace > 0 && !now.Before(r.UnusedAt.AddDate(0, 0, a.disuse.Grace)):
		return a.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return a.suspendUnused(ctx, tx, r, now) })
	}
	return nil
}

func (a *Access) tellOfDisuse(ctx context.Context, tx *sqldb.Tx, r row, last, now time.Time) error {
	if err := markUnused(ctx, tx, r.ID, now); err != nil {
		return err
	}
	return a.notify(ctx, tx, a.disuse.unused(r, last))
}

func (a *Access) notify(ctx context.Context, tx *sqldb.Tx, all []simpul.Notice) (err error) {
	for _, n := range all {
		err = errors.Join(err, a.notifier.Notify(ctx, tx, n))
	}
	return err
}

// suspendUnused stops a grant, unless somebody has changed it meanwhile.
func (a *Access) suspendUnused(ctx context.Context, tx *sqldb.Tx, r row, now time.Time) error {
	if err := holdGrant(ctx, tx, r.ID); err != nil {
		return err
	}
	current, err := getGrant(ctx, tx, r.ID)
	switch found, err := sqldb.Exists(current, err); {
	case err != nil:
		return err
	case !found || !current.Times.UpdatedAt.Equal(r.Times.UpdatedAt):
		return nil
	}
	why := a.disuse.reason()
	if err := suspendGrant(ctx, tx, r.ID, suspension{simpul.TheHub().ID, why.ID}, now); err != nil {
		return err
	}
	e := trail.Event{Agency: r.Provider, Actor: trail.Hub, Action: "grant.suspend", Subject: r.ID, Detail: "unused"}
	return errors.Join(trail.Append(ctx, tx, e), a.notify(ctx, tx, stoppedUnused(r, why, now)))
}

// reason is why the hub suspends.
func (d Disuse) reason() simpul.Text {
	days := d.Warn + d.Grace
	return simpul.Text{ID: fmt.Sprintf("Tidak dipakai selama %d hari.", days), EN: fmt.Sprintf("It was not used for %d days.", days)}
}

// unusedForLong is why the hub suspended a grant, for whoever reads it later.
func unusedForLong() simpul.Text {
	return simpul.Text{ID: "Hub membekukannya karena lama tidak dipakai.", EN: "The hub suspended it, since it was not used for long."}
}

// toParties addresses a notice to the provider and to the holder of a grant.
func toParties(r row, n simpul.Notice, key string, forProvider, forHolder simpul.Text) []simpul.Notice {
	n.Link = GrantPath(r.ID)
	provider, consumer := n, n
	provider.Key, provider.Agency, provider.Holding, provider.Body = key+"/provider", r.Provider, simpul.WriteGrants, forProvider
	consumer.Key, consumer.Agency, consumer.Holding, consumer.Body = key+"/consumer", r.Spec.Application.Agency(), simpul.WriteApplications, forHolder
	return []simpul.Notice{provider, consumer}
}

// unused tells the provider, who may suspend the grant, and its holder.
func (d Disuse) unused(r row, last time.Time) []simpul.Notice {
	since := max(last.UnixMilli(), r.Times.UpdatedAt.UnixMilli())
	lid, application := string(r.Spec.LID), string(r.Spec.Application)
	n := simpul.Notice{Topic: "grant.unused", Title: simpul.Text{
		ID: fmt.Sprintf("Izin ke %s tidak dipakai %d hari", lid, d.Warn), EN: fmt.Sprintf("The grant for %s was not used for %d days", lid, d.Warn)}}
	provider := simpul.Text{
		ID: "Aplikasi " + application + " tidak memanggil. Bekukan izin " + r.ID + " bila tidak diperlukan lagi, atau tandai sebagai jarang dipakai (seldom) dengan alasannya.",
		EN: "Application " + application + " does not call. Suspend grant " + r.ID + " if it is not needed any more, or mark it as rarely used (seldom) with the reason."}
	holder := simpul.Text{
		ID: "Aplikasi " + application + " tidak memanggil. Bila masih diperlukan, panggil LID-nya atau beri tahu penyedia.",
		EN: "Application " + application + " does not call. If it is still needed, call the LID or tell the provider."}
	if d.Grace > 0 {
		more := simpul.Text{ID: fmt.Sprintf("Tanpa panggilan dalam %d hari, hub membekukannya.", d.Grace), EN: fmt.Sprintf("Without a call within %d days, the hub suspends it.", d.Grace)}
		provider, holder = said([]simpul.Text{provider, more}), said([]simpul.Text{holder, more})
	}
	return toParties(r, n, fmt.Sprintf("grant.unused/%s/%d", r.ID, since), provider, holder)
}

// stoppedUnused tells that the hub has suspended a grant.
func stoppedUnused(r row, why simpul.Text, now time.Time) []simpul.Notice {
	lid, application := string(r.Spec.LID), string(r.Spec.Application)
	n := simpul.Notice{Topic: "grant.changed", Urgent: true, Title: simpul.Text{ID: "Izin ke " + lid + " dibekukan hub", EN: "The hub suspended the grant for " + lid}}
	return toParties(r, n, fmt.Sprintf("grant.disused/%s/%d", r.ID, now.UnixMilli()),
		simpul.Text{
			ID: "Aplikasi " + application + ". " + why.ID + " Aktifkan kembali bila masih diperlukan; tandai sebagai jarang dipakai supaya tidak dibekukan lagi.",
			EN: "Application " + application + ". " + why.EN + " Resume it if it is still needed; mark it as rarely used so that it is not suspended again."},
		simpul.Text{
			ID: "Aplikasi " + application + ". " + why.ID + " Bila masih diperlukan, ajukan perpanjangan, atau minta penyedia mengaktifkannya.",
			EN: "Application " + application + ". " + why.EN + " If it is still needed, ask for a renewal, or ask the provider to resume it."})
}
