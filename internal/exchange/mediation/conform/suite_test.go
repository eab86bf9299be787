package conform

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
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
	sums := tally{missed: map[string]int{}}
	for _, file := range files {
		for _, g := range readGroups(t, file) {
			sums.run(t, strings.TrimSuffix(filepath.Base(file), ".json"), g)
		}
	}
	got := sums.String()
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
	missed              map[string]int // by file and reason
}

func (s *tally) run(t *testing.T, file string, g group) {
	t.Helper()
	s.all += len(g.Tests)
	schema, err := compileRaw(g.Schema)
	if err != nil {
		t.Fatalf("%s: %s: %v", file, g.Description, err)
	}
	form, maker := formOf(g.Schema)
	for _, one := range g.Tests {
		if (schema.Validate(decoded(t, one.Data)) == nil) == one.Valid {
			s.library++
		}
		valid, err := false, maker.err
		if err == nil {
			valid, err = validByForm(form, one.Data)
		}
		if err == nil && valid == one.Valid {
			s.forms++
			continue
		}
		s.missed[file+": "+whyNot(g.Schema, one.Data, g.Description+": "+one.Description)]++
	}
}

// whyNot says why the forms miss a test: it is about what a contract may not use.
func whyNot(schema, data []byte, name string) string {
	both := string(schema) + string(data)
	for _, reason := range []struct{ word, why string }{
		{`\u0000`, "NUL, which is refused"},
		{`"$dynamicRef"`, "$dynamicRef, which means nothing in a contract"},
		{`"$dynamicAnchor"`, "$dynamicRef, which means nothing in a contract"},
		{`"$anchor"`, "$anchor, which means nothing in a contract"},
		{`"$id"`, "$id, which means nothing in a contract"},
		{`"$schema": "http://localhost`, "a metaschema of its own"},
		{`"http`, "another document, which is not fetched"},
	} {
		if strings.Contains(both, reason.word) {
			return reason.why
		}
	}
	return "WITHOUT A REASON: " + name
}

func (s *tally) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "library: %d of %d\nforms: %d of %d\n\nWhat the forms miss:\n", s.library, s.all, s.forms, s.all)
	for _, reason := range slices.Sorted(maps.Keys(s.missed)) {
		fmt.Fprintf(&b, "%s: %d\n", reason, s.missed[reason])
	}
	return b.String()
}

// formOf makes a form of a schema that stands by itself.
func formOf(schema []byte) (*form, *smith) {
	d := &document{}
	if err := d.read(schema); err != nil {
		return nil, &smith{err: err}
	}
	s := newSmith(d, false, request, nil)
	f := s.make(0)
	s.settle()
	return f, s
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
