package evidence

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type evidenceKeyBody struct {
	ID          string          `json:"id" example:"tertutup/2026-11"`
	Class       simpul.LIDClass `json:"class"`
	From        time.Time       `json:"from" doc:"Records of exchanges that were opened from then on are sealed with it"`
	Until       time.Time       `json:"until" doc:"And up to, but not including, this time"`
	State       KeyState        `json:"state" enum:"prepared,sealing,opening,due,destroyed" doc:"opening: its month is over, so it seals nothing more; due: its retention is over, a night will destroy it"`
	MadeAt      *time.Time      `json:"madeAt,omitempty" doc:"Absent once it is destroyed"`
	DestroyFrom *time.Time      `json:"destroyFrom,omitempty" doc:"When its retention is over and it will be destroyed, unless two people do so before; absent once it is destroyed"`
	DestroyedAt *time.Time      `json:"destroyedAt,omitempty" doc:"Absent while it lives"`
	DestroyedBy string          `json:"destroyedBy,omitempty" doc:"hub: at the end of its retention"`
	Reason      string          `json:"reason,omitempty" doc:"Of those who destroyed it before"`
}

type evidenceKeysOutput struct {
	Body httpapi.List[evidenceKeyBody]
}

type evidenceDestroyInput struct {
	Class string `path:"class" enum:"terbuka,terbatas,tertutup"`
	Month string `path:"month" maxLength:"7" example:"2026-11"`
	Body  struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"With its legal basis; the second person and the audit trail get it"`
	}
}

type evidenceProposedOutput struct {
	Location string `header:"Location"`
	Body     struct {
		Proposal string `json:"proposal"`
	}
}

// RegisterKeys adds the operations on keys to the control API. Days says for how many
// each class is kept.
func RegisterKeys(api *httpapi.API, k *Keys, with Proposer, days func(context.Context) (map[simpul.LIDClass]int, error)) {
	const tag, path = "retention", "/evidence-keys"
	httpapi.Register(api, httpapi.Operation{ID: "list-evidence-keys", Method: http.MethodGet, Path: path, Tag: tag,
		Summary: "List the keys that seal the personal part of records, and those that were destroyed", Need: simpul.ReadRetention},
		func(ctx context.Context, p simpul.Principal, _ *struct{}) (*evidenceKeysOutput, error) {
			all, err := k.List(ctx, p)
			if err != nil {
				return nil, err
			}
			kept, err := days(ctx)
			out := &evidenceKeysOutput{httpapi.List[evidenceKeyBody]{Items: make([]evidenceKeyBody, len(all))}}
			for i, line := range all {
				out.Body.Items[i] = keyBodyOf(line, kept, k.now())
			}
			return out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "destroy-evidence-key", Method: http.MethodPost, Path: path + "/{class}/{month}/destruction", Tag: tag,
		Summary: "Propose to destroy a key before its time, and with it the personal part of a month's records", Status: http.StatusAccepted, Need: simpul.WriteRetention},
		func(ctx context.Context, p simpul.Principal, in *evidenceDestroyInput) (*evidenceProposedOutput, error) {
			id, err := k.ProposeDestruction(ctx, p, with, in.Class+"/"+in.Month, in.Body.Reason)
			out := &evidenceProposedOutput{Location: httpapi.ProposalPath(id)}
			out.Body.Proposal = id
			return out, err
		})
}

func keyBodyOf(line KeyLine, days map[simpul.LIDClass]int, now time.Time) evidenceKeyBody {
	b := evidenceKeyBody{ID: line.ID, Class: line.Class, State: line.State(days, now), From: line.Month, Until: line.Until}
	if line.End != nil {
		b.DestroyedAt, b.DestroyedBy, b.Reason = &line.End.At, line.End.Actor, line.End.Reason
		return b
	}
	due := line.Due(days)
	b.MadeAt, b.DestroyFrom = &line.Made, &due
	return b
}
