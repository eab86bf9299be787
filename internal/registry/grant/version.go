package grant

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// OfferedVersion is a major version of a LID that can be called beside the newest.
type OfferedVersion struct {
	Version string    // of the contract, "1.2"
	Sunset  time.Time // when it ends
}

// versions are the major versions that can be called at the time, newest first.
func (o Offer) versions(now time.Time) []string {
	all := []string{simpul.Major(o.Version)}
	for _, v := range o.Older {
		if now.Before(v.Sunset) {
			all = append(all, simpul.Major(v.Version))
		}
	}
	return all
}

// InEffect counts the grants under which other agencies can call a LID now.
func (a *Access) InEffect(ctx context.Context, tx *sqldb.Tx, lid simpul.Address) (int, error) {
	return countInEffect(ctx, tx, lid, a.now())
}

// Agencies lists those agencies.
func (a *Access) Agencies(ctx context.Context, tx *sqldb.Tx, lid simpul.Address) ([]simpul.AgencyID, error) {
	return agenciesInEffect(ctx, tx, lid, a.now())
}

// Pin holds the grants on a LID that follow its newest version, and have not
// ended, to a major version: suspended ones and those to come as well, since
// their holders build on it too. announce makes it known; rows are to change
// before.
func (a *Access) Pin(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, version string) (announce func() error, err error) {
	pinned, err := pinGrants(ctx, tx, lid, version, a.now())
	return func() error {
		for _, id := range pinned {
			if err := tx.Revise(ctx, revisionGrant, id); err != nil {
				return err
			}
		}
		return nil
	}, err
}

// Tell sends a notice to every agency with a grant on a LID that has not ended;
// where a major version is named, with one that builds on it. It says which
// applications are concerned, and leads to the grant where there is one.
func (a *Access) Tell(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, version string, n simpul.Notice) error {
	held, err := heldOn(ctx, tx, lid, version, a.now())
	if err != nil {
		return err
	}
	for len(held) > 0 {
		consumer := held[0].Application.Agency()
		end := slices.IndexFunc(held, func(h holding) bool { return h.Application.Agency() != consumer })
		if end < 0 {
			end = len(held)
		}
		if err := a.notifier.Notify(ctx, tx, addressed(n, held[:end])); err != nil {
			return err
		}
		held = held[end:]
	}
	return nil
}

// holding is a grant as its holder is told of it.
type holding struct {
	Application simpul.ApplicationID
	Request     string
}

// mostNamed is how many applications a notice names.
const mostNamed = 5

// addressed is a notice to the agency that holds these grants.
func addressed(n simpul.Notice, held []holding) simpul.Notice {
	n.Agency, n.Holding, n.Link = held[0].Application.Agency(), simpul.WriteApplications, ListPath
	if len(held) == 1 && held[0].Request != "" {
		n.Link = RequestPath(held[0].Request)
	}
	var names []string
	for _, h := range held[:min(len(held), mostNamed)] {
		names = append(names, string(h.Application))
	}
	list := strings.Join(names, ", ")
	more := simpul.Text{}
	if rest := len(held) - mostNamed; rest > 0 {
		more = simpul.Text{ID: fmt.Sprintf(" dan %d lagi", rest), EN: fmt.Sprintf(" and %d more", rest)}
	}
	n.Body = said([]simpul.Text{{ID: "Aplikasi: " + list + more.ID + ".", EN: "Applications: " + list + more.EN + "."}, n.Body})
	return n
}

// Move takes a grant to another major version of its LID's contract, or, without
// one, lets it follow the newest. Its holder alone does: nobody else knows what
// the application was built for.
func (a *Access) Move(ctx context.Context, p simpul.Principal, id, version string) error {
	if err := checkMajor(version); err != nil {
		return err
	}
	err := a.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		r, err := getGrant(ctx, tx, id)
		if err != nil {
			return err
		}
		consumer := r.Spec.Application.Agency()
		switch {
		case !p.Scope().Covers(consumer) && !p.Scope().Covers(r.Provider):
			return sqldb.ErrNoRows
		case !p.Scope().Covers(consumer):
			return notTheHolder(consumer)
		}
		if err := a.answers(ctx, r.Spec.LID, version); err != nil {
			return err
		}
		if err := setVersion(ctx, tx, id, major(version)); err != nil {
			return err
		}
		if err := tx.Revise(ctx, revisionGrant, id); err != nil {
			return err
		}
		event := trail.By(p, consumer, "grant.version", id)
		event.Detail = named(r.Spec.Version) + " → " + named(major(version))
		return trail.Append(ctx, tx, event)
	})
	return sqldb.Coded(err, kindGrant, id)
}

// requestOf is the request that led to a grant that the scope gave or was given;
// empty for one that was written directly.
func (a *Access) requestOf(ctx context.Context, p simpul.Principal, id string) (request string, err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		r, err := getGrant(ctx, tx, id)
		request = r.Request
		return err
	})
	return request, err
}

// major is the first number of a version; empty for none.
func major(version string) string {
	if version == "" {
		return ""
	}
	return simpul.Major(version)
}

// named is a pin in the audit trail.
func named(version string) string {
	if version == "" {
		return "newest"
	}
	return version
}

// answers refuses a version that cannot be called.
func (a *Access) answers(ctx context.Context, lid simpul.Address, version string) error {
	offer, err := a.offers.Offer(ctx, lid)
	if err != nil || version == "" {
		return err
	}
	all := offer.versions(a.now())
	if slices.Contains(all, major(version)) {
		return nil
	}
	return wrong("version", simpul.Text{ID: "Versi " + version + " dari " + string(lid) + " tidak dapat dipanggil.", EN: "Version " + version + " of " + string(lid) + " cannot be called."},
		simpul.Text{ID: "Pilih " + strings.Join(all, " atau ") + ".", EN: "Choose " + strings.Join(all, " or ") + "."})
}

// checkMajor accepts the forms that a LID's version has.
func checkMajor(version string) error {
	digits := strings.ReplaceAll(version, ".", "")
	plain := !strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
	if version == "" || plain && len(version) <= 20 && version[0] != '.' {
		return nil
	}
	return wrong("version", simpul.Text{ID: "Versi \"" + version + "\" tidak sah.", EN: "Version \"" + version + "\" is not valid."},
		simpul.Text{ID: "Tulis nomor versi kontrak, misalnya 2.", EN: "Write the contract's version, such as 2."})
}

func notTheHolder(consumer simpul.AgencyID) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: consumer, Place: "version",
		Message: simpul.Text{ID: "Hanya pemegang izin yang memindahkannya ke versi lain.", EN: "Only the holder of a grant moves it to another version."},
		Remedy:  simpul.Text{ID: "Minta " + string(consumer) + " memindahkannya begitu aplikasinya siap.", EN: "Ask " + string(consumer) + " to move it once the application is ready."},
	}
}

// keepVersion leaves a grant that was written on the version that it has, and
// tells which that is. Only a new one takes what is written, and one that its
// holder writes.
func keepVersion(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, id string, isNew bool, spec Spec) (string, error) {
	now, err := getGrant(ctx, tx, id)
	if err != nil || spec.Version == "" || major(spec.Version) == now.Spec.Version {
		return now.Spec.Version, err
	}
	if consumer := spec.Application.Agency(); !isNew && !p.Scope().Covers(consumer) {
		return "", notTheHolder(consumer)
	}
	return major(spec.Version), setVersion(ctx, tx, id, major(spec.Version))
}
