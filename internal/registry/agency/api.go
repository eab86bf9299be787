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
	registerLeaks(api, applications)
	registerCertificates(api, applications)
	registerStanding(api, agencies)
	registerAllowlist(api, agencies)
	registerUnits(api, agencies)
}

type keyBody struct {
	ID          string               `json:"id"`
	Application simpul.ApplicationID `json:"application"`
	Label       string               `json:"label,omitempty"`
	Replaces    string               `json:"replaces,omitempty" doc:"The key that it follows"`
	CreatedAt   time.Time            `json:"createdAt"`
	ExpiresAt   *time.Time           `json:"expiresAt,omitempty" doc:"When it ends; absent for a key without end"`
	UsedOn      string               `json:"usedOn,omitempty" doc:"Day of its last use, UTC; some minutes late"`
	Key         string               `json:"key,omitempty" doc:"The secret; shown in this answer and never again"`
}

type keyWishBody struct {
	Label     string     `json:"label,omitempty" maxLength:"100" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"What the key is for"`
	ExpiresAt *time.Time `json:"expiresAt,omitempty" doc:"When it ends, within two years; a year from now when absent"`
}

func (b keyWishBody) wish() KeyWish {
	wish := KeyWish{Label: b.Label}
	if b.ExpiresAt != nil {
		wish.ExpiresAt = *b.ExpiresAt
	}
	return wish
}

type issueKeyInput struct {
	ID   string `path:"id"`
	Body keyWishBody
}

type rotateKeyInput struct {
	ID   string `path:"id"`
	Key  string `path:"key"`
	Body struct {
		keyWishBody
		OverlapDays int `json:"overlapDays" minimum:"1" maximum:"90" doc:"Days for which the former key still counts" example:"7"`
	}
}

type keyOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         keyBody
}

func shownOnce(key Key, secret simpul.Secret) *keyOutput {
	out := &keyOutput{CacheControl: "no-store", Body: bodyOf(key)}
	out.Body.Key = secret.Reveal()
	return out
}

type keysInput struct {
	ID string `path:"id"`
}

type keysOutput struct{ Body httpapi.List[keyBody] }

type oneKeyInput struct {
	ID  string `path:"id"`
	Key string `path:"key"`
}

func registerKeys(api *httpapi.API, applications *Applications) {
	const tag = "applications"
	httpapi.Register(api, httpapi.Operation{ID: "issue-key", Method: http.MethodPost, Path: "/applications/{id}/keys", Tag: tag,
		Summary: "Issue an API key", Status: http.StatusCreated, Need: simpul.WriteApplications},
		func(ctx context.Context, p simpul.Principal, in *issueKeyInput) (*keyOutput, error) {
			key, secret, err := applications.IssueKey(ctx, p, in.ID, in.Body.wish())
			return shownOnce(key, secret), inBody(err)
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
	httpapi.Register(api, httpapi.Operation{ID: "rotate-key", Method: http.MethodPost, Path: "/applications/{id}/keys/{key}/rotation", Tag: tag,
		Summary: "Issue an API key that follows another, which ends after the overlap", Status: http.StatusCreated, Need: simpul.WriteApplications},
		func(ctx context.Context, p simpul.Principal, in *rotateKeyInput) (*keyOutput, error) {
			key, secret, err := applications.RotateKey(ctx, p, in.ID, in.Key, in.Body.OverlapDays, in.Body.wish())
			return shownOnce(key, secret), inBody(err)
		})
	httpapi.Register(api, httpapi.Operation{ID: "revoke-key", Method: http.MethodDelete, Path: "/applications/{id}/keys/{key}", Tag: tag,
		Summary: "Revoke an API key", Status: http.StatusNoContent, Need: simpul.WriteApplications},
		func(ctx context.Context, p simpul.Principal, in *oneKeyInput) (*struct{}, error) {
			return nil, applications.RevokeKey(ctx, p, in.ID, in.Key)
		})
}

type leakInput struct {
	Body struct {
		Key string `json:"key" minLength:"1" maxLength:"200" doc:"Text of the key that was found"`
	}
}

func registerLeaks(api *httpapi.API, applications *Applications) {
	httpapi.Register(api, httpapi.Operation{ID: "report-leaked-key", Method: http.MethodPost, Path: "/applications/{id}/keys/{key}/leak", Tag: "applications",
		Summary: "Revoke an API key that leaked, and tell its owner", Status: http.StatusNoContent, Need: simpul.WriteApplications},
		func(ctx context.Context, p simpul.Principal, in *oneKeyInput) (*struct{}, error) {
			return nil, applications.ReportLeakedKey(ctx, p, in.ID, in.Key)
		})
	httpapi.Register(api, httpapi.Operation{ID: "report-leak", Method: http.MethodPost, Path: "/leaked-keys", Tag: "applications",
		Summary: "Report the text of an API key that was found; it is revoked at once. The answer is the same whether or not there is such a key",
		Status:  http.StatusAccepted, Public: true, MaxBody: 4 << 10},
		func(ctx context.Context, _ simpul.Principal, in *leakInput) (*struct{}, error) {
			return nil, applications.ReportLeak(ctx, simpul.Secret(in.Body.Key))
		})
}

func bodyOf(k Key) keyBody {
	b := keyBody{ID: k.ID, Application: k.Application, Label: k.Label, Replaces: k.Replaces, CreatedAt: k.CreatedAt, ExpiresAt: orNil(k.ExpiresAt)}
	if !k.UsedOn.IsZero() {
		b.UsedOn = k.UsedOn.Format(time.DateOnly)
	}
	return b
}

func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// inBody completes the place of an error in what somebody sent.
func inBody(err error) error {
	e, ok := err.(*simpul.Error)
	if !ok || e.Place == "" {
		return err
	}
	return simpul.At("body."+e.Place, e)
}
