package prooftest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"strings"

	"simpul"
)

// Answer is the body whose digest a [Record] holds.
const Answer = `{"kode":"32.73","nama":"Kota Bandung"}`

// Question is the body of the call.
const Question = `{"nik":"3273010101900001"}`

// Record is the n-th of many records alike: a call of personal data that was
// answered, as the journal writes it.
func Record(n int) []byte {
	salt := sha256.Sum256(fmt.Appendf(nil, "salt %d", n))
	return fmt.Appendf(nil, `{"kind":"sealed","id":"%s","opened":"%s","application":"layanan@bandungkota.go.id","credential":"k-7h2m",`+
		`"address":"master/Kota","version":"1.0","class":"terbatas","provider":"kemendagri.go.id","method":"POST","path":"/cari","grant":"g-4h7x2m9qk3ab",`+
		`"purpose":"verifikasi penerima bantuan","status":200,"request_digest":"%s","response_digest":"%s","request_bytes":%d,"response_bytes":%d,`+
		`"latency_ns":5203000,"upstream_ns":3100000,"basis":"Perpres 95/2018","fields":"kode nama","salt":"%s"}`,
		ID(n), openedAt(n).Format(time.RFC3339Nano), Digest(Question), Digest(Answer), len(Question), len(Answer), base64.RawURLEncoding.EncodeToString(salt[:16]))
}

// KeyedRecord is the same record with commitments in place of digests, and a sealed part that
// nobody opens. [Personal] is what stands in it.
func KeyedRecord(n int) []byte {
	return []byte(strings.NewReplacer(
		string(Digest(Question)), commitment(3, n, Question),
		string(Digest(Answer)), commitment(4, n, Answer),
		`,"salt"`, `,"personal":"AQ","personal_key":"terbatas/2026-11","salt"`,
	).Replace(string(Record(n))))
}

// Personal is what stands sealed in the n-th [KeyedRecord].
func Personal(n int) string {
	key := digestKey(n)
	return `{"digest_key":"` + base64.RawURLEncoding.EncodeToString(key[:]) + `"}`
}

func digestKey(n int) [16]byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "digest key %d", n))
	return [16]byte(sum[:16])
}

// commitment is written as the guide says it.
func commitment(of byte, n int, body string) string {
	key, inner := digestKey(n), sha256.Sum256([]byte(body))
	return fmt.Sprintf("keyed:%x", sha256.Sum256(fmt.Appendf(nil, "%c%s%s", of, key[:], inner[:])))
}

// ID is the exchange of the n-th record.
func ID(n int) simpul.ExchangeID {
	return simpul.ExchangeID(fmt.Sprintf("019ab000-0000-7000-8000-%012x", n))
}

// Digest is how a record holds the digest of a body.
func Digest(body string) simpul.Digest {
	sum := sha256.Sum256([]byte(body))
	return simpul.Digest(hex.EncodeToString(sum[:]))
}

func openedAt(n int) time.Time {
	return time.Date(2026, 11, 25, 8, 30, 0, 0, time.UTC).Add(time.Duration(n) * time.Millisecond)
}

// exchangeOf is "" for what is no record.
func exchangeOf(record []byte) string {
	var r struct{ ID string }
	if json.Unmarshal(record, &r) != nil {
		return ""
	}
	return r.ID
}
