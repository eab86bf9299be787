package oidc

import (
	"cmp"
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// keySet is the signing keys at one moment, ready for use. It is immutable but
// for its cache, which forgets with it.
type keySet struct {
	signers  []signer                // the one that signs last comes first
	byHeader map[string]verifyingKey // of access tokens
	people   map[string]verifyingKey // of ID tokens
	jwks     []byte                  // RFC 7517 section 5, as it is served
	verified *cache
}

// signer is a key with the signers of all kinds of token. Their types differ,
// so that none passes for another.
type signer struct {
	SigningKey
	access, identity, logout jose.Signer
}

type verifyingKey struct {
	public *ecdsa.PublicKey
	until  time.Time
}

// newKeySet opens the keys. A key that does not open is left out and reported:
// its tokens are refused, the others' go on.
func newKeySet(stored []storedKey, sealer Sealer) (set *keySet, unopened []error) {
	set = &keySet{byHeader: map[string]verifyingKey{}, people: map[string]verifyingKey{}, verified: &cache{}}
	published := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, k := range stored {
		private, err := k.open(sealer)
		if err == nil {
			err = set.add(k.SigningKey, private)
		}
		if err != nil {
			unopened = append(unopened, fmt.Errorf("signing key %s: %w", k.ID, err))
			continue
		}
		published.Keys = append(published.Keys, jose.JSONWebKey{Key: private.Public(), KeyID: k.ID, Algorithm: string(algorithm), Use: "sig"})
	}
	slices.SortFunc(set.signers, func(a, b signer) int { return cmp.Or(b.SignsFrom.Compare(a.SignsFrom), cmp.Compare(a.ID, b.ID)) })
	set.jwks, _ = json.Marshal(published) // plain public keys always encode
	return set, unopened
}

func (s *keySet) add(k SigningKey, private *ecdsa.PrivateKey) error {
	if id, err := thumbprint(private.Public()); err != nil || id != k.ID {
		return fmt.Errorf("is stored as another key: %w", err)
	}
	access, err := newSigner(private, k.ID, accessTokenType)
	if err != nil {
		return err
	}
	identity, err := newSigner(private, k.ID, idTokenType)
	if err != nil {
		return err
	}
	logout, err := newSigner(private, k.ID, logoutTokenType)
	if err != nil {
		return err
	}
	s.signers = append(s.signers, signer{k, access, identity, logout})
	s.byHeader[headerOf(k.ID, accessTokenType)] = verifyingKey{&private.PublicKey, k.KeptUntil}
	s.people[headerOf(k.ID, idTokenType)] = verifyingKey{&private.PublicKey, k.KeptUntil}
	return nil
}

func newSigner(private *ecdsa.PrivateKey, id string, typ jose.ContentType) (jose.Signer, error) {
	key := jose.SigningKey{Algorithm: algorithm, Key: jose.JSONWebKey{Key: private, KeyID: id}}
	return jose.NewSigner(key, (&jose.SignerOptions{}).WithType(typ))
}

// headerOf is the first part of every token of the key and type, to the byte.
// Nobody else makes our tokens, so the verifier takes exactly these and reads
// no header: no alg, jku, x5u, jwk or crit of a stranger is ever looked at.
func headerOf(id string, typ jose.ContentType) string {
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"` + string(algorithm) + `","kid":"` + id + `","typ":"` + string(typ) + `"}`))
}

// signer returns the key that signs at the time.
func (s *keySet) signer(now time.Time) (signer, bool) {
	i := slices.IndexFunc(s.signers, func(k signer) bool { return k.signsAt(now) })
	if i < 0 {
		return signer{}, false
	}
	return s.signers[i], true
}
