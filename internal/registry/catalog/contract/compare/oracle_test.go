package compare_test

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"

	"simpul/internal/registry/catalog/contract/compare"
)

// A tool that many use judges the same cases. Where it judges otherwise, the
// case says why we do not follow it; where it does not, the case says nothing.
func TestASecondOpinion(t *testing.T) {
	for _, c := range comparisons() {
		t.Run(c.name, func(t *testing.T) {
			ours := compare.Contracts(parse(t, c.before), parse(t, c.after)).Breaks()
			theirs := breaks(t, c.before, c.after)
			switch {
			case ours == theirs && c.oracle != "":
				t.Errorf("both say %t, so there is nothing to explain: %s", ours, c.oracle)
			case ours != theirs && c.oracle == "":
				t.Errorf("we say %t, oasdiff %t: explain it", ours, theirs)
			}
		})
	}
}

func breaks(t *testing.T, before, after string) bool {
	t.Helper()
	found, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), spec(t, before), spec(t, after))
	if err != nil {
		t.Fatal(err)
	}
	changes := checker.CheckBackwardCompatibility(checker.NewConfig(checker.GetAllChecks()), found, sources)
	return changes.HasLevelOrHigher(checker.ERR)
}

func spec(t *testing.T, doc string) *load.SpecInfo {
	t.Helper()
	read, err := openapi3.NewLoader().LoadFromData([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	return &load.SpecInfo{Spec: read}
}
