package oidc

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type clientKeyBody struct {
	ID          string               `json:"id"`
	Application simpul.ApplicationID `json:"application"`
	KID         string               `json:"kid" doc:"RFC 7638 thumbprint; the kid that the application's assertions must carry"`
	Algorithm   string               `json:"algorithm" doc:"With which the application must sign"`
	Label       string               `json:"label,omitempty"`
	CreatedAt   time.Time            `json:"createdAt"`
}

type registerInput struct {
	ID   string `path:"id"`
	Body struct {
		JWK   map[string]any `json:"jwk" doc:"Public key as a JSON Web Key (RFC 7517): EC P-256, Ed25519 or RSA"`
		Label string         `json:"label,omitempty" maxLength:"100" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"What the key is for"`
	}
}

type clientKeyOutput struct{ Body clientKeyBody }

type clientKeysInput struct {
	ID string `path:"id"`
}

type clientKeysOutput struct{ Body httpapi.List[clientKeyBody] }

type revokeInput struct {
	ID  string `path:"id"`
	Key string `path:"key"`
}

// RegisterAPI adds the room's operations to the control API.
func RegisterAPI(api *httpapi.API, p *Provider) {
	const tag, path = "applications", "/applications/{id}/public-keys"
	httpapi.Register(api, httpapi.Operation{ID: "register-public-key", Method: http.MethodPost, Path: path, Tag: tag,
		Summary: "Register a public key for private_key_jwt", Status: http.StatusCreated, Need: simpul.WriteApplications, MaxBody: 4 * maxJWK},
		func(ctx context.Context, who simpul.Principal, in *registerInput) (*clientKeyOutput, error) {
			jwk, err := json.Marshal(in.Body.JWK)
			if err != nil {
				return nil, err
			}
			k, err := p.RegisterKey(ctx, who, in.ID, jwk, in.Body.Label)
			return &clientKeyOutput{bodyOf(k)}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "list-public-keys", Method: http.MethodGet, Path: path, Tag: tag,
		Summary: "List the public keys of an application", Need: simpul.ReadApplications},
		func(ctx context.Context, who simpul.Principal, in *clientKeysInput) (*clientKeysOutput, error) {
			keys, err := p.ClientKeys(ctx, who, in.ID)
			out := &clientKeysOutput{httpapi.List[clientKeyBody]{Items: make([]clientKeyBody, len(keys))}}
			for i, k := range keys {
				out.Body.Items[i] = bodyOf(k)
			}
			return out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "revoke-public-key", Method: http.MethodDelete, Path: path + "/{key}", Tag: tag,
		Summary: "Revoke a public key and the tokens got with it", Status: http.StatusNoContent, Need: simpul.WriteApplications},
		func(ctx context.Context, who simpul.Principal, in *revokeInput) (*struct{}, error) {
			return nil, p.RevokeClientKey(ctx, who, in.ID, in.Key)
		})
	registerClientAPI(api, p)
}

// kindClient is the kind of a registration as a declarative resource.
const kindClient = "OpenIDClient"

type clientResource = httpapi.Resource[ClientSpec]

type putClientInput struct {
	ID   string `path:"id"`
	Body clientResource
}

type putClientOutput struct {
	Status int
	Body   clientResource
}

type clientInput struct {
	ID string `path:"id"`
}

type clientOutput struct{ Body clientResource }

func registerClientAPI(api *httpapi.API, p *Provider) {
	const tag, path = "applications", "/applications/{id}/openid-client"
	httpapi.Register(api, httpapi.Operation{ID: "put-openid-client", Method: http.MethodPut, Path: path, Tag: tag,
		Summary: "Declare how an application signs people in", Need: simpul.WriteApplications},
		func(ctx context.Context, who simpul.Principal, in *putClientInput) (*putClientOutput, error) {
			if in.Body.Kind != kindClient || in.Body.Metadata.ID != in.ID {
				return nil, anotherResource()
			}
			r, err := p.PutClient(ctx, who, in.ID, in.Body.Spec)
			status := http.StatusOK
			if r.Created {
				status = http.StatusCreated
			}
			return &putClientOutput{status, resourceOf(r)}, inBody(err)
		})
	httpapi.Register(api, httpapi.Operation{ID: "get-openid-client", Method: http.MethodGet, Path: path, Tag: tag,
		Summary: "Read how an application signs people in", Need: simpul.ReadApplications},
		func(ctx context.Context, who simpul.Principal, in *clientInput) (*clientOutput, error) {
			r, err := p.Client(ctx, who, in.ID)
			return &clientOutput{resourceOf(r)}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "delete-openid-client", Method: http.MethodDelete, Path: path, Tag: tag,
		Summary: "End an application's registration for signing people in", Status: http.StatusNoContent, Need: simpul.WriteApplications},
		func(ctx context.Context, who simpul.Principal, in *clientInput) (*struct{}, error) {
			return nil, p.DeleteClient(ctx, who, in.ID)
		})
}

func resourceOf(r Registration) clientResource {
	return clientResource{APIVersion: httpapi.APIVersion, Kind: kindClient, Metadata: httpapi.Metadata{ID: string(r.Application)}, Spec: r.Spec, Status: &r.Times}
}

// inBody completes the place of what is wrong: rules say "spec.…".
func inBody(err error) error {
	if e, ok := err.(*simpul.Error); ok && strings.HasPrefix(e.Place, "spec.") {
		return simpul.At("body."+e.Place, err)
	}
	return err
}

func anotherResource() error {
	return simpul.Invalid("body.metadata.id",
		simpul.Text{ID: "Isi ini bukan pendaftaran OpenID dari aplikasi pada alamat.", EN: "The body is not the OpenID registration of the application in the path."},
		simpul.Text{ID: "Tulis kind: OpenIDClient, dan metadata.id sama dengan ID aplikasi.", EN: "Write kind: OpenIDClient, and the application's ID as metadata.id."})
}

func bodyOf(k ClientKey) clientKeyBody {
	return clientKeyBody{ID: k.ID, Application: k.Application, KID: k.Thumbprint, Algorithm: string(k.algorithm), Label: k.Label, CreatedAt: k.CreatedAt}
}
