package httpapi

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
)

type httpapiThing struct{}

func TestSchemaNames(t *testing.T) {
	for _, c := range []struct {
		of   reflect.Type
		want string
	}{
		{reflect.TypeFor[widget](), "Widget"},
		{reflect.TypeFor[*widget](), "Widget"},
		{reflect.TypeFor[httpapiThing](), "HttpapiThing"},
		{reflect.TypeFor[simpul.Principal](), "Principal"},
		{reflect.TypeFor[Resource[widget]](), "ResourceWidget"},
		{reflect.TypeFor[List[Resource[widget]]](), "ListResourceWidget"},
		{reflect.TypeFor[Resource[json.Decoder]](), "ResourceJsonDecoder"},
		{reflect.TypeFor[Stored[time.Time]](), "StoredTime"},
		{reflect.TypeFor[Resource[Stored[json.Encoder]]](), "ResourceStoredJsonEncoder"},
	} {
		if got := schemaName(c.of, "Hint"); got != c.want {
			t.Errorf("%v: got %q, want %q", c.of, got, c.want)
		}
	}
}

func TestATypeWithoutANameIsNamedByItsPlace(t *testing.T) {
	if got := schemaName(reflect.TypeFor[struct{ A int }](), "KeyBody"); got != "KeyBody" {
		t.Errorf("got %q", got)
	}
}

func TestTheDescriptionNamesEverything(t *testing.T) {
	h := newHub(gatekeeper{})
	text, err := h.api.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"openapi: 3.1.0", "/api/v1/widgets/{id}:", "/api/v1/gadgets/{group}/{name}:", "operationId: put-gadget",
		"ResourceWidget:", "ListResourceWidget:", "application/problem+json", "scheme: bearer", "name: dryRun", "name: group",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the description has no %q", want)
		}
	}
	if again, err := newHub(gatekeeper{}).api.OpenAPI(); err != nil || !slices.Equal(text, again) {
		t.Errorf("the description is not the same each time: %v", err)
	}
}
