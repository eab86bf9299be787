package provider

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// OriginsPath names a LID in the path of an operation.
type OriginsPath struct {
	Group string `path:"group"`
	Name  string `path:"name"`
}

func (in OriginsPath) id() string { return in.Group + "/" + in.Name }

type originBody struct {
	URL           string     `json:"url" doc:"Base URL"`
	Canary        bool       `json:"canary,omitempty"`
	Healthy       bool       `json:"healthy" doc:"What it last said of itself, where it is asked; true where it is not"`
	Unproven      bool       `json:"unproven,omitempty" doc:"The hub's credential was not made for it, so it gets no calls while another one can be called"`
	AskedAt       *time.Time `json:"askedAt,omitempty"`
	Breaker       string     `json:"breaker" enum:"closed,open,half-open" doc:"closed: calls pass; open: the hub holds them back; half-open: a trial passes at a time"`
	LatencyMillis float64    `json:"latencyMillis,omitempty" doc:"Estimate, where there is a choice between origins"`
	UnderWay      int64      `json:"underWay" doc:"Calls whose answers have not ended"`
	Calls         int        `json:"calls" doc:"Of the last ten seconds"`
	Failed        int        `json:"failed" doc:"Of these"`
}

type canaryBody struct {
	Calls  int        `json:"calls" doc:"To the canary, of the last ten minutes"`
	Failed int        `json:"failed" doc:"Of these"`
	State  string     `json:"state" enum:"running,rolled-back"`
	FellAt *time.Time `json:"fellAt,omitempty"`
}

type originsOutput struct {
	Body struct {
		Live    bool         `json:"live" doc:"The LID is published; only then are its origins called"`
		Origins []originBody `json:"origins" doc:"As the process that answers sees them"`
		Canary  *canaryBody  `json:"canary,omitempty"`
	}
}

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, s *Canaries) {
	const path = "/lids/{group}/{name}"
	httpapi.Register(api, httpapi.Operation{ID: "get-origins", Method: http.MethodGet, Path: path + "/origins", Tag: "lids", Need: simpul.WriteLIDs,
		Summary: "Tell how the origins and the canary of a LID of one's own do"},
		func(ctx context.Context, p simpul.Principal, in *OriginsPath) (*originsOutput, error) {
			now, err := s.Present(ctx, p, in.id())
			return shown(now), err
		})
	httpapi.Register(api, httpapi.Operation{ID: "restart-canary", Method: http.MethodPost, Path: path + "/canary/restart", Tag: "lids", Need: simpul.WriteLIDs, Status: http.StatusNoContent,
		Summary: "Let the canary of a LID begin anew after it was taken out"},
		func(ctx context.Context, p simpul.Principal, in *OriginsPath) (*struct{}, error) {
			return nil, s.Again(ctx, p, in.id())
		})
}

func shown(now Present) *originsOutput {
	out := &originsOutput{}
	out.Body.Live, out.Body.Origins = now.Live, []originBody{}
	for _, o := range now.Origins {
		one := originBody{
			URL: o.URL, Canary: o.Canary, Healthy: !o.Sick, Unproven: o.Unproven, Breaker: o.Breaker, UnderWay: o.UnderWay, Calls: o.Calls, Failed: o.Failed,
			LatencyMillis: float64(o.Latency.Round(time.Microsecond)) / float64(time.Millisecond),
		}
		if !o.AskedAt.IsZero() {
			one.AskedAt = &o.AskedAt
		}
		out.Body.Origins = append(out.Body.Origins, one)
	}
	if c := now.Canary; c != nil {
		out.Body.Canary = &canaryBody{Calls: c.Calls, Failed: c.Failed, State: "running"}
		if c.Fall != nil {
			out.Body.Canary = &canaryBody{Calls: c.Fall.Calls, Failed: c.Fall.Failed, State: "rolled-back", FellAt: &c.Fall.At}
		}
	}
	return out
}
