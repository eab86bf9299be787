package duty

import (
	"math"
	"testing"
	"time"
)

func FuzzPageKey(f *testing.F) {
	f.Add("")
	f.Add("1700000000000/u-abc")
	f.Add("x/y/z")
	f.Fuzz(func(t *testing.T, key string) {
		at, id := parsePageKey(key)
		if at == math.MaxInt64 && id == "" {
			return // the beginning
		}
		again, same := parsePageKey(pageKey(Proposal{ID: id, CreatedAt: time.UnixMilli(at)}))
		if again != at || same != id {
			t.Errorf("%q is read as %d, %q and then as %d, %q", key, at, id, again, same)
		}
	})
}
