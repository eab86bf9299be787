package proof_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
)

// bodies are proofs beside which somebody holds a body of the exchange, or what they take for one.
func (s *stage) bodies() []trial {
	keyed := file(s.keyed())
	with := func(personal string) string {
		b := s.keyed()
		b.Personal = personal
		return file(b)
	}
	recorded := func(old, replacement string) string { return file(s.logged(old, replacement)) }
	plain := file(s.proved())
	key := strings.TrimSuffix(strings.TrimPrefix(prooftest.Personal(3), `{"digest_key":"`), `"}`)
	return []trial{
		{vector{"body-plain", "valid", "", "digests of a record without a sealed part, or from before there were commitments", plain}, "question.json", "answer.json"},
		{vector{"body-plain-other", "invalid", "response", "one byte of the answer differs", plain}, "question.json", "altered.json"},
		{vector{"body-plain-swapped", "invalid", "request", "the answer as the call and the call as the answer", plain}, "answer.json", "question.json"},
		{vector{"body-plain-nothing", "valid", "", "an answer without content", recorded(string(prooftest.Digest(prooftest.Answer)), string(prooftest.Digest("")))}, "", "nothing.bin"},
		{vector{"body-none-nothing", "valid", "", "no bytes are the body of a call that had none", s.bodiless()}, "nothing.bin", "answer.json"},
		{vector{"body-none-something", "invalid", "request", "a call that had no body", s.bodiless()}, "question.json", ""},
		{vector{"body-unnamed", "unchecked", "", "a call whose body did not pass as a whole", recorded(`"request_digest":"`+string(prooftest.Digest(prooftest.Question))+`",`, "")}, "question.json", ""},
		{vector{"body-opened", "unchecked", "", "a record from before the answer", file(opened(s))}, "", "answer.json"},
		{vector{"body-unfamiliar", "unchecked", "", "a digest of a kind that is not known", recorded(string(prooftest.Digest(prooftest.Answer)), "blake3:"+string(prooftest.Digest(prooftest.Answer)))}, "", "answer.json"},
		{vector{"body-capitals", "unchecked", "", "a digest in capitals is of no known kind", recorded(string(prooftest.Digest(prooftest.Answer)), strings.ToUpper(string(prooftest.Digest(prooftest.Answer))))}, "", "answer.json"},

		{vector{"keyed", "valid", "", "commitments, and nobody asks for a body", keyed}, "", ""},
		{vector{"keyed-bodies", "valid", "", "commitments, with the key that stood sealed", keyed}, "question.json", "answer.json"},
		{vector{"keyed-other", "invalid", "response", "one byte of the answer differs", keyed}, "question.json", "altered.json"},
		{vector{"keyed-nothing", "invalid", "response", "no bytes in place of the answer", keyed}, "", "nothing.bin"},
		{vector{"keyed-swapped", "invalid", "request", "the answer as the call and the call as the answer", keyed}, "answer.json", "question.json"},
		{vector{"keyed-without-key", "unchecked", "", "nobody can tell without the key", with("")}, "question.json", "answer.json"},
		{vector{"keyed-without-key-other", "unchecked", "", "nor that a body is another", with("")}, "", "altered.json"},
		{vector{"keyed-other-members", "unchecked", "", "a sealed part without the key", with(`{"case":"B-12/2026"}`)}, "", "answer.json"},
		{vector{"keyed-null", "unchecked", "", "a key that is null", with(`{"digest_key":null}`)}, "", "answer.json"},
		{vector{"keyed-twice", "unchecked", "", "two keys", with(`{"digest_key":"` + key + `","digest_key":"` + key + `"}`)}, "", "answer.json"},
		{vector{"keyed-padded", "unchecked", "", "a key with padding", with(`{"digest_key":"` + key + `=="}`)}, "", "answer.json"},
		{vector{"keyed-short", "unchecked", "", "a key that is too short", with(`{"digest_key":"` + key[:21] + `"}`)}, "", "answer.json"},
		{vector{"keyed-break", "unchecked", "", "a key with a line break", with(`{"digest_key":"` + key[:20] + `\n` + key[20:] + `"}`)}, "", "answer.json"},
		{vector{"keyed-bits", "unchecked", "", "a key whose last bits are not zero", with(`{"digest_key":"` + key[:21] + string(key[21]+1) + `"}`)}, "", "answer.json"},
		{vector{"keyed-alphabet", "unchecked", "", "a key in the other alphabet of base64", with(`{"digest_key":"` + key[:20] + `+/"}`)}, "", "answer.json"},
		{vector{"keyed-not-json", "unchecked", "", "a sealed part that is no JSON", with(`digest_key`)}, "", "answer.json"},
		{vector{"keyed-another-key", "invalid", "request", "the key of another record", with(prooftest.Personal(2))}, "question.json", "answer.json"},
		{vector{"keyed-key-of-zeros", "invalid", "response", "a key that nobody would make", with(`{"digest_key":"AAAAAAAAAAAAAAAAAAAAAA"}`)}, "", "answer.json"},
		{vector{"keyed-forged", "invalid", "log", "a commitment to another body put into the record", s.forgedCommitment()}, "", "answer.json"},
	}
}

// logged is the true proof of a record in which a piece is replaced once.
func (s *stage) logged(old, replacement string) proof.Bundle {
	l := prooftest.New(hub, journal)
	l.Append(bytes.Replace(prooftest.Record(1), []byte(old), []byte(replacement), 1))
	return l.Bundle(1, s.at, s.auditor)
}

// bodiless is the proof of a call without a body.
func (s *stage) bodiless() string {
	l := prooftest.New(hub, journal)
	record := strings.NewReplacer(`"request_digest":"`+string(prooftest.Digest(prooftest.Question))+`",`, "", `"request_bytes":26,`, "").Replace(string(prooftest.Record(1)))
	l.Append([]byte(record))
	return file(l.Bundle(1, s.at, s.auditor))
}

// forgedCommitment is the record of commitments with that of another record in it.
func (s *stage) forgedCommitment() string {
	b := s.keyed()
	mine, other := string(b.Record), string(prooftest.KeyedRecord(2))
	b.Record = []byte(strings.Replace(mine, responseOf(mine), responseOf(other), 1))
	b.Personal = prooftest.Personal(2)
	return file(b)
}

func responseOf(record string) string {
	_, rest, _ := strings.Cut(record, `"response_digest":"`)
	digest, _, _ := strings.Cut(rest, `"`)
	return digest
}

// The key of one record is worth nothing for another, and the same bodies never look alike.
func TestEqualBodiesDoNotLookAlike(t *testing.T) {
	seen := map[simpul.Digest]bool{}
	for n := range 50 {
		key, other := simpul.NewDigestKey(), simpul.NewDigestKey()
		for _, d := range []simpul.Digest{key.Request(proof.Body{}), key.Response(proof.Body{}), other.Request(proof.Body{}), other.Response(proof.Body{})} {
			if seen[d] || !d.Keyed() || d == simpul.DigestOf(proof.Body{}) {
				t.Fatalf("%d: %s", n, d)
			}
			seen[d] = true
		}
	}
}

// Without its key a commitment fits no body, however few there can be.
func TestFewContentsCannotBeTriedOut(t *testing.T) {
	s := newStage()
	keys := mustKeys(t, s.keys())
	b := s.keyed()
	b.Personal = ""
	for _, name := range []string{"answer.json", "altered.json", "question.json", "nothing.bin"} {
		got := proof.Verify(b, keys, proof.Demand{Response: bodyOf(name)})
		if got.Status != proof.Unchecked || !got.Sound() {
			t.Errorf("%s: %s", name, got.Status)
		}
	}
	if got := proof.Verify(b, keys, proof.Demand{}); got.Status != proof.Valid {
		t.Errorf("the record itself is %s", got.Status)
	}
}

// A demand that is not met is told with either witness state, and leaves the proof sound.
func TestABodyDoesNotMakeTheProofUnsound(t *testing.T) {
	s := newStage()
	keys := mustKeys(t, s.keys())
	for name, want := range map[string]proof.Status{"answer.json": proof.Valid, "altered.json": proof.Invalid} {
		got := proof.Verify(s.keyed(), keys, proof.Demand{Response: bodyOf(name)})
		if got.Status != want || !got.Sound() {
			t.Errorf("%s: %s, sound %v", name, got.Status, got.Sound())
		}
	}
	forged := s.keyed()
	forged.Sequence++
	if got := proof.Verify(forged, keys, proof.Demand{Response: bodyOf("answer.json")}); got.Sound() {
		t.Errorf("%s", got.Status)
	}
}

// FuzzBody looks for a key, or what could be read as one, by which another body fits.
func FuzzBody(f *testing.F) {
	for _, v := range newStage().bodies() {
		if b, err := proof.Parse([]byte(v.file)); err == nil {
			f.Add(b.Personal)
		}
	}
	s := newStage()
	keyed := s.keyed()
	f.Fuzz(func(t *testing.T, personal string) {
		log := prooftest.New(hub, journal)
		log.Append(keyed.Record)
		b := log.Bundle(1, time.Unix(0, 0))
		b.Personal = personal
		got := proof.Verify(b, mustKeys(t, log.Key.Line()), proof.Demand{Response: bodyOf("altered.json")})
		if got.Status != proof.Invalid && got.Status != proof.Unchecked {
			t.Errorf("%s with %q", got.Status, personal)
		}
	})
}
