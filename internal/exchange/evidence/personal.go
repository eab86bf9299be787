package evidence

import (
	"encoding/base64"
	"fmt"
	"time"

	"simpul"

	"github.com/go-json-experiment/json"
)

// Personal is the part of a record that can be traced to a person, as it stands
// in the journal: sealed.
type Personal struct {
	Key string // identifier of the key, "terbatas/2026-11"; empty where the record has no such part
	Box string // of [sealingKey.seal], in unpadded base64url
}

// Sealed reports whether there is anything to open.
func (p Personal) Sealed() bool { return p.Box != "" }

// personal mirrors appendPersonal for reading: what stands sealed.
type personal struct {
	Subject   string `json:"subject"`
	Case      string `json:"case"`
	Persons   string `json:"persons"`
	FieldKey  string `json:"field_key"`
	DigestKey string `json:"digest_key"`
}

func hasPersonal(x *simpul.Exchange) bool { return x.Personal() }

// appendPersonal appends the members that are sealed, as one JSON object.
func appendPersonal(dst []byte, x *simpul.Exchange) []byte {
	o := newObject(dst)
	o.text(`,"subject":`, x.Consumer.Subject)
	o.text(`,"case":`, x.Case)
	o.persons(x.Persons)
	o.text(`,"field_key":`, x.FieldKey)
	if x.DigestKey != (simpul.DigestKey{}) {
		o.b = append(x.DigestKey.Append(append(o.b, `,"digest_key":"`...)), '"')
	}
	return o.end()
}

// keyAlone is how long a sealed part is that holds the digest key and nothing else, as
// it stands in a record.
var keyAlone = base64.RawURLEncoding.EncodedLen(boxHead + len(`{"digest_key":"0123456789012345678901"}`) + tagBytes)

// fill puts what was sealed into the exchange.
func (p *personal) fill(x *simpul.Exchange) {
	x.Consumer.Subject, x.Case, x.FieldKey = p.Subject, p.Case, p.FieldKey
	x.Persons = pseudonyms(p.Persons)
	x.DigestKey, _ = simpul.ParseDigestKey(p.DigestKey)
}

// appendBox adds the sealed part to the object of a record.
func appendBox(record, box []byte, key string) []byte {
	b := append(record[:len(record)-1], `,"personal":"`...)
	b = base64.RawURLEncoding.AppendEncode(b, box)
	b = append(b, `","personal_key":"`...)
	b = append(b, key...)
	return append(b, '"', '}')
}

// unbox returns the bytes of a sealed part. Both alphabets of base64 are read,
// with padding or without.
func (p Personal) unbox() ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(p.Box)
	if err == nil {
		return b, nil
	}
	return base64.StdEncoding.DecodeString(p.Box)
}

func readPersonal(text []byte) (p personal, err error) {
	if err := json.Unmarshal(text, &p); err != nil {
		return p, fmt.Errorf("decode the sealed part of a record: %w", err)
	}
	return p, nil
}

// monthOf is the UTC month of a time, counted from the year 0.
func monthOf(t time.Time) int {
	y, m, _ := t.UTC().Date()
	return 12*y + int(m) - 1
}

// startOf is when the month begins.
func startOf(month int) time.Time {
	return time.Date(month/12, time.Month(month%12+1), 1, 0, 0, 0, 0, time.UTC)
}
