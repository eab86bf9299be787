package issuer

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type revokeIssuedInput struct {
	ID   string `path:"id"`
	Body struct {
		JTI string `json:"jti" minLength:"1" maxLength:"300" doc:"Of the token (RFC 7519 section 4.1.7)"`
	}
}

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, issuers *Issuers) {
	httpapi.RegisterResource(api, httpapi.Kind{Name: "Issuer", Plural: "issuers", Item: "{id}", Read: simpul.ReadIssuers, Write: simpul.WriteIssuers, MaxBody: 512 << 10}, issuers)
	httpapi.Register(api, httpapi.Operation{ID: "revoke-issued-token", Method: http.MethodPost, Path: "/issuers/{id}/revocations", Tag: "issuers", Need: simpul.WriteIssuers,
		Status: http.StatusNoContent, Summary: "Refuse one token of an issuer before it ends"},
		func(ctx context.Context, p simpul.Principal, in *revokeIssuedInput) (*struct{}, error) {
			return nil, issuers.RevokeToken(ctx, p, in.ID, in.Body.JTI)
		})
}
