package identity

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Where sealed values are.
const (
	tableOfAccounts, personColumn    = "identity_account", "person"
	tableOfEmergencies, reasonColumn = "identity_emergency", "reason"
	emailPurpose                     = "identity_account.email"
)

// storedAccount is an account as the database holds it.
type storedAccount struct {
	Account
	sealed string // Personal; empty once it is erased
}

// account reads an account that the transaction's scope covers.
func (s *Service) account(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID) (Account, error) {
	stored, err := getAccount(ctx, tx, id)
	if err != nil {
		return Account{}, err
	}
	return s.open(stored)
}

func (s *Service) open(stored storedAccount) (Account, error) {
	a := stored.Account
	if stored.sealed == "" {
		return a, nil
	}
	text, err := s.unseal(stored.sealed, tableOfAccounts, string(a.ID), personColumn)
	if err != nil {
		return Account{}, err
	}
	return a, json.Unmarshal(text, &a.Personal)
}

// sealed returns what is stored of a person: the fields, and the digest by which
// the e-mail address is found.
func (s *Service) sealed(id simpul.AccountID, p Personal) (person, digest string, err error) {
	text, err := json.Marshal(p)
	if err != nil {
		return "", "", err
	}
	if person, err = s.seal(text, tableOfAccounts, string(id), personColumn); err != nil {
		return "", "", err
	}
	digest, err = s.emailDigest(p.Email)
	return person, digest, err
}

// emailDigest folds case: no mailbox that is in use tells "A@x" from "a@x".
func (s *Service) emailDigest(email string) (string, error) {
	return s.others.Sealer.Digest(strings.ToLower(strings.TrimSpace(email)), emailPurpose)
}

func (s *Service) seal(text []byte, table, row, column string) (string, error) {
	sealed, err := s.others.Sealer.Seal(text, table, row, column)
	if err != nil {
		return "", fmt.Errorf("seal %s.%s of %s: %w", table, column, row, err)
	}
	return base64.StdEncoding.EncodeToString(sealed), nil
}

func (s *Service) unseal(text, table, row, column string) ([]byte, error) {
	sealed, err := base64.StdEncoding.DecodeString(text)
	if err == nil {
		sealed, err = s.others.Sealer.Open(sealed, table, row, column)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s.%s of %s: %w", table, column, row, err)
	}
	return sealed, nil
}
