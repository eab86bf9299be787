package signin

import (
	"context"
	"errors"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// attempt is what somebody entered to sign in without a passkey.
type attempt struct {
	account  string
	password simpul.Secret
	code     string        // of the authenticator, or a recovery code
	browser  simpul.Secret // by which a browser is known that was signed in before; empty for none
}

const maxAccount = 320 // bytes of an account name that are looked at

// known is what the hub knows of the account of an attempt.
type known struct {
	credentials
	found bool
}

// prove checks a password together with a code. An unknown account, a wrong
// password, a wrong code, an account that is closed and one that has to wait are
// told in the same words, after the same work: one hash.
//
// A person without a password, who has passkeys only, gets in by a recovery
// code alone; then the password must be left empty.
func (s *Service) prove(ctx context.Context, a attempt) (proof, error) {
	name := strings.ToLower(strings.TrimSpace(a.account[:min(len(a.account), maxAccount)]))
	subjects, err := s.countedFor(name, trail.Neighbourhood(ctx), a.browser)
	if err != nil {
		return proof{}, err
	}
	charged := s.charge(ctx, subjects)
	if charged != nil && !errors.Is(charged, errShut) {
		return proof{}, charged
	}
	who, err := s.known(ctx, name)
	if err != nil {
		return proof{}, err
	}
	matches := s.hasher.Matches(who.password, simpul.Secret(a.password.Reveal()[:min(len(a.password), maxPassword)])) && len(a.password) <= maxPassword
	if charged != nil {
		return proof{}, refused(charged) // not recorded: whoever knocks on a shut door must not fill the trail
	}
	p, err := s.second(ctx, who, matches, a)
	if err == nil {
		_, err = s.accounts.PrincipalOf(ctx, who.account)
	}
	if err == nil {
		err = s.use(ctx, who, p, subjects)
	}
	switch {
	case err == nil:
		return p.proof, nil
	case simpul.CodeOf(err) == simpul.CodeInternal && !isRefusal(err):
		return proof{}, err
	}
	return proof{}, errors.Join(refused(err), s.recordRefusal(ctx, who))
}

var errNoMatch = errors.New("no match")

func isRefusal(err error) bool { return errors.Is(err, errNoMatch) || errors.Is(err, sqldb.ErrNoRows) }

func (s *Service) known(ctx context.Context, name string) (k known, err error) {
	id, parseErr := simpul.ParseAccountID(name)
	if parseErr != nil {
		return known{}, nil
	}
	err = s.read(ctx, func(tx *sqldb.Tx) error {
		c, err := credentialsOf(ctx, tx, id)
		k.credentials = c
		k.found, err = sqldb.Exists(c, err)
		return err
	})
	return k, err
}

// factor is a proof with the code that it uses up.
type factor struct {
	proof
	step     int64  // of an authenticator's code
	recovery string // digest of a recovery code
}

// second looks at the code, in the light of what the password was worth.
func (s *Service) second(ctx context.Context, who known, matches bool, a attempt) (factor, error) {
	code, digits := recoveryCode(a.code), onlyDigits(a.code)
	digest, err := s.recoveryDigest(code)
	if err != nil {
		return factor{}, err
	}
	step, inTime := int64(0), false
	if who.totp != "" {
		secret, err := s.openTOTP(who.credentials)
		if err != nil {
			return factor{}, err
		}
		step, inTime = matchedStep(secret, digits, s.now())
	}
	f := factor{proof: proof{account: who.account}}
	switch {
	case !who.found:
		return factor{}, errNoMatch
	case who.password == "" && a.password == "" && code != "":
		f.recovery = digest
	case who.password != "" && matches && code != "":
		f.recovery, f.methods = digest, []string{"pwd"}
	case who.password != "" && matches && inTime && step > who.totpStep:
		f.step, f.methods = step, []string{"pwd", "otp", "mfa"}
	default:
		return factor{}, errNoMatch
	}
	return f, nil
}

// use uses the code up and takes the charge back. Of two who use one code at
// once, one gets in.
func (s *Service) use(ctx context.Context, who known, f factor, subjects []counted) error {
	return s.write(ctx, func(tx *sqldb.Tx) error {
		if err := s.useCode(ctx, tx, who.account, f); err != nil {
			return err
		}
		return s.forgive(ctx, tx, subjects)
	})
}

func (s *Service) useCode(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, f factor) error {
	if f.recovery == "" {
		return useStep(ctx, tx, account, f.step)
	}
	if err := useRecovery(ctx, tx, account, f.recovery); err != nil {
		return err
	}
	if err := trail.Append(ctx, tx, s.event(account, "recovery.use", string(account))); err != nil {
		return err
	}
	return s.changed(ctx, tx, account, simpul.Text{ID: "Kode pemulihan dipakai untuk masuk", EN: "A recovery code was used to sign in"})
}

// recordRefusal notes that somebody did not get in. What they entered is not
// noted: people type passwords into the wrong field.
func (s *Service) recordRefusal(ctx context.Context, who known) error {
	return s.write(ctx, func(tx *sqldb.Tx) error {
		e := trail.Event{At: s.now(), Actor: "-", Action: "session.refuse", Outcome: simpul.CodeUnauthenticated}
		if who.found {
			e.Agency, e.Account, e.Subject = who.account.Agency(), who.account, string(who.account)
		}
		return trail.Append(ctx, tx, e)
	})
}

// refused is the one answer to every attempt that fails.
func refused(err error) error {
	return &simpul.Error{
		Code: simpul.CodeUnauthenticated, Err: err,
		Message: simpul.Text{ID: "Nama akun, kata sandi dan kode ini tidak cocok, atau percobaan terlalu sering.", EN: "This account name, password and code do not match, or there were too many attempts."},
		Remedy: simpul.Text{
			ID: "Periksa ketiganya, tunggu sebentar (paling lama 15 menit), lalu coba lagi. Jika akun Anda ditutup atau Anda kehilangan semuanya, hubungi admin instansi Anda.",
			EN: "Check all three, wait a moment (15 minutes at most), and try again. If your account is closed or you have lost everything, contact your agency's administrator."},
	}
}

// enter begins a session for whoever proved who they are, and ends the one that
// this browser had.
func (s *Service) enter(ctx context.Context, p proof, b browser) (secret simpul.Secret, err error) {
	if p.account != "" && p.token.ID == "" {
		who, err := s.accounts.PrincipalOf(ctx, p.account)
		if err != nil {
			if simpul.CodeOf(err) == simpul.CodeInternal {
				return "", err
			}
			return "", refused(err)
		}
		if err := s.mayUse(ctx, p, who); err != nil {
			return "", err
		}
	}
	err = s.write(ctx, func(tx *sqldb.Tx) error {
		secret, err = s.begin(ctx, tx, p, b)
		return err
	})
	return secret, err
}

// byToken is the proof of whoever holds an API token.
func (s *Service) byToken(ctx context.Context, token simpul.Secret) (proof, error) {
	p, err := s.accounts.Principal(ctx, token)
	return proof{account: p.Account, token: p}, err
}

// again accepts a further proof from somebody who is signed in, and gives their
// session another secret. It must be the same person.
func (s *Service) again(ctx context.Context, session Session, p proof) (secret simpul.Secret, err error) {
	if p.account == "" || p.account != session.Account {
		return "", refused(errNoMatch)
	}
	err = s.write(ctx, func(tx *sqldb.Tx) error {
		secret, err = s.renew(ctx, tx, session, p)
		return err
	})
	return secret, err
}
