package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul"
)

// control is somebody at a hub's control API.
type control struct {
	url    string // of /api/v1
	token  simpul.Secret
	second simpul.Secret // of a colleague who approves what needs two people; may be empty
	client *http.Client
}

// as is the same hub for somebody else.
func (c *control) as(token simpul.Secret) *control {
	other := *c
	other.token = token
	return &other
}

// object is a JSON object.
type object = map[string]any

// answer is what the API said.
type answer struct {
	status int
	header http.Header
	text   string
}

// send makes one request. A body that is not nil is sent as JSON.
func (c *control) send(ctx context.Context, method, path string, body any) (answer, error) {
	var payload io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		payload = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.url+path, payload)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+c.token.Reveal())
	return do(c.client, r)
}

// do makes one request and reads the whole answer.
func do(client *http.Client, r *http.Request) (answer, error) {
	res, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, string(text)}, err
}

// must fails the test unless the API answers with the status.
func (c *control) must(t *testing.T, status int, method, path string, body any) answer {
	t.Helper()
	got, err := c.send(t.Context(), method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	if got.status != status {
		t.Fatalf("%s %s: %d, want %d: %s", method, path, got.status, status, got.text)
	}
	return got
}

// put stores a resource, new or not.
func (c *control) put(t *testing.T, kind, id string, spec object) {
	t.Helper()
	got, err := c.send(t.Context(), http.MethodPut, itemPath(kind, id), resource(kind, id, spec))
	if err != nil {
		t.Fatal(err)
	}
	if got.status == http.StatusAccepted && c.second != "" {
		c.as(c.second).must(t, http.StatusOK, http.MethodPost, "/proposals/"+decode[struct{ Proposal string }](t, got).Proposal+"/decision",
			object{"verdict": "approve", "reason": "uji"})
		return
	}
	if got.status != http.StatusOK && got.status != http.StatusCreated {
		t.Fatalf("put %s %s: %d: %s", kind, id, got.status, got.text)
	}
}

// key issues a key for the application.
func (c *control) key(t *testing.T, application string) string {
	t.Helper()
	return decode[struct{ Key string }](t, c.must(t, http.StatusCreated, http.MethodPost, itemPath("Application", application)+"/keys", object{})).Key
}

// all walks a collection to its end and returns the resources by identifier.
func (c *control) all(t *testing.T, kind string) map[string]object {
	t.Helper()
	found := map[string]object{}
	for cursor := ""; ; {
		page := decode[struct {
			Items []struct {
				Metadata struct{ ID string }
				Spec     object
			}
			Next string
		}](t, c.must(t, http.StatusOK, http.MethodGet, "/"+collections[kind]+"?limit=500&cursor="+url.QueryEscape(cursor), nil))
		for _, item := range page.Items {
			found[item.Metadata.ID] = item.Spec
		}
		if cursor = page.Next; cursor == "" {
			return found
		}
	}
}

func decode[T any](t testing.TB, a answer) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.text), &v); err != nil {
		t.Fatalf("%v: %s", err, a.text)
	}
	return v
}

var collections = map[string]string{"Agency": "agencies", "Application": "applications", "LID": "lids", "Grant": "grants", "Limit": "limits", "Role": "roles", "Account": "accounts",
	"RefCode": "refcodes", "Standard": "standards", "Binding": "bindings", "Metadata": "metadata", "LifeCycle": "lifecycles", "Holiday": "holidays", "Issuer": "issuers"}

func itemPath(kind, id string) string {
	path, most := "/"+collections[kind], -1
	if kind == "Limit" { // kind and ID of its subject
		most = 2
	}
	for _, segment := range strings.SplitN(id, "/", most) {
		path += "/" + url.PathEscape(segment)
	}
	return path
}

func resource(kind, id string, spec object) object {
	return object{"apiVersion": "simpul/v1", "kind": kind, "metadata": object{"id": id}, "spec": spec}
}

// The specs of a small nation.

func agencySpec(name string) object { return object{"name": name, "level": "nasional"} }

func applicationSpec(name string) object { return object{"name": name} }

// lidSpec is a published LID with an answer {"items":[{"kode","nama"}]} at GET,
// and a POST that takes anything.
func lidSpec(agency, upstream string) object {
	text := func(name string) object { return object{name: object{"type": "string"}} }
	row := text("kode")
	row["nama"] = object{"type": "string"}
	list := object{"type": "object", "properties": object{"items": object{"type": "array", "items": object{"type": "object", "properties": row}}}}
	ok := object{"200": object{"description": "ok", "content": object{"application/json": object{"schema": list}}}}
	return object{
		"agency": agency, "title": "Data uji", "description": "Data untuk pengujian.", "class": "terbuka", "version": "1.0",
		"state": "published", "upstream": upstream, "legalBasis": "UU uji", "contact": "uji@example.go.id", "personalData": object{"held": false},
		"waiver": "Penyedianya hanya ada selama pengujian ini.",
		"contract": object{
			"openapi": "3.1.0", "info": object{"title": "Uji", "version": "1.0"},
			"paths": object{
				"/":     object{"get": object{"responses": ok}, "post": object{"responses": ok}},
				"/{id}": object{"get": object{"responses": ok, "parameters": []object{{"name": "id", "in": "path", "required": true, "schema": object{"type": "string"}}}}},
			},
		},
	}
}

func grantSpec(lid, application string) object {
	return object{"lid": lid, "application": application, "purpose": "Untuk pengujian", "legalBasis": "UU uji", "until": time.Now().UTC().AddDate(0, 6, 0).Format("2006-01-02T00:00:00Z")}
}

const (
	providerAgency = "penyedia.go.id"
	consumerAgency = "pemakai.go.id"
	consumerApp    = "uji@pemakai.go.id"
)

// settle registers two agencies and an application, and returns its key.
func (c *control) settle(t *testing.T) (key string) {
	t.Helper()
	c.put(t, "Agency", providerAgency, agencySpec("Penyedia"))
	c.put(t, "Agency", consumerAgency, agencySpec("Pemakai"))
	c.put(t, "Application", consumerApp, applicationSpec("Uji"))
	return c.key(t, consumerApp)
}

// offer publishes a LID of the provider's, named uji/NAME, and grants it to the
// application. Members of lid and grant replace those of the usual specs. The class
// comes last: a LID that is closed later leaves alone what was granted, all of its
// fields included.
func (c *control) offer(t *testing.T, name, upstream string, lid, grant object) {
	t.Helper()
	address, spec := "uji/"+name, lidSpec(providerAgency, upstream)
	open := merged(maps.Clone(spec), lid)
	open["class"] = spec["class"]
	c.put(t, "LID", address, open)
	c.put(t, "Grant", "uji-"+strings.ToLower(name), merged(grantSpec(address, consumerApp), grant))
	if lid["class"] != nil {
		c.put(t, "LID", address, merged(spec, lid))
	}
}

func merged(spec, more object) object {
	maps.Copy(spec, more)
	return spec
}

// call asks for a URL of the gateway with the key.
func call(t *testing.T, client *http.Client, url, key string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-API-Key", key)
	got, err := do(client, r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
