package catalog

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// LIDPath names a LID in the path of an operation.
type LIDPath struct {
	Group string `path:"group"`
	Name  string `path:"name"`
}

func (in LIDPath) id() string { return in.Group + "/" + in.Name }

type putCredentialInput struct {
	LIDPath
	Body struct {
		Header   string `json:"header,omitempty" maxLength:"100" doc:"Authorization when absent"`
		Value    string `json:"value,omitempty" maxLength:"4096" writeOnly:"true" doc:"The whole value of the header, such as Bearer …; never shown again"`
		Generate bool   `json:"generate,omitempty" doc:"Make a value; it is answered once"`
	}
}

type putCredentialOutput struct {
	Body struct {
		CredentialState
		Value string `json:"value,omitempty" doc:"The value that was made: the only time that it is shown"`
	}
}

type credentialOutput struct{ Body CredentialState }

// RegisterCredentials adds the operations on the credentials with which the hub
// proves itself to origins.
func RegisterCredentials(api *httpapi.API, c *Credentials) {
	const path = "/lids/{group}/{name}/origin-credential"
	httpapi.Register(api, httpapi.Operation{ID: "put-origin-credential", Method: http.MethodPut, Path: path, Tag: "lids", Need: simpul.WriteLIDs,
		Summary: "Set the header with which the hub proves itself to a LID's origin"},
		func(ctx context.Context, p simpul.Principal, in *putCredentialInput) (*putCredentialOutput, error) {
			made, err := c.Put(ctx, p, in.id(), CredentialWish{in.Body.Header, simpul.Secret(in.Body.Value), in.Body.Generate})
			if err != nil {
				return nil, err
			}
			out := &putCredentialOutput{}
			out.Body.Value = made.Reveal()
			out.Body.CredentialState, err = c.State(ctx, p, in.id())
			return out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "get-origin-credential", Method: http.MethodGet, Path: path, Tag: "lids", Need: simpul.WriteLIDs,
		Summary: "Tell whether a LID of one's own has an origin credential, without its value"},
		func(ctx context.Context, p simpul.Principal, in *LIDPath) (*credentialOutput, error) {
			state, err := c.State(ctx, p, in.id())
			return &credentialOutput{state}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "delete-origin-credential", Method: http.MethodDelete, Path: path, Tag: "lids", Need: simpul.WriteLIDs, Status: http.StatusNoContent,
		Summary: "Take the origin credential of a LID away"},
		func(ctx context.Context, p simpul.Principal, in *LIDPath) (*struct{}, error) {
			return nil, c.Delete(ctx, p, in.id())
		})
}
