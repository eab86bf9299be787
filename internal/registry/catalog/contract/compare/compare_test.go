package compare_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul/internal/registry/catalog/contract"
	"simpul/internal/registry/catalog/contract/compare"
)

func parse(t testing.TB, doc string) *contract.Contract {
	t.Helper()
	c, err := contract.Parse([]byte(doc))
	if err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	return c
}

func lines(r compare.Result) (all []string) {
	for _, d := range r.Differences {
		all = append(all, string(d.Effect)+" "+string(d.Kind)+" "+d.Place)
	}
	return all
}

func TestWhatBreaksConsumers(t *testing.T) {
	for _, c := range comparisons() {
		t.Run(c.name, func(t *testing.T) {
			got := compare.Contracts(parse(t, c.before), parse(t, c.after))
			if diff := cmp.Diff(c.want, lines(got)); diff != "" {
				t.Errorf("(-want +got)\n%s\n%+v", diff, got.Differences)
			}
			for _, d := range got.Differences {
				for _, s := range []struct{ id, en string }{{d.Sentence.ID, d.Sentence.EN}, {d.Why.ID, d.Why.EN}} {
					if s.id == "" || s.en == "" || s.id == s.en {
						t.Errorf("%+v does not speak both languages", d)
					}
				}
			}
		})
	}
}

func TestASummaryInWords(t *testing.T) {
	for _, c := range []struct {
		r    compare.Result
		want string
	}{
		{compare.Result{}, "kontrak tidak berubah"},
		{compare.Result{Additions: 2, Breaking: 1}, "1 perubahan yang memutus, 2 tambahan"},
		{compare.Result{Warnings: 1, Others: 3}, "1 perubahan yang perlu diperhatikan, 3 perubahan lain"},
	} {
		if got := c.r.Summary().ID; got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestWithoutAContract(t *testing.T) {
	some := parse(t, answering(text))
	if got := compare.Contracts(nil, nil); got.Total() != 0 {
		t.Errorf("got %+v", got)
	}
	if got := lines(compare.Contracts(nil, some)); !cmp.Equal(got, []string{"harmless added GET /"}) {
		t.Errorf("got %q", got)
	}
	if got := lines(compare.Contracts(some, nil)); !cmp.Equal(got, []string{"breaking removed GET /"}) {
		t.Errorf("got %q", got)
	}
}
