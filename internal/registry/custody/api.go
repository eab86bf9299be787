package custody

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type exportBody struct {
	ID        string     `json:"id" doc:"Of the proposal"`
	Proposer  string     `json:"proposer"`
	Recipient string     `json:"recipient"`
	CreatedAt time.Time  `json:"createdAt"`
	ExpiresAt time.Time  `json:"expiresAt"`
	FetchedAt *time.Time `json:"fetchedAt,omitempty"`
}

type proposeInput struct {
	Body struct {
		Recipient string `json:"recipient" minLength:"1" maxLength:"200" doc:"An age X25519 public key" example:"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"`
		Why       string `json:"why" minLength:"1" maxLength:"1000" doc:"For the second person"`
	}
}

type proposedOutput struct {
	Location string `header:"Location"`
	Body     struct {
		Proposal string `json:"proposal"`
	}
}

type listOutput struct{ Body httpapi.List[exportBody] }

type fetchInput struct {
	ID string `path:"id"`
}

type fetchOutput struct {
	Body struct {
		File string `json:"file" doc:"The key file, encrypted by age, in ASCII armour"`
	}
}

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, s *Service) {
	const tag, path = "keys", "/keys/exports"
	httpapi.Register(api, httpapi.Operation{ID: "propose-key-export", Method: http.MethodPost, Path: path, Tag: tag,
		Summary: "Propose to export the hub's keys, encrypted to a recipient", Status: http.StatusAccepted, Need: simpul.ExportKeys},
		func(ctx context.Context, p simpul.Principal, in *proposeInput) (*proposedOutput, error) {
			id, err := s.Propose(ctx, p, in.Body.Recipient, in.Body.Why)
			out := &proposedOutput{Location: httpapi.ProposalPath(id)}
			out.Body.Proposal = id
			return out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "list-key-exports", Method: http.MethodGet, Path: path, Tag: tag,
		Summary: "List the exports of the hub's keys", Need: simpul.ExportKeys},
		func(ctx context.Context, p simpul.Principal, _ *struct{}) (*listOutput, error) {
			all, err := s.List(ctx, p)
			out := &listOutput{httpapi.List[exportBody]{Items: make([]exportBody, len(all))}}
			for i, e := range all {
				out.Body.Items[i] = bodyOf(e)
			}
			return out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "fetch-key-export", Method: http.MethodPost, Path: path + "/{id}/file", Tag: tag,
		Summary: "Fetch an approved export of one's own, once", Need: simpul.ExportKeys},
		func(ctx context.Context, p simpul.Principal, in *fetchInput) (*fetchOutput, error) {
			file, err := s.Fetch(ctx, p, in.ID)
			out := &fetchOutput{}
			out.Body.File = file
			return out, err
		})
}

func bodyOf(e Export) exportBody {
	b := exportBody{ID: e.ID, Proposer: e.Proposer, Recipient: e.Recipient, CreatedAt: e.CreatedAt, ExpiresAt: e.ExpiresAt}
	if !e.FetchedAt.IsZero() {
		b.FetchedAt = &e.FetchedAt
	}
	return b
}
