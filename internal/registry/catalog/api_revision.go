package catalog

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/catalog/contract/compare"
)

// RevisionItem is a revision without what the LID was.
type RevisionItem struct {
	Number  int64     `json:"number" doc:"From 1; what is not for the reader leaves gaps"`
	Digest  string    `json:"digest" doc:"SHA-256 of the spec in canonical form, in hex"`
	Author  string    `json:"author,omitempty" doc:"Account or token that stored it; told to the owner only"`
	At      time.Time `json:"at"`
	Version string    `json:"version"`
	State   State     `json:"state"`
}

type revisionStep struct {
	RevisionItem
	Summary  Words `json:"summary" doc:"What it changed of the contract"`
	Breaking int   `json:"breaking" doc:"Changes that may break consumers"`
}

type revisionsInput struct {
	Group  string `path:"group"`
	Name   string `path:"name"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Entries on a page"`
	Cursor string `query:"cursor" maxLength:"500" doc:"From next of the page before"`
}

type revisionsOutput struct {
	Body struct {
		Items []revisionStep `json:"items" doc:"The newest first"`
		Next  string         `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
	}
}

type revisionInput struct {
	Group  string `path:"group"`
	Name   string `path:"name"`
	Number int64  `path:"n" minimum:"1"`
}

type revisionOutput struct {
	Body struct {
		RevisionItem
		Spec Spec `json:"spec" doc:"What the LID was; without what its owner alone may see"`
	}
}

type diffInput struct {
	Group string `path:"group"`
	Name  string `path:"name"`
	From  int64  `query:"from" minimum:"0" default:"0" doc:"Number of the former revision; that before the later one when 0"`
	To    int64  `query:"to" minimum:"0" default:"0" doc:"Number of the later revision; the newest when 0"`
}

type planInput struct {
	Group string `path:"group"`
	Name  string `path:"name"`
	Body  struct {
		Spec Spec `json:"spec" doc:"As it would be put"`
	}
}

type contractChange struct {
	Operation string         `json:"operation" example:"GET /{kode}"`
	Place     string         `json:"place" example:"GET /{kode} → 200 → items.nama"`
	Kind      compare.Kind   `json:"kind" enum:"removed,added,renamed,retyped,required,optional,nullable,not-null,values,limited,described"`
	Effect    compare.Effect `json:"effect" enum:"breaking,warning,harmless" doc:"What it means for consumers that change nothing"`
	Sentence  Words          `json:"sentence"`
	Why       Words          `json:"why"`
	Before    string         `json:"before,omitempty"`
	After     string         `json:"after,omitempty"`
}

type factChange struct {
	Key    string `json:"key" doc:"Member of the spec"`
	Term   Words  `json:"term"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

type refusedPlan struct {
	Message Words `json:"message"`
	Remedy  Words `json:"remedy"`
}

type diffOutput struct {
	Body struct {
		From     *RevisionItem    `json:"from,omitempty" doc:"Absent where there was nothing"`
		To       *RevisionItem    `json:"to,omitempty" doc:"Absent for a plan"`
		Summary  Words            `json:"summary"`
		Breaking int              `json:"breaking" doc:"Changes of the contract that may break consumers"`
		Warnings int              `json:"warnings" doc:"Changes that may surprise them"`
		Contract []contractChange `json:"contract" doc:"By operation, what breaks first"`
		Left     int              `json:"left" doc:"Changes that are counted and not listed"`
		Facts    []factChange     `json:"facts" doc:"What else differs"`
		Refused  *refusedPlan     `json:"refused,omitempty" doc:"Of a plan, to the owner: why it would not be published now"`
	}
}

// RegisterRevisions adds the operations on what LIDs were, and on what a change
// would break.
func RegisterRevisions(api *httpapi.API, service *Service) {
	httpapi.Register(api, httpapi.Operation{ID: "list-lid-revisions", Method: http.MethodGet, Path: "/lids/{group}/{name}/revisions", Tag: "lids",
		Need: simpul.ReadLIDs, Summary: "What a LID was, each time that it changed"},
		func(ctx context.Context, p simpul.Principal, in *revisionsInput) (*revisionsOutput, error) {
			before, err := revisionCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			steps, err := service.History(ctx, p, in.Group+"/"+in.Name, before, in.Limit)
			return stepsOf(steps, in.Limit), err
		})
	httpapi.Register(api, httpapi.Operation{ID: "get-lid-revision", Method: http.MethodGet, Path: "/lids/{group}/{name}/revisions/{n}", Tag: "lids",
		Need: simpul.ReadLIDs, Summary: "What a LID was at one revision"},
		func(ctx context.Context, p simpul.Principal, in *revisionInput) (*revisionOutput, error) {
			r, err := service.Revision(ctx, p, in.Group+"/"+in.Name, in.Number)
			var out revisionOutput
			out.Body.RevisionItem, out.Body.Spec = itemOf(r), r.Spec
			return &out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "diff-lid", Method: http.MethodGet, Path: "/lids/{group}/{name}/diff", Tag: "lids",
		Need: simpul.ReadLIDs, Summary: "What differs between two revisions, and whether it breaks consumers"},
		func(ctx context.Context, p simpul.Principal, in *diffInput) (*diffOutput, error) {
			c, err := service.Diff(ctx, p, in.Group+"/"+in.Name, in.From, in.To)
			return diffOf(c), err
		})
	httpapi.Register(api, httpapi.Operation{ID: "plan-lid", Method: http.MethodPost, Path: "/lids/{group}/{name}/diff", Tag: "lids",
		Need: simpul.ReadLIDs, MaxBody: maxLIDBody, Summary: "What a change would differ in, and whether it breaks consumers; stores nothing"},
		func(ctx context.Context, p simpul.Principal, in *planInput) (*diffOutput, error) {
			c, err := service.Plan(ctx, p, in.Group+"/"+in.Name, in.Body.Spec)
			return diffOf(c), inBody(err)
		})
}

// revisionCursor reads where a page begins: before a number.
func revisionCursor(cursor string) (int64, error) {
	if cursor == "" {
		return math.MaxInt64, nil
	}
	key, err := httpapi.DecodeCursor(cursor)
	if err != nil {
		return 0, err
	}
	before, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		_, err = httpapi.DecodeCursor("?") // in the words that every cursor has
	}
	return before, err
}

func stepsOf(steps []Step, limit int) *revisionsOutput {
	var out revisionsOutput
	out.Body.Items = make([]revisionStep, len(steps))
	for i, s := range steps {
		out.Body.Items[i] = revisionStep{itemOf(s.Revision), wordsOf(s.Summary()), s.Contract.Breaking}
	}
	if n := len(steps); n == limit && !steps[n-1].First {
		out.Body.Next = httpapi.EncodeCursor(strconv.FormatInt(steps[n-1].Number, 10))
	}
	return &out
}

func itemOf(r Revision) RevisionItem {
	return RevisionItem{Number: r.Number, Digest: r.Digest, Author: r.Author, At: r.At, Version: r.Version, State: r.State}
}

func diffOf(c Changes) *diffOutput {
	var out diffOutput
	b := &out.Body
	if c.From.Digest != "" {
		from := itemOf(c.From)
		b.From = &from
	}
	if c.To.Number > 0 {
		to := itemOf(c.To)
		b.To = &to
	}
	b.Summary, b.Breaking, b.Warnings, b.Left = wordsOf(c.Summary()), c.Contract.Breaking, c.Contract.Warnings, c.Contract.Left()
	b.Contract, b.Facts = make([]contractChange, len(c.Contract.Differences)), make([]factChange, len(c.Facts))
	for i, d := range c.Contract.Differences {
		b.Contract[i] = contractChange{d.Operation, d.Place, d.Kind, d.Effect, wordsOf(d.Sentence), wordsOf(d.Why), d.Before, d.After}
	}
	for i, f := range c.Facts {
		b.Facts[i] = factChange{f.Key, wordsOf(f.Term), f.Before, f.After}
	}
	if e, ok := errors.AsType[*simpul.Error](c.Refused); ok {
		b.Refused = &refusedPlan{wordsOf(e.Message), wordsOf(e.Remedy)}
	}
	return &out
}
