package simpul_test

import (
	"net/url"
	"strings"
	"testing"

	"simpul"
)

func TestParseAddress(t *testing.T) {
	for _, good := range []struct{ address, group, name string }{
		{"master/Kota", "master", "Kota"},
		{"a/B", "a", "B"},
		{"kode-pos/Wilayah2026", "kode-pos", "Wilayah2026"},
		{"1/KOTA", "1", "KOTA"},
		{strings.Repeat("g", 63) + "/N" + strings.Repeat("n", 63), strings.Repeat("g", 63), "N" + strings.Repeat("n", 63)},
	} {
		got, err := simpul.ParseAddress(good.address)
		if err != nil || string(got) != good.address || got.Group() != good.group || got.Name() != good.name {
			t.Errorf("%q: got group %q and name %q, %v", good.address, got.Group(), got.Name(), err)
		}
	}
	for _, bad := range []string{
		"", "/", "master", "master/", "/Kota", "master/kota", "Master/Kota", "master/Kota/", "/master/Kota", "master/Kota/1",
		"master//Kota", "master/2Kota", "master/Kota-2", "master/Kota_2", "master/Kota.json", "../Kota", "master/Kota%2F",
		"master/Kota\x00", "master/Kota\n", " master/Kota", "mas ter/Kota", "-a/Kota", "a-/Kota", "máster/Kota", "master/Köta",
		"t/Kota", "oauth2/Token", "*/Kota", strings.Repeat("g", 64) + "/Kota", "master/N" + strings.Repeat("n", 64), "\xff/Kota",
	} {
		got, err := simpul.ParseAddress(bad)
		if got != "" {
			t.Errorf("%q was accepted as %q", bad, got)
		}
		checkRefusal(t, err, "address")
	}
}

// An accepted address stands in a URL as it is and is read back the same, so
// that no two addresses are one call.
func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"master/Kota", "t/Kota", "oauth2/Token", "a/B/c", "../B", "a/%42", "a/B\x00", "A/b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := simpul.ParseAddress(s)
		if err != nil {
			checkRefusal(t, err, "address")
			return
		}
		if a.Group()+"/"+a.Name() != s || a.Group() == "t" || a.Group() == "oauth2" {
			t.Errorf("%q was accepted", s)
		}
		if u, err := url.Parse("http://hub/" + s); err != nil || u.EscapedPath() != "/"+s || u.JoinPath().Path != "/"+s {
			t.Errorf("%q is called as %v, %v", s, u, err)
		}
	})
}
