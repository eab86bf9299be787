package safety

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"simpul"
)

var updateGuide = flag.Bool("update", false, "write the table of findings into the guide")

var codeForm = regexp.MustCompile(`^(store|journal|log|database|keys)\.[a-z]+(-[a-z]+)*$`)

// Every finding speaks both languages, and says what to do next.
func TestEveryKindOfFindingSpeaksBothLanguages(t *testing.T) {
	sentence := regexp.MustCompile(`^[A-Z].*\.$`)
	seen := map[Code]bool{}
	for _, k := range Kinds() {
		if !codeForm.MatchString(string(k.Code)) || seen[k.Code] {
			t.Errorf("%s is no code, or not its first", k.Code)
		}
		seen[k.Code] = true
		for _, said := range []simpul.Text{k.What, k.Next} {
			if !sentence.MatchString(said.ID) || !sentence.MatchString(said.EN) || said.ID == said.EN || strings.Contains(said.ID+said.EN, "%") {
				t.Errorf("%s says %+v", k.Code, said)
			}
		}
		f := Found(k.Code, "tempat")
		if f.Harm() != k.Harm || f.Message() != k.What || f.Remedy() != k.Next {
			t.Errorf("a finding of %s says %+v", k.Code, f.Message())
		}
	}
	for _, code := range declaredCodes(t) {
		if !seen[code] {
			t.Errorf("%s is declared and no kind", code)
		}
	}
}

// declaredCodes are the constants of this room's source.
func declaredCodes(t *testing.T) (all []Code) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "kinds.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		if code, err := strconv.Unquote(lit.Value); err == nil && codeForm.MatchString(code) {
			all = append(all, Code(code))
		}
		return true
	})
	if len(all) < 20 {
		t.Fatalf("only %d codes are declared", len(all))
	}
	return all
}

func TestAFindingSaysWhichRecordsAndWhy(t *testing.T) {
	f := Found(JournalCode("missing"), "evidence/x.seg")
	f.Offset, f.Record, f.Through = 40, 5, 9
	f = f.With("y.seg")
	if f.Where() != "evidence/x.seg:40" || !strings.HasSuffix(f.Message().EN, " Record: 5–9. [y.seg]") || !strings.HasSuffix(f.Message().ID, " Catatan: 5–9. [y.seg]") {
		t.Errorf("%s: %+v", f.Where(), f.Message())
	}
	f = Found(codeKeys, "vault.json").Because(fmt.Errorf("open: %w", noStore("x", os.ErrNotExist)))
	if !strings.HasSuffix(f.Message().ID, " Folder data ini tidak ada.") || !strings.HasSuffix(f.Message().EN, " There is no such data folder.") {
		t.Errorf("%+v", f.Message())
	}
	f = Found(codeUnread, "x").Because(os.ErrPermission)
	if !strings.HasSuffix(f.Message().ID, " [permission denied]") {
		t.Errorf("%+v", f.Message())
	}
	if !(Finding{Code: "x.y"}).Harm() {
		t.Error("what nobody knows is taken for harmless")
	}
}

const guidePage = "../../../docs/guide/hasil-fsck.md"

// The guide has a line for each code.
func TestTheGuideListsEveryKindOfFinding(t *testing.T) {
	text, err := os.ReadFile(guidePage)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "| Kode | | Artinya | Yang harus dilakukan |\n|---|---|---|---|\n", "\n\n"
	head, rest, ok := strings.Cut(string(text), begin)
	table, tail, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatal("the page has no table of codes")
	}
	var want strings.Builder
	for _, k := range Kinds() {
		kind := "keterangan"
		if k.Harm {
			kind = "rusak"
		}
		fmt.Fprintf(&want, "| `%s` | %s | %s | %s |\n", k.Code, kind, k.What.ID, k.Next.ID)
	}
	if table+"\n" == want.String() {
		return
	}
	if !*updateGuide {
		t.Fatal("the table is not that of Kinds: run this test with -update")
	}
	if err := os.WriteFile(guidePage, []byte(head+begin+want.String()+"\n"+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
