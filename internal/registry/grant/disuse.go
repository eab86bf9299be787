package grant

import (
	"context"
	"errors"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Uses is what this room needs of the evidence.
type Uses interface {
	// LastUse returns when the last exchange under a grant began; zero for never.
	LastUse(ctx context.Context, id simpul.GrantID) (time.Time, error)
}

// disuse is after how long without an exchange a grant counts as unused.
const disuse = 90 * 24 * time.Hour

// WarnOfDisuse tells both parties of grants in effect that nobody has used for
// ninety days, once for each time that they fell out of use.
func (a *Access) WarnOfDisuse(ctx context.Context, uses Uses) error {
	now := a.now()
	var rows []row
	err := a.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		rows, err = restingSince(ctx, tx, now.Add(-disuse), now)
		return err
	})
	if err != nil {
		return err
	}
	var notices []simpul.Notice
	for _, r := range rows {
		last, err := uses.LastUse(ctx, simpul.GrantID(r.ID))
		if err != nil {
			return err
		}
		if now.Sub(last) >= disuse {
			notices = append(notices, unused(r, last)...)
		}
	}
	if len(notices) == 0 {
		return nil
	}
	return a.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		for _, n := range notices {
			err = errors.Join(err, a.notifier.Notify(ctx, tx, n))
		}
		return err
	})
}

// unused tells the provider, who may suspend the grant, and its holder.
func unused(r row, last time.Time) []simpul.Notice {
	since := max(last.UnixMilli(), r.Times.UpdatedAt.UnixMilli())
	lid, application := string(r.Spec.LID), string(r.Spec.Application)
	n := simpul.Notice{
		Topic: "grant.unused", Link: ListPath,
		Title: simpul.Text{ID: "Izin ke " + lid + " tidak dipakai 90 hari", EN: "The grant for " + lid + " was not used for 90 days"},
	}
	if r.Request != "" {
		n.Link = RequestPath(r.Request)
	}
	provider, consumer := n, n
	provider.Key, provider.Agency, provider.Holding = fmt.Sprintf("grant.unused/%s/%d/provider", r.ID, since), r.Provider, simpul.WriteGrants
	provider.Body = simpul.Text{
		ID: "Aplikasi " + application + " tidak memanggil. Bekukan izin " + r.ID + " bila tidak diperlukan lagi.",
		EN: "Application " + application + " does not call. Suspend grant " + r.ID + " if it is not needed any more."}
	consumer.Key, consumer.Agency, consumer.Holding = fmt.Sprintf("grant.unused/%s/%d/consumer", r.ID, since), r.Spec.Application.Agency(), simpul.WriteApplications
	consumer.Body = simpul.Text{
		ID: "Aplikasi " + application + " tidak memanggil. Penyedia dapat membekukan izin yang tidak dipakai; beri tahu mereka bila masih diperlukan.",
		EN: "Application " + application + " does not call. The provider may suspend a grant that is not used; tell them if it is still needed."}
	return []simpul.Notice{provider, consumer}
}
