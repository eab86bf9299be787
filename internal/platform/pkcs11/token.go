package pkcs11

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"simpul"
)

const (
	tool      = "pkcs11-tool"
	pinName   = "SIMPUL_TOOL_PIN"
	patience  = 30 * time.Second // for one run of the tool
	leastBits = 2048
)

// Token is one RSA key of one token.
type Token struct {
	Module string        // the vendor's library, such as /usr/lib/softhsm/libsofthsm2.so
	Label  string        // of the token
	Key    string        // CKA_ID of the key pair, in hexadecimal
	PIN    simpul.Secret // of the user
}

// Check refuses a token that is not described in full.
func (t Token) Check() error {
	if _, err := hex.DecodeString(t.Key); err != nil || t.Key == "" {
		return simpul.Invalid("vault.pkcs11.key",
			simpul.Text{ID: "Kunci token disebut dengan ID heksadesimal (CKA_ID).", EN: "The token's key is named by its ID in hexadecimal (CKA_ID)."},
			simpul.Text{ID: "Tulis misalnya 01; lihat dengan: pkcs11-tool --list-objects.", EN: "Write for example 01; see: pkcs11-tool --list-objects."})
	}
	for place, value := range map[string]string{"vault.pkcs11.module": t.Module, "vault.pkcs11.token": t.Label, "vault.pkcs11.pin": t.PIN.Reveal()} {
		if value == "" || strings.ContainsAny(value, "\x00\n") {
			return simpul.Invalid(place,
				simpul.Text{ID: "Pengaturan token PKCS#11 belum lengkap.", EN: "The settings of the PKCS#11 token are incomplete."},
				simpul.Text{ID: "Isi vault.pkcs11.module, token, key, dan pin atau pinFile.", EN: "Fill in vault.pkcs11.module, token, key, and pin or pinFile."})
		}
	}
	return nil
}

// Public returns the public key, in DER (SubjectPublicKeyInfo, RFC 5280).
func (t Token) Public() ([]byte, error) {
	der, err := t.run("--read-object", "--type", "pubkey", "--id", t.Key)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	key, ok := parsed.(*rsa.PublicKey)
	if err != nil || !ok || key.N.BitLen() < leastBits {
		return nil, notRSA(t)
	}
	return der, nil
}

// hashes are those of RSA-OAEP (RFC 8017) as the tool names them.
var hashes = map[string][2]string{"SHA-256": {"SHA256", "MGF1-SHA256"}, "SHA-1": {"SHA-1", "MGF1-SHA1"}}

// Unwrap decrypts what was encrypted to the public key by RSA-OAEP with the
// hash, "SHA-256" or "SHA-1".
func (t Token) Unwrap(wrapped []byte, hash string) ([]byte, error) {
	names, ok := hashes[hash]
	if !ok {
		return nil, fmt.Errorf("RSA-OAEP with %q", hash)
	}
	file, err := os.CreateTemp("", "simpul-wrapped-")
	if err != nil {
		return nil, fmt.Errorf("ask token: %w", err)
	}
	defer os.Remove(file.Name())
	_, err = file.Write(wrapped)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("ask token: %w", err)
	}
	return t.run("--decrypt", "--mechanism", "RSA-PKCS-OAEP", "--hash-algorithm", names[0], "--mgf", names[1], "--id", t.Key, "--input-file", file.Name())
}

// run asks the token and returns what the tool printed.
func (t Token) run(args ...string) ([]byte, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, tool, append([]string{"--module", t.Module, "--token-label", t.Label, "--login", "--pin", "env:" + pinName}, args...)...)
	cmd.Env = append(withoutOurs(os.Environ()), pinName+"="+t.PIN.Reveal())
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, t.explain(err, said.String())
	}
	return out, nil
}

// withoutOurs keeps the hub's settings, which hold secrets, from the tool. What
// a vendor's module is told by the environment stays.
func withoutOurs(environment []string) []string {
	return slices.DeleteFunc(environment, func(pair string) bool { return strings.HasPrefix(pair, "SIMPUL_") })
}
