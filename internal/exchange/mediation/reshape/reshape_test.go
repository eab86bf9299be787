package reshape

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"simpul"
)

const provider simpul.AgencyID = "kemendagri.go.id"

// codebook is a reference list in which B became A, and M became two codes.
type codebook struct{}

func (codebook) Current(list string, code []byte) (string, bool, error) {
	if list != "wilayah" {
		return "", false, &simpul.Error{Code: simpul.CodeUnavailable, Message: simpul.Text{ID: "Daftar belum ada."}}
	}
	switch string(code) {
	case "A", "B":
		return "A", true, nil
	}
	return "", false, nil
}

func compiled(t testing.TB, changes ...simpul.Change) *Changes {
	t.Helper()
	c, err := Compile(changes, codebook{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func change(c *Changes, document io.Reader) (string, error) {
	b := c.Open(&http.Response{Body: io.NopCloser(document)}, provider)
	defer b.Close()
	got, err := io.ReadAll(b)
	return string(got), err
}

func rename(field, name string) simpul.Change { return simpul.Change{Field: field, Rename: name} }
func drop(field string) simpul.Change         { return simpul.Change{Field: field, Drop: true} }

func pairs(field, otherwise string, all map[string]string) simpul.Change {
	return simpul.Change{Field: field, Recode: &simpul.Recode{Pairs: all, Else: otherwise}}
}

func convert(field, factor, offset string, digits int) simpul.Change {
	return simpul.Change{Field: field, Unit: &simpul.Unit{Factor: factor, Offset: offset, Digits: digits}}
}

func list(field, otherwise string) simpul.Change {
	return simpul.Change{Field: field, Recode: &simpul.Recode{List: "wilayah", Else: otherwise}}
}

var sex = map[string]string{"1": "L", "2": "P", "true": "ya"}

func TestChanges(t *testing.T) {
	tests := []struct {
		name, document, want string
		changes              []simpul.Change
	}{
		{"rename", `{"kd":1,"nm":"x"}`, `{"kode":1,"nm":"x"}`, []simpul.Change{rename("kd", "kode")}},
		{"rename in arrays", `{"items":[{"kd":1},{"kd":2,"x":[{"kd":3}]}]}`, `{"items":[{"kode":1},{"kode":2,"x":[{"kd":3}]}]}`, []simpul.Change{rename("items.kd", "kode")}},
		{"rename in an array at the top", `[{"kd":1},[{"kd":2}]]`, `[{"kode":1},[{"kode":2}]]`, []simpul.Change{rename("kd", "kode")}},
		{"rename an object and inside it", `{"a":{"b":1}}`, `{"x":{"y":1}}`, []simpul.Change{rename("a", "x"), rename("a.b", "y")}},
		{"swap", `{"a":1,"b":2}`, `{"b":1,"a":2}`, []simpul.Change{rename("a", "b"), rename("b", "a")}},
		{"rename to what is dropped", `{"b":2,"a":1}`, `{"b":1}`, []simpul.Change{drop("b"), rename("a", "b")}},
		{"a name that must be escaped", `{"a":1}`, `{"\"\\é":1}`, []simpul.Change{rename("a", `"\é`)}},
		{"an escaped name is the name", `{"\u0061":1}`, `{"b":1}`, []simpul.Change{rename("a", "b")}},
		{"drop", `{"a":{"x":[1,{"y":2}]},"b":1}`, `{"b":1}`, []simpul.Change{drop("a")}},
		{"drop everything", `{"a":1}`, `{}`, []simpul.Change{drop("a")}},
		{"recode strings, numbers and truths", `[{"a":"1"},{"a":2},{"a":true},{"a":null},{"a":3}]`, `[{"a":"L"},{"a":"P"},{"a":"ya"},{"a":null},{"a":3}]`, []simpul.Change{pairs("a", "", sex)}},
		{"recode else null", `{"a":["9",{"b":[1]},"1"]}`, `{"a":[null,null,"L"]}`, []simpul.Change{pairs("a", "null", sex)}},
		{"recode keeps an object", `{"a":{"b": 1}}`, `{"a":{"b":1}}`, []simpul.Change{pairs("a", "keep", sex)}},
		{"recode by list", `{"k":["A","B","C"]}`, `{"k":["A","A","C"]}`, []simpul.Change{list("k", "")}},
		{"recode by list, else null", `{"k":["B","M"]}`, `{"k":["A",null]}`, []simpul.Change{list("k", "null")}},
		{"recode twice", `{"a":"1"}`, `{"a":"laki-laki"}`, []simpul.Change{pairs("a", "", sex), pairs("a", "", map[string]string{"L": "laki-laki"})}},
		{"rename and recode", `{"a":"1"}`, `{"jk":"L"}`, []simpul.Change{rename("a", "jk"), pairs("a", "", sex)}},
		{"an escaped value is the value", `{"a":"\u0031"}`, `{"a":"L"}`, []simpul.Change{pairs("a", "", sex)}},
		{"units", `{"m":[1500,1.5,-2e3,0,null,12345678901234567890]}`, `{"m":[1.5,0.0015,-2,0,null,12345678901234567.89]}`, []simpul.Change{convert("m", "0.001", "", 0)}},
		{"fahrenheit", `{"t":37.5}`, `{"t":99.5}`, []simpul.Change{convert("t", "1.8", "32", 1)}},
		{"half to even", `{"m":[0.25,0.35,-0.25,-0.35,0.251,2.05]}`, `{"m":[0.2,0.4,-0.2,-0.4,0.3,2]}`, []simpul.Change{convert("m", "1", "", 1)}},
		{"unit then recode", `{"m":2000}`, `{"m":"P"}`, []simpul.Change{convert("m", "0.001", "", 0), pairs("m", "", sex)}},
		{"numbers that no change names stay as written", `{"a":1.50,"b":1E+2,"c":-0}`, `{"a":1.50,"b":1E+2,"c":-0}`, []simpul.Change{drop("x")}},
		{"a single value", `"teks"`, `"teks"`, []simpul.Change{drop("x")}},
		{"spaces", " {\n \"a\" : [ 1 , 2 ] }\n", `{"b":[1,2]}`, []simpul.Change{rename("a", "b")}},
		{"a name with a dot is no path", `{"a.b":1}`, `{"a.b":1}`, []simpul.Change{drop("a.b")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := change(compiled(t, test.changes...), strings.NewReader(test.document))
			if err != nil || got != test.want {
				t.Errorf("got %s, %v\nwant %s", got, err, test.want)
			}
		})
	}
}

func TestWhatCannotBeChanged(t *testing.T) {
	tests := []struct {
		name, document string
		change         simpul.Change
		flaw           flaw
		place          string
	}{
		{"collision", `{"items":[{"kode":1},{"kode":1,"kd":2}]}`, rename("items.kd", "kode"), collision, "items[1].kd"},
		{"collision, the other way round", `{"items":[{"kd":2,"kode":1}]}`, rename("items.kd", "kode"), collision, "items[0].kode"},
		{"collision, spelled differently", `{"\u006bode":1,"kd":2}`, rename("kd", "kode"), collision, "kd"},
		{"not listed", `[{"a":"1"},{"a":"9"}]`, pairs("a", "refuse", sex), notListed, "[1].a"},
		{"an object is not listed", `{"a":{}}`, pairs("a", "refuse", sex), notListed, "a"},
		{"not in the list", `{"w":{"kode":["A","C"]}}`, list("w.kode", "refuse"), notListed, "w.kode[1]"},
		{"a text is no number", `{"m":["12"]}`, convert("m", "2", "", 0), notNumber, "m[0]"},
		{"a truth is no number", `{"m":true}`, convert("m", "2", "", 0), notNumber, "m"},
		{"an object is no number", `{"m":{"v":1}}`, convert("m", "2", "", 0), notNumber, "m"},
		{"too many digits", `{"m":` + strings.Repeat("9", maxDigits+1) + `}`, convert("m", "2", "", 0), tooLarge, "m"},
		{"too large an exponent", `{"m":1e999999999}`, convert("m", "2", "", 0), tooLarge, "m"},
		{"an exponent that no integer holds", `{"m":1e99999999999999999999}`, convert("m", "2", "", 0), tooLarge, "m"},
		{"not JSON", `<html>`, drop("a"), notValid, ""},
		{"cut off", `{"a":1,"b":`, drop("a"), notValid, ""},
		{"nothing", ``, drop("a"), notValid, ""},
		{"duplicate name", `{"b":1,"b":2}`, drop("a"), notValid, ""},
		{"duplicate name in a dropped part", `{"a":{"b":1,"b":2}}`, drop("a"), notValid, ""},
		{"second document", `{}{}`, drop("a"), secondDocument, ""},
		{"too deep", strings.Repeat("[", 1<<20), drop("a"), tooDeep, ""},
		{"too deep in a dropped part", `{"a":` + strings.Repeat("[", maxDepth), drop("a"), tooDeep, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := change(compiled(t, test.change), strings.NewReader(test.document))
			e, ok := errors.AsType[*simpul.Error](err)
			if !ok || e.Code != simpul.CodeUpstream || e.Owner != provider || e.Place != test.place {
				t.Fatalf("error %#v", err)
			}
			if !strings.Contains(e.Message.ID, test.flaw.ID) || !strings.Contains(e.Message.EN, test.flaw.EN) || e.Remedy.ID == "" || e.Remedy.EN == "" {
				t.Errorf("message %q, want it to say %q", e.Message, test.flaw)
			}
			if got != "" {
				t.Errorf("delivered %q", got)
			}
		})
	}
}

func TestAnErrorTellsNoValue(t *testing.T) {
	_, err := change(compiled(t, pairs("a", "refuse", sex)), strings.NewReader(`{"3273011708450001":1,"a":"3273011708450001"}`))
	if err == nil || strings.Contains(err.Error(), "3273011708450001") {
		t.Errorf("error repeats personal data: %v", err)
	}
}

// A list that is not there yet is the hub's own trouble, in its own words.
func TestAListThatIsNotThere(t *testing.T) {
	c := compiled(t, simpul.Change{Field: "a", Recode: &simpul.Recode{List: "lain"}})
	if _, err := change(c, strings.NewReader(`{"a":"1"}`)); simpul.CodeOf(err) != simpul.CodeUnavailable {
		t.Errorf("got %v", err)
	}
}

func TestConnectionErrorComesOutUnchanged(t *testing.T) {
	broken := errors.New("connection reset")
	_, err := change(compiled(t, drop("a")), io.MultiReader(strings.NewReader(`{"b":1,`), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || simpul.CodeOf(err) != simpul.CodeInternal {
		t.Errorf("got %v", err)
	}
}

func TestNothingToChangeCompilesToNothing(t *testing.T) {
	if c, err := Compile(nil, nil); c != nil || err != nil {
		t.Errorf("got %v, %v", c, err)
	}
	if _, err := Compile([]simpul.Change{{Field: "a"}}, nil); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("got %v", err)
	}
}

// Small names, so that random changes meet random documents.
var (
	names   = []string{"a", "b", "c", "", "a.b", "é"}
	scalars = []string{`null`, `true`, `0`, `-0`, `1`, `2`, `12345678901234567`, `0.10`, `1E+2`, `-7.25`, `""`, `"1"`, `"\u0032"`, `"x"`, `"` + strings.Repeat("x", 5000) + `"`}
)

func documents() *rapid.Generator[tree] {
	return rapid.Custom(func(t *rapid.T) tree { return branch(t, 4) })
}

func branch(t *rapid.T, depth int) tree {
	b := tree{object: rapid.Bool().Draw(t, "object")}
	taken := map[string]bool{}
	for range rapid.IntRange(0, 4).Draw(t, "length") {
		if b.object {
			n := rapid.SampledFrom(names).Draw(t, "name")
			if taken[n] {
				continue
			}
			taken[n] = true
			b.names = append(b.names, n)
		}
		if depth > 0 && rapid.Bool().Draw(t, "compound") {
			b.children = append(b.children, branch(t, depth-1))
		} else {
			b.children = append(b.children, tree{scalar: rapid.SampledFrom(scalars).Draw(t, "scalar")})
		}
	}
	return b
}

func drawnChanges() *rapid.Generator[[]simpul.Change] {
	return rapid.Custom(func(t *rapid.T) []simpul.Change {
		var all []simpul.Change
		for range rapid.IntRange(0, 5).Draw(t, "changes") {
			field := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "é"}), 1, 3).Draw(t, "path"), ".")
			var one simpul.Change
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				one = rename(field, rapid.SampledFrom([]string{"a", "b", "c", "d", "é"}).Draw(t, "to"))
			case 1:
				one = drop(field)
			case 2:
				one = pairs(field, rapid.SampledFrom([]string{"", "keep", "null", "refuse"}).Draw(t, "else"), sex)
			default:
				one = convert(field, rapid.SampledFrom([]string{"0.001", "-2", "1.8"}).Draw(t, "factor"), rapid.SampledFrom([]string{"", "32"}).Draw(t, "offset"), rapid.IntRange(0, 2).Draw(t, "digits"))
			}
			if simpul.CheckChanges(append(all, one)) == nil {
				all = append(all, one)
			}
		}
		return all
	})
}

func TestStreamAgreesWithTheWholeDocument(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		document, changes := documents().Draw(t, "document"), drawnChanges().Draw(t, "changes")
		c, err := Compile(changes, codebook{})
		if err != nil {
			t.Fatal(err)
		}
		if c == nil {
			return
		}
		got, err := change(c, iotest.HalfReader(strings.NewReader(document.String())))
		want, refused := shaped(document, nil, changes)
		if (err != nil) != (refused != nil) {
			t.Fatalf("%+v on %s: %v, the oracle: %v", changes, document, err, refused)
		}
		if err == nil && got != want.String() {
			t.Fatalf("%+v on %s\n got %s\nwant %s", changes, document, got, want)
		}
	})
}

// What no change names is the same, byte for byte.
func TestADocumentWithoutMatchesStays(t *testing.T) {
	c := compiled(t, rename("tiada.kd", "kode"), drop("x.y"), convert("z", "2", "", 0))
	rapid.Check(t, func(t *rapid.T) {
		document := documents().Draw(t, "document").String()
		if got, err := change(c, strings.NewReader(document)); err != nil || got != document {
			t.Fatalf("got %s, %v\nwant %s", got, err, document)
		}
	})
}

func FuzzChanges(f *testing.F) {
	f.Add([]byte(`{"a":[{"b":1,"c":"2"}],"d":null}`))
	f.Add([]byte(`{"a":{"b":1e400}}`))
	f.Add([]byte(`{"a":1,"\u0061":2}`))
	f.Add([]byte(`{"c":{"b":"1"},"d":1}`))
	f.Add([]byte("[[[\xff]]]"))
	changes := []simpul.Change{rename("a", "d"), convert("a.b", "0.1", "1", 2), pairs("a.c", "null", sex), drop("c.b"), rename("c.d", "b"), pairs("e", "refuse", sex)}
	c := compiled(f, changes...)
	f.Fuzz(func(t *testing.T, document []byte) {
		got, err := change(c, strings.NewReader(string(document)))
		if err != nil {
			if simpul.CodeOf(err) != simpul.CodeUpstream {
				t.Fatalf("delivered %q, %v", got, err)
			}
			return
		}
		whole, err := plant(document)
		if err != nil {
			t.Fatalf("accepted %q, which is no JSON: %v", document, err)
		}
		want, err := shaped(whole, nil, changes)
		if err != nil {
			t.Fatalf("accepted %q: the oracle does not", document)
		}
		again, err := plant([]byte(got))
		if err != nil || again.String() != want.String() {
			t.Fatalf("changed %q\n got %s, %v\nwant %s", document, got, err, want)
		}
	})
}

// endless is a document that repeats a part without end, and counts what was taken.
type endless struct {
	head, part string
	taken      int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.head)
	for e.head = e.head[n:]; n < len(p); {
		c := copy(p[n:], e.part[e.taken%len(e.part):])
		n += c
		e.taken += c
	}
	return n, nil
}

func TestMemoryIsBounded(t *testing.T) {
	for _, head := range []string{`{"a":"`, `{"x":"`, `{"`, `{"a":1`} {
		source := &endless{head: head, part: "0"}
		if _, err := change(compiled(t, pairs("a", "", sex)), source); simpul.CodeOf(err) != simpul.CodeUpstream || source.taken > 1<<20+chunk {
			t.Errorf("%s: %v after %d bytes", head, err, source.taken)
		}
	}
}

// What is changed comes out while it goes in, and the provider is read only as far
// as the consumer reads.
func TestBackPressure(t *testing.T) {
	source := &endless{head: `[`, part: `{"a":"0123456789"},`}
	b := compiled(t, rename("a", "b")).Open(&http.Response{Body: io.NopCloser(source)}, provider)
	delivered, err := io.ReadFull(b, make([]byte, 100_000))
	if err != nil || source.taken > delivered+3*chunk {
		t.Errorf("delivered %d, %v; read %d", delivered, err, source.taken)
	}
}

func TestUseAfterEnd(t *testing.T) {
	c := compiled(t, rename("a", "b"))
	for _, document := range []string{`{"a":1}`, `{"a":`} {
		ended := c.Open(&http.Response{Body: io.NopCloser(strings.NewReader(document))}, provider)
		io.ReadAll(ended)
		next := c.Open(&http.Response{Body: io.NopCloser(strings.NewReader(`{"a":"lain"}`))}, provider)
		if n, err := ended.Read(make([]byte, 100)); n != 0 || err == nil {
			t.Errorf("after the end of %s: %d, %v", document, n, err)
		}
		if rest, err := io.ReadAll(next); string(rest) != `{"b":"lain"}` || err != nil {
			t.Errorf("next answer got %q, %v", rest, err)
		}
	}
}

func BenchmarkChanges(b *testing.B) {
	var document strings.Builder
	document.WriteString(`{"items":[`)
	for i := 0; document.Len() < 950; i++ {
		fmt.Fprintf(&document, `%s{"kode":"32.%02d","nama":"Kota Bandung %d","jk":"1","luas":16731}`, ","[:min(i, 1)], i, i)
	}
	document.WriteString(`],"total":514}`)
	c := compiled(b, rename("items.kode", "id"), pairs("items.jk", "", sex), convert("items.luas", "0.01", "", 0), drop("total"))
	buffer := make([]byte, 32<<10)
	b.SetBytes(int64(document.Len()))
	b.ReportAllocs()
	for b.Loop() {
		body := c.Open(&http.Response{Body: io.NopCloser(strings.NewReader(document.String()))}, provider)
		for {
			if _, err := body.Read(buffer); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}
