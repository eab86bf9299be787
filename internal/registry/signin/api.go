package signin

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type upstreamInput struct {
	ID string `path:"id"`
}

type upstreamBody struct {
	Issuer   string `json:"issuer"`
	ClientID string `json:"clientId"`
	Claim    string `json:"claim"`
	Domain   string `json:"domain,omitempty"`
	Required bool   `json:"required,omitempty"`
}

type putUpstreamInput struct {
	ID   string `path:"id"`
	Body struct {
		Issuer       string `json:"issuer" maxLength:"300" doc:"Issuer of the agency's OpenID provider, an https address"`
		ClientID     string `json:"clientId" maxLength:"300" doc:"Of the hub at the provider"`
		ClientSecret string `json:"clientSecret,omitempty" maxLength:"500" doc:"Absent: the stored one stays, for the same issuer"`
		Claim        string `json:"claim,omitempty" maxLength:"100" default:"email" doc:"Claim of the ID token that carries the account's name"`
		Domain       string `json:"domain,omitempty" maxLength:"253" doc:"The claim must end in @ and this domain; absent: the claim is the bare name"`
		Required     bool   `json:"required,omitempty" doc:"People of the agency sign in this way only"`
	}
}

type upstreamOutput struct{ Body upstreamBody }

// RegisterAPI adds the room's operations to the control API.
func RegisterAPI(api *httpapi.API, s *Service) {
	const tag, path = "agencies", "/agencies/{id}/identity-provider"
	httpapi.Register(api, httpapi.Operation{ID: "put-identity-provider", Method: http.MethodPut, Path: path, Tag: tag,
		Summary: "Set the OpenID provider with which an agency's people sign in", Need: simpul.WriteAgencies},
		func(ctx context.Context, who simpul.Principal, in *putUpstreamInput) (*upstreamOutput, error) {
			u := in.upstream()
			err := s.setUpstreamByID(ctx, who, in.ID, u, simpul.Secret(in.Body.ClientSecret))
			return &upstreamOutput{bodyOf(u)}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "get-identity-provider", Method: http.MethodGet, Path: path, Tag: tag,
		Summary: "Read an agency's OpenID provider, without its secret", Need: simpul.WriteAgencies},
		func(ctx context.Context, who simpul.Principal, in *upstreamInput) (*upstreamOutput, error) {
			id, err := simpul.ParseAgencyID(in.ID)
			if err != nil {
				return nil, err
			}
			u, err := s.UpstreamOf(ctx, who, id)
			return &upstreamOutput{bodyOf(u)}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "delete-identity-provider", Method: http.MethodDelete, Path: path, Tag: tag, Status: http.StatusNoContent,
		Summary: "Disconnect an agency's OpenID provider", Need: simpul.WriteAgencies},
		func(ctx context.Context, who simpul.Principal, in *upstreamInput) (*struct{}, error) {
			id, err := simpul.ParseAgencyID(in.ID)
			if err != nil {
				return nil, err
			}
			return nil, s.RemoveUpstream(ctx, who, id)
		})
}

func (s *Service) setUpstreamByID(ctx context.Context, who simpul.Principal, id string, u Upstream, secret simpul.Secret) error {
	agency, err := simpul.ParseAgencyID(id)
	if err != nil {
		return err
	}
	return s.SetUpstream(ctx, who, agency, u, secret)
}

func (in *putUpstreamInput) upstream() Upstream {
	b := in.Body
	return Upstream{Issuer: b.Issuer, ClientID: b.ClientID, Claim: claimOf(b.Claim), Domain: b.Domain, Required: b.Required}
}

func bodyOf(u Upstream) upstreamBody {
	return upstreamBody(u)
}
