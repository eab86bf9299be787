package signin

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// kind is what a ceremony is for. One kind never stands in for another.
type kind string

const (
	passkeyCreation kind = "passkey.create"
	passkeySignIn   kind = "passkey.get"
	totpCreation    kind = "totp.create"
	recoveryShown   kind = "recovery.show"
	upstreamSignIn  kind = "upstream"
)

// life is how long a ceremony waits for its next step.
func (k kind) life() time.Duration {
	switch k {
	case totpCreation: // time to install an authenticator
		return 30 * time.Minute
	case recoveryShown: // time to write the codes down
		return 30 * time.Minute
	}
	return 5 * time.Minute
}

const ceremonyTable, ceremonyColumn = "signin_ceremony", "sealed"

// remember keeps what the next step of a ceremony needs, and returns the secret
// by which the same browser finds it again.
func (s *Service) remember(ctx context.Context, tx *sqldb.Tx, k kind, state any) (simpul.Secret, error) {
	if _, err := deleteCeremoniesBefore(ctx, tx, s.now()); err != nil {
		return "", err
	}
	text, err := json.Marshal(state)
	if err != nil {
		return "", err
	}
	secret := simpul.NewSecret("")
	sealed, err := s.sealer.Seal(text, ceremonyTable, secret.Digest(), ceremonyColumn)
	if err != nil {
		return "", err
	}
	return secret, insertCeremony(ctx, tx, secret.Digest(), string(k), base64.StdEncoding.EncodeToString(sealed), s.now().Add(k.life()))
}

// recall uses a ceremony up, in a transaction of its own: whatever becomes of
// this step, there is no second one.
func (s *Service) recall(ctx context.Context, k kind, secret simpul.Secret, state any) error {
	var sealed string
	err := s.write(ctx, func(tx *sqldb.Tx) (err error) {
		sealed, err = takeCeremony(ctx, tx, secret.Digest(), string(k), s.now())
		return err
	})
	return s.opened(sealed, secret, state, err)
}

// look reads a ceremony without using it up.
func (s *Service) look(ctx context.Context, k kind, secret simpul.Secret, state any) error {
	var sealed string
	err := s.read(ctx, func(tx *sqldb.Tx) (err error) {
		sealed, err = ceremonyByDigest(ctx, tx, secret.Digest(), string(k), s.now())
		return err
	})
	return s.opened(sealed, secret, state, err)
}

func (s *Service) opened(sealed string, secret simpul.Secret, state any, err error) error {
	if errors.Is(err, sqldb.ErrNoRows) {
		return overtime()
	}
	if err != nil {
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return err
	}
	text, err := s.sealer.Open(raw, ceremonyTable, secret.Digest(), ceremonyColumn)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, state)
}

// overtime is how a step is refused whose ceremony is over, was finished before,
// or began in another browser.
func overtime() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Langkah ini sudah dipakai atau waktunya habis.", EN: "This step was used already, or its time is over."},
		Remedy:  simpul.Text{ID: "Mulai lagi dari awal, dan selesaikan dalam lima menit.", EN: "Begin again, and finish within five minutes."},
	}
}
