package conform

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var updateSuite = flag.Bool("update-suite", false, "rewrite "+suiteResult)

const suiteResult = "testdata/suite.txt"

// TestOfficialSuite runs the required tests of draft 2020-12 through the library,
// and through the forms that are made of what it compiles. How many pass, and why
// the others do not, is recorded.
func TestOfficialSuite(t *testing.T) {
	files, err := filepath.Glob("testdata/suite/tests/*.json")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d files of tests: %v", len(files), err)
	}
	var sums tally
	for _, file := range files {
		for _, g := range readGroups(t, file) {
			sums.run(t, strings.TrimSuffix(filepath.Base(file), ".json"), g)
		}
	}
	got := fmt.Sprintf("library: %d of %d\nforms: %d of %d\n%s", sums.library, sums.all, sums.forms, sums.all, sums.reasons.String())
	if *updateSuite {
		if err := os.WriteFile(suiteResult, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(suiteResult)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("what passes has changed (-recorded +now):\n%s", diff)
	}
}

type group struct {
	Description string
	Schema      json.RawMessage
	Tests       []struct {
		Description string
		Data        json.RawMessage
		Valid       bool
	}
}

func readGroups(t *testing.T, file string) (all []group) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &all); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return all
}

type tally struct {
	all, library, forms int
	reasons             strings.Builder
}

func (s *tally) run(t *testing.T, file string, g group) {
	t.Helper()
	s.all += len(g.Tests)
	schema, err := compileRaw(g.Schema)
	if err != nil {
		fmt.Fprintf(&s.reasons, "%s: %s: %d tests: the library does not compile it\n", file, g.Description, len(g.Tests))
		return
	}
	maker := newSmith(request)
	form := maker.make(schema)
	maker.settle()
	if maker.err != nil {
		fmt.Fprintf(&s.reasons, "%s: %s: %d tests: no form: %v\n", file, g.Description, len(g.Tests), maker.err)
	}
	for _, one := range g.Tests {
		if (schema.Validate(decoded(t, one.Data)) == nil) == one.Valid {
			s.library++
		} else {
			fmt.Fprintf(&s.reasons, "%s: %s: %s: the library errs\n", file, g.Description, one.Description)
		}
		if maker.err != nil {
			continue
		}
		switch valid, err := validByForm(form, one.Data); {
		case err != nil:
			fmt.Fprintf(&s.reasons, "%s: %s: %s: not read: %v\n", file, g.Description, one.Description, err)
		case valid == one.Valid:
			s.forms++
		default:
			fmt.Fprintf(&s.reasons, "%s: %s: %s: the form errs\n", file, g.Description, one.Description)
		}
	}
}

func validByForm(f *form, data []byte) (bool, error) {
	c := checker{document: &document{}}
	if err := c.read(data); err != nil {
		return false, err
	}
	found := c.hold(f, "body", nil)
	return len(found) == 0, nil
}

func decoded(t testing.TB, data []byte) any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func compileRaw(schema []byte) (*jsonschema.Schema, error) {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(schema)))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.UseLoader(remotes{})
	if err := c.AddResource("http://suite.example/schema.json", value); err != nil {
		return nil, err
	}
	return c.Compile("http://suite.example/schema.json")
}

// remotes are what the suite expects at localhost.
type remotes struct{}

func (remotes) Load(url string) (any, error) {
	name, ok := strings.CutPrefix(url, "http://localhost:1234/")
	if !ok {
		return nil, errors.New("nothing is fetched")
	}
	content, err := os.ReadFile(filepath.Join("testdata/suite/remotes", name))
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(strings.NewReader(string(content)))
}
