package issuer

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

const (
	maxKeySet  = 256 << 10 // bytes of a JWK Set
	maxKeys    = 100
	leastRSA   = 2048 // bits
	longestRSA = 8192 // bits; longer ones only cost time
)

// publicKey is one key of an issuer.
type publicKey struct {
	id        string
	algorithm string // that the key is for; empty: any that fits
	key       any    // *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey
}

// keySet is the keys of an issuer at one time. It is immutable.
type keySet struct {
	keys    []publicKey
	skipped int // entries that are no key for signatures, or a weak or secret one
}

// parseKeys reads a JWK Set (RFC 7517). An entry that is of no use is passed over,
// as section 5 asks, and so is a secret one.
func parseKeys(document []byte) (*keySet, error) {
	if len(document) > maxKeySet {
		return nil, errors.New("the key set is too long")
	}
	var listed struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(document, &listed); err != nil {
		return nil, err
	}
	if listed.Keys == nil || len(listed.Keys) > maxKeys {
		return nil, errors.New("not a list of up to 100 keys")
	}
	set := &keySet{}
	for _, text := range listed.Keys {
		if key, ok := parseKey(text); ok {
			set.keys = append(set.keys, key)
		} else {
			set.skipped++
		}
	}
	return set, nil
}

func parseKey(text []byte) (publicKey, bool) {
	// What certificates say of a key is not looked at, so they cannot spoil it.
	var bare struct {
		Use string `json:"use"`
		Kty string `json:"kty"`
		Kid string `json:"kid"`
		Crv string `json:"crv,omitempty"`
		Alg string `json:"alg,omitempty"`
		X   string `json:"x,omitempty"`
		Y   string `json:"y,omitempty"`
		N   string `json:"n,omitempty"`
		E   string `json:"e,omitempty"`
		K   string `json:"k,omitempty"`
		D   string `json:"d,omitempty"`
	}
	if json.Unmarshal(text, &bare) != nil || bare.K != "" || bare.D != "" || bare.Use != "" && bare.Use != "sig" {
		return publicKey{}, false
	}
	plain, err := json.Marshal(bare)
	if err != nil {
		return publicKey{}, false
	}
	var key jose.JSONWebKey
	if key.UnmarshalJSON(plain) != nil || !key.Valid() || !key.IsPublic() || !strong(key.Key) {
		return publicKey{}, false
	}
	return publicKey{bare.Kid, bare.Alg, key.Key}, true
}

func strong(key any) bool {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen() >= leastRSA && k.N.BitLen() <= longestRSA && k.E >= 3
	case *ecdsa.PublicKey, ed25519.PublicKey:
		return true
	}
	return false
}

// fits reports whether signatures of the algorithm are checked with the key.
func (k publicKey) fits(algorithm string) bool {
	if k.algorithm != "" && k.algorithm != algorithm {
		return false
	}
	switch key := k.key.(type) {
	case *rsa.PublicKey:
		return algorithm[:2] == "RS" || algorithm[:2] == "PS"
	case *ecdsa.PublicKey:
		return curves()[algorithm] == key.Curve.Params().Name
	case ed25519.PublicKey:
		return algorithm == "EdDSA"
	}
	return false
}

// curves are those of RFC 7518 section 3.4.
func curves() map[string]string {
	return map[string]string{"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
}

// candidates are the keys that a token may be signed with. One that names no key
// must leave no choice. The algorithm is one of those of the declaration.
func (s *keySet) candidates(id, algorithm string) []publicKey {
	found := slices.DeleteFunc(slices.Clone(s.keys), func(k publicKey) bool { return !k.fits(algorithm) || id != "" && k.id != id })
	if id == "" && len(found) > 1 {
		return nil
	}
	return found
}

// ids are the names of the keys, for people.
func (s *keySet) ids() (ids []string) {
	for _, k := range s.keys {
		ids = append(ids, k.id)
	}
	return ids
}
