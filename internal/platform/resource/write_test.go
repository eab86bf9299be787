package resource

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestYAMLIsWhatPeopleWrite(t *testing.T) {
	const answer = `{"kind":"Agency","apiVersion":"simpul/v1","metadata":{"id":"a.go.id"},
		"spec":{"name":"Kota A","region":"32.73","n":1.10,"ok":true,"none":null,"list":["x","no",{"a":[]}],
		"text":"one\ntwo\n","url":"http://x/?a=b#c","since":"2026-01-02","empty":"","colon":"a: b","big":"1e999"},
		"status":{"createdAt":"2026-01-02T03:04:05Z"}}`
	const want = `apiVersion: simpul/v1
kind: Agency
metadata:
  id: a.go.id
spec:
  big: "1e999"
  colon: 'a: b'
  empty: ""
  list:
    - x
    - "no"
    - a: []
  "n": 1.10
  name: Kota A
  none: null
  ok: true
  region: "32.73"
  since: "2026-01-02"
  text: |
    one
    two
  url: http://x/?a=b#c
`
	got, err := YAML([]byte(answer))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestCanonicalIgnoresOrderSpaceAndStatus(t *testing.T) {
	a, err := Canonical([]byte(`{"b": {"y":1.0, "x":"<"}, "a":null, "status":{"t":1}}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"a":null,"b":{"x":"<","y":1.0}}`; string(a) != want {
		t.Errorf("got %s", a)
	}
	for _, bad := range []string{"", "[]", "<html>", `{"a":`} {
		if _, err := Canonical([]byte(bad)); err == nil {
			t.Errorf("accepted %q", bad)
		}
		if _, err := YAML([]byte(bad)); err == nil {
			t.Errorf("wrote %q", bad)
		}
	}
}
