package contract

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi/datamodel/high/base"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

// A library that knows all of OpenAPI reads the same calls, parameters and fields
// from a document of good will.
func TestLibraryAgrees(t *testing.T) {
	doc := bytes.Replace(realistic(t), []byte(`"callbacks": {"selesai": {"$ref": "#/paths"}}`), []byte(`"x-a": 1`), 1)
	doc = bytes.Replace(doc, []byte(`{"$ref": "https://contoh.go.id/bukan-rujukan.json"}`), []byte(`1`), 1)

	got := map[string][]string{}
	for _, op := range parse(t, doc).Operations {
		var words []string
		for _, p := range op.Parameters {
			words = append(words, p.In+":"+p.Name)
		}
		for _, f := range op.ResponseFields {
			words = append(words, f.Path)
		}
		slices.Sort(words)
		got[op.Method+" "+op.Path] = words
	}
	if diff := cmp.Diff(asLibraryReads(t, doc), got); diff != "" {
		t.Errorf("(-library +here)\n%s", diff)
	}
}

func asLibraryReads(t *testing.T, doc []byte) map[string][]string {
	d, err := libopenapi.NewDocument(doc)
	if err != nil {
		t.Fatal(err)
	}
	model, err := d.BuildV3Model()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for path, item := range model.Model.Paths.PathItems.FromOldest() {
		for method, op := range item.GetOperations().FromOldest() {
			words := map[string]bool{}
			for _, p := range append(slices.Clone(item.Parameters), op.Parameters...) {
				words[p.In+":"+p.Name] = true
			}
			for _, r := range successful(op.Responses) {
				for _, media := range r.Content.FromOldest() {
					collect(words, media.Schema, "", nil)
				}
			}
			all[fmt.Sprint(strings.ToUpper(method), " ", path)] = slices.Sorted(maps.Keys(words))
		}
	}
	return all
}

func successful(responses *v3.Responses) []*v3.Response {
	var all []*v3.Response
	for status, r := range responses.Codes.FromOldest() {
		if strings.HasPrefix(status, "2") {
			all = append(all, r)
		}
	}
	if all == nil && responses.Default != nil {
		all = append(all, responses.Default)
	}
	return all
}

func collect(words map[string]bool, proxy *base.SchemaProxy, path string, open []string) {
	if proxy == nil || proxy.IsReference() && slices.Contains(open, proxy.GetReference()) {
		return
	}
	if proxy.IsReference() {
		open = append(slices.Clone(open), proxy.GetReference())
	}
	schema := proxy.Schema()
	if schema == nil {
		return
	}
	for name, property := range schema.Properties.FromOldest() {
		if strings.Contains(name, ".") {
			continue
		}
		words[join(path, name)] = true
		collect(words, property, join(path, name), open)
	}
	parts := slices.Concat(schema.AllOf, schema.OneOf, schema.AnyOf, schema.PrefixItems)
	if schema.Items != nil {
		parts = append(parts, schema.Items.A)
	}
	for _, part := range append(parts, schema.Then, schema.Else) {
		collect(words, part, path, open)
	}
}
