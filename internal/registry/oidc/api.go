package oidc

import (
	"context"
	"encoding/json"
	"net/http"
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
}

func bodyOf(k ClientKey) clientKeyBody {
	return clientKeyBody{ID: k.ID, Application: k.Application, KID: k.Thumbprint, Algorithm: string(k.algorithm), Label: k.Label, CreatedAt: k.CreatedAt}
}
