package issuer

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

const (
	maxToken    = 8 << 10          // bytes
	leeway      = 30 * time.Second // by which the clocks of the two may differ
	longestLife = 24 * time.Hour   // of a token: one that was stolen must end soon
	mostAudient = 20
)

// header is what a token says of its signature. Nothing else in it is looked at.
type header struct {
	Algorithm string         `json:"alg"`
	Type      string         `json:"typ"`
	Key       string         `json:"kid"`
	Critical  jsontext.Value `json:"crit"`
}

// claims are what a token says (RFC 9068 section 2.2).
type claims struct {
	Issuer    string                    `json:"iss"`
	Audience  audience                  `json:"aud"`
	Subject   string                    `json:"sub"`
	Client    string                    `json:"client_id"`
	Party     string                    `json:"azp"`
	ID        string                    `json:"jti"`
	IssuedAt  *float64                  `json:"iat"`
	NotBefore *float64                  `json:"nbf"`
	Expiry    *float64                  `json:"exp"`
	Bound     map[string]jsontext.Value `json:"cnf"`

	// What only an ID token has (OpenID Connect Core section 2).
	Nonce      jsontext.Value `json:"nonce"`
	AccessHash jsontext.Value `json:"at_hash"`
	CodeHash   jsontext.Value `json:"c_hash"`
}

// audience is one name or a list of them (RFC 7519 section 4.1.3).
type audience []string

// UnmarshalJSON reads either form.
func (a *audience) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(a))
}

// parts are a token as it was read, its signature unchecked.
type parts struct {
	text   string
	header header
	claims claims
}

// read takes a token apart. JSON with a member twice, with an unknown case, or
// that is no UTF-8, is refused: two programs might read it differently.
func read(text string) (*parts, error) {
	if len(text) > maxToken {
		return nil, errors.New("longer than a token may be")
	}
	pieces := strings.Split(text, ".")
	if len(pieces) != 3 {
		return nil, errors.New("not of three parts")
	}
	p := &parts{text: text}
	if err := readPart(pieces[0], &p.header); err != nil {
		return nil, err
	}
	if err := readPart(pieces[1], &p.claims); err != nil {
		return nil, err
	}
	if len(p.claims.Audience) > mostAudient {
		return nil, errors.New("for too many")
	}
	return p, nil
}

func readPart(piece string, to any) error {
	text, err := base64.RawURLEncoding.Strict().DecodeString(piece)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}

// check holds the header against the declaration, and the signature against the
// keys. errUnknownKey means that other keys might know the signature.
func (p *parts) check(s *Spec, keys *keySet) error {
	switch {
	case p.header.Critical != nil:
		return errors.New("has extensions that must be understood")
	case !strings.EqualFold(strings.TrimPrefix(strings.ToLower(p.header.Type), "application/"), s.TokenType):
		return errors.New("of another type")
	case !slices.Contains(s.Algorithms, p.header.Algorithm):
		return errors.New("signed by an algorithm that is not allowed")
	}
	candidates := keys.candidates(p.header.Key, p.header.Algorithm)
	if len(candidates) == 0 {
		return errUnknownKey
	}
	signed, err := jose.ParseSignedCompact(p.text, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(p.header.Algorithm)})
	if err != nil {
		return err
	}
	for _, c := range candidates {
		if _, err = signed.Verify(c.key); err == nil {
			return nil
		}
	}
	return err
}

var errUnknownKey = errors.New("signed with a key that is not known")

// claim is the value of the claim that the declaration names, and no other.
func (c *claims) client(s *Spec) string {
	switch s.ClientClaim {
	case claimParty:
		return c.Party
	case claimSubject:
		return c.Subject
	}
	return c.Client
}

// judge decides by what a token says, whose signature is good.
func (c *claims) judge(s *Spec, now time.Time) error {
	switch {
	case c.Issuer != s.Issuer:
		return errors.New("of another issuer")
	case !slices.Contains(c.Audience, s.Audience):
		return errors.New("for somebody else")
	case c.Expiry == nil || c.IssuedAt == nil:
		return errors.New("without exp or iat")
	case s.TokenType == typeAccess && c.ID == "":
		return errors.New("without jti")
	case c.Nonce != nil || c.AccessHash != nil || c.CodeHash != nil:
		return errors.New("an ID token")
	}
	return c.judgeTimes(now)
}

func (c *claims) judgeTimes(now time.Time) error {
	expires, issued := at(*c.Expiry), at(*c.IssuedAt)
	switch {
	case !now.Before(expires.Add(leeway)):
		return errExpired
	case issued.After(now.Add(leeway)), c.NotBefore != nil && at(*c.NotBefore).After(now.Add(leeway)):
		return errors.New("not valid yet")
	case expires.Sub(issued) > longestLife || expires.Sub(now) > longestLife+leeway:
		return errors.New("valid for too long")
	}
	return nil
}

var errExpired = errors.New("expired")

// at reads a NumericDate (RFC 7519 section 2), within what a calendar has.
func at(seconds float64) time.Time {
	whole, fraction := math.Modf(min(max(seconds, 0), 1<<40))
	return time.Unix(int64(whole), int64(fraction*1e9))
}

// bound returns the certificate to which the token is bound, empty for none.
func (c *claims) bound() (thumbprint string, err error) {
	if c.Bound == nil {
		return "", nil
	}
	if json.Unmarshal(c.Bound["x5t#S256"], &thumbprint) != nil || thumbprint == "" || len(c.Bound) != 1 {
		return "", errors.New("bound in a way that cannot be checked")
	}
	return thumbprint, nil
}

// telling is a jti that evidence may hold: short, and without the number of a
// person.
var (
	telling    = regexp.MustCompile(`^[A-Za-z0-9._~:-]{4,64}$`)
	longNumber = regexp.MustCompile(`[0-9]{10}`)
)

// credential is how evidence names the token of an issuer.
func (p *parts) credential(slug string) string {
	if id := p.claims.ID; telling.MatchString(id) && !longNumber.MatchString(id) {
		return slug + ":" + id
	}
	return slug + ":sha256-" + p.digest()[:22]
}

// digest names a token for its revocation: by its jti, or else by itself.
func (p *parts) digest() string {
	if p.claims.ID != "" {
		return digestOf(p.claims.ID)
	}
	return digestOf(p.text)
}

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
