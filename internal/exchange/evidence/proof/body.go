package proof

import (
	"crypto/sha256"
	"strings"

	"github.com/go-json-experiment/json"

	"simpul"
)

// Body is the SHA-256 of the bytes that somebody holds, who asks whether they are a body of the
// exchange.
type Body [sha256.Size]byte

// Likeness is what can be told of a body that somebody holds.
type Likeness int

const (
	Same       Likeness = iota // it is the body that the record tells of
	Other                      // it is not
	Unkeyed                    // the digest is a commitment, and its key is not there
	Unnamed                    // the record names no digest of a body that there may have been
	Unfamiliar                 // the digest is of a kind that this program does not know
)

// Request holds a body against that of the call. personal is what stands sealed in the record, opened.
func (s *Statement) Request(held Body, personal string) Likeness {
	if s.RequestDigest == "" && s.RequestBytes == 0 && s.Kind == sealed { // the call had no body
		return likeness(held == sha256.Sum256(nil))
	}
	return compare(s.RequestDigest, held, personal, simpul.DigestKey.Request)
}

// Response holds a body against that of the answer, as Request does.
func (s *Statement) Response(held Body, personal string) Likeness {
	return compare(s.ResponseDigest, held, personal, simpul.DigestKey.Response)
}

func compare(recorded simpul.Digest, held Body, personal string, commit func(simpul.DigestKey, [sha256.Size]byte) simpul.Digest) Likeness {
	switch {
	case recorded == "":
		return Unnamed
	case len(recorded.Digits()) != 2*sha256.Size || strings.Trim(recorded.Digits(), "0123456789abcdef") != "":
		return Unfamiliar
	case !recorded.Keyed():
		return likeness(simpul.DigestOf(held) == recorded)
	}
	key, ok := digestKey(personal)
	if !ok {
		return Unkeyed
	}
	return likeness(commit(key, held) == recorded)
}

func likeness(same bool) Likeness {
	if same {
		return Same
	}
	return Other
}

// digestKey finds the key in what stood sealed in a record. Whoever changed it there
// does not make another body fit.
func digestKey(personal string) (simpul.DigestKey, bool) {
	var p struct {
		DigestKey string `json:"digest_key"`
	}
	if personal == "" || json.Unmarshal([]byte(personal), &p) != nil {
		return simpul.DigestKey{}, false
	}
	return simpul.ParseDigestKey(p.DigestKey)
}
