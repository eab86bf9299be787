package signin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Visit is who uses a session.
type Visit struct {
	Session
	Principal simpul.Principal
}

// browser is what somebody signs in with.
type browser struct {
	device Device
	former simpul.Secret // of the session that it had; empty for none
}

// begin starts a session for whoever proved who they are, and returns its
// secret. The one that the browser had ends, and those whose time is over go.
func (s *Service) begin(ctx context.Context, tx *sqldb.Tx, p proof, b browser) (simpul.Secret, error) {
	now := s.now()
	if _, err := s.sweep(ctx, tx, now); err != nil {
		return "", err
	}
	if err := s.endBySecret(ctx, tx, b.former); err != nil {
		return "", err
	}
	others, err := sessionsOf(ctx, tx, p.account)
	if err != nil {
		return "", err
	}
	secret := simpul.NewSecret("")
	session := Session{
		ID: newID("s-"), Account: p.account, Token: p.tokenID(), At: now, Methods: p.methods,
		agency: p.agency(), device: b.device, origin: trail.Origin(ctx), begun: now, seen: now, expires: now.Add(s.limits.Absolute),
	}
	if err := insertSession(ctx, tx, session, secret.Digest()); err != nil {
		return "", err
	}
	if p.account != "" && len(others) > 0 {
		if err := s.notifier.Notify(ctx, tx, elsewhere(session)); err != nil {
			return "", err
		}
	}
	return secret, trail.Append(ctx, tx, trail.Event{
		At: now, Agency: p.agency(), Account: p.account, Actor: p.actor(), Action: "session.begin", Subject: session.ID, Detail: joined(p.methods),
	})
}

// newID makes a name for something that is no secret.
func newID(prefix string) string { return simpul.NewSecret(prefix).Reveal()[:len(prefix)+12] }

// elsewhere tells a person that one more browser is signed in as them.
func elsewhere(s Session) simpul.Notice {
	at := cmp.Or(s.origin, "–")
	return simpul.Notice{
		Topic: "session.begun", Accounts: []simpul.AccountID{s.Account}, Link: AccountPath,
		Title: simpul.Text{ID: "Akun Anda masuk di peramban lain", EN: "Your account signed in on another browser"},
		Body: simpul.Text{
			ID: fmt.Sprintf("%s, dari alamat %s. Jika itu bukan Anda, buka Akun saya dan pilih keluar dari semua perangkat lain.", s.device.in(simpul.Indonesian), at),
			EN: fmt.Sprintf("%s, from the address %s. If this was not you, open My account and sign out of all other devices.", s.device.in(simpul.English), at),
		},
	}
}

// Visit returns who holds the session, and notes at most once a minute that it
// was used.
func (s *Service) Visit(ctx context.Context, secret simpul.Secret) (Visit, error) {
	session, err := s.session(ctx, secret)
	if err != nil {
		return Visit{}, err
	}
	principal, err := s.holder(ctx, session)
	if err != nil {
		return Visit{}, err
	}
	if s.now().Sub(session.seen) >= noted {
		err = s.write(ctx, func(tx *sqldb.Tx) error { return touchSession(ctx, tx, session.ID, s.now()) })
	}
	return Visit{session, principal}, err
}

func (s *Service) session(ctx context.Context, secret simpul.Secret) (session Session, err error) {
	err = s.read(ctx, func(tx *sqldb.Tx) error {
		session, err = sessionByDigest(ctx, tx, secret.Digest())
		return err
	})
	if errors.Is(err, sqldb.ErrNoRows) || err == nil && !session.live(s.now(), s.limits) {
		return Session{}, ended()
	}
	return session, err
}

func (s *Service) holder(ctx context.Context, session Session) (simpul.Principal, error) {
	if session.Token != "" {
		return s.accounts.TokenHolder(ctx, session.Token)
	}
	return s.accounts.PrincipalOf(ctx, session.Account)
}

// renew gives a session another secret and notes how its owner proved again who
// they are. The former secret is worth nothing from then on.
func (s *Service) renew(ctx context.Context, tx *sqldb.Tx, session Session, p proof) (simpul.Secret, error) {
	secret := simpul.NewSecret("")
	if err := renewSession(ctx, tx, session.ID, secret.Digest(), joined(p.methods), s.now()); err != nil {
		return "", err
	}
	e := s.event(session.Account, "session.renew", session.ID)
	e.Detail = joined(p.methods)
	return secret, trail.Append(ctx, tx, e)
}

// SignOut ends the session with the secret; ending one that is not there is no
// error.
func (s *Service) SignOut(ctx context.Context, secret simpul.Secret) error {
	return s.write(ctx, func(tx *sqldb.Tx) error { return s.endBySecret(ctx, tx, secret) })
}

func (s *Service) endBySecret(ctx context.Context, tx *sqldb.Tx, secret simpul.Secret) error {
	if secret == "" {
		return nil
	}
	session, err := sessionByDigest(ctx, tx, secret.Digest())
	if exists, err := sqldb.Exists(session, err); err != nil || !exists {
		return err
	}
	return s.end(ctx, tx, session)
}

// End ends one of the person's sessions.
func (s *Service) End(ctx context.Context, account simpul.AccountID, id string) error {
	err := s.write(ctx, func(tx *sqldb.Tx) error {
		session, err := sessionOf(ctx, tx, account, id)
		if err != nil {
			return err
		}
		return s.end(ctx, tx, session)
	})
	return sqldb.Coded(err, kindSession, id)
}

// EndOthers ends all sessions of the person but the one with the ID.
func (s *Service) EndOthers(ctx context.Context, account simpul.AccountID, keep string) error {
	return s.write(ctx, func(tx *sqldb.Tx) error {
		all, err := sessionsOf(ctx, tx, account)
		if err != nil {
			return err
		}
		for _, session := range all {
			if session.ID == keep {
				continue
			}
			if err := s.end(ctx, tx, session); err != nil {
				return err
			}
		}
		return nil
	})
}

// EndAll ends every session of the account, within the caller's transaction.
func (s *Service) EndAll(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error {
	all, err := sessionsOf(ctx, tx, account)
	if err != nil {
		return err
	}
	for _, session := range all {
		if err := s.end(ctx, tx, session); err != nil {
			return err
		}
	}
	return nil
}

// end deletes a session and announces it, so that what began in it ends too.
func (s *Service) end(ctx context.Context, tx *sqldb.Tx, session Session) error {
	if err := deleteSession(ctx, tx, session.ID); err != nil {
		return err
	}
	if err := tx.Revise(ctx, revisionSession, session.ID); err != nil {
		return err
	}
	return trail.Append(ctx, tx, trail.Event{
		At: s.now(), Agency: session.agency, Account: session.Account, Actor: cmp.Or(session.Token, string(session.Account)),
		Action: "session.end", Subject: session.ID,
	})
}

// sessionsAtOnce is how many sessions one transaction sweeps.
const sessionsAtOnce = 1000

// sweep drops at most sessionsAtOnce sessions whose time was over at the time,
// announces each, and returns how many they were.
func (s *Service) sweep(ctx context.Context, tx *sqldb.Tx, at time.Time) (int64, error) {
	over, err := sessionsOver(ctx, tx, at, s.limits)
	if err != nil {
		return 0, err
	}
	for _, id := range over {
		if err := deleteSession(ctx, tx, id); err != nil {
			return 0, err
		}
		if err := tx.Revise(ctx, revisionSession, id); err != nil {
			return 0, err
		}
	}
	return int64(len(over)), nil
}

// Ended reports whether the session with the ID is over: signed out, ended by
// somebody, past its time, or of an account or token that is out.
func (s *Service) Ended(ctx context.Context, id string) (bool, error) {
	var session Session
	err := s.read(ctx, func(tx *sqldb.Tx) (err error) {
		session, err = sessionByID(ctx, tx, id)
		return err
	})
	if exists, err := sqldb.Exists(session, err); err != nil || !exists || !session.live(s.now(), s.limits) {
		return err == nil, err
	}
	_, err = s.holder(ctx, session)
	if simpul.CodeOf(err) == simpul.CodeInternal {
		return false, err
	}
	return err != nil, nil
}

// Sessions lists where the person is signed in, the newest first.
func (s *Service) Sessions(ctx context.Context, account simpul.AccountID) (live []Session, err error) {
	err = s.read(ctx, func(tx *sqldb.Tx) error {
		all, err := sessionsOf(ctx, tx, account)
		for _, session := range all {
			if session.live(s.now(), s.limits) {
				live = append(live, session)
			}
		}
		return err
	})
	return live, err
}

var kindSession = simpul.Text{ID: "Sesi", EN: "Session"}

// ended is how every session that may not be used is told.
func ended() error {
	return &simpul.Error{
		Code:    simpul.CodeUnauthenticated,
		Message: simpul.Text{ID: "Anda belum masuk, atau sesi Anda sudah berakhir.", EN: "You are not signed in, or your session has ended."},
		Remedy:  simpul.Text{ID: "Masuk kembali.", EN: "Sign in again."},
	}
}
