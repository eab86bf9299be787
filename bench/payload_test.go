//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"
)

func TestPayloadIsOneKiBOfJSON(t *testing.T) {
	if b := payload(); len(b) != 1024 || !json.Valid(b) {
		t.Errorf("%d bytes, valid %v", len(b), json.Valid(b))
	}
}

func TestSelectedPayloadIsPartOfThePayload(t *testing.T) {
	var whole, part struct {
		Items []map[string]any `json:"items"`
		Note  *string          `json:"note"`
	}
	if json.Unmarshal(payload(), &whole) != nil || json.Unmarshal(selectedPayload(), &part) != nil {
		t.Fatal("not JSON")
	}
	if len(part.Items) != len(whole.Items) || part.Note != nil || whole.Note == nil {
		t.Fatalf("%d of %d items, note %v", len(part.Items), len(whole.Items), part.Note)
	}
	for i, item := range part.Items {
		if len(item) != 2 || item["code"] != whole.Items[i]["code"] || item["name"] != whole.Items[i]["name"] {
			t.Errorf("item %d: %v of %v", i, item, whole.Items[i])
		}
	}
}

func TestSameJSON(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`{"a":1,"b":[2]}`, "{ \"b\": [2],\n\"a\": 1 }", true},
		{`{"a":1}`, `{"a":2}`, false},
		{`[1,2]`, `[2,1]`, false},
		{`{"a":1}`, `{"a":1,"b":null}`, false},
		{`{`, `{`, false},
	} {
		if got := sameJSON([]byte(c.a), []byte(c.b)); got != c.want {
			t.Errorf("sameJSON(%s, %s) = %v", c.a, c.b, got)
		}
	}
}

func TestPatternChecksItself(t *testing.T) {
	const n = 300_001
	var body bytes.Buffer
	if _, err := io.CopyN(&body, newPattern(), n); err != nil {
		t.Fatal(err)
	}
	good := body.Bytes()
	if got, err := io.Copy(newPattern(), bytes.NewReader(good)); err != nil || got != n {
		t.Fatalf("intact body: %d bytes, %v", got, err)
	}
	flipped := bytes.Clone(good)
	flipped[n-1] ^= 1
	lost := append(bytes.Clone(good[:4096]), good[8192:]...)
	for name, bad := range map[string][]byte{"a flipped bit": flipped, "a lost block": lost} {
		if _, err := newPattern().Write(bad); err == nil {
			t.Errorf("%s was not noticed", name)
		}
	}
}
