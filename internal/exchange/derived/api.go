package derived

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type viewsOutput struct{ Body viewsReport }

type viewsReport struct {
	Journal viewJournal  `json:"journal" doc:"Of the process that answers"`
	Views   []viewReport `json:"views"`
}

type viewJournal struct {
	ID       string `json:"id"`
	Held     bool   `json:"held" doc:"Exchanges of this process are recorded in it"`
	Last     uint64 `json:"last" doc:"Sequence of the newest record"`
	Durable  uint64 `json:"durable" doc:"Up to which every record is on disk"`
	Segments int    `json:"segments"`
	Bytes    int64  `json:"bytes"`
	Accepts  bool   `json:"accepts" doc:"It takes records"`
	Torn     int64  `json:"torn" doc:"Bytes of an interrupted write that the last opening removed"`
}

type viewReport struct {
	Name      string         `json:"name"`
	Behind    uint64         `json:"behind" doc:"Records that are missing, of all journals together"`
	Oldest    *time.Time     `json:"oldest,omitempty" doc:"When the oldest of them is of, where that is known"`
	Again     bool           `json:"again" doc:"Some of it is being built anew"`
	Positions []viewPosition `json:"positions"`
}

type viewPosition struct {
	Journal  string     `json:"journal"`
	Sequence uint64     `json:"sequence" doc:"Of the last record that is in the view"`
	Behind   uint64     `json:"behind"`
	Here     bool       `json:"here" doc:"The process that answers holds the journal; of others it is known as of at"`
	At       *time.Time `json:"at,omitempty"`
	Again    bool       `json:"again"`
	Oldest   *time.Time `json:"oldest,omitempty"`
	Ended    *time.Time `json:"ended,omitempty" doc:"When the journal ended, for which another one goes on"`
	Trouble  string     `json:"trouble,omitempty" enum:"full,read_only,faulty,forbidden,damaged,stopped" doc:"Why it stands still; absent while it reads on, and where the process that answers does not know"`
}

type viewInput struct {
	Name string `path:"name" doc:"As in the list, such as index"`
}

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, s *Service) {
	const tag = "evidence"
	httpapi.Register(api, httpapi.Operation{ID: "list-evidence-views", Method: http.MethodGet, Path: "/evidence/views", Tag: tag,
		Summary: "How far what is derived from the journals is behind them", Need: simpul.TendViews},
		func(ctx context.Context, _ simpul.Principal, _ *struct{}) (*viewsOutput, error) { return s.report(ctx) })
	httpapi.Register(api, httpapi.Operation{ID: "rebuild-evidence-view", Method: http.MethodPost, Path: "/evidence/views/{name}/rebuild", Tag: tag,
		Status: http.StatusNoContent, Summary: "Drop a view and build it anew from the journals", Need: simpul.TendViews},
		func(ctx context.Context, p simpul.Principal, in *viewInput) (*struct{}, error) {
			return nil, s.Rebuild(ctx, p, in.Name)
		})
}

func (s *Service) report(ctx context.Context) (*viewsOutput, error) {
	j, err := s.Journal()
	if err != nil {
		return nil, err
	}
	all, err := s.All(ctx)
	if err != nil {
		return nil, err
	}
	out := &viewsOutput{viewsReport{viewJournal{j.ID, j.Held, j.Last, j.Durable, j.Segments, j.Bytes, j.Refuses == "", j.Torn}, []viewReport{}}}
	for _, one := range all {
		r := viewReport{Name: one.Name, Behind: one.Behind(), Oldest: known(one.Oldest()), Again: one.Again(), Positions: []viewPosition{}}
		for _, p := range one.Positions {
			r.Positions = append(r.Positions, viewPosition{p.Journal, p.Sequence, p.Behind(), p.Here, known(p.At), p.Again, known(p.Oldest), known(p.Ended), p.Trouble})
		}
		out.Body.Views = append(out.Body.Views, r)
	}
	return out, nil
}

// known leaves the zero time out.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
