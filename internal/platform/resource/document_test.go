package resource

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const lid = `# a comment
apiVersion: simpul/v1
kind: LID
metadata:
  id: master/Kota
spec:
  agency: kemendagri.go.id
  class: terbuka
  fields:
    - items.code
    - name: x
      deep: {a: 1,
        b: 2}
  contract:
    paths:
      /{kode}:
        get: {}
      /{kode}.get:
        post: {}
    content:
      application/vnd.api+json:
        schema: {}
`

func TestLineOfALocation(t *testing.T) {
	docs, err := Read("lid.yaml", strings.NewReader(lid))
	if err != nil {
		t.Fatal(err)
	}
	for location, want := range map[string]int{
		"":                                    2, // the document
		"body":                                2,
		"body.kind":                           3,
		"body.metadata.id":                    5,
		"body.spec":                           6,
		"body.spec.class":                     8,
		"spec.class":                          8,
		"class":                               8,
		"id":                                  5,
		"body.spec.missing":                   6,
		"body.spec.class.below":               8,
		"body.spec.fields[0]":                 10,
		"body.spec.fields[1]":                 11,
		"body.spec.fields[1].deep.b":          13,
		"body.spec.fields[9]":                 9,
		"body.spec.fields[-1]":                9,
		"body.spec.fields[":                   9,
		"body.spec.contract.paths./{kode}":    16,
		"body.spec.contract.paths./{kode}.x":  16,
		"body.spec.contract.paths./{other}.x": 15,
		"body.spec.contract.paths./{kode}.get.post":                      19, // the longest key wins
		"body.spec.contract.content.application/vnd.api+json.schema.x.y": 22,
		"query.dryRun":         2,
		"body.specification.x": 2,
	} {
		if got := docs[0].Line(location); got != want {
			t.Errorf("Line(%q) = %d, want %d", location, got, want)
		}
	}
	if got := (Document{}).Line("body.spec"); got != 1 {
		t.Errorf("a document that was not read: line %d", got)
	}
}

func TestDistinctNamesBothPlaces(t *testing.T) {
	a := mustRead(t, "a.yaml", agency)
	b := mustRead(t, "b.yaml", "\n\n"+agency)
	if err := Distinct(a); err != nil {
		t.Error(err)
	}
	err := Distinct(append(a, b...))
	if err == nil || err.Error() != `invalid at b.yaml:3: Agency "bandungkota.go.id" is already written at a.yaml:1.` {
		t.Error(err)
	}
}

func TestInOrderIsStableWithinAKind(t *testing.T) {
	const rest = "\nspec: {}\n---\n"
	docs := mustRead(t, "f.yaml", strings.NewReplacer("# ", "apiVersion: simpul/v1\nkind: ", " = ", "\nmetadata: {id: ", ";", "}"+rest).
		Replace("# Grant = b;# LID = g/N;# Agency = z.id;# Application = a@z.id;# Agency = a.id;# Grant = a;"))
	var got []string
	for _, d := range InOrder(docs) {
		got = append(got, string(d.Kind)+" "+d.ID)
	}
	want := []string{"Agency z.id", "Agency a.id", "Application a@z.id", "LID g/N", "Grant b", "Grant a"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseKind(t *testing.T) {
	for s, want := range map[string]Kind{
		"Agency": Agency, "agencies": Agency, "APPLICATION": Application, "applications": Application,
		"lid": LID, "LIDs": LID, "grant": Grant, "Grants": Grant, "agencys": "", "": "", "ⅼid": "",
	} {
		got, err := ParseKind(s)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParseKind(%q) = %q, %v", s, got, err)
		}
	}
}

func TestKindChecksItsIdentifiers(t *testing.T) {
	for _, c := range []struct {
		kind      Kind
		good      string
		bad, bad2 string
	}{
		{Agency, "kemendagri.go.id", "..", "Kemendagri.go.id"},
		{Application, "layanan@bandungkota.go.id", "layanan", "a/b@c.id"},
		{LID, "master/Kota", "Kota", "../Kota"},
		{Grant, "izin-1", "", "izin/1"},
		{"Other", "", "x", "y"},
	} {
		if err := c.kind.Check(c.good); (err != nil) != (c.kind == "Other") {
			t.Errorf("%s %q: %v", c.kind, c.good, err)
		}
		if c.kind.Check(c.bad) == nil || c.kind.Check(c.bad2) == nil {
			t.Errorf("%s accepts %q or %q", c.kind, c.bad, c.bad2)
		}
	}
}

func mustRead(t *testing.T, name, file string) []Document {
	t.Helper()
	docs, err := Read(name, strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return docs
}
