package identity

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

// longestEmergency bounds how long somebody has the role that they took.
const longestEmergency = time.Hour

// Emergency is a role that somebody took for a short time.
type Emergency struct {
	ID       string
	Account  simpul.AccountID
	National bool
	Role     simpul.Role
	Reason   string
	Begun    time.Time
	Until    time.Time // at the latest
	Ended    time.Time // zero until it is noted
	EndedBy  string    // an account, a token's ID, or "hub"

	sealed string
}

// Running reports whether the role is still in effect.
func (e Emergency) Running(now time.Time) bool { return e.Ended.IsZero() && now.Before(e.Until) }

// BeginEmergency gives a person another role for at most an hour. Those who
// watch over the nation and the person's agency are told at once. Nobody can
// undo that it happened.
func (s *Service) BeginEmergency(ctx context.Context, p simpul.Principal, role simpul.Role, reason string, minutes int) (e Emergency, err error) {
	reason = strings.TrimSpace(reason)
	tried := attempt{p, string(role), "emergency.begin", p.Account}
	if err := validEmergency(p, reason, minutes); err != nil {
		return Emergency{}, s.note(ctx, tried, err)
	}
	now := s.now().Truncate(time.Millisecond)
	e = Emergency{ID: newID("e-"), Account: p.Account, National: p.National, Role: role, Reason: reason, Begun: now, Until: now.Add(time.Duration(minutes) * time.Minute)}
	if e.sealed, err = s.seal([]byte(reason), tableOfEmergencies, e.ID, reasonColumn); err != nil {
		return Emergency{}, err
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error { return s.begin(ctx, tx, p, e) })
	return e, s.note(ctx, tried, err)
}

func (s *Service) begin(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, e Emergency) error {
	if err := changing(ctx, tx, revisionAccount, string(p.Account)); err != nil {
		return err
	}
	by, err := s.actor(ctx, tx, p)
	if err != nil {
		return err
	}
	if err := by.mayTake(e.Role); err != nil {
		return err
	}
	running, err := sqldb.Exists(runningEmergency(ctx, tx, p.Account, s.now()))
	if err != nil || running {
		return orElse(err, oneAtATime())
	}
	if err := insertEmergency(ctx, tx, e); err != nil {
		return err
	}
	if err := s.alarm(ctx, tx, e); err != nil {
		return err
	}
	return s.record(ctx, tx, about(p, e.Account, "emergency.begin", fmt.Sprintf("%s %s until %s", e.ID, e.Role, e.Until.Format(time.RFC3339))))
}

// mayTake checks that the actor may have the role in an emergency: by standing
// permission, and within their own reach.
func (a actor) mayTake(role simpul.Role) error {
	if err := a.standing.Need(simpul.BreakGlass); err != nil {
		return err
	}
	reach := a.roles[role].Reach
	switch {
	case reach == "", a.National && reach == simpul.ReachAgency, !a.National && reach == simpul.ReachNation:
		return simpul.Invalid("role",
			simpul.Text{ID: "Peran \"" + string(role) + "\" tidak dapat Anda ambil.", EN: "You cannot take the role \"" + string(role) + "\"."},
			simpul.Text{ID: "Pilih peran yang berlaku di jangkauan Anda sendiri.", EN: "Choose a role within your own reach."})
	case slices.Contains(a.standing.Roles, role):
		return simpul.Invalid("role",
			simpul.Text{ID: "Peran \"" + string(role) + "\" sudah Anda pegang.", EN: "You hold the role \"" + string(role) + "\" already."},
			simpul.Text{ID: "Lakukan langsung dengan peran Anda, tanpa akses darurat.", EN: "Act with your role, without emergency access."})
	}
	return nil
}

func validEmergency(p simpul.Principal, reason string, minutes int) error {
	switch {
	case p.Account == "":
		return denied(simpul.Text{ID: "Akses darurat hanya untuk orang dengan akun, tidak untuk token.", EN: "Emergency access is for people with accounts, not for tokens."},
			simpul.Text{ID: "Masuk dengan akun Anda, lalu mulai dari halaman Akses darurat.", EN: "Sign in with your account and begin on the page Emergency access."})
	case !oneParagraph(reason):
		return simpul.Invalid("reason",
			simpul.Text{ID: "Alasan harus 20 sampai 1.000 huruf.", EN: "The reason must be 20 to 1,000 letters."},
			simpul.Text{ID: "Tulis apa yang terjadi dan apa yang akan Anda lakukan; pengawas akan membacanya.", EN: "Write what has happened and what you are going to do; those who watch over it will read it."})
	case minutes < 1 || minutes > int(longestEmergency/time.Minute):
		return simpul.Invalid("minutes",
			simpul.Text{ID: "Akses darurat berlaku 1 sampai 60 menit.", EN: "Emergency access lasts 1 to 60 minutes."},
			simpul.Text{ID: "Isi lama waktu yang benar-benar diperlukan.", EN: "State the time that you really need."})
	}
	return nil
}

// oneParagraph admits line breaks, which a text area brings.
func oneParagraph(reason string) bool {
	return oneLine(strings.NewReplacer("\r\n", " ", "\n", " ").Replace(reason), 20, 1000)
}

// alarm tells those who watch over the nation and over the person's agency. The
// notices share a key, so that nobody gets two.
func (s *Service) alarm(ctx context.Context, tx *sqldb.Tx, e Emergency) error {
	watch := []struct {
		agency  simpul.AgencyID
		holding simpul.Permission
	}{
		{"", simpul.WriteRoles}, {"", simpul.ReadAudit},
		{e.Account.Agency(), simpul.WriteAccounts}, {e.Account.Agency(), simpul.ReadAudit}, {e.Account.Agency(), simpul.ErasePeople},
	}
	for _, w := range watch {
		n := alarmOf(e)
		n.Agency, n.Holding = w.agency, w.holding
		if err := s.others.Notifier.Notify(ctx, tx, n); err != nil {
			return fmt.Errorf("alarm: %w", err)
		}
	}
	return nil
}

func alarmOf(e Emergency) simpul.Notice {
	return simpul.Notice{
		Topic: "emergency.begin", Key: "emergency/" + e.ID, Urgent: true, Link: EmergencyPath,
		Title: simpul.Text{ID: short(e.Account) + " mengambil peran " + string(e.Role) + " dalam keadaan darurat", EN: short(e.Account) + " has taken the role " + string(e.Role) + " in an emergency"},
		Body: simpul.Text{ID: "Alasannya dan sampai kapan berlaku ada di halaman Akses darurat. Jika ini tidak wajar, akhiri di sana dan tangguhkan akunnya.",
			EN: "The reason, and until when it lasts, are on the page Emergency access. If this is not right, end it there and suspend the account."},
	}
}

// EndEmergency ends one early: the person who began it, or who administers their
// account.
func (s *Service) EndEmergency(ctx context.Context, p simpul.Principal, id string) (e Emergency, err error) {
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if e, err = getEmergency(ctx, tx, id); err != nil {
			return err
		}
		if p.Account != e.Account && !p.Can(simpul.WriteAccounts) {
			return sqldb.ErrNoRows // as one that does not exist
		}
		if err := changing(ctx, tx, revisionAccount, string(e.Account)); err != nil {
			return err
		}
		if err := s.end(ctx, tx, e, s.now(), p); err != nil {
			return err
		}
		e, err = getEmergency(ctx, tx, id)
		return err
	})
	if err != nil {
		return Emergency{}, sqldb.Coded(err, kindEmergency, id)
	}
	return s.openReason(e)
}

var kindEmergency = simpul.Text{ID: "Akses darurat", EN: "Emergency access"}

// end notes that an emergency is over; one that is over already stays as it is.
func (s *Service) end(ctx context.Context, tx *sqldb.Tx, e Emergency, at time.Time, by simpul.Principal) error {
	if at.After(e.Until) {
		at = e.Until
	}
	n, err := endEmergency(ctx, tx, e.ID, at, by.ID)
	if err != nil || n == 0 {
		return err
	}
	return s.record(ctx, tx, about(by, e.Account, "emergency.end", e.ID+" "+string(e.Role)))
}

// endRunning ends what an account still has.
func (s *Service) endRunning(ctx context.Context, tx *sqldb.Tx, by simpul.Principal, id simpul.AccountID) error {
	all, err := unendedEmergencies(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, e := range all {
		if err := s.end(ctx, tx, e, s.now(), by); err != nil {
			return err
		}
	}
	return nil
}

// Tend notes the end of emergencies whose time is over. They ended by
// themselves: who looks at the clock later changes nothing but the record.
func (s *Service) Tend(ctx context.Context) error {
	return s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err := overdueEmergencies(ctx, tx, s.now())
		if err != nil {
			return err
		}
		for _, e := range all {
			if err := changing(ctx, tx, revisionAccount, string(e.Account)); err != nil {
				return err
			}
			if err := s.end(ctx, tx, e, e.Until, simpul.Principal{ID: trail.Hub}); err != nil {
				return err
			}
		}
		return nil
	})
}

// tending is how often Run looks whether there is something to do.
const tending = time.Minute

// Run tends until ctx ends; failed hears of what did not succeed.
func (s *Service) Run(ctx context.Context, failed func(error)) {
	tick := time.NewTicker(tending)
	defer tick.Stop()
	for {
		if err := s.Tend(ctx); err != nil && ctx.Err() == nil {
			failed(fmt.Errorf("emergencies that are over: %w", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Emergencies lists what was taken within the principal's scope, newest first:
// all of it for whoever reads the audit, else the principal's own. Of one
// account where an account is given.
func (s *Service) Emergencies(ctx context.Context, p simpul.Principal, account simpul.AccountID, before string, limit int) (all []Emergency, err error) {
	if !p.Can(simpul.ReadAudit) && !p.Can(simpul.ReadAccounts) {
		if p.Account == "" || account != "" && account != p.Account {
			return nil, p.Need(simpul.ReadAudit)
		}
		account = p.Account
	}
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = listEmergencies(ctx, tx, account, before, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i], err = s.openReason(all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s *Service) openReason(e Emergency) (Emergency, error) {
	text, err := s.unseal(e.sealed, tableOfEmergencies, e.ID, reasonColumn)
	e.Reason = string(text)
	return e, err
}

func oneAtATime() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Anda masih memegang peran darurat.", EN: "You still have a role that you took in an emergency."},
		Remedy:  simpul.Text{ID: "Akhiri dahulu yang sedang berjalan.", EN: "First end the one that is running."},
	}
}
