package audit

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/trail"
)

// Narrowing are the filters of the API.
type Narrowing struct {
	Account string    `query:"account" maxLength:"320" doc:"That it concerns"`
	Actor   string    `query:"actor" maxLength:"320"`
	Action  string    `query:"action" maxLength:"100" doc:"All of it, or a noun with a dot at its end: key."`
	Subject string    `query:"subject" maxLength:"500"`
	Agency  string    `query:"agency" maxLength:"253"`
	Refused bool      `query:"refused" doc:"Only what was refused"`
	Since   time.Time `query:"since"`
	Until   time.Time `query:"until" doc:"Up to, but not including"`
}

func (n Narrowing) filter() trail.Filter {
	return trail.Filter{
		Account: simpul.AccountID(n.Account), Actor: n.Actor, Action: n.Action, Subject: n.Subject, Agency: simpul.AgencyID(n.Agency),
		Refused: n.Refused, Since: n.Since, Until: n.Until,
	}
}

// Paging asks for one page.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Entries on a page"`
	Cursor string `query:"cursor" maxLength:"100" doc:"From next of the page before"`
}

func (p Paging) before() (int64, error) {
	key, err := httpapi.DecodeCursor(p.Cursor)
	if err != nil || key == "" {
		return 0, err
	}
	seq, err := strconv.ParseInt(key, 10, 64)
	if err != nil || seq < 1 {
		return 0, simpul.Invalid("query.cursor",
			simpul.Text{ID: "Kursor tidak sah.", EN: "The cursor is not valid."},
			simpul.Text{ID: "Gunakan nilai next dari halaman sebelumnya, atau hilangkan cursor.", EN: "Use the value of next from the page before, or leave cursor out."})
	}
	return seq, nil
}

type eventsInput struct {
	Narrowing
	Paging
}

type ownInput struct {
	Paging
	Refused bool `query:"refused" doc:"Only what was refused"`
}

type eventsOutput struct{ Body httpapi.List[eventBody] }

type exportInput struct {
	Narrowing
	Format string `query:"format" enum:"csv,jsonl" default:"jsonl"`
}

type exportOutput struct {
	Type string `header:"Content-Type"`
	Name string `header:"Content-Disposition"`
	Body []byte
}

type verifyOutput struct {
	Body struct {
		At     time.Time `json:"at"`
		Intact bool      `json:"intact"`
		Events int64     `json:"events,omitempty" doc:"That were read; for national principals"`
		Fault  string    `json:"fault,omitempty" doc:"Where it stops being intact"`
	}
}

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, s *Service) {
	const tag = "audit"
	httpapi.Register(api, httpapi.Operation{ID: "list-events", Method: http.MethodGet, Path: "/events", Tag: tag,
		Summary: "List what was done on the control plane, newest first", Need: simpul.ReadAudit},
		func(ctx context.Context, p simpul.Principal, in *eventsInput) (*eventsOutput, error) {
			return paged(in.Paging, func(before int64) ([]trail.Event, int64, error) {
				return s.List(ctx, p, in.filter(), before, in.Limit)
			})
		})
	httpapi.Register(api, httpapi.Operation{ID: "list-own-events", Method: http.MethodGet, Path: "/me/events", Tag: tag,
		Summary: "List the events that concern the caller", Need: simpul.OwnAccount},
		func(ctx context.Context, p simpul.Principal, in *ownInput) (*eventsOutput, error) {
			return paged(in.Paging, func(before int64) ([]trail.Event, int64, error) {
				return s.Own(ctx, p, trail.Filter{Refused: in.Refused}, before, in.Limit)
			})
		})
	httpapi.Register(api, httpapi.Operation{ID: "export-events", Method: http.MethodGet, Path: "/events/export", Tag: tag,
		Summary: "Export events as CSV or JSON Lines; noted in the trail", Need: simpul.ReadAudit},
		func(ctx context.Context, p simpul.Principal, in *exportInput) (*exportOutput, error) {
			format, err := ParseFormat(in.Format)
			if err != nil {
				return nil, err
			}
			events, err := s.Export(ctx, p, in.filter())
			if err != nil {
				return nil, err
			}
			text, err := format.Write(events)
			return &exportOutput{Type: format.MediaType(), Name: attachment(format), Body: text}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "verify-events", Method: http.MethodPost, Path: "/events/verification", Tag: tag,
		Summary: "Read the whole trail and say whether it is intact", Need: simpul.ReadAudit},
		func(ctx context.Context, p simpul.Principal, _ *struct{}) (*verifyOutput, error) {
			v, err := s.Verify(ctx, p)
			out := &verifyOutput{}
			out.Body.At, out.Body.Intact, out.Body.Events, out.Body.Fault = v.At, v.Intact, v.Events, v.Fault.EN
			return out, err
		})
}

func attachment(f Format) string { return `attachment; filename="jejak-audit.` + string(f) + `"` }

func paged(p Paging, list func(before int64) ([]trail.Event, int64, error)) (*eventsOutput, error) {
	before, err := p.before()
	if err != nil {
		return nil, err
	}
	events, next, err := list(before)
	if err != nil {
		return nil, err
	}
	out := &eventsOutput{httpapi.List[eventBody]{Items: make([]eventBody, len(events))}}
	for i, e := range events {
		out.Body.Items[i] = bodyOf(e)
	}
	if next > 0 {
		out.Body.Next = httpapi.EncodeCursor(strconv.FormatInt(next, 10))
	}
	return out, nil
}
