package mediation

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simpul"
)

const provider = simpul.AgencyID("kemendagri.go.id")

// read selects the fields of a document through a mediator.
const usualText = 1 << 20

func read(m *Mediator, source io.Reader, fields simpul.FieldSet) (string, error) {
	b := m.open(answer("application/json", source), provider, fields, usualText)
	out, err := io.ReadAll(b)
	return string(out), err
}

func fields(t testing.TB, paths ...string) simpul.FieldSet {
	t.Helper()
	set, err := simpul.ParseFields(paths)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestSelection(t *testing.T) {
	tests := []struct {
		name, paths, document, want string
	}{
		{"member", "kode", `{"kode":"32","nama":"Jawa Barat"}`, `{"kode":"32"}`},
		{"order of the document", "b a", `{"a":1,"x":2,"b":3}`, `{"a":1,"b":3}`},
		{"below an array", "items.kode", `{"items":[{"kode":1,"n":2},{"n":3},{"kode":4}],"total":3}`, `{"items":[{"kode":1},{},{"kode":4}]}`},
		{"arrays in arrays", "a.b", `{"a":[[{"b":1,"c":2}],[]]}`, `{"a":[[{"b":1}],[]]}`},
		{"top-level array", "kode", `[{"kode":1,"n":2},[{"kode":3}]]`, `[{"kode":1},[{"kode":3}]]`},
		{"scalars in a top-level array", "kode", `[1,"rahasia",null]`, `[]`},
		{"leaf keeps everything below", "a", `{"a":{"b":[1,{"c":null}]},"d":1}`, `{"a":{"b":[1,{"c":null}]}}`},
		{"leaf keeps a scalar and null", "a b", `{"a":null,"b":false}`, `{"a":null,"b":false}`},
		{"nothing selected", "x", `{"a":1,"b":{"x":2}}`, `{}`},
		{"interior scalar", "a.b c", `{"a":"rahasia","c":1}`, `{"c":1}`},
		{"interior null", "a.b", `{"a":null}`, `{}`},
		{"interior object without the field", "a.b", `{"a":{"c":1}}`, `{"a":{}}`},
		{"wide and narrow path", "a a.b", `{"a":{"b":1,"c":2}}`, `{"a":{"b":1,"c":2}}`},
		{"escaped name", "kode", `{"\u006bode":1,"nama":2}`, `{"\u006bode":1}`},
		{"names differ in case", "kode", `{"Kode":1,"KODE":2,"kode":3}`, `{"kode":3}`},
		{"a dot in a name is no path", "a.b", `{"a.b":1,"a":{"b":2}}`, `{"a":{"b":2}}`},
		{"exact numbers", "n", `{"n":[12345678901234567,0.10,1E+2,-0,1e400]}`, `{"n":[12345678901234567,0.10,1E+2,-0,1e400]}`},
		{"exact strings", "s", `{"s":["\u0041\/","😀","\ud83d\ude00","<&>"]}`, `{"s":["\u0041\/","😀","\ud83d\ude00","<&>"]}`},
		{"white space", "a", "\r\n { \"a\" :\t[ 1 , 2 ] , \"b\" : 3 } \n", `{"a":[1,2]}`},
		{"empty containers", "a", `{}`, `{}`},
		{"deepest", "a", nested(maxDepth), nested(maxDepth)[:maxDepth] + nested(maxDepth)[maxDepth+1:]},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set := fields(t, strings.Fields(test.paths)...)
			for _, reader := range []func(io.Reader) io.Reader{noWrap, iotest.OneByteReader, iotest.DataErrReader} {
				got, err := read(&Mediator{}, reader(strings.NewReader(test.document)), set)
				if err != nil || got != test.want {
					t.Errorf("got %s, %v; want %s", got, err, test.want)
				}
			}
		})
	}
}

func noWrap(r io.Reader) io.Reader { return r }

func TestInvalidAnswersDeliverNothing(t *testing.T) {
	tests := []struct {
		name, document string
		flaw           flaw
	}{
		{"nothing", ``, notValid},
		{"white space", `  `, notValid},
		{"scalar", `"rahasia"`, scalarDocument},
		{"number", `42`, scalarDocument},
		{"HTML", `<html>`, notValid},
		{"cut off in an object", `{"a":1`, notValid},
		{"cut off in a string", `{"a":"x`, notValid},
		{"cut off in a dropped part", `{"a":1,"b":[`, notValid},
		{"trailing comma", `{"a":1,}`, notValid},
		{"missing colon", `{"a" 1}`, notValid},
		{"wrong bracket", `{"a":1]`, notValid},
		{"wrong bracket in a dropped part", `{"a":1,"b":[1}}`, notValid},
		{"second document", `{"a":1}{"a":2}`, secondDocument},
		{"something after the document", `{"a":1} x`, notValid},
		{"null byte after the document", "{\"a\":1}\x00", notValid},
		{"duplicate name", `{"a":1,"a":2}`, notValid},
		{"duplicate name, spelled differently", `{"a":1,"\u0061":2}`, notValid},
		{"duplicate name in a dropped part", `{"a":1,"b":{"c":1,"c":2}}`, notValid},
		{"invalid UTF-8", "{\"a\":\"\xff\"}", notValid},
		{"invalid UTF-8 in a dropped part", "{\"a\":1,\"b\":\"\xc0\xaf\"}", notValid},
		{"half a surrogate pair", `{"a":"\ud83d"}`, notValid},
		{"byte order mark", "\uFEFF{\"a\":1}", notValid},
		{"leading zero", `{"a":01}`, notValid},
		{"not a number", `{"a":NaN}`, notValid},
		{"comment", `{"a":1/* */}`, notValid},
		{"too deep", nested(maxDepth + 1), tooDeep},
		{"too deep in a dropped part", `{"b":` + nested(maxDepth) + `}`, tooDeep},
		{"depth bomb", strings.Repeat("[", 1<<20), tooDeep},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := read(&Mediator{}, strings.NewReader(test.document), fields(t, "a"))
			e, ok := errors.AsType[*simpul.Error](err)
			if !ok || e.Code != simpul.CodeUpstream || e.Owner != provider {
				t.Fatalf("error %#v, want one of the provider", err)
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

// What was delivered of a long answer that turns out to be invalid is a part of
// it, and cannot be taken for the whole.
func TestInvalidEndOfLongAnswer(t *testing.T) {
	document := `{"a":[` + strings.Repeat(`{"b":1},`, 10_000) + `{"b":1}]}`
	for _, end := range []string{"x", "{}", "]"} {
		got, err := read(&Mediator{}, strings.NewReader(document+end), fields(t, "a"))
		if simpul.CodeOf(err) != simpul.CodeUpstream {
			t.Errorf("%q at the end: error %v", end, err)
		}
		if !strings.HasPrefix(document, got) || len(got) < chunk || json.Valid([]byte(got)) {
			t.Errorf("%q at the end: delivered %d of %d bytes", end, len(got), len(document))
		}
	}
}

func TestErrorTellsNoMemberName(t *testing.T) {
	_, err := read(&Mediator{}, strings.NewReader(`{"3273011708450001":{"x":1,"x":2}}`), fields(t, "a"))
	if strings.Contains(err.Error(), "3273011708450001") {
		t.Errorf("error repeats personal data: %v", err)
	}
}

func TestConnectionErrorComesOutUnchanged(t *testing.T) {
	broken := errors.New("connection reset")
	got, err := read(&Mediator{}, io.MultiReader(strings.NewReader(`{"a":1,`), iotest.ErrReader(broken)), fields(t, "a"))
	if !errors.Is(err, broken) || simpul.CodeOf(err) != simpul.CodeInternal {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestSelectionAgreesWithOracle(t *testing.T) {
	m := &Mediator{}
	rapid.Check(t, func(t *rapid.T) {
		document, set := documents().Draw(t, "document"), fieldSets().Draw(t, "fields")
		var written strings.Builder
		document.write(&written, spaces().Draw(t, "space"))

		got, err := read(m, strings.NewReader(written.String()), set)
		if err != nil {
			t.Fatalf("select from %s: %v", written.String(), err)
		}
		want, _ := document.selected(set)
		if got != want.String() {
			t.Fatalf("select %v from %s\n got %s\nwant %s", set, written.String(), got, want)
		}
		again, err := read(m, strings.NewReader(got), set)
		if err != nil || again != got {
			t.Fatalf("second selection: %s, %v; want %s", again, err, got)
		}
	})
}

func TestSelectionInSmallPieces(t *testing.T) {
	m := &Mediator{}
	rapid.Check(t, func(t *rapid.T) {
		document, set := documents().Draw(t, "document"), fieldSets().Draw(t, "fields")
		want, _ := document.selected(set)
		b := m.open(answer("application/json", iotest.HalfReader(strings.NewReader(document.String()))), provider, set, usualText)
		var got strings.Builder
		piece := make([]byte, rapid.IntRange(1, 9).Draw(t, "piece"))
		for {
			n, err := b.Read(piece)
			got.Write(piece[:n])
			if err == io.EOF {
				break
			}
			if err != nil || n == 0 {
				t.Fatalf("read %d, %v", n, err)
			}
		}
		if got.String() != want.String() {
			t.Fatalf("got %s\nwant %s", &got, want)
		}
	})
}

// FuzzSelection compares the stream with maps on any bytes.
func FuzzSelection(f *testing.F) {
	f.Add([]byte(`{"items":[{"kode":1,"nama":"x"}],"total":1}`), "items.kode total")
	f.Add([]byte(`[{"a":{"b":[null]}}]`), "a.b")
	f.Add([]byte(`{"a":1,"a":2}`), "a")
	f.Add([]byte("{\"\xff\":1}"), "a")
	f.Add([]byte(nested(100)), "a")
	m := &Mediator{}
	f.Fuzz(func(t *testing.T, document []byte, paths string) {
		set, err := simpul.ParseFields(strings.Fields(paths))
		if err != nil || set == nil {
			return
		}
		got, err := read(m, bytes.NewReader(document), set)
		if err != nil {
			if simpul.CodeOf(err) != simpul.CodeUpstream || json.Valid([]byte(got)) {
				t.Fatalf("delivered %q, %v", got, err)
			}
			return
		}
		if diff := cmp.Diff(project(decode(t, document), set), decode(t, []byte(got))); diff != "" {
			t.Fatalf("selection of %v (-want +got)\n%s", set, diff)
		}
		if again, err := read(m, strings.NewReader(got), set); err != nil || again != got {
			t.Fatalf("second selection: %s, %v; want %s", again, err, got)
		}
	})
}

func decode(t *testing.T, document []byte) any {
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("accepted %q, which is no JSON: %v", document, err)
	}
	return v
}

// project selects fields from a decoded document.
func project(v any, set simpul.FieldSet) any {
	switch v := v.(type) {
	case []any:
		out := []any{}
		for _, element := range v {
			if p := project(element, set); p != nil {
				out = append(out, p)
			}
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, member := range v {
			below, granted := set[name]
			if granted && below == nil {
				out[name] = member
			} else if p := project(member, below); granted && p != nil {
				out[name] = p
			}
		}
		return out
	}
	return nil
}

func TestLongField(t *testing.T) {
	long := `"` + strings.Repeat("x", 7<<20) + `"`
	for _, test := range []struct{ name, document, want string }{
		{"granted", `{"a":` + long + `,"b":1}`, `{"a":` + long + `}`},
		{"withheld", `{"b":` + long + `,"a":1}`, `{"a":1}`},
		{"as a name", `{` + long + `:1,"a":1}`, `{"a":1}`},
	} {
		b := (&Mediator{}).open(answer("application/json", strings.NewReader(test.document)), provider, fields(t, "a"), 16<<20)
		got, err := io.ReadAll(b)
		if err != nil || string(got) != test.want {
			t.Errorf("%s: %d bytes, %v; want %d", test.name, len(got), err, len(test.want))
		}
	}
}

// Names are held only while their object is open.
func TestLongArray(t *testing.T) {
	const n = 3 * maxNames / (2 * nameOverhead) / 2 // objects with two names each
	document := "[" + strings.Repeat(`{"a":1,"b":2},`, n) + `{"a":1}]`
	want := "[" + strings.Repeat(`{"a":1},`, n) + `{"a":1}]`
	got, err := read(&Mediator{}, strings.NewReader(document), fields(t, "a"))
	if err != nil || got != want {
		t.Errorf("%d bytes, %v; want %d", len(got), err, len(want))
	}
}

// A provider whose answers hold documents says how long they are.
func TestTextsAreAsLongAsTheProviderSays(t *testing.T) {
	for most, want := range map[int64]bool{0: false, 2 << 20: false, 4 << 20: true, 1 << 40: true} {
		route := &simpul.Route{Delivery: &simpul.Delivery{MaxAnswerBytes: most}}
		source := strings.NewReader(`{"a":"` + strings.Repeat("x", 3<<20) + `"}`)
		res := answer("application/json", source)
		m := &Mediator{}
		if err := m.Response(&simpul.Exchange{Provider: provider}, route, simpul.Obligations{Fields: fields(t, "a")}, res); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, res.Body); (err == nil) != want {
			t.Errorf("answers of %d bytes at most: %v", most, err)
		}
	}
}

// endless is a document that repeats a part without end, and counts what was
// taken of it.
type endless struct {
	head, part string
	taken      int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.head)
	for e.head = e.head[n:]; n < len(p); {
		offset := e.taken % len(e.part)
		c := copy(p[n:], e.part[offset:])
		n += c
		e.taken += c
	}
	return n, nil
}

func TestMemoryIsBounded(t *testing.T) {
	tests := []struct {
		name string
		body *endless
		flaw flaw
		most int // bytes that may be read before the answer is refused
	}{
		{"endless granted string", &endless{head: `{"a":"`, part: "x"}, tooLong(usualText), usualText + chunk},
		{"endless withheld string", &endless{head: `{"b":"`, part: "x"}, tooLong(usualText), usualText + chunk},
		{"endless name", &endless{head: `{"`, part: "x"}, tooLong(usualText), usualText + chunk},
		{"endless number", &endless{head: `{"a":1`, part: "0"}, tooLong(usualText), usualText + chunk},
		{"endless white space", &endless{head: `{`, part: " "}, tooLong(usualText), usualText + chunk},
		{"endless white space after the document", &endless{head: `{}`, part: " "}, tooLong(usualText), usualText + chunk},
		{"endless brackets", &endless{part: "["}, tooDeep, chunk},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := read(&Mediator{}, test.body, fields(t, "a"))
			if f, _ := errors.AsType[flaw](err); f != test.flaw || got != "" {
				t.Errorf("delivered %d bytes, %v; want %v", len(got), err, test.flaw)
			}
			if test.body.taken > test.most {
				t.Errorf("read %d bytes, want at most %d", test.body.taken, test.most)
			}
		})
	}
}

func TestNamesAreBounded(t *testing.T) {
	pr, pw := io.Pipe()
	go func() {
		var err error
		w := bufio.NewWriterSize(pw, 64<<10)
		for i := 0; err == nil; i++ {
			_, err = fmt.Fprintf(w, "%c\"%016d\":0", "{,"[min(i, 1)], i)
		}
	}()
	_, err := read(&Mediator{}, pr, fields(t, "a"))
	pr.Close()
	if f, _ := errors.AsType[flaw](err); f != tooManyNames {
		t.Errorf("error %v, want %v", err, tooManyNames)
	}
}

// What is granted comes out while it goes in, and the provider is read only as far
// as the consumer reads.
func TestBackPressure(t *testing.T) {
	source := &endless{head: `[`, part: `{"a":"0123456789"},`}
	b := (&Mediator{}).open(answer("application/json", source), provider, fields(t, "a"), usualText)
	delivered, err := io.ReadFull(b, make([]byte, 100_000))
	if err != nil || source.taken > delivered+3*chunk {
		t.Errorf("delivered %d, %v; read %d", delivered, err, source.taken)
	}
}

func TestUseAfterEnd(t *testing.T) {
	m := &Mediator{}
	p := make([]byte, 100)
	for _, document := range []string{`{"a":1}`, `{"a":`} {
		ended := m.open(answer("application/json", strings.NewReader(document)), provider, fields(t, "a"), usualText)
		_, first := io.ReadAll(io.MultiReader(ended)) // nil at the end
		next := m.open(answer("application/json", strings.NewReader(`{"a":"lain"}`)), provider, fields(t, "a"), usualText)
		n, err := ended.Read(p)
		if n != 0 || err == nil || first != nil && err != first {
			t.Errorf("after the end of %s: %q, %v", document, p[:n], err)
		}
		if rest, err := io.ReadAll(next); string(rest) != `{"a":"lain"}` || err != nil {
			t.Errorf("next exchange got %q, %v", rest, err)
		}
	}
}

func BenchmarkSelection(b *testing.B) {
	var document strings.Builder
	document.WriteString(`{"items":[`)
	for i := 0; document.Len() < 950; i++ {
		fmt.Fprintf(&document, `%s{"kode":"32.%02d","nama":"Kota Bandung %d","jenis":"kota","luas":167.31}`, ","[:min(i, 1)], i, i)
	}
	document.WriteString(`],"total":514,"sumber":"Kementerian Dalam Negeri"}`)
	set, m := fields(b, "items.kode", "items.nama", "total"), &Mediator{}
	source := strings.NewReader("")
	res, buffer := answer("application/json", source), make([]byte, 32<<10)
	b.SetBytes(int64(document.Len()))
	b.ReportAllocs()
	for b.Loop() {
		source.Reset(document.String())
		body := m.open(res, provider, set, usualText)
		for {
			if _, err := body.Read(buffer); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}
