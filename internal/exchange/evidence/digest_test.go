package evidence

import (
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// answers are all that a LID can give. They have one length, which stands in the clear.
var answers = [2]string{`{"terdaftar":"ya"}`, `{"terdaftar":"td"}`}

// committed is an exchange of a LID with two possible answers.
func committed(answer string) *simpul.Exchange {
	x := delivery(0)
	x.DigestKey = simpul.NewDigestKey()
	x.ResponseDigest, x.ResponseBytes = x.DigestKey.Response(sha256.Sum256([]byte(answer))), int64(len(answer))
	return x
}

// With its key a commitment tells the one body from all others. When the key of the month is
// destroyed, nobody can tell any more, and the record is proved as before.
func TestWhatABodyWasEndsWithTheKey(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		payload := payloads(t, loadedKeys(t, db, march), committed(answers[0]))[0]
		log := prooftest.New("hub.contoh.go.id", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
		witness := prooftest.WitnessKey("saksi.contoh.go.id", "")
		log.Append([]byte(payload))
		trusted, err := proof.ParseKeys([]byte(log.Key.Line() + "\n" + witness.Line()))
		if err != nil {
			t.Fatal(err)
		}
		keys := loadedKeys(t, db, march.AddDate(0, 2, 0))
		judge := func(answer string) proof.Status {
			b := log.Bundle(1, time.Unix(0, 0), witness)
			if b.Personal, err = keys.OpenPersonal(b.Record); err != nil && !errors.Is(err, ErrErased) {
				t.Fatal(err)
			}
			v := proof.Verify(b, trusted, proof.Demand{Response: new(proof.Body(sha256.Sum256([]byte(answer))))})
			if !v.Sound() {
				t.Errorf("the record is not proved: %+v", v.Steps)
			}
			return v.Status
		}
		if judge(answers[0]) != proof.Valid || judge(answers[1]) != proof.Invalid {
			t.Error("the key does not tell the answers apart")
		}

		asked := &proposals{}
		if _, err := keys.ProposeDestruction(t.Context(), operator, asked, "tertutup/2026-03", "putusan"); err != nil {
			t.Fatal(err)
		}
		if err := within(t, db, func(tx *sqldb.Tx) error { return keys.DestroyApproved(t.Context(), tx, operator, asked.content) }); err != nil {
			t.Fatal(err)
		}
		if err := keys.Refresh(t.Context(), []sqldb.Revision{{Kind: revisionKey, ID: "tertutup/2026-03"}}); err != nil {
			t.Fatal(err)
		}
		for _, answer := range answers {
			if got := judge(answer); got != proof.Unchecked {
				t.Errorf("%s is %s after the key is gone", answer, got)
			}
		}
	})
}

func TestARecordOfACommitmentTellsNoBody(t *testing.T) {
	keys := loadedKeys(t, testkit.SQLite(t), march)
	x := committed(answers[0])
	payload := payloads(t, keys, x)[0]
	plain := string(simpul.DigestOf(sha256.Sum256([]byte(answers[0]))))
	for _, told := range []string{plain, string(x.DigestKey.Append(nil)), "digest_key"} {
		if strings.Contains(payload, told) {
			t.Errorf("%s stands in the clear: %s", told, payload)
		}
	}
	r := decoded(t, payload)
	if r.Exchange.ResponseDigest != x.ResponseDigest || r.Exchange.DigestKey != (simpul.DigestKey{}) {
		t.Errorf("%+v", r.Exchange)
	}
	if err := keys.Open(&r); err != nil || r.Exchange.DigestKey != x.DigestKey {
		t.Errorf("opened %+v, %v", r.Exchange, err)
	}
}

// Without keys nobody is left who could hold a body against the record.
func TestWithoutKeysTheDigestKeyIsForgotten(t *testing.T) {
	x := committed(answers[0])
	payload := payloads(t, nil, x)[0]
	if strings.Contains(payload, string(x.DigestKey.Append(nil))) || !strings.Contains(payload, string(x.ResponseDigest)) {
		t.Error(payload)
	}
}

// Whoever looks for persons does not open what holds a digest key alone.
func TestADigestKeyNamesNobody(t *testing.T) {
	keys := loadedKeys(t, testkit.SQLite(t), march)
	for name, c := range map[string]struct {
		change func(*simpul.Exchange)
		naming bool
	}{
		"nothing more": {func(*simpul.Exchange) {}, false},
		"no key":       {func(x *simpul.Exchange) { x.DigestKey = simpul.DigestKey{} }, false},
		"a person":     {func(x *simpul.Exchange) { x.Persons = []simpul.Pseudonym{"2026-03:W3kqW3kqW3kqW3kqW3kqWw"} }, true},
		"a person alone": {func(x *simpul.Exchange) {
			x.DigestKey, x.Persons = simpul.DigestKey{}, []simpul.Pseudonym{"2026-03:W3kqW3kqW3kqW3kqW3kqWw"}
		}, true},
		"a case":                           {func(x *simpul.Exchange) { x.Case = "7" }, true}, // it might
		"a purpose that looks like a part": {func(x *simpul.Exchange) { x.Purpose = `","personal":"` + strings.Repeat("A", keyAlone) + `"` }, false},
	} {
		x := committed(answers[1])
		c.change(x)
		if payload := payloads(t, keys, x)[0]; Naming([]byte(payload)) != c.naming {
			t.Errorf("%s: %s", name, payload)
		}
	}
}
