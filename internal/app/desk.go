package app

import (
	"cmp"
	"context"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
	"simpul/internal/portal"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/identity"
)

// desk answers the portal's questions about somebody who works with the hub.
type desk struct {
	hub   *Hub
	names *roster
}

// Worker names a person by their name, and a program's token by whom it acts
// for. What cannot be read is no reason to fail a page: an identifier stands in.
func (d desk) Worker(ctx context.Context, p simpul.Principal) portal.Worker {
	w := portal.Worker{Roles: d.roleNames(ctx, p)}
	if p.Agency != "" {
		w.Agency = d.names.today(ctx).name(p.Agency)
	}
	if p.Account == "" {
		w.Name = cmp.Or(w.Agency, strings.Join(w.Roles, ", "))
		w.Agency = ""
		return w
	}
	person, err := d.hub.Identity.Person(ctx, p.Account)
	if err != nil {
		d.hub.log.ErrorContext(ctx, "name of a person cannot be read", "error", err)
	}
	w.Name = cmp.Or(person.Name, p.Account.Name())
	return w
}

func (d desk) roleNames(ctx context.Context, p simpul.Principal) []string {
	specs, _, err := d.hub.Identity.RoleSpecs(ctx)
	if err != nil {
		d.hub.log.ErrorContext(ctx, "names of roles cannot be read", "error", err)
	}
	names := make([]string, len(p.Roles))
	for i, role := range p.Roles {
		names[i] = cmp.Or(specs[role].Title.In(web.Language(ctx)), string(role))
	}
	return names
}

// Tasks are the messages in the inbox on which somebody still has to act.
func (d desk) Tasks(ctx context.Context, p simpul.Principal) ([]portal.Task, error) {
	waiting, err := d.hub.Notices.Waiting(ctx, p.Account)
	l, tasks := web.Language(ctx), make([]portal.Task, len(waiting))
	for i, e := range waiting {
		tasks[i] = portal.Task{Title: e.Title.In(l), Text: e.Body.In(l), Href: e.Link, Due: e.Due}
	}
	return tasks, err
}

func (d desk) Traffic(ctx context.Context, scope simpul.Scope, since time.Time) (portal.Figures, error) {
	totals, err := d.hub.Exchanges.Totals(ctx, scope, since)
	return portal.Figures{Exchanges: totals.Sealed, Delivered: totals.Delivered, Median: totals.Median}, err
}

// Beginnings leads from an empty desk to the first exchange.
func (d desk) Beginnings(ctx context.Context, p simpul.Principal) ([]portal.Beginning, error) {
	var all []portal.Beginning
	switch {
	case p.National && p.Account == "" && p.Can(simpul.WriteAccounts):
		return append(all, inviteSomebody()), nil
	case p.National:
		return all, nil
	}
	if p.Can(simpul.WriteLIDs) {
		own, err := d.hub.LIDs.Owned(ctx, p, catalog.Selection{Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(own) == 0 {
			all = append(all, publishSomething())
		}
	}
	if !p.Can(simpul.WriteApplications) {
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

// publishSomething is the first step of an agency that has data for others.
func publishSomething() portal.Beginning {
	return portal.Beginning{
		Title: simpul.Text{ID: "Terbitkan LID pertama instansi Anda", EN: "Publish your agency's first LID"},
		Text:  simpul.Text{ID: "Dari berkas OpenAPI layanan Anda, langkah demi langkah. Datanya tetap di tempat Anda.", EN: "From your service's OpenAPI file, step by step. The data stays where it is."},
		Label: simpul.Text{ID: "Mulai", EN: "Begin"},
		Href:  catalog.WorkPath,
	}
}

// inviteSomebody is the first step of a hub that only its token knows.
func inviteSomebody() portal.Beginning {
	return portal.Beginning{
		Title: simpul.Text{ID: "Undang admin sebuah instansi", EN: "Invite an agency's administrator"},
		Text: simpul.Text{
			ID: "Token ini hanya untuk memulai. Undang orang dengan akunnya sendiri; mereka masuk dengan passkey dan mengundang rekannya.",
			EN: "This token is only for the beginning. Invite people with accounts of their own; they sign in with a passkey and invite their colleagues."},
		Label: simpul.Text{ID: "Undang pengguna", EN: "Invite somebody"},
		Href:  identity.InvitePath,
	}
}
