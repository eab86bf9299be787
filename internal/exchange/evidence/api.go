package evidence

import (
	"context"
	"errors"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// Lagging says how far the index is behind the journals.
type Lagging func(context.Context) (httpapi.Lag, error)

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, exchanges *Exchanges, lag Lagging) {
	httpapi.Register(api, httpapi.Operation{ID: "get-exchange", Method: http.MethodGet, Path: "/exchanges/{id}", Tag: "exchanges",
		Summary: "Read the record of one exchange", Need: simpul.ReadExchanges}, exchanges.get)
	httpapi.Register(api, httpapi.Operation{ID: "list-exchanges", Method: http.MethodGet, Path: "/exchanges", Tag: "exchanges",
		Summary: "List records of exchanges, the newest first", Need: simpul.ReadExchanges},
		func(ctx context.Context, p simpul.Principal, in *exchangesInput) (*exchangesOutput, error) {
			return exchanges.list(ctx, p, in, lag)
		})
}

// exchangeResource is a record in the shape of a resource.
type exchangeResource struct {
	APIVersion string           `json:"apiVersion" enum:"simpul/v1"`
	Kind       string           `json:"kind" enum:"Exchange"`
	Metadata   httpapi.Metadata `json:"metadata"`
	Spec       exchangeSpec     `json:"spec" doc:"What was asked"`
	Status     exchangeStatus   `json:"status" doc:"What came of it"`
}

type exchangeSpec struct {
	OpenedAt    time.Time            `json:"openedAt"`
	Application simpul.ApplicationID `json:"application,omitempty" doc:"The application that called"`
	Consumer    simpul.AgencyID      `json:"consumer,omitempty" doc:"Its agency"`
	Provider    simpul.AgencyID      `json:"provider,omitempty" doc:"The agency that owns the LID"`
	LID         simpul.Address       `json:"lid,omitempty"`
	Version     string               `json:"version,omitempty"`
	Class       simpul.LIDClass      `json:"class,omitempty" enum:"terbuka,terbatas,tertutup"`
	Method      string               `json:"method,omitempty"`
	Path        string               `json:"path,omitempty" doc:"As the contract writes it; the parameters' values are not recorded"`
	Grant       simpul.GrantID       `json:"grant,omitempty"`
	Purpose     string               `json:"purpose,omitempty"`
}

type exchangeStatus struct {
	State          Kind          `json:"state" enum:"opened,sealed" doc:"opened: the provider was called and the end is not recorded"`
	Outcome        Outcome       `json:"outcome,omitempty" doc:"delivered, or the code of the error"`
	HTTPStatus     int           `json:"httpStatus,omitempty" doc:"That the consumer got"`
	RequestDigest  simpul.Digest `json:"requestDigest,omitempty" doc:"SHA-256 of the body in hex, or keyed: and a commitment that is none and tells nothing without the digest_key in the personal part of the proof; absent without a body"`
	ResponseDigest simpul.Digest `json:"responseDigest,omitempty" doc:"The same of the body that the consumer got"`
	RequestBytes   int64         `json:"requestBytes"`
	ResponseBytes  int64         `json:"responseBytes"`
	LatencyMS      float64       `json:"latencyMs" doc:"Milliseconds, the provider's included"`
	UpstreamMS     float64       `json:"upstreamMs" doc:"Milliseconds that the provider took to begin its answer"`
}

func resourceOf(i Indexed) exchangeResource {
	x := i.Exchange
	return exchangeResource{
		APIVersion: httpapi.APIVersion,
		Kind:       "Exchange",
		Metadata:   httpapi.Metadata{ID: string(x.ID)},
		Spec: exchangeSpec{
			OpenedAt: x.OpenedAt, Application: x.Consumer.Application, Consumer: x.Consumer.Application.Agency(),
			Provider: x.Provider, LID: x.Address, Version: x.Version, Class: x.Class,
			Method: x.Operation.Method, Path: x.Operation.Path, Grant: x.Grant, Purpose: x.Purpose,
		},
		Status: exchangeStatus{
			State: i.State, Outcome: i.Outcome(), HTTPStatus: x.Status,
			RequestDigest: x.RequestDigest, ResponseDigest: x.ResponseDigest,
			RequestBytes: x.RequestBytes, ResponseBytes: x.ResponseBytes,
			LatencyMS: milliseconds(x.Latency), UpstreamMS: milliseconds(x.Upstream),
		},
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

type exchangeInput struct {
	ID string `path:"id" doc:"From the Exchange-Id header"`
}

type exchangeOutput struct{ Body exchangeResource }

func (e *Exchanges) get(ctx context.Context, p simpul.Principal, in *exchangeInput) (*exchangeOutput, error) {
	id, err := simpul.ParseExchangeID(in.ID)
	if err != nil {
		return nil, placed("path.id", err)
	}
	found, err := e.Get(ctx, p.Scope(), id)
	if err != nil {
		return nil, err
	}
	return &exchangeOutput{resourceOf(found)}, nil
}

type exchangesInput struct {
	LID         string    `query:"lid" doc:"Only of this LID, e.g. master/Kota"`
	Application string    `query:"application" doc:"Only by this application, e.g. layanan@bandungkota.go.id"`
	Grant       string    `query:"grant" doc:"Only under this grant"`
	Outcome     string    `query:"outcome" enum:"delivered,failed,invalid,unauthenticated,denied,not_found,method_not_allowed,conflict,too_large,limited,internal,upstream,unavailable,timeout,aborted" doc:"failed: whatever was not delivered"`
	Since       time.Time `query:"since" doc:"Opened at or after this time"`
	Until       time.Time `query:"until" doc:"Opened before this time"`
	Limit       int       `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Entries on a page"`
	Cursor      string    `query:"cursor" maxLength:"400" doc:"From next of the page before"`
}

type exchangesOutput struct {
	Body exchangeList
}

type exchangeList struct {
	httpapi.List[exchangeResource]
	httpapi.Lag
}

// list asks first how far behind the list is, so that it never says less than that.
func (e *Exchanges) list(ctx context.Context, p simpul.Principal, in *exchangesInput, lag Lagging) (*exchangesOutput, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	late, err := lag(ctx)
	if err != nil {
		return nil, err
	}
	page, next, err := e.List(ctx, p.Scope(), f, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	out := &exchangesOutput{exchangeList{httpapi.List[exchangeResource]{Items: make([]exchangeResource, len(page)), Next: next}, late}}
	for i, x := range page {
		out.Body.Items[i] = resourceOf(x)
	}
	return out, nil
}

func (in *exchangesInput) filter() (f Filter, err error) {
	f = Filter{Outcome: Outcome(in.Outcome), Since: in.Since, Until: in.Until}
	if f.Address, err = optional("query.lid", in.LID, simpul.ParseAddress); err != nil {
		return f, err
	}
	if f.Application, err = optional("query.application", in.Application, simpul.ParseApplicationID); err != nil {
		return f, err
	}
	f.Grant, err = optional("query.grant", in.Grant, simpul.ParseGrantID)
	return f, err
}

// optional parses a value unless it is empty.
func optional[T ~string](place, value string, parse func(string) (T, error)) (T, error) {
	if value == "" {
		return "", nil
	}
	v, err := parse(value)
	return v, placed(place, err)
}

// placed says where in the request the error is.
func placed(place string, err error) error {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok {
		return err
	}
	located := *e
	located.Place = place
	return &located
}
