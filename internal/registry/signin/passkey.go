package signin

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Passkey is a discoverable WebAuthn credential.
type Passkey struct {
	ID        string
	Name      string // by which its owner knows it
	BackedUp  bool   // synchronised to other devices of its owner
	CreatedAt time.Time
	UsedAt    time.Time // zero: never

	account        simpul.AccountID
	credential     string // WebAuthn credential ID, base64url
	publicKey      string // COSE, base64
	transports     []string
	signCount      int64
	backupEligible bool
}

const (
	maxPasskeys = 20 // of one person
	maxName     = 60 // characters of a passkey's name
)

// owner is a person as the WebAuthn library wants to see one.
type owner struct {
	handle   []byte
	account  simpul.AccountID
	name     string
	passkeys []Passkey
}

func (o owner) WebAuthnID() []byte          { return o.handle }
func (o owner) WebAuthnName() string        { return string(o.account) }
func (o owner) WebAuthnDisplayName() string { return o.name }

func (o owner) WebAuthnCredentials() []webauthn.Credential {
	all := make([]webauthn.Credential, 0, len(o.passkeys))
	for _, k := range o.passkeys {
		if c, err := k.record(); err == nil {
			all = append(all, c)
		}
	}
	return all
}

func (k Passkey) record() (webauthn.Credential, error) {
	id, err := base64.RawURLEncoding.DecodeString(k.credential)
	if err != nil {
		return webauthn.Credential{}, err
	}
	key, err := base64.StdEncoding.DecodeString(k.publicKey)
	transports := make([]protocol.AuthenticatorTransport, len(k.transports))
	for i, t := range k.transports {
		transports[i] = protocol.AuthenticatorTransport(t)
	}
	return webauthn.Credential{
		ID: id, PublicKey: key, Transport: transports, AttestationFormat: "none",
		Flags:         webauthn.CredentialFlags{UserPresent: true, UserVerified: true, BackupEligible: k.backupEligible, BackupState: k.BackedUp},
		Authenticator: webauthn.Authenticator{SignCount: uint32(k.signCount)},
	}, err
}

func (s *Service) ownerOf(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, name string) (owner, error) {
	c, err := s.enrolled(ctx, tx, account)
	if err != nil {
		return owner{}, err
	}
	return s.withPasskeys(ctx, tx, c, name)
}

func (s *Service) withPasskeys(ctx context.Context, tx *sqldb.Tx, c credentials, name string) (owner, error) {
	handle, err := base64.RawURLEncoding.DecodeString(c.handle)
	if err != nil {
		return owner{}, err
	}
	keys, err := passkeysOf(ctx, tx, c.account)
	return owner{handle, c.account, name, keys}, err
}

// creation is what the hub remembers between the two steps of making a passkey.
type creation struct {
	Account simpul.AccountID
	Session webauthn.SessionData
}

// BeginPasskey returns what the browser needs to make a passkey for the person,
// and the secret by which the second step finds the first. anew leaves out of
// account what the person had before: it is about to be replaced.
func (s *Service) beginPasskey(ctx context.Context, account simpul.AccountID, name string, anew bool) (options *protocol.CredentialCreation, secret simpul.Secret, err error) {
	rp, err := s.relyingParty()
	if err != nil {
		return nil, "", err
	}
	err = s.write(ctx, func(tx *sqldb.Tx) error {
		o, err := s.newcomer(ctx, tx, account, name, anew)
		if err != nil {
			return err
		}
		if len(o.passkeys) >= maxPasskeys {
			return tooManyPasskeys()
		}
		var exclude []protocol.CredentialDescriptor
		for _, c := range o.WebAuthnCredentials() {
			exclude = append(exclude, c.Descriptor())
		}
		var state *webauthn.SessionData
		if options, state, err = rp.BeginRegistration(o, webauthn.WithExclusions(exclude)); err != nil {
			return err
		}
		secret, err = s.remember(ctx, tx, passkeyCreation, creation{account, *state})
		return err
	})
	return options, secret, err
}

// newcomer is the person for whom a passkey is made. One who begins anew gets
// another handle, so that a passkey of before is not overwritten in a device
// before the new one is believed.
func (s *Service) newcomer(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, name string, anew bool) (owner, error) {
	if !anew {
		return s.ownerOf(ctx, tx, account, name)
	}
	handle, err := newHandle()
	if err != nil {
		return owner{}, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(handle)
	return owner{handle: raw, account: account, name: name}, err
}

// created checks the browser's answer and returns the passkey that was made,
// and the handle under which the device keeps it.
func (s *Service) created(ctx context.Context, secret simpul.Secret, account simpul.AccountID, answer []byte, name string) (Passkey, string, error) {
	rp, err := s.relyingParty()
	if err != nil {
		return Passkey{}, "", err
	}
	var c creation
	if err := s.recall(ctx, passkeyCreation, secret, &c); err != nil {
		return Passkey{}, "", err
	}
	if c.Account != account {
		return Passkey{}, "", overtime()
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Passkey{}, "", notMade(err)
	}
	made, err := rp.CreateCredential(owner{handle: c.Session.UserID, account: account}, c.Session, parsed)
	if err != nil {
		return Passkey{}, "", notMade(err)
	}
	return s.passkeyFrom(made, account, name), base64.RawURLEncoding.EncodeToString(c.Session.UserID), nil
}

func (s *Service) passkeyFrom(made *webauthn.Credential, account simpul.AccountID, name string) Passkey {
	transports := make([]string, 0, len(made.Transport))
	for _, t := range made.Transport {
		if plain := string(t); plain != "" && len(plain) <= 20 && !strings.ContainsAny(plain, " \t\n") && len(transports) < 8 {
			transports = append(transports, plain)
		}
	}
	return Passkey{
		ID: newID("k-"), Name: passkeyName(name), BackedUp: made.Flags.BackupState, CreatedAt: s.now(),
		account: account, credential: base64.RawURLEncoding.EncodeToString(made.ID), publicKey: base64.StdEncoding.EncodeToString(made.PublicKey),
		transports: transports, signCount: int64(made.Authenticator.SignCount), backupEligible: made.Flags.BackupEligible,
	}
}

// passkeyName makes a name of what somebody entered: one line, not too long,
// never empty.
func passkeyName(text string) string {
	clean := strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
	if utf8.RuneCountInString(clean) > maxName {
		clean = string([]rune(clean)[:maxName])
	}
	if clean == "" {
		return "Passkey"
	}
	return clean
}

// addPasskey stores a passkey that was checked.
func (s *Service) addPasskey(ctx context.Context, tx *sqldb.Tx, k Passkey) error {
	if err := insertPasskey(ctx, tx, k); err != nil {
		if errors.Is(err, sqldb.ErrDuplicate) {
			return notMade(err)
		}
		return err
	}
	return trail.Append(ctx, tx, s.event(k.account, "passkey.add", k.ID))
}

// AddPasskey finishes what beginPasskey began for somebody who is signed in.
func (s *Service) AddPasskey(ctx context.Context, account simpul.AccountID, secret simpul.Secret, answer []byte, name string) error {
	k, _, err := s.created(ctx, secret, account, answer, name)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx *sqldb.Tx) error {
		if err := s.addPasskey(ctx, tx, k); err != nil {
			return err
		}
		return s.changed(ctx, tx, account, simpul.Text{ID: "Passkey baru ditambahkan", EN: "A new passkey was added"})
	})
}

// RenamePasskey gives one of the person's passkeys another name.
func (s *Service) RenamePasskey(ctx context.Context, account simpul.AccountID, id, name string) error {
	err := s.write(ctx, func(tx *sqldb.Tx) error {
		if err := renamePasskey(ctx, tx, account, id, passkeyName(name)); err != nil {
			return err
		}
		return trail.Append(ctx, tx, s.event(account, "passkey.rename", id))
	})
	return sqldb.Coded(err, kindPasskey, id)
}

// RemovePasskey drops one of the person's passkeys, but not the last way in.
func (s *Service) RemovePasskey(ctx context.Context, account simpul.AccountID, id string) error {
	err := s.write(ctx, func(tx *sqldb.Tx) error {
		if err := deletePasskey(ctx, tx, account, id); err != nil {
			return err
		}
		if err := s.leavesAWay(ctx, tx, account); err != nil {
			return err
		}
		if err := trail.Append(ctx, tx, s.event(account, "passkey.remove", id)); err != nil {
			return err
		}
		return s.changed(ctx, tx, account, simpul.Text{ID: "Sebuah passkey dihapus", EN: "A passkey was removed"})
	})
	return sqldb.Coded(err, kindPasskey, id)
}

// leavesAWay refuses a change after which the person could not sign in.
func (s *Service) leavesAWay(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error {
	keys, err := passkeysOf(ctx, tx, account)
	if err != nil || len(keys) > 0 {
		return err
	}
	c, err := credentialsOf(ctx, tx, account)
	if err != nil || c.password != "" && c.totp != "" {
		return err
	}
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Ini satu-satunya cara Anda masuk.", EN: "This is your only way to sign in."},
		Remedy:  simpul.Text{ID: "Tambahkan dahulu passkey lain, atau kata sandi dengan aplikasi autentikator.", EN: "First add another passkey, or a password with an authenticator app."},
	}
}

// Passkeys lists the person's passkeys, the oldest first.
func (s *Service) Passkeys(ctx context.Context, account simpul.AccountID) (all []Passkey, err error) {
	err = s.read(ctx, func(tx *sqldb.Tx) error {
		all, err = passkeysOf(ctx, tx, account)
		return err
	})
	return all, err
}

// assertion is what the hub remembers between the two steps of signing in with
// a passkey.
type assertion struct{ Session webauthn.SessionData }

// challenge returns what the browser needs to sign in with any passkey of this
// hub, and the secret by which the second step finds the first.
func (s *Service) challenge(ctx context.Context) (options *protocol.CredentialAssertion, secret simpul.Secret, err error) {
	rp, err := s.relyingParty()
	if err != nil {
		return nil, "", err
	}
	if err := s.mayBegin(ctx); err != nil {
		return nil, "", err
	}
	options, state, err := rp.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", err
	}
	err = s.write(ctx, func(tx *sqldb.Tx) error {
		secret, err = s.remember(ctx, tx, passkeySignIn, assertion{*state})
		return err
	})
	return options, secret, err
}

// answered checks the browser's answer to a challenge and returns whose passkey
// it was.
func (s *Service) answered(ctx context.Context, secret simpul.Secret, answer []byte) (proof, error) {
	rp, err := s.relyingParty()
	if err != nil {
		return proof{}, err
	}
	var a assertion
	if err := s.recall(ctx, passkeySignIn, secret, &a); err != nil {
		return proof{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return proof{}, notBelieved(err)
	}
	var found owner
	_, credential, err := rp.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		found, err = s.byHandle(ctx, handle)
		return found, err
	}, a.Session, parsed)
	if err != nil {
		return proof{}, notBelieved(err)
	}
	return s.believed(ctx, found, credential)
}

func (s *Service) byHandle(ctx context.Context, handle []byte) (o owner, err error) {
	err = s.read(ctx, func(tx *sqldb.Tx) error {
		c, err := credentialsByHandle(ctx, tx, base64.RawURLEncoding.EncodeToString(handle))
		if err != nil {
			return err
		}
		o, err = s.withPasskeys(ctx, tx, c, "")
		return err
	})
	return o, err
}

// believed notes that a passkey was used. A counter that does not go forward is
// the sign of a copy: it is refused and recorded.
func (s *Service) believed(ctx context.Context, o owner, used *webauthn.Credential) (proof, error) {
	var k Passkey
	for _, k = range o.passkeys {
		if id, err := base64.RawURLEncoding.DecodeString(k.credential); err == nil && bytes.Equal(id, used.ID) {
			break
		}
	}
	k.signCount, k.BackedUp = int64(used.Authenticator.SignCount), used.Flags.BackupState
	err := errCopied
	if !used.Authenticator.CloneWarning {
		err = s.write(ctx, func(tx *sqldb.Tx) error { return usePasskey(ctx, tx, k, s.now()) })
	}
	if errors.Is(err, errCopied) || errors.Is(err, sqldb.ErrNoRows) {
		return proof{}, errors.Join(notBelieved(errCopied), s.copied(ctx, o.account, k.ID))
	}
	return proof{account: o.account, methods: k.methods()}, err
}

var errCopied = errors.New("signature counter went backwards")

// copied records that two devices seem to hold the same passkey, and tells its
// owner.
func (s *Service) copied(ctx context.Context, account simpul.AccountID, id string) error {
	return s.write(ctx, func(tx *sqldb.Tx) error {
		e := s.event(account, "passkey.refuse", id)
		e.Outcome, e.Detail = simpul.CodeDenied, errCopied.Error()
		if err := trail.Append(ctx, tx, e); err != nil {
			return err
		}
		return s.changed(ctx, tx, account, simpul.Text{
			ID: "Sebuah passkey ditolak karena tampaknya disalin", EN: "A passkey was refused because it seems to have been copied"})
	})
}

// methods are RFC 8176 values: a key that leaves its device is in software.
func (k Passkey) methods() []string {
	if k.backupEligible {
		return []string{"swk", "user", "mfa"}
	}
	return []string{"hwk", "user", "mfa"}
}

var kindPasskey = simpul.Text{ID: "Passkey", EN: "Passkey"}

func notMade(err error) error {
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: "passkey", Err: err,
		Message: simpul.Text{ID: "Passkey ini tidak dapat disimpan.", EN: "This passkey could not be saved."},
		Remedy:  simpul.Text{ID: "Coba sekali lagi di halaman ini. Jika tetap gagal, pakai kata sandi dan aplikasi autentikator.", EN: "Try once more on this page. If it fails again, use a password and an authenticator app."},
	}
}

func notBelieved(err error) error {
	return &simpul.Error{
		Code: simpul.CodeUnauthenticated, Err: err,
		Message: simpul.Text{ID: "Passkey ini tidak dikenal atau tidak dapat dipakai.", EN: "This passkey is unknown or cannot be used."},
		Remedy:  simpul.Text{ID: "Pilih passkey lain, atau masuk dengan kata sandi dan kode.", EN: "Choose another passkey, or sign in with a password and a code."},
	}
}

func tooManyPasskeys() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Anda sudah memiliki 20 passkey.", EN: "You have 20 passkeys already."},
		Remedy:  simpul.Text{ID: "Hapus yang tidak dipakai lagi.", EN: "Remove those that you no longer use."},
	}
}
