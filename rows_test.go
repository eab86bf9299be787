package simpul_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"simpul"
)

func TestRowLimits(t *testing.T) {
	one := []simpul.RowLimit{{Parameter: "kode", Values: []string{"32.73", "a b"}}}
	two := append(one, simpul.RowLimit{Parameter: "tahun", Values: []string{"2026"}})
	list, item := simpul.Operation{Method: "GET", Path: "/"}, simpul.Operation{Method: "GET", Path: "/desa/{kode}/"}
	for _, c := range []struct {
		name   string
		limits []simpul.RowLimit
		op     simpul.Operation
		call   string
		want   bool
	}{
		{"no limit", nil, list, "/?kode=1", true},
		{"the value", one, list, "/?kode=32.73", true},
		{"another value", one, list, "/?kode=32.74", false},
		{"absent", one, list, "/", false},
		{"empty", one, list, "/?kode=", false},
		{"an encoded value", one, list, "/?kode=%33%32%2E73", true},
		{"an encoded other value", one, list, "/?kode=32.7%34", false},
		{"an encoded name", one, list, "/?%6bode=32.74", false},
		{"a plus is a space", one, list, "/?kode=a+b", true},
		{"part of a value", one, list, "/?kode=32.73%20", false},
		{"joined values", one, list, "/?kode=32.73,32.74", false},
		{"repeated, one of them another", one, list, "/?kode=32.73&kode=32.74", false},
		{"repeated the other way round", one, list, "/?kode=32.74&kode=32.73", false},
		{"repeated, both allowed", one, list, "/?kode=32.73&kode=a%20b", true},
		{"another case beside it", one, list, "/?kode=32.73&KODE=32.74", false},
		{"brackets beside it", one, list, "/?kode=32.73&kode[]=32.74", false},
		{"encoded brackets beside it", one, list, "/?kode=32.73&kode%5B0%5D=32.74", false},
		{"only another case", one, list, "/?KODE=32.73", false},
		{"in the path", one, item, "/desa/32.73", true},
		{"another in the path", one, item, "/desa/32.74", false},
		{"encoded in the path", one, item, "/desa/a%20b", true},
		{"right in the path, another in the query", one, item, "/desa/32.73?kode=32.74", false},
		{"right in the query, another in the path", one, item, "/desa/32.74?kode=32.73", false},
		{"both limits", two, list, "/?kode=32.73&tahun=2026", true},
		{"one of two limits", two, list, "/?kode=32.73", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			below, err := url.Parse(c.call)
			if err != nil {
				t.Fatal(err)
			}
			err = simpul.Confine(c.limits, c.op, below, "kemendagri.go.id")
			if (err == nil) != c.want {
				t.Fatalf("got %v", err)
			}
			refusal, ok := errors.AsType[*simpul.Error](err)
			if err != nil && (!ok || refusal.Code != simpul.CodeDenied || !strings.Contains(refusal.Remedy.EN, "32.73") && refusal.Place == "kode") {
				t.Errorf("the refusal does not name what is allowed: %+v", refusal)
			}
		})
	}
}

// A value that is let through is allowed each time that any reader finds it.
func FuzzRowLimits(f *testing.F) {
	for _, seed := range []string{"kode=1", "kode=1&kode=2", "KODE=2&kode=1", "kode[]=2&kode=1", "%6bode=1", "kode=1;kode=2"} {
		f.Add(seed)
	}
	limits := []simpul.RowLimit{{Parameter: "kode", Values: []string{"1"}}}
	f.Fuzz(func(t *testing.T, query string) {
		if simpul.Confine(limits, simpul.Operation{Path: "/"}, &url.URL{Path: "/", RawQuery: query}, "a.go.id") != nil {
			return
		}
		values, err := url.ParseQuery(query)
		if err != nil || values.Get("kode") != "1" {
			t.Fatalf("%q was let through: %v %v", query, values, err)
		}
		for name, all := range values {
			for _, v := range all {
				if strings.EqualFold(name, "kode") && v != "1" {
					t.Fatalf("%q was let through", query)
				}
			}
		}
	})
}
