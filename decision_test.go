package simpul_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

type fields = simpul.FieldSet

func TestParseFields(t *testing.T) {
	for _, c := range []struct {
		name  string
		paths []string
		want  fields
	}{
		{"none is every field", nil, nil},
		{"empty is every field", []string{}, nil},
		{"one", []string{"kode"}, fields{"kode": nil}},
		{"nested", []string{"items.kode", "items.nama", "next"}, fields{"items": fields{"kode": nil, "nama": nil}, "next": nil}},
		{"the same twice", []string{"a.b", "a.b"}, fields{"a": fields{"b": nil}}},
		{"whole before part", []string{"items", "items.kode"}, fields{"items": nil}},
		{"whole after part", []string{"items.kode", "items"}, fields{"items": nil}},
		{"whole outweighs deep parts", []string{"a.b.c.d", "a.x", "a.b"}, fields{"a": fields{"b": nil, "x": nil}}},
		{"names that need care", []string{"$ref", "nama lengkap", "0", "é", "__proto__"}, fields{"$ref": nil, "nama lengkap": nil, "0": nil, "é": nil, "__proto__": nil}},
		{"capitals matter", []string{"Kode", "kode"}, fields{"Kode": nil, "kode": nil}},
	} {
		got, err := simpul.ParseFields(c.paths)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", c.name, err, diff)
		}
	}
	for _, bad := range []string{"", ".", "a.", ".a", "a..b", "..."} {
		got, err := simpul.ParseFields([]string{"ok", bad})
		if got != nil {
			t.Errorf("%q was accepted as %v", bad, got)
		}
		checkRefusal(t, err, "fields")
	}
}

// selects reports whether the set delivers what is at the path.
func selects(set fields, path []string) bool {
	for _, name := range path {
		below, known := set[name]
		if !known {
			return false
		}
		if below == nil {
			return true
		}
		set = below
	}
	return false
}

// The tree says what the paths say: each path is delivered, the order does not
// matter, and nothing is delivered that no path covers.
func FuzzParseFields(f *testing.F) {
	for _, seed := range []string{"items.kode,next", "items,items.kode", "items.kode,items", "a..b", ",", "a.b.c,a.b,a", "\xff.\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, list string) {
		paths := strings.Split(list, ",")
		set, err := simpul.ParseFields(paths)
		if err != nil {
			checkRefusal(t, err, "fields")
			return
		}
		for _, path := range paths {
			names := strings.Split(path, ".")
			if !selects(set, names) {
				t.Errorf("%q does not deliver %q", paths, path)
			}
			for i := 1; i < len(names); i++ {
				above := strings.Join(names[:i], ".")
				covered := slices.ContainsFunc(paths, func(p string) bool { return above == p || strings.HasPrefix(above, p+".") })
				if selects(set, names[:i]) != covered {
					t.Errorf("%q delivers %q: %v, want %v", paths, above, !covered, covered)
				}
			}
		}
		slices.Reverse(paths)
		if reversed, err := simpul.ParseFields(paths); err != nil || !cmp.Equal(set, reversed) {
			t.Errorf("%q means something else backwards: %v", paths, err)
		}
	})
}
