package metering

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type usageInput struct {
	View   string `query:"view" enum:"provider,consumer,nation" doc:"From which side; provider unless given, and nation for who acts for it"`
	Agency string `query:"agency" maxLength:"253" doc:"Of the view; one's own unless given"`
	Period string `query:"period" enum:"24h,7d,30d,12m" default:"7d" doc:"Up to now; days and months are those of Jakarta"`
	LID    string `query:"lid" maxLength:"200" doc:"Only of this LID, e.g. master/Kota"`
}

func (in *usageInput) question() (q Question, err error) {
	q = Question{View: View(in.View)}
	if q.Period, err = ParsePeriod(in.Period); err != nil {
		return q, err
	}
	if in.Agency != "" {
		if q.Agency, err = simpul.ParseAgencyID(in.Agency); err != nil {
			return q, simpul.At("query.agency", err)
		}
	}
	if in.LID != "" {
		q.LID, err = simpul.ParseAddress(in.LID)
	}
	return q, simpul.At("query.lid", err)
}

type usageOutput struct{ Body usageReport }

// usageReport is a usage for programs.
type usageReport struct {
	httpapi.Lag
	View          View             `json:"view"`
	Agency        simpul.AgencyID  `json:"agency,omitempty"`
	Period        Period           `json:"period"`
	From          time.Time        `json:"from"`
	Until         time.Time        `json:"until" doc:"End of the part that is under way"`
	Total         usageSums        `json:"total"`
	Parts         []usagePart      `json:"parts"`
	Causes        []usageCause     `json:"causes" doc:"Why calls failed and whose matter that is"`
	LIDs          []usageParty     `json:"lids"`
	Consumers     []usageParty     `json:"consumers"`
	Applications  []usageParty     `json:"applications"`
	UnusedGrants  []simpul.GrantID `json:"unusedGrants" doc:"In effect since before the period, and not used within it"`
	QuantileError float64          `json:"quantileError" doc:"Greatest error of a percentile, as a share of it"`
}

type usageSums struct {
	Calls           int64   `json:"calls"`
	Delivered       int64   `json:"delivered"`
	FailedConsumer  int64   `json:"failedConsumer"`
	FailedProvider  int64   `json:"failedProvider"`
	FailedHub       int64   `json:"failedHub"`
	RequestBytes    int64   `json:"requestBytes"`
	ResponseBytes   int64   `json:"responseBytes"`
	UpstreamSeconds float64 `json:"upstreamSeconds" doc:"Waiting for providers, together"`
	usageTimes
}

type usageTimes struct {
	P50MS float64 `json:"p50Ms"`
	P95MS float64 `json:"p95Ms"`
	P99MS float64 `json:"p99Ms"`
}

func timesOf(h *Histogram) usageTimes {
	ms := func(q float64) float64 { return float64(h.Quantile(q).Microseconds()) / 1000 }
	return usageTimes{ms(.5), ms(.95), ms(.99)}
}

type usagePart struct {
	From           time.Time `json:"from"`
	Delivered      int64     `json:"delivered"`
	FailedConsumer int64     `json:"failedConsumer"`
	FailedProvider int64     `json:"failedProvider"`
	FailedHub      int64     `json:"failedHub"`
	usageTimes
}

type usageCause struct {
	Side  simpul.Side `json:"side" enum:"consumer,provider,hub"`
	Cause Cause       `json:"cause" doc:"Code of the error; failed_answer: the provider answered 5xx"`
	Calls int64       `json:"calls"`
}

type usageParty struct {
	ID              string  `json:"id"`
	Calls           int64   `json:"calls"`
	Failed          int64   `json:"failed"`
	Bytes           int64   `json:"bytes"`
	UpstreamSeconds float64 `json:"upstreamSeconds"`
}

func reportOf(u *Usage, unused []Granted) usageReport {
	r := usageReport{
		View: u.View, Agency: u.Agency, Period: u.Period, From: u.From.UTC(), Until: u.Until.UTC(),
		Total: usageSums{u.All.Calls, u.Outcomes.Delivered, u.Outcomes.Consumer, u.Outcomes.Provider, u.Outcomes.Hub,
			u.All.RequestBytes, u.All.ResponseBytes, u.All.UpstreamTime.Seconds(), timesOf(&u.All.Latency)},
		Parts: []usagePart{}, Causes: []usageCause{}, UnusedGrants: []simpul.GrantID{}, QuantileError: QuantileError,
		LIDs: partiesOf(u.LIDs), Consumers: partiesOf(u.Agencies), Applications: partiesOf(u.Apps),
	}
	for i := range u.Parts {
		p := &u.Parts[i]
		r.Parts = append(r.Parts, usagePart{p.From.UTC(), p.Delivered, p.Consumer, p.Provider, p.Hub, timesOf(&p.Latency)})
	}
	for _, c := range u.Causes {
		r.Causes = append(r.Causes, usageCause(c))
	}
	for _, g := range unused {
		r.UnusedGrants = append(r.UnusedGrants, g.ID)
	}
	return r
}

func partiesOf(all []Party) []usageParty {
	list := make([]usageParty, len(all))
	for i, p := range all {
		list[i] = usageParty{p.ID, p.Calls, p.Failed, p.Bytes, p.Upstream.Seconds()}
	}
	return list
}

type meteringState struct {
	Journals []meteringJournal `json:"journals"`
}

type meteringJournal struct {
	Journal string    `json:"journal"`
	Counted uint64    `json:"counted" doc:"Records that are counted"`
	Behind  uint64    `json:"behind" doc:"Records that were there and not counted"`
	At      time.Time `json:"at" doc:"When that was"`
}

type meteringOutput struct{ Body meteringState }

type statusInput struct {
	Group string `path:"group"`
	Name  string `path:"name"`
}

type statusOutput struct{ Body statusReport }

// statusReport is the status of a LID for programs.
type statusReport struct {
	LID       simpul.Address `json:"lid"`
	State     State          `json:"state" enum:"good,impaired,failing,unknown" doc:"By the last one to two hours"`
	Origin    State          `json:"origin" enum:"good,impaired,failing,unknown" doc:"By watching the origin"`
	Available *float64       `json:"available,omitempty" doc:"Share of calls that were answered in 90 days; absent where too few"`
	P50MS     *float64       `json:"p50Ms,omitempty" doc:"Of today; absent where too few"`
	P95MS     *float64       `json:"p95Ms,omitempty"`
	Days      []statusDay    `json:"days" doc:"Of Jakarta, the oldest first"`
	At        time.Time      `json:"at"`
}

type statusDay struct {
	Day   string `json:"day"`
	State State  `json:"state" enum:"good,impaired,failing,unknown"`
}

// Lagging says how far the counts are behind the journals.
type Lagging func(context.Context) (httpapi.Lag, error)

// Register adds the room's operations to the control API. published reports
// whether everybody may know of a LID.
func Register(api *httpapi.API, s *Service, published func(simpul.Address) bool, lag Lagging) {
	const tag = "metering"
	httpapi.Register(api, httpapi.Operation{ID: "get-usage", Method: http.MethodGet, Path: "/usage", Tag: tag,
		Summary: "Calls, failures, times and shares of cost over a period", Need: simpul.ReadExchanges},
		func(ctx context.Context, p simpul.Principal, in *usageInput) (*usageOutput, error) {
			return s.getUsage(ctx, p, in, lag)
		})
	httpapi.Register(api, httpapi.Operation{ID: "get-metering", Method: http.MethodGet, Path: "/metering", Tag: tag,
		Summary: "How far each journal has been counted", Need: simpul.CountAnew}, s.getMetering)
	httpapi.Register(api, httpapi.Operation{ID: "rebuild-metering", Method: http.MethodPost, Path: "/metering/rebuild", Tag: tag, Status: http.StatusNoContent,
		Summary: "Drop what was counted and count every journal anew", Need: simpul.CountAnew},
		func(ctx context.Context, p simpul.Principal, _ *struct{}) (*struct{}, error) {
			return nil, s.Rebuild(ctx, p)
		})
	httpapi.Register(api, httpapi.Operation{ID: "get-lid-status", Method: http.MethodGet, Path: "/lids/{group}/{name}/status", Tag: tag,
		Summary: "How a published LID does: today, and on each of 90 days", Public: true},
		func(ctx context.Context, _ simpul.Principal, in *statusInput) (*statusOutput, error) {
			address, err := knownAddress(in.Group+"/"+in.Name, published)
			if err != nil {
				return nil, err
			}
			status, err := s.Status(ctx, address)
			return &statusOutput{reportOfStatus(status)}, err
		})
}

// knownAddress refuses an address that is none, or at which nothing is published,
// in the same words.
func knownAddress(text string, published func(simpul.Address) bool) (simpul.Address, error) {
	address, err := simpul.ParseAddress(text)
	if err != nil || !published(address) {
		return "", simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, text)
	}
	return address, nil
}

// getUsage asks first how far behind the counts are, so that it never says less than that.
func (s *Service) getUsage(ctx context.Context, p simpul.Principal, in *usageInput, lag Lagging) (*usageOutput, error) {
	q, err := in.question()
	if err != nil {
		return nil, err
	}
	late, err := lag(ctx)
	if err != nil {
		return nil, err
	}
	u, err := s.Usage(ctx, p, q)
	if err != nil {
		return nil, err
	}
	unused, err := s.Unused(ctx, p, u)
	report := reportOf(u, unused)
	report.Lag = late
	return &usageOutput{report}, err
}

func (s *Service) getMetering(ctx context.Context, p simpul.Principal, _ *struct{}) (*meteringOutput, error) {
	all, err := s.Positions(ctx, p)
	out := &meteringOutput{meteringState{[]meteringJournal{}}}
	for _, at := range all {
		out.Body.Journals = append(out.Body.Journals, meteringJournal{at.Journal, at.Sequence, at.Behind(), at.At})
	}
	return out, err
}

func reportOfStatus(status LIDStatus) statusReport {
	r := statusReport{LID: status.Address, State: status.Now, Origin: status.Origin, At: status.At.UTC(), Days: []statusDay{}}
	if status.Available >= 0 {
		share := rounded(status.Available)
		r.Available = &share
	}
	if status.P50 > 0 {
		half, most := float64(status.P50.Milliseconds()), float64(status.P95.Milliseconds())
		r.P50MS, r.P95MS = &half, &most
	}
	for _, d := range status.Days {
		r.Days = append(r.Days, statusDay{d.Day.In(wib).Format(time.DateOnly), d.State})
	}
	return r
}

// rounded keeps a share to a tenth of a percent, from which no count can be told.
func rounded(share float64) float64 { return float64(int64(share*1000)) / 1000 }
