package evidence

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"simpul"
)

// entry is one exchange of a page: what it does not share with the others, as
// exactly as the index keeps it.
type entry struct {
	id            [16]byte // a UUID version 7, whose first 48 bits are opened_at in ms
	sequence      uint64
	status        int64
	request       digest
	response      digest
	requestBytes  int64
	responseBytes int64
	latency       int64 // microseconds
	upstream      int64 // microseconds
}

// digest is a SHA-256, a commitment, or the absence of either.
type digest struct {
	known bool
	keyed bool
	sum   [32]byte
}

// entryOf says no to an exchange that an entry cannot hold without loss: one with
// an identifier of another time, or digests in another form.
func entryOf(r *indexed) (e entry, ok bool) {
	x := &r.record.Exchange
	id, ok := uuidOf(x.ID)
	if !ok || millisecondOf(id) != x.OpenedAt.UnixMilli() {
		return entry{}, false
	}
	request, ok := digestOf(x.RequestDigest)
	if !ok {
		return entry{}, false
	}
	response, ok := digestOf(x.ResponseDigest)
	return entry{
		id: id, sequence: r.sequence, status: int64(x.Status), request: request, response: response,
		requestBytes: x.RequestBytes, responseBytes: x.ResponseBytes,
		latency: x.Latency.Microseconds(), upstream: x.Upstream.Microseconds(),
	}, ok
}

// openedAt is in ms.
func (e *entry) openedAt() int64 { return millisecondOf(e.id) }

// exchange is the whole exchange, given one with what it shares.
func (e *entry) exchange(shared simpul.Exchange) simpul.Exchange {
	x := shared
	x.ID, x.OpenedAt = idOf(e.id), time.UnixMilli(e.openedAt()).UTC()
	x.Status = int(e.status)
	x.RequestDigest, x.ResponseDigest = e.request.text(), e.response.text()
	x.RequestBytes, x.ResponseBytes = e.requestBytes, e.responseBytes
	x.Latency, x.Upstream = time.Duration(e.latency)*time.Microsecond, time.Duration(e.upstream)*time.Microsecond
	return x
}

// The packed form of entries: the version of the form, one byte, and then of each
// entry, until the end:
//
//   - the identifier, 16 bytes
//   - which digests follow, one byte: 1 for the request's, 2 for the response's,
//     and in version 2 as well 4 where the request's is keyed, 8 for the response's
//   - those, 32 bytes each
//   - sequence, as the difference from the entry before, status, bytes of request
//     and response, microseconds of latency and upstream: six varints as
//     encoding/binary writes them (zigzag, 7 bits a byte)
//
// Readers refuse a version that they do not know: a new form gets a new number,
// and what is stored keeps its own until it is pruned or rebuilt. Entries without keyed
// digests are written in version 1, which older programs read.
const (
	packedPlain = 1
	packedKeyed = 2
)

// In the byte that says which digests follow.
const (
	hasRequest    = 1
	hasResponse   = 2
	keyedRequest  = 4
	keyedResponse = 8
)

// packedEntry is room for an entry with both digests and usual numbers, bytes.
const packedEntry = 16 + 1 + 2*32 + 16

func pack(entries []entry) []byte {
	b := append(make([]byte, 0, 1+packedEntry*len(entries)), packedPlain)
	if slices.ContainsFunc(entries, func(e entry) bool { return e.request.keyed || e.response.keyed }) {
		b[0] = packedKeyed
	}
	before := uint64(0)
	for i := range entries {
		b = entries[i].pack(b, before)
		before = entries[i].sequence
	}
	return b
}

func (e *entry) pack(b []byte, before uint64) []byte {
	b = append(b, e.id[:]...)
	b = append(b, e.request.flags(hasRequest, keyedRequest)|e.response.flags(hasResponse, keyedResponse))
	b = e.response.pack(e.request.pack(b))
	b = binary.AppendVarint(b, int64(e.sequence-before)) // wraps around and back
	for _, n := range [...]int64{e.status, e.requestBytes, e.responseBytes, e.latency, e.upstream} {
		b = binary.AppendVarint(b, n)
	}
	return b
}

func (d *digest) flags(known, keyed byte) (flags byte) {
	if d.known {
		flags |= known
	}
	if d.keyed {
		flags |= keyed
	}
	return flags
}

func (d *digest) pack(b []byte) []byte {
	if !d.known {
		return b
	}
	return append(b, d.sum[:]...)
}

var errPacked = errors.New("packed entries are damaged")

// unpack reads what pack wrote, and refuses everything else.
func unpack(b []byte) ([]entry, error) {
	if len(b) < 2 {
		return nil, errPacked
	}
	if b[0] != packedPlain && b[0] != packedKeyed {
		return nil, fmt.Errorf("packed entries of version %d, and this program knows %d and %d", b[0], packedPlain, packedKeyed)
	}
	entries := make([]entry, 0, pageEntries)
	p := packed{rest: b[1:], keyed: b[0] == packedKeyed}
	for before := uint64(0); len(p.rest) > 0; {
		e := p.entry(before)
		if p.damaged {
			return nil, errPacked
		}
		if n := len(entries); n > 0 && bytes.Compare(entries[n-1].id[:], e.id[:]) >= 0 {
			return nil, errPacked // a page is in the order of time
		}
		entries = append(entries, e)
		before = e.sequence
	}
	return entries, nil
}

// packed is what is left to read, unless it turned out to be damaged.
type packed struct {
	rest    []byte
	keyed   bool // digests may be
	damaged bool
}

func (p *packed) entry(before uint64) (e entry) {
	copy(e.id[:], p.bytes(len(e.id)))
	digests := p.bytes(1)
	if p.damaged || digests[0]&^(hasRequest|hasResponse|keyedRequest|keyedResponse) != 0 {
		p.damaged = true
		return e
	}
	e.request = p.digest(digests[0]&hasRequest != 0, digests[0]&keyedRequest != 0)
	e.response = p.digest(digests[0]&hasResponse != 0, digests[0]&keyedResponse != 0)
	e.sequence = before + uint64(p.number())
	for _, n := range [...]*int64{&e.status, &e.requestBytes, &e.responseBytes, &e.latency, &e.upstream} {
		*n = p.number()
	}
	return e
}

func (p *packed) bytes(n int) []byte {
	if p.damaged || len(p.rest) < n {
		p.damaged = true
		return nil
	}
	b := p.rest[:n]
	p.rest = p.rest[n:]
	return b
}

func (p *packed) digest(known, keyed bool) (d digest) {
	p.damaged = p.damaged || keyed && !(known && p.keyed)
	if known {
		d.known, d.keyed = true, keyed
		copy(d.sum[:], p.bytes(len(d.sum)))
	}
	return d
}

func (p *packed) number() int64 {
	n, size := binary.Varint(p.rest)
	if size <= 0 {
		p.damaged = true
		return 0
	}
	p.rest = p.rest[size:]
	return n
}

// uuidOf reads an identifier as simpul.ParseExchangeID accepts it.
func uuidOf(id simpul.ExchangeID) (u [16]byte, ok bool) {
	if len(id) != 36 || id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-' {
		return u, false
	}
	var digits [32]byte
	copy(digits[:8], id[:8])
	copy(digits[8:12], id[9:13])
	copy(digits[12:16], id[14:18])
	copy(digits[16:20], id[19:23])
	copy(digits[20:], id[24:])
	return u, unhex(u[:], digits[:])
}

func idOf(u [16]byte) simpul.ExchangeID {
	var s [36]byte
	hex.Encode(s[:8], u[:4])
	hex.Encode(s[9:13], u[4:6])
	hex.Encode(s[14:18], u[6:8])
	hex.Encode(s[19:23], u[8:10])
	hex.Encode(s[24:], u[10:])
	s[8], s[13], s[18], s[23] = '-', '-', '-', '-'
	return simpul.ExchangeID(s[:])
}

func millisecondOf(u [16]byte) int64 { return int64(binary.BigEndian.Uint64(u[:8]) >> 16) }

// digestOf reads a digest in lower-case hex, of either kind, or none.
func digestOf(text simpul.Digest) (d digest, ok bool) {
	if text == "" {
		return d, true
	}
	hexadecimal := text.Digits()
	var digits [64]byte
	if len(hexadecimal) != len(digits) {
		return d, false
	}
	copy(digits[:], hexadecimal)
	d.known, d.keyed = true, text.Keyed()
	return d, unhex(d.sum[:], digits[:])
}

func (d *digest) text() simpul.Digest {
	if !d.known {
		return ""
	}
	if d.keyed {
		return simpul.KeyedDigest(d.sum)
	}
	return simpul.DigestOf(d.sum)
}

// unhex reads hex in lower case alone: it must come back as it was.
func unhex(dst, digits []byte) bool {
	for _, c := range digits {
		if 'A' <= c && c <= 'F' {
			return false
		}
	}
	_, err := hex.Decode(dst, digits)
	return err == nil
}
