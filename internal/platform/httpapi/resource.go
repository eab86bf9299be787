package httpapi

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"simpul"
)

// APIVersion is what every resource names in apiVersion.
const APIVersion = "simpul/v1"

// Resource is the shape of every declarative resource, in the API and in files.
type Resource[S any] struct {
	APIVersion string   `json:"apiVersion" enum:"simpul/v1" doc:"Always simpul/v1"`
	Kind       string   `json:"kind" doc:"What this is"`
	Metadata   Metadata `json:"metadata"`
	Spec       S        `json:"spec"`
	Status     *Times   `json:"status,omitempty" doc:"Set by the hub; ignored when sent"`
	Proposal   string   `json:"proposal,omitempty" doc:"With status 202: the proposal that a second person must approve before this takes effect. Set by the hub; ignored when sent"`
}

// Metadata names a resource.
type Metadata struct {
	ID string `json:"id" doc:"Unique within its kind"`
}

// Times says when the hub stored the resource.
type Times struct {
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// TimesOf reads the times as they are stored, in milliseconds since the epoch.
func TimesOf(created, updated int64) Times {
	return Times{CreatedAt: time.UnixMilli(created).UTC(), UpdatedAt: time.UnixMilli(updated).UTC()}
}

// Stored is a resource as a room gives it out.
type Stored[S any] struct {
	ID      string
	Spec    S
	Times   Times
	Created bool // by this call
	Waits   bool // for a second person; nothing is stored yet
	// Proposal is what waits; empty where the call was only to be tried.
	Proposal string
}

// List is one page of a collection.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
}

// Page asks for one page: at most Limit entries after the key After.
type Page struct {
	Limit int
	After string
}

// Collection is the use cases of one kind of resource. Each method sees what
// the principal's scope covers and nothing else.
type Collection[S any] interface {
	Put(ctx context.Context, p simpul.Principal, id string, spec S, dryRun bool) (Stored[S], error)
	Get(ctx context.Context, p simpul.Principal, id string) (Stored[S], error)
	List(ctx context.Context, p simpul.Principal, page Page) ([]Stored[S], error)
	Delete(ctx context.Context, p simpul.Principal, id string) error
}

// Kind describes one kind of resource to RegisterResource.
type Kind struct {
	Name    string // "Agency"
	Plural  string // "agencies", the path
	Item    string // path of one: "{id}" or "{group}/{name}"
	Read    simpul.Permission
	Write   simpul.Permission
	MaxBody int64
	Split   simpul.Text // how to divide a resource that is larger
}

type itemInput struct{ id string }

// Resolve joins the path parameters to the identifier.
func (in *itemInput) Resolve(ctx huma.Context) []error {
	if in.id = ctx.Param("id"); in.id == "" {
		in.id = ctx.Param("group") + "/" + ctx.Param("name")
	}
	return nil
}

type putInput[S any] struct {
	itemInput
	DryRun bool `query:"dryRun" doc:"Check and answer as if stored, but store nothing"`
	Body   Resource[S]
}

type putOutput[S any] struct {
	Status   int
	Location string `header:"Location"`
	Body     Resource[S]
}

// ProposalPath returns where the control API has a proposal.
func ProposalPath(id string) string { return "/api/v1/proposals/" + id }

// waiting answers a change that needs a second person.
func waiting[S any](s Stored[S], body Resource[S]) *putOutput[S] {
	out := &putOutput[S]{Status: http.StatusAccepted, Body: body}
	out.Body.Status, out.Body.Proposal = nil, s.Proposal
	if s.Proposal != "" {
		out.Location = ProposalPath(s.Proposal)
	}
	return out
}

type getOutput[S any] struct{ Body Resource[S] }

type listInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Entries on a page"`
	Cursor string `query:"cursor" maxLength:"500" doc:"From next of the page before"`
}

type listOutput[S any] struct{ Body List[Resource[S]] }

// RegisterResource adds PUT, GET, list and DELETE of one kind.
func RegisterResource[S any](a *API, k Kind, c Collection[S]) {
	item, tag := "/"+k.Plural+"/"+k.Item, k.Plural
	slug := strings.ToLower(k.Name)
	wrap := func(s Stored[S]) Resource[S] {
		return Resource[S]{APIVersion: APIVersion, Kind: k.Name, Metadata: Metadata{s.ID}, Spec: s.Spec, Status: &s.Times}
	}

	Register(a, Operation{ID: "put-" + slug, Method: http.MethodPut, Path: item, Tag: tag, Need: k.Write, MaxBody: k.MaxBody, Split: k.Split,
		Summary: "Create or replace: " + k.Name},
		func(ctx context.Context, p simpul.Principal, in *putInput[S]) (*putOutput[S], error) {
			if err := sameResource(k.Name, in.id, in.Body.Kind, in.Body.Metadata.ID); err != nil {
				return nil, err
			}
			stored, err := c.Put(ctx, p, in.id, in.Body.Spec, in.DryRun)
			if err != nil {
				return nil, inBody(err)
			}
			if stored.Waits {
				return waiting(stored, wrap(stored)), nil
			}
			status := http.StatusOK
			if stored.Created {
				status = http.StatusCreated
			}
			return &putOutput[S]{Status: status, Body: wrap(stored)}, nil
		})

	Register(a, Operation{ID: "get-" + slug, Method: http.MethodGet, Path: item, Tag: tag, Need: k.Read,
		Summary: "Read one: " + k.Name},
		func(ctx context.Context, p simpul.Principal, in *itemInput) (*getOutput[S], error) {
			stored, err := c.Get(ctx, p, in.id)
			return &getOutput[S]{wrap(stored)}, err
		})

	Register(a, Operation{ID: "list-" + slug, Method: http.MethodGet, Path: "/" + k.Plural, Tag: tag, Need: k.Read,
		Summary: "List: " + k.Name},
		func(ctx context.Context, p simpul.Principal, in *listInput) (*listOutput[S], error) {
			list, err := listPage(in, func(page Page) ([]Stored[S], error) { return c.List(ctx, p, page) })
			if err != nil {
				return nil, err
			}
			out := &listOutput[S]{Body: List[Resource[S]]{Items: make([]Resource[S], len(list.Items)), Next: list.Next}}
			for i, s := range list.Items {
				out.Body.Items[i] = wrap(s)
			}
			return out, nil
		})

	Register(a, Operation{ID: "delete-" + slug, Method: http.MethodDelete, Path: item, Tag: tag, Need: k.Write, Status: http.StatusNoContent,
		Summary: "Delete: " + k.Name},
		func(ctx context.Context, p simpul.Principal, in *itemInput) (*struct{}, error) {
			return nil, c.Delete(ctx, p, in.id)
		})
}

func sameResource(kind, id, bodyKind, bodyID string) error {
	switch {
	case bodyKind != kind:
		return simpul.Invalid("body.kind",
			simpul.Text{ID: "Jenis \"" + bodyKind + "\" bukan " + kind + ".", EN: "Kind \"" + bodyKind + "\" is not " + kind + "."},
			simpul.Text{ID: "Tulis kind: " + kind + ".", EN: "Write kind: " + kind + "."})
	case bodyID != id:
		return simpul.Invalid("body.metadata.id",
			simpul.Text{ID: "ID pada isi (" + bodyID + ") berbeda dari ID pada alamat (" + id + ").", EN: "The ID in the body (" + bodyID + ") differs from the one in the path (" + id + ")."},
			simpul.Text{ID: "Samakan keduanya.", EN: "Make them the same."})
	}
	return nil
}

// inBody completes the place of an error that a room found: rooms say
// "spec.class", the API says "body.spec.class".
func inBody(err error) error {
	e, ok := err.(*simpul.Error)
	if !ok || e.Place == "" || strings.HasPrefix(e.Place, "body.") {
		return err
	}
	placed := *e
	placed.Place = "body." + e.Place
	return &placed
}

var parameter = regexp.MustCompile(`\{(\w+)\}`)

func pathParameters(path string) []*huma.Param {
	var params []*huma.Param
	for _, m := range parameter.FindAllStringSubmatch(path, -1) {
		params = append(params, &huma.Param{Name: m[1], In: "path", Required: true, Schema: &huma.Schema{Type: "string"}})
	}
	return params
}
