package agency

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"time"

	"simpul"
)

// keyPrefix marks an API key of Simpul, so that secret scanners find leaked ones.
const keyPrefix = "spk_"

// How long a key lives, and how long a key and the one that follows it do so
// side by side.
const (
	usualLife     = 365 * day
	longestLife   = 730 * day
	day           = 24 * time.Hour
	fewestOverlap = 1
	mostOverlap   = 90 // days
)

// Key is one credential of an application.
type Key struct {
	ID          string
	Application simpul.ApplicationID
	Label       string
	Replaces    string // the key that it follows; empty for none
	CreatedAt   time.Time
	ExpiresAt   time.Time // zero: without end
	UsedOn      time.Time // the day of its last use, in UTC; zero: never
}

// Expired reports whether the key has ended by itself.
func (k Key) Expired(now time.Time) bool { return !k.ExpiresAt.IsZero() && !now.Before(k.ExpiresAt) }

// KeyWish is what somebody wants of a new key.
type KeyWish struct {
	Label     string
	ExpiresAt time.Time // zero: a year from now
}

// end returns when a key made now ends.
func (w KeyWish) end(now time.Time) (time.Time, error) {
	if w.ExpiresAt.IsZero() {
		return now.Add(usualLife), nil
	}
	end := w.ExpiresAt.Truncate(time.Millisecond)
	if !end.After(now) || end.After(now.Add(longestLife)) {
		return time.Time{}, simpul.Invalid("expiresAt",
			simpul.Text{ID: "Akhir masa berlaku kunci harus sesudah sekarang dan paling lama dua tahun.", EN: "A key must end after now and within two years."},
			simpul.Text{ID: "Pilih tanggal dalam dua tahun ke depan; kunci dapat diputar sebelum berakhir.", EN: "Choose a date within the next two years; a key can be rotated before it ends."})
	}
	return end, nil
}

var kindKey = simpul.Text{ID: "Kunci API", EN: "API key"}

func newKeyID() string { return "k-" + strings.ToLower(rand.Text()[:12]) }

// newKeySecret makes the text of a key: prefix, 130 random bits, and a checksum
// by which scanners tell a key from what only looks like one.
func newKeySecret() simpul.Secret {
	body := simpul.NewSecret(keyPrefix)
	return body + simpul.Secret(checksum(body.Reveal()))
}

// LooksLikeKey reports whether a text is a key of the present form: its checksum
// fits. It says nothing of whether there is such a key.
func LooksLikeKey(text string) bool {
	const random, sum = 26, 7
	if len(text) != len(keyPrefix)+random+sum || !strings.HasPrefix(text, keyPrefix) {
		return false
	}
	body := text[:len(text)-sum]
	return checksum(body) == text[len(body):]
}

// checksum is the CRC-32 (IEEE 802.3) of the text in 7 characters of base32.
func checksum(text string) string {
	sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(text)))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum))
}
