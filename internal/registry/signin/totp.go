package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Parameters of RFC 6238 that every authenticator app knows.
const (
	totpPeriod = 30 // seconds
	totpDigits = otp.DigitsSix
	totpSecret = 20 // bytes; RFC 4226 section 4 asks for 160 bits
)

const totpTable, totpColumn = "signin_person", "totp"

// newTOTP makes a secret for an authenticator, in base32.
func newTOTP() (simpul.Secret, error) {
	b := make([]byte, totpSecret)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	return simpul.Secret(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)), nil
}

// totpAddress is what an authenticator reads from the QR code (Key URI format).
func totpAddress(secret simpul.Secret, account simpul.AccountID) string {
	query := url.Values{"secret": {secret.Reveal()}, "issuer": {"Simpul"}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	return "otpauth://totp/" + url.PathEscape("Simpul:"+string(account)) + "?" + query.Encode()
}

// matchedStep returns the time step whose code it is: the present one, or the
// one before or after, since clocks differ. All three are always computed.
func matchedStep(secret simpul.Secret, code string, now time.Time) (int64, bool) {
	present, found, step := now.Unix()/totpPeriod, 0, int64(0)
	for _, s := range []int64{present - 1, present, present + 1} {
		want, err := hotp.GenerateCodeCustom(secret.Reveal(), uint64(s), hotp.ValidateOpts{Digits: totpDigits, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, false
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found, step = 1, s
		}
	}
	return step, found == 1
}

// sealedTOTP is the secret as it is stored.
func (s *Service) sealedTOTP(secret simpul.Secret, account simpul.AccountID) (string, error) {
	sealed, err := s.sealer.Seal([]byte(secret.Reveal()), totpTable, string(account), totpColumn)
	return base64.StdEncoding.EncodeToString(sealed), err
}

func (s *Service) openTOTP(c credentials) (simpul.Secret, error) {
	raw, err := base64.StdEncoding.DecodeString(c.totp)
	if err != nil {
		return "", err
	}
	text, err := s.sealer.Open(raw, totpTable, string(c.account), totpColumn)
	return simpul.Secret(text), err
}

// setup is what the hub remembers while somebody sets their authenticator up.
type setup struct {
	Account simpul.AccountID
	Secret  string
}

// beginTOTP makes a secret for the person's authenticator and the secret by
// which the next step finds it.
func (s *Service) beginTOTP(ctx context.Context, account simpul.AccountID) (totp, ceremony simpul.Secret, err error) {
	if totp, err = newTOTP(); err != nil {
		return "", "", err
	}
	err = s.write(ctx, func(tx *sqldb.Tx) error {
		ceremony, err = s.remember(ctx, tx, totpCreation, setup{account, totp.Reveal()})
		return err
	})
	return totp, ceremony, err
}

// pendingTOTP returns the secret that beginTOTP made for the account.
func (s *Service) pendingTOTP(ctx context.Context, account simpul.AccountID, ceremony simpul.Secret) (simpul.Secret, error) {
	var pending setup
	if err := s.look(ctx, totpCreation, ceremony, &pending); err != nil {
		return "", err
	}
	if pending.Account != account {
		return "", overtime()
	}
	return simpul.Secret(pending.Secret), nil
}

// onlyDigits drops the spaces that people put into a code.
func onlyDigits(code string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, code)
}

func wrongCode() error {
	return simpul.Invalid("code",
		simpul.Text{ID: "Kode ini tidak cocok.", EN: "This code does not match."},
		simpul.Text{ID: "Masukkan enam angka yang sekarang tampil di aplikasi. Jika tetap gagal, periksa jam ponsel Anda.", EN: "Enter the six digits that the app shows now. If it still fails, check the clock of your phone."})
}
