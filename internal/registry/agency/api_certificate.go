package agency

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type certificateBody struct {
	ID          string               `json:"id"`
	Application simpul.ApplicationID `json:"application"`
	Label       string               `json:"label,omitempty"`
	Thumbprint  string               `json:"thumbprint,omitempty" doc:"SHA-256 in base64url (x5t#S256); absent where any certificate of the subject counts"`
	Subject     string               `json:"subject,omitempty" doc:"As RFC 4514 writes it"`
	Authority   string               `json:"authority,omitempty" doc:"Certificate of the authority that issues them, PEM"`
	CreatedAt   time.Time            `json:"createdAt"`
	ExpiresAt   *time.Time           `json:"expiresAt,omitempty" doc:"When the certificate, or the authority, ends; absent where it is not known"`
	RevokedAt   *time.Time           `json:"revokedAt,omitempty"`
}

type addCertificateInput struct {
	ID   string `path:"id"`
	Body struct {
		Label       string `json:"label,omitempty" maxLength:"100" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"To recognise it by"`
		Certificate string `json:"certificate,omitempty" maxLength:"16384" doc:"The certificate, PEM"`
		Thumbprint  string `json:"thumbprint,omitempty" maxLength:"200" doc:"Or its SHA-256, in hex or base64url"`
		Subject     string `json:"subject,omitempty" maxLength:"500" doc:"Or the subject of any certificate that the authority issues" example:"CN=layanan,O=Pemerintah Kota Bandung,C=ID"`
		Authority   string `json:"authority,omitempty" maxLength:"16384" doc:"Certificate of that authority, PEM; it issues them itself"`
	}
}

type certificateOutput struct{ Body certificateBody }

type certificatesInput struct {
	ID string `path:"id"`
}

type certificatesOutput struct {
	Body httpapi.List[certificateBody]
}

type oneCertificateInput struct {
	ID          string `path:"id"`
	Certificate string `path:"certificate"`
}

func registerCertificates(api *httpapi.API, applications *Applications) {
	const tag, path = "applications", "/applications/{id}/certificates"
	httpapi.Register(api, httpapi.Operation{ID: "add-certificate", Method: http.MethodPost, Path: path, Tag: tag,
		Summary: "Register a TLS certificate by which the application proves itself", Status: http.StatusCreated, Need: simpul.WriteApplications},
		func(ctx context.Context, p simpul.Principal, in *addCertificateInput) (*certificateOutput, error) {
			c, err := applications.AddCertificate(ctx, p, in.ID, CertificateWish{in.Body.Label, in.Body.Certificate, in.Body.Thumbprint, in.Body.Subject, in.Body.Authority})
			return &certificateOutput{bodyOfCertificate(c)}, inBody(err)
		})
	httpapi.Register(api, httpapi.Operation{ID: "list-certificates", Method: http.MethodGet, Path: path, Tag: tag,
		Summary: "List the application's certificates, also revoked ones", Need: simpul.ReadApplications},
		func(ctx context.Context, p simpul.Principal, in *certificatesInput) (*certificatesOutput, error) {
			all, err := applications.Certificates(ctx, p, in.ID)
			out := &certificatesOutput{httpapi.List[certificateBody]{Items: make([]certificateBody, len(all))}}
			for i, c := range all {
				out.Body.Items[i] = bodyOfCertificate(c)
			}
			return out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "revoke-certificate", Method: http.MethodDelete, Path: path + "/{certificate}", Tag: tag,
		Summary: "Revoke a certificate", Status: http.StatusNoContent, Need: simpul.WriteApplications},
		func(ctx context.Context, p simpul.Principal, in *oneCertificateInput) (*struct{}, error) {
			return nil, applications.RevokeCertificate(ctx, p, in.ID, in.Certificate)
		})
}

func bodyOfCertificate(c Certificate) certificateBody {
	return certificateBody{ID: c.ID, Application: c.Application, Label: c.Label, Thumbprint: c.Thumbprint, Subject: c.Subject, Authority: c.Authority,
		CreatedAt: c.CreatedAt, ExpiresAt: orNil(c.ExpiresAt), RevokedAt: orNil(c.RevokedAt)}
}
