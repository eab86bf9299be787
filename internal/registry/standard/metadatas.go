package standard

import (
	"context"
	"slices"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Metadatas are the use cases on filled-in forms of statistical metadata.
type Metadatas struct {
	db     *sqldb.DB
	notify Notifier
	now    clock.Clock
}

// NewMetadatas returns the use cases on the database.
func NewMetadatas(db *sqldb.DB, notify Notifier, now clock.Clock) *Metadatas {
	return &Metadatas{db, notify, now}
}

// Put creates or replaces a form of an agency that the scope covers. What was
// approved becomes a draft again when it is changed.
func (m *Metadatas) Put(ctx context.Context, p simpul.Principal, id string, s MetadataSpec, dryRun bool) (stored httpapi.Stored[MetadataSpec], err error) {
	if _, err := parseMetadataID(id); err != nil {
		return stored, simpul.At("metadata.id", err)
	}
	s = s.trimmed()
	if err := s.Validate(); err != nil {
		return stored, err
	}
	err = m.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		created, err := m.write(ctx, tx, p, id, s)
		if err != nil {
			return err
		}
		if err := recordMetadata(ctx, tx, p, s.Agency, id, "metadata.put", ""); err != nil {
			return err
		}
		f, err := getMetadata(ctx, tx, id)
		stored = f.stored()
		stored.Created = created
		return sqldb.Rehearse(dryRun, err)
	})
	return stored, unknownAgency(err, kindMetadata, id, s.Agency)
}

func parseMetadataID(s string) (string, error) {
	if len(s) <= 63 && listShape.MatchString(s) {
		return s, nil
	}
	return "", simpul.Invalid("id",
		simpul.Text{ID: "ID \"" + clip(s, 80) + "\" tidak sah.", EN: "ID \"" + clip(s, 80) + "\" is not valid."},
		simpul.Text{ID: "Gunakan huruf kecil, angka, dan tanda hubung, diawali huruf.", EN: "Use lower-case letters, digits and hyphens, beginning with a letter."})
}

func (m *Metadatas) write(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, id string, s MetadataSpec) (created bool, err error) {
	before, err := getMetadata(ctx, tx, id)
	existed, err := sqldb.Exists(before, err)
	switch {
	case err != nil:
		return false, err
	case existed && !tx.Scope().Covers(before.Spec.Agency):
		return false, tx.Own(before.Spec.Agency)
	case existed && before.Spec.same(s):
		return false, nil
	case existed && before.Spec.State == MetadataSubmitted:
		return false, underReview()
	case existed && (before.Spec.Form != s.Form || before.Spec.Agency != s.Agency):
		return false, formStays(before)
	}
	return !existed, putMetadata(ctx, tx, id, s, actorOf(p), existed, m.now())
}

func recordMetadata(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, agency simpul.AgencyID, id, action, detail string) error {
	event := trail.By(p, agency, action, id)
	event.Detail = detail
	if err := trail.Append(ctx, tx, event); err != nil {
		return err
	}
	return tx.Revise(ctx, "Metadata", id)
}

// Get returns a form that is approved or that the scope covers.
func (m *Metadatas) Get(ctx context.Context, p simpul.Principal, id string) (httpapi.Stored[MetadataSpec], error) {
	f, err := m.Filled(ctx, p, id)
	return f.stored(), err
}

// Filled returns a form with its course.
func (m *Metadatas) Filled(ctx context.Context, p simpul.Principal, id string) (f Filled, err error) {
	err = m.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		f, err = getMetadata(ctx, tx, id)
		return err
	})
	return f, sqldb.Coded(err, kindMetadata, id)
}

// List returns the forms that the scope sees, in the order of their IDs.
func (m *Metadatas) List(ctx context.Context, p simpul.Principal, page httpapi.Page) (all []httpapi.Stored[MetadataSpec], err error) {
	return m.Search(ctx, p, "", page)
}

// Delete removes a form of an agency that the scope covers.
func (m *Metadatas) Delete(ctx context.Context, p simpul.Principal, id string) error {
	err := m.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		agency, err := deleteMetadata(ctx, tx, id)
		if err != nil {
			return err
		}
		return recordMetadata(ctx, tx, p, agency, id, "metadata.delete", "")
	})
	return sqldb.Coded(err, kindMetadata, id)
}

// Move is one step in the life of a form.
type Move string

const (
	Submit     Move = "submit"  // to the steward; complete only
	Accept     Move = "approve" // by the steward
	HandReturn Move = "return"  // by the steward, for changes
)

// Moves lists the steps.
func Moves() []Move { return []Move{Submit, Accept, HandReturn} }

// Need is the permission that the step takes. A steward is who keeps both an
// agency's metadata and its LIDs, so that [Metadatas.Take] asks for both.
func (m Move) Need() simpul.Permission {
	if m == Submit {
		return simpul.WriteStandards
	}
	return simpul.WriteLIDs
}

func (m Move) from() MetadataState {
	if m == Submit {
		return MetadataDraft
	}
	return MetadataSubmitted
}

func (m Move) to() MetadataState {
	return map[Move]MetadataState{Submit: MetadataSubmitted, Accept: MetadataApproved, HandReturn: MetadataDraft}[m]
}

// Take takes a form one step on. Whoever submitted it does not approve it.
func (m *Metadatas) Take(ctx context.Context, p simpul.Principal, id string, move Move, note string) (f Filled, err error) {
	if !slices.Contains(Moves(), move) {
		return f, unknownStep(string(move))
	}
	for _, need := range []simpul.Permission{simpul.WriteStandards, move.Need()} {
		if err := p.Need(need); err != nil {
			return f, err
		}
	}
	if err := plainText("note", note); err != nil {
		return f, err
	}
	err = m.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, err := getMetadata(ctx, tx, id)
		if err != nil {
			return err
		}
		if !tx.Scope().Covers(before.Spec.Agency) {
			return sqldb.ErrNoRows
		}
		if err := move.allowed(p, before); err != nil {
			return err
		}
		if err := moveMetadata(ctx, tx, id, move, actorOf(p), note, m.now()); err != nil {
			return err
		}
		if err := recordMetadata(ctx, tx, p, before.Spec.Agency, id, "metadata."+string(move), note); err != nil {
			return err
		}
		if err := m.notify.Notify(ctx, tx, move.notice(id, before)); err != nil {
			return err
		}
		f, err = getMetadata(ctx, tx, id)
		return err
	})
	return f, sqldb.Coded(err, kindMetadata, id)
}

func (m Move) allowed(p simpul.Principal, f Filled) error {
	switch {
	case f.Spec.State != m.from():
		return &simpul.Error{
			Code:    simpul.CodeConflict,
			Message: simpul.Text{ID: "Langkah ini tidak mungkin: formulirnya berstatus " + string(f.Spec.State) + ".", EN: "This step is not possible: the form is " + string(f.Spec.State) + "."},
			Remedy:  simpul.Text{ID: "Muat ulang untuk melihat statusnya kini.", EN: "Load again to see how it stands now."},
		}
	case m == Submit:
		return f.Spec.complete()
	case m == Accept && f.submitter.is(p):
		return ownWork()
	}
	return nil
}

func (m Move) notice(id string, f Filled) simpul.Notice {
	n := simpul.Notice{Topic: "metadata." + string(m), Link: MetadataPath + "/" + id, Agency: f.Spec.Agency, Holding: simpul.WriteStandards}
	title := f.Spec.Title()
	switch m {
	case Submit:
		n.Title = simpul.Text{ID: "Metadata menunggu Walidata: " + title, EN: "Metadata waits for the steward: " + title}
	case Accept:
		n.Title = simpul.Text{ID: "Metadata disetujui: " + title, EN: "Metadata approved: " + title}
	default:
		n.Title = simpul.Text{ID: "Metadata dikembalikan: " + title, EN: "Metadata returned: " + title}
	}
	return n
}

func underReview() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Formulir ini sedang diperiksa Walidata.", EN: "The steward is looking at this form."},
		Remedy:  simpul.Text{ID: "Minta Walidata mengembalikannya bila perlu diubah.", EN: "Ask the steward to return it if it needs a change."},
	}
}

func formStays(before Filled) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.form",
		Message: simpul.Text{ID: "ID ini sudah dipakai formulir " + string(before.Spec.Form) + " milik " + string(before.Spec.Agency) + ".", EN: "This ID is taken by a form " + string(before.Spec.Form) + " of " + string(before.Spec.Agency) + "."},
		Remedy:  simpul.Text{ID: "Pilih ID lain.", EN: "Choose another ID."},
	}
}

// same reports whether two forms say the same.
func (s MetadataSpec) same(other MetadataSpec) bool {
	if s.Form != other.Form || s.Agency != other.Agency || s.LID != other.LID || len(s.Values) != len(other.Values) {
		return false
	}
	for key, value := range s.Values {
		if other.Values[key] != value {
			return false
		}
	}
	return true
}

func (f Filled) stored() httpapi.Stored[MetadataSpec] {
	return httpapi.Stored[MetadataSpec]{ID: f.ID, Spec: f.Spec, Times: httpapi.TimesOf(f.created, f.updated)}
}

// Begin stores a new draft; a form that is there already stays as it is.
func (m *Metadatas) Begin(ctx context.Context, p simpul.Principal, id string, s MetadataSpec) error {
	if _, err := parseMetadataID(id); err != nil {
		return err
	}
	s = s.trimmed()
	if err := s.Validate(); err != nil {
		return err
	}
	err := m.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := putMetadata(ctx, tx, id, s, actorOf(p), false, m.now()); err != nil {
			return err
		}
		return recordMetadata(ctx, tx, p, s.Agency, id, "metadata.put", "")
	})
	return unknownAgency(err, kindMetadata, id, s.Agency)
}

// Search returns the forms of a kind that the scope sees, of every kind for "".
func (m *Metadatas) Search(ctx context.Context, p simpul.Principal, form FormID, page httpapi.Page) (all []httpapi.Stored[MetadataSpec], err error) {
	err = m.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		found, err := listMetadata(ctx, tx, form, page)
		for _, f := range found {
			all = append(all, f.stored())
		}
		return err
	})
	return all, err
}
