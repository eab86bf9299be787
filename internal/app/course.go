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
		To: lifecycle.State(m.To), Step: m.Step, Note: m.Note, Second: m.Second, Trying: m.Trying, Changed: m.Changed, Digest: m.Digest, Waiver: m.Waiver, Body: m.Spec,
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
	return []lifecycle.Condition{
		{
			Name: "feasibility", Title: simpul.Text{ID: "Lulus uji kelaikan", EN: "The feasibility test is passed"},
			Prepare: func(ctx context.Context, p simpul.Principal, m lifecycle.Move) error {
				return h.EnsureFit(ctx, p, moveBack(m))
			},
			Check: func(ctx context.Context, tx *sqldb.Tx, m lifecycle.Move) error {
				if passed, err := h.CheckFit(ctx, tx, moveBack(m)); err != nil || passed {
					return err
				}
				return untested(m.Address)
			},
		},
		{
			Name: "metadata", Title: simpul.Text{ID: "Metadata wajib terisi", EN: "The required metadata is there"},
			Check: func(_ context.Context, _ *sqldb.Tx, m lifecycle.Move) error { return described(moveBack(m).Spec) },
		},
	}
}

// moveBack is a move as the catalogue made it.
func moveBack(m lifecycle.Move) catalog.Move {
	spec, _ := m.Body.(catalog.Spec)
	return catalog.Move{Address: m.Address, Step: m.Step, Note: m.Note, Second: m.Second, Waiver: m.Waiver, Changed: m.Changed, Digest: m.Digest, Spec: spec}
}

// untested is a LID that changed between its test and the move.
func untested(address simpul.Address) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.state",
		Message: simpul.Text{ID: "LID " + string(address) + " belum lulus uji kelaikan dengan kontrak dan alamat layanan ini.", EN: "LID " + string(address) + " has not passed its feasibility test with this contract and upstream."},
		Remedy:  simpul.Text{ID: "Jalankan \"simpul lid test " + string(address) + "\", benahi yang gagal, lalu coba lagi.", EN: "Run \"simpul lid test " + string(address) + "\", mend what fails, and try again."},
	}
}

// described refuses a LID that would be registered without what everybody has to
// find in the catalogue (Perpres 39/2019 art. 3): what it holds, by which law, who
// answers for it, and whether it is about persons.
func described(s catalog.Spec) error {
	_, said := s.Personal()
	for _, part := range []struct {
		missing  bool
		place    string
		what, to simpul.Text
	}{
		{strings.TrimSpace(s.Description) == "", "spec.description", simpul.Text{ID: "keterangan", EN: "a description"},
			simpul.Text{ID: "Tulis apa isinya dan siapa yang terbantu pada description.", EN: "Write what it holds and whom it helps in description."}},
		{strings.TrimSpace(s.LegalBasis) == "", "spec.legalBasis", simpul.Text{ID: "dasar hukum", EN: "a legal basis"},
			simpul.Text{ID: "Tulis peraturan dan pasalnya pada legalBasis.", EN: "Write the regulation and its article in legalBasis."}},
		{strings.TrimSpace(s.Contact) == "" && len(s.Contacts) == 0, "spec.contacts", simpul.Text{ID: "kontak", EN: "a contact"},
			simpul.Text{ID: "Tulis unit yang menjawab pertanyaan pada contacts.", EN: "Write the unit that answers questions in contacts."}},
		{!said, "spec.personalData", simpul.Text{ID: "pernyataan data pribadi", EN: "a statement on personal data"},
			simpul.Text{ID: "Nyatakan pada personalData apakah jawabannya dapat menyangkut orang tertentu.", EN: "State in personalData whether an answer can concern a person."}},
	} {
		if part.missing {
			return &simpul.Error{
				Code: simpul.CodeConflict, Place: part.place, Remedy: part.to,
				Message: simpul.Text{ID: "LID tanpa " + part.what.ID + " tidak dapat didaftarkan.", EN: "A LID without " + part.what.EN + " cannot be registered."},
			}
		}
	}
	return nil
}
