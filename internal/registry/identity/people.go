package identity

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Search narrows a list of accounts. A zero field does not.
type Search struct {
	State  State
	Text   string // part of the account's name; never personal data, since a search stands in addresses
	Agency simpul.AgencyID
}

// Newcomer is whom somebody invites.
type Newcomer struct {
	ID       string
	Personal Personal
	Language simpul.Language
	Roles    []Assignment
}

// Account returns one account that the principal's scope covers.
func (s *Service) Account(ctx context.Context, p simpul.Principal, id string) (a Account, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		a, err = s.account(ctx, tx, simpul.AccountID(id))
		return err
	})
	return a, sqldb.Coded(err, kindAccount, id)
}

// Accounts lists accounts that the principal's scope covers, in the order of
// their IDs.
func (s *Service) Accounts(ctx context.Context, p simpul.Principal, search Search, page httpapi.Page) (all []Account, err error) {
	text := strings.ToLower(strings.TrimSpace(search.Text))
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		stored, err := listAccounts(ctx, tx, search.State, search.Agency, text, page)
		if err != nil {
			return err
		}
		all, err = s.openAll(ctx, tx, stored)
		return err
	})
	return all, err
}

func (s *Service) openAll(ctx context.Context, tx *sqldb.Tx, stored []storedAccount) ([]Account, error) {
	all := make([]Account, len(stored))
	for i, a := range stored {
		var err error
		if a.Holdings, err = holdingsOf(ctx, tx, a.ID); err != nil {
			return nil, err
		}
		if all[i], err = s.open(a); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Invite makes an account for somebody and sends them the code by which they
// join. The name of an account is for ever: it is never given to anybody else.
func (s *Service) Invite(ctx context.Context, p simpul.Principal, who Newcomer) (a Account, err error) {
	id, err := simpul.ParseAccountID(who.ID)
	if err != nil {
		return Account{}, simpul.At("id", err)
	}
	personal, err := who.Personal.tidy()
	if err != nil {
		return Account{}, err
	}
	if _, err := s.others.Agencies.Name(ctx, id.Agency()); err != nil {
		return Account{}, err
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		a, err = s.invite(ctx, tx, p, Account{ID: id, State: Invited, Language: language(who.Language), Personal: personal}, who.Roles)
		return err
	})
	return a, s.note(ctx, attempt{p, string(id), "account.invite", id}, invitable(err, id))
}

// language is Indonesian unless another is asked for.
func language(l simpul.Language) simpul.Language { return simpul.ParseLanguage(string(l)) }

func (s *Service) invite(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, a Account, wanted []Assignment) (Account, error) {
	if err := tx.Own(a.Agency()); err != nil {
		return a, err
	}
	if err := changing(ctx, tx, revisionAccount, string(a.ID)); err != nil {
		return a, err
	}
	by, err := s.actor(ctx, tx, p)
	if err != nil {
		return a, err
	}
	if err := by.mayAssign(nil, wanted); err != nil {
		return a, err
	}
	person, digest, err := s.sealed(a.ID, a.Personal)
	if err != nil {
		return a, err
	}
	if err := insertAccount(ctx, tx, a, person, digest, s.now()); err != nil {
		return a, err
	}
	if err := putHoldings(ctx, tx, a.ID, nil, wanted, by.ID, s.now()); err != nil {
		return a, err
	}
	if err := s.issue(ctx, tx, by, a, Join); err != nil {
		return a, err
	}
	if err := s.record(ctx, tx, about(p, a.ID, "account.invite", spelled(wanted))); err != nil {
		return a, err
	}
	return s.account(ctx, tx, a.ID)
}

// about begins an event that concerns a person.
func about(p simpul.Principal, id simpul.AccountID, action, detail string) trail.Event {
	e := trail.By(p, id.Agency(), action, string(id))
	e.Account, e.Detail = id, detail
	return e
}

// spelled writes roles into an event: "admin, auditor (national)".
func spelled(given []Assignment) string {
	words := make([]string, len(given))
	for i, g := range given {
		words[i] = string(g.Role)
		if g.National {
			words[i] += " (national)"
		}
	}
	return strings.Join(words, ", ")
}

func invitable(err error, id simpul.AccountID) error {
	switch {
	case errors.Is(err, sqldb.ErrDuplicate):
		return &simpul.Error{
			Code: simpul.CodeConflict, Err: err,
			Message: simpul.Text{ID: "Nama akun ini, atau alamat surel ini, sudah dipakai di instansi tersebut.", EN: "This account name, or this e-mail address, is already in use at that agency."},
			Remedy:  simpul.Text{ID: "Cari akunnya pada daftar pengguna. Nama akun yang pernah dipakai tidak diberikan kepada orang lain.", EN: "Look for the account in the list of users. A name that was once in use is not given to another person."},
		}
	case errors.Is(err, sqldb.ErrReference):
		return simpul.NotFound(simpul.Text{ID: "Instansi", EN: "Agency"}, string(id.Agency()))
	}
	return sqldb.Coded(err, kindAccount, string(id))
}

// Change replaces what is known of a person. Who moves somebody's e-mail address
// moves where their recovery goes, so nobody moves their own, and the person and
// the agency's administrators are told.
func (s *Service) Change(ctx context.Context, p simpul.Principal, id string, personal Personal, l simpul.Language) (Account, error) {
	personal, err := personal.tidy()
	if err != nil {
		return Account{}, err
	}
	return s.act(ctx, p, id, "account.change", own, func(tx *sqldb.Tx, by actor, a *Account) error {
		moved := !strings.EqualFold(a.Personal.Email, personal.Email)
		if moved {
			if err := by.lasting().mayActOn(*a); err != nil {
				return err
			}
		}
		a.Personal, a.Language = personal, cmp.Or(l, a.Language)
		person, digest, err := s.sealed(a.ID, personal)
		if err != nil {
			return err
		}
		if err := updatePerson(ctx, tx, a.ID, language(a.Language), person, digest, s.now()); err != nil {
			return err
		}
		if moved {
			if err := s.addressMoved(ctx, tx, by, *a); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, about(p, a.ID, "account.change", ""))
	})
}

// addressMoved withdraws what was sent to the old address.
func (s *Service) addressMoved(ctx context.Context, tx *sqldb.Tx, by actor, a Account) error {
	if _, err := withdrawInvitations(ctx, tx, a.ID, s.now()); err != nil {
		return err
	}
	return s.tell(ctx, tx, a.ID, simpul.Notice{
		Topic: "account.address", Urgent: true, Link: accountPath(a.ID),
		Title: simpul.Text{ID: "Alamat surel " + short(a.ID) + " diganti", EN: "The e-mail address of " + short(a.ID) + " was changed"},
		Body: simpul.Text{ID: "Diganti oleh " + by.ID + ". Pemulihan akun kini dikirim ke alamat baru. Jika ini keliru, segera tangguhkan akunnya.",
			EN: "Changed by " + by.ID + ". A recovery of the account now goes to the new address. If that is wrong, suspend the account at once."},
	})
}

// SetRoles replaces the roles that somebody holds.
func (s *Service) SetRoles(ctx context.Context, p simpul.Principal, id string, wanted []Assignment) (Account, error) {
	return s.act(ctx, p, id, "account.roles", another, func(tx *sqldb.Tx, by actor, a *Account) error {
		if a.State == Closed {
			return notNow(*a)
		}
		if err := by.lasting().mayActOn(*a); err != nil {
			return err
		}
		if err := by.mayAssign(a.Holdings, wanted); err != nil {
			return err
		}
		if err := putHoldings(ctx, tx, a.ID, a.Holdings, wanted, by.ID, s.now()); err != nil {
			return err
		}
		if err := s.others.Notifier.Notify(ctx, tx, rolesChanged(by, *a)); err != nil {
			return err
		}
		return s.record(ctx, tx, about(p, a.ID, "account.roles", spelled(wanted)))
	})
}

func rolesChanged(by actor, a Account) simpul.Notice {
	return simpul.Notice{
		Topic: "account.roles", Accounts: []simpul.AccountID{a.ID}, Link: RolesPath,
		Title: simpul.Text{ID: "Peran Anda diubah", EN: "Your roles were changed"},
		Body: simpul.Text{ID: "Diubah oleh " + by.ID + ". Perubahannya berlaku mulai permintaan Anda berikutnya.",
			EN: "Changed by " + by.ID + ". The change applies from your next request on."},
	}
}

// whom says whether somebody may do a thing to their own account.
type whom int

const (
	another whom = iota
	own
)

// act does one thing to an account: it reads who acts and on whom, checks that
// they may, and returns the account as it is afterwards.
func (s *Service) act(ctx context.Context, p simpul.Principal, id, action string, on whom, do func(*sqldb.Tx, actor, *Account) error) (Account, error) {
	after, err := s.tryAct(ctx, p, id, on, do)
	account := simpul.AccountID(id)
	return after, s.note(ctx, attempt{p, id, action, account}, invitable(err, account))
}

func (s *Service) tryAct(ctx context.Context, p simpul.Principal, id string, on whom, do func(*sqldb.Tx, actor, *Account) error) (after Account, err error) {
	if on == another || p.Account != simpul.AccountID(id) {
		if err := p.Need(simpul.WriteAccounts); err != nil {
			return Account{}, err
		}
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		a, err := s.account(ctx, tx, simpul.AccountID(id))
		if err != nil {
			return err
		}
		if err := changing(ctx, tx, revisionAccount, id); err != nil {
			return err
		}
		if a, err = s.account(ctx, tx, a.ID); err != nil { // as whoever changed it before left it
			return err
		}
		by, err := s.actor(ctx, tx, p)
		if err != nil {
			return err
		}
		if on == another || by.Account != a.ID {
			if err := by.mayActOn(a); err != nil {
				return err
			}
		}
		if !a.Erased.IsZero() {
			return notNow(a)
		}
		if err := do(tx, by, &a); err != nil {
			return err
		}
		after, err = s.account(ctx, tx, a.ID)
		return err
	})
	return after, err
}

// tell notifies the person and the administrators of their agency.
func (s *Service) tell(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID, n simpul.Notice) error {
	n.Accounts, n.Agency, n.Holding = []simpul.AccountID{id}, id.Agency(), simpul.WriteAccounts
	return s.others.Notifier.Notify(ctx, tx, n)
}

// short is a name for the title of a notice, which is one line.
func short(id simpul.AccountID) string {
	const longest = 100
	if len(id) <= longest {
		return string(id)
	}
	return string(id[:longest]) + "…"
}

// isLastAdmin reports whether nobody else who is active administers the people
// of the account's agency.
func isLastAdmin(ctx context.Context, tx *sqldb.Tx, a Account, all roles) (bool, error) {
	if !slices.ContainsFunc(a.Holdings, func(h Holding) bool { return !h.National && all[h.Role].Allows(simpul.WriteAccounts) }) {
		return false, nil
	}
	admins, err := holders(ctx, tx, a.Agency(), simpul.WriteAccounts)
	others := slices.DeleteFunc(admins, func(id simpul.AccountID) bool { return id == a.ID })
	return len(others) == 0, err
}

// notNow refuses what does not fit the account's state.
func notNow(a Account) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Ini tidak dapat dilakukan: akun " + string(a.ID) + " " + a.State.words().ID + ".", EN: "This cannot be done: the account " + string(a.ID) + " is " + a.State.words().EN + "."},
		Remedy:  simpul.Text{ID: "Muat ulang akunnya dan pilih tindakan yang tersedia.", EN: "Look at the account again and choose one of the actions that it offers."},
	}
}

// words say a state within a sentence.
func (s State) words() simpul.Text {
	switch s {
	case Invited:
		return simpul.Text{ID: "belum bergabung", EN: "not joined yet"}
	case Active:
		return simpul.Text{ID: "sudah aktif", EN: "active"}
	case Suspended:
		return simpul.Text{ID: "sedang ditangguhkan", EN: "suspended"}
	}
	return simpul.Text{ID: "sudah ditutup", EN: "closed"}
}
