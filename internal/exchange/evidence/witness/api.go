package witness

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

type witnessLogBody struct {
	Origin      string        `json:"origin" doc:"Name of the evidence log; empty while the hub has none"`
	State       Overall       `json:"state" enum:"none,awaiting,cosigned,disputed"`
	Summary     string        `json:"summary" doc:"The state in a sentence"`
	Cosigned    int           `json:"cosigned" doc:"Witnesses that cosigned within ten minutes"`
	Of          int           `json:"of" doc:"Witnesses that are configured"`
	Independent int           `json:"independent" doc:"Of those that cosigned, how many others than the hub's operator run"`
	NewestAt    *time.Time    `json:"newestAt,omitempty" doc:"Of the newest cosignature"`
	Size        uint64        `json:"size" doc:"Entries of the largest tree that is cosigned"`
	Witnesses   []witnessBody `json:"witnesses"`
}

type witnessBody struct {
	Name       string     `json:"name"`
	Key        string     `json:"vkey" doc:"C2SP signed-note verifier key, cosignature/v1"`
	Own        bool       `json:"own" doc:"Run by the hub's own operator: no independent witness"`
	URL        string     `json:"url,omitempty" doc:"For who acts for the nation"`
	State      State      `json:"state" enum:"waiting,cosigned,unreachable,refusing,faulty,later,fork"`
	Reason     Reason     `json:"reason,omitempty"`
	Summary    string     `json:"summary"`
	Since      *time.Time `json:"since,omitempty" doc:"Of the state"`
	TriedAt    *time.Time `json:"triedAt,omitempty"`
	CosignedAt *time.Time `json:"cosignedAt,omitempty"`
	Size       uint64     `json:"size" doc:"Entries of the largest tree that it cosigned"`
	Claimed    uint64     `json:"claimed,omitempty" doc:"Entries of the tree that it disputes with"`
}

type witnessListOutput struct{ Body httpapi.List[witnessLogBody] }

// Register adds the room's operation to the control API.
func Register(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{ID: "list-witnesses", Method: http.MethodGet, Path: "/witnesses", Tag: "evidence",
		Summary: "List the evidence logs of the hub and where each stands with its witnesses", Need: simpul.ReadExchanges},
		func(ctx context.Context, p simpul.Principal, _ *struct{}) (*witnessListOutput, error) {
			reports, err := s.Reports(ctx, p.Scope())
			out := &witnessListOutput{httpapi.List[witnessLogBody]{Items: make([]witnessLogBody, len(reports))}}
			for i, r := range reports {
				out.Body.Items[i] = logBodyOf(ctx, r, p.National)
			}
			return out, err
		})
}

func logBodyOf(ctx context.Context, r Report, national bool) witnessLogBody {
	b := witnessLogBody{
		Origin: r.Origin, State: r.State, Summary: overallText(r).In(web.Language(ctx)),
		Cosigned: r.Cosigned, Of: len(r.Witnesses), Independent: r.Independent, NewestAt: moment(r.Newest), Size: r.Size,
		Witnesses: make([]witnessBody, len(r.Witnesses)),
	}
	for i, w := range r.Witnesses {
		b.Witnesses[i] = witnessBody{
			Name: w.Name, Key: w.Key.String(), Own: w.Own, State: w.State, Reason: w.Reason, Summary: stateText(w).In(web.Language(ctx)),
			Since: moment(w.Since), TriedAt: moment(w.Tried), CosignedAt: moment(w.CosignedAt), Size: w.Size, Claimed: w.Claimed,
		}
		if national {
			b.Witnesses[i].URL = w.URL
		}
	}
	return b
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
