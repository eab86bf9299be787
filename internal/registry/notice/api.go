package notice

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, s *Service) {
	registerInbox(api, s)
	registerPreferences(api, s)
	registerOutbox(api, s)
}

type textBody struct {
	ID string `json:"id"`
	EN string `json:"en,omitempty"`
}

type entryBody struct {
	ID        string     `json:"id"`
	Topic     string     `json:"topic" doc:"What it is about, such as key.expiring"`
	Title     textBody   `json:"title"`
	Body      textBody   `json:"body"`
	Link      string     `json:"link,omitempty" doc:"Path of the page where the reader acts"`
	Due       *time.Time `json:"due,omitempty" doc:"Until when somebody must act"`
	Urgent    bool       `json:"urgent"`
	State     State      `json:"state" enum:"unread,read,done"`
	CreatedAt time.Time  `json:"createdAt"`
}

// textBodyOf stands Indonesian in where the English is missing.
func textBodyOf(t simpul.Text) textBody { return textBody{t.ID, t.In(simpul.English)} }

func bodyOf(e Entry) entryBody {
	b := entryBody{ID: e.ID, Topic: e.Topic, Title: textBodyOf(e.Title), Body: textBodyOf(e.Body), Link: e.Link, Urgent: e.Urgent, State: e.State, CreatedAt: e.At}
	if !e.Due.IsZero() {
		b.Due = &e.Due
	}
	return b
}

type noticesInput struct {
	Unread bool   `query:"unread" doc:"Only what was not read"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"500"`
}

type noticesOutput struct{ Body httpapi.List[entryBody] }

type markInput struct {
	ID   string `path:"id"`
	Body struct {
		State State `json:"state" enum:"unread,read,done"`
	}
}

type noticeOutput struct{ Body entryBody }

func registerInbox(api *httpapi.API, s *Service) {
	const tag = "notices"
	httpapi.Register(api, httpapi.Operation{ID: "list-notices", Method: http.MethodGet, Path: "/notices", Tag: tag,
		Summary: "List the notices in one's own inbox, newest first", Need: simpul.OwnAccount},
		func(ctx context.Context, p simpul.Principal, in *noticesInput) (*noticesOutput, error) {
			after, err := httpapi.DecodeCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			page, next, err := s.List(ctx, p, Filter{Unread: in.Unread}, after, in.Limit)
			out := &noticesOutput{httpapi.List[entryBody]{Items: make([]entryBody, len(page))}}
			for i, e := range page {
				out.Body.Items[i] = bodyOf(e)
			}
			if next != "" {
				out.Body.Next = httpapi.EncodeCursor(next)
			}
			return out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "mark-notice", Method: http.MethodPatch, Path: "/notices/{id}", Tag: tag,
		Summary: "Mark a notice of one's own as unread, read or done", Need: simpul.OwnAccount},
		func(ctx context.Context, p simpul.Principal, in *markInput) (*noticeOutput, error) {
			e, err := s.Mark(ctx, p, in.ID, in.Body.State)
			return &noticeOutput{bodyOf(e)}, err
		})
}

type prefsBody struct {
	Language simpul.Language `json:"language,omitempty" enum:"id,en" doc:"Of letters; left out: the account's own"`
	Ways     map[string]Way  `json:"ways" doc:"By subject: email (at once), digest (one letter a day), inbox (no letter). What is urgent goes at once in any case"`
}

func prefsBodyOf(p Preferences) prefsBody { return prefsBody(p) }

type prefsInput struct{ Body prefsBody }

type prefsOutput struct{ Body prefsBody }

func registerPreferences(api *httpapi.API, s *Service) {
	const tag, path = "notices", "/notice-preferences"
	httpapi.Register(api, httpapi.Operation{ID: "get-notice-preferences", Method: http.MethodGet, Path: path, Tag: tag,
		Summary: "Show how one hears of what", Need: simpul.OwnAccount},
		func(ctx context.Context, p simpul.Principal, _ *struct{}) (*prefsOutput, error) {
			prefs, err := s.Preferences(ctx, p)
			return &prefsOutput{prefsBodyOf(prefs)}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "put-notice-preferences", Method: http.MethodPut, Path: path, Tag: tag,
		Summary: "Choose how one hears of what; a subject that is left out keeps its way", Need: simpul.OwnAccount},
		func(ctx context.Context, p simpul.Principal, in *prefsInput) (*prefsOutput, error) {
			prefs, err := s.Prefer(ctx, p, Preferences(in.Body))
			return &prefsOutput{prefsBodyOf(prefs)}, err
		})
}

type letterBody struct {
	ID        string           `json:"id"`
	Account   simpul.AccountID `json:"account,omitempty" doc:"To whom; left out for an invitation"`
	Kind      Kind             `json:"kind" enum:"notice,digest,invite"`
	Topic     string           `json:"topic"`
	State     string           `json:"state" enum:"queued,sending,gathered,sent,dropped,dead"`
	Attempts  int64            `json:"attempts"`
	CreatedAt time.Time        `json:"createdAt"`
	NextAt    *time.Time       `json:"nextAt,omitempty"`
	EndedAt   *time.Time       `json:"endedAt,omitempty"`
	Reason    textBody         `json:"reason" doc:"Why it did not go, so far"`
}

func letterBodyOf(l Letter) letterBody {
	b := letterBody{ID: l.ID, Account: l.Account, Kind: l.Kind, Topic: l.Topic, State: l.State, Attempts: l.Attempts, CreatedAt: l.At, Reason: textBody(l.Reason)}
	if !l.Next.IsZero() {
		b.NextAt = &l.Next
	}
	if !l.Ended.IsZero() {
		b.EndedAt = &l.Ended
	}
	return b
}

type mailInput struct {
	State  string `query:"state" enum:"queued,sending,gathered,sent,dropped,dead"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"500"`
}

type mailOutput struct{ Body httpapi.List[letterBody] }

func registerOutbox(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{ID: "list-mail", Method: http.MethodGet, Path: "/mail", Tag: "notices",
		Summary: "List what became of letters, without their addresses and texts", Need: simpul.ReadAccounts},
		func(ctx context.Context, p simpul.Principal, in *mailInput) (*mailOutput, error) {
			after, err := httpapi.DecodeCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			page, next, err := s.Outbox(ctx, p, in.State, after, in.Limit)
			out := &mailOutput{httpapi.List[letterBody]{Items: make([]letterBody, len(page))}}
			for i, l := range page {
				out.Body.Items[i] = letterBodyOf(l)
			}
			if next != "" {
				out.Body.Next = httpapi.EncodeCursor(next)
			}
			return out, err
		})
}
