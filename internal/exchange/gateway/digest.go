package gateway

import (
	"crypto/sha256"
	"hash"

	"simpul"
)

// bodySum is the SHA-256 of a body, if all of it passed.
type bodySum struct {
	known bool
	sum   [sha256.Size]byte
}

// sumOfNothing is that of an empty body. Nobody changes it.
var sumOfNothing = bodySum{true, sha256.Sum256(nil)}

func (b *bodySum) take(h hash.Hash) {
	h.Sum(b.sum[:0])
	b.known = true
}

// digest notes in the exchange which bodies passed: by commitments where its record has a
// part that is sealed, or could have one. Data of such a class often have few possible
// contents, and whoever holds the record could try all of them on a plain digest. It
// comes when everything else that is sealed is known.
func (c *call) digest() {
	x := &c.exchange
	if !c.asked.known && !c.answered.known {
		return
	}
	if x.RequestBytes+x.ResponseBytes > 0 && (x.Class.Durable() || x.Personal()) {
		x.DigestKey = simpul.NewDigestKey()
		x.RequestDigest, x.ResponseDigest = c.asked.under(x.DigestKey.Request), c.answered.under(x.DigestKey.Response)
		return
	}
	x.RequestDigest, x.ResponseDigest = c.asked.under(simpul.DigestOf), c.answered.under(simpul.DigestOf)
}

func (b *bodySum) under(form func([sha256.Size]byte) simpul.Digest) simpul.Digest {
	if !b.known {
		return ""
	}
	return form(b.sum)
}
