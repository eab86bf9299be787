package demo

import (
	"encoding/json"
	"maps"
	"mime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"

	"simpul"
)

func TestContractsAreTheFiveLIDs(t *testing.T) {
	want := map[simpul.Address]simpul.LIDClass{
		"master/Provinsi": simpul.Terbuka, "master/Kota": simpul.Terbuka, "master/Kecamatan": simpul.Terbuka, "master/Desa": simpul.Terbuka,
		"kependudukan/CekNIK": simpul.Terbatas,
	}
	got := map[simpul.Address]simpul.LIDClass{}
	for _, lid := range Contracts() {
		got[lid.Address] = lid.Class
		if _, err := simpul.ParseAddress(string(lid.Address)); err != nil {
			t.Error(err)
		}
		if lid.Title == "" || lid.Description == "" || lid.LegalBasis == "" || len(lid.Keywords) == 0 || lid.Version == "" {
			t.Errorf("%s is incomplete: %+v", lid.Address, lid)
		}
		if !strings.Contains(lid.Attribution, Attribution) || !strings.HasPrefix(lid.UpstreamPath, "/") {
			t.Errorf("%s: attribution %q, upstream %q", lid.Address, lid.Attribution, lid.UpstreamPath)
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestContractsAreOpenAPI31(t *testing.T) {
	documents := map[string]json.RawMessage{"application": applicationContract(Contracts())}
	for _, lid := range Contracts() {
		documents[string(lid.Address)] = lid.Contract
	}
	for name, text := range documents {
		document, err := libopenapi.NewDocument(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		model, err := document.BuildV3Model()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		info := model.Model.Info
		if !strings.HasPrefix(document.GetVersion(), "3.1") || info.Title == "" || info.License.Identifier != "ODbL-1.0" || !strings.Contains(info.Description, Attribution) {
			t.Errorf("%s: OpenAPI %s, %+v", name, document.GetVersion(), info)
		}
	}
}

func TestContractPathsAreRelativeToTheAddress(t *testing.T) {
	for _, lid := range Contracts() {
		want := []string{"/ get", "/{kode} get"}
		if lid.Address == "kependudukan/CekNIK" {
			want = []string{"/ post"}
		}
		if got := operations(parseContract(t, lid.Contract)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", lid.Address, got, want)
		}
	}
}

func TestApplicationContractHasEveryOperation(t *testing.T) {
	want := []string{
		"/ceknik post", "/desa get", "/desa/{kode} get", "/kecamatan get", "/kecamatan/{kode} get",
		"/kota get", "/kota/{kode} get", "/provinsi get", "/provinsi/{kode} get",
	}
	if got := operations(parseContract(t, applicationContract(Contracts()))); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// operations lists "path method" in order.
func operations(doc contractDoc) (list []string) {
	for path := range doc.at("paths") {
		for method := range doc.at("paths", path) {
			list = append(list, path+" "+method)
		}
	}
	slices.Sort(list)
	return list
}

// TestContractsDescribeEverything: each parameter, member and answer has a
// description, and each reference leads somewhere.
func TestContractsDescribeEverything(t *testing.T) {
	for _, lid := range Contracts() {
		doc := parseContract(t, lid.Contract)
		visit(map[string]any(doc), "", func(place string, node map[string]any) {
			parent := place[:max(strings.LastIndex(place, "/"), 0)]
			mustDescribe := strings.HasSuffix(parent, "/properties") || strings.HasSuffix(parent, "/parameters") || strings.HasSuffix(parent, "/responses") || strings.HasSuffix(parent, "/schemas")
			if _, ok := node["description"].(string); mustDescribe && !ok {
				t.Errorf("%s: %s has no description", lid.Address, place)
			}
			if reference, ok := node["$ref"]; ok && doc.resolve(reference) == nil {
				t.Errorf("%s: %s refers to nothing: %v", lid.Address, place, reference)
			}
		})
	}
}

// visit calls f for every object of a JSON value, with its place "/a/0/b".
func visit(value any, place string, f func(place string, node map[string]any)) {
	switch value := value.(type) {
	case map[string]any:
		f(place, value)
		for name, member := range value {
			visit(member, place+"/"+name, f)
		}
	case []any:
		for i, item := range value {
			visit(item, place+"/"+strconv.Itoa(i), f)
		}
	}
}

// contractCase is a request as the hub forwards it: what follows the LID's address
// follows the upstream path.
type contractCase struct{ operation, rest, body string }

func contractCases(lid LIDSpec) map[contractCase]int {
	if lid.Address == "kependudukan/CekNIK" {
		return map[contractCase]int{
			{"/ post", "", `{"nik":"3273016609849962"}`}:  200,
			{"/ post", "/", `{"nik":"3273016609849962"}`}: 200,
			{"/ post", "", `{"nik":"3273010101010001"}`}:  404,
			{"/ post", "", `{"nik":"1"}`}:                 400,
			{"/ post", "", ""}:                            415,
			{"/ post", "", strings.Repeat(" ", 2000)}:     413,
		}
	}
	code := exampleCode(tierOf(lid))
	list := map[contractCase]int{
		{"/ get", "", ""}:                      200,
		{"/ get", "/", ""}:                     200,
		{"/ get", "?limit=7", ""}:              200,
		{"/ get", "?q=ban&limit=2", ""}:        200,
		{"/ get", "?q=nowhere", ""}:            200,
		{"/ get", "?limit=0", ""}:              400,
		{"/{kode} get", "/" + code, ""}:        200,
		{"/{kode} get", "/x", ""}:              400,
		{"/{kode} get", "/" + nines(code), ""}: 404,
	}
	if tierOf(lid) > Province {
		list[contractCase{"/ get", "?provinsi=32", ""}] = 200
		list[contractCase{"/ get", "?provinsi=99", ""}] = 404
	}
	return list
}

func tierOf(lid LIDSpec) Tier {
	return Tier(slices.IndexFunc(Contracts(), func(other LIDSpec) bool { return other.Address == lid.Address }))
}

// nines is a code of the same form that no region has.
func nines(code string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' {
			return r
		}
		return '9'
	}, code)
}

func TestAnswersKeepTheContracts(t *testing.T) {
	regions := nation(t)
	provider := Provider(regions, SyntheticCitizens(regions))
	for _, lid := range Contracts() {
		doc := parseContract(t, lid.Contract)
		for c, want := range contractCases(lid) {
			path, method, _ := strings.Cut(c.operation, " ")
			answer := ask(provider, strings.ToUpper(method), lid.UpstreamPath+c.rest, c.body)
			place := string(lid.Address) + c.rest + " → " + strconv.Itoa(answer.Code)
			if answer.Code != want {
				t.Errorf("%s, want %d", place, want)
				continue
			}
			media, _, err := mime.ParseMediaType(answer.Header().Get("Content-Type"))
			schema := doc.at("paths", path, method, "responses", strconv.Itoa(answer.Code), "content", media, "schema")
			if err != nil || schema == nil {
				t.Errorf("%s: the contract has no answer of type %q", place, media)
				continue
			}
			var body any
			if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil {
				t.Errorf("%s: %v", place, err)
			}
			for _, fault := range doc.check(schema, body, "body") {
				t.Errorf("%s: %s", place, fault)
			}
		}
	}
}

// TestContractExamplesAreTrue: whoever tries an example gets the example's answer.
func TestContractExamplesAreTrue(t *testing.T) {
	regions := nation(t)
	provider := Provider(regions, SyntheticCitizens(regions))
	for tier := range tiers {
		lid := Contracts()[tier]
		one := ask(provider, "GET", lid.UpstreamPath+"/"+exampleCode(tier), "")
		sameJSON(t, parseContract(t, lid.Contract).at("paths", "/{kode}", "get", "responses", "200", "content", "application/json")["example"], one.Body.Bytes())
	}
	check := Contracts()[tiers]
	operation := parseContract(t, check.Contract).at("paths", "/", "post")
	request, err := json.Marshal(contractDoc(operation).at("requestBody", "content", "application/json")["example"])
	if err != nil {
		t.Fatal(err)
	}
	answer := ask(provider, "POST", check.UpstreamPath, string(request))
	sameJSON(t, contractDoc(operation).at("responses", "200", "content", "application/json")["example"], answer.Body.Bytes())
}

// TestContractListExamplesKeepTheirSchema covers the examples of whole pages.
func TestContractListExamplesKeepTheirSchema(t *testing.T) {
	for _, lid := range Contracts()[:tiers] {
		doc := parseContract(t, lid.Contract)
		page := doc.at("paths", "/", "get", "responses", "200", "content", "application/json")
		for _, fault := range doc.check(page["schema"].(map[string]any), page["example"], "example") {
			t.Errorf("%s: %s", lid.Address, fault)
		}
	}
}

func sameJSON(t *testing.T, want any, got []byte) {
	t.Helper()
	expected, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(got, &value); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	if actual, err := json.Marshal(value); err != nil || string(actual) != string(expected) {
		t.Errorf("%s, want %s", actual, expected)
	}
}
