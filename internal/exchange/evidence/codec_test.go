package evidence

import (
	"bytes"
	stdjson "encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simpul"
)

func TestRecordKeepsEveryField(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String() // valid UTF-8 of every kind, line breaks and quotes among it
		number := rapid.Int64Min(0)
		want := Record{
			Kind: rapid.SampledFrom([]Kind{Opened, Sealed}).Draw(t, "kind"),
			Exchange: simpul.Exchange{
				ID:             simpul.ExchangeID(text.Draw(t, "id")),
				OpenedAt:       time.Unix(0, number.Draw(t, "opened")).UTC(),
				Consumer:       simpul.Consumer{Application: simpul.ApplicationID(text.Draw(t, "application")), Credential: text.Draw(t, "credential")},
				Address:        simpul.Address(text.Draw(t, "address")),
				Version:        text.Draw(t, "version"),
				Class:          simpul.LIDClass(text.Draw(t, "class")),
				Provider:       simpul.AgencyID(text.Draw(t, "provider")),
				Operation:      simpul.Operation{Method: text.Draw(t, "method"), Path: text.Draw(t, "path")},
				Grant:          simpul.GrantID(text.Draw(t, "grant")),
				Purpose:        text.Draw(t, "purpose"),
				Status:         rapid.Int().Draw(t, "status"),
				Outcome:        simpul.Code(text.Draw(t, "outcome")),
				RequestDigest:  simpul.Digest(text.Draw(t, "request digest")),
				ResponseDigest: simpul.Digest(text.Draw(t, "response digest")),
				RequestBytes:   number.Draw(t, "request bytes"),
				ResponseBytes:  number.Draw(t, "response bytes"),
				Latency:        time.Duration(number.Draw(t, "latency")),
				Upstream:       time.Duration(number.Draw(t, "upstream")),
			},
		}
		b := appendRecord(nil, want.Kind, &want.Exchange)
		if !stdjson.Valid(b) || bytes.ContainsAny(b, "\n\r\x00") {
			t.Fatalf("not one line of JSON: %q", b)
		}
		got, err := DecodeRecord(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestRecordCannotBeForged(t *testing.T) {
	x := delivery(0)
	x.Purpose = "audit\"},\n{\"kind\":\"sealed\",\"id\":\"forged\"\x00\xff"
	b := appendRecord(nil, Sealed, x)
	if n := strings.Count(string(b), `"kind"`); n != 1 {
		t.Errorf("%d kinds in %s", n, b)
	}
	got, err := DecodeRecord(b)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.ToValidUTF8(x.Purpose, "\ufffd"); got.Exchange.Purpose != want {
		t.Errorf("purpose %q, want %q", got.Exchange.Purpose, want)
	}
}

func TestDecodeRecord(t *testing.T) {
	for name, c := range map[string]struct {
		payload string
		kind    Kind // empty: refused
	}{
		"sealed":               {`{"kind":"sealed","id":"a"}`, Sealed},
		"a member of tomorrow": {`{"kind":"sealed","salt":"x"}`, Sealed},
		"a kind of tomorrow":   {`{"kind":"erased"}`, "erased"},
		"no kind":              {`{"id":"a"}`, ""},
		"kind twice":           {`{"kind":"sealed","kind":"opened"}`, ""},
		"other case":           {`{"Kind":"sealed"}`, ""},
		"two objects":          {`{"kind":"sealed"}{"kind":"sealed"}`, ""},
		"wrong type":           {`{"kind":"sealed","status":"200"}`, ""},
		"not UTF-8":            {"{\"kind\":\"sealed\",\"id\":\"\xff\"}", ""},
		"empty":                {``, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := DecodeRecord([]byte(c.payload))
			if r.Kind != c.kind || (err == nil) != (c.kind != "") {
				t.Errorf("kind %q, error %v", r.Kind, err)
			}
		})
	}
}

func TestEncodingAllocatesNothing(t *testing.T) {
	x := delivery(0)
	buf := make([]byte, 0, usualRecord)
	if n := testing.AllocsPerRun(100, func() { appendRecord(buf, Sealed, x) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Whatever decodes is written again to the same record.
func FuzzDecodeRecord(f *testing.F) {
	f.Add(appendRecord(nil, Sealed, delivery(0)))
	f.Add(appendRecord(nil, Sealed, personalDelivery())) // with commitments
	f.Add([]byte(`{"kind":"sealed","request_digest":"keyed:","response_digest":"keyed:\u0061b","digest_key":"MDEyMzQ1Njc4OWFiY2RlZg"}`))
	f.Add([]byte(`{"kind":"opened","opened":"2026-03-02T08:30:00+07:00","status":-1}`))
	f.Add([]byte(`{"kind":"opened","opened":"2026-03-02T8:30:00,5Z","status":01}`))
	f.Add([]byte(`{"opened":"0000-01-01T0:00:00Z"}`))
	f.Add([]byte(`{"kind":"opened","purpose":"a\tb","status":1.5}`))
	f.Add([]byte(`{"status":1,"kind":"opened"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if plain, ok := readPlain(string(b)); ok {
			var all payload
			if err := json.Unmarshal(b, &all); err != nil || !cmp.Equal(plain, all) {
				t.Fatalf("%q is read plainly, and not by json: %v\n%s", b, err, cmp.Diff(all, plain))
			}
		}
		r, err := DecodeRecord(b)
		if err != nil || r.Exchange.OpenedAt.UTC().Year() > 9999 || r.Exchange.OpenedAt.UTC().Year() < 0 {
			return
		}
		again, err := DecodeRecord(appendRecord(nil, r.Kind, &r.Exchange))
		if diff := cmp.Diff(r, again); diff != "" || err != nil {
			t.Fatalf("error %v\n%s", err, diff)
		}
	})
}
