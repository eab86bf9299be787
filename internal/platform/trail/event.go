package trail

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"time"

	"simpul"
)

// Event is one thing that somebody did, or tried to do, on the control plane.
type Event struct {
	Seq     int64
	At      time.Time
	Agency  simpul.AgencyID  // whose matter it is; empty for the nation's
	Account simpul.AccountID // the person whom it concerns; empty for nobody
	Actor   string           // who did it: an account, a token's ID, or "hub"
	Action  string           // noun.verb, such as "key.issue"
	Subject string           // what it was done to: an identifier
	Outcome simpul.Code      // empty: done; otherwise why it was refused
	Detail  string           // what else is worth knowing, one line; no secrets
	Origin  string           // address from which it came, where known

	digest string
}

// Hub is the actor of what the hub does by itself.
const Hub = "hub"

// By begins an event of the principal, in the trail of the agency.
func By(p simpul.Principal, agency simpul.AgencyID, action, subject string) Event {
	return Event{Agency: agency, Account: p.Account, Actor: p.ID, Action: action, Subject: subject}
}

// chained returns the digest of the event after the one with the digest before:
// SHA-256 over the length and bytes of every field, in hex.
func (e Event) chained(before string) string {
	h := sha256.New()
	var number [8]byte
	field := func(text string) {
		binary.BigEndian.PutUint64(number[:], uint64(len(text)))
		h.Write(number[:])
		h.Write([]byte(text))
	}
	for _, n := range []int64{e.Seq, e.At.UnixMilli()} {
		binary.BigEndian.PutUint64(number[:], uint64(n))
		h.Write(number[:])
	}
	for _, text := range []string{before, string(e.Agency), string(e.Account), e.Actor, e.Action, e.Subject, string(e.Outcome), e.Detail, e.Origin} {
		field(text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

type originKey struct{}

// WithOrigin notes the address from which a request came, for the events that
// it causes.
func WithOrigin(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, originKey{}, address)
}

// Origin returns the address that WithOrigin noted.
func Origin(ctx context.Context) string {
	address, _ := ctx.Value(originKey{}).(string)
	return address
}

// subscriber is the part of an IPv6 address that one line to the Internet gets
// (RFC 6177): whoever has it may use any address within.
const subscriber = 64

// Neighbourhood returns what of the origin to count by when somebody's attempts
// are bounded: the address, and of an IPv6 address the subscriber's network.
func Neighbourhood(ctx context.Context) string {
	origin := Origin(ctx)
	address, err := netip.ParseAddr(origin)
	if err != nil || !address.Unmap().Is6() {
		return origin
	}
	return netip.PrefixFrom(address.WithZone(""), subscriber).Masked().String()
}
