package catalog

import (
	"os/exec"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

func call(method, path string, parameters []contract.Parameter, fields ...contract.Field) contract.Operation {
	return contract.Operation{Operation: simpul.Operation{Method: method, Path: path}, Parameters: parameters, RequestFields: fields}
}

func TestExampleCall(t *testing.T) {
	for _, c := range []struct {
		op   contract.Operation
		want string
	}{
		{call("GET", "/", nil), `curl -H 'X-API-Key: spk_…' 'https://hub/master/Kota'`},
		{call("GET", "/{kode}", []contract.Parameter{{Name: "kode", In: "path", Example: "32.73/a b"}}), `curl -H 'X-API-Key: spk_…' 'https://hub/master/Kota/32.73%2Fa%20b'`},
		{call("GET", "/", []contract.Parameter{{Name: "a", In: "query", Example: "1"}, {Name: "b", In: "query", Example: "2"}, {Name: "c", In: "query", Required: true}}),
			`curl -H 'X-API-Key: spk_…' 'https://hub/master/Kota?a=1&c=%E2%80%A6'`},
		{call("GET", "/", []contract.Parameter{{Name: "X-Unit", In: "header", Required: true, Example: "7"}, {Name: "X-Lain", In: "header"}}),
			`curl -H 'X-API-Key: spk_…' -H 'X-Unit: 7' 'https://hub/master/Kota'`},
		{call("POST", "/", nil, contract.Field{Path: "nik", Type: "string", Required: true}, contract.Field{Path: "catatan", Type: "string"}),
			`curl -X POST -H 'X-API-Key: spk_…' -H 'Content-Type: application/json' -d '{"nik": "…"}' 'https://hub/master/Kota'`},
		{call("POST", "/", nil, contract.Field{Path: "n", Type: "integer"}, contract.Field{Path: "a", Type: "object[]"}, contract.Field{Path: "a.b", Type: "string"}, contract.Field{Path: "o", Type: "object"}, contract.Field{Path: "y", Type: "boolean"}),
			`curl -X POST -H 'X-API-Key: spk_…' -H 'Content-Type: application/json' -d '{"n": 0, "a": [], "o": {}, "y": true}' 'https://hub/master/Kota'`},
	} {
		if got := strings.ReplaceAll(exampleCall("https://hub/", "master/Kota", c.op), " \\\n  ", " "); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// A command that people paste runs curl and nothing else, whatever a contract
// says.
func TestExampleCallsRunNothingElse(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell")
	}
	evil := "'; echo RUN; $(echo RUN) `echo RUN` \\' \n echo RUN #"
	op := call("GET", "/{x}", []contract.Parameter{
		{Name: "x", In: "path", Example: evil}, {Name: evil, In: "query", Required: true, Example: evil}, {Name: "X-Unit", In: "header", Required: true, Example: evil}, {Name: "@/etc/passwd", In: "header", Required: true, Example: "x"},
	}, contract.Field{Path: evil, Required: true})
	op.Method = evil
	command := exampleCall("https://hub", "master/Kota", op)
	out, err := exec.CommandContext(t.Context(), "sh", "-c", "curl() { echo called $#; }\n"+command).CombinedOutput()
	if want := "called 11\n"; err != nil || string(out) != want {
		t.Errorf("the command did %q (%v), want %q:\n%s", out, err, want, command)
	}
}

func TestExampleAnswersMaskNIKs(t *testing.T) {
	for in, want := range map[string]string{
		`"3273016609849962"`:    `"32************62"`,
		`{"nik":3273016609849}`: "{\n  \"nik\": 3273016609849\n}",
		`"1234567890123456"`:    `"1234567890123456"`, // no such date
	} {
		if got := tidy([]byte(in)); got != want {
			t.Errorf("%s: got %s", in, got)
		}
	}
}

func TestCellsAreInert(t *testing.T) {
	for in, want := range map[string]string{"": "", "a": "a", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@a": "'@a", "\t=": "'\t=", "＝1": "'＝1", " =1": " =1", "1-1": "1-1"} {
		if got := inert(in); got != want {
			t.Errorf("%q: got %q", in, got)
		}
	}
}
