package agency

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, agencies *Agencies, applications *Applications) {
	httpapi.RegisterResource(api, httpapi.Kind{Name: "Agency", Plural: "agencies", Item: "{id}", Read: simpul.ReadAgencies, Write: simpul.WriteAgencies}, agencies)
	httpapi.RegisterResource(api, httpapi.Kind{Name: "Application", Plural: "applications", Item: "{id}", Read: simpul.ReadApplications, Write: simpul.WriteApplications}, applications)
	registerKeys(api, applications)
}

type keyBody struct {
	ID          string               `json:"id"`
	Application simpul.ApplicationID `json:"application"`
	Label       string               `json:"label,omitempty"`
	CreatedAt   time.Time            `json:"createdAt"`
	Key         string               `json:"key,omitempty" doc:"The secret; shown in this answer and never again"`
}

type issueKeyInput struct {
	ID   string `path:"id"`
	Body struct {
		Label string `json:"label,omitempty" maxLength:"100" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"What the key is for"`
	}
}

type keyOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         keyBody
}

type keysInput struct {
	ID string `path:"id"`
}

type keysOutput struct{ Body httpapi.List[keyBody] }

type revokeKeyInput struct {
	ID  string `path:"id"`
	Key string `path:"key"`
}

func registerKeys(api *httpapi.API, applications *Applications) {
	const tag = "applications"
	httpapi.Register(api, httpapi.Operation{ID: "issue-key", Method: http.MethodPost, Path: "/applications/{id}/keys", Tag: tag,
		Summary: "Issue an API key", Status: http.StatusCreated, Need: simpul.WriteApplications},
		func(ctx context.Context, p simpul.Principal, in *issueKeyInput) (*keyOutput, error) {
			key, secret, err := applications.IssueKey(ctx, p, in.ID, in.Body.Label)
			out := &keyOutput{CacheControl: "no-store", Body: bodyOf(key)}
			out.Body.Key = secret.Reveal()
			return out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "list-keys", Method: http.MethodGet, Path: "/applications/{id}/keys", Tag: tag,
		Summary: "List API keys, without their secrets", Need: simpul.ReadApplications},
		func(ctx context.Context, p simpul.Principal, in *keysInput) (*keysOutput, error) {
			keys, err := applications.Keys(ctx, p, in.ID)
			out := &keysOutput{httpapi.List[keyBody]{Items: make([]keyBody, len(keys))}}
			for i, k := range keys {
				out.Body.Items[i] = bodyOf(k)
			}
			return out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "revoke-key", Method: http.MethodDelete, Path: "/applications/{id}/keys/{key}", Tag: tag,
		Summary: "Revoke an API key", Status: http.StatusNoContent, Need: simpul.WriteApplications},
		func(ctx context.Context, p simpul.Principal, in *revokeKeyInput) (*struct{}, error) {
			return nil, applications.RevokeKey(ctx, p, in.ID, in.Key)
		})
}

func bodyOf(k Key) keyBody {
	return keyBody{ID: k.ID, Application: k.Application, Label: k.Label, CreatedAt: k.CreatedAt}
}
