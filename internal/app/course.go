package app

import (
	"context"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/lifecycle"
)

// course tells the catalogue where its LIDs may go, in its own words. The
// catalogue is built before the room that knows, so it is found when asked.
type course struct{ hub *Hub }

func (c course) Prepare(ctx context.Context, p simpul.Principal, m catalog.Move) error {
	return c.hub.Lifecycle.Prepare(ctx, p, moveOf(m))
}

func (c course) Check(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m catalog.Move) (catalog.Place, error) {
	return placeOf(c.hub.Lifecycle.Check(ctx, tx, p, moveOf(m)))
}

func (c course) Follow(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m catalog.Move) (catalog.Place, error) {
	return placeOf(c.hub.Lifecycle.Follow(ctx, tx, p, moveOf(m)))
}

func (c course) Forget(ctx context.Context, tx *sqldb.Tx, address simpul.Address) error {
	return c.hub.Lifecycle.Forget(ctx, tx, address)
}

func moveOf(m catalog.Move) lifecycle.Move {
	return lifecycle.Move{
		Address: m.Address, Agency: m.Spec.Agency, From: lifecycle.State(m.From.State), At: m.From.Step,
		To: lifecycle.State(m.To), Step: m.Step, Note: m.Note, Second: m.Second, Changed: m.Changed, Digest: m.Digest, Waiver: m.Spec.Waiver, Body: m.Spec,
	}
}

func placeOf(s lifecycle.Step, err error) (catalog.Place, error) {
	return catalog.Place{State: catalog.State(s.State), Step: s.Code}, err
}

// shelved tells the room of courses what the catalogue has.
type shelved struct{ hub *Hub }

func (s shelved) State(ctx context.Context, scope simpul.Scope, address simpul.Address) (simpul.AgencyID, lifecycle.State, error) {
	reader := simpul.Principal{Agency: simpul.AgencyID(scope.Key())}
	if scope == simpul.NationScope() {
		reader = simpul.Principal{National: true}
	}
	l, err := s.hub.LIDs.Get(ctx, reader, string(address))
	return l.Spec.Agency, lifecycle.State(l.Spec.State), err
}

// conditions are what models can ask for.
func (h *Hub) conditions() []lifecycle.Condition {
	return []lifecycle.Condition{{
		Name: "metadata", Title: simpul.Text{ID: "Metadata wajib terisi", EN: "The required metadata is there"},
		Check: func(_ context.Context, _ *sqldb.Tx, m lifecycle.Move) error {
			spec, _ := m.Body.(catalog.Spec)
			return described(spec)
		},
	}}
}

// described refuses a LID that would be registered without what everybody has to
// find in the catalogue: what it holds.
func described(s catalog.Spec) error {
	if strings.TrimSpace(s.Title) != "" && strings.TrimSpace(s.Description) != "" {
		return nil
	}
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.description",
		Message: simpul.Text{ID: "LID tanpa keterangan tidak dapat didaftarkan.", EN: "A LID without a description cannot be registered."},
		Remedy:  simpul.Text{ID: "Tulis apa isinya dan siapa yang terbantu pada description.", EN: "Write what it holds and whom it helps in description."},
	}
}
