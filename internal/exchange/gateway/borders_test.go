package gateway

import (
	"net/http"
	"testing"
)

func TestARequestOfHTTP2SaysWhatItIs(t *testing.T) {
	for name, c := range map[string]struct {
		target  string
		lengths []string
		length  int64
		want    bool
	}{
		"plain":                  {"/a", nil, 0, true},
		"of unknown length":      {"/a", nil, -1, true},
		"with a length":          {"/a", []string{"12"}, 12, true},
		"empty":                  {"/a", []string{"0"}, 0, true},
		"a length and no body":   {"/a", []string{"900"}, 0, false},
		"two lengths":            {"/a", []string{"12", "4"}, 12, false},
		"a list of lengths":      {"/a", []string{"12, 4"}, -1, false},
		"a signed length":        {"/a", []string{"+12"}, -1, false},
		"a length from zero":     {"/a", []string{"012"}, 12, false},
		"a URL for a path":       {"https://jahat.example/a", nil, 0, false},
		"a path without a slash": {"a", nil, 0, false},
		"a star":                 {"*", nil, 0, false},
	} {
		r := &http.Request{RequestURI: c.target, Header: http.Header{}, ContentLength: c.length}
		if c.lengths != nil {
			r.Header["Content-Length"] = c.lengths
		}
		if bordered(r) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
}
