package compare_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simpul/internal/registry/catalog/contract"
	"simpul/internal/registry/catalog/contract/compare"
)

// member is a member of an object in a contract that is made up.
type member struct {
	name     string
	required bool
	schema   string
}

// object draws an object of at most the depth.
func object(t *rapid.T, depth int) []member {
	names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"kode", "nama", "nilai", "tanggal", "alamat"}), 0, 4, rapid.ID[string]).Draw(t, "names")
	members := make([]member, len(names))
	for i, name := range names {
		members[i] = member{name, rapid.Bool().Draw(t, "required"), schema(t, depth)}
	}
	return members
}

func schema(t *rapid.T, depth int) string {
	plain := []string{`{"type":"string"}`, `{"type":"integer","minimum":1}`, `{"type":"string","enum":["a","b"]}`, `{"type":["string","null"],"format":"date"}`, `{"type":"array","items":{"type":"number"}}`, `{}`}
	if depth == 0 || rapid.Bool().Draw(t, "plain") {
		return rapid.SampledFrom(plain).Draw(t, "schema")
	}
	inner := written(object(t, depth-1))
	if rapid.Bool().Draw(t, "many") {
		return `{"type":"array","items":` + inner + `}`
	}
	return inner
}

// written writes an object with its members as they stand.
func written(members []member) string {
	var properties, required []string
	for _, m := range members {
		properties = append(properties, fmt.Sprintf("%q:%s", m.name, m.schema))
		if m.required {
			required = append(required, fmt.Sprintf("%q", m.name))
		}
	}
	return `{"type":"object","required":[` + strings.Join(required, ",") + `],"properties":{` + strings.Join(properties, ",") + `}}`
}

// both is a contract that takes one object and answers another.
func both(taken, answered []member) string {
	content := func(m []member) string { return `"content":{"application/json":{"schema":` + written(m) + `}}` }
	return document(`{"/":{"post":{"requestBody":{` + content(taken) + `},"responses":{"200":{"description":"ok",` + content(answered) + `}}}}}`)
}

func differences(t *rapid.T, before, after string) compare.Result {
	read := func(doc string) *contract.Contract {
		c, err := contract.Parse([]byte(doc))
		if err != nil {
			t.Fatalf("%v in %s", err, doc)
		}
		return c
	}
	return compare.Contracts(read(before), read(after))
}

func TestAContractDoesNotDifferFromItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := both(object(t, 2), object(t, 2))
		if got := differences(t, doc, doc); got.Total() != 0 {
			t.Fatalf("got %+v of %s", got, doc)
		}
	})
}

func TestTheOrderOfMembersIsNoMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		taken, answered := object(t, 1), object(t, 1)
		before, after := both(object(t, 1), object(t, 1)), both(taken, answered)
		turned := both(rapid.Permutation(taken).Draw(t, "taken"), rapid.Permutation(answered).Draw(t, "answered"))
		want := differences(t, before, after)
		for range 3 {
			if diff := cmp.Diff(want, differences(t, before, turned)); diff != "" {
				t.Fatalf("(-want +got)\n%s", diff)
			}
		}
	})
}

func TestAnOptionalFieldNeverBreaks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		taken, answered := object(t, 2), object(t, 2)
		grown := func(m []member, name string) []member {
			return append(slices.Clone(m), member{name, false, schema(t, 2)})
		}
		got := differences(t, both(taken, answered), both(grown(taken, "baru"), grown(answered, "tambahan")))
		if got.Breaks() || got.Additions != 2 || got.Total() != 2 {
			t.Fatalf("got %+v", got)
		}
	})
}

func TestAnAdditionTurnedAroundIsARemoval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := both(object(t, 2), object(t, 2)), both(object(t, 2), object(t, 2))
		there, back := differences(t, before, after), differences(t, after, before)
		if diff := cmp.Diff(places(there, compare.Added), places(back, compare.Removed)); diff != "" {
			t.Fatalf("added there and removed back (-there +back)\n%s", diff)
		}
		if diff := cmp.Diff(places(there, compare.Removed), places(back, compare.Added)); diff != "" {
			t.Fatalf("removed there and added back (-there +back)\n%s", diff)
		}
		if there.Total() != back.Total() {
			t.Fatalf("%d differences there, %d back", there.Total(), back.Total())
		}
	})
}

func places(r compare.Result, k compare.Kind) []string {
	found := []string{}
	for _, d := range r.Differences {
		if d.Kind == k {
			found = append(found, d.Place)
		}
	}
	slices.Sort(found)
	return found
}

// A contract may list one large body many times over; what is kept of the
// differences stays small, what is counted is all.
func TestDifferencesAreCountedAndNotAllKept(t *testing.T) {
	var properties, paths []string
	for i := range 100 {
		properties = append(properties, fmt.Sprintf(`"f%d":{"type":"string"}`, i))
		paths = append(paths, fmt.Sprintf(`"/p%d":{"get":{"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"}}}}}}}`, i))
	}
	large := func(properties []string) string {
		return `{"openapi":"3.1.0","info":{"title":"Uji","version":"1"},"paths":{` + strings.Join(paths, ",") +
			`},"components":{"schemas":{"A":{"type":"object","properties":{` + strings.Join(properties, ",") + `}}}}}`
	}
	got := compare.Contracts(parse(t, large(properties)), parse(t, large(nil)))
	if got.Breaking != 10_000 || len(got.Differences) != compare.Most || got.Left() != 9_500 {
		t.Errorf("%d break, %d are kept, %d are not", got.Breaking, len(got.Differences), got.Left())
	}
}

func FuzzContracts(f *testing.F) {
	for _, c := range comparisons() {
		f.Add([]byte(c.before), []byte(c.after))
	}
	if real, err := os.ReadFile("../testdata/perizinan.json"); err == nil {
		f.Add(real, []byte(both(nil, nil)))
	}
	f.Fuzz(func(t *testing.T, one, other []byte) {
		a, err := contract.Parse(one)
		if err != nil {
			return
		}
		if same := compare.Contracts(a, a); same.Total() != 0 {
			t.Fatalf("a contract differs from itself: %+v", same)
		}
		b, err := contract.Parse(other)
		if err != nil {
			return
		}
		got := compare.Contracts(a, b)
		if len(got.Differences) > 3*compare.Most || got.Left() < 0 || got.Breaks() != (len(got.First(1)) == 1) {
			t.Fatalf("%d differences of %d", len(got.Differences), got.Total())
		}
		if text, err := json.Marshal(got); err != nil || len(text) > 16<<20 {
			t.Fatalf("%d bytes, %v", len(text), err)
		}
		if !cmp.Equal(got, compare.Contracts(a, b)) {
			t.Fatal("the same two give another result")
		}
	})
}
