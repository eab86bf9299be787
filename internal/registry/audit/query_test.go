package audit

import (
	"net/url"
	"testing"
)

// Whatever stands in the address, the links of the screen ask for the same.
func FuzzQuery(f *testing.F) {
	f.Add("action=key.&refused=1&since=2026-11-23&before=7")
	f.Add("before=-1&until=%00&actor=%22%3E")
	f.Fuzz(func(t *testing.T, raw string) {
		v, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		q := parseQuery(v)
		if q.Before < 0 {
			t.Errorf("before %d", q.Before)
		}
		q.filter()
		u, err := url.Parse(q.href(ListPath, "", ""))
		if err != nil || u.Path != ListPath {
			t.Fatalf("%q, %v", q.href(ListPath, "", ""), err)
		}
		again := parseQuery(u.Query())
		q.Before = 0
		if again != q {
			t.Errorf("%+v, then %+v", q, again)
		}
	})
}
