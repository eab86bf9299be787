package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"simpul"
)

// Authenticator knows who shows a bearer token.
type Authenticator interface {
	// Principal returns whom the token stands for, or an unauthenticated error.
	Principal(ctx context.Context, token simpul.Secret) (simpul.Principal, error)
}

// API is the control API of one hub.
type API struct {
	huma       huma.API
	auth       Authenticator
	log        *slog.Logger
	operations []Operation
}

// Operation says what an operation is and which permission it needs. One that
// names none can be called by nobody, unless it is public: then everybody may,
// without a token, and its handler gets the zero principal.
type Operation struct {
	ID      string // operationId, kebab case
	Method  string
	Path    string // below /api/v1
	Summary string
	Tag     string
	Status  int // of success; 0 means 200, or 204 for an empty answer
	Need    simpul.Permission
	Public  bool  // no token is looked at
	MaxBody int64 // bytes; 0 means 1 MiB
	Slow    bool  // its answer may take ten minutes, not just the listener's one

	Upload bool        // the body is a file: the input embeds [Upload]
	Split  simpul.Text // how to divide a body that is larger than MaxBody
}

// New puts a control API on the mux, below /api/.
func New(mux *http.ServeMux, version string, auth Authenticator, log *slog.Logger) *API {
	config := huma.DefaultConfig("Simpul control API", version)
	config.Info.Description = "What the portal and the command line do, for programs. Resources are declarative: PUT creates or replaces."
	config.OpenAPIPath = "/api/openapi"
	config.DocsPath, config.SchemasPath = "", ""
	config.CreateHooks = nil // no $schema members in answers
	config.RejectUnknownQueryParameters = true
	config.Transformers = []huma.Transformer{localize}
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "A control API token, made with `simpul token create`."},
	}
	return &API{huma: humago.New(mux, config), auth: auth, log: log}
}

// Operations lists what is registered.
func (a *API) Operations() []Operation { return slices.Clone(a.operations) }

// OpenAPI returns the API's description, OpenAPI 3.1, as YAML.
func (a *API) OpenAPI() ([]byte, error) { return a.huma.OpenAPI().YAML() }

// Register adds one operation. The handler gets a principal who has the
// permission; which rows they may touch is the scope's matter.
func Register[I, O any](a *API, op Operation, handle func(context.Context, simpul.Principal, *I) (*O, error)) {
	a.operations = append(a.operations, op)
	huma.Register(a.huma, a.describe(op), func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, principalOf(ctx), in)
		if err != nil {
			return nil, a.problem(ctx, op, err)
		}
		return out, nil
	})
}

func (a *API) describe(op Operation) huma.Operation {
	return huma.Operation{
		RequestBody: op.uploadBody(),
		OperationID: op.ID, Method: op.Method, Path: "/api/v1" + op.Path, Summary: op.Summary,
		Tags: []string{op.Tag}, DefaultStatus: op.Status, MaxBodyBytes: op.MaxBody,
		Parameters:  pathParameters(op.Path),
		Security:    op.security(),
		Middlewares: huma.Middlewares{a.authorize(op)},
		Responses:   map[string]*huma.Response{"default": a.problemResponse()},
	}
}

func (op Operation) security() []map[string][]string {
	if op.Public {
		return []map[string][]string{}
	}
	return []map[string][]string{{"token": {}}}
}

func (a *API) problemResponse() *huma.Response {
	schema := huma.SchemaFromType(a.huma.OpenAPI().Components.Schemas, typeOfProblem)
	return &huma.Response{
		Description: "A problem document (RFC 9457)",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: schema}},
	}
}

// problem turns a handler's error into the document that the client sees, and
// logs what the client may not see.
func (a *API) problem(ctx context.Context, op Operation, err error) *Problem {
	p := ProblemOf(err, languageOf(ctx))
	if p.Code == simpul.CodeInternal {
		a.log.ErrorContext(ctx, "operation failed", "operation", op.ID, "error", err)
	}
	return p
}
