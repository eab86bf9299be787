package tracker

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"sync"
	"time"

	"simpul"
)

// Month is a month of UTC, as "2026-11".
type Month string

// MonthOf is the month of a time.
func MonthOf(t time.Time) Month { return Month(t.UTC().Format(monthLayout)) }

const monthLayout = "2006-01"

// ParseMonth accepts a year and a month.
func ParseMonth(s string) (Month, error) {
	if t, err := time.Parse(monthLayout, s); err == nil && t.Format(monthLayout) == s {
		return Month(s), nil
	}
	return "", simpul.Invalid("month",
		simpul.Text{ID: "Bulan tidak terbaca.", EN: "The month cannot be read."},
		simpul.Text{ID: "Tulis tahun dan bulan, misalnya 2026-11.", EN: "Write the year and the month, such as 2026-11."})
}

// Begin is the first instant of the month.
func (m Month) Begin() time.Time {
	t, _ := time.Parse(monthLayout, string(m)) // a Month is one that was made or parsed here
	return t
}

// Next is the month after.
func (m Month) Next() Month { return MonthOf(m.Begin().AddDate(0, 1, 0)) }

// secretBytes is the length of a key: 256 bits.
const secretBytes = 32

// pseudonymBytes is how much of the keyed hash stands for a person: 128 bits.
const pseudonymBytes = 16

// key makes the pseudonyms of one month.
type key struct {
	month  Month
	hashes sync.Pool // of hash.Hash, keyed
}

func newKey(month Month, secret []byte) *key {
	k := &key{month: month}
	k.hashes.New = func() any { return hmac.New(sha256.New, secret) }
	return k
}

func newSecret() []byte {
	secret := make([]byte, secretBytes)
	rand.Read(secret) // never fails since Go 1.24
	return secret
}

// pseudonym is whom a NIK stands for in the month.
func (k *key) pseudonym(nik simpul.NIK) simpul.Pseudonym {
	h := k.hashes.Get().(hash.Hash)
	h.Reset()
	var digits, sum [sha256.Size]byte
	h.Write(append(digits[:0], nik...))
	short := h.Sum(sum[:0])[:pseudonymBytes]
	k.hashes.Put(h)
	b := make([]byte, 0, len(monthLayout)+1+22)
	b = append(append(b, k.month...), ':')
	return simpul.Pseudonym(base64.RawURLEncoding.AppendEncode(b, short))
}
