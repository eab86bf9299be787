package grant

import (
	"context"
	"errors"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Revoke ends a grant that the scope gave, for a reason that its holder reads.
// The next call is refused in under a second.
func (a *Access) Revoke(ctx context.Context, p simpul.Principal, id, reason string) error {
	return a.onGrant(ctx, p, id, reason, "grant.revoke", func(tx *sqldb.Tx, why string) error {
		_, err := deleteGrant(ctx, tx, id, ending{why, p.ID, a.now()})
		return err
	})
}

// Suspend stops a grant that the scope gave until it is resumed.
func (a *Access) Suspend(ctx context.Context, p simpul.Principal, id, reason string) error {
	return a.onGrant(ctx, p, id, reason, "grant.suspend", func(tx *sqldb.Tx, why string) error {
		return suspendGrant(ctx, tx, id, suspension{p.ID, why}, a.now())
	})
}

// Resume lets a suspended grant go on. On a closed LID it is only put before a
// second person: proposal is what waits then.
func (a *Access) Resume(ctx context.Context, p simpul.Principal, id, reason string) (proposal string, err error) {
	var waits *written
	err = a.onGrant(ctx, p, id, reason, "grant.resume", func(tx *sqldb.Tx, why string) error {
		r, err := getGrant(ctx, tx, id)
		if err != nil {
			return err
		}
		next := r.Spec
		next.Suspended = false
		second, err := a.grants.weigh(ctx, tx, p, &r, next)
		if err != nil {
			return err
		}
		if second {
			waits = &written{id, r.Provider, next}
			return errSecond
		}
		return suspendGrant(ctx, tx, id, suspension{}, a.now())
	})
	if waits == nil || !errors.Is(err, errSecond) {
		return "", err
	}
	err = a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
		proposal, err = a.grants.propose(ctx, tx, p, *waits, strings.TrimSpace(reason))
		return err
	})
	return proposal, sqldb.Coded(err, kindGrant, id)
}

// errSecond undoes what needs a second person.
var errSecond = errors.New("needs a second person")

// onGrant changes a grant that the scope gave and tells its holder why.
func (a *Access) onGrant(ctx context.Context, p simpul.Principal, id, reason, action string, do func(tx *sqldb.Tx, why string) error) error {
	why, err := reasoned(reason)
	if err != nil {
		return err
	}
	err = a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := holdGrant(ctx, tx, id); err != nil {
			return err
		}
		r, err := getGrant(ctx, tx, id)
		if err != nil {
			return err
		}
		if !p.Scope().Covers(r.Provider) {
			return notTheGiver(r.Provider)
		}
		if err := do(tx, why); err != nil {
			return err
		}
		if err := trail.Append(ctx, tx, trail.By(p, r.Provider, action, id)); err != nil {
			return err
		}
		return a.notifier.Notify(ctx, tx, changed(r, action, why))
	})
	return sqldb.Coded(err, kindGrant, id)
}

func notTheGiver(provider simpul.AgencyID) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: provider,
		Message: simpul.Text{ID: "Hanya penyedia yang dapat mengubah izin ini.", EN: "Only the provider can change this grant."},
		Remedy:  simpul.Text{ID: "Hubungi " + string(provider) + ".", EN: "Contact " + string(provider) + "."},
	}
}

// changed tells the holder of a grant what the provider did to it.
func changed(r row, action, why string) simpul.Notice {
	how := map[string]simpul.Text{
		"grant.revoke":  {ID: "dicabut", EN: "was revoked"},
		"grant.suspend": {ID: "dibekukan", EN: "was suspended"},
		"grant.resume":  {ID: "diaktifkan kembali", EN: "was resumed"},
	}[action]
	lid := string(r.Spec.LID)
	return simpul.Notice{
		Topic: "grant.changed", Agency: r.Spec.Application.Agency(), Holding: simpul.WriteApplications, Link: ListPath, Urgent: action != "grant.resume",
		Title: simpul.Text{ID: "Akses ke " + lid + " " + how.ID, EN: "Access to " + lid + " " + how.EN},
		Body:  simpul.Text{ID: "Aplikasi " + string(r.Spec.Application) + ". Alasan penyedia: " + stop(why), EN: "Application " + string(r.Spec.Application) + ". The provider's reason: " + stop(why)},
	}
}
