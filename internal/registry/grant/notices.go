package grant

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// said joins sentences, since a notice is read away from its page.
func said(all []simpul.Text) simpul.Text {
	var id, en []string
	for _, t := range all {
		id, en = append(id, t.ID), append(en, t.EN)
	}
	return simpul.Text{ID: strings.Join(id, " "), EN: strings.Join(en, " ")}
}

// waiting tells the provider of a request.
func waiting(c Case) simpul.Notice {
	return simpul.Notice{
		Topic: "grant.requested", Key: "grant.requested/" + versionRow(c.ID, c.Version), Agency: c.Provider, Holding: simpul.WriteGrants,
		Title: simpul.Text{ID: string(c.Consumer()) + " meminta akses ke " + string(c.LID), EN: string(c.Consumer()) + " asks for access to " + string(c.LID)},
		Body:  said(c.Latest().Ask.Sentences()), Link: RequestPath(c.ID), Due: c.Due,
	}
}

// decided tells who asked what became of it. A program has no inbox, so that the
// people who look after its agency's applications are told instead.
func decided(c Case) simpul.Notice {
	v, lid := c.Latest(), string(c.LID)
	n := simpul.Notice{Topic: "grant.decided", Key: "grant.decided/" + versionRow(c.ID, c.Version) + "/" + string(c.State), Link: RequestPath(c.ID)}
	switch c.State {
	case Approved:
		n.Title = simpul.Text{ID: "Akses ke " + lid + " disetujui", EN: "Access to " + lid + " is approved"}
		n.Body = said(v.Given.Sentences())
	case Returned:
		n.Title = simpul.Text{ID: "Permohonan akses ke " + lid + " perlu diperbaiki", EN: "The request for access to " + lid + " has to be mended"}
		n.Body = simpul.Text{ID: v.Reason, EN: v.Reason}
	case Lapsed:
		n.Title = simpul.Text{ID: "Permohonan akses ke " + lid + " gugur", EN: "The request for access to " + lid + " has lapsed"}
		n.Body = simpul.Text{ID: "Tidak ada yang bertindak sampai sebulan sesudah tenggatnya. Ajukan lagi bila masih diperlukan.", EN: "Nobody acted until a month after it was due. Ask again if it is still needed."}
	default:
		n.Title = simpul.Text{ID: "Akses ke " + lid + " ditolak", EN: "Access to " + lid + " is refused"}
		n.Body = simpul.Text{ID: v.Reason, EN: v.Reason}
	}
	if v.AuthorAccount != "" {
		n.Accounts = []simpul.AccountID{v.AuthorAccount}
		return n
	}
	n.Agency, n.Holding = c.Consumer(), simpul.WriteApplications
	return n
}

// warnings are how many days before its end a holder hears of it.
var warnings = [...]int{1, 7, 30}

// WarnOfExpiry tells the holders of grants that end soon, thirty days, seven
// days and one day before, each once.
func (a *Access) WarnOfExpiry(ctx context.Context) error {
	now := a.now()
	return a.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		rows, err := expiring(ctx, tx, now, now.AddDate(0, 0, warnings[len(warnings)-1]))
		for _, r := range rows {
			err = errors.Join(err, a.notifier.Notify(ctx, tx, endingSoon(r, now)))
		}
		return err
	})
}

// endingSoon tells of a grant that ends in the next thirty days.
func endingSoon(r row, now time.Time) simpul.Notice {
	left := warnings[len(warnings)-1]
	for _, days := range warnings {
		if !r.Spec.Until.After(now.AddDate(0, 0, days)) {
			left = days
			break
		}
	}
	day := dayOf(r.Spec.Until.Add(-time.Millisecond))
	return simpul.Notice{
		Topic: "grant.expiring", Key: fmt.Sprintf("grant.expiring/%s/%d/%d", r.ID, r.Spec.Until.UnixMilli(), left),
		Agency: r.Spec.Application.Agency(), Holding: simpul.WriteApplications,
		Title: simpul.Text{ID: "Akses ke " + string(r.Spec.LID) + " berakhir " + day.ID, EN: "Access to " + string(r.Spec.LID) + " ends on " + day.EN},
		Body: simpul.Text{
			ID: "Sesudah hari itu panggilan " + string(r.Spec.Application) + " ditolak. Ajukan perpanjangan bila masih diperlukan.",
			EN: "After that day, calls of " + string(r.Spec.Application) + " are refused. Ask for a renewal if it is still needed."},
		Link: NewPath + "?lid=" + string(r.Spec.LID) + "&aplikasi=" + string(r.Spec.Application), Due: *r.Spec.Until, Urgent: left == 1,
	}
}
