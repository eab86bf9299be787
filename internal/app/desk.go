package app

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
	"simpul/internal/portal"
)

// desk answers the portal's questions about somebody who works with the hub.
type desk struct {
	hub   *Hub
	names *roster
}

func (d desk) Worker(ctx context.Context, p simpul.Principal) portal.Worker {
	w := portal.Worker{Name: accountName(ctx, d.names, p), Roles: roleNames(ctx, p)}
	if p.Agency != "" && w.Name != d.names.today(ctx).name(p.Agency) {
		w.Agency = d.names.today(ctx).name(p.Agency)
	}
	return w
}

func roleNames(ctx context.Context, p simpul.Principal) []string {
	standard := simpul.StandardRoles()
	names := make([]string, len(p.Roles))
	for i, role := range p.Roles {
		names[i] = standard[role].Title.In(web.Language(ctx))
	}
	return names
}

func (d desk) Tasks(ctx context.Context, p simpul.Principal) ([]portal.Task, error) {
	return d.hub.onboardingTasks(ctx, p)
}

func (d desk) Traffic(ctx context.Context, scope simpul.Scope, since time.Time) (portal.Figures, error) {
	totals, err := d.hub.Exchanges.Totals(ctx, scope, since)
	return portal.Figures{Exchanges: totals.Sealed, Delivered: totals.Delivered, Median: totals.Median}, err
}

// Beginnings leads from an empty desk to the first exchange.
func (d desk) Beginnings(ctx context.Context, p simpul.Principal) ([]portal.Beginning, error) {
	var all []portal.Beginning
	if p.National || !p.Can(simpul.WriteApplications) {
		return all, nil
	}
	applications, err := d.hub.Applications.List(ctx, p, httpapi.Page{Limit: 1})
	if err == nil && len(applications) == 0 {
		all = append(all, portal.Beginning{
			Title: simpul.Text{ID: "Daftarkan aplikasi pertama Anda", EN: "Register your first application"},
			Text:  simpul.Text{ID: "Aplikasi mendapat satu kunci yang berlaku untuk semua LID yang diizinkan baginya.", EN: "An application gets one key, good for every LID that is granted to it."},
			Label: simpul.Text{ID: "Daftarkan aplikasi", EN: "Register an application"},
			Href:  "/aplikasi/baru",
		})
	}
	return all, err
}
