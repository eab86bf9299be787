package app

import (
	"context"
	"fmt"
	"os"
	"strings"

	"simpul"
	"simpul/internal/platform/config"
	"simpul/internal/platform/pkcs11"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/vault"
)

// openVault opens the vault of the database as it is configured.
func openVault(ctx context.Context, db *sqldb.DB, c config.Vault) (*vault.Vault, error) {
	if c.PKCS11.Module == "" {
		return vault.Attach(ctx, db, c.File)
	}
	guard, err := guardOf(c.PKCS11)
	if err != nil {
		return nil, err
	}
	return vault.AttachGuarded(ctx, db, c.File, guard)
}

// guardOf is the token that wraps the vault's file.
func guardOf(c config.PKCS11) (pkcs11.Token, error) {
	if c.PINFile != "" {
		pin, err := readPIN(c.PINFile)
		if err != nil {
			return pkcs11.Token{}, err
		}
		c.PIN = pin
	}
	t := pkcs11.Token{Module: c.Module, Label: c.Token, Key: c.Key, PIN: c.PIN}
	return t, t.Check()
}

func readPIN(file string) (simpul.Secret, error) {
	info, err := os.Stat(file)
	if err != nil {
		return "", fmt.Errorf("vault.pkcs11.pinFile: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", simpul.Invalid("vault.pkcs11.pinFile",
			simpul.Text{ID: "Berkas PIN " + file + " dapat dibaca pengguna lain.", EN: "Others may read the PIN file " + file + "."},
			simpul.Text{ID: "Jalankan: chmod 600 " + file + ".", EN: "Run: chmod 600 " + file + "."})
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("vault.pkcs11.pinFile: %w", err)
	}
	pin, _, _ := strings.Cut(string(text), "\n")
	return simpul.Secret(strings.TrimSpace(pin)), nil
}

// WrapVault has the configured token wrap the vault's file, and returns the name
// of the copy in clear that stays. No hub may run on it meanwhile.
func WrapVault(c config.Config) (backup string, err error) {
	return convertVault(c, vault.Wrap)
}

// UnwrapVault turns the file back into one in clear, and returns the name of the
// wrapped copy that stays.
func UnwrapVault(c config.Config) (backup string, err error) {
	return convertVault(c, vault.Unwrap)
}

func convertVault(c config.Config, convert func(string, vault.Guard) (string, error)) (string, error) {
	guard, err := guardOf(c.Vault.PKCS11)
	if err == nil {
		err = unchecked(c)
	}
	if err != nil {
		return "", err
	}
	return convert(c.Vault.File, guard)
}
