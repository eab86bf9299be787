package simpul

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"time"
)

// ExchangeID names one exchange: a UUID version 7 (RFC 9562 section 5.7), so
// that identifiers sort by time.
type ExchangeID string

// NewExchangeID makes an identifier for an exchange that opens at the time.
func NewExchangeID(now time.Time) ExchangeID {
	var u [16]byte
	rand.Read(u[6:]) // never fails since Go 1.24
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(now.UnixMilli())<<16)
	copy(u[:6], ms[:6])
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80

	var s [36]byte
	hex.Encode(s[0:8], u[0:4])
	hex.Encode(s[9:13], u[4:6])
	hex.Encode(s[14:18], u[6:8])
	hex.Encode(s[19:23], u[8:10])
	hex.Encode(s[24:36], u[10:16])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return ExchangeID(s[:])
}

// Time is when the exchange opened, to the millisecond, as its identifier says;
// the zero time for one that says nothing.
func (id ExchangeID) Time() time.Time {
	if len(id) != 36 {
		return time.Time{}
	}
	ms, err := strconv.ParseInt(string(id[:8]+id[9:13]), 16, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// ParseExchangeID accepts the 36-character form of a UUID in lower case.
func ParseExchangeID(s string) (ExchangeID, error) {
	valid := len(s) == 36
	for i := 0; valid && i < len(s); i++ {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			valid = c == '-'
		} else {
			valid = '0' <= c && c <= '9' || 'a' <= c && c <= 'f'
		}
	}
	if valid {
		return ExchangeID(s), nil
	}
	return "", Invalid("exchange",
		Text{"\"" + s + "\" bukan nomor pertukaran.", "\"" + s + "\" is not an exchange ID."},
		Text{"Salin nilai kepala Exchange-Id dari jawaban hub.", "Copy the value of the Exchange-Id header of the hub's answer."})
}

// Consumer is the application that calls, once authenticated.
type Consumer struct {
	Application ApplicationID
	Credential  string // identifier of the key that was shown, never the key
	Subject     string // the person for whom it acts, by the identifier that their tokens carry; empty for nobody
}

// Rehearsal is the purpose of a call of the sandbox.
const Rehearsal = "sandbox"

// Rehearsed reports whether the exchange was a call of the sandbox, which no
// provider saw and which counts as no use of a LID. A grant is what tells them
// apart: every exchange that a provider answered has one.
func (x *Exchange) Rehearsed() bool { return x.Grant == "" && x.Purpose == Rehearsal }

// Personal reports whether the record of the exchange has a part that is sealed: what can
// be traced to a person, and the keys of what it commits to.
func (x *Exchange) Personal() bool {
	return x.Consumer.Subject != "" || x.Case != "" || len(x.Persons) != 0 || x.FieldKey != "" || x.DigestKey != (DigestKey{})
}

// Exchange is one call through the hub and, when sealed, its record. It holds
// no payload, no query and no path parameter, since those may be personal data.
type Exchange struct {
	ID        ExchangeID
	OpenedAt  time.Time
	Consumer  Consumer
	Address   Address
	Version   string
	Class     LIDClass
	Provider  AgencyID
	Operation Operation // as the contract writes it, parameters unfilled
	Grant     GrantID
	Purpose   string
	Basis     string      // legal basis of the grant; of a durable class
	Fields    string      // that the grant selects, dotted paths with spaces between them; empty for every field
	Case      string      // number of the case that the call is for, as the consumer states it
	Persons   []Pseudonym // whose data were asked for or delivered, where the LID says who that is
	Unnamed   int         // further persons, beyond those that Persons has room for

	Status         int  // HTTP status that the consumer got
	Outcome        Code // "" for a delivered exchange
	RequestDigest  Digest
	ResponseDigest Digest    // of the body that the consumer got
	FieldRoot      Digest    // of the tree over the fields of that body, by which one is proved without the others; empty for none
	FieldKey       string    // makes the salts of that tree
	DigestKey      DigestKey // of both digests, where they are commitments
	RequestBytes   int64
	ResponseBytes  int64
	Latency        time.Duration // from the request's head to the seal
	Upstream       time.Duration // of it, waiting for the provider's head
}
