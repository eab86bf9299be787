package httpapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
)

// gatekeeper knows tokens that say their role: "admin" is the token of an admin
// of a.go.id.
type gatekeeper struct{ failed error }

func (g gatekeeper) Principal(_ context.Context, token simpul.Secret) (simpul.Principal, error) {
	role := simpul.Role(token.Reveal())
	switch {
	case g.failed != nil:
		return simpul.Principal{}, g.failed
	case len(simpul.StandardRoles()[role].Permissions) == 0:
		return simpul.Principal{}, &simpul.Error{
			Code:    simpul.CodeUnauthenticated,
			Message: simpul.Text{ID: "Token tidak dikenal.", EN: "The token is unknown."}, Remedy: simpul.Text{ID: "Minta yang baru.", EN: "Ask for a new one."},
		}
	}
	return simpul.Acting("t-1", role, "a.go.id"), nil
}

// widget is the spec of a kind that exists in these tests only.
type widget struct {
	Name  string     `json:"name" minLength:"2" maxLength:"20" pattern:"^[^\\x00-\\x1f]*$" patternDescription:"free of control characters"`
	Class string     `json:"class" enum:"terbuka,tertutup"`
	Code  string     `json:"code,omitempty" pattern:"^[a-z]+$"`
	Count int        `json:"count,omitempty" minimum:"1" maximum:"9"`
	Ratio float64    `json:"ratio,omitempty"`
	Whole bool       `json:"whole,omitempty"`
	Tags  []string   `json:"tags,omitempty" maxItems:"2"`
	Since *time.Time `json:"since,omitempty"`
	Inner struct {
		Deep string `json:"deep,omitempty"`
	} `json:"inner,omitempty"`
}

// widgets is a collection in memory.
type widgets struct {
	stored map[string]widget
	by     simpul.Principal // who called last
	failed error
}

var created = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func (c *widgets) as(id string) Stored[widget] {
	return Stored[widget]{ID: id, Spec: c.stored[id], Times: Times{CreatedAt: created, UpdatedAt: created}}
}

func (c *widgets) Put(_ context.Context, p simpul.Principal, id string, w widget, dryRun bool) (Stored[widget], error) {
	c.by = p
	if c.failed != nil {
		return Stored[widget]{}, c.failed
	}
	_, existed := c.stored[id]
	s := c.as(id)
	s.Spec, s.Created = w, !existed
	if !dryRun {
		c.stored[id] = w
	}
	return s, nil
}

func (c *widgets) Get(_ context.Context, p simpul.Principal, id string) (Stored[widget], error) {
	c.by = p
	if _, ok := c.stored[id]; !ok {
		return Stored[widget]{}, cmp.Or(c.failed, error(simpul.NotFound(simpul.Text{ID: "Widget", EN: "Widget"}, id)))
	}
	return c.as(id), c.failed
}

func (c *widgets) List(_ context.Context, _ simpul.Principal, page Page) (all []Stored[widget], err error) {
	for id := range c.stored {
		if id > page.After {
			all = append(all, c.as(id))
		}
	}
	slices.SortFunc(all, func(a, b Stored[widget]) int { return cmp.Compare(a.ID, b.ID) })
	return all[:min(len(all), page.Limit)], c.failed
}

func (c *widgets) Delete(_ context.Context, _ simpul.Principal, id string) error {
	delete(c.stored, id)
	return c.failed
}

var (
	readers = simpul.ReadAudit
	writers = simpul.WriteAgencies
)

// hub is a control API with two kinds: widgets, named {id}, and gadgets, named
// {group}/{name}. Both show the same collection type.
type hub struct {
	api              *API
	mux              *http.ServeMux
	widgets, gadgets *widgets
	log              bytes.Buffer
}

func newHub(auth Authenticator) *hub {
	h := &hub{mux: http.NewServeMux(), widgets: &widgets{stored: map[string]widget{}}, gadgets: &widgets{stored: map[string]widget{}}}
	h.api = New(h.mux, "1.0.0", auth, slog.New(slog.NewTextHandler(&h.log, nil)))
	RegisterResource(h.api, Kind{Name: "Widget", Plural: "widgets", Item: "{id}", Read: readers, Write: writers, MaxBody: 4096}, h.widgets)
	RegisterResource(h.api, Kind{Name: "Gadget", Plural: "gadgets", Item: "{group}/{name}", Read: readers, Write: writers}, h.gadgets)
	return h
}

// call is one request: by an admin who reads English, unless header says
// otherwise.
type call struct {
	method, path string
	body         string
	header       map[string]string // "" takes a field away
}

func (h *hub) do(c call) *httptest.ResponseRecorder {
	var body io.Reader
	if c.body != "" {
		body = strings.NewReader(c.body)
	}
	r := httptest.NewRequest(c.method, "/api/v1"+c.path, body)
	r.Header.Set("Authorization", "Bearer admin")
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("Content-Type", "application/json")
	for name, value := range c.header {
		if r.Header.Set(name, value); value == "" {
			r.Header.Del(name)
		}
	}
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, r)
	return w
}

// problem reads an answer that must be a problem document of the status.
func problem(t *testing.T, w *httptest.ResponseRecorder, status int) Problem {
	t.Helper()
	var p Problem
	decoder := json.NewDecoder(w.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		t.Fatalf("status %d: not a problem document: %v", w.Code, err)
	}
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q", got)
	}
	if w.Code != status || p.Status != status || p.Title != http.StatusText(status) || p.Type != "about:blank" || p.Detail == "" || p.Remedy == "" {
		t.Errorf("status %d, want %d: %+v", w.Code, status, p)
	}
	return p
}

// enveloped is a resource of the kind around the spec.
func enveloped(kind, id, spec string) string {
	return `{"apiVersion":"simpul/v1","kind":"` + kind + `","metadata":{"id":"` + id + `"},"spec":` + spec + `}`
}

const goodSpec = `{"name":"abc","class":"terbuka"}`

var errDisk = errors.New("open /var/lib/simpul/simpul.db: disk error")
