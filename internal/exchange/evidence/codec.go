package evidence

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"simpul"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The payload of a record in a segment of format version 1: one JSON object
// (RFC 8259) without line breaks; members that are empty are left out. A reader
// ignores members that it does not know, so members may be added without a new
// version; a member never changes its meaning.

// appendRecord appends the part of a record that is written in the clear. What can be
// traced to a person (subject, case, persons, field_key) is not: [Keys] seals it. It is written by hand because
// it runs for every exchange: it allocates nothing when dst has room.
func appendRecord(dst []byte, kind Kind, x *simpul.Exchange) []byte {
	o := newObject(dst)
	o.text(`,"kind":`, string(kind))
	o.text(`,"id":`, string(x.ID))
	o.time(`,"opened":`, x.OpenedAt)
	o.text(`,"application":`, string(x.Consumer.Application))
	o.text(`,"credential":`, x.Consumer.Credential)
	o.text(`,"address":`, string(x.Address))
	o.text(`,"version":`, x.Version)
	o.text(`,"class":`, string(x.Class))
	o.text(`,"provider":`, string(x.Provider))
	o.text(`,"method":`, x.Operation.Method)
	o.text(`,"path":`, x.Operation.Path)
	o.text(`,"grant":`, string(x.Grant))
	o.text(`,"purpose":`, x.Purpose)
	o.number(`,"status":`, int64(x.Status))
	o.text(`,"outcome":`, string(x.Outcome))
	o.text(`,"request_digest":`, string(x.RequestDigest))
	o.text(`,"response_digest":`, string(x.ResponseDigest))
	o.number(`,"request_bytes":`, x.RequestBytes)
	o.number(`,"response_bytes":`, x.ResponseBytes)
	o.number(`,"latency_ns":`, int64(x.Latency))
	o.number(`,"upstream_ns":`, int64(x.Upstream))
	o.text(`,"basis":`, x.Basis)
	o.text(`,"fields":`, x.Fields)
	o.number(`,"unnamed":`, int64(x.Unnamed))
	o.text(`,"field_root":`, string(x.FieldRoot))
	return o.end()
}

// object writes the members of one JSON object. Each comes with its name as it is
// written, comma and colon included; the first comma becomes the brace.
type object struct {
	b  []byte
	at int
}

func newObject(dst []byte) object { return object{dst, len(dst)} }

func (o *object) end() []byte {
	if len(o.b) == o.at {
		return append(o.b, '{', '}')
	}
	o.b[o.at] = '{'
	return append(o.b, '}')
}

// text quotes the value; bytes that are not UTF-8 become U+FFFD, which is the
// only error that AppendQuote reports.
func (o *object) text(name, value string) {
	if value != "" {
		o.b, _ = jsontext.AppendQuote(append(o.b, name...), value)
	}
}

// persons stand in one text with spaces between them; a pseudonym has none, and
// nothing that needs an escape.
func (o *object) persons(all []simpul.Pseudonym) {
	if len(all) == 0 {
		return
	}
	o.b = append(o.b, `,"persons":`...)
	for i, p := range all {
		o.b = append(o.b, `" `[min(i, 1)])
		o.b = append(o.b, p...)
	}
	o.b = append(o.b, '"')
}

func (o *object) number(name string, value int64) {
	if value != 0 {
		o.b = strconv.AppendInt(append(o.b, name...), value, 10)
	}
}

func (o *object) time(name string, value time.Time) {
	if value.IsZero() {
		return
	}
	o.b = append(append(o.b, name...), '"')
	o.b = append(value.UTC().AppendFormat(o.b, time.RFC3339Nano), '"')
}

// appendClock says by how much the clock was wrong at most, where that is known: a
// record without it claims nothing.
func appendClock(record []byte, off time.Duration) []byte {
	if off <= 0 {
		return record
	}
	b := append(record[:len(record)-1], `,"clock":`...)
	b = strconv.AppendInt(b, off.Milliseconds(), 10)
	return append(b, '}')
}

// appendSalted ends the object of a record with a salt of 128 bits. What the
// record is committed to in public then tells nothing to somebody who guesses at
// what it says, and nothing at all once the record is gone.
func appendSalted(record []byte) []byte {
	var salt [16]byte
	rand.Read(salt[:]) // never fails since Go 1.24
	b := append(record[:len(record)-1], `,"salt":"`...)
	b = base64.RawURLEncoding.AppendEncode(b, salt[:])
	return append(b, '"', '}')
}

// payload mirrors appendRecord, and what the recorder adds, for reading. Subject, case,
// persons and field_key stand in the clear in records from before there were keys.
type payload struct {
	Kind           Kind                 `json:"kind"`
	ID             simpul.ExchangeID    `json:"id"`
	Opened         time.Time            `json:"opened"`
	Application    simpul.ApplicationID `json:"application"`
	Credential     string               `json:"credential"`
	Address        simpul.Address       `json:"address"`
	Version        string               `json:"version"`
	Class          simpul.LIDClass      `json:"class"`
	Provider       simpul.AgencyID      `json:"provider"`
	Method         string               `json:"method"`
	Path           string               `json:"path"`
	Grant          simpul.GrantID       `json:"grant"`
	Purpose        string               `json:"purpose"`
	Status         int                  `json:"status"`
	Outcome        simpul.Code          `json:"outcome"`
	RequestDigest  simpul.Digest        `json:"request_digest"`
	ResponseDigest simpul.Digest        `json:"response_digest"`
	RequestBytes   int64                `json:"request_bytes"`
	ResponseBytes  int64                `json:"response_bytes"`
	LatencyNS      int64                `json:"latency_ns"`
	UpstreamNS     int64                `json:"upstream_ns"`
	Basis          string               `json:"basis"`
	Fields         string               `json:"fields"`
	Subject        string               `json:"subject"`
	Case           string               `json:"case"`
	Persons        string               `json:"persons"`
	Unnamed        int                  `json:"unnamed"`
	FieldRoot      simpul.Digest        `json:"field_root"`
	FieldKey       string               `json:"field_key"`
	Personal       string               `json:"personal"`
	PersonalKey    string               `json:"personal_key"`
	Clock          int64                `json:"clock"`
}

// DecodeRecord reads the payload of a journal entry. A kind that this version
// does not know is returned as it is written: the caller skips it.
func DecodeRecord(b []byte) (Record, error) {
	p, plain := readPlain(string(b))
	if !plain {
		p = payload{}
		if err := json.Unmarshal(b, &p); err != nil {
			return Record{}, fmt.Errorf("decode record: %w", err)
		}
	}
	if p.Kind == "" {
		return Record{}, fmt.Errorf("decode record: no kind")
	}
	return Record{Kind: p.Kind, Exchange: p.exchange(), Personal: Personal{p.PersonalKey, p.Personal}, Clock: p.clock()}, nil
}

func (p *payload) clock() time.Duration {
	return time.Duration(min(max(p.Clock, 0), mostOff.Milliseconds())) * time.Millisecond
}

func (p *payload) exchange() simpul.Exchange {
	return simpul.Exchange{
		ID:             p.ID,
		OpenedAt:       p.Opened,
		Consumer:       simpul.Consumer{Application: p.Application, Credential: p.Credential, Subject: p.Subject},
		Address:        p.Address,
		Version:        p.Version,
		Class:          p.Class,
		Provider:       p.Provider,
		Operation:      simpul.Operation{Method: p.Method, Path: p.Path},
		Grant:          p.Grant,
		Purpose:        p.Purpose,
		Status:         p.Status,
		Outcome:        p.Outcome,
		RequestDigest:  p.RequestDigest,
		ResponseDigest: p.ResponseDigest,
		RequestBytes:   p.RequestBytes,
		ResponseBytes:  p.ResponseBytes,
		Latency:        time.Duration(p.LatencyNS),
		Upstream:       time.Duration(p.UpstreamNS),
		Basis:          p.Basis,
		Fields:         p.Fields,
		Case:           p.Case,
		Persons:        pseudonyms(p.Persons),
		Unnamed:        p.Unnamed,
		FieldRoot:      p.FieldRoot,
		FieldKey:       p.FieldKey,
	}
}

func pseudonyms(text string) (all []simpul.Pseudonym) {
	for one := range strings.FieldsSeq(text) {
		all = append(all, simpul.Pseudonym(one))
	}
	return all
}
